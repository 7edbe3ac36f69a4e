"""Features of two mentions that help to say whether they are one entity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PRONOUNS = frozenset(
    ["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves", "you", "your", "yours", "yourself", "yourselves", "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their", "theirs", "themselves", "who", "whom", "whose", "which", "that", "this", "these", "those", "one"]
)
_ARTICLES = frozenset(("the", "a", "an", "this", "that", "these", "those", "'s", "’s"))
FEATURES = 12


class Comparer:
    """Compares mentions, each `(start, end, head, type)` in words, with earlier ones.

    The features of a pair: same text, same head word, one's words within the other's, same type, both one pronoun, one a pronoun,
    two names without a common word, one inside the other, and how far apart (four ranges).
    """

    def __init__(self, words: list[str], mentions: list[tuple[int, int, int, int]]) -> None:
        self.mentions = mentions
        self.contents, self.texts, self.heads, self.pronoun, self.named = [], [], [], [], []
        for s, e, h, _ in mentions:
            low = [w for w in (x.lower() for x in words[s:e]) if w not in _ARTICLES]
            self.contents.append(frozenset(low))
            self.texts.append(" ".join(low))
            self.heads.append(words[h].lower())
            self.pronoun.append(self.heads[-1] in _PRONOUNS)
            self.named.append(words[h][:1].isupper())

    def row(self, i: int, low: int = 0) -> NDArray[np.float32]:
        """Features of mention `i` against mentions `low` to `i - 1`, shape `(i - low, 12)`."""
        out = np.zeros((i - low, FEATURES), np.float32)
        start, _, _, kind = self.mentions[i]
        content, text, head, pronoun, named = self.contents[i], self.texts[i], self.heads[i], self.pronoun[i], self.named[i]
        for j in range(low, i):
            row = out[j - low]
            other, theirs = self.mentions[j], self.contents[j]
            if not (pronoun or self.pronoun[j]):
                row[0] = text == self.texts[j]
                row[1] = head == self.heads[j]
                row[2] = bool(content) and bool(theirs) and (content <= theirs or theirs <= content)
                row[6] = named and self.named[j] and content.isdisjoint(theirs)
            elif pronoun and self.pronoun[j]:
                row[4] = head == self.heads[j]
            else:
                row[5] = 1
            row[3] = kind == other[3]
            row[7] = start < other[1]
            distance = start - other[0]
            row[8 if distance < 10 else 9 if distance < 30 else 10 if distance < 80 else 11] = 1
        return out


def pair_features(mentions: list[tuple[int, int, int, int]], words: list[str]) -> NDArray[np.float32]:
    """Features of every pair, shape `(n, n, 12)`; row `i`, column `j` compares mention `i` with an earlier `j`."""
    n = len(mentions)
    compare = Comparer(words, mentions)
    out = np.zeros((n, n, FEATURES), np.float32)
    for i in range(1, n):
        out[i, :i] = compare.row(i)
    return out
