"""Links between the events of a sentence: on condition of, unless, in return for, in response to, during, after,
because of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..reading import Reading
from ..schema import Event, Link, Span

Kind = Literal["condition", "unless", "in_return_for", "response", "during", "after", "cause"]

# The English conjunctions and prepositions that link events, a closed class, and what each says about the event that it
# introduces.
_CUES: tuple[tuple[str, Kind], ...] = (
    (r"unless|so long as .{0,20}not", "unless"),
    (r"in return for|in exchange for|in return,? for", "in_return_for"),
    (
        (
            "only if|if|provided(?: that)?|providing that|on condition(?: that)?|on the condition(?: that)?"
            "|as long as|so long as|contingent on|conditional on|in the event of"
        ),
        "condition",
    ),
    (
        r"in response to|in retaliation (?:for|against)|in reaction to|in answer to|in reply to|in revenge for",
        "response",
    ),
    (r"during|on the sidelines of|in the course of|amid|while", "during"),
    (r"after|following|since|in the wake of|once", "after"),
    (r"because of|because|due to|owing to|as a result of|on account of|over", "cause"),
)
_PATTERN = re.compile("|".join(rf"(?P<k{i}>\b(?:{p})\b)" for i, (p, _) in enumerate(_CUES)), re.I)
CONDITIONS: frozenset[Kind] = frozenset(("condition", "unless", "in_return_for"))
_BESIDE = 50


@dataclass(frozen=True, slots=True)
class Tie:
    """A cue with the head of what it introduces, and the word on which that depends."""

    kind: Kind
    start: int
    end: int
    introduced: int
    governor: int
    first: int


def ties(reading: Reading) -> tuple[Tie, ...]:
    """Returns every tie of the text with a cue that introduces a phrase or a clause."""
    found = []
    for match in _PATTERN.finditer(reading.text):
        kind = next(_CUES[i][1] for i in range(len(_CUES)) if match[f"k{i}"])
        words = reading.words_in(match.start(), match.end())
        if not words or reading.words[words[0]].start != match.start():
            continue
        first, last = words[0], words[-1]
        a, b = reading.sentence_of(first)
        inner = next(
            (
                i
                for i in words
                if len(words) > 1
                and reading.words[i].upos in ("NOUN", "VERB", "ADJ")
                and (reading.words[i].head not in words or reading.words[i].head == i)
            ),
            None,
        )
        top = last
        while top in words and reading.words[top].head != top:
            top = reading.words[top].head
        governor = reading.words[top].head
        if inner is not None and reading.words[inner].rel.split(":")[0] not in (
            "mark",
            "case",
            "fixed",
            "advmod",
            "cc",
        ):
            # "in return for": its noun depends on the linked event. What is introduced depends on the preposition or on
            # the noun.
            governor = reading.words[inner].head
            if not last < top < b or top == governor:
                top = next((c for c in reading.children[inner] if c > last), -1)
        if (
            last < top < b
            and reading.words[top].rel.startswith("nsubj")
            and top < reading.words[top].head < b
            and reading.words[reading.words[top].head].rel in ("advcl", "acl", "obl", "nmod")
        ):
            top = reading.words[top].head  # "in return for Uganda dropping its claims"
        if not last < top < b:
            continue
        if kind == "cause" and match.group().lower() == "over" and reading.words[top].upos == "VERB":
            continue
        if reading.words[first].rel.split(":")[0] in ("advmod", "compound") and len(words) == 1:
            continue  # "twice since", "the week after"
        found.append(Tie(kind, match.start(), match.end(), top, governor, first))
    return tuple(found)


def conditioned(reading: Reading, known: tuple[Tie, ...]) -> tuple[frozenset[int], frozenset[int]]:
    """Returns the heads of the clauses and phrases that a condition introduces, and the heads of what depends on a
    condition, except acts already done.
    """
    found = [tie for tie in known if tie.kind in CONDITIONS]
    return frozenset(t.introduced for t in found), frozenset(
        t.governor for t in found if not _done(reading, t.governor)
    )


def _done(reading: Reading, word: int) -> bool:
    """Returns whether a verb in the simple past says that something was done: "freed two men in return for grain"."""
    it = reading.words[word]
    return it.upos == "VERB" and it.has("Tense=Past") and it.has("VerbForm=Fin") and not reading.governs(word, "aux")


def links_of(reading: Reading, known: tuple[Tie, ...], events: tuple[Event, ...]) -> tuple[Link, ...]:
    """Returns links between the events of one sentence; the cue introduces the second event of each."""
    at: dict[int, Event] = {}
    for event in events:
        for evidence in (event.evidence, *event.also):
            if evidence.trigger:
                at[evidence.trigger.start] = event
    triggers = [w.index for w in reading.words if w.start in at]
    telling = frozenset(triggers)
    found = []
    for tie in known:
        a, b = reading.sentence_of(tie.first)
        here = [t for t in triggers if a <= t < b]
        under = set(reading.subtree(tie.introduced))
        introduced = [t for t in here if t in under and t > tie.first]
        # The cue links the event that its phrase depends on, or the nearest event above that.
        above = _upwards(reading, tie.governor)
        main = next((t for t in above if t in telling and t not in introduced), None)
        if main is None:
            beside = [t for t in here if t not in introduced and (t not in under or t < tie.first)]
            main = min(beside, key=lambda t: (_distance(reading, t, tie.governor), abs(t - tie.governor)), default=None)
        if main is None or not introduced:
            continue
        other = min(introduced, key=lambda t: (_distance(reading, t, tie.introduced), t))
        one, two = at[reading.words[main].start], at[reading.words[other].start]
        if one.id != two.id:
            found.append(Link(tie.kind, one.id, two.id, Span(tie.start, tie.end, reading.text[tie.start : tie.end])))
    return tuple(dict.fromkeys(found))


def _upwards(reading: Reading, word: int) -> list[int]:
    """Returns a word and those above it in the tree, at most 40."""
    found = [word]
    while reading.words[found[-1]].head != found[-1] and len(found) < 40:
        found.append(reading.words[found[-1]].head)
    return found


def _distance(reading: Reading, word: int, top: int) -> int:
    """Returns the steps up the tree from a word to another, or `_BESIDE` if that is not above it."""
    path = _upwards(reading, word)
    return path.index(top) if top in path else _BESIDE
