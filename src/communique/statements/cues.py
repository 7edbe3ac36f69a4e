"""Cues of statements beyond those that the model marks: from the layout of the text and from the parse."""

from __future__ import annotations

import re

from ..reading import NOMINAL, Chunk, Reading
from .quotes import quoted
from .sources import quoted_as

_MARKS = frozenset(
    ("“", '"', "‘", "``", "«", "„", "”", "''")
)  # a closing mark at the start of a paragraph is a typing error
_CLOSING = frozenset(("”", '"', "’", "''", "»"))
_TELLS = frozenset("say tell state add report announce".split())
LONGEST_CONTENT = 250  # most words of one content; a longer one comes from a lost quotation mark


def turns(reading: Reading) -> list[tuple[Chunk, Chunk, range]]:
    """Returns cue, source and content words of the turns of a transcript ("MINISTER LEE: …"), of quotations signed with
    a dash and of those that a colon introduces.

    A name in capitals before a colon opens a turn; another name does so if the text has three such paragraphs.
    """
    if not reading.words:
        return []
    starts = [
        0,
        *(
            i
            for i in range(1, len(reading.words))
            if "\n" in reading.text[reading.words[i - 1].end : reading.words[i].start]
        ),
    ]
    found: list[tuple[Chunk, Chunk, range, bool]] = []
    signed: list[tuple[Chunk, Chunk, range]] = []
    going = False  # whether the previous paragraph belongs to a quoted turn that is still open
    before: range | None = None  # the previous paragraph
    for a, b in zip(starts, [*starts[1:], len(reading.words)]):
        if (post := _post(reading, a, b)) is not None:
            dash, end = post
            if words := range(a, dash) if dash > a else before:
                source = Chunk(dash + 1, end, end - 1, "signed", 1.0)
                signed.append((Chunk(dash, dash + 1, dash, "cue", 1.0), source, words))
            going, before = False, None
            continue
        before = range(a, min(b, a + LONGEST_CONTENT))
        if (signature := _signed(reading, a, b)) is not None:
            dash, end = signature
            signed.append(
                (Chunk(dash, dash + 1, dash, "cue", 1.0), Chunk(dash + 1, end, end - 1, "signed", 1.0), range(a, dash))
            )
            going = False
            continue
        opens = reading.words[a].text in _MARKS
        closed = any(
            w.text in _CLOSING - {"’"} for w in reading.words[a + 1 : b - 1]
        )  # closed within the paragraph: the page's own text follows
        if going and opens and not closed and not _names(reading, a + 1, b):
            cue, source, words, shouted = found[-1]
            found[-1] = cue, source, range(words.start, min(b, words.start + LONGEST_CONTENT)), shouted
            going = reading.words[b - 1].text not in _CLOSING
            continue
        a += opens
        colon = _names(reading, a, b)
        going = bool(opens and colon and reading.words[b - 1].text not in _CLOSING)
        if colon is None:
            continue
        letters = "".join(w.text for w in reading.words[a:colon])
        found.append(
            (
                Chunk(colon, colon + 1, colon, "cue", 1.0),
                Chunk(a, colon, colon - 1, "source", 1.0),
                range(colon + 1, min(b, colon + 1 + LONGEST_CONTENT)),
                letters.isupper() and len(letters) > 3,
            )
        )
    named = sum(not shouted for *_, shouted in found)
    taken = {cue.start for cue, *_ in found} | {cue.start for cue, *_ in signed}
    brought = [t for t in introduced(reading, starts) if t[0].start not in taken]
    return sorted(
        [*signed, *brought, *((cue, source, words) for cue, source, words, shouted in found if shouted or named >= 3)],
        key=lambda t: t[0].start,
    )


INTRODUCED = 16  # most words of an introduction


def introduced(reading: Reading, starts: list[int]) -> list[tuple[Chunk, Chunk, range]]:
    """Returns cue, source and quoted words of quotations that a phrase without a verb introduces by a colon: "And from
    the ministry of Chad:". `starts` are the first words of paragraphs.
    """
    marks = quoted(reading)
    cues = {i for c in reading.cues for i in range(c.start, c.end)}
    found: list[tuple[Chunk, Chunk, range]] = []
    for a, b in zip(starts, [*starts[1:], len(reading.words)]):
        colon = next((i for i in range(a + 1, min(a + INTRODUCED, b)) if reading.words[i].text == ":"), None)
        if colon is None or colon + 1 >= len(reading.words) or not marks[colon + 1] or marks[colon]:
            continue
        if any(i in cues or reading.words[i].upos in ("VERB", "AUX") or marks[i] for i in range(a, colon)):
            continue
        begin = next((i + 1 for i in range(a, colon - 1) if reading.words[i].text.lower() in ("from", "by")), a)
        while begin < colon and reading.words[begin].upos in ("CCONJ", "ADV", "PUNCT", "INTJ", "SCONJ"):
            begin += 1
        nouns = [i for i in range(begin, colon) if reading.words[i].upos in NOMINAL]
        if not nouns:
            continue
        tops = [i for i in nouns if not begin <= reading.words[i].head < colon or reading.words[i].head == i]
        source = Chunk(begin, colon, (tops or nouns)[0], "source", 1.0)
        found.append((Chunk(colon, colon + 1, colon, "cue", 1.0), source, _quotation(reading, marks, colon + 1)))
    return found


def _quotation(reading: Reading, marks: list[int], start: int) -> range:
    """The words of a quotation, with the paragraphs that continue it: each begins with an opening mark, and only the
    last one is closed.
    """
    end = start
    while end < len(marks) and end - start < LONGEST_CONTENT and marks[end]:
        goes_on = marks[end] == marks[start] or reading.words[end - 1].text not in _CLOSING
        if not goes_on:
            break
        end += 1
    return range(start, end)


def _names(reading: Reading, a: int, b: int) -> int | None:
    """The colon after a name at the start of a paragraph."""
    colon = next((i for i in range(a + 1, min(a + 7, b - 2)) if reading.words[i].text == ":"), None)
    return (
        colon
        if colon is not None
        and all(w.text[0].isupper() or w.text in (".", ",", "of", "the", "’", "-") for w in reading.words[a:colon])
        else None
    )


_POST = re.compile(r"(?:—|―|–|--?)\s?([^\n()@—―–]{2,60}?)\s?\(@\w{1,30}\)[^\n.!?]{0,40}\Z")


def _post(reading: Reading, a: int, b: int) -> tuple[int, int] | None:
    """The dash before the author of an embedded post, "— Ana Ruiz (@anaruiz) March 22, 2021", and the end of the name.
    It follows the words of the post, in their paragraph or in the next one.
    """
    begin, end = reading.span(a, b)
    found = _POST.search(reading.text, max(begin, end - 200), end)
    if found is None:
        return None
    dash = next((i for i in range(a, b) if reading.words[i].end > found.start()), None)
    last = next((i for i in range(a, b) if reading.words[i].start >= found.end(1)), None)
    return (dash, last) if dash is not None and last is not None and last > dash + 1 else None


def _signed(reading: Reading, a: int, b: int) -> tuple[int, int] | None:
    """The dash and the end of the name in a paragraph of just a quotation and its author: `"We are tired." — Ana
    Ruiz`; `None` if more than a name follows.
    """
    words = reading.words[a:b]
    if len(words) < 5 or words[0].text not in _MARKS:
        return None
    b -= words[-1].text == "."  # a signature with a full stop
    dash = next(
        (i for i in range(b - 2, max(a + 2, b - 12), -1) if reading.words[i].text in ("―", "—", "–", "-", "--")), None
    )
    if dash is None or reading.words[dash - 1].text not in _CLOSING:
        return None
    name = reading.words[dash + 1 : b]
    return (
        (dash, b)
        if name[0].text[0].isupper()
        and sum(w.upos in ("VERB", "AUX") for w in name) == 0
        and name[-1].text not in (".", "!", "?")
        else None
    )


def prepositions(reading: Reading) -> list[Chunk]:
    """Returns a cue for each "according to" that the model did not mark: a source always follows it."""
    known = {i for c in reading.cues for i in range(c.start, c.end)}
    return [
        Chunk(w.index, w.index + 2, w.index, "cue", 1.0)
        for w in reading.words[:-1]
        if w.text.lower() == "according" and reading.words[w.index + 1].text.lower() == "to" and w.index not in known
    ]


def nested(reading: Reading, cues: list[Chunk]) -> list[Chunk]:
    """Returns verbs of saying with a speaker and a clause that depend on a cue or govern "according to". The model
    often marks only the outer one of two nested cues.
    """
    known = {i for c in cues for i in range(c.start, c.end)}
    over = {
        reading.words[reading.words[c.start].head].head
        for c in cues
        if reading.words[c.start].text.lower() == "according"
    }
    found: list[Chunk] = []
    for word in reading.words:
        i = word.index
        speech = reading.event_class[i] == "REPORTING" or word.lemma in _TELLS
        if i in known or word.upos != "VERB" or not speech or not reading.governs(i, "ccomp"):
            continue
        if quoted_as(reading, i) is None and not ((word.rel == "ccomp" or i in over) and reading.governs(i, "nsubj")):
            continue
        if word.head in known or i in over:
            found.append(Chunk(i, i + 1, i, "cue", 0.5))
            known.add(i)
    return found


def verb_of(reading: Reading, cue: Chunk) -> int:
    """Returns the last verb of a cue, or its head."""
    verbs = [i for i in range(cue.start, cue.end) if reading.words[i].upos == "VERB"]
    return verbs[-1] if verbs else cue.head
