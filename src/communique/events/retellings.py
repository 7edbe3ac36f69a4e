"""Features of two tellings that may report one act; `Network.retold` scores them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .candidates import Floats, Row, Scene

OF_RETELLING = 14 + 5 + 4 + 5
LATEST = 40  # latest earlier tellings that a telling is compared with


@dataclass(frozen=True)
class Telling:
    """A trigger with its decoded type and the rows of its actors and recipients."""

    trigger: int
    type: str
    actors: tuple[int, ...]
    recipients: tuple[int, ...]


def of_retelling(scene: Scene, earlier: list[Telling], later: Telling) -> Floats:
    """Returns the features of each earlier telling with a later one, `(earlier, OF_RETELLING)`."""
    found = np.zeros((len(earlier), OF_RETELLING), np.float32)
    for n, other in enumerate(earlier):
        _of_two(Row(found[n]), scene, other, later, len(earlier) - n)
    return found


def _of_two(row: Row, scene: Scene, a: Telling, b: Telling, apart: int) -> None:
    words = scene.reading.words
    one, two = words[a.trigger], words[b.trigger]
    actors, recipients = _shared(scene, a.actors, b.actors), _shared(scene, a.recipients, b.recipients)
    crossed = _shared(scene, a.actors, b.recipients), _shared(scene, a.recipients, b.actors)
    children = [words[c].text.lower() for c in scene.reading.children[b.trigger]]
    row.number(
        float(a.type == b.type),
        float(one.lemma.lower() == two.lemma.lower()),
        float(one.lemma.lower()[:4] == two.lemma.lower()[:4]),
        *actors,
        *recipients,
        max(crossed[0][0], crossed[1][0]),
        float(bool(a.actors) and bool(b.actors) and not actors[0]),
        float(bool(a.recipients) and bool(b.recipients) and not recipients[0]),
        float(not b.actors),
        float(not b.recipients),
        float(any(c in ("the", "this", "that", "these", "those") for c in children)),
        float(one.sentence == 0),
    )
    row.bucket(two.sentence - one.sentence, 1, 2, 4, 8)
    verbs = (one.upos == "VERB") * 2 + (two.upos == "VERB")
    row.number(*(float(verbs == n) for n in range(4)))
    row.bucket(apart, 2, 3, 5, 10)


def _shared(scene: Scene, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[float, float]:
    """Whether two sides share a party, and whether they share a state."""
    party = {int(scene.entity[r]) for r in a} & {int(scene.entity[r]) for r in b}
    states = [{p.country for r in side if (p := scene.parties[r]) and p.country} for side in (a, b)]
    return float(bool(party)), float(bool(states[0] & states[1]))
