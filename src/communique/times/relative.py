"""Resolves what is relative to the date last mentioned ("a year earlier", "that week"), after all expressions are
found.

An expression that depends on another one says so in its value: "@SHIFT UNIT [behind|spoken|told|or now] [PART]" or
"@clock HOUR".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from . import calendar as cal
from .calendar import Stretch
from .forms import Anchor, Expression, expression

BEHIND = 16  # most characters between a neighbour and the day it refers to, enough for "that ended on"
HOUR_REACH = 200  # characters: an hour belongs to a day named at most so far before it
REACH = {"day": 1, "hours": 1, "week": 7, "weekend": 7, "fortnight": 14, "month": 31, "quarter": 92, "year": 366}
BACK = 50  # expressions: readers do not remember days named earlier


def in_turn(found: list[Expression], here: Callable[[int], Anchor]) -> list[Expression]:
    """Returns the expressions in the order of the text, with values for those relative to the date last mentioned ("a
    year earlier", "that week").
    """
    spoken: Expression | None = None
    told: list[Expression] = []
    for at, e in enumerate(found):
        before = bool(e.value and e.value.startswith("@-"))
        if e.value and e.value.startswith("@"):
            later = found[at + 1] if at + 1 < len(found) else None
            stretch = _relative(e, spoken, told, later, here(e.start))
            e = expression(e.start, e.end, e.type, stretch.value if stretch else None, stretch)
        if e.first and e.type in ("DATE", "TIME") and (not before or e.first == e.last):
            spoken = e
        told.append(e)
    return told


def _relative(
    e: Expression, spoken: Expression | None, told: list[Expression], later: Expression | None, anchor: Anchor
) -> Stretch | None:
    """Returns the stretch of an expression that depends on another one. The module's docstring gives its notation."""
    assert e.value is not None
    shift, unit, *rest = e.value[1:].split()
    if shift == "clock":
        near = spoken if spoken and spoken.first == spoken.last and e.start - spoken.end < HOUR_REACH else None
        day_ = near.first if near else anchor.day
        return Stretch(day_, day_, f"{day_.isoformat()}T{unit}") if day_ else None
    if rest == ["told"]:
        quarter = _last_quarter(told, anchor)
        return cal.around(unit, quarter, int(shift)) if quarter else None
    if rest[:1] in (["behind"], ["spoken"]):
        if rest[0] == "behind":
            base = later if later and later.start - e.end < BEHIND else None
        else:
            base = _fine_enough(told, unit)
        if base is None or base.first is None or base.last is None:
            return None
        if unit == "hours":
            return cal.hours_away(base.first if float(shift) < 0 else base.last, float(shift))
        stretch = cal.around(unit, base.first if int(shift) < 0 else base.last, int(shift))
        return Stretch(stretch.first, stretch.last, stretch.value + rest[1]) if len(rest) > 1 else stretch
    if rest and shift == "-1" and unit != "year" and (near := _fine_enough(told[-1:], unit)):
        return cal.around(unit, near.first, -1) if near.first else None  # "the previous month", just after a month
    found = _from(spoken, unit, int(shift), bool(rest))
    if found is None and rest and (here := anchor.day or (anchor.first if anchor.year else None)):
        return cal.moved(here, unit, int(shift))
    return found


def _last_quarter(told: list[Expression], anchor: Anchor) -> date | None:
    """Returns the first day of the latest quarter mentioned, or else of the last quarter that was over on the day of
    the page: what earnings reports call "the quarter".
    """
    spoken = [
        e.first
        for e in told[-BACK:]
        if e.first
        and e.value
        and re.fullmatch(r"\d{4}-Q[1-4]", e.value)
        and (not anchor.last or e.first <= anchor.last)
    ]
    if spoken:
        return max(spoken)
    return cal.around("quarter", anchor.day, -1).first if anchor.day else None


def _fine_enough(told: list[Expression], unit: str) -> Expression | None:
    """Returns the last date mentioned that is no longer than a unit, so that the next such unit is known."""
    for e in reversed(told[-BACK:]):
        if e.first and e.last and e.type in ("DATE", "TIME") and (e.last - e.first).days < REACH.get(unit, 366):
            return e
    return None


def _from(spoken: Expression | None, unit: str, shift: int, quarters_only: bool) -> Stretch | None:
    """Returns the stretch some units from the one last mentioned, at the same precision. With `quarters_only`, for "a
    year ago", only a quarter is certain.
    """
    if spoken is None or spoken.first is None or spoken.last is None or not spoken.value:
        return None
    quarter = re.fullmatch(r"\d{4}-Q[1-4]", spoken.value)
    if shift == 0 and quarters_only:
        return (
            cal.around(unit, spoken.first)
            if (spoken.last - spoken.first).days < 7 and unit in ("day", "week")
            else None
        )
    if shift == 0:
        return (
            cal.around(unit, spoken.first)
            if (spoken.last - spoken.first).days
            <= {"day": 0, "week": 6, "weekend": 1, "month": 30, "quarter": 91}.get(unit, 365)
            else None
        )
    if quarter and unit == "year":
        return cal.quarter(spoken.first.year + shift, (spoken.first.month + 2) // 3)
    if quarters_only:
        return None
    if unit == "year" and spoken.first == spoken.last:
        return cal.year(spoken.first.year + shift)
    if unit == "year" and re.fullmatch(r"\d{4}-\d\d", spoken.value):
        return cal.month(spoken.first.year + shift, spoken.first.month)
    return cal.moved(spoken.first if shift < 0 else spoken.last, unit, shift)
