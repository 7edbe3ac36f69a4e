"""The parties that a phrase may mean: candidates from the catalogue with features, ranked by a conditional logit.

The weights (`candidates.json`) are learned from parties that were marked with their country and sector
(`training/heads/candidates.py`). "No known party" is always a candidate.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log1p
from pathlib import Path

from ..catalogue import Entry, fold, suggest
from ..schema import Party
from .resolver import Resolved, Resolver
from .titles import role_of

MOST = 24  # candidates ranked for one phrase
STATES = 8  # states of the text that are tried for a noun such as "police"
LONGEST = 300  # characters used of a phrase
CONTEXT = 20_000  # characters used of the text around it
CLOSE = 0.84  # least similarity for another spelling to be a candidate
_NAME = re.compile(r"[^\W\d_][\w.'’-]*")
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ][\w’'-]*(?: (?:(?:of|the|for|and|de|du|des|la) )*[A-ZÀ-Þ][\w’'-]*){1,7}")
_SMALL = frozenset("of the for and de du des la".split())
_TITLE_WORDS = re.compile(r"(?i)^(?:the|mr|mrs|ms|dr|sir|lord|gen|sen|rep|gov)\.?\s+")
_TOLD = {
    "name: exact": "bears this very name",
    "name: surname": "is known by this surname",
    "name: acronym": "goes by this acronym",
    "name: part": "is named in the phrase",
    "name: close": "is spelled nearly so",
    "name: resolved": "is what the words of the phrase say",
    "name: head": "is of the kind that the phrase names",
    "name: holder": "holds the office that the phrase names",
    "expanded": "the text spells the acronym out",
    "holds": "held an office on that day",
    "may hold": "may have held an office on that day: the tables know the term by year or month",
    "held": "had left office by that day",
    "later": "took office later",
    "title": "held the office that the phrase names",
    "in the phrase": "the phrase names the state",
    "spoken of": "the text speaks of the state",
    "most spoken of": "the text speaks most of the state",
    "needs its country": "the name is several parties' and needs its state beside it",
    "none": "nobody that the catalogue knows",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that a phrase may mean (`None`: no known party), with its probability and the reasons in words."""

    party: Party | None
    score: float
    reasons: tuple[str, ...]
    features: Mapping[str, float]

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form: the party's fields (null for no known party), probability and reasons."""
        party = self.party.to_dict() if self.party else None
        return {"party": party, "score": round(self.score, 4), "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Setting:
    """The context of a phrase: the day, the text around it, and how often that text names each state."""

    day: str | None
    text: str
    states: Counter[str]


class Candidates:
    """Finds and ranks candidates. Keeps nothing of any text."""

    def __init__(self, resolver: Resolver, weights: Mapping[str, float] | None = None) -> None:
        self.resolver, self.catalogue = resolver, resolver.catalogue
        self.weights = candidate_weights() if weights is None else weights

    def of(self, phrase: str, day: str | None, context: str = "") -> list[Candidate]:
        """Returns the candidates of a phrase on a day, the likeliest first; `context` is the text around it."""
        return self.ranked(phrase, self.setting(day, f"{phrase}\n{context}"))

    def setting(self, day: str | None, context: str) -> Setting:
        """Returns the setting that a text gives its phrases."""
        text = context[:CONTEXT]
        found: Counter[str] = Counter()
        for m in _NAME.finditer(text):
            if m[0][0].isupper():
                word = re.sub(r"['’]s?$", "", m[0])
                found.update({e.country: 1 for e in self.catalogue.named(word)[:1] if e.kind == "state" and e.country})
        return Setting(day, text, found)

    def ranked(self, phrase: str, setting: Setting, near: bool = True) -> list[Candidate]:
        """Returns the candidates of a phrase, the likeliest first. Their scores sum to 1. `near` also tries close
        spellings.
        """
        phrase = " ".join(phrase.split())[:LONGEST]
        found = self.features(phrase, setting, near)
        scores = [sum(self.weights.get(name, 0.0) * value for name, value in f.items()) for _, f in found]
        top = max(scores)
        shares = [exp(s - top) for s in scores]
        total = sum(shares)
        ranked = [
            Candidate(party, share / total, _reasons(features), features)
            for (party, features), share in zip(found, shares)
        ]
        return sorted(ranked, key=lambda c: (-c.score, c.party is None, str(c.party)))

    def features(self, phrase: str, setting: Setting, near: bool = True) -> list[tuple[Party | None, dict[str, float]]]:
        """Returns each candidate once, with its features; the last, `None`, is "no known party"."""
        found: dict[Party, dict[str, float]] = {}
        title = role_of(phrase)
        own = self.resolver.country_of(phrase)
        bearers = self._bearers(phrase, setting, near)

        def add(party: Party, how: str, entry: Entry | None) -> None:
            if len(found) < MOST or party in found:
                told = found.setdefault(party, self._common(party, entry, setting, title, own, len(bearers)))
                told[f"name: {how}"] = 1.0

        resolved = self.resolver.resolve(phrase, setting.day, setting.text)
        if resolved is not None:
            add(resolved.party, "resolved", resolved.entry)
        for entry, how in bearers:
            add(self.resolver.as_party(entry, setting.day), how, entry)
        if title and own and setting.day:
            for holder, _ in self.catalogue.holders(own, title[0], setting.day):
                add(self.resolver.as_party(holder, setting.day), "holder", holder)
        noun = self.catalogue.noun(_head(phrase))
        if noun is not None:
            for state in [own] if own else [c for c, _ in setting.states.most_common(STATES)]:
                add(Party(None, None, state, noun[0]), "head", None)
        nobody = {
            "none": 1.0,
            "none: few": float(len(bearers) < 2),
            "none: no bearer": float(not bearers),
            "none: noun": float(noun is not None),
            "none: title": float(title is not None),
            "none: words": log1p(len(phrase.split())),
        }
        return [*found.items(), (None, nobody)]

    def _bearers(self, phrase: str, setting: Setting, near: bool) -> list[tuple[Entry, str]]:
        """The catalogue entries that a phrase names, each with the kind of match."""
        bare = _TITLE_WORDS.sub("", re.sub(r"['’]s?$", "", phrase.strip(" \"'“”‘’.,")))
        found: dict[int, tuple[Entry, str]] = {}

        def add(entries: tuple[Entry, ...], how: str) -> None:
            for e in entries:
                found.setdefault(e.key, (e, e.alias if e.alias in ("surname", "acronym") else how))

        add(self.catalogue.bearers(fold(bare)), "exact")
        words = [w for w in _NAME.findall(bare) if w[0].isupper()]
        if len(words) > 1 and not found:
            for size in range(min(5, len(words)), 0, -1):
                add(self.catalogue.bearers(fold(" ".join(words[-size:]))), "part")
                if found:
                    break
        if bare.isupper() and 2 < len(bare) < 9:
            for name in self._expansions(bare, setting.text):
                for entry in self.catalogue.bearers(fold(name)):
                    found[entry.key] = (entry, "acronym")
        if near and not found and words and len(bare.split()) <= 5:
            for s in suggest(bare):
                if s.likeness >= CLOSE:
                    same = [e for e in self.catalogue.bearers(fold(s.name)) if e.country == s.country]
                    add(tuple(same[:1]), "close")
        return list(found.values())[:MOST]

    @staticmethod
    def _expansions(acronym: str, text: str) -> list[str]:
        """Names in a text that an acronym abbreviates: the initials of their words spell it."""
        found = []
        for m in _CAPITALS.finditer(text):
            words = m[0].split(" ")
            for start in range(len(words)):
                letters = "".join(w[0] for w in words[start:] if w.lower() not in _SMALL)
                if letters.upper() == acronym:
                    found.append(" ".join(words[start:]))
        return found[:3]

    def _common(
        self,
        party: Party,
        entry: Entry | None,
        setting: Setting,
        title: tuple[str, int, int] | None,
        own: str | None,
        bearers: int,
    ) -> dict[str, float]:
        country = party.country or ""
        spoken = setting.states[country]
        most = setting.states.most_common(1)
        found = {
            "spoken of": float(spoken > 0),
            "share": spoken / max(1, setting.states.total()),
            "most spoken of": float(bool(most) and most[0][0] == country),
            "not spoken of": float(bool(setting.states) and not spoken),
            "in the phrase": float(own is not None and own == country),
            "against the phrase": float(own is not None and bool(country) and own != country),
            "no country": float(not country),
            "bearers": log1p(bearers),
        }
        if entry is not None:
            found[f"kind: {entry.kind}"] = 1.0
            found["our own tables"] = float(entry.key <= self.catalogue.core)
            found["needs its country"] = float(entry.placed)
            found["needs its country, and has it"] = float(entry.placed and spoken > 0)
            if entry.kind == "person":
                found |= self._office(entry, setting.day, title)
        return found

    def _office(self, entry: Entry, day: str | None, title: tuple[str, int, int] | None) -> dict[str, float]:
        """Features from a person's terms of office."""
        terms = self.catalogue.terms(entry.key)
        roles = {t.role for t in terms if t.role}
        found = {
            "no terms": float(not terms),
            "high office": float(bool(roles & {"head of state", "head of government", "leader", "foreign minister"})),
            "title": float(
                title is not None and (title[0] in roles or title[0].startswith("head") and "leader" in roles)
            ),
            "day unknown": float(day is None),
        }
        if day is not None and terms:
            holds = any(t.holds(day) for t in terms)
            found["holds"] = float(holds)
            found["may hold"] = float(not holds and any(t.may_hold(day) for t in terms))
            found["held"] = float(all(t.before(day) for t in terms))
            found["later"] = float(all(t.after(day) for t in terms))
        return found


def _head(phrase: str) -> str:
    words = re.split(r"\s(?:of|in|from|at|for|with|to|on|who|that)\s", phrase)[0].split()
    return words[-1] if words else ""


def _reasons(features: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(told for name, told in _TOLD.items() if features.get(name))


@cache
def candidate_weights() -> dict[str, float]:
    """Returns the shipped weights by feature."""
    found: dict[str, float] = json.loads(Path(__file__).with_name("candidates.json").read_text("utf-8"))
    return found


def chosen(ranked: list[Candidate], sure: float) -> Resolved | None:
    """Returns the likeliest party if its score is at least `sure`; else an unnamed party with the country and sector of
    the candidates that together score so much; else `None`.
    """
    best = ranked[0]
    if best.party is not None and best.score >= sure:
        return Resolved(best.party)
    shares: Counter[tuple[str | None, str | None]] = Counter()
    for c in ranked:
        if c.party is not None and c.party.country:
            shares[c.party.country, c.party.sector] += c.score  # type: ignore[assignment]
    if shares:
        (country, sector), share = shares.most_common(1)[0]
        if share >= sure:
            return Resolved(Party(None, None, country, sector))  # type: ignore[arg-type]
    return None
