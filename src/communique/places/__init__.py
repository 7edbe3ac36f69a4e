"""Places: names resolved to entries of the gazetteer, by what else the text says."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..parties import Linker
from ..reading import Reading, datelines
from ..schema import PartyMention, Place
from .names import Name, names_in
from .ranking import Text

__all__ = ["Places", "Name", "names_in"]

_PARTNERS = frozenset(("with", "against", "by", "between"))
PLACE_IS_TOLD = 0.3  # lowest probability, among all places of the name and none, to resolve to a place


class Places:
    """Finds and resolves the places of a reading."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def of(self, reading: Reading, linker: Linker, home: str | None) -> tuple[Place, ...]:
        """Returns every place named in the article, with empty fields if it is not resolved; `home` is the publisher's
        country.
        """
        names = names_in(reading, linker, self.catalogue.gazetteer)
        text = Text(reading.text, names, self.catalogue, linker.states, home)
        best = dict(zip(text.keys, (text.best(i, PLACE_IS_TOLD) for i in range(len(text.keys)))))
        found = []
        for n in names:
            e = best[text.key(n)]
            if e is None:
                found.append(Place(n.text, n.start, n.end, None, None, None, None, None, None))
            else:
                found.append(
                    Place(n.text, n.start, n.end, e.name, e.country or None, e.admin1, e.lat, e.lon, e.geonames)
                )
        return tuple(found)

    def spoken_of(self, places: tuple[Place, ...], reading: Reading, acting: list[PartyMention]) -> tuple[Place, ...]:
        """Returns the places without those that stand for a government that acts, is acted on or says something.
        `acting` are the parties of events and statements.
        """
        spans, lines = {(p.start, p.end) for p in acting}, {d.place for d in datelines(reading.text)}

        def acts(place: Place) -> bool:
            if (
                place.start is None
                or place.end is None
                or (place.start, place.end) in lines
                or not any(e.kind == "state" for e in self.catalogue.named(place.text or ""))
            ):
                return False
            words = reading.words_in(place.start, place.end)
            head = next((i for i in words if reading.words[i].head not in words), words[0])
            above = reading.words[reading.words[head].head]
            if reading.words[head].rel in ("nsubj", "iobj") and above.upos == "VERB":
                return True
            if (place.start, place.end) in spans and reading.words[head].rel.startswith(
                ("nsubj", "obj", "iobj", "conj")
            ):
                return True
            return not _PARTNERS.isdisjoint(reading.markers(head))

        return tuple(p for p in places if not acts(p))
