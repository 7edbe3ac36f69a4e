"""Phrases that name several parties: by coordination, by a hyphen, by several adjectives, or by a plural that refers
back to them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cached_property

from ..reading import Reading
from ..reading.walk import Walk
from ..schema import Party, PartyMention
from .resolver import Resolver

NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X", "DET"))
RELATIVE = frozenset(
    "neighbour neighbor ally counterpart rival partner enemy foe opponent adversary friend critic".split()
)
_PAIR = re.compile(
    r"(?i)^(?:the |their |these )?(?:both|two)\s+(?:sides|countries|nations|states|leaders|governments"
    "|neighbou?rs|parties|allies|powers|capitals|presidents|ministers|koreas)$|^(?:both|the two)$"
    "|^both (?:of them)?$|^the pair$"
)
_BETWEEN = frozenset(("bilateral", "mutual"))  # such a thing is between two states named before
_QUANTITIES = frozenset("dozen score hundred thousand million group number handful majority couple".split())
_HYPHENS = frozenset("-‐‑–/")
NO_PARTY: tuple[PartyMention, ...] = ()


class Groups:
    """Resolves a phrase to several parties; `Linker` resolves each single phrase."""

    reading: Reading
    resolver: Resolver
    day: str | None
    units: dict[int, tuple[int, int]]
    mentioned_states: list[tuple[int, str]]
    _type_of: dict[int, str]
    _entity_of: dict[int, int]
    _by_entity: dict[int, list[int]]
    _walk: Walk

    def phrase(self, head: int) -> list[int]:
        raise NotImplementedError

    def at(self, head: int) -> PartyMention | None:
        raise NotImplementedError

    def unknown(self, head: int, sure: bool = False) -> PartyMention | None:
        raise NotImplementedError

    def _mention(self, head: int, party: Party) -> PartyMention:
        raise NotImplementedError

    def group(self, head: int) -> list[PartyMention]:
        """Returns every party of a phrase and of the phrases coordinated with it; "both sides" are two states named
        before.
        """
        return list(self._walk(("group", head), lambda: tuple(self._group(head)), NO_PARTY))

    def _group(self, head: int) -> list[PartyMention]:
        reading = self.reading
        found: list[PartyMention] = []
        words = self.phrase(head)
        start, end = reading.span(words[0], words[-1] + 1)
        if _PAIR.match(reading.text[start:end]):
            return self._pair(head, start, end)
        if not _BETWEEN.isdisjoint(reading.words[c].text.lower() for c in reading.dependents(head, "amod")):
            return self._pair(head, start, end)
        if (
            reading.words[head].lemma in _QUANTITIES
            and (
                of := next(
                    (
                        c
                        for c in reading.dependents(head, "nmod")
                        if any(reading.words[x].text.lower() == "of" for x in reading.dependents(c, "case"))
                    ),
                    None,
                )
            )
            is not None
            and len(counted := self.group(of)) > 1
        ):
            return [
                replace(m, text=reading.text[start:end], start=start, end=end) for m in counted
            ]  # "thousands of Kenyan and Ugandan troops"
        spread = self._spread(head)
        several = [
            a
            for a in reading.dependents(head, "appos")
            if reading.governs(a, "conj") and reading.words[head].has("Number=Plur")
        ]
        if spread:
            found += spread
        elif told_of := self._told_of(head):
            found += told_of
        elif several:
            for a in several:  # "Asian allies South Korea and Japan": the allies are the parties named
                found += self.group(a)
        elif reading.words[head].text.lower() in ("they", "them", "their") and (those := self._those(head)):
            found += those
        elif mention := self.at(head) or (
            self.unknown(head)
            if reading.words[head].upos == "PROPN"
            and (reading.words[head].rel == "conj" or reading.governs(head, "conj"))
            else None
        ):
            found.append(mention)  # a coordinated name may be unknown to the catalogue
        elif reading.words[head].rel == "conj" and reading.words[head].lemma.lower() in RELATIVE:
            found.append(self._mention(head, Party(None, None, None, None)))  # "Peru and its allies"
        named = [
            *reading.dependents(head, "conj"),
            *(
                c
                for a in reading.dependents(head, "appos")
                if a not in several
                for c in reading.dependents(a, "conj")
                if reading.words[c].upos == "PROPN"
            ),
        ]
        for other in named:
            if reading.words[other].upos in NOMINAL:
                found += self.group(other)
        unique: list[PartyMention] = []
        for mention in found:
            if not any(
                m.start == mention.start and m.end == mention.end and m.country == mention.country for m in unique
            ):
                unique.append(mention)
        return unique

    def joined(self, head: int) -> list[PartyMention]:
        """Returns the states joined by a hyphen at or before a word ("the Kenya-Uganda alliance") or by "and" before
        its noun ("U.S. and British objections"); empty for fewer than two.
        """
        reading = self.reading
        noun = reading.words[head].head
        whole = noun if reading.words[head].rel in ("amod", "compound") else head
        if self._type_of.get(whole) == "person" and reading.words[whole].has("Number=Sing"):
            return []  # "a Lebanese-American contractor" is one person
        if reading.words[head].rel in ("amod", "compound") and any(
            abs(c - head) == 1 for c in reading.dependents(noun, "cc")
        ):
            found = [
                m
                for c in reading.dependents(noun, "amod", "compound")
                if (m := self.at(c)) and m.country and m.sector == "GOV"
            ]
            return found if len({m.country for m in found}) > 1 else []
        a = head
        while (
            a > 0
            and reading.words[a - 1].sentence == reading.words[head].sentence
            and (reading.words[a - 1].upos in ("PROPN", "ADJ") or reading.words[a - 1].text in _HYPHENS)
        ):
            a -= 1
        b = head + 1
        while (
            b < len(reading.words)
            and reading.words[b].sentence == reading.words[head].sentence
            and (reading.words[b].upos == "PROPN" or reading.words[b].text in _HYPHENS)
        ):
            b += 1
        said = [(at, code) for at, code in self.mentioned_states if a <= at < b]
        if len({code for _, code in said}) < 2 or not any(
            reading.text[reading.words[at].start - 1 : reading.words[at].start] in _HYPHENS for at, _ in said
        ):
            return []
        start, end = (
            reading.words[said[0][0]].start,
            reading.words[self.units.get(said[-1][0], (0, said[-1][0] + 1))[1] - 1].end,
        )
        text, found = reading.text[start:end], []
        for _, code in said:
            state = self.resolver.state(code)
            if state:
                p = state.party
                found.append(PartyMention(text, start, end, p.name, p.id, p.country, p.sector))
        return found

    def _told_of(self, head: int) -> list[PartyMention]:
        """The parties of "the leaders" without a state: those of the last phrase with that noun and several parties."""
        if not self.reading.words[head].has("Number=Plur"):
            return []
        known = self.at(head)
        before = self._same_noun(head) if known and not known.name else None
        if before is None or not (found := self._spread(before)):
            return []
        start, end = self.reading.span(self.phrase(head)[0], head + 1)
        return [replace(m, text=self.reading.text[start:end], start=start, end=end) for m in found]

    def _same_noun(self, head: int) -> int | None:
        """For a plain phrase such as "the leaders", the head of the last phrase with the same noun and a modifier."""
        reading = self.reading
        word = reading.words[head]
        first = reading.words[self.phrase(head)[0]].text.lower()
        if (
            word.upos != "NOUN"
            or first not in ("the", "these", "those")
            or reading.governs(head, "nmod", "amod", "compound", "nmod:poss")
        ):
            return None
        told = self._described[word.lemma, word.has("Number=Plur")]
        before = bisect_left(told, head)
        return told[before - 1] if before else None

    @cached_property
    def _described(self) -> dict[tuple[str, bool], list[int]]:
        """Nouns with a modifier, in order, by lemma and by whether they are plural."""
        found: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for word in self.reading.words:
            if word.upos == "NOUN" and self.reading.governs(word.index, "nmod", "amod", "compound", "nmod:poss"):
                found[word.lemma, word.has("Number=Plur")].append(word.index)
        return found

    def _those(self, head: int) -> list[PartyMention]:
        """The parties of "they" where coreference gives no known party: those of the last coordinated mention of its
        entity, else of the nearest earlier subject with several parties, in its sentence or the one before.
        """
        reading = self.reading
        if self.at(head):
            return []
        pronoun = head
        with_it = {head}  # "Kenya and them": a pronoun does not mean the phrases coordinated with it
        while reading.words[head].rel in ("conj", "appos") and reading.words[head].head not in with_it:
            head = reading.words[head].head
            with_it.add(head)
        for i in reversed([h for h in self._by_entity.get(self._entity_of.get(pronoun, -1), []) if h < head]):
            if (
                i not in with_it
                and reading.words[i].upos != "PRON"
                and reading.governs(i, "conj")
                and len(several := self.group(i)) > 1
            ):
                return several
        for i in range(head - 1, -1, -1):
            word = reading.words[i]
            if reading.words[head].sentence - word.sentence > 1:
                break
            if i not in with_it and word.rel.startswith("nsubj") and word.upos in ("NOUN", "PROPN"):
                several = self.group(i)
                if len(several) > 1:
                    return several
                if word.has("Number=Plur") and self._type_of.get(i) in ("person", "organization"):
                    break
        return []

    def _spread(self, head: int) -> list[PartyMention]:
        """One party for each state named: "the leaders of China and North Korea", "US and Chinese officials"."""
        reading = self.reading
        word = reading.words[head]
        if word.upos != "NOUN" or (not word.has("Number=Plur") and word.text.lower() not in ("leadership",)):
            return []
        noun = self.resolver.catalogue.noun(word.text)
        if noun is None:
            return []
        states: list[int] = []
        for child in reading.children[head]:
            rel = reading.words[child].rel
            if rel in ("nmod:poss", "amod", "compound", "nmod"):
                preposition = next((reading.words[c].text.lower() for c in reading.dependents(child, "case")), "")
                if rel == "nmod" and preposition not in ("of", "from"):
                    continue
                states += [child, *[c for c in reading.dependents(child, "conj")]]
        found = []
        for at in states:
            entry = next((e for e in self.resolver.catalogue.named(self._name_at(at)) if e.kind == "state"), None)
            if entry and entry.country:
                found.append(self._mention(head, Party(None, None, entry.country, noun[0])))
        return found if len({m.country for m in found}) > 1 else []

    def _name_at(self, head: int) -> str:
        words = [w for w in self.phrase(head) if self.reading.words[w].upos in ("PROPN", "ADJ", "NOUN")]
        start, end = self.reading.span(words[0], words[-1] + 1) if words else (0, 0)
        return self.reading.text[start:end]

    def _pair(self, head: int, start: int, end: int) -> list[PartyMention]:
        """The two most often mentioned of the states named in the last sentences before a word."""
        sentence = self.reading.words[head].sentence
        said = Counter(code for at, code in self.mentioned_states if at < head)
        near: list[str] = []
        for at, code in reversed(self.mentioned_states):
            if at < head and code not in near and (len(near) < 2 or sentence - self.reading.words[at].sentence <= 2):
                near.append(code)
        found = []
        for code in sorted(sorted(near, key=lambda c: (-said[c], near.index(c)))[:2]):
            state = self.resolver.state(code)
            if state:
                p = state.party
                found.append(PartyMention(self.reading.text[start:end], start, end, p.name, p.id, p.country, p.sector))
        return found if len(found) == 2 else []

    def listed(self, start: int, end: int) -> list[PartyMention]:
        """Returns the parties of names separated by "and" or a comma, if the catalogue knows each one: "KCNA and
        China's Xinhua news agency". `start` and `end` count words.
        """
        low, high = self.reading.span(start, end)
        text = self.reading.text[low:high]
        found, at = [], 0
        for piece in re.split(r"(,? and |, )", text):
            if piece not in (", ", " and ", ", and "):
                party = self.resolver.resolve(piece, self.day)
                if party is None or not party.party.name:
                    return []
                p = party.party
                found.append(
                    PartyMention(
                        piece, low + at, low + at + len(piece), p.name, p.id, p.country, p.sector, p.also, p.office
                    )
                )
            at += len(piece)
        return found if len(found) > 1 else []
