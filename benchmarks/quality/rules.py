"""Contribution of each definition, rule and feature group of the event decoder to `right`, on pages unseen by the
heads.

    python -m benchmarks rules [--build build/train]

The folder is that of `python -m training`: the pages as the heads see them, and a run with a held-out fold. Each line
gives F1 of `right` (type and both sides) at its best threshold with one thing switched off: a rule of `decode.py`, or a
group of features set to zero without retraining. Differences under a point are noise.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from communique.events import decode
from communique.events.candidates import CASES, MARKS, OF_PAIR, RELATIONS, SUBTYPES, TAGS, Scene
from training.heads.judge import acts_of, event, folds, scorer
from training.heads.scenes import load

from ..common import corpora

THRESHOLDS = (0.2, 0.3, 0.4, 0.5)
ONLY_PUBLISHED = "news"  # the folder of the published articles; our own marks have no second reader

# Name, attribute of `decode`, and its value without the rule.
RULES: tuple[tuple[str, str, Any], ...] = (
    ("a planned act takes the type of its definition", "FUTURE", {}),
    ("types that ask for a recipient", "NEEDS_RECIPIENT", frozenset()),
    ("a question asserts nothing", "asked", lambda *given: False),
    ('"did not" denies', "undone", lambda *given: False),
    ("tellings of other parties or days stay apart", "_apart", lambda *given: False),
    ("a word that completes another tells the same act", "_completed", lambda *given: None),
    ("a part of a phrase is no second party", "_one_party", lambda scene, a, b: scene.entity[a] == scene.entity[b]),
    ("a side keeps its best phrase below `ACTS`", "ALONE", decode.ACTS),
    ("retellings are joined", "AGAIN", 2.0),
)
_PATH = 3 * len(RELATIONS) + len(SUBTYPES) + len(CASES)
_WORD = len(TAGS) + len(RELATIONS) + len(SUBTYPES) + len(CASES) + len(MARKS)

# Name, array of the scene or of its pairs, and the columns of the group.
GROUPS: tuple[tuple[str, str, slice], ...] = (
    ("syntax of the word", "of_word", slice(0, _WORD)),
    ("everything known of the phrase", "of_phrase", slice(0, None)),
    ("path in the tree between word and phrase", "pairs", slice(0, _PATH)),
    ("distance between them", "pairs", slice(_PATH, _PATH + 23)),
    ("statements and shared opinion of the pair", "pairs", slice(_PATH + 23, OF_PAIR)),
)


class Muted(Scene):
    """A scene with one group of pair features set to zero."""

    columns: slice

    def of_pairs(self, trigger: int, rows: list[int]) -> Any:
        found = super().of_pairs(trigger, rows)
        found[:, self.columns] = 0
        return found


def without(group: tuple[str, str, slice]) -> Callable[[Scene], Scene]:
    _, where, columns = group

    def muted(scene: Scene) -> Scene:
        if where == "pairs":
            made = Muted(**{name: getattr(scene, name) for name in Scene.__dataclass_fields__})
            object.__setattr__(made, "columns", columns)
            return made
        array = np.array(getattr(scene, where))
        array[:, columns] = 0
        return replace(scene, **{where: array})

    return muted


@contextmanager
def switched_off(name: str, value: Any) -> Iterator[None]:
    kept = getattr(decode, name)
    setattr(decode, name, value)
    try:
        yield
    finally:
        setattr(decode, name, kept)


def best(pages: list[Any], documents: dict[str, Any], scoring: Any, change: Callable[[Scene], Scene]) -> float:
    """Returns the best F1 of `right` over the thresholds."""
    found = []
    for page, network, special in pages:
        scene = change(page.scene)
        acts = acts_of(network, scene, special)
        found.append((documents[page.name], {"events": [event(scene, a) for a in acts]}))
    scores = []
    for least in THRESHOLDS:
        total: Counter[str] = Counter()
        for document, report in found:
            total += scoring.compare(document, report, least)[0]
        scores.append(float(scoring.f(total, "right")[2]))
    return max(scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path("build/train"))
    options = parser.parse_args()
    if not (options.build / "fold").is_dir():
        raise SystemExit(f"no run in {options.build / 'fold'}: make it with `python -m training shipped`")
    scoring = scorer()
    pages = list(folds({p.name: p for p in load(options.build / "pages" / ONLY_PUBLISHED)}, options.build / "fold"))
    documents = {d["id"]: d for d in map(json.loads, open(corpora() / "events" / "train.jsonl", encoding="utf-8"))}
    whole = best(pages, documents, scoring, lambda scene: scene)
    print(f"{len(pages)} pages of the fold left out: right {whole:.3f}")
    for name, attribute, value in RULES:
        with switched_off(attribute, value):
            score = best(pages, documents, scoring, lambda scene: scene)
        print(f"  without the rule: {name:55} {score:.3f}  {score - whole:+.3f}", flush=True)
    for group in GROUPS:
        score = best(pages, documents, scoring, without(group))
        print(f"  without features: {group[0]:55} {score:.3f}  {score - whole:+.3f}", flush=True)


if __name__ == "__main__":
    main()
