"""Dates as pages and downloads state them, with month names in the languages of publishing software."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from email.utils import parsedate_to_datetime
from functools import cache

LANGUAGES = "en de fr es it pt nl pl sv da nb fi tr cs ro hu id ru uk hr sl sk bg el ca".split()
_NAME = r"[^\W\d_]{3,12}"
_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:\.|er|º|st|nd|rd|th)?(?:\s{{1,3}}|-)(?:de\s|of\s)?({_NAME})\.?,?(?:\s{{1,3}}|-)"
    rf"(?:de\s|del\s)?(\d{{4}})(?!\d)"
)
_SECOND = re.compile(rf"(?<![^\W\d_])({_NAME})\.?\s{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(\d{{4}})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_CHARACTERS = re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_FIGURES = re.compile(r"(?<![\d/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\d/.])")
_ALONE = re.compile(
    r"^(?:[^\W\d_]{3,12}[,.]? )?DAY,?(?: [^\W\d_]{3,12})?"
    r"(?: ?(?:[|·•–-]|at|,)?+ ?\d{1,2}[:.]\d\d(?:[:.]\d\d)?+ ?(?:[AaPp]\.?[Mm]\.?)?"
    r"(?: ?\(?[A-Z]{2,5}\)?)?)?$"
)


@cache
def months(*languages: str) -> dict[str, list[int]]:
    """Returns the months that each name or abbreviation, case-folded, may mean, in the order of the languages."""
    from babel.dates import get_month_names

    found: dict[str, list[int]] = {"sept": [9]}
    for language in languages:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    key = name.casefold().strip(".")
                    if len(key) >= 3 and number not in found.setdefault(key, []):
                        found[key].append(number)
    return found


def _by_name(name: str) -> int:
    """Returns the month of a complete name in the first language that has it; 0 if none has."""
    return months(*LANGUAGES).get(name.casefold(), [0])[0]


def _by_beginning(name: str) -> int:
    """Returns the month of a name, or of a beginning of one, if all languages agree (English alone comes first).
    Otherwise 0: "listopad" is November in Czech and October in Croatian.
    """
    key = name.casefold()
    for known in (months("en"), months(*LANGUAGES)):
        numbers = set(known.get(key) or [n for word, may in known.items() if word.startswith(key) for n in may])
        if numbers:
            return numbers.pop() if len(numbers) == 1 else 0
    return 0


def _found(line: str, month_of: Callable[[str], int] = _by_name) -> tuple[re.Match[str], date] | None:
    for pattern in (_FIRST, _SECOND, _ISO, _CHARACTERS):
        for m in pattern.finditer(line):
            if pattern in (_ISO, _CHARACTERS):
                year, month, number = int(m[1]), int(m[2]), int(m[3])
            else:
                number, name = (int(m[1]), m[2]) if pattern is _FIRST else (int(m[2]), m[1])
                year, month = int(m[3]), month_of(name)
            try:
                return m, date(year, month, number)
            except ValueError:
                continue
    return _in_figures(line)


def _in_figures(line: str) -> tuple[re.Match[str], date] | None:
    """Returns a day in figures if it is unambiguous."""
    m = _FIGURES.search(line)
    if m is None:
        return None
    days = set()
    for month, number in ((int(m[1]), int(m[3])), (int(m[3]), int(m[1]))):
        try:
            days.add(date(int(m[4]), month, number))
        except ValueError:
            continue
    return (m, days.pop()) if len(days) == 1 else None


_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_ENGLISH = re.compile(rf"(?i){_MONTH}\.?\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH}\.?,?\s+\d{{4}}")


def day_in(line: str) -> str | None:
    """Returns the day in a line: unchanged if it is English, else as ISO 8601; `None` if there is none."""
    found = _found(line)
    if found is None:
        return None
    return found[0].group() if _ENGLISH.fullmatch(found[0].group()) else found[1].isoformat()


def stated_day(text: str) -> str:
    """Returns the day that a feed or a table states, in any language, as ISO 8601; the text unchanged if it states
    none.
    """
    if found := _found(text, _by_beginning):
        return found[1].isoformat()
    try:  # RFC 822 also allows two-digit years
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, IndexError):
        return text


def day_alone(line: str) -> str | None:
    """Returns the day of a line with nothing but a day, perhaps with its weekday and a time; else `None`."""
    if len(line) > 80 or (found := _found(line)) is None:
        return None
    m, day = found
    rest = f"{line[: m.start()]}DAY{line[m.end() :]}"
    return day.isoformat() if _ALONE.match(" ".join(rest.split())) else None


def unread_alone(line: str) -> str | None:
    """Returns the day of such a line unchanged, also an invalid ("31 June 2022") or ambiguous one ("03/02/2024")."""
    for pattern in (_FIGURES, _FIRST, _SECOND):
        m = pattern.search(line[:80])
        if m is None or pattern is not _FIGURES and not _by_name(m[2 if pattern is _FIRST else 1]):
            continue
        if _ALONE.match(" ".join(f"{line[: m.start()]}DAY{line[m.end() :]}".split())):
            return m.group()
    return None
