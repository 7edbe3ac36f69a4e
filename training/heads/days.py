"""Learns when acts took place from marked days: `python -m training.heads.days FILE… --cache CASES [--out days.json]`

FILE: articles in the form of corpora/events/ with marked days. Prints results of five-fold cross-validation over
articles, then writes the weights of the conditional logit of `communique.circumstances.days`.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from communique import Reader
from communique.circumstances.days import Candidate, Days, Features, likeliest
from communique.reading import Reading
from communique.schema import Published
from communique.times import times_of
from training.heads.judge import scorer
from training.heads.scenes import _root

FOLDS = 5
STEPS, RATE, DECAY = 300, 0.05, 1e-3
KEPT = 0.02  # smaller weights are dropped
PAGE_YEARS = 10  # characters of a full day; a page dated only by year has no day of its own


class Case(NamedTuple):
    """One marked telling: its fold, the features of each candidate day, and which of them are right."""

    fold: int
    features: list[Features]
    right: list[bool]
    dated: list[bool]  # which candidates give a day
    stated: bool  # whether the key has a day other than the page's
    text: str


@cache
def _reader() -> Reader:
    return Reader()


def cases(line: str) -> list[Case]:
    document: dict[str, Any] = json.loads(line)
    given = document["date"]
    if not document.get("days_marked", True):
        return []
    reading = _reader().analyse(document["text"])
    published = Published(given, given, "given") if given and len(given) == PAGE_YEARS else None
    marked = [(e, trigger) for e in document["events"] if (trigger := _trigger(reading, e)) is not None]
    days = Days(reading, times_of(reading, published), {t for _, t in marked}, {})
    fold = zlib.crc32(f"fold {document.get('group') or document['id']}".encode()) % FOLDS
    found = []
    for event, trigger in marked:
        if event["doubtful"] or event["modality"] is None:
            continue
        candidates = days.candidates(trigger, published is not None)
        right = [_is_right(c, event["when"], given) for c in candidates]
        word = reading.words[trigger]
        found.append(
            Case(
                fold,
                days.features(trigger, candidates, event["modality"]),
                right,
                [c.dated for c in candidates],
                bool(event["when"]) and event["when"][0] != given,
                f"{document['id']} {document['text'][max(0, word.start - 80) : word.end + 80]!r} {event['when']}",
            )
        )
    return found


def _trigger(reading: Reading, event: dict[str, Any]) -> int | None:
    inside = list(reading.words_in(event["trigger"]["start"], event["trigger"]["end"]))
    return _root(reading, inside) if inside else None


def _is_right(candidate: Candidate, when: list[str] | None, page: str | None) -> bool:
    time = candidate.time
    days = {"from": page, "to": page} if candidate.kind == "page" else None
    if time is not None and time.from_:
        days = {"from": time.from_, "to": time.to}
    if not when:
        return days is None
    return days is not None and bool(scorer().day_right(days, [when]))


def logit(examples: list[Case]) -> dict[str, float]:
    """Returns the weights of the conditional logit. Skips cases without a right candidate."""
    examples = [e for e in examples if any(e.right)]
    names = sorted({n for e in examples for f in e.features for n in f})
    place = {n: k for k, n in enumerate(names)}
    widest = max(len(e.features) for e in examples)
    x = torch.zeros(len(examples), widest, len(names))
    open_ = torch.full((len(examples), widest), -1e4)
    right = torch.zeros(len(examples), widest, dtype=torch.bool)
    for n, e in enumerate(examples):
        for k, row in enumerate(e.features):
            open_[n, k], right[n, k] = 0, e.right[k]
            for name, value in row.items():
                x[n, k, place[name]] = value
    w = torch.zeros(len(names), requires_grad=True)
    optimiser = torch.optim.Adam([w], RATE)
    for _ in range(STEPS):
        optimiser.zero_grad()
        scores = x @ w + open_
        loss = (scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)).mean() + DECAY * w.square().sum()
        loss.backward()
        optimiser.step()
    w = w.detach()
    return {n: round(float(w[k]), 3) for n, k in place.items() if abs(float(w[k])) > KEPT}


def _report(found: list[Case], errors: int) -> None:
    hits: dict[str, list[bool]] = {}
    wrong = []
    for fold in range(FOLDS):
        weights = logit([e for e in found if e.fold != fold])
        for e in (e for e in found if e.fold == fold):
            scores = [sum(weights.get(n, 0.0) * v for n, v in f.items()) for f in e.features]
            best = likeliest(scores, e.dated)
            kind = "none" if e.right[-1] else "stated" if e.stated else "page"
            for name in (kind, "all"):
                hits.setdefault(name, []).append(e.right[best])
            hits.setdefault(f"{kind}: some candidate is right", []).append(any(e.right))
            if not e.right[best]:
                wrong.append((e.text, best, len(e.features)))
    for name, values in sorted(hits.items()):
        print(f"{name:40} {np.mean(values):.3f} of {len(values)}")
    for item in wrong[:: max(1, len(wrong) // max(1, errors))][:errors]:
        print(*item)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(1)
    found: list[Case] = []
    if options.cache.exists():
        found = pickle.loads(options.cache.read_bytes())
    else:
        lines: Iterable[str] = (line for f in options.files for line in open(f, encoding="utf-8"))
        with ProcessPoolExecutor(2) as pool:
            for some in pool.map(cases, lines, chunksize=8):
                found += some
        options.cache.write_bytes(pickle.dumps(found))
    _report(found, options.errors)
    if options.out:
        options.out.write_text(json.dumps(logit(found), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    from training.heads import days  # so that pickles name this module and not `__main__`

    days.main()
