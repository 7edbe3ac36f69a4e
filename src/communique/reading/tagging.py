"""Tags sources, cues and contents of statements with a head on the encoder's states and the tree
(training/heads/tagging.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .model import Floats, gelu, softmax

SPEECH = ("source", "cue", "content")
_LEAST = 1e-4

Seen = Mapping[str, NDArray[np.float32]]


def speech_of(seen: Seen) -> Floats:
    """Returns input features `(words, 23)`: the encoder's own tags of each word, of its syntactic head and of the cue
    it points to, and where sentences begin.
    """
    tags = np.log(np.clip(np.concatenate([seen[role] for role in SPEECH], 1), _LEAST, 1.0))
    heads, points = seen["heads"].astype(np.int64), seen["points"].astype(np.int64)
    return np.concatenate(
        [tags, tags[heads], tags[points][:, 3:6], seen["pointed"][:, None], seen["begins"][:, None]], 1
    ).astype(np.float32)


def attributions(arrays: Mapping[str, Floats], states: Floats, seen: Seen) -> dict[str, Floats]:
    """Returns for each role of speech the probabilities that a word is outside it, its first word or a further one:
    `(words, 3)` each.
    """
    told = _told(arrays, "attribution", states, seen, speech_of(seen), len(SPEECH))
    return {role: told[:, n] for n, role in enumerate(SPEECH)}


def _told(arrays: Mapping[str, Floats], head: str, states: Floats, seen: Seen, extra: Floats, layers: int) -> Floats:
    """Returns probabilities `(words, layers, tags)`: the mean over the heads of one name, with arrays that begin with
    `name_`, `name2_` and so on.
    """
    names = sorted({k[: k.index("_") + 1] for k in arrays if k.startswith(head)})
    told = [softmax(_logits(arrays, name, states, seen, extra).reshape(len(states), layers, -1)) for name in names]
    return np.asarray(sum(told[1:], told[0]) / len(told), np.float32)


def _logits(arrays: Mapping[str, Floats], head: str, states: Floats, seen: Seen, extra: Floats) -> Floats:
    """Returns a head's logits for each word from the states of the word and of its syntactic head, the relation between
    them, the `extra` features, and the words around.
    """
    a = {k.removeprefix(head): v for k, v in arrays.items() if k.startswith(head)}
    heads = seen["heads"].astype(np.int64)
    size, w = states.shape[1], a["into_weight"]
    relation = a["relation_weight"][seen["relations"].astype(np.int64)]
    below, above = states @ w[:, :size].T, states @ w[:, size : 2 * size].T
    own = gelu(below + above[heads] + np.concatenate([relation, extra], 1) @ w[:, 2 * size :].T + a["into_bias"])
    around = own
    for name, step in (("near", 1), ("far", 2)):
        around = around + gelu(_convolved(around, a[f"{name}_weight"], a[f"{name}_bias"], step))
    return np.asarray(np.concatenate([own, around], 1) @ a["out_weight"].T + a["out_bias"], np.float32)


def _convolved(x: Floats, weight: Floats, bias: Floats, step: int) -> Floats:
    """Returns a convolution over the words, `weight` of `(out, in, width)`, with taps `step` words apart."""
    width = weight.shape[2]
    reach = step * (width // 2)
    found = np.tile(np.asarray(bias, np.float32), (len(x), 1))
    for k in range(width):
        ahead = k * step - reach
        if abs(ahead) < len(x):
            told = x @ weight[:, :, k].T
            found[max(0, -ahead) : len(x) - max(0, ahead)] += told[max(0, ahead) : len(x) + min(0, ahead)]
    return found
