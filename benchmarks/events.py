"""Events end to end from the bare sentence, on the held-out fifth of PLV and on CAMEO's held-out spans.

    python -m benchmarks.events [--model FOLDER]

A party is right if its span overlaps the key's and not that of the other role. CAMEO's key has one of four classes in place of a type.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from communique import Event, PartyMention, Reader
from training.corpora import cameo

from .common import corpora, raw
from .common import reader as open_reader
from .relate import QUAD, pairs_of

Span = tuple[int, int] | None
TWO_SIDED = ("CONSULT", "COOPERATE", "AGREE", "SUPPORT", "CONCEDE", "RETREAT")
NAMES = ("some event", "type", "pair", "type and pair", "events a sentence")


def merged(kind: str) -> str:
    return "YIELD" if kind in ("CONCEDE", "RETREAT") else kind


def right(span: Span, other: Span, parties: Iterable[PartyMention]) -> bool:
    """Whether a party stands where the key has it; a role that the key leaves empty is not judged."""
    touches = lambda where, p: (
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


def main() -> None:
    reader = open_reader(__doc__)
    print(reader.version)
    for name, rows in measure(reader).items():
        show(name, rows)


if __name__ == "__main__":
    main()
