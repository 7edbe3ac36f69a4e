"""One form for the annotated texts of every corpus, and their label sets.

A layer that a corpus does not annotate is absent, and no head learns from its absence. Words are ours
(`communique.reading.tokens`), except for the treebanks, which keep their own words with the trees. Spans that do not
match our words are widened to them and counted.
"""

from __future__ import annotations

import collections
import re
from dataclasses import dataclass, field
from typing import Any

from communique.reading.tokens import safe_breaks, tokenise

TIME_TYPES = ("DATE", "TIME", "DURATION", "SET")
MENTION_TYPES = (
    "person",
    "organization",
    "place",
    "time",
    "event",
    "object",
    "abstract",
    "animal",
    "plant",
    "substance",
)
EVENT_CLASSES = ("none", "OCCURRENCE", "REPORTING", "STATE", "I_ACTION", "I_STATE", "ASPECTUAL", "PERCEPTION")
TYPES = tuple(
    [
        "AGREE",
        "CONSULT",
        "SUPPORT",
        "CONCEDE",
        "COOPERATE",
        "AID",
        "RETREAT",
        "REQUEST",
        "ACCUSE",
        "REJECT",
        "THREATEN",
        "PROTEST",
        "SANCTION",
        "MOBILIZE",
        "COERCE",
        "ASSAULT",
    ]
)
MODES = tuple(
    [
        "visit",
        "third-party",
        "multilateral",
        "phone",
        "withdraw",
        "release",
        "disarm",
        "ceasefire",
        "access",
        "resign",
        "assist",
        "change",
        "yield",
        "meet",
        "disapprove",
        "investigate",
        "allege",
        "restrict",
        "arrest",
        "relations",
        "expel",
        "territory",
        "violence",
        "demo",
        "riot",
        "strike",
        "hunger",
        "boycott",
        "obstruct",
        "vandalize",
        "convict",
        "discontinue",
        "troops",
        "weapons",
        "police",
        "militia",
        "seize",
        "censor",
        "curfew",
        "martial-law",
        "deport",
        "withhold",
        "misinformation",
        "cyber",
        "abduct",
        "beat",
        "torture",
        "sexual",
        "targeted",
        "destroy",
        "primitive",
        "firearms",
        "explosives",
        "suicide-attack",
        "aerial",
        "drone",
        "heavy-weapons",
        "crowd-control",
        "unconventional",
    ]
)
NOT = -100  # no label
counts: collections.Counter[str] = collections.Counter()


@dataclass
class Document:
    """Words with their spacing, paragraphs, possible block starts and layers of labels."""

    name: str
    words: list[str]
    glued: list[bool]  # no space before the word
    paragraph: list[bool]  # the word opens a paragraph
    breaks: list[int]  # words at which a block may begin
    layers: dict[str, Any] = field(default_factory=dict)


def parse(name: str, text: str) -> tuple[Document, list[tuple[int, int]]]:
    """Returns a text as a document without labels, and the position of each word."""
    paragraphs = [(m.start(), m.end()) for m in re.finditer(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*$)", text, re.S)]
    tokens = tokenise(text)
    starts = {s for s, _ in paragraphs}
    document = Document(
        name,
        [text[s:e] for s, e in tokens],
        [i > 0 and tokens[i - 1][1] == s for i, (s, _) in enumerate(tokens)],
        [s in starts for s, _ in tokens],
        safe_breaks(text, tokens, paragraphs),
    )
    return document, tokens


def raw(document: Document) -> tuple[str, list[tuple[int, int]]]:
    """Returns the running text of a document of words, and the position of each word in it."""
    text, spans = "", []
    for i, word in enumerate(document.words):
        if i and document.paragraph[i]:
            text += "\n\n"
        elif i and not document.glued[i]:
            text += " "
        spans.append((len(text), len(text) + len(word)))
        text += word
    return text, spans


def cover(tokens: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """Returns the words that a character span touches, as `(first, last + 1)`."""
    inside = [i for i, (s, e) in enumerate(tokens) if s < end and e > start]
    if not inside:
        counts["span without a word"] += 1
        return None
    if tokens[inside[0]][0] != start or tokens[inside[-1]][1] != end:
        counts["span widened to words"] += 1
    return inside[0], inside[-1] + 1


def one_sentence(name: str, text: str) -> tuple[Document, list[tuple[int, int]]]:
    document, tokens = parse(name, text)
    document.breaks = [0]
    return document, tokens


def roles_of(n: int, source: tuple[int, int] | None, target: tuple[int, int] | None) -> list[int]:
    role = [0] * n
    for span, base in ((source, 1), (target, 3)):
        if span:
            for i in range(*span):
                role[i] = base if i == span[0] else base + 1
    return role


def laid_out(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Returns a tokenised sentence as it was printed, and the position of each token in it."""
    text, spans, opened = "", [], True
    for token in tokens:
        word = {"``": "“", "''": "”"}.get(token, token)
        text += "" if opened or word in (",", ".", ":", ";", "?", "!", "'s", "n't", "’s", ")", "%", "”") else " "
        spans.append((len(text), len(text) + len(word)))
        text += word
        opened = word in ("(", "$", "“")
    return text, spans
