"""Stretches of the calendar and how they shift: the units that the grammar combines."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
    | {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
    | {"sept": 9}
)
WEEKDAYS = (
    {name.lower(): i for i, name in enumerate(calendar.day_name)}
    | {name.lower(): i for i, name in enumerate(calendar.day_abbr)}
    | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
)
SEASONS = {"spring": (3, "SP"), "summer": (6, "SU"), "autumn": (9, "FA"), "fall": (9, "FA"), "winter": (12, "WI")}
UNITS = {
    "second": "S",
    "minute": "M",
    "hour": "H",
    "day": "D",
    "week": "W",
    "fortnight": "W",
    "month": "M",
    "quarter": "Q",
    "year": "Y",
    "decade": "DE",
    "century": "CE",
    "weekend": "WE",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last`, both included, with the TIMEX3 value that names them."""

    first: date
    last: date
    value: str


def day(d: date) -> Stretch:
    return Stretch(d, d, d.isoformat())


def week(d: date) -> Stretch:
    monday = d - timedelta(d.weekday())
    year, number, _ = monday.isocalendar()
    return Stretch(monday, monday + timedelta(6), f"{year}-W{number:02}")


def weekend(d: date) -> Stretch:
    saturday = d - timedelta(d.weekday()) + timedelta(5)
    year, number, _ = saturday.isocalendar()
    return Stretch(saturday, saturday + timedelta(1), f"{year}-W{number:02}-WE")


def month(year: int, number: int) -> Stretch:
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return Stretch(
        date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]), f"{year:04}-{number:02}"
    )


def quarter(year: int, number: int) -> Stretch:
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    return Stretch(date(year, 3 * number - 2, 1), month(year, 3 * number).last, f"{year:04}-Q{number}")


def half(year: int, number: int) -> Stretch:
    return Stretch(date(year, 6 * number - 5, 1), month(year, 6 * number).last, f"{year:04}-H{number}")


def season(year: int, name: str) -> Stretch:
    """Returns a northern season of three whole months; a winter is named after the year it begins in."""
    start, code = SEASONS[name]
    return Stretch(date(year, start, 1), month(year, start + 2).last, f"{year:04}-{code}")


def year(number: int) -> Stretch:
    return Stretch(date(number, 1, 1), date(number, 12, 31), f"{number:04}")


def decade(start: int) -> Stretch:
    return Stretch(date(start, 1, 1), date(start + 9, 12, 31), f"{start // 10:03}")


def century(start: int) -> Stretch:
    return Stretch(date(start, 1, 1), date(start + 99, 12, 31), f"{start // 100:02}")


def around(unit: str, d: date, shift: int = 0) -> Stretch:
    """Returns the unit that contains a day, shifted by a number of such units."""
    if unit == "day":
        return day(d + timedelta(shift))
    if unit in ("week", "fortnight"):
        return week(d + timedelta(7 * shift))
    if unit == "weekend":
        return weekend(d + timedelta(7 * shift))
    if unit == "month":
        return month(d.year, d.month + shift)
    if unit == "quarter":
        return quarter(d.year, (d.month - 1) // 3 + 1 + shift)
    if unit == "year":
        return year(d.year + shift)
    if unit == "decade":
        return decade(d.year // 10 * 10 + 10 * shift)
    return century(d.year // 100 * 100 + 100 * shift)


def moved(d: date, unit: str, count: float) -> Stretch | None:
    """Returns the stretch a number of units away: a day for days, a week for weeks, a month for months, a year for
    years. `None` if the calendar ends before it.
    """
    whole = round(count)
    try:
        if unit in ("second", "minute", "hour"):
            return (
                day(d + timedelta(hours=count * {"second": 1 / 3600, "minute": 1 / 60, "hour": 1}[unit]))
                if abs(count) < 1e6
                else None
            )
        if unit == "day":
            return day(d + timedelta(whole))
        if unit in ("week", "fortnight"):
            return week(d + timedelta(7 * whole * (2 if unit == "fortnight" else 1)))
        return around(unit, d, whole)
    except (ValueError, OverflowError):
        return None


def days_away(d: date, unit: str, count: float) -> date | None:
    """Returns the day some units from a day, or `None` if the calendar ends before it."""
    try:
        days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
        if days:
            return d + timedelta(days * count)
        months = round(count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}.get(unit, 0))
        there = month(d.year, d.month + months)
        return there.first.replace(day=min(d.day, there.last.day))
    except (ValueError, OverflowError):
        return None


SAME_DAY = 6  # hours; events so near count as of the same day, since news is mostly written between six and midnight


def hours_away(d: date, hours: float) -> Stretch | None:
    """Returns the day some hours from an unknown hour of a day, or the two days it may be."""
    try:
        whole, rest = divmod(abs(hours), 24)
        sign = 1 if hours > 0 else -1
        near = d + timedelta(sign * int(whole))
        if rest <= SAME_DAY or whole and rest == 0:
            return day(near)
        far = near + timedelta(sign)
    except OverflowError:
        return None
    return Stretch(min(near, far), max(near, far), f"{near.isoformat()[:7]}-XX")
