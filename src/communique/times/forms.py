"""Forms of time expressions: a pattern over words and a rule that gives the meaning of a match.

`FORMS` has the forms in the order of their definition. If two match the same words, the earlier one counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from . import calendar as cal
from .calendar import Stretch

Tense = Literal["past", "present", "future"]
Order = Literal["day first", "month first"]
_MONTH_FIRST = frozenset("USA PHL FSM MHL PLW GUM PRI ASM MNP VIR".split())
_EITHER = frozenset("CAN CHN JPN KOR PRK TWN MNG HUN LTU SWE ZAF KEN GHA BLZ PAN".split())


def order_of(country: str | None) -> Order | None:
    """Returns the order in which a state (ISO 3166 alpha-3) writes day and month in figures, after CLDR; `None` if
    several are usual.
    """
    if country is None or country in _EITHER:
        return None
    return "month first" if country in _MONTH_FIRST else "day first"


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression with its position, its TIMEX3 type and value, and the days it covers if known."""

    start: int
    end: int
    type: str
    value: str | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions are relative to: the page's day, or the days on which it may have been written."""

    first: date | None
    last: date | None
    order: Order | None = None  # of days in figures where the page comes from, if known

    @property
    def day(self) -> date | None:
        return self.first if self.first == self.last else None

    @property
    def year(self) -> int | None:
        return self.first.year if self.first and self.last and self.first.year == self.last.year else None

    @property
    def month(self) -> tuple[int, int] | None:
        if self.first and self.last and (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return self.first.year, self.first.month
        return None


Meaning: TypeAlias = "tuple[str, str | None, Stretch | None]"
"""The type of an expression (empty: it is none), its value, and the days it covers."""
Rule: TypeAlias = "Callable[[re.Match[str], Anchor, Tense], Meaning]"
FORMS: list[tuple[re.Pattern[str], Rule]] = []
DOUBTFUL: set[Rule] = set()
NONE: Meaning = ("", None, None)
"""What a rule returns for words that are no time expression here."""
NO_TIME: Meaning = ("none", None, None)
"""What a rule returns for words that are surely none, whatever the model takes them for."""


def bounded(pattern: str) -> str:
    """Returns a pattern with bounds on its white space. Without them, adjacent runs could share a long stretch of white
    space in too many ways.
    """
    return pattern.replace(r"\s*", r"\s{0,9}").replace(r"\s+", r"\s{1,9}")


def form(pattern: str, doubtful: bool = False) -> Callable[[Rule], Rule]:
    """Registers a form of time expressions. A doubtful one counts only if the model, which sees the sentence, finds a
    time as well.
    """

    def keep(rule: Rule) -> Rule:
        FORMS.append((re.compile(rf"(?i)(?<![\w-])(?:{bounded(pattern)})(?!\w)"), rule))
        if doubtful:
            DOUBTFUL.add(rule)
        return rule

    return keep


def dated(stretch: Stretch | None, value: str | None = None, kind: str = "DATE") -> Meaning:
    return kind, value or (stretch.value if stretch else None), stretch


def edged(stretch: Stretch | None, edge: str) -> Stretch | None:
    """Returns the early, middle or late part of a stretch. It keeps the value of the whole, except for half a year."""
    if stretch is None or not edge:
        return stretch
    low = edge.lower()
    days = (stretch.last - stretch.first).days
    if "half" in low:
        which = 1 if "first" in low else 2
        if re.fullmatch(r"\d{4}", stretch.value):
            return cal.half(stretch.first.year, which)
        middle = stretch.first + timedelta(days // 2)
        return (
            Stretch(stretch.first, middle, stretch.value)
            if which == 1
            else Stretch(middle + timedelta(1), stretch.last, stretch.value)
        )
    if "earl" in low or "start" in low or "beginning" in low:
        return Stretch(stretch.first, stretch.first + timedelta(days // 3), stretch.value)
    if "mid" in low:
        return Stretch(stretch.first + timedelta(days // 3), stretch.first + timedelta(2 * days // 3), stretch.value)
    return Stretch(stretch.first + timedelta(2 * days // 3), stretch.last, stretch.value)


def day_of(year: int, month: int, number_: str) -> Stretch | None:
    try:
        return cal.day(date(year, month, int(re.sub(r"\D", "", number_))))
    except ValueError:
        return None


def nearest_year(anchor: Anchor, month: int, tense: Tense, day_: int = 1) -> int | None:
    """Returns the year of a month named without one: of the latest such month or, in the future tense, the next one."""
    if anchor.first is None or anchor.last is None:
        return None
    if anchor.day is None and anchor.month is None:
        return None
    here = anchor.first
    try:
        there = date(here.year, month, min(day_, 28))
    except ValueError:
        return None
    if tense == "future":
        return (
            here.year
            if (there.month, there.day) >= (here.month, min(here.day, 28)) or there.month == here.month
            else here.year + 1
        )
    ahead = (there - anchor.last).days
    if ahead > (100 if tense == "past" else 120):
        return here.year - 1
    if ahead < -245 and tense != "past":
        return here.year + 1
    return here.year


def expression(start: int, end: int, kind: str, value: str | None, stretch: Stretch | None) -> Expression:
    return Expression(start, end, kind, value, stretch.first if stretch else None, stretch.last if stretch else None)
