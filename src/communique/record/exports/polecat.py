"""POLECAT's forty columns, one row an event; "; " separates several values in a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..states import states

POLECAT_COLUMNS = (
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
)
_QUADS = {
    "verbal cooperation": "VERBAL COOPERATION",
    "material cooperation": "MATERIAL COOPERATION",
    "verbal conflict": "VERBAL CONFLICT",
    "material conflict": "MATERIAL CONFLICT",
}


def _joined(values: Iterable[object]) -> str:
    return "; ".join(str(v) for v in values if v not in (None, ""))


def _side(parties: list[dict[str, Any]]) -> tuple[str, ...]:
    known = states()
    sectors = [p["sector"] for p in parties if p["sector"]]
    return (
        _joined(p["name"] or p["text"] for p in parties),
        _joined(dict.fromkeys(p["country"] for p in parties)),
        _joined(dict.fromkeys(known[p["country"]].cow for p in parties if p["country"] in known)),
        sectors[0] if sectors else "",
        _joined(dict.fromkeys(s for p in parties for s in (p["sector"], *p["also"]))),
        _joined(p["office"] for p in parties),
        _joined(p["text"] for p in parties),
        "",  # Wikipedia page names are unknown here, and Wikidata ids would be mistaken for them
    )


def polecat(
    events: Iterable[dict[str, Any]], articles: dict[str, dict[str, Any]], version: str
) -> Iterator[tuple[str, ...]]:
    """Yields the rows of recorded events; `articles` has each article's publisher, day and language by id."""
    for e in events:
        date, place, a = e["date"] or {}, e["place"] or {}, articles.get(e["article"], {})
        town = (
            place.get("name")
            if place.get("geonames") and place.get("admin1") and place.get("name") != place.get("admin1")
            else ""
        )
        yield (
            e["id"],
            date.get("from") or "" if date.get("from") == date.get("to") else "",  # days only: no months or years
            e["type"],
            e["mode"] or "",
            "" if e["score"] is None else f"{e['score']:g}",
            _QUADS[e["quad"]],
            _joined(e["contexts"]),
            *_side(e["actors"]),
            *_side(e["recipients"]),
            place.get("name") or "",
            town or "",
            "",
            place.get("admin1") or "",
            place.get("country") or "",
            "" if place.get("lat") is None else f"{place['lat']:g}",
            "" if place.get("lon") is None else f"{place['lon']:g}",
            str(place.get("geonames") or ""),
            place.get("text") or "",
            "",
            a.get("publisher") or "",
            a.get("published") or "",
            "",
            "",
            "",
            a.get("language") or "",
            version,
        )
