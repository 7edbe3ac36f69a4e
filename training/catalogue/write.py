"""Writes the shipped files: SQLite databases that are queried in place and small enough to open at once."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from communique.catalogue.catalogue import ALIASES, KINDS, OWN, SAME, SORTS, key_of
from communique.catalogue.fold import fold

from .bodies import Body, Merged
from .names import Names
from .offices import Term, role_of, sector_of
from .people import PROMINENT, Person, spellings
from .sources import AT, SOURCES
from .spans import number

SCHEMA = """
create table party(id integer primary key, name text not null, wikidata integer, country text, sector text, also text,
    kind integer not null, sort integer not null, sources integer not null, first text, last text);
create table alias(key integer not null, party integer not null, kind integer not null, placed integer not null,
    primary key(key, party, kind)) without rowid;
create table office(id integer primary key, name text not null, role text, sector text not null);
create table term(id integer primary key, party integer not null, country text not null, office integer not null,
    began_first integer, began_last integer, ended_first integer, ended_last integer, source integer not null);
create table holder(country text not null, role text not null, term integer not null,
    primary key(country, role, term)) without rowid;
create table conflict(party integer not null, field text not null, value text not null, source integer not null);
create table noun(folded text primary key, sector text, plural integer) without rowid;
create table publisher(domain text primary key, name text, country text) without rowid;
create table source(id integer primary key, key text, shown text, licence text);
"""
INDEXES = """
create index term_party on term(party);
create index party_wikidata on party(wikidata) where wikidata is not null;
create index party_kind on party(kind) where kind = 0;
create index conflict_party on conflict(party);
"""


class Writer:
    """Writes one database. Its party numbers start after `first`, so that two databases do not share numbers."""

    def __init__(self, names: Names | None, first: int = 0) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.executescript(SCHEMA)
        self.base.executemany(
            "insert into source values(?,?,?,?)", [(n, s.key, s.shown, s.licence) for n, s in enumerate(SOURCES)]
        )
        self._names, self._count = names, first
        self._offices: dict[str, int] = {}
        self.told: Counter[tuple[str, str]] = Counter()  # number of names by kind and table

    def party(
        self,
        name: str,
        wikidata: str,
        country: str,
        sector: str,
        also: Iterable[str],
        kind: str,
        sort: str,
        sources: Iterable[str],
        aliases: Mapping[tuple[str, str], bool],
        years: tuple[str, str] = ("", ""),
    ) -> int:
        """Adds a party; `aliases` maps each name and its kind to whether it needs its country."""
        self._count += 1
        mask = sum(1 << AT[s] for s in set(sources))
        number_of = int(wikidata[1:]) if wikidata else None
        row = (
            self._count,
            name,
            number_of,
            country,
            sector,
            ",".join(also) or None,
            KINDS.index(kind),
            SORTS.index(sort),
            mask,
        )
        self.base.execute("insert into party values(?,?,?,?,?,?,?,?,?,?,?)", (*row, years[0] or None, years[1] or None))
        keys: dict[tuple[int, int], int] = {}
        for (text, how), placed in aliases.items():
            if folded := fold(text):
                at = key_of(folded), ALIASES.index(how)
                keys[at] = min(keys.get(at, 1), int(placed))
        self.base.executemany(
            "insert into alias values(?,?,?,?)", sorted((k, self._count, how, p) for (k, how), p in keys.items())
        )
        for source in sources:
            self.told[sort, source] += len(keys)
        return self._count

    def body(self, body: Merged, kind: str = "organisation") -> None:
        """Adds a body. Names from other tables than our own are checked before they may stand without their country."""
        best = body.best
        aliases: dict[tuple[str, str], bool] = {}
        looked_at = {n for r in body.rows if r.source in OWN for n in (r.name, *r.aliases)}
        for name in body.names():
            decided = ("name", False) if name in looked_at or not self._names else self._names.kind(name)
            if decided is not None:
                aliases[name, decided[0]] = decided[1]
        if not aliases:
            return
        key = self.party(
            best.name,
            next((r.wikidata for r in body.rows if r.wikidata), ""),
            best.country,
            best.sector,
            best.also,
            kind,
            best.sort,
            {r.source for r in body.rows},
            aliases,
            years=(best.first, best.last),
        )
        self._conflicts(key, best, body.rows)

    def _conflicts(self, key: int, best: Body, rows: list[Body]) -> None:
        for field, told in (("country", best.country), ("sector", best.sector)):
            values = {(getattr(r, field), r.source) for r in rows} - {(told, best.source)}
            if any(v != told for v, _ in values):
                for value, source in sorted(values | {(told, best.source)}):
                    self.base.execute("insert into conflict values(?,?,?,?)", (key, field, value, AT[source]))

    def person(self, person: Person, states: dict[str, str]) -> None:
        """Adds a person with all terms of office."""
        names, country = person.names(), person.country()
        wikidata = next((w for x in (*person.terms, *person.known) if (w := x.wikidata)), "")
        roles = {role_of(t.office, t.country, states) for t in person.terms if not t.country.endswith("*")}
        others = [a for k in person.known for a in k.aliases]
        forms = spellings([*names, *others], country, bool(roles & PROMINENT))
        sectors = person.sectors()
        sources = person.sources()
        aliases = {(n, how): False for n, how in forms.items()}
        key = self.party(names[0], wikidata, country, sectors[0][0], (), "person", "person", sources, aliases)
        told = {(s, source) for s, source in sectors if source in ("politicians", "sanctioned people")}
        if any(s != sectors[0][0] for s, _ in told):
            for sector, source in sorted(told | {sectors[0]}):
                self.base.execute("insert into conflict values(?,?,?,?)", (key, "sector", sector, AT[source]))
        for t in person.terms:
            self._term(key, t, states)

    def _term(self, key: int, term: Term, states: dict[str, str]) -> None:
        part = term.country.endswith("*")
        role = None if part else role_of(term.office, term.country, states)
        name = f"{term.office}\t{role}"
        if name not in self._offices:
            self._offices[name] = len(self._offices) + 1
            row = self._offices[name], term.office, role, sector_of(term.office)
            self.base.execute("insert into office values(?,?,?,?)", row)
        days = [
            d
            for span in (term.begins, term.ends)
            for d in (number(span[0]), SAME if span[0] == span[1] else number(span[1]))
        ]
        country = term.country.rstrip("*")
        added = self.base.execute(
            "insert into term values(null,?,?,?,?,?,?,?,?)",
            (key, country, self._offices[name], *days, AT[term.source]),
        )
        if role:
            self.base.execute("insert into holder values(?,?,?)", (country, role, added.lastrowid))

    def save(self, path: Path) -> int:
        """Writes the file and returns its size in bytes."""
        self.base.executescript(INDEXES)
        self.base.commit()
        self.base.execute("vacuum")
        new = path.with_suffix(".new")  # processes that have the old file open keep it
        new.write_bytes(self.base.serialize())
        return new.replace(path).stat().st_size

    def rows(self) -> dict[str, int]:
        tables = ("party", "alias", "term", "office", "conflict", "noun", "publisher")
        return {t: self.base.execute(f"select count(*) from {t}").fetchone()[0] for t in tables}


def report(told: Counter[tuple[str, str]]) -> str:
    """Returns the numbers of names by kind and table as a Markdown table."""
    kinds = sorted({k for k, _ in told})
    by_source: dict[str, dict[str, int]] = defaultdict(dict)
    for (kind, source), count in told.items():
        by_source[source][kind] = count
    shown = ["| table | licence | " + " | ".join(kinds) + " |", "| --- | --- |" + " ---: |" * len(kinds)]
    for source in SOURCES:
        if counts := by_source.get(source.key):
            cells = " | ".join(f"{counts[k]:,}" if k in counts else "" for k in kinds)
            shown.append(f"| {source.shown} | {source.licence} | {cells} |")
    return "\n".join(shown)
