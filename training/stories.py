"""Fits what tells whether two articles are one story, on ECB+'s training topics, and counts words of news for their rarity.

    python -m training.stories CORPORA
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from communique import Reader
from communique.record import profile_of
from communique.stories import Profile, stories_of, tie_of
from communique.stories.pairs import FEATURES, features, weights
from communique.stories.signature import _BUCKETS, term, words_of

from .marked import news

OUT = Path("src/communique/stories")


def articles(corpora: Path, part: str) -> Iterator[tuple[str, str, str]]:
    """`(id, text, story)` of ECB+'s articles."""
    with open(corpora / f"ecbplus/{part}.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["doc"], "\n\n".join(joined(s) for s in row["sentences"]), row["subtopic"]


def acts(corpora: Path, part: str) -> Iterator[tuple[str, str, list[tuple[int, int, str]]]]:
    """`(id, text, mentions)` of ECB+'s articles, each mention of an act as first and last character and chain."""
    with open(corpora / f"ecbplus/{part}.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text, spans = "", []
            for sentence in row["sentences"]:
                text += "\n\n" if text else ""
                laid, places = _laid(sentence)
                spans.append([(s + len(text), e + len(text)) for s, e in places])
                text += laid
            found = []
            for m in row["mentions"]:
                if m.get("chain") and "ACTION" in m["tag"]:
                    places = [spans[row["sentence_numbers"].index(n)][t] for n, t in m["tokens"]]
                    found.append((places[0][0], places[-1][1], str(m["chain"])))
            yield row["doc"], text, found


def joined(tokens: list[str]) -> str:
    return _laid(tokens)[0]


def _laid(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """A sentence of tokens as it was printed, and where each stands in it."""
    text, spans, opened = "", [], True
    for token in tokens:
        word = {"``": "“", "''": "”"}.get(token, token)
        text += "" if opened or word in (",", ".", ":", ";", "?", "!", "'s", "n't", "’s", ")", "%", "”") else " "
        spans.append((len(text), len(text) + len(word)))
        text += word
        opened = word in ("(", "$", "“")
    return text, spans


def profiles(corpora: Path, part: str) -> list[tuple[Profile, str]]:
    reader = Reader(threads=1)
    return [(profile_of(reader.read_text(text, id=f"a:{name}")), story) for name, text, story in articles(corpora, part)]


def frequencies(corpora: Path) -> NDArray[np.uint16]:
    """How many articles of news at large hold a word of each bucket, and, last, how many there are."""
    seen, count = Counter[int](), 0
    for _, text in news(corpora):
        seen.update({term(w) % _BUCKETS for w in words_of(text)})
        count += 1
    table = np.zeros(_BUCKETS + 1, np.uint16)
    for bucket, n in seen.items():
        table[bucket] = min(n, 65535)
    table[-1] = count
    return table


def fit(rows: list[tuple[list[float], int]], steps: int = 3000) -> tuple[NDArray[np.float64], float]:
    """Logistic regression by gradient descent with momentum; each kind weighs half."""
    x, y = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], float)
    share = np.where(y == 1, 0.5 / y.sum(), 0.5 / (len(y) - y.sum()))
    weight, bias = np.zeros(x.shape[1]), 0.0
    speed, lift = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        error = (1 / (1 + np.exp(-(x @ weight + bias))) - y) * share
        speed, lift = 0.9 * speed - 1.0 * (error @ x + 1e-4 * weight), 0.9 * lift - 1.0 * error.sum()
        weight, bias = weight + speed, bias + lift
    return weight, bias


def main() -> None:
    corpora = Path(sys.argv[1])
    np.save(OUT / "frequencies.npy", frequencies(corpora))
    known = profiles(corpora, "train")
    rng = random.Random(1)
    rows = []
    for (a, s), (b, t) in itertools.combinations(known, 2):
        topic = lambda name: "".join(c for c in name if c.isdigit())
        if s == t or topic(s) == topic(t) or rng.random() < 0.05:
            rows.append((features(a, b), int(s == t)))
    weight, bias = fit(rows)
    write(weight, bias, 0.5)
    ties = [t for (a, _), (b, _) in itertools.combinations(known, 2) if (t := tie_of(a, b))]
    days, key = {p.id: None for p, _ in known}, {p.id: story for p, story in known}

    def score(threshold: float) -> float:
        return pair_f1({m.article: s.id for s in stories_of(days, ties, threshold) for m in s.articles}, key)[2]

    threshold = max((float(t) for t in np.arange(0.3, 0.96, 0.04)), key=score)
    print(f"{len(rows)} pairs; stories' pair F1 {score(threshold):.3f} at {threshold:.2f} while fitting")
    print(write(weight, bias, threshold))


def write(weight: NDArray[np.float64], bias: float, threshold: float) -> str:
    kept = {n: round(float(w), 4) for n, w in zip(FEATURES, weight)}
    text = json.dumps({"weights": kept, "bias": round(float(bias), 4), "threshold": round(threshold, 3)}, indent=1) + "\n"
    (OUT / "weights.json").write_text(text)
    weights.cache_clear()
    return text


def pair_f1(found: dict[str, str], key: dict[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs of articles that are told to be of one story."""
    mine, theirs = pairs(found), pairs(key)
    right = len(mine & theirs)
    precision, recall = right / len(mine) if mine else 0.0, right / len(theirs) if theirs else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def pairs(groups: dict[str, str]) -> set[tuple[str, str]]:
    by: dict[str, list[str]] = {}
    for article, group in sorted(groups.items()):
        by.setdefault(group, []).append(article)
    return {p for members in by.values() for p in itertools.combinations(members, 2)}


if __name__ == "__main__":
    main()
