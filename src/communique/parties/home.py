"""The state of a phrase that names none: "the police", "demonstrators", a body that is in no table.

The candidates are the states that the article names, and "none". A conditional logit over named features chooses; its
weights (`home.json`) are learned from parties that were marked with their country (`training/heads/home.py`).
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from math import exp, log1p
from pathlib import Path
from typing import NamedTuple

from ..reading import Reading
from ..schema import PartyMention, Place, Sector
from .linker import Linker
from .sectors import SectorChoice, SectorFeatures

SURE = 0.5  # least probability of a state
OVERRULES = 0.4  # least probability of a sector that replaces that of the phrase's words: "militants", "officials"
STATES = 12  # candidate states of an article, the most often named first
_ORGANS = frozenset(("GOV", "MIL", "COP", "JUD", "LEG", "SPY"))
_ARMED = frozenset(("REB", "UAF", "PRM", "CRM"))
_HANGS = ("nmod", "compound", "amod", "nmod:poss", "appos")


class Spoken(NamedTuple):
    """A word that refers to a state: its name, one of its parties, or a place in it."""

    word: int
    sentence: int
    country: str
    kind: str


class Home:
    """Probabilities of states for every phrase of one reading."""

    def __init__(
        self,
        reading: Reading,
        linker: Linker,
        places: Sequence[Place],
        publisher: str | None,
        weights: Mapping[str, float],
        kinds: SectorChoice | None,
    ) -> None:
        self.reading, self.linker, self.publisher, self.weights, self.kinds = reading, linker, publisher, weights, kinds
        self._places = places

    @cached_property
    def spoken(self) -> list[Spoken]:
        """All words that refer to a state, in order."""
        found: dict[tuple[int, str], Spoken] = {}
        words = self.reading.words

        def add(word: int, country: str | None, kind: str) -> None:
            if country and len(country) == 3:
                found.setdefault((word, country), Spoken(word, words[word].sentence, country, kind))

        for at, country in self.linker.mentioned_states:
            add(at, country, "state")
        persons = {w for m in self.reading.mentions if m.type == "person" for w in range(m.start, m.end)}
        for place in self._places:
            if place.start is None or place.end is None:
                continue
            for at in self.reading.words_in(place.start, place.end)[:1]:
                if at not in persons and not self.linker.in_own_name(at):  # a first name may also be a town
                    add(at, place.country, "place")
        for head in {m.head for m in self.reading.mentions if m.type in ("person", "organization")}:
            if words[head].upos != "PRON" and (party := self.linker.at(head)) is not None:
                add(head, party.country, "party")
        return sorted(found.values())

    @cached_property
    def candidates(self) -> list[str]:
        """The states that the article refers to, the most often named first, and the publisher's."""
        counts = Counter(s.country for s in self.spoken)
        if self.publisher:
            counts[self.publisher] += 0
        return [c for c, _ in sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:STATES]]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(s.country for s in self.spoken)

    @cached_property
    def _by_country(self) -> dict[str, list[Spoken]]:
        found: dict[str, list[Spoken]] = {}
        for s in self.spoken:
            found.setdefault(s.country, []).append(s)
        return found

    def _beside(self, head: int) -> tuple[Spoken | None, Spoken | None]:
        """The last word for a state before a phrase, in its sentence or the one before, and the first one after it in
        its own sentence.
        """
        sentence = self.reading.words[head].sentence
        at = bisect_left(self.spoken, (head,))
        before = self.spoken[at - 1] if at else None
        while at < len(self.spoken) and self.spoken[at].word == head:
            at += 1
        after = self.spoken[at] if at < len(self.spoken) else None
        return (
            before if before is not None and before.sentence >= sentence - 1 else None,
            after if after is not None and after.sentence == sentence else None,
        )

    @cached_property
    def _nouns(self) -> dict[str, set[str]]:
        """For each noun, the states that the article names with it elsewhere: "Kenyan soldiers", then "soldiers"."""
        found: dict[str, set[str]] = {}
        for m in self.reading.mentions:
            word = self.reading.words[m.head]
            if word.upos == "NOUN" and (party := self.linker.at(m.head)) is not None and party.country:
                found.setdefault(word.lemma.lower(), set()).add(party.country)
        return found

    @cached_property
    def _chains(self) -> dict[int, set[str]]:
        """For each entity, the states of its mentions."""
        found: dict[int, set[str]] = {}
        for m in self.reading.mentions:
            party = self.linker.at(m.head)
            if party is not None and party.country:
                found.setdefault(m.entity, set()).add(party.country)
        return found

    @cached_property
    def _entity_of(self) -> dict[int, int]:
        return {m.head: m.entity for m in self.reading.mentions}

    @cached_property
    def _kind_of(self) -> dict[int, str]:
        return {m.head: m.type for m in self.reading.mentions}

    def belief(self, head: int, party: PartyMention | None) -> list[tuple[str | None, float]]:
        """Returns the probability that the phrase belongs to each candidate state or to none, the likeliest first. The
        probabilities sum to 1.
        """
        names: list[str | None] = [*self.candidates, None]
        scores = [self._score(self.features(head, party, c)) for c in names]
        top = max(scores)
        shares = [exp(s - top) for s in scores]
        total = sum(shares)
        return sorted(zip(names, (s / total for s in shares)), key=lambda b: (-b[1], b[0] or "~"))

    def reasons(self, head: int, party: PartyMention | None, country: str | None) -> tuple[str, ...]:
        """Returns the names of the features that raise the score of a state (`None`: no state), the strongest first."""
        features = self.features(head, party, country)
        moved = sorted((-self.weights.get(name, 0.0) * value, name) for name, value in features.items())
        return tuple(name for value, name in moved if value < 0)

    def _score(self, features: Mapping[str, float]) -> float:
        return sum(self.weights.get(name, 0.0) * value for name, value in features.items())

    def _category(self, head: int, party: PartyMention | None) -> str:
        word = self.reading.words[head]
        if word.upos == "PRON":
            return "pronoun"
        if word.upos == "PROPN":
            return f"name of a {self._kind_of.get(head, 'thing')}"
        sector = party.sector if party else None
        if sector in _ORGANS:
            return "organ"
        return "armed" if sector in _ARMED else "people" if sector else "noun"

    def features(self, head: int, party: PartyMention | None, country: str | None) -> dict[str, float]:
        """Returns the features of a phrase with a candidate state (`None`: no state)."""
        category = self._category(head, party)
        if country is None:
            return {
                "none": 1.0,
                f"none: {category}": 1.0,
                f"none: {self._kind_of.get(head, 'no mention')}": 1.0,
                f"none: {party.sector if party else 'unknown'}": 1.0,
                "none: few states": float(len(self.candidates) < 2),
                "none: plural": float(self.reading.words[head].has("Number=Plur")),
            }
        sentence = self.reading.words[head].sentence
        mine = self._by_country.get(country, [])
        share = len(mine) / max(1, len(self.spoken))
        near = min((abs(s.sentence - sentence) for s in mine), default=99)
        before, after = self._beside(head)
        here = [s for s in mine if s.sentence == sentence]
        words = set(self.linker.phrase(head)) if here else set()
        over = self.reading.words[head].head
        found = {
            "share": share,
            "times": log1p(len(mine)),
            "most spoken of": float(country == self.candidates[0] and bool(mine)),
            "only one": float(len(self._counts) == 1),
            "same sentence": float(near == 0),
            "sentence beside": float(near == 1),
            "far": float(near > 3),
            "last before": float(before is not None and before.country == country),
            "first after": float(after is not None and after.country == country),
            "in the headline": float(any(s.sentence == 0 for s in mine)),
            "first of all": float(bool(self.spoken) and self.spoken[0].country == country),
            "within": float(any(s.word in words for s in here)),
            "hangs on it": float(any(self._hangs(s.word, head) for s in here)),
            "beside it": float(any(self.reading.words[s.word].head == over and s.kind != "place" for s in here)),
            "place beside it": float(any(self.reading.words[s.word].head == over and s.kind == "place" for s in here)),
            "place in the sentence": float(any(s.kind == "place" for s in here)),
            "same chain": float(country in self._chains.get(self._entity_of.get(head, -1), ())),
            "same noun": float(country in self._nouns.get(self.reading.words[head].lemma.lower(), ())),
            "publisher": float(country == self.publisher),
        }
        for name in ("share", "most spoken of", "same sentence", "last before", "beside it", "place in the sentence"):
            found[f"{name}: {category}"] = found[name]
        return found

    def _hangs(self, word: int, head: int) -> bool:
        """Whether a word belongs to a phrase: "protesters in Nairobi", "Nairobi police"."""
        for _ in range(3):
            if self.reading.words[word].rel not in _HANGS:
                return False
            word = self.reading.words[word].head
            if word == head:
                return True
        return False

    def unplaced(self, head: int, mention: PartyMention) -> bool:
        """Returns whether neither a table nor a word gives the state of a phrase. `False` for a party that the
        catalogue lists without a state: it has none.
        """
        return mention.country is None and not mention.id and not self.linker.bears_a_states_name(head)

    def completed(self, mention: PartyMention, head: int) -> PartyMention:
        """Returns a mention with its likeliest sector and, if it names no state, with one that is likely enough."""
        country = mention.country
        if self.unplaced(head, mention):
            likely, share = self.belief(head, mention)[0]
            country = likely if share >= SURE else None
        return replace(mention, country=country, sector=self._sector(mention, head))

    def _sector(self, mention: PartyMention, head: int) -> Sector | None:
        if self.kinds is None or self.linker.bears_a_states_name(head):
            return mention.sector
        likely, share = self.kinds.of(self.reading.states[head], self._sectors.of(head, mention))
        # A table's sector for that day stands: overruling it gains nothing on marked parties.
        known = mention.sector is not None and (mention.id or mention.office or mention.name or share < OVERRULES)
        return mention.sector if known else likely

    @cached_property
    def _sectors(self) -> SectorFeatures:
        return SectorFeatures(self.reading, self.linker)


def home_weights() -> dict[str, float]:
    """Returns the shipped weights by feature."""
    found: dict[str, float] = json.loads(Path(__file__).with_name("home.json").read_text("utf-8"))
    return found
