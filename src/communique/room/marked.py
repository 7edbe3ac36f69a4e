"""An article's text with marks for what was read in it. Marks may overlap; the text is cut where one begins or ends."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

Span = tuple[int, int, str, str, str]  # start, end, layer, name, hover text


def _who(p: Mapping[str, Any] | None) -> str:
    if not p:
        return "nobody named"
    return " ".join(filter(None, (p.get("name") or p.get("text"), p.get("country"), p.get("sector"), p.get("office"))))


def depth(statement: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> int:
    """Returns the number of statements that a statement is nested in, at most three."""
    level, node = 0, statement
    while node.get("within") in by_id and level < 3:
        node, level = by_id[node["within"]], level + 1
    return level


def spans(report: Mapping[str, Any]) -> list[Span]:
    """Returns every mark of a report: parties, places, times, statements by depth, triggers and evidence of events, and
    the anchor of each event.
    """
    found: list[Span] = []
    for p in report["parties"]:
        found.append((p["start"], p["end"], "party", f"n{p['entity']}", _who(p)))
    for p in report["places"]:
        found.append(
            (p["start"], p["end"], "place", "", ", ".join(filter(None, (p["name"], p["admin1"], p["country"]))))
        )
    for t in report["times"]:
        found.append(
            (
                t["start"],
                t["end"],
                "time",
                "",
                f"{t['value']}: {t['from']} to {t['to']}" if t["from"] else str(t["value"]),
            )
        )
    by_id = {s["id"]: s for s in report["statements"]}
    for s in report["statements"]:
        for c in s["content"]:
            found.append(
                (c["start"], c["end"], f"said d{depth(s, by_id)}", s["id"], f"{s['kind']}: {_who(s['source'])}")
            )
        if s["cue"]:
            found.append((s["cue"]["start"], s["cue"]["end"], "cue", s["id"], f"source: {_who(s['source'])}"))
    for e in report["events"]:
        first = e["evidence"]["trigger"] or e["evidence"]
        found.append((first["start"], first["end"], "at", e["id"], ""))
        for place in (e["evidence"], *e["also"]):
            found.append((place["start"], place["end"], "evidence", e["id"], ""))
            if place["trigger"]:
                found.append((place["trigger"]["start"], place["trigger"]["end"], "trigger", e["id"], e["type"]))
    for f in report["figures"]:
        found.append((f["start"], f["end"], "figure", "", f"{f['of']}: {f['value']} {f['unit']}"))
    return [s for s in found if s[0] is not None and s[1] is not None]


def paragraphs(report: Mapping[str, Any]) -> list[Markup]:
    """Returns the title, if any, and each paragraph as markup. All content of the page is escaped."""
    text = report["article"]["text"]
    blocks = [(p["start"], p["end"]) for p in report["article"]["paragraphs"]]
    title = report["article"]["title"]
    if title and text.startswith(title):
        blocks.insert(0, (0, len(title)))
    starts = [a for a, _ in blocks]
    within: list[list[Span]] = [[] for _ in blocks]
    for s in sorted(spans(report)):
        at = max(0, bisect.bisect_right(starts, s[0]) - 1)
        while at < len(blocks) and blocks[at][0] < s[1]:
            if blocks[at][1] > s[0]:
                within[at].append(s)
            at += 1
    return [_block(text, a, b, marks) for (a, b), marks in zip(blocks, within)]


def _block(text: str, start: int, end: int, marks: list[Span]) -> Markup:
    edges = sorted({start, end, *(min(max(e, start), end) for s in marks for e in s[:2])})
    out: list[str] = []
    active: list[Span] = []
    following = 0
    for a, b in zip(edges, edges[1:]):
        while following < len(marks) and marks[following][0] <= a:
            active.append(marks[following])
            following += 1
        active = [s for s in active if s[1] >= b]
        here = active
        piece = escape(text[a:b])
        if not here:
            out.append(piece)
            continue
        out += [Markup('<a id="at-{}"></a>').format(s[3]) for s in here if s[2] == "at" and s[0] == a]
        classes = " ".join(dict.fromkeys(c for s in here for c in s[2].split() if c != "at"))
        names = " ".join(dict.fromkeys(s[3] for s in here if s[3]))
        told = "; ".join(dict.fromkeys(s[4] for s in here if s[4]))
        opening = " ".join(f"o{s[2].split()[-1]}" for s in here if s[2].startswith("said") and s[0] == a)
        closing = " ".join(f"x{s[2].split()[-1]}" for s in here if s[2].startswith("said") and s[1] == b)
        out.append(
            Markup('<span class="{}" data-of="{}" title="{}">{}</span>').format(
                " ".join(filter(None, (classes, opening, closing))), names, told, piece
            )
        )
    return Markup("".join(out))
