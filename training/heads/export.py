"""From trained event heads to what ships: `python -m training.heads.export RUN --encoder ENCODER --pages PAGES
--choices events.json --model FOLDER`

Writes `events.onnx`, the encoder that only events use at 8 bits, and `events.npz`, the heads.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.encoder.export import checksum, even, quantise, to_onnx
from training.encoder.model import Encoder, words_of
from training.heads.events import ALL_MODES, Events, Ready, prepare, special_states
from training.heads.scenes import load

SEEN = 60  # pages that tell how large the channels are


class Graph(nn.Module):
    """The encoder over one block, without padding; the embeddings of its pieces lie outside, as the reader's do."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pieces: Tensor, shapes: Tensor, first: Tensor, last: Tensor) -> Tensor:
        return words_of(self.encoder(pieces, shapes, None), first, last)[0]


def export(model: Events, pages: list[Ready], folder: Path) -> None:
    """Writes the encoder at 8 bits, with the ranges that some pages show, and the heads."""

    def read() -> None:
        for page in pages[:SEEN]:
            special_states(model, [page])

    even(model.encoder.layers, read)
    full = folder / "full.onnx"
    to_onnx(Graph(model.encoder).eval(), model.size, ("states",), full)
    quantise(full, folder / "events.onnx")
    full.unlink()
    arrays = {k: v.astype(np.float16) for k, v in model.arrays().items()}
    np.savez_compressed(folder / "events.npz", modes=np.array(ALL_MODES), **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="folder with model.pt and run.json of training.heads.events")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the public encoder")
    parser.add_argument("--pages", type=Path, required=True, help="pages whose states tell the ranges of the channels")
    parser.add_argument("--choices", type=Path, required=True, help="events.json of training.heads.choices")
    parser.add_argument("--model", type=Path, required=True, help="folder of the exported reader")
    options = parser.parse_args()
    model = Events(Encoder.pretrained(options.encoder), 0.0)
    model.load_state_dict(torch.load(options.run / "model.pt", weights_only=True))
    export(model.eval(), [prepare(p) for p in load(options.pages)[:SEEN]], options.model)
    shutil.copy(options.choices, options.model / "events.json")
    meta = json.loads((options.model / "meta.json").read_text())
    meta["events"] = json.loads((options.run / "run.json").read_text())
    meta["checksum"] = checksum(options.model)
    (options.model / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
    print(meta["checksum"][:12], {p.name: p.stat().st_size for p in options.model.iterdir()})


if __name__ == "__main__":
    main()
