"""Uncertain days: the earliest and latest day on which a term may have begun or ended, as a source knows it."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

EVER, NEVER = "", "9999-12-31"  # bounds of an unknown day
NOTICED = timedelta(days=45)  # a change first noticed on a day happened within about a month before it

Span = tuple[str, str]


def span_of(day: str, noticed: bool = False) -> Span:
    """Returns the first and last day that "2021", "2021-07" or "2021-07-28" may mean; an unknown day may be any day.

    `noticed`: the change was first seen on that day.
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
    """Returns a day as the number YYYYMMDD, as stored in the file; `None` for an unknown bound."""
    return None if day in (EVER, NEVER) else int(day.replace("-", ""))
