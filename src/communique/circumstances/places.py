"""Where an event took place: the place in its clause."""

from __future__ import annotations

from ..parties import Linker
from ..reading import Reading
from ..schema import Place

# Support verbs: their object is the act itself. The place of talks is where they are held.
_SUPPORTS = frozenset(
    "hold exchange trade have conduct stage launch open begin start sign give make resume conclude end".split()
)


def place_of(reading: Reading, trigger: int, linker: Linker, places: tuple[Place, ...]) -> Place | None:
    """Returns the place of an event, in its clause after a preposition of place or as what is visited; `None` if there
    is none.
    """
    if not places:
        return None
    by_start = {p.start: p for p in places}
    nodes = [trigger]
    above = reading.words[trigger].head
    if reading.words[trigger].rel.split(":")[0] in ("obj", "nsubj") and reading.words[above].upos == "VERB":
        nodes.append(above)
    if reading.words[trigger].lemma in _SUPPORTS:
        nodes += reading.dependents(trigger, "obj")
    for node in nodes:
        for child in reading.dependents(node, "obl", "nmod"):
            for head in (child, *reading.dependents(child, "nmod"), *reading.dependents(child, "compound")):
                inside = [w for w in linker.phrase(head)]
                case = next((reading.words[c].text.lower() for c in reading.dependents(head, "case")), "")
                for w in inside:
                    place = by_start.get(reading.words[w].start)
                    if place is not None and (
                        case in ("in", "at", "near", "across", "off", "outside", "inside", "around", "throughout")
                        or (case == "to" and reading.words[trigger].lemma in ("visit", "trip", "travel"))
                    ):
                        return place
    if reading.words[trigger].lemma in ("visit", "arrive", "tour") or reading.words[trigger].lemma in ("trip", "tour"):
        for child in reading.dependents(trigger, "obj", "obl", "nmod"):
            place = by_start.get(reading.words[child].start)
            if place is not None:
                return place
    return None
