"""Stories: articles with the same news, as copies, rewrites of one text, or independent accounts."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..schema import Node
from .pairs import COPY, FACTS, REWRITE, Profile, Tie, sameness, weights
from .signature import Signature, cosines, resemblances, signature_of

__all__ = ["Member", "Profile", "Signature", "Story", "Tie", "signature_of", "stories_of", "tie_of", "ties_of"]


@dataclass(frozen=True, slots=True)
class Member(Node):
    """An article in a story, with its tie to an earlier article `of`; `None` for a first or independent one."""

    article: str
    tie: Literal["first", "copy", "rewrite", "independent"]
    of: str | None


@dataclass(frozen=True, slots=True)
class Story(Node):
    """Articles with the same news, the earliest published first, unknown days last, equal days by id."""

    id: str
    articles: tuple[Member, ...]


FAINT = 0.1  # least similarity for two articles to have a tie
# Least number of names and numbers: short accounts of one event share most of theirs even if they are independent.
FEW = 12
BELOW = FACTS - 0.01
_LARGE = 1500  # articles connected by ties; larger groups keep only ties of at least the threshold


def ties_of(a: Profile, others: Sequence[Profile]) -> list[Tie]:
    """Returns the ties of an article with others, without those that surely have different news."""
    if not others:
        return []
    one = a.signature
    wording = resemblances(one, [o.signature for o in others])
    facts = cosines((one.names, one.name_weights), [(o.signature.names, o.signature.name_weights) for o in others])
    score = (cosines((one.terms, one.weights), [(o.signature.terms, o.signature.weights) for o in others]) + facts) / 2
    few = np.array([min(len(one.names), len(o.signature.names)) < FEW for o in others])
    facts = np.where(few & (wording < REWRITE), np.minimum(facts, BELOW), facts)
    near = np.flatnonzero((score >= FAINT) | (wording >= COPY))
    return [
        Tie(
            min(a.id, others[i].id),
            max(a.id, others[i].id),
            round(float(score[i]), 6),
            float(wording[i]),
            round(float(facts[i]), 6),
        )
        for i in map(int, near)
    ]


def tie_of(a: Profile, b: Profile) -> Tie | None:
    """Returns the tie of two articles, `None` if they surely have different news."""
    return next(iter(ties_of(a, [b])), None)


def stories_of(articles: Mapping[str, str | None], ties: Iterable[Tie], threshold: float | None = None) -> list[Story]:
    """Returns the stories of articles (id to day of publication) by their ties, in whatever order they come.

    Average linkage joins groups down to the learned threshold, so that one article on two topics does not make one
    story of both.
    """
    by_pair = {(t.a, t.b): t for t in ties if t.a in articles and t.b in articles}
    threshold = weights()[2] if threshold is None else threshold
    inside: dict[str, list[Tie]] = defaultdict(list)
    components = _components(sorted(articles), by_pair.values())
    of = {a: component[0] for component in components for a in component}
    for pair in sorted(by_pair):
        inside[of[pair[0]]].append(by_pair[pair])
    found = []
    for component in components:
        mine = inside[component[0]]
        sure = {(t.a, t.b): float(s) for t, s in zip(mine, sameness(mine))} if mine else {}
        if len(component) > _LARGE:
            near = [by_pair[p] for p, s in sure.items() if s >= threshold]
            found += [
                group
                for part in _components(component, near)
                for group in _linked(part[:_LARGE], sure, threshold) + [[a] for a in part[_LARGE:]]
            ]
        else:
            found += _linked(component, sure, threshold)
    return sorted((_story(m, articles, by_pair) for m in found), key=lambda s: s.id)


def _components(articles: list[str], ties: Iterable[Tie]) -> list[list[str]]:
    """Connected components of articles by ties, each in the order of `articles`."""
    above = {a: a for a in articles}

    def top(a: str) -> str:
        while above[a] != a:
            above[a] = above[above[a]]
            a = above[a]
        return a

    for t in ties:
        if t.a in above and t.b in above:
            one, other = sorted((top(t.a), top(t.b)))
            above[other] = one
    groups: dict[str, list[str]] = defaultdict(list)
    for a in articles:
        groups[top(a)].append(a)
    return list(groups.values())


def _linked(articles: list[str], sure: Mapping[tuple[str, str], float], threshold: float) -> list[list[str]]:
    """Average linkage: joins the two most similar groups until no average similarity reaches the threshold."""
    n = len(articles)
    if n == 1:
        return [articles]
    scores = np.zeros((n, n))
    for i, a in enumerate(articles):
        for j in range(i + 1, n):
            scores[i, j] = scores[j, i] = sure.get((a, articles[j]), 0.0)
    groups = [[a] for a in articles]
    np.fill_diagonal(scores, -1)
    while True:
        i, j = divmod(int(scores.argmax()), n)
        if scores[i, j] < threshold:
            return [g for g in groups if g]
        mine, theirs = len(groups[i]), len(groups[j])
        scores[i] = (scores[i] * mine + scores[j] * theirs) / (mine + theirs)
        scores[:, i] = scores[i]
        scores[j], scores[:, j], scores[i, i] = -1, -1, -1
        groups[i] += groups[j]
        groups[j] = []


def _story(members: list[str], articles: Mapping[str, str | None], ties: dict[tuple[str, str], Tie]) -> Story:
    order = sorted(members, key=lambda a: (articles[a] or "9999", a))
    found = [Member(order[0], "first", None)]
    for at, article in enumerate(order[1:], 1):
        near = [
            (t, -n, earlier)
            for n, earlier in enumerate(order[:at])
            if (t := ties.get((min(article, earlier), max(article, earlier))))
        ]
        closest, _, of = max(((t.wording, n, earlier) for t, n, earlier in near), default=(0.0, 0, order[0]))
        facts, _, told = max(((t.facts, n, earlier) for t, n, earlier in near), default=(0.0, 0, order[0]))
        if closest >= COPY:
            found.append(Member(article, "copy", of))
        elif closest >= REWRITE:
            found.append(Member(article, "rewrite", of))
        elif facts >= FACTS:
            found.append(Member(article, "rewrite", told))
        else:
            found.append(Member(article, "independent", None))
    return Story("t:" + hashlib.sha256(order[0].encode()).hexdigest()[:16], tuple(found))
