"""Decodes head scores into tellings: type, actors, recipients, modality and polarity of each trigger; joins retellings.

Every choice follows PLOVER's definitions (`plover.toml`): a planned act gets the type that its definition gives; a type
that needs a recipient has one, or another type is chosen; a mode is one of its type's modes.
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

# Least probabilities for each choice.
LIKELY = 0.15  # of any act, for a word to become a trigger
ACTS = 0.38  # of acting, or of being acted on, for a phrase to become actor or recipient
ALONE = 0.2  # the same for the best phrase of a side where no phrase reaches `ACTS`
AGAIN = 0.5  # of repeating an earlier act, for a telling to join it
MODED = 0.5  # of a mode among those of its type
WANTED = 0.1  # of a recipient where the type needs one, and of another type where there is none
TRIGGERS = 4000  # most triggers of one page, the likeliest first; far more than any news article has

# Past auxiliaries: with "not" the act did not happen, whereas "will not" refuses and "do not" demands.
_PAST = frozenset("did didn has hasn had hadn was wasn were weren been".split())
# Relations by which a word completes another: both report one act.
_COMPLETES = frozenset("obj nsubj obl xcomp ccomp compound nmod aux amod".split())
PLAIN = 0.9  # least probability of denial of an act with such an auxiliary and a negation
Rows = tuple[int, ...]
Stated = tuple[str, str] | None  # first and last, YYYY-MM-DD
Prepared = tuple[Floats, Floats, Floats]


@dataclass
class Draft:
    """One telling of an act, with its scores. `actors` and `recipients` are rows of the scene's phrases."""

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
    again: float = 0.0  # probability that it repeats the act it was joined to
    definition: str | None = None  # PLOVER's definition that overruled the likeliest choice

    @property
    def polarity(self) -> Polarity:
        return "negative" if self.negative > 0.5 else "positive"


def drafts(network: Network, scene: Scene, words: Floats, types: Floats, prepared: Prepared) -> list[Draft]:
    """Returns every telling of a page in order, before retellings are joined. `words`, `types` and `prepared` are the
    results of the network's methods of these names.
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
    """Returns the telling of a trigger, or `None` if it meets no type's definition or has no party."""
    how, denied, modes = network.manner(words, [trigger])
    rows = scene.around(trigger)
    sides = network.sides(prepared, trigger, rows, scene.of_pairs(trigger, rows))
    actors, recipients = chosen(scene, rows, sides)
    modality = MODALITIES[int(how[0].argmax())]
    if modality == "actual" and asked(scene, trigger):
        modality = "possible"
    kind, recipients, definition = _defined(types, rows, sides, actors, recipients, modality)
    if kind is None or not actors and not recipients:
        return None  # an event needs an actor or a recipient
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
    """The likeliest type whose definition is met, its recipients, and the definition that decided."""
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


def asked(scene: Scene, trigger: int) -> bool:
    """Returns whether a word is asked about, not stated as fact: "Has Chad expelled the envoy?"."""
    words = scene.reading.words
    start, end = scene.reading.sentence_of(trigger)
    if not any(words[i].text in ("?", "?!", "??") for i in range(max(start, end - 2), end)):
        return False
    node = trigger
    for _ in range(REACH):  # up to the question's own verb; adverbial and relative clauses state what is known
        head = words[node].head
        if head == node or any(
            words[i].text == ":" for i in range(head, node)
        ):  # after the asker's name: "Reporter: …"
            return True
        if words[node].rel.split(":")[0] in _TOLD:
            return False
        node = head
    return False


def undone(scene: Scene, trigger: int) -> bool:
    """Returns whether a verb in the past is negated: "did not meet", "has never attacked"."""
    words = scene.reading.words
    below = [words[c] for c in scene.reading.children[trigger]]
    past = any(c.rel.startswith("aux") and c.text.lower() in _PAST for c in below)
    return words[trigger].upos == "VERB" and past and any("Polarity=Neg" in c.feats for c in below)


REACH = 12  # steps up the tree: a deeper word is not part of the question
_TOLD = frozenset(("advcl", "acl", "nmod", "appos"))


def mode_scores(network: Network, kind: str, scores: Floats) -> dict[str, float]:
    """Returns the probability of each mode of a type; empty for a type without modes."""
    own = [m for m in network.modes if m in MODES.get(kind, {})]
    if not own:
        return {}
    values = np.array([scores[network.modes.index(m)] for m in own])
    values = np.exp(values - values.max())
    return {m: float(v) for m, v in zip(own, values / values.sum())}


def chosen(scene: Scene, rows: list[int], sides: Floats) -> tuple[Rows, Rows]:
    """Returns the rows of actors and of recipients: those likely enough, each party once, no party on both sides."""
    actors = _of_side(scene, rows, sides, 0, ())
    recipients = _of_side(scene, rows, sides, 1, ())
    place = {row: n for n, row in enumerate(rows)}
    shared = [(a, r) for a in actors for r in recipients if _one_party(scene, a, r)]
    if shared:
        # No party is on both sides: it stays on its likelier side, and the other side chooses again without it.
        least = [min(sides[place[a], 0] for a, _ in shared), min(sides[place[r], 1] for _, r in shared)]
        if least[0] >= least[1]:
            recipients = _of_side(scene, rows, sides, 1, actors)
        else:
            actors = _of_side(scene, rows, sides, 0, recipients)
    return actors, recipients


def _of_side(scene: Scene, rows: list[int], sides: Floats, side: int, others: Rows) -> Rows:
    """The rows of one side, without the parties of `others`."""
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
    """Whether two phrases are one party, or one phrase is part of the other."""
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
    """Returns the acts of a page: each is its first telling, with its other tellings in `also`.

    `day_of` gives the first and last day that the text states for a trigger, or `None`. Tellings with different days
    are different acts.
    """
    acts: list[Draft] = []
    of: dict[int, Draft] = {}
    states = {d.trigger: (_states(scene, d.actors), _states(scene, d.recipients)) for d in tellings}
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
                if not any(_apart(d, draft, states, day_of) for d in (act, *act.also)):
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


def _apart(a: Draft, b: Draft, states: dict[int, tuple[set[str], set[str]]], day_of: Callable[[int], Stated]) -> bool:
    """Whether two tellings cannot be one act: other polarity, other states (in all or on each side), or other days."""
    sides = states[a.trigger], states[b.trigger]
    every = [actors | recipients for actors, recipients in sides]
    if every[0] and every[1] and every[0].isdisjoint(every[1]) or a.polarity != b.polarity:
        return True
    other_sides = all(x and y and x.isdisjoint(y) for x, y in zip(*sides))
    if other_sides and a.type not in MUTUAL - {"ASSAULT", "AGREE"}:
        return True
    differ = every[0] - every[1] and every[1] - every[0] and min(map(len, every)) > 1
    if differ and {a.type, b.type} <= MUTUAL - {"ASSAULT"}:  # talks of A and B are not talks of B and C
        return True
    one, two = day_of(a.trigger), day_of(b.trigger)
    return one is not None and two is not None and (one[1] < two[0] or two[1] < one[0])


def _states(scene: Scene, rows: Rows) -> set[str]:
    return {p.country for r in rows if (p := scene.parties[r]) is not None and p.country}


def _completed(scene: Scene, earlier: list[Draft], draft: Draft) -> Draft | None:
    """An earlier telling in the sentence that this one only completes: "traded barbs", "imposed sanctions", "said it
    would send".
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
    """Whether one of two words completes the other, directly or through one more word."""
    words = scene.reading.words
    for low, high in ((a, b), (b, a)):
        for _ in range(2):
            if words[low].rel.split(":")[0] not in _COMPLETES:
                break
            low = words[low].head
            if low == high:
                return True
    return False
