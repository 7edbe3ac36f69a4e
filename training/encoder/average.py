"""Averages the weights of several runs with the same starting point.

    python -m training.encoder.average RUN RUN [RUN …] --out FOLDER

Runs along one training path, or that branch from one point of it, lie in one loss basin; the middle of it generalises
better than either end (Wortsman and others, "Model soups", 2022). A run given twice has twice the weight. A run is a
folder written by `training.encoder.train` or `training.encoder.stage`. At least one must come from the former, which
keeps the word embeddings.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import load_file

from training.encoder.stage import FROZEN

State = dict[str, torch.Tensor]


def weights(run: Path) -> State:
    if (run / "model.pt").exists():
        return dict(torch.load(run / "model.pt", weights_only=True, map_location="cpu"))
    return {k: v.float() for k, v in load_file(str(run / "stage.safetensors")).items()}


def mean(states: list[State]) -> State:
    """Returns the mean of weights with the same names and shapes. The word embeddings, which training does not change,
    must be equal.
    """
    frozen = [s[FROZEN] for s in states if FROZEN in s]
    trained = [{k: v for k, v in s.items() if k != FROZEN} for s in states]
    if any({k: v.shape for k, v in s.items()} != {k: v.shape for k, v in trained[0].items()} for s in trained):
        raise ValueError("the runs are of different networks")
    if not frozen or any(not torch.equal(f, frozen[0]) for f in frozen):
        raise ValueError("no run has the word embeddings, or they differ")
    return {
        k: sum((s[k] for s in trained[1:]), trained[0][k]) / len(trained) if v.is_floating_point() else v
        for k, v in trained[0].items()
    } | {FROZEN: frozen[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if len({(run / "vocabulary.json").read_text() for run in options.runs}) > 1:
        raise SystemExit("the runs have different labels")
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(mean([weights(run) for run in options.runs]), options.out / "model.pt")
    shutil.copyfile(options.runs[0] / "vocabulary.json", options.out / "vocabulary.json")
    shares = Counter(options.runs)
    about = [json.loads((run / "run.json").read_text()) | ({"share": n} if n > 1 else {}) for run, n in shares.items()]
    keep = ("mean of", "share", "seed", "words", "rate", "passes", "weights", "steps", "seconds", "torch", "device")
    (options.out / "run.json").write_text(
        json.dumps({"mean of": [{k: a[k] for k in keep if k in a} for a in about]}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
