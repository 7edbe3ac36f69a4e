"""Of which sector a party is: a learned choice over what the catalogue and the nouns say, the words of the phrase, what
else the article says of the same party, and the encoder's state of the head word.

The weights lie in `parties.npz` of each model; `training/heads/home.py` learns them from marked parties.
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
PHRASE_WORDS = 12  # words of a phrase that are looked at
ALIKE = 12  # other mentions of a party that are looked at
_CONTENT = frozenset(("NOUN", "ADJ", "VERB"))
_PARTS = frozenset(("amod", "compound", "nmod", "nmod:poss"))  # relations of a phrase that is part of another
_PEOPLE = frozenset(("person", "organization", "place"))
_CLAUSE = frozenset(("nsubj", "obj", "obl", "nsubj:pass", "obl:agent"))


class SectorFeatures:
    """What speaks for the sector of each phrase of one reading."""

    def __init__(self, reading: Reading, linker: Linker) -> None:
        self.reading, self.linker = reading, linker

    def of(self, head: int, party: PartyMention | None) -> list[str]:
        """The features of a phrase whose party the linker gives; each is 1 where it is named."""
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
        """How the linker found a party: as a state, somebody in office, another of the catalogue, by name, or as one of
        a kind.
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
        """The nouns, adjectives and participles of a phrase but its head, in order, each once."""
        words = self.reading.words
        inside = [words[i] for i in self.linker.phrase(head)[:PHRASE_WORDS] if i != head]
        return list(dict.fromkeys(w.lemma.lower() for w in inside if w.upos in _CONTENT))

    @cached_property
    def _mentions(self) -> list[Chunk]:
        return [m for m in self.reading.mentions if m.type in _PEOPLE]

    @cached_property
    def _alike(self) -> dict[int, list[int]]:
        """Of each mention's head the heads of mentions of the same party: of the same entity, or of the same name."""
        words = self.reading.words
        chains: dict[object, list[int]] = {}
        keys: dict[int, list[object]] = {}
        for m in self._mentions:
            keys[m.head] = [m.entity, *([words[m.head].text] if words[m.head].upos == "PROPN" else [])]
            for key in keys[m.head]:
                chains.setdefault(key, []).append(m.head)
        return {h: sorted({o for k in some for o in chains[k][:ALIKE]} - {h})[:ALIKE] for h, some in keys.items()}

    def _elsewhere(self, head: int) -> list[str]:
        """What other mentions of the party say: their sectors and nouns."""
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
        """The sectors that the article's parties are of, where it speaks of them at least twice."""
        heads = {m.head for m in self._mentions if self.reading.words[m.head].upos != "PRON"}
        counts = Counter(p.sector for h in sorted(heads) if (p := self.linker.at(h)) is not None)
        return [f"article with {s}" for s, n in sorted(counts.items(), key=str) if s and n > 1]


class SectorChoice:
    """Weights of the choice: `states` `(sectors, size)` for a word's state, `table` `(features, sectors)` for what
    speaks for a sector.
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
        """Reads `parties.npz` of a folder of exported weights, where there is one."""
        path = folder / "parties.npz"
        if not path.exists():
            return None
        with np.load(path) as kept:
            states, bias, table = (kept[k].astype(np.float32) for k in ("states", "bias", "table"))
            return cls(states, bias, str(kept["names"]).split("\n"), table)

    def of(self, state: NDArray[np.float32], features: Sequence[str]) -> tuple[Sector | None, float]:
        """The likeliest sector, `None` for a party without one, and how likely it is."""
        rows = [self.rows[f] for f in features if f in self.rows]
        scores = self.states @ state + self.table[rows].sum(0) + self.bias
        shares = np.exp(scores - scores.max())
        best = int(shares.argmax())
        return SECTORS[best], float(shares[best] / shares.sum())
