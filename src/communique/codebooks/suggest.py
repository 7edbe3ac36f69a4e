"""The sentences whose answer would teach most: unsure, unlike each other, and like many others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .coding import Learned
from .features import Features


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence, the type it may be of, how likely, and what an answer is worth next to the others."""

    text: str
    type: str
    probability: float
    worth: float


def suggest(learned: Learned, candidates: Iterable[tuple[str, Features]], count: int = 10, known: Iterable[str] = ()) -> list[Suggestion]:
    """Up to `count` sentences, the one that would teach most first; those that are examples already are left out.

    A sentence is worth asking about where its likeliest own type and what comes second are near each other, and where many other unsure
    sentences are like it; each one chosen takes from the worth of those like it.
    """
    done = set(known) | {e.text for t in learned.book.types for e in t.examples}
    rows = [(text, f) for text, f in {t: f for t, f in candidates}.items() if text not in done]
    if not rows:
        return []
    own = len(learned.book.types)
    p = np.stack([learned.head.probabilities(f) for _, f in rows])
    ordered = np.sort(p, 1)
    margin = ordered[:, -1] - ordered[:, -2]
    best = p[:, :own].argmax(1)
    unsure = (1 - margin) * np.sqrt(np.clip(p[np.arange(len(p)), best], 0, 1))
    keep = np.argsort(-unsure, kind="stable")[: max(count * 20, 200)]
    x = np.stack([learned.head.space.dense(rows[i][1]) for i in keep])
    x = x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-9)
    alike = np.clip(x @ x.T, 0, 1)
    typical = (alike**2 * unsure[keep]).mean(1)
    worth = unsure[keep] * (typical / (typical.max() + 1e-9)) ** 0.5
    # The types take turns, so that none is asked about for ever.
    asked = np.zeros(own)
    found = []
    for _ in range(min(count, len(keep))):
        k = int((worth * 0.9 ** asked[best[keep]]).argmax())
        i = int(keep[k])
        if worth[k] <= 0:
            break
        found.append(Suggestion(rows[i][0], learned.book.types[int(best[i])].name, round(float(p[i, best[i]]), 4), round(float(worth[k]), 4)))
        asked[best[i]] += 1
        worth = worth * (1 - alike[k] ** 2)
        worth[k] = 0
    return found
