"""Charts as SVG, drawn on the server: they need no script, print as they are, and every word in them is escaped.

Cooperation is blue and conflict orange, which people who see no red or no green can tell apart; sign and length say the
same again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape


def _tag(name: str, inner: str | Markup = "", **attributes: Any) -> Markup:
    told = Markup("").join(
        Markup(' {}="{}"').format(k.rstrip("_").replace("_", "-"), v) for k, v in attributes.items() if v is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), told, inner)


def _title(text: str) -> Markup:
    return _tag("title", escape(text))


def _ceiling(value: float) -> int:
    """The least round number from a value up, for the end of an axis."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000):
        if value <= step:
            return step
    return int(value)


def timeline(
    rows: Sequence[Mapping[str, Any]], title: str, links: Sequence[str | None], hovers: Sequence[str]
) -> Markup:
    """A bar a period: events of cooperation above the line and of conflict below it; where nothing was read the line is
    broken.
    """
    width, height, left = max(320, min(1100, 26 * len(rows) + 60)), 190, 34
    most = _ceiling(max([1, *(max(r["cooperation"] or 0, r["conflict"] or 0) for r in rows)]))
    middle, span = 84, 68
    step = min(44.0, (width - left - 8) / max(1, len(rows)))
    parts = [_tag("text", "0", x=left - 5, y=middle + 4, class_="axis end")]
    for value, y in ((most, middle - span), (most, middle + span)):
        parts += [
            _tag("line", x1=left, x2=width, y1=y, y2=y, class_="grid"),
            _tag("text", str(value), x=left - 5, y=y + 4, class_="axis end"),
        ]
    every = max(1, round(70 / step))
    for i, (row, link, hover) in enumerate(zip(rows, links, hovers)):
        x = left + i * step
        if row["events"] is None:
            parts.append(
                _tag(
                    "line",
                    _title(f"{row['from']}: nothing was read"),
                    x1=x,
                    x2=x + step,
                    y1=middle,
                    y2=middle,
                    class_="gap",
                )
            )
        else:
            parts.append(_tag("line", x1=x, x2=x + step, y1=middle, y2=middle, class_="zero"))
            up, down = span * (row["cooperation"] or 0) / most, span * (row["conflict"] or 0) / most
            bars = Markup("")
            if up:
                bars += _tag(
                    "rect",
                    x=round(x + step * 0.12, 1),
                    y=round(middle - up, 1),
                    width=round(max(1.5, step * 0.76), 1),
                    height=round(up, 1),
                    class_="cooperation",
                )
            if down:
                bars += _tag(
                    "rect",
                    x=round(x + step * 0.12, 1),
                    y=middle,
                    width=round(max(1.5, step * 0.76), 1),
                    height=round(down, 1),
                    class_="conflict",
                )
            if bars:
                group = _tag("g", _title(hover) + bars)
                parts.append(_tag("a", group, href=link) if link else group)
        if i % every == 0:
            parts.append(_tag("text", str(row["from"]), x=round(x, 1), y=height - 8, class_="axis"))
    parts += [
        _tag("text", "cooperation ▲", x=width, y=12, class_="axis end"),
        _tag("text", "conflict ▼", x=width, y=middle + span + 12, class_="axis end"),
    ]
    return _tag(
        "svg",
        _title(title) + Markup("").join(parts),
        viewBox=f"0 0 {width} {height}",
        role="img",
        class_="timeline",
        width=width,
        height=height,
    )


def shade(score: float | None) -> str:
    """A class of colour for a mean score from -10 to 10: `c0` to `c4` for conflict to cooperation."""
    if score is None:
        return "none"
    return "c0" if score <= -5 else "c1" if score < -0.5 else "c2" if score <= 0.5 else "c3" if score < 4 else "c4"


@cache
def _outlines() -> Mapping[str, list[list[list[float]]]]:
    return dict(json.loads(Path(__file__).with_name("outlines.json").read_text("utf-8")))


def _project(lon: float, lat: float) -> tuple[float, float]:
    return round((lon + 180) * 1000 / 360, 1), round((84 - lat) * 1000 / 360 * 1.25, 1)


def world(states: Mapping[str, float | None], points: Sequence[Mapping[str, Any]], title: str) -> Markup:
    """Outlines of states, shaded by mean score where there is one, with a circle a place: `{"lat", "lon", "count",
    "score", "label", "href"}`.
    """
    parts = []
    for code, rings in _outlines().items():
        path = "".join(
            "M" + "L".join(f"{x},{y}" for x, y in (_project(lon, lat) for lon, lat in ring)) + "Z" for ring in rings
        )
        parts.append(
            _tag("path", _title(code), d=path, class_=f"state {shade(states.get(code)) if code in states else ''}")
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
