"""Sources of statements: the full phrase of a source, and the party that it names."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from ..parties import Linker
from ..reading import NOMINAL, Chunk, Reading
from ..reading.clauses import subjects
from ..schema import Party, PartyMention

_QUANTIFIERS = frozenset(("DET", "NUM", "ADJ"))  # "some", "one of the generals", "many"
_LOOSE = frozenset(("PUNCT", "ADP", "CCONJ", "SCONJ", "VERB", "AUX"))  # no phrase begins or ends with these
SOURCE_GAP = 3  # most words between two pieces of one phrase


def joined(reading: Reading, chunks: list[Chunk], cues: Set[int]) -> list[Chunk]:
    """Returns the sources of one cue, with the pieces of one phrase joined: "a complaint by", "Vermont"."""
    pieces: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda c: c.start):
        last = pieces[-1] if pieces else None
        if (
            last
            and reading.words[last.start].sentence == reading.words[chunk.start].sentence
            and chunk.start - last.end <= SOURCE_GAP
            and cues.isdisjoint(range(last.end, chunk.start))
        ):
            above = [
                reading.words[i]
                for i in range(chunk.start, chunk.end)
                if last.start <= reading.words[i].head < last.end
            ]
            if above:
                pieces[-1] = Chunk(last.start, chunk.end, last.head, last.type, min(last.score, chunk.score))
                continue
        pieces.append(chunk)
    return pieces


def speaker_of(reading: Reading, verb: int, content: set[int]) -> Chunk | None:
    """Returns the speaker by the parse: the subject of a verb, the agent of a passive, the noun of a participle, or the
    possessor of a noun; `None` if there is none or more than one.
    """
    word = reading.words[verb]
    if word.upos in ("VERB", "ADJ", "AUX"):
        found = list(
            reading.dependents(verb, "obl:agent")
            if reading.governs(verb, "aux:pass")
            else reading.dependents(verb, "nsubj")
        )
        if not found and word.rel == "acl" and word.has("VerbForm=Ger"):
            found = [word.head]
    else:
        found = list(reading.dependents(verb, "nmod:poss")) or [
            i
            for i in reading.dependents(verb, "nmod")
            if reading.words[i].index > verb and reading.markers(i) & {"by", "from"}
        ]
    found = [
        i
        for i in found
        if reading.words[i].upos in (*NOMINAL, "DET", "NUM")
        and i not in content
        and reading.words[i].text.lower() not in ("it", "there", "this")
    ]
    return _phrase(reading, found[0]) if len(found) == 1 else None


def _phrase(reading: Reading, head: int) -> Chunk:
    words = [i for i in reading.subtree(head, ("acl", "appos", "punct", "advcl", "parataxis", "case"))]
    return Chunk(words[0], words[-1] + 1, head, "source", 0.5)


def shared(reading: Reading, verb: int) -> Chunk | None:
    """Returns the subject that a verb of saying shares with the verb above it: "Blinken criticised X and urged Y"."""
    word = reading.words[verb]
    if (
        word.upos != "VERB"
        or reading.governs(verb, "nsubj", "aux:pass")
        or word.relation not in ("conj", "advcl", "xcomp")
    ):
        return None
    found = [i for i in subjects(reading, verb) if reading.words[i].rel == "nsubj" and reading.words[i].upos in NOMINAL]
    if len(found) != 1 or reading.words[found[0]].sentence != word.sentence:
        return None
    return _phrase(reading, found[0])


def quoted_as(reading: Reading, verb: int) -> Chunk | None:
    """Returns the person "quoted as saying" something: the object of the verb above, or the subject of its passive."""
    word = reading.words[verb]
    if (
        word.upos != "VERB"
        or word.head == verb
        or reading.words[word.head].upos != "VERB"
        or "as" not in reading.markers(verb, "mark", "case")
        or not word.text.lower().endswith("ing")
    ):
        return None
    found = list(reading.dependents(word.head, "nsubj:pass")) or list(reading.dependents(word.head, "obj"))
    return _phrase(reading, found[0]) if len(found) == 1 and reading.words[found[0]].upos in NOMINAL else None


def parties_of(reading: Reading, linker: Linker, chunk: Chunk) -> list[PartyMention]:
    """Returns the parties that the phrase of a source names, else one with its words alone; empty for a phrase without
    a noun.
    """
    if chunk.type == "signed":
        return _raw(reading, linker, chunk)  # name, office and town of a signature do not parse as a sentence
    if several := linker.listed(chunk.start, chunk.end):
        return several
    heads = [
        i
        for i in range(chunk.start, chunk.end)
        if reading.words[i].upos in (*NOMINAL, *_QUANTIFIERS)
        and (i == chunk.head or not chunk.start <= reading.words[i].head < chunk.end)
    ]
    named = [p for h in heads if reading.words[h].upos in NOMINAL for p in linker.group(h)]
    found = [p for n, p in enumerate(named) if p not in named[:n]] or (_raw(reading, linker, chunk) if heads else [])
    if len(found) != 1:
        return found
    party = _widened(reading, found[0], chunk)
    if chunk.end - chunk.start == 1 and party.name and reading.words[chunk.start].has("PronType=Rel"):
        start, end = reading.span(chunk.start, chunk.end)
        party = replace(party, text=reading.text[start:end], start=start, end=end)
    return [party]


def _raw(reading: Reading, linker: Linker, chunk: Chunk) -> list[PartyMention]:
    """A source without a party by the parse: resolved by its whole text, else its words alone."""
    last = next(
        (
            i
            for i in range(chunk.end - 1, chunk.start, -1)
            if reading.words[i].text not in (",", ";", ":", "—", "–", "-")
        ),
        chunk.start,
    )
    start, end = reading.span(chunk.start, last + 1)
    found = linker.resolver.resolve(reading.text[start:end], linker.day)
    party = found.party if found else Party(None, None, None, None)
    return [party.at(reading.text[start:end], start, end)]


def _widened(reading: Reading, party: PartyMention, chunk: Chunk) -> PartyMention:
    """The party with all words of the source that the model marks, without loose words at its edges: "Ann Lee, a lawyer
    at the bank", not just "Ann Lee". A relative clause is included.
    """
    own = [
        i
        for i in range(chunk.start, chunk.end)
        if party.start is not None
        and party.end is not None
        and party.start < reading.words[i].end
        and reading.words[i].start < party.end
    ]
    if not own or party.start is None or party.end is None:
        return party
    low, high = min(own[0], chunk.start), max(own[-1], chunk.end - 1)
    while low < own[0] and reading.words[low].upos in _LOOSE:
        low += 1
    while (
        high > own[-1]
        and (
            reading.words[high].upos in _LOOSE
            or reading.words[high].has("PronType=Rel")
            or reading.words[high].text.lower() in ("'s", "’s", "’", "'")
        )
        and reading.words[high].text not in ')”"'
    ):
        high -= 1
    start, end = min(party.start, reading.words[low].start), max(party.end, reading.words[high].end)
    return replace(party, text=reading.text[start:end], start=start, end=end)


def together(reading: Reading, parties: list[PartyMention], words: tuple[int, ...]) -> PartyMention | None:
    """Returns the source of a statement. Of several parties that speak together, "France and Germany", it is the first
    one with the words of all.
    """
    placed = [(p.start, p.end) for p in parties if p.start is not None and p.end is not None]
    if len(parties) < 2 or len(placed) < len(parties) or not words:
        return parties[0] if parties else None
    low, high = reading.span(words[0], words[-1] + 1)
    if any(end <= low or high <= start for start, end in placed):
        return parties[0]
    start, end = min(s for s, _ in placed), max(e for _, e in placed)
    return replace(parties[0], text=reading.text[start:end], start=start, end=end)
