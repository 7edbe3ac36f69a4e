"""From what the heads score to tellings of acts: the best type, sides and manner of each trigger, retellings joined.

Every choice is the best under PLOVER's definitions (`plover.toml`): a planned act takes the type that its definition
gives it, a type that asks for a recipient has one or is another type, a mode is one of its type's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..schema import TYPES, Modality, Polarity
from .candidates import TELLS, Floats, Scene
from .network import MODALITIES, NONE, Network
from .ontology import FUTURE, MODES, MUTUAL, NEEDS_RECIPIENT
from .retellings import LATEST, Telling, of_retelling

LIKELY = 0.15  # how likely a word must tell an act for it to be looked at
ACTS = 0.38  # how likely a phrase must act, or be acted on, to stand on a side
ALONE = 0.2  # the same of the best phrase of a side where no other does
AGAIN = 0.5  # how likely a telling must repeat an earlier one's act
MODED = 0.5  # how likely a mode must be among those of its type
WANTED = 0.1  # how likely a phrase must be acted on where the type asks for somebody, and another type where nobody is
TRIGGERS = 4000  # of one page, the likeliest first: a bound that no article of news comes near


# Auxiliaries of the past: with "not" an act did not happen, where "will not" refuses and "do not" demands.
_PAST = frozenset("did didn has hasn had hadn was wasn were weren been".split())
# Relations by which a word completes another: one act, told by both.
_COMPLETES = frozenset("obj nsubj obl xcomp ccomp compound nmod aux amod".split())
PLAIN = 0.9  # how likely such an act is denied
Rows = tuple[int, ...]
Stated = tuple[str, str] | None  # first and last, YYYY-MM-DD
Prepared = tuple[Floats, Floats, Floats]


@dataclass
class Draft:
    """One telling of an act, with the scores that decided. `actors` and `recipients` are rows of the scene's
    phrases.
    """

    trigger: int
    type: str
    types: Floats  # (17,)
    rows: tuple[int, ...]
    sides: Floats  # (rows, 2)
    actors: tuple[int, ...]
    recipients: tuple[int, ...]
    modality: Modality
    modalities: Floats  # (5,)
    negative: float
    mode: str | None
    modes: dict[str, float]
    also: list[Draft] = field(default_factory=list)
    again: float = 0.0  # how likely it repeats the act it was joined to
    definition: str | None = None  # of PLOVER's that decided against the likeliest choice

    @property
    def polarity(self) -> Polarity:
        return "negative" if self.negative > 0.5 else "positive"


def drafts(network: Network, scene: Scene, words: Floats, types: Floats, prepared: Prepared) -> list[Draft]:
    """Every telling of a page, in order; nothing is joined yet. The arrays are the network's, of `words`, `types` and
    `prepared`.
    """
    telling = np.array([w.upos in TELLS for w in scene.reading.words])
    triggers = np.flatnonzero((1 - types[:, NONE] >= LIKELY) & telling)
    if len(triggers) > TRIGGERS:
        triggers = np.sort(triggers[np.argsort(types[triggers, NONE], kind="stable")[:TRIGGERS]])
    found = (draft_of(network, scene, words, prepared, types[t], t) for t in triggers.tolist())
    return [d for d in found if d is not None]


def draft_of(
    network: Network, scene: Scene, words: Floats, prepared: Prepared, types: Floats, trigger: int
) -> Draft | None:
    """What a word tells, or `None` where no type's definition is met."""
    how, denied, modes = network.manner(words, [trigger])
    rows = scene.around(trigger)
    sides = network.sides(prepared, trigger, rows, scene.of_pairs(trigger, rows))
    actors, recipients = chosen(scene, rows, sides)
    modality = MODALITIES[int(how[0].argmax())]
    kind, recipients, definition = _defined(types, rows, sides, actors, recipients, modality)
    if kind is None or not actors and not recipients:
        return None  # what nobody does to nobody is no event
    own = mode_scores(network, kind, modes[0])
    best = max(own, key=lambda m: own[m], default=None)
    return Draft(
        trigger=trigger,
        type=kind,
        types=types,
        rows=tuple(rows),
        sides=sides,
        actors=actors,
        recipients=recipients,
        modality=modality,
        modalities=how[0],
        negative=max(float(denied[0]), PLAIN if kind != "REJECT" and undone(scene, trigger) else 0.0),
        mode=best if best and own[best] >= MODED else None,
        modes=own,
        definition=definition,
    )


def _defined(
    types: Floats, rows: list[int], sides: Floats, actors: Rows, recipients: Rows, modality: Modality
) -> tuple[str | None, Rows, str | None]:
    """The likeliest type whose definition is met, the recipients that it asks for, and the definition that decided."""
    decided = None
    for n in np.argsort(-types[:NONE], kind="stable").tolist():
        kind = TYPES[n]
        if modality == "future" and kind in FUTURE:
            kind, decided = FUTURE[kind], f"a planned {kind} is {FUTURE[kind]}"
        if kind not in NEEDS_RECIPIENT or recipients or kind in MUTUAL and len(actors) > 1:
            return kind, recipients, decided
        others = [k for k in range(len(rows)) if rows[k] not in actors and sides[k, 1] >= WANTED]
        decided = f"{kind} asks for a recipient"
        if others:
            return kind, (rows[max(others, key=lambda k: sides[k, 1])],), decided
        if types[:NONE][types[:NONE] < types[n]].max(initial=0.0) < WANTED:
            return None, (), decided
    return None, (), decided


def undone(scene: Scene, trigger: int) -> bool:
    """Whether a verb says in the past that something was not done: "did not meet", "has never attacked"."""
    words = scene.reading.words
    below = [words[c] for c in scene.reading.children[trigger]]
    past = any(c.rel.startswith("aux") and c.text.lower() in _PAST for c in below)
    return words[trigger].upos == "VERB" and past and any("Polarity=Neg" in c.feats for c in below)


def mode_scores(network: Network, kind: str, scores: Floats) -> dict[str, float]:
    """How likely each mode of a type is, if it has one."""
    own = [m for m in network.modes if m in MODES.get(kind, {})]
    if not own:
        return {}
    values = np.array([scores[network.modes.index(m)] for m in own])
    values = np.exp(values - values.max())
    return {m: float(v) for m, v in zip(own, values / values.sum())}


def chosen(scene: Scene, rows: list[int], sides: Floats) -> tuple[Rows, Rows]:
    """The rows on each side: those likely enough, each party once, and nobody on both sides."""
    actors = _of_side(scene, rows, sides, 0, ())
    recipients = _of_side(scene, rows, sides, 1, ())
    place = {row: n for n, row in enumerate(rows)}
    shared = [(a, r) for a in actors for r in recipients if _one_party(scene, a, r)]
    if shared:
        # Who acts is not acted on: of a party on both sides the likelier one stays, and the other side looks again.
        least = [min(sides[place[a], 0] for a, _ in shared), min(sides[place[r], 1] for _, r in shared)]
        if least[0] >= least[1]:
            recipients = _of_side(scene, rows, sides, 1, actors)
        else:
            actors = _of_side(scene, rows, sides, 0, recipients)
    return actors, recipients


def _of_side(scene: Scene, rows: list[int], sides: Floats, side: int, others: Rows) -> Rows:
    """The rows of one side, without the parties of the other side where those are given."""
    mine, theirs = sides[:, side], sides[:, 1 - side]
    open_ = [n for n in range(len(rows)) if mine[n] >= ALONE and mine[n] >= theirs[n]]
    open_ = [n for n in open_ if not any(_one_party(scene, rows[n], o) for o in others)]
    open_.sort(key=lambda n: (-mine[n], n))
    passing = [n for n in open_ if mine[n] >= ACTS] or open_[:1]
    kept: list[int] = []
    for n in passing:
        if not any(_one_party(scene, rows[n], rows[k]) for k in kept):
            kept.append(n)
    return tuple(sorted(rows[n] for n in kept))


def _one_party(scene: Scene, a: int, b: int) -> bool:
    """Whether two phrases are one party, or one is a part of the other."""
    if scene.entity[a] == scene.entity[b]:
        return True
    words = scene.reading.words
    one, two = int(scene.heads[a]), int(scene.heads[b])
    if scene.spans[a][0] <= two < scene.spans[a][1] and words[two].rel.split(":")[0] != "conj":
        return True
    return bool(scene.spans[b][0] <= one < scene.spans[b][1] and words[one].rel.split(":")[0] != "conj")


def joined(
    network: Network,
    scene: Scene,
    words: Floats,
    tellings: list[Draft],
    day_of: Callable[[int], Stated] = lambda t: None,
) -> list[Draft]:
    """The acts of a page: each the first of its tellings, with the others in `also`.

    `day_of` gives the first and last day that the text states for a trigger, if it does: tellings of two days are of
    two acts.
    """
    acts: list[Draft] = []
    of: dict[int, Draft] = {}
    seen: list[Telling] = []
    for n, draft in enumerate(tellings):
        telling = Telling(draft.trigger, draft.type, draft.actors, draft.recipients)
        earlier = seen[-LATEST:]
        root: Draft | None = None
        if earlier:
            features = of_retelling(scene, earlier, telling)
            share = network.retold(words, draft.trigger, [t.trigger for t in earlier], features)
            by_act: dict[int, float] = {}
            for t, p in zip(earlier, share[:-1]):
                act = of[t.trigger]
                if not any(_apart(scene, d, draft, day_of) for d in (act, *act.also)):
                    by_act[act.trigger] = by_act.get(act.trigger, 0.0) + float(p)
            best = max(by_act, key=lambda k: by_act[k], default=-1)
            if best >= 0 and by_act[best] >= AGAIN:
                root, draft.again = of[best], by_act[best]
        if root is None and (other := _completed(scene, tellings[:n], draft)) is not None:
            root, draft.again = of[other.trigger], 1.0
        if root is None:
            acts.append(draft)
        else:
            root.also.append(draft)
        of[draft.trigger] = draft if root is None else root
        seen.append(telling)
    return acts


def _apart(scene: Scene, a: Draft, b: Draft, day_of: Callable[[int], Stated]) -> bool:
    """Whether two tellings cannot be of one act, which is done or not, has its own parties, each on its side, and its
    own day.
    """
    sides = [[_states(scene, rows) for rows in (d.actors, d.recipients)] for d in (a, b)]
    every = [actors | recipients for actors, recipients in sides]
    if every[0] and every[1] and every[0].isdisjoint(every[1]) or a.polarity != b.polarity:
        return True
    other_sides = all(x and y and x.isdisjoint(y) for x, y in zip(*sides))
    if other_sides and a.type not in MUTUAL - {"ASSAULT", "AGREE"}:
        return True
    one, two = day_of(a.trigger), day_of(b.trigger)
    return one is not None and two is not None and (one[1] < two[0] or two[1] < one[0])


def _states(scene: Scene, rows: Rows) -> set[str]:
    return {p.country for r in rows if (p := scene.parties[r]) is not None and p.country}


def _completed(scene: Scene, earlier: list[Draft], draft: Draft) -> Draft | None:
    """An earlier telling in the sentence that one only completes: "traded barbs", "imposed sanctions", "said it would
    send".
    """
    words = scene.reading.words
    for other in reversed(earlier):
        if words[other.trigger].sentence != words[draft.trigger].sentence:
            return None
        alike = other.type == draft.type and other.actors == draft.actors and other.recipients == draft.recipients
        if alike and _hangs(scene, draft.trigger, other.trigger) and other.polarity == draft.polarity:
            return other
    return None


def _hangs(scene: Scene, a: int, b: int) -> bool:
    """Whether one of two words completes the other, or what completes it."""
    words = scene.reading.words
    for low, high in ((a, b), (b, a)):
        for _ in range(2):
            if words[low].rel.split(":")[0] not in _COMPLETES:
                break
            low = words[low].head
            if low == high:
                return True
    return False
