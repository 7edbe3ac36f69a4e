"""Forms for a week, month, quarter, season, year or longer, or a part of one."""

from __future__ import annotations

import re
from datetime import date, timedelta

from . import calendar as cal
from .calendar import MONTHS, SEASONS, UNITS, Stretch
from .forms import NONE, Anchor, Meaning, Tense, dated, edged, form, nearest_year
from .words import (
    COUNT,
    DAY,
    DETER,
    EDGE,
    MONTH,
    ONES,
    ORDINALS,
    SEASON,
    SPOKEN,
    TEENS,
    TENS,
    YEAR,
    length,
    number,
    year_of,
)


@form(rf"(?:(?P<edge>{EDGE})[\s-]+)?(?P<m>{MONTH})(?:\s+of)?,?\s+(?P<y>{YEAR}|{SPOKEN}|(?P<rel>last|this|next)\s+year)")
def _month_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    year = (
        year_of(m["y"])
        if not m["rel"]
        else anchor.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()]
        if anchor.year
        else None
    )
    month = MONTHS[m["m"].lower().rstrip(".")]
    return dated(edged(cal.month(year, month), m["edge"] or "")) if year else ("DATE", f"XXXX-{month:02}", None)


@form(
    rf"the\s+(?P<o>first|last|past)\s+(?P<n>{COUNT})\s+(?P<u>days|weeks|months|quarters)\s+of\s+"
    rf"(?P<y>{YEAR}|(?P<rel>last|this|next)\s+year)"
)
def _part_of_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
    rf"the\s+(?:very\s+)?(?P<o>first|second|third|fourth|last|final)\s+(?:(?P<n>{COUNT}|few)\s+)?"
    rf"(?P<u>day|week)s?\s+of\s+(?:(?P<m>{MONTH})(?:\s+of)?(?:,?\s+(?P<y>{YEAR}))?|(?P<rel>last|this|next|the)\s+month)"
)
def _part_of_month(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    """Days or weeks of a month, counted from its first or its last day. The value stays that of the month, except for
    one day.
    """
    whole = _whole_month(m, anchor, tense)
    if whole is None:
        return "DATE", None, None
    order = m["o"].lower()
    count = int(number(m["n"]) or 1) if m["n"] and m["n"].lower() != "few" else 3 if m["n"] else 1
    days = count * (7 if m["u"].lower() == "week" else 1)
    if order in ("last", "final"):
        first, last = max(whole.first, whole.last - timedelta(days - 1)), whole.last
    else:
        first = whole.first + timedelta(days * (ORDINALS[order] - 1))
        last = min(whole.last, first + timedelta(days - 1))
    return dated(cal.day(first) if first == last else Stretch(first, last, whole.value))


def _whole_month(m: re.Match[str], anchor: Anchor, tense: Tense) -> Stretch | None:
    if not m["m"]:
        shift = {"last": -1, "next": 1}.get(m["rel"].lower(), 0)
        return cal.around("month", anchor.first, shift) if anchor.month and anchor.first else None
    month = MONTHS[m["m"].lower().rstrip(".")]
    year = int(m["y"]) if m["y"] else nearest_year(anchor, month, tense) or anchor.year
    return cal.month(year, month) if year else None


@form(r"the\s+(?P<u>week|weekend|month|quarter|year)\s+(?P<way>before\s+last|after\s+next)")
def _second_neighbour(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    shift = -2 if m["way"].lower().startswith("before") else 2
    known = anchor.day or (anchor.first if m["u"].lower() == "year" and anchor.year else None)
    return dated(cal.around(m["u"].lower(), known, shift) if known else None)


@form(
    rf"(?:the\s+)?(?:(?P<y0>{YEAR})(?:['’]s)?\s+|(?P<rel0>last|this|next)\s+year['’]s\s+"
    r"|(?P<ago>year[- ](?:ago|earlier))\s+)?(?:fiscal\s+)?"
    r"(?P<q>first|second|third|fourth|last)[\s-]+quarter"
    rf"(?:\s+of\s+(?:the\s+)?(?P<y>{YEAR}|(?P<rel>last|this|next)\s+year|year))?"
    rf"|Q(?P<n>[1-4])(?:\s+(?P<y2>{YEAR}))?"
)
def _quarter(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    named = m["y"] or m["y2"] or m["y0"]
    year = (
        int(named)
        if named and named.isdigit()
        else anchor.year + {"last": -1, "this": 0, "next": 1}[(m["rel"] or m["rel0"]).lower()]
        if (m["rel"] or m["rel0"]) and anchor.year
        else anchor.year
    )
    which = int(m["n"]) if m["n"] else 4 if m["q"].lower() == "last" else ORDINALS[m["q"].lower()]
    if year and not named and not m["rel"] and not m["rel0"] and anchor.day:
        if m["ago"]:
            year -= 1
        elif tense != "future" and cal.quarter(year, which).first > anchor.day:
            year -= 1  # the most recent one
    return dated(cal.quarter(year, which)) if year else ("DATE", f"XXXX-Q{which}", None)


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?:(?P<det>{DETER})\s+)?(?P<s>{SEASON})"
    rf"(?:\s+(?:of\s+)?(?P<y>{YEAR}|{SPOKEN}))?"
)
def _season(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
    year = year_of(m["y"]) if m["y"] else None
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
    return dated(edged(cal.season(year, name), m["edge"] or "")) if year else ("DATE", f"XXXX-{code}", None)


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?P<det>{DETER})\s+"
    "(?P<u>week|month|quarter|year|decade|century|weekend|fortnight)(?:['’]s)?"
)
def _unit(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
        code = length(1, unit)
        back = cal.days_away(known, unit, -1)
        return "DURATION", code, Stretch(back, known, code) if back else None
    stretch = cal.around(unit, known, shift)
    edge = (m["edge"] or "").lower()
    if edge.startswith("earlier") and shift == 0 and anchor.day:
        return dated(Stretch(stretch.first, anchor.day, stretch.value))
    if edge.startswith("later") and shift == 0 and anchor.day:
        return dated(Stretch(anchor.day, stretch.last, stretch.value))
    return dated(edged(stretch, edge))


@form(
    r"(?:the\s+)?(?:comparable\s+|corresponding\s+)?year[- ](?:ago|earlier)(?:\s+(?:quarter|period))?"
    r"|the\s+(?:same|corresponding|comparable|year-ago|year-earlier)\s+(?:period|quarter)"
    r"(?:\s+(?:of\s+)?last\s+year|\s+a\s+year\s+(?:ago|earlier))?|last\s+year['’]s\s+(?:period|quarter)"
)
def _year_before(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    return "DATE", "@-4 quarter told" if m.group().lower().rstrip().endswith("quarter") else "@-1 year or now", None


@form(r"(?:the\s+)?(?:fiscal\s+)?(?:year[- ]end|year['’]s end)|the end of the year")
def _year_end(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    if anchor.year is None:
        return "DATE", None, None
    year = anchor.year - (tense == "past" and anchor.last is not None and anchor.last.month < 7)
    return dated(cal.day(date(year, 12, 31)))


_ENDED = re.compile(rf"(?i)\s+(?:that\s+)?(?:ended|ending)\s+(?:on\s+)?(?:{MONTH}|{DAY}\s+{MONTH})\b")


@form(
    r"(?:that(?:\s+same)?|this\s+same|the\s+(?:very\s+)?same|the latest|the most recent|the)\s+"
    r"(?P<u>quarter|weekend|day|week|month|year)(?![-\w])"
)
def _that(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    unit, low = m["u"].lower(), m.group().lower()
    if low.startswith("the ") and low.split()[1] == unit and unit not in ("quarter", "weekend"):
        return "", None, None
    if "latest" in low or "recent" in low or low == "the weekend":
        return (
            dated(cal.around(unit, anchor.day, -1 if unit != "weekend" or tense == "past" else 0))
            if anchor.day
            else ("DATE", None, None)
        )
    if unit == "quarter" and low.startswith("the ") and tense != "future":
        return "DATE", "@0 quarter behind" if _ENDED.match(m.string, m.end()) else "@0 quarter told", None
    return "DATE", f"@0 {unit}", None


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:the\s+)?(?:(?P<c>mid-?)?(?P<d>(?:1[5-9]|20)\d0)['’]?s"
    "|(?P<w>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))"
)
def _decade(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
    return dated(edged(cal.decade(int(m["d"]) if m["d"] else names[m["w"].lower()]), m["edge"] or m["c"] or ""))


@form(
    rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:fiscal\s+(?:year\s+)?|the\s+year\s+)?(?P<y>{YEAR})"
    rf"(?:\s*[-–/]\s*(?P<z>\d{{2}}(?:\d{{2}})?))?(?!-[A-Za-z])"
)
def _year(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
    return dated(edged(stretch, m["edge"] or ""))


@form(
    rf"(?:the\s+year\s+)?(?:(?P<c>{SPOKEN})|two\s+thousand"
    rf"(?:\s+(?:and\s+)?(?P<o>{ONES}|{TEENS}|(?:{TENS})(?:[\s-](?:{ONES}))?))?)"
    r"(?![\s-]+(?:people|percent|dollars|men|troops|soldiers|miles|tons|years|days|other|hundred|thousand"
    "|million))"
)
def _spoken_year(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    if m["c"]:
        return dated(cal.year(year_of(m["c"])))
    if not m["o"] and not m.group().lower().startswith("the year"):
        return NONE
    return dated(cal.year(2000 + int(number(m["o"]) or 0) if m["o"] else 2000))


@form(rf"(?:(?P<edge>{EDGE})[\s-]+)?(?:(?P<det>{DETER})\s+)?(?P<m>{MONTH})")
def _month(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
        else nearest_year(
            anchor, month, "future" if det in ("next", "coming") else "past" if det in ("last", "past") else tense
        )
    )
    if year is None and anchor.year and not det:
        return dated(edged(cal.month(anchor.year, month), m["edge"] or ""))
    if year is not None and det == "last" and anchor.first and cal.month(year, month).last >= anchor.first:
        year -= 1
    return dated(edged(cal.month(year, month), m["edge"] or "")) if year else ("DATE", f"XXXX-{month:02}", None)
