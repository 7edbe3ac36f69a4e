"""Forms that count units: how long, how long ago, how often; and vague times."""

from __future__ import annotations

import re

from . import calendar as cal
from .calendar import MONTHS, SEASONS, UNITS, WEEKDAYS, Stretch
from .forms import NO_TIME, NONE, Anchor, Meaning, Tense, dated, form
from .words import CLOSED, COUNT, DAYPART, MONTH, PARTS, SEASON, UNIT, VAGUE, WEEKDAY, YEAR, length, number, plain


@form(
    rf"(?:(?:about|around|nearly|almost|over|more than|less than|just|some|only)\s+)?(?P<n>{COUNT}|{VAGUE})"
    rf"(?P<half> and a half)?[\s-]+(?:(?:full|whole|long)\s+)?(?P<u>{UNIT})s?"
    r"(?:\s+or\s+(?:so|two|more))?\s+(?P<way>ago|earlier|later|before|after|from now|hence)"
)
def _shifted(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    unit = m["u"].lower().replace("centurie", "century")
    count, way = number(m["n"]), m["way"].lower()
    if way in ("before", "after") and not CLOSED.match(m.string[m.end() : m.end() + 30]):
        return NONE  # "two days before the vote": how long, not when
    if count is None:
        return "DATE", "PAST_REF" if way in ("ago", "earlier", "before") else "FUTURE_REF", None
    sign = -1 if way in ("ago", "earlier", "before") else 1
    count += 0.5 if m["half"] else 0
    if unit in ("decade", "century"):  # "a decade ago" is ten years, not some year of the decade before
        unit, count = "year", count * (10 if unit == "decade" else 100)
    if unit == "year" and count < 1:
        unit, count = "month", 12 * count
    if unit in ("second", "minute", "hour"):
        hours = sign * count * {"second": 1 / 3600, "minute": 1 / 60, "hour": 1}[unit]
        if way in ("ago", "from now", "hence"):
            return dated(cal.hours_away(anchor.day, hours) if anchor.day else None)
        return "DATE", f"@{hours:.4f} hours spoken", None
    if way in ("earlier", "later", "before", "after") or unit == "year" and way == "ago":
        return "DATE", f"@{sign * round(count)} {unit}" + (" or now" if way == "ago" else ""), None
    here = anchor.day or (anchor.first if unit == "year" and anchor.year else None)
    return dated(cal.moved(here, unit, sign * count) if here else None)


@form(
    rf"(?P<way>in|within)\s+(?:the\s+)?(?:next\s+)?(?P<n>{COUNT})\s+(?P<u>{UNIT})(?P<s>s)?"
    r"(?:['’]\s+time)?(?=[\s,.]|$)"
)
def _ahead(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    unit, count = m["u"].lower().replace("centurie", "century"), number(m["n"])
    if re.fullmatch(YEAR, m["n"]) and not m["s"]:
        return NONE  # "in the 1988 quarter"
    code = length(count, unit) if count else None
    if tense != "future" or count is None or anchor.day is None or unit in ("second", "minute", "hour"):
        return "DURATION", code, None
    if m["way"].lower() == "within":
        last = cal.days_away(anchor.day, unit, count)
        return "DURATION", code, Stretch(anchor.day, last, code or "") if last else None
    return dated(cal.moved(anchor.day, unit, count))


@form(rf"(?:the\s+)?(?P<det>last|past|next|coming|previous)\s+(?P<n>{COUNT}|{VAGUE})\s+(?P<u>{UNIT})s")
def _window(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    unit, count = m["u"].lower().replace("centurie", "century"), number(m["n"])
    if count is None:
        return "DURATION", length(None, unit), None
    code = length(count, unit)
    here = anchor.day
    if here is None or unit in ("second", "minute", "hour"):
        return "DURATION", code, None
    back = m["det"].lower() in ("last", "past", "previous")
    other = cal.days_away(here, unit, -count if back else count)
    return "DURATION", code, (Stretch(other, here, code) if back else Stretch(here, other, code)) if other else None


_SHARE = re.compile(rf"\s+of\b(?!\s+(?:{YEAR}|(?:the|last|this|next)\s+year))")
# "$5 million a year", "30 villages a day": a number, with or without what is counted, and then the unit.
_RATE = re.compile(r"(?:(?:\d|\bhundred|\b[mbtr]{1,2}illion)(?<!\b[12]\d\d\d)(?:\s+[a-z]{1,20})?|%)\s+$")
_NO_RATE = re.compile(r"\s+(?:ago|earlier|later|before|after|from|since)\b")
_SOMETIME = re.compile(r"(?i)\b(?:will|would|could|may|might|shall|can|to)\s+$")


@form(
    r"(?:(?:about|around|nearly|almost|over|more than|less than|at least|up to|some)\s+)?"
    rf"(?P<n>{COUNT}|{VAGUE})(?P<half> and a half)?(?:[\s-]+)"
    rf"(?:(?:full|whole|long|consecutive|straight)\s+)?(?P<u>{UNIT})s?(?P<half2> and a half)?(?:[\s-]long)?"
    rf"(?:['’])?|(?P<us>{UNIT})s[\s-]long"
)
def _duration(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    unit = (m["u"] or m["us"]).lower().replace("centurie", "century")
    if m["us"] or re.match(rf"(?i)an? {UNIT}s[\s-]long", m.group()):
        return "DURATION", length(None, unit), None
    count = number(m["n"])
    plural = m.string[m.end("u") : m.end("u") + 1].lower() == "s"
    if AGE.match(m.string, m.end("u")) and not (plural and m["n"].lower() in ("a", "an")):
        return NO_TIME  # how old somebody is
    if unit == "quarter" and (
        m.string[m.start("u") - 1] == "-" and plural or not plural and _SHARE.match(m.string, m.end())
    ):
        return NO_TIME  # a fraction
    if unit == "second" and m["n"].lower() == "a":
        return NONE  # an ordinal
    if m["n"].isdigit() and len(m["n"]) == 4 and not plural:
        return NONE  # "the 1988 quarter"
    if (
        m["n"].lower() in ("a", "an")
        and _RATE.search(m.string, max(0, m.start() - 30), m.start())
        and not _NO_RATE.match(m.string, m.end())
    ):
        return NO_TIME  # "$5 million a year" says how much, not when
    if count is not None and (m["half"] or m["half2"]):
        count += 0.5
    if m["n"].lower() in ("a", "an") and re.search(
        r"(?i)\b(?:times|twice|once|per)\s+$", m.string[max(0, m.start() - 7) : m.start()]
    ):
        return "SET", f"P1{UNITS[unit]}", None
    if m["n"].lower() in ("recent", "coming"):
        return ("DATE", "PAST_REF" if m["n"].lower() == "recent" else "FUTURE_REF", None) if plural else NONE
    if m.group().lower() == "one day" and _SOMETIME.search(m.string, max(0, m.start() - 12), m.start()):
        return "DATE", "FUTURE_REF", None
    if m["n"].lower() == "some" or (m["n"].lower() in ("many", "recent") and unit in ("second", "minute")):
        return (
            ("DURATION", length(None, unit), None) if m.group().lower().rstrip("'’").endswith("s") else ("", None, None)
        )
    return "DURATION", length(count, unit), None


AGE = re.compile(r"s?['’]?[\s-]+(?:olds?|of\s+age)\b")


@form(
    rf"(?:every|each)\s+(?:other\s+)?(?:(?P<n>{COUNT})\s+)?"
    f"(?P<u>{UNIT}|{WEEKDAY}|{MONTH}|{DAYPART}|{SEASON})s?"
    "|(?P<adv>daily|weekly|monthly|yearly|annually|nightly|hourly)"
    rf"|(?P<many>{WEEKDAY})s(?:\s+(?P<night>{DAYPART})s?)?"
    rf"|(?P<one>{WEEKDAY})\s+(?P<nights>mornings|afternoons|evenings|nights)"
)
def _set(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
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
    return "SET", f"P{'T' if low in ('hour', 'minute', 'second') else ''}{plain(count)}{UNITS.get(low, 'D')}", None


@form(r"(?:right|just|by|until|for|from)\s+(?P<n>now)|(?P<f>in the (?:near |foreseeable )?future)")
def _surely_vague(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    return "DATE", "PRESENT_REF" if m["n"] else "FUTURE_REF", None


@form(
    r"(?P<past>recently|in recent times|lately|in the past|in years past|once upon a time|recent(?= [a-z]))"
    "|(?P<now>now|currently|nowadays|at present|these days|at the moment|at this time|presently"
    "|(?:the )?current(?= [a-z]))"
    r"|(?P<next>the (?:near |foreseeable )?future|soon)",
    doubtful=True,
)
def _vague(m: re.Match[str], anchor: Anchor, tense: Tense) -> Meaning:
    if m["next"] and re.search(r"(?i)\b(?:as|too)\s+$", m.string[max(0, m.start() - 5) : m.start()]):
        return NONE  # "as soon as"
    return "DATE", "PAST_REF" if m["past"] else "PRESENT_REF" if m["now"] else "FUTURE_REF", None
