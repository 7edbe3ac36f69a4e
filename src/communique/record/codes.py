"""Search terms for the parties of an event or a statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def codes_of_parties(parties: Iterable[Mapping[str, Any]]) -> list[str]:
    """Returns all terms that find these parties in a query: states, states with sector, names, Wikidata ids."""
    found: set[str] = set()
    for p in parties:
        part = f"{p['country']} {p['sector']}" if p["country"] and p["sector"] else None
        found.update(c for c in (p["country"], part, p["name"], p["id"]) if c)
    return sorted(found)
