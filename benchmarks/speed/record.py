"""A record of many synthetic reports: time, memory and size as it grows, and the time of typical questions.

    python -m benchmarks record [--small 10000] [--large 100000]

Reports are generated from events, with their true stories; no text is read. Each size runs in its own process, so that
memory is measured separately.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from communique import Report, open_record
from communique.events.ontology import QUADS, SCORES
from communique.schema import Article, Event, EventDate, Evidence, Paragraph, PartyMention, Published, Span

STATES = (
    "USA CHN RUS IND FRA GBR DEU JPN KOR PRK IRN ISR TUR UKR POL EGY KEN UGA ETH NGA BRA MEX COL VEN PER AUS "
    "IDN PHL VNM PAK"
).split()
# As many words as needed for reports to share rare words by chance about as often as real news articles do (50 pairs of
# 10,000; 35 to 40 in news).
WORDS = [
    a + b + c + d
    for a in ("ba", "ke", "mi", "no", "su", "ta", "re", "lo")
    for b in ("dra", "fen", "gul", "han", "jor", "kel", "lin", "mon", "pra", "rus")
    for c in ("", "a", "el", "is", "on", "us")
    for d in ("", "da", "min", "ro", "tek", "vo", "lis", "ba")
]


def reports(count: int, seed: int) -> Iterator[Report]:
    """Yields stories of one to eight articles: an event reported in the story's own words, copied, or retold in other
    words.
    """
    rng = random.Random(seed)
    made = 0
    story = 0
    while made < count:
        story += 1
        day = date(2020, 1, 1) + timedelta(rng.randrange(1500))
        actor, recipient = rng.sample(STATES, 2)
        kind = rng.choice(list(SCORES))
        own = [rng.choice(WORDS).title() + str(rng.randrange(1000)) for _ in range(14)]
        axis = np.random.default_rng(story).normal(size=32)
        for copy in range(min(rng.choice((1, 1, 1, 2, 3, 4, 8)), count - made)):
            if copy % 2 == 0:
                body = [rng.choice(own) if rng.random() < 0.35 else rng.choice(WORDS) for _ in range(60)]
            sentence = f"{actor} {kind.lower()} {recipient} " + " ".join(body)
            title = " ".join(own[:4])
            text = f"{title}\n\n{sentence}"
            start = len(title) + 2

            def party(code, at):
                return PartyMention(code, at, at + 3, code, None, code, "GOV")

            key = f"a:{made:016x}"
            second = start + 5 + len(kind)
            event = Event(
                f"e:{made:016x}",
                key,
                None,
                None,
                kind,
                None,
                (),
                QUADS[kind],
                float(SCORES[kind]),
                (party(actor, start),),
                (party(recipient, second),),
                EventDate(None, None, None, day.isoformat(), day.isoformat(), "published"),
                None,
                "actual",
                "positive",
                (),
                (),
                Evidence(start, len(text), sentence, Span(start + 4, start + 4 + len(kind), kind.lower())),
                (),
                0.9,
                "synthetic",
            )
            vector = axis + np.random.default_rng(made).normal(size=32) * 0.3
            article = Article(
                key,
                f"https://news.example/{made}",
                title,
                None,
                None,
                Published(day.isoformat(), day.isoformat(), "given"),
                "en",
                text,
                (Paragraph(0, len(title)), Paragraph(start, len(text))),
                None,
            )
            yield Report(article, (), (), (), (), (event,), (), (), tuple((vector / np.linalg.norm(vector)).tolist()))
            made += 1


def run(count: int, folder: Path) -> dict[str, object]:
    path = folder / f"{count}.duckdb"
    began = time.perf_counter()
    with open_record(path) as record:
        batch: list[Report] = []
        for report in reports(count, 1):
            batch.append(report)
            if len(batch) == 2000:
                record.add(batch)
                batch = []
        record.add(batch)
        added = time.perf_counter() - began
        asked = {}
        questions = {
            "events of a dyad": lambda: len(record.events(actor="USA", recipient="CHN")),
            "a year's conflict of a bloc": lambda: len(
                record.events(party="NATO", quad="material conflict", since="2021-01-01", until="2021-12-31")
            ),
            "told by three": lambda: len(record.events(origins=3)),
            "words": lambda: len(record.events(text="kelmon")),
            "a weekly series": lambda: len(record.series("USA", "CHN")),
            "one event's accounts": lambda: len(record.accounts("e:0000000000000010")),
            "the first hundred events": lambda: len(record.events(since="2021-06-01", until="2021-07-01")[:100]),
        }
        for name, ask in questions.items():
            start = time.perf_counter()
            answer = ask()
            asked[name] = [round(time.perf_counter() - start, 3), answer]
        stories = len(record.stories())
    return {
        "seconds": round(added, 1),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "file MB": path.stat().st_size >> 20,
        "stories": stories,
        "asked": asked,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.one:
            print(json.dumps(run(options.one, Path(folder))))
            return
        found = []
        for count in (options.small, options.large):
            out = subprocess.run(
                [sys.executable, "-m", "benchmarks", "record", "--one", str(count)],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            found.append(json.loads(out))
            print(f"{count} reports: {out.strip()}")
        small, large = found
        print(
            f"{options.large / options.small:.0f} times as many: {large['seconds'] / small['seconds']:.1f} "
            f"times the time, {large['peak MB'] / small['peak MB']:.1f} times the memory, "
            f"{large['file MB'] / max(1, small['file MB']):.1f} times the file"
        )
