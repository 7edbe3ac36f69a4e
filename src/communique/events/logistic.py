"""Logistic regressions on named features: small learned choices that a person can read off a table of weights."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log

Features = dict[str, float]
_LARGEST = 30.0  # beyond it the exponential says nothing more


def probability(weights: Mapping[str, float], features: Features) -> float:
    """How likely the outcome is; a feature without a weight counts nothing."""
    total = weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + exp(-max(min(total, _LARGEST), -_LARGEST)))


def logit(p: float) -> float:
    p = min(max(p, 1e-3), 1 - 1e-3)
    return log(p / (1 - p))
