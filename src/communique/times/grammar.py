"""The grammar of time expressions: what each form is made of, and how its parts make a value.

A form is a pattern over words and a rule that composes units, counts, shifts and anchors into a stretch of the calendar. Patterns are built from
the same few parts, so that "two weeks ago", "early last year" and "the first ten months of 2020" are compositions, not entries of a table.
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

MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?)"
WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
SEASON = r"(?:spring|summer|autumn|fall|winter)"
UNIT = r"(?:second|minute|hour|day|week|fortnight|month|quarter|year|decade|century|centurie|weekend)"
COUNT = (
    r"(?:\d+(?:\.\d+)?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ](?:one|two|three|four|five|six|seven|eight|nine)|"
    + "|".join(sorted((w for w in _SMALL if w not in ("zero", "a", "an", "dozen")), key=len, reverse=True))
    + "|a couple of|a couple|a dozen|a|an)"
)
VAGUE = r"(?:several|few|a few|some|many|recent|a number of)"
DAYPART = r"(?:morning|afternoon|evening|night|midday|noon|midnight|dawn|dusk)"
YEAR = r"(?:1\d{3}|20\d{2}|21\d{2})"
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
EDGE = r"(?:very |as )?(?:early|mid|late|earlier|later|the (?:start|beginning|middle|end|close) of|(?:start|beginning|middle|end) of|the (?:first|second) half of)"
CLOCK = r"(?:\d{1,2}(?:[:.]\d{2})?\s*(?:a\.m\.|p\.m\.|am|pm|a\.m|p\.m)|\d{1,2}:\d{2})(?:\s+(?:GMT|UTC|EST|EDT|ET|CET|BST|IST|JST|KST|local time))?"


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


def bounded(pattern: str) -> str:
    """A pattern whose white space has bounds: several stretches of it side by side must not share out a long one in every way."""
    return pattern.replace(r"\s*", r"\s{0,9}").replace(r"\s+", r"\s{1,9}")


def form(pattern: str) -> Callable[[Rule], Rule]:
    def keep(rule: Rule) -> Rule:
        _forms.append((re.compile(rf"(?i)(?<![\w-])(?:{bounded(pattern)})(?!\w)"), rule))
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
    if "first half" in low:
        return Stretch(stretch.first, stretch.first + timedelta(days // 2), stretch.value)
    if "second half" in low:
        return Stretch(stretch.first + timedelta(days // 2 + 1), stretch.last, stretch.value)
    if "earl" in low or "start" in low or "beginning" in low:
        return Stretch(stretch.first, stretch.first + timedelta(days // 3), stretch.value)
    if "mid" in low:
        return Stretch(stretch.first + timedelta(days // 3), stretch.first + timedelta(2 * days // 3), stretch.value)
    return Stretch(stretch.first + timedelta(2 * days // 3), stretch.last, stretch.value)


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
    rf"(?:(?P<wd>{WEEKDAY}),?\s+)?(?:(?P<m1>{MONTH})\s+(?P<d1>{DAY})|(?:the\s+)?(?P<d2>{DAY})\s+(?:of\s+)?(?P<m2>{MONTH}))(?:,?\s+(?P<y>{YEAR})|\s*,?\s*(?P<rel>last|this|next)\s+year)?"
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


@form(rf"(?:(?P<edge>{EDGE})[\s-]+)?(?P<m>{MONTH})(?:\s+of)?,?\s+(?P<y>{YEAR}|(?P<rel>last|this|next)\s+year)")
def _month_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    year = (
        int(m["y"])
        if not m["rel"]
        else anchor.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()]
        if anchor.year
        else None
    )
    month = MONTHS[m["m"].lower().rstrip(".")]
    return _date(_edge(cal.month(year, month), m["edge"] or "")) if year else ("DATE", f"XXXX-{month:02}", None)


@form(
    rf"the\s+(?P<o>first|last|past)\s+(?P<n>{COUNT})\s+(?P<u>days|weeks|months|quarters)\s+of\s+(?P<y>{YEAR}|(?P<rel>last|this|next)\s+year)"
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
    rf"(?:the\s+)?(?:(?P<y0>{YEAR})(?:['’]s)?\s+|(?P<ago>year[- ](?:ago|earlier))\s+)?(?:fiscal\s+)?(?P<q>first|second|third|fourth|last)[\s-]+quarter(?:\s+of\s+(?:the\s+)?(?P<y>{YEAR}|(?P<rel>last|this|next)\s+year|year))?|Q(?P<n>[1-4])(?:\s+(?P<y2>{YEAR}))?"
)
def _quarter(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    named = m["y"] or m["y2"] or m["y0"]
    year = (
        int(named)
        if named and named.isdigit()
        else anchor.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()]
        if m["rel"] and anchor.year
        else anchor.year
    )
    which = int(m["n"]) if m["n"] else 4 if m["q"].lower() == "last" else _ORDINALS[m["q"].lower()]
    if year and not named and not m["rel"] and anchor.day:
        if m["ago"]:
            year -= 1
        elif tense != "future" and cal.quarter(year, which).first > anchor.day:
            year -= 1  # the last that there was
    return _date(cal.quarter(year, which)) if year else ("DATE", f"XXXX-Q{which}", None)


@form(rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?:(?P<det>{DETER})\s+)?(?P<s>{SEASON})(?:\s+(?:of\s+)?(?P<y>{YEAR}))?")
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
    year = int(m["y"]) if m["y"] else None
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
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?P<det>{DETER})\s+(?P<u>week|month|quarter|year|decade|century|weekend|fortnight)(?:['’]s)?"
)
def _unit(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit, det = m["u"].lower(), m["det"].lower()
    shift = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "next": 1, "coming": 1, "following": 1}.get(
        det, 0
    )
    if det in ("preceding", "following", "same"):
        return "DATE", None, None
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
    stretch = cal.around(unit, known, shift)
    edge = (m["edge"] or "").lower()
    if edge.startswith("earlier") and shift == 0 and anchor.day:
        return _date(Stretch(stretch.first, anchor.day, stretch.value))
    if edge.startswith("later") and shift == 0 and anchor.day:
        return _date(Stretch(anchor.day, stretch.last, stretch.value))
    return _date(_edge(stretch, edge))


@form(
    rf"(?:(?P<edge>{EDGE})\s+(?:on\s+)?)?(?:(?P<det>{DETER})\s+)?(?P<wd>{WEEKDAY})(?:['’]s)?(?:\s+(?P<part>{DAYPART}))?(?:\s+(?:last|this|next)\s+week)?"
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
    rf"(?:(?P<edge>earlier|later|early|late)\s+)?(?P<w>today|yesterday|tomorrow|tonight|last night|the day before yesterday|the day after tomorrow|this (?P<p1>{DAYPART}))(?:['’]s)?(?:\s+(?P<p2>{DAYPART}))?"
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
    rf"(?:(?:about|around|nearly|almost|over|more than|less than|just|some)\s+)?(?P<n>{COUNT}|{VAGUE})[\s-]+(?:(?:full|whole|long)\s+)?(?P<u>{UNIT})s?\s+(?P<way>ago|earlier|later|before|after|from now|hence)"
)
def _shifted(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit = m["u"].lower().replace("centurie", "century")
    count, way = number(m["n"]), m["way"].lower()
    if way in ("before", "after"):
        return "", None, None
    if count is None:
        return "DATE", "PAST_REF" if way in ("ago", "earlier") else "FUTURE_REF", None
    sign = -1 if way in ("ago", "earlier") else 1
    if way in ("earlier", "later") or unit == "year" and way == "ago":
        return "DATE", f"@{sign * round(count)} {unit}" + (" or now" if way == "ago" else ""), None
    here = anchor.day or (anchor.first if unit in ("year", "decade", "century") and anchor.year else None)
    return _date(cal.moved(here, unit, sign * count) if here else None)


@form(
    r"(?:the\s+)?(?:comparable\s+|corresponding\s+)?year[- ](?:ago|earlier)(?:\s+(?:quarter|period))?|the\s+(?:same|corresponding|comparable|year-ago|year-earlier)\s+(?:period|quarter)(?:\s+(?:of\s+)?last\s+year|\s+a\s+year\s+(?:ago|earlier))?|last\s+year['’]s\s+(?:period|quarter)"
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
    rf"(?:(?P<c>{CLOCK}|noon|midnight)|(?:(?P<edge>early|late|mid)[ -])?(?P<part>{DAYPART}))\s+(?:on\s+)?(?:(?P<wd>{WEEKDAY})|(?P<w>today|yesterday|tomorrow))(?:['’]s)?"
)
def _hour_of_day(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if m["wd"] and not m["wd"][0].isupper():
        return "", None, None
    if anchor.day is None:
        return "TIME", None, None
    if m["w"]:
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
    code = f"P{'T' if unit in ('hour', 'minute', 'second') else ''}{_plain(count)}{UNITS[unit]}" if count else None
    if tense != "future" or count is None or anchor.day is None or unit in ("second", "minute", "hour"):
        return "DURATION", code, None
    end = cal.moved(anchor.day, unit, count)
    return _date(end)


@form(rf"(?:the\s+)?(?P<det>last|past|next|coming|previous)\s+(?P<n>{COUNT}|{VAGUE})\s+(?P<u>{UNIT})s")
def _window(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit, count = m["u"].lower().replace("centurie", "century"), number(m["n"])
    if count is None:
        return "DURATION", f"PX{UNITS[unit]}", None
    code = f"P{'T' if unit in ('hour', 'minute', 'second') else ''}{_plain(count)}{UNITS[unit]}"
    here = anchor.day
    if here is None or unit in ("second", "minute", "hour"):
        return "DURATION", code, None
    back = m["det"].lower() in ("last", "past", "previous")
    other = _days_away(here, unit, -count if back else count)
    return "DURATION", code, (Stretch(other, here, code) if back else Stretch(here, other, code)) if other else None


@form(
    rf"(?:(?:about|around|nearly|almost|over|more than|less than|at least|up to|some)\s+)?(?P<n>{COUNT}|{VAGUE})(?P<half> and a half)?(?:[\s-]+)(?:(?:full|whole|long|consecutive|straight)\s+)?(?P<u>{UNIT})s?(?P<half2> and a half)?(?:[\s-]long)?(?:['’])?|(?P<us>{UNIT})s[\s-]long"
)
def _duration(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    unit = (m["u"] or m["us"]).lower().replace("centurie", "century")
    if m["us"] or re.match(rf"(?i)an? {UNIT}s[\s-]long", m.group()):
        return "DURATION", f"P{'T' if unit in ('hour', 'minute', 'second') else ''}X{UNITS[unit]}", None
    count = number(m["n"])
    if count is not None and (m["half"] or m["half2"]):
        count += 0.5
    if m["n"].lower() in ("a", "an") and re.search(
        r"(?i)\b(?:times|twice|once|per)\s+$", m.string[max(0, m.start() - 7) : m.start()]
    ):
        return "SET", f"P1{UNITS[unit]}", None
    if re.match(r"[\s-]old\b", m.string[m.end() : m.end() + 5]):
        return "DURATION", f"P{_plain(count)}{UNITS[unit]}" if count else None, None
    if m["n"].lower() == "some" or (m["n"].lower() in ("many", "recent") and unit in ("second", "minute")):
        return (
            ("DURATION", f"PX{UNITS[unit]}", None) if m.group().lower().rstrip("'’").endswith("s") else ("", None, None)
        )
    code = f"P{'T' if unit in ('hour', 'minute', 'second') else ''}{_plain(count) if count is not None else 'X'}{UNITS[unit]}"
    return "DURATION", code, None


@form(
    rf"(?:every|each)\s+(?:other\s+)?(?:(?P<n>{COUNT})\s+)?(?P<u>{UNIT}|{WEEKDAY}|{MONTH}|{DAYPART}|{SEASON})s?|(?P<adv>daily|weekly|monthly|yearly|annually|nightly|hourly)|(?P<many>{WEEKDAY})s(?:\s+(?P<night>{DAYPART})s?)?|(?P<one>{WEEKDAY})\s+(?P<nights>mornings|afternoons|evenings|nights)"
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
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?:(?P<c>mid-?)?(?P<d>(?:1[5-9]|20)\d0)['’]?s|(?P<w>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))"
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
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:fiscal\s+(?:year\s+)?|the\s+year\s+)?(?P<y>{YEAR})(?:\s*[-–/]\s*(?P<z>\d{{2}}(?:\d{{2}})?))?(?!-[A-Za-z])"
)
def _year(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    year = int(m["y"])
    before, after = m.string[max(0, m.start() - 2) : m.start()], m.string[m.end() : m.end() + 12]
    if (
        re.search(r"[$€£#.,:]$", before)
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


_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"


@form(
    rf"(?:the\s+year\s+)?(?:(?P<c>eighteen|nineteen|twenty)[\s-]+(?P<t>(?:{_TENS})(?:[\s-](?:{_ONES}))?|{_TEENS})|two\s+thousand(?:\s+(?:and\s+)?(?P<o>{_ONES}|{_TEENS}|(?:{_TENS})(?:[\s-](?:{_ONES}))?))?)(?![\s-]+(?:people|percent|dollars|men|troops|soldiers|miles|tons|years|days|other|hundred|thousand|million))"
)
def _spoken_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    if m["c"]:
        return _date(
            cal.year({"eighteen": 1800, "nineteen": 1900, "twenty": 2000}[m["c"].lower()] + int(number(m["t"]) or 0))
        )
    if not m["o"] and not m.group().lower().startswith("the year"):
        return "", None, None
    return _date(cal.year(2000 + int(number(m["o"]) or 0) if m["o"] else 2000))


@form(rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:(?P<det>{DETER})\s+)?(?P<m>{MONTH})")
def _month(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
    name = m["m"]
    if (
        not name[0].isupper()
        or name.lower().rstrip(".") in ("may", "march", "mar", "jan", "dec", "sun")
        and not (m["det"] or m["edge"])
        and not re.search(
            r"(?i)\b(?:in|of|since|until|till|by|during|from|through|before|after|and|to|for)\s+$",
            m.string[max(0, m.start() - 9) : m.start()],
        )
    ):
        return "", None, None
    month, det = MONTHS[name.lower().rstrip(".")], (m["det"] or "").lower()
    year = _nearest_year(
        anchor, month, "future" if det in ("next", "coming") else "past" if det in ("last", "past") else tense
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
    day = anchor.day.isoformat() if anchor.day else "XXXX-XX-XX"
    return "TIME", f"{day}T{hour}", cal.day(anchor.day) if anchor.day else None


def _hour(text: str) -> str | None:
    """Hour and minute of a clock's time, as ISO writes them."""
    parts = re.match(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?", text, re.I)
    if parts is None:
        return None
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        hour = hour % 12 + (12 if parts[3].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


@form(
    r"(?P<past>recently|in recent (?:days|weeks|months|years|times|decades)|lately|in the past|in years past|once upon a time|recent(?= [a-z]))"
    r"|(?P<now>now|currently|nowadays|at present|these days|at the moment|at this time|presently|(?:the )?current(?= [a-z]))"
    r"|(?P<next>in the (?:near |coming |foreseeable )?(?:future|days|weeks|months|years)|the (?:near |foreseeable )?future|soon|in the coming (?:days|weeks|months|years))"
)
def _vague(m: re.Match[str], anchor: Anchor, tense: Tense) -> tuple[str, str | None, Stretch | None]:
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
    text: str, anchor: Anchor, tense: Callable[[int], Tense], seen: Iterable[tuple[int, int, str]] = ()
) -> list[Expression]:
    """Every time expression of a text in order, the longest where several begin or overlap; `tense` gives that of the verb over a position.

    `seen` are further expressions by first and last character and type, which need no form of their own.
    """
    found: list[tuple[int, int, int, re.Match[str], Rule]] = []
    for rank, (pattern, rule) in enumerate(_forms):
        for m in pattern.finditer(text):
            found.append((m.start(), -m.end(), rank, m, rule))
    found.sort(key=lambda f: (f[1] + f[0], f[2], f[0]))  # longest first, then the earlier form
    taken: list[tuple[int, int]] = []
    kept: list[Expression] = []
    for start, minus_end, _, m, rule in found:
        end = -minus_end
        if any(s < end and start < e for s, e in taken):
            continue
        try:
            kind, value, stretch = rule(m, anchor, tense(start))
        except (ValueError, OverflowError):
            kind, value, stretch = "DATE", None, None
        if not kind:
            continue
        group = m.group()
        while group.endswith(("'s", "’s")):
            group, end = group[:-2], end - 2
        taken.append((start, end))
        kept.append(
            Expression(start, end, kind, value, stretch.first if stretch else None, stretch.last if stretch else None)
        )
    for start, end, kind in seen:
        if not any(s < end and start < e for s, e in taken):
            kind, value, stretch = composed(text[start:end], kind, anchor)
            if value is None:
                continue  # a scrap of one
            kept.append(
                Expression(
                    start, end, kind, value, stretch.first if stretch else None, stretch.last if stretch else None
                )
            )
    kept.sort(key=lambda e: e.start)
    return _in_turn(kept, anchor)


_LOOSE = re.compile(
    rf"(?i)\b(?P<u>{UNIT}|morning|afternoon|evening|night|summer|winter|spring|autumn|term|period|moment|date|time)(?P<many>s)?\b"
)
_FORWARD = re.compile(r"(?i)\b(?:coming|next|later|future|ahead|short|long|upcoming)\b")
_BACK = re.compile(r"(?i)\b(?:past|earlier|previous|ago|former|recent|early|old)\b")


def composed(text: str, kind: str, anchor: Anchor) -> tuple[str, str | None, Stretch | None]:
    """The value of an expression that has no form of its own, of what stands in it: a unit, a count, a direction ("eight trading days", "the full year")."""
    if century := re.search(r"(?i)\b(\d{1,2})(?:st|nd|rd|th) century", text):
        return _date(cal.century(100 * (int(century[1]) - 1)))
    loose = _LOOSE.search(text)
    if loose is None:
        return kind, None, None
    unit = loose["u"].lower().replace("centurie", "century")
    count = next(
        (
            n
            for w in re.finditer(COUNT, text[: loose.start()], re.I)
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
    code = f"P{'T' if unit in ('hour', 'minute', 'second') else ''}"
    if count is not None:
        return "DURATION", f"{code}{_plain(count)}{UNITS[unit]}", None
    if loose["many"]:
        if _FORWARD.search(text):
            return "DATE", "FUTURE_REF", None
        return "DURATION", f"{code}X{UNITS[unit]}", None
    if kind in ("DURATION", "SET"):
        return kind, f"{code}1{UNITS[unit]}", None
    return "DATE", f"@0 {unit} or now", None


def _in_turn(found: list[Expression], anchor: Anchor) -> list[Expression]:
    """Values of what is relative to the date last spoken of ("a year earlier", "that week"), in the order of the text."""
    spoken: Expression | None = None
    told = []
    for e in found:
        before = bool(e.value and e.value.startswith("@-"))
        if e.value and e.value.startswith("@"):
            shift, unit, *now = e.value[1:].split()
            stretch = _from(spoken, unit, int(shift), bool(now))
            if stretch is None and now and (here := anchor.day or (anchor.first if anchor.year else None)):
                stretch = cal.moved(here, unit, int(shift))
            e = Expression(
                e.start,
                e.end,
                e.type,
                stretch.value if stretch else None,
                stretch.first if stretch else None,
                stretch.last if stretch else None,
            )
        if e.first and e.type in ("DATE", "TIME") and not before:
            spoken = e
        told.append(e)
    return told


def _from(spoken: Expression | None, unit: str, shift: int, quarters_only: bool) -> Stretch | None:
    """The stretch some units from the one last spoken of, as fine as that one was; for "a year ago" only a quarter is meant beyond doubt."""
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
