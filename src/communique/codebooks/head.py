"""A light head for a user's own types: logistic regression on outputs of the one pass, fitted in seconds."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .features import BLOCKS, WEIGHT, Features

Doubles = NDArray[np.float64]
STRENGTH = 10.0  # inverse of the penalty on the weights, with features of length one
BACKGROUND = 0.5  # weight of a background sentence relative to an example
_STEPS = 400


@dataclass(frozen=True)
class Space:
    """Turns features into a vector: each block centred and of one length, then the words weighted by rarity."""

    centres: dict[str, Doubles]
    rarity: dict[str, float]
    unseen: float
    places: dict[str, int]

    @classmethod
    def of(cls, many: Sequence[Features]) -> Space:
        centres: dict[str, Doubles] = {}
        for block in BLOCKS:
            rows = [f.dense[block] for f in many if f.dense[block] is not None]
            if rows:
                centres[block] = np.mean(np.array(rows, np.float64), 0)
        counts = Counter(w for f in many for w in f.words)
        n = len(many) + 1
        rarity = {w: math.log(n / c) for w, c in counts.items()}
        return cls(centres, rarity, math.log(n), {w: i for i, w in enumerate(sorted(counts))})

    def dense(self, f: Features) -> Doubles:
        parts = []
        for block, centre in self.centres.items():
            row = f.dense[block]
            if row is None:
                parts.append(np.zeros(len(centre)))
            else:
                moved = np.asarray(row, np.float64) - centre
                parts.append(WEIGHT[block] * moved / (np.linalg.norm(moved) + 1e-9))
        return np.concatenate(parts)

    def lexical(self, f: Features) -> tuple[list[int], list[float]]:
        """Returns places and values of the words seen in fitting; the vector of all words has length one."""
        values = {w: v * self.rarity.get(w, self.unseen) for w, v in f.words.items()}
        length = math.sqrt(sum(v * v for v in values.values())) + 1e-9
        known = [(self.places[w], v / length) for w, v in values.items() if w in self.places]
        return [p for p, _ in known], [v for _, v in known]

    def vector(self, f: Features) -> Doubles:
        out = np.zeros(len(self.places))
        where, values = self.lexical(f)
        out[where] = values
        return np.concatenate([self.dense(f), out])

    def matrix(self, many: Sequence[Features]) -> Doubles:
        return np.stack([self.vector(f) for f in many])


def regress(
    x: Doubles, y: NDArray[np.int64], count: int, weight: Doubles, strength: float = STRENGTH
) -> tuple[Doubles, Doubles]:
    """Returns weights `(count, width)` and biases of multinomial logistic regression with a penalty on the weights,
    fitted by accelerated gradients.

    The rows are first reduced to as many columns as there are rows, so the cost of a fit does not depend on their
    width.
    """
    gram = x @ x.T
    values, vectors = np.linalg.eigh(gram)
    keep = values > 1e-8 * values[-1]
    small = vectors[:, keep] * np.sqrt(values[keep])
    back = x.T @ (vectors[:, keep] / np.sqrt(values[keep]))
    small = np.hstack([small, np.ones((len(x), 1))])
    truth = np.eye(count)[y]
    weight = weight / weight.mean()
    bound = 0.5 * 1.05 * _largest(small, weight) + 1 / strength
    penalty = np.full(small.shape[1], 1 / strength)
    penalty[-1] = 1e-4
    w = np.zeros((count, small.shape[1]))
    ahead, pace = w, 1.0
    for _ in range(_STEPS):
        scores = small @ ahead.T
        scores -= scores.max(1, keepdims=True)
        e = np.exp(scores)
        gradient = ((e / e.sum(1, keepdims=True) - truth) * weight[:, None]).T @ small + ahead * penalty
        new = ahead - gradient / bound
        following = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead = new + (pace - 1) / following * (new - w)
        moved = float(np.abs(new - w).max())
        w, pace = new, following
        if moved < 1e-4:
            break
    return w[:, :-1] @ back.T, w[:, -1]


def _largest(x: Doubles, weight: Doubles) -> float:
    """Returns the largest eigenvalue of the weighted scatter of rows, by power iteration, from below."""
    v = np.ones(x.shape[1]) / math.sqrt(x.shape[1])
    value = 1.0
    for _ in range(50):
        v = x.T @ (weight * (x @ v))
        value = float(np.linalg.norm(v)) or 1.0
        v = v / value
    return value


def balanced(y: NDArray[np.int64], given: Doubles) -> Doubles:
    """Returns weights with the same sum for every class."""
    total = np.bincount(y, given)
    return given / np.maximum(total[y], 1e-9) * len(y) / max(1, len(set(y.tolist())))


@dataclass(frozen=True)
class Head:
    """Fitted weights. `labels` are the types and, last, none; `sharpness` turns the scores into probabilities."""

    labels: tuple[str, ...]
    space: Space
    weights: Doubles
    biases: Doubles
    sharpness: float
    model: str
    mark: str

    def scores(self, f: Features) -> Doubles:
        width = sum(len(c) for c in self.space.centres.values())
        where, values = self.space.lexical(f)
        return np.asarray(
            self.weights[:, :width] @ self.space.dense(f)
            + self.weights[:, width:][:, where] @ np.array(values)
            + self.biases
        )

    def probabilities(self, f: Features) -> Doubles:
        return softened(self.scores(f), self.sharpness)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        words = sorted(self.space.places, key=self.space.places.__getitem__)
        arrays: dict[str, Any] = {
            "weights": self.weights.astype(np.float32),
            "biases": self.biases,
            "rarity": np.array([self.space.rarity[w] for w in words]),
        }
        arrays |= {f"centre_{b}": c.astype(np.float32) for b, c in self.space.centres.items()}
        np.savez_compressed(folder / "head.npz", **arrays)
        about = {
            "labels": self.labels,
            "words": words,
            "unseen": self.space.unseen,
            "sharpness": self.sharpness,
            "model": self.model,
            "codebook": self.mark,
        }
        (folder / "head.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Head:
        about = json.loads((folder / "head.json").read_text("utf-8"))
        with np.load(folder / "head.npz") as a:
            words = about["words"]
            space = Space(
                {b: a[f"centre_{b}"].astype(np.float64) for b in BLOCKS if f"centre_{b}" in a.files},
                {w: float(v) for w, v in zip(words, a["rarity"])},
                float(about["unseen"]),
                {w: i for i, w in enumerate(words)},
            )
            return cls(
                tuple(about["labels"]),
                space,
                a["weights"].astype(np.float64),
                a["biases"].astype(np.float64),
                float(about["sharpness"]),
                about["model"],
                about["codebook"],
            )


def softened(scores: Doubles, sharpness: float) -> Doubles:
    z = scores * sharpness
    e = np.exp(z - z.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


def sharpness_of(scores: Doubles, y: NDArray[np.int64], weight: Doubles) -> float:
    """Returns the sharpness with the lowest log loss on held-out scores."""
    best = (math.inf, 1.0)
    for value in np.geomspace(0.2, 5, 33):
        p = softened(scores, float(value))[np.arange(len(y)), y]
        loss = float(-(weight * np.log(np.maximum(p, 1e-9))).sum())
        best = min(best, (loss, float(value)))
    return round(best[1], 4)
