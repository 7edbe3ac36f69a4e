"""Suggests the sentences to ask about: those that represent many on which the head is unsure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .coding import Learned
from .features import Features

MOST = 1500  # least certain sentences that are compared


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence, its likeliest type, the probability of that, and what an answer is worth relative to the others."""

    text: str
    type: str
    probability: float
    worth: float


def suggest(
    learned: Learned, candidates: Iterable[tuple[str, Features]], count: int = 10, known: Iterable[str] = ()
) -> list[Suggestion]:
    """Returns up to `count` sentences, the most informative first, without those that are examples already.

    A sentence is worth the more, the more it represents others on which the head is unsure (the two likeliest types are
    close to each other), as far as no example and no sentence chosen before represents them.
    """
    examples = [e.text for t in learned.book.types for e in t.examples]
    done = set(known) | set(examples)
    every = dict(candidates)
    rows = [(text, f) for text, f in every.items() if text not in done]
    if not rows:
        return []
    own = len(learned.book.types)
    p = np.stack([learned.head.probabilities(f) for _, f in rows])
    ordered = np.sort(p, 1)
    unsure = 1 - (ordered[:, -1] - ordered[:, -2])
    best = p[:, :own].argmax(1)
    keep = np.argsort(-unsure, kind="stable")[:MOST]
    x = np.stack([learned.head.space.dense(rows[i][1]) for i in keep])
    x = x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-9)
    alike = np.clip(x @ x.T, 0, 1)
    covered = np.zeros(len(keep))
    if shown := [every[e] for e in examples if e in every]:
        seen = np.stack([learned.head.space.dense(f) for f in shown])
        covered = np.clip(x @ (seen / (np.linalg.norm(seen, axis=1, keepdims=True) + 1e-9)).T, 0, 1).max(1)
    found: list[Suggestion] = []
    left = np.ones(len(keep), bool)
    for _ in range(min(count, len(keep))):
        gain = (unsure[keep][:, None] * np.maximum(alike - covered[:, None], 0)).sum(0)
        gain[~left] = -1
        k = int(gain.argmax())
        i, left[k] = int(keep[k]), False
        found.append(
            Suggestion(
                rows[i][0],
                learned.book.types[int(best[i])].name,
                round(float(p[i, best[i]]), 4),
                round(float(gain[k]), 4),
            )
        )
        covered = np.maximum(covered, alike[:, k])
    return found
