"""Contents of statements: their words, and the cue of each word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import Literal

from ..reading import NOMINAL, Chunk, Reading
from ..schema import Span
from .cues import LONGEST_CONTENT
from .quotes import quoted, runs

_ABOUT = frozenset(("about", "of", "on", "against", "for"))
CONTENT_GAP = 3  # most words between two parts of one content
CHANGE = 2.0  # cost of a change of cue within one content; a word given to another cue than its own costs up to 1


def owner_of(reading: Reading, chunk: Chunk, anchors: dict[int, int]) -> int | None:
    """Returns the cue that most words of a chunk point to, `None` if none do."""
    votes = Counter(
        anchors[int(reading.cue_of[i])] for i in range(chunk.start, chunk.end) if int(reading.cue_of[i]) in anchors
    )
    return votes.most_common(1)[0][0] if votes else None


def nearest(reading: Reading, cues: tuple[Chunk, ...], chunk: Chunk) -> int | None:
    """Returns the nearest cue in the sentence of a chunk."""
    sentence = reading.words[chunk.start].sentence
    same = [n for n, c in enumerate(cues) if reading.words[c.start].sentence == sentence]
    return (
        min(same, key=lambda n: min(abs(cues[n].start - chunk.end), abs(chunk.start - cues[n].end))) if same else None
    )


def owners_of(reading: Reading, cues: tuple[Chunk, ...], chunk: Chunk, anchors: dict[int, int]) -> list[int | None]:
    """Returns the cue of each word of a content, as the cheapest sequence (Viterbi): a change of cue costs `CHANGE`, a
    cue that a word does not point to costs the model's belief in the word's own cue.
    """
    pointed = [
        (anchors.get(int(reading.cue_of[i])), float(reading.cue_score[i])) for i in range(chunk.start, chunk.end)
    ]
    known = sorted({owner for owner, _ in pointed if owner is not None})
    if not known:
        return [nearest(reading, cues, chunk)] * len(pointed)
    cost = dict.fromkeys(known, 0.0)
    back: list[dict[int, int]] = []
    for owner, belief in pointed:
        cheapest = min(known, key=lambda k: (cost[k], k))
        step, new = {}, {}
        for k in known:
            came = k if cost[k] <= cost[cheapest] + CHANGE else cheapest
            step[k] = came
            new[k] = (
                cost[came]
                + (CHANGE if came != k else 0.0)
                + (0.0 if owner == k else belief if owner is not None else 0.1)
            )
        back.append(step)
        cost = new
    at = min(known, key=lambda k: (cost[k], k))
    course: list[int | None] = []
    for step in reversed(back):
        course.append(at)
        at = step[at]
    return course[::-1]


def whole(reading: Reading, cues: tuple[Chunk, ...]) -> list[Chunk]:
    """Returns the model's contents. Contents of one sentence with a small gap between them are joined, and quotations
    are completed.
    """
    taken = {i for c in (*cues, *reading.sources) for i in range(c.start, c.end)}
    inside = {i for c in reading.contents for i in range(c.start, c.end)}
    for a, b in runs(quoted(reading)):
        free = [i for i in range(a, b) if i not in taken]
        if free and sum(i in inside for i in free) >= 0.5 * len(free):
            inside.update(free)
    joined: list[Chunk] = []
    for i in sorted(inside):
        last = joined[-1] if joined else None
        gap = range(last.end, i) if last else range(0)
        if (
            last
            and len(gap) <= CONTENT_GAP
            and reading.words[last.end - 1].sentence == reading.words[i].sentence
            and not any(g in taken for g in gap)
            or last
            and not len(gap)
        ):
            joined[-1] = Chunk(last.start, i + 1, last.head, last.type, last.score)
        else:
            joined.append(Chunk(i, i + 1, i, "content", 1.0))
    return joined


def clause_of(reading: Reading, cue: Chunk) -> tuple[Chunk | None, set[int]]:
    """Returns the source phrase after "according to", and the words of the sentence or clause that it reports."""
    head = reading.words[cue.start].head
    a, b = reading.sentence_of(cue.start)
    if not cue.end <= head < b or reading.words[head].upos not in NOMINAL:
        # "According" depends on the verb or on no later word: the source is the phrase of the first noun.
        head = next((i for i in range(cue.end, b) if reading.words[i].upos in NOMINAL), -1)
        while (
            head >= 0
            and cue.end <= reading.words[head].head < b
            and reading.words[head].head != head
            and reading.words[reading.words[head].head].upos in NOMINAL
        ):
            head = reading.words[head].head
    if head < 0:
        return None, set()
    phrase = [i for i in reading.subtree(head) if i >= cue.end]
    end = next((i for i in phrase if i + 1 not in phrase), head) + 1
    while reading.words[end - 1].upos == "PUNCT" and end - 1 > cue.end:
        end -= 1
    hung = reading.words[head].head
    whole = (
        set(reading.subtree(hung)) if reading.words[hung].rel == "ccomp" and hung != head else set(range(a, b))
    )  # "reported that, according to two officials, ..."
    rest = {i for i in range(a, b) if i in whole and not cue.start <= i < end and reading.words[i].upos != "PUNCT"}
    return Chunk(cue.end, end, head, "source", 1.0), rest | {i for i in range(a, b) if i - 1 in rest and i + 1 in rest}


def quotations(
    reading: Reading,
    marks: list[int],
    cues: tuple[Chunk, ...],
    anchors: dict[int, int],
    aside: Set[int],
    contents: dict[int, set[int]],
) -> None:
    """Gives each quotation to one cue, in `contents`. The cue is before a colon or comma at its start, or after a comma
    at its end. Without a cue beside it, a quotation continues the one before.
    """
    before: tuple[int, int] | None = None
    held = {i for words in contents.values() for i in words}
    for a, b in runs(marks):
        real = [i for i in range(a, b) if reading.words[i].upos != "PUNCT"]
        if len(real) < 4 or held.isdisjoint(real):
            continue
        owner = _beside(reading, a, b, anchors)
        if (
            owner is None
            and before
            and not any(
                i in anchors for i in (*range(reading.sentence_of(a)[0], a), *range(b, reading.sentence_of(b - 1)[1]))
            )
        ):
            gap = [i for i in range(before[1], a) if reading.words[i].upos != "PUNCT" and i not in aside]
            owner = before[0] if len(gap) <= CONTENT_GAP else None
        if owner is None:
            before = None
            continue
        before = owner, b
        for n, words in contents.items():
            if not a <= cues[n].start < b:
                words -= set(range(a, b))
        contents.setdefault(owner, set()).update(range(a, b))


def _beside(reading: Reading, a: int, b: int, anchors: dict[int, int]) -> int | None:
    """The cue of a whole quotation by its punctuation."""
    words = reading.words
    first, last = reading.sentence_of(a)[0], reading.sentence_of(b - 1)[1]
    if (
        a
        and words[a - 1].text in (",", ":")
        and (before := [i for i in range(a - 2, max(first, a - 12) - 1, -1) if i in anchors])
    ):
        return anchors[before[0]]
    if (
        b < len(words)
        and (words[b - 2].text in (",", "?", "!", "—", "-") or words[b].text == ",")
        and (after := [i for i in range(b, min(last, b + 15)) if i in anchors])
    ):
        return anchors[after[0]]
    return None


def goes_on(reading: Reading, marks: list[int], before: int, chunk: Chunk, aside: Set[int]) -> bool:
    """Returns whether a quotation without its own cue continues the content that ended at word `before`: `"We are
    done," she said. "They knew."`.
    """
    real = [i for i in range(chunk.start, chunk.end) if reading.words[i].upos != "PUNCT"]
    between = [i for i in range(before + 1, chunk.start) if reading.words[i].upos != "PUNCT" and i not in aside]
    return (
        bool(real)
        and marks[before] > 0
        and len(between) <= CONTENT_GAP
        and sum(marks[i] > 0 for i in real) >= 0.8 * len(real)
    )


def complement(reading: Reading, verb: int) -> set[int]:
    """Returns the content of a cue by the parse: its clause, its object, or its topic ("about …")."""
    clause = ("acl", "ccomp") if reading.words[verb].upos == "NOUN" else ("ccomp", "xcomp")
    for rels in (clause, ("obj",), ("obl", "nmod")):
        for child in reading.dependents(verb, *rels):
            if rels[0] == "obl" and not reading.markers(child) & _ABOUT:
                continue
            return {i for i in reading.subtree(child) if i > verb}
    return set()


def around(reading: Reading, verb: int, contents: dict[int, set[int]]) -> list[int]:
    """Returns the statements whose clauses contain a verb by the parse: "says she hopes to win but knows that…"."""
    above, node = [], verb
    for over in reading.climb(verb):
        if reading.words[node].relation not in ("conj", "ccomp", "xcomp"):
            break
        above.append(over)
        node = over
    return [m for m, words in contents.items() if verb not in words and any(i in words for i in above)]


def bounded(reading: Reading, words: set[int], cue: Chunk) -> list[int]:
    """Returns the words of a content, at most `LONGEST_CONTENT`, without commas, colons and the like at its edges."""
    ordered = sorted(words, key=lambda i: (abs(i - cue.start), i))[:LONGEST_CONTENT]
    ordered.sort()
    while ordered and reading.words[ordered[-1]].text in ",;:":
        ordered.pop()
    while ordered and reading.words[ordered[0]].text in ",;:.":
        ordered.pop(0)
    return ordered


def spans_of(reading: Reading, words: list[int]) -> tuple[Span, ...]:
    """Returns runs of consecutive words as spans; a blank line also ends a span."""
    runs: list[list[int]] = []
    for i in words:
        if (
            runs
            and i - runs[-1][-1] <= 1
            and "\n\n" not in reading.text[reading.words[runs[-1][-1]].end : reading.words[i].start]
        ):
            runs[-1].append(i)
        else:
            runs.append([i])
    found = []
    for run in runs:
        start, end = reading.span(run[0], run[-1] + 1)
        found.append(Span(start, end, reading.text[start:end]))
    return tuple(found)


def kind_of(words: list[int], marks: list[int], reading: Reading) -> Literal["direct", "indirect", "mixed"]:
    real = [i for i in words if reading.words[i].upos != "PUNCT"]
    inside = sum(marks[i] > 0 for i in real)
    return "direct" if real and inside == len(real) else "mixed" if inside else "indirect"
