"""States with their codes (ISO 3166, Correlates of War, Gleditsch and Ward) and blocs."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SPECIAL = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))  # PLOVER's country codes that are not states


@dataclass(frozen=True, slots=True)
class State:
    iso3: str
    iso2: str
    cow: int | None
    gw: int | None
    name: str
    blocs: tuple[str, ...]


@cache
def states() -> dict[str, State]:
    """Returns every state and territory by its three-letter ISO 3166 code."""
    with open(Path(__file__).with_name("states.csv"), encoding="utf-8", newline="") as file:
        return {
            r["iso3"]: State(
                r["iso3"],
                r["iso2"],
                int(r["cow"]) if r["cow"] else None,
                int(r["gw"]) if r["gw"] else None,
                r["name"],
                tuple(filter(None, r["blocs"].split(";"))),
            )
            for r in csv.DictReader(file)
        }


@cache
def blocs() -> dict[str, tuple[str, ...]]:
    """Returns the members of each bloc, as three-letter ISO 3166 codes."""
    found: dict[str, list[str]] = {}
    for s in states().values():
        for bloc in s.blocs:
            found.setdefault(bloc, []).append(s.iso3)
    return {b: tuple(m) for b, m in found.items()}
