"""The sector of a party: a learned choice. Its input: the sector by the catalogue and the nouns, the words of the
phrase, other mentions of the same party, and the encoder's state of the head word.

The weights are in `parties.npz` of each model; `training/heads/home.py` learns them from marked parties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..reading import Reading
from ..reading.reading import Chunk
from ..schema import PartyMention, Sector
from .linker import Linker

SECTORS: tuple[Sector | None, ...] = (
    None, "GOV", "MIL", "COP", "JUD", "LEG", "PTY", "SPY", "PRM", "REB", "UAF", "UNK", "AGR", "BUS", "CRM", "CVL",
    "EDU", "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC",
)  # fmt: skip
PHRASE_WORDS = 12  # words used of a phrase
ALIKE = 12  # other mentions used of a party
_CONTENT = frozenset(("NOUN", "ADJ", "VERB"))
_PARTS = frozenset(("amod", "compound", "nmod", "nmod:poss"))  # relations of a phrase inside another phrase
_PEOPLE = frozenset(("person", "organization", "place"))
_CLAUSE = frozenset(("nsubj", "obj", "obl", "nsubj:pass", "obl:agent"))


class SectorFeatures:
    """Features for the sector of each phrase of one reading."""

    def __init__(self, reading: Reading, linker: Linker) -> None:
        self.reading, self.linker = reading, linker

    def of(self, head: int, party: PartyMention | None) -> list[str]:
        """Returns the names of the features that are 1 for a phrase; `party` is the linker's answer for it."""
        word = self.reading.words[head]
        rule = str(party.sector) if party else "no party"
        rel = word.rel if word.rel == "nmod:poss" else word.relation
        kind = self._kind_of.get(head, "no mention")
        how = self._how(party)
        found = [
            f"rule {rule}",
            f"how {how}",
            f"rule {rule}, {how}",
            f"rule {rule}, {rel}",
            f"rule {rule}, {word.upos}",
            f"{kind}, {word.upos}",
            f"rule {rule}, {kind}",
            f"relation {rel}",
            f"plural {word.has('Number=Plur')}",
        ]
        if party and party.country and party.country not in self.linker.resolver.catalogue.states:
            found.append(f"body {party.country}")
        if word.upos == "NOUN":
            found.append(f"head {word.lemma.lower()}")
        over = self.reading.words[word.head]
        if rel in _PARTS:
            found.append(f"part of {over.lemma.lower()}")
        elif word.rel in _CLAUSE:
            found.append(f"{rel} of {over.lemma.lower()}")
        found += [f"after {w}" for w in sorted(self.reading.markers(head))]
        found += [f"within {w}" for w in self._content(head)]
        return found + self._elsewhere(head) + self._around

    def _how(self, party: PartyMention | None) -> str:
        """How the linker found a party: as a state, as the holder of an office, as another catalogue entry, by name, or
        by a noun of its kind.
        """
        if party is None:
            return "unknown"
        if party.office:
            return "office"
        if party.id:
            return "state" if party.id in self._states else "catalogue"
        return "named" if party.name else "kind"

    @cached_property
    def _states(self) -> frozenset[str | None]:
        return frozenset(e.wikidata for e in self.linker.resolver.catalogue.states.values())

    @cached_property
    def _kind_of(self) -> dict[int, str]:
        return {m.head: m.type for m in self.reading.mentions}

    def _content(self, head: int) -> list[str]:
        """The nouns, adjectives and participles of a phrase without its head, in order, each once."""
        words = self.reading.words
        inside = [words[i] for i in self.linker.phrase(head)[:PHRASE_WORDS] if i != head]
        return list(dict.fromkeys(w.lemma.lower() for w in inside if w.upos in _CONTENT))

    @cached_property
    def _mentions(self) -> list[Chunk]:
        return [m for m in self.reading.mentions if m.type in _PEOPLE]

    @cached_property
    def _alike(self) -> dict[int, list[int]]:
        """For each mention's head, the heads of mentions of the same entity or with the same name."""
        words = self.reading.words
        chains: dict[object, list[int]] = {}
        keys: dict[int, list[object]] = {}
        for m in self._mentions:
            keys[m.head] = [m.entity, *([words[m.head].text] if words[m.head].upos == "PROPN" else [])]
            for key in keys[m.head]:
                chains.setdefault(key, []).append(m.head)
        return {h: sorted({o for k in some for o in chains[k][:ALIKE]} - {h})[:ALIKE] for h, some in keys.items()}

    def _elsewhere(self, head: int) -> list[str]:
        """Features from other mentions of the party: their sectors and nouns."""
        found: dict[str, None] = {}
        for other in self._alike.get(head, ()):
            word = self.reading.words[other]
            party = self.linker.at(other) if word.upos != "PRON" else None
            if party and party.sector:
                found[f"elsewhere rule {party.sector}"] = None
            if word.upos == "NOUN":
                found[f"elsewhere {word.lemma.lower()}"] = None
            found.update(dict.fromkeys(f"elsewhere {w}" for w in self._content(other)))
        return list(found)

    @cached_property
    def _around(self) -> list[str]:
        """The sectors that at least two phrases of the article have."""
        heads = {m.head for m in self._mentions if self.reading.words[m.head].upos != "PRON"}
        counts = Counter(p.sector for h in sorted(heads) if (p := self.linker.at(h)) is not None)
        return [f"article with {s}" for s, n in sorted(counts.items(), key=str) if s and n > 1]


class SectorChoice:
    """Weights of the choice: `states` `(sectors, size)` for the state of a word, `table` `(features, sectors)` for the
    named features.
    """

    def __init__(
        self,
        states: NDArray[np.float32],
        bias: NDArray[np.float32],
        names: Sequence[str] = (),
        table: NDArray[np.float32] | None = None,
    ) -> None:
        self.states, self.bias = states, bias
        self.rows = {name: n for n, name in enumerate(names)}
        self.table = np.zeros((0, len(bias)), np.float32) if table is None else table

    @classmethod
    def load(cls, folder: Path) -> SectorChoice | None:
        """Reads `parties.npz` from a folder of exported weights; `None` if there is none."""
        path = folder / "parties.npz"
        if not path.exists():
            return None
        with np.load(path) as kept:
            states, bias, table = (kept[k].astype(np.float32) for k in ("states", "bias", "table"))
            return cls(states, bias, str(kept["names"]).split("\n"), table)

    def of(self, state: NDArray[np.float32], features: Sequence[str]) -> tuple[Sector | None, float]:
        """Returns the likeliest sector (`None`: a party without a sector) and its probability."""
        rows = [self.rows[f] for f in features if f in self.rows]
        scores = self.states @ state + self.table[rows].sum(0) + self.bias
        shares = np.exp(scores - scores.max())
        best = int(shares.argmax())
        return SECTORS[best], float(shares[best] / shares.sum())
