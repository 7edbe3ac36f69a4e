"""Trains the head that marks sources, cues and contents with the tree in view, on the states of a model that is already trained and exported.

    python -m training.attribution --corpora CORPORA --model src/communique/reading/model [--passes 14] [--seed 1]

The encoder's own tags of a word see its state alone. This head sees the state of the word and of the word it hangs on, the relation between
them, what the encoder's tags say of both and of the cue that it points to, and, by two convolutions, the words around: of a model whose
weights stay as they are. PolNeAR's training articles, the first annotator of each; a quarter of an hour on one core. Prints F1 by token on dev.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from communique.reading import Analyser, Model
from communique.reading.attribution import ROLES, extra

from .corpora import read_brat
from .modality import keep

HIDDEN, RELATION, WIDTH = 160, 16, 5


class Article(NamedTuple):
    """`states` (n, d) and `extra` (n, k) of its words, the word each hangs on, the relation, the tags (n, 3): 0 none, 1 first, 2 further words of a span."""

    states: NDArray[np.float16]
    heads: NDArray[np.int64]
    relations: NDArray[np.int64]
    extra: NDArray[np.float32]
    gold: NDArray[np.int64]
    counted: NDArray[np.bool_]


def articles(analyse: Analyser, folder: Path) -> list[Article]:
    first: dict[str, Path] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        first.setdefault(path.stem.rsplit("_", 1)[0], path)
    found = []
    began = time.monotonic()
    for n, (name, path) in enumerate(sorted(first.items())):
        text = (folder / "text" / f"{name}.txt").read_text("utf-8")
        seen: dict[str, NDArray[np.float32]] = {}
        reading = analyse(text, seen)
        starts, ends = np.array([w.start for w in reading.words]), np.array([w.end for w in reading.words])
        gold = np.zeros((len(starts), len(ROLES)), np.int64)
        for attribution in read_brat(path):
            for at, role in enumerate(ROLES):
                for s, e in attribution[role.title()]:
                    inside = np.flatnonzero((starts < e) & (ends > s))
                    gold[inside, at] = 2
                    gold[inside[:1], at] = 1
        counted = np.array([re.search(r"\w", w.text) is not None for w in reading.words])
        found.append(Article(reading.states.astype(np.float16), seen["heads"].astype(np.int64), seen["relations"].astype(np.int64), extra(seen), gold, counted))
        if n % 100 == 0:
            print(f"{n} articles of {folder.name}, {time.monotonic() - began:.0f} s", flush=True)
    return found


class Head(nn.Module):
    def __init__(self, states: int, relations: int, extras: int) -> None:
        super().__init__()
        self.relation = nn.Embedding(relations, RELATION)
        self.into = nn.Linear(2 * states + RELATION + extras, HIDDEN)
        self.near = nn.Conv1d(HIDDEN, HIDDEN, WIDTH, padding=2)
        self.far = nn.Conv1d(HIDDEN, HIDDEN, WIDTH, padding=4, dilation=2)
        self.out = nn.Linear(2 * HIDDEN, 3 * len(ROLES))
        self.drop = nn.Dropout(0.3)

    def forward(self, states: torch.Tensor, heads: torch.Tensor, relations: torch.Tensor, extras: torch.Tensor) -> torch.Tensor:
        x = torch.cat([states, states[heads], self.relation(relations), extras], 1)
        own = F.gelu(self.into(self.drop(x)))
        around = own.t()[None]
        for layer in (self.near, self.far):
            around = around + F.gelu(layer(self.drop(around)))
        logits: torch.Tensor = self.out(self.drop(torch.cat([own, around[0].t()], 1)))
        return logits.view(-1, len(ROLES), 3)


def tensors(a: Article) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    return torch.tensor(a.states, dtype=torch.float32), torch.tensor(a.heads), torch.tensor(a.relations), torch.tensor(a.extra)


def measure(head: Head, held: list[Article], thresholds: tuple[float, ...]) -> list[str]:
    head.eval()
    with torch.no_grad():
        told = [torch.softmax(head(*tensors(a)), -1).numpy() for a in held]
    head.train()
    lines = []
    for at, role in enumerate(ROLES):
        scores = []
        for least in thresholds:
            right = found = wanted = 0
            for a, p in zip(held, told):
                mine, theirs = (1 - p[:, at, 0] > least) & a.counted, (a.gold[:, at] > 0) & a.counted
                right, found, wanted = right + int((mine & theirs).sum()), found + int(mine.sum()), wanted + int(theirs.sum())
            scores.append(f"{2 * right / max(1, found + wanted):.4f}")
        lines.append(f"{role} " + " ".join(scores))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    model = Model(options.model, threads=1)
    for name in [k for k in model.arrays if k.startswith("attribution_")]:
        del model.arrays[name]  # what the encoder itself says is what is learned from
    analyse = Analyser(model)
    held, known = (articles(analyse, options.corpora / "polnear" / part) for part in ("dev", "train"))
    head = Head(known[0].states.shape[1], len(model.labels.rel) + 1, known[0].extra.shape[1])
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, total_steps=options.passes * len(known))
    thresholds = (0.35, 0.4, 0.45, 0.5)
    began, order = time.monotonic(), list(range(len(known)))
    for n in range(options.passes):
        random.Random(options.seed * 1000 + n).shuffle(order)
        total = 0.0
        for i in order:
            gold = torch.tensor(known[i].gold)
            logits = head(*tensors(known[i]))
            loss = torch.stack([F.cross_entropy(logits[:, at], gold[:, at], label_smoothing=0.02) for at in range(len(ROLES))]).sum()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimiser.step(), schedule.step()
            total += loss.item()
        print(f"pass {n + 1}, {time.monotonic() - began:.0f} s, loss {total / len(order):.4f}; dev F1 at {thresholds}: {'; '.join(measure(head, held, thresholds))}", flush=True)
    keep(options.model, {f"attribution_{k.replace('.', '_')}": v.detach().numpy() for k, v in head.named_parameters()})


if __name__ == "__main__":
    main()
