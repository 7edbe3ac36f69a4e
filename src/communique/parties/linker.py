"""The parties of an article: noun phrases resolved with the catalogue, with other phrases of the article and with the
model's coreference.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from rapidfuzz import fuzz

from ..catalogue import Entry, fold, surname
from ..reading import Reading, credits, datelines
from ..reading.clauses import case_of, subjects
from ..reading.reading import Word
from ..reading.walk import Walk
from ..schema import Mention, Party, PartyMention
from .groups import NOMINAL, RELATIVE, Groups
from .naming import addressed
from .resolver import LONG_FORM, Resolved, Resolver

# Longest chain of phrases followed to resolve one of them: a pronoun to its noun, the noun to its owner, and so on.
DEEPEST = 8
_WITHIN_NAMES = frozenset((".", "'s", "’s"))
SPELLED = 75.0  # least similarity, in per cent, of two spellings of one surname
NEAREST = 60  # mentions of one entity, on either side of a phrase, that are tried to resolve it

_CUT = (
    "acl:relcl",
    "advcl",
    "parataxis",
    "conj",
    "cc",
    "punct",
    "discourse",
    "dislocated",
    "vocative",
    "cop",
    "aux",
    "mark",
    "nsubj",
    "csubj",
    "acl",
    "ccomp",
    "advmod",
    "orphan",
    "list",
    "expl",
)
_OWN = frozenset(("its", "their", "our"))
_AFFILIATION = re.compile(r"[RDI]-[A-Z]")  # "R-Texas": party and state of a member of the US Congress
_POINTING = frozenset(("which", "that", "what", "this", "there", "these", "those", "one"))
_REFLEXIVE = frozenset(("itself", "himself", "herself", "themselves", "each", "other"))
# The pronouns of English, a closed class: a name that the model tags as a pronoun stays a name.
_PRONOUNS = frozenset(
    """i me my mine we us our ours you your yours he him his she her hers it its they them their theirs one ones who 
    whom whose which that what this these those there myself ourselves yourself yourselves himself herself itself
    themselves each other both all some many most few several any none another either neither such someone somebody
    anyone anybody everyone everybody nobody nothing something anything everything whoever whatever whichever former
    latter""".split()
)
_PERSONAL = {
    **dict.fromkeys(("he", "him", "his", "she", "her", "hers"), "person"),
    **dict.fromkeys(("it", "its"), "body"),
}
PEOPLE = frozenset("he him his she her hers they them their we us our i me my".split())  # pronouns of people
_PEOPLE = frozenset(("person", "organization", "place"))
_LOCAL = frozenset(
    (
        "in",
        "at",
        "near",
        "across",
        "inside",
        "outside",
        "around",
        "throughout",
        "off",
        "within",
        "toward",
        "towards",
        "through",
        "into",
        "onto",
        "from",
        "to",
    )
)


_FIRST_PERSON, _ONE_SPEAKER = frozenset("we us our ours".split()), frozenset("i me my mine".split())


def _kind(word: Word) -> str:
    """How a pronoun is resolved: "relative" by its relative clause, "personal" by the mentions before it, "none" not at
    all.
    """
    low = word.text.lower()
    if low in _REFLEXIVE or "PronType=Int" in word.feats or low in _POINTING:
        return "relative" if low in ("who", "which", "that") else "none"
    return "relative" if "PronType=Rel" in word.feats or low in ("who", "whom", "whose") else "personal"


class Linker(Groups):
    """Resolves the phrases of one reading to parties, on the day it was written."""

    def __init__(self, reading: Reading, resolver: Resolver, day: str | None) -> None:
        self.reading, self.resolver, self.day = reading, resolver, day
        self._walk = Walk(DEEPEST)
        self._voiced: dict[int, PartyMention] = {}  # pronouns of the first person, with their speaker
        self._asked: set[int] = set()
        self._resolved: dict[tuple[str, str | None], Resolved | None] = {}
        self._entity_of = {m.head: m.entity for m in reading.mentions}
        self._type_of = {m.head: m.type for m in reading.mentions}
        self._by_entity: dict[int, list[int]] = {}
        for m in reading.mentions:
            self._by_entity.setdefault(m.entity, []).append(m.head)
        self._in_order = {entity: sorted(set(heads)) for entity, heads in self._by_entity.items()}
        self._persons: dict[str, list[PartyMention]] = {}
        self._first: dict[str, list[PartyMention]] = {}
        self.states: Counter[str] = Counter()
        self.mentioned_states: list[tuple[int, str]] = []
        self.units: dict[
            int, tuple[int, int]
        ] = {}  # words of a state's name of several words, which the parse may have split
        self._outside = {
            w
            for start, end in [*((d.start, d.end) for d in datelines(reading.text)), *credits(reading.text)]
            for w in reading.words_in(start, end)
        }
        self._days = {w for t in reading.times for w in range(t.start, t.end)}
        self._phrases: dict[int, list[int]] = {}
        self._renamed = resolver.naming.renamed(reading.text)
        self._own_names: set[int] = set()  # words of people's names that are also names of states
        self._saints: set[int] = set()  # words of saints' names in the names of institutions
        self._bearers: set[int] = set()  # those of `_own_names` that are surnames
        self._whole = {m.head: (m.start, m.end) for m in reading.mentions}
        self._persons_words = {
            w: m for m in reading.mentions if m.type == "person" and m.end - m.start > 1 for w in range(m.start, m.end)
        }
        self._scan()

    def _scan(self) -> None:
        """Collects states and full names first, so that surnames and "the North" can be resolved."""
        reading = self.reading
        past = 0
        for i, word in enumerate(reading.words):
            if i < past or not word.text[:1].isupper():
                continue
            found = self._state_from(i)
            if found is None:
                continue
            end, entry = found
            past = end
            if self._is_own_name(i, end, entry):
                self._own_names.update(range(i, end))
                continue
            if end - i > 1:
                self.units.update(dict.fromkeys(range(i, end), (i, end)))
            country = entry.country or ""
            for name, (state, other) in self._renamed.items():
                if country == state and entry.name == name and entry.alias == "name":
                    country = other
            self.states[country] += 1
            self.mentioned_states.append((i, country))
        heads = [
            m.head
            for m in sorted(reading.mentions, key=lambda m: m.start)
            if m.type in ("person", "organization") and reading.words[m.head].upos == "PROPN"
        ]
        heads += [
            w.index
            for w in reading.words
            if w.upos == "PROPN"
            and w.rel in ("nsubj", "obj", "obl", "nmod", "appos", "root", "nsubj:pass", "nmod:poss")
            and w.index not in set(heads)
        ]
        for head in heads:
            words = self.phrase(head)
            names = [reading.words[i] for i in words if reading.words[i].upos == "PROPN"]
            if len(names) < 2:
                continue
            mention = self._resolve(head)
            if (
                mention
                and mention.name
                and mention.sector is not None
                and not any(e.kind == "state" for e in self.resolver.catalogue.named(mention.name))
            ):
                person = (
                    mention.office
                    or self._type_of.get(head) == "person"
                    or self.resolver.catalogue.people(fold(mention.name))
                )
                if person:
                    last, here = surname(mention.name, mention.country), fold(names[-1].text)
                    for form in {last, here} if fuzz.ratio(last, here) >= SPELLED else {last}:
                        self._persons.setdefault(form, []).append(mention)
                    folded = fold(mention.name).split()
                    if len(folded) > 1:
                        for part in {folded[0], folded[-1]}:
                            self._first.setdefault(part, []).append(mention)

    def _state_from(self, start: int) -> tuple[int, Entry] | None:
        """The longest name of a state that begins at a word: its end (one past the last word) and the state."""
        reading = self.reading
        words = reading.words
        sizes = (3, 2, 1) if words[start].upos in ("PROPN", "ADJ") else (3, 2)
        if any(w.text == "of" for w in words[start + 1 : start + LONG_FORM - 1]):
            sizes = (*range(LONG_FORM, 3, -1), *sizes)  # "Democratic People's Republic of Korea"
        for size in sizes:
            end = start + size
            if end > len(words) or not words[end - 1].text[0].isalnum():
                continue
            if not all(w.text[0].isalnum() or w.text in _WITHIN_NAMES for w in words[start:end]):
                continue
            first, last = reading.span(start, end)
            named = self.resolver.catalogue.named(reading.text[first:last])
            entry = next((e for e in named if e.kind == "state" and e.country), None)
            if entry and self.resolver.naming.saint(reading.text, first, last):
                self._saints.update(range(start, end))
            if entry and not self.resolver.naming.elsewhere(reading.text, first, last):
                return end, entry
        return None

    def _is_own_name(self, start: int, end: int, entry: Entry) -> bool:
        """Whether the words of a state's name are here a person's name."""
        words = self.reading.words
        if entry.alias == "demonym":
            return False
        if start and end == start + 1 and addressed(words[start - 1].text):
            self._bearers.add(start)
            return True  # "Ms. Mali"
        low, high = self._name_around(start, end)
        whole = [w.text for w in words[low:high]]
        if (low, high) != (start, end) and self.resolver.naming.own_name(whole, start - low, entry):
            if end == high:
                self._bearers.add(start)
            return True
        # "Mali" after "Chelsea Mali", where coreference joins them: a surname alone.
        order = self._in_order.get(self._entity_of.get(start, -1), ())
        tied = {w for head in order if head < start for w in range(*self._whole.get(head, (0, 0)))}
        return any(words[w].text == words[start].text for w in tied & self._bearers)

    def _name_around(self, start: int, end: int) -> tuple[int, int]:
        """First word and end of the person's name that contains a state's name. The model's mention decides, else the
        "flat" relations of the parse, unless the catalogue or the gazetteer has that name. Without a person's name,
        returns `start, end`.
        """
        mention = self._persons_words.get(start)
        if mention is not None and mention.end >= end:
            return mention.start, mention.end
        words = self.reading.words
        low, high = start, end
        while low > 0 and words[low].rel == "flat" and words[low].head < low and words[low - 1].upos == "PROPN":
            low -= 1
        while high < len(words) and words[high].rel == "flat" and words[high].head >= low and words[high].head < high:
            high += 1
        if (low, high) == (start, end) or self._type_of.get(low) == "organization":
            return start, end
        first, last = self.reading.span(low, high)
        text = self.reading.text[first:last]
        known = self.resolver.catalogue.named(text) or self.resolver.catalogue.places(text)
        return (start, end) if known else (low, high)

    def phrase(self, head: int) -> list[int]:
        """Returns the words of a head's noun phrase, without relative clauses and coordinated phrases."""
        if head not in self._phrases:
            self._phrases[head] = self._phrase(head)
        return list(self._phrases[head])

    def _phrase(self, head: int) -> list[int]:
        reading = self.reading
        unit = self.units.get(head)
        if unit and head != unit[1] - 1 and reading.words[head].head != unit[1] - 1:
            return self.phrase(unit[1] - 1)
        found = [head]
        stack = [head]
        while stack:
            word = stack.pop()
            for child in reading.children[word]:
                rel = reading.words[child].rel
                if word == head and rel == "case" and child < head:
                    continue
                if (
                    rel.startswith("nmod")
                    and child in self._days
                    and head not in self._days
                    and child > head
                    and case_of(reading, child) != "of"
                ):
                    continue  # "the court on Tuesday"
                if (rel in _CUT or rel.split(":")[0] in _CUT) and (
                    not (rel == "punct" and reading.words[child].text in "-–'’\"“”" and word == head)
                    and not (rel == "conj" and word != head and reading.words[word].rel != "appos")
                    and not (rel == "cc" and word != head)
                    and not (
                        rel == "advmod"
                        and (
                            reading.words[child].upos == "ADJ"
                            or reading.words[child].text.lower() == "then"
                            and reading.text[reading.words[child].end : reading.words[child].end + 1] == "-"
                        )
                    )
                ):
                    continue
                found.append(child)
                stack.append(child)
        if unit:
            found += [i for i in range(*unit) if i not in found]
        found.sort()
        # A phrase is contiguous: words apart from it are dropped.
        at = found.index(head)
        low, high = at, at

        def gap(a: int, b: int) -> bool:
            return b - a <= 2 and all(
                reading.words[i].upos == "PUNCT" or reading.words[i].rel in ("cc", "punct", "conj")
                for i in range(a + 1, b)
            )

        while low > 0 and (found[low] - found[low - 1] == 1 or gap(found[low - 1], found[low])):
            low -= 1
        while high + 1 < len(found) and (found[high + 1] - found[high] == 1 or gap(found[high], found[high + 1])):
            high += 1
        stretch = list(range(found[low], found[high] + 1))
        if head not in self._outside:
            stretch = [i for i in stretch if i not in self._outside]
        stretch = [
            i
            for i in stretch
            if "\n"
            not in reading.text[
                min(reading.words[i].end, reading.words[head].end) : max(
                    reading.words[i].start, reading.words[head].start
                )
            ]
        ]
        while (
            stretch
            and reading.words[stretch[0]].upos in ("PUNCT", "CCONJ")
            and stretch[0] != head
            and reading.words[stretch[0]].text not in "\"“'‘"
        ):
            stretch.pop(0)
        while stretch and reading.words[stretch[-1]].upos in ("PUNCT", "CCONJ", "ADP") and stretch[-1] != head:
            stretch.pop()
        for a in reading.dependents(head, "appos"):
            if stretch and a in stretch and (last := self._apposition(a)[1]) > stretch[-1] + 1:
                stretch += range(stretch[-1] + 1, last)
        return stretch or [head]

    def _mention(self, head: int, party: Party) -> PartyMention:
        words = self.phrase(head)
        start, end = self.reading.span(words[0], words[-1] + 1)
        text = self.reading.text[start:end]
        for mark in ("’s", "'s", "’", "'"):
            if text.endswith(mark) and len(text) > len(mark):
                text, end = text[: -len(mark)], end - len(mark)
                break
        return PartyMention(
            text, start, end, party.name, party.id, party.country, party.sector, party.also, party.office
        )

    def at(self, head: int) -> PartyMention | None:
        """Returns the party that the phrase of this head word names, or `None`."""
        self._asked.add(head)
        return self._walk(("at", head), lambda: self._resolve(head), None)

    def _find(self, text: str, near: str | None = None) -> Resolved | None:
        """The resolver's answer for a phrase by its words alone."""
        key = text, near
        if key not in self._resolved:
            found = self.resolver.resolve(text, self.day, near=near)
            for name, (state, other) in self._renamed.items():
                if name in text:
                    found = self.resolver.moved(found, state, other)
            self._resolved[key] = found
        return self._resolved[key]

    def _resolve(self, head: int) -> PartyMention | None:
        word = self.reading.words[head]
        if head in self._outside or head in self._saints:
            return None
        if word.upos in ("PRON", "DET", "AUX") and (body := self._acronym(head)):
            return self._mention(head, body)
        if word.upos not in NOMINAL or not any(map(str.isalnum, word.text)):
            return None
        if word.upos in ("ADJ", "PROPN") and word.rel in ("amod", "compound"):
            # "Russian strikes", "US sanctions": the adjective stands for the state.
            state = next(
                (e for e in self.resolver.catalogue.named(word.text) if e.kind == "state" and e.alias != "seat"), None
            )
            if (
                state
                and head not in self.units
                and not self.resolver.naming.elsewhere(self.reading.text, word.start, word.end)
            ):
                return PartyMention(word.text, word.start, word.end, state.name, state.wikidata, state.country, "GOV")
        if self._is_pronoun(head):
            return self._pronoun(head)
        if word.upos == "NUM":  # "11 of Peru's prisoners"
            whole = next((c for c in self.reading.dependents(head, "nmod") if case_of(self.reading, c) == "of"), None)
            of = self.at(whole) if whole is not None else None
            if of:
                return self._mention(head, Party(None, None, of.country, of.sector, of.also))
        words = self.phrase(head)
        start, end = self.reading.span(words[0], words[-1] + 1)
        text = self.reading.text[start:end]
        kind = self._type_of.get(head)
        if not self._own_names.isdisjoint(words):
            return self._somebody(head, text)
        if kind in ("time", "event") and not self.resolver.catalogue.named(text):
            return None
        if (
            kind == "abstract"
            and word.upos == "NOUN"
            and self.resolver.catalogue.noun(word.text) is None
            and not self.resolver.catalogue.named(text)
        ):
            return None  # "their approaches to NATO" are not NATO
        if "-" in text and word.upos == "PROPN" and self._paired(words):
            return None  # "China-North Korea" is a pair of states, not one of them
        direction = self._direction(words)
        if direction:
            return self._mention(head, direction)
        appositions = [
            self.reading.span(*self._apposition(a))
            for a in self.reading.dependents(head, "appos")
            if a not in self._outside
        ]
        longer = (
            text
            if not appositions or appositions[0][1] <= end
            else f"{text}, {self.reading.text[appositions[0][0] : appositions[0][1]]}"
        )
        one = word.text
        if self._proper(head) and not any(e.kind == "state" for e in self.resolver.catalogue.named(one)):
            single = [w for w in words if self._proper(w)]
            folded = fold(one)
            people = self._persons.get(folded) or (self._first.get(folded) if len(single) == 1 else None) or []
            names = {p.name for p in people}
            if len(names) == 1 and (
                len(single) == 1
                or fold(people[0].name or "").endswith(" ".join(fold(self.reading.words[w].text) for w in single))
            ):
                known = people[0]
                if not any(e.kind == "state" for e in self.resolver.catalogue.named(text)):
                    return self._mention(head, known.party)
        found = self._find(longer, self._near())
        if (
            found
            and found.entry
            and found.entry.kind == "person"
            and word.upos == "NOUN"
            and self._type_of.get(head) != "person"
            and self.resolver.catalogue.noun(word.text) is None
        ):
            found = None  # "an invitation from President Ruto" is not the president
        if (
            found is None
            and len(text.split()) > 1
            and word.upos == "PROPN"
            and not self.resolver.naming.elsewhere(self.reading.text, word.start, word.end)
        ):
            found = self._find(one)
            if found and found.entry and found.entry.kind == "person":
                found = None
        if found is None and word.upos == "PROPN" and words[0] > 0:
            titled = self._titled(words)
            if titled:
                return titled
        if found is not None and (found.party.name or found.party.country or found.party.sector):
            party = found.party
            if party.country is None and party.name is None:
                # "its soldiers", "his government" have the state of the possessor; "its ally" has another.
                for owner in self.reading.dependents(head, "nmod:poss"):
                    whose = self.at(owner)
                    if whose and whose.country and word.lemma.lower() not in RELATIVE:
                        return self._mention(
                            head, Party(None, None, whose.country, party.sector, party.also, party.office)
                        )
            if party.country is None and party.name is None and head in self._entity_of:
                better = self._coreferent(head)
                if (
                    better is not None
                    and better.country
                    and (
                        better.sector == party.sector
                        or word.text.lower()
                        in (
                            "president",
                            "minister",
                            "leader",
                            "group",
                            "agency",
                            "country",
                            "government",
                            "ministry",
                            "party",
                            "company",
                        )
                    )
                ):
                    return self._mention(head, better.party)
            if (
                party.country is None
                and party.name is None
                and (before := self._same_noun(head)) is not None
                and (told := self.at(before))
                and told.country
            ):
                return self._mention(
                    head, Party(None, None, told.country, party.sector, party.also, party.office)
                )  # "two Kenyan sailors", then "the sailors"
            return self._mention(head, party)
        if (
            kind != "person"
            and word.upos == "PROPN"
            and word.rel not in ("compound", "flat", "amod")
            and (lies_in := self.resolver.state_of_town(text))
        ):
            return self._mention(head, Party(None, None, lies_in, "GOV"))  # as for a province: "missiles hit Mariupol"
        better = (
            self._coreferent(head)
            if word.upos == "NOUN" and words and self.reading.words[words[0]].text.lower() in ("the", "this", "that")
            else None
        )
        if better is None and word.upos == "NOUN" and self._type_of.get(head) in ("person", "organization"):
            # "Greek dockers": people of a kind that is in no table still belong to the state.
            for child in self.reading.dependents(head, "amod", "compound", "nmod:poss"):
                theirs = self.at(child) if self.reading.words[child].text[:1].isupper() else None
                relative = word.lemma.lower() in RELATIVE
                if relative and self.reading.words[child].rel != "nmod:poss" and theirs and theirs.country:
                    return self._mention(head, Party(None, None, theirs.country, "GOV"))  # "his Ugandan counterpart"
                if theirs and theirs.country and theirs.sector == "GOV" and theirs.name and not relative:
                    return self._mention(
                        head, Party(None, None, theirs.country, "CVL" if self._type_of.get(head) == "person" else None)
                    )
        return self._mention(head, better.party) if better else None

    def in_own_name(self, word: int) -> bool:
        """Returns whether a word spelled like a state's name is here part of a person's or a saint's name."""
        return word in self._own_names or word in self._saints

    def bears_a_states_name(self, head: int) -> bool:
        """Returns whether a phrase is a person's name that contains the name of a state ("Chelsea Mali"). That name
        then says nothing about the person's state.
        """
        return not self._own_names.isdisjoint(self.phrase(head))

    def _somebody(self, head: int, text: str) -> PartyMention | None:
        """The person of the catalogue with this full name, part of which is also a state's name."""
        found = self.resolver.person(text, self.day)
        return self._mention(head, found.party) if found else None

    def _acronym(self, head: int) -> Party | None:
        """The body that a word in capitals names in a sentence that also has small letters, where in small letters it
        would be a pronoun: "the WHO".
        """
        text = self.reading.words[head].text
        a, b = self.reading.sentence_of(head)
        if len(text) < 2 or not text.isupper() or not any(w.text.islower() for w in self.reading.words[a:b]):
            return None
        found = self._find(text)
        return found.party if found and found.entry and found.entry.kind == "organisation" else None

    def _paired(self, words: list[int]) -> bool:
        """Whether a phrase names two states joined by a hyphen."""
        states = [(at, code) for at, code in self.mentioned_states if words[0] <= at <= words[-1]]
        return any(
            a != b and self.reading.text[self.reading.words[at].start - 1] in "-‐‑–"
            for (_, a), (at, b) in pairwise(states)
        )

    def _apposition(self, head: int) -> tuple[int, int]:
        """First word and end of an apposition. It extends to the next punctuation mark or relative pronoun, whatever
        the parse has before it ("director of Asian studies at the institute").
        """
        words = self.phrase(head)
        under = set(self.reading.subtree(head))
        end = words[-1]
        while (
            end + 1 in under
            and self.reading.words[end + 1].upos != "PUNCT"
            and not self.reading.words[end + 1].has("PronType=Rel")
        ):
            end += 1
        return words[0], end + 1

    def _proper(self, index: int) -> bool:
        word = self.reading.words[index]
        return (
            word.upos == "PROPN"
            or word.upos in ("PRON", "DET")
            and word.text[:1].isupper()
            and word.text.lower() not in _PRONOUNS
        )

    def _titled(self, words: list[int]) -> PartyMention | None:
        """The party of a name after a title that the parse has as a separate phrase: "Chinese senior diplomat Song
        Tao".
        """
        reading = self.reading
        before = reading.words[words[0] - 1]
        if (
            before.upos not in ("NOUN", "PROPN")
            or before.sentence != reading.words[words[0]].sentence
            or reading.text[before.end : reading.words[words[0]].start] != " "
        ):
            return None
        title = self.phrase(before.index)
        if title[-1] != before.index or self.resolver.catalogue.noun(before.text) is None:
            return None
        start, end = reading.span(title[0], words[-1] + 1)
        found = self._find(reading.text[start:end])
        if found is None:
            return None
        p = found.party
        return PartyMention(reading.text[start:end], start, end, p.name, p.id, p.country, p.sector, p.also, p.office)

    def _direction(self, words: list[int]) -> Party | None:
        """Resolves "the North" and "the South" to a state in a text on Korea."""
        names = [self.reading.words[w].text for w in words]
        low = [n.lower() for n in names if n.lower() not in ("'s", "’s", "’", "'")]
        if low[:1] == ["the"] and len(low) == 2 and low[1] in ("north", "south") and names[1][0].isupper():
            code = "PRK" if low[1] == "north" else "KOR"
            if self.states["PRK"] + self.states["KOR"] >= 1:
                state = self.resolver.state(code)
                return state.party if state else None
        return None

    def _near(self) -> str | None:
        """The state that the text is about: named at least twice, and three times as often as any other."""
        common = self.states.most_common(2)
        if common and (len(common) == 1 or common[0][1] >= 3 * common[1][1]) and common[0][1] >= 2:
            return common[0][0]
        return None

    def _coreferent(self, head: int) -> PartyMention | None:
        """The party of another mention of the same entity; the nearest one before it comes first."""
        entity = self._entity_of.get(head)
        if entity is None:
            return None
        order = self._in_order[entity]
        here = bisect_left(order, head)
        heads = [*reversed(order[max(0, here - NEAREST) : here]), *order[here : here + NEAREST]]
        wanted = _PERSONAL.get(self.reading.words[head].text.lower())
        plural = self.reading.words[head].text.lower() in ("they", "them", "their")
        for other in heads:
            if wanted and other > head:
                continue  # a name after its pronoun is rare, a wrong coreference to a later name is not
            if wanted and self._is_person(other) != (wanted == "person"):
                continue
            if plural and self._type_of.get(other) == "person" and self.reading.words[other].has("Number=Sing"):
                continue  # "they" means several people
            if other != head and (self.reading.words[other].upos not in ("PRON", "DET") or self._proper(other)):
                found = self.at(other)
                if found and (found.country or found.name):
                    return found
        return None

    def _is_pronoun(self, head: int) -> bool:
        word = self.reading.words[head]
        return word.upos in ("PRON", "DET") and word.text.lower() in _PRONOUNS

    def _pronoun(self, head: int) -> PartyMention | None:
        kind = _kind(self.reading.words[head])
        if kind != "personal":
            return self._antecedent(head) if kind == "relative" else None
        found = self._meant(head)
        return self._mention(head, found.party) if found else None

    def _meant(self, head: int) -> PartyMention | None:
        """The mention that a personal pronoun refers to."""
        low = self.reading.words[head].text.lower()
        if head in self._voiced:
            return self._voiced[head]

        def answer() -> PartyMention | None:
            return (
                self._main_subject(head, low)
                or self._speaker(head, low, adding=True)
                or self._coreferent(head)
                or self._speaker(head, low)
            )

        return self._walk(("meant", head), answer, None)

    def _stands_for(self, mention: PartyMention) -> PartyMention | None:
        """What a mention refers to if it is a personal pronoun; otherwise `None`."""
        if mention.start is None or mention.end is None:
            return None
        for head in self.reading.words_in(mention.start, mention.end):
            if self._is_pronoun(head) and _kind(self.reading.words[head]) == "personal" and not self._acronym(head):
                own = self._mention(head, mention.party)
                if (own.start, own.end) == (mention.start, mention.end):
                    return self._meant(head)
        return None

    def voiced(self, words: Iterable[int], speaker: PartyMention) -> None:
        """Resolves "I" among these words to their speaker, and "we" if it has no party yet."""
        new: list[int] = []
        for head in words:
            low = self.reading.words[head].text.lower()
            if low in _ONE_SPEAKER or low in _FIRST_PERSON and self.at(head) is None:
                new.append(head)
        if new:
            self._voiced.update(dict.fromkeys(new, speaker))
            self._walk = Walk(DEEPEST)  # earlier answers may depend on these pronouns

    def named(self, mention: PartyMention) -> PartyMention:
        """Returns the mention that a pronoun refers to within its sentence; any other mention unchanged."""
        seen: set[tuple[int | None, int | None]] = set()
        while (place := (mention.start, mention.end)) not in seen:  # two pronouns may refer to each other
            seen.add(place)
            other = self._stands_for(mention)
            if (
                other is None
                or other.start is None
                or mention.start is None
                or self._sentence(other.start) != self._sentence(mention.start)
            ):
                break
            mention = other
        return mention

    def _sentence(self, start: int) -> int | None:
        return next((self.reading.words[i].sentence for i in self.reading.words_in(start, start + 1)), None)

    def _main_subject(self, head: int, low: str) -> PartyMention | None:
        """For "it" as the subject of a clause with "as", "while" or "when": the subject of the main clause, unless
        coreference joins "it" to a part of that clause.
        """
        word = self.reading.words[head]
        clause = self.reading.words[word.head]
        if (
            low != "it"
            or word.rel != "nsubj"
            or clause.rel != "advcl"
            or {self.reading.words[c].text.lower() for c in self.reading.dependents(word.head, "mark")}.isdisjoint(
                ("as", "while", "when")
            )
        ):
            return None
        parts = [
            c
            for c in self.reading.children[clause.head]
            if self.reading.words[c].rel.split(":")[0] in ("nsubj", "obj", "iobj", "obl")
        ]
        tied = [h for h in self._by_entity.get(self._entity_of.get(head, -1), []) if h < head and h in parts]
        for subject in self.reading.dependents(clause.head, "nsubj"):
            if (
                subject < head
                and not tied
                and not self._is_person(subject)
                and (self.reading.words[subject].upos == "NOUN" or self._proper(subject))
                and not self.reading.words[subject].has("Number=Plur")
            ):
                return self.at(subject)
        return None

    def _is_person(self, head: int) -> bool:
        """Whether the model marks a phrase as a person and the catalogue does not resolve it to a state."""
        if self._type_of.get(head) != "person":
            return False
        party = self.at(head) if self.reading.words[head].upos == "PROPN" else None
        return not (party and party.name and any(e.kind == "state" for e in self.resolver.catalogue.named(party.name)))

    def _speaker(self, head: int, low: str, adding: bool = False) -> PartyMention | None:
        """The speaker of the clause that contains the pronoun. `adding` accepts only the subject of a clause that a
        participle introduces: "the North rejected it, stating that it will not take part".
        """
        wanted = _PERSONAL.get(low)
        clause = self.reading.words[self.reading.words[head].head]
        if adding and not (
            self.reading.words[head].rel == "nsubj"
            and clause.rel == "ccomp"
            and self.reading.words[clause.head].rel == "advcl"
            and "VerbForm=Part" in self.reading.words[clause.head].feats
        ):
            return None
        node = head
        for _ in range(8):
            word = self.reading.words[node]
            if word.rel == "ccomp":
                for subject in subjects(self.reading, word.head):
                    person = self._is_person(subject)
                    if (
                        subject != head
                        and (wanted is None or person == (wanted == "person"))
                        and (found := self.at(subject))
                    ):
                        return found
            if word.head == node:
                break
            node = word.head
        return None

    def _antecedent(self, head: int) -> PartyMention | None:
        """The party of a relative pronoun: that of the noun which its clause modifies."""
        node = head
        for _ in range(6):
            word = self.reading.words[node]
            if word.rel == "acl:relcl" and word.head != node:
                return self.at(word.head)
            if word.head == node:
                return None
            node = word.head
        return None

    def unknown(self, head: int, sure: bool = False) -> PartyMention | None:
        """Returns a mention with words only for a person or body that the catalogue does not have, or for a pronoun
        that refers to one; otherwise `None`. `sure`: accept a name of any mention type.
        """
        return self._walk(("unknown", head, sure), lambda: self._unknown(head, sure), None)

    def _unknown(self, head: int, sure: bool) -> PartyMention | None:
        word = self.reading.words[head]
        if head in self._outside or _AFFILIATION.match(word.text):
            return None
        if word.text.lower() in _PRONOUNS:
            named = [
                h
                for h in self._by_entity.get(self._entity_of.get(head, -1), [])
                if h < head and self.reading.words[h].upos == "PROPN"
            ]
            return (
                self._mention(head, Party(None, None, None, None))
                if word.text.lower() in _PERSONAL and named and self.at(head) is None and self.unknown(named[-1])
                else None
            )
        if self._type_of.get(head) not in ("person", "organization") and not (sure and word.upos == "PROPN"):
            return None
        if any(self.reading.words[c].text.lower() in _OWN for c in self.reading.dependents(head, "nmod:poss")):
            return None  # "their alliance" is not an unknown party but something that a party has
        return self._mention(head, Party(None, None, None, None))

    def _bare_pronoun(self, head: int) -> PartyMention | None:
        """A mention without a party for a pronoun of people."""
        word = self.reading.words[head]
        people = word.upos == "PRON" and word.text.lower() in PEOPLE
        return self._mention(head, Party(None, None, None, None)) if people else None

    def located(self, head: int) -> bool:
        """Returns whether the phrase is a location, not a party: a place after "in", "at", "near"."""
        word = self.reading.words[head]
        if not word.rel.startswith(("obl", "nmod")) or self._is_person(head):
            return False
        prepositions = {self.reading.words[c].text.lower() for c in self.reading.dependents(head, "case")}
        return bool(prepositions & _LOCAL - {"to", "from"})

    def mentions(
        self, completed: Callable[[PartyMention, int], PartyMention] = lambda mention, head: mention
    ) -> tuple[Mention, ...]:
        """Returns every phrase that may name a party, in order, with the number of its entity.

        `completed` may add state and sector to a mention; it also gets the head word.
        """
        numbers: dict[object, int] = {}
        found: dict[tuple[int, int], Mention] = {}
        heads: Iterable[int] = sorted(
            {m.head for m in self.reading.mentions if m.type in _PEOPLE} | {h for h in tuple(self._asked) if self.at(h)}
        )
        for head in heads:
            if self._type_of.get(head) == "place" and self.located(head):
                continue
            mention = self.at(head) or self.unknown(head, self.in_own_name(head)) or self._bare_pronoun(head)
            if mention is None or mention.start is None or mention.end is None:
                continue
            place = mention.start, mention.end
            mention = completed(mention, head)
            key: object = (
                mention.id or (mention.name, mention.country)
                if mention.name
                else ("model", self._entity_of.get(head, -1 - head))
            )
            number = numbers.setdefault(key, len(numbers))
            found.setdefault(
                place,
                Mention(
                    mention.text,
                    mention.start,
                    mention.end,
                    mention.name,
                    mention.id,
                    mention.country,
                    mention.sector,
                    mention.also,
                    mention.office,
                    number,
                ),
            )
        return tuple(found[k] for k in sorted(found))
