"""Fits the small regressions over the event heads, on pages unseen by the heads.

    python -m training.heads.choices PAGES… --events FILE… --run RUN --out events.json

`confidence`: the probability that type and both sides of an act are right, labelled by the scorer of the marked
articles. `sources`: which statements report an act. RUN holds the predictions of `training.heads.events fit --fold K`
for the pages of fold K. Prints cross-validated F1 at each threshold, expected calibration error and accuracy of the
sources.
"""

from __future__ import annotations

import argparse
import collections
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from communique.events import confidence, sources
from communique.events.decode import Draft, draft_of
from communique.events.logistic import Features, probability
from communique.events.network import Network
from training.heads.judge import acts_of, event, folds, scorer
from training.heads.scenes import Page, load

RIDGE = {"confidence": 3.0, "sources": 2.0}
THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)
BINS = 10
PARTS = 5  # of the pages, for cross-validation


def fitted(rows: list[Features], labels: list[bool], ridge: float) -> dict[str, float]:
    """Returns the weights of a logistic regression, fitted by Newton's method; the bias is not shrunk."""
    names = sorted({n for row in rows for n in row})
    place = {n: k for k, n in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, -1] = 1
    for k, row in enumerate(rows):
        for n, v in row.items():
            x[k, place[n]] = v
    y, w = np.array(labels, float), np.zeros(x.shape[1])
    penalty = np.full(len(w), ridge)
    penalty[-1] = 1e-6
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + penalty * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        w = w - np.linalg.solve(hessian, gradient)
    found = {n: round(float(w[k]), 4) for n, k in place.items() if abs(w[k]) > 1e-4}
    return {"bias": round(float(w[-1]), 4)} | found


class Fold:
    """One page: its acts, the features and label of each, and the candidate statements of each marked telling."""

    def __init__(
        self, page: Page, network: Network, special: np.ndarray, document: dict[str, Any], scoring: Any
    ) -> None:
        self.page, self.document, self.fold = page, document, 0
        scene = page.scene
        self.acts = [[a, *a.also] for a in acts_of(network, scene, special)]
        self.events = [event(scene, tellings[0]) for tellings in self.acts]
        self.rows = [confidence.features(scene, event_draft(t), len(t)) for t in self.acts]
        for e, n in zip(self.events, range(len(self.events))):
            e["number"] = n
        _, notes = scoring.compare(document, {"events": self.events})
        wrong = {e["number"] for kind, _, e in notes if e is not None}
        near = {d.trigger for t in self.acts for d in t} & {m.trigger for m in page.marks if m.doubtful}
        self.known = [not any(d.trigger in near for d in t) for t in self.acts]
        self.labels = [e["number"] not in wrong for e in self.events]
        words = network.words(scene, special, scene.reading.states.astype(np.float32))
        types = network.types(scene, words, special) if len(words) else words
        prepared = network.prepared(scene, words) if len(words) else None
        self.offers: list[tuple[Features, bool]] = []
        for mark in page.marks:
            if mark.doubtful or prepared is None:
                continue
            draft = draft_of(network, scene, words, prepared, types[mark.trigger], mark.trigger)
            if draft is not None:
                self._offer(draft, [set(scene.reading.words_in(a, b)) for a, b in mark.says])

    def _offer(self, draft: Draft, says: list[set[int]]) -> None:
        scene = self.page.scene
        offered = sources.offered(scene, draft.trigger)
        for n in offered:
            row = sources.features(scene, draft, n, len(offered))
            self.offers.append((row, any(s & scene.speaks[n][0] for s in says)))


def event_draft(tellings: list[Draft]) -> Draft:
    from training.heads.judge import sure

    return max(tellings, key=sure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--events", type=Path, nargs="+", required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    scoring = scorer()
    pages = {p.name: p for folder in options.pages for p in load(folder)}
    documents = {d["id"]: d for f in options.events for d in map(json.loads, open(f, encoding="utf-8"))}
    found = []
    for page, network, special in folds(pages, options.run):
        found.append(Fold(page, network, special, documents[page.name], scoring))
        found[-1].fold = zlib.crc32(f"choices {page.group}".encode()) % PARTS
    parts = range(PARTS)
    print(f"{len(found)} pages that the heads had not seen, the regressions cross-validated in {PARTS} parts")
    out: dict[int, dict[str, float]] = {}
    for left in parts:
        rest = [f for f in found if f.fold != left]
        out[left] = fitted(*_confidence(rest), RIDGE["confidence"])
    for f in found:
        for e, row in zip(f.events, f.rows):
            e["confidence"] = probability(out[f.fold], row)
    _report(found, scoring)
    accuracy = []
    for left in parts:
        weights = fitted(*_sources([f for f in found if f.fold != left]), RIDGE["sources"])
        rows, labels = _sources([f for f in found if f.fold == left])
        accuracy += [(probability(weights, r) >= 0.5) == y for r, y in zip(rows, labels)]
    print(f"sources: accuracy {np.mean(accuracy):.3f} of {len(accuracy)} offered statements")
    choices = {
        "confidence": fitted(*_confidence(found), RIDGE["confidence"]),
        "sources": fitted(*_sources(found), RIDGE["sources"]),
    }
    options.out.write_text(json.dumps(choices, indent=1, sort_keys=True) + "\n")


def _confidence(found: list[Fold]) -> tuple[list[Features], list[bool]]:
    kept = [(r, y) for f in found for r, y, k in zip(f.rows, f.labels, f.known) if k]
    return [r for r, _ in kept], [y for _, y in kept]


def _sources(found: list[Fold]) -> tuple[list[Features], list[bool]]:
    return [r for f in found for r, _ in f.offers], [y for f in found for _, y in f.offers]


def _report(found: list[Fold], scoring: Any) -> None:
    for least in THRESHOLDS:
        total: collections.Counter[str] = collections.Counter()
        for f in found:
            total += scoring.compare(f.document, {"events": f.events}, least)[0]
        print(scoring.line(f"≥ {least}", total))
    kept = [(e["confidence"], y) for f in found for e, y, k in zip(f.events, f.labels, f.known) if k]
    error = 0.0
    for low in range(BINS):
        inside = [(p, y) for p, y in kept if low <= p * BINS < low + 1]
        if inside:
            mean, right = np.mean([p for p, _ in inside]), np.mean([y for _, y in inside])
            error += abs(mean - right) * len(inside) / len(kept)
            print(
                f"  {low / BINS:.1f}-{(low + 1) / BINS:.1f}: {len(inside)} events, mean {mean:.2f}, right {right:.2f}"
            )
    print(f"expected calibration error {error:.3f} of {len(kept)} events")


if __name__ == "__main__":
    main()
