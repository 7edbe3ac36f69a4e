"""Learns to rank the candidates of a phrase from marked parties.

    python -m training.heads.candidates FILE… --weights src/communique/parties/candidates.json

FILE: articles in the form of corpora/events/. Prints results of five-fold cross-validation over articles, then writes
the weights of the conditional logit (`communique.parties.candidates`).
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from communique.catalogue import Catalogue
from communique.parties import Resolver
from communique.parties.candidates import Candidates
from communique.schema import Party

FOLDS = 5
STEPS, RATE, DECAY = 300, 0.3, 1e-3
KEPT = 0.02  # smaller weights are dropped
ALIKE = ({"CVL", None}, {"UNK", "UAF", None}, {"ELI", "CVL", None})
KINDS = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))  # a mark may omit their sector
Floats = NDArray[np.float64]


class Example(NamedTuple):
    """The candidates of a marked phrase: fold, features, which are right, and which have the right country."""

    fold: int
    rows: list[dict[str, float]]
    right: list[bool]
    country: list[bool]
    name: bool


def examples(files: Sequence[Path]) -> list[Example]:
    candidates = Candidates(Resolver(Catalogue()), {})
    found = []
    for line in (line for f in files for line in open(f, encoding="utf-8")):
        document = json.loads(line)
        day = document["date"] if document["date"] and len(document["date"]) == 10 else None
        setting = candidates.setting(day, document["text"])
        fold = zlib.crc32(f"fold {document.get('group') or document['id']}".encode()) % FOLDS
        seen = set()
        for event in document["events"]:
            for mark in [] if event["doubtful"] else [*event["actors"], *event["recipients"]]:
                at = mark["start"], mark["end"]
                if at in seen or mark["text"].islower() and len(mark["text"].split()) == 1:
                    continue
                seen.add(at)
                rows = candidates.features(mark["text"], setting, near=False)
                country = [(p.country if p else None) == mark["country"] for p, _ in rows]
                right = [c and _same(mark, p) for c, (p, _) in zip(country, rows)]
                name = any(w[:1].isupper() for w in mark["text"].split()[1:]) or mark["text"][:1].isupper()
                found.append(Example(fold, [f for _, f in rows], right, country, name))
    return found


def _same(mark: dict[str, str | None], party: Party | None) -> bool:
    if party is None or mark["sector"] is None and mark["country"] in KINDS:
        return True
    return mark["sector"] == party.sector or any({mark["sector"], party.sector} <= alike for alike in ALIKE)


def logit(some: list[Example]) -> dict[str, float]:
    """Returns weights that make the right candidates likely. If none is right, those of the right country count
    instead.
    """
    names = sorted({n for e in some for row in e.rows for n in row})
    place = {n: k for k, n in enumerate(names)}
    x = np.zeros((sum(len(e.rows) for e in some), len(names)))
    target = np.zeros(len(x), bool)
    starts = []
    at = 0
    for e in some:
        starts.append(at)
        wanted = e.right if any(e.right) else e.country if any(e.country) else [False] * (len(e.rows) - 1) + [True]
        for row, ok in zip(e.rows, wanted):
            for name, value in row.items():
                x[at, place[name]] = value
            target[at] = ok
            at += 1
    first = np.array(starts)
    of = np.repeat(np.arange(len(some)), np.diff([*starts, at]))
    w, m, v = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, STEPS + 1):  # Adam
        scores = x @ w
        scores -= np.maximum.reduceat(scores, first)[of]
        chance = np.exp(scores)
        share = chance / np.add.reduceat(chance, first)[of]
        mine = chance * target
        wanted_share = mine / np.add.reduceat(mine, first)[of]
        slope = x.T @ (share - wanted_share) / len(some) + DECAY * w
        m, v = 0.9 * m + 0.1 * slope, 0.99 * v + 0.01 * slope**2
        w = w - RATE * 0.3 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return {n: round(float(w[k]), 3) for n, k in place.items() if abs(w[k]) > KEPT}


def _best(weights: dict[str, float], e: Example) -> int:
    scores = [sum(weights.get(n, 0.0) * value for n, value in row.items()) for row in e.rows]
    return int(np.argmax(scores))


def report(found: list[Example]) -> None:
    told: dict[str, list[bool]] = {}
    for fold in range(FOLDS):
        weights = logit([e for e in found if e.fold != fold])
        for e in (e for e in found if e.fold == fold):
            best = _best(weights, e)
            first = next((k for k, row in enumerate(e.rows) if row.get("name: resolved")), len(e.rows) - 1)
            for kind in ("name" if e.name else "noun", "all"):
                told.setdefault(f"{kind}: country, by the words alone", []).append(e.country[first])
                told.setdefault(f"{kind}: country, ranked", []).append(e.country[best])
                told.setdefault(f"{kind}: both, by the words alone", []).append(e.right[first])
                told.setdefault(f"{kind}: both, ranked", []).append(e.right[best])
                told.setdefault(f"{kind}: a candidate is right", []).append(any(e.right))
    for what, values in sorted(told.items()):
        print(f"{what:45} {np.mean(values):.3f} of {len(values)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--weights", type=Path, help="where the weights go")
    options = parser.parse_args()
    found = examples(options.files)
    report(found)
    if options.weights:
        options.weights.write_text(json.dumps(logit(found), indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
