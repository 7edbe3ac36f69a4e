"""Confidence of an event: the probability that type and both sides are right, by logistic regression on head scores.

The weights are learned from pages that the heads had not seen (`training/heads/choices.py`): about seven in ten of the
events with a confidence of 0.7 are right on news of that kind.
"""

from __future__ import annotations

from .candidates import Scene
from .decode import Draft
from .logistic import Features, logit
from .network import NONE
from .ontology import MUTUAL, TYPES

SIDES = ("actor", "recipient")


def features(scene: Scene, draft: Draft, tellings: int) -> Features:
    """Returns the features of one telling; `tellings` is the number of tellings of its act."""
    word = scene.reading.words[draft.trigger]
    kind = TYPES.index(draft.type)
    others = [float(p) for n, p in enumerate(draft.types) if n not in (kind, NONE)]
    found: Features = {
        "type": logit(float(draft.types[kind])),
        "none": logit(float(draft.types[NONE])),
        "second type": max(others),
        "tellings": float(min(tellings, 6)) / 6,
        "several tellings": float(tellings > 1),
        "modality": float(draft.modalities.max()),
        f"is {draft.type}": 1.0,
        "verb": float(word.upos == "VERB"),
        "headline": float(word.sentence == 0),
        "depth": min(word.sentence, 12) / 12,
        "nobody": float(not draft.actors and not draft.recipients),
        "public": float(scene.reading.public[draft.trigger]),
    }
    place = {row: n for n, row in enumerate(draft.rows)}
    for side, (name, rows) in enumerate(zip(SIDES, (draft.actors, draft.recipients))):
        scores = draft.sides[:, side]
        chosen = [float(scores[place[r]]) for r in rows]
        left = [
            float(p) for n, p in enumerate(scores) if draft.rows[n] not in rows and not _same(scene, draft, n, rows)
        ]
        runner_up = max(left, default=0.0)
        found |= {
            f"no {name}": float(not rows),
            f"{name}": logit(max(chosen)) if chosen else 0.0,
            f"weakest {name}": logit(min(chosen)) if chosen else 0.0,
            f"nobody else as {name}": logit(1 - runner_up) if chosen else 0.0,
            f"nobody as {name}": logit(1 - runner_up) if not chosen else 0.0,
            f"several {name}s": float(len(rows) > 1),
            f"{name} unknown": float(any(_unknown(scene, r) for r in rows)),
            f"{name} elsewhere": float(any(_elsewhere(scene, draft, r) for r in rows)),
            f"{name} pronoun": float(any(scene.reading.words[scene.heads[r]].upos == "PRON" for r in rows)),
        }
    found["mutual alone"] = float(draft.type in MUTUAL and len(draft.actors) == 1 and not draft.recipients)
    return found


def _same(scene: Scene, draft: Draft, n: int, rows: tuple[int, ...]) -> bool:
    return any(scene.entity[draft.rows[n]] == scene.entity[r] for r in rows)


def _unknown(scene: Scene, row: int) -> bool:
    party = scene.parties[row]
    return party is None or party.country is None


def _elsewhere(scene: Scene, draft: Draft, row: int) -> bool:
    return bool(scene.sentence[scene.heads[row]] != scene.sentence[draft.trigger])
