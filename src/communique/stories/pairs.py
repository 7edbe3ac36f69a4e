"""Whether two articles tell the same news, and whether one follows the other: learned from pairs."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .signature import Signature, cosine, name_cosine, resemblance

FEATURES = ("words", "words squared", "names", "meaning", "runs of words")
COPY = 0.55  # share of runs of four words from which one is a copy of the other
REWRITE = 0.12  # and from which one is a rewrite of the other
FACTS = 0.5  # share of names and numbers from which one is a rewrite, in whatever words
_WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a report is compared: its signature, the reading's vector (unit length), its day."""

    id: str
    signature: Signature
    vector: NDArray[np.float32]
    day: str | None


@cache
def weights() -> tuple[NDArray[np.float64], float, float]:
    kept = json.loads(_WEIGHTS.read_text("utf-8"))
    return np.array([kept["weights"][name] for name in FEATURES]), float(kept["bias"]), float(kept["threshold"])


def features(a: Profile, b: Profile) -> list[float]:
    words = cosine(a.signature, b.signature)
    meaning = float(a.vector @ b.vector) if len(a.vector) and len(a.vector) == len(b.vector) else 0.0
    return [words, words * words, name_cosine(a.signature, b.signature), meaning, resemblance(a.signature, b.signature)]


def sameness(a: Profile, b: Profile) -> float:
    """How likely two articles tell the same news, 0 to 1."""
    weight, bias, _ = weights()
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, float(np.array(features(a, b)) @ weight) + bias))))
