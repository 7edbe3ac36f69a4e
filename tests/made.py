"""Reports made by hand, for tests of the record that need no reading."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from communique import Report
from communique.events.ontology import QUADS, score
from communique.schema import (
    Article,
    Attribution,
    Event,
    EventDate,
    Evidence,
    Paragraph,
    PartyMention,
    Place,
    Published,
    Span,
    Statement,
)


def party(code: str, sector: str = "GOV", name: str | None = None, at: int = 0, **more: Any) -> PartyMention:
    """A party by its code, at a place of the text."""
    return PartyMention(name or code, at, at + 3, name, more.pop("id", None), code or None, sector, **more)  # type: ignore[arg-type]


def event(
    key: str,
    kind: str = "ACCUSE",
    actors: tuple[PartyMention, ...] = (party("KEN"),),
    recipients: tuple[PartyMention, ...] = (party("UGA"),),
    first: str | None = "2024-03-05",
    last: str | None = None,
    confidence: float = 0.9,
    words: str = "Kenya accused Uganda.",
    **more: Any,
) -> Event:
    """An event with what a test wants of it."""
    mode = more.pop("mode", None)
    date = EventDate(None, None, None, first, last or first, "stated") if first else None
    made = Event(
        id=f"e:{key}",
        article="",
        story=None,
        codebook=None,
        type=kind,
        mode=mode,
        contexts=(),
        quad=QUADS[kind],
        score=score(kind, mode),
        actors=actors,
        recipients=recipients,
        date=date,
        place=None,
        modality="actual",
        polarity="positive",
        according_to=(),
        statements=(),
        evidence=Evidence(0, len(words), words, Span(0, 5, words[:5])),
        also=(),
        confidence=confidence,
        reader="made",
    )
    return replace(made, **more)


def report(key: str, day: str | None, *events: Event, text: str = "", **more: Any) -> Report:
    """An article with these events, published on a day."""
    text = text or " ".join(f"{key}{n}" for n in range(30))  # words of its own, so that no two tell one story
    article = Article(
        id=f"a:{key}",
        url=more.pop("url", f"https://news.example/{key}"),
        title=more.pop("title", f"Title {key}"),
        byline=None,
        publisher=more.pop("publisher", PartyMention(None, None, None, "Coast Herald", None, "KEN", "JRN")),
        published=Published(day, day, "given") if day else None,
        language="en",
        text=text,
        paragraphs=(Paragraph(0, len(text)),),
        page=None,
    )
    own = tuple(replace(e, article=article.id) for e in events)
    return Report(article, more.pop("parties", ()), (), (), more.pop("statements", ()), own, (), (), (), "made")


def said(key: str, words: str, source: PartyMention | None, at: int = 0, **more: Any) -> Statement:
    """A statement of somebody."""
    return Statement(
        f"s:{key}", source, None, (Span(at, at + len(words), words),), "indirect", None, more.pop("to", None), None
    )


def according(source: PartyMention, statement: str | None = None, level: int = 0) -> Attribution:
    """A source of an event."""
    return Attribution(
        source.text,
        source.start,
        source.end,
        source.name,
        source.id,
        source.country,
        source.sector,
        None,
        "said",
        "stated",
        level,
        statement,
    )


PLACE = Place("Lima", 0, 4, "Lima", "PER", "Lima region", -12.04, -77.03, 3936456)
