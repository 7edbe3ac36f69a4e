"""Terminal view of a report: the article with its events under each sentence."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from .schema import Attribution, Event, PartyMention, Report, days_told

_COLOURS = {
    "verbal cooperation": "cyan",
    "material cooperation": "blue",
    "verbal conflict": "yellow",
    "material conflict": "red",
}
_WIDE = 96


def safe(text: str) -> str:
    """Replaces control characters in page text, which could steer a terminal."""
    return "".join(c if c.isprintable() else " " if c in "\n\t" else "\ufffd" for c in text)


def named(party: PartyMention) -> str:
    text = party.name or party.text or "?"
    tags = [t for t in (party.country, party.sector if party.sector != "GOV" or not party.country else None) if t]
    return safe(text) + (f" [{' '.join(tags)}]" if tags else "")


def _chain(items: tuple[Attribution, ...]) -> str:
    levels: dict[int, list[str]] = {}
    for a in items:
        levels.setdefault(a.level, []).append(safe(a.name or a.text or f"({a.cue or 'unnamed'})"))
    return " ▸ ".join(" & ".join(names) for _, names in sorted(levels.items()))


def line(event: Event) -> Text:
    """Returns one event as one line: chain, type, actors, recipients, polarity, modality, date, place, confidence."""
    text = Text()
    chain = _chain(event.according_to)
    if chain:
        text.append(f"{chain}: ", "italic magenta")
    text.append(event.type + (f"/{event.mode}" if event.mode else ""), f"bold {_COLOURS[event.quad]}")
    text.append("  " + (", ".join(map(named, event.actors)) or "—"))
    if event.recipients:
        text.append(" → " + ", ".join(map(named, event.recipients)))
    if event.polarity == "negative":
        text.append("  NOT", "bold reverse")
    if event.modality != "actual":
        text.append(f"  {event.modality}", "bold underline")
    date = event.date
    if date and date.from_:
        days = days_told(date.from_, date.to, " … ")
        text.append(f"  {days}", "green")
        if date.basis == "published":
            text.append(" (page’s day)", "dim")
    elif date and date.text:
        text.append(f"  “{safe(date.text)}”", "green")
    if event.place and event.place.name:
        text.append(f"  @ {safe(event.place.name)}", "green")
    text.append(f"  {event.confidence:.2f}", "dim")
    return text


def show(report: Report, console: Console, least: float = 0.0) -> None:
    """Prints the article and, under each sentence, the events it reports with confidence `least` and more, each once.
    Says how many events are below.
    """
    article = report.article
    console.rule(f"[bold]{escape(safe(article.title or '(no title)'))}[/]", align="left")
    about = [
        safe(p)
        for p in (article.publisher.name if article.publisher else None, article.byline, _published(report))
        if p
    ]
    if about:
        console.print(Text(" · ".join(about), "dim"))
    console.print()
    by_sentence: dict[tuple[int, int], list[Event]] = {}
    shown = [e for e in report.events if e.confidence >= least]
    for event in shown:
        for place in dict.fromkeys((e.start, e.end) for e in (event.evidence, *event.also)):
            by_sentence.setdefault(place, []).append(event)
    spans = [(0, len(article.title))] if article.title else []
    spans += [(p.start, p.end) for p in article.paragraphs]
    for start, end in spans:
        at = start
        for (s, e), events in sorted(by_sentence.items()):
            if start <= s < end:
                if article.text[at:s].strip():
                    console.print(Text(safe(article.text[at:s].strip()), "dim"), width=_WIDE, soft_wrap=False)
                console.print(Text(safe(article.text[s:e])), width=_WIDE)
                for event in events:
                    console.print(Padding(line(event), (0, 0, 0, 3)))
                at = e
        if article.text[at:end].strip():
            console.print(Text(safe(article.text[at:end].strip()), "dim"), width=_WIDE)
        console.print()
    for figure in report.figures:
        when = f", {figure.from_} … {figure.to}" if figure.from_ else ""
        source = _chain(figure.according_to)
        console.print(
            Text(
                f"figure: {safe(figure.of or '?')}: {safe(figure.text)}{when}"
                + (f", according to {source}" if source else ""),
                "dim",
            )
        )
    if below := len(report.events) - len(shown):
        console.print(
            Text(
                f"not shown: {below} event{'s' * (below > 1)} below confidence {least:g}; --confidence 0 shows all",
                "dim",
            )
        )
    console.print()


def _published(report: Report) -> str | None:
    day = report.article.published
    if day is None:
        return None
    return (day.from_ if day.from_ == day.to else f"{day.from_} … {day.to}") + (
        " (inferred)" if day.basis == "inferred" else ""
    )
