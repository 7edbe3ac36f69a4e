"""Days as pages and downloads state them, with the months of the languages that their makers' programs speak."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

LANGUAGES = "en de fr es it pt nl pl sv da nb fi tr cs ro hu id".split()
_NAME = r"[^\W\d_]{3,12}"
_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:\.|er|º|st|nd|rd|th)?\s{{1,3}}(?:de\s|of\s)?({_NAME})\.?,?\s{{1,3}}"
    rf"(?:de\s|del\s)?(\d{{4}})(?!\d)"
)
_SECOND = re.compile(rf"(?<![^\W\d_])({_NAME})\.?\s{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(\d{{4}})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_FIGURES = re.compile(r"(?<![\d/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\d/.])")
_ALONE = re.compile(
    r"^(?:[^\W\d_]{3,12}[,.]? )?DAY,?(?: [^\W\d_]{3,12})?"
    r"(?: ?(?:[|·•–-]|at|,)?+ ?\d{1,2}[:.]\d\d(?:[:.]\d\d)?+ ?(?:[AaPp]\.?[Mm]\.?)?"
    r"(?: ?\(?[A-Z]{2,5}\)?)?)?$"
)


@cache
def months() -> dict[str, int]:
    """Names and abbreviations of months, folded, without those that are two months in two languages."""
    from babel.dates import get_month_names

    found: dict[str, int] = {}
    doubtful: set[str] = set()
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    key = name.casefold().strip(".")
                    if len(key) >= 3 and found.setdefault(key, number) != number:
                        doubtful.add(key)
    found["sept"] = 9
    return {k: v for k, v in found.items() if k not in doubtful}


def _found(line: str) -> tuple[re.Match[str], date] | None:
    for pattern in (_FIRST, _SECOND, _ISO):
        for m in pattern.finditer(line):
            if pattern is _ISO:
                year, month, number = int(m[1]), int(m[2]), int(m[3])
            else:
                number, name = (int(m[1]), m[2]) if pattern is _FIRST else (int(m[2]), m[1])
                year, month = int(m[3]), months().get(name.casefold(), 0)
            try:
                return m, date(year, month, number)
            except ValueError:
                continue
    return _in_figures(line)


def _in_figures(line: str) -> tuple[re.Match[str], date] | None:
    """A day in figures that can be one day alone."""
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
    """The day that stands in a line: as it stands where it is English, else as ISO 8601."""
    found = _found(line)
    if found is None:
        return None
    return found[0].group() if _ENGLISH.fullmatch(found[0].group()) else found[1].isoformat()


def day_alone(line: str) -> str | None:
    """The day of a line that says a day, perhaps with its weekday and an hour, and nothing else."""
    if len(line) > 80 or (found := _found(line)) is None:
        return None
    m, day = found
    rest = f"{line[: m.start()]}DAY{line[m.end() :]}"
    return day.isoformat() if _ALONE.match(" ".join(rest.split())) else None
