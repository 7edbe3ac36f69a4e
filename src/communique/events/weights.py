"""The learned weights for events: arrays of the heads and small regressions, loaded from a model's folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .network import Network


@dataclass(frozen=True)
class Weights:
    """Weights for events; `confidence` and `sources` are by feature name (`confidence.py`, `sources.py`)."""

    network: Network
    confidence: dict[str, float]
    sources: dict[str, float]

    @classmethod
    def load(cls, folder: Path) -> Weights:
        """Reads `events.npz` and `events.json` from a folder of exported weights."""
        with np.load(folder / "events.npz") as kept:
            arrays = {k: kept[k].astype(np.float32) for k in kept.files if k != "modes"}
            network = Network(arrays, [str(m) for m in kept["modes"]])
        choices = json.loads((folder / "events.json").read_text("utf-8"))
        return cls(network, choices["confidence"], choices["sources"])
