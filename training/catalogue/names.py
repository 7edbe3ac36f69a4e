"""Decides which names identify a body alone, and which only together with their country."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from communique.catalogue import Gazetteer, fold
from communique.parties.titles import role_of

VOCABULARY = Path("src/communique/reading/model/tokenizer.json")
TOWN = 15_000  # inhabitants; a body with the name of a place this large needs its country
_ACRONYM = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Z0-9&./()-]{2,9}s?$")
_SMALL = frozenset("of the and for in de del la le les des du et von und der die das y e da do a on to".split())


class Names:
    """Decides by the words in the names of all tables. A name needs its country from the text if it consists of common
    words, belongs to bodies of several states, is an acronym or is also a place name.
    """

    def __init__(self, generic: set[str], shared: Counter[str], states: set[str]) -> None:
        vocabulary: dict[str, int] = json.loads(VOCABULARY.read_text("utf-8"))["model"]["vocab"]
        self._common = {w for w in vocabulary if w.isalpha() and len(w) > 1}
        self._generic, self._shared, self._states = generic, shared, states
        self._gazetteer = Gazetteer()

    def kind(self, name: str) -> tuple[str, bool] | None:
        """Returns the kind of a body's name ("name" or "acronym") and whether it needs its country; `None` for a name
        that is too ambiguous.
        """
        folded = fold(name).removeprefix("the ")
        words = folded.split()
        whole_state = "government" in (*words[:1], *words[-1:])  # the state itself, not one of its bodies
        if not words or whole_state or folded in self._states or len(folded) < 3:
            return None
        if _ACRONYM.match(name) and len(words) == 1:
            return "acronym", True
        if len(words) == 1 and (folded in self._common or len(folded) < 5 or not name[:1].isupper()):
            return None
        if role_of(name) or all(w in self._generic or w in _SMALL or w.isdigit() for w in words):
            return "name", True
        return "name", self._shared[folded] > 1 or self._place(folded) or len(words) == 1 and len(folded) < 6

    def _place(self, folded: str) -> bool:
        return any(p.kind in ("country", "admin1") or p.population >= TOWN for p in self._gazetteer.named(folded))
