"""The event heads and the layers under them that only events use.

    python -m training.heads.events fit PAGES --out RUN [--fold K] [--seed N]

PAGES is a folder that `training.heads.scenes` wrote. The lower layers of the encoder are those that all heads share,
and stay as they are; the upper `SPECIAL` layers begin as copies of the shared ones and learn from whole events marked
in news. With `--fold K` of five, the pages of one fold (by `group`) are left out and what the network says of them is
written to RUN.
"""

from __future__ import annotations

import argparse
import copy
import json
import pickle
import random
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from communique.events.candidates import OF_PAIR, OF_PHRASE, OF_WORD
from communique.events.network import MODALITIES, NONE, TYPES, shared_opinion
from communique.events.ontology import MODES
from communique.events.retellings import LATEST, OF_RETELLING, Telling, of_retelling
from training.data.blocks import Vocabulary
from training.encoder.model import Encoder, Reader, words_of
from training.encoder.stage import Progress, take
from training.heads.scenes import FRAMES, Page, load

SPECIAL = 3  # of six layers
SHARED = 35
FOLDS = 5
ALL_MODES = sorted({m for modes in MODES.values() for m in modes})
WIDE, SIDE, NARROW = 256, 192, 96
WEIGHTS = {"type": 1.0, "side": 1.0, "modality": 0.3, "polarity": 0.15, "mode": 0.2, "same": 0.5}


class Events(nn.Module):
    """The upper layers and the heads; `communique.events.network.Network` is the same in arrays."""

    def __init__(self, layers: nn.ModuleList, size: int, dropout: float) -> None:
        super().__init__()
        self.layers, self.size = layers, size
        wide = 2 * size + OF_WORD + SHARED
        self.trigger, self.trigger_out = nn.Linear(wide, WIDE), nn.Linear(WIDE, 1 + len(TYPES))
        self.trigger_sentence = nn.Linear(size, WIDE, bias=False)
        self.trigger_page = nn.Linear(size, WIDE, bias=False)
        self.manner = nn.Linear(wide, SIDE)
        self.manner_out = nn.Linear(SIDE, len(MODALITIES) + 1 + len(ALL_MODES))
        self.side_trigger = nn.Linear(wide, SIDE)
        self.side_phrase = nn.Linear(2 * size + OF_PHRASE, SIDE, bias=False)
        self.side_pair = nn.Linear(OF_PAIR, SIDE, bias=False)
        self.side_query, self.side_key = nn.Linear(size, NARROW), nn.Linear(size, NARROW)
        self.side_product = nn.Linear(NARROW, SIDE, bias=False)
        self.side_inner, self.side_out = nn.Linear(SIDE, NARROW), nn.Linear(NARROW, 2)
        self.same_query, self.same_key = nn.Linear(size, NARROW), nn.Linear(size, NARROW)
        self.same_later, self.same_earlier = nn.Linear(2 * size, NARROW), nn.Linear(2 * size, NARROW, bias=False)
        self.same_product = nn.Linear(NARROW, NARROW, bias=False)
        self.same_pair = nn.Linear(OF_RETELLING, NARROW, bias=False)
        self.same_out, self.same_fresh = nn.Linear(NARROW, 1), nn.Linear(wide, 1)
        self.drop = nn.Dropout(dropout)

    def states(self, trunk: Tensor, mask: Tensor, first: Tensor, last: Tensor) -> Tensor:
        x, bias = trunk, (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return words_of(x, first, last)

    def types(self, words: Tensor, special: Tensor, sentence: Tensor, sentences: int) -> Tensor:
        means = torch.zeros(sentences, special.shape[1]).index_add_(0, sentence, special)
        means = means / torch.bincount(sentence, minlength=sentences).clamp_min(1)[:, None]
        hidden = self.trigger(words) + self.trigger_sentence(means)[sentence] + self.trigger_page(special.mean(0))
        return self.trigger_out(self.drop(F.gelu(hidden)))

    def sides(
        self, words: Tensor, heads: Tensor, of_phrase: Tensor, triggers: Tensor, rows: Tensor, pairs: Tensor
    ) -> Tensor:
        """Logits `(pairs, 2)`: `triggers` and `rows` name the trigger word and the phrase of each pair."""
        size = self.size
        at = words[heads]
        phrases = self.side_phrase(self.drop(torch.cat([at[:, : 2 * size], of_phrase], 1)))
        product = self.side_query(words[triggers][:, :size]) * self.side_key(at[:, :size])[rows]
        hidden = phrases[rows] + self.side_trigger(self.drop(words[triggers])) + self.side_pair(pairs)
        hidden = F.gelu(hidden + self.side_product(product))
        return self.side_out(self.drop(F.gelu(self.side_inner(self.drop(hidden)))))

    def retold(self, words: Tensor, later: int, earlier: Tensor, features: Tensor) -> Tensor:
        size = self.size
        word, others = words[later : later + 1], words[earlier]
        product = self.same_query(word[:, :size]) * self.same_key(others[:, :size])
        hidden = self.same_later(word[:, : 2 * size]) + self.same_earlier(others[:, : 2 * size])
        hidden = hidden + self.same_product(product) + self.same_pair(features)
        return torch.cat([self.same_out(self.drop(F.gelu(hidden)))[:, 0], self.same_fresh(word)[:, 0]])

    def arrays(self) -> dict[str, np.ndarray]:
        return {k: v.detach().numpy() for k, v in self.state_dict().items() if not k.startswith("layers.")}


@dataclass
class Ready:
    """A page as tensors."""

    page: Page
    trunk: list[Tensor]  # of each block, `(pieces, size)`, at half precision
    edges: list[tuple[Tensor, Tensor]]
    general: Tensor
    fixed: Tensor  # features of words, `(words, OF_WORD + SHARED)`
    sentence: Tensor
    of_phrase: Tensor
    heads: Tensor
    kinds: Tensor  # type of each word, -100 where it counts neither way
    pairs: tuple[Tensor, Tensor, Tensor, Tensor]  # trigger, row, features, labels `(pairs, 2)`, -1 unknown


def prepare(page: Page) -> Ready:
    scene = page.scene

    def tensor(x):
        return torch.from_numpy(np.ascontiguousarray(x))

    kinds = np.full(len(scene.reading.words), -100 if page.partial else NONE, np.int64)
    for mark in page.marks:
        if kinds[mark.trigger] in (NONE, -100):
            kinds[mark.trigger] = -100 if mark.doubtful or not mark.type else TYPES.index(mark.type)
    triggers, rows, features, labels = [], [], [np.zeros((0, OF_PAIR), np.float32)], []
    for mark in page.marks:
        if mark.doubtful or not mark.type:
            continue
        around = scene.around(mark.trigger)
        triggers += [mark.trigger] * len(around)
        rows += around
        features.append(scene.of_pairs(mark.trigger, around))
        for r in around:
            labels.append([1 if r in mark.right[k] else -1 if r in mark.maybe[k] else 0 for k in (0, 1)])
    return Ready(
        page, [tensor(b.trunk) for b in page.blocks],
        [(torch.tensor(b.first), torch.tensor(b.last)) for b in page.blocks],
        tensor(scene.reading.states.astype(np.float32)),
        tensor(np.concatenate([scene.of_word, shared_opinion(scene)], 1)), tensor(scene.sentence),
        tensor(scene.of_phrase), tensor(scene.heads), tensor(kinds),
        (torch.tensor(triggers, dtype=torch.long), torch.tensor(rows, dtype=torch.long),
         tensor(np.concatenate(features)), torch.tensor(labels, dtype=torch.float32).reshape(-1, 2)),
    )  # fmt: skip


def special_states(model: Events, pages: list[Ready]) -> list[Tensor]:
    """States of the words of each page, all blocks in one batch."""
    blocks = [(n, k) for n, p in enumerate(pages) for k in range(len(p.trunk))]
    longest = max(pages[n].trunk[k].shape[0] for n, k in blocks)
    widest = max(len(pages[n].edges[k][0]) for n, k in blocks)
    size = model.size
    x, mask = torch.zeros(len(blocks), longest, size), torch.zeros(len(blocks), longest)
    first, last = (torch.zeros(len(blocks), widest, dtype=torch.long) for _ in range(2))
    for row, (n, k) in enumerate(blocks):
        trunk, (a, b) = pages[n].trunk[k], pages[n].edges[k]
        x[row, : len(trunk)], mask[row, : len(trunk)] = trunk.float(), 1
        first[row, : len(a)], last[row, : len(b)] = a, b
    out = model.states(x, mask, first, last)
    found: list[list[Tensor]] = [[] for _ in pages]
    for row, (n, k) in enumerate(blocks):
        found[n].append(out[row, : len(pages[n].edges[k][0])])
    return [torch.cat(parts) if parts else torch.zeros(0, size) for parts in found]


def loss_of(model: Events, page: Ready, special: Tensor) -> dict[str, Tensor]:
    words = torch.cat([special, page.general, page.fixed], 1)
    dropped = model.drop(words)
    losses = {
        "type": F.cross_entropy(
            model.types(dropped, special, page.sentence, int(page.sentence.max()) + 1), page.kinds, reduction="sum"
        )
    }
    triggers, rows, features, labels = page.pairs
    if len(rows):
        logits = model.sides(words, page.heads, page.of_phrase, triggers, rows, features)
        known = labels >= 0
        losses["side"] = F.binary_cross_entropy_with_logits(logits[known], labels[known], reduction="sum")
    sure = [m for m in page.page.marks if not m.doubtful and m.modality]
    if sure:
        out = model.manner_out(F.gelu(model.manner(dropped[[m.trigger for m in sure]])))
        n = len(MODALITIES)
        how = torch.tensor([MODALITIES.index(m.modality) for m in sure])
        losses["modality"] = F.cross_entropy(out[:, :n], how, reduction="sum")
        denied = torch.tensor([float(m.polarity == "negative") for m in sure])
        losses["polarity"] = F.binary_cross_entropy_with_logits(out[:, n], denied, reduction="sum")
        modes = [_mode_loss(out[k, n + 1 :], m.type, m.mode) for k, m in enumerate(sure) if m.mode]
        if modes:
            losses["mode"] = torch.stack(modes).sum()
    if not page.page.partial:
        losses["same"] = _same_loss(model, page, words)
    return losses


def _mode_loss(scores: Tensor, kind: str, mode: str) -> Tensor:
    own = [ALL_MODES.index(m) for m in MODES[kind]]
    return F.cross_entropy(scores[own], torch.tensor(list(MODES[kind]).index(mode)))


def _same_loss(model: Events, page: Ready, words: Tensor) -> Tensor:
    """Retellings by the key's own types and sides."""
    total = words.new_zeros(())
    marks = page.page.marks
    order = sorted((k for k, m in enumerate(marks) if not m.doubtful), key=lambda k: marks[k].trigger)
    root = {k: k if marks[k].same is None else marks[k].same for k in order}
    told = {k: Telling(m.trigger, m.type, tuple(m.right[0]), tuple(m.right[1])) for k, m in enumerate(marks)}
    for at, k in enumerate(order):
        before = order[max(0, at - LATEST) : at]
        if not before:
            continue
        features = torch.from_numpy(of_retelling(page.page.scene, [told[b] for b in before], told[k]))
        scores = model.retold(words, marks[k].trigger, torch.tensor([marks[b].trigger for b in before]), features)
        right = [n for n, b in enumerate(before) if root[b] == root[k]] or [len(before)]
        total = total + scores.logsumexp(0) - scores[right].logsumexp(0)
    return total


def fold_of(page: Page) -> int:
    return zlib.crc32(f"fold {page.group}".encode()) % FOLDS


def batches(pages: list[Ready], pieces: int, rng: random.Random) -> list[list[Ready]]:
    """Pages of like block length together, about `pieces` pieces a batch."""

    def longest(p):
        return max((len(t) for t in p.trunk), default=0)

    order = sorted(pages, key=lambda p: (longest(p) // 24, rng.random()))
    found: list[list[Ready]] = []
    room = 0
    for p in order:
        need = longest(p) * len(p.trunk)
        if not need:
            continue
        if not found or room + need > pieces:
            found.append([])
            room = 0
        found[-1].append(p)
        room += need
    rng.shuffle(found)
    return found


def encoder_of(folder: Path, stage: Path | None) -> Encoder:
    """The encoder of a kept stage, or the public one where none is kept."""
    if stage is None:
        return Encoder.pretrained(folder).eval()
    vocabulary = Vocabulary(**json.loads((stage / "vocabulary.json").read_text()))
    reader = Reader(Encoder.pretrained(folder), vocabulary)
    take(reader, stage)
    return reader.encoder.eval()


def fit(pages: list[Ready], encoder: Encoder, options: argparse.Namespace) -> Events:
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    layers = copy.deepcopy(encoder.layers[len(encoder.layers) - options.special :])
    for module in layers.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.1
    model = Events(nn.ModuleList(layers), encoder.size, options.dropout)
    run = [batch for _ in range(options.rounds) for batch in batches(pages, options.pieces, rng)]
    groups = [
        {"params": list(model.layers.parameters()), "lr": options.rate},
        {"params": [p for n, p in model.named_parameters() if not n.startswith("layers.")], "lr": options.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    warm = max(1, len(run) // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.02, (len(run) - s) / max(1, len(run) - warm)))
    )
    model.train()
    options.out.mkdir(parents=True, exist_ok=True)
    parts = {"model": model, "optimiser": optimiser, "schedule": schedule}
    progress = Progress(options.out / "checkpoint.pt", len(run), **parts)
    for step in range(progress.start, len(run)):
        batch = run[step]
        losses: dict[str, Tensor] = {}
        for page, special in zip(batch, special_states(model, batch)):
            for name, value in loss_of(model, page, special).items():
                losses[name] = losses.get(name, torch.zeros(())) + value
        triggers = max(4, sum(len(p.page.marks) for p in batch))
        losses = {name: value / triggers for name, value in losses.items()}
        total = sum((WEIGHTS[k] * v for k, v in losses.items()), start=torch.zeros(()))
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step(), schedule.step()
        progress.after(step, sum(len(p.page.scene.reading.words) for p in batch), losses)
    return model.eval()


def fit_manner(model: Events, pages: list[Ready], seed: int, rounds: int = 6) -> None:
    """Trains the heads of modality, polarity and mode once more, on the finished states, with our own framed sentences
    beside news.
    """
    torch.manual_seed(seed)
    x, how, denied, modes = [], [], [], []
    with torch.no_grad():
        for page in pages:
            marks = [m for m in page.page.marks if m.modality and not m.doubtful]
            if not marks:
                continue
            words = torch.cat([special_states(model, [page])[0], page.general, page.fixed], 1)
            for m in marks:
                x.append(words[m.trigger])
                how.append(MODALITIES.index(m.modality))
                denied.append(float(m.polarity == "negative"))
                modes.append((m.type, m.mode))
    inputs, wanted, negative = torch.stack(x), torch.tensor(how), torch.tensor(denied)
    parameters = [*model.manner.parameters(), *model.manner_out.parameters()]
    optimiser = torch.optim.AdamW(parameters, 4e-4, weight_decay=0.01)
    n = len(MODALITIES)
    for _ in range(rounds):
        for part in torch.randperm(len(inputs)).split(64):
            model.train()
            out = model.manner_out(F.gelu(model.manner(model.drop(inputs[part]))))
            loss = F.cross_entropy(out[:, :n], wanted[part])
            loss = loss + F.binary_cross_entropy_with_logits(out[:, n], negative[part])
            moded = [_mode_loss(out[k, n + 1 :], *modes[i]) for k, i in enumerate(part.tolist()) if modes[i][1]]
            if moded:
                loss = loss + 0.5 * torch.stack(moded).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    model.eval()


def say(model: Events, pages: list[Ready]) -> dict[str, np.ndarray]:
    """The special states of each page's words, by name."""
    found = {}
    with torch.no_grad():
        for page in pages:
            if page.trunk:
                found[page.page.name] = special_states(model, [page])[0].half().numpy()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fit", "manner"))
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--stage", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int, default=-1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--special", type=int, default=SPECIAL)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--pieces", type=int, default=1600)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--head-rate", type=float, default=8e-4)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--share", type=float, default=1.0, help="share of the pages to learn from")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pages = [p for folder in options.pages for p in load(folder)]
    encoder = encoder_of(options.encoder, options.stage)
    ready = [prepare(p) for p in pages]
    learn = [p for p in ready if p.page.partial or fold_of(p.page) != options.fold]
    learn = [p for p in learn if zlib.crc32(p.page.name.encode()) % 1000 < 1000 * options.share]
    if options.what == "fit":
        model = fit([p for p in learn if not p.page.name.startswith(FRAMES)], encoder, options)
    else:  # the heads of modality alone, of a run that is there
        model = Events(nn.ModuleList(copy.deepcopy(encoder.layers[-options.special :])), encoder.size, options.dropout)
        model.load_state_dict(torch.load(options.out / "model.pt", weights_only=True))
    fit_manner(model.eval(), learn, options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), options.out / "model.pt")
    about = {k: v for k, v in vars(options).items() if isinstance(v, (int, float))}
    about |= {"pages": len(learn), "tellings": sum(len(p.page.marks) for p in learn), "torch": torch.__version__}
    (options.out / "run.json").write_text(json.dumps(about, indent=1) + "\n")
    if options.fold >= 0:
        left = [p for p in ready if not p.page.partial and fold_of(p.page) == options.fold]
        with open(options.out / f"fold{options.fold}.pkl", "wb") as file:
            pickle.dump({"states": say(model, left), "arrays": model.arrays()}, file)


if __name__ == "__main__":
    main()
