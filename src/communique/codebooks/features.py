"""Features of a sentence from the one pass, from which a user's own types are learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..reading import Model, Reading

Floats = NDArray[np.float32]
BLOCKS = ("mean", "event", "pair", "source", "target")
WEIGHT = {"mean": 1.0, "event": 1.0, "pair": 1.0, "source": 0.6, "target": 0.6}
_TELLING = frozenset(("VERB", "NOUN", "ADJ"))


@dataclass(frozen=True, slots=True)
class Features:
    """`dense` has a vector for each block (`None` if no party is marked). `words` has the lemmas that may express an
    event, with a weight each.
    """

    dense: dict[str, Floats | None]
    words: dict[str, float]


def mean_of(reading: Reading, span: tuple[int, int] | None) -> Floats | None:
    """Returns the mean state of the words that a span of characters touches, or `None` without words."""
    if span is None:
        return None
    inside = list(reading.words_in(*span))
    return np.asarray(reading.states[inside].mean(0)) if inside else None


def features(
    model: Model, reading: Reading, words: tuple[int, int], source: Floats | None = None, target: Floats | None = None
) -> Features:
    """Returns features of words `words[0]` to `words[1] - 1`, as a whole or with the states of who does it to whom."""
    a, b = words
    states, event = reading.states[a:b], reading.event[a:b] + 1e-3
    lemmas: dict[str, float] = {}
    for word, likely in zip(reading.words[a:b], event):
        if word.upos in _TELLING:
            key = word.lemma.lower()
            lemmas[key] = max(lemmas.get(key, 0.0), 0.3 + float(likely))
    dense: dict[str, Floats | None] = {
        "mean": states.mean(0),
        "event": event / event.sum() @ states,
        "pair": model.pair(states, reading.keys[a:b], source, target),
        "source": source,
        "target": target,
    }
    return Features(dense, lemmas)
