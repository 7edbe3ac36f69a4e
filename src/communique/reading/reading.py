"""The reading: an article with its language made explicit."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .walk import Walk

# The most levels of control, coordination and attachment to search for a subject or an owner. Sentences that people
# write have fewer than a third of them.
DEEPEST = 60
NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))  # parts of speech that can head a phrase for a party
NO_TYPE = 16  # the column of `Reading.types` for "no event"; PLOVER's types come before it

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its position in the text and in the dependency tree of its sentence. `head` is the index of its
    syntactic head; a root is its own head.
    """

    index: int
    start: int
    end: int
    text: str
    lemma: str
    upos: str
    feats: str
    head: int
    rel: str
    sentence: int

    def has(self, feature: str) -> bool:
        return feature in self.feats

    @property
    def relation(self) -> str:
        """The relation without its subtype: "nmod" of "nmod:poss"."""
        return self.rel.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of words with a type: a mention, a time expression, a source, cue or content. `end` is one past the last
    word.
    """

    start: int
    end: int
    head: int
    type: str
    score: float
    entity: int = -1


@dataclass(frozen=True)
class Reading:
    """Everything that one pass over the text yields, by words.

    `happened` is the probability that what a word expresses took place. `event_class` is the word's TimeBank class, and
    `event` the probability that it has one. `modality` has ten classes of modality and polarity for each word. `public`
    is the probability that what the word expresses belongs to public life. `types` has PLOVER's sixteen types and
    "none" for each word (a row sums to 1). `states` are the word states from the encoder's layers. `special` are those
    from the layers that only the event heads use (no columns if the weights have none).
    """

    text: str
    words: tuple[Word, ...]
    sentences: tuple[tuple[int, int], ...]
    mentions: tuple[Chunk, ...]
    times: tuple[Chunk, ...]
    sources: tuple[Chunk, ...]
    cues: tuple[Chunk, ...]
    contents: tuple[Chunk, ...]
    cue_of: Ints
    cue_score: Floats
    event: Floats
    event_class: tuple[str, ...]
    happened: Floats
    modality: Floats
    public: Floats
    types: Floats
    roles: Floats
    kinds: Floats
    vector: tuple[float, ...]
    states: Floats
    keys: Floats
    special: Floats

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The words that depend on each word, in order."""
        found: list[list[int]] = [[] for _ in self.words]
        for word in self.words:
            if word.head != word.index:
                found[word.head].append(word.index)
        return tuple(map(tuple, found))

    @cached_property
    def walk(self) -> Walk:
        """Memoised answers to the questions of `clauses`, which lead from a word up to others."""
        return Walk(DEEPEST)

    @cached_property
    def _edges(self) -> tuple[list[int], list[int]]:
        return [w.start for w in self.words], [w.end for w in self.words]

    def words_in(self, start: int, end: int) -> range:
        """Returns the indices of the words that a span of characters touches."""
        starts, ends = self._edges
        first = bisect.bisect_right(ends, start)
        return range(first, max(first, bisect.bisect_left(starts, end)))

    def dependents(self, index: int, *relations: str) -> Iterator[int]:
        """Yields the words that depend on a word by one of the relations; "nsubj" matches "nsubj:pass" too."""
        for child in self.children[index]:
            word = self.words[child]
            if word.rel in relations or word.relation in relations:
                yield child

    def governs(self, index: int, *relations: str) -> bool:
        """Returns whether any word depends on a word by one of the relations."""
        return next(self.dependents(index, *relations), None) is not None

    def markers(self, index: int, *relations: str) -> set[str]:
        """Returns the words that mark a phrase or clause, in lower case: its prepositions ("case"), or the dependents
        of its head by the given relations, such as "mark".
        """
        return {self.words[c].text.lower() for c in self.dependents(index, *(relations or ("case",)))}

    def climb(self, index: int) -> Iterator[int]:
        """Yields the words above a word, nearest first, up to the root of its sentence."""
        while (above := self.words[index].head) != index:
            yield above
            index = above

    def subtree(self, index: int, without: tuple[str, ...] = ()) -> list[int]:
        """Returns a word and the words below it, in order, without the branches of some relations."""
        found, stack = [index], [index]
        while stack:
            for child in self.children[stack.pop()]:
                word = self.words[child]
                if word.rel not in without and word.relation not in without:
                    found.append(child)
                    stack.append(child)
        return sorted(found)

    def sentence_of(self, index: int) -> tuple[int, int]:
        return self.sentences[self.words[index].sentence]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Returns the characters from word `start` to before word `end`."""
        return self.words[start].start, self.words[end - 1].end

    def to_conllu(self) -> str:
        """Returns the syntax in CoNLL-U, ten columns a word."""
        blocks = []
        for number, (a, b) in enumerate(self.sentences, 1):
            start, end = self.span(a, b)
            lines = [f"# sent_id = {number}", "# text = " + " ".join(self.text[start:end].split())]
            for w in self.words[a:b]:
                root = w.head == w.index
                glued = w.index + 1 < b and self.words[w.index + 1].start == w.end
                form = w.text.replace("\t", " ").replace("\n", " ")
                lines.append(
                    "\t".join(
                        (
                            str(w.index - a + 1),
                            form,
                            w.lemma or "_",
                            w.upos,
                            "_",
                            w.feats,
                            "0" if root else str(w.head - a + 1),
                            "root" if root else w.rel,
                            "_",
                            "SpaceAfter=No" if glued else "_",
                        )
                    )
                )
            blocks.append("\n".join(lines) + "\n")
        return "\n".join(blocks) + ("\n" if blocks else "")

    def __str__(self) -> str:
        lines = []
        for a, b in self.sentences:
            lines.append(" ".join(f"{w.text}/{w.upos}" for w in self.words[a:b]))
            for name in ("mentions", "times", "sources", "cues", "contents"):
                for c in getattr(self, name):
                    if a <= c.start < b:
                        lines.append(
                            f"  {name[:-1]} {c.type} “{self.text[slice(*self.span(c.start, c.end))]}” {c.score:.2f}"
                        )
        return "\n".join(lines)
