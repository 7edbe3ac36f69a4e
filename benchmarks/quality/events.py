"""Whole events on the marked development articles; then from single sentences on PLV's held-out fifth and CAMEO's
held-out spans.

    python -m benchmarks events [--model FOLDER]

A party is right if its span overlaps the key's and not that of the other role. CAMEO's key has one of four classes
instead of a type.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from communique import DEFAULT_CONFIDENCE, Event, PartyMention, Reader
from communique._reader import REPORTED
from training.data.corpora import cameo
from training.heads.judge import scorer

from ..common import corpora, raw
from ..common import reader as open_reader
from .relate import QUAD, pairs_of

Span = tuple[int, int] | None
TWO_SIDED = ("CONSULT", "COOPERATE", "AGREE", "SUPPORT", "CONCEDE", "RETREAT")
RANGES = 10  # number of confidence ranges for calibration
NAMES = ("some event", "type", "pair", "type and pair", "events a sentence")


def merged(kind: str) -> str:
    return "YIELD" if kind in ("CONCEDE", "RETREAT") else kind


def right(span: Span, other: Span, parties: Iterable[PartyMention]) -> bool:
    """Returns whether a party overlaps the key's span. A role that is empty in the key is not judged."""

    def touches(where, p):
        return (
            where is not None and p.start is not None and p.end is not None and p.start < where[1] and p.end > where[0]
        )

    parties = list(parties)
    return span is None or any(touches(span, p) and not touches(other, p) for p in parties)


def judge(events: list[Event], source: Span, target: Span, fits: Callable[[str], bool]) -> list[float]:
    kinds = [fits(e.type) for e in events]
    pairs = [
        right(source, target, e.actors)
        and right(target, source, e.recipients or (e.actors if e.type in TWO_SIDED else ()))
        for e in events
    ]
    return [bool(events), any(kinds), any(pairs), any(k and p for k, p in zip(kinds, pairs)), len(events)]


def show(name: str, rows: list[list[float]]) -> None:
    rng = random.Random(1)
    print(f"{name}, {len(rows)} rows")
    for i, what in enumerate(NAMES):
        values = [r[i] for r in rows]
        means = sorted(sum(rng.choice(values) for _ in values) / len(values) for _ in range(400))
        print(f"  {what:18} {sum(values) / len(values):.3f}  [{means[10]:.3f}, {means[389]:.3f}]")


def measure(reader: Reader) -> dict[str, list[list[float]]]:
    seen: dict[str, list[Event]] = {}

    def events(text: str) -> list[Event]:
        if text not in seen:
            seen[text] = list(reader.read_text(text).events)
        return seen[text]

    plv = [
        judge(events(text), s, t, lambda k, kind=kind: merged(k) == kind)
        for kind, _, (text, s, t) in pairs_of(reader, corpora())
    ]  # type: ignore[misc]
    spans = []
    for document in cameo(corpora(), "cameo_tagged"):
        text, at = raw(document)
        found: list[Span] = []
        for begin in (1, 3):
            inside = [i for i, r in enumerate(document.layers["role"]) if r in (begin, begin + 1)]
            found.append((at[inside[0]][0], at[inside[-1]][1]) if inside else None)
        quad = document.layers.get("penta", 0)
        if quad and any(found):
            spans.append(judge(events(text), found[0], found[1], lambda k, quad=quad: QUAD[merged(k)] == quad))  # type: ignore[misc]
    return {"held-out fifth of plv/": plv, "held-out sixth of cameo/ (four classes)": spans}


def marked(reader: Reader) -> None:
    """Measures whole events on the marked development articles, with the scorer beside the corpora, and the calibration
    of confidence.
    """
    scoring = scorer()
    pages = []
    for line in open(corpora() / "events" / "dev.jsonl", encoding="utf-8"):
        document = json.loads(line)
        day = document["date"] if re.fullmatch(r"\d{4}-\d\d-\d\d", document["date"] or "") else None
        pages.append((document, reader.read_text(document["text"], published=day).to_dict()))
    for least in (REPORTED, DEFAULT_CONFIDENCE, 0.3, 0.4, 0.5, 0.6, 0.7):
        total: Counter[str] = Counter()
        for document, report in pages:
            total += scoring.compare(document, report, least)[0]
        print(scoring.line(f"confidence ≥ {least}", total))
    judged = []
    for document, report in pages:
        wrong = {id(e) for _, _, e in scoring.compare(document, report)[1] if e is not None}
        judged += [(e["confidence"], id(e) not in wrong) for e in report["events"]]
    reliability(judged)


def reliability(judged: list[tuple[float, bool]]) -> None:
    """Prints the share of right events in each range of confidence, and the expected calibration error over ten ranges.

    So few events give an error by chance alone: the error of perfect confidence, drawn many times, is printed for
    comparison.
    """
    for low in range(RANGES):
        inside = [(p, y) for p, y in judged if _range(p) == low]
        if inside:
            mean, share = sum(p for p, _ in inside) / len(inside), sum(y for _, y in inside) / len(inside)
            print(f"  {low / 10:.1f}-{low / 10 + 0.1:.1f}  {len(inside):4} events  mean {mean:.2f}  right {share:.2f}")
    rng = random.Random(1)
    drawn = sorted(calibration_error([(p, rng.random() < p) for p, _ in judged]) for _ in range(400))
    print(
        f"  expected calibration error {calibration_error(judged):.3f} over {len(judged)} events; "
        f"of perfect confidence on as many {drawn[200]:.3f}, in 95% of draws up to {drawn[380]:.3f}"
    )


def _range(confidence: float) -> int:
    return min(int(confidence * RANGES), RANGES - 1)


def calibration_error(judged: list[tuple[float, bool]]) -> float:
    """Returns the mean distance between confidence and the share of right events, over ranges weighted by their
    events.
    """
    sums: dict[int, float] = defaultdict(float)
    for p, y in judged:
        sums[_range(p)] += p - y
    return sum(map(abs, sums.values())) / len(judged)


def main() -> None:
    reader = open_reader(__doc__)
    print(reader.version)
    marked(reader)
    for name, rows in measure(reader).items():
        show(name, rows)
