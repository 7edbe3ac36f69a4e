"""Text to `Reading`: cuts the text into blocks, runs the model once for each block and decodes its heads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .coreference import Comparer, Scores, Tree, blocks, entities, names_of, scored
from .model import Floats, Model, softmax
from .reading import Chunk, Reading, Word
from .tagging import SPEECH, attributions
from .tokens import safe_breaks, tokenise
from .tree import decode, repair

BLOCK = 128  # words that the encoder sees at once
HARD = 240  # sentences of up to this many words are not cut
# Lowest probability for a word of a cue or a source. A missed one loses a statement. A false one has no content or no
# cue and is dropped.
CUE, SOURCE = 0.42, 0.35
SENTENCE_BEGINS = 0.97  # lowest probability for a sentence to begin at a word that follows no sentence mark
_CLOSING = frozenset("\"'”’»)]}''")


def paragraphs_of(text: str) -> list[tuple[int, int]]:
    """Returns the spans of the paragraphs, which blank lines separate, without surrounding white space."""
    return [(m.start(), m.end()) for m in re.finditer(r"\S(?:[^\n]|\n(?![^\S\n]*\n))*", text) if (m.end() > m.start())]


def _cut(breaks: list[int], size: int) -> list[tuple[int, int]]:
    """Returns blocks of words that end where a sentence may end."""
    blocks: list[tuple[int, int]] = []
    start = 0
    ends = breaks[1:] + [size]
    for at, end in enumerate(ends):
        following = ends[at + 1] if at + 1 < len(ends) else None
        if following is not None and following - start <= BLOCK:
            continue
        while end - start > HARD:
            blocks.append((start, start + BLOCK))
            start += BLOCK
        if end > start:
            blocks.append((start, end))
        start = end
    return blocks


def _ended(words: list[str]) -> NDArray[np.bool_]:
    """Returns for each word but the first whether the words before it end with a sentence mark, closing quotes and
    brackets aside.
    """
    found, ended = [], False
    for word in words[:-1]:
        ended = ended and word in _CLOSING or word[-1] in ".!?:;…—–-"
        found.append(ended)
    return np.array(found, bool)


def _runs(tags: Iterable[int], begin: int = 1, inside: int = 2) -> list[tuple[int, int]]:
    """Returns runs of a begin tag and the inside tags after it. An inside tag after nothing begins a run too."""
    found: list[tuple[int, int]] = []
    open_at: int | None = None
    count = 0
    for i, tag in enumerate(tags):
        count = i + 1
        if tag == begin or (tag == inside and open_at is None):
            if open_at is not None:
                found.append((open_at, i))
            open_at = i
        elif tag != inside and open_at is not None:
            found.append((open_at, i))
            open_at = None
    if open_at is not None:
        found.append((open_at, count))
    return found


def expressions(probability: Floats) -> list[tuple[int, int, int]]:
    """Returns first word, one past the last word, and kind of each expression.

    `probability` has one column for "none" and two for each kind: for its first word and for further words. Each
    expression has one kind, even if its words lean to several.
    """
    begins, goes_on = probability[:, 1::2], probability[:, 2::2]
    tags = np.stack([probability[:, 0], begins.sum(1), goes_on.sum(1)], 1).argmax(1)
    return [(s, e, int((begins[s:e] + goes_on[s:e]).sum(0).argmax())) for s, e in _runs(tags)]


class Analyser:
    """Reads text with a model. `for_events=False` skips the layers that only the event heads use."""

    def __init__(self, model: Model, for_events: bool = True) -> None:
        self.model, self.for_events = model, for_events

    def __call__(self, text: str, seen: dict[str, Any] | None = None) -> Reading:
        """Returns the reading of a text. `seen`, if given, collects the training inputs of the heads that mark words
        and join mentions: the encoder's own tags and scores, the tree and the pointers.
        """
        tokens = tokenise(text)
        paragraphs = paragraphs_of(text)
        n = len(tokens)
        opened = {s for s, _ in paragraphs}
        words = [text[s:e] for s, e in tokens]
        labels = self.model.labels
        store: dict[str, list[NDArray[Any]]] = {}
        heads = np.arange(n)
        relation = np.zeros(n, np.int64)
        cue_of, cue_score = np.arange(n), np.zeros(n, np.float32)
        begins = np.zeros(n, bool)
        mentions: list[tuple[int, int, int, int, float]] = []
        for a, b in _cut(safe_breaks(text, tokens, paragraphs), n) if n else []:
            out = self.model.run(words[a:b], self.for_events)
            for name in (
                "upos",
                "feats",
                "time",
                "source",
                "cue",
                "content",
                "class",
                "fact",
                "role",
                "type",
                "states",
                "pair_key",
                "corefs",
                "fresh",
                "sentence_weight",
            ):
                store.setdefault(name, []).append(out[name])
            store.setdefault("special", []).append(out.get("special", np.zeros((b - a, 0), np.float32)))
            first = out["sent"][:, 1] > 0.5
            # Within a paragraph, a sentence begins after a sentence mark. Elsewhere the model must be very sure.
            first[1:] &= _ended(words[a:b]) | (out["sent"][1:, 1] > SENTENCE_BEGINS)
            first[0] = True
            for i in range(a, b):
                if tokens[i][0] in opened:
                    first[i - a] = True
            begins[a:b] = first
            edges = [*np.flatnonzero(first), b - a]
            for s, e in zip(edges, edges[1:]):
                heads[a + s : a + e] = decode(out["arcs"][s:e, s:e]) + a + s
            relation[a:b] = self.model.relations(out["label_dep"], out["label_head"][heads[a:b] - a])
            self._mentions(out, a, mentions)
            self._pointers(out, a, cue_of, cue_score)
        arrays = {name: np.concatenate(parts) for name, parts in store.items()}
        starts = np.flatnonzero(begins) if n else np.zeros(0, np.int64)
        sentences = tuple((int(s), int(e)) for s, e in zip(starts, [*starts[1:], n]))
        upos = [labels.upos[k] for k in arrays["upos"]] if n else []
        rels = ["root" if heads[i] == i else labels.rel[relation[i]] for i in range(n)]
        acts = arrays["class"][:, 0] < 0.5 if n else np.zeros(0, bool)
        for a, b in sentences:
            own, names = heads[a:b] - a, rels[a:b]
            repair(words[a:b], upos[a:b], acts[a:b], own, names)
            heads[a:b], rels[a:b] = own + a, names
        owner = (
            np.repeat(np.arange(len(sentences)), [b - a for a, b in sentences]) if sentences else np.zeros(0, np.int64)
        )
        found = tuple(
            Word(
                i,
                s,
                e,
                words[i],
                self.model.lemmas.of(words[i], upos[i], labels.feats[arrays["feats"][i]]),
                upos[i],
                labels.feats[arrays["feats"][i]],
                int(heads[i]),
                rels[i],
                int(owner[i]),
            )
            for i, (s, e) in enumerate(tokens)
        )
        if not n:
            empty = np.zeros((0, 1), np.float32)
            return Reading(
                text,
                (),
                (),
                (),
                (),
                (),
                (),
                (),
                cue_of,
                cue_score,
                empty[:, 0],
                (),
                empty[:, 0],
                empty,
                empty[:, 0],
                empty,
                empty,
                empty,
                (),
                empty,
                empty,
                empty,
            )
        states: Floats = arrays["states"]
        at = {rel: k for k, rel in enumerate(labels.rel)}
        modality = (
            self.model.modality(states, heads) if "modality_w1" in self.model.arrays else np.zeros((n, 0), np.float32)
        )
        view = {name: arrays[name] for name in (*SPEECH, "role", "class", "type")} | {
            "heads": heads,
            "relations": np.array([at.get(r, len(at)) for r in rels]),
            "points": cue_of,
            "pointed": cue_score,
            "begins": begins.astype(np.float32),
        }
        if seen is not None:
            seen.update(view)
        if "attribution_out_weight" in self.model.arrays:
            arrays |= attributions(self.model.arrays, states, view)
        classes = arrays["class"]
        kinds = np.stack([self.model.kind(states[a:b], arrays["sentence_weight"][a:b, 0]) for a, b in sentences])
        vector = states.mean(0)
        vector = vector / (np.linalg.norm(vector) or 1.0)
        return Reading(
            text=text,
            words=found,
            sentences=sentences,
            mentions=self._entities(
                mentions,
                words,
                upos,
                arrays,
                lambda compare: Tree(words, compare, heads, rels, upos, [w.feats for w in found], owner),
                seen,
            ),
            times=self._times(arrays["time"], found),
            sources=self._tagged(arrays["source"], "source", owner, found, SOURCE),
            cues=self._tagged(arrays["cue"], "cue", owner, found, CUE),
            contents=self._tagged(arrays["content"], "content", None, found),
            cue_of=cue_of,
            cue_score=cue_score,
            event=1 - classes[:, 0],
            event_class=tuple(labels.event_class[1 + k] for k in classes[:, 1:].argmax(1)),
            happened=arrays["fact"][:, 0],
            public=self.model.public(states, heads) if "public_w1" in self.model.arrays else np.ones(n, np.float32),
            modality=modality,
            types=arrays["type"],
            roles=arrays["role"],
            kinds=kinds,
            vector=tuple(round(float(v), 4) for v in vector),
            states=states,
            keys=arrays["pair_key"],
            special=arrays["special"],
        )

    def _mentions(self, out: dict[str, NDArray[Any]], base: int, found: list[tuple[int, int, int, int, float]]) -> None:
        """Appends the mentions of a block to `found` as `(start, end, head, type, score)` in words of the text."""
        probability = out["mention"]
        heads = np.flatnonzero(probability.argmax(1) > 0)
        if not len(heads):
            return
        start_q, start_k, end_q, end_k, _, _ = np.split(out["pointers"], 6, axis=1)
        places = np.arange(len(probability))
        starts = np.where(places[None] > heads[:, None], -np.inf, start_q[heads] @ start_k.T).argmax(1)
        ends = np.where(places[None] < heads[:, None], -np.inf, end_q[heads] @ end_k.T).argmax(1)
        for h, s, e in zip(heads, starts, ends):
            kind = int(probability[h].argmax())
            found.append((base + int(s), base + int(e) + 1, base + int(h), kind - 1, float(probability[h, kind])))

    def _pointers(self, out: dict[str, NDArray[Any]], base: int, cue_of: NDArray[np.int64], score: Floats) -> None:
        """Stores the cue of each word, for words of a source or content, with its score."""
        query, key = np.split(out["pointers"], 6, axis=1)[4:]
        weights = softmax(query @ key.T / np.sqrt(query.shape[1]))
        best = weights.argmax(1)
        cue_of[base : base + len(best)] = base + best
        score[base : base + len(best)] = weights.max(1)

    def _entities(
        self,
        mentions: list[tuple[int, int, int, int, float]],
        words: list[str],
        upos: list[str],
        arrays: dict[str, NDArray[Any]],
        tree: Callable[[Comparer], Tree],
        seen: dict[str, Any] | None,
    ) -> tuple[Chunk, ...]:
        """Returns mentions with the number of their entity. Each joins the likeliest earlier mention or none."""
        mentions = sorted(mentions, key=lambda m: (m[0], -m[1]))
        if not mentions:
            return ()
        compare = Comparer(words, [(m[0], m[1], m[2], m[3]) for m in mentions])
        mine, theirs = (side[compare.head] for side in np.split(arrays["corefs"], 2, axis=1))
        fresh = arrays["fresh"][compare.head, 0]
        weights, bias = self.model.arrays["features_w"][0], self.model.arrays["features_b"][0]

        def first() -> Iterator[Scores]:
            for a, b, low, compared in blocks(len(mentions)):
                yield Scores(
                    a,
                    low,
                    mine[a:b] @ theirs[low:b].T / np.float32(np.sqrt(mine.shape[1]))
                    + compare.rows(a, b, low) @ weights
                    + bias,
                    fresh[a:b],
                    compared,
                )

        if seen is not None:
            seen["coref"] = arrays["states"][compare.head], tree(compare), list(first())
        told = (
            scored(self.model.arrays, arrays["states"][compare.head], tree(compare), first())
            if "coref_out_weight" in self.model.arrays
            else first()
        )
        kinds = self.model.labels.mention
        entity = entities(told, names_of(words, upos, [m[:4] for m in mentions], kinds.index("person")))
        return tuple(Chunk(s, e, h, kinds[k], p, entity[i]) for i, (s, e, h, k, p) in enumerate(mentions))

    def _times(self, probability: Floats, words: tuple[Word, ...]) -> tuple[Chunk, ...]:
        labels = self.model.labels.time
        return tuple(
            Chunk(s, e, _head(words, s, e), labels[kind], float(1 - probability[s:e, 0].mean()))
            for s, e, kind in expressions(probability)
        )

    def _tagged(
        self,
        probability: Floats,
        kind: str,
        owner: NDArray[np.int64] | None,
        words: tuple[Word, ...],
        least: float = 0.5,
    ) -> tuple[Chunk, ...]:
        tags = np.where(1 - probability[:, 0] > least, 1 + probability[:, 1:].argmax(1), 0)
        found = []
        for s, e in _runs(tags):
            if owner is not None:
                last = s
                for i in range(s + 1, e):
                    if owner[i] != owner[last]:
                        e = i
                        break
            found.append(Chunk(s, e, _head(words, s, e), kind, float(1 - probability[s:e, 0].mean())))
        return tuple(found)


def _head(words: tuple[Word, ...], start: int, end: int) -> int:
    """Returns the head word of a run: the one that depends on a word outside it."""
    return next((i for i in range(start, end) if not start <= words[i].head < end or words[i].head == i), start)
