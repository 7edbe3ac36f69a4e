"""Charts as SVG, drawn on the server. They need no script, print as they are, and escape every word.

Cooperation is blue and conflict orange, which colour-blind readers can distinguish. Sign and length carry the same
information.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from ..record.lookup import state_name


def _tag(name: str, inner: str | Markup = "", **attributes: Any) -> Markup:
    told = Markup("").join(
        Markup(' {}="{}"').format(k.rstrip("_").replace("_", "-"), v) for k, v in attributes.items() if v is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), told, inner)


def _title(text: str) -> Markup:
    return _tag("title", escape(text))


def _ceiling(value: float) -> int:
    """Returns the smallest round number that is at least `value`, for the end of an axis."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000):
        if value <= step:
            return step
    return int(value)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LABEL = 58  # maximum width of a time axis label in pixels
LEFT, RIGHT, HEIGHT, MIDDLE, SPAN = 38, 38, 196, 88, 66
BROAD = 600  # pixels; a wider chart scrolls on a phone and has its scale at both ends
ROUND = {"m": (1, 2, 3, 6, 12), "q": (1, 2, 4), "y": (1, 2, 5, 10, 20, 50, 100)}  # periods between two labels


def _labelled(starts: Sequence[str], every: str, apart: int) -> list[int]:
    """Returns the indices of the periods with a label, at least `apart` apart; months, quarters and years at round
    numbers.
    """
    steps = ROUND.get(every[-1]) if every.startswith("1") and not every[1:2].isdigit() else None
    if steps is None or apart > steps[-1]:
        return list(range(0, len(starts), apart))
    step = next(s for s in steps if s >= apart)
    size = {"m": 1, "q": 3, "y": 12}[every[-1]]
    months = [int(s[:4]) * 12 + int(s[5:7]) - 1 for s in starts]
    first = next((i for i, m in enumerate(months) if m // size % step == 0), 0)
    return list(range(first, len(starts), step))


def label(start: str, every: str, before: str | None) -> str:
    """Returns a period's axis label, without the year if it equals that of the label before."""
    year, month, day = start.split("-")
    same = before is not None and before[:4] == year
    if every.endswith("y"):
        return year
    if every.endswith("q"):
        return f"Q{(int(month) + 2) // 3}" if same else f"Q{(int(month) + 2) // 3} {year}"
    if every.endswith("m"):
        return MONTHS[int(month) - 1] if same else f"{MONTHS[int(month) - 1]} {year}"
    short = f"{int(day)} {MONTHS[int(month) - 1]}"
    return short if same else f"{short} {year[2:]}"


def timeline(
    rows: Sequence[Mapping[str, Any]],
    title: str,
    links: Sequence[str | None],
    hovers: Sequence[str],
    every: str = "1w",
) -> Markup:
    """Draws one bar per period: cooperation above the line, conflict below it. The line is broken where nothing was
    read.
    """
    width = max(340, min(1100, 26 * len(rows) + LEFT + RIGHT))
    most = _ceiling(max([1, *(max(r["cooperation"] or 0, r["conflict"] or 0) for r in rows)]))
    step = min(44.0, (width - LEFT - RIGHT) / max(1, len(rows)))
    parts = _scale(width, most)
    starts = [str(row["from"]) for row in rows]
    labelled = set(_labelled(starts, every, max(1, math.ceil(LABEL / step))))
    before: str | None = None
    for i, (row, link, hover) in enumerate(zip(rows, links, hovers)):
        x = LEFT + i * step
        parts.append(_period(row, x, step, most, link, hover))
        if i in labelled:
            name = label(starts[i], every, before)
            before = starts[i]
            parts.append(_tag("text", name, x=round(x + step / 2, 1), y=HEIGHT - 6, class_="axis middle"))
    return _tag(
        "svg",
        _title(title) + Markup("").join(parts),
        viewBox=f"0 0 {width} {HEIGHT}",
        role="img",
        class_="timeline",
        width=width,
        height=HEIGHT,
    )


def _scale(width: int, most: int) -> list[Markup]:
    """Draws the lines, numbers and captions of the axis; at both ends of a wide chart, so that a phone shows one."""
    ends = [(LEFT, LEFT - 5, " end")] + ([(width - RIGHT, width - RIGHT + 5, "")] if width > BROAD else [])
    found = [_tag("line", x1=LEFT, x2=width - RIGHT, y1=y, y2=y, class_="grid") for y in (MIDDLE - SPAN, MIDDLE + SPAN)]
    for edge, number, side in ends:
        inner = "axis end" if edge > LEFT else "axis"
        found += [
            _tag("text", f"{value:,}", x=number, y=y + 4, class_=f"axis{side}")
            for value, y in ((0, MIDDLE), (most, MIDDLE - SPAN), (most, MIDDLE + SPAN))
        ]
        found += [
            _tag("text", "▲ cooperation", x=edge, y=12, class_=inner),
            _tag("text", "▼ conflict", x=edge, y=MIDDLE + SPAN + 14, class_=inner),
        ]
    return found


def _period(row: Mapping[str, Any], x: float, step: float, most: int, link: str | None, hover: str) -> Markup:
    """Draws one period of a time line."""
    ends: dict[str, Any] = {"x1": round(x, 1), "x2": round(x + step, 1), "y1": MIDDLE, "y2": MIDDLE}
    if row["events"] is None:
        return _tag("line", _title(f"{row['from']}: nothing was read"), **ends, class_="gap")
    found = _tag("line", **ends, class_="zero")
    up, down = SPAN * (row["cooperation"] or 0) / most, SPAN * (row["conflict"] or 0) / most
    at: dict[str, Any] = {"x": round(x + step * 0.12, 1), "width": round(max(1.5, step * 0.76), 1)}
    bars = Markup("")
    if up:
        bars += _tag("rect", y=round(MIDDLE - up, 1), height=round(up, 1), class_="cooperation", **at)
    if down:
        bars += _tag("rect", y=MIDDLE, height=round(down, 1), class_="conflict", **at)
    if bars:
        group = _tag("g", _title(hover) + bars)
        found += _tag("a", group, href=link) if link else group
    return found


def shade(score: float | None) -> str:
    """Returns the colour class of a mean score from -10 to 10: `c0` to `c4` for conflict to cooperation."""
    if score is None:
        return "none"
    return "c0" if score <= -5 else "c1" if score < -0.5 else "c2" if score <= 0.5 else "c3" if score < 4 else "c4"


@cache
def _outlines() -> Mapping[str, list[list[list[float]]]]:
    return dict(json.loads(Path(__file__).with_name("outlines.json").read_text("utf-8")))


def _project(lon: float, lat: float) -> tuple[float, float]:
    return round((lon + 180) * 1000 / 360, 1), round((84 - lat) * 1000 / 360 * 1.25, 1)


def _told(code: str, score: float | None) -> str:
    """Returns the hover text of a state on the map."""
    return state_name(code) + ("" if score is None else f": mean score {score:+.1f}")


def world(states: Mapping[str, float | None], points: Sequence[Mapping[str, Any]], title: str) -> Markup:
    """Draws the outlines of states, shaded by mean score if known, with one circle per place: `{"lat", "lon", "count",
    "score", "label", "href"}`.
    """
    parts = []
    for code, rings in _outlines().items():
        path = "".join(
            "M" + "L".join(f"{x},{y}" for x, y in (_project(lon, lat) for lon, lat in ring)) + "Z" for ring in rings
        )
        parts.append(
            _tag(
                "path",
                _title(_told(code, states.get(code))),
                d=path,
                class_=f"state {shade(states.get(code)) if code in states else ''}",
            )
        )
    most = max([1, *(p["count"] for p in points)])
    for p in sorted(points, key=lambda p: -p["count"]):
        x, y = _project(p["lon"], p["lat"])
        circle = _tag(
            "circle",
            _title(p["label"]),
            cx=x,
            cy=y,
            r=round(3 + 9 * (p["count"] / most) ** 0.5, 1),
            class_=f"place {shade(p['score'])}",
        )
        parts.append(_tag("a", circle, href=p["href"]))
    return _tag("svg", _title(title) + Markup("").join(parts), viewBox="0 0 1000 490", role="img", class_="world")
