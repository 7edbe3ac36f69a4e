"""A user's own types learned from few examples: the most frequent event types of AW, compared with two simple peers.

    python -m benchmarks codebook --corpora CORPORA --model FOLDER [--encoder FOLDER]

`--model` must be weights trained without AW (`training.encoder.train --without aw`); the shipped ones have seen its
sentences, so their scores would be too high. A type is learned from 5, 10, 20 and 50 sentences with marked parties, and
tested on all others of the eight types; draws are by sentence. Peers: TF-IDF of words and word pairs with logistic
regression, and the mean of a frozen MiniLM-L6's states with logistic regression (with `--encoder`, which needs
PyTorch). `--suggest` simulates active learning: 50 suggested answers against 50 random ones.
"""

from __future__ import annotations

import argparse
import collections
import csv
import random
import re
import time
from pathlib import Path
from typing import Any

import numpy as np

from communique.codebooks import Codebook, Example, Fitter, Learned, OwnType, suggest
from communique.codebooks.head import Head
from communique.reading import Model
from training.data.written import generate

SIZES, DRAWS = (5, 10, 20, 50), 10
KINDS = {
    "ATTACK": r"Conflict.*Attack",
    "DIE": r"Life.*Die",
    "MEET": r"Contact(:|\.Contact\.)Meet",
    "MOVE": r"Movement",
    "RESIGN": r"Personnel.*End-?Position",
    "ARREST": r"Justice.*Arrest",
    "PAY": r"Transaction:Transfer-Money",
    "DEMONSTRATE": r"Conflict.*Demonstrate",
}
Row = tuple[str, str, tuple[int, int] | None, tuple[int, int] | None]


def rows(corpora: Path) -> list[Row]:
    """Returns sentence, merged type, source and target of every row with one of the eight types."""
    found = []
    for row in csv.DictReader(
        open(corpora / "aw" / "train.tsv", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE
    ):
        kind = next((k for k, pattern in KINDS.items() if re.match(pattern, row["event_type"])), None)
        if kind is None:
            continue
        text = re.sub(r"</?[st]>", "", row["marked_sentence"])
        sides = []
        for tag in "st":
            m = re.search(f"<{tag}>(.*?)</{tag}>", row["marked_sentence"])
            start = len(re.sub(r"</?[st]>", "", row["marked_sentence"][: m.start()])) if m else 0
            sides.append((start, start + len(re.sub(r"</?[st]>", "", m[1]))) if m else None)
        found.append((text, kind, sides[0], sides[1]))
    return found


def draw(data: list[Row], types: list[str], size: int, seed: int) -> tuple[list[Row], list[Row]]:
    order = list(data)
    random.Random(seed).shuffle(order)
    taken: list[Row] = []
    used, count = set(), collections.Counter[str]()
    for row in order:
        if row[1] in types and count[row[1]] < size and row[0] not in used:
            taken.append(row), used.add(row[0])
            count[row[1]] += 1
    return taken, [r for r in data if r[1] in types and r[0] not in used]


def book(types: list[str], taken: list[Row]) -> Codebook:
    own = []
    for t in types:
        seen: set[Any] = set()
        examples = []
        for text, kind, source, target in taken:
            if kind == t and text not in seen:
                seen.add(text)
                apart = source and target and (source[1] <= target[0] or target[1] <= source[0])
                examples.append(Example(text, source, target if apart or not source else None))
        own.append(OwnType(t, t.lower(), examples=tuple(examples)))
    return Codebook("aw", tuple(own), Path("aw.toml"))


def rates(types: list[str], gold: list[str], guess: list[str]) -> tuple[float, float, float]:
    """Returns mean precision, recall and F1 over the types."""
    told = []
    for t in types:
        hit = sum(g == t == p for g, p in zip(gold, guess))
        p, r = hit / max(1, guess.count(t)), hit / max(1, gold.count(t))
        told.append((p, r, 2 * p * r / max(p + r, 1e-9)))
    return tuple(float(x) for x in np.mean(told, 0))  # type: ignore[return-value]


def shown(values: list[tuple[float, float, float]]) -> str:
    a = np.array(values)
    half = 1.96 * a.std(0, ddof=1) / np.sqrt(len(a))
    return f"precision {a[:, 0].mean():.3f}, recall {a[:, 1].mean():.3f}, F1 {a[:, 2].mean():.3f} ± {half[2]:.3f}"


def guesses(head: Head, types: list[str], fitter: Fitter, test: list[Row], cache: dict[Row, Any]) -> list[str]:
    found = []
    for row in test:
        if row not in cache:
            cache[row] = fitter.features(row[0], row[2], row[3])
        found.append(types[int(head.probabilities(cache[row])[: len(types)].argmax())])
    return found


def peers(data: list[Row], encoder: Path | None) -> dict[str, Any]:
    """Returns, by name, functions that take the training rows and return a function from rows to matrices."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    def tfidf(train: list[Row]) -> Any:
        words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit([r[0] for r in train])
        return lambda many: words.transform([r[0] for r in many])

    found: dict[str, Any] = {"TF-IDF": tfidf}
    if encoder:
        import torch
        from transformers import AutoModel, AutoTokenizer

        tokens, model = AutoTokenizer.from_pretrained(encoder), AutoModel.from_pretrained(encoder).eval()
        vectors = {}
        with torch.no_grad():
            for text in {r[0] for r in data}:
                state = (
                    model(**tokens(text, return_tensors="pt", truncation=True, max_length=256))
                    .last_hidden_state[0]
                    .mean(0)
                )
                vectors[text] = (state / state.norm()).numpy()
        found["MiniLM-L6"] = lambda train: lambda many: np.stack([vectors[r[0]] for r in many])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--suggest", action="store_true")
    options = parser.parse_args()
    from sklearn.linear_model import LogisticRegression

    data = rows(options.corpora)
    counts = collections.Counter(r[1] for r in data)
    model = Model(options.model)
    fitter = Fitter(model)
    cache: dict[Row, Any] = {}
    print(f"model {model.checksum}; {dict(counts)}")
    if options.suggest:
        simulate(data, list(KINDS), fitter, cache)
        return
    others = peers(data, options.encoder)
    for size in SIZES:
        types = [t for t in KINDS if size < 20 or counts[t] >= size + 30]
        ours, theirs = [], collections.defaultdict(list)
        for seed in range(DRAWS):
            train, test = draw(data, types, size, seed)
            head, _ = fitter.fit(book(types, train))
            gold = [r[1] for r in test]
            ours.append(rates(types, gold, guesses(head, types, fitter, test, cache)))
            for name, make in others.items():
                space = make(train)
                fitted = LogisticRegression(C=10, max_iter=1000, class_weight="balanced").fit(
                    space(train), [r[1] for r in train]
                )
                theirs[name].append(rates(types, gold, list(fitted.predict(space(test)))))
        print(f"{size} examples, {len(types)} types\n  Communiqué  {shown(ours)}")
        for name, values in theirs.items():
            print(f"  {name:<11} {shown(values)}", flush=True)
    of_type = collections.defaultdict(list)
    for written in generate(3):
        told = written.told[0]
        if len(written.told) == 1 and told.source and told.target:
            of_type[told.type].append((written.text, told.type.lower(), told.source, told.target))
    ten = sorted(of_type)[:10]
    train = [row for t in ten for row in of_type[t][:50]]
    began = time.monotonic()
    fitter.fit(book([t.lower() for t in ten], train))
    print(f"fitting {len(ten)} types from {len(train)} examples: {time.monotonic() - began:.1f} s")


def simulate(data: list[Row], types: list[str], fitter: Fitter, cache: dict[Row, Any]) -> None:
    """Adds fifty answers to five examples a type: suggested ones, five at a time, and as many drawn at random."""
    asked, drawn = [], []
    for seed in range(5):
        train, rest = draw(data, types, 5, seed)
        texts = sorted({r[0] for r in rest})
        random.Random(seed).shuffle(texts)
        pool = set(texts[: len(texts) * 2 // 3])
        test = [r for r in rest if r[0] not in pool]
        gold = [r[1] for r in test]
        by_text = collections.defaultdict(list)
        for r in rest:
            by_text[r[0]].append(r)
        for way, out in (("asked", asked), ("drawn", drawn)):
            mine, left = list(train), set(pool)
            order = sorted(pool)
            random.Random(seed + 100).shuffle(order)
            for n in range(10):
                if way == "asked":
                    head, _ = fitter.fit(book(types, mine))
                    learned = Learned(book(types, mine), head, {})
                    pooled = sorted(left | {r[0] for r in mine})
                    chosen = [
                        s.text
                        for s in suggest(
                            learned, [(t, _features(fitter, (t, "", None, None), cache)) for t in pooled], 5
                        )
                    ]
                else:
                    chosen = order[5 * n : 5 * n + 5]
                left -= set(chosen)
                mine += [by_text[t][0] for t in chosen]
            head, _ = fitter.fit(book(types, mine))
            out.append(rates(types, gold, guesses(head, types, fitter, test, cache)))
    print(f"5 examples a type and 50 answers\n  asked for  {shown(asked)}\n  at random  {shown(drawn)}")


def _features(fitter: Fitter, row: Row, cache: dict[Row, Any]) -> Any:
    plain = (row[0], "", None, None)
    if plain not in cache:
        cache[plain] = fitter.features(row[0])
    return cache[plain]
