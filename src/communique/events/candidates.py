"""Candidates of the event heads, with features: trigger words, and phrases that may be actor or recipient.

Candidates are generous; the heads decide. At most `NEAR` phrases of the trigger's sentence and `FAR` of the sentences
around it are used, so that the work grows linearly with the number of triggers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ..parties import Linker
from ..reading import Reading
from ..reading.clauses import case_of
from ..schema import PartyMention

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NEAR, FAR = 60, 40  # phrases of a trigger's own sentence, the nearest first, and of the sentences around it
BACK, AHEAD = 2, 1  # sentences before and after the trigger's from which a party may be taken
BELOW = 3  # sentences after a headline that may give the full name of a party in it
CLIMB = 8  # longest path up the dependency tree, in words

TELLS = frozenset(("VERB", "NOUN", "PROPN", "ADJ", "ADV"))  # parts of speech of triggers

# Vocabularies of the features. The shipped weights depend on the order: append only.
RELATIONS = (
    "root nsubj obj iobj csubj ccomp xcomp obl vocative expl dislocated advcl advmod discourse aux cop mark nmod appos "
    "nummod acl amod det clf case conj cc fixed flat compound list parataxis orphan goeswith reparandum punct dep"
).split()
SUBTYPES = "nsubj:pass csubj:pass aux:pass obl:agent nmod:poss acl:relcl nmod:desc nmod:unmarked obl:unmarked".split()
TAGS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()
CASES = (
    "of in to for on by with from at against between after over into about 's as during near under among before "
    "toward towards outside inside amid since through across without including according than like on upon around"
).split()
MARKS = "if unless to that whether after before while when because as although until since so once".split()
SECTORS = "GOV MIL COP JUD LEG PTY SPY PRM REB UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC".split()
KINDS = "IGO UNO EUR NGO ISM IMG MNC".split()
TYPES_OF_MENTION = "person place organization object event time substance animal abstract plant".split()
PERSONS = {
    **dict.fromkeys(("he", "him", "his", "himself", "she", "her", "hers", "herself"), 0),
    **dict.fromkeys(("it", "its", "itself"), 1),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), 2),
    **dict.fromkeys(("i", "me", "my", "we", "us", "our", "ours", "mine"), 3),
    **dict.fromkeys(("you", "your", "yours"), 4),
    **dict.fromkeys(("who", "whom", "whose", "which", "that"), 5),
}
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_ARGUMENT = frozenset("nsubj obj iobj obl nmod appos conj root dislocated vocative parataxis".split())
_INDEX = {
    name: {word: i for i, word in enumerate(words)}
    for name, words in (
        ("rel", RELATIONS),
        ("sub", SUBTYPES),
        ("tag", TAGS),
        ("case", CASES),
        ("mark", MARKS),
        ("sector", SECTORS),
        ("kind", KINDS),
        ("mention", TYPES_OF_MENTION),
    )
}


class Row:
    """Writes one row of features in consecutive blocks of columns."""

    def __init__(self, row: Floats) -> None:
        self.row, self.at = row, 0

    def one(self, vocabulary: str, *words: str) -> None:
        """Sets the columns of the words that the vocabulary has to 1."""
        index = _INDEX[vocabulary]
        for word in words:
            place = index.get(word)
            if place is not None:
                self.row[self.at + place] = 1
        self.at += len(index)

    def number(self, *values: float) -> None:
        for value in values:
            self.row[self.at] = value
            self.at += 1

    def bucket(self, value: float, *edges: float) -> None:
        """Sets the column of the range that contains a value to 1, of `len(edges) + 1` ranges."""
        self.row[self.at + bisect_right(edges, value)] = 1
        self.at += len(edges) + 1


def _base(rel: str) -> str:
    return rel.split(":")[0]


OF_WORD = len(TAGS) + len(RELATIONS) + len(SUBTYPES) + len(CASES) + len(MARKS) + 14
OF_PHRASE = (
    len(TAGS) + len(RELATIONS) + len(SUBTYPES) + len(CASES) + len(SECTORS) + len(KINDS) + len(TYPES_OF_MENTION) + 6 + 22
)
OF_PAIR = 3 * len(RELATIONS) + len(SUBTYPES) + len(CASES) + 5 + 5 + 7 + 6 + 18


@dataclass(frozen=True)
class Scene:
    """A reading with the phrases that may be parties.

    `heads` are their head words in order, `parties` their parties by the linker (`None` if unknown), `entity` a number
    shared by the phrases of one party, `spans` first word and end of each phrase, `of_phrase` features `(phrases,
    OF_PHRASE)`, `of_word` features of every word `(words, OF_WORD)`, zero for a word that can be no trigger.
    """

    reading: Reading
    heads: Ints
    parties: tuple[PartyMention | None, ...]
    entity: Ints
    spans: Ints
    of_phrase: Floats
    of_word: Floats
    speaks: tuple[tuple[frozenset[int], frozenset[int]], ...]

    @cached_property
    def sentence(self) -> Ints:
        return np.array([w.sentence for w in self.reading.words], np.int64)

    @cached_property
    def _nominals(self) -> list[int]:
        """How many nouns, names and pronouns stand before each word."""
        return [0, *accumulate(w.upos in _NOMINAL for w in self.reading.words)]

    @cached_property
    def _by_sentence(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.reading.sentences]
        for row, head in enumerate(self.heads):
            found[self.sentence[head]].append(row)
        return found

    def around(self, trigger: int) -> list[int]:
        """Returns the rows of phrases that may be actor or recipient of a trigger: those of its sentence, then those of
        the sentences around it that can refer across sentences.
        """
        own = int(self.sentence[trigger])
        near = [r for r in self._by_sentence[own] if self.heads[r] != trigger]
        if len(near) > NEAR:
            near = sorted(sorted(near, key=lambda r: abs(int(self.heads[r]) - trigger))[:NEAR])
        ahead = range(own + 1, min(len(self._by_sentence), own + 1 + (AHEAD if own else BELOW)))
        far: list[int] = []
        for sentence in (*range(own - 1, max(-1, own - 1 - BACK), -1), *ahead):
            far += [r for r in self._by_sentence[sentence] if self._known[r]]
        return near + far[:FAR]

    @cached_property
    def _known(self) -> list[bool]:
        """Whether each phrase can be a side in another sentence: a name, a person, an organization, or a party that the
        linker resolves.
        """
        people = {m.head for m in self.reading.mentions if m.type in ("person", "organization")}
        return [
            int(h) in people or self.reading.words[h].upos == "PROPN" or p is not None and bool(p.country or p.sector)
            for h, p in zip(self.heads, self.parties)
        ]

    def of_pairs(self, trigger: int, rows: list[int]) -> Floats:
        """Returns the features of a trigger with each phrase of `rows`, `(rows, OF_PAIR)`."""
        found = np.zeros((len(rows), OF_PAIR), np.float32)
        up = self._up(trigger)
        said = [s for s in self.speaks if trigger in s[1]]
        for n, r in enumerate(rows):
            self._of_pair(Row(found[n]), trigger, up, r, said)
        return found

    def _up(self, word: int) -> list[int]:
        """A word and its ancestors up to the root, at most `CLIMB` words."""
        words, found = self.reading.words, [word]
        while words[found[-1]].head != found[-1] and len(found) < CLIMB:
            found.append(words[found[-1]].head)
        return found

    def _of_pair(
        self, row: Row, trigger: int, up: list[int], r: int, said: list[tuple[frozenset[int], frozenset[int]]]
    ) -> None:
        words, head = self.reading.words, int(self.heads[r])
        here = words[head].sentence == words[trigger].sentence
        rise = self._up(head) if here else [head]
        meet = next((w for w in rise if w in up), None) if here else None
        rising = rise[: rise.index(meet)] if meet is not None else []
        falling = up[: up.index(meet)] if meet is not None else []
        row.one("rel", *(_base(words[w].rel) for w in rising[1:]))
        row.one("rel", *(_base(words[w].rel) for w in falling))
        last = rising[-1] if rising else head  # the word just below the lowest common ancestor
        row.one("rel", _base(words[last].rel) if meet is not None else "")
        row.one("sub", words[last].rel if meet is not None else "")
        row.one("case", case_of(self.reading, last) if rising else "")
        row.bucket(len(rising) if meet is not None else 9, 1, 2, 3, 5)
        row.bucket(len(falling) if meet is not None else 9, 1, 2, 3, 5)
        row.bucket(abs(head - trigger) if here else 99, 2, 4, 7, 12, 20, 40)
        row.bucket(words[trigger].sentence - words[head].sentence, -1, 0, 1, 2, 3)
        low, high = min(head, trigger), max(head, trigger)
        between = self._nominals[high] - self._nominals[low + 1] if here else 9
        source = any(head in s[0] for s in said)
        row.number(
            float(here and head < trigger),
            float(meet is None),
            float(meet == trigger),
            float(meet == head),
            float(words[head].head == trigger),
            float(words[trigger].head == head),
            min(between, 9) / 9,
            float(source),
            float(bool(said)),
            float(any(head in s[1] for s in said)),
            float(here and head < trigger and between == 0),
            float(here and head > trigger and between == 0),
            float(source and len(said) > 1),
            float(self._same_state_between(r, trigger) if here else 0),
            float(any(words[w].rel == "acl:relcl" for w in rising)),
            float(any(words[w].rel == "acl:relcl" for w in falling)),
            float(self.reading.event[head]),
            float(self.reading.types[head, -1]),
        )

    def _same_state_between(self, r: int, trigger: int) -> bool:
        """Whether a phrase of the same party stands between the phrase and the trigger."""
        head = int(self.heads[r])
        own = self._by_sentence[int(self.sentence[trigger])]
        low, high = min(head, trigger), max(head, trigger)
        return any(low < self.heads[o] < high and self.entity[o] == self.entity[r] for o in own)


def scene(reading: Reading, linker: Linker, speaks: tuple[tuple[frozenset[int], frozenset[int]], ...]) -> Scene:
    """Returns the scene of a reading. `speaks`: for each statement, the words of its source and of its content."""
    timed = {w for t in reading.times for w in range(t.start, t.end)}
    heads = [w.index for w in reading.words if _may_be_party(reading, linker, w.index, timed)]
    entities = {m.head: m.entity for m in reading.mentions}
    parties = tuple(
        linker.at(h) or linker.unknown(h) if _may_be_known(reading, linker, h, entities) else None for h in heads
    )
    numbers: dict[object, int] = {}
    entity = np.array(
        [numbers.setdefault(_key(p, h, entities), len(numbers)) for p, h in zip(parties, heads)], np.int64
    )
    spans = np.array([(s[0], s[-1] + 1) for s in map(linker.phrase, heads)], np.int64).reshape(-1, 2)
    of_phrase = np.zeros((len(heads), OF_PHRASE), np.float32)
    counts, chains = Counter(entity.tolist()), Counter(m.entity for m in reading.mentions)
    states = Counter(p.country for p in parties if p and p.country)
    kinds = {m.head: m.type for m in reading.mentions}
    for n, head in enumerate(heads):
        row = Row(of_phrase[n])
        _of_phrase(row, reading, linker, head, parties[n], kinds.get(head, ""))
        party = parties[n]
        shared = states[party.country] if party and party.country else 0
        row.number(
            min(counts[int(entity[n])], 8) / 8,
            min(chains[entities.get(head, -1)], 8) / 8,
            shared / max(1, sum(states.values())),
            float(any(head in s[0] for s in speaks)),
            float(any(head in s[1] for s in speaks)),
        )
    of_word = np.zeros((len(reading.words), OF_WORD), np.float32)
    told = frozenset().union(*(content for _, content in speaks))
    for word in (w for w in reading.words if w.upos in TELLS):
        _of_word(Row(of_word[word.index]), reading, word.index, word.index in told)
    return Scene(reading, np.array(heads, np.int64), parties, entity, spans, of_phrase, of_word, speaks)


def _may_be_known(reading: Reading, linker: Linker, head: int, entities: dict[int, int]) -> bool:
    """Whether the linker can resolve a phrase: not a noun in lower case that is neither a mention nor a noun of the
    catalogue.
    """
    word = reading.words[head]
    if head in entities or word.upos != "NOUN" or linker.resolver.catalogue.noun(word.text) is not None:
        return True
    return any(reading.words[w].text[:1].isupper() for w in linker.phrase(head))


def _key(party: PartyMention | None, head: int, entities: dict[int, int]) -> object:
    """A key that is equal for phrases of one party, as far as known."""
    if party is not None and (party.id or party.name):
        return party.id or (party.name, party.country)
    return ("chain", entities[head]) if head in entities else ("word", head)


def _may_be_party(reading: Reading, linker: Linker, i: int, timed: set[int]) -> bool:
    word = reading.words[i]
    rel = _base(word.rel)
    if i in timed or rel in ("flat", "fixed", "goeswith") or not any(map(str.isalnum, word.text)):
        return False
    if word.upos in _NOMINAL:
        return True
    if word.upos in ("NUM", "DET", "X", "SYM"):
        return rel in _ARGUMENT or word.upos == "NUM" and rel == "nummod" and reading.words[word.head].upos != "NOUN"
    return word.upos == "ADJ" and (rel in _ARGUMENT or linker.at(i) is not None)


def _of_phrase(row: Row, reading: Reading, linker: Linker, head: int, party: PartyMention | None, kind: str) -> None:
    word = reading.words[head]
    low = word.text.lower()
    row.one("tag", word.upos)
    row.one("rel", _base(word.rel))
    row.one("sub", word.rel)
    row.one("case", case_of(reading, head))
    row.one("sector", (party.sector or "") if party else "")
    row.one("kind", (party.country or "") if party else "")
    row.one("mention", kind)
    person = [0.0] * 6
    if low in PERSONS and word.upos in ("PRON", "DET"):
        person[PERSONS[low]] = 1.0
    row.number(*person)
    row.number(
        float(word.text[:1].isupper()),
        float(party is None),
        float(bool(party and party.country)),
        float(bool(party and party.name)),
        float(bool(party and party.office)),
        float(bool(party and not party.country and not party.sector)),
        float(linker.located(head)),
        float(word.has("Number=Plur")),
        float(reading.governs(head, "nmod:poss")),
        float(reading.governs(head, "conj")),
        float(any(reading.words[c].text.lower() in ("the", "this", "these") for c in reading.dependents(head, "det"))),
        float(word.sentence == 0),
    )
    row.number(*reading.roles[head])


def _of_word(row: Row, reading: Reading, i: int, told: bool) -> None:
    word = reading.words[i]
    children = [reading.words[c] for c in reading.children[i]]
    row.one("tag", word.upos)
    row.one("rel", _base(word.rel))
    row.one("sub", word.rel, *(c.rel for c in children if c.rel in ("nsubj:pass", "aux:pass", "obl:agent")))
    row.one("case", case_of(reading, i))
    row.one("mark", *(c.text.lower() for c in children if c.rel in ("mark", "advmod")))
    base = {_base(c.rel) for c in children}
    row.number(
        *(float(r in base) for r in ("nsubj", "obj", "obl", "ccomp", "xcomp", "nmod", "aux", "advmod", "conj")),
        float(any("Polarity=Neg" in c.feats for c in children)),
        float(word.sentence == 0),
        min(word.sentence, 10) / 10,
        float(told),
        float(word.text[:1].isupper()),
    )
