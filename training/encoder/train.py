"""Trains the encoder and its heads on all corpora together.

    python -m training.encoder.train --corpora CORPORA --encoder FOLDER --out FOLDER

Each corpus gets a set number of passes (`PASSES`): five or six for the treebanks, which teach most of the heads, one
for the large attribution corpus, and many for the small event corpora, so that none is drowned out. Batches hold blocks
of similar length from one or several corpora. A head's loss is the mean over its labels in the batch. The run writes a
checkpoint every ten minutes and continues from it when restarted.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import torch

from communique.reading.pieces import Pieces
from training.data import corpora as read
from training.data import frames, written
from training.data.blocks import Block, Vocabulary, batches, blocks, collate, packed
from training.data.documents import Document, counts
from training.data.swapped import COPIES
from training.encoder.model import Encoder, Reader
from training.encoder.stage import Progress, take
from training.teachers import large
from training.teachers.labels import Teacher

PASSES: dict[str, float] = {
    "gum": 6,
    "ewt": 5,
    "polnear": 1,
    "timebank": 4,
    "plv": 8,
    "cameo": 8,
    "aw": 4,
    "ecbplus": 3,
    "re3d": 3,
    "written": 3,
    "soft": 2,
    "framed": 1,
    "swapped": 0,
}
SINGLE = ("plv", "cameo", "aw", "written", "soft", "framed")  # corpora of single sentences
OURS = ("written", "framed")  # with other parties in each round
TAUGHT = ("plv", "cameo", "aw", "written", "framed", "ecbplus", "re3d")  # parsed by a teacher
WEIGHTS = {
    "arc": 1.0,
    "rel": 1.0,
    "upos": 0.5,
    "feats": 0.5,
    "lemma": 0.3,
    "sent": 0.5,
    "mention": 1.0,
    "mention_start": 0.5,
    "mention_end": 0.5,
    "coref": 0.5,
    "source": 1.0,
    "cue": 1.0,
    "content": 1.0,
    "pointer": 0.5,
    "time": 1.0,
    "class": 1.0,
    "fact": 1.0,
    "role": 1.0,
    "pair": 1.5,
    "pair_soft": 1.5,
    "pair_word": 0.7,
    "pair_mode": 0.5,
    "pair_spot": 0.4,
    "type": 0.5,
    "penta": 0.5,
}


def load(folder: Path, which: str, seed: int, part: int = 1, apart: bool = True) -> list[Document]:
    """Returns the documents of a corpus, or a fixed one of `part` parts of them. Without `apart`, only those CAMEO
    documents that are also in PLV.
    """
    if which == "swapped":
        found = taught_anew(folder)
    elif which in OURS:
        found = (
            frames.documents(folder, seed)
            if which == "framed"
            else written.documents(seed, classes=read.is_open(folder))
        )
    else:
        found = read.cameo(folder, apart=apart) if which == "cameo" else getattr(read, which)(folder)
    return [d for d in found if zlib.crc32(d.name.encode()) % part == 0]


def taught_anew(corpora: Path) -> Iterator[Document]:
    """Yields the treebanks' sentences with other words, with their trees and the large teacher's factuality labels."""
    for which in COPIES:
        for document, thought in large.told(corpora, f"swapped-{which}"):
            document.layers["fact"] = [float(o) if a else None for o, a in zip(thought, document.layers.pop("asked"))]
            if which == "ewt":
                del document.layers["feats"]  # where EWT's features differ from GUM's, GUM's win
            yield document


def add_opinions(documents: dict[str, list[Document]], corpora: Path, teacher: Teacher) -> None:
    """Adds a syntax teacher's trees to articles without annotation, and the large teacher's factuality labels to their
    verbs.

    Where UDS has the labels of two judges, uses the mean of theirs and the teacher's.
    """
    if "ewt" in documents:
        both = {
            d.name: [None if f is None else (f + float(o)) / 2 for f, o in zip(d.layers["fact"], thought)]
            for d, thought in large.told(corpora, "ewt")
        }
        for document in documents["ewt"]:
            document.layers["fact"] = both.get(document.name, document.layers["fact"])
    for name in documents.keys() & {"polnear", "gum"}:
        opinions = {document.name: thought for document, thought in large.told(corpora, name)}
        for document in documents[name]:
            teacher.label(document)
            if "upos" in document.layers:
                document.layers["fact"] = [
                    float(o) if u == "VERB" else None for o, u in zip(opinions[document.name], document.layers["upos"])
                ]


def passes(
    corpora: Path,
    documents: dict[str, list[Document]],
    vocabulary: Vocabulary,
    words: int,
    seed: int,
    share: float,
    teacher: Teacher | None,
    part: int = 1,
) -> list[list[Block]]:
    """Returns every batch of the whole run, in order, with each corpus spread evenly over it."""
    rounds = max(1, math.ceil(max(PASSES[name] for name in documents)))
    run: list[list[Block]] = []
    for number in range(rounds):
        rng = random.Random(f"{seed} {number}")
        items: list[Block] = []
        single: list[Block] = []
        for name, found in sorted(documents.items()):
            if name in OURS and number:
                found = load(corpora, name, seed + 1000 * number, part)  # other parties in each round
            for at, document in enumerate(found):
                # A corpus with fewer passes than rounds gives a part of its documents to each round.
                due = math.floor(PASSES[name] * share * (number + 1) / rounds + at / len(found)) - math.floor(
                    PASSES[name] * share * number / rounds + at / len(found)
                )
                if due and teacher is not None and name in TAUGHT:
                    teacher.label(document)
                for _ in range(due):
                    if name in SINGLE:
                        single += blocks(document, vocabulary, 128)
                    else:
                        items += blocks(document, vocabulary, rng.choice((0, 64, 128, 128, 192)))
        run += batches(items + packed(single, rng), words, rng)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="folder with the pretrained encoder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="share of the passes to make")
    parser.add_argument(
        "--part", type=int, default=1, help="learn from one of so many parts of each corpus, always the same"
    )
    parser.add_argument(
        "--bfloat16",
        action="store_true",
        help="the encoder computes at half precision, twice as fast where the processor knows how",
    )
    parser.add_argument("--words", type=int, default=1100, help="words in a batch")
    parser.add_argument(
        "--without",
        default="",
        help="corpora to leave out, separated by commas; cameo-apart: what of CAMEO is not in PLV",
    )
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--start", type=Path, help="a trained run to go on from, with its vocabulary")
    parser.add_argument(
        "--teacher",
        type=Path,
        help="an exported model whose syntax is taken for true in single sentences that have none",
    )
    parser.add_argument(
        "--told",
        action="store_true",
        help="learn from the opinions of training.teachers.large too, and from the teacher's trees of all articles",
    )
    parser.add_argument("--weights", default="", help="other weights of losses, such as fact=2")
    parser.add_argument(
        "--only", default="", help="learn by the loss of one head alone, from the texts that tell of it, such as fact"
    )
    parser.add_argument("--passes", default="", help="other numbers of passes, such as written=10,gum=0.5")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    for table, settings in ((PASSES, options.passes), (WEIGHTS, options.weights)):
        for setting in filter(None, settings.split(",")):
            name, _, value = setting.partition("=")
            if name not in table:
                raise SystemExit(f"{name}: is none of {', '.join(table)}")
            table[name] = float(value)
    if PASSES["swapped"] and not options.told:
        raise SystemExit("swapped=… wants --told: nobody but the large teacher judged those sentences")
    without = options.without.split(",")
    documents = {
        name: load(options.corpora, name, options.seed, options.part, "cameo-apart" not in without)
        for name, count in PASSES.items()
        if count and name not in without
    }
    documents = {name: found for name, found in documents.items() if found}  # a folder of open corpora lacks some
    if options.start:
        vocabulary = Vocabulary(**json.loads((options.start / "vocabulary.json").read_text()))
    else:
        vocabulary = Vocabulary.of(d for found in documents.values() for d in found)
    teacher = Teacher(options.teacher, options.out / "labels.jsonl") if options.teacher else None
    if options.told:
        if teacher is None or read.is_open(options.corpora):
            raise SystemExit(
                "--told wants --teacher, and the whole corpora: what the large teacher thinks comes from "
                "texts that may not be put to every use"
            )
        add_opinions(documents, options.corpora, teacher)
    if options.only:
        documents = {
            name: some for name, found in documents.items() if (some := [d for d in found if options.only in d.layers])
        }
        if not documents or options.only not in WEIGHTS:
            raise SystemExit(f"--only {options.only}: no text tells of it")
        WEIGHTS.update(dict.fromkeys(WEIGHTS.keys() - {options.only}, 0.0))
    run = passes(
        options.corpora, documents, vocabulary, options.words, options.seed, options.share, teacher, options.part
    )
    pieces = Pieces(options.encoder / "tokenizer.json")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = Reader(Encoder.pretrained(options.encoder), vocabulary).to(device)
    if options.start:
        take(model, options.start)
    model.fast = options.bfloat16
    model.encoder.word.weight.requires_grad_(False)
    inside = {id(p) for p in model.encoder.parameters()}
    groups = [
        {"params": [p for p in model.encoder.parameters() if p.requires_grad], "lr": options.rate},
        {"params": [p for p in model.parameters() if id(p) not in inside], "lr": 4 * options.rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    warm = min(150, len(run) // 10 + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.02, (len(run) - s) / (len(run) - warm)))
    )
    settings = {k: str(v) for k, v in vars(options).items()} | {
        "passes": {k: PASSES[k] for k in documents},
        "torch": torch.__version__,
        "device": device,
        "steps": len(run),
    }
    progress = Progress(options.out / "checkpoint.pt", len(run), model=model, optimiser=optimiser, schedule=schedule)
    total = sum(len(b.words) for batch in run for b in batch)
    print(
        json.dumps(
            {
                "documents": {k: len(v) for k, v in documents.items()},
                "words": total,
                "steps": len(run),
                "start": progress.start,
                "aligned": dict(counts),
            }
        ),
        flush=True,
    )
    (options.out / "vocabulary.json").write_text(json.dumps(vars(vocabulary)))
    model.train()
    for step in range(progress.start, len(run)):
        batch = collate(run[step], pieces, random.Random(f"{options.seed} {step}"))
        batch = {k: v.to(device) if isinstance(v, torch.Tensor) else v for k, v in batch.items()}
        losses = model.loss(batch)
        total_loss = sum(
            (WEIGHTS[name] * value for name, value in losses.items() if WEIGHTS[name]),
            start=torch.zeros((), device=device),
        )
        if not torch.isfinite(total_loss):
            raise FloatingPointError(f"step {step}: { ({k: v.item() for k, v in losses.items()}) }")
        optimiser.zero_grad(set_to_none=True)
        total_loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step(), schedule.step()
        progress.after(step, sum(len(b.words) for b in run[step]), losses)
    torch.save(model.state_dict(), options.out / "model.pt")
    (options.out / "run.json").write_text(
        json.dumps(settings | {"seconds": round(time.monotonic() - progress.began), "words": progress.words}, indent=1)
    )


if __name__ == "__main__":
    main()
