"""The reading room over a record of 100,000 events: the server's time for each view, the first time, again, and for ten
clients at once with different requests.

python -m benchmarks room [--events 100000]
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from communique import Report, open_record
from communique.events.ontology import QUADS, SCORES
from communique.schema import EventDate

from ..common import asked, served
from .record import STATES, reports

EACH = 25  # events in an article
VIEWS = {  # the request of one client, and ten similar ones that are sent at once
    "overview": ["/"] * 11,
    "events, all": [f"/events?page={n + 1}" for n in range(11)],
    "events, a dyad": [f"/events?actor={a}&recipient={b}" for a, b in zip(STATES, STATES[1:])][:11],
    "events, a type since a day by confidence": [
        f"/events?type={k}&since=2022-01-01&order=confidence" for k in list(SCORES)[:11]
    ],
    "events, words in the sentence": [
        f"/events?text={w}" for w in ("gul", "fen", "han", "jor", "kel", "lin", "mon", "pra", "rus", "dra", "bake")
    ],
    "a dyad by month": [f"/dyad/{a}/{b}?every=1m" for a, b in zip(STATES, STATES[1:])][:11],
    "a dyad, its own periods": [f"/dyad/{a}/{b}" for a, b in zip(STATES, STATES[2:])][:11],
    "statements": [f"/statements?speaker={a}" for a in STATES[:11]],
    "a party": [f"/party/{a}" for a in STATES[:11]],
    "the map": [f"/map?type={k}" for k in list(SCORES)[:11]],
    "a briefing": [f"/brief?about={a}&since=14d" for a in STATES[:11]],
    "the calendar": ["/calendar"] * 11,
}


def many(count: int) -> Iterator[Report]:
    """Yields articles of 25 events each, between random states on random days."""
    rng = random.Random(9)
    for report in reports(count // EACH, 3):
        (first,) = report.events
        events = []
        for n in range(EACH):
            kind = rng.choice(list(SCORES))
            a, b = rng.sample(STATES, 2)
            day = (date(2020, 1, 1) + timedelta(rng.randrange(1500))).isoformat()

            def party(p, code):
                return dataclasses.replace(p, name=code, country=code)

            events.append(
                dataclasses.replace(
                    first,
                    id=f"{first.id}{n:02x}",
                    type=kind,
                    quad=QUADS[kind],
                    score=float(SCORES[kind]),
                    actors=(party(first.actors[0], a),),
                    recipients=(party(first.recipients[0], b),),
                    date=EventDate(None, None, None, day, day, "published"),
                    confidence=round(rng.uniform(0.36, 0.99), 3),
                    modality=rng.choice(("actual", "actual", "actual", "future", "desired")),
                )
            )
        yield dataclasses.replace(report, events=tuple(events))


def spent(process: int) -> float:
    """Returns the processor time of a process in milliseconds; 0 if the system does not report it."""
    try:
        times = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return 1000 * (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.duckdb"
        began = time.monotonic()
        with open_record(path) as record:
            batch: list[Report] = []
            for report in many(options.events):
                batch.append(report)
                if len(batch) == 1000:
                    record.add(batch)
                    batch = []
            record.add(batch)
            total = record.summary()["events"]
            began_panel = time.monotonic()
            rows = len(record.panel("1m"))
            panel = time.monotonic() - began_panel
        print(f"{total:,} events, recorded in {time.monotonic() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
        print(f"the panel of all dyads by month: {rows:,} rows in {panel:.1f} s")
        began = time.monotonic()
        with served(path) as (address, process):
            print(f"up in {time.monotonic() - began:.1f} s")

            def ask(view: str) -> float:
                return asked(address + view)

            ask("/glossary")  # loads templates and tables
            for name, (one, *others) in VIEWS.items():
                before = spent(process)
                first, cost = ask(one), spent(process) - before
                again = statistics.median(ask(one) for _ in range(5))
                with ThreadPoolExecutor(10) as clients:
                    crowd = list(clients.map(ask, others))
                print(
                    f"  {name:<42} first {first:6.0f} ms ({cost:4.0f} ms of processor time), again {again:6.0f} ms; "
                    f"ten others at once: median {statistics.median(crowd):6.0f} ms, last {max(crowd):6.0f} ms",
                    flush=True,
                )
