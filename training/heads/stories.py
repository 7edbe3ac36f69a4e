"""Fits the classifier for whether two articles are one story, on ECB+'s training topics, and counts document
frequencies of words in news.

python -m training.heads.stories CORPORA
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
from communique.stories import Profile, _components, stories_of, tie_of
from communique.stories.pairs import FEATURES, features, weights
from communique.stories.signature import _BUCKETS, term, words_of
from training.data.corpora import news
from training.data.documents import laid_out
from training.metrics import pair_f1

OUT = Path("src/communique/stories")


def articles(corpora: Path, part: str) -> Iterator[tuple[str, str, str]]:
    """Yields `(id, text, story)` of ECB+'s articles."""
    with open(corpora / f"ecbplus/{part}.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["doc"], "\n\n".join(laid_out(s)[0] for s in row["sentences"]), row["subtopic"]


def acts(corpora: Path, part: str) -> Iterator[tuple[str, str, list[tuple[int, int, str]]]]:
    """Yields `(id, text, mentions)` of ECB+'s articles; each mention of an act is its first and last character and its
    chain.
    """
    with open(corpora / f"ecbplus/{part}.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text, spans = "", []
            for sentence in row["sentences"]:
                text += "\n\n" if text else ""
                laid, places = laid_out(sentence)
                spans.append([(s + len(text), e + len(text)) for s, e in places])
                text += laid
            found = []
            for m in row["mentions"]:
                if m.get("chain") and "ACTION" in m["tag"]:
                    places = [spans[row["sentence_numbers"].index(n)][t] for n, t in m["tokens"]]
                    found.append((places[0][0], places[-1][1], str(m["chain"])))
            yield row["doc"], text, found


def profiles(corpora: Path, part: str) -> list[tuple[Profile, str]]:
    reader = Reader(threads=1)
    return [
        (profile_of(reader.read_text(text, id=f"a:{name}")), story) for name, text, story in articles(corpora, part)
    ]


def frequencies(corpora: Path) -> NDArray[np.uint16]:
    """Returns the number of general news articles with a word of each bucket, and, last, the number of articles."""
    seen, count = Counter[int](), 0
    for _, text in news(corpora):
        seen.update({term(w) % _BUCKETS for w in words_of(text)})
        count += 1
    table = np.zeros(_BUCKETS + 1, np.uint16)
    for bucket, n in seen.items():
        table[bucket] = min(n, 65535)
    table[-1] = count
    return table


def fit(
    x: NDArray[np.float64], y: NDArray[np.bool_], steps: int = 30, tight: float = 1.0
) -> tuple[NDArray[np.float64], float]:
    """Fits a logistic regression by Newton's method on features of unit variance; both classes have the same total
    weight.
    """
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    share = np.where(y, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    ridge = np.diag([tight] * x.shape[1] + [0.0])
    found = np.zeros(z.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-z @ found))
        found -= np.linalg.solve(
            (z * (share * p * (1 - p))[:, None]).T @ z + ridge, z.T @ (share * (p - y)) + ridge @ found
        )
    weight = found[:-1] / spread
    return weight, float(found[-1] - weight @ mean)


def samples(known: list[tuple[Profile, str]], rng: random.Random) -> Iterator[list[tuple[Profile, str]]]:
    """Yields samples of eight topics, with all or some of their articles, because news has sometimes many articles of
    one topic, sometimes one or two.
    """

    def topic(story):
        return "".join(c for c in story if c.isdigit())

    topics = sorted({topic(s) for _, s in known})
    for share in (1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.2, 0.2, 0.1):
        rng.shuffle(topics)
        for at in range(0, len(topics) - 4, 8):
            chosen = set(topics[at : at + 8])
            yield [(p, s) for p, s in known if topic(s) in chosen and rng.random() < share]


def main() -> None:
    corpora = Path(sys.argv[1])
    np.save(OUT / "frequencies.npy", frequencies(corpora))
    known = profiles(corpora, "train")
    x, y, drawn = [], [], []
    for sample in samples(known, random.Random(1)):
        key = {p.id: s for p, s in sample}
        ties = [t for (a, _), (b, _) in itertools.combinations(sample, 2) if (t := tie_of(a, b))]
        drawn.append((key, ties))
        for component in _components(sorted(key), ties):
            inside = [t for t in ties if t.a in component]
            x.append(features(inside))
            y += [key[t.a] == key[t.b] for t in inside]
    weight, bias = fit(np.concatenate(x), np.array(y))
    write(weight, bias, 0.5)

    def score(threshold: float) -> float:
        return sum(
            pair_f1(
                {m.article: s.id for s in stories_of(dict.fromkeys(key), ties, threshold) for m in s.articles}, key
            )[2]
            for key, ties in drawn
        ) / len(drawn)

    tried = [float(t) for t in np.arange(0.1, 0.7, 0.02)]
    scores = np.array([score(t) for t in tried])
    best = 3 + int(np.convolve(scores, np.ones(7), "valid").argmax())  # the middle of a plateau, not a narrow peak
    threshold = tried[best]
    print(f"{len(y)} pairs; stories' pair F1 {scores[best]:.3f} at {threshold:.2f} while fitting")
    print(write(weight, bias, threshold))


def write(weight: NDArray[np.float64], bias: float, threshold: float) -> str:
    kept = {n: round(float(w), 4) for n, w in zip(FEATURES, weight)}
    text = (
        json.dumps({"weights": kept, "bias": round(float(bias), 4), "threshold": round(threshold, 3)}, indent=1) + "\n"
    )
    (OUT / "weights.json").write_text(text)
    weights.cache_clear()
    return text


if __name__ == "__main__":
    main()
