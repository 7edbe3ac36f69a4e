"""Merges a person's spellings and entries in several tables, by Wikidata id, else by name and country."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from communique.catalogue.fold import fold, surname

from .offices import Term, role_of, sector_of
from .spans import EVER, NEVER, Span

# Roles that make a person known by surname alone.
PROMINENT = frozenset(
    (
        "leader",
        "head of state",
        "head of government",
        "foreign minister",
        "defence minister",
        "secretary-general",
        "vice president",
        "national security adviser",
    )
)
# Offices with one holder at a time: a term begins when the previous one has ended.
SINGLE = frozenset(
    ("head of state", "head of government", "foreign minister", "defence minister", "finance minister")
) | {"interior minister"}
RARE = 5  # letters; surnames this long are shared by few people
_JUNIOR = re.compile(r",? (?:Jr|Sr|II|III|IV)\.?$")
_CHIEF = frozenset(("head of state", "head of government"))


class Known(NamedTuple):
    """A person from a table without terms."""

    name: str
    aliases: tuple[str, ...]
    wikidata: str
    country: str
    sector: str
    source: str


@dataclass
class Person:
    terms: list[Term] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # full names as the tables write them

    def names(self) -> list[str]:
        """Returns full names, most frequent first."""
        said = self.said or [t.person for t in self.terms]
        return sorted(set(said), key=lambda n: (-said.count(n), n))

    def country(self) -> str:
        own = [t.country for t in self.terms if not t.country.endswith("*") and t.country != "IGO"]
        others = [t.country for t in self.terms] + [k.country for k in self.known]
        ours = [t.country for t in self.terms if t.source == "table"]
        return (ours or sorted(own, key=lambda c: -own.count(c)) or others)[0].rstrip("*")

    def sectors(self) -> list[tuple[str, str]]:
        """Returns each sector that a table gives, with the table, the decisive one first."""
        order = {"LEG": 2, "PTY": 1}
        of_terms = [(sector_of(t.office), t.source) for t in reversed(self.terms)]
        of_terms.sort(key=lambda s: order.get(s[0], 0))
        return of_terms + [(k.sector, k.source) for k in self.known]

    def sources(self) -> set[str]:
        return {t.source for t in self.terms} | {k.source for k in self.known}


def known_people(data: Path) -> Iterator[Known]:
    """Yields people from the tables without terms."""
    with open(data / "politicians_wikidata_2017.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if r["country"] and len(r["name"].split()) > 1:
                others = tuple(filter(None, r["aliases"].split("|")))
                yield Known(r["name"], others, r["wikidata"], r["country"], r["sector"], "politicians")
    with open(data / "eu_sanctioned_people.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if r["country"] and len(r["name"].split()) > 1 and r["sector"]:
                others = tuple(a for a in r["aliases"].split("|") if len(a.split()) > 1 and a.isprintable())
                yield Known(r["name"], others[:8], "", r["country"], r["sector"], "sanctioned people")


def merged(terms: Iterable[Term], known: Iterable[Known], states: dict[str, str]) -> list[Person]:
    """Returns every person once."""
    people: dict[str, Person] = {}
    by_name: dict[tuple[str, str], str] = {}
    leaders: list[Term] = []

    def join(wikidata: str, name: str, country: str, others: tuple[str, ...] = ()) -> Person:
        places = [(fold(form), country) for n in (name, *others) for form in dict.fromkeys((n, short(n)))]
        key = wikidata or next((by_name[p] for p in places if p in by_name), f"{places[0][0]}|{country}")
        for place in places:
            by_name.setdefault(place, key)
        person = people.setdefault(key, Person())
        person.said.append(name)
        return person

    for t in terms:
        if t.source == "reign":
            leaders.append(t)
        elif not t.office.startswith("Member of") or t.source == "parliament":
            join(t.wikidata, t.person, t.country.rstrip("*")).terms.append(t)
    for k in known:
        join(k.wikidata, k.name, k.country, k.aliases).known.append(k)
    _join_prominent(people, states)
    everybody = {name for name, _ in by_name}
    _join_leaders(people, [t for t in leaders if not _placed(t, people, by_name, everybody)], states)
    return [_tidied(p, states) for p in people.values()]


def short(name: str) -> str:
    """Returns a name without middle initials and without "Jr": "Barack H. Obama" becomes "Barack Obama"."""
    words = _JUNIOR.sub("", name).split()
    return " ".join(w for i, w in enumerate(words) if i in (0, len(words) - 1) or not re.fullmatch(r"[A-Z]\.?", w))


def _join_prominent(people: dict[str, Person], states: dict[str, str]) -> None:
    """Merges people of one state who held the same high office at the same time, if one name contains the other or they
    share the surname: "José Pedro Castillo Terrones" is Pedro Castillo.
    """
    groups: dict[tuple[str, str], list[tuple[str, Term]]] = defaultdict(list)
    for key, person in people.items():
        for t in person.terms:
            role = None if t.country.endswith("*") else role_of(t.office, t.country, states)
            if role in PROMINENT and t.source != "2019":
                groups[t.country, role].append((key, t))
    gone: dict[str, str] = {}
    for held in groups.values():
        for n, (key, t) in enumerate(held):
            for other, then in held[:n]:
                a, b = gone.get(other, other), gone.get(key, key)
                if a != b and _alike(t, then) and not (_identified(people[a]) and _identified(people[b])):
                    kept, lost = (a, b) if _identified(people[a]) or not _identified(people[b]) else (b, a)
                    people[kept].terms += people[lost].terms
                    people[kept].known += people[lost].known
                    people[kept].said += people[lost].said
                    del people[lost]
                    gone = {k: kept if v == lost else v for k, v in gone.items()} | {lost: kept}


def _identified(person: Person) -> bool:
    return any(x.wikidata for x in (*person.terms, *person.known))


def _alike(one: Term, other: Term) -> bool:
    """Returns whether two terms of one office may belong to one person: they overlap in time and the names match."""
    if one.begins[1] > other.ends[1] or other.begins[1] > one.ends[1]:
        return False
    first, second = short(one.person), short(other.person)
    a, b = set(fold(first).split()), set(fold(second).split())
    if len(a & b) >= 2 and (a <= b or b <= a):
        return True
    began = abs(int(one.begins[1][:4]) - int(other.begins[1][:4])) <= 1
    return began and surname(first, one.country) == surname(second, other.country)


def _placed(leader: Term, people: dict[str, Person], by_name: dict[tuple[str, str], str], everybody: set[str]) -> bool:
    """Adds a leader's term to the person with that full name, if there is one."""
    if " " not in leader.person:
        return False
    key = by_name.get((fold(leader.person), leader.country))
    if key in people:
        people[key].terms.append(leader)
    return key in people or fold(leader.person) in everybody  # known in another state


def _join_leaders(people: dict[str, Person], leaders: list[Term], states: dict[str, str]) -> None:
    """Assigns REIGN's terms to people. REIGN names most leaders by surname alone: a term joins a matching known person,
    or else makes a new person.
    """
    chiefs: dict[tuple[str, str], set[str]] = defaultdict(set)
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, person in people.items():
        for name in person.names():
            bearers[person.country(), fold(surname(name, person.country())).split(" ")[-1]].add(key)
        for t in person.terms:
            if role_of(t.office, t.country, states) in _CHIEF | {"vice president"}:
                chiefs[t.country, fold(surname(t.person, t.country)).split(" ")[-1]].add(key)
    for t in leaders:
        name = t.person.split(",")[0]
        at = t.country, fold(name).split(" ")[-1]
        keys = {k for k in chiefs.get(at, ()) if _same_person(t, people[k].terms)}
        if not keys and len(at[1]) >= RARE and len(bearers[at]) == 1:
            keys = bearers[at]  # the only politician with that surname
        if len(keys) == 1:
            people[next(iter(keys))].terms.append(t)
        elif not keys and len(name) > 2:
            people.setdefault(f"reign|{t.person}|{t.country}", Person()).terms.append(t)


def confirmed(person: Person) -> bool:
    """Returns whether a person may be shipped. REIGN states no licence: people only in REIGN merely end others'
    terms.
    """
    return bool(person.known) or any(t.source != "reign" for t in person.terms)


def _same_person(leader: Term, known: list[Term]) -> bool:
    """Returns whether a leader's term, known by surname alone, may belong to a known person: within three years of
    another of that person's terms.
    """

    def years(term: Term) -> tuple[int, int]:
        last = term.ends[1] if term.ends[1] != NEVER else term.ends[0] or term.begins[1]
        return int(term.begins[0][:4] or term.begins[1][:4]), int(last[:4])

    first, last = years(leader)
    return any(first <= there + 3 and here - 3 <= last for here, there in map(years, known))


def _tidied(person: Person, states: dict[str, str]) -> Person:
    """Removes duplicate terms. Of two tables' terms the one with an end wins, else the one seen last. REIGN's days then
    refine the years of other tables.
    """
    kept: dict[tuple[str, str, str], Term] = {}
    for t in sorted(person.terms, key=lambda t: (t.ends[1] == NEVER, t.ends[0])):
        at = t.country, t.office, t.begins[1][:7]
        if at in kept and kept[at].ends[1] != NEVER and t.ends[1] == NEVER:
            continue
        kept[at] = t
    person.terms = list(kept.values())
    led = [t for t in person.terms if t.source == "reign"]
    if led:
        person.terms = [
            _sharpened(t, led) if t.source != "2019" and role_of(t.office, t.country, states) in _CHIEF else t
            for t in person.terms
        ]
    return person


def _sharpened(term: Term, led: list[Term]) -> Term:
    """Returns a term with the more precise begin and end of another table, if they lie within its own."""
    for t in led:
        if t.country == term.country and _within(t.begins, term.begins):
            term = term._replace(begins=t.begins)
            if _within(t.ends, term.ends):
                term = term._replace(ends=(max(t.ends[0], term.ends[0]), t.ends[1]))
            elif t.ends[1] == NEVER and term.ends[0] <= t.ends[0] <= term.ends[1]:
                term = term._replace(ends=(t.ends[0], term.ends[1]))
    return term


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer and inner[1] != NEVER


def successive(people: list[Person], states: dict[str, str]) -> None:
    """Adjusts the terms of offices with one holder at a time: no term ends after the next one begins or begins before
    the previous one ends, as far as the tables distinguish them.
    """
    series: dict[tuple[str, str], list[tuple[Person, int]]] = defaultdict(list)
    for person in people:
        for n, t in enumerate(person.terms):
            role = None if t.country.endswith("*") else role_of(t.office, t.country, states)
            if role in SINGLE and t.source != "2019" and t.begins[0] != EVER:
                series[t.country, t.office].append((person, n))
    for terms in series.values():
        terms.sort(key=lambda at: (at[0].terms[at[1]].begins[1], at[0].terms[at[1]].ends[0]))
        for (before, a), (after, b) in zip(terms, terms[1:]):
            first, then = before.terms[a], after.terms[b]
            if before is after or first.begins[1] >= then.begins[1] or first.ends[0] > then.begins[1]:
                continue  # the same person, or two at the same time
            before.terms[a] = first._replace(ends=(first.ends[0], min(first.ends[1], then.begins[1])))
            after.terms[b] = then._replace(begins=(max(then.begins[0], first.ends[0]), then.begins[1]))


def spellings(names: list[str], country: str, prominent: bool) -> dict[str, str]:
    """Returns the names a person is known by, with the kind of each: "name" or "surname"."""
    found = {n: "name" for n in names}
    for n in names:
        found.setdefault(short(n), "name")
    for n in list(found):  # "Bashar Assad" for Bashar al-Assad
        if (bare := re.sub(r"(?i)\b(?:al|el|ul)[- ](?=\w)", "", n)) != n and len(bare.split()) > 1:
            found.setdefault(bare, "name")
    if prominent:
        for n in names:
            last = surname(_JUNIOR.sub("", n), country)
            for form in {last, re.sub(r"(?i)^(?:al|el|ul|bin)[- ]", "", last)}:
                found.setdefault("~" + form, "surname")
    return {n.lstrip("~"): kind for n, kind in found.items()}
