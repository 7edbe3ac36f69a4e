"""Where somebody is said to say something: the cues that the model marks, and those that the text's shape or its tree
gives.
"""

from __future__ import annotations

from ..reading import NOMINAL, Chunk, Reading
from .quotes import quoted
from .sources import quoted_as

_MARKS = frozenset(
    ("“", '"', "‘", "``", "«", "„", "”", "''")
)  # a closing mark at the start of a paragraph is one that was typed wrong
_CLOSING = frozenset(("”", '"', "’", "''", "»"))
_TELLS = frozenset("say tell state add report announce".split())
LONGEST_CONTENT = 250  # words of one content; what is longer is a quotation mark lost, not a quotation


def turns(reading: Reading) -> list[tuple[Chunk, Chunk, range]]:
    """The turns of a transcript, "MINISTER LEE: …", and quotations signed with a dash: cue, source, and the words to
    the end of the paragraph, or before the dash.

    A name in capitals before a colon opens a turn; a name written otherwise does where the text has three such
    paragraphs.
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
    going = False  # whether the paragraph before was of a turn between quotation marks that were not closed
    for a, b in zip(starts, [*starts[1:], len(reading.words)]):
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
        )  # and something of the page's own after it
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


INTRODUCED = 16  # words of an introduction at most


def introduced(reading: Reading, starts: list[int]) -> list[tuple[Chunk, Chunk, range]]:
    """Quotations that a phrase without a verb hands over to by a colon, "And from the ministry of Chad:": cue, source,
    the words between the marks.
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
    """The words of a quotation, with the paragraphs in which it goes on: each opens again, and only the last is
    closed.
    """
    end = start
    while end < len(marks) and end - start < LONGEST_CONTENT and marks[end]:
        goes_on = marks[end] == marks[start] or reading.words[end - 1].text not in _CLOSING
        if not goes_on:
            break
        end += 1
    return range(start, end)


def _names(reading: Reading, a: int, b: int) -> int | None:
    """The colon after the name that a paragraph begins with."""
    colon = next((i for i in range(a + 1, min(a + 7, b - 2)) if reading.words[i].text == ":"), None)
    return (
        colon
        if colon is not None
        and all(w.text[0].isupper() or w.text in (".", ",", "of", "the", "’", "-") for w in reading.words[a:colon])
        else None
    )


def _signed(reading: Reading, a: int, b: int) -> tuple[int, int] | None:
    """The dash of a paragraph that is a quotation and who signs it, `"We are tired." — Ana Ruiz`, and the end of the
    name; none where more than a name follows.
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
    """ "According to" where the model saw no cue: what it introduces is a source whatever else the sentence holds."""
    known = {i for c in reading.cues for i in range(c.start, c.end)}
    return [
        Chunk(w.index, w.index + 2, w.index, "cue", 1.0)
        for w in reading.words[:-1]
        if w.text.lower() == "according" and reading.words[w.index + 1].text.lower() == "to" and w.index not in known
    ]


def nested(reading: Reading, cues: list[Chunk]) -> list[Chunk]:
    """Verbs of saying with a speaker and a clause, which stand in the clause of a cue or over "according to": the model
    often marks the outer of the two alone.
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
    """The verb of a cue, or its head."""
    verbs = [i for i in range(cue.start, cue.end) if reading.words[i].upos == "VERB"]
    return verbs[-1] if verbs else cue.head
