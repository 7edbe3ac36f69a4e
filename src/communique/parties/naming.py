"""Decides what the name of a state means in its context: the state, part of a longer name, a town or a division of
another state, or a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from ..catalogue import Catalogue, Entry
from .titles import role_of

WATERS = re.compile(r" (?:Gulf|Sea|Ocean|[Pp]eninsula|Straits?)\b")  # "the Persian Gulf" is not Iran
_AMERICAS = re.compile(r"(?i)\b(?:north|south|latin|central)[ -]$")  # "South America" is not the United States
_WATERS_OF = re.compile(r"\b(?:Gulf|Sea|Straits?|Bay) of (?:the )?$")
_BEFORE = 40  # characters searched before a name: searching from the start of the text would be slow
_AFTER_COMMA = re.compile(r",\s+((?:[A-ZÀ-Þ][\w’'-]*\.?)(?:[ -][A-ZÀ-Þ][\w’'-]*\.?){0,2})")
_NAMES = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?")
_SAINT = re.compile(r"(?:Saint|San|St\.?) ")
_INSTITUTION = re.compile(r"(?:['’]s?)?(?: [A-ZÀ-Þ][\w’'-]+)+")  # the capitalised words that follow a state's name
_BEARS_A_SAINT = frozenset(("MED", "EDU", "REL"))
LARGE = 1_000_000  # least population of a division that texts name without its state
TOWN = 50_000  # least population of a town that counts as evidence for its state
LOOKED_AT = 400  # names of a text that are counted
# Words that follow the name of a division but not the name of a state.
_DIVISIONS_OWN = re.compile(
    r"(?:['’]s)? (?:Gov\b|Governor|Lt\. Gov|governor|[Ss]tate (?:[Ss]en|[Rr]ep|[Pp]olice|[Ll]awmaker|[Ll]egislat"
    r"|[Tt]rooper|[Aa]ttorney|[Ss]upreme|[Cc]apitol|[Hh]ouse|[Uu]niversity)|[Ll]egislature|Democrats?\b|Republicans?\b"
    r"|GOP\b|Secretary of State)"
)
STRONG = 3  # weight of such a word; a town's name counts 1
# Forms of address that stand before a surname alone; "Miss" also stands before states ("Miss Venezuela").
_ADDRESS = re.compile(r"(?:Mrs?|Ms|Mx|Dr)\.?$")


def addressed(word: str) -> bool:
    """Returns whether a word is a form of address, which stands before a surname."""
    return _ADDRESS.match(word) is not None


class Naming:
    """Decides what names of states mean, with the gazetteer. Keeps nothing of any text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def elsewhere(self, text: str, start: int, end: int) -> bool:
        """Returns whether the name of a state at these characters does not mean that state: it is part of the name of
        a sea, a continent, a saint's institution or another state, or names a town ("Moscow, Idaho").
        """
        name = text[start:end]
        if name == "Ireland" and text.endswith("northern ", 0, start):
            return True
        before = max(0, start - _BEFORE)
        return bool(
            self.saint(text, start, end)
            or WATERS.match(text, end)
            or _WATERS_OF.search(text, before, start)
            or name.startswith("America")
            and _AMERICAS.search(text, before, start)
            or self.town(text, start, end)
        )

    def saint(self, text: str, start: int, end: int) -> bool:
        """Returns whether the name of a state is here the saint's name of a hospital, school or church: "St. Lucia's
        Hospital".
        """
        if _SAINT.match(text, start, end) is None:
            return False
        after = _INSTITUTION.match(text, end, end + _BEFORE)
        words = after[0].split() if after else []
        return any((found := self.catalogue.noun(w)) is not None and found[0] in _BEARS_A_SAINT for w in words)

    def town(self, text: str, start: int, end: int) -> str | None:
        """Returns the state of a town that is named with its division or state: "Paris, Texas", "London, Ont."."""
        after = _AFTER_COMMA.match(text, end, end + 60)
        if after is None:
            return None
        words = after[1].split(" ")
        for size in range(len(words), 0, -1):
            # The dot of "Mo." may also be the end of the sentence.
            wheres = [
                w for w in self.catalogue.gazetteer.named(" ".join(words[:size])) if w.kind in ("admin1", "country")
            ]
            for where in wheres:
                division = where.admin1 if where.kind == "admin1" else None
                for p in self.catalogue.gazetteer.named(text[start:end]):
                    if p.kind == "town" and p.country == where.country and division in (None, p.admin1):
                        return None if self._is_state(text[start:end], where.country) else where.country
        return None

    def _is_state(self, name: str, country: str) -> bool:
        return any(e.kind == "state" and e.country == country for e in self.catalogue.named(name))

    @cached_property
    def _divisions(self) -> dict[str, tuple[str, str]]:
        """Names shared by a state and a large division of another state, with the codes of both states."""
        found = {}
        for code, entry in self.catalogue.states.items():
            for place in self.catalogue.gazetteer.named(entry.name):
                division = place.kind == "admin1" and place.name == entry.name and place.population >= LARGE
                if division and place.country != code:
                    found[entry.name] = code, place.country
        return found

    def renamed(self, text: str) -> dict[str, tuple[str, str]]:
        """Returns the names of states that mean a division of another state in this text. For each name: the state
        that it does not mean, and the state in which the division lies.
        """
        found = {}
        for name, (state, other) in self._divisions.items():
            if name in text and self._division_wins(text, name, state, other):
                found[name] = state, other
        return found

    def _division_wins(self, text: str, name: str, state: str, other: str) -> bool:
        for_division = sum(STRONG for m in re.finditer(re.escape(name), text) if _DIVISIONS_OWN.match(text, m.end()))
        for_state = 0
        for piece in self._pieces(text):
            if piece == name:
                continue
            entries = [e for e in self.catalogue.named(piece) if e.kind == "state"]
            if entries:
                for_state += 2 * (entries[0].country == state)
                for_division += entries[0].country == other
                continue
            places = [p for p in self.catalogue.gazetteer.named(piece) if p.main][:1]
            for p in places:
                if p.kind == "town" and p.population >= TOWN or p.kind == "admin1":
                    for_division += p.country == other and (p.admin1 == name or p.kind == "admin1")
                    for_state += p.country == state
        return for_division > for_state

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        pieces: dict[str, None] = {}
        for m in _NAMES.finditer(text):
            whole = re.sub(r"['’]s?$", "", m[0])
            pieces.update(dict.fromkeys([whole, *whole.split(" ")]))
            if len(pieces) > LOOKED_AT:
                break
        return pieces

    def own_name(self, words: list[str], at: int, entry: Entry) -> bool:
        """Returns whether the state's name at index `at` of `words` is a person's first name or surname: "Jordan
        Whitcombe", "Chelsea Mali", but not "Georgia Gov. Alan Pruett".
        """
        if entry.alias == "demonym" or len(words) < 2:
            return False
        beside = words[at + 1] if at + 1 < len(words) else words[at - 1]
        return (
            beside[:1].isupper()
            and beside[1:2].islower()
            and not beside.endswith(".")
            and not any(map(self._told, words[:at] + words[at + 1 :]))
        )

    def _told(self, word: str) -> bool:
        """Whether a word is not a name but a title, a kind of people or a state."""
        return (
            self.catalogue.noun(word) is not None
            or role_of(word) is not None
            or any(e.kind == "state" for e in self.catalogue.named(word))
        )
