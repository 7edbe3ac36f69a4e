"""From trained event heads to what ships: `python -m training.heads.export RUN --pages PAGES --choices events.json
--model FOLDER`

Writes `events.onnx`, the layers that only events use at 8 bits, and `events.npz`, the heads.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.encoder.export import checksum, even
from training.encoder.model import Layer, words_of
from training.heads.events import ALL_MODES, SPECIAL, Events, Ready, prepare, special_states
from training.heads.scenes import load

HEADS = 12  # of the shared encoder
SEEN = 60  # pages that tell how large the channels are


class Graph(nn.Module):
    """The special layers over one block, without padding."""

    def __init__(self, model: Events) -> None:
        super().__init__()
        self.layers = model.layers

    def forward(self, trunk: Tensor, first: Tensor, last: Tensor) -> Tensor:
        x = trunk
        for layer in self.layers:
            x = layer(x, None)
        return words_of(x, first, last)[0]


def export(model: Events, pages: list[Ready], folder: Path) -> None:
    """Writes the special layers at 8 bits, with the ranges that some pages show, and the heads."""
    full, target = folder / "full.onnx", folder / "events.onnx"

    def read() -> None:
        for page in pages[:SEEN]:
            special_states(model, [page])

    even(model.layers, read)
    at = torch.arange(1, 13)[None]
    axes = {"trunk": {1: "pieces"}, "first": {1: "words"}, "last": {1: "words"}}
    torch.onnx.export(
        Graph(model).eval(),
        (torch.randn(1, 20, model.size), at, at),
        str(full),
        input_names=list(axes),
        output_names=["states"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    # Seven bits for weights: on processors without VNNI two 8-bit products can overflow their 16-bit sum.
    quantize_dynamic(
        str(full),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_quantize=[n.name for n in onnx.load(str(full)).graph.node if n.op_type in ("MatMul", "Gemm")],
    )
    full.unlink()
    arrays = {k: v.astype(np.float16) for k, v in model.arrays().items()}
    np.savez_compressed(folder / "events.npz", modes=np.array(ALL_MODES), **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="folder with model.pt and run.json of training.heads.events")
    parser.add_argument("--pages", type=Path, required=True, help="pages whose states tell the ranges of the channels")
    parser.add_argument("--choices", type=Path, required=True, help="events.json of training.heads.choices")
    parser.add_argument("--model", type=Path, required=True, help="folder of the exported reader")
    options = parser.parse_args()
    state = torch.load(options.run / "model.pt", weights_only=True)
    size, inner = state["side_query.weight"].shape[1], state["layers.0.up.weight"].shape[0]
    layers = nn.ModuleList(Layer(size, inner, HEADS, 0.0) for _ in range(SPECIAL))
    model = Events(layers, size, 0.0)
    model.load_state_dict(state)
    export(model.eval(), [prepare(p) for p in load(options.pages)[:SEEN]], options.model)
    shutil.copy(options.choices, options.model / "events.json")
    meta = json.loads((options.model / "meta.json").read_text())
    meta["events"] = json.loads((options.run / "run.json").read_text())
    meta["checksum"] = checksum(options.model)
    (options.model / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
    print(meta["checksum"][:12], {p.name: p.stat().st_size for p in options.model.iterdir()})


if __name__ == "__main__":
    main()
