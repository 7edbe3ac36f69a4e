"""Decides whether two articles have the same news, and whether one follows the other; learned from pairs.

Reports of two earthquakes use the same words, so the similarity of two articles alone says little. It is compared with
the similarity of each to its nearest articles.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .signature import Signature

FEATURES = ("alike", "names", "runs of words", "beside the nearest")
COPY = 0.55  # least share of common runs of four words for a copy
REWRITE = 0.12  # and for a rewrite
FACTS = 0.5  # least share of common names and numbers for a rewrite, in whatever words
FARTHEST = 3.0  # upper bound of the ratio to the nearest similarity
NEAREST = 3  # nearest articles that an article's ties are compared with
_WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Profile:
    """The parts of a report that are compared: its signature and its day."""

    id: str
    signature: Signature
    day: str | None


@dataclass(frozen=True, slots=True)
class Tie:
    """Two articles that may belong to one story, with their similarity (`score`), that of their wording, and that of
    their names and numbers (`facts`), each from 0 to 1.
    """

    a: str
    b: str
    score: float
    wording: float
    facts: float


@cache
def weights() -> tuple[NDArray[np.float64], float, float]:
    kept = json.loads(_WEIGHTS.read_text("utf-8"))
    return np.array([kept["weights"][name] for name in FEATURES]), float(kept["bias"]), float(kept["threshold"])


def sameness(ties: Sequence[Tie]) -> NDArray[np.float64]:
    """Returns the probability that the two articles of each tie have the same news. `ties` must hold all ties of their
    articles.
    """
    weight, bias, _ = weights()
    x = features(ties)
    found: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(x @ weight + bias, -30, 30)))
    copies = np.array(
        [t.wording >= COPY and t.facts >= FACTS for t in ties], bool
    )  # the same form filled in with other names is not a copy
    return np.where(copies, 1.0, found)


def features(ties: Sequence[Tie]) -> NDArray[np.float64]:
    """Returns a row of `FEATURES` for each tie. `ties` must hold all ties of their articles."""
    by: dict[str, list[float]] = defaultdict(list)
    for t in ties:
        if t.wording < REWRITE:  # copies of one text are nearer to each other than to any other account
            by[t.a].append(t.score)
            by[t.b].append(t.score)
    nearest = {a: sum(sorted(found)[-NEAREST:]) / min(NEAREST, len(found)) for a, found in by.items()}

    def beside(t: Tie) -> float:
        return min(FARTHEST, t.score / max(1e-9, math.sqrt(nearest.get(t.a, t.score) * nearest.get(t.b, t.score))))

    return np.array([(t.score, t.facts, min(REWRITE, t.wording), beside(t)) for t in ties], np.float64).reshape(
        -1, len(FEATURES)
    )
