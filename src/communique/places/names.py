"""Finds the words of a reading that name places."""

from __future__ import annotations

from typing import NamedTuple

from ..catalogue import Gazetteer
from ..parties import Linker
from ..reading import Reading, datelines

_WHERE = frozenset(
    (
        "in",
        "at",
        "near",
        "across",
        "outside",
        "inside",
        "around",
        "throughout",
        "off",
        "from",
        "to",
        "toward",
        "towards",
        "through",
        "into",
        "onto",
        "over",
    )
)

KIND_WORDS = frozenset(
    """province county parish district region state city town village municipality prefecture governorate oblast
    republic territory department area island islands river lake valley mountain mountains sea bay gulf strait coast
    peninsula border capital north south east west center centre council congress hospital church jail prison school
    university airport port bridge road street avenue highway park garden square building house hall museum
    cathedral station base camp court""".split()
)
_PARTICLES = frozenset(("of", "the", "de", "del", "la", "al", "el", "on", "-", "and"))
_DIRECTIONS = frozenset(
    (
        "north south east west northern southern eastern western northeast northwest southeast southwest "
        "central far upper lower mid inner outer greater downtown"
    ).split()
)


class Name(NamedTuple):
    """A place name in the text: characters, first and last word, and the head word of its phrase."""

    start: int
    end: int
    text: str
    first: int
    last: int
    head: int


def names_in(reading: Reading, linker: Linker, gazetteer: Gazetteer) -> list[Name]:
    """Returns the place names of a reading in order.

    These are mentions that the model tags as places, extended as far as the gazetteer knows them, or right before a
    word for their kind ("Hatay province"). Datelines and gazetteer names in the position of a place ("in", "near") are
    added.
    """
    words = reading.words
    found: dict[tuple[int, int], Name] = {}
    taken: set[int] = set()

    def add(first: int, last: int, head: int) -> None:
        first, last = _known(reading, gazetteer, first, last)
        start, end = reading.span(first, last + 1)
        if (
            words[first].text == "The"
            and first < last
            and not any(e.name.startswith("The ") for e in gazetteer.named(reading.text[start:end]))
        ):
            first += 1
            start = words[first].start
        end = start + len(reading.text[start:end].rstrip("-–"))
        if not taken & set(range(first, last + 1)):
            taken.update(range(first, last + 1))
            found[start, end] = Name(start, end, reading.text[start:end], first, last, head)

    for start, end in (d.place for d in datelines(reading.text)):
        inside = reading.words_in(start, end)
        if inside and gazetteer.named(reading.text[start:end]):
            add(inside[0], inside[-1], inside[-1])
    whens = {w for t in reading.times for w in range(t.start, t.end)}
    for mention in sorted(reading.mentions, key=lambda m: m.end - m.start):
        if mention.type != "place" or mention.head in whens:
            continue
        head = words[mention.head]
        if head.upos == "PROPN":
            proper = {w for w in linker.phrase(mention.head) if words[w].upos == "PROPN" or w in linker.units}
            first = last = mention.head
        elif (
            head.upos == "NOUN"
            and mention.head > 0
            and words[mention.head - 1].upos == "PROPN"
            and words[mention.head - 1].rel in ("compound", "nmod", "amod", "flat")
        ):
            proper = {w for w in linker.phrase(mention.head) if words[w].upos == "PROPN"}
            first = last = mention.head - 1
        else:
            continue
        if first not in proper:
            continue
        while first - 1 in proper and "\n" not in reading.text[words[first - 1].end : words[first].start]:
            first -= 1
        while last + 1 in proper and "\n" not in reading.text[words[last].end : words[last + 1].start]:
            last += 1
        if words[first].text in ("The", "the") and first < last:
            first += 1
        add(first, last, mention.head)
    others = {
        w
        for m in reading.mentions
        if m.type == "person" and m.score > 0.7 or m.type == "organization" and m.end - m.start > 1
        for w in range(m.start, m.end)
    }
    for word in words:
        if word.upos != "PROPN" or word.index in taken | others | whens or word.rel not in ("obl", "nmod", "obj"):
            continue
        if _where(reading, word.index):
            first = word.index
            while first > 0 and words[first - 1].upos == "PROPN" and words[first - 1].head == word.index:
                first -= 1
            if gazetteer.named(reading.text[slice(*reading.span(first, word.index + 1))]):
                add(first, word.index, word.index)
    common = {w.text for w in words if w.upos == "NOUN" and w.text.islower()} | KIND_WORDS
    kept = [n for n in (found[k] for k in sorted(found)) if n.text.lower().removeprefix("the ") not in common]
    return [n for n in kept if gazetteer.named(n.text) or n.text[0].isupper() and _where(reading, n.head)]


def _where(reading: Reading, head: int) -> bool:
    return not _WHERE.isdisjoint(reading.markers(head))


def _known(reading: Reading, gazetteer: Gazetteer, first: int, last: int) -> tuple[int, int]:
    """Returns the longest run of capitalised words around a name that the gazetteer knows; if it knows none, the name
    with the capitalised words before it.
    """
    words = reading.words

    def goes_on(i: int, step: int) -> int:
        """Returns by how many words a name may continue from word i, up to a capitalised word after at most two
        particles; 0 if by none.
        """
        for size in (1, 2, 3):
            inside = range(i + 1, i + 1 + size) if step > 0 else range(i - size, i)
            if (
                inside.start < 0
                or inside.stop > len(words)
                or words[inside.start].sentence != words[inside.stop - 1].sentence
            ):
                return 0
            edge = words[inside[-1] if step > 0 else inside[0]].text
            middle = [words[j].text for j in (inside[:-1] if step > 0 else inside[1:])]
            left, right = (i, inside[-1]) if step > 0 else (inside[0], i)
            gap = reading.text[words[left].end : words[right].start]
            if edge[0].isupper() and all(m in _PARTICLES for m in middle) and "\n" not in gap:
                return size
            if edge not in _PARTICLES:
                return 0
        return 0

    while first < last and (not words[first].text[0].isupper() or words[first].text in ("The", "Greater", "Downtown")):
        first += 1
    low, high = first, last
    while first - low < 3 and (size := goes_on(low, -1)):
        low -= size
    while high - last < 3 and (size := goes_on(high, 1)):
        high += size
    spans = [(a, b) for a in range(low, first + 1) for b in range(last, high + 1)]
    # Shorter forms of a name: without "North" or "far", and without a word for its kind.
    while first < last and words[last].text.lower() in KIND_WORDS:
        last -= 1
        spans.append((first, last))
    while first < last and words[first].text.lower() in _DIRECTIONS:
        first += 1
        spans.append((first, last))
    for a, b in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if any(
            e.main or e.population > 50_000 or b == a
            for e in gazetteer.named(reading.text[slice(*reading.span(a, b + 1))])
        ):
            return a, b
    return spans[0]
