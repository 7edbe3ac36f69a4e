"""Trains the coreference head on the states of a model that is already trained and exported.

    python -m training.heads.coreference --corpora CORPORA --model src/communique/reading/model [--passes 12] [--seed 1]

The encoder scores a pair of mentions by a product of their heads' states and twelve features of their words. This head
sees both states, syntactic features of both (relation, number, sentence distance), and that score. Trains on the
mentions that the model finds in GUM's training documents; ten minutes on one core. Prints CoNLL F1 on GUM dev.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from communique.reading import Analyser, Model
from communique.reading.coreference import FEATURES, FURTHER, Scores, entities, known_of
from training.data.corpora import gum
from training.data.documents import Document, raw
from training.heads.modality import keep
from training.metrics import Cluster, clusters, coreference

HIDDEN, PRODUCT = 64, 48


class Mentions(NamedTuple):
    """The mentions of a document: the input features of each (n, size), of each pair by stretches with the encoder's
    scores, the gold chain of each (-1: none), spans, gold clusters.
    """

    seen: NDArray[np.float32]
    pairs: list[tuple[Scores, NDArray[np.float16]]]
    chain: NDArray[np.int64]
    spans: list[tuple[int, int]]
    gold: list[Cluster]


def documents(analyse: Analyser, found: list[Document]) -> list[Mentions]:
    known = []
    began = time.monotonic()
    for n, document in enumerate(found):
        text, spans = raw(document)
        seen: dict[str, Any] = {}
        reading = analyse(text, seen)
        where = [reading.span(m.start, m.end) for m in reading.mentions]
        gold = {(spans[s][0], spans[e - 1][1]): chain for _, s, e, _, chain in document.layers["mentions"]}
        if len(where) < 2:
            continue
        states, tree, first = seen["coref"]
        pairs = [(stretch, known_of(tree, stretch).astype(np.float16)) for stretch in first]
        known.append(
            Mentions(
                np.concatenate([states, tree.own], 1),
                pairs,
                np.array([gold.get(w, -1) for w in where]),
                where,
                clusters([(s, c) for s, c in gold.items()]),
            )
        )
        if n % 50 == 0:
            print(f"{n} documents, {time.monotonic() - began:.0f} s", flush=True)
    return known


class Head(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.mine, self.theirs = nn.Linear(size, HIDDEN), nn.Linear(size, HIDDEN, bias=False)
        self.query, self.key = nn.Linear(size, PRODUCT, bias=False), nn.Linear(size, PRODUCT, bias=False)
        self.pair = nn.Linear(PRODUCT + FEATURES + FURTHER + 1, HIDDEN, bias=False)
        self.alone, self.none = nn.Linear(size, HIDDEN), nn.Linear(HIDDEN, 1)
        self.out = nn.Linear(HIDDEN, 1)
        self.drop = nn.Dropout(0.3)
        nn.init.zeros_(self.out.weight), nn.init.zeros_(self.none.weight)

    def forward(self, d: Mentions) -> list[tuple[int, int, torch.Tensor, torch.Tensor, NDArray[np.bool_]]]:
        x = self.drop(torch.tensor(d.seen))
        mine, theirs, query, key = self.mine(x), self.theirs(x), self.query(x), self.key(x)
        alone = self.none(self.drop(F.gelu(self.alone(x))))[:, 0]
        found = []
        for (a, low, scores, fresh, compared), features in d.pairs:
            b = a + len(scores)
            rows, columns = np.nonzero(compared)
            known = torch.tensor(features[rows, columns], dtype=torch.float32)
            hidden = (
                mine[a:b][rows]
                + theirs[low:b][columns]
                + self.pair(torch.cat([query[a:b][rows] * key[low:b][columns], known], 1))
            )
            told = torch.full(scores.shape, -1e4)
            told[rows, columns] = torch.tensor(scores[rows, columns]) + self.out(self.drop(F.gelu(hidden)))[:, 0]
            found.append((a, low, told, torch.tensor(fresh) + alone[a:b], compared))
        return found


def loss_of(head: Head, d: Mentions) -> torch.Tensor:
    """Returns the negative log-likelihood summed over mentions. Correct antecedents are the earlier mentions of the
    same chain among those compared, or none.
    """
    total = torch.zeros(())
    for a, low, told, fresh, compared in head(d):
        b = a + len(told)
        right = torch.tensor((d.chain[a:b, None] == d.chain[None, low:b]) & (d.chain[a:b, None] >= 0) & compared)
        scores = torch.cat([fresh[:, None], told], 1)
        right = torch.cat([~right.any(1, keepdim=True), right], 1)
        total = total + (scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)).sum()
    return total


def measure(head: Head, held: list[Mentions]) -> float:
    gold: list[Cluster] = []
    found: list[Cluster] = []
    head.eval()
    with torch.no_grad():
        for n, d in enumerate(held):
            told = entities(
                Scores(a, low, pairs.numpy(), fresh.numpy(), compared) for a, low, pairs, fresh, compared in head(d)
            )
            for into, some in ((gold, d.gold), (found, clusters(list(zip(d.spans, told))))):
                into += [frozenset((s + n * 10**7, e + n * 10**7) for s, e in c) for c in some]
    head.train()
    return float(coreference(gold, found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    model = Model(options.model, threads=1)
    for name in [k for k in model.arrays if k.startswith("coref_")]:
        del model.arrays[name]  # the head learns from the encoder's own scores
    analyse = Analyser(model)
    held, known = (documents(analyse, list(gum(options.corpora, part))) for part in ("dev", "train"))
    head = Head(known[0].seen.shape[1])
    print(f"the encoder alone: {measure(head, held):.4f}", flush=True)
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, total_steps=options.passes * len(known))
    began = time.monotonic()
    for n in range(options.passes):
        random.Random(options.seed * 1000 + n).shuffle(known)
        total = count = 0.0
        for d in known:
            loss = loss_of(head, d)
            optimiser.zero_grad(set_to_none=True)
            (loss / len(d.chain)).backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimiser.step(), schedule.step()
            total, count = total + float(loss.detach()), count + len(d.chain)
        print(
            f"pass {n + 1}, {time.monotonic() - began:.0f} s, loss {total / count:.4f}; CoNLL F1 on dev "
            f"{measure(head, held):.4f}",
            flush=True,
        )
    keep(options.model, {f"coref_{k.replace('.', '_')}": v.detach().numpy() for k, v in head.named_parameters()})


if __name__ == "__main__":
    main()
