"""Stores a run's weights compactly, to continue from elsewhere: half precision, without the word embeddings, which
training does not change.

python -m training.encoder.stage RUN FOLDER
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

FROZEN = "encoder.word.weight"


def keep(run: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    state = torch.load(run / "model.pt", weights_only=True, map_location="cpu")
    save_file({k: v.half().contiguous() for k, v in state.items() if k != FROZEN}, str(folder / "stage.safetensors"))
    shutil.copyfile(run / "vocabulary.json", folder / "vocabulary.json")
    about = json.loads((run / "run.json").read_text())
    about = {
        k: v for k, v in about.items() if k not in ("corpora", "encoder", "out", "start", "teacher")
    }  # paths on one machine
    (folder / "run.json").write_text(json.dumps(about, indent=1) + "\n")
    file = folder / "stage.safetensors"
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()[:16]}")


class Progress:
    """Progress of a run. Starts from a checkpoint if there is one, prints a line a minute, writes a checkpoint every
    ten, and does both after the last step.

    `parts` are the contents of a checkpoint: model, optimiser, schedule.
    """

    def __init__(self, checkpoint: Path, steps: int, **parts: Any) -> None:
        self.checkpoint, self.steps, self.parts = checkpoint, steps, parts
        self.start = resume(checkpoint, **parts)
        self.began = self._said = self._saved = time.monotonic()
        self.words = 0
        self._losses: dict[str, list[float]] = {}

    def after(self, step: int, words: int, losses: Mapping[str, torch.Tensor]) -> None:
        """Records a finished step: the words it read and its losses by name."""
        self.words += words
        for name, value in losses.items():
            self._losses.setdefault(name, []).append(value.item())
        now, last = time.monotonic(), step + 1 == self.steps
        if now - self._said > 60 or last:
            means = {k: round(sum(v) / len(v), 3) for k, v in self._losses.items()}
            print(f"{step + 1}/{self.steps} {self.words / (now - self.began):.0f} words/s {means}", flush=True)
            self._said, self._losses = now, {}
        if now - self._saved > 600 or last:
            pause(self.checkpoint, step + 1, **self.parts)
            self._saved = now


def pause(checkpoint: Path, step: int, **parts: Any) -> None:
    """Writes a checkpoint: the state of each part (model, optimiser, schedule) after so many steps."""
    torch.save({k: v.state_dict() for k, v in parts.items()} | {"step": step}, checkpoint.with_suffix(".tmp"))
    checkpoint.with_suffix(".tmp").replace(checkpoint)


def resume(checkpoint: Path, **parts: Any) -> int:
    """Restores the parts from a checkpoint and returns the step to continue from; 0 if there is no checkpoint."""
    if not checkpoint.exists():
        return 0
    saved = torch.load(checkpoint, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(saved[name])
    return int(saved["step"])


def take(model: torch.nn.Module, folder: Path) -> None:
    """Loads a run's or a stored stage's weights into a model that has the pretrained word embeddings."""
    kept = folder / "stage.safetensors"
    if not kept.exists():
        model.load_state_dict(torch.load(folder / "model.pt", weights_only=True))
        return
    missing, unexpected = model.load_state_dict({k: v.float() for k, v in load_file(str(kept)).items()}, strict=False)
    if missing != [FROZEN] or unexpected:
        raise ValueError(f"{kept}: is of another model: {missing[:3]} {unexpected[:3]}")


if __name__ == "__main__":
    keep(Path(sys.argv[1]), Path(sys.argv[2]))
