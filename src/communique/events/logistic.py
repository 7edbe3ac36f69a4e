"""Logistic regression on named features: small learned choices with a readable table of weights."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log

Features = dict[str, float]
_LARGEST = 30.0  # bound of the logit: beyond it the probability is 0 or 1


def probability(weights: Mapping[str, float], features: Features) -> float:
    """Returns the probability of the outcome; a feature without a weight counts 0."""
    total = weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + exp(-max(min(total, _LARGEST), -_LARGEST)))


def logit(p: float) -> float:
    p = min(max(p, 1e-3), 1 - 1e-3)
    return log(p / (1 - p))
