"""Scores the event heads on pages they were not trained on: `python -m training.heads.judge PAGES EVENTS.jsonl… --run
RUN`

RUN holds `foldK.pkl` of `training.heads.events`. The scorer, `score_events.py`, is next to the corpora.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from communique.events import decode
from communique.events.candidates import Scene
from communique.events.decode import Draft, drafts, joined
from communique.events.network import TYPES, Network
from training.heads.scenes import Page, load

SHARED = Path(__file__).resolve().parents[3] / "shared"


def scorer() -> Any:
    """Loads the scorer of whole events, which is next to the corpora (`COMMUNIQUE_CORPORA`). Exits with a message if
    there is none.
    """
    path = Path(os.environ.get("COMMUNIQUE_CORPORA", SHARED / "corpora")).parent / "score_events.py"
    if not path.is_file():
        sys.exit(f"no scorer at {path}: it stands beside the corpora, whose folder COMMUNIQUE_CORPORA names")
    spec = importlib.util.spec_from_file_location("score_events", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parties(scene: Scene, rows: tuple[int, ...]) -> list[dict[str, Any]]:
    found = []
    for r in rows:
        p = scene.parties[r]
        if p is not None and p.start is not None:
            found.append({"start": p.start, "end": p.end, "text": p.text, "country": p.country, "sector": p.sector})
        else:
            a, b = scene.reading.span(*scene.spans[r])
            text = scene.reading.text[a:b]
            found.append({"start": a, "end": b, "text": text, "country": None, "sector": None})
    return found


def sure(d: Draft) -> float:
    """Returns the uncalibrated probability that type and sides of one telling are right."""
    return float(d.types[TYPES.index(d.type)])


def event(scene: Scene, act: Draft) -> dict[str, Any]:
    tellings = [act, *act.also]
    best = max(tellings, key=sure)
    pieces = [piece(scene, d.trigger) for d in tellings]
    return {
        "type": best.type,
        "mode": best.mode,
        "actors": parties(scene, best.actors),
        "recipients": parties(scene, best.recipients),
        "modality": best.modality,
        "polarity": best.polarity,
        "confidence": sure(best),
        "evidence": pieces[0],
        "also": pieces[1:],
        "according_to": [],
        "date": None,
        "codebook": None,
    }


def piece(scene: Scene, trigger: int) -> dict[str, Any]:
    word = scene.reading.words[trigger]
    a, b = scene.reading.span(*scene.reading.sentence_of(trigger))
    return {"start": a, "end": b, "trigger": {"start": word.start, "end": word.end, "text": word.text}}


def folds(pages: dict[str, Page], run: Path) -> Iterator[tuple[Page, Network, np.ndarray]]:
    """Yields each page that some fold held out, with the network that has not seen it and the states of its words."""
    for path in sorted(run.glob("fold*.pkl")):
        kept = pickle.loads(path.read_bytes())
        from training.heads.events import ALL_MODES

        network = Network(kept["arrays"], ALL_MODES)
        for name, states in kept["states"].items():
            if name in pages:
                yield pages[name], network, states.astype(np.float32)


def acts_of(network: Network, scene: Scene, special: np.ndarray) -> list[Draft]:
    """Returns the acts of a page, each as the first of its tellings."""
    if not scene.reading.words:
        return []
    words = network.words(scene, special, scene.reading.states.astype(np.float32))
    tellings = drafts(network, scene, words, network.types(scene, words, special), network.prepared(scene, words))
    return joined(network, scene, words, tellings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("events", type=Path, nargs="+")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--set", default="", help="thresholds of decode, such as ACTS=0.4,ALONE=0.2")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    for setting in filter(None, options.set.split(",")):
        name, _, value = setting.partition("=")
        setattr(decode, name, float(value))
    scoring = scorer()
    pages = {p.name: p for p in load(options.pages)}
    documents = {d["id"]: d for f in options.events for d in map(json.loads, open(f, encoding="utf-8"))}
    told = []
    for page, network, special in folds(pages, options.run):
        acts = acts_of(network, page.scene, special)
        told.append((documents[page.name], {"events": [event(page.scene, a) for a in acts]}))
    for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        total: collections.Counter[str] = collections.Counter()
        for document, report in told:
            total += scoring.compare(document, report, least)[0]
        print(scoring.line(f"{len(told)} pages, ≥ {least}", total))
    kinds = collections.Counter(n[0] for d, r in told for n in scoring.compare(d, r, 0.4)[1])
    print(dict(kinds))
    shown = [(d, *n) for d, r in told for n in scoring.compare(d, r, 0.4)[1]] if options.errors else []
    for item in shown[:: max(1, len(shown) // max(1, options.errors))]:
        scoring.show(*item)


if __name__ == "__main__":
    main()
