"""A phrase to the party it means on a day, with the catalogue alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..catalogue import Catalogue, Entry, Term, fold
from ..schema import Party, Sector
from .titles import FORMER, NOT_HOLDERS, THEN, role_of

_EDGE = re.compile(r"^[\s\"'“”‘’(\[,;:–—-]+|[\s\"'“”‘’)\],;:.–—-]+$")
_ARTICLE = re.compile(r"(?i)^(?:the|a|an|both|all|some|several|many|most|other|two|three|four|five|six|seven|eight|nine|ten|dozens of|hundreds of|thousands of|top|senior|its|his|her|their|our|unidentified|unnamed|\d[\d,.]*)\s+")
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_WORD = re.compile(r"[^\W_][\w.'’-]*")
_LOWER_NAMES = frozenset(["de", "da", "do", "dos", "del", "della", "di", "van", "der", "den", "von", "bin", "ibn", "al", "el", "la", "le", "ben", "of", "the", "and"])
_GOVERNMENT = re.compile(r"(?i)^(?:government|administration|authorities|regime|state|leadership|ministry|cabinet|delegation|side)$")
_HONORIFIC = re.compile(r"(?i)^(?:mr|mrs|ms|dr|sir|lord|lady|gen|general|col|colonel|lt|maj|major|capt|captain|adm|admiral|sen|senator|rep|gov|governor|prof|professor|sheikh|king|queen|prince|princess|pope|president|chancellor|premier|minister|secretary|ayatollah|comrade|judge|justice|marshal|ambassador|envoy|chairman|spokesman|spokeswoman|lawmaker|analyst|activist)\.?$")


@dataclass(frozen=True)
class Resolved:
    """A party with what is known of how it was found: by a name of its own, or as one of a kind."""

    party: Party
    entry: Entry | None = None


class Resolver:
    """Resolves phrases with a catalogue; holds nothing of any text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def resolve(self, phrase: str, on: str | None = None, context: str = "", near: str | None = None) -> Resolved | None:
        """The party a phrase means on a day (YYYY-MM-DD), or `None`.

        `context` is text around the phrase in which a country may be named; `near` the country that the text speaks of.
        A bare surname that several hold, or a name nobody knows, is `None`.
        """
        text = _EDGE.sub("", " ".join(phrase.split()))
        if not text or len(text) > 300:
            return None
        # "A, B": the apposition helps, the first part names.
        whole = text
        head, _, rest = text.partition(", ")
        if rest and len(head.split()) <= 12:
            text = head
        found = self._exact(text, on)
        if found:
            return found
        former = FORMER.search(text) is not None
        core = _strip(text)
        found = self._exact(core, on)
        if found and not former:
            return found
        # "director of X at Y's institute", "president of Brazil": the country may stand after the head.
        country = self._country(core) or self._country(rest) or self._country(context, strict=True) or near
        person = self._person(core, on, self._country(core), former)
        if person:
            return person
        ending = self._ends_with(core)
        if ending and not former and not core.islower():
            return Resolved(self._as_party(ending, on), ending)
        administration = re.match(r"(.+?)(?:['’]s?)? (?:administration|government|regime|cabinet)$", core)
        if administration:
            leader = self._leader(administration[1], on)
            if leader and leader.party.country:
                return self.state(leader.party.country)
        title = role_of(core)
        named = self._capitalised(core, title)
        own = self._country(core) or self._country(rest)
        if title and not named and not former:
            holder = self._holder(core, title, own or country, on)
            if holder:
                return holder
        noun = self._noun(core)
        if noun is None and named:
            return self._stranger(core, rest, whole, named, title, own, former)
        if noun is None:
            entry = self._country_entry(core)
            return Resolved(Party(None, None, entry.country, entry.sector if entry.kind != "state" else "CVL")) if entry and _demonym_only(core) else None
        sector, lone = noun
        if former:
            sector = "ELI"
        organisation = self._organisation(core)
        if organisation:
            code = organisation.country
            return Resolved(Party(None, None, code, sector if sector not in ("GOV",) else organisation.sector))
        if named and not lone:
            return self._stranger(core, rest, whole, named, title, own, former)
        state = self.catalogue.states.get(own) if own else None
        if state and _GOVERNMENT.match(core.split()[-1]) and len(core.split()) <= 4 and sector == "GOV" and core.split()[-1].lower() in ("government", "authorities", "regime", "state", "leadership", "side", "administration"):
            return Resolved(Party(state.name, state.wikidata, state.country, "GOV"), state)
        return Resolved(Party(None, None, own or (near if sector in ("GOV", "MIL", "COP", "LEG", "SPY", "JUD") else None), sector))

    def state(self, code: str) -> Resolved | None:
        """The state of a country code as a party."""
        entry = self.catalogue.states.get(code)
        return Resolved(Party(entry.name, entry.wikidata, entry.country, "GOV"), entry) if entry else None

    def _exact(self, text: str, on: str | None) -> Resolved | None:
        for form in (text, re.sub(r"(?i)^the\s+", "", text), re.sub(r"['’]s?$", "", text)):
            for entry in self.catalogue.named(form):
                if entry.alias == "demonym":
                    continue
                if entry.kind == "organisation" and not _case_fits(form, entry):
                    continue
                if entry.kind == "state" and form.islower():
                    continue
                return Resolved(self._as_party(entry, on), entry)
        return None

    def _as_party(self, entry: Entry, on: str | None, former: bool = False) -> Party:
        if entry.kind != "person":
            return Party(entry.name, entry.wikidata, entry.country, entry.sector, entry.also)
        terms = self.catalogue.terms(entry.key)
        current = [t for t in terms if on and t.holds(on)]
        if current:
            term = min(current, key=lambda t: (_rank(t), t.office))
            return Party(entry.name, entry.wikidata, term.country, term.sector, (), term.office)
        past = [t for t in terms if on and t.before(on)]
        known = list(terms)
        country = (past or known)[-1].country if (past or known) else entry.country
        if on and past and all(t.before(on) for t in terms) and any(t.source != "2019" for t in terms):
            return Party(entry.name, entry.wikidata, country, "ELI")
        best = min(known, key=lambda t: (_rank(t), t.office)) if known else None
        if on is None and best:
            return Party(entry.name, entry.wikidata, country, best.sector)
        return Party(entry.name, entry.wikidata, country, "ELI" if former else entry.sector)

    def _person(self, core: str, on: str | None, country: str | None, former: bool) -> Resolved | None:
        """A person whose full name the phrase ends with or begins with, or whose title and surname it gives."""
        words = [w for w in _WORD.findall(_POSSESSIVE.sub("", core))]
        for size in range(min(5, len(words)), 1, -1):
            for start in range(len(words) - size, -1, -1):
                part = words[start : start + size]
                if not (part[0][0].isupper() or part[0].lower() in _LOWER_NAMES) or _HONORIFIC.match(part[0]):
                    continue
                if not all(w[0].isupper() or w.lower() in _LOWER_NAMES for w in part):
                    continue
                found = self.catalogue.people(fold(" ".join(part)))
                entry = self._choose([e for e in found if e.alias == "name"], on, country)
                if entry:
                    return Resolved(self._as_party(entry, on, former), entry)
        # "President Biden", "then-President Trump", "Chancellor Merkel": a title makes a surname safe where one holder fits.
        title = role_of(core)
        if title and words and words[-1][0].isupper() and not re.search(rf"(?i)\b{re.escape(words[-1])}\b", core[title[1] : title[2]]):
            last = fold(words[-1])
            holders = [e for e in self.catalogue.people(last) if e.alias in ("surname", "name")]
            fitting = [e for e in holders if (country is None or e.country == country) and any(t.role == title[0] and self._when(t, on, core) for t in self.catalogue.terms(e.key))]
            if len(fitting) == 1:
                return Resolved(self._as_party(fitting[0], on, former), fitting[0])
        if len(words) == 1 and words[0][0].isupper() and on:
            return self._leader(words[0], on)
        return None

    def _when(self, term: Term, on: str | None, core: str) -> bool:
        if THEN.search(core) or FORMER.search(core):
            return on is None or (term.start or "") <= on
        return on is None or term.holds(on)

    def _choose(self, found: list[Entry], on: str | None, country: str | None) -> Entry | None:
        """One of several people of one name: the one whose country is named, who is in office, or none."""
        for narrow in (lambda e: country is not None and e.country == country, lambda e: on is not None and any(t.holds(on) for t in self.catalogue.terms(e.key))):
            if len(found) > 1:
                found = [e for e in found if narrow(e)] or found
        if len(found) > 1:
            ranks = sorted(((min((_rank(t) for t in self.catalogue.terms(e.key)), default=9)), e.key) for e in found)
            if ranks[0][0] < ranks[1][0] and ranks[0][0] <= 1:
                return next(e for e in found if e.key == ranks[0][1])
            return None
        return found[0] if found else None

    def _leader(self, name: str, on: str | None) -> Resolved | None:
        """The one head of state or government of this surname on the day; `None` where two share it or none holds office."""
        words = _WORD.findall(name)
        if not words or on is None:
            return None
        fits: dict[int, Entry] = {}
        for entry in self.catalogue.people(fold(words[-1])):
            for term in self.catalogue.terms(entry.key):
                if term.role in ("head of state", "head of government") and term.holds(on) and term.source != "2019":
                    fits[entry.key] = entry
        if len(fits) != 1:
            return None
        entry = next(iter(fits.values()))
        return Resolved(self._as_party(entry, on), entry)

    def _holder(self, core: str, title: tuple[str, int, int], country: str | None, on: str | None) -> Resolved | None:
        """Who holds the office that the phrase names in the country on the day, where it is one person."""
        if not country or NOT_HOLDERS.search(core) or role_of(core[title[2] :]) or self.catalogue.noun(core.split()[-1]) and not re.search(r"(?i)" + re.escape(core.split()[-1]), core[title[1] : title[2]]):
            return None
        if core[title[1] : title[2]].lower().endswith("s"):
            return None
        sector: Sector = "GOV"
        if on is None:
            return None
        holders = self.catalogue.holders(country, title[0], on)
        if title[0] == "head of state" and "leader" in core.lower() and not holders:
            holders = self.catalogue.holders(country, "head of government", on)
        if len(holders) == 1 and title[0] not in ("ambassador", "deputy"):
            entry, term = holders[0]
            return Resolved(Party(entry.name, entry.wikidata, country, term.sector, (), term.office), entry)
        return Resolved(Party(None, None, country, sector))

    def _country(self, text: str, strict: bool = False) -> str | None:
        entry = self._country_entry(text, strict)
        return entry.country if entry else None

    def _country_entry(self, text: str, strict: bool = False) -> Entry | None:
        """The state or body named first in a text by name, adjective or seat."""
        if not text:
            return None
        words = [m for m in _WORD.finditer(re.sub(r"-(?=led|backed|based|born|made|controlled|occupied|held)", " ", text))]
        flat = re.sub(r"-(?=led|backed|based|born|made|controlled|occupied|held)", " ", text)
        for i in range(len(words)):
            for size in (4, 3, 2, 1):
                if i + size > len(words):
                    continue
                part = flat[words[i].start() : words[i + size - 1].end()]
                part = _POSSESSIVE.sub("", part)
                if not part or not part[0].isupper():
                    continue
                for entry in self.catalogue.named(part):
                    if entry.kind == "state" and (not strict or entry.alias == "name") or entry.kind == "organisation" and entry.country in ("EUR", "UNO", "IGO") and _case_fits(part, entry):
                        return entry
        return None

    def _organisation(self, core: str) -> Entry | None:
        words = [m for m in _WORD.finditer(core)]
        for size in (5, 4, 3, 2, 1):
            for i in range(len(words) - size + 1):
                part = _POSSESSIVE.sub("", core[words[i].start() : words[i + size - 1].end()])
                for entry in self.catalogue.named(part):
                    if entry.kind == "organisation" and _case_fits(part, entry):
                        return entry
        return None

    def _ends_with(self, core: str) -> Entry | None:
        """The organisation whose name the phrase ends with: "the North's official Korean Central News Agency"."""
        words = [m for m in _WORD.finditer(core)]
        for size in range(min(6, len(words)), 0, -1):
            part = core[words[-size].start() :]
            for entry in self.catalogue.named(part):
                if entry.kind == "organisation" and _case_fits(part, entry):
                    return entry
        return None

    def _noun(self, core: str) -> tuple[Sector, bool] | None:
        """Sector of the phrase's head noun; whether nothing but common words and a country stand in it."""
        phrase = re.split(r"\s+(?:of|in|from|at|for|with|to|on|near|against|who|that|which)\s+", core)[0]
        words = _WORD.findall(_POSSESSIVE.sub("", phrase))
        for size in (3, 2, 1):
            for end in range(len(words), size - 1, -1):
                part = " ".join(words[end - size : end])
                found = self.catalogue.noun(part)
                if found and (end == len(words) or size > 1 or words[end][0].isupper()):
                    rest = words[: end - size] + words[end:]
                    lone = all(w.islower() or self.catalogue.named(w) for w in rest)
                    return found[0], lone
        full = self.catalogue.noun(core)
        return (full[0], True) if full else None

    def _capitalised(self, core: str, title: tuple[str, int, int] | None) -> str | None:
        """A name within the phrase that is no country, title or organisation."""
        best: list[str] = []
        run: list[str] = []
        for word in [*_WORD.findall(_POSSESSIVE.sub("", core)), ""]:
            known = bool(word) and (any(e.kind == "state" for e in self.catalogue.named(word)) or _HONORIFIC.match(word) or self.catalogue.noun(word) is not None or word.lower() in ("foreign", "prime", "defense", "defence", "state", "north", "south", "supreme", "paramount", "crown", "general", "top", "senior", "chief"))
            if word and word[0].isupper() and not known:
                run.append(word)
            else:
                if len(run) >= len(best) and run:
                    best = run
                run = []
        return " ".join(best) if best else None

    def _stranger(self, core: str, rest: str, whole: str, named: str, title: tuple[str, int, int] | None, country: str | None, former: bool) -> Resolved | None:
        """Somebody whom the catalogue does not know, with country and sector from the words around the name."""
        noun = self._noun(core) or (self._noun(_strip(rest)) if rest else None)
        if noun is None and title is None and rest:
            other = role_of(rest)
            noun = ("GOV", True) if other else None
        house = self._organisation(rest) if rest else None
        if noun is None and title is None and house is None:
            return None
        if house is not None:
            country = country if self._country(core) else house.country
            noun = noun or (house.sector, True)
        sector: Sector = "ELI" if former else noun[0] if noun else "GOV"
        name = named if len(named.split()) > 1 or title else None
        return Resolved(Party(name, None, country or self._country(whole), sector))


def _strip(text: str) -> str:
    while True:
        shorter = _ARTICLE.sub("", text)
        if shorter == text:
            return text
        text = shorter


def _demonym_only(core: str) -> bool:
    return len(core.split()) <= 2


def _rank(term: Term) -> int:
    """How much an office counts when a person holds several."""
    order = {"head of state": 0, "head of government": 0, "secretary-general": 1, "foreign minister": 1, "defence minister": 1, "vice president": 1, "national security adviser": 2, "finance minister": 2, "interior minister": 2}
    return order.get(term.role or "", 3)


def _case_fits(form: str, entry: Entry) -> bool:
    """An acronym or a name that is also a word must be written as a name: "IS" is not "is", "Who" not "WHO"."""
    if form.isupper() or len(form) > 5:
        return not form.islower()
    return form[:1].isupper() and not (len(form) <= 4 and entry.name.isupper()) and form not in ("Is", "Who", "It", "As", "Us", "Au", "Au", "Meta", "Shell", "Pa")
