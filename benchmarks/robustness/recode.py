"""Codes a record of many stored articles again with a user's codebook, with two interruptions.

    python -m benchmarks recode [--articles 10000] [--workers 2]

The articles, of two sentences each from `training/data/patterns.txt`, are read into a record. `communique codebook
recode` then gets a keyboard interrupt after a third of the reading time, is killed after another third, and runs to its
end. Nothing may be missing, coded twice, or changed in the old coding.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from communique import Reader, Report, open_record
from training.data.written import generate

from ..common import ROOT

CALLS = (
    "The {0} frigate {1} called at {2} on Friday for supplies.",
    "A {0} warship, the {1}, docked in {2} at the weekend.",
)
BOOK = ROOT / "examples/codebooks/harbours.toml"


def texts(count: int) -> list[str]:
    """Returns articles of two or three sentences, all different; one in ten reports a port call of a warship."""
    sentences = (w.text for seed in itertools.count() for w in generate(500 + seed))
    found = []
    for n, pair in enumerate(itertools.islice(zip(sentences, sentences), count)):
        call = (
            [
                CALLS[n % 2].format(
                    ("Japanese", "Turkish", "Chilean")[n % 3],
                    f"Number {n}",
                    ("Mombasa", "Piraeus", "Karachi", "Valparaiso")[n % 4],
                )
            ]
            if n % 10 == 0
            else []
        )
        found.append("\n\n".join([*pair, *call]))
    return found


def recode(path: Path, workers: int, until: int | None = None, sent: signal.Signals | None = None) -> tuple[float, str]:
    """Runs the command to its end, or sends a signal after `until` seconds. Returns seconds and its last output."""
    start = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "communique",
        "codebook",
        "recode",
        str(path),
        "--codebook",
        str(BOOK),
        "--workers",
        str(workers),
    ]
    # A benchmark started in the background ignores keyboard interrupts, and so would its child process.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    signal.signal(signal.SIGINT, heard)
    if until is not None and sent is not None:
        time.sleep(until)
        if sent == signal.SIGKILL:
            os.killpg(process.pid, sent)
        else:
            process.send_signal(sent)
    output = process.communicate()[0]
    return time.perf_counter() - start, " ".join(output.split())[-160:]


def coded(path: Path) -> Counter[str]:
    """Returns the number of articles that each version of the reader has coded."""
    with open_record(path, read_only=True) as record:
        return Counter(dict(record._ask("select reader, count(distinct id) from articles group by 1", {})))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.duckdb"
        table = Path(folder) / "articles.jsonl"
        table.write_text(
            "".join(
                json.dumps({"text": t, "date": "2024-05-08", "url": f"https://news.example/{n}"}) + "\n"
                for n, t in enumerate(texts(options.articles))
            )
        )
        start = time.perf_counter()
        reader = Reader()
        with open_record(path) as record:
            batch: list[Report] = []
            for item in reader.read_all(table, options.workers):
                assert isinstance(item, Report), item
                batch.append(item)
                if len(batch) == 200:
                    record.add(batch)
                    batch = []
            record.add(batch)
        first = time.perf_counter() - start
        before = coded(path)
        print(
            f"{before.total():,} articles read into a record in {first:.0f} s, {path.stat().st_size / 1e6:.0f} MB",
            flush=True,
        )
        spent = 0.0
        for part, how in ((first / 3, signal.SIGINT), (first / 3, signal.SIGKILL), (None, None)):
            seconds, words = recode(path, options.workers, None if part is None else int(part) + 1, how)
            spent += seconds
            now = coded(path)
            print(
                f"  {how.name if how else 'to the end'} after {seconds:.0f} s: "
                f"{now.total() - before.total():,} coded again; {words}",
                flush=True,
            )
        with open_record(path, read_only=True) as record:
            own, old = len(record.events(codebook="harbours")), len(record.events(codebook="plover"))
        new = coded(path)
        print(
            f"  in all {spent:.0f} s, {spent / first:.2f} times reading them; {own:,} events of the "
            f"codebook's types beside {old:,} of PLOVER's; by reader: "
            f"{', '.join(f'{v:,}' for v in new.values())}"
        )
        assert set(new.values()) == {before.total()}, new
