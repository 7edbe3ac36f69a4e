"""Writes the table of lemmas from the treebanks: form and part of speech to lemma, if it differs from the form.

python -m training.encoder.lemmas CORPORA [--out FOLDER]
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/communique/reading/model/lemmas.json"


def main(corpora: Path, out: Path) -> None:
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name in ("gum", "ewt"):
        for line in (corpora / name / "train.conllu").read_text("utf-8").splitlines():
            columns = line.split("\t")
            if (
                len(columns) == 10
                and columns[0].isdigit()
                and columns[3] in ("VERB", "NOUN", "ADJ", "ADV", "AUX", "DET", "PRON")
                and columns[1].isalpha()
                and columns[2].isalpha()
            ):
                seen[columns[3], columns[1].lower()][columns[2].lower()] += 1
    table: dict[str, dict[str, str]] = defaultdict(dict)
    plain: dict[str, set[str]] = defaultdict(set)
    for (upos, form), lemmas in sorted(seen.items()):
        best = max(sorted(lemmas), key=lambda x: lemmas[x])
        plain[upos].add(best)
        if best != form and lemmas[best] * 2 > sum(lemmas.values()):
            table[upos][form] = best
    out.write_text(
        json.dumps({"forms": table, "verbs": sorted(plain["VERB"])}, ensure_ascii=False, separators=(",", ":")) + "\n"
    )
    print({k: len(v) for k, v in table.items()}, len(plain["VERB"]), out.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[3]) / "lemmas.json" if len(sys.argv) > 3 else OUT)  # CORPORA [--out FOLDER]
