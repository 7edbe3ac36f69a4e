"""The best block length for the encoder: every head's scores and the time of a page, by block length in words.

    python -m benchmarks blocks [--model FOLDER]

Times are relative to the shipped length, each the fastest of seven readings of one text.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

from communique.reading import Analyser, Model, analyser

from ..common import corpora
from .model import measured

LENGTHS = (32, 64, 96, 128, 192, 240)  # a sentence of 240 words is never cut


def fastest(model: Model, text: str) -> dict[int, float]:
    """Returns seconds for a text at each length, the fastest of seven rounds that each try every length."""
    analyse = Analyser(model)
    took: dict[int, float] = {}
    for _ in range(7):
        for length in LENGTHS:
            analyser.BLOCK = length
            began = time.perf_counter()
            analyse(text)
            took[length] = min(took.get(length, math.inf), time.perf_counter() - began)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="a folder with another model than the one that ships")
    options = parser.parse_args()
    model = Model(options.model) if options.model else Model()
    folder = corpora()
    text = "\n\n".join(path.read_text("utf-8") for path in sorted((folder / "polnear/dev/text").glob("*.txt"))[:20])
    ships = analyser.BLOCK
    rows: dict[str, list[float]] = {}
    took = fastest(model, text)
    for length in LENGTHS:
        analyser.BLOCK = length
        for _, figures in measured(model, folder):
            for what, value in figures.items():
                rows.setdefault(what, []).append(value)
        print(f"{length} words done", flush=True)
    print(f"model {model.checksum}; {ships} words ship")
    print("| head | " + " | ".join(map(str, LENGTHS)) + " |")
    print("| --- " * (1 + len(LENGTHS)) + "|")
    for what, values in rows.items():
        print(f"| {what} | " + " | ".join(f"{v:.3f}" for v in values) + " |")
    print("| time | " + " | ".join(f"{took[length] / took[ships]:.2f}" for length in LENGTHS) + " |")
