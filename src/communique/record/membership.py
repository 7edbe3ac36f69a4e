"""Resolves members of organisations ("members:NATO"), states of regions ("region:Sahel"), and organisations themselves
("NATO").
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from ..catalogue import Catalogue, fold
from .answer import WrongQuestion
from .states import SPECIAL, blocs, states

_ASKED = re.compile(r"(?i)(members|region) *: *(.*)")


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """Returns the states of each region, by its folded name."""
    with open(Path(__file__).with_name("regions.csv"), encoding="utf-8", newline="") as file:
        return {fold(r["region"]): tuple(r["states"].split(";")) for r in csv.DictReader(file)}


@cache
def _catalogue() -> Catalogue:
    return Catalogue()


def _bodies(name: str) -> list[tuple[str, str | None]]:
    """Returns name and Wikidata id of the international organisations of a name."""
    return [(e.name, e.wikidata) for e in _catalogue().named(name) if e.kind == "organisation" and e.country in SPECIAL]


def members_of(term: str) -> list[str] | None:
    """Returns the codes for a term for several states or for an organisation; `None` for any other term.

    "members:NATO" and "region:Sahel" are states; "NATO" is the organisation alone. Raises `WrongQuestion` if there is
    no such organisation or region.
    """
    asked = _ASKED.fullmatch(term)
    if asked is None:
        return _itself(term)
    kind, name = asked[1].lower(), asked[2].strip()
    if kind == "region":
        found = regions().get(fold(name.removeprefix("the ")))
        if found is None:
            raise WrongQuestion(f"'{term}': no region of that name; there are {', '.join(sorted(regions()))}")
        return list(found)
    wanted = {fold(name), *(fold(n) for n, _ in _bodies(name))}
    for bloc, members in blocs().items():
        if fold(bloc) in wanted or not wanted.isdisjoint(fold(n) for n, _ in _bodies(bloc)):
            return list(members)
    raise WrongQuestion(f"'{term}': no organisation whose members are known; there are {', '.join(sorted(blocs()))}")


def _itself(name: str) -> list[str] | None:
    """Returns the names and codes that events use for an organisation; `None` if the name is not of one."""
    bloc = next((b for b in blocs() if fold(b) == fold(name)), None)
    bodies = _bodies(name)
    if bloc is None and not bodies:
        return None
    codes = [name, *(c for n, identity in bodies for c in (identity, n) if c)]
    return list(dict.fromkeys(codes + (["EUR"] if bloc == "EU" else [])))


def codes_of(parties: str) -> list[str]:
    """Returns the codes and names for the parties of a query, separated by commas: "CHN", "CHN MIL", "NATO",
    "members:NATO", "region:Sahel", "Q7747", "Xi Jinping", "cow:731".
    """
    found: list[str] = []
    for part in filter(None, (p.strip() for p in parties.split(","))):
        number = re.fullmatch(r"(?i)(cow|gw):(\d+)", part)
        if number:
            known = [s.iso3 for s in states().values() if getattr(s, number[1].lower()) == int(number[2])]
            if not known:
                raise WrongQuestion(f"'{part}': no state has that number")
            found += known
        elif (several := members_of(part)) is not None:
            found += several
        elif re.fullmatch(r"[A-Z]{3}( [A-Z]{3})?", part) and part[:3] not in states() and part[:3] not in SPECIAL:
            raise WrongQuestion(
                f"'{part}': no state or code of that name; states go by three letters of ISO 3166, such as CHN"
            )
        else:
            found.append(part)
    if not found:
        raise WrongQuestion("name a party: the value is empty")
    return found
