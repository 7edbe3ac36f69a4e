"""A large encoder as a teacher of statements and factuality.

    python -m training.teachers.large fit --corpora CORPORA --encoder FOLDER --out FOLDER [--bfloat16]
    python -m training.teachers.large say --corpora CORPORA --encoder FOLDER --run FOLDER --out told.npz [--bfloat16]

`fit` trains all-mpnet-base-v2 in one pass over PolNeAR and two over UDS's judged sentences, and prints its scores on
the development parts. `told.npz` comes from a run on UDS alone: `--passes ewt=2.5 --rate 5e-5 --seed 3`. `say` stores,
for each word of the training texts of PolNeAR, UDS and GUM, and of the treebanks with other words
(`training.data.swapped`), the probability that it denotes something that happened. It stores numbers only, so that it
need not run again and no text is stored. `--only` updates some of the corpora. Both commands take an hour together on
two cores with bfloat16.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from communique.reading.pieces import _QUOTES
from training.data import corpora as read
from training.data.blocks import Block, Vocabulary, batches, blocks
from training.data.documents import NOT, Document
from training.data.swapped import swapped
from training.encoder.model import words_of
from training.encoder.stage import Progress

SPEECH = ("source", "cue", "content")
PASSES: dict[str, float] = {"polnear": 1, "ewt": 2}
ASKED = ("polnear", "ewt", "gum", "swapped-ewt", "swapped-gum")
BLOCK = 128  # words, as in the analyser
KEPT = Path(__file__).with_name("told.npz")
_NONE = Vocabulary([], [], [], [])


def documents(corpora: Path, name: str, held: bool = False) -> Iterator[Document]:
    """Yields the texts of a corpus with the labels for training the teacher, or with `held` the texts for
    measuring it.
    """
    found: Iterator[Document]
    if name == "polnear":
        found, kept = read.polnear(corpora, "dev" if held else "train"), (*SPEECH, "pointer")
    elif name == "ewt":
        found, kept = (
            (
                d
                for d in read.ewt(corpora, "dev" if held else "train", held=False)
                if any(f is not None for f in d.layers["fact"])
            ),
            ("fact",),
        )
    elif name.startswith("swapped-"):
        found, kept = swapped(corpora, name.removeprefix("swapped-")), ("sent", "upos", "feats", "head", "rel", "asked")
    else:
        found, kept = read.gum(corpora, "dev" if held else "train"), ()
    for document in found:
        document.layers = {k: v for k, v in document.layers.items() if k in kept}
        yield document


def stretches(corpora: Path, name: str, held: bool = False) -> list[Block]:
    """Returns the blocks of a corpus; from UDS only those with a judged word."""
    found = [b for d in documents(corpora, name, held) for b in blocks(d, _NONE, BLOCK)]
    return [b for b in found if b.fact is None or not np.isnan(b.fact).all()]


class Large(nn.Module):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import MPNetModel

        self.encoder = MPNetModel.from_pretrained(folder, add_pooling_layer=False)
        size = self.encoder.config.hidden_size

        def head(out):
            return nn.Sequential(nn.Linear(size, size // 2), nn.GELU(), nn.Dropout(0.1), nn.Linear(size // 2, out))

        self.speech, self.fact = head(9), head(1)

    def forward(self, ids: Tensor, mask: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        """Returns logits of source, cue and content `(blocks, words, 3, 3)` and of factuality `(blocks, words)`."""
        x = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        x = words_of(x, first, last)
        return self.speech(x).view(*x.shape[:2], 3, 3).float(), self.fact(x)[..., 0].float()


class Pieces:
    """Converts words to the teacher's word pieces."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding(), self.tokenizer.no_truncation()
        self.known: dict[str, list[int]] = {}
        self.begin, self.end, self.pad, self.unknown = (
            self.tokenizer.token_to_id(mark) for mark in ("<s>", "</s>", "<pad>", "[UNK]")
        )

    def __call__(self, found: list[Block]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        rows = []
        for block in found:
            ids, first, last = [self.begin], [], []
            for word in block.words:
                if word not in self.known:
                    self.known[word] = self.tokenizer.encode(
                        _QUOTES.get(word, word)[:100], add_special_tokens=False
                    ).ids[:24] or [self.unknown]
                first.append(min(len(ids), 510))
                ids += self.known[word]
                last.append(min(len(ids) - 1, 510))
            rows.append(([*ids[:511], self.end], first, last))
        size, longest = max(len(r[0]) for r in rows), max(len(r[1]) for r in rows)
        ids_, mask = torch.full((len(rows), size), self.pad), torch.zeros(len(rows), size)
        ends = torch.zeros(2, len(rows), longest, dtype=torch.long)
        for i, (ids, first, last) in enumerate(rows):
            ids_[i, : len(ids)], mask[i, : len(ids)] = torch.tensor(ids), 1
            ends[:, i, : len(first)] = torch.tensor([first, last])
        return ids_, mask, ends[0], ends[1]


def labelled(found: list[Block]) -> tuple[Tensor, Tensor]:
    """Returns the human labels: tags `(3, blocks, words)` and factuality `(blocks, words)`."""
    longest = max(len(b.words) for b in found)
    tags, facts = torch.full((3, len(found), longest), NOT), torch.full((len(found), longest), torch.nan)
    for i, block in enumerate(found):
        for k, role in enumerate(SPEECH):
            if role in block.layers:
                tags[k, i, : len(block.words)] = torch.from_numpy(block.layers[role])
        if block.fact is not None:
            facts[i, : len(block.words)] = torch.from_numpy(block.fact)
    return tags, facts


def spread(data: dict[str, list[Block]], counts: dict[str, float], words: int, seed: int) -> list[list[Block]]:
    """Returns every batch of a run, in order. Each corpus is spread evenly over the run, with `counts` passes."""
    run: list[list[Block]] = []
    rounds = max(1, math.ceil(max(counts.values())))
    for number in range(rounds):
        rng = random.Random(f"{seed} {number}")
        items: list[Block] = []
        for name, found in data.items():
            for at, block in enumerate(found):
                due = math.floor(counts[name] * (number + 1) / rounds + at / len(found)) - math.floor(
                    counts[name] * number / rounds + at / len(found)
                )
                items += [block] * due
        run += batches(items, words, rng)
    return run


class Scores:
    """Accumulates scores on development texts."""

    def __init__(self) -> None:
        self.tags = np.zeros((3, 3))
        self.told: list[float] = []
        self.judged: list[float] = []

    def add(self, speech: Tensor, fact: Tensor, tags: Tensor, facts: Tensor) -> None:
        for k in range(3):
            ours, real = (speech[:, :, k].softmax(-1)[..., 0] < 0.5) & (tags[k] != NOT), tags[k] > 0
            self.tags[k] += [int((ours & real).sum()), int(ours.sum()), int(real.sum())]
        known = ~facts.isnan()
        self.told += fact[known].sigmoid().tolist()
        self.judged += facts[known].tolist()

    def __str__(self) -> str:
        parts = [f"{role} {2 * a / max(1, b + c):.4f}" for role, (a, b, c) in zip(SPEECH, self.tags)]
        if self.told:
            parts.append(f"happened {np.corrcoef(self.told, self.judged)[0, 1]:.4f}")
        return ", ".join(parts)


def _fast(on: bool) -> AbstractContextManager[Any]:
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=on)


@torch.no_grad()
def measured(model: Large, pieces: Pieces, corpora: Path, fast: bool) -> Scores:
    scores = Scores()
    model.eval()
    for name in PASSES:
        found = sorted(stretches(corpora, name, held=True), key=lambda b: len(b.words))
        for i in range(0, len(found), 8):
            with _fast(fast):
                scores.add(*model(*pieces(found[i : i + 8])), *labelled(found[i : i + 8]))
    model.train()
    return scores


def fit(options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    model, pieces = Large(options.encoder).train(), Pieces(options.encoder)
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    counts = {
        name: float(count) for name, _, count in (setting.partition("=") for setting in options.passes.split(","))
    }
    run = spread({name: stretches(options.corpora, name) for name in counts}, counts, 1000, options.seed)
    inside = {id(p) for p in model.encoder.parameters()}
    groups = [
        {"params": [p for p in model.encoder.parameters() if p.requires_grad], "lr": options.rate},
        {"params": [p for p in model.parameters() if id(p) not in inside], "lr": 12 * options.rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / 100, max(0.02, (len(run) - s) / max(1, len(run) - 100)))
    )
    progress = Progress(options.out / "checkpoint.pt", len(run), model=model, optimiser=optimiser, schedule=schedule)
    print(
        json.dumps(
            {"steps": len(run), "words": sum(len(b.words) for some in run for b in some), "start": progress.start}
        ),
        flush=True,
    )
    for step in range(progress.start, len(run)):
        tags, facts = labelled(run[step])
        with _fast(options.bfloat16):
            speech, fact = model(*pieces(run[step]))
        losses = {
            role: F.cross_entropy(speech[:, :, k].transpose(1, 2), tags[k], ignore_index=NOT)
            for k, role in enumerate(SPEECH)
            if (tags[k] != NOT).any()
        }
        if (known := ~facts.isnan()).any():
            losses["fact"] = F.binary_cross_entropy_with_logits(fact[known], facts[known])
        optimiser.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step(), schedule.step()
        progress.after(step, sum(len(b.words) for b in run[step]), losses)
    torch.save(model.state_dict(), options.out / "large.pt")
    print(f"development parts: {measured(model, pieces, options.corpora, options.bfloat16)}", flush=True)


@torch.no_grad()
def say(options: argparse.Namespace) -> None:
    """Stores the teacher's probabilities as integers in 255ths, by corpus, in text order."""
    model, pieces = Large(options.encoder), Pieces(options.encoder)
    model.load_state_dict(torch.load(options.run / "large.pt", weights_only=True))
    model.eval()
    kept: dict[str, NDArray[np.uint8]] = {}
    if options.only and options.out.exists():
        with np.load(options.out) as file:
            kept = {k: file[k] for k in file.files}
    for name in options.only.split(",") if options.only else ASKED:
        found, began = [b for d in documents(options.corpora, name) for b in blocks(d, _NONE, BLOCK)], time.monotonic()
        order = sorted(range(len(found)), key=lambda i: len(found[i].words))
        rows: list[NDArray[np.uint8]] = [np.zeros(0, np.uint8)] * len(found)
        for i in range(0, len(order), 8):
            some = order[i : i + 8]
            with _fast(options.bfloat16):
                _, fact = model(*pieces([found[j] for j in some]))
            for k, j in enumerate(some):
                rows[j] = np.round(fact[k, : len(found[j].words)].sigmoid().numpy() * 255).astype(np.uint8)
        kept[name] = np.concatenate(rows)
        print(f"{name}: {len(found)} blocks, {time.monotonic() - began:.0f} s", flush=True)
        np.savez_compressed(options.out, **kept)


def told(corpora: Path, name: str) -> Iterator[tuple[Document, NDArray[np.float32]]]:
    """Yields the documents of a corpus with the teacher's probability for each word that what it denotes happened."""
    with np.load(KEPT) as file:
        kept = file[name].astype(np.float32) / 255
    at = 0
    for document in documents(corpora, name):
        yield document, kept[at : at + len(document.words)]
        at += len(document.words)
    if at != len(kept):
        raise ValueError(f"{KEPT}: holds {len(kept)} words of {name}, the corpus {at}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fit", "say"))
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--run", type=Path, help="folder that `fit` wrote")
    parser.add_argument("--only", default="", help="the texts that `say` asks of, separated by commas; else all")
    parser.add_argument(
        "--passes",
        default=",".join(f"{k}={v:g}" for k, v in PASSES.items()),
        help="how often `fit` goes over each corpus; what it is not taught it says by chance",
    )
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--bfloat16",
        action="store_true",
        help="computes at half precision, twice as fast where the processor knows how",
    )
    options = parser.parse_args()
    fit(options) if options.what == "fit" else say(options)


if __name__ == "__main__":
    main()
