"""Scores for training output and benchmarks: counts, groups of articles, coreference."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np

Groups = dict[str, str]
Cluster = frozenset[tuple[int, int]]


def f1(right: float, found: float, wanted: float) -> tuple[float, float, float]:
    """Returns precision, recall and F1 from counts."""
    precision, recall = right / found if found else 0.0, right / wanted if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def pair_f1(found: dict[str, str], key: dict[str, str]) -> tuple[float, float, float]:
    """Returns precision, recall and F1 over the pairs of articles assigned to the same story."""
    mine, theirs = pairs(found), pairs(key)
    right = len(mine & theirs)
    precision, recall = right / len(mine) if mine else 0.0, right / len(theirs) if theirs else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def pairs(groups: dict[str, str]) -> set[tuple[str, str]]:
    by: dict[str, list[str]] = {}
    for article, group in sorted(groups.items()):
        by.setdefault(group, []).append(article)
    return {p for members in by.values() for p in itertools.combinations(members, 2)}


def coreference(gold: list[Cluster], found: list[Cluster]) -> float:
    """Returns the CoNLL F1: the mean of MUC, B³ and entity-based CEAF."""

    def links(a: list[Cluster], b: list[Cluster]) -> tuple[float, float]:
        where = {m: i for i, c in enumerate(b) for m in c}
        right = sum(len(c) - len({where.get(m, (-1, m)) for m in c}) for c in a)
        return right, sum(len(c) - 1 for c in a)

    def cubed(a: list[Cluster], b: list[Cluster]) -> tuple[float, float]:
        where = {m: c for c in b for m in c}
        return sum(len(c & where[m]) / len(c) for c in a for m in c if m in where), sum(map(len, a))

    def score(x: tuple[float, float], y: tuple[float, float]) -> float:
        recall, precision = x[0] / x[1] if x[1] else 0, y[0] / y[1] if y[1] else 0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    muc = score(links(gold, found), links(found, gold))
    b3 = score(cubed(gold, found), cubed(found, gold))
    similarity = np.zeros((len(gold), len(found)))
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            if g & f:
                similarity[i, j] = 2 * len(g & f) / (len(g) + len(f))
    total, matrix = 0.0, similarity.copy()
    while matrix.size and matrix.max() > 0:  # greedy alignment, a lower bound of the optimum
        i, j = np.unravel_index(matrix.argmax(), matrix.shape)
        total += matrix[i, j]
        matrix[i, :], matrix[:, j] = 0, 0
    ceaf = score((total, len(gold)), (total, len(found)))
    return (muc + b3 + ceaf) / 3


def clusters(pairs: list[tuple[tuple[int, int], int]]) -> list[Cluster]:
    groups: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for span, entity in pairs:
        groups[entity].add(span)
    return [frozenset(g) for g in groups.values() if len(g) > 1]
