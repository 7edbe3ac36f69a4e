"""Ties between the events of a sentence: on condition of, unless, in return for, in response to, during, after, because of."""

from __future__ import annotations

import re

from ..reading import Reading
from ..schema import Event, Link, Span

# The words that tie, and what they say of the act they introduce.
_CUES: tuple[tuple[str, str], ...] = (
    (r"unless", "unless"),
    (r"in return for|in exchange for", "in_return_for"),
    (r"if|provided that|on condition that|as long as|on the condition that", "condition"),
    (r"in response to|in retaliation for|in reaction to|in answer to", "response"),
    (r"during|on the sidelines of|in the course of|amid", "during"),
    (r"after|following|since", "after"),
    (r"because of|because|due to|owing to|as a result of|over", "cause"),
)
_PATTERN = re.compile("|".join(rf"(?P<k{i}>\b(?:{p})\b)" for i, (p, _) in enumerate(_CUES)), re.I)


def links_of(reading: Reading, events: tuple[Event, ...]) -> tuple[Link, ...]:
    """Links between events whose triggers stand in one sentence, the second one introduced by the cue."""
    at: dict[int, Event] = {}
    for event in events:
        if event.evidence.trigger:
            at[event.evidence.trigger.start] = event
    found = []
    for a, b in reading.sentences:
        here = [w.index for w in reading.words[a:b] if w.start in at]
        if len(here) < 2:
            continue
        low, high = reading.span(a, b)
        for match in _PATTERN.finditer(reading.text, low, high):
            kind = next(_CUES[i][1] for i in range(len(_CUES)) if match[f"k{i}"])
            first = next((w.index for w in reading.words[a:b] if w.end > match.start()), None)
            if first is None:
                continue
            top = reading.words[first].head
            under = set(reading.subtree(top)) if top != first else set()
            # What the cue introduces stands under the head of its phrase or clause, after the cue.
            introduced = [t for t in here if t in under and t > first]
            governor = reading.words[top].head
            rest = [t for t in here if t not in introduced and (t not in under or t < first)]
            if not introduced or not rest:
                continue
            if kind == "cause" and match.group().lower() == "over" and reading.words[top].upos == "VERB":
                continue
            other = min(introduced, key=lambda t: (_distance(reading, t, top), t))
            main = min(rest, key=lambda t: (_distance(reading, t, governor), abs(t - governor)))
            found.append(Link(kind, at[reading.words[main].start].id, at[reading.words[other].start].id, Span(match.start(), match.end(), match.group())))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(found))


def _distance(reading: Reading, word: int, top: int) -> int:
    """Steps up the tree from a word to another, or many where it is not above."""
    steps = 0
    while word != top:
        above = reading.words[word].head
        if above == word or steps > 40:
            return 50
        word, steps = above, steps + 1
    return steps
