"""The list of benchmarks, the runs with the figures that the documents quote, and a command to run all into one
file.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from .common import ROOT

FIGURES = ROOT / "build" / "figures.txt"


class Run(NamedTuple):
    """One call of a benchmark: its options, its approximate minutes on two cores, and what it prints."""

    name: str
    folder: str
    minutes: float
    prints: str
    options: tuple[str, ...] = ()


RUNS = (
    Run("examples", "quality", 0.1, "the example pages against what a person expects of them"),
    Run("small", "quality", 0.3, "our own small sets against `floors.json`: PLOVER's cases, modality, pairs"),
    Run("parties", "quality", 0.1, "phrases of our own that name a party: country, sector, name"),
    Run("offices", "quality", 1, "500 office holders of the tables on random days and around each change"),
    Run("events", "quality", 2, "whole events of marked news, their calibration; PLV and CAMEO from the bare sentence"),
    Run("rules", "quality", 15, "what each rule and group of features of the event decoder brings; wants `make train`"),
    Run("relate", "quality", 0.2, "the type of a given pair on PLV's held-out fifth, with intervals and confusions"),
    Run("model", "quality", 4, "every head of the model on its development set"),
    Run("syntax", "quality", 1, "words, tags, trees, mentions and coreference on GUM dev"),
    Run("statements", "quality", 1, "source, cue, content and whole attributions on PolNeAR dev"),
    Run("times", "quality", 1, "time expressions and values on TimeBank's quarter and AQUAINT, beside HeidelTime"),
    Run("places", "quality", 3, "places on TR-News and LGL, and of our own, beside spaCy", ("--peer",)),
    Run("stories", "quality", 3, "stories on ECB+ and our newsroom beside TF-IDF; events merged across articles"),
    Run("pages", "quality", 2, "article text, title, day and authors of news pages, beside trafilatura"),
    Run("pages", "quality", 2, "the same with the weights that ship", ("--shipped",)),
    Run("errors", "quality", 4, "what each head gets wrong, by kind"),
    Run("blocks", "quality", 20, "every head's figure and the time of a page, by the length of a block"),
    Run(
        "codebook", "quality", 40, "own types from 5 to 50 examples of AW; wants weights trained without AW (`--model`)"
    ),
    Run("speed", "speed", 5, "words and pages a second, memory, beside spaCy and encoders of other systems' shapes"),
    Run("record", "speed", 15, "a record of 10,000 and 100,000 reports: time, memory, size, questions"),
    Run("room", "speed", 15, "each view of the reading room over 100,000 events", ("--events", "165000")),
    Run("archive", "robustness", 90, "50,000 archived pages, one in a hundred damaged: nothing lost, memory flat"),
    Run("archive", "robustness", 15, "6,000 pages with and without Ray", ("--pages", "6000", "--ray")),
    Run("recode", "robustness", 30, "10,000 articles coded again, interrupted twice"),
    Run("fuzz", "robustness", 60, "texts of a grammar: kinds of crash, slowest inputs", ("--texts", "20000")),
    Run("hostile", "robustness", 1, "a view of the room while ten hostile pages are dropped on it"),
    Run("fuzz", "robustness", 20, "pages of strange structure: the same", ("--pages", "5000")),
)
FOLDERS = {r.name: r.folder for r in RUNS}


def start(name: str, options: list[str]) -> None:
    """Runs one benchmark in this process with its options."""
    sys.argv = [f"python -m benchmarks {name}", *options]
    importlib.import_module(f"benchmarks.{FOLDERS[name]}.{name}").main()


def every(options: list[str]) -> int:
    """Runs every benchmark, each in its own process, and writes their output to one file.

    Returns 1 if one of them failed; the others still run.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks all", description=every.__doc__)
    parser.add_argument("--out", type=Path, default=FIGURES, help="the file that takes the figures")
    parser.add_argument("--under", type=float, metavar="MINUTES", help="leaves out runs that take longer than this")
    parser.add_argument("--folder", choices=sorted(set(FOLDERS.values())), help="only the runs of one folder")
    chosen = parser.parse_args(options)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    failed = 0
    with open(chosen.out, "w", encoding="utf-8") as file:
        for run in RUNS:
            if chosen.folder not in (None, run.folder):
                continue
            command = " ".join(("python -m benchmarks", run.name, *run.options))
            file.write(f"\n$ {command}\n")
            if chosen.under is not None and run.minutes > chosen.under:
                file.write(f"left out: takes about {run.minutes:g} minutes\n")
                continue
            file.flush()
            began = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks", run.name, *run.options],
                cwd=ROOT,
                stdout=file,
                stderr=subprocess.PIPE,
            )
            taken = time.monotonic() - began
            if done.returncode:
                failed += 1
                last = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1]
                file.write(f"FAILED, status {done.returncode}: {last}\n")
            print(f"{command:<50} {taken:6.0f} s{'  FAILED' if done.returncode else ''}", flush=True)
    print(f"{chosen.out}{f': {failed} failed' if failed else ''}")
    return 1 if failed else 0
