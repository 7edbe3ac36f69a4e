"""GDELT 2.0's sixty-one Events columns and sixteen Mentions columns; columns without a counterpart here stay empty."""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_ACTOR = (
    "Code",
    "Name",
    "CountryCode",
    "KnownGroupCode",
    "EthnicCode",
    "Religion1Code",
    "Religion2Code",
    "Type1Code",
    "Type2Code",
    "Type3Code",
)
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
EVENT_COLUMNS = (
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "FractionDate",
    *(f"Actor1{c}" for c in _ACTOR),
    *(f"Actor2{c}" for c in _ACTOR),
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    *(f"Actor1Geo_{c}" for c in _GEO),
    *(f"Actor2Geo_{c}" for c in _GEO),
    *(f"ActionGeo_{c}" for c in _GEO),
    "DATEADDED",
    "SOURCEURL",
)
MENTION_COLUMNS = (
    "GLOBALEVENTID",
    "EventTimeDate",
    "MentionTimeDate",
    "MentionType",
    "MentionSourceName",
    "MentionIdentifier",
    "SentenceID",
    "Actor1CharOffset",
    "Actor2CharOffset",
    "ActionCharOffset",
    "InRawText",
    "Confidence",
    "MentionDocLen",
    "MentionDocTone",
    "MentionDocTranslationInfo",
    "Extras",
)
ROOTS = {
    "AGREE": "03",
    "CONSULT": "04",
    "SUPPORT": "05",
    "COOPERATE": "06",
    "AID": "07",
    "CONCEDE": "08",
    "RETREAT": "08",
    "REQUEST": "10",
    "ACCUSE": "11",
    "REJECT": "12",
    "THREATEN": "13",
    "PROTEST": "14",
    "MOBILIZE": "15",
    "SANCTION": "16",
    "COERCE": "17",
    "ASSAULT": "18",
}
_SECTORS = {
    "COP": "COP",
    "GOV": "GOV",
    "JUD": "JUD",
    "MIL": "MIL",
    "OPP": "OPP",
    "REB": "REB",
    "SPY": "SPY",
    "UAF": "UAF",
    "AGR": "AGR",
    "BUS": "BUS",
    "CRM": "CRM",
    "CVL": "CVL",
    "EDU": "EDU",
    "ELI": "ELI",
    "JRN": "MED",
    "MED": "HLH",
    "LAB": "LAB",
    "LEG": "LEG",
    "REF": "REF",
    "PTY": "PTY",
    "REL": "REL",
}


@cache
def _table() -> tuple[dict[str, tuple[str, str, frozenset[str]]], dict[str, float]]:
    """Returns CAMEO codes with their PLOVER type, mode and contexts, and the Goldstein scale by code."""
    codes, scale = {}, {}
    with open(Path(__file__).with_name("cameo.csv"), encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            scale[r["code"]] = float(r["goldstein"])
            if r["type"]:
                codes[r["code"]] = (r["type"], r["mode"], frozenset(filter(None, r["contexts"].split(";"))))
    return codes, scale


def cameo(event: dict[str, Any]) -> str:
    """Returns the most general CAMEO code with the event's type and mode, preferring a shared context, else the type's
    root. Without a mode, a context must be shared.
    """
    kind, mode = event["type"], event["mode"] or ""
    if (
        kind == "ASSAULT"
        and not mode
        and all(any(p["sector"] == "MIL" for p in side) for side in (event["actors"], event["recipients"]))
        and event["actors"]
        and event["recipients"]
    ):
        return "19"
    fitting = [
        (len(code), not (set(event["contexts"]) & contexts) and bool(contexts), code)
        for code, (t, m, contexts) in _table()[0].items()
        if t == kind and m == mode and (mode or set(event["contexts"]) & contexts)
    ]
    return min(fitting)[2] if fitting else ROOTS[kind]


def goldstein(code: str) -> float | None:
    scale = _table()[1]
    return next((scale[code[:n]] for n in range(len(code), 1, -1) if code[:n] in scale), None)


def _number(text: str) -> str:
    return str(int(hashlib.sha256(text.encode()).hexdigest()[:13], 16))


def _fraction(day: date) -> str:
    return f"{day.year + (day.timetuple().tm_yday - 1) / 365:.4f}"


def _actor(p: dict[str, Any] | None) -> list[str]:
    if p is None:
        return [""] * 10
    country, sector = p["country"] or "", _SECTORS.get(p["sector"] or "", "")
    name = (p["name"] or p["text"] or "").upper().replace('"', "'")  # the format has no quoting
    return [
        country + sector,
        name,
        country if country not in ("IGO", "NGO", "IMG", "ISM", "MNC") else "",
        country if country in ("IGO", "NGO", "IMG", "UNO") else "",
        "",
        "",
        "",
        sector,
        "",
        "",
    ]


def _geo(place: dict[str, Any] | None) -> list[str]:
    if not place or place.get("lat") is None:
        return [""] * 8
    kind = "1" if not place["admin1"] else "4"
    full = ", ".join(
        str(x)
        for x in (place["name"], place["admin1"] if place["admin1"] != place["name"] else None, place["country"])
        if x
    )
    return [
        kind,
        full,
        "",
        "",
        "",
        f"{place['lat']:g}",
        f"{place['lon']:g}",
        str(place["geonames"] or ""),
    ]  # FIPS codes are not available


def _offset(parties: list[dict[str, Any]]) -> str:
    return str(parties[0]["start"]) if parties and parties[0]["start"] is not None else "-1"


def dyads(event: dict[str, Any]) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Returns each actor with each recipient or, without recipients, each pair of actors. A lone party has `None`
    beside it.
    """
    actors, recipients = event["actors"], event["recipients"]
    if actors and recipients:
        return list(itertools.product(actors, recipients))
    if len(actors) > 1:
        return list(itertools.combinations(actors, 2))
    return [(a, None) for a in actors] or [(None, r) for r in recipients]


def gdelt_events(events: Iterable[dict[str, Any]], articles: dict[str, dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Yields one row for each dyad of each event, without a header, as in GDELT."""
    for e in events:
        a = articles.get(e["article"], {})
        first, last = (e["date"] or {}).get("from"), (e["date"] or {}).get("to")
        start = date.fromisoformat(first) if first else None
        day = start if first == last else None  # no day if only the month or year is known
        month = start if (first or "")[:7] == (last or "")[:7] else None
        year = start if (first or "")[:4] == (last or "")[:4] else None
        code = cameo(e)
        scale = goldstein(code)
        quad = {
            "verbal cooperation": "1",
            "material cooperation": "2",
            "verbal conflict": "3",
            "material conflict": "4",
        }[e["quad"]]
        stamp = (a.get("recorded") or "").ljust(14, "0")
        for number, (one, other) in enumerate(dyads(e)):
            yield (
                _number(f"{e['id']} {number}"),
                day.strftime("%Y%m%d") if day else "",
                month.strftime("%Y%m") if month else "",
                str(year.year) if year else "",
                _fraction(day) if day else "",
                *_actor(one),
                *_actor(other),
                "1" if a.get("lead", 0) >= e["evidence"]["start"] else "0",
                code,
                code[:3],
                code[:2],
                quad,
                "" if scale is None else f"{scale:.1f}",
                str(len(e["accounts"])),
                str(e["origins"]),
                str(e["reports"]),
                "",
                *_geo(None),
                *_geo(None),
                *_geo(e["place"]),
                stamp,
                a.get("url") or "",
            )


def gdelt_mentions(
    events: Iterable[dict[str, Any]], accounts: dict[str, dict[str, Any]], articles: dict[str, dict[str, Any]]
) -> Iterator[tuple[str, ...]]:
    """Yields one row for each account of each dyad, without a header, with the character offsets of its parties and
    trigger.
    """
    for e in events:
        date_ = e["date"] or {}
        day = (date_.get("from") or "").replace("-", "") if date_.get("from") == date_.get("to") else ""
        for number in range(len(dyads(e))):
            for account in e["accounts"]:
                told = accounts.get(account)
                if told is None:
                    continue
                a = articles.get(told["article"], {})
                trigger = told["evidence"]["trigger"] or told["evidence"]
                host = re.sub(r"^https?://(?:www\.)?([^/]+).*$", r"\1", a.get("url") or "")
                yield (
                    _number(f"{e['id']} {number}"),
                    day.ljust(14, "0") if day else "",
                    a["published"].replace("-", "").ljust(14, "0") if a.get("published") else "",
                    "1",
                    host or a.get("publisher") or "",
                    a.get("url") or told["article"],
                    str(a.get("sentences", {}).get(account, "")),
                    _offset(told["actors"]),
                    _offset(told["recipients"]),
                    str(trigger["start"]),
                    "1",
                    str(round(10 * told["confidence"]) * 10),
                    str(a.get("length") or ""),
                    "",
                    "",
                    "",
                )
