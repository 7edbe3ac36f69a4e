"""Event types on the held-out fifth of PLV, and events end to end from the bare sentence.

    python -m benchmarks.relate

YIELD is CONCEDE and RETREAT together: their probabilities are added. A party is right if its span overlaps the key's.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict

from communique import Reader
from training.corpora import plv

from .common import corpora, raw

QUAD = {**dict.fromkeys(("AGREE", "CONSULT", "SUPPORT"), 1), **dict.fromkeys(("COOPERATE", "AID", "YIELD"), 2),
        **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3), **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4)}  # fmt: skip


def macro(pairs: list[tuple[str, str]]) -> float:
    """Mean of the types' F1 over the types of the key."""
    scores = []
    for kind in sorted({g for g, _ in pairs}):
        tp = sum(g == f == kind for g, f in pairs)
        scores.append(2 * tp / (sum(g == kind for g, _ in pairs) + sum(f == kind for _, f in pairs)))
    return sum(scores) / len(scores)


def interval(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """95% interval of the macro-F1 by resampling sentences."""
    rng = random.Random(1)
    values = sorted(macro([rng.choice(pairs) for _ in pairs]) for _ in range(500))
    return values[12], values[487]


def main() -> None:
    reader = Reader(threads=2)
    pairs: list[tuple[str, str]] = []
    ends: Counter[str] = Counter()
    told = 0
    confusions: Counter[tuple[str, str]] = Counter()
    by_sentence: dict[str, list[object]] = defaultdict(list)
    for document in plv(corpora(), held=True):
        source, target, kind, _ = document.layers["pairs"][0]
        text, spans = raw(document)
        s = (spans[source[0]][0], spans[source[1] - 1][1]) if source else None
        t = (spans[target[0]][0], spans[target[1] - 1][1]) if target else None
        summed: Counter[str] = Counter()
        for name, p in reader.relate(text, s, t):
            summed["YIELD" if name in ("CONCEDE", "RETREAT") else name] += p  # type: ignore[assignment]
        found = summed.most_common(1)[0][0]
        pairs.append((kind, found))
        if kind != found:
            confusions[kind, found] += 1
        if text not in by_sentence:
            by_sentence[text] = list(reader.read_text(text).events)
        events = by_sentence[text]
        told += len(events)
        overlap = lambda span, party: span is not None and party.start is not None and party.start < span[1] and party.end > span[0]
        kinds = [("YIELD" if e.type in ("CONCEDE", "RETREAT") else e.type) for e in events]  # type: ignore[attr-defined]
        right_pair = [
            any(overlap(s, a) for a in e.actors) and any(overlap(t, r) for r in (e.recipients or e.actors if e.type in ("CONSULT", "COOPERATE", "AGREE", "SUPPORT", "RETREAT", "CONCEDE") else e.recipients))  # type: ignore[attr-defined]
            for e in events
        ]
        ends["some event"] += bool(events)
        ends["type"] += kind in kinds
        ends["pair"] += any(right_pair)
        ends["type and pair"] += any(k == kind and p for k, p in zip(kinds, right_pair))
    low, high = interval(pairs)
    print(f"held-out fifth of plv/, {len(pairs)} pairs; model {reader.version}")
    print(f"  macro-F1, 15 types      {macro(pairs):.3f}  [{low:.3f}, {high:.3f}]")
    print(f"  accuracy                {sum(g == f for g, f in pairs) / len(pairs):.3f}")
    print(f"  quad classes, accuracy  {sum(QUAD[g] == QUAD[f] for g, f in pairs) / len(pairs):.3f}")
    print(f"  cooperation or conflict {sum((QUAD[g] < 3) == (QUAD[f] < 3) for g, f in pairs) / len(pairs):.3f}")
    for name in ("some event", "type", "pair", "type and pair"):
        print(f"  end to end, {name:13} {ends[name] / len(pairs):.3f}")
    print(f"  events a sentence       {told / len(pairs):.2f}")
    print("  confusions:", ", ".join(f"{a}→{b} {n}" for (a, b), n in confusions.most_common(8)))


if __name__ == "__main__":
    main()
