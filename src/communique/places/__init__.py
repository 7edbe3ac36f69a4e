"""Places: names to the gazetteer's entries, where the text leaves no doubt."""

from __future__ import annotations

import re
from collections import Counter

from ..catalogue import Catalogue, PlaceEntry, fold
from ..parties import Linker
from ..reading import Reading
from ..schema import Place

__all__ = ["Gazetteer"]

_LARGE = 1_000_000  # inhabitants; a city this large wins over small namesakes
_TITLE = re.compile(r"(?i)^the\s+")


class Gazetteer:
    """Looks places up by exact name: states, first-level divisions and towns of 15,000 people or more."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def lookup(self, name: str, countries: Counter[str]) -> PlaceEntry | None:
        """The entry a name means among the countries that the text speaks of; `None` where two fit equally well."""
        found = list(self.catalogue.places(fold(_TITLE.sub("", name))))
        if not found:
            state = next((e for e in self.catalogue.named(name) if e.kind == "state" and e.alias == "name"), None)
            return PlaceEntry(state.name, state.country or "", None, None, None, None, 10**9) if state else None
        if found[0].population >= 10**9:
            return found[0]
        told = [p for p in found if countries.get(p.country)]
        if told:
            return max(told, key=lambda p: (countries[p.country] > 0, p.population))
        if len(found) == 1 or found[0].population >= _LARGE or found[0].population >= 10 * found[1].population:
            return found[0]
        return None

    def places_of(self, reading: Reading, linker: Linker) -> tuple[Place, ...]:
        """Every named place of the article that is spoken of as a place."""
        countries: Counter[str] = Counter(linker.states)
        found = []
        seen: set[tuple[int, int]] = set()
        for mention in reading.mentions:
            head = reading.words[mention.head]
            if mention.type != "place" or head.upos not in ("PROPN",):
                continue
            words = [w for w in linker.phrase(mention.head) if reading.words[w].upos == "PROPN" or w in linker.units]
            if not words:
                continue
            run = [mention.head]
            while run[0] - 1 in words:
                run.insert(0, run[0] - 1)
            while run[-1] + 1 in words:
                run.append(run[-1] + 1)
            start, end = reading.span(run[0], run[-1] + 1)
            name = reading.text[start:end]
            if (start, end) in seen:
                continue
            party_role = head.rel.startswith(("nsubj", "obj", "iobj")) or head.rel in ("nmod:poss", "obl:agent")
            entry = self.lookup(name, countries)
            if party_role and not linker.located(mention.head) and any(e.kind == "state" for e in self.catalogue.named(name)):
                continue
            seen.add((start, end))
            if entry is None:
                found.append(Place(name, start, end, None, None, None, None, None, None))
            else:
                found.append(Place(name, start, end, entry.name, entry.country, entry.admin1, entry.lat, entry.lon, entry.geonames))
        return tuple(sorted(found, key=lambda p: p.start or 0))
