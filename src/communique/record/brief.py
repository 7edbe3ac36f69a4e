"""A briefing: what happened, what was only said, what is disputed, what is scheduled, which positions moved; nothing
that the record does not hold.

The ranking can be told: a line weighs its independent origins (each half as much as the one before), how far its score
lies from nothing, and how rare its type was between these states before. Five to eight lines a part keep it to two
printed pages.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..schema import days_told
from . import checks
from .record import Record

MOST = 8  # lines a part
POSITIONS = ("REQUEST", "REJECT", "CONCEDE", "THREATEN", "AGREE")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a briefing with the words behind it."""

    event: dict[str, Any]
    weight: float

    @property
    def heading(self) -> str:
        e = self.event
        actors, recipients = (
            ", ".join(dict.fromkeys(p["name"] or p["text"] for p in e[side])) or "somebody"
            for side in ("actors", "recipients")
        )
        mode = f" ({e['mode']})" if e["mode"] else ""
        not_ = "did not " if e["polarity"] == "negative" else ""
        arrow = f"{actors} → {recipients}" if e["recipients"] else actors
        return f"{arrow}: {not_}{e['type']}{mode}"

    @property
    def day(self) -> str:
        d = self.event["date"] or {}
        if not d.get("from"):
            return "no date told"
        return days_told(d["from"], d["to"])

    @property
    def counts(self) -> str:
        told = ((self.event["origins"], "origin"), (self.event["reports"], "report"))
        return ", ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in told)

    @property
    def chain(self) -> str:
        return " ▸ ".join(a["name"] or a["text"] or a["cue"] or "unnamed" for a in self.event["according_to"])


def since_of(text: str, last: date) -> date:
    """The day that "7d", "4w" or a day itself means."""
    return checks.back(text, last)


def briefing(record: Record, about: str | None = None, since: str = "7d", until: str | None = None) -> dict[str, Any]:
    """Parts of a briefing: `{"about", "since", "until", "read", "parts": {title: [Line]}}`. Without `until` it ends
    with the last article.
    """
    last = date.fromisoformat(checks.day("until", until)) if until else record.last_day()
    if last is None:
        return {"about": about, "since": None, "until": None, "read": 0, "parts": {}}
    first = since_of(since, last)
    rows = list(record.events(party=about, since=first.isoformat(), codebook="plover").dicts())
    before = record.usual(
        {"party": about, "until": (first - timedelta(first > date.min)).isoformat(), "codebook": "plover"}
    )
    happened: list[Line] = []
    said: list[Line] = []
    disputed: list[Line] = []
    ahead: list[Line] = []
    positions: list[Line] = []
    for e in rows:
        line = Line(e, _weight(e, before))
        if e["modality"] == "future" and e["date"]["to"] > last.isoformat():
            ahead.append(line)
        elif e["date"]["from"] > last.isoformat():
            continue
        elif e["disputes"]:
            disputed.append(line)
        elif e["type"] in POSITIONS and e["modality"] != "possible":
            positions.append(line)
        elif e["modality"] == "actual" and e["polarity"] == "positive" and (not e["according_to"] or e["origins"] > 1):
            happened.append(line)
        else:
            said.append(line)
    parts = {
        "What happened": happened,
        "What was said to have happened, and by whom": said,
        "What is disputed": disputed,
        "Positions": positions,
        "What is scheduled": ahead,
    }
    chosen = {
        title: sorted(lines, key=lambda n: (-n.weight, n.event["id"]))[:MOST] for title, lines in parts.items() if lines
    }
    return {
        "about": about,
        "since": first.isoformat(),
        "until": last.isoformat(),
        "read": record.articles_between(first, last),
        "parts": chosen,
    }


def _weight(e: dict[str, Any], before: Mapping[tuple[str, tuple[str, ...]], int]) -> float:
    states = tuple(sorted({p["country"] for p in (*e["actors"], *e["recipients"]) if p["country"]}))
    origins: float = sum(0.5**i for i in range(int(e["origins"])))
    return (
        origins
        * (1 + abs(float(e["score"] or 0)) / 10)
        * (1 + 1 / (1 + math.log1p(before.get((e["type"], states), 0) if states else 0)))
        * (0.5 + float(e["confidence"]))
    )


def markdown(brief: dict[str, Any]) -> str:
    lines = [f"# {_title(brief)}", "", f"{brief['read']} article{'s' * (brief['read'] != 1)} read."]
    for title, part in brief["parts"].items():
        lines += ["", f"## {title}"]
        for n in part:
            text = " ".join(n.event["evidence"]["text"].split())
            by = f" According to {n.chain}." if n.chain else ""
            lines.append(
                f"- **{_plain(n.heading)}** ({n.day}; {n.counts}).{_plain(by)} “{_plain(text)}” `{n.event['id']}`"
            )
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in text)


def page(brief: dict[str, Any]) -> str:
    """The briefing as a page that needs nothing from anywhere and prints on two sheets; every word of an article is
    escaped.
    """
    h = html.escape
    parts = []
    for title, part in brief["parts"].items():
        items = "".join(
            f"<li><b>{h(n.heading)}</b> <small>{h(n.day)} · "
            f"{n.counts}{' · according to ' + h(n.chain) if n.chain else ''}</small>"
            f"<blockquote>{h(' '.join(n.event['evidence']['text'].split()))} "
            f"<small>{h(n.event['id'])}</small></blockquote></li>"
            for n in part
        )
        parts.append(f"<h2>{h(title)}</h2><ul>{items}</ul>")
    style = (
        "body{font:11pt/1.35 Georgia,serif;max-width:44em;margin:2em auto;padding:0 "
        "1em}h1{font-size:1.4em}h2{font-size:1.1em;margin:1em 0 "
        ".3em}ul{padding-left:1.2em;margin:0}blockquote{margin:.1em 0 .5em;color:#333}small{color:#555}@media "
        "print{body{margin:0;font-size:9pt}}"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src '
        f"'unsafe-inline'\"><title>{h(_title(brief))}</title><style>{style}</style></head>"
        f"<body><h1>{h(_title(brief))}</h1><p>{brief['read']} article{'s' * (brief['read'] != 1)} "
        f"read.</p>{''.join(parts) or '<p>Nothing was recorded.</p>'}</body></html>\n"
    )


def _title(brief: dict[str, Any]) -> str:
    return (
        f"Briefing{' on ' + brief['about'] if brief['about'] else ''}, {brief['since']} to {brief['until']}"
        if brief["until"]
        else "Briefing on an empty record"
    )
