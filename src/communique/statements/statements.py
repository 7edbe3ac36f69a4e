"""Builds statements (source, cue, content) from the model's labels, and from the parse where it is more reliable."""

from __future__ import annotations

import bisect
import hashlib
import itertools
import re
from dataclasses import dataclass, replace

from ..parties import Linker
from ..reading import Chunk, Reading
from ..reading.clauses import subjects
from ..schema import Medium, PartyMention, Span, Statement
from . import contents as said
from .cues import nested, prepositions, turns, verb_of
from .quotes import quoted
from .sources import joined, parties_of, quoted_as, shared, speaker_of, together

_OPEN = frozenset(("NOUN", "VERB", "PROPN", "ADJ", "NUM", "PRON", "ADV", "INTJ", "AUX"))
_MEDIA = re.compile(
    r"(?i)\b(?:interview|message|statement|letter|speech|address|tweet|post|report|article|editorial"
    "|commentary|news conference|press conference|briefing|broadcast|remarks|call|email|e-mail|telegram"
    "|memo|note|video|dispatch|communique|communiqué|twitter|x|facebook|television|radio|book|document"
    "|resolution|testimony)$"
)
_SAYS = frozenset(
    [
        "say",
        "tell",
        "state",
        "add",
        "note",
        "claim",
        "announce",
        "report",
        "declare",
        "insist",
        "argue",
        "warn",
        "explain",
        "write",
        "deny",
        "confirm",
        "allege",
        "suggest",
        "believe",
        "think",
        "hope",
        "fear",
        "predict",
        "describe",
        "call",
        "urge",
        "pledge",
        "vow",
        "promise",
        "demand",
        "ask",
        "stress",
        "emphasize",
        "emphasise",
        "reiterate",
        "acknowledge",
        "admit",
        "quote",
        "cite",
    ]
)


# "An official who asked not to be named": a condition of the source, not a statement.
_UNNAMED = frozenset(("name", "identify", "quote"))
_ON_CONDITION = frozenset(("ask", "request", "decline", "refuse", "want", "wish", "prefer"))


@dataclass(frozen=True)
class Found:
    """A statement with its parties and the indices of its words."""

    statement: Statement
    sources: tuple[PartyMention, ...]
    source_words: tuple[int, ...]
    cue_words: tuple[int, ...]
    content_words: frozenset[int]


def statements_of(reading: Reading, linker: Linker) -> tuple[Found, ...]:
    """Returns every statement of the article in the order of the cues."""
    parts = _Parts(reading)
    if not parts.cues:
        return ()
    parts.as_marked()
    parts.by_turns()
    parts.by_prepositions()
    parts.without_content()
    parts.speakers()
    parts.clauses()
    return _told(parts, linker)


class _Parts:
    """Working state: the cues of an article, each with the phrases of its source and the words of its content."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.turns = turns(reading)
        self.opened = {
            i for cue, source, _ in self.turns for i in (*range(cue.start, cue.end), *range(source.start, source.end))
        }
        heard = [
            *(
                c
                for c in (*reading.cues, *prepositions(reading))
                if c.start not in self.opened and not _empty(reading, c)
            ),
            *(cue for cue, _, _ in self.turns),
        ]
        self.deeper = nested(reading, heard)
        self.cues = tuple(sorted((*heard, *self.deeper), key=lambda c: c.start))
        self.at = {i: n for n, cue in enumerate(self.cues) for i in range(cue.start, cue.end)}  # the cue of a word
        self.verbs = [verb_of(reading, cue) for cue in self.cues]
        self.marks = quoted(reading)
        self.sources: dict[int, list[Chunk]] = {}
        self.contents: dict[int, set[int]] = {}
        self.aside = self.at.keys() | {i for c in reading.sources for i in range(c.start, c.end)}

    def own(self, n: int) -> set[int]:
        """Returns the words of a cue."""
        return set(range(self.cues[n].start, self.cues[n].end))

    def spoken_for(self, n: int) -> set[int]:
        """Returns the words of a cue's sources."""
        return {i for c in self.sources.get(n, []) for i in range(c.start, c.end)}

    def according(self, n: int) -> bool:
        return self.reading.words[self.cues[n].start].text.lower() == "according"

    def as_marked(self) -> None:
        """Assigns each word that the model marks to the cue that it points to; keeps quotations whole."""
        reading, cues = self.reading, self.cues
        for chunk in reading.sources:
            owner = said.owner_of(reading, chunk, self.at)
            if owner is None:
                owner = said.nearest(reading, cues, chunk)
            if owner is not None:
                self.sources.setdefault(owner, []).append(chunk)
        last: tuple[int, int] | None = None
        paragraph = [
            0,
            *itertools.accumulate(
                int("\n" in reading.text[a.end : b.start]) for a, b in itertools.pairwise(reading.words)
            ),
        ]
        for chunk in said.whole(reading, cues):
            # Words of one stretch may belong to different cues, a statement inside a statement: each gets as few
            # stretches as the model's scores allow.
            owners = said.owners_of(reading, cues, chunk, self.at)
            if owners[0] is None and last and said.goes_on(reading, self.marks, last[1], chunk, self.aside):
                owners = [last[0]] * len(owners)
            for i, owner in zip(range(chunk.start, chunk.end), owners):
                if owner is None:
                    continue
                if (
                    self.marks[i] == 0
                    and paragraph[i] != paragraph[cues[owner].start]
                    and reading.words[i].sentence != reading.words[cues[owner].start].sentence
                ) and (
                    paragraph[i] != paragraph[cues[owner].start] + 1
                    or reading.words[bisect.bisect_left(paragraph, paragraph[i]) - 1].text != ":"
                ):
                    # unquoted content does not extend into another paragraph, unless a colon introduces it
                    continue
                self.contents.setdefault(owner, set()).add(i)
                last = owner, i
        for n, held in self.contents.items():
            start, end = (bisect.bisect_left(paragraph, paragraph[cues[n].start] + k) for k in (1, 2))
            if start in held and reading.words[start - 1].text == ":" and not any(self.marks[start:end]):
                held |= (
                    set(range(start, end)) - self.aside
                )  # content that a colon introduces without quotation marks ends with its paragraph
        said.quotations(reading, self.marks, cues, self.at, self.aside, self.contents)

    def by_turns(self) -> None:
        """Sets the turns of a transcript and signed quotations, whatever the model marks in them."""
        for cue, name, words in self.turns:
            n = self.at[cue.start]
            self.sources[n], self.contents[n] = [name], set(words)
        self.sources = {n: joined(self.reading, chunks, self.at.keys()) for n, chunks in self.sources.items()}

    def by_prepositions(self) -> None:
        """Sets source and content of each "according to": the phrase after it, and the clause that it modifies."""
        words = self.reading.words
        for n, cue in enumerate(self.cues):
            if not self.according(n):
                continue
            source, clause = said.clause_of(self.reading, cue)
            if source is None:
                continue
            self.sources[n] = [
                c for c in self.sources.get(n, []) if c.start >= cue.end and c.start <= source.head < c.end
            ] or [source]
            hung = words[source.head].head
            if hung not in self.contents.get(n, set()):
                self.contents[n] = clause  # the content includes the verb that the phrase modifies
            self.contents[n] -= self.spoken_for(n) | set(range(cue.end, source.end))
            over = self.at.get(words[hung].head)
            if words[hung].rel == "ccomp" and over is not None and over != n and hung in self.contents.get(over, set()):
                self.contents[over] |= self.own(n) | set(range(source.start, source.end))

    def without_content(self) -> None:
        """Gives a nested cue its content by the parse: the words of nested statements all point to one of the cues."""
        reading = self.reading
        marked = {i for c in reading.contents for i in range(c.start, c.end)} | self.aside
        for n, cue in enumerate(self.cues):
            if not any(reading.words[i].upos in _OPEN for i in self.contents.get(n, ())):
                self.contents.pop(n, None)
            if n in self.contents or cue not in self.deeper and n in self.sources:
                continue
            clause = said.complement(reading, self.verbs[n]) - self.own(n)
            if (
                cue in self.deeper
                or clause
                and clause <= marked
                and speaker_of(reading, self.verbs[n], clause) is not None
            ):
                self.contents[n] = clause

    def speakers(self) -> None:
        """Corrects sources by the parse: the subject comes before the nearest phrase, a participle shares the speaker
        of the verb above it, and a cue without a source gets one.
        """
        reading, sources = self.reading, self.sources
        for n, verb in enumerate(self.verbs):
            words = self.contents.get(n)
            if len(sources.get(n, [])) > 1:
                own = [c for c in sources[n] if any(c.start <= i < c.end for i in subjects(reading, verb))]
                sources[n] = own[:1] or sources[n]
            elif (
                sources.get(n)
                and words
                and not self.according(n)
                and (speaker := speaker_of(reading, verb, words)) is not None
                and not sources[n][0].start <= speaker.head < sources[n][0].end
            ):
                sources[n] = [speaker]
            over = self.at.get(reading.words[verb].head, n)
            if (
                over != n
                and sources.get(over)
                and reading.words[verb].rel in ("advcl", "xcomp", "conj")
                and not reading.governs(verb, "nsubj", "nsubj:pass", "aux:pass")
            ):
                sources[n] = sources[over]
        for n, verb in enumerate(self.verbs):
            words = self.contents.get(n)
            if (one := quoted_as(reading, verb)) is not None:
                sources[n] = [one]
            elif (
                not sources.get(n)
                and words
                and (speaker := speaker_of(reading, verb, words) or shared(reading, verb)) is not None
            ):
                sources[n] = [speaker]

    def clauses(self) -> None:
        """Adds contents by the parse where the model marked none, and puts statements into the clauses above them."""
        reading, contents = self.reading, self.contents
        for n, verb in enumerate(self.verbs):
            if not contents.get(n) and self.sources.get(n):
                contents[n] = said.complement(reading, verb) - self.own(n) - self.spoken_for(n)
        for n, verb in enumerate(self.verbs):
            if n not in contents:
                continue
            for m in said.around(reading, verb, contents):
                if m != n and contents[n].isdisjoint(self.own(m)):
                    contents[m] |= self.spoken_for(n) | self.own(n) | contents[n]
            over = self.at.get(reading.words[verb].head, n)
            if over != n and over in contents and quoted_as(reading, verb) is not None:
                contents[over] |= self.own(n)

    def nesting(self) -> dict[int, int | None]:
        """Returns for each cue the cue of the statement around it, without cycles. Adds nested contents to the outer
        ones.
        """
        contents = self.contents
        inside: dict[int, int | None] = {}
        for n in range(len(self.cues)):
            outer = [m for m in contents if m != n and not contents[m].isdisjoint(self.own(n))]
            inside[n] = min(outer, key=lambda m: len(contents[m])) if outer else None
        for n in list(inside):
            seen, at = {n}, inside[n]
            while at is not None:
                if at in seen:
                    inside[n] = None
                    break
                seen.add(at)
                at = inside[at]
        for n in sorted(inside, key=lambda n: _depth(inside, n), reverse=True):
            within = inside[n]
            if within is not None and n in contents:
                contents[within] = contents[within] | contents[n]
        return inside


def _empty(reading: Reading, cue: Chunk) -> bool:
    """Whether a cue has only forms of "have", "be" or "do", which are not cues by themselves."""
    return all(reading.words[i].lemma in ("have", "be", "do") for i in range(cue.start, cue.end))


def _told(parts: _Parts, linker: Linker) -> tuple[Found, ...]:
    """The statements with a content, with their parties."""
    reading = parts.reading
    inside = parts.nesting()
    found: list[Found] = []
    spoke: list[Found] = []  # outermost statements
    at: dict[int, int] = {}  # index in `found` of a cue's statement
    for n, cue in enumerate(parts.cues):
        words = said.bounded(reading, parts.contents.get(n, set()) - parts.own(n), cue)
        if not words or _unnamed(reading, parts.verbs[n]):
            continue
        spoken = parts.sources.get(n, [])
        if (
            not spoken
            and reading.words[parts.verbs[n]].rel == "acl"
            and reading.words[parts.verbs[n]].has("VerbForm=Inf")
        ):
            continue  # "has little to show for it": no speaker
        if len(spoken) > 1:
            spoken = [min(spoken, key=lambda c: min(abs(cue.start - c.end), abs(c.start - cue.end)))]
        source_words = tuple(i for c in spoken for i in range(c.start, c.end))
        parties = [
            p for chunk in spoken for p in (_carried(reading, chunk, spoke) or parties_of(reading, linker, chunk))
        ]
        if len(parties) == 1:
            linker.voiced(sorted(words), parties[0])
        start, end = reading.span(cue.start, cue.end)
        identity = hashlib.sha256(
            f"{start}|{end}|{reading.text[start:end]}|{n}".encode("utf-8", "replace")
        ).hexdigest()[:12]
        verb = parts.verbs[n]
        at[n] = len(found)
        found.append(
            Found(
                Statement(
                    id=f"s:{identity}",
                    source=together(reading, parties, source_words),
                    cue=Span(start, end, reading.text[start:end]),
                    content=said.spans_of(reading, words),
                    kind="direct" if cue.start in parts.opened else said.kind_of(words, parts.marks, reading),
                    medium=_medium(reading, linker, verb, source_words),
                    addressee=_addressee(reading, linker, verb, source_words),
                    within=None,
                ),
                tuple(parties),
                source_words,
                tuple(range(cue.start, cue.end)),
                frozenset(words),
            )
        )
        if inside[n] is None:
            spoke.append(found[-1])
    for n, place in at.items():
        outer = inside[n]
        if outer is not None and outer in at:
            found[place] = replace(
                found[place], statement=replace(found[place].statement, within=found[at[outer]].statement.id)
            )
    return tuple(found)


def _unnamed(reading: Reading, verb: int) -> bool:
    """Whether a verb asks for its subject not to be named."""
    if reading.words[verb].lemma not in _ON_CONDITION:
        return False
    return any(
        reading.words[c].lemma in _UNNAMED and reading.governs(c, "aux:pass")
        for c in reading.dependents(verb, "xcomp", "ccomp")
    )


def _depth(inside: dict[int, int | None], n: int) -> int:
    depth, at = 0, inside[n]
    while at is not None:
        depth, at = depth + 1, inside[at]
    return depth


def _carried(reading: Reading, chunk: Chunk, found: list[Found]) -> list[PartyMention]:
    """The party of "he" or "she" as a source: the last speaker, if within three sentences."""
    word = reading.words[chunk.start]
    if chunk.end - chunk.start != 1 or word.text.lower() not in ("he", "she"):
        return []
    for other in reversed(found):
        source = other.statement.source
        if source is None or word.sentence - reading.words[other.cue_words[0]].sentence > 3:
            return []
        if any(
            reading.words[c].lemma.lower() in ("not", "never")
            for i in other.cue_words
            for c in reading.dependents(i, "advmod")
        ):
            continue  # the source of a negated cue did not speak
        if source.sector != "JRN" and (source.name or source.sector):
            return [source.party.at(word.text, word.start, word.end)]
    return []


def _medium(reading: Reading, linker: Linker, head: int, source: tuple[int, ...]) -> Medium | None:
    """The medium that depends on the cue by a preposition: "in an interview with ABC", "in a message"."""
    for child in [*reading.dependents(head, "obl"), *reading.dependents(head, "nmod")]:
        case = reading.markers(child)
        if (
            case & {"in", "on", "during", "at", "through", "via", "by"}
            and _MEDIA.search(reading.words[child].lemma)
            and child not in source
        ):
            words = linker.phrase(child)
            start, end = reading.span(words[0], words[-1] + 1)
            party = next(
                (p for c in reading.dependents(child, "nmod", "compound") if (p := linker.at(c)) and p.sector == "JRN"),
                None,
            )
            return Medium(reading.text[start:end], start, end, party or _outlet(reading, linker, words))
    return None


def _outlet(reading: Reading, linker: Linker, words: list[int]) -> PartyMention | None:
    """The paper or station named after the preposition of a medium, "an interview with Radio Okapi", where the parse
    has split its name.
    """
    after = next((i + 1 for i in words if reading.words[i].upos == "ADP"), None)
    if after is None or after > words[-1]:
        return None
    start, end = reading.span(after, words[-1] + 1)
    found = linker.resolver.resolve(reading.text[start:end], linker.day)
    if found is None or found.party.sector != "JRN":
        return None
    return found.party.at(reading.text[start:end], start, end)


def _addressee(reading: Reading, linker: Linker, head: int, source: tuple[int, ...]) -> PartyMention | None:
    """The addressee: the object of "told", or the phrase after "to"."""
    word = reading.words[head]
    if word.upos != "VERB":
        return None
    for child in reading.dependents(head, "iobj", "obj", "obl"):
        if child in source or reading.words[child].rel == "obl:agent":
            continue
        rel = reading.words[child].rel
        case = reading.markers(child)
        if (
            rel == "iobj"
            or (rel == "obj" and word.lemma in ("tell", "inform", "remind", "assure", "advise", "ask", "urge", "warn"))
            or (rel.startswith("obl") and case == {"to"} and word.lemma in _SAYS | {"speak", "write", "talk"})
        ):
            party = linker.at(child)
            if party:
                return party
    return None
