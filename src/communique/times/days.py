"""Forms for a day or an hour of a day: in figures, by month, by weekday, relative to today or to another day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from . import calendar as cal
from .calendar import MONTHS, UNITS, WEEKDAYS, Stretch
from .forms import NONE, Anchor, Meaning, Tense, dated, day_of, form, nearest_year
from .words import CLOCK, CLOSED, COUNT, DAY, DAYPART, DETER, EDGE, MONTH, ONES, PARTS, WEEKDAY, YEAR, number


@form(rf"(?P<y>{YEAR})-(?P<m>\d\d)-(?P<d>\d\d)(?:T[\d:.+Z-]+)?")
def _iso(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    return dated(day_of(int(m["y"]), int(m["m"]), m["d"]) if 1 <= int(m["m"]) <= 12 else None)


@form(
    rf"(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>{YEAR}|\d\d)"
    rf"|(?P<y1>{YEAR})(?P<sep1>[/.])(?P<m1>\d{{1,2}})(?P=sep1)(?P<d1>\d{{1,2}})"
)
def _figures(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    """A day in figures. If both orders are possible and nothing decides between them, it is a date without a value."""
    if m["y1"]:
        return dated(_in_figures(int(m["y1"]), int(m["m1"]), int(m["d1"]))) if 1 <= int(m["m1"]) <= 12 else NONE
    a, b, year = int(m["a"]), int(m["b"]), int(m["y"])
    if len(m["y"]) == 2:
        if len(m["a"]) + len(m["b"]) < 4 and m["sep"] != "/":
            return NONE  # a version or a section number
        year += 2000 if year <= ((anchor.last.year if anchor.last else 2050) % 100) + 10 else 1900
    order = "day first" if m["sep"] == "." else anchor.order
    days = {d: o for d, o in ((_in_figures(year, b, a), "day first"), (_in_figures(year, a, b), "month first")) if d}
    if not days:
        return NONE
    if len(days) == 1:
        return dated(next(iter(days)))
    return dated(next((d for d, o in days.items() if o == order), None))


def _in_figures(year: int, month: int, number_: int) -> Stretch | None:
    try:
        return cal.day(date(year, month, number_))
    except ValueError:
        return None


@form(
    rf"(?:the\s+)?week\s+(?P<way>of|beginning|starting|ending)\s+(?:on\s+)?(?:the\s+)?(?:{WEEKDAY},?\s+)?"
    rf"(?P<day>{MONTH}\s+{DAY}|{DAY}\s+(?:of\s+)?{MONTH})(?:,?\s+(?P<y>{YEAR}))?"
)
def _week_of(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    month, figure = re.search(MONTH, m["day"], re.I), re.search(r"\d+", m["day"])
    if month is None or figure is None:
        return NONE
    number_ = MONTHS[month.group().lower().rstrip(".")]
    year = int(m["y"]) if m["y"] else nearest_year(anchor, number_, tense, int(figure.group()))
    stretch = day_of(year, number_, figure.group()) if year else None
    return dated(cal.week(stretch.first)) if stretch else ("DATE", "XXXX-WXX", None)


@form(
    rf"(?:(?P<m1>{MONTH})\s+(?P<a1>{DAY})\s*(?:[-–]|to|through)\s*(?P<b1>{DAY})"
    rf"|(?P<a2>{DAY})\s*(?:[-–]|to)\s*(?P<b2>{DAY})\s+(?P<m2>{MONTH}))(?:,?\s+(?P<y>{YEAR}))?"
)
def _days(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    """From one day to another of the same month."""
    month = MONTHS[(m["m1"] or m["m2"]).lower().rstrip(".")]
    first, last = m["a1"] or m["a2"], m["b1"] or m["b2"]
    year = int(m["y"]) if m["y"] else nearest_year(anchor, month, tense, int(re.sub(r"\D", "", first)))
    if year is None:
        return "DURATION", None, None
    a, b = day_of(year, month, first), day_of(year, month, last)
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
def _holiday(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    name = m["h"].lower().replace("’", "'")
    if not m["h"][0].isupper() or re.match(r"[\s-]+(?:[a-z]+|Island)", m.string[m.end() :]) and name == "christmas":
        return NONE  # "Christmas shopping", "Christmas Island"
    if m["y"]:
        return dated(cal.day(_holiday_in(int(m["y"]), name)))
    here = anchor.day
    if here is None:
        return "DATE", None, None
    if m["rel"]:
        return dated(cal.day(_holiday_in(here.year - 1, name)))
    day_ = _holiday_in(here.year, name)
    if m["det"] == "next" or tense == "future" and m["det"] != "last":
        return dated(cal.day(day_ if day_ >= here else _holiday_in(here.year + 1, name)))
    return dated(cal.day(day_ if day_ <= here else _holiday_in(here.year - 1, name)))


@form(
    rf"(?:(?P<wd>{WEEKDAY}),?\s+)?(?:(?P<m1>{MONTH})\s+(?P<d1>{DAY})"
    rf"|(?:the\s+)?(?P<d2>{DAY})\s+(?:of\s+)?(?P<m2>{MONTH}))"
    rf"(?:,?\s+(?P<y>{YEAR})|\s*,?\s*(?P<rel>last|this|next)\s+year)?"
)
def day_month(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    name, figure = (m["m1"] or m["m2"]).lower().rstrip("."), m["d1"] or m["d2"]
    month, at = MONTHS[name], int(re.sub(r"\D", "", figure))
    if m["y"]:
        year: int | None = int(m["y"])
    elif m["rel"] and anchor.year:
        year = anchor.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()]
    else:
        year = nearest_year(anchor, month, tense, at)
        if year is None and anchor.year:
            year = anchor.year
    if at > 31:
        return "DATE", None, None
    if year is None:
        return "DATE", f"XXXX-{month:02}-{at:02}", None
    return dated(day_of(year, month, figure))


@form(
    r"(?:(?:early|late|later)\s+)?the\s+(?:very\s+)?(?P<det>next|following|previous|preceding)\s+"
    rf"(?P<u>day|{DAYPART})|the\s+(?P<u2>day|night|week|month|year)\s+(?P<way>before|after)"
    r"(?!\s+(?:yesterday|tomorrow)\b)"
)
def _neighbour(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    """The day or year next to the one last mentioned, "the next day", "the year before", or next to one named right
    after.
    """
    unit = (m["u"] or m["u2"]).lower()
    shift = 1 if (m["det"] or m["way"]).lower() in ("next", "following", "after") else -1
    part = PARTS.get(unit, "")
    if unit not in UNITS:
        unit = "day"
    behind = m.string[m.end() : m.end() + 30]
    if m["way"] and not CLOSED.match(behind):
        if not _DATED.match(behind):
            return "DATE", None, None  # "the day after the summit": no word here gives its date
        return "DATE", f"@{shift} {unit} behind {part}".rstrip(), None
    return "TIME" if part else "DATE", f"@{shift} {unit} spoken {part}".rstrip(), None


_DATED = re.compile(
    rf"(?i)\s*(?:the\s+)?(?:last\s+)?(?:{WEEKDAY}|{MONTH}\s+\d|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}"
    "|christmas|thanksgiving|new year)"
)


@form(
    rf"(?:(?P<edge>{EDGE})\s+(?:on\s+)?)?(?:(?P<det>{DETER})\s+)?(?P<wd>{WEEKDAY})(?:['’]s)?"
    rf"(?:\s+(?P<part>{DAYPART}))?(?:\s+(?:last|this|next)\s+week)?"
)
def _weekday(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
    return ("TIME", f"{stretch.value}{code}", stretch) if code else dated(stretch)


@form(
    rf"(?P<n>{COUNT})\s+(?P<many>{WEEKDAY})s\s+(?P<way2>ago|from\s+now)"
    rf"|(?P<w>{COUNT})\s+weeks?\s+(?P<way>ago|from)\s+(?:on\s+)?(?:last\s+|next\s+)?(?P<one>{WEEKDAY})"
)
def _weeks_and_a_weekday(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    """A weekday some weeks away: "two Fridays ago", "a week ago on Monday", "a week from Friday"."""
    count, target = number(m["n"] or m["w"]), WEEKDAYS[(m["many"] or m["one"]).lower()]
    if anchor.day is None or count is None:
        return "DATE", None, None
    weeks = round(count) - (1 if m["many"] else 0)
    if (m["way"] or m["way2"]).lower() == "ago":
        near = anchor.day - timedelta((anchor.day.weekday() - target) % 7 or (7 if m["many"] else 0))
        return dated(cal.day(near - timedelta(7 * weeks)))
    near = anchor.day + timedelta((target - anchor.day.weekday()) % 7 or (7 if m["many"] else 0))
    return dated(cal.day(near + timedelta(7 * weeks)))


@form(
    r"(?:(?P<edge>earlier|later|early|late)\s+)?(?P<w>today|yesterday|tomorrow|tonight|last night"
    f"|the day before yesterday|the day after tomorrow|this (?P<p1>{DAYPART}))(?:['’]s)?"
    rf"(?:\s+(?P<p2>{DAYPART}))?"
)
def _deictic(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
    return ("TIME", stretch.value + code, stretch) if code else dated(stretch)


@form(r"overnight")
def _overnight(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    return ("TIME", f"{anchor.day.isoformat()}TNI", cal.day(anchor.day)) if anchor.day else ("TIME", None, None)


@form(
    rf"(?:(?P<c>{CLOCK}|noon|midnight)(?:\s*\([^()]{{1,20}}\))?,?"
    rf"|(?:the\s+)?(?:(?P<edge>early|late|mid)[ -])?(?P<part>{DAYPART}))\s+(?:on\s+|of\s+)?"
    rf"(?:(?P<wd>{WEEKDAY})|(?P<w>today|yesterday|tomorrow)|(?P<m>{MONTH})\s+(?P<d>{DAY})(?!\d)"
    rf"|(?P<d2>{DAY})\s+(?P<m2>{MONTH}))(?:['’]s)?"
)
def _hour_of_day(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    if m["wd"] and not m["wd"][0].isupper():
        return "", None, None
    if anchor.day is None:
        return "TIME", None, None
    if m["m"] or m["m2"]:
        month, figure = MONTHS[(m["m"] or m["m2"]).lower().rstrip(".")], m["d"] or m["d2"]
        year = nearest_year(anchor, month, tense, int(re.sub(r"\D", "", figure)))
        named = day_of(year, month, figure) if year else None
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


@form(CLOCK)
def _clock(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    hour = _hour(m.group())
    if hour is None:
        return "", None, None
    return "TIME", f"@clock {hour}", None


@form(
    rf"(?:at\s+)?(?P<h>\d{{1,2}}|{ONES}|ten|eleven|twelve)(?:\s+o['’]clock)?\s+in\s+the\s+"
    rf"(?P<part>morning|afternoon|evening)|(?P<h2>\d{{1,2}}|{ONES}|ten|eleven|twelve)\s+o['’]clock"
)
def _spoken_hour(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    hour = int(number(m["h"] or m["h2"]) or 0)
    if not 1 <= hour <= 12:
        return NONE
    if m["part"]:
        hour = hour % 12 + (12 if m["part"].lower() != "morning" else 0)
    return "TIME", f"@clock {hour:02}:00", None


def _hour(text: str) -> str | None:
    """Returns hour and minute of a clock time in ISO 8601, or `None` if it is no clock time."""
    parts = re.match(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?", text, re.I)
    if parts is None:
        return None
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        hour = hour % 12 + (12 if parts[3].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None
