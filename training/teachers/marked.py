"""A large encoder that sees both parties marked, as a teacher of event types.

    python -m training.teachers.marked fit --corpora CORPORA --encoder FOLDER --out FOLDER
    python -m training.teachers.marked say --corpora CORPORA --run FOLDER --encoder FOLDER --out soft.json.gz

`fit` trains all-mpnet-base-v2 on the pairs of PLV, CAMEO and our own sentences, and prints its score on the held-out
fifth of PLV. `say` classifies pairs of parties in unannotated news. It stores the probabilities as numbers by document
and character offsets, so that it need not run again and no text is stored.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from training.data import corpora as read
from training.data import written
from training.data.blocks import PENTA_TYPES, PLV_TYPES
from training.data.documents import TYPES, Document, raw
from training.encoder.stage import Progress

Span = tuple[int, int]


class Marked(NamedTuple):
    """A sentence, the characters of its two parties, and its types, any of which is right."""

    text: str
    source: Span | None
    target: Span | None
    types: list[int]


class Judge(nn.Module):
    """Classifies a marked pair as one of PLOVER's 16 types or "nothing", from the states at the two marks and the
    sentence mean.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import MPNetModel

        self.encoder = MPNetModel.from_pretrained(folder, add_pooling_layer=False)
        size = self.encoder.config.hidden_size
        self.out = nn.Sequential(nn.Linear(3 * size, 256), nn.GELU(), nn.Dropout(0.1), nn.Linear(256, 1 + len(TYPES)))

    def forward(self, ids: Tensor, mask: Tensor, marks: Tensor) -> Tensor:
        x = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        rows = torch.arange(len(ids), device=ids.device)
        mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return self.out(torch.cat([mean, x[rows, marks[:, 0]], x[rows, marks[:, 1]]], 1))


class Marker:
    """Converts sentences to word pieces, with `@` around the source and `#` around the target."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(200)

    def __call__(self, items: list[Marked]) -> tuple[Tensor, Tensor, Tensor]:
        rows, marks = [], []
        for item in items:
            text, places = item.text, []
            edges = [(s, sign) for span, sign in ((item.source, "@"), (item.target, "#")) if span for s in span]
            for at, sign in sorted(edges, reverse=True):
                text = f"{text[:at]} {sign} {text[at:]}"
            encoded = self.tokenizer.encode(text)
            for sign in "@#":
                places.append(next((i for i, token in enumerate(encoded.tokens) if token == sign), 0))
            rows.append(encoded.ids)
            marks.append(places)
        longest = max(map(len, rows))
        ids = torch.ones(len(rows), longest, dtype=torch.long)
        mask = torch.zeros(len(rows), longest)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = torch.tensor(row), 1
        return ids, mask, torch.tensor(marks)


def marked(document: Document) -> list[Marked]:
    """Returns the pairs of a one-sentence document."""
    text, spans = raw(document)

    def within(span):
        return None if span is None else (spans[span[0]][0], spans[span[1] - 1][1])

    found = [
        Marked(text, within(s), within(t), PLV_TYPES[kind]) for s, t, kind, _, _ in document.layers.get("pairs", ())
    ]
    if document.layers.get("penta") and "pairs" not in document.layers and "role" in document.layers:
        parties = []
        for base in (1, 3):
            first = next((i for i, r in enumerate(document.layers["role"]) if r == base), None)
            end = first
            while end is not None and end + 1 < len(spans) and document.layers["role"][end + 1] == base + 1:
                end += 1
            parties.append(None if first is None or end is None else (spans[first][0], spans[end][1]))
        if any(parties):
            found.append(Marked(text, parties[0], parties[1], PENTA_TYPES[document.layers["penta"]]))
    return found


def fit(options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    judge, marker = Judge(options.encoder).to(device), Marker(options.encoder)
    options.out.mkdir(parents=True, exist_ok=True)
    plv = [m for d in read.plv(options.corpora) for m in marked(d)]
    cameo = [m for d in read.cameo(options.corpora) for m in marked(d)]
    run: list[list[Marked]] = []
    for number in range(options.rounds):
        rng = random.Random(f"{options.seed} {number}")
        ours = [m for d in written.documents(options.seed + 1000 * number, 1) for m in marked(d)]
        items = plv + (cameo if number % 2 else []) + rng.sample(ours, min(options.ours, len(ours)))
        rng.shuffle(items)
        parts = [sorted(items[i : i + 256], key=lambda m: len(m.text)) for i in range(0, len(items), 256)]
        batches = [part[i : i + 16] for part in parts for i in range(0, len(part), 16)]
        rng.shuffle(batches)
        run += batches
    inside = list(judge.encoder.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": inside, "lr": options.rate}, {"params": judge.out.parameters(), "lr": 10 * options.rate}],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (len(run) // 15 + 1), max(0.02, 1 - s / len(run)))
    )
    progress = Progress(options.out / "checkpoint.pt", len(run), model=judge, optimiser=optimiser, schedule=schedule)
    print(json.dumps({"plv": len(plv), "cameo": len(cameo), "steps": len(run), "start": progress.start}), flush=True)
    judge.train()
    for step in range(progress.start, len(run)):
        ids, mask, marks = (t.to(device) for t in marker(run[step]))
        logits = judge(ids, mask, marks)
        loss = torch.stack([row.logsumexp(0) - row[m.types].logsumexp(0) for row, m in zip(logits, run[step])]).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        optimiser.step(), schedule.step()
        progress.after(step, sum(len(m.text.split()) for m in run[step]), {"pair": loss})
    torch.save(judge.state_dict(), options.out / "judge.pt")
    print(f"held-out fifth of PLV, macro-F1 of 15 types: {score(judge, marker, options.corpora):.3f}", flush=True)


@torch.no_grad()
def probabilities(judge: Judge, marker: Marker, items: list[Marked], size: int = 32) -> list[list[float]]:
    judge.eval()
    device = next(judge.parameters()).device
    found: list[list[float]] = [[] for _ in items]
    order = sorted(range(len(items)), key=lambda i: len(items[i].text))
    for i in range(0, len(order), size):
        part = order[i : i + size]
        rows = judge(*(t.to(device) for t in marker([items[j] for j in part]))).softmax(1).tolist()
        for j, row in zip(part, rows):
            found[j] = row
    return found


def score(judge: Judge, marker: Marker, corpora: Path) -> float:
    held = [(m, d.layers["pairs"][0][2]) for d in read.plv(corpora, held=True) for m in marked(d)]
    pairs = []
    for row, (_, kind) in zip(probabilities(judge, marker, [m for m, _ in held]), held):
        summed: dict[str, float] = {}
        for name, p in zip(TYPES, row):
            summed["YIELD" if name in ("CONCEDE", "RETREAT") else name] = (
                summed.get("YIELD" if name in ("CONCEDE", "RETREAT") else name, 0.0) + p
            )
        pairs.append((kind, max(summed, key=lambda k: summed[k])))
    found = []
    for kind in {k for k, _ in pairs}:
        right = sum(a == b == kind for a, b in pairs)
        found.append(2 * right / (sum(a == kind for a, _ in pairs) + sum(b == kind for _, b in pairs)))
    return sum(found) / len(found)


def candidates(corpora: Path, limit: int, seed: int) -> Iterator[tuple[str, int, Marked]]:
    """Yields `(document, sentence start, pair)`: pairs with an event found by the shipped model, and some
    without one.
    """
    from communique import Reader

    reader, rng = Reader(threads=1), random.Random(seed)
    names = list(read.news(corpora))
    rng.shuffle(names)
    count = 0
    for name, text in names:
        try:
            report = reader.read_text(text)
        except Exception as error:  # a damaged text does not stop the run
            print(f"{name}: {error}", flush=True)
            continue
        seen: set[tuple[Span, Span]] = set()
        places = sorted(
            {
                (p.start, p.end)
                for p in report.parties
                if p.start is not None and p.end is not None and (p.country or p.sector)
            }
        )
        for event in report.events:
            e = event.evidence
            if any(place[0] >= e.start and place[1] <= e.end for place in places) and e.end - e.start < 600:
                inside = [p for p in places if e.start <= p[0] and p[1] <= e.end]
                wanted = {
                    ((a.start, a.end), (r.start, r.end))
                    for a in event.actors
                    for r in event.recipients
                    if e.start <= a.start < e.end and e.start <= r.start < e.end
                }
                others = [(a, b) for a in inside for b in inside if a[1] <= b[0] or b[1] <= a[0]]
                wanted |= set(rng.sample(others, min(1, len(others))))
                for a, b in sorted(wanted - seen):
                    if a[1] <= b[0] or b[1] <= a[0]:
                        seen.add((a, b))
                        yield (
                            name,
                            e.start,
                            Marked(
                                text[e.start : e.end],
                                (a[0] - e.start, a[1] - e.start),
                                (b[0] - e.start, b[1] - e.start),
                                [],
                            ),
                        )
                        count += 1
        if count >= limit:
            return


def say(options: argparse.Namespace) -> None:
    judge, marker = Judge(options.encoder), Marker(options.encoder)
    judge.load_state_dict(torch.load(options.run / "judge.pt", weights_only=True))
    found: dict[str, list[list[object]]] = {}
    waiting: list[tuple[str, int, Marked]] = []
    done, said = 0, time.monotonic()

    def flush() -> None:
        nonlocal done
        for (name, start, item), row in zip(waiting, probabilities(judge, marker, [w[2] for w in waiting])):
            assert item.source and item.target
            found.setdefault(name, []).append(
                [start, len(item.text), *item.source, *item.target, [round(100 * p) for p in row]]
            )
        done += len(waiting)
        waiting.clear()
        options.out.write_bytes(gzip.compress(json.dumps(found, separators=(",", ":")).encode(), mtime=0))

    for candidate in candidates(options.corpora, options.limit, options.seed):
        waiting.append(candidate)
        if len(waiting) == 512:
            flush()
            if time.monotonic() - said > 60:
                print(f"{done} pairs", flush=True)
                said = time.monotonic()
    flush()
    print(f"{done} pairs in {len(found)} documents", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fit", "say"))
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--run", type=Path, help="folder that `fit` wrote")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--ours", type=int, default=1200, help="own sentences a round")
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--limit", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fit(options) if options.what == "fit" else say(options)


if __name__ == "__main__":
    main()
