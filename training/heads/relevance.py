"""Trains the head that separates acts of public life from those of private life, on the states of a model that is
already trained and exported.

    python -m training.heads.relevance --corpora CORPORA --model src/communique/reading/model

PLOVER's corpora hold only news about states; a model trained on nothing else types "she borrowed her father's car" as
AID. Positive examples: the trigger words of PLV's, CAMEO's and AW's sentences, and the triggers of our own. Negative
examples: the predicates of GUM's stories, handbooks, textbooks and travel guides and of EWT's reviews, answers and
letters. Takes minutes on one core.
"""

from __future__ import annotations

import argparse
import bisect
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from communique.reading import Analyser, Model, Reading
from training.data import corpora as read
from training.data import written
from training.data.blocks import PENTA_TYPES, PLV_TYPES
from training.data.documents import Document
from training.heads.modality import features, store

PRIVATE_GUM = (
    "GUM_fiction",
    "GUM_whow",
    "GUM_vlog",
    "GUM_textbook",
    "GUM_academic",
    "GUM_voyage",
    "GUM_conversation",
    "GUM_bio",
)
PRIVATE_EWT = ("reviews", "answers", "email")


def predicates(reading: Reading) -> Iterator[int]:
    """Yields verbs and nouns that the model classifies as events."""
    for word in reading.words:
        if (
            word.upos == "VERB"
            and reading.event[word.index] >= 0.25
            or word.upos == "NOUN"
            and reading.event[word.index] >= 0.4
        ):
            yield word.index


def _text(document: Document) -> str:
    text = ""
    for i, word in enumerate(document.words):
        text += ("\n\n" if i and document.paragraph[i] else " " if i and not document.glued[i] else "") + word
    return text


def _kinds(document: Document) -> list[int]:
    """Returns the possible types, as numbers, of the event of a single sentence."""
    layers = document.layers
    if "pairs" in layers:
        return PLV_TYPES[layers["pairs"][0][2]]
    return (
        PENTA_TYPES[layers["penta"]]
        if layers.get("penta")
        else [k for _, name in layers.get("trigger", ()) for k in PLV_TYPES[name]]
    )


def public(analyse: Analyser, corpora: Path, held: bool = False) -> Iterator[np.ndarray]:
    """Yields the words that carry the event of a sentence of PLV, CAMEO or AW: those with the type of the sentence.

    Half of the sentences stand alone and half five to an article, so that the head does not learn from context size.
    """
    documents = [*read.plv(corpora, held), *([] if held else [*read.cameo(corpora), *read.aw(corpora)])]
    random.Random(1).shuffle(documents)
    half = len(documents) // 2
    groups = [[d] for d in documents[:half]] + [documents[i : i + 5] for i in range(half, len(documents), 5)]
    for group in groups:
        texts = [_text(d) for d in group]
        reading = analyse("\n\n".join(texts))
        starts = [sum(len(t) + 2 for t in texts[:n]) for n in range(len(texts))]
        for i in predicates(reading):
            kinds = _kinds(group[bisect.bisect_right(starts, reading.words[i].start) - 1])
            if kinds and float(reading.types[i][kinds].sum()) > 0.6:
                yield features(reading, i)


def private(analyse: Analyser, corpora: Path, part: str) -> Iterator[np.ndarray]:
    """Yields predicates of texts that are not about states; a third of the texts are also read sentence by sentence."""
    documents = [d for d in read.gum(corpora, part) if d.name.startswith(PRIVATE_GUM)]
    documents += [
        d
        for d in read.treebank(corpora / f"ewt/{part}.conllu", False, sentence_ids=True)
        if str(d.layers["ids"][0][0]).startswith(PRIVATE_EWT)
    ]
    for n, document in enumerate(documents):
        text = _text(document)
        reading = analyse(text)
        yield from (features(reading, i) for i in predicates(reading))
        if n % 3 == 0:
            for a, b in reading.sentences:
                alone = analyse(text[slice(*reading.span(a, b))])
                yield from (features(alone, i) for i in predicates(alone))


def own(analyse: Analyser, corpora: Path, seed: int) -> Iterator[tuple[np.ndarray, int]]:
    rows = list(written.documents(seed, 4))
    random.Random(seed).shuffle(rows)
    for document in rows[:3500]:
        reading = analyse(_text(document))
        if len(reading.words) == len(document.words):
            for word, kind in document.layers["trigger"]:
                yield features(reading, word), int(kind != "NONE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    began = time.monotonic()
    analyse = Analyser(Model(options.model, threads=2))
    told = np.stack(list(public(analyse, options.corpora)))
    print(f"{len(told)} words that tell an event, {time.monotonic() - began:.0f} s", flush=True)
    mine = list(own(analyse, options.corpora, options.seed))
    written = np.stack([f for f, known in mine if known])
    nothing = np.stack([f for f, known in mine if not known])
    print(f"{len(written)} of ours, {len(nothing)} that tell none, {time.monotonic() - began:.0f} s", flush=True)
    untold = np.stack(list(private(analyse, options.corpora, "train")))
    print(f"{len(untold)} predicates of private life, {time.monotonic() - began:.0f} s", flush=True)
    sets = [
        (torch.tensor(x), y, n)
        for x, y, n in ((told, 1.0, 128), (written, 1.0, 96), (nothing, 0.0, 16), (untold, 0.0, 208))
    ]
    model = nn.Sequential(nn.Linear(told.shape[1], 96), nn.GELU(), nn.Dropout(0.4), nn.Linear(96, 1))
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
    steps = 900
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, total_steps=steps)
    model.train()
    for step in range(steps):
        drawn = [(x[torch.randint(len(x), (n,))], y) for x, y, n in sets]
        x = torch.cat([a for a, _ in drawn])
        y = torch.cat([torch.full((len(a),), b) for a, b in drawn])
        loss = F.binary_cross_entropy_with_logits(model(x)[:, 0], y * 0.96 + 0.02)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step(), schedule.step()
        if (step + 1) % 300 == 0:
            print(f"{step + 1}/{steps} loss {loss.item():.3f}", flush=True)
    model.eval()
    with torch.no_grad():
        kept = torch.tensor(np.stack(list(public(analyse, options.corpora, held=True))))
        dropped = torch.tensor(np.stack(list(private(analyse, options.corpora, "dev"))))
        print(
            f"of PLV's held-out fifth {(model(kept) > 0).float().mean():.3f} of {len(kept)} kept; of dev's "
            f"private life {(model(dropped) > 0).float().mean():.3f} of {len(dropped)}"
        )
    store(options.model, "public", model)


if __name__ == "__main__":
    main()
