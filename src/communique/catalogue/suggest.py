"""Did you mean: names of the catalogue with a spelling close to an unknown name."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from .catalogue import Catalogue
from .fold import fold, surname

LONGEST = 100  # characters of a name that are compared
ALIKE = 78.0  # lowest similarity, in per cent, to offer a spelling
LOOKED_AT = 60  # most similar spellings that are ranked
_STANDING = {"state": 0, "organisation": 1, "person": 2}


class Suggestion(NamedTuple):
    """A name that may have been meant, with its country, Wikidata id and similarity from 0 to 1."""

    name: str
    country: str | None
    wikidata: str | None
    likeness: float


@cache
def _spellings() -> tuple[list[str], list[tuple[str, str | None, str | None, int]]]:
    """Returns every folded spelling, and the party of each with a rank by kind: states, organisations, people."""
    texts: list[str] = []
    bearers: list[tuple[str, str | None, str | None, int]] = []
    for folded, name, country, wikidata, kind in Catalogue().spellings():
        bearer = name, country, wikidata, _STANDING.get(kind, 3)
        texts.append(folded)
        bearers.append(bearer)
        if kind == "person" and (last := surname(name, country)) != folded:
            texts.append(last)
            bearers.append(bearer)
    return texts, bearers


def suggest(name: str, most: int = 5) -> list[Suggestion]:
    """Returns the parties with names spelled most like a name, the likeliest first; empty if no name is close.

    >>> suggest("Viktor Orbn")[0].name
    'Viktor Orbán'
    """
    wanted = fold(name[:LONGEST])
    if len(wanted) < 3:
        return []
    texts, bearers = _spellings()
    near = process.extract(wanted, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=LOOKED_AT)
    found: dict[tuple[str, str | None], tuple[float, int, str, Suggestion]] = {}
    for _, score, at in near:
        bearer, country, wikidata, standing = bearers[at]
        suggestion = Suggestion(bearer, country, wikidata, round(score / 100, 3))
        rank = (-score, standing, f"{bearer}|{country}|{wikidata}", suggestion)
        key = bearer, country
        found[key] = min(found.get(key, rank), rank, key=lambda r: r[:3])
    return [s for *_, s in sorted(found.values(), key=lambda r: r[:3])[:most]]
