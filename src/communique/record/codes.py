"""By what a party of an event or a statement can be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def codes_of_parties(parties: Iterable[Mapping[str, Any]]) -> list[str]:
    """All that parties can be asked by: their states, the parts of the states, their names, their Wikidata ids."""
    found: set[str] = set()
    for p in parties:
        part = f"{p['country']} {p['sector']}" if p["country"] and p["sector"] else None
        found.update(c for c in (p["country"], part, p["name"], p["id"]) if c)
    return sorted(found)
