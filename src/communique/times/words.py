"""The words of time expressions: patterns and their meaning, for counts, units, months and parts of a day."""

from __future__ import annotations

import re

from .calendar import UNITS

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
}
_POWERS = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
ORDINALS = {
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
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
ONES = "one|two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_WORDED = rf"(?:(?:{TENS})(?:[- ](?:{ONES}))?|{TEENS}|{ONES})"
COUNT = (
    r"(?:\d{1,3}\s+1/2|\d{1,3}(?:,\d{3}){1,4}|\d+(?:\.\d+)?½?"
    rf"|(?:(?:{_WORDED}|an?|\d{{1,3}})[\s-])?(?:dozen|hundred|thousand|million)(?:\s+(?:and\s+)?{_WORDED})?|{_WORDED}"
    r"|an?\s+quarter(?:\s+of\s+an?)?(?=[\s-]century)|quarter(?=-century)"
    r"|half(?:\s+an?|(?=-(?:hour|day|year|century|decade)))"
    r"|(?:a\s+)?couple of|a couple|an?)"
)
VAGUE = r"(?:several|few|a few|some|many|recent|coming|a number of)"
DAYPART = r"(?:morning|afternoon|evening|night|midday|noon|midnight|dawn|dusk)"
YEAR = r"(?:1\d{3}|20\d{2}|21\d{2})"
SPOKEN = rf"(?:(?:eighteen|nineteen|twenty)[\s-]+(?:(?:{TENS})(?:[\s-](?:{ONES}))?|{TEENS}))"
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
    "|(?:start|beginning|middle|end) of|the (?:first|second|last|latter) half of|the (?:early|small|late) hours of)"
)
CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d{2})?\s*(?:a\.m\.|p\.m\.|am|pm|a\.m|p\.m)|\d{1,2}:\d{2})"
    r"(?:\s+(?:GMT|UTC|EST|EDT|ET|CET|BST|IST|JST|KST|local time))?"
)
CLOSED = re.compile(
    r"\s*(?:$|[^\w\s]|(?:in|at|on|near|by|for|from|with|to|and|but|when|while|as|about|over|against|outside"
    r"|inside|during|into|across|after|before|that|which|who|had|has|was|were|is|would|will)\b)"
)
"""What stands behind "the day before" where that is all: an end, or a word with which another phrase begins."""


def number(words: str) -> float | None:
    """Returns the value of a count in figures or words, or `None` if it has none."""
    low = re.sub(r"[\s-]+", " ", words.lower().strip()).replace(",", "")
    if half := re.fullmatch(r"(\d+)(?: 1/2|½)", low):
        return int(half[1]) + 0.5
    if fraction := re.match(r"(half|quarter|a quarter)\b", low):
        return 0.5 if fraction[1] == "half" else 0.25
    if "couple" in low:
        return 2
    total, last = 0.0, 0.0
    for word in low.removesuffix(" of").split(" "):
        if word in _POWERS:
            last = (last or 1) * _POWERS[word]
        elif word in _SMALL:
            total, last = total + last, _SMALL[word]
        elif re.fullmatch(r"\d+(?:\.\d+)?", word):
            last = float(word)
        elif word != "and":
            return None
    return total + last


def year_of(words: str) -> int:
    """Returns a year in figures or in spoken form: "nineteen ninety-four"."""
    if words.isdigit():
        return int(words)
    first, _, rest = re.sub(r"[\s-]+", " ", words.lower()).partition(" ")
    return {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}[first] + int(number(rest) or 0)


def length(count: float | None, unit: str) -> str:
    """Returns a length of time in ISO 8601. Decades and centuries become years, since ISO 8601 has neither. Halves
    become the next smaller unit.
    """
    time_ = "T" if unit in ("hour", "minute", "second") else ""
    if unit in ("decade", "century"):
        unit, count = "year", None if count is None else count * (10 if unit == "decade" else 100)
    if count is None:
        return f"P{time_}X{UNITS[unit]}"
    whole, half = int(count), count - int(count) == 0.5
    if half and (smaller := {"year": "6M", "hour": "30M", "minute": "30S"}.get(unit)):
        return f"P{time_}{f'{whole}{UNITS[unit]}' if whole else ''}{smaller}"
    return f"P{time_}{plain(count)}{UNITS[unit]}"


def plain(count: float | None) -> str:
    return "X" if count is None else str(int(count)) if count == int(count) else str(count)
