"""Did you mean: the names of the catalogue that are spelled nearly like one that nobody bears."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from .catalogue import Catalogue
from .fold import fold, surname

LONGEST = 100  # characters of a name that are compared
ALIKE = 78.0  # likeness, in per cent, from which a spelling is worth offering
LOOKED_AT = 60  # of the likeliest spellings, how many are put in order
_STANDING = {"state": 0, "organisation": 1, "person": 2}


class Suggestion(NamedTuple):
    """A name that may have been meant, with its country, Wikidata id and likeness from 0 to 1."""

    name: str
    country: str | None
    wikidata: str | None
    likeness: float


@cache
def _spellings() -> tuple[list[str], list[tuple[str, str | None, str | None, int]]]:
    """Every folded spelling, and whose it is with how well known its kind is."""
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
    """The parties whose names are spelled most like a name, the likeliest first; none where nothing is near it.

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
