"""Feeds damaged files to every input format. Each run must end, with only articles and failures as results.

    python -m benchmarks fuzz [--seconds 3600] [--engine atheris|plain]
    python -m benchmarks fuzz --reader [--seconds 3600]
    python -m benchmarks fuzz --texts 20000
    python -m benchmarks fuzz --pages 5000

Seeds are files of every format, made here. `plain` cuts, swaps, repeats and overwrites their bytes at random; `atheris`
(if installed) is guided by coverage. A crash prints the input's hash and stores its bytes in `build/fuzz/`; the crashes
found so far are cases of `tests/test_inputs.py`. `--reader` feeds damaged texts to `Reader.read_text` instead: every
span of the report must hold the words it claims to. `--texts` and `--pages` generate a number of texts from a grammar
and of pages with strange structure (`benchmarks.robustness.generate`), check that every sentence is a tree, and print
the slowest inputs per 1,000 words, compared with the median.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import random
import signal
import statistics
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import numpy as np

from communique import Reader
from communique.pages import Draft, drafts
from communique.reading.reading import Reading
from communique.reading.tree import is_tree
from communique.schema import Failure, PageError

from ..common import texts
from . import generate

PROSE = (
    "Peru recalled its ambassador from Chile on Monday after a dispute over fishing rights in the Pacific, the "
    "foreign ministry said."
)
FLOOR = 40  # minimum number of words assumed for a text
BYTES = 6  # of a page per word
WORST, SHOWN = 20, 5  # slowest inputs that are read again, and that are printed
SLOW = 20.0  # seconds of processor time; no input of this size may take longer


def seeds() -> list[bytes]:
    import docx
    import openpyxl
    import pyarrow
    import pyarrow.parquet
    import zstandard
    from fastwarc.warc import WarcRecord, WarcRecordType

    html = (
        "<html><head><title>Peru</title><meta name=date content=2024-02-05></head><body><article><h1>Peru "
        f"recalls</h1>{f'<p>{PROSE}</p>' * 4}</article></body></html>"
    ).encode()
    rows = "".join(
        json.dumps({"text": PROSE, "title": f"T{n}", "date": "2024-02-05"}) + "\n" for n in range(4)
    ).encode()
    table = b"title,text,date\n" + f'Peru,"{PROSE}",2024-02-05\n'.encode() * 3
    rss = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>C</title><item><title>T</title>"
        "<link>https://a.example/1</link>"
        f"<description>&lt;p&gt;{PROSE}&lt;/p&gt;</description></item></channel></rss>"
    ).encode()
    rtf = (
        "{\\rtf1\\ansi "
        + "\\par ".join(
            ["Peru recalls", "77 words", "5 February 2024", "Coast Press", PROSE, "Document COPA000020240205ek2500abc"]
        )
        + "}"
    ).encode()
    plain = io.BytesIO()
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response, content_length=0)
    record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html)
    record.write(plain)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", html)
        archive.writestr("b/rows.jsonl", rows)
    rolled = io.BytesIO()
    with tarfile.open(fileobj=rolled, mode="w") as tar:
        entry = tarfile.TarInfo("a.html")
        entry.size = len(html)
        tar.addfile(entry, io.BytesIO(html))
    parquet = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": [PROSE] * 3, "title": ["a", "b", "c"]}), parquet)
    document = docx.Document()
    document.add_paragraph(PROSE)
    word = io.BytesIO()
    document.save(word)
    book = openpyxl.Workbook()
    book.active.append(["title", "text"])
    book.active.append(["Peru", PROSE])
    sheet = io.BytesIO()
    book.save(sheet)
    warc = plain.getvalue() * 2
    return [
        html,
        PROSE.encode() * 3,
        rows,
        table,
        rss,
        rtf,
        warc,
        gzip.compress(warc),
        gzip.compress(plain.getvalue()) * 3,
        packed.getvalue(),
        rolled.getvalue(),
        parquet.getvalue(),
        word.getvalue(),
        sheet.getvalue(),
        zstandard.compress(rows),
    ]


def damaged(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if not out:
            break
        at, size = rng.randrange(len(out)), rng.choice((1, 2, 4, 16, 64, 512))
        way = rng.randrange(6)
        if way == 0:
            out[at] = rng.randrange(256)
        elif way == 1:
            del out[at : at + size]
        elif way == 2:
            out[at:at] = out[at : at + size]
        elif way == 3:
            out[at : at + size] = bytes(rng.randrange(256) for _ in range(size))
        elif way == 4:
            out[at : at + size] = bytes(min(size, len(out) - at))
        else:
            out = out[:at]
    return bytes(out)


def check(data: bytes) -> None:
    """Raises if the result is anything but articles and failures, or takes too long."""
    start = time.process_time()
    for item in drafts(data, "fuzz"):
        assert isinstance(item, (Draft, Failure)), type(item)
        if isinstance(item, Failure):
            assert item.page and item.cause
        else:
            assert all(p == p.strip() and p for p in item.paragraphs)
    assert time.process_time() - start < SLOW, "slow"


STRANGE = [
    "\u0000",
    "\u200b",
    "\ufeff",
    "\u202e",
    "\ud7ff",
    "\U0001f1fa\U0001f1f8",
    "\u0301" * 9,
    "“",
    "”",
    "‘",
    "’",
    '"',
    "(",
    "—",
    "-",
    "\n",
    "\n\n",
    "\t",
    " ",
    ".",
    "…",
    "!?",
    "İ",
    "ß",
    "ﬁ",
    "中国",
    "РФ",
    "العراق",
    "0",
    "31 February",
    "$400m",
    "U.S.",
    "@",
    "https://a.example/",
    "%",
    "’s",
    "said",
    "not",
    "if",
]


def twisted(text: str, rng: random.Random) -> str:
    """Returns a text with words repeated, dropped, swapped or in other case, and with strange characters."""
    words = text.split(" ")
    for _ in range(rng.choice((1, 2, 4, 16, 64))):
        at, other = rng.randrange(len(words)), rng.randrange(len(words))
        way = rng.randrange(7)
        if way == 0:
            words[at] = words[at] + rng.choice(STRANGE)
        elif way == 1:
            words.insert(at, rng.choice(STRANGE))
        elif way == 2:
            words[at], words[other] = words[other], words[at]
        elif way == 3:
            words[at:at] = words[other : other + rng.choice((1, 3, 20))]
        elif way == 4:
            words[at] = rng.choice((words[at].upper(), words[at].lower(), words[at] * rng.choice((2, 40))))
        elif way == 5 and len(words) > 3:
            del words[at : at + rng.choice((1, 2, 8))]
        elif words[at]:
            cut = rng.randrange(len(words[at]))
            words[at] = words[at][:cut] + rng.choice(STRANGE) + words[at][cut:]
        if len(words) > 2000 or not words:
            break
    return " ".join(words)


def read(reader: Reader, text: str) -> None:
    """Raises if the report of a text is inconsistent or takes too long."""
    start = time.process_time()
    try:
        report = reader.read_text(text)
    except PageError as error:
        assert "too long" in str(error), str(error)  # the only reason to refuse a text
        return
    body = report.article.text
    for event in report.events:
        for found in (event.evidence, *event.also):
            assert body[found.start : found.end] == found.text, "evidence"
            assert body[found.trigger.start : found.trigger.end] == found.trigger.text, "trigger"
        for party in (*event.actors, *event.recipients):
            assert party.start is None or body[party.start : party.end] == party.text, "party"
    for statement in report.statements:
        for span in (statement.cue, *statement.content):
            assert span is None or body[span.start : span.end] == span.text, "statement"
    for moment in report.times:
        assert body[moment.start : moment.end] == moment.text, "time"
    json.dumps(report.to_dict(), ensure_ascii=False)
    assert time.process_time() - start < SLOW, "slow"


def is_sound(reading: Reading) -> bool:
    """Returns whether every sentence of a reading is a tree."""
    return all(is_tree(np.array([w.head - a for w in reading.words[a:b]], np.int64)) for a, b in reading.sentences)


def made(kind: str, seed: int) -> str | bytes:
    """Returns the text or page for a seed."""
    own = random.Random(seed)
    return generate.Sentences(own).text() if kind == "text" else generate.page(own)


def counted(texts: int, pages: int, rng: random.Random, out: Path) -> None:
    """Reads a number of generated texts and pages; prints what failed, and the time of the slowest per 1,000 words,
    compared with the median.

    Even a text of a few words takes a fixed time, so each counts as at least `FLOOR` words. Time is processor time, so
    that other load does not matter. The slowest are read again, because the first page that needs a table also loads
    it.
    """
    reader, found = Reader(), set[str]()

    def one(name: str, data: str | bytes) -> float | None:
        """Returns seconds per 1,000 words, or `None` if it failed."""
        start = time.process_time()
        try:
            if isinstance(data, str):
                read(reader, data)
                assert is_sound(reader.analyse(data)), "no tree"
                words = len(data.split())
            else:
                for item in drafts(data, name):
                    if isinstance(item, Draft):
                        assert "could not be read" not in getattr(reader.read_draft(item), "cause", "")
                    else:
                        assert "could not be read" not in item.cause, item.cause
                words = len(data) // BYTES
        except Exception as error:
            kind = f"{type(error).__name__}: {str(error)[:80]}"
            raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
            if kind not in found:
                found.add(kind)
                out.mkdir(parents=True, exist_ok=True)
                (out / name).write_bytes(raw)
                print(f"{name} {kind}", flush=True)
            return None
        return 1000 * (time.process_time() - start) / max(words, FLOOR)

    for kind, count in (("text", texts), ("page", pages)):
        took: list[tuple[float, int]] = []
        for n in range(count):
            seed = rng.getrandbits(32)
            if (rate := one(f"{kind}-{seed}", made(kind, seed))) is not None:
                took.append((rate, seed))
            if took and (n + 1) % 1000 == 0:
                print(f"{n + 1:,} {kind}s", flush=True)
        if took:
            middle = statistics.median(r for r, _ in took)
            again = [(min(r, one(f"{kind}-{seed}", made(kind, seed)) or r), seed) for r, seed in sorted(took)[-WORST:]]
            slowest = ", ".join(
                f"{kind}-{seed} {rate:.2f} ({rate / middle:.1f} times)"
                for rate, seed in sorted(again)[: -SHOWN - 1 : -1]
            )
            print(
                f"{count:,} {kind}s, {len(found)} kinds of crash; seconds for 1,000 words: median "
                f"{middle:.2f}, slowest {slowest}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--engine", choices=("plain", "atheris"), default="plain")
    parser.add_argument("--reader", action="store_true")
    parser.add_argument("--texts", type=int, metavar="COUNT")
    parser.add_argument("--pages", type=int, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    out = Path("build/fuzz")
    if options.engine == "atheris":
        import atheris

        corpus = out / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        for data in seeds():
            (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        atheris.instrument_all()
        atheris.Setup(
            [
                sys.argv[0],
                str(corpus),
                f"-max_total_time={int(options.seconds)}",
                f"-artifact_prefix={out}/",
                "-rss_limit_mb=4000",
                "-timeout=30",
            ],
            check,
        )
        atheris.Fuzz()
        return
    rng = random.Random(options.seed)
    if options.texts or options.pages:
        counted(options.texts or 0, options.pages or 0, rng, out)
        return
    if options.reader:
        reader, seeded = Reader(), texts()

        def trial():
            return twisted(rng.choice(seeded), rng)

        attempt, kept = lambda text: read(reader, text), lambda text: text.encode("utf-8", "surrogatepass")
    else:
        bases = seeds()

        def trial():
            return damaged(rng.choice(bases), rng)

        attempt, kept = check, bytes

    def late(*_: object) -> None:
        raise TimeoutError("does not end")

    signal.signal(signal.SIGALRM, late)
    runs, found = 0, set[str]()
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        data = trial()
        runs += 1
        try:
            signal.setitimer(signal.ITIMER_REAL, 2 * SLOW)
            attempt(data)
        except Exception as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            kind = f"{type(error).__name__}: {str(error)[:80]}"
            if kind not in found:
                found.add(kind)
                out.mkdir(parents=True, exist_ok=True)
                name = hashlib.sha256(kept(data)).hexdigest()[:16]
                (out / name).write_bytes(kept(data))
                print(f"{name} {kind}", flush=True)
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(f"{runs:,} inputs, {len(found)} kinds of crash")
