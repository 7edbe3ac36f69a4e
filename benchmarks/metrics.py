"""All scores of the benchmarks. Those that training also prints come from `training.metrics`."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from training.metrics import Cluster as Cluster
from training.metrics import Groups as Groups
from training.metrics import clusters as clusters
from training.metrics import coreference as coreference
from training.metrics import f1 as f1
from training.metrics import pair_f1 as pair_f1
from training.metrics import pairs as pairs

Span = tuple[int, int]


def macro(pairs: list[tuple[str, str]]) -> float:
    """Returns the mean F1 over the types in the key."""
    scores = []
    for kind in sorted({g for g, _ in pairs}):
        tp = sum(g == f == kind for g, f in pairs)
        scores.append(2 * tp / (sum(g == kind for g, _ in pairs) + sum(f == kind for _, f in pairs)))
    return sum(scores) / len(scores)


def interval(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """Returns the 95% interval of the macro-F1 by resampling sentences."""
    rng = random.Random(1)
    values = sorted(macro([rng.choice(pairs) for _ in pairs]) for _ in range(500))
    return values[12], values[487]


def b_cubed(found: Groups, key: Groups) -> float:
    mine, theirs = defaultdict(set), defaultdict(set)
    for a in key:
        mine[found[a]].add(a), theirs[key[a]].add(a)
    shared = {a: len(mine[found[a]] & theirs[key[a]]) for a in key}
    precision = sum(shared[a] / len(mine[found[a]]) for a in key) / len(key)
    recall = sum(shared[a] / len(theirs[key[a]]) for a in key) / len(key)
    return 2 * precision * recall / (precision + recall)


def touches(span: Span, others: Iterable[Span]) -> bool:
    """Returns whether a span overlaps one of the others."""
    return any(span[0] < end and start < span[1] for start, end in others)
