"""Marked articles as the event heads see them, computed once and kept: `python -m training.heads.scenes FOLDER FILE…`

For each document of `corpora/events/` (JSON lines), or each sentence of PLV (a folder of corpora), one pickle in
FOLDER: the scene that `communique.events.candidates` makes of its text, the encoder's blocks, and the marks by words of
our own: triggers, types, sides as rows of the scene's phrases, sources, retellings.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from communique.catalogue import Catalogue
from communique.events.candidates import Scene, scene
from communique.parties import Linker, Resolver
from communique.reading import WEIGHTS, Analyser, Model, Reading, paragraphs_of
from communique.reading.analyser import _cut
from communique.reading.tokens import safe_breaks, tokenise
from communique.schema import TYPES
from communique.statements import statements_of
from training.data import frames, splits

Span = tuple[int, int]
BARE = "bare"  # the folder of single sentences of marked articles
TELLING, EMPTY = 2, 6  # enough for the kind to be seen; all of them would outweigh the articles
SHORTEST = 6  # words: a shorter stretch is a dateline or a byline
FRAMES, FRAMED = "framed", 4000  # the folder of our own framed sentences, and how many of them are made
MODEL = Path(os.environ.get("COMMUNIQUE_MODEL", WEIGHTS["default"]))  # whose shared layers the heads stand on


@dataclass
class Mark:
    """One marked telling. `sides`: for actors and recipients, the phrases that are right, and those that may be (of the
    same party).
    """

    trigger: int
    type: str
    mode: str | None
    modality: str | None  # unknown
    polarity: str | None
    doubtful: bool
    same: int | None  # number of the first telling
    right: tuple[list[int], list[int]]  # rows of phrases
    maybe: tuple[list[int], list[int]]  # rows that neither count for nor against
    asked: tuple[int, int]  # how many parties are marked on each side
    covered: tuple[int, int]  # how many of them a candidate overlaps or equals in country and sector
    says: list[Span] = field(default_factory=list)  # characters


@dataclass
class Block:
    """A stretch that the encoder sees at once: shared states of its pieces `(pieces, size)`, first and last piece of
    each word.
    """

    trunk: np.ndarray
    first: list[int]
    last: list[int]


@dataclass
class Page:
    """A document ready for training."""

    name: str
    group: str
    source: str
    scene: Scene
    blocks: list[Block]
    marks: list[Mark]
    lost: int  # triggers that no word of ours holds
    partial: bool = False  # only what is marked is known: nothing says that the rest tells no event


@cache
def _parts() -> tuple[Analyser, Resolver]:
    return Analyser(Model(MODEL)), Resolver(Catalogue())


def page(document: dict[str, Any]) -> Page:
    analyse, resolver = _parts()
    text = document["text"]
    reading = analyse(text)
    day = document["date"] if document["date"] and len(document["date"]) == 10 else None
    linker = Linker(reading, resolver, day)
    found = statements_of(reading, linker)
    speaks = tuple((frozenset(f.source_words), frozenset(f.content_words)) for f in found)
    made = scene(reading, linker, speaks)
    tokens = tokenise(text)
    words = [text[s:e] for s, e in tokens]
    cuts = _cut(safe_breaks(text, tokens, paragraphs_of(text)), len(words))
    blocks = [_block(analyse.model, words[a:b]) for a, b in cuts]
    empty = np.zeros((len(words), 0), np.float32)
    bare = replace(reading, keys=empty, special=empty, states=reading.states.astype(np.float16))
    marks, lost = marks_of(document, reading, made)
    kept = replace(made, reading=bare)
    group = document.get("group") or document["id"]
    partial = bool(document.get("partial"))
    return Page(document["id"], group, document["source"], kept, blocks, marks, lost, partial)


def _block(model: Model, words: list[str]) -> Block:
    _, _, first, last = model.pieces.block(words)
    return Block(model.run(words)["trunk"][0].astype(np.float16), first, last)


def marks_of(document: dict[str, Any], reading: Reading, made: Scene) -> tuple[list[Mark], int]:
    number: dict[str, int] = {}
    marks: list[Mark] = []
    lost = 0
    for e in document["events"]:
        given = e["trigger"] or _likeliest(reading, e["types"])
        inside = list(reading.words_in(given["start"], given["end"]))
        if not inside:
            lost += 1
            continue
        trigger = _root(reading, inside)
        sides = [_side(e[role], trigger, reading, made) for role in ("actors", "recipients")]
        number[e["id"]] = len(marks)
        marks.append(
            Mark(
                trigger, e["type"] if e["type"] is not None else _of_both(reading, trigger, e["types"]),
                e["mode"], e["modality"], e["polarity"], e["doubtful"], number.get(e["same"] or ""),
                (sides[0][0], sides[1][0]), (sides[0][1], sides[1][1]), (len(e["actors"]), len(e["recipients"])),
                (sides[0][2], sides[1][2]), [(s["start"], s["end"]) for s in e["says"] if s["start"] is not None],
            )
        )  # fmt: skip
    return marks, lost


def _likeliest(reading: Reading, types: list[str]) -> dict[str, int]:
    """The word that the shared heads take most for an act of one of some types, in a sentence whose trigger is not
    marked.
    """
    columns = [TYPES.index(t) for t in types]
    score = reading.types[:, columns].sum(1) * (0.2 + reading.event)
    word = reading.words[int(score.argmax())]
    return {"start": word.start, "end": word.end}


def _of_both(reading: Reading, trigger: int, types: list[str]) -> str:
    """Of types that a corpus does not tell apart the likelier one."""
    return max(types, key=lambda t: float(reading.types[trigger, TYPES.index(t)]))


def pairs(corpora: Path) -> Iterator[dict[str, Any]]:
    """PLV's sentences, without those held out, as partial documents: type and both sides are marked, the trigger is
    not.
    """
    out = splits.load()["plv"]
    with open(corpora / "plv" / "train.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if splits.key(row["sentence"]) in out:
                continue
            text, sides = row["sentence"], []
            for role in ("source", "target"):
                at = text.find(row[role])
                sides.append(
                    [{"start": at, "end": at + len(row[role]), "country": None, "sector": None}] if at >= 0 else []
                )
            types = ["CONCEDE", "RETREAT"] if row["type15"] == "YIELD" else [row["type15"]]
            event = {
                "id": "e1", "trigger": None, "types": types, "type": None, "mode": None, "modality": None,
                "polarity": None, "doubtful": False, "same": None, "actors": sides[0], "recipients": sides[1],
                "says": [],
            }  # fmt: skip
            name = f"plv{row['sentence_id']}"
            yield {"id": name, "date": None, "source": "PLV", "text": text, "partial": True, "events": [event]}


def sentences_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The sentences of a marked article as documents of their own: one in `TELLING` of those whose tellings have all
    their parties in the sentence, and one in `EMPTY` of those that tell nothing. The reader is asked about bare
    sentences too.
    """
    for n, (start, end) in enumerate(document["sentences"]):
        text = document["text"][start:end]
        held = [e for e in document["events"] if start <= e["trigger"]["start"] < end]
        parties = [p for e in held for p in (*e["actors"], *e["recipients"])]
        whole = all(start <= p["start"] and p["end"] <= end for p in parties)
        drawn = int(hashlib.sha256(f"{document['id']} {n}".encode()).hexdigest()[:8], 16)
        if len(text.split()) < SHORTEST or not whole or drawn % (TELLING if held else EMPTY):
            continue
        names = {e["id"] for e in held}
        events = [_moved(e, start) | {"same": e["same"] if e["same"] in names else None, "says": []} for e in held]
        yield document | {
            "id": f"{document['id']}.{n}",
            "group": document.get("group") or document["id"],
            "text": text,
            "sentences": [[0, len(text)]],
            "events": events,
        }


def _moved(event: dict[str, Any], start: int) -> dict[str, Any]:
    """A telling with its offsets counted from `start`."""

    def shift(span):
        return span | {"start": span["start"] - start, "end": span["end"] - start}

    moved = {role: [shift(p) for p in event[role]] for role in ("actors", "recipients")}
    return event | moved | {"trigger": shift(event["trigger"])}


def framed(corpora: Path, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Sentences of our own in frames that say whether an act is actual, planned, wanted …: partial documents without
    sides.
    """
    for n, row in enumerate(frames.generate(corpora, seed, FRAMED)):
        event = {
            "id": "e1", "trigger": {"start": row.trigger[0], "end": row.trigger[1]}, "types": [], "type": "",
            "mode": None, "modality": row.modality, "polarity": row.polarity, "doubtful": False, "same": None,
            "actors": [], "recipients": [], "says": [],
        }  # fmt: skip
        yield {
            "id": f"framed{n}",
            "date": None,
            "source": "own frames",
            "text": row.text,
            "partial": True,
            "events": [event],
        }


def _root(reading: Reading, inside: list[int]) -> int:
    """The word of a stretch that hangs on a word outside it."""
    at = set(inside)
    return next((i for i in inside if reading.words[i].head not in at or reading.words[i].head == i), inside[-1])


def _side(
    parties: list[dict[str, Any]], trigger: int, reading: Reading, made: Scene
) -> tuple[list[int], list[int], int]:
    """Rows that are right, rows that may be, and how many of the parties some candidate around the trigger matches."""
    right: list[int] = []
    maybe: set[int] = set()
    covered = 0
    rows = {int(h): r for r, h in enumerate(made.heads)}
    around = made.around(trigger)
    for p in parties:
        inside = list(reading.words_in(p["start"], p["end"]))
        held = [rows[i] for i in inside if i in rows]
        if inside:
            root = _root(reading, inside)
            best = rows.get(root, held[-1] if held else None)
            if best is not None:
                right.append(best)
                maybe |= {r for r in range(len(made.heads)) if made.entity[r] == made.entity[best]}
        maybe |= set(held)
        same = [
            r
            for r in around
            if (q := made.parties[r]) and q.country and q.country == p["country"] and q.sector == p["sector"]
        ]
        covered += bool(set(held) & set(around) or same)
    return right, sorted(maybe - set(right)), covered


def load(folder: Path) -> list[Page]:
    return [pickle.loads(p.read_bytes()) for p in sorted(folder.glob("*.pkl"))]


def _keep(task: tuple[str, str]) -> str:
    line, target = task
    path = Path(target)
    if not path.exists():
        path.write_bytes(pickle.dumps(page(json.loads(line)), protocol=5))
    return path.name


def _lines(kind: str, given: Path) -> Iterable[str]:
    """The documents of a folder of this name, a line of JSON each, from a folder of corpora or a file of marked
    articles.
    """
    if given.is_dir():
        return map(json.dumps, (framed if kind == FRAMES else pairs)(given))
    lines = open(given, encoding="utf-8")
    if kind != BARE:
        return lines
    return (json.dumps(sentence) for line in lines for sentence in sentences_of(json.loads(line)))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    tasks = []
    for name in sys.argv[2:]:
        for line in _lines(folder.name, Path(name)):
            mark = hashlib.sha256(json.loads(line)["text"].encode()).hexdigest()[:8]
            tasks.append((line, str(folder / f"{json.loads(line)['id']}-{mark}.pkl")))
    with ProcessPoolExecutor(2) as pool:
        for n, _ in enumerate(pool.map(_keep, tasks, chunksize=8)):
            if n % 100 == 0:
                print(n, len(tasks), flush=True)


if __name__ == "__main__":
    from training.heads import scenes  # so that pickles name this module and not `__main__`

    scenes.main()
