"""Features of two mentions that help to say whether they are one entity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PRONOUNS = frozenset(
    ["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves", "you", "your", "yours", "yourself", "yourselves", "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their", "theirs", "themselves", "who", "whom", "whose", "which", "that", "this", "these", "those", "one"]
)
_ARTICLES = frozenset(("the", "a", "an", "this", "that", "these", "those", "'s", "’s"))
FEATURES = 12


def pair_features(mentions: list[tuple[int, int, int, int]], words: list[str]) -> NDArray[np.float32]:
    """Features of every pair of mentions, each `(start, end, head, type)` in words.

    Returns an array of shape `(n, n, 12)`; row `i`, column `j` compares mention `i` with an earlier `j`:
    same text, same head word, one's name within the other's, same type, both pronouns alike, one a pronoun, and how far apart.
    """
    n = len(mentions)
    out = np.zeros((n, n, FEATURES), np.float32)
    if not n:
        return out
    low = [w.lower() for w in words]
    contents = [frozenset(w for w in low[s:e] if w not in _ARTICLES) for s, e, _, _ in mentions]
    texts = [" ".join(w for w in low[s:e] if w not in _ARTICLES) for s, e, _, _ in mentions]
    heads = [low[h] for _, _, h, _ in mentions]
    pronoun = [h in _PRONOUNS for h in heads]
    named = [words[h][:1].isupper() for _, _, h, _ in mentions]
    starts = np.array([m[0] for m in mentions])
    types = np.array([m[3] for m in mentions])
    for i in range(n):
        for j in range(i):
            plain = not (pronoun[i] or pronoun[j])
            row = out[i, j]
            row[0] = plain and texts[i] == texts[j]
            row[1] = plain and heads[i] == heads[j]
            row[2] = plain and bool(contents[i]) and bool(contents[j]) and (contents[i] <= contents[j] or contents[j] <= contents[i])
            row[4] = pronoun[i] and pronoun[j] and heads[i] == heads[j]
            row[5] = pronoun[i] != pronoun[j]
            row[6] = named[i] and named[j] and plain and not (contents[i] & contents[j])
            row[7] = mentions[i][0] < mentions[j][1]  # one lies within the other
    distance = starts[:, None] - starts[None, :]
    out[:, :, 3] = types[:, None] == types[None, :]
    out[:, :, 8] = distance < 10
    out[:, :, 9] = (distance >= 10) & (distance < 30)
    out[:, :, 10] = (distance >= 30) & (distance < 80)
    out[:, :, 11] = distance >= 80
    return out
