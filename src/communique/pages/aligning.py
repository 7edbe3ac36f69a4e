"""Aligns the lines that trafilatura found with the paragraphs of the page."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

KEY = 3  # first words by which a paragraph is looked up
TRIED = 24  # paragraphs with the same beginning that are tried, in each direction
NEAR = 2  # paragraphs; a label of one or two words inside a line must follow the last match this closely
ENOUGH = 0.5  # share of a line's words; if more are in no paragraph, the line itself is kept


@dataclass
class Aligned:
    """Indices of the paragraphs found, and lines that are in no paragraph, each as the paragraph before it (-1: none)
    and the number of the line.
    """

    found: set[int] = field(default_factory=set)
    missing: list[tuple[int, int]] = field(default_factory=list)


class _Index:
    """Paragraphs by their first words."""

    def __init__(self, paragraphs: list[list[str]]) -> None:
        self._paragraphs = paragraphs
        self._by: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for i, words in enumerate(paragraphs):
            if words:
                self._by[tuple(words[:KEY])].append(i)

    def begin(self, words: list[str], at: int, last: int, used: set[int]) -> int | None:
        """Returns the unused paragraph that begins at word `at` of a line: the first after the last match, else one
        before it.
        """
        for size in range(min(KEY, len(words) - at), 0, -1):
            known = self._by.get(tuple(words[at : at + size]))
            if not known:
                continue
            cut = bisect_right(known, last)
            for i in (*known[cut : cut + TRIED], *known[max(0, cut - TRIED) : cut]):
                own = self._paragraphs[i]
                if i in used or size < KEY and len(own) != size:
                    continue
                if len(own) < KEY and len(own) != len(words) and not 0 < i - last <= NEAR:
                    continue
                rest = len(words) - at
                if own[: rest if len(own) > rest else None] == words[at : at + len(own)] and len(own) <= rest / ENOUGH:
                    return i
        return None


def align(lines: list[list[str]], paragraphs: list[list[str]]) -> Aligned:
    """Aligns lines with paragraphs, both as folded words in the order of the page. Takes linear time."""
    index, told = _Index(paragraphs), Aligned()
    last = -1
    for number, words in enumerate(lines):
        at = lost = 0
        while at < len(words):
            i = index.begin(words, at, last, told.found)
            if i is None:
                at, lost = at + 1, lost + 1
                continue
            told.found.add(i)
            last = max(last, i) if i > last or at else last
            at += len(paragraphs[i])
        if words and lost > ENOUGH * len(words):
            told.missing.append((last, number))
    return told
