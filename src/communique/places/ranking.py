"""Resolves a place name that several places share, with a small learned ranking by the rest of the text."""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..catalogue import Catalogue, PlaceEntry, fold
from .names import Name

Floats = NDArray[np.float64]
KINDS = ("country", "admin1", "admin2", "town", "feature")
FEATURES = (
    "people",
    "country",
    "admin1",
    "admin2",
    "town",
    "feature",
    "main name",
    "most people",
    "told inside",
    "told elsewhere",
    "country told",
    "only its country told",
    "publisher's",
    "same division as others",
    "same country as others",
    "near others",
    "spelt so",
)
_MOST = 40  # most candidates for one name
_AFTER = re.compile(
    r"^(?:,|\s\(|,?\sin|,?\snear| County,| county,)\s*(?:the\s)?(?:[a-z]+\s)?"
    r"((?:[A-Z][\w’'-]*\.?|[A-Z]\.(?:[A-Z]\.)+)(?:\s(?:of\s(?:the\s)?)?[A-Z][\w’'-]*)*)"
)
_BEFORE = re.compile(
    r"(?<![\w’'-])([A-Z][\w’'-]{1,30}(?:\s[A-Z][\w’'-]{1,30}){0,8}?)(?:['’]s?)?\s(?:[a-z-]+\s){0,3}(?:of\s)?$"
)
_WEIGHTS = Path(__file__).with_name("weights.json")


@cache
def weights() -> tuple[Floats, float]:
    """Returns the learned weights of `FEATURES`, and the score of "none of them"."""
    kept = json.loads(_WEIGHTS.read_text("utf-8"))
    return np.array([kept["weights"][name] for name in FEATURES]), float(kept["none"])


def kilometres(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Returns the great-circle distance of points in degrees."""
    a, b, c, d = map(np.radians, (lat1, lon1, lat2, lon2))
    found: Floats = 12742 * np.arcsin(
        np.sqrt(np.clip(np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2, 0, 1))
    )
    return found


def _prior(entry: PlaceEntry) -> float:
    size = 6.0 if entry.kind == "feature" else math.log10(entry.population + 10)
    return (
        1.2 * size
        + {"country": 5.0, "admin1": 1.0, "admin2": -1.5, "feature": 1.0}.get(entry.kind, 0.0)
        + (0.0 if entry.main else -1.5)
    )


class Text:
    """The names of one text with the places that each may mean, and the evidence of the text for and against them."""

    def __init__(
        self, text: str, names: list[Name], catalogue: Catalogue, states: Counter[str], home: str | None
    ) -> None:
        self.catalogue, self.home = catalogue, home
        self.keys = sorted({self.key(n) for n in names})
        forms: dict[str, str] = {}
        spots: dict[str, list[Name]] = defaultdict(list)
        for n in names:
            forms.setdefault(self.key(n), n.text)
            spots[self.key(n)].append(n)
        self.forms = forms
        self.states = Counter(states)
        for n in names:  # "Georgia" does not say which
            entries = catalogue.gazetteer.named(n.text)
            if (
                entries
                and entries[0].kind == "country"
                and any(e.kind == "admin1" and e.country != entries[0].country for e in entries)
            ):
                self.states[entries[0].country] -= 1
        self.states = +self.states
        self.candidates = [list(catalogue.gazetteer.named(forms[k])[:_MOST]) for k in self.keys]
        self.told = [self._told(text, spots[k]) for k in self.keys]
        self._features = [self._alone(i) for i in range(len(self.keys))]
        self._context()

    @staticmethod
    def key(name: Name) -> str:
        """Returns a key shared by all mentions of one name, since they mean one place."""
        return fold(name.text)

    def _told(self, text: str, names: list[Name]) -> set[tuple[str, str | None]]:
        """Returns the regions that the text itself puts a name in: "Paris, Texas", "Turkey's Hatay", "the Syrian town
        of".
        """
        found: set[tuple[str, str | None]] = set()
        for n in names:
            if after := _AFTER.match(text[n.end : n.end + 60]):
                words = after[1].split()
                for size in range(len(words), 0, -1):
                    if regions := self._regions(" ".join(words[:size])):
                        found |= regions
                        break
            if before := _BEFORE.search(text[max(0, n.start - 60) : n.start]):
                found |= {(c, None) for c in self._countries(before[1])}
        return found

    def _regions(self, name: str) -> set[tuple[str, str | None]]:
        entries = [e for e in self.catalogue.gazetteer.named(name) if e.kind in ("country", "admin1")]
        return {(e.country, e.admin1 if e.kind == "admin1" else None) for e in entries}

    def _countries(self, name: str) -> set[str]:
        return {e.country for e in self.catalogue.named(name) if e.kind == "state" and e.country}

    def _alone(self, i: int) -> Floats:
        entries, form = self.candidates[i], self.forms[self.keys[i]]
        x = np.zeros((len(entries), len(FEATURES)))
        if not entries:
            return x
        most = max((e.population for e in entries if e.kind == "town"), default=0)
        told = {e.country for e in entries if e.kind != "country" and self.states[e.country]}
        for row, e in zip(x, entries):
            row[0] = 6.0 if e.kind == "feature" else math.log10(e.population + 10)
            row[1 + KINDS.index(e.kind)] = 1
            row[6] = e.main
            row[7] = e.kind == "town" and e.population == most
            inside = [
                c == e.country and (d is None or d == e.admin1)
                for c, d in self.told[i]
                if not (e.kind == "country" or e.kind == "admin1" and d is not None)
            ]
            row[8], row[9] = any(inside), bool(inside) and not any(inside)
            row[10] = math.log1p(self.states[e.country]) if e.country else 0
            row[11] = bool(told) and told == {e.country}
            row[12] = self.home is not None and e.country == self.home
            row[16] = e.name == form
        return x

    def _context(self) -> None:
        """Fills in what the other names of the text say for each candidate, each weighted by its own probability."""
        flat = [(i, e) for i, entries in enumerate(self.candidates) for e in entries]
        if not flat:
            return
        owner = np.array([i for i, _ in flat])
        prior = np.array([_prior(e) for _, e in flat]) + 6 * np.concatenate([f[:, 8] for f in self._features if len(f)])
        chance = np.zeros(len(flat))
        for i in range(len(self.keys)):
            mine = owner == i
            if mine.any():
                scores = np.exp(prior[mine] - prior[mine].max())
                chance[mine] = scores / scores.sum()
        lat, lon = np.array([e.lat for _, e in flat]), np.array([e.lon for _, e in flat])
        country = np.array([e.country or f"?{n}" for n, (_, e) in enumerate(flat)])
        division = np.array([f"{e.country} {e.admin1}" if e.admin1 else f"?{n}" for n, (_, e) in enumerate(flat)])
        point = np.array([e.kind not in ("country", "feature") for _, e in flat])
        other = owner[:, None] != owner[None]
        near = (
            np.exp(-kilometres(lat[:, None], lon[:, None], lat[None], lon[None]) / 60)
            * other
            * point[:, None]
            * point[None]
        ) @ chance
        same_division = ((division[:, None] == division[None]) & other) @ chance
        same_country = ((country[:, None] == country[None]) & other) @ chance
        at = 0
        for f in self._features:
            part = slice(at, at + len(f))
            f[:, 13], f[:, 14], f[:, 15] = (
                np.log1p(same_division[part]),
                np.log1p(same_country[part]),
                np.log1p(near[part]),
            )
            at += len(f)

    def features(self, i: int) -> Floats:
        """Returns one row of `FEATURES` for each candidate of the i-th name."""
        return self._features[i]

    def best(self, i: int, sure: float) -> PlaceEntry | None:
        """Returns the place that the i-th name means, or `None` if none has a probability of at least `sure`."""
        if not self.candidates[i]:
            return None
        weight, none = weights()
        scores = np.append(self._features[i] @ weight, none)
        inside = self._features[i][:, 8] > 0
        if inside.any():  # "Moscow, Idaho" is no other Moscow
            scores[:-1][~inside] = -np.inf
        chance = np.exp(scores - scores.max())
        chance /= chance.sum()
        # Two records of one place (a town and the division named after it) count together.
        top = int(chance[:-1].argmax())
        entry = self.candidates[i][top]
        lat, lon = np.array([e.lat for e in self.candidates[i]]), np.array([e.lon for e in self.candidates[i]])
        together = chance[:-1][kilometres(np.array(entry.lat), np.array(entry.lon), lat, lon) < 100].sum()
        return entry if together >= sure else None
