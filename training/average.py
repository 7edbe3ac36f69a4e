"""The mean of two runs' weights, where one goes on from the other: what each learned last is kept by half.

    python -m training.average RUN RUN --out FOLDER

Runs that lie on one path of training lie in one valley, and the middle of it reads unseen sentences better than either end (Wortsman and others, "Model soups", 2022).
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch


def mean(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights halfway between two; both must have the same names and shapes."""
    if one.keys() != other.keys() or any(one[k].shape != other[k].shape for k in one):
        raise ValueError("the two runs are of different networks")
    return {k: (one[k] + other[k]) / 2 if one[k].is_floating_point() else one[k] for k in one}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs=2)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    vocabularies = [(run / "vocabulary.json").read_text() for run in options.runs]
    if vocabularies[0] != vocabularies[1]:
        raise SystemExit("the two runs have different labels")
    options.out.mkdir(parents=True, exist_ok=True)
    states = [torch.load(run / "model.pt", weights_only=True, map_location="cpu") for run in options.runs]
    torch.save(mean(*states), options.out / "model.pt")
    shutil.copyfile(options.runs[0] / "vocabulary.json", options.out / "vocabulary.json")
    about = [json.loads((run / "run.json").read_text()) for run in options.runs]
    keep = ("mean of", "seed", "words", "rate", "passes", "steps", "seconds", "torch", "device")
    (options.out / "run.json").write_text(json.dumps({"mean of": [{k: a[k] for k in keep if k in a} for a in about]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
