"""Resolves names, codes and types in a query, and suggests known names for unknown ones.

The only such place, for Python, the commands, the reading room and other programs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..catalogue import Catalogue, Entry, fold, suggest
from ..catalogue.suggest import ALIKE
from ..events.ontology import DEFINITIONS, MODES
from ..schema import TYPES
from .answer import UnknownName, WrongQuestion
from .membership import codes_of
from .states import blocs, states
from .wording import VERBS

MOST = 5  # suggestions for an unknown name
COMPLETED = 12  # completions of what a user has begun to type
Ask = Callable[[str, dict[str, Any]], list[tuple[Any, ...]]]
_CODE = re.compile(r"(?i)[a-z]{3}( [a-z]{3})?")
_IDENTITY = re.compile(r"Q[0-9]+")
_PLAIN_CODE = re.compile(r"[A-Z]{3}( [A-Z]{3})?|Q[0-9]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name to query by: the search term, the displayed name, its kind, and its number of events."""

    term: str
    name: str
    kind: str
    events: int

    def to_dict(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in self.__slots__}


@cache
def catalogue() -> Catalogue:
    """Returns the built-in catalogue, loaded at the first lookup."""
    return Catalogue()


_CALLED = """select code, count(*) n from (select unnest(list_distinct(list_concat(actor_codes, recipient_codes,
    sources))) code from events)
    group by 1 order by n desc, code"""


def called(ask: Ask) -> dict[str, int]:
    """Returns the names and codes that find events of a record, with the number of events, most frequent first."""
    return {str(r[0]): int(r[1]) for r in ask(_CALLED, {})}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{n}'" for n in names)


def _as_code(term: str) -> list[str] | None:
    """Resolves a code, a number or a bloc, in upper or lower case; `None` for other terms."""
    plain = term.upper() if _CODE.fullmatch(term) and term in (term.lower(), term.upper()) else term
    if re.fullmatch(r"[A-Z]{3}( [A-Z]{3})?", plain):
        try:
            return codes_of(plain)
        except WrongQuestion:
            return None
    if _IDENTITY.fullmatch(term) or ":" in term or term.upper() in blocs():
        return codes_of(term)
    return None


def _entries(term: str) -> list[Entry]:
    return [*catalogue().named(term), *catalogue().people(fold(term))]


def _as_state(term: str) -> list[str] | None:
    found = {e.country for e in catalogue().named(term) if e.kind == "state" and e.country}
    return sorted(found) if len(found) == 1 else None


def _as_recorded(term: str, known: dict[str, int]) -> list[str] | None:
    """Returns the record's names that equal a term, and the name that ends with it; `None` if there is none.

    Raises `UnknownName` if several names end with it, unless the term is itself a name with at least as many events as
    those together.
    """
    folded = fold(term)
    names = [n for n in known if not _PLAIN_CODE.fullmatch(n)]
    exact = [n for n in names if fold(n) == folded]
    last = [n for n in names if fold(n).endswith(" " + folded)]
    if exact and sum(known[n] for n in exact) >= sum(known[n] for n in last):
        return exact
    if len({fold(n) for n in last}) > 1:
        which = ", ".join(f"'{n}' ({known[n]:,})" for n in last[:MOST])
        alone = f"; '={exact[0]}' for that name alone" if exact else ""
        raise UnknownName(f"'{term}' may be {which}: which one?{alone}", last[:MOST])
    return [*exact, *last] or None


def _as_known(term: str) -> list[str] | None:
    """Returns name and id of the body or person of this name in the catalogue; `None` for several or none."""
    found = _entries(term)
    bodies = [e for e in found if e.kind != "person"]
    people = [e for e in found if e.kind == "person"]
    whole = [e for e in people if fold(e.name) == fold(term)]
    # A person may be listed twice, in a table with Wikidata ids and in one without.
    chosen = bodies[:1] or [e for e in whole if e.wikidata] or whole or [e for e in people if e.wikidata] or people
    if len({e.wikidata or e.name for e in chosen}) != 1:
        return None
    return [n for n in (chosen[0].name, chosen[0].wikidata) if n]


def party(term: str, ask: Ask) -> list[str]:
    """Returns the codes and names of a record for one term of a query: a code, a bloc, a number, a state's name, a name
    of the record or of the catalogue. After "=" a name is taken literally. Raises `UnknownName` with suggestions.
    """
    if (codes := _as_code(term)) is not None:
        return codes
    if term.startswith("="):
        return [term[1:]]
    known = called(ask)
    for found in (_as_state(term), _as_recorded(term, known), _as_known(term)):
        if found:
            return found
    near = _near(term, known)
    meant = f"; did you mean {_quoted(near)}?" if near else ""
    raise UnknownName(
        f"no state or code and nobody is known as "
        f"'{term}'{meant or '; states go by names or by three letters of ISO 3166, such as CHN'}",
        near,
    )


def parties(terms: str, ask: Ask) -> list[str]:
    """Returns the codes and names for comma-separated terms. Raises `WrongQuestion` if there are none."""
    parts = [p for p in (p.strip() for p in terms.split(",")) if p]
    if not parts:
        raise WrongQuestion("name a party: the value is empty")
    return list(dict.fromkeys(code for part in parts for code in party(part, ask)))


def _alike(term: str, names: Iterable[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    folded = {n: fold(n) for n in names}
    wanted = fold(term)
    words = [n for n, f in folded.items() if wanted in f.split()]
    last = {n: f.rpartition(" ")[2] for n, f in folded.items()}
    spelled = [
        (-score, at, n)
        for at, forms in enumerate((folded, last))
        for _, score, n in process.extract(wanted, forms, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=MOST)
    ]
    return list(dict.fromkeys([*words, *(n for *_, n in sorted(spelled))]))[:MOST]


def _near(term: str, known: Iterable[str]) -> list[str]:
    """Returns names similar to an unknown one, those of the record first."""
    here = _alike(term, (n for n in known if not _PLAIN_CODE.fullmatch(n)))
    surnames = [e.name for e in catalogue().people(fold(term))]
    return list(dict.fromkeys([*here, *surnames, *(s.name for s in suggest(term, MOST))]))[:MOST]


def types(text: str, ask: Ask) -> list[str]:
    """Returns event types from a list separated by commas or bars, in any case. Raises `UnknownName` for an unknown
    one.
    """
    wanted = [t for t in (t.strip() for t in re.split(r"[,|]", text)) if t]
    upper = {t.upper(): t for t in TYPES}
    if any(t.upper() not in upper for t in wanted):
        own = ask("select distinct type from events where codebook is not null order by 1", {})
        upper |= {str(r[0]).upper(): str(r[0]) for r in own if str(r[0]).upper() not in upper}
    return [_one_of("type", t, upper, _meant) for t in wanted]


def mode(text: str, ask: Ask) -> str:
    """Returns a mode by its name. Raises `UnknownName` if there is no such mode."""
    known = {m for some in MODES.values() for m in some}
    if text not in known:
        known |= {str(r[0]) for r in ask("select distinct mode from events where mode is not null", {})}
    return _one_of("mode", text, {m.upper(): m for m in sorted(known)})


def context(text: str, ask: Ask) -> str:
    """Returns a context by its name. Raises `UnknownName` if there is no such context."""
    from ..circumstances.contexts import CONTEXTS

    return _one_of("context", text.replace(" ", "_"), {c.upper(): c for c in CONTEXTS})


def places(text: str, ask: Ask) -> list[str]:
    """Returns places and states, separated by "|" in the text, as the record writes them. Raises `UnknownName` for an
    unknown name.
    """
    rows = ask("select distinct unnest([place, place_country]) p from events where place is not null", {})
    known = sorted(str(r[0]) for r in rows if r[0])
    return [_place(t, known) for t in (t.strip() for t in text.split("|")) if t]


def _place(text: str, known: Sequence[str]) -> str:
    if text in known:
        return text
    same = [n for n in known if fold(n) == fold(text)]
    if same:
        return same[0]
    if state := _as_state(text):
        return state[0]
    if catalogue().gazetteer.named(text) or text.upper() in states():
        return text.upper() if text.upper() in states() else text
    near = _alike(text, known)
    meant = f"; did you mean {_quoted(near)}?" if near else ""
    raise UnknownName(f"place: no place is known as '{text}'{meant}", near)


def as_party(term: str) -> dict[str, Any]:
    """Returns a party for a correction, from "USA", "USA MIL" or a name. Raises `UnknownName`."""
    code = term.upper()
    if re.fullmatch(r"[A-Z]{3}( [A-Z]{3})?", code) and (code[:3] in states() or code[:3] in CODES):
        country, _, sector = code.partition(" ")
        return {"name": state_name(country) if not sector else None, "country": country, "sector": sector or "GOV"}
    found = _entries(term)
    if not found:
        near = [s.name for s in suggest(term, MOST)]
        meant = f"; did you mean {_quoted(near)}?" if near else ""
        raise UnknownName(f"nobody is known as '{term}'{meant}", near)
    best = found[0]
    return {"name": best.name, "id": best.wikidata, "country": best.country, "sector": best.sector}


def as_place(name: str) -> dict[str, Any]:
    """Returns a place for a correction: the most populous one of this name. Raises `UnknownName`."""
    found = catalogue().gazetteer.named(name)
    if not found:
        raise UnknownName(f"place: no place is known as '{name}'")
    best = found[0]
    return {
        "name": best.name,
        "country": best.country,
        "admin1": best.admin1,
        "lat": best.lat,
        "lon": best.lon,
        "geonames": best.geonames,
    }


def _meant(word: str) -> list[str]:
    """Returns the types with a word in their definition or verbs that begins as this word does."""
    stem = word.lower()[: max(4, len(word) - 3)]
    told = [(kind, DEFINITIONS[kind]) for kind in DEFINITIONS] + [(k.split()[0], v) for k, v in VERBS.items()]
    found = [kind for kind, text in told if any(w.startswith(stem) for w in re.findall("[a-z]+", text.lower()))]
    return list(dict.fromkeys(found))


def _one_of(
    what: str, text: str, known: dict[str, str], meant: Callable[[str], Sequence[str]] = lambda word: ()
) -> str:
    found = known.get(text.upper())
    if found is not None:
        return found
    from rapidfuzz import fuzz, process

    spelled = process.extract(text.upper(), list(known), scorer=fuzz.ratio, score_cutoff=60, limit=3)
    near = list(dict.fromkeys([*(known[n] for n, *_ in spelled), *meant(text)]))[:MOST]
    told = f"; did you mean {', '.join(near)}?" if near else "."
    raise UnknownName(f"{what}: unknown value '{text}'{told} There are {', '.join(sorted(known.values()))}", near)


def complete(text: str, ask: Ask, most: int = COMPLETED) -> list[Name]:
    """Returns names of a record, states and blocs that begin with a text, most frequent first. For names of the record
    and states, any word may begin with it.
    """
    folded = fold(text)
    if not folded:
        return []
    known = called(ask)
    found: dict[str, Name] = {}
    for code, state in states().items():
        if _begins(fold(state.name), folded) or code.lower().startswith(folded):
            found[code] = Name(code, state.name, "state", known.get(code, 0))
    called_so = {fold(f.name) for f in found.values()}
    for name, count in known.items():
        if not _PLAIN_CODE.fullmatch(name) and _begins(fold(name), folded) and fold(name) not in called_so:
            found[name] = Name(name, name, "name", count)
            called_so.add(fold(name))
    for bloc in sorted(blocs()):
        if bloc.lower().startswith(folded) and bloc not in found:
            found[bloc] = Name(bloc, bloc, "bloc", known.get(bloc, 0))
    order = sorted(found.values(), key=lambda n: (-n.events, not fold(n.name).startswith(folded), n.name))
    return order[:most]


def _begins(name: str, text: str) -> bool:
    return name.startswith(text) or f" {text}" in name


def state_name(code: str) -> str:
    """Returns the name of a state, or of PLOVER's other codes; unknown codes are returned as they are."""
    known = states().get(code)
    return known.name if known else CODES.get(code, code)


# PLOVER's country codes that are not states.
CODES = {
    "IGO": "organisations of states",
    "UNO": "United Nations",
    "EUR": "European Union",
    "NGO": "non-governmental organisations",
    "ISM": "international movements",
    "IMG": "international armed groups",
    "MNC": "multinational companies",
}
