"""Learns how likely an event is right from events of development news that were judged by hand.

    python -m training.confidence --corpora CORPORA [--model FOLDER]      fit, cross-validate, write src/communique/events/confidence.json
    python -m training.confidence --corpora CORPORA --sheet sheet.tsv     events that nobody has judged yet, to be judged
    python -m training.confidence --corpora CORPORA --take sheet.tsv      the judgements of a filled sheet go to training/judged.tsv

News of the world of 2004 (AG), the newswire of TimeBank that the model is trained on, and PolNeAR's articles on an election; never a held-out part.
An event is 1 if a careful coder would have told it so: an act of public life, the right type, the right actor and recipient; 0.5 if all that is
told is right but a party that the sentence names is missing or has no country or sector; 0 otherwise. Judgements are kept as numbers by the hash
of the sentence, the place of the trigger in it, the type, and the hash of the parties; no text is stored. Five minutes on one core.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import html
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from communique import Event, PartyMention, Reader
from communique.events import assembly, extract
from communique.events.confidence import Features

from . import corpora as read
from .documents import raw

JUDGED = Path(__file__).with_name("judged.tsv")
OUT = Path(__file__).parents[1] / "src/communique/events/confidence.json"
LOW = 0.05  # of the product of the rules, below which nobody looks
FIELDS = ("sentence", "at", "type", "parties", "right")


@dataclass
class Candidate:
    text: int
    event: Event
    features: Features

    @property
    def key(self) -> tuple[str, str, str, str]:
        e = self.event
        at = e.evidence.trigger.start - e.evidence.start if e.evidence.trigger else 0
        return _hash(e.evidence.text), str(at), e.type, _hash(_parties(e.actors) + " > " + _parties(e.recipients))


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def _parties(parties: tuple[PartyMention, ...]) -> str:
    return "; ".join(f"{p.text} ({p.country or '-'} {p.sector or '-'})" for p in parties)


def texts(corpora: Path) -> Iterator[tuple[str, str | None]]:
    """Articles with the day they are read as of."""
    rng = random.Random(4)
    rows = [json.loads(line) for line in open(corpora / "agnews/world.jsonl", encoding="utf-8")]
    rng.shuffle(rows)
    clean = lambda t: " ".join(html.unescape(re.sub(r" ?#(\d+);", r"&#\1;", t)).replace("\\", " ").split())
    for row in rows[:420]:
        yield clean(row["title"]) + "\n\n" + clean(row["lead"]), "2004-09-15"
    documents = list(read.timebank(corpora))
    rng.shuffle(documents)
    for document in documents[:45]:
        text, _, _, day, _ = read.timeml(corpora / f"timebank/{document.name}.tml")
        yield text.strip(), day[:10] if re.match(r"\d{4}-\d\d-\d\d", day) else None
    documents = list(read.polnear(corpora))
    rng.shuffle(documents)
    for document in documents[:25]:
        yield raw(document)[0], None


def candidates(corpora: Path, model: str) -> Iterator[Candidate]:
    """Every event that may be told, however unlikely."""
    reader = Reader(model=model)
    drafts: list[list[extract.Draft]] = []
    merged = assembly.merged

    def kept(*args: object) -> list[extract.Draft]:
        drafts.append(merged(*args))  # type: ignore[arg-type]
        return drafts[-1]

    extract.ENOUGH, extract.POSSIBLE, assembly.merged = 0.0, LOW, kept
    for n, (text, day) in enumerate(texts(corpora)):
        drafts.clear()
        report = reader.read_text(text, published=day)
        yield from (
            Candidate(n, event, draft.features) for event, draft in zip(report.events, drafts[0] if drafts else ())
        )


def judged() -> dict[tuple[str, ...], float]:
    if not JUDGED.exists():
        return {}
    with open(JUDGED, encoding="utf-8", newline="") as file:
        return {tuple(row[f] for f in FIELDS[:4]): float(row["right"]) for row in csv.DictReader(file, delimiter="\t")}


def sheet(found: list[Candidate], path: Path, count: int, seed: int) -> None:
    """A table of events without a judgement, with empty first column."""
    known = judged()
    rows = [c for c in found if c.key not in known]
    random.Random(seed).shuffle(rows)
    rows = sorted(rows[:count], key=lambda c: (c.text, c.event.evidence.start))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(("right", "what", "who", "to whom", "as", "where", *FIELDS[:4]))
        for c in rows:
            e = c.event
            writer.writerow(
                (
                    "",
                    f"{e.type} {e.evidence.trigger.text if e.evidence.trigger else ''}",
                    _parties(e.actors),
                    _parties(e.recipients),
                    f"{e.modality} {e.polarity}",
                    " ".join(e.evidence.text.split()),
                    *c.key,
                )
            )


def take(path: Path) -> None:
    known = judged()
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["right"].strip():
                known[tuple(row[f] for f in FIELDS[:4])] = float(row["right"])
    with open(JUDGED, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows((*key, f"{value:g}") for key, value in sorted(known.items()))


def matrix(rows: list[Features], names: list[str]) -> np.ndarray:
    return np.array([[r.get(n, 0.0) for n in names] for r in rows])


def fitted(x: np.ndarray, y: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    """Weights and bias of a logistic regression on `(rows, features)` and answers between 0 and 1; features count by their spread."""
    mean, spread = x.mean(0), x.std(0) + 0.05
    z = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    kept = np.r_[np.full(x.shape[1], 1 / strength), 0.0]  # the bias is free
    w = np.zeros(z.shape[1])
    for _ in range(30):  # Newton's method
        p = 1 / (1 + np.exp(-(z @ w)))
        step = np.linalg.solve(z.T @ (z * (p * (1 - p))[:, None]) + np.diag(kept + 1e-9), z.T @ (y - p) - kept * w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    weights = w[:-1] / spread
    return weights, float(w[-1] - (weights * mean).sum())


def crossed(x: np.ndarray, y: np.ndarray, groups: np.ndarray, strength: float, folds: int = 10) -> np.ndarray:
    """The probability of each row from weights that were learned without its article."""
    order = np.random.default_rng(1).permutation(int(groups.max()) + 1)
    fold = order[groups] % folds
    p = np.zeros(len(y))
    for f in range(folds):
        weights, bias = fitted(x[fold != f], y[fold != f], strength)
        p[fold == f] = 1 / (1 + np.exp(-(x[fold == f] @ weights + bias)))
    return p


def ranked(p: np.ndarray, y: np.ndarray) -> str:
    order = np.argsort(-p)
    hits = (y[order] == 1).cumsum() / np.arange(1, len(y) + 1)
    return f"average precision {hits[y[order] == 1].mean():.3f}; right of the surest 100, 200, 300: " + ", ".join(
        f"{(y[order[:k]] == 1).mean():.2f}" for k in (100, 200, 300)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", default="default")
    parser.add_argument("--strength", type=float, default=0.005)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--take", type=Path)
    options = parser.parse_args()
    if options.take:
        return take(options.take)
    found = list(candidates(options.corpora, options.model))
    if options.sheet:
        return sheet(found, options.sheet, options.count, options.seed)
    known = judged()
    rows = [c for c in found if c.key in known]
    y = np.array([known[c.key] for c in rows])
    print(
        f"{len(found)} events, {len(rows)} of {len(known)} judged ones among them: {(y == 1).sum()} right, {(y == 0.5).sum()} right as far as they go"
    )
    names = sorted({n for c in rows for n in c.features})
    x = matrix([c.features for c in rows], names)
    groups = np.array([c.text for c in rows])
    print("by the product of the rules:", ranked(np.array([c.features["product"] for c in rows]), y))
    p = crossed(x, y, groups, options.strength)
    print("learned, by articles left out:", ranked(p, y))
    for low in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        inside = (p >= low) & (p < low + 0.1 if low < 0.8 else p <= 1)
        if inside.any():
            print(
                f"  told with {low:.1f} to {low + 0.1 if low < 0.8 else 1:.1f}: {inside.sum():4} events, right {(y[inside] == 1).mean():.2f}, or as far as they go {(y[inside] > 0).mean():.2f}, mean of the answers {y[inside].mean():.2f}"
            )
    weights, bias = fitted(x, y, options.strength)
    OUT.write_text(
        json.dumps(
            {"bias": round(bias, 4), **{n: round(float(w), 4) for n, w in zip(names, weights)}},
            indent=0,
            sort_keys=True,
        )
        + "\n"
    )
    print(f"{len(names)} weights in {OUT.name}")


if __name__ == "__main__":
    main()
