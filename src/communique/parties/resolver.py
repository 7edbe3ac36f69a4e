"""Resolves a phrase to the party that it means on a day, with the catalogue alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ..catalogue import Catalogue, Entry, PlaceEntry, Term, fold
from ..schema import Party, Sector
from .naming import Naming
from .titles import FORMER, NOT_HOLDERS, THEN, in_full, role_of

_EDGE = re.compile(r"^[\s\"'“”‘’(\[,;:–—-]++|(?<![\s\"'“”‘’)\],;:.–—-])[\s\"'“”‘’)\],;:.–—-]++$")
_ARTICLE = re.compile(
    "(?i)^(?:the|a|an|both|all|some|several|many|most|other|two|three|four|five|six|seven|eight|nine|ten"
    "|dozens of|hundreds of|thousands of|top|senior|its|his|her|their|our|unidentified|unnamed"
    r"|\d[\d,.]*)\s+"
)
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
LOW = 3  # rank of offices that are not high
ELECTED = 80  # longest time in use from election to office, in days: that of the US
RUNS = 5 * 365  # days before an office in which its holder is surely a politician: one parliamentary term
LONG_FORM = 7  # words of the longest name of a state
_LAST_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-Þ][\w’'-]++(?: [A-ZÀ-Þ][\w’'-]++)?$")
_WORD = re.compile(r"[^\W_][\w.'’-]*")
_LOWER_NAMES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "di",
        "van",
        "der",
        "den",
        "von",
        "bin",
        "ibn",
        "al",
        "el",
        "la",
        "le",
        "ben",
        "of",
        "the",
        "and",
    ]
)
_PLACED = re.compile(
    r"\b(?:of|in|from|at|near|around)\s+(?:the\s+(?:city|town|province|region|state|capital)\s+of\s+)?"
    r"((?:[A-ZÀ-Þ][\w’'-]+)(?:[ -][A-ZÀ-Þ][\w’'-]+){0,3})"
)
_SPEAKS = re.compile(
    r"(?i)\b(?:(?P<before>[\w ’'-]{1,120}?) )?spokes(?:man|woman|person|men|people)\b"
    r"(?: (?:for|of) (?P<of>(?:the )?[\w ’'.-]{1,200}+))?(?=$|,)"
)
# Capitalised words that occur only in the names of papers, agencies and stations.
_MEDIUM = re.compile(
    r"\b(?:Times|Herald|Tribune|Gazette|Chronicle|Courier|Telegraph|Daily|News|Newspaper|Radio|TV"
    r"|Television|Broadcasting|Press Agency|Magazine|Weekly)\b"
)
# Parts of the world that are also names of towns and provinces.
_DIRECTIONS = frozenset(
    a + b + c for a in ("", "north", "south") for b in ("", "east", "west") for c in ("", "ern")
) - {"", "ern"}
_BEFORE_REGION = _DIRECTIONS | {"the", "latin", "center", "centre", "central", "sub-saharan", "middle", "far", "near"}
_REGIONS = _DIRECTIONS | frozenset(
    (
        "center centre central asia asian africa african europe european america americas american arab arabia "
        "arabian gulf sea ocean pacific atlantic arctic antarctica caribbean mediterranean eurasia eurasian "
        "balkan balkans earth unity union capital lakes"
    ).split()
)
_ROYAL = re.compile(r"(?i)^(?:king|queen|emperor|emir|sultan|monarch|pope)$")
_ELECTED = re.compile(r"(?i)\b(?:president|minister|premier|chancellor|chairman)\b")
_POPE = re.compile(r"(?i)^(?:the )?(?:pope|pontiff|holy father)$")
# Prepositions before the body that a person works for, the most reliable first.
_BEFORE_A_BODY = tuple(re.compile(rf"\b(?:{words}) (?:the )?") for words in ("at|with|for", "of", "in"))
_OF_A_BODY = re.compile(
    "(?i)^(?:(?:the|a|an|its|his|her|one|former|senior|deputy|executive|associate|assistant"
    r"|longtime|[\w-]+ing) )*"
    "(?:member|members|director|co-director|head|chief|chair(?:(?:wo)?man|person)?|president|vice-president"
    "|founder|co-founder|fellow|dean|rector|executive|manager|coordinator|co-ordinator|representative"
    r"|adviser|advisor|official|employee|worker|volunteer|lecturer|editor|strategist|partner|specialist)\b"
    "(?P<rest> .+)$"
)
_GOVERNMENT = re.compile(
    r"(?i)^(?:government|administration|authorities|regime|state|leadership|ministry|cabinet|delegation|side)$"
)
_HONORIFIC = re.compile(
    "(?i)^(?:mr|mrs|ms|dr|sir|lord|lady|gen|general|col|colonel|lt|maj|major|capt|captain|adm|admiral|sen"
    "|senator|rep|gov|governor|prof|professor|sheikh|king|queen|prince|princess|pope|president|chancellor"
    "|premier|minister|secretary|ayatollah|comrade|judge|justice|marshal|ambassador|envoy|chairman"
    r"|spokesman|spokeswoman|lawmaker|analyst|activist)\.?$"
)


# Tables of little-known people.
_MINOR = frozenset(("parliament", "factbook people", "governors"))
# Tables that often lack the end of a term.
_WITHOUT_ENDS = frozenset(("parliament", "reign", "factbook people"))


def _no_region(name: str) -> bool:
    """Whether a name is a continent, a sea or a direction, and not a region of a state."""
    *before, last = name.lower().split(" ")
    return last in _REGIONS and _BEFORE_REGION.issuperset(before)


@dataclass(frozen=True)
class Resolved:
    """A resolved party; `entry` is the catalogue entry that the phrase names, if any."""

    party: Party
    entry: Entry | None = None


class Resolver:
    """Resolves phrases with a catalogue. Keeps nothing of any text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.naming = Naming(catalogue)

    def resolve(
        self, phrase: str, on: str | None = None, context: str = "", near: str | None = None
    ) -> Resolved | None:
        """Returns the party that a phrase means on a day (YYYY-MM-DD), or `None`.

        `context` is text around the phrase that may name a country; `near` is the country that the text is about.
        Returns `None` for an unknown name and for a surname that several people share.
        """
        found = self._in_text(phrase, on, context, near)
        state = self.catalogue.states.get(found.party.country or "") if found else None
        return None if state is not None and not state.existed(on) else found

    def _in_text(self, phrase: str, on: str | None, context: str, near: str | None) -> Resolved | None:
        """Resolves a phrase in a text that may use the name of a state for a division of another state."""
        for name, (state, other) in self.naming.renamed(f"{phrase}\n{context}").items():
            if name in phrase:
                return self.moved(self._resolve(phrase, on, context, near), state, other)
        found = self._resolve(phrase, on, context, near)
        if found is None and phrase.isupper() and len(phrase) > 5:  # a headline, or a turn of a transcript
            return self._resolve(phrase.title(), on, context, near)
        return found

    @staticmethod
    def moved(found: Resolved | None, state: str, other: str) -> Resolved | None:
        """Returns a result with the country `other` in place of `state`: the text uses the name of `state` for a
        division of `other`. Any other result is returned unchanged.
        """
        if found is None or found.party.country != state:
            return found
        named = found.entry is None and found.party.name
        return Resolved(Party(found.party.name if named else None, None, other, found.party.sector))

    def _resolve(self, phrase: str, on: str | None, context: str, near: str | None) -> Resolved | None:
        text = re.sub(r"['’]s?$", "", _EDGE.sub("", in_full(" ".join(phrase.split()))))
        if not text or len(text) > 300:
            return None
        # "A, B": the first part is the name, the apposition adds evidence.
        whole = text
        head, _, rest = text.partition(", ")
        last = _LAST_NAME.search(head)
        if last and self.naming.town(text, last.start(), last.end()):
            rest = ""  # "police in Paris, Texas"
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
        person = self._person(core, on, self._country(core), former) or self._person_of_state(core, on, former)
        if person:
            return person
        ending, begin = self._ends_with(core)
        if ending and not former and not core.islower():
            before = _POSSESSIVE.sub("", re.sub(r"(?i)^the ", "", core[:begin].strip()))
            whose = (
                next((e.country for e in self.catalogue.named(before) if e.kind == "state"), None) if before else None
            )
            if whose is None and ending.sector in ("PTY", "LEG", "JUD") and "-" not in before:
                whose = self._country(before)  # "Peru's opposition Labour party"
            if whose and whose != ending.country and ending.country in self.catalogue.states:
                return Resolved(
                    Party(None, None, whose, ending.sector)
                )  # "Peru's Workers' Party" is not the Workers' Party of the catalogue
            return Resolved(self.as_party(ending, on), ending)
        administration = re.match(r"(.+?)(?:['’]s?)? (?:administration|government|regime|cabinet)$", core)
        if administration and (led := self._led_by(administration[1], on)):
            return self.state(led)
        title = role_of(core)
        named = self._capitalised(core, title)
        own = self._country(core) or self._country(rest) or self._whereabouts(core)
        if rest and not named and (title or self._noun(core)) and (bearer := self._bearer(rest.split(",")[0].strip())):
            # "Peru's premier, Ana Ruiz": the name decides, even if the catalogue has another holder of the office.
            person = self._person(bearer, on, own or country, former)
            if person:
                return person
            office = self._resolve(core, on, context, near)
            return Resolved(
                Party(
                    bearer,
                    None,
                    own or (office.party.country if office else None),
                    "ELI" if former else office.party.sector if office and office.party.sector else "GOV",
                )
            )
        if _POPE.search(core) and not named:
            own = own or "VAT"
        if title and not named and not former:
            holder = self._holder(core, title, own or country, on)
            if holder:
                return holder
        if (speaks := _SPEAKS.search(whole)) and (speaks["of"] or speaks["before"]):
            # A spokesperson gets the sector of the body: "a spokesman for the rebels", "the police spokeswoman".
            body = self.resolve(speaks["of"] or speaks["before"], on, context, near)
            adjective = not speaks["of"] and any(
                e.kind == "state" for e in self.catalogue.named(_strip(speaks["before"]))
            )  # "a Somali spokesman"
            if (
                body
                and not adjective
                and body.party.sector
                and (body.party.country or speaks["of"] or self._noun(speaks["before"]))
            ):
                name = named if named and len(named.split()) > 1 else None
                return Resolved(Party(name, None, body.party.country or own, "ELI" if former else body.party.sector))
        noun = self._noun(core)
        if noun is None and (region := self._region(core)):
            return Resolved(Party(None, None, region, "GOV"))
        if (
            noun is None
            and len(core.split()) > 1
            and all(map(_in_name, core.split()))
            and _MEDIUM.search(core)
            and not self._organisation(core)
        ):
            return Resolved(Party(core, None, self._country(core), "JRN"))
        if noun is None and (employer := self._employer(rest or core, on)):
            name = named if named and rest and len(named.split()) > 1 else None
            return Resolved(Party(name, None, employer.country, "ELI" if former else employer.sector))
        if noun is None and named:
            return self._stranger(core, rest, whole, named, title, own, former)
        if noun is None:
            entry = self._country_entry(core)
            whole_name = entry is not None and any(e.key == entry.key for e in self.catalogue.named(core))
            return (
                Resolved(Party(None, None, entry.country, entry.sector if entry.kind != "state" else "CVL"))
                if entry and whole_name
                else None
            )
        sector, lone = noun
        if former:
            sector = "ELI"
        organisation = self._organisation(core)
        if organisation:
            code = organisation.country
            if own and organisation.sector == "PTY" and code in self.catalogue.states and own in self.catalogue.states:
                code = own  # "the leader of the Constitutional Workers' Party of Peru": the phrase names the state
            own_name = named if named and len(named.split()) > 1 and not self._organisation(named) else None
            return Resolved(Party(own_name, None, code, sector if sector not in ("GOV",) else organisation.sector))
        if named and not lone:
            return self._stranger(core, rest, whole, named, title, own, former)
        state = self.catalogue.states.get(own) if own else None
        if (
            state
            and (lead := re.match(r"(?i)(government|authorities|leadership|regime) of (?:the )?", core))
            and self._exact(core[lead.end() :], on)
        ):
            return Resolved(Party(state.name, state.wikidata, state.country, "GOV"), state)
        if (
            state
            and _GOVERNMENT.match(core.split()[-1])
            and len(core.split()) <= 4
            and sector == "GOV"
            and core.split()[-1].lower()
            in ("government", "authorities", "regime", "state", "leadership", "side", "administration")
        ):
            return Resolved(Party(state.name, state.wikidata, state.country, "GOV"), state)
        return Resolved(
            Party(None, None, own or (near if sector in ("GOV", "MIL", "COP", "LEG", "SPY", "JUD") else None), sector)
        )

    def _employer(self, text: str, on: str | None) -> Party | None:
        """The body that a director, fellow or employee works for, if its name or kind gives its sector: "director of
        Asian studies at Peru's Rift Institute".
        """
        found = _OF_A_BODY.match(text)
        if found is None:
            return None
        begins = [m for form in _BEFORE_A_BODY for m in form.finditer(found["rest"])]
        for begin in begins:
            resolved = self._resolve(found["rest"][begin.end() :], on, "", None)
            if (
                resolved
                and resolved.party.sector
                and resolved.party.country
                and not (resolved.entry and resolved.entry.kind in ("state", "person"))
            ):
                return resolved.party
        return None

    def _bearer(self, piece: str) -> str | None:
        """The piece of text itself if it is just a person's full name: two to five words, none of them a state, body,
        title or kind of people.
        """
        words = piece.split()
        if (
            not 2 <= len(words) <= 5
            or not words[0][:1].isupper()
            or not words[-1][:1].isupper()
            or not all(_WORD.fullmatch(w.rstrip(".")) and _in_name(w) for w in words)
        ):
            return None
        if (
            role_of(piece)
            or self._exact(piece, None)
            or self._country_entry(piece)
            or self._organisation(piece)
            or any(self.catalogue.noun(w) for w in words)
            or self.catalogue.places(piece)
        ):
            return None
        return piece

    def state(self, code: str) -> Resolved | None:
        """Returns the state with a country code as a party."""
        entry = self.catalogue.states.get(code)
        return Resolved(Party(entry.name, entry.wikidata, entry.country, "GOV"), entry) if entry else None

    def _exact(self, text: str, on: str | None) -> Resolved | None:
        for form in (
            text,
            re.sub(r"(?i)^the\s+", "", text),
            re.sub(r"['’]s?$", "", text),
            re.sub(r"(?i)^the\s+|(?<!\s)\s++(?:news )?agency$", "", text),
        ):
            for entry in self.catalogue.named(form):
                if entry.alias == "demonym":
                    continue
                if entry.kind == "organisation" and not _case_fits(form, entry):
                    continue
                if entry.kind == "state" and (form.islower() or not entry.existed(on)):
                    continue
                return Resolved(self.as_party(entry, on), entry)
        return None

    def as_party(self, entry: Entry, on: str | None, former: bool = False) -> Party:
        """Returns the party of a catalogue entry, with the country, sector and office that it has on a day."""
        if entry.kind != "person":
            return Party(entry.name, entry.wikidata, entry.country, entry.sector, entry.also)
        terms = self.catalogue.terms(entry.key)
        current = [t for t in terms if on and t.holds(on)]
        if current:
            term = min(current, key=lambda t: (_rank(t), t.country != entry.country, t.office))
            return Party(entry.name, entry.wikidata, term.country, term.sector, (), term.office)
        # Terms from tables that often lack ends count only where the person has no others.
        terms = tuple(t for t in terms if t.source not in _WITHOUT_ENDS) or terms
        past = [t for t in terms if on and t.before(on)]
        known = list(terms)
        country = (past or known)[-1].country if (past or known) else entry.country
        if on and past and all(t.before(on) for t in terms) and any(t.source != "2019" for t in terms):
            return Party(entry.name, entry.wikidata, country, "ELI")
        if on and not former and (ahead := self._days_to_power(known, on)) > ELECTED:
            return Party(entry.name, entry.wikidata, country, "PTY" if ahead <= RUNS else None)
        best = min(known, key=lambda t: (_rank(t), t.office)) if known else None
        if on is None and best:
            return Party(entry.name, entry.wikidata, country, best.sector)
        return Party(entry.name, entry.wikidata, country, "ELI" if former else entry.sector)

    @staticmethod
    def _days_to_power(terms: list[Term], on: str) -> int:
        """Days from a day without office to the person's first high elected office; 0 if there is none or one has
        already begun. Shortly before it begins the person is elected and speaks for the next government.
        """
        later = [t for t in terms if _rank(t) == 0 and t.role != "leader" and t.begins[0] and _ELECTED.search(t.office)]
        if not later or not all(t.after(on) for t in later):
            return 0
        return (date.fromisoformat(min(t.begins[0] for t in later)) - date.fromisoformat(on)).days

    def person(self, name: str, on: str | None) -> Resolved | None:
        """Returns the person with this full name; `None` if several people share it."""
        entry = self._choose([e for e in self.catalogue.people(fold(name)) if e.alias == "name"], on, None)
        return Resolved(self.as_party(entry, on), entry) if entry else None

    def _person(self, core: str, on: str | None, country: str | None, former: bool) -> Resolved | None:
        """The person whom a phrase names by full name, by title and surname, or by a current leader's surname."""
        words = [w for w in _WORD.findall(_POSSESSIVE.sub("", core))]
        for size in range(min(5, len(words)), 1, -1):
            for start in range(len(words) - size, -1, -1):
                part = words[start : start + size]
                if not all(map(_in_name, part)) or _HONORIFIC.match(part[0]):
                    continue
                found = self.catalogue.people(fold(" ".join(part)))
                fits = [e for e in found if e.alias == "name" and (country is None or self._is_of(e, country))]
                entry = self._choose(fits, on, country)
                if entry and (country or start or not self._backbencher(entry, on)):
                    party = self.as_party(entry, on, former)
                    told = " ".join(w for w in words[:start] if not _HONORIFIC.match(w))
                    if (
                        party.sector == "ELI"
                        and not former
                        and not THEN.search(core)
                        and (noun := self._noun(told) or self._noun(told.split(" of ")[-1]))
                    ):
                        party = replace(
                            party,
                            sector=noun[0],
                            # the text states an office that the tables lack: "army chief Ana Ruiz", formerly the
                            # head of the spies
                        )
                    return Resolved(party, entry)
        # "President Biden", "then-President Trump", "Chancellor Merkel": a surname is enough where only one person of
        # that name held the office.
        title = role_of(core)
        if (
            title
            and words
            and words[-1][0].isupper()
            and not re.search(rf"(?i)\b{re.escape(words[-1])}\b", core[title[1] : title[2]])
        ):
            last, royal = fold(words[-1]), _ROYAL.search(core[title[1] : title[2]]) is not None
            holders = list({e.key: e for e in self.catalogue.people(last) if e.alias in ("surname", "name")}.values())
            if royal:  # a king was never elected
                holders = [
                    e for e in holders if not any(_ELECTED.search(t.office) for t in self.catalogue.terms(e.key))
                ]
            fitting = [
                e
                for e in holders
                if (country is None or e.country == country)
                and any(
                    (t.role == title[0] or t.role == "leader" and title[0].startswith("head"))
                    and self._when(t, on, core)
                    for t in self.catalogue.terms(e.key)
                )
            ]
            if not fitting and on:  # "President Trump" for a person who recently held the office
                lately = str(int(on[:4]) - 5) + on[4:]
                fitting = [
                    e
                    for e in holders
                    if (country is None or e.country == country)
                    and any(
                        (t.role == title[0] or t.role == "leader" and title[0].startswith("head"))
                        and lately <= t.ends[0]
                        and t.before(on)
                        for t in self.catalogue.terms(e.key)
                    )
                ]
            if len(fitting) == 1:
                return Resolved(self.as_party(fitting[0], on, former), fitting[0])
        if len(words) == 1 and words[0][0].isupper() and on:
            return self._leader(words[0], on)
        return None

    def _person_of_state(self, core: str, on: str | None, former: bool) -> Resolved | None:
        """A person named by surname and state: "Chancellor Merkel of Germany", "Germany's Merkel"."""
        name, of, land = core.rpartition(" of ")
        if of and role_of(name) and (state := self._named_state(_strip(land), on)):
            return self._person(name, on, state, former)
        land, of, name = core.replace("’", "'").partition("'s ")
        if of and len(name.split()) == 1 and (state := self._named_state(land, on)):
            leader = self._leader(name, on)
            return leader if leader and leader.party.country == state else None
        return None

    def _named_state(self, text: str, on: str | None) -> str | None:
        found = self._exact(text, on)
        return found.party.country if found and found.entry and found.entry.kind == "state" else None

    def _is_of(self, entry: Entry, country: str) -> bool:
        """Whether a person may be meant by a phrase that names a state: one of another state only with terms of office,
        as an envoy to it.
        """
        terms = self.catalogue.terms(entry.key)
        return entry.country == country or bool(terms) or country not in self.catalogue.states

    def _backbencher(self, entry: Entry, on: str | None) -> bool:
        """Whether a person is known only from tables of little-known people and holds no office on the day. Too many
        other people share such a name.
        """
        terms = self.catalogue.terms(entry.key)
        return all(t.source in _MINOR for t in terms) and not any(on and t.holds(on) for t in terms)

    def _when(self, term: Term, on: str | None, core: str) -> bool:
        if THEN.search(core) or FORMER.search(core):
            return on is None or term.begins[0] <= on
        return on is None or term.holds(on)

    def _choose(self, found: list[Entry], on: str | None, country: str | None) -> Entry | None:
        """One of several people with one name: the one from the named country, in office, or of clearly highest rank;
        else `None`.
        """
        for narrow in (
            lambda e: country is not None and e.country == country,
            lambda e: (
                on is not None and any(t.holds(on) and self._known(t, country) for t in self.catalogue.terms(e.key))
            ),
        ):
            if len(found) > 1:
                found = [e for e in found if narrow(e)] or found
        if len(found) > 1:
            ranks = sorted(((min((_rank(t) for t in self.catalogue.terms(e.key)), default=9)), e.key) for e in found)
            if ranks[0][0] < ranks[1][0] and ranks[0][0] <= 1:
                return next(e for e in found if e.key == ranks[0][1])
            return None
        return found[0] if found else None

    @staticmethod
    def _known(term: Term, country: str | None) -> bool:
        """Whether an office decides between people with one name: a high one does, and any if a state is named."""
        return country is not None or _rank(term) < LOW

    def _leader(self, name: str, on: str | None) -> Resolved | None:
        """The only head of state or government with this surname on the day; `None` if there is none or several."""
        words = _WORD.findall(name)
        if not words or on is None:
            return None
        fits = {e.key: e for e, term in self._leaders(words[-1]) if term.holds(on)}
        if len(fits) != 1:
            return None
        entry = next(iter(fits.values()))
        return Resolved(self.as_party(entry, on), entry)

    def _leaders(self, surname: str) -> Iterator[tuple[Entry, Term]]:
        """Heads of state and government with a surname, with each of their terms."""
        for entry in self.catalogue.people(fold(surname)):
            for term in self.catalogue.terms(entry.key):
                if term.role in ("head of state", "head of government", "leader") and term.source != "2019":
                    yield entry, term

    def _led_by(self, name: str, on: str | None) -> str | None:
        """The state that the leader with this surname leads on a day; without a day, the only state that leaders of
        that surname ever led.
        """
        if on is not None:
            leader = self._leader(name, on)
            return leader.party.country if leader else None
        words = _WORD.findall(name)
        states = {e.country for e, _ in self._leaders(words[-1])} if words else set()
        return states.pop() if len(states) == 1 else None

    def _holder(self, core: str, title: tuple[str, int, int], country: str | None, on: str | None) -> Resolved | None:
        """The holder of the office that the phrase names, in the country on the day, if it is one person; else an
        unnamed party of the country's government.
        """
        if (
            not country
            or NOT_HOLDERS.search(core)
            or role_of(core[title[2] :])
            or self.catalogue.noun(core.split()[-1])
            and not re.search(r"(?i)" + re.escape(core.split()[-1]), core[title[1] : title[2]])
        ):
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

    def country_of(self, phrase: str) -> str | None:
        """Returns the code of the state or body that a phrase itself names first."""
        return self._country(phrase)

    def _country(self, text: str, strict: bool = False) -> str | None:
        entry = self._country_entry(text, strict)
        return entry.country if entry else None

    def _country_entry(self, text: str, strict: bool = False) -> Entry | None:
        """The first state or international body that a text names, by name, adjective or seat."""
        if not text:
            return None
        words = [
            m for m in _WORD.finditer(re.sub(r"-(?=led|backed|based|born|made|controlled|occupied|held)", " ", text))
        ]
        flat = re.sub(r"-(?=led|backed|based|born|made|controlled|occupied|held)", " ", text)
        for i in range(len(words)):
            for size in range(LONG_FORM, 0, -1):
                if i + size > len(words):
                    continue
                part = flat[words[i].start() : words[i + size - 1].end()]
                part = _POSSESSIVE.sub("", part)
                if (
                    not part
                    or not part[0].isupper()
                    or self.naming.elsewhere(flat, words[i].start(), words[i + size - 1].end())
                ):
                    continue
                for entry in self.catalogue.named(part):
                    if (
                        entry.kind == "state"
                        and (not strict or entry.alias == "name")
                        or entry.kind == "organisation"
                        and entry.country in ("EUR", "UNO", "IGO")
                        and _case_fits(part, entry)
                    ):
                        return entry
        return None

    def _whereabouts(self, core: str) -> str | None:
        """The state of the town that a phrase gives as a location: "residents of Aleppo", "police in Lagos"."""
        return next((country for match in _PLACED.finditer(core) if (country := self._state_at(core, match))), None)

    def _state_at(self, core: str, match: re.Match[str]) -> str | None:
        return self.naming.town(core, match.start(1), match.end(1)) or self.state_of_town(match[1])

    def state_of_town(self, name: str) -> str | None:
        """Returns the state of the town with this name and at least 50,000 people, if no other state has one of
        comparable size.
        """
        return self._one_state([p for p in self.catalogue.places(name) if p.population >= 50_000 and p.kind == "town"])

    def _region(self, core: str) -> str | None:
        """The state of a province or region that the whole phrase names."""
        if not core[:1].isupper() or _no_region(core) or any(e.kind == "state" for e in self.catalogue.named(core)):
            # "Somali" means Somalia, although a region of another state has that name; "the North" depends on the text
            return None
        found = self.catalogue.places(core)
        return self._one_state(found) if any(p.main and p.kind in ("admin1", "feature") for p in found) else None

    @staticmethod
    def _one_state(found: list[PlaceEntry]) -> str | None:
        """The state of the largest place with a name, if no place of another state has over a fifth of its people."""
        if not found or any(p.country != found[0].country and p.population * 5 > found[0].population for p in found):
            return None
        return found[0].country or None

    def _organisation(self, core: str) -> Entry | None:
        words = [m for m in _WORD.finditer(core)]
        for size in (5, 4, 3, 2, 1):
            for i in range(len(words) - size + 1):
                part = _POSSESSIVE.sub("", core[words[i].start() : words[i + size - 1].end()])
                for entry in self.catalogue.named(part):
                    if (
                        entry.kind == "organisation"
                        and _case_fits(part, entry)
                        and (entry.key <= self.catalogue.core or not self._torn(core, words, i, i + size))
                    ):
                        return entry
        return None

    def _torn(self, core: str, words: list[re.Match[str]], start: int, end: int | None = None) -> bool:
        """Whether words are part of a longer name: "Bank of Finland" in "Union Bank of Finland"."""
        beside = [words[start - 1]] if start else []
        beside += words[end : end + 1] if end is not None else []
        for word in beside:
            gap = core[word.end() : words[start].start()] if word.start() < words[start].start() else ""
            text = word[0]
            beside_it = text[0].isupper() and not gap.strip() and not _POSSESSIVE.search(text)
            if beside_it and not (self.catalogue.named(text) or _HONORIFIC.match(text)):
                return True
        return False

    def _ends_with(self, core: str) -> tuple[Entry | None, int]:
        """The organisation at the end of a phrase, and the first character of its name: "the North's official Korean
        Central News Agency".
        """
        words = [m for m in _WORD.finditer(core)]
        for size in range(min(6, len(words)), 0, -1):
            part = core[words[-size].start() :]
            for entry in self.catalogue.named(part):
                if (
                    entry.kind == "organisation"
                    and _case_fits(part, entry)
                    and (entry.key <= self.catalogue.core or not self._torn(core, words, len(words) - size))
                ):
                    return entry, words[-size].start()
        return None, 0

    def _noun(self, core: str) -> tuple[Sector, bool] | None:
        """The sector of the phrase's head noun, and whether all its other words are common words or countries."""
        every = _WORD.findall(_POSSESSIVE.sub("", core))
        for at in (i for i, w in enumerate(every) if w.lower() == "of"):  # "member of parliament", "head of state"
            for low, high in ((at - 1, at + 2), (at - 1, at + 3), (at - 2, at + 2)):
                found = self.catalogue.noun(" ".join(every[max(0, low) : high])) if low >= 0 else None
                if found:
                    return found[0], True
        phrase = re.split(r"(?<!\s)\s++(?:of|in|from|at|for|with|to|on|near|against|who|that|which)\s++", core)[0]
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
        """The longest run of capitalised words in the phrase without a country, title or kind of people."""
        best: list[str] = []
        run: list[str] = []
        words = _WORD.findall(_POSSESSIVE.sub("", core))
        at = 0
        while at < len(words):  # names of states with several words are cut out
            for size in range(min(LONG_FORM, len(words) - at), 1, -1):
                if any(e.kind == "state" for e in self.catalogue.named(" ".join(words[at : at + size]))):
                    words[at : at + size] = ["-"]
                    break
            at += 1
        for word in [*words, ""]:
            known = bool(word) and (
                any(e.kind == "state" for e in self.catalogue.named(word))
                or _HONORIFIC.match(word)
                or _no_region(word)
                or self.catalogue.noun(word) is not None
                or word.lower()
                in (
                    "foreign",
                    "prime",
                    "defense",
                    "defence",
                    "state",
                    "north",
                    "south",
                    "supreme",
                    "paramount",
                    "crown",
                    "general",
                    "top",
                    "senior",
                    "chief",
                )
            )
            if word and not known and (word[0].isupper() or run and "-" in word and _in_name(word)):
                run.append(word)
            else:
                if len(run) >= len(best) and run:
                    best = run
                run = []
        return " ".join(best) if best else None

    def _stranger(
        self,
        core: str,
        rest: str,
        whole: str,
        named: str,
        title: tuple[str, int, int] | None,
        country: str | None,
        former: bool,
    ) -> Resolved | None:
        """A person who is not in the catalogue, with country and sector from the words around the name."""
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


def _in_name(word: str) -> bool:
    """Whether a word may be part of a name: capitalised, or a particle alone or before a hyphen ("el-Sisi")."""
    return word[0].isupper() or re.split(r"[-'’]", word)[0].lower() in _LOWER_NAMES


def _strip(text: str) -> str:
    while True:
        shorter = _ARTICLE.sub("", text)
        if shorter == text:
            return text
        text = shorter


def _rank(term: Term) -> int:
    """The rank of an office where a person holds several; 0 is the highest."""
    order = {
        "head of state": 0,
        "head of government": 0,
        "leader": 0,
        "secretary-general": 1,
        "foreign minister": 1,
        "defence minister": 1,
        "vice president": 1,
        "national security adviser": 2,
        "finance minister": 2,
        "interior minister": 2,
    }
    return order.get(term.role or "", LOW)


def _case_fits(form: str, entry: Entry) -> bool:
    """Whether the capitals fit: an acronym or a name that is also a word must be written as a name ("IS" is not "is",
    "Who" not "WHO").
    """
    if form.isupper() or len(form) > 5:
        return not form.islower()
    styled = (
        entry.sector == "JRN" and len(form) == 4
    )  # "Tass", "Irna": British papers write agencies' acronyms as words
    return (
        form[:1].isupper()
        and not (len(form) <= 4 and entry.name.isupper() and not styled)
        and form not in ("Is", "Who", "It", "As", "Us", "Au", "Au", "Meta", "Shell", "Pa")
    )
