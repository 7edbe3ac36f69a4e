"""Coreference: features of pairs of mentions, and scores for joining a mention to an earlier one or to none
(training/heads/coreference.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .model import Floats, gelu

_CLASSES = (
    ("he", "him", "his", "himself"),
    ("she", "her", "hers", "herself"),
    ("it", "its", "itself"),
    ("they", "them", "their", "theirs", "themselves"),
    ("i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"),
    ("you", "your", "yours", "yourself", "yourselves"),
    ("who", "whom", "whose", "which"),
    ("that", "this", "these", "those", "one"),
)
_PRONOUNS = {word: n for n, words in enumerate(_CLASSES, 1) for word in words}
_ARTICLES = frozenset(("the", "a", "an", "this", "that", "these", "those", "'s", "’s"))
_DEFINITE, _INDEFINITE = (
    frozenset(("the", "this", "that", "these", "those")),
    frozenset(("a", "an", "some", "any", "no", "every")),
)
FEATURES = 12  # of a pair of mentions, from their words
FURTHER = 9  # of a pair of mentions, from the tree
OWN = len(_CLASSES) + 6  # of a mention
FARTHEST = 120  # preceding mentions that a mention is compared with
ROWS = 128  # mentions compared at once

Mention = tuple[int, int, int, int]


class Scores(NamedTuple):
    """Scores for joining each mention of a run to an earlier mention or to none.

    The run begins at mention `start`, the earlier mentions at `low`. `pairs` `(mentions, earlier)` has the scores of
    pairs, `none` `(mentions,)` those of a new entity. `compared` `(mentions, earlier)` marks the pairs that count.
    """

    start: int
    low: int
    pairs: Floats
    none: Floats
    compared: NDArray[np.bool_]


class Comparer:
    """Compares mentions, each `(start, end, head, type)` in words, with earlier ones.

    The features of a pair: same text, same head word, the words of one within those of the other, same type, both the
    same pronoun, exactly one a pronoun, two names without a common word, one inside the other, and the distance (four
    ranges).
    """

    def __init__(self, words: Sequence[str], mentions: Sequence[Mention]) -> None:
        low = [word.lower() for word in words]
        self.contents = [frozenset(w for w in low[s:e] if w not in _ARTICLES) for s, e, _, _ in mentions]
        self.start, self.end, self.head, self.kind = (np.array([m[k] for m in mentions], np.int64) for k in range(4))
        heads, texts = (
            [low[h] for h in self.head],
            [" ".join(w for w in low[s:e] if w not in _ARTICLES) for s, e, _, _ in mentions],
        )
        self.same_head, self.same_text = (
            np.unique(np.array(x, dtype=object).astype(str), return_inverse=True)[1] for x in (heads, texts)
        )
        self.pronoun = np.array([_PRONOUNS.get(h, 0) for h in heads], np.int64)
        self.named = np.array([words[h][:1].isupper() for h in self.head], bool)

    def rows(self, a: int, b: int, low: int) -> Floats:
        """Returns features of mentions `a` to `b - 1` against mentions `low` to `b - 1`, shape `(b - a, b - low, 12)`.
        Only those against an earlier mention are meaningful.
        """
        i, j = np.s_[a:b, None], np.s_[None, low:b]
        pronoun, other = self.pronoun[i] > 0, self.pronoun[j] > 0
        neither, both = ~(pronoun | other), pronoun & other
        number: dict[str, int] = {}
        within = [[number.setdefault(w, len(number)) for w in c] for c in self.contents[low:b]]
        table = np.zeros((b - low, max(1, len(number))), np.float32)
        for n, found in enumerate(within):
            table[n, found] = 1
        common = table[a - low :] @ table.T
        size = table.sum(1)
        shorter = np.minimum(size[a - low :, None], size[None])
        distance = self.start[i] - self.start[j]
        heads = self.same_head[i] == self.same_head[j]
        return np.stack(
            [
                neither & (self.same_text[i] == self.same_text[j]),
                neither & heads,
                neither & (shorter > 0) & (common == shorter),
                self.kind[i] == self.kind[j],
                both & heads,
                pronoun ^ other,
                neither & self.named[i] & self.named[j] & (common == 0),
                self.start[i] < self.end[j],
                distance < 10,
                (distance >= 10) & (distance < 30),
                (distance >= 30) & (distance < 80),
                distance >= 80,
            ],
            -1,
        ).astype(np.float32)


def names_of(
    words: Sequence[str], upos: Sequence[str], mentions: Sequence[Mention], person: int
) -> list[frozenset[str]]:
    """Returns the words of the name of each mention of a person: a proper noun at its head and those right after it.
    Empty for other mentions.
    """
    found = []
    for _, end, head, kind in mentions:
        last = head
        while last < end and upos[last] == "PROPN" and words[last][:1].isupper():
            last += 1
        found.append(frozenset(w.lower() for w in words[head:last]) if kind == person else frozenset())
    return found


class Tree:
    """What the dependency tree says about mentions: the word that each mention's head depends on, the relation, the
    sentence, number and definiteness.
    """

    def __init__(
        self,
        words: Sequence[str],
        compare: Comparer,
        heads: NDArray[np.int64],
        relations: Sequence[str],
        upos: Sequence[str],
        feats: Sequence[str],
        sentence: NDArray[np.int64],
    ) -> None:
        at = compare.head
        self.compare = compare
        self.at, self.over, self.sentence = at, heads[at], sentence[at]
        self.core = np.array([relations[h].startswith(("nsubj", "obj", "iobj", "obl")) for h in at], bool)
        self.apposed = np.array([relations[h] == "appos" for h in at], bool)
        number = np.array(
            [1 if "Number=Sing" in feats[h] else 2 if "Number=Plur" in feats[h] else 0 for h in at], np.int64
        )
        self.number = number
        opens = [words[s].lower() for s in compare.start]
        self.own = np.zeros((len(at), OWN), np.float32)
        self.own[np.arange(len(at)), compare.pronoun] = 1
        rest = len(_CLASSES) + 1
        for n, h in enumerate(at):
            self.own[n, rest] = upos[h] == "PROPN"
            self.own[n, rest + 1] = opens[n] in _DEFINITE
            self.own[n, rest + 2] = opens[n] in _INDEFINITE
            self.own[n, rest + 3] = number[n] == 2
            self.own[n, rest + 4] = relations[h].startswith("nsubj")

    def rows(self, a: int, b: int, low: int) -> Floats:
        """Returns features of mentions `a` to `b - 1` against mentions `low` to `b - 1`, shape `(b - a, b - low, 9)`:
        the distance in sentences and mentions, whether one verb has both, apposition, number, the same class of
        pronoun.
        """
        i, j = np.s_[a:b, None], np.s_[None, low:b]
        apart = self.sentence[i] - self.sentence[j]
        order = np.arange(a, b)[:, None] - np.arange(low, b)[None]
        numbered = (self.number[i] > 0) & (self.number[j] > 0)
        return np.stack(
            [
                apart == 0,
                apart == 1,
                (apart > 1) & (apart < 4),
                np.log1p(np.maximum(order, 0)) / 4,
                self.core[i] & self.core[j] & (self.over[i] == self.over[j]),
                self.apposed[i] & (self.over[i] == self.at[j]),
                numbered & (self.number[i] == self.number[j]),
                numbered & (self.number[i] != self.number[j]),
                (self.compare.pronoun[i] > 0) & (self.compare.pronoun[i] == self.compare.pronoun[j]),
            ],
            -1,
        ).astype(np.float32)


def pair_features(mentions: Sequence[Mention], words: Sequence[str]) -> Floats:
    """Returns features of every pair, shape `(n, n, 12)`: `[i, j]` compares mention `i` with an earlier `j`."""
    return np.tril(np.ones((len(mentions), len(mentions)), np.float32), -1)[:, :, None] * Comparer(
        words, mentions
    ).rows(0, len(mentions), 0)


def blocks(n: int) -> Iterator[tuple[int, int, int, NDArray[np.bool_]]]:
    """Yields runs `a`, `b` of `n` mentions, the first mention `low` to compare any of them with, and a mask of the
    pairs to compare, `(b - a, b - low)`.
    """
    for a in range(0, n, ROWS):
        b, low = min(n, a + ROWS), max(0, a - FARTHEST)
        order = np.arange(a, b)[:, None] - np.arange(low, b)[None]
        yield a, b, low, (order > 0) & (order <= FARTHEST)


def entities(scores: Iterator[Scores], names: Sequence[frozenset[str]] = ()) -> list[int]:
    """Returns the number of each mention's entity.

    `names` has the words of the name of each mention of a person, and is empty for other mentions. One entity never has
    two names without a common word.
    """
    found: list[int] = []
    named: list[frozenset[str]] = []  # of each entity
    for a, low, pairs, fresh, compared in scores:
        pairs = np.where(compared, pairs, -np.inf)
        for n, none in enumerate(fresh):
            name = names[a + n] if names else frozenset()
            entity = len(named)
            for at in np.argsort(-pairs[n], kind="stable") if name else [pairs[n].argmax()]:
                if not pairs[n, at] > none:
                    break
                other = found[low + int(at)]
                if not name or not named[other] or name & named[other]:
                    entity = other
                    break
            if entity == len(named):
                named.append(frozenset())
            named[entity] |= name
            found.append(entity)
    return found


def known_of(tree: Tree, first: Scores) -> Floats:
    """Returns the input features of each pair besides the states: their words, the tree, and the encoder's score,
    `(mentions, earlier, 22)`.
    """
    end = first.start + len(first.pairs)
    lead = np.clip(first.pairs - first.none[:, None], -20, 20)[:, :, None] / 4
    return np.concatenate(
        [tree.compare.rows(first.start, end, first.low), tree.rows(first.start, end, first.low), lead], -1
    ).astype(np.float32)


def scored(arrays: Mapping[str, Floats], states: Floats, tree: Tree, first: Iterator[Scores]) -> Iterator[Scores]:
    """Yields the encoder's own scores `first`, corrected by a small head that sees both mentions, `states` `(mentions,
    size)`, and the tree.
    """
    own = {k.removeprefix("coref_"): v for k, v in arrays.items() if k.startswith("coref_")}
    x = np.concatenate([states, tree.own], 1)
    mine, theirs = x @ own["mine_weight"].T + own["mine_bias"], x @ own["theirs_weight"].T
    query, key = x @ own["query_weight"].T, x @ own["key_weight"].T
    alone = (gelu(x @ own["alone_weight"].T + own["alone_bias"]) @ own["none_weight"].T)[:, 0] + own["none_bias"][0]
    wide = own["pair_weight"]
    size = query.shape[1]
    for stretch in first:
        a, low, pairs, none, compared = stretch
        b = a + len(pairs)
        rows, columns = np.nonzero(compared)
        hidden = np.asarray(
            mine[a:b][rows]
            + theirs[low:b][columns]
            + (query[a:b][rows] * key[low:b][columns]) @ wide[:, :size].T
            + known_of(tree, stretch)[rows, columns] @ wide[:, size:].T,
            np.float32,
        )
        told = np.zeros_like(pairs)
        told[rows, columns] = pairs[rows, columns] + (gelu(hidden) @ own["out_weight"].T)[:, 0] + own["out_bias"][0]
        yield Scores(a, low, told, np.asarray(none + alone[a:b], np.float32), compared)
