"""Days as a source knows them: the first and last that a beginning or an end may have fallen on."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

EVER, NEVER = "", "9999-12-31"  # the bounds of what nobody knows
NOTICED = timedelta(days=45)  # a change that was first noticed on a day fell within a month or so before it

Span = tuple[str, str]


def span_of(day: str, noticed: bool = False) -> Span:
    """The first and last day that "2021", "2021-07" or "2021-07-28" may mean; what is unknown may be any day.

    `noticed`: the day is that on which the change was first seen.
    """
    if len(day) == 4 and day.isdigit():
        return f"{day}-01-01", f"{day}-12-31"
    if len(day) == 7:
        year, month = int(day[:4]), int(day[5:])
        return f"{day}-01", f"{day}-{calendar.monthrange(year, month)[1]:02}"
    if len(day) == 10:
        return ((date.fromisoformat(day) - NOTICED).isoformat() if noticed else day), day
    return EVER, NEVER


def number(day: str) -> int | None:
    """A day as the number YYYYMMDD that the file holds; `None` for a bound that nobody knows."""
    return None if day in (EVER, NEVER) else int(day.replace("-", ""))
