"""Writes the background of codebooks: our own sentences about acts of every type and about none.

python -m training.data.background
"""

from __future__ import annotations

import random
from pathlib import Path

from communique.pages import Draft, drafts
from communique.reading import WEIGHTS, Analyser, Model
from training.data.written import generate

EACH = 6
OUT = Path("src/communique/codebooks/background.txt")


def main() -> None:
    rng = random.Random(18)
    by_type: dict[str, list[str]] = {}
    for written in generate(18):
        if len(written.told) == 1:
            by_type.setdefault(written.told[0].type, []).append(written.text)
    lines = [s for kind in sorted(by_type) for s in sorted(rng.sample(by_type[kind], min(EACH, len(by_type[kind]))))]
    analyse = Analyser(Model(WEIGHTS["default"]))
    for page in sorted(Path("examples/pages").iterdir()):
        for draft in drafts(page.read_bytes(), page.name):
            if isinstance(draft, Draft):
                reading = analyse("\n\n".join(draft.paragraphs))
                lines += [
                    " ".join(reading.text[slice(*reading.span(a, b))].split())
                    for a, b in reading.sentences
                    if 6 <= b - a <= 45
                ]
    OUT.write_text(
        "# Sentences of our own, written by training/data/background.py from its patterns and the examples.\n"
        + "\n".join(dict.fromkeys(lines))
        + "\n",
        "utf-8",
    )
    print(len(lines), "sentences")


if __name__ == "__main__":
    main()
