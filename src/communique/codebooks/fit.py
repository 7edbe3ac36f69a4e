"""Fits a codebook's types to its examples, and estimates the quality of the fit."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reading import Analyser, Model
from .codebook import Codebook, Example
from .features import Features, features, mean_of
from .head import BACKGROUND, Doubles, Head, Space, balanced, regress, sharpness_of, softened

MOST = 4000  # most examples of one fit
FOLDS = 5
NONE = "none"


@cache
def background() -> tuple[str, ...]:
    """Returns sentences of our own on many events and on none. They count as none of a user's types unless they are
    like its examples.
    """
    text = (files("communique.codebooks") / "background.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@dataclass(frozen=True)
class Lesson:
    """One training row: features, label and weight, and the sentence it came from (`group`), so that forms of one
    sentence are held out together.
    """

    features: Features
    label: int
    weight: float
    group: int
    plain: bool  # the sentence as a whole, in addition to one with its parties


@dataclass(frozen=True)
class Expectation:
    """Cross-validation results of a codebook. Rates follow `types`, each `(value, low, high)` with 95% intervals over
    examples and draws.
    """

    types: tuple[str, ...]
    precision: tuple[tuple[float, float, float], ...]
    recall: tuple[tuple[float, float, float], ...]
    examples: tuple[int, ...]
    confusion: tuple[tuple[str, str, int], ...]
    curve: tuple[tuple[int, float], ...]
    warnings: tuple[str, ...]
    needs: tuple[str, ...] = ()


class Fitter:
    """Reads examples with the one pass and fits heads to them."""

    def __init__(self, model: Model) -> None:
        self._model, self._analyse = model, Analyser(model, for_events=False)

    def features(
        self, text: str, source: tuple[int, int] | None = None, target: tuple[int, int] | None = None
    ) -> Features:
        """Returns the features of a sentence. Raises `ValueError` if the text has no words."""
        reading = self._analyse(text)
        if not reading.words:
            raise ValueError("the sentence has no words")
        return features(
            self._model, reading, (0, len(reading.words)), mean_of(reading, source), mean_of(reading, target)
        )

    def lessons(self, book: Codebook, unlabelled: Iterable[str] = ()) -> list[Lesson]:
        """Returns examples, counter-examples and background as rows. Of more than `MOST` examples, each type gives its
        share, evenly over its list.
        """
        labels = [t.name for t in book.types]
        total = sum(len(t.examples) for t in book.types)
        rows: list[tuple[int, Example]] = []
        for label, t in enumerate(book.types):
            kept: Sequence[Example] = t.examples
            if total > MOST:
                share = max(20, MOST * len(kept) // total)
                kept = [kept[i * len(kept) // share] for i in range(min(share, len(kept)))]
            rows += [(len(labels) if e.counter else label, e) for e in kept]
        ground = [*background(), *unlabelled]
        groups: dict[str, int] = {}
        for text in (*(e.text for _, e in rows), *ground):
            groups.setdefault(text, len(groups))
        found = [lesson for label, e in rows for lesson in self._taught(label, e, groups[e.text])]
        found += [n for text in ground if (n := self._ground(text, len(labels), groups[text]))]
        return found

    def _taught(self, label: int, example: Example, group: int) -> list[Lesson]:
        """Returns the rows of one example: with its parties, if it marks them, and as a whole."""
        reading = self._analyse(example.text)
        if not reading.words:
            return []
        span = (0, len(reading.words))
        whole = Lesson(
            features(self._model, reading, span), label, 0.5 if example.marked else 1.0, group, example.marked
        )
        if not example.marked:
            return [whole]
        sides = mean_of(reading, example.source), mean_of(reading, example.target)
        return [Lesson(features(self._model, reading, span, *sides), label, 1.0, group, False), whole]

    def _ground(self, text: str, none: int, group: int) -> Lesson | None:
        """Returns the row of a background sentence, or `None` if it has no words."""
        reading = self._analyse(text)
        if not reading.words:
            return None
        return Lesson(features(self._model, reading, (0, len(reading.words))), none, BACKGROUND, group, False)

    def fit(self, book: Codebook, unlabelled: Iterable[str] = ()) -> tuple[Head, list[Lesson]]:
        """Returns a head for a codebook, and its rows. Deterministic: the same file and model give the same weights."""
        lessons = self.lessons(book, unlabelled)
        space, x, y, weight = _matrix(lessons)
        keep = _unlike(x, y, weight, lessons, len(book.types))
        held = _held_out(
            x[keep], y[keep], weight[keep], [lessons[i] for i in np.flatnonzero(keep)], len(book.types) + 1, 0
        )
        sharpness = sharpness_of(held, y[keep], balanced(y[keep], weight[keep]))
        weights, biases = regress(x[keep], y[keep], len(book.types) + 1, balanced(y[keep], weight[keep]))
        return Head(
            (*(t.name for t in book.types), NONE), space, weights, biases, sharpness, self._model.checksum, book.mark
        ), lessons

    def expect(self, book: Codebook, lessons: list[Lesson], draws: int = 3) -> Expectation:
        """Returns precision and recall by repeated cross-validation, the confusions, and the learning curve."""
        count = len(book.types)
        _, x, y, weight = _matrix(lessons)
        keep = _unlike(x, y, weight, lessons, count)
        x, y, weight, lessons = x[keep], y[keep], weight[keep], [lessons[i] for i in np.flatnonzero(keep)]
        shown = np.array([not n.plain for n in lessons])
        guesses = [_held_out(x, y, weight, lessons, count + 1, d).argmax(1) for d in range(draws)]
        truth = y[shown]
        precision, recall = [], []
        for k in range(count):
            precision.append(
                _interval(np.concatenate([(truth[g[shown] == k] == k).astype(float) for g in guesses]), draws)
            )
            recall.append(
                _interval(np.concatenate([(g[shown][truth == k] == k).astype(float) for g in guesses]), draws)
            )
        names = [*(t.name for t in book.types), NONE]
        pairs: dict[tuple[str, str], int] = {}
        for g in guesses:
            for a, b in zip(truth, g[shown]):
                if a != b:
                    pairs[names[a], names[b]] = pairs.get((names[a], names[b]), 0) + 1
        confusion = sorted(
            ((a, b, round(n / draws)) for (a, b), n in pairs.items() if n / draws >= 1),
            key=lambda c: (-c[2], c[0], c[1]),
        )[:8]
        sizes = [sum(not e.counter for e in t.examples) for t in book.types]
        warnings = [*book.warnings]
        warnings += [
            f"{t.name}: {n} examples are too few to say how well it will do"
            for t, n in zip(book.types, sizes)
            if n < 10
        ]
        warnings += [
            (
                f"{t.name}: fewer than half of its own examples are found again; its examples may be of "
                "several kinds, or like another type's"
            )
            for t, r in zip(book.types, recall)
            if r[0] < 0.5
        ]
        if sum(len(t.examples) for t in book.types) > MOST:
            warnings.append(f"more than {MOST:,} examples: each type is learned from an even share of its own")
        return Expectation(
            tuple(names[:-1]),
            tuple(precision),
            tuple(recall),
            tuple(sizes),
            tuple(confusion),
            tuple(_curve(x, y, weight, lessons, count)),
            tuple(warnings),
            tuple(_needs(names[:-1], sizes, precision, recall, confusion)),
        )


FEW, ENOUGH = 10, 25  # examples of a type: with fewer, little can be said of it; up to so many, each one helps much
WEAK = 0.6  # precision or recall below which a type needs work


def _needs(
    names: Sequence[str],
    sizes: Sequence[int],
    precision: Sequence[tuple[float, ...]],
    recall: Sequence[tuple[float, ...]],
    confusion: Sequence[tuple[str, str, int]],
) -> Iterator[str]:
    """Yields what would help each weak type most: more examples, a contrast with another type, or counterexamples."""
    for name, count, right, found in zip(names, sizes, precision, recall):
        if right[0] >= WEAK and found[0] >= WEAK and count >= FEW:
            continue
        told = []
        if count < ENOUGH:
            told.append(f"{ENOUGH - count} more examples (it has {count})")
        taken = [(other, n) for a, other, n in confusion if a == name]
        given = [(other, n) for other, b, n in confusion if b == name]
        if taken and found[0] < WEAK:
            other, n = max(taken, key=lambda t: t[1])
            told.append(f"examples that differ from {other}, for which it was taken {n} times")
        if given and right[0] < WEAK:
            other, n = max(given, key=lambda t: t[1])
            told.append(f"counterexamples like those of {other}, which were taken for it {n} times")
        if told:
            yield f"{name}: {'; '.join(told)}"


def _matrix(lessons: list[Lesson]) -> tuple[Space, Doubles, NDArray[np.int64], Doubles]:
    space = Space.of([n.features for n in lessons])
    return (
        space,
        space.matrix([n.features for n in lessons]),
        np.array([n.label for n in lessons], np.int64),
        np.array([n.weight for n in lessons]),
    )


def _unlike(x: Doubles, y: NDArray[np.int64], weight: Doubles, lessons: list[Lesson], none: int) -> NDArray[np.bool_]:
    """Returns a mask without the background sentences that are like examples: nobody has said that they are none."""
    ground = (y == none) & (weight == BACKGROUND)
    if not ground.any() or ground.all():
        return np.ones(len(y), bool)
    w, b = regress(x, y, none + 1, balanced(y, np.where(ground, 0.2 * weight, weight)))
    p = softened(x @ w.T + b, 1.0)
    return np.asarray(~(ground & (p[:, :none].max(1) > 0.5)))


def _held_out(
    x: Doubles, y: NDArray[np.int64], weight: Doubles, lessons: list[Lesson], count: int, draw: int
) -> Doubles:
    """Returns the scores of every row by a fit without its sentence."""
    groups = sorted({n.group for n in lessons})
    random.Random(draw).shuffle(groups)
    fold = {g: i % FOLDS for i, g in enumerate(groups)}
    mine = np.array([fold[n.group] for n in lessons])
    scores = np.zeros((len(y), count))
    for k in range(FOLDS):
        train, test = mine != k, mine == k
        if not test.any() or not train.any():
            continue
        w, b = regress(x[train], y[train], count, balanced(y[train], weight[train]))
        scores[test] = x[test] @ w.T + b
    return scores


def _interval(hits: Doubles, draws: int) -> tuple[float, float, float]:
    """Returns a rate with Wilson's 95% interval; repeated draws of the same examples count as one."""
    n = len(hits) / draws
    if n == 0:
        return 0.0, 0.0, 1.0
    p, z = float(hits.mean()), 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    spread = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return round(p, 3), round(max(0.0, middle - spread), 3), round(min(1.0, middle + spread), 3)


def _curve(
    x: Doubles, y: NDArray[np.int64], weight: Doubles, lessons: list[Lesson], count: int
) -> list[tuple[int, float]]:
    """Returns mean F1 of the types on a held-out third, after fits to 3, 5, 10, 20, … examples of each."""
    rng = random.Random(7)
    groups: dict[int, list[int]] = {}
    for n in lessons:
        if n.label < count and n.group not in groups.setdefault(n.label, []):
            groups[n.label].append(n.group)
    test: set[int] = set()
    for mine in groups.values():
        rng.shuffle(mine)
        test |= set(mine[: len(mine) // 3])
    most = max((len(m) - len(m) // 3 for m in groups.values()), default=0)
    found: list[tuple[int, float]] = []
    for size in (3, 5, 10, 20, 50, 100, 200):
        if size > most and found and found[-1][0] >= most:
            break
        taken = {g for m in groups.values() for g in m[len(m) // 3 :][:size]}
        train = np.array([n.group in taken or n.label == count and n.group not in test for n in lessons])
        held = np.array([n.group in test and n.label < count and not n.plain for n in lessons])
        if not held.any():
            break
        w, b = regress(x[train], y[train], count + 1, balanced(y[train], weight[train]))
        guess = (x[held] @ w.T + b).argmax(1)
        rates = []
        for k in range(count):
            hit = int(((guess == k) & (y[held] == k)).sum())
            rates.append(2 * hit / max(1, int((guess == k).sum() + (y[held] == k).sum())))
        found.append((min(size, most), round(float(np.mean(rates)), 3)))
    return found


def told(expectation: Expectation) -> dict[str, Any]:
    """Returns an expectation as JSON."""
    rows = zip(expectation.types, expectation.examples, expectation.precision, expectation.recall)
    return {
        "types": [{"type": t, "examples": n, "precision": p, "recall": r} for t, n, p, r in rows],
        "confused": [{"is": a, "taken_for": b, "times": n} for a, b, n in expectation.confusion],
        "learning_curve": [{"examples": n, "f1": f} for n, f in expectation.curve],
        "warnings": list(expectation.warnings),
        "needs": list(expectation.needs),
    }
