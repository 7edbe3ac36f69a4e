"""The grammar of time expressions: what each form is made of, and how its parts make a value.

A form is a pattern over words and a rule that composes units, counts, shifts and anchors into a stretch of the
calendar. Patterns are built from the same few parts, so that "two weeks ago", "early last year" and "the first ten
months of 2020" are compositions, not entries of a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from . import calendar as cal
from .calendar import MONTHS, SEASONS, UNITS, WEEKDAYS, Stretch

Tense = Literal["past", "present", "future"]
Order = Literal["day first", "month first"]
_MONTH_FIRST = frozenset("USA PHL FSM MHL PLW GUM PRI ASM MNP VIR".split())
_EITHER = frozenset("CAN CHN JPN KOR PRK TWN MNG HUN LTU SWE ZAF KEN GHA BLZ PAN".split())


def order_of(country: str | None) -> Order | None:
    """The order in which a state (ISO 3166 alpha-3) writes day and month in figures, after CLDR; `None` where several
    are usual.
    """
    if country is None or country in _EITHER:
        return None
    return "month first" if country in _MONTH_FIRST else "day first"


_SMALL = {
    w: i
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_SMALL |= {
    "a": 1,
    "an": 1,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "dozen": 12,
}
_ORDINALS = {
    w: i + 1
    for i, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ]
    )
}

MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?)"
)
WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
SEASON = r"(?:spring|summer|autumn|fall|winter)"
UNIT = r"(?:second|minute|hour|day|week|fortnight|month|quarter|year|decade|century|centurie|weekend)"
COUNT = (
    (
        r"(?:\d{1,3}\s+1/2|\d+(?:\.\d+)?½?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ]"
        "(?:one|two|three|four|five|six|seven|eight|nine)|"
    )
    + "|".join(sorted((w for w in _SMALL if w not in ("zero", "a", "an", "dozen")), key=len, reverse=True))
    + "|a couple of|a couple|a dozen|a|an)"
)
VAGUE = r"(?:several|few|a few|some|many|recent|coming|a number of)"
DAYPART = r"(?:morning|afternoon|evening|night|midday|noon|midnight|dawn|dusk)"
YEAR = r"(?:1\d{3}|20\d{2}|21\d{2})"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
SPOKEN = rf"(?:(?:eighteen|nineteen|twenty)[\s-]+(?:(?:{_TENS})(?:[\s-](?:{_ONES}))?|{_TEENS}))"
DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
DETER = r"(?:last|past|previous|preceding|this|current|next|coming|following|same)"
PARTS = {
    "morning": "TMO",
    "afternoon": "TAF",
    "evening": "TEV",
    "night": "TNI",
    "noon": "T12:00",
    "midday": "TMI",
    "midnight": "T24:00",
}
EDGE = (
    "(?:very |as )?(?:early|mid|late|earlier|later|the (?:start|beginning|middle|end|close) of"
    "|(?:start|beginning|middle|end) of|the (?:first|second|last|latter) half of)"
)
CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d{2})?\s*(?:a\.m\.|p\.m\.|am|pm|a\.m|p\.m)|\d{1,2}:\d{2})"
    r"(?:\s+(?:GMT|UTC|EST|EDT|ET|CET|BST|IST|JST|KST|local time))?"
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression where it stands, its TIMEX3 type and value, and the days it covers where they can be known."""

    start: int
    end: int
    type: str
    value: str | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions are relative to: the page's day, or the days it may have been written on."""

    first: date | None
    last: date | None
    order: Order | None = None  # in which days in figures are written where the page comes from, if that is known

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


def number(words: str) -> float | None:
    """The value of a count in figures or words."""
    low = words.lower().strip()
    if half := re.fullmatch(r"(\d+)(?:\s+1/2|½)", low):
        return int(half[1]) + 0.5
    try:
        return float(low)
    except ValueError:
        pass
    if low.startswith("a couple"):
        return 2
    total = 0
    for word in re.split(r"[- ]", low):
        if word not in _SMALL:
            return None
        total = total + _SMALL[word] if word != "hundred" else (total or 1) * 100
    return total


Rule = Callable[["re.Match[str]", Anchor, Tense], "tuple[str, str | None, Stretch | None]"]
_forms: list[tuple[re.Pattern[str], Rule]] = []
_doubtful: set[Rule] = set()
NONE: tuple[str, str | None, Stretch | None] = ("", None, None)
"""What a rule returns for words that are no time expression here."""


def bounded(pattern: str) -> str:
    """A pattern whose white space has bounds: several stretches of it side by side must not share out a long one in
    every way.
    """
    return pattern.replace(r"\s*", r"\s{0,9}").replace(r"\s+", r"\s{1,9}")


def form(pattern: str, doubtful: bool = False) -> Callable[[Rule], Rule]:
    """A form of time expressions. A doubtful one counts only where the model, which sees the sentence, finds a time as
    well.
    """

    def keep(rule: Rule) -> Rule:
        _forms.append((re.compile(rf"(?i)(?<![\w-])(?:{bounded(pattern)})(?!\w)"), rule))
        if doubtful:
            _doubtful.add(rule)
        return rule

    return keep


def _date(
    stretch: Stretch | None, value: str | None = None, kind: str = "DATE"
) -> tuple[str, str | None, Stretch | None]:
    return kind, value or (stretch.value if stretch else None), stretch


def _edge(stretch: Stretch | None, edge: str) -> Stretch | None:
    """The early, middle or late part of a stretch; its value stays that of the whole."""
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


def _year_of(words: str) -> int:
    """A year in figures, or as it is spoken: "nineteen ninety-four"."""
    if words.isdigit():
        return int(words)
    first, _, rest = re.sub(r"[\s-]+", " ", words.lower()).partition(" ")
    return {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}[first] + int(number(rest) or 0)


def _day_of(year: int, month: int, number_: str) -> Stretch | None:
    try:
        return cal.day(date(year, month, int(re.sub(r"\D", "", number_))))
    except ValueError:
        return None


def _nearest_year(anchor: Anchor, month: int, tense: Tense, day_: int = 1) -> int | None:
    """The year of a month that is named without one: the one just past, or, in the future tense, the one to come."""
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


@form(rf"(?P<y>{YEAR})-(?P<m>\d\d)-(?P<d>\d\d)(?:T[\d:.+Z-]+)?")
def _iso(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    return _date(_day_of(int(m["y"]), int(m["m"]), m["d"]) if 1 <= int(m["m"]) <= 12 else None)


@form(
    rf"(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>{YEAR}|\d\d)"
    rf"|(?P<y1>{YEAR})(?P<sep1>[/.])(?P<m1>\d{{1,2}})(?P=sep1)(?P<d1>\d{{1,2}})"
)
def _figures(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    """A day in figures. Where both orders are possible and nothing says which is meant, it is a date without a
    value.
    """
    if m["y1"]:
        return _date(_in_figures(int(m["y1"]), int(m["m1"]), int(m["d1"]))) if 1 <= int(m["m1"]) <= 12 else NONE
    a, b, year = int(m["a"]), int(m["b"]), int(m["y"])
    if len(m["y"]) == 2:
        if len(m["a"]) + len(m["b"]) < 4 and m["sep"] != "/":
            return NONE  # of a version or a section
        year += 2000 if year <= ((anchor.last.year if anchor.last else 2050) % 100) + 10 else 1900
    order = "day first" if m["sep"] == "." else anchor.order
    days = {d: o for d, o in ((_in_figures(year, b, a), "day first"), (_in_figures(year, a, b), "month first")) if d}
    if not days:
        return NONE
    if len(days) == 1:
        return _date(next(iter(days)))
    return _date(next((d for d, o in days.items() if o == order), None))


def _in_figures(year: int, month: int, number_: int) -> Stretch | None:
    try:
        return cal.day(date(year, month, number_))
    except ValueError:
        return None


@form(
    rf"(?:the\s+)?week\s+(?P<way>of|beginning|starting|ending)\s+(?:on\s+)?(?:the\s+)?(?:{WEEKDAY},?\s+)?"
    rf"(?P<day>{MONTH}\s+{DAY}|{DAY}\s+(?:of\s+)?{MONTH})(?:,?\s+(?P<y>{YEAR}))?"
)
def _week_of(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    month, figure = re.search(MONTH, m["day"], re.I), re.search(r"\d+", m["day"])
    if month is None or figure is None:
        return NONE
    number_ = MONTHS[month.group().lower().rstrip(".")]
    year = int(m["y"]) if m["y"] else _nearest_year(anchor, number_, tense, int(figure.group()))
    stretch = _day_of(year, number_, figure.group()) if year else None
    return _date(cal.week(stretch.first)) if stretch else ("DATE", "XXXX-WXX", None)


@form(
    rf"(?:(?P<m1>{MONTH})\s+(?P<a1>{DAY})\s*(?:[-–]|to|through)\s*(?P<b1>{DAY})"
    rf"|(?P<a2>{DAY})\s*(?:[-–]|to)\s*(?P<b2>{DAY})\s+(?P<m2>{MONTH}))(?:,?\s+(?P<y>{YEAR}))?"
)
def _days(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    """From a day to a day of one month."""
    month = MONTHS[(m["m1"] or m["m2"]).lower().rstrip(".")]
    first, last = m["a1"] or m["a2"], m["b1"] or m["b2"]
    year = int(m["y"]) if m["y"] else _nearest_year(anchor, month, tense, int(re.sub(r"\D", "", first)))
    if year is None:
        return "DURATION", None, None
    a, b = _day_of(year, month, first), _day_of(year, month, last)
    if a is None or b is None or b.first <= a.first:
        return NONE
    code = f"P{(b.first - a.first).days + 1}D"
    return "DURATION", code, Stretch(a.first, b.last, code)


HOLIDAYS = {
    "new year's day": (1, 1),
    "new year's eve": (12, 31),
    "valentine's day": (2, 14),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "halloween": (10, 31),
    "bastille day": (7, 14),
    "armistice day": (11, 11),
}
"""Feasts that are called the same wherever English is written and that fall on one day of the year."""


def _holiday_in(year: int, name: str) -> date:
    if name.startswith("thanksgiving"):
        first = date(year, 11, 1)
        return first + timedelta((WEEKDAYS["thursday"] - first.weekday()) % 7 + 21)
    return date(year, *HOLIDAYS[name])


@form(
    r"(?:(?P<det>last|this|next)\s+)?(?P<h>new year['’]s (?:day|eve)|valentine['’]s day"
    "|christmas (?:day|eve)|christmas|boxing day|halloween|bastille day|armistice day"
    rf"|thanksgiving(?: day)?)(?:,?\s+(?:of\s+)?(?P<y>{YEAR})|\s+(?P<rel>last)\s+year)?"
)
def _holiday(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    name = m["h"].lower().replace("’", "'")
    if not m["h"][0].isupper() or re.match(r"[\s-]+(?:[a-z]+|Island)", m.string[m.end() :]) and name == "christmas":
        return NONE  # "Christmas shopping", "Christmas Island"
    if m["y"]:
        return _date(cal.day(_holiday_in(int(m["y"]), name)))
    here = anchor.day
    if here is None:
        return "DATE", None, None
    if m["rel"]:
        return _date(cal.day(_holiday_in(here.year - 1, name)))
    day_ = _holiday_in(here.year, name)
    if m["det"] == "next" or tense == "future" and m["det"] != "last":
        return _date(cal.day(day_ if day_ >= here else _holiday_in(here.year + 1, name)))
    return _date(cal.day(day_ if day_ <= here else _holiday_in(here.year - 1, name)))


@form(
    rf"(?:(?P<wd>{WEEKDAY}),?\s+)?(?:(?P<m1>{MONTH})\s+(?P<d1>{DAY})"
    rf"|(?:the\s+)?(?P<d2>{DAY})\s+(?:of\s+)?(?P<m2>{MONTH}))"
    rf"(?:,?\s+(?P<y>{YEAR})|\s*,?\s*(?P<rel>last|this|next)\s+year)?"
)
def _day_month(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    name, figure = (m["m1"] or m["m2"]).lower().rstrip("."), m["d1"] or m["d2"]
    month, at = MONTHS[name], int(re.sub(r"\D", "", figure))
    if m["y"]:
        year: int | None = int(m["y"])
    elif m["rel"] and anchor.year:
        year = anchor.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()]
    else:
        year = _nearest_year(anchor, month, tense, at)
        if year is None and anchor.year:
            year = anchor.year
    if at > 31:
        return "DATE", None, None
    if year is None:
        return "DATE", f"XXXX-{month:02}-{at:02}", None
    return _date(_day_of(year, month, figure))


@form(rf"(?:(?P<edge>{EDGE})[\s-]+)?(?P<m>{MONTH})(?:\s+of)?,?\s+(?P<y>{YEAR}|{SPOKEN}|(?P<rel>last|this|next)\s+year)")
def _month_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    year = (
        _year_of(m["y"])
        if not m["rel"]
        else anchor.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()]
        if anchor.year
        else None
    )
    month = MONTHS[m["m"].lower().rstrip(".")]
    return _date(_edge(cal.month(year, month), m["edge"] or "")) if year else ("DATE", f"XXXX-{month:02}", None)


@form(
    rf"the\s+(?P<o>first|last|past)\s+(?P<n>{COUNT})\s+(?P<u>days|weeks|months|quarters)\s+of\s+"
    rf"(?P<y>{YEAR}|(?P<rel>last|this|next)\s+year)"
)
def _part_of_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    year = (
        int(m["y"])
        if not m["rel"]
        else anchor.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()]
        if anchor.year
        else None
    )
    count = int(number(m["n"]) or 0)
    code = f"P{count}{UNITS[m['u'][:-1].lower()]}"
    if year is None or not count:
        return "DURATION", code, None
    months = {"months": count, "quarters": 3 * count}.get(m["u"].lower())
    whole = cal.year(year)
    if months and months <= 12:
        first = m["o"].lower() == "first"
        return (
            "DURATION",
            code,
            Stretch(whole.first, cal.month(year, months).last, code)
            if first
            else Stretch(cal.month(year, 13 - months).first, whole.last, code),
        )
    days = timedelta(count * {"days": 1, "weeks": 7}.get(m["u"].lower(), 365) - 1)
    return (
        "DURATION",
        code,
        Stretch(whole.first, min(whole.last, whole.first + days), code)
        if m["o"].lower() == "first"
        else Stretch(max(whole.first, whole.last - days), whole.last, code),
    )


@form(
    rf"(?:the\s+)?(?:(?P<y0>{YEAR})(?:['’]s)?\s+|(?P<rel0>last|this|next)\s+year['’]s\s+"
    r"|(?P<ago>year[- ](?:ago|earlier))\s+)?(?:fiscal\s+)?"
    r"(?P<q>first|second|third|fourth|last)[\s-]+quarter"
    rf"(?:\s+of\s+(?:the\s+)?(?P<y>{YEAR}|(?P<rel>last|this|next)\s+year|year))?"
    rf"|Q(?P<n>[1-4])(?:\s+(?P<y2>{YEAR}))?"
)
def _quarter(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    named = m["y"] or m["y2"] or m["y0"]
    year = (
        int(named)
        if named and named.isdigit()
        else anchor.year + {"last": -1, "this": 0, "next": 1}[(m["rel"] or m["rel0"]).lower()]
        if (m["rel"] or m["rel0"]) and anchor.year
        else anchor.year
    )
    which = int(m["n"]) if m["n"] else 4 if m["q"].lower() == "last" else _ORDINALS[m["q"].lower()]
    if year and not named and not m["rel"] and not m["rel0"] and anchor.day:
        if m["ago"]:
            year -= 1
        elif tense != "future" and cal.quarter(year, which).first > anchor.day:
            year -= 1  # the last that there was
    return _date(cal.quarter(year, which)) if year else ("DATE", f"XXXX-Q{which}", None)


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?:(?P<det>{DETER})\s+)?(?P<s>{SEASON})"
    rf"(?:\s+(?:of\s+)?(?P<y>{YEAR}|{SPOKEN}))?"
)
def _season(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    name = m["s"].lower()
    if (
        not m["det"]
        and not m["y"]
        and not m["edge"]
        and not re.search(r"(?i)\b(?:the|in|since|by|of)\s+$", m.string[max(0, m.start() - 8) : m.start()])
        and not m.group().lower().startswith("the ")
    ):
        return "", None, None
    if name == "fall" and not m["det"] and not m["y"]:
        return "", None, None
    year = _year_of(m["y"]) if m["y"] else None
    code = SEASONS[name][1]
    if year is None and anchor.year:
        det = (m["det"] or "").lower()
        whole = cal.season(anchor.year, name)
        year = anchor.year
        if det in ("last", "past", "previous") and (
            anchor.day is None or whole.last >= anchor.first if anchor.first else True
        ):
            year -= 1
        elif det in ("next", "coming", "following") and anchor.first and whole.first <= anchor.first:
            year += 1
        elif not det and tense != "future" and anchor.last and whole.first > anchor.last:
            year -= 1
    return _date(_edge(cal.season(year, name), m["edge"] or "")) if year else ("DATE", f"XXXX-{code}", None)


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?P<det>{DETER})\s+"
    "(?P<u>week|month|quarter|year|decade|century|weekend|fortnight)(?:['’]s)?"
)
def _unit(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit, det = m["u"].lower(), m["det"].lower()
    shift = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "next": 1, "coming": 1, "following": 1}.get(
        det, 0
    )
    if det in ("preceding", "following"):
        return "DATE", f"@{1 if det == 'following' else -1} {unit}", None
    if det == "same":
        return "DATE", f"@0 {unit}", None
    if det == "previous" and anchor.day and unit != "weekend":
        return "DATE", f"@-1 {unit} or now", None
    known = (
        anchor.day
        or (anchor.first if unit in ("year", "decade", "century") and anchor.year else None)
        or (anchor.first if unit in ("month", "quarter") and anchor.month else None)
    )
    if known is None:
        return (
            "DATE",
            "XXXX" + {"week": "-WXX", "month": "-XX", "weekend": "-WXX-WE", "quarter": "-QX"}.get(unit, ""),
            None,
        )
    if det == "past" and unit in ("decade", "century") and not m["edge"]:
        code = _length(1, unit)
        back = _days_away(known, unit, -1)
        return "DURATION", code, Stretch(back, known, code) if back else None
    stretch = cal.around(unit, known, shift)
    edge = (m["edge"] or "").lower()
    if edge.startswith("earlier") and shift == 0 and anchor.day:
        return _date(Stretch(stretch.first, anchor.day, stretch.value))
    if edge.startswith("later") and shift == 0 and anchor.day:
        return _date(Stretch(anchor.day, stretch.last, stretch.value))
    return _date(_edge(stretch, edge))


@form(
    r"(?:(?:early|late|later)\s+)?the\s+(?:very\s+)?(?P<det>next|following|previous|preceding)\s+"
    rf"(?P<u>day|{DAYPART})|the\s+(?P<u2>day|night|week|month|year)\s+(?P<way>before|after)"
    r"(?!\s+(?:yesterday|tomorrow)\b)"
)
def _neighbour(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    """The day or year beside the one last spoken of: "the next day", "the year before"; or beside one named behind
    it.
    """
    unit = (m["u"] or m["u2"]).lower()
    shift = 1 if (m["det"] or m["way"]).lower() in ("next", "following", "after") else -1
    part = PARTS.get(unit, "")
    if unit not in UNITS:
        unit = "day"
    behind = m.string[m.end() : m.end() + 30]
    if m["way"] and not _CLOSED.match(behind):
        if not _DATED.match(behind):
            return "DATE", None, None  # "the day after the summit", which no word here dates
        return "DATE", f"@{shift} {unit} behind {part}".rstrip(), None
    return "TIME" if part else "DATE", f"@{shift} {unit} spoken {part}".rstrip(), None


_CLOSED = re.compile(
    r"\s*(?:$|[^\w\s]|(?:in|at|on|near|by|for|from|with|to|and|but|when|while|as|about|over|against|outside"
    r"|inside|during|into|across|after|before|that|which|who|had|has|was|were|is|would|will)\b)"
)
"""What stands behind "the day before" where that is all: an end, or a word with which another phrase begins."""
_DATED = re.compile(
    rf"(?i)\s*(?:the\s+)?(?:last\s+)?(?:{WEEKDAY}|{MONTH}\s+\d|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}"
    "|christmas|thanksgiving|new year)"
)


@form(
    rf"(?:(?P<edge>{EDGE})\s+(?:on\s+)?)?(?:(?P<det>{DETER})\s+)?(?P<wd>{WEEKDAY})(?:['’]s)?"
    rf"(?:\s+(?P<part>{DAYPART}))?(?:\s+(?:last|this|next)\s+week)?"
)
def _weekday(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if not m["wd"][0].isupper():
        return "", None, None
    target, det = WEEKDAYS[m["wd"].lower()], (m["det"] or "").lower()
    here = anchor.day
    code = PARTS.get((m["part"] or "").lower(), "")
    if here is None:
        return "DATE", f"XXXX-WXX-{target + 1}", None
    tail = re.search(r"(?i)(last|this|next)\s+week$", m.group())
    if tail:
        monday = cal.week(here + timedelta({"last": -7, "this": 0, "next": 7}[tail[1].lower()])).first
        found = monday + timedelta(target)
    elif det in ("next", "coming", "following") or (not det and tense == "future"):
        ahead = (target - here.weekday()) % 7
        found = here + timedelta(ahead or (7 if det else 0))
    elif det == "this":
        found = cal.week(here).first + timedelta(target)
    else:
        back = (here.weekday() - target) % 7
        found = here - timedelta(back or (7 if det in ("last", "past", "previous") else 0))
    stretch = cal.day(found)
    return ("TIME", f"{stretch.value}{code}", stretch) if code else _date(stretch)


@form(
    r"(?:(?P<edge>earlier|later|early|late)\s+)?(?P<w>today|yesterday|tomorrow|tonight|last night"
    f"|the day before yesterday|the day after tomorrow|this (?P<p1>{DAYPART}))(?:['’]s)?"
    rf"(?:\s+(?P<p2>{DAYPART}))?"
)
def _deictic(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    low = m["w"].lower()
    shift = {
        "yesterday": -1,
        "last night": -1,
        "tomorrow": 1,
        "the day before yesterday": -2,
        "the day after tomorrow": 2,
    }.get(low, 0)
    part = (m["p1"] or m["p2"] or ("night" if "night" in low else "")).lower()
    code = PARTS.get(part, "")
    if anchor.day is None:
        return ("TIME" if code else "DATE"), None, None
    stretch = cal.day(anchor.day + timedelta(shift))
    return ("TIME", stretch.value + code, stretch) if code else _date(stretch)


@form(
    rf"(?:(?:about|around|nearly|almost|over|more than|less than|just|some|only)\s+)?(?P<n>{COUNT}|{VAGUE})"
    rf"(?P<half> and a half)?[\s-]+(?:(?:full|whole|long)\s+)?(?P<u>{UNIT})s?"
    r"(?:\s+or\s+(?:so|two|more))?\s+(?P<way>ago|earlier|later|before|after|from now|hence)"
)
def _shifted(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit = m["u"].lower().replace("centurie", "century")
    count, way = number(m["n"]), m["way"].lower()
    if way in ("before", "after") and not _CLOSED.match(m.string[m.end() : m.end() + 30]):
        return NONE  # "two days before the vote": how long, not when
    if count is None:
        return "DATE", "PAST_REF" if way in ("ago", "earlier", "before") else "FUTURE_REF", None
    sign = -1 if way in ("ago", "earlier", "before") else 1
    count += 0.5 if m["half"] else 0
    if unit in ("decade", "century"):  # "a decade ago" is ten years, not some year of the decade before
        unit, count = "year", count * (10 if unit == "decade" else 100)
    if unit in ("second", "minute", "hour"):
        hours = sign * count * {"second": 1 / 3600, "minute": 1 / 60, "hour": 1}[unit]
        if way in ("ago", "from now", "hence"):
            return _date(_hours_away(anchor.day, hours) if anchor.day else None)
        return "DATE", f"@{hours:.4f} hours spoken", None
    if way in ("earlier", "later", "before", "after") or unit == "year" and way == "ago":
        return "DATE", f"@{sign * round(count)} {unit}" + (" or now" if way == "ago" else ""), None
    here = anchor.day or (anchor.first if unit == "year" and anchor.year else None)
    return _date(cal.moved(here, unit, sign * count) if here else None)


SAME_DAY = 6  # hours: what lies so near is told as of the same day; news is mostly written between six and midnight


def _hours_away(d: date, hours: float) -> Stretch | None:
    """The day some hours from a moment of a day whose hour is not known, or the two days it may be."""
    try:
        whole, rest = divmod(abs(hours), 24)
        sign = 1 if hours > 0 else -1
        near = d + timedelta(sign * int(whole))
        if rest <= SAME_DAY or whole and rest == 0:
            return cal.day(near)
        far = near + timedelta(sign)
    except OverflowError:
        return None
    return Stretch(min(near, far), max(near, far), f"{near.isoformat()[:7]}-XX")


@form(
    r"(?:the\s+)?(?:comparable\s+|corresponding\s+)?year[- ](?:ago|earlier)(?:\s+(?:quarter|period))?"
    r"|the\s+(?:same|corresponding|comparable|year-ago|year-earlier)\s+(?:period|quarter)"
    r"(?:\s+(?:of\s+)?last\s+year|\s+a\s+year\s+(?:ago|earlier))?|last\s+year['’]s\s+(?:period|quarter)"
)
def _year_before(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    return "DATE", "@-1 year or now", None


@form(r"(?:the\s+)?(?:fiscal\s+)?(?:year[- ]end|year['’]s end)|the end of the year")
def _year_end(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if anchor.year is None:
        return "DATE", None, None
    year = anchor.year - (tense == "past" and anchor.last is not None and anchor.last.month < 7)
    return _date(cal.day(date(year, 12, 31)))


@form(r"(?:that|the same|the latest|the most recent|the)\s+(?P<u>quarter|weekend|day|week|month|year)(?![-\w])")
def _that(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit, low = m["u"].lower(), m.group().lower()
    if low.startswith("the ") and low.split()[1] == unit and unit not in ("quarter", "weekend"):
        return "", None, None
    if "latest" in low or "recent" in low or low == "the weekend":
        return (
            _date(cal.around(unit, anchor.day, -1 if unit != "weekend" or tense == "past" else 0))
            if anchor.day
            else ("DATE", None, None)
        )
    return "DATE", f"@0 {unit}", None


@form(r"overnight")
def _overnight(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    return ("TIME", f"{anchor.day.isoformat()}TNI", cal.day(anchor.day)) if anchor.day else ("TIME", None, None)


@form(
    rf"(?:(?P<c>{CLOCK}|noon|midnight)|(?:(?P<edge>early|late|mid)[ -])?(?P<part>{DAYPART}))\s+(?:on\s+)?"
    rf"(?:(?P<wd>{WEEKDAY})|(?P<w>today|yesterday|tomorrow)|(?P<m>{MONTH})\s+(?P<d>{DAY})(?!\d)"
    rf"|(?P<d2>{DAY})\s+(?P<m2>{MONTH}))(?:['’]s)?"
)
def _hour_of_day(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if m["wd"] and not m["wd"][0].isupper():
        return "", None, None
    if anchor.day is None:
        return "TIME", None, None
    if m["m"] or m["m2"]:
        month, figure = MONTHS[(m["m"] or m["m2"]).lower().rstrip(".")], m["d"] or m["d2"]
        year = _nearest_year(anchor, month, tense, int(re.sub(r"\D", "", figure)))
        named = _day_of(year, month, figure) if year else None
        if named is None:
            return "TIME", None, None
        day_ = named.first
    elif m["w"]:
        day_ = anchor.day + timedelta({"yesterday": -1, "tomorrow": 1}.get(m["w"].lower(), 0))
    else:
        back = (anchor.day.weekday() - WEEKDAYS[m["wd"].lower()]) % 7
        day_ = anchor.day + timedelta(7 - back if tense == "future" and back else -back)
    if m["part"] or m["c"].lower() in PARTS:
        return "TIME", day_.isoformat() + PARTS.get((m["part"] or m["c"]).lower(), ""), cal.day(day_)
    hour = _hour(m["c"])
    return ("TIME", f"{day_.isoformat()}T{hour}", cal.day(day_)) if hour else ("", None, None)


@form(rf"(?:in|within)\s+(?:the\s+)?(?:next\s+)?(?P<n>{COUNT})\s+(?P<u>{UNIT})s?(?:['’]\s+time)?(?=[\s,.]|$)")
def _ahead(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit, count = m["u"].lower().replace("centurie", "century"), number(m["n"])
    code = _length(count, unit) if count else None
    if tense != "future" or count is None or anchor.day is None or unit in ("second", "minute", "hour"):
        return "DURATION", code, None
    end = cal.moved(anchor.day, unit, count)
    return _date(end)


@form(rf"(?:the\s+)?(?P<det>last|past|next|coming|previous)\s+(?P<n>{COUNT}|{VAGUE})\s+(?P<u>{UNIT})s")
def _window(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit, count = m["u"].lower().replace("centurie", "century"), number(m["n"])
    if count is None:
        return "DURATION", _length(None, unit), None
    code = _length(count, unit)
    here = anchor.day
    if here is None or unit in ("second", "minute", "hour"):
        return "DURATION", code, None
    back = m["det"].lower() in ("last", "past", "previous")
    other = _days_away(here, unit, -count if back else count)
    return "DURATION", code, (Stretch(other, here, code) if back else Stretch(here, other, code)) if other else None


@form(
    r"(?:(?:about|around|nearly|almost|over|more than|less than|at least|up to|some)\s+)?"
    rf"(?P<n>{COUNT}|{VAGUE})(?P<half> and a half)?(?:[\s-]+)"
    rf"(?:(?:full|whole|long|consecutive|straight)\s+)?(?P<u>{UNIT})s?(?P<half2> and a half)?(?:[\s-]long)?"
    rf"(?:['’])?|(?P<us>{UNIT})s[\s-]long"
)
def _duration(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit = (m["u"] or m["us"]).lower().replace("centurie", "century")
    if m["us"] or re.match(rf"(?i)an? {UNIT}s[\s-]long", m.group()):
        return "DURATION", _length(None, unit), None
    count = number(m["n"])
    plural = m.string[m.end("u") : m.end("u") + 1].lower() == "s"
    if AGE.match(m.string, m.end("u")) and not (plural and m["n"].lower() in ("a", "an")):
        return NONE  # how old somebody is
    if unit == "quarter" and m.string[m.start("u") - 1] == "-" and plural or unit == "second" and m["n"].lower() == "a":
        return NONE  # a fraction, an ordinal
    if m["n"].isdigit() and len(m["n"]) == 4 and not plural:
        return NONE  # "the 1988 quarter"
    if count is not None and (m["half"] or m["half2"]):
        count += 0.5
    if m["n"].lower() in ("a", "an") and re.search(
        r"(?i)\b(?:times|twice|once|per)\s+$", m.string[max(0, m.start() - 7) : m.start()]
    ):
        return "SET", f"P1{UNITS[unit]}", None
    if m["n"].lower() in ("recent", "coming") and not plural:
        return NONE
    if m["n"].lower() == "some" or (m["n"].lower() in ("many", "recent") and unit in ("second", "minute")):
        return (
            ("DURATION", _length(None, unit), None)
            if m.group().lower().rstrip("'’").endswith("s")
            else ("", None, None)
        )
    return "DURATION", _length(count, unit), None


AGE = re.compile(r"s?['’]?[\s-]+(?:olds?|of\s+age)\b")


def _length(count: float | None, unit: str) -> str:
    """A length of time in ISO 8601: decades and centuries as years, which is all it knows; halves in the next smaller
    unit.
    """
    time_ = "T" if unit in ("hour", "minute", "second") else ""
    if unit in ("decade", "century"):
        unit, count = "year", None if count is None else count * (10 if unit == "decade" else 100)
    if count is None:
        return f"P{time_}X{UNITS[unit]}"
    whole, half = int(count), count - int(count) == 0.5
    if half and whole and (smaller := {"year": "6M", "hour": "30M", "minute": "30S"}.get(unit)):
        return f"P{time_}{whole}{UNITS[unit]}{smaller}"
    return f"P{time_}{_plain(count)}{UNITS[unit]}"


@form(
    rf"(?:every|each)\s+(?:other\s+)?(?:(?P<n>{COUNT})\s+)?"
    f"(?P<u>{UNIT}|{WEEKDAY}|{MONTH}|{DAYPART}|{SEASON})s?"
    "|(?P<adv>daily|weekly|monthly|yearly|annually|nightly|hourly)"
    rf"|(?P<many>{WEEKDAY})s(?:\s+(?P<night>{DAYPART})s?)?"
    rf"|(?P<one>{WEEKDAY})\s+(?P<nights>mornings|afternoons|evenings|nights)"
)
def _set(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if m["adv"]:
        return (
            "SET",
            {"daily": "P1D", "weekly": "P1W", "monthly": "P1M", "nightly": "P1D", "hourly": "PT1H"}.get(
                m["adv"].lower(), "P1Y"
            ),
            None,
        )
    if m["many"] or m["one"]:
        part = PARTS.get((m["night"] or m["nights"] or "").lower().rstrip("s"), "")
        return "SET", f"XXXX-WXX-{WEEKDAYS[(m['many'] or m['one']).lower()] + 1}{part}", None
    low = m["u"].lower().rstrip(".")
    if low in WEEKDAYS:
        return "SET", f"XXXX-WXX-{WEEKDAYS[low] + 1}", None
    if low in MONTHS:
        return "SET", f"XXXX-{MONTHS[low]:02}", None
    if low in SEASONS:
        return "SET", f"XXXX-{SEASONS[low][1]}", None
    count = number(m["n"]) if m["n"] else 1
    return "SET", f"P{'T' if low in ('hour', 'minute', 'second') else ''}{_plain(count)}{UNITS.get(low, 'D')}", None


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?:(?P<c>mid-?)?(?P<d>(?:1[5-9]|20)\d0)['’]?s"
    "|(?P<w>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))"
)
def _decade(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    names = {
        "twenties": 1920,
        "thirties": 1930,
        "forties": 1940,
        "fifties": 1950,
        "sixties": 1960,
        "seventies": 1970,
        "eighties": 1980,
        "nineties": 1990,
    }
    if m["w"] and not m.group().lower().startswith("the"):
        return "", None, None
    return _date(_edge(cal.decade(int(m["d"]) if m["d"] else names[m["w"].lower()]), m["edge"] or m["c"] or ""))


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:fiscal\s+(?:year\s+)?|the\s+year\s+)?(?P<y>{YEAR})"
    rf"(?:\s*[-–/]\s*(?P<z>\d{{2}}(?:\d{{2}})?))?(?!-[A-Za-z])"
)
def _year(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    year = int(m["y"])
    before, after = m.string[max(0, m.start() - 2) : m.start()], m.string[m.end() : m.end() + 12]
    if (
        re.search(r"[$€£#.,:]$|\d[/.-]$", before)
        or re.match(
            r"\s*(?:people|troops|soldiers|dead|km|kilomet|miles|percent|per cent|%|tons|tonnes|men|women|houses|,\d)",
            after,
        )
        or re.match(r"[.,]\d", after)
    ):
        return "", None, None
    if not 1000 <= year <= 2100:
        return "", None, None
    stretch = cal.year(year)
    if m["z"]:
        last = int(m["z"]) if len(m["z"]) == 4 else year // 100 * 100 + int(m["z"])
        if year < last <= year + 100:
            return "DURATION", f"P{last - year}Y", Stretch(stretch.first, cal.year(last).last, str(year))
    return _date(_edge(stretch, m["edge"] or ""))


@form(
    rf"(?:the\s+year\s+)?(?:(?P<c>{SPOKEN})|two\s+thousand"
    rf"(?:\s+(?:and\s+)?(?P<o>{_ONES}|{_TEENS}|(?:{_TENS})(?:[\s-](?:{_ONES}))?))?)"
    r"(?![\s-]+(?:people|percent|dollars|men|troops|soldiers|miles|tons|years|days|other|hundred|thousand"
    "|million))"
)
def _spoken_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if m["c"]:
        return _date(cal.year(_year_of(m["c"])))
    if not m["o"] and not m.group().lower().startswith("the year"):
        return NONE
    return _date(cal.year(2000 + int(number(m["o"]) or 0) if m["o"] else 2000))


@form(rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:(?P<det>{DETER})\s+)?(?P<m>{MONTH})")
def _month(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    name = m["m"]
    if (
        not name[0].isupper()
        or len(name) == 3
        and name != "May"
        and re.match(r"\s+[A-Z][a-z]", m.string[m.end() :])  # Jan Kavan
        or name.lower().rstrip(".") in ("may", "march", "mar", "jan", "dec", "sun")
        and not (m["det"] or m["edge"])
        and not re.search(
            r"(?i)\b(?:in|of|since|until|till|by|during|from|through|before|after|and|to|for)\s+$",
            m.string[max(0, m.start() - 9) : m.start()],
        )
    ):
        return "", None, None
    month, det = MONTHS[name.lower().rstrip(".")], (m["det"] or "").lower()
    year = (
        anchor.year
        if det == "this"
        else _nearest_year(
            anchor, month, "future" if det in ("next", "coming") else "past" if det in ("last", "past") else tense
        )
    )
    if year is None and anchor.year and not det:
        return _date(_edge(cal.month(anchor.year, month), m["edge"] or ""))
    if year is not None and det == "last" and anchor.first and cal.month(year, month).last >= anchor.first:
        year -= 1
    return _date(_edge(cal.month(year, month), m["edge"] or "")) if year else ("DATE", f"XXXX-{month:02}", None)


@form(CLOCK)
def _clock(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    hour = _hour(m.group())
    if hour is None:
        return "", None, None
    return "TIME", f"@clock {hour}", None


@form(
    rf"(?:at\s+)?(?P<h>\d{{1,2}}|{_ONES}|ten|eleven|twelve)(?:\s+o['’]clock)?\s+in\s+the\s+"
    rf"(?P<part>morning|afternoon|evening)|(?P<h2>\d{{1,2}}|{_ONES}|ten|eleven|twelve)\s+o['’]clock"
)
def _spoken_hour(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    hour = int(number(m["h"] or m["h2"]) or 0)
    if not 1 <= hour <= 12:
        return NONE
    if m["part"]:
        hour = hour % 12 + (12 if m["part"].lower() != "morning" else 0)
    return "TIME", f"@clock {hour:02}:00", None


def _hour(text: str) -> str | None:
    """Hour and minute of a clock's time, as ISO writes them."""
    parts = re.match(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?", text, re.I)
    if parts is None:
        return None
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        hour = hour % 12 + (12 if parts[3].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


@form(r"(?:right|just|by|until|for|from)\s+(?P<n>now)|(?P<f>in the (?:near |foreseeable )?future)")
def _surely_vague(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    return "DATE", "PRESENT_REF" if m["n"] else "FUTURE_REF", None


@form(
    r"(?P<past>recently|in recent times|lately|in the past|in years past|once upon a time|recent(?= [a-z]))"
    "|(?P<now>now|currently|nowadays|at present|these days|at the moment|at this time|presently"
    "|(?:the )?current(?= [a-z]))"
    r"|(?P<next>the (?:near |foreseeable )?future|soon)",
    doubtful=True,
)
def _vague(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if m["next"] and re.search(r"(?i)\b(?:as|too)\s+$", m.string[max(0, m.start() - 5) : m.start()]):
        return NONE  # "as soon as"
    return "DATE", "PAST_REF" if m["past"] else "PRESENT_REF" if m["now"] else "FUTURE_REF", None


def _plain(count: float | None) -> str:
    return "X" if count is None else str(int(count)) if count == int(count) else str(count)


def _days_away(d: date, unit: str, count: float) -> date | None:
    try:
        days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
        if days:
            return d + timedelta(days * count)
        months = round(count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}.get(unit, 0))
        there = cal.month(d.year, d.month + months)
        return there.first.replace(day=min(d.day, there.last.day))
    except (ValueError, OverflowError):
        return None


def expressions(
    text: str,
    anchor: Anchor,
    tense: Callable[[int], Tense],
    seen: Iterable[tuple[int, int, str]] | None = None,
    here: Callable[[int], Anchor] | None = None,
) -> list[Expression]:
    """Every time expression of a text in order, the longest where several begin or overlap; `tense` gives that of the
    verb over a position.

    `seen` is what the model takes for expressions, by first and last character and type: those need no form of their
    own, and doubtful forms count only where they overlap one. `None` where no model has read the text. `here` gives the
    anchor of a position where the text has several, as live reports do.
    """
    tagged = list(seen or ())
    anchor = _ordered(text, anchor)
    at = here or (lambda _: anchor)
    likely, taken = bytearray(len(text)), bytearray(len(text))
    for start, end, _ in tagged:
        likely[start:end] = b"\1" * (end - start)
    found: list[tuple[int, int, int, re.Match[str], Rule]] = []
    for rank, (pattern, rule) in enumerate(_forms):
        for m in pattern.finditer(text):
            if seen is None or rule not in _doubtful or any(likely[m.start() : m.end()]):
                found.append((m.start(), -m.end(), rank, m, rule))
    found.sort(key=lambda f: (f[1] + f[0], f[2], f[0]))  # longest first, then the earlier form
    kept: list[Expression] = []

    def keep(e: Expression) -> None:
        taken[e.start : e.end] = b"\1" * (e.end - e.start)
        kept.append(e)

    for start, minus_end, _, m, rule in found:
        end = -minus_end
        if any(taken[start:end]):
            continue
        try:
            kind, value, stretch = rule(m, at(start), tense(start))
        except (ValueError, OverflowError):
            kind, value, stretch = "DATE", None, None
        if not kind:
            continue
        group = m.group()
        while group.endswith(("'s", "’s")):
            group, end = group[:-2], end - 2
        keep(_expression(start, end, kind, value, stretch))
        if rule is _day_month:
            for more in _further_days(text, kept[-1]):
                keep(more)
    for start, end, kind in tagged:
        if not any(taken[start:end]):
            if AGE.match(text, end) or text[start:end].lower() == "second":
                continue
            kind, value, stretch = composed(text[start:end], kind, at(start))
            if value is None:
                continue  # a scrap of one
            kept.append(_expression(start, end, kind, value, stretch))
    kept.sort(key=lambda e: e.start)
    return _in_turn(kept, at)


def _expression(start: int, end: int, kind: str, value: str | None, stretch: Stretch | None) -> Expression:
    return Expression(start, end, kind, value, stretch.first if stretch else None, stretch.last if stretch else None)


_FURTHER = re.compile(
    r"(?:,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)([12]\d|3[01]|[1-9])(?:st|nd|rd|th)?(?![\w%:/-]|[.,]\d|\s+[a-zA-Z])"
)


def _further_days(text: str, day_: Expression) -> Iterable[Expression]:
    """The other days of "April 24 and 25"."""
    if day_.first is None or not re.search(r"\d(?:st|nd|rd|th)?$", text[day_.start : day_.end]):
        return
    if re.search(rf"(?:\W|^){YEAR}$", text[day_.start : day_.end]):
        return
    at, last = day_.end, day_.first
    while m := _FURTHER.match(text, at):
        stretch = _day_of(last.year, last.month, m[1])
        if stretch is None or stretch.first <= last:
            return
        yield _expression(m.start(1), m.end(), "DATE", stretch.value, stretch)
        at, last = m.end(), stretch.first


_TWO_FIGURES = re.compile(rf"(?<![\w/.-])(\d{{1,2}})([/-])(\d{{1,2}})\2(?:{YEAR}|\d\d)(?![\w/-])")


def _ordered(text: str, anchor: Anchor) -> Anchor:
    """The anchor with the order of days in figures: what the text itself settles goes before what its country
    writes.
    """
    votes = {
        "day first" if int(m[1]) > 12 else "month first"
        for m in _TWO_FIGURES.finditer(text)
        if (12 < int(m[1]) <= 31) != (12 < int(m[3]) <= 31) and min(int(m[1]), int(m[3])) <= 12
    }
    if len(votes) != 1:
        return anchor
    return Anchor(anchor.first, anchor.last, "day first" if "day first" in votes else "month first")


_LOOSE = re.compile(
    rf"(?i)\b(?P<u>{UNIT}|morning|afternoon|evening|night|summer|winter|spring|autumn|term|period|moment"
    r"|date|time)(?P<many>s)?\b"
)
_FORWARD = re.compile(r"(?i)\b(?:coming|next|later|future|ahead|short|long|upcoming)\b")
_BACK = re.compile(r"(?i)\b(?:past|earlier|previous|ago|former|recent|early|old)\b")


def composed(text: str, kind: str, anchor: Anchor) -> tuple[str, str | None, Stretch | None]:
    """The value of an expression that has no form of its own, of what stands in it: a unit, a count, a direction
    ("eight trading days", "the full year").
    """
    if century := re.search(r"(?i)\b(\d{1,2})(?:st|nd|rd|th) century", text):
        return _date(cal.century(100 * (int(century[1]) - 1)))
    loose = _LOOSE.search(text)
    if loose is None:
        return kind, None, None
    unit = loose["u"].lower().replace("centurie", "century")
    count = next(
        (
            n
            for w in re.finditer(rf"\b{COUNT}\b", text[: loose.start()], re.I)
            if w.group().lower() not in ("a", "an") and (n := number(w.group()))
        ),
        None,
    )
    if unit not in UNITS:
        part = PARTS.get(unit)
        if part and anchor.day:
            return "TIME", anchor.day.isoformat() + part, cal.day(anchor.day)
        return (
            "DATE",
            "FUTURE_REF"
            if _FORWARD.search(text)
            else "PAST_REF"
            if _BACK.search(text)
            else "PRESENT_REF"
            if unit == "moment"
            else None,
            None,
        )
    if count is not None:
        return "DURATION", _length(count, unit), None
    if loose["many"]:
        if _FORWARD.search(text) and kind != "DURATION":
            return "DATE", "FUTURE_REF", None
        return "DURATION", _length(None, unit), None
    if kind in ("DURATION", "SET"):
        return kind, _length(1, unit), None
    return "DATE", f"@0 {unit} or now", None


def _in_turn(found: list[Expression], here: Callable[[int], Anchor]) -> list[Expression]:
    """Values of what is relative to the date last spoken of ("a year earlier", "that week"), in the order of the
    text.
    """
    spoken: Expression | None = None
    told: list[Expression] = []
    for at, e in enumerate(found):
        before = bool(e.value and e.value.startswith("@-"))
        if e.value and e.value.startswith("@"):
            later = found[at + 1] if at + 1 < len(found) else None
            stretch = _relative(e, spoken, told, later, here(e.start))
            e = _expression(e.start, e.end, e.type, stretch.value if stretch else None, stretch)
        if e.first and e.type in ("DATE", "TIME") and (not before or e.first == e.last):
            spoken = e
        told.append(e)
    return told


HOUR_REACH = 200  # characters: an hour belongs to a day that was named as near as that


def _relative(
    e: Expression, spoken: Expression | None, told: list[Expression], later: Expression | None, anchor: Anchor
) -> Stretch | None:
    """What an expression that waits for another one means; its value says how: "@SHIFT UNIT [behind|spoken|or now]
    [PART]" or "@clock HOUR".
    """
    assert e.value is not None
    shift, unit, *rest = e.value[1:].split()
    if shift == "clock":
        near = spoken if spoken and spoken.first == spoken.last and e.start - spoken.end < HOUR_REACH else None
        day_ = near.first if near else anchor.day
        return Stretch(day_, day_, f"{day_.isoformat()}T{unit}") if day_ else None
    if rest[:1] in (["behind"], ["spoken"]):
        if rest[0] == "behind":
            base = later if later and later.start - e.end < 12 else None
        else:
            base = _fine_enough(told, unit)
        if base is None or base.first is None or base.last is None:
            return None
        if unit == "hours":
            return _hours_away(base.first if float(shift) < 0 else base.last, float(shift))
        stretch = cal.around(unit, base.first if int(shift) < 0 else base.last, int(shift))
        return Stretch(stretch.first, stretch.last, stretch.value + rest[1]) if len(rest) > 1 else stretch
    if rest and shift == "-1" and unit != "year" and (near := _fine_enough(told[-1:], unit)):
        return cal.around(unit, near.first, -1) if near.first else None  # "the previous month", just after a month
    found = _from(spoken, unit, int(shift), bool(rest))
    if found is None and rest and (here := anchor.day or (anchor.first if anchor.year else None)):
        return cal.moved(here, unit, int(shift))
    return found


REACH = {"day": 1, "hours": 1, "week": 7, "weekend": 7, "fortnight": 14, "month": 31, "quarter": 92, "year": 366}


BACK = 50  # expressions: farther back nobody remembers a day


def _fine_enough(told: list[Expression], unit: str) -> Expression | None:
    """The last date spoken of that is no longer than a unit, so that the next such unit is known."""
    for e in reversed(told[-BACK:]):
        if e.first and e.last and e.type in ("DATE", "TIME") and (e.last - e.first).days < REACH.get(unit, 366):
            return e
    return None


def _from(spoken: Expression | None, unit: str, shift: int, quarters_only: bool) -> Stretch | None:
    """The stretch some units from the one last spoken of, as fine as that one was; for "a year ago" only a quarter is
    meant beyond doubt.
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
