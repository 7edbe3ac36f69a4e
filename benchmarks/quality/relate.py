"""Event types of given pairs on the held-out fifth of PLV.

    python -m benchmarks relate

YIELD is CONCEDE and RETREAT together: their probabilities are added.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from communique import Reader
from training.data.corpora import plv

from ..common import corpora, raw
from ..common import reader as open_reader
from ..metrics import interval, macro

QUAD = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "YIELD"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4),
}


Found = tuple[str, str, tuple[str, tuple[int, int] | None, tuple[int, int] | None]]


def pairs_of(reader: Reader, folder: Path) -> list[Found]:
    """Returns for each held-out pair the type of the key, the predicted type, and the sentence with the spans of its
    parties.
    """
    found: list[Found] = []
    for document in plv(folder, held=True):
        source, target, kind, _, _ = document.layers["pairs"][0]
        text, spans = raw(document)
        s = (spans[source[0]][0], spans[source[1] - 1][1]) if source else None
        t = (spans[target[0]][0], spans[target[1] - 1][1]) if target else None
        summed: dict[str, float] = defaultdict(float)
        for name, p in reader.relate(text, s, t):
            summed["YIELD" if name in ("CONCEDE", "RETREAT") else name] += p
        found.append((kind, max(summed, key=lambda k: (summed[k], k)), (text, s, t)))
    return found


def main() -> None:
    reader = open_reader(__doc__)
    pairs = [(kind, ours) for kind, ours, _ in pairs_of(reader, corpora())]
    confusions = Counter(p for p in pairs if p[0] != p[1])
    low, high = interval(pairs)
    print(f"held-out fifth of plv/, {len(pairs)} pairs; model {reader.version}")
    print(f"  macro-F1, 15 types      {macro(pairs):.3f}  [{low:.3f}, {high:.3f}]")
    print(f"  accuracy                {sum(g == f for g, f in pairs) / len(pairs):.3f}")
    print(f"  quad classes, accuracy  {sum(QUAD[g] == QUAD[f] for g, f in pairs) / len(pairs):.3f}")
    print(f"  cooperation or conflict {sum((QUAD[g] < 3) == (QUAD[f] < 3) for g, f in pairs) / len(pairs):.3f}")
    print("  confusions:", ", ".join(f"{a}→{b} {n}" for (a, b), n in confusions.most_common(8)))
