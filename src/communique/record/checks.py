"""Checks the arguments of queries and judgements, for Python, the commands, the reading room and the protocol for
programs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, get_args

from ..schema import TYPES, Modality, Polarity, Quad, Sector
from .answer import WrongQuestion

MODALITIES, POLARITIES, QUADS, SECTORS = map(get_args, (Modality, Polarity, Quad, Sector))
SCOPES = ("states", "politics", "everything")  # the narrowest first
KINDS = ("reported", "stated", "assessed")
CHANGEABLE = ("type", "mode", "modality", "polarity", "actors", "recipients", "date", "place")
PERIODS = 20_000  # in one series: half a century of days
LONGEST_TEXT = 10_000  # characters of one value
_PERIOD = re.compile(r"([1-9][0-9]{0,2})([dwmqy])")
_STRETCH = re.compile(r"([0-9]{1,6})([dwmy])")
_UNITS = {"d": "day", "w": "week", "m": "month", "q": "month", "y": "year"}
_DAYS = {"d": 1.0, "w": 7.0, "m": 30.4, "q": 91.3, "y": 365.2}
_PARTY = {"text": str, "start": int, "end": int, "name": str, "id": str, "country": str, "sector": str, "office": str}
_DATE = {"text": str, "start": int, "end": int, "from": str, "to": str, "basis": str, "precision": str}
_PLACE = {"text": str, "start": int, "end": int, "name": str, "country": str, "admin1": str, "geonames": int}
_NUMBERS = {"lat": (int, float), "lon": (int, float)}


def day(name: str, value: object) -> str:
    """Returns a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise WrongQuestion(f"{name}: '{_short(value)}' is not a day such as 2021-03-23") from None


def number(name: str, value: object, least: int = 1, most: int = 1_000_000) -> int:
    """Returns a whole number in a range."""
    text = str(value)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise WrongQuestion(f"{name}: '{_short(value)}' is no whole number from {least:,} to {most:,}")
    return int(text)


def one_of(name: str, value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        raise WrongQuestion(f"{name}: '{_short(value)}' is not one of {', '.join(known)}")
    return str(value)


def share(name: str, value: object) -> float:
    """Returns a number from 0 to 1."""
    try:
        number_ = float(str(value))
    except ValueError:
        number_ = -1.0
    if not 0 <= number_ <= 1:
        raise WrongQuestion(f"{name}: '{_short(value)}' is not a number from 0 to 1")
    return number_


_TESTS: dict[str, Any] = {
    "confidence": share,
    "scope": lambda name, value: one_of(name, value, SCOPES),
    "since": day,
    "until": day,
    "origins": number,
    "modality": lambda name, value: one_of(name, value, MODALITIES),
    "polarity": lambda name, value: one_of(name, value, POLARITIES),
    "quad": lambda name, value: one_of(name, value, QUADS),
    "kind": lambda name, value: one_of(name, value, KINDS),
}


def asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the checked arguments of a query, without those that are `None`. Raises `WrongQuestion` for an invalid
    one.
    """
    found = {}
    for name, value in values.items():
        if value is None:
            continue
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise WrongQuestion(f"{name}: {len(value):,} characters, at most {LONGEST_TEXT:,} are looked for")
        found[name] = _TESTS[name](name, value) if name in _TESTS else value
    if found.get("since", "") > found.get("until", "9999-12-31"):
        raise WrongQuestion(f"since ({found['since']}) is after until ({found['until']})")
    return found


def period(every: str) -> str:
    """Returns an SQL interval for `1d`, `2w`, `1m`, `1q`, `1y`."""
    told = _PERIOD.fullmatch(str(every))
    if told is None:
        raise WrongQuestion(f"every: '{_short(every)}' is not a period such as 1d, 1w, 1m, 1q, 1y, up to 999")
    return f"interval {int(told[1]) * (3 if told[2] == 'q' else 1)} {_UNITS[told[2]]}"


def periods(every: str, first: date, last: date, most: int) -> None:
    """Raises `WrongQuestion` if two days are more than `most` periods apart."""
    count = int(((last - first).days + 1) / length(every)) + 1
    if count > most:
        raise WrongQuestion(
            f"every: {every} from {first} to {last} is {count:,} periods, more than {most:,}:"
            " ask for a longer period, or with since and until for fewer days"
        )


def length(every: str) -> float:
    """Returns the approximate length of a period in days."""
    period(every)
    return int(every[:-1]) * _DAYS[every[-1]]


def back(text: str, last: date) -> date:
    """Returns the day that "7d" or "4w" before `last`, or a day itself, means; never before the year 1."""
    told = _STRETCH.fullmatch(text)
    if told:
        days = int(told[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[told[2]]
        return last - timedelta(days) if days < last.toordinal() else date.min
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongQuestion(
            f"since: '{_short(text)}' is neither a day such as 2021-03-01 nor a length of time such as 7d, 4w, 3m"
        ) from None


def change(verdict: str, value: object) -> dict[str, Any]:
    """Returns the change of a judgement. Raises `WrongQuestion` if it is malformed."""
    if not isinstance(value, Mapping):
        raise WrongQuestion(f'change: \'{_short(value)}\' is not an object such as {{"type": "THREATEN"}}')
    if verdict == "merge":
        if set(value) != {"with"} or not isinstance(value["with"], str):
            raise WrongQuestion('change: to merge, give {"with": the id of the other event or article}')
    elif verdict == "correct":
        if not value:
            raise WrongQuestion(f"change: to correct, name what changes: {', '.join(CHANGEABLE)}")
        for name, given in value.items():
            _corrected(str(name), given)
    elif value:
        raise WrongQuestion(f"change: to {verdict} changes nothing")
    return dict(value)


def _corrected(name: str, value: Any) -> None:
    if name not in CHANGEABLE:
        raise WrongQuestion(f"'{_short(name)}' cannot be corrected; these can: {', '.join(CHANGEABLE)}")
    if name == "type":
        if not isinstance(value, str) or not value:
            raise WrongQuestion(f"type: '{_short(value)}' is not one of {', '.join(TYPES)}")
    elif name == "modality":
        one_of(name, value, MODALITIES)
    elif name == "polarity":
        one_of(name, value, POLARITIES)
    elif name == "mode":
        if value is not None and not isinstance(value, str):
            raise WrongQuestion(f"mode: '{_short(value)}' is no word")
    elif name in ("actors", "recipients"):
        if not isinstance(value, (list, tuple)):
            raise WrongQuestion(
                f'{name}: \'{_short(value)}\' is no list such as [{{"country": "CAN", "sector": "GOV"}}]'
            )
        for party in value:
            _object(name, party, _PARTY, ("also",), '{"country": "CAN", "sector": "GOV"}')
            if party.get("sector") is not None:
                one_of(f"{name}: sector", party["sector"], SECTORS)
    elif value is not None:
        known = _DATE if name == "date" else _PLACE | _NUMBERS
        _object(name, value, known, (), '{"from": "2021-03-23"}' if name == "date" else '{"name": "Lima"}')
        for edge in ("from", "to"):
            if name == "date" and value.get(edge) is not None:
                day(f"date: {edge}", value[edge])


def _object(name: str, value: Any, known: Mapping[str, Any], lists: tuple[str, ...], example: str) -> None:
    """Raises `WrongQuestion` unless a value is an object of known fields, each of its type or null."""
    if not isinstance(value, Mapping):
        raise WrongQuestion(f"{name}: '{_short(value)}' is not an object such as {example}")
    for field, given in value.items():
        if field not in known and field not in lists:
            raise WrongQuestion(f"{name}: no field '{_short(field)}'; there are {', '.join((*known, *lists))}")
        right = isinstance(given, list) if field in lists else given is None or isinstance(given, known[field])
        if not right:
            raise WrongQuestion(f"{name}: {field}: '{_short(given)}' is not what stands there")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
