"""Where the lines that trafilatura found stand among the paragraphs of the page."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

KEY = 3  # words by which a paragraph is looked up
TRIED = 24  # paragraphs that begin alike of which one is looked for
NEAR = 2  # paragraphs: a label of a word or two inside a line is taken only where the text has come to
ENOUGH = 0.5  # of a line's words: where more are in no paragraph, the line itself is kept


@dataclass
class Aligned:
    """Paragraphs that were found, by index, and lines that are in none, each with the paragraph it comes after (-1:
    before all).
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
        """The paragraph that begins at a word of a line: the first behind the last one found, else one before that was
        not used.
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
    """Both as folded words, in the order of the page. Takes time in proportion to their length."""
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
