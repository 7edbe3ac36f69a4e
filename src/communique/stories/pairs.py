"""Whether two articles tell the same news, and whether one follows the other: learned from pairs.

Two earthquakes are told in the same words, so how alike two articles are says little by itself: it is held against how
alike each is to those nearest to it.
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
COPY = 0.55  # share of runs of four words from which one is a copy of the other
REWRITE = 0.12  # and from which one is a rewrite of the other
FACTS = 0.5  # share of names and numbers from which one is a rewrite, in whatever words
FARTHEST = 3.0  # times as alike as the nearest, beyond which it makes no difference
NEAREST = 3  # articles that an article's other ties are held against
_WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a report is compared: its signature and its day."""

    id: str
    signature: Signature
    day: str | None


@dataclass(frozen=True, slots=True)
class Tie:
    """Two articles that may be of one story: how alike they are (0 to 1), how alike their wording, how far they have
    names and numbers in common.
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
    """How likely the two articles of each tie tell the same news, 0 to 1, where these are all the ties of their
    articles.
    """
    weight, bias, _ = weights()
    x = features(ties)
    found: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(x @ weight + bias, -30, 30)))
    copies = np.array(
        [t.wording >= COPY and t.facts >= FACTS for t in ties], bool
    )  # a form filled in with other names is no copy
    return np.where(copies, 1.0, found)


def features(ties: Sequence[Tie]) -> NDArray[np.float64]:
    """A row of `FEATURES` for each tie, where these are all the ties of their articles."""
    by: dict[str, list[float]] = defaultdict(list)
    for t in ties:
        if t.wording < REWRITE:  # copies of one text are nearer to each other than any other account can be
            by[t.a].append(t.score)
            by[t.b].append(t.score)
    nearest = {a: sum(sorted(found)[-NEAREST:]) / min(NEAREST, len(found)) for a, found in by.items()}

    def beside(t: Tie) -> float:
        return min(FARTHEST, t.score / max(1e-9, math.sqrt(nearest.get(t.a, t.score) * nearest.get(t.b, t.score))))

    return np.array([(t.score, t.facts, min(REWRITE, t.wording), beside(t)) for t in ties], np.float64).reshape(
        -1, len(FEATURES)
    )
