"""Cuts documents into blocks and batches blocks as arrays."""

from __future__ import annotations

import collections
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch

from communique.reading.pieces import Pieces
from training.data.documents import MENTION_TYPES, MODES, NOT, TYPES, Document

WORD_LAYERS = ("sent", "upos", "feats", "lemma", "rel", "mention", "time", "source", "cue", "content", "class", "role")
PLV_TYPES = {name: [TYPES.index(name)] for name in TYPES} | {
    "YIELD": [TYPES.index("CONCEDE"), TYPES.index("RETREAT")],
    "NONE": [len(TYPES)],
}
PENTA_TYPES = {0: [16], 1: [0, 1, 2, 3], 2: [4, 5, 6], 3: [7, 8, 9, 10], 4: [11, 12, 13, 14, 15]}


@dataclass
class Vocabulary:
    """The label sets, collected from the treebanks."""

    upos: list[str]
    feats: list[str]
    lemma: list[str]
    rel: list[str]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Vocabulary:
        seen: dict[str, collections.Counter[str]] = {
            k: collections.Counter() for k in ("upos", "feats", "lemma", "rel")
        }
        for document in documents:
            for name, counter in seen.items():
                counter.update(x for x in document.layers.get(name, ()) if x is not None)
        kept = {
            name: [
                x
                for x, n in sorted(c.items(), key=lambda p: (-p[1], p[0]))
                if n >= (3 if name in ("feats", "lemma") else 1)
            ]
            for name, c in seen.items()
        }
        kept["rel"] = [r for r in kept["rel"] if r != "_"]
        kept["upos"] = [u for u in kept["upos"] if u != "_"]
        return cls(**kept)


@dataclass
class Block:
    """A stretch of a document that the encoder reads in one piece."""

    words: list[str]
    layers: dict[str, np.ndarray]
    head: np.ndarray | None
    mentions: list[tuple[int, int, int, int, int]]  # head, start, end, type, chain
    pointer: np.ndarray | None
    fact: np.ndarray | None
    pairs: list[Pair]
    triggers: list[tuple[int, int]]
    penta: list[tuple[int, int, int]]  # first word of a sentence, one past its last, class


class Pair(NamedTuple):
    """What a source does to a target (both `(first, last + 1)`) in the sentence from word `low` to before `high`. Any
    of `types` is right.
    """

    source: tuple[int, int] | None
    target: tuple[int, int] | None
    types: list[int]
    mode: int
    trigger: int | None
    low: int
    high: int
    shares: tuple[float, ...] = ()  # a teacher's probability of each type, instead of `types`

    def moved(self, by: int) -> Pair:
        def move(span):
            return None if span is None else (span[0] + by, span[1] + by)

        trigger = None if self.trigger is None else self.trigger + by
        return Pair(
            move(self.source),
            move(self.target),
            self.types,
            self.mode,
            trigger,
            self.low + by,
            self.high + by,
            self.shares,
        )


def cut(document: Document, limit: int) -> list[tuple[int, int]]:
    """Returns stretches of at most `limit` words that end at sentence ends. Cuts a longer sentence inside."""
    ends = document.breaks[1:] + [len(document.words)]
    if limit == 0:  # each sentence alone
        return [(a, min(b, a + 200)) for a, b in zip(document.breaks, ends) if b > a]
    stretches, start, last = [], 0, 0
    for end in ends:
        if end - start > limit:
            if last > start:
                stretches.append((start, last))
                start = last
            while end - start > limit:
                stretches.append((start, start + limit))
                start += limit
        last = end
    if start < len(document.words):
        stretches.append((start, len(document.words)))
    return stretches


def blocks(document: Document, vocabulary: Vocabulary, limit: int) -> list[Block]:
    index = {
        name: {x: i for i, x in enumerate(getattr(vocabulary, name))} for name in ("upos", "feats", "lemma", "rel")
    }
    layers = document.layers
    found = []
    whole = "pairs" in layers or "soft" in layers or "penta" in layers or "trigger" in layers
    for a, b in [(0, min(len(document.words), 400))] if whole else cut(document, limit):
        n = b - a
        arrays: dict[str, np.ndarray] = {}
        for name in WORD_LAYERS:
            if name in layers:
                values = layers[name][a:b]
                arrays[name] = np.array(
                    [index[name].get(v, NOT) if name in index else v for v in values], dtype=np.int64
                )
        if "sent" not in layers:
            # Paragraphs open sentences. After a mark that may end a sentence the label is unknown; no other word begins
            # one.
            ends = [i > a and document.words[i - 1][-1] in ".!?:;…\"'”’)" for i in range(a, b)]
            arrays["sent"] = np.array(
                [1 if document.paragraph[i] else NOT if e else 0 for i, e in zip(range(a, b), ends)], dtype=np.int64
            )
        head = None
        if "head" in layers:
            head = np.array([h - a if a <= h < b else i for i, h in enumerate(layers["head"][a:b])], dtype=np.int64)
        mentions = []
        if "mentions" in layers:
            tags = np.zeros(n, dtype=np.int64)
            for h, s, e, kind, chain in layers["mentions"]:
                if a <= s and e <= b:
                    tags[h - a] = 1 + MENTION_TYPES.index(kind)
                    mentions.append((h - a, s - a, e - 1 - a, MENTION_TYPES.index(kind), chain))
            arrays["mention"] = tags
        elif "named" in layers:
            tags = np.full(n, NOT, dtype=np.int64)
            for s, e, kind in layers["named"]:
                if a <= s and e <= b and (top := _top(head, s - a, e - a)) is not None:
                    tags[top] = 1 + MENTION_TYPES.index(kind)
            arrays["mention"] = tags
        pointer = None
        if "pointer" in layers:
            pointer = np.array([p - a if a <= p < b else NOT for p in layers["pointer"][a:b]], dtype=np.int64)
        fact = None
        if "fact" in layers:
            fact = np.array([np.nan if f is None else f for f in layers["fact"][a:b]], dtype=np.float32)
        pairs = [
            Pair(s, t, PLV_TYPES[kind], MODES.index(mode) if mode else NOT, w, 0, n)
            for s, t, kind, mode, w in layers.get("pairs", ())
        ]
        pairs += [Pair(s, t, [], NOT, None, 0, n, tuple(shares)) for s, t, shares in layers.get("soft", ())]
        penta = [(0, n, layers["penta"])] if "penta" in layers else []
        # Class 0 is "neutral or mere comment", including meetings and calls: it says nothing about PLOVER's types.
        if layers.get("penta") and "pairs" not in layers and "role" in layers:
            role = layers["role"]
            spans: list[tuple[int, int] | None] = []
            for base in (1, 3):
                starts = [i for i, r in enumerate(role) if r == base]
                if starts:
                    end = starts[0] + 1
                    while end < len(role) and role[end] == base + 1:
                        end += 1
                    spans.append((starts[0], end))
                else:
                    spans.append(None)
            if any(spans):
                pairs.append(Pair(spans[0], spans[1], PENTA_TYPES[layers["penta"]], NOT, None, 0, n))
        triggers = [(w, PLV_TYPES[kind][0]) for w, kind in layers.get("trigger", ())]
        found.append(Block(document.words[a:b], arrays, head, mentions, pointer, fact, pairs, triggers, penta))
    return found


def _top(head: np.ndarray | None, start: int, end: int) -> int | None:
    """Returns the head word of a span. Without a tree it is known only for a span of one word."""
    if head is None:
        return start if end - start == 1 else None
    return next((i for i in range(start, end) if not start <= head[i] < end or head[i] == i), None)


def packed(items: list[Block], rng: random.Random) -> list[Block]:
    """Joins some of the single sentences in groups of two to four, because articles are read in longer stretches."""
    items = items[:]
    rng.shuffle(items)
    found = []
    while items:
        count = rng.choice((1, 1, 1, 2, 3, 4))
        group = [items.pop() for _ in range(min(count, len(items)))]
        while sum(len(b.words) for b in group) > 200 and len(group) > 1:
            items.append(group.pop())
        found.append(_together(group) if len(group) > 1 else group[0])
    return found


def _together(group: list[Block]) -> Block:
    words: list[str] = []
    pairs: list[Pair] = []
    triggers, penta = [], []
    names = {name for b in group for name in b.layers}
    parts: dict[str, list[np.ndarray]] = {name: [] for name in names}
    heads: list[np.ndarray] = []
    facts = np.concatenate([np.full(len(b.words), np.nan, np.float32) if b.fact is None else b.fact for b in group])
    for b in group:
        base = len(words)
        heads.append(
            np.full(len(b.words), NOT, np.int64) if b.head is None else np.where(b.head == NOT, NOT, b.head + base)
        )
        words += b.words
        pairs += [p.moved(base) for p in b.pairs]
        triggers += [(w + base, kind) for w, kind in b.triggers]
        penta += [(low + base, high + base, kind) for low, high, kind in b.penta]
        for name in names:
            parts[name].append(b.layers.get(name, np.full(len(b.words), NOT, np.int64)))
    return Block(
        words,
        {k: np.concatenate(v) for k, v in parts.items()},
        np.concatenate(heads),
        [],
        None,
        facts,
        pairs,
        triggers,
        penta,
    )


def batches(items: list[Block], words: int, rng: random.Random) -> list[list[Block]]:
    """Groups blocks of similar length, at most `words` words with padding, and shuffles the batches."""
    items = sorted(items, key=lambda b: (len(b.words), rng.random()))
    result, current = [], []
    for block in items:
        if current and (len(current) + 1) * len(block.words) > words:
            result.append(current)
            current = []
        current.append(block)
    if current:
        result.append(current)
    rng.shuffle(result)
    return result


def collate(batch: list[Block], pieces: Pieces, rng: random.Random | None = None) -> dict[str, Any]:
    """Returns the arrays of a batch. With `rng`, some blocks become all lower case or all capitals, as in headlines."""
    rows = [pieces.block(b.words) for b in batch]
    size, longest = max(len(r[0]) for r in rows), max(len(b.words) for b in batch)
    count = len(batch)
    out: dict[str, Any] = {
        "ids": np.zeros((count, size), np.int64),
        "shapes": np.full((count, size), 8, np.int64),
        "mask": np.zeros((count, size), np.float32),
        "first": np.zeros((count, longest), np.int64),
        "last": np.zeros((count, longest), np.int64),
        "words": np.zeros((count, longest), bool),
    }
    for name in WORD_LAYERS:
        out[name] = np.full((count, longest), NOT, np.int64)
    out["head"] = np.full((count, longest), NOT, np.int64)
    out["pointer"] = np.full((count, longest), NOT, np.int64)
    out["fact"] = np.full((count, longest), np.nan, np.float32)
    out["mentions"], out["pairs"], out["triggers"], out["forms"], out["penta"] = [], [], [], [], []
    for i, (block, (ids, shapes, first, last)) in enumerate(zip(batch, rows)):
        n, m = len(block.words), len(ids)
        layers = block.layers
        if rng is not None and (draw := rng.random()) < 0.12:
            if draw < 0.07:
                shapes = [2 if s in (0, 1, 3, 7) else s for s in shapes]
            else:
                shapes = [0 if s in (1, 2, 3, 7) else s for s in shapes]
            layers = {k: v for k, v in layers.items() if k != "lemma"}
        out["ids"][i, :m], out["shapes"][i, :m], out["mask"][i, :m] = ids, shapes, 1
        out["first"][i, :n], out["last"][i, :n], out["words"][i, :n] = first, last, True
        for name, values in layers.items():
            out[name][i, :n] = values
        if block.head is not None:
            out["head"][i, :n] = block.head
        if block.pointer is not None:
            out["pointer"][i, :n] = block.pointer
        if block.fact is not None:
            out["fact"][i, :n] = block.fact
        out["penta"].append(block.penta)
        out["mentions"].append(block.mentions)
        out["pairs"].append(block.pairs)
        out["triggers"].append(block.triggers)
        out["forms"].append(block.words)
    return {k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for k, v in out.items()}
