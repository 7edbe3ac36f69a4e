"""Sources, cues and contents, word by word, with the tree in view: a small head upon the encoder's states (training/attribution.py)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .model import Floats, gelu, softmax

ROLES = ("source", "cue", "content")
_LEAST = 1e-4


def extra(seen: Mapping[str, NDArray[np.float32]]) -> Floats:
    """What the encoder's own tags say of each word, of the word it hangs on and of the cue it points to, and where sentences begin: `(words, 23)`."""
    tags = np.log(np.clip(np.concatenate([seen[role] for role in ROLES], 1), _LEAST, 1.0))
    heads, points = seen["heads"].astype(np.int64), seen["points"].astype(np.int64)
    return np.concatenate([tags, tags[heads], tags[points][:, 3:6], seen["pointed"][:, None], seen["begins"][:, None]], 1).astype(np.float32)


def attributions(arrays: Mapping[str, Floats], states: Floats, seen: Mapping[str, NDArray[np.float32]]) -> dict[str, Floats]:
    """For each role how likely each word is none of it, its first word or a further one: `(words, 3)` each."""
    a = {k.removeprefix("attribution_"): v for k, v in arrays.items() if k.startswith("attribution_")}
    heads = seen["heads"].astype(np.int64)
    size, w = states.shape[1], a["into_weight"]
    relation = a["relation_weight"][seen["relations"].astype(np.int64)]
    below, above = states @ w[:, :size].T, states @ w[:, size : 2 * size].T
    own = gelu(below + above[heads] + np.concatenate([relation, extra(seen)], 1) @ w[:, 2 * size :].T + a["into_bias"])
    around = own
    for name, step in (("near", 1), ("far", 2)):
        around = around + gelu(_convolved(around, a[f"{name}_weight"], a[f"{name}_bias"], step))
    logits = np.concatenate([own, around], 1) @ a["out_weight"].T + a["out_bias"]
    return {role: softmax(logits[:, 3 * n : 3 * n + 3]) for n, role in enumerate(ROLES)}


def _convolved(x: Floats, weight: Floats, bias: Floats, step: int) -> Floats:
    """A convolution over the words, `weight` of `(out, in, width)`, each `step` words apart."""
    width = weight.shape[2]
    reach = step * (width // 2)
    padded = np.pad(x, ((reach, reach), (0, 0)))
    found = np.broadcast_to(bias, (len(x), len(bias))).astype(np.float32)
    for k in range(width):
        found = found + padded[k * step : k * step + len(x)] @ weight[:, :, k].T
    return found
