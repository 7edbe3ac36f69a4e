"""Measures what each corpus contributes to each head. Makes short runs from the pretrained encoder, each without one
corpus, and several seeds with all corpora.

    python -m training.encoder.ablation --corpora CORPORA --encoder FOLDER --out FOLDER [--bfloat16]

Every run learns from the same fifth of each corpus, in two passes. Finished runs are not repeated. The table is printed
last: the mean over the seeds with all corpora, half the width of its 95% interval, and the difference of each other
run.
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import sys
from pathlib import Path

SEEDS = (1, 2, 3)
WITHOUT = ("polnear", "timebank", "ewt", "written", "plv,cameo,aw", "aw", "ecbplus,re3d", "cameo-apart")
T95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78}  # Student's t, two-sided, by number of runs
PART, PASSES = 5, 2


def trained(options: argparse.Namespace, name: str, *more: str) -> dict[str, float]:
    """Returns the figures of a run; trains it first if necessary."""
    folder = options.out / name
    figures = folder / "figures.txt"
    if not figures.exists():
        passes = ",".join(
            f"{k}={PASSES}"
            for k in ("gum", "ewt", "polnear", "timebank", "plv", "cameo", "aw", "ecbplus", "re3d", "written")
        )
        common = ["--corpora", str(options.corpora), "--encoder", str(options.encoder), "--out", str(folder)]
        fast = ["--bfloat16"] if options.bfloat16 else []
        subprocess.run(
            [
                sys.executable,
                "-m",
                "training.encoder.train",
                *common,
                "--part",
                str(PART),
                "--passes",
                passes,
                *fast,
                *more,
            ],
            check=True,
        )
        run = ["--run", str(folder), "--encoder", str(options.encoder), "--out", str(folder / "model")]
        subprocess.run([sys.executable, "-m", "training.encoder.export", *run], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [sys.executable, "-m", "training.encoder.lemmas", str(options.corpora), "--out", str(folder / "model")],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks", "model", "--model", str(folder / "model")],
            check=True,
            capture_output=True,
            text=True,
        )
        figures.write_text(told.stdout)
        (folder / "checkpoint.pt").unlink(missing_ok=True)
    found = {}
    for line in figures.read_text().splitlines():
        what, _, value = line.rpartition(" ")
        if line.startswith("  ") and value:
            found[what.strip()] = float(value)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--only", default="", help="corpora to leave out, in place of all, separated by semicolons")
    options = parser.parse_args()
    whole = [trained(options, f"whole-{seed}", "--seed", str(seed), "--without", "soft,framed") for seed in SEEDS]
    others = {
        name: trained(options, "without-" + name.replace(",", "-"), "--without", f"soft,framed,{name}")
        for name in (options.only.split(";") if options.only else WITHOUT)
    }
    print("| head | all | " + " | ".join(f"without {name}" for name in others) + " |")
    print("| --- " * (2 + len(others)) + "|")
    for what in whole[0]:
        values = [w[what] for w in whole]
        wide = T95[len(values)] * statistics.stdev(values) / math.sqrt(len(values))
        mean = statistics.mean(values)
        print(
            f"| {what} | {mean:.3f} ± {wide:.3f} | "
            + " | ".join(f"{o[what] - mean:+.3f}" if what in o else "" for o in others.values())
            + " |"
        )


if __name__ == "__main__":
    main()
