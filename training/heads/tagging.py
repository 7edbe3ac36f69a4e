"""Trains the heads that tag words with the dependency tree in view, on the states of a model that is already trained
and exported.

    python -m training.heads.tagging attribution --corpora CORPORA --model src/communique/reading/model
        [--passes 14] [--seed 1]

The encoder's own tags use only the state of the word. These heads use the states of the word and of its syntactic head,
the relation between them, the encoder's tags of both, and, by two convolutions, the neighbouring words. The model's
weights stay unchanged. HEAD is

`attribution`  sources, cues and contents: PolNeAR's training articles, the first annotator of each; ten minutes on one
core. Prints F1 by token on dev.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from communique.reading import Analyser, Model
from communique.reading.tagging import SPEECH, speech_of
from training.data.corpora import read_brat
from training.heads.modality import keep

HIDDEN, RELATION, WIDTH = 160, 16, 5
Arrays = dict[str, NDArray[np.float32]]


class Text(NamedTuple):
    """A text. `states` (n, d) and `extra` (n, k) are features of its words; `heads` and `relations` are their syntactic
    heads and relations. `gold` are tags (n, layers): 0 none, else the word's position in a span.
    """

    states: NDArray[np.float16]
    heads: NDArray[np.int64]
    relations: NDArray[np.int64]
    extra: NDArray[np.float32]
    gold: NDArray[Any]
    counted: NDArray[np.bool_]


def articles(analyse: Analyser, folder: Path) -> Iterator[Text]:
    """Yields PolNeAR's articles with source, cue and content tags: 1 for the first word of a span, 2 for the others."""
    first: dict[str, Path] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        first.setdefault(path.stem.rsplit("_", 1)[0], path)
    began = time.monotonic()
    for n, (name, path) in enumerate(sorted(first.items())):
        seen: Arrays = {}
        reading = analyse((folder / "text" / f"{name}.txt").read_text("utf-8"), seen)
        starts, ends = np.array([w.start for w in reading.words]), np.array([w.end for w in reading.words])
        gold = np.zeros((len(starts), len(SPEECH)), np.int64)
        for attribution in read_brat(path):
            for at, role in enumerate(SPEECH):
                for s, e in attribution[role.title()]:
                    inside = np.flatnonzero((starts < e) & (ends > s))
                    gold[inside, at] = 2
                    gold[inside[:1], at] = 1
        counted = np.array([re.search(r"\w", w.text) is not None for w in reading.words])
        yield Text(
            reading.states.astype(np.float16),
            seen["heads"].astype(np.int64),
            seen["relations"].astype(np.int64),
            speech_of(seen),
            gold,
            counted,
        )
        if n % 100 == 0:
            print(f"{n} articles of {folder.name}, {time.monotonic() - began:.0f} s", flush=True)


def by_tag(told: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    return torch.stack(
        [F.cross_entropy(told[:, at], gold[:, at], label_smoothing=0.02) for at in range(gold.shape[1])]
    ).sum()


class Head(nn.Module):
    def __init__(self, states: int, relations: int, extras: int, layers: int, tags: int, drop: float) -> None:
        super().__init__()
        self.relation = nn.Embedding(relations, RELATION)
        self.into = nn.Linear(2 * states + RELATION + extras, HIDDEN)
        self.near = nn.Conv1d(HIDDEN, HIDDEN, WIDTH, padding=2)
        self.far = nn.Conv1d(HIDDEN, HIDDEN, WIDTH, padding=4, dilation=2)
        self.out = nn.Linear(2 * HIDDEN, layers * tags)
        self.drop, self.layers, self.tags = nn.Dropout(drop), layers, tags

    def forward(self, text: Text) -> torch.Tensor:
        states, heads = torch.tensor(text.states, dtype=torch.float32), torch.tensor(text.heads)
        x = torch.cat([states, states[heads], self.relation(torch.tensor(text.relations)), torch.tensor(text.extra)], 1)
        own = F.gelu(self.into(self.drop(x)))
        around = own.t()[None]
        for layer in (self.near, self.far):
            around = around + F.gelu(layer(self.drop(around)))
        logits: torch.Tensor = self.out(self.drop(torch.cat([own, around[0].t()], 1)))
        return logits.view(-1, self.layers, self.tags)


Measure = Callable[[list[NDArray[np.float32]], list[Text]], str]


def by_token(told: list[NDArray[np.float32]], held: list[Text]) -> str:
    lines = []
    for at, role in enumerate(SPEECH):
        right = found = wanted = 0
        for text, p in zip(held, told):
            mine, theirs = (p[:, at, 0] < 0.5) & text.counted, (text.gold[:, at] > 0) & text.counted
            right, found, wanted = (
                right + int((mine & theirs).sum()),
                found + int(mine.sum()),
                wanted + int(theirs.sum()),
            )
        lines.append(f"{role} {2 * right / max(1, found + wanted):.4f}")
    return ", ".join(lines)


def fit(
    head: Head, known: list[Text], held: list[Text], seed: int, passes: int, batch: int, decay: float, measure: Measure
) -> list[NDArray[np.float32]]:
    """Trains a head in place and returns its predictions for the held-out texts."""
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, total_steps=passes * -(-len(known) // batch))
    began, known, told = time.monotonic(), known[:], []
    for n in range(passes):
        random.Random(seed * 1000 + n).shuffle(known)
        total = 0.0
        for i in range(0, len(known), batch):
            some = known[i : i + batch]
            loss = by_tag(torch.cat([head(t) for t in some]), torch.cat([torch.tensor(t.gold) for t in some]))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimiser.step(), schedule.step()
            total += loss.item() * len(some)
        head.eval()
        with torch.no_grad():
            told = [torch.softmax(head(t), -1).numpy() for t in held]
        print(
            f"pass {n + 1}, {time.monotonic() - began:.0f} s, loss {total / len(known):.4f}; held out: "
            f"{measure(told, held)}",
            flush=True,
        )
        head.train()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("head", choices=("attribution",))
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=14, help="over the texts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--heads", type=int, default=1, help="so many, of seeds that follow one another, whose mean is told"
    )
    options = parser.parse_args()
    model = Model(options.model, threads=1)
    for name in [k for k in model.arrays if k.startswith(options.head)]:
        del model.arrays[name]  # the head learns from the encoder's own tags
    analyse = Analyser(model)
    held, known = (list(articles(analyse, options.corpora / "polnear" / part)) for part in ("dev", "train"))
    layers, tags, batch, drop, decay, measure = len(SPEECH), 3, 1, 0.3, 0.02, by_token
    arrays: Arrays = {}
    means: list[list[NDArray[np.float32]]] = []
    for number in range(1, options.heads + 1):
        seed = options.seed + number - 1
        torch.manual_seed(seed)
        head = Head(known[0].states.shape[1], len(model.labels.rel) + 1, known[0].extra.shape[1], layers, tags, drop)
        means.append(fit(head, known, held, seed, options.passes, batch, decay, measure))
        name = options.head + (str(number) if number > 1 else "")
        arrays |= {f"{name}_{k.replace('.', '_')}": v.detach().numpy() for k, v in head.named_parameters()}
    if len(means) > 1:
        print(f"the mean of {len(means)}; held out: {measure([np.mean(told, 0) for told in zip(*means)], held)}")
    keep(options.model, arrays, options.head)


if __name__ == "__main__":
    main()
