"""Every head of the model on its development set, with all heads running together as shipped.

python -m benchmarks model [--model FOLDER]
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from communique import Reader
from communique.reading import Analyser, Model, Reading
from training.data.corpora import cameo, ecbplus, gum, polnear, timebank, treebank
from training.data.documents import Document

from ..common import corpora, raw
from ..metrics import Span, f1, macro, touches
from . import syntax
from .relate import pairs_of


def runs(tags: list[int], begin: int) -> set[Span]:
    """Returns the spans of a begin tag and the inside tags (one more) that follow it, in words."""
    found: set[Span] = set()
    start: int | None = None
    for i, tag in enumerate([*tags, 0]):
        if start is not None and tag != begin + 1:
            found.add((start, i))
            start = None
        if tag == begin or tag == begin + 1 and start is None:
            start = i
    return found


def aligned(document: Document, analyse: Analyser) -> tuple[Reading, dict[int, int]]:
    """Returns a document's reading, and a map from the document's words to the words of the reading with the same
    start.
    """
    text, spans = raw(document)
    reading = analyse(text)
    at = {w.start: w.index for w in reading.words}
    return reading, {i: at[s] for i, (s, _) in enumerate(spans) if s in at}


def placed(tags: list[int], begin: int, at: dict[int, int]) -> set[Span]:
    """Returns the spans of a document's tags, in words of its reading."""
    return {(at[a], at[b - 1] + 1) for a, b in runs(tags, begin) if a in at and b - 1 in at}


def speech(analyse: Analyser, folder: Path) -> dict[str, float]:
    """Returns source, cue and content F1 by word on PolNeAR dev (the annotator whose name comes first)."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for document in polnear(folder, "dev"):
        reading, at = aligned(document, analyse)
        for name, chunks in (("source", reading.sources), ("cue", reading.cues), ("content", reading.contents)):
            ours = {i for c in chunks for i in range(c.start, c.end)}
            real = {
                at[i]
                for i, tag in enumerate(document.layers[name])
                if tag and i in at and any(map(str.isalnum, document.words[i]))
            }
            ours = {i for i in ours if any(map(str.isalnum, reading.words[i].text))}
            counts[name].update(right=len(ours & real), found=len(ours), wanted=len(real))
    return {f"{name} by word, F1": f1(c["right"], c["found"], c["wanted"])[2] for name, c in counts.items()}


def kind_of(reading: Reading) -> int:
    """Returns CAMEO's class of a text: that of the sentence most likely to contain an event."""
    return int(max(reading.kinds, key=lambda k: float(k[1:].max())).argmax()) if len(reading.kinds) else 0


def parties(analyse: Analyser, folder: Path) -> Iterator[dict[str, tuple[set[Span], set[Span]]]]:
    """Yields the source and target spans of each sentence in CAMEO's held-out sixth, from the key and from the
    model.
    """
    for document in cameo(folder, "cameo_tagged"):
        reading, at = aligned(document, analyse)
        tags = reading.roles.argmax(1).tolist()
        yield {
            name: (placed(document.layers["role"], begin, at), runs(tags, begin))
            for name, begin in (("source", 1), ("target", 3))
        }


def classes(analyse: Analyser, folder: Path) -> dict[str, float]:
    """Returns accuracy of event detection and of the five classes on CAMEO's held-out third, and exact span F1 on its
    held-out sixth.
    """
    n: Counter[str] = Counter()
    for document in cameo(folder, "cameo_not_in_plv"):
        if "penta" not in document.layers:
            continue
        ours = kind_of(aligned(document, analyse)[0])
        n["sentences"] += 1
        n["event or not"] += (ours > 0) == (document.layers["penta"] > 0)
        n["five classes"] += ours == document.layers["penta"]
    spans: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in parties(analyse, folder):
        for name, (real, found) in sentence.items():
            spans[name].update(right=len(real & found), found=len(found), wanted=len(real))
    result = {f"{name}, accuracy": n[name] / n["sentences"] for name in ("event or not", "five classes")}
    return result | {f"{name} exact, F1": f1(c["right"], c["found"], c["wanted"])[2] for name, c in spans.items()}


def judged(analyse: Analyser, folder: Path) -> Iterator[tuple[Reading, int, float]]:
    """Yields each word of EWT dev that UDS's judges labelled, as its index in a reading, with the share of judges who
    said that it happened.
    """
    votes: dict[tuple[str, int], float] = {}
    with open(folder / "uds/factuality.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            said = [int(v) for v in row["happened"].split(",")]
            votes[row["sent_id"], int(row["token"])] = sum(said) / len(said)
    for document in treebank(folder / "ewt/dev.conllu", False, sentence_ids=True):
        ids = document.layers["ids"]
        if any(i in votes for i in ids):
            reading, at = aligned(document, analyse)
            yield from ((reading, at[i], votes[where]) for i, where in enumerate(ids) if where in votes and i in at)


def factuality(analyse: Analyser, folder: Path) -> dict[str, float]:
    """Returns factuality scores on EWT dev: correlation with the mean of the judges, and accuracy."""
    found = [(share, float(reading.happened[i])) for reading, i, share in judged(analyse, folder)]
    a, b = np.array(found).T
    clear = a != 0.5
    return {
        "happened, correlation": float(np.corrcoef(a, b)[0, 1]),
        "happened, accuracy": float(((a > 0.5) == (b > 0.5))[clear].mean()),
    }


def times_of(document: Document, at: dict[int, int]) -> set[Span]:
    """Returns TimeBank's time expressions of any type, in words of the document's reading."""
    return placed([0 if not tag else 1 if tag % 2 else 2 for tag in document.layers["time"]], 1, at)


def events_and_times(analyse: Analyser, folder: Path) -> dict[str, float]:
    """Returns F1 of event words and of time expressions (relaxed: overlap) on the held-out quarter of TimeBank."""
    n: dict[str, Counter[str]] = defaultdict(Counter)
    for document in timebank(folder, held=True):
        reading, at = aligned(document, analyse)
        real = {at[i] for i, c in enumerate(document.layers["class"]) if c and i in at}
        ours = {w.index for w in reading.words if reading.event[w.index] > 0.5}
        n["event words"].update(right=len(real & ours), found=len(ours), wanted=len(real))
        wanted = times_of(document, at)
        found = [(c.start, c.end) for c in reading.times]

        n["time expressions, relaxed"].update(
            right=sum(touches(x, found) for x in wanted), found=len(found), wanted=len(wanted)
        )
        n["time expressions, relaxed"]["precise"] += sum(touches(x, wanted) for x in found)
    times = n["time expressions, relaxed"]
    recall, precision = times["right"] / times["wanted"], times["precise"] / times["found"]
    words = n["event words"]
    return {
        "event words, F1": f1(words["right"], words["found"], words["wanted"])[2],
        "time expressions, relaxed F1": 2 * precision * recall / (precision + recall),
    }


def named(analyse: Analyser, folder: Path) -> dict[str, float]:
    """Returns the share of the people, organisations and places marked in ECB+'s development articles that are a
    mention of that type.
    """
    n: Counter[str] = Counter()
    for document in ecbplus(folder, "dev"):
        reading, at = aligned(document, analyse)
        for start, end, kind in document.layers["named"]:
            found = {m.type for m in reading.mentions if m.head in {at[i] for i in range(start, end) if i in at}}
            n["marked"] += 1
            n["found"] += kind in found
    return {"mentions of the type, recall": n["found"] / n["marked"]}


def types(model: Model, folder: Path) -> dict[str, float]:
    """Returns macro-F1 of the type of PLV's held-out pairs, from the pair's own head and its words, mixed as in
    `Reader.relate`.
    """
    found = pairs_of(Reader(model=str(model.folder), threads=2), folder)
    return {"event type given the pair, macro-F1": macro([(a, b) for a, b, _ in found])}


def measured(model: Model, folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Yields each development set by name, with the scores of the model's heads on it."""
    analyse = Analyser(model)
    documents = list(gum(folder, "dev"))
    yield "GUM dev, from raw text", syntax.measure(documents, analyse)
    yield "PolNeAR dev", speech(analyse, folder)
    yield "held-out fifth of PLV", types(model, folder)
    yield "held-out parts of CAMEO", classes(analyse, folder)
    yield "UDS on EWT dev", factuality(analyse, folder)
    yield "held-out quarter of TimeBank", events_and_times(analyse, folder)
    yield "ECB+ dev", named(analyse, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a folder with another model than the one that ships")
    options = parser.parse_args()
    model = Model(options.model, threads=2) if options.model else Model(threads=2)
    print(f"model {model.checksum}, all heads on at once")
    for name, figures in measured(model, corpora()):
        print(name)
        for what, value in figures.items():
            print(f"  {what:36} {value:.4f}", flush=True)
