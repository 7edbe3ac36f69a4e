"""Turns acts into events of the report, with date, place, sources and all evidence."""

from __future__ import annotations

import hashlib
from collections import Counter

from ..circumstances import Days, contexts, place_of
from ..reading import Reading
from ..schema import Event, EventDate, Evidence, Place, Published, Span, Time
from .extract import Act, Extractor
from .ontology import QUADS, score

_BASES = ("stated", "published", "inferred", "none")  # a date that the text states comes before an inferred one


class Identities:
    """The ids of an article's events: a hash of the start of the trigger, the event type and a count of equal pairs."""

    def __init__(self, article: str) -> None:
        self._article = article
        self._seen: Counter[tuple[int, str]] = Counter()

    def next(self, start: int, kind: str) -> str:
        self._seen[start, kind] += 1
        told = f"{self._article}|{start}|{kind}|{self._seen[start, kind]}"
        return "e:" + hashlib.sha256(told.encode()).hexdigest()[:16]


def evidence(reading: Reading, trigger: int) -> Evidence:
    a, b = reading.sentence_of(trigger)
    start, end = reading.span(a, b)
    word = reading.words[trigger]
    return Evidence(start, end, reading.text[start:end], Span(word.start, word.end, word.text))


def events_of(
    extractor: Extractor,
    times: tuple[Time, ...],
    places: tuple[Place, ...],
    published: Published | None,
    article: str,
    reader: str,
    least: float = 0.0,
) -> tuple[Event, ...]:
    """Returns the events of an article with a confidence of at least `least`, in the order of their first evidence."""
    acts = identified(extractor, article, least)
    days = Days(extractor.reading, times, {d.trigger for _, a in acts for d in a.tellings})
    found = [_event(extractor, i, a, days, places, published, article, reader) for i, a in acts]
    return tuple(sorted(found, key=lambda e: min(p.start for p in (e.evidence, *e.also))))


def identified(extractor: Extractor, article: str, least: float = 0.0) -> list[tuple[str, Act]]:
    """Returns the acts with a confidence of at least `least`, each with the id of its event."""
    ids = Identities(article)
    words = extractor.reading.words
    kept = [a for a in extractor.acts if a.confidence >= least]
    return [(ids.next(words[a.best.trigger].start, a.best.type), a) for a in kept]


def _event(
    extractor: Extractor,
    id: str,
    act: Act,
    days: Days,
    places: tuple[Place, ...],
    published: Published | None,
    article: str,
    reader: str,
) -> Event:
    reading, best = extractor.reading, act.best
    according, statements = extractor.according_to(act)
    others = [d.trigger for d in act.tellings if d is not best]
    return Event(
        id=id,
        article=article,
        story=None,
        codebook=None,
        type=best.type,
        mode=best.mode,
        contexts=contexts(reading, reading.words[best.trigger].sentence),
        quad=QUADS[best.type],
        score=score(best.type, best.mode),
        actors=extractor.parties(best.actors),
        recipients=extractor.parties(best.recipients),
        date=_date(act, days, published),
        place=_place(extractor, act, places),
        modality=best.modality,
        polarity=best.polarity,
        according_to=according,
        statements=statements,
        evidence=evidence(reading, best.trigger),
        also=tuple(evidence(reading, t) for t in others),
        confidence=round(act.confidence, 3),
        reader=reader,
    )


def _date(act: Act, days: Days, published: Published | None) -> EventDate:
    """The date of the best telling; if the text states no date for it, the date stated for another telling."""
    order = [act.best, *(d for d in act.tellings if d is not act.best)]
    found = [days.of(d.trigger, published, act.best.modality) for d in order]
    return min(found, key=lambda d: _BASES.index(d.basis))


def _place(extractor: Extractor, act: Act, places: tuple[Place, ...]) -> Place | None:
    order = [act.best, *(d for d in act.tellings if d is not act.best)]
    found = (place_of(extractor.reading, d.trigger, extractor.linker, places) for d in order)
    return next((p for p in found if p is not None), None)
