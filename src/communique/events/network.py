"""The event heads in NumPy: triggers with types, actors and recipients, modality and polarity, retellings.

`training/heads/events.py` has the same heads in PyTorch and writes the arrays. Every head is a small network. Its input
is the states of words from the layers that all heads share (`general`) and from those that only events use (`special`),
and the features of `candidates.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..reading.model import gelu, softmax
from ..schema import TYPES, Modality
from .candidates import Floats, Scene

MODALITIES: tuple[Modality, ...] = ("actual", "future", "possible", "conditional", "desired")
NONE = len(TYPES)  # the column of "no act"


def shared_opinion(scene: Scene) -> Floats:
    """Returns the scores of the reader's heads for each word, `(words, 35)`: event, factuality, public life, modality,
    types, and the kind of its sentence.
    """
    r = scene.reading
    if not r.words:
        return np.zeros((0, 35), np.float32)
    columns = [r.event[:, None], r.happened[:, None], r.public[:, None], r.modality, r.types, r.kinds[scene.sentence]]
    return np.concatenate(columns, 1).astype(np.float32)


def averaged(states: Floats, owner: np.ndarray, groups: int) -> Floats:
    """Returns the mean state of each group of words, `(groups, size)`; `owner` is the group of each word."""
    total = np.zeros((groups, states.shape[1]), np.float32)
    np.add.at(total, owner, states)
    return np.asarray(total / np.maximum(np.bincount(owner, minlength=groups), 1)[:, None], np.float32)


class Network:
    """The heads of one set of weights; safe to share between threads."""

    def __init__(self, arrays: Mapping[str, Floats], modes: Sequence[str]) -> None:
        self.arrays, self.modes = arrays, tuple(modes)

    def _linear(self, name: str, x: Floats) -> Floats:
        bias = self.arrays.get(f"{name}.bias")
        found = x @ self.arrays[f"{name}.weight"].T
        return np.asarray(found if bias is None else found + bias, np.float32)

    def words(self, scene: Scene, special: Floats, general: Floats) -> Floats:
        """Returns the input features of each word, `(words, 2 * size + OF_WORD + 35)`."""
        return np.concatenate([special, general, scene.of_word, shared_opinion(scene)], 1)

    def types(self, scene: Scene, words: Floats, special: Floats) -> Floats:
        """Returns the probability that each word reports an act of each type, or none: `(words, 17)`, rows sum to 1."""
        sentence = averaged(special, scene.sentence, len(scene.reading.sentences))
        page = special.mean(0, keepdims=True)
        hidden = self._linear("trigger", words) + self._linear("trigger_sentence", sentence)[scene.sentence]
        hidden = hidden + self._linear("trigger_page", page)
        return softmax(self._linear("trigger_out", gelu(hidden)))

    def manner(self, words: Floats, triggers: Sequence[int]) -> tuple[Floats, Floats, Floats]:
        """Returns probabilities of the modalities `(triggers, 5)`, of being denied `(triggers,)`, and scores of the
        modes `(triggers, modes)`.
        """
        out = self._linear("manner_out", gelu(self._linear("manner", words[list(triggers)])))
        n = len(MODALITIES)
        return softmax(out[:, :n]), np.asarray(1 / (1 + np.exp(-out[:, n])), np.float32), out[:, n + 1 :]

    def prepared(self, scene: Scene, words: Floats) -> tuple[Floats, Floats, Floats]:
        """Returns the part of `sides` that does not depend on the trigger, computed once a page."""
        size = self.arrays["side_query.weight"].shape[1]
        heads = scene.heads
        phrases = np.concatenate([words[heads][:, : 2 * size], scene.of_phrase], 1)
        return self._linear("side_phrase", phrases), self._linear("side_key", words[heads][:, :size]), words

    def sides(
        self, prepared: tuple[Floats, Floats, Floats], trigger: int, rows: Sequence[int], pairs: Floats
    ) -> Floats:
        """Returns the probabilities that each phrase is actor and recipient of the trigger: `(rows, 2)`."""
        phrases, keys, words = prepared
        size = self.arrays["side_query.weight"].shape[1]
        word = words[trigger : trigger + 1]
        product = self._linear("side_query", word[:, :size]) * keys[list(rows)]
        hidden = phrases[list(rows)] + self._linear("side_trigger", word) + self._linear("side_pair", pairs)
        hidden = gelu(hidden + self._linear("side_product", product))
        out = self._linear("side_out", gelu(self._linear("side_inner", hidden)))
        return np.asarray(1 / (1 + np.exp(-out)), np.float32)

    def retold(self, words: Floats, trigger: int, earlier: Sequence[int], features: Floats) -> Floats:
        """Returns the probability that a trigger repeats the act of each earlier trigger, and, last, of none."""
        size = self.arrays["same_query.weight"].shape[1]
        word, others = words[trigger : trigger + 1], words[list(earlier)]
        product = self._linear("same_query", word[:, :size]) * self._linear("same_key", others[:, :size])
        hidden = self._linear("same_later", word[:, : 2 * size]) + self._linear("same_earlier", others[:, : 2 * size])
        hidden = hidden + self._linear("same_product", product) + self._linear("same_pair", features)
        scores = self._linear("same_out", gelu(hidden))[:, 0]
        fresh = self._linear("same_fresh", word)[:, 0]
        return softmax(np.concatenate([scores, fresh]))
