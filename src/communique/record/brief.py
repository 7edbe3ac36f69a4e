"""Briefings: what happened, what was only said, what is disputed, what is scheduled, which positions moved. A briefing
contains only what the record holds.

Lines are in the order of `ranking`, likely events apart from the others, and each gives its reasons. At most eight
lines a part keep it to two printed pages.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..schema import DEFAULT_CONFIDENCE
from . import checks, ranking, wording
from .codes import codes_of_parties
from .record import Record

MOST = 8  # lines a part
POSITIONS = ("REQUEST", "REJECT", "CONCEDE", "THREATEN", "AGREE")

UNSURE = "Less likely right"  # heading of the lines of a part that are not likely
LOOKED_AT = 4_000  # most important events of the period that are sorted into parts


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a briefing: an event with its evidence, and the article of the evidence."""

    event: dict[str, Any]
    source: Mapping[str, Any] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        return wording.sentence(self.event)

    @property
    def likely(self) -> bool:
        return _likely(self.event)

    @property
    def why(self) -> str:
        return ", ".join(self.event["rank"]["why"])

    @property
    def day(self) -> str:
        return wording.day(self.event) or "no day stated"

    @property
    def place(self) -> str:
        return (self.event["place"] or {}).get("name") or ""

    @property
    def counts(self) -> str:
        told = ((self.event["origins"], "origin"), (self.event["reports"], "report"))
        return ", ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in told)

    @property
    def chain(self) -> str:
        return wording.chain(self.event)

    @property
    def cited(self) -> str:
        """Publisher, title and day of the article."""
        told = (self.source.get("publisher"), self.source.get("title"), self.source.get("published"))
        return ", ".join(str(t) for t in told if t)


def since_of(text: str, last: date) -> date:
    """Returns the day that "7d" or "4w" before `last`, or a day itself, means."""
    return checks.back(text, last)


def briefing(
    record: Record,
    about: str | None = None,
    since: str = "7d",
    until: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
    scope: str | None = None,
) -> dict[str, Any]:
    """Returns a briefing: `{"about", "since", "until", "read", "confidence", "scope", "events", "below", "likely",
    "parts": {title: [Line]}}`.

    Without `until` it ends with the last article. `below` counts the events left out for their confidence, `likely`
    those that are likely right. If `about` names two parties, events between them come first.
    """
    last = date.fromisoformat(checks.day("until", until)) if until else record.last_day()
    given = checks.asked({"confidence": confidence, "scope": scope})
    told: dict[str, Any] = {"about": about, "confidence": given["confidence"], "scope": scope}
    if last is None:
        return told | {"since": None, "until": None, "read": 0, "events": 0, "below": 0, "likely": 0, "parts": {}}
    first = since_of(since, last)
    asked = {"party": about, "since": first.isoformat(), "codebook": "plover", **given}
    rows, _ = record.page(asked, "importance", True, LOOKED_AT)
    terms = [t for t in (about or "").split(",") if t.strip()]
    if len(terms) == 2:
        rows = _between_first(rows, *(frozenset(record.understood({"party": t})["party"]) for t in terms))
    parts: dict[str, list[dict[str, Any]]] = {title: [] for title in PARTS}
    for e in rows:
        if (title := _part(e, last.isoformat())) and len(parts[title]) < MOST:
            parts[title].append(e)
    about_them = record.about(e["article"] for part in parts.values() for e in part)
    counts = record.counted(asked)
    return told | {
        "since": first.isoformat(),
        "until": last.isoformat(),
        "read": record.articles_between(first, last),
        "events": counts.shown,
        "below": counts.below,
        "likely": counts.likely,
        "parts": {
            title: [Line(e, about_them.get(e["article"], {})) for e in part] for title, part in parts.items() if part
        },
    }


def _between_first(rows: list[dict[str, Any]], one: frozenset[str], other: frozenset[str]) -> list[dict[str, Any]]:
    """Sorts likely events before others and, within both, events between the two parties before those with others."""

    def between(e: Mapping[str, Any]) -> bool:
        acting, acted = (set(codes_of_parties(e[side])) for side in ("actors", "recipients"))
        if not e["recipients"]:
            return bool(acting & one and acting & other)
        return bool(acting & one and acted & other or acting & other and acted & one)

    return sorted(rows, key=lambda e: (not _likely(e), not between(e)))


def _likely(event: Mapping[str, Any]) -> bool:
    """Whether an event is more likely right than wrong in its type and every party."""
    return bool(event["rank"]["sure"] >= ranking.LIKELY)


PARTS = (
    "What happened",
    "What was said to have happened, and by whom",
    "What is disputed",
    "Positions",
    "What is scheduled",
)


def _part(e: Mapping[str, Any], last: str) -> str | None:
    """Returns the part of a briefing that an event belongs to; `None` for other events after the last day."""
    happened, said, disputed, positions, scheduled = PARTS
    if e["modality"] == "future" and e["date"]["to"] > last:
        return scheduled
    if e["date"]["from"] > last:
        return None
    if e["disputes"]:
        return disputed
    if e["type"] in POSITIONS and e["modality"] != "possible":
        return positions
    if e["modality"] == "actual" and e["polarity"] == "positive" and (not e["according_to"] or e["origins"] > 1):
        return happened
    return said


def counted(brief: Mapping[str, Any]) -> str:
    """Returns a sentence with the numbers of articles read, events included and events left out, and the threshold."""
    read, events, below = brief["read"], brief["events"], brief["below"]
    left = f"; {below:,} below it left out" if below else ""
    return (
        f"{read:,} article{'s' * (read != 1)} read, {events:,} event{'s' * (events != 1)} of confidence"
        f" {brief['confidence']:g} or more{left}."
    )


def markdown(brief: dict[str, Any]) -> str:
    lines = [f"# {_title(brief)}", "", counted(brief)]
    for title, part in brief["parts"].items():
        likely, unsure = _parted(part)
        lines += ["", f"## {title}", *map(_bullet, likely)]
        if unsure:
            lines += ["", f"{UNSURE}:", "", *map(_bullet, unsure)]
    return "\n".join(lines) + "\n"


def _parted(part: list[Line]) -> tuple[list[Line], list[Line]]:
    """Splits the lines of a part into likely ones and the others."""
    return [n for n in part if n.likely], [n for n in part if not n.likely]


def _bullet(n: Line) -> str:
    """A line in Markdown."""
    text = " ".join(n.event["evidence"]["text"].split())
    by = f" According to {n.chain}." if n.chain else ""
    where = f", {n.place}" if n.place else ""
    link = f" <{n.source['url']}>" if _is_address(n.source.get("url")) else ""
    return (
        f"- **{_plain(n.heading)}** ({n.day}{_plain(where)}; {n.counts}).{_plain(by)} “{_plain(text)}”"
        f" {_plain(n.cited)}{link} `{n.event['id']}` ({_plain(n.why)})"
    )


def _is_address(url: str | None) -> bool:
    """Whether an address can be a link: HTTP or HTTPS, without characters that would end it."""
    return bool(url and url.startswith(("http://", "https://")) and not set(url) & set("<> \"'\n\t"))


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in text)


def page(brief: dict[str, Any]) -> str:
    """Returns the briefing as a self-contained HTML page that prints on two sheets. All text of articles is escaped."""
    h = html.escape
    parts = []
    for title, part in brief["parts"].items():
        parts.append(f"<h2>{h(title)}</h2>")
        for name, some in zip(("", UNSURE), _parted(part)):
            if some:
                parts.append(f"{name and f'<h3>{name}</h3>'}<ul>{''.join(map(_item, some))}</ul>")
    style = (
        "body{font:11pt/1.35 Georgia,serif;max-width:44em;margin:2em auto;padding:0 "
        "1em}h1{font-size:1.4em}h2{font-size:1.1em;margin:1em 0 "
        ".3em}h3{font-size:1em;margin:.6em 0 .2em;color:#555}ul{padding-left:1.2em;margin:0}"
        "blockquote{margin:.1em 0 .5em;color:#333}small{color:#555}@media "
        "print{body{margin:0;font-size:9pt}}"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src '
        f"'unsafe-inline'\"><title>{h(_title(brief))}</title><style>{style}</style></head>"
        f"<body><h1>{h(_title(brief))}</h1><p>{h(counted(brief))}</p>"
        f"{''.join(parts) or '<p>Nothing was recorded.</p>'}</body></html>\n"
    )


def _item(n: Line) -> str:
    h = html.escape
    told = " · ".join(filter(None, (n.day, n.place, n.counts, f"according to {n.chain}" if n.chain else "")))
    cited = h(n.cited)
    if _is_address(n.source.get("url")):
        cited = f'<a href="{h(n.source["url"])}" rel="noreferrer">{cited or "the article"}</a>'
    words = h(" ".join(n.event["evidence"]["text"].split()))
    return (
        f"<li><b>{h(n.heading)}</b> <small>{h(told)}</small>"
        f"<blockquote>{words}<br><small>{cited} · {h(n.event['id'])} · {h(n.why)}</small></blockquote></li>"
    )


def _title(brief: dict[str, Any]) -> str:
    return (
        f"Briefing{' on ' + brief['about'] if brief['about'] else ''}, {brief['since']} to {brief['until']}"
        if brief["until"]
        else "Briefing on an empty record"
    )
