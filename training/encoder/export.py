"""From a trained model to what ships: the lower layers and the rest as ONNX graphs (`trunk.onnx`, `reader.onnx`), the
small heads as arrays, the vocabulary and the model card.

    python -m training.encoder.export --run RUN --encoder FOLDER --out src/communique/reading/model

The embeddings of word pieces, which training leaves as they were, lie once beside all weights that begin from one
encoder (`communique.reading.model.PIECES`); weights of another encoder have their own in their folder.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnx.shape_inference
import onnx.utils
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from communique.reading.model import PIECES
from communique.reading.pieces import Pieces
from training.data import written
from training.data.blocks import Vocabulary
from training.data.documents import EVENT_CLASSES, MENTION_TYPES, MODES, TIME_TYPES, TYPES
from training.encoder.model import Encoder, Reader, words_of
from training.encoder.stage import take

OUTPUTS = (
    "sent",
    "upos",
    "feats",
    "lemma",
    "mention",
    "time",
    "source",
    "cue",
    "content",
    "class",
    "fact",
    "role",
    "type",
    "arcs",
    "label_dep",
    "label_head",
    "pointers",
    "corefs",
    "fresh",
    "pair_key",
    "sentence_weight",
    "states",
)

SHARED_LAYERS = 3  # of six, shared by the heads of the reader and of events
SEEN = 400  # sentences that tell how large the channels are
# of a channel's range this power goes into the weights; 0.5 to 0.7 keep the states nearest to what they are unrounded
LEAN = 0.6


class Graph(nn.Module):
    """One block, no padding: what is an arg-max leaves as one, the rest as probabilities."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.model = model

    def forward(self, pieces: Tensor, shapes: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        x = words_of(self.model.encoder(pieces, shapes, None), first, last)
        out = self.model.heads(x)
        found = []
        for name in OUTPUTS[:-1]:
            value = out[name][0]
            if name in ("upos", "feats", "lemma"):
                value = value.argmax(-1).to(torch.int32)
            elif name == "fact":
                value = value.sigmoid()
            elif name in ("sent", "mention", "time", "source", "cue", "content", "class", "role", "type"):
                value = value.softmax(-1)
            found.append(value)
        return (*found, x[0])


class Evened(nn.Module):
    """A linear map whose inputs are first divided by what its weights were multiplied with."""

    def __init__(self, linear: nn.Linear, by: Tensor) -> None:
        super().__init__()
        linear.weight.data *= by
        self.linear, self.inverse = linear, nn.Parameter(1 / by)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x * self.inverse)  # type: ignore[no-any-return]


@torch.no_grad()
def even(layers: nn.ModuleList, read: Callable[[], object]) -> None:
    """Makes the channels that enter each layer's two wide maps of like range before they are rounded to 8 bits.

    One channel of sixteen times the others' range leaves those a few of the 255 steps (Xiao and others, "SmoothQuant",
    2023). The ranges are those that `read`, which runs the layers over some text, shows.
    """
    ranges: dict[nn.Module, Tensor] = {}

    def see(module: nn.Module, given: tuple[Tensor, ...]) -> None:
        largest = given[0].abs().amax((0, 1))
        ranges[module] = torch.maximum(ranges[module], largest) if module in ranges else largest

    wide = [(layer, name) for layer in layers for name in ("qkv", "up")]
    hooks = [getattr(layer, name).register_forward_pre_hook(see) for layer, name in wide]
    read()
    for hook in hooks:
        hook.remove()
    for layer, name in wide:
        linear = getattr(layer, name)
        by = ranges[linear].clamp_min(1e-3) ** LEAN / linear.weight.abs().amax(0).clamp_min(1e-4) ** (1 - LEAN)
        setattr(layer, name, Evened(linear, by / by.mean()))


@torch.no_grad()
def read_ours(encoder: Encoder, pieces: Pieces) -> None:
    """Runs the encoder over sentences of our own."""
    words = [w for document in itertools.islice(written.documents(1), SEEN) for w in document.words]
    for at in range(0, len(words), 120):
        ids, shapes, *_ = (torch.tensor(row)[None] for row in pieces.block(words[at : at + 120]))
        encoder(encoder.word(ids), shapes, None)


def checksum(folder: Path) -> str:
    """SHA-256 of all that decides what exported weights answer."""
    pieces = folder / PIECES.name
    files = [folder / "trunk.onnx", folder / "reader.onnx", folder / "heads.npz", pieces if pieces.exists() else PIECES]
    files += [
        f for name in ("events.onnx", "events.npz", "events.json", "parties.npz") if (f := folder / name).exists()
    ]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()


def embeddings(table: Tensor, folder: Path) -> None:
    """Keeps the embeddings of word pieces at 8 bits a number with these weights, unless those that lie beside all
    weights are the same.
    """
    values = table.numpy()
    with np.load(PIECES) as kept:
        if (
            kept["rows"].shape == values.shape
            and np.abs((kept["rows"] - np.float32(kept["zero"])) * kept["scale"] - values).max() <= kept["scale"]
        ):
            return
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    scale = np.float32((high - low) / 255)
    zero = np.uint8(round(-low / scale))
    np.savez_compressed(
        folder / PIECES.name,
        rows=np.clip(np.round(values / scale) + zero, 0, 255).astype(np.uint8),
        scale=scale,
        zero=zero,
    )


def to_onnx(graph: nn.Module, size: int, outputs: Sequence[str], path: Path) -> None:
    """Writes a graph over one block: embeddings of word pieces `(1, pieces, size)`, the case of each, first and last
    piece of each word.
    """
    words, pieces = 12, 20
    example = (
        torch.randn(1, pieces, size),
        torch.ones(1, pieces, dtype=torch.long),
        torch.arange(1, words + 1)[None],
        torch.arange(1, words + 1)[None],
    )
    axes = {"pieces": {1: "pieces"}, "shapes": {1: "pieces"}, "first": {1: "words"}, "last": {1: "words"}}
    torch.onnx.export(
        graph,
        example,
        str(path),
        input_names=list(axes),
        output_names=list(outputs),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def split(whole: Path, folder: Path) -> None:
    """Cuts a graph in two after the layers that the event heads share: `trunk.onnx` gives the states of word pieces
    there, `reader.onnx` goes on from them. Together they compute what the whole computes.
    """
    graph = onnx.load(str(whole))
    seam = f"/encoder/layers.{SHARED_LAYERS - 1}/norm2/LayerNormalization_output_0"
    for node in graph.graph.node:
        node.input[:] = ["trunk" if name == seam else name for name in node.input]
        node.output[:] = ["trunk" if name == seam else name for name in node.output]
    parts = onnx.utils.Extractor(onnx.shape_inference.infer_shapes(graph))
    outputs = [output.name for output in graph.graph.output]
    onnx.save(parts.extract_model(["pieces", "shapes"], ["trunk"]), str(folder / "trunk.onnx"))
    onnx.save(parts.extract_model(["trunk", "first", "last"], outputs), str(folder / "reader.onnx"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="do not quantise")
    options = parser.parse_args()
    vocabulary = Vocabulary(**json.loads((options.run / "vocabulary.json").read_text()))
    model = Reader(Encoder.pretrained(options.encoder), vocabulary)
    if (options.run / "model.pt").exists() or (options.run / "stage.safetensors").exists():
        take(model, options.run)
    else:
        model.load_state_dict(torch.load(options.run / "checkpoint.pt", weights_only=True)["model"])
    model.eval()
    if not options.float:
        ours = Pieces(options.encoder / "tokenizer.json")
        even(model.encoder.layers, lambda: read_ours(model.encoder, ours))
    options.out.mkdir(parents=True, exist_ok=True)
    full, whole = options.out / "full.onnx", options.out / "whole.onnx"
    to_onnx(Graph(model), model.encoder.size, OUTPUTS, full)
    if options.float:
        shutil.move(full, whole)
    else:
        # Seven bits for weights: on processors without VNNI two 8-bit products can overflow their 16-bit sum.
        names = [n.name for n in onnx.load(str(full)).graph.node if n.op_type in ("MatMul", "Gemm", "Gather")]
        quantize_dynamic(
            str(full),
            str(whole),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gather"],
            nodes_to_quantize=names,
        )
        full.unlink()
    split(whole, options.out)
    whole.unlink()
    state = {k: v.numpy() for k, v in model.state_dict().items()}
    arrays = {
        "label": state["label"],
        "pair_query_w": state["pair_query.weight"],
        "pair_query_b": state["pair_query.bias"],
        "pair_w": state["pair.0.weight"],
        "pair_b": state["pair.0.bias"],
        "type_w": state["pair_type.weight"],
        "type_b": state["pair_type.bias"],
        "mode_w": state["pair_mode.weight"],
        "mode_b": state["pair_mode.bias"],
        "absent": state["absent"],
        "sentence_w": state["sentence.weight"],
        "sentence_b": state["sentence.bias"],
        "features_w": state["pair_features.weight"],
        "features_b": state["pair_features.bias"],
    }
    np.savez_compressed(options.out / "heads.npz", **{k: v.astype(np.float16) for k, v in arrays.items()})
    shutil.copy(options.encoder / "tokenizer.json", options.out / "tokenizer.json")
    run = json.loads((options.run / "run.json").read_text()) if (options.run / "run.json").exists() else {}
    labels = {
        **vars(vocabulary),
        "mention": MENTION_TYPES,
        "time": TIME_TYPES,
        "class": EVENT_CLASSES,
        "type": TYPES,
        "mode": MODES,
    }
    (options.out / "labels.json").write_text(json.dumps(labels, ensure_ascii=False))
    embeddings(model.encoder.word.weight.detach(), options.out)
    (options.out / "meta.json").write_text(
        json.dumps(
            {
                "checksum": checksum(options.out),
                "quantised": not options.float,
                "run": {k: v for k, v in run.items() if k not in ("corpora", "encoder", "out", "start", "teacher")},
            },
            indent=1,
        )
        + "\n"
    )
    print(checksum(options.out)[:12], {p.name: p.stat().st_size for p in options.out.iterdir()})


if __name__ == "__main__":
    main()
