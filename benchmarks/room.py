"""The reading room over a record of 100,000 events: how long the server takes for each view, alone and with ten clients at once.

    python -m benchmarks.room [--events 100000]
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from communique import Report, open_record
from communique.events.ontology import QUADS, SCORES
from communique.schema import EventDate

from .record import STATES, reports

EACH = 25  # events in an article
VIEWS = ("/", "/events", "/events?actor=CHN&recipient=USA", "/events?type=ASSAULT&since=2022-01-01&order=confidence", "/events?text=gul", "/dyad/USA/CHN?every=1m", "/party/KEN", "/map", "/brief?since=14d", "/calendar")


def many(count: int) -> Iterator[Report]:
    """Articles of 25 events each, between states drawn at random on days drawn at random."""
    rng = random.Random(9)
    for report in reports(count // EACH, 3):
        (first,) = report.events
        events = []
        for n in range(EACH):
            kind = rng.choice(list(SCORES))
            a, b = rng.sample(STATES, 2)
            day = (date(2020, 1, 1) + timedelta(rng.randrange(1500))).isoformat()
            party = lambda p, code: dataclasses.replace(p, name=code, country=code)
            events.append(dataclasses.replace(
                first, id=f"{first.id}{n:02x}", type=kind, quad=QUADS[kind], score=float(SCORES[kind]), actors=(party(first.actors[0], a),), recipients=(party(first.recipients[0], b),),
                date=EventDate(None, None, None, day, day, "published"), confidence=round(rng.uniform(0.36, 0.99), 3), modality=rng.choice(("actual", "actual", "actual", "future", "desired")),
            ))  # fmt: skip
        yield dataclasses.replace(report, events=tuple(events))


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
        print(f"{total:,} events, recorded in {time.monotonic() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "communique", "room", str(path), "--port", str(port)], stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/static/room.css").read()
                    break
                except OSError:
                    time.sleep(0.02)
            print(f"up in {time.monotonic() - began:.1f} s")

            def ask(address: str) -> float:
                start = time.monotonic()
                urllib.request.urlopen(f"http://127.0.0.1:{port}{address}").read()
                return 1000 * (time.monotonic() - start)

            for address in VIEWS:
                times = [ask(address) for _ in range(5)]
                with ThreadPoolExecutor(10) as clients:
                    crowd = list(clients.map(ask, [address] * 20))
                print(f"  {address:<62} {statistics.median(times):6.0f} ms, with ten clients {statistics.median(crowd):6.0f} ms", flush=True)
        finally:
            process.kill()


if __name__ == "__main__":
    main()
