"""States by their numbers and blocs: ISO 3166, Correlates of War, Gleditsch and Ward."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .answer import WrongQuestion

SPECIAL = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))  # PLOVER's codes for what is no state


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
    """Every state and territory by its ISO 3166 code of three letters."""
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
    """The members of each bloc."""
    found: dict[str, list[str]] = {}
    for s in states().values():
        for bloc in s.blocs:
            found.setdefault(bloc, []).append(s.iso3)
    return {b: tuple(m) for b, m in found.items()}


def codes_of(parties: str) -> list[str]:
    """The codes and names that a question's parties mean: "CHN", "CHN MIL", "NATO", "Q7747", "Xi Jinping", "cow:731",
    several parted by commas.
    """
    found: list[str] = []
    for part in filter(None, (p.strip() for p in parties.split(","))):
        number = re.fullmatch(r"(?i)(cow|gw):(\d+)", part)
        if number:
            known = [s.iso3 for s in states().values() if getattr(s, number[1].lower()) == int(number[2])]
            if not known:
                raise WrongQuestion(f"'{part}': no state has that number")
            found += known
        elif part.upper() in blocs():
            found += [*blocs()[part.upper()], part, *(["EUR"] if part.upper() == "EU" else [])]
        elif re.fullmatch(r"[A-Z]{3}( [A-Z]{3})?", part) and part[:3] not in states() and part[:3] not in SPECIAL:
            raise WrongQuestion(
                f"'{part}': no state or code of that name; states go by three letters of ISO 3166, such as CHN"
            )
        else:
            found.append(part)
    if not found:
        raise WrongQuestion("a party to ask for is wanted, and there is none")
    return found
