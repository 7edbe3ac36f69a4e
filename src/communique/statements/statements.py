"""Source, cue and content put together from what the model says of each word, with syntax where it is surer."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Literal

from ..parties import Linker
from ..reading import Chunk, Reading
from ..reading.clauses import subjects
from ..schema import Medium, PartyMention, Span, Statement
from .quotes import quoted, runs

_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_OPEN = frozenset(("NOUN", "VERB", "PROPN", "ADJ", "NUM", "PRON", "ADV", "INTJ", "AUX"))
_QUANTIFIERS = frozenset(("DET", "NUM", "ADJ"))  # "some", "one of the generals", "many"
_MARKS = frozenset(("“", '"', "‘", "``", "«", "„"))
_LOOSE = frozenset(("PUNCT", "ADP", "CCONJ", "SCONJ", "VERB", "AUX"))  # what no phrase begins or ends with
GAP = 3  # words between two contents of a sentence that belong to them
CHANGE = 2.0  # what it costs to go over to another cue within one content, in words that point elsewhere
LONGEST = 250  # words of one content; what is longer is a quotation mark lost, not a quotation
_MEDIA = re.compile(
    r"(?i)\b(?:interview|message|statement|letter|speech|address|tweet|post|report|article|editorial|commentary|news conference|press conference|briefing|broadcast|remarks|call|email|e-mail|telegram|memo|note|video|dispatch|communique|communiqué|twitter|x|facebook|television|radio|book|document|resolution|testimony)$"
)
_TELLS = frozenset("say tell state add report announce".split())
_SAYS = frozenset(["say", "tell", "state", "add", "note", "claim", "announce", "report", "declare", "insist", "argue", "warn", "explain", "write", "deny", "confirm", "allege", "suggest", "believe", "think", "hope", "fear", "predict", "describe", "call", "urge", "pledge", "vow", "promise", "demand", "ask", "stress", "emphasize", "emphasise", "reiterate", "acknowledge", "admit", "quote", "cite"])


@dataclass(frozen=True)
class Found:
    """A statement with the words it is made of."""

    statement: Statement
    sources: tuple[PartyMention, ...]
    source_words: tuple[int, ...]
    cue_words: tuple[int, ...]
    content_words: frozenset[int]


def _owner(reading: Reading, chunk: Chunk, anchors: dict[int, int]) -> int | None:
    """The cue that most words of a chunk point to."""
    votes = Counter(anchors[int(reading.cue_of[i])] for i in range(chunk.start, chunk.end) if int(reading.cue_of[i]) in anchors)
    return votes.most_common(1)[0][0] if votes else None


def _whole(reading: Reading, cues: tuple[Chunk, ...]) -> list[Chunk]:
    """The model's contents, those of one sentence joined where a few words between them were passed over, quotations taken whole."""
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
        if last and len(gap) <= GAP and reading.words[last.end - 1].sentence == reading.words[i].sentence and not any(g in taken for g in gap) or last and not len(gap):
            joined[-1] = Chunk(last.start, i + 1, last.head, last.type, last.score)
        else:
            joined.append(Chunk(i, i + 1, i, "content", 1.0))
    return joined


def _owners(reading: Reading, cues: tuple[Chunk, ...], chunk: Chunk, anchors: dict[int, int]) -> list[int | None]:
    """The cue of each word of a content: the cheapest course from word to word, where a change of cue costs as much as several words' doubt."""
    pointed = [(anchors.get(int(reading.cue_of[i])), float(reading.cue_score[i])) for i in range(chunk.start, chunk.end)]
    known = sorted({owner for owner, _ in pointed if owner is not None})
    if not known:
        nearest = _nearest(reading, cues, chunk)
        return [nearest] * len(pointed)
    cost = dict.fromkeys(known, 0.0)
    back: list[dict[int, int]] = []
    for owner, belief in pointed:
        cheapest = min(known, key=lambda k: (cost[k], k))
        step, new = {}, {}
        for k in known:
            came = k if cost[k] <= cost[cheapest] + CHANGE else cheapest
            step[k] = came
            new[k] = cost[came] + (CHANGE if came != k else 0.0) + (0.0 if owner == k else belief if owner is not None else 0.1)
        back.append(step)
        cost = new
    at = min(known, key=lambda k: (cost[k], k))
    course: list[int | None] = []
    for step in reversed(back):
        course.append(at)
        at = step[at]
    return course[::-1]


def statements_of(reading: Reading, linker: Linker) -> tuple[Found, ...]:
    """Every statement of the article in order of its first word."""
    turns = _turns(reading)
    opened = {i for cue, source, _ in turns for i in (*range(cue.start, cue.end), *range(source.start, source.end))}
    heard = [*(c for c in (*reading.cues, *_prepositions(reading)) if c.start not in opened), *(cue for cue, _, _ in turns)]
    deeper = _nested(reading, heard)
    cues = tuple(sorted((*heard, *deeper), key=lambda c: c.start))
    if not cues:
        return ()
    anchors = {i: n for n, cue in enumerate(cues) for i in range(cue.start, cue.end)}
    sources: dict[int, list[Chunk]] = {}
    for chunk in reading.sources:
        owner = _owner(reading, chunk, anchors)
        if owner is None:
            owner = _nearest(reading, cues, chunk)
        if owner is not None:
            sources.setdefault(owner, []).append(chunk)
    contents: dict[int, set[int]] = {}
    marks = quoted(reading)
    aside = anchors.keys() | {i for c in reading.sources for i in range(c.start, c.end)}
    last: tuple[int, int] | None = None
    paragraph = [0, *itertools.accumulate(int("\n" in reading.text[a.end : b.start]) for a, b in itertools.pairwise(reading.words))]
    for chunk in _whole(reading, cues):
        # Words of one stretch may hang on different cues, a statement inside a statement: each in as few stretches as the model's belief allows.
        owners = _owners(reading, cues, chunk, anchors)
        if owners[0] is None and last and _goes_on(reading, marks, last[1], chunk, aside):
            owners = [last[0]] * len(owners)
        for i, owner in zip(range(chunk.start, chunk.end), owners):
            if owner is None:
                continue
            if marks[i] == 0 and paragraph[i] != paragraph[cues[owner].start] and reading.words[i].sentence != reading.words[cues[owner].start].sentence:
                continue  # what is not quoted is not carried over to another paragraph
            contents.setdefault(owner, set()).add(i)
            last = owner, i
    _quotations(reading, marks, cues, anchors, aside, contents)
    for turn, name, spoken_words in turns:
        n = next(n for n, c in enumerate(cues) if c.start == turn.start)
        sources[n], contents[n] = [name], set(spoken_words)
    sources = {n: _joined(reading, chunks, anchors.keys()) for n, chunks in sources.items()}
    for n, cue in enumerate(cues):
        if reading.words[cue.start].text.lower() == "according":
            source, content = _clause_of(reading, cue)
            if source is not None:
                sources[n] = [c for c in sources.get(n, []) if c.start >= cue.end and c.start <= source.head < c.end] or [source]
                hung = reading.words[source.head].head
                if hung not in contents.get(n, set()):
                    contents[n] = content  # what is reported holds the verb that the phrase hangs on
                if reading.words[hung].rel == "ccomp":
                    for m, content in contents.items():
                        if m != n and hung in content and cues[m].start in (reading.words[hung].head, reading.words[hung].head - 1):
                            content |= {*range(cue.start, cue.end), *range(source.start, source.end)}
    told = {i for c in reading.contents for i in range(c.start, c.end)}
    for n, cue in enumerate(cues):
        if not any(reading.words[i].upos in _OPEN for i in contents.get(n, ())):
            contents.pop(n, None)
        if n not in contents and (cue in deeper or n not in sources):
            # The words of a statement within a statement point to one cue alone: the tree gives the other its own.
            clause = _complement(reading, _verb(reading, cue)) - set(range(cue.start, cue.end))
            if cue in deeper or clause and clause <= told | aside and _speaker(reading, cue, clause) is not None:
                contents[n] = clause
    by_word = {i: n for n, cue in enumerate(cues) for i in range(cue.start, cue.end)}
    for n, cue in enumerate(cues):
        verb = _verb(reading, cue)
        if len(sources.get(n, [])) > 1:  # the subject rather than the nearest
            own = [c for c in sources[n] if any(c.start <= i < c.end for i in subjects(reading, verb))]
            sources[n] = own[:1] or sources[n]
        elif sources.get(n) and contents.get(n) and reading.words[cue.start].text.lower() != "according" and (speaker := _speaker(reading, cue, contents[n])) is not None and not sources[n][0].start <= speaker.head < sources[n][0].end:
            sources[n] = [speaker]
        over = by_word.get(reading.words[verb].head, n)
        if over != n and sources.get(over) and reading.words[verb].rel in ("advcl", "xcomp", "conj") and not reading.governs(verb, "nsubj", "nsubj:pass", "aux:pass"):
            sources[n] = sources[over]
    for n, cue in enumerate(cues):
        if (quoted_one := _quoted_as(reading, _verb(reading, cue))) is not None:
            sources[n] = [quoted_one]
        elif not sources.get(n) and contents.get(n) and (speaker := _speaker(reading, cue, contents[n]) or _shared(reading, _verb(reading, cue))) is not None:
            sources[n] = [speaker]
    for n, cue in enumerate(cues):
        if not contents.get(n) and sources.get(n):
            contents[n] = _complement(reading, _verb(reading, cue)) - set(range(cue.start, cue.end)) - {i for c in sources[n] for i in range(c.start, c.end)}
    for n, cue in enumerate(cues):
        for m in _around(reading, _verb(reading, cue), contents):
            if n in contents and m != n and not any(i in contents[n] for i in range(cues[m].start, cues[m].end)):
                contents[m] |= {i for c in sources.get(n, []) for i in range(c.start, c.end)} | set(range(cue.start, cue.end)) | contents[n]
        over = by_word.get(reading.words[_verb(reading, cue)].head, n)
        if over != n and over in contents and n in contents and _quoted_as(reading, _verb(reading, cue)) is not None:
            contents[over] |= set(range(cue.start, cue.end))
    inside: dict[int, int | None] = {}
    for n, cue in enumerate(cues):
        outer = [m for m in contents if m != n and any(i in contents[m] for i in range(cue.start, cue.end))]
        inside[n] = min(outer, key=lambda m: len(contents[m])) if outer else None
    for n in list(inside):  # no circles
        seen, at = {n}, inside[n]
        while at is not None:
            if at in seen:
                inside[n] = None
                break
            seen.add(at)
            at = inside[at]
    for n in sorted(inside, key=lambda n: _depth(inside, n), reverse=True):
        outer_one = inside[n]
        if outer_one is not None and n in contents:
            contents[outer_one] = contents[outer_one] | contents[n]
    found: list[Found] = []
    numbers: dict[int, str] = {}
    for n, cue in enumerate(cues):
        words = _bounded(reading, contents.get(n, set()) - set(range(cue.start, cue.end)), cue)
        spoken = sources.get(n, [])
        if not words:
            continue
        source_words = tuple(i for c in spoken for i in range(c.start, c.end))
        parties: list[PartyMention] = []
        if len(spoken) > 1:
            spoken = [min(spoken, key=lambda c: min(abs(cue.start - c.end), abs(c.start - cue.end)))]
            source_words = tuple(range(spoken[0].start, spoken[0].end))
        for chunk in spoken:
            if carried := _carried(reading, chunk, found):
                parties.append(carried)
                continue
            if several := linker.listed(chunk.start, chunk.end):
                parties += several
                continue
            heads = [i for i in range(chunk.start, chunk.end) if reading.words[i].upos in (*_NOMINAL, *_QUANTIFIERS) and (i == chunk.head or not chunk.start <= reading.words[i].head < chunk.end)]
            named = [p for h in heads if reading.words[h].upos in _NOMINAL for p in linker.group(h)]
            fresh = [p for n, p in enumerate(named) if p not in parties and p not in named[:n]] or (_raw(reading, linker, chunk) if heads else [])
            if len(fresh) == 1:
                fresh = [_widened(reading, fresh[0], chunk)]
                if chunk.end - chunk.start == 1 and fresh[0].name and reading.words[chunk.start].has("PronType=Rel"):
                    start, end = reading.span(chunk.start, chunk.end)
                    fresh = [replace(fresh[0], text=reading.text[start:end], start=start, end=end)]
            parties += fresh
        start, end = reading.span(cue.start, cue.end)
        identity = hashlib.sha256(f"{start}|{end}|{reading.text[start:end]}|{n}".encode("utf-8", "replace")).hexdigest()[:12]
        numbers[n] = f"s:{identity}"
        head = _verb(reading, cue)
        spans = _spans(reading, words)
        found.append(Found(
            Statement(
                id=numbers[n], source=_together(reading, parties, source_words), cue=Span(start, end, reading.text[start:end]), content=spans,
                kind="direct" if cue.start in opened else _kind(words, marks, reading), medium=_medium(reading, linker, head, source_words), addressee=_addressee(reading, linker, head, source_words), within=None,
            ),
            tuple(parties), source_words, tuple(range(cue.start, cue.end)), frozenset(words),
        ))  # fmt: skip
    by_cue = {f.cue_words[0]: n for n, f in enumerate(found)}
    result = []
    for f in found:
        cue_number = next(n for n, c in enumerate(cues) if c.start == f.cue_words[0])
        outer_one = inside.get(cue_number)
        within = numbers.get(outer_one) if outer_one is not None and cues[outer_one].start in by_cue else None
        s = f.statement
        result.append(Found(Statement(s.id, s.source, s.cue, s.content, s.kind, s.medium, s.addressee, within), f.sources, f.source_words, f.cue_words, f.content_words))
    return tuple(sorted(result, key=lambda f: min(f.cue_words)))


def _joined(reading: Reading, chunks: list[Chunk], cues: Set[int]) -> list[Chunk]:
    """The sources of one cue, those that are pieces of one phrase put together: "a complaint by", "Vermont"."""
    joined: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda c: c.start):
        last = joined[-1] if joined else None
        if last and reading.words[last.start].sentence == reading.words[chunk.start].sentence and chunk.start - last.end <= GAP and cues.isdisjoint(range(last.end, chunk.start)):
            above = [reading.words[i] for i in range(chunk.start, chunk.end) if last.start <= reading.words[i].head < last.end]
            if any(w.rel.split(":")[0] in ("nmod", "compound", "flat", "appos", "amod", "nummod", "fixed") for w in above):
                joined[-1] = Chunk(last.start, chunk.end, last.head, last.type, min(last.score, chunk.score))
                continue
        joined.append(chunk)
    return joined


def _speaker(reading: Reading, cue: Chunk, content: set[int]) -> Chunk | None:
    """Who speaks by the tree where the model names nobody: the subject of a verb, the agent of a passive, the noun of a participle, the owner of a noun."""
    verb = _verb(reading, cue)
    word = reading.words[verb]
    if word.upos in ("VERB", "ADJ", "AUX"):
        found = list(reading.dependents(verb, "obl:agent") if reading.governs(verb, "aux:pass") else reading.dependents(verb, "nsubj"))
        if not found and word.rel == "acl" and word.has("VerbForm=Ger"):
            found = [word.head]
    else:
        found = list(reading.dependents(verb, "nmod:poss")) or [i for i in reading.dependents(verb, "nmod") if reading.words[i].index > verb and {reading.words[c].text.lower() for c in reading.dependents(i, "case")} & {"by", "from"}]
    found = [i for i in found if reading.words[i].upos in (*_NOMINAL, "DET", "NUM") and i not in content and reading.words[i].text.lower() not in ("it", "there", "this")]
    return _phrase(reading, found[0]) if len(found) == 1 else None


def _phrase(reading: Reading, head: int) -> Chunk:
    words = [i for i in reading.subtree(head, ("acl", "appos", "punct", "advcl", "parataxis", "case"))]
    return Chunk(words[0], words[-1] + 1, head, "source", 0.5)


def _shared(reading: Reading, verb: int) -> Chunk | None:
    """The subject that a verb of saying shares with the verb it is joined to: "Blinken criticised X and urged Y"."""
    word = reading.words[verb]
    if word.upos != "VERB" or reading.governs(verb, "nsubj", "aux:pass") or word.rel.split(":")[0] not in ("conj", "advcl", "xcomp"):
        return None
    found = [i for i in subjects(reading, verb) if reading.words[i].rel == "nsubj" and reading.words[i].upos in _NOMINAL]
    if len(found) != 1 or reading.words[found[0]].sentence != word.sentence:
        return None
    return _phrase(reading, found[0])


def _turns(reading: Reading) -> list[tuple[Chunk, Chunk, range]]:
    """The turns of a transcript, "MINISTER LEE: …", and quotations signed with a dash: cue, source, and the words to the end of the paragraph, or before the dash.

    A name in capitals before a colon opens a turn; a name written otherwise does where the text has three such paragraphs.
    """
    if not reading.words:
        return []
    starts = [0, *(i for i in range(1, len(reading.words)) if "\n" in reading.text[reading.words[i - 1].end : reading.words[i].start])]
    found: list[tuple[Chunk, Chunk, range, bool]] = []
    signed: list[tuple[Chunk, Chunk, range]] = []
    for a, b in zip(starts, [*starts[1:], len(reading.words)]):
        if (dash := _signed(reading, a, b)) is not None:
            comma = next((i for i in range(dash + 2, b) if reading.words[i].text == ","), b)
            signed.append((Chunk(dash, dash + 1, dash, "cue", 1.0), Chunk(dash + 1, comma, comma - 1, "source", 1.0), range(max(a, dash - LONGEST), dash)))
            continue
        a += reading.words[a].text in _MARKS
        colon = next((i for i in range(a + 1, min(a + 7, b - 2)) if reading.words[i].text == ":"), None)
        if colon is None or not all(w.text[0].isupper() or w.text in (".", ",", "of", "the", "’", "-") for w in reading.words[a:colon]):
            continue
        letters = "".join(w.text for w in reading.words[a:colon])
        found.append((Chunk(colon, colon + 1, colon, "cue", 1.0), Chunk(a, colon, colon - 1, "source", 1.0), range(colon + 1, min(b, colon + 1 + LONGEST)), letters.isupper() and len(letters) > 3))
    named = sum(not shouted for *_, shouted in found)
    return sorted([*signed, *((cue, source, words) for cue, source, words, shouted in found if shouted or named >= 3)], key=lambda t: t[0].start)


def _signed(reading: Reading, a: int, b: int) -> int | None:
    """The dash of a paragraph that is a quotation and who signs it, `"We are tired." — Ana Ruiz`; none where more than a name follows."""
    words = reading.words[a:b]
    if len(words) < 5 or words[0].text not in _MARKS:
        return None
    dash = next((i for i in range(b - 2, max(a + 2, b - 12), -1) if reading.words[i].text in ("―", "—", "–", "-", "--")), None)
    if dash is None or reading.words[dash - 1].text not in ("”", '"', "’", "''"):
        return None
    name = reading.words[dash + 1 : b]
    return dash if name[0].text[0].isupper() and sum(w.upos in ("VERB", "AUX") for w in name) == 0 and name[-1].text not in (".", "!", "?") else None


def _prepositions(reading: Reading) -> list[Chunk]:
    """"According to" where the model saw no cue: what it introduces is a source whatever else the sentence holds."""
    known = {i for c in reading.cues for i in range(c.start, c.end)}
    return [
        Chunk(w.index, w.index + 2, w.index, "cue", 1.0)
        for w in reading.words[:-1]
        if w.text.lower() == "according" and reading.words[w.index + 1].text.lower() == "to" and w.index not in known
    ]


def _nested(reading: Reading, cues: list[Chunk]) -> list[Chunk]:
    """Verbs of saying with a speaker and a clause, which stand in the clause of a cue: who says that another said something is believed by the model, but not always heard."""
    known = {i for c in cues for i in range(c.start, c.end)}
    found: list[Chunk] = []
    for word in reading.words:
        i = word.index
        speech = reading.event_class[i] == "REPORTING" or word.lemma in _TELLS
        if i in known or word.upos != "VERB" or not speech or not reading.governs(i, "ccomp"):
            continue
        quoted_as = _quoted_as(reading, i) is not None
        if not quoted_as and not (word.rel == "ccomp" and reading.governs(i, "nsubj")):
            continue
        if word.head in known:
            found.append(Chunk(i, i + 1, i, "cue", 0.5))
            known.add(i)
    return found


def _quoted_as(reading: Reading, verb: int) -> Chunk | None:
    """Who is quoted as saying something: the object of the verb over it, or the subject of its passive."""
    word = reading.words[verb]
    if word.upos != "VERB" or word.head == verb or reading.words[word.head].upos != "VERB" or "as" not in {reading.words[c].text.lower() for c in reading.dependents(verb, "mark", "case")} or not word.text.lower().endswith("ing"):
        return None
    found = list(reading.dependents(word.head, "nsubj:pass")) or list(reading.dependents(word.head, "obj"))
    return _phrase(reading, found[0]) if len(found) == 1 and reading.words[found[0]].upos in _NOMINAL else None


def _clause_of(reading: Reading, cue: Chunk) -> tuple[Chunk | None, set[int]]:
    """The phrase that a preposition of reporting introduces, and the rest of the sentence that it reports."""
    head = reading.words[cue.start].head
    a, b = reading.sentence_of(cue.start)
    if head < cue.end or not a <= head < b:
        head = next((i for i in range(cue.end, b) if reading.words[i].upos in _NOMINAL and not cue.end <= reading.words[i].head < b), -1)
    if head < 0:
        return None, set()
    phrase = [i for i in reading.subtree(head) if i >= cue.end]
    end = next((i for i in phrase if i + 1 not in phrase), head) + 1
    while reading.words[end - 1].upos == "PUNCT" and end - 1 > cue.end:
        end -= 1
    hung = reading.words[head].head
    whole = set(reading.subtree(hung)) if reading.words[hung].rel == "ccomp" and hung != head else set(range(a, b))  # "reported that, according to two officials, ..."
    rest = {i for i in range(a, b) if i in whole and not cue.start <= i < end and reading.words[i].upos != "PUNCT"}
    return Chunk(cue.end, end, head, "source", 1.0), rest | {i for i in range(a, b) if i - 1 in rest and i + 1 in rest}


def _depth(inside: dict[int, int | None], n: int) -> int:
    depth, at = 0, inside[n]
    while at is not None:
        depth, at = depth + 1, inside[at]
    return depth


def _nearest(reading: Reading, cues: tuple[Chunk, ...], chunk: Chunk) -> int | None:
    """The cue of the same sentence that stands nearest."""
    sentence = reading.words[chunk.start].sentence
    same = [n for n, c in enumerate(cues) if reading.words[c.start].sentence == sentence]
    return min(same, key=lambda n: min(abs(cues[n].start - chunk.end), abs(chunk.start - cues[n].end))) if same else None


def _raw(reading: Reading, linker: Linker, chunk: Chunk) -> list[PartyMention]:
    """A source whose tree gave no party: what its whole words mean, or they alone."""
    start, end = reading.span(chunk.start, chunk.end)
    found = linker.resolver.resolve(reading.text[start:end], linker.day)
    p = found.party if found else None
    return [PartyMention(reading.text[start:end], start, end, p.name if p else None, p.id if p else None, p.country if p else None, p.sector if p else None)]


def _widened(reading: Reading, party: PartyMention, chunk: Chunk) -> PartyMention:
    """A source with all its words, "Ann Lee, a lawyer at the bank" and not "Ann Lee" alone: what the model takes for the source, as far as it is one phrase without a relative clause."""
    own = [i for i in range(chunk.start, chunk.end) if party.start is not None and party.end is not None and party.start < reading.words[i].end and reading.words[i].start < party.end]
    if not own or party.start is None or party.end is None:
        return party
    whole = set(range(chunk.start, chunk.end))
    for i in own:
        for clause in reading.dependents(i, "acl:relcl"):
            whole -= set(reading.subtree(clause))
    low, high = own[0], own[-1]
    while low - 1 in whole:
        low -= 1
    while high + 1 in whole:
        high += 1
    while low < own[0] and reading.words[low].upos in _LOOSE:
        low += 1
    while high > own[-1] and (reading.words[high].upos in _LOOSE or reading.words[high].has("PronType=Rel") or reading.words[high].text.lower() in ("'s", "’s", "’", "'")) and reading.words[high].text not in ")”\"":
        high -= 1
    start, end = min(party.start, reading.words[low].start), max(party.end, reading.words[high].end)
    return replace(party, text=reading.text[start:end], start=start, end=end)


def _together(reading: Reading, parties: list[PartyMention], words: tuple[int, ...]) -> PartyMention | None:
    """The source of a statement: of several that speak as one, "France and Germany", the first with the words of all."""
    placed = [(p.start, p.end) for p in parties if p.start is not None and p.end is not None]
    if len(parties) < 2 or len(placed) < len(parties) or not words:
        return parties[0] if parties else None
    low, high = reading.span(words[0], words[-1] + 1)
    if any(end <= low or high <= start for start, end in placed):
        return parties[0]
    start, end = min(s for s, _ in placed), max(e for _, e in placed)
    return replace(parties[0], text=reading.text[start:end], start=start, end=end)


def _carried(reading: Reading, chunk: Chunk, found: list[Found]) -> PartyMention | None:
    """Who "he said" means: the person who spoke last, if that was within three sentences."""
    word = reading.words[chunk.start]
    if chunk.end - chunk.start != 1 or word.text.lower() not in ("he", "she"):
        return None
    for other in reversed(found):
        source = other.statement.source
        if source is None or word.sentence - reading.words[other.cue_words[0]].sentence > 3:
            return None
        if source.sector != "JRN" and (source.name or source.sector):
            return PartyMention(word.text, word.start, word.end, source.name, source.id, source.country, source.sector, source.also, source.office)
    return None


def _bounded(reading: Reading, words: set[int], cue: Chunk) -> list[int]:
    """The content's words, within bounds, without loose punctuation at its edges."""
    ordered = sorted(words, key=lambda i: (abs(i - cue.start), i))[:LONGEST]
    ordered.sort()
    while ordered and reading.words[ordered[-1]].text in ",;:" :
        ordered.pop()
    while ordered and reading.words[ordered[0]].text in ",;:.":
        ordered.pop(0)
    return ordered


def _quotations(reading: Reading, marks: list[int], cues: tuple[Chunk, ...], anchors: dict[int, int], aside: Set[int], contents: dict[int, set[int]]) -> None:
    """A quotation has one speaker: whom a colon or comma before it names, or a comma within its end; the one before goes on where nobody is named beside it."""
    before: tuple[int, int] | None = None
    held = {i for words in contents.values() for i in words}
    for a, b in runs(marks):
        real = [i for i in range(a, b) if reading.words[i].upos != "PUNCT"]
        if len(real) < 4 or held.isdisjoint(real):
            continue
        owner = _beside(reading, a, b, anchors)
        if owner is None and before and not any(i in anchors for i in (*range(reading.sentence_of(a)[0], a), *range(b, reading.sentence_of(b - 1)[1]))):
            gap = [i for i in range(before[1], a) if reading.words[i].upos != "PUNCT" and i not in aside]
            owner = before[0] if len(gap) <= GAP else None
        if owner is None:
            before = None
            continue
        before = owner, b
        for n, words in contents.items():
            if not a <= cues[n].start < b:
                words -= set(range(a, b))
        contents.setdefault(owner, set()).update(range(a, b))


def _beside(reading: Reading, a: int, b: int, anchors: dict[int, int]) -> int | None:
    """The cue that a whole quotation hangs on by its punctuation."""
    words = reading.words
    first, last = reading.sentence_of(a)[0], reading.sentence_of(b - 1)[1]
    if a and words[a - 1].text in (",", ":") and (before := [i for i in range(a - 2, max(first, a - 12) - 1, -1) if i in anchors]):
        return anchors[before[0]]
    if b < len(words) and (words[b - 2].text in (",", "?", "!", "—", "-") or words[b].text == ",") and (after := [i for i in range(b, min(last, b + 15)) if i in anchors]):
        return anchors[after[0]]
    return None


def _complement(reading: Reading, verb: int) -> set[int]:
    """What a cue takes by the tree where the model saw no content: its clause, its object, or what it is about."""
    clause = ("acl", "ccomp") if reading.words[verb].upos == "NOUN" else ("ccomp", "xcomp")
    for rels in (clause, ("obj",), ("obl", "nmod")):
        for child in reading.dependents(verb, *rels):
            if rels[0] == "obl" and not {reading.words[c].text.lower() for c in reading.dependents(child, "case")} & {"about", "of", "on", "against", "for"}:
                continue
            return {i for i in reading.subtree(child) if i > verb}
    return set()


def _around(reading: Reading, verb: int, contents: dict[int, set[int]]) -> list[int]:
    """The statements within whose clauses a verb stands, by the tree: "says she hopes to win but knows that…"."""
    above, node = [], verb
    while reading.words[node].rel.split(":")[0] in ("conj", "ccomp", "xcomp") and reading.words[node].head != node:
        node = reading.words[node].head
        above.append(node)
    return [m for m, words in contents.items() if verb not in words and any(i in words for i in above)]


def _goes_on(reading: Reading, marks: list[int], before: int, chunk: Chunk, aside: Set[int]) -> bool:
    """Whether a quotation that no cue of its own introduces goes on with what was said up to a word: `"We are done," she said. "They knew."`."""
    real = [i for i in range(chunk.start, chunk.end) if reading.words[i].upos != "PUNCT"]
    between = [i for i in range(before + 1, chunk.start) if reading.words[i].upos != "PUNCT" and i not in aside]
    return bool(real) and marks[before] > 0 and len(between) <= GAP and sum(marks[i] > 0 for i in real) >= 0.8 * len(real)


def _spans(reading: Reading, words: list[int]) -> tuple[Span, ...]:
    """Stretches of words as spans; a gap of one comma does not part two."""
    runs: list[list[int]] = []
    for i in words:
        if runs and i - runs[-1][-1] <= 1 and "\n\n" not in reading.text[reading.words[runs[-1][-1]].end : reading.words[i].start]:
            runs[-1].append(i)
        else:
            runs.append([i])
    found = []
    for run in runs:
        start, end = reading.span(run[0], run[-1] + 1)
        found.append(Span(start, end, reading.text[start:end]))
    return tuple(found)


def _kind(words: list[int], marks: list[int], reading: Reading) -> Literal["direct", "indirect", "mixed"]:
    real = [i for i in words if reading.words[i].upos != "PUNCT"]
    inside = sum(marks[i] > 0 for i in real)
    return "direct" if real and inside == len(real) else "mixed" if inside else "indirect"


def _verb(reading: Reading, cue: Chunk) -> int:
    """The verb of a cue, or its head."""
    verbs = [i for i in range(cue.start, cue.end) if reading.words[i].upos == "VERB"]
    return verbs[-1] if verbs else cue.head


def _medium(reading: Reading, linker: Linker, head: int, source: tuple[int, ...]) -> Medium | None:
    """"In an interview with ABC", "in a message": what hangs on the cue by a preposition and is a medium."""
    for child in [*reading.dependents(head, "obl"), *reading.dependents(head, "nmod")]:
        case = {reading.words[c].text.lower() for c in reading.dependents(child, "case")}
        if case & {"in", "on", "during", "at", "through", "via", "by"} and _MEDIA.search(reading.words[child].lemma) and child not in source:
            words = linker.phrase(child)
            start, end = reading.span(words[0], words[-1] + 1)
            party = next((p for c in reading.dependents(child, "nmod", "compound") if (p := linker.at(c)) and p.sector == "JRN"), None)
            return Medium(reading.text[start:end], start, end, party or _outlet(reading, linker, words))
    return None


def _outlet(reading: Reading, linker: Linker, words: list[int]) -> PartyMention | None:
    """The paper or station that the words after the preposition of a medium name, "an interview with Radio Okapi", where the tree parted them."""
    after = next((i + 1 for i in words if reading.words[i].upos == "ADP"), None)
    if after is None or after > words[-1]:
        return None
    start, end = reading.span(after, words[-1] + 1)
    found = linker.resolver.resolve(reading.text[start:end], linker.day)
    if found is None or found.party.sector != "JRN":
        return None
    p = found.party
    return PartyMention(reading.text[start:end], start, end, p.name, p.id, p.country, p.sector, p.also, p.office)


def _addressee(reading: Reading, linker: Linker, head: int, source: tuple[int, ...]) -> PartyMention | None:
    """Who is told: the object of "told", or what stands after "to" or "with"."""
    word = reading.words[head]
    if word.upos != "VERB":
        return None
    for child in reading.dependents(head, "iobj", "obj", "obl"):
        if child in source or reading.words[child].rel == "obl:agent":
            continue
        rel = reading.words[child].rel
        case = {reading.words[c].text.lower() for c in reading.dependents(child, "case")}
        if rel == "iobj" or (rel == "obj" and word.lemma in ("tell", "inform", "remind", "assure", "advise", "ask", "urge", "warn")) or (rel.startswith("obl") and case == {"to"} and word.lemma in _SAYS | {"speak", "write", "talk"}):
            party = linker.at(child)
            if party:
                return party
    return None
