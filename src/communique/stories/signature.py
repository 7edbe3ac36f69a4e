"""The signature by which an article is compared: its rarest words, names and numbers with weights, and MinHash."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import rensa
from numpy.typing import NDArray

WORDS = 150  # weighted words kept of an article
NAMES = 60  # names and numbers kept of an article
HASHES = 64  # of MinHash
BANDS = 16  # of four hashes: articles with a Jaccard similarity of 0.5 or more mostly share one
LEAD = 60  # first words, which count double
_BUCKETS = 1 << 16
_GRAIN = 1 << 40
_NAME = re.compile(r"\b(?:[A-ZÀ-Þ][\w'’-]+|\d[\d.,:]*)")
_FREQUENCIES = Path(__file__).with_name("frequencies.npy")


@dataclass(frozen=True, slots=True)
class Signature:
    """`terms` (n) are hashes of words, `weights` (n) their weights as a vector of unit length; `names` and
    `name_weights` the same for names and numbers; `hashes` (64) is MinHash over runs of four words."""

    terms: NDArray[np.int64]
    weights: NDArray[np.float32]
    names: NDArray[np.int64]
    name_weights: NDArray[np.float32]
    hashes: NDArray[np.int64]
    words: int

    @property
    def bands(self) -> list[str]:
        """Returns keys of which two near copies share at least one."""
        size = HASHES // BANDS
        return [
            f"{i}:{hashlib.blake2b(self.hashes[i * size : (i + 1) * size].tobytes(), digest_size=8).hexdigest()}"
            for i in range(BANDS)
        ]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’]\w+)?", text.lower())


def term(word: str) -> int:
    """Returns the number of a word, a hash of 48 bits; two words hardly ever share one."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=6).digest(), "little")


@cache
def _frequencies() -> NDArray[np.uint16]:
    found: NDArray[np.uint16] = np.load(_FREQUENCIES)
    return found


def rarity(number: int) -> float:
    """Returns the inverse document frequency of a word: the logarithm of the ratio of all articles to those with the
    word, from a table of general news, the same for every record.
    """
    table = _frequencies()
    return math.log((int(table[-1]) + 1) / (int(table[number % _BUCKETS]) + 0.5))


def signature_of(text: str) -> Signature:
    """Returns the signature of a text, title first."""
    words = words_of(text)
    counts: Counter[int] = Counter()
    for at, word in enumerate(words):
        counts[term(word)] += 2 if at < LEAD else 1
    named = Counter(term(m[0].lower()) for m in _NAME.finditer(text))
    minhash = rensa.RMinHash(num_perm=HASHES, seed=1)
    minhash.update([" ".join(words[i : i + 4]) for i in range(max(1, len(words) - 3))])
    return Signature(
        *_weighed(counts, WORDS), *_weighed(named, NAMES), np.array(minhash.digest(), np.int64), len(words)
    )


def _weighed(counts: Counter[int], most: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The words of highest weight (TF-IDF), the highest last, with weights as a vector of unit length."""
    found = sorted(((1 + math.log(n)) * rarity(t), t) for t, n in counts.items())[-most:]
    weights = np.array([w for w, _ in found], np.float32)
    return np.array([t for _, t in found], np.int64), weights / (float(np.linalg.norm(weights)) or 1.0)


def cosines(
    one: tuple[NDArray[np.int64], NDArray[np.float32]], others: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]]
) -> NDArray[np.float64]:
    """Returns the cosine similarity, 0 to 1, of one article's weighted words with those of each other article; both are
    given as numbers and weights of unit length.
    """
    order = np.argsort(one[0])
    terms, weights = one[0][order], one[1][order].astype(np.float64)
    if not len(terms) or not len(others):
        return np.zeros(len(others))
    every = np.concatenate([t for t, _ in others])
    at = np.minimum(np.searchsorted(terms, every), len(terms) - 1)
    hit = terms[at] == every
    owner = np.repeat(np.arange(len(others)), [len(t) for t, _ in others])[hit]
    # Whole numbers, so that the sum does not depend on the order in which two articles are given.
    products = np.rint(weights[at[hit]] * np.concatenate([w for _, w in others])[hit] * _GRAIN)
    return np.bincount(owner, products, len(others)) / _GRAIN


def resemblances(one: Signature, others: Sequence[Signature]) -> NDArray[np.float64]:
    """Returns the estimated Jaccard similarity, 0 to 1, of the runs of four words of one article and each other one."""
    found: NDArray[np.float64] = (np.array([o.hashes for o in others]).reshape(-1, HASHES) == one.hashes).mean(1)
    return found
