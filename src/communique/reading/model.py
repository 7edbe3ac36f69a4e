"""The exported model: one run of the encoder over a block of words, and small heads for pairs."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from .lemmas import Lemmas
from .pieces import Pieces

Floats = NDArray[np.float32]
PIECES = (
    Path(__file__).parent / "pieces.npz"
)  # embeddings of the word pieces, shared by all weights trained from one encoder
WEIGHTS = {"default": Path(__file__).parent / "model", "open": Path(__file__).parent / "model_open"}


def softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), np.float32)


@dataclass(frozen=True)
class Labels:
    """The labels of the heads' outputs, by index."""

    upos: list[str]
    feats: list[str]
    lemma: list[str]
    rel: list[str]
    mention: list[str]
    time: list[str]
    event_class: list[str]
    type: list[str]
    mode: list[str]
    modality: list[str]


class Model:
    """Weights, loaded once; `run` may be called from several threads."""

    def __init__(self, folder: Path = WEIGHTS["default"], threads: int = 1) -> None:
        self.folder = folder
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.enable_cpu_mem_arena = False

        def session(name: str) -> ort.InferenceSession:
            return ort.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])

        self.trunk, self.session = session("trunk"), session("reader")
        self.special = session("events") if (folder / "events.onnx").exists() else None
        self.outputs = [o.name for o in self.session.get_outputs()]
        self.pieces = Pieces(folder / "tokenizer.json")
        with np.load(folder / PIECES.name if (folder / PIECES.name).exists() else PIECES) as table:
            self._rows, self._scale, self._zero = table["rows"], np.float32(table["scale"]), np.float32(table["zero"])
        self.lemmas = Lemmas(folder / "lemmas.json", self.pieces.is_word)
        labels: dict[str, Any] = json.loads((folder / "labels.json").read_text("utf-8"))
        labels["event_class"] = labels.pop("class")
        labels.setdefault("modality", [])
        self.labels = Labels(**{k: list(v) for k, v in labels.items()})
        with np.load(folder / "heads.npz") as arrays:
            self.arrays: dict[str, Floats] = {k: arrays[k].astype(np.float32) for k in arrays.files}
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text())
        n, size, _ = self.arrays["label"].shape
        self._label_side = np.ascontiguousarray(self.arrays["label"].transpose(1, 0, 2).reshape(size, n * size))

    @cached_property
    def checksum(self) -> str:
        return str(self.meta["checksum"])[:12]

    def run(self, words: list[str], for_events: bool = True) -> dict[str, NDArray[Any]]:
        """Returns every head's output for one block of at most 510 words; `special` only with `for_events`.

        The lower layers (`trunk`) are shared. On them stand the layers of the reader's heads, `states` `(words, size)`,
        and those of the event heads, `special` `(words, size)`. The two need nothing from each other and run at the
        same time, so that a second core shortens the wait.
        """
        ids, shapes, first, last = (np.array([a], np.int64) for a in self.pieces.block(words))
        pieces = (self._rows[ids] - self._zero) * self._scale
        trunk = self.trunk.run(None, {"pieces": pieces, "shapes": shapes})[0]
        given = {"trunk": trunk, "first": first, "last": last}
        if self.special is None or not for_events:
            return self._shared(given)
        with ThreadPoolExecutor(1) as beside:
            special = beside.submit(self.special.run, None, given)
            return self._shared(given) | {"special": special.result()[0]}

    def _shared(self, given: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return dict(zip(self.outputs, self.session.run(None, given))) | {"trunk": given["trunk"]}

    def relations(self, dependents: Floats, heads: Floats) -> NDArray[np.int64]:
        """Returns the index of each word's relation to its head, from both label vectors, `(words, size)` each."""
        n, size, _ = self.arrays["label"].shape
        side = (dependents @ self._label_side).reshape(len(dependents), n, size)
        scores = (side @ heads[:, :, None])[:, :, 0]
        scores[:, self.labels.rel.index("root")] = -np.inf  # a root depends on no word
        return np.asarray(scores.argmax(1))

    def relate(
        self, states: Floats, keys: Floats, source: Floats | None, target: Floats | None, within: Floats | None = None
    ) -> tuple[Floats, Floats, Floats]:
        """Returns probabilities of types (16, then none) and modes for what a source does to a target, and each word's
        weight.

        `within` weighs the words that may express the act, from 0 to 1 each. Without it, every word may.
        """
        a = self.arrays
        hidden, weights = self._hidden(states, keys, source, target, within)
        return softmax(a["type_w"] @ hidden + a["type_b"]), softmax(a["mode_w"] @ hidden + a["mode_b"]), weights

    def pair(self, states: Floats, keys: Floats, source: Floats | None, target: Floats | None) -> Floats:
        """Returns the vector from which `relate` classifies: of a sentence and two parties, either of which may be
        absent.
        """
        return self._hidden(states, keys, source, target, None)[0]

    def _hidden(
        self, states: Floats, keys: Floats, source: Floats | None, target: Floats | None, within: Floats | None
    ) -> tuple[Floats, Floats]:
        a = self.arrays
        s = a["absent"][0] if source is None else source
        t = a["absent"][1] if target is None else target
        query = a["pair_query_w"] @ np.concatenate([s, t]) + a["pair_query_b"]
        weights = softmax(keys @ query / np.sqrt(len(query)))
        if within is not None:
            weights = weights * within + 1e-6 * within
            weights = weights / weights.sum()
        hidden = a["pair_w"] @ np.concatenate([weights @ states, s, t]) + a["pair_b"]
        return gelu(hidden), weights

    def modality(self, states: Floats, heads: NDArray[np.int64]) -> Floats:
        """Returns for each word the probabilities that what it expresses is actual, future, possible, conditional or
        desired, with positive or negative polarity: `(words, 10)` in the labels' order.
        """
        return softmax(self._upon("modality", states, heads))

    def public(self, states: Floats, heads: NDArray[np.int64]) -> Floats:
        """Returns for each word the probability that what it expresses is of public, not private, life: `(words,)`."""
        return np.asarray(1 / (1 + np.exp(-self._upon("public", states, heads)[:, 0])), np.float32)

    def _upon(self, name: str, states: Floats, heads: NDArray[np.int64]) -> Floats:
        """Returns the output of a small head that sees the state of each word and of its syntactic head."""
        a = self.arrays
        size = states.shape[1]
        below, above = states @ a[f"{name}_w1"][:, :size].T, states @ a[f"{name}_w1"][:, size:].T
        hidden = gelu(below + above[heads] + a[f"{name}_b1"])
        return np.asarray(hidden @ a[f"{name}_w2"].T + a[f"{name}_b2"], np.float32)

    def kind(self, states: Floats, weights: Floats) -> Floats:
        """Returns the probabilities of no event, verbal or material cooperation, verbal or material conflict for a
        sentence as a whole.
        """
        return softmax(self.arrays["sentence_w"] @ (softmax(weights) @ states) + self.arrays["sentence_b"])


def gelu(x: Floats) -> Floats:
    """Returns the Gaussian error linear unit, with temporary arrays updated in place. The error function is by
    Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7.
    """
    x = np.asarray(x, np.float32)
    z = np.abs(x)
    z *= 0.7071067811865476
    t = z * 0.3275911
    t += 1
    np.reciprocal(t, out=t)
    poly = t * 1.061405429
    for term in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        poly += term
        poly *= t
    np.multiply(z, z, out=z)
    np.negative(z, out=z)
    np.exp(z, out=z)
    poly *= z  # 1 minus the error function of |x| / sqrt(2)
    np.copysign(1 - poly, x, out=poly)
    poly += 1
    poly *= x
    poly *= 0.5
    return np.asarray(poly, np.float32)
