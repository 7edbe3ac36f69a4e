"""Who is who: states, people with their offices by date, organisations, common nouns for kinds of people, places,
publishers.

The tables are SQLite files that are opened read-only and queried in place: `catalogue.sqlite`, and `odbl.sqlite` with
the data under the Open Database License. `training/catalogue/` writes them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
import threading
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..schema import Sector
from .fold import fold, surname
from .gazetteer import Gazetteer, PlaceEntry

HERE = Path(__file__).parent
FILES = ("catalogue.sqlite", "odbl.sqlite")
SECTORS = frozenset(Sector.__args__)  # type: ignore[attr-defined]
SPECIAL = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))
COLUMNS = ("name", "aliases", "wikidata", "country", "sector", "office", "from", "to")
KINDS = ("state", "organisation", "person", "people", "region")
ALIASES = ("name", "demonym", "seat", "surname", "acronym")
SORTS = (
    "state", "person", "people", "region", "agency", "armed group", "association", "company", "court", "force",
    "intelligence service", "international body", "medium", "parliament", "party", "police", "university",
)  # fmt: skip
SAME = 0  # in the file: the last day of a span equals the first
OWN = ("table", "phoenix")  # tables with names checked one by one
GAP = 120  # most days between two terms of one person with nobody else in office
NAMED_FAULTS = 20  # most faults of a user's catalogue that an error names
EVER, NEVER = "", "9999-12-31"  # the bounds of an unknown day


class CatalogueError(ValueError):
    """Raised for faults in a user's catalogue; names each with its line and column."""


def key_of(folded: str) -> int:
    """Returns the number under which a folded name is looked up."""
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=6).digest(), "little")


@dataclass(frozen=True, slots=True)
class Entry:
    """A party of the catalogue.

    `alias` says how it was named: name, demonym, seat, surname or acronym. `placed` says that this name means it only
    beside its country. `first` and `last` say from and until when it is known: days of states, years of others.
    """

    key: int
    name: str
    wikidata: str | None
    country: str | None
    sector: Sector
    also: tuple[Sector, ...]
    kind: str
    alias: str = "name"
    placed: bool = False
    sort: str = ""
    first: str | None = None
    last: str | None = None

    def existed(self, day: str | None) -> bool:
        """Returns whether a state had been founded by a day. True if either day is unknown."""
        return day is None or self.first is None or self.first <= day


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office. `begins` and `ends` are spans: the first and last day on which it may have begun or ended."""

    country: str
    office: str
    role: str | None
    sector: Sector
    begins: tuple[str, str]
    ends: tuple[str, str]
    source: str

    def holds(self, day: str) -> bool:
        """Returns whether the office was certainly held on the day, as far as the table knows."""
        return self.begins[1] <= day <= self.ends[0]

    def may_hold(self, day: str) -> bool:
        """Returns whether the office may have been held on the day."""
        return self.begins[0] <= day <= self.ends[1]

    def before(self, day: str) -> bool:
        """Returns whether the term had ended by the day."""
        return self.ends[1] < day

    def after(self, day: str) -> bool:
        """Returns whether the term began later than the day."""
        return day < self.begins[0]

    @property
    def start(self) -> str | None:
        """When it began, as precisely as known: "2021-07-28", "2021-07", "2021" or `None`."""
        return _known(self.begins)

    @property
    def end(self) -> str | None:
        """When it ended, as precisely as known; `None` also if it has not ended."""
        return _known(self.ends)

    @property
    def seen(self) -> str | None:
        """The last day on which the office was certainly held."""
        return self.ends[0] or None


def _known(span: tuple[str, str]) -> str | None:
    return next((span[0][:size] for size in (10, 7, 4) if span[0] and span[0][:size] == span[1][:size]), None)


def _day(number: int | None, unknown: str) -> str:
    return unknown if number is None else f"{number // 10000:04}-{number // 100 % 100:02}-{number % 100:02}"


def _between(terms: list[tuple[Entry, Term]], day: str) -> tuple[tuple[Entry, Term], ...]:
    """Returns who held an office both before and after a day, if the tables have a short gap between two terms of one
    person: an acting premier between an election and the new term.
    """
    earlier = max((t for t in terms if t[1].before(day)), key=lambda t: t[1].ends[1], default=None)
    later = min((t for t in terms if t[1].after(day)), key=lambda t: t[1].begins[0], default=None)
    if earlier is None or later is None or earlier[0].key != later[0].key:
        return ()
    gap = date.fromisoformat(later[1].begins[0]) - date.fromisoformat(earlier[1].ends[1])
    return (later,) if gap.days <= GAP else ()


def _span(first: int | None, last: int | None) -> tuple[str, str]:
    return _day(first, EVER), _day(first if last == SAME else last, NEVER)


_PARTY = ", ".join(
    f'party."{c}"' for c in ("id", "name", "wikidata", "country", "sector", "also", "kind", "sort", "first", "last")
)
_TERM = (
    "term.country, office.name, office.role, office.sector, began_first, began_last, ended_first, ended_last, source"
)


class _Every:
    """Contains every key."""

    def __contains__(self, key: object) -> bool:
        return True


class Catalogue:
    """The shipped catalogue, and a user's own rows before it. Lookups are cached; threads may share one."""

    def __init__(self, user: str | Path | None = None) -> None:
        self._bases = [
            sqlite3.connect(f"{(HERE / f).resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            for f in FILES
        ]
        self._lock = threading.Lock()
        # The further databases are small and have few names: most lookups need not query them.
        self._keys: list[Container[int]] = [_Every()]
        self._keys += [{row[0] for row in base.execute("select key from alias")} for base in self._bases[1:]]
        self._sources = [str(row[0]) for row in self._bases[0].execute("select key from source order by id")]
        # The last party of our own tables and the dictionaries, with names checked one by one.
        own = sum(1 << self._sources.index(s) for s in OWN)
        self.core = int(
            self._bases[0].execute("select min(id) - 1 from party where sources & ? = 0", (own,)).fetchone()[0]
        )
        self.states: dict[str, Entry] = {}
        for row in self._ask(f"select {_PARTY}, 0, 0 from party where kind = 0 order by id"):
            entry = self._entry(row)
            if entry.country:
                self.states.setdefault(entry.country, entry)
        self._user_terms: dict[int, list[Term]] = {}
        self._user: dict[str, list[Entry]] = {}
        if user is not None:
            self._load(Path(user))
        self.bearers = lru_cache(maxsize=50_000)(self._bearers)
        self._named = lru_cache(maxsize=50_000)(self._find_named)
        self._twin = lru_cache(maxsize=50_000)(self._find_twin)
        self.terms = lru_cache(maxsize=50_000)(self._terms)
        self.holders = lru_cache(maxsize=20_000)(self._holders)
        self.noun = lru_cache(maxsize=50_000)(self._noun)
        self.gazetteer = Gazetteer()

    def _ask(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return [row for base in self._bases for row in base.execute(query, values)]

    @staticmethod
    def _entry(row: tuple[Any, ...]) -> Entry:
        key, name, wikidata, country, sector, also, kind, sort, first, last, alias, placed = row
        further = tuple(s for s in str(also or "").split(",") if s)
        identity = f"Q{wikidata}" if wikidata else None
        return Entry(
            key,
            name,
            identity,
            country,
            sector,
            further,  # type: ignore[arg-type]
            KINDS[kind],
            ALIASES[alias],
            bool(placed),
            SORTS[sort],
            first,
            last,
        )

    def _bearers(self, folded: str) -> tuple[Entry, ...]:
        """Returns all parties with a folded name, a user's own first. Includes those that the name means only beside
        their country.
        """
        key = key_of(folded)
        query = (
            f"select {_PARTY}, alias.kind, placed from alias join party on party.id = alias.party "
            "where key = ? order by party.id"
        )
        with self._lock:
            rows = [
                row for base, keys in zip(self._bases, self._keys) if key in keys for row in base.execute(query, (key,))
            ]
        kept: dict[object, Entry] = {}
        for entry in map(self._entry, rows):
            known = self._identified(entry)
            kept.setdefault(
                (known.wikidata, known.alias) if known.kind == "person" and known.wikidata else known, known
            )
        return (*self._user.get(folded, ()), *kept.values())

    def _identified(self, entry: Entry) -> Entry:
        """Returns a person without an id with the id from another row of the same person, if there is one."""
        if entry.kind != "person" or entry.wikidata or (twin := self._twin(entry.key)) is None:
            return entry
        return replace(entry, wikidata=f"Q{twin[1]}")

    def _find_twin(self, key: int) -> tuple[int, int | None] | None:
        """Returns key and id of the other row of a person whom some tables know by a Wikidata id and others without:
        the only row with the same name and state, if exactly one of the two has an id.
        """
        person = KINDS.index("person")
        for name, country in self._ask("select name, country from party where id = ? and kind = ?", (key, person)):
            rows = self._ask(
                """select other.id, other.wikidata from alias join party as other on other.id = alias.party
                join party as own on own.id = ? where alias.key = ? and alias.kind = 0 and other.kind = ?
                and other.name = ? and other.country = ? and (other.wikidata is null) <> (own.wikidata is null)""",
                (key, key_of(fold(name)), person, name, country),
            )
            return (rows[0][0], rows[0][1]) if len(rows) == 1 else None
        return None

    def named(self, text: str) -> tuple[Entry, ...]:
        """Returns states, organisations and a user's own parties of this very name, if it needs no country with it."""
        return self._named(text)

    def _find_named(self, text: str) -> tuple[Entry, ...]:
        return tuple(
            e for e in self.bearers(fold(text)) if not e.placed and (e.kind in ("state", "organisation") or e.key < 0)
        )

    def people(self, folded: str) -> tuple[Entry, ...]:
        """Returns people with a folded name, or surname if they are known by it."""
        return tuple(e for e in self.bearers(folded) if e.kind == "person")

    def by_wikidata(self, identity: str) -> list[Entry]:
        """Returns the parties with a Wikidata id."""
        if not identity[1:].isdigit() or len(identity) > 18:
            return []
        rows = self._ask(f"select {_PARTY}, 0, 0 from party where wikidata = ? order by id", (int(identity[1:]),))
        return [self._entry(r) for r in rows]

    def sources(self, entry: Entry) -> tuple[str, ...]:
        """Returns the tables that list a party."""
        for (mask,) in self._ask("select sources from party where id = ?", (entry.key,)):
            return tuple(s for n, s in enumerate(self._sources) if mask >> n & 1)
        return ("user",)

    def conflicts(self, entry: Entry) -> list[tuple[str, str, str]]:
        """Returns where tables disagree on a party: field, value, table."""
        rows = self._ask("select field, value, source from conflict where party = ? order by 1, 2, 3", (entry.key,))
        return [(r[0], r[1], self._sources[r[2]]) for r in rows]

    def spellings(self) -> list[tuple[str, str, str | None, str | None, str]]:
        """Returns the name of every party: folded, as written, country, Wikidata id and kind."""
        rows = self._ask(f"select {_PARTY}, 0, 0 from party order by id")
        user = [(f, e.name, e.country, e.wikidata, e.kind) for f, some in self._user.items() for e in some]
        entries = map(self._entry, rows)
        return user + [(fold(e.name), e.name, e.country, e.wikidata, e.kind) for e in entries]

    def _term(self, row: tuple[Any, ...]) -> Term:
        country, office, role, sector, b0, b1, e0, e1, source = row
        begins, ends = _span(b0, b1), _span(e0, e1)
        return Term(country, office, role, sector, begins, ends, self._sources[source])

    def _terms(self, key: int) -> tuple[Term, ...]:
        if key in self._user_terms:
            return tuple(self._user_terms[key])
        twin = self._twin(key)
        rows = self._ask(
            f"select {_TERM} from term join office on office.id = term.office "
            "where party in (?, ?) order by began_first, office.name",
            (key, key if twin is None else twin[0]),
        )
        return tuple(map(self._term, rows))

    def _holders(self, country: str, role: str, day: str) -> tuple[tuple[Entry, Term], ...]:
        """Returns who certainly held an office of this role in a state on a day, each person once. Snapshots (those of
        2019 last) count only if nothing better is known.
        """
        rows = self._ask(
            f"""select {_TERM}, {_PARTY}, 0, 0 from holder join term on term.id = holder.term
            join office on office.id = term.office join party on party.id = term.party
            where holder.country = ? and holder.role = ? order by party.id, began_first desc""",
            (country, role),
        )
        terms = [(self._identified(self._entry(row[9:])), self._term(row[:9])) for row in rows]
        found: dict[int | str, tuple[Entry, Term]] = {}
        for entry, term in terms:
            if term.holds(day):
                found.setdefault(entry.wikidata or entry.key, (entry, term))
        for sources in (("2021", "2019", "factbook people"), ("2019", "factbook people"), ("2019",), ()):
            if kept := {k: v for k, v in found.items() if v[1].source not in sources}:
                return tuple(kept.values())
        return _between(terms, day)

    def _noun(self, text: str) -> tuple[Sector, bool] | None:
        """Returns the sector of a common noun for people, and whether it is a plural; `None` if unknown."""
        for form in dict.fromkeys((fold(text), fold(text.replace("-", " ")))):  # "asylum-seekers"
            if rows := self._ask("select sector, plural from noun where folded = ?", (form,)):
                return rows[0][0], bool(rows[0][1])
        return None

    def places(self, name: str) -> list[PlaceEntry]:
        """Returns the states, divisions, regions and towns of 15,000 people or more with a name, the most populous
        first.
        """
        return [
            e
            for e in self.gazetteer.named(name)
            if e.kind in ("country", "admin1", "feature") or e.kind == "town" and e.population >= 15_000
        ]

    def publisher(self, domain: str) -> tuple[str, str | None] | None:
        """Returns name and country of the publisher of a web domain, or `None` if unknown."""
        domain = domain.lower().removeprefix("www.")
        while "." in domain:
            rows = self._ask("select name, country from publisher where domain = ?", (domain,))
            if rows:
                return rows[0]
            domain = domain.split(".", 1)[1]
        return None

    def _load(self, path: Path) -> None:
        """Loads a user's rows. Raises `CatalogueError`, which names faults with line and column."""
        rows, faults = _read(path)
        for line, row in rows:
            values = {c: (row.get(c) or "").strip() for c in COLUMNS}
            if found := self._faults(values):
                faults += [f"line {line}, {fault}" for fault in found]
            else:
                self._add(-line, values)
        if faults:
            more = f"; and {len(faults) - NAMED_FAULTS} more" if len(faults) > NAMED_FAULTS else ""
            raise CatalogueError(f"{path}: " + "; ".join(faults[:NAMED_FAULTS]) + more)

    def _faults(self, row: dict[str, str]) -> list[str]:
        """Returns the faults of a user's row, by column."""
        found = []
        country, sector, wikidata = row["country"], row["sector"], row["wikidata"]
        if not fold(row["name"]):
            found.append("column name: empty")
        if country and country not in self.states and country not in SPECIAL:
            codes = ", ".join(sorted(SPECIAL))
            found.append(f"column country: '{country}' is no ISO 3166 alpha-3 code nor one of {codes}")
        if sector and sector not in SECTORS:
            found.append(f"column sector: '{sector}' is not one of {', '.join(sorted(SECTORS))}")
        if wikidata and not (wikidata[0] == "Q" and wikidata[1:].isdecimal()):
            found.append(f"column wikidata: '{wikidata}' is no Wikidata id")
        days = [c for c in ("from", "to") if row[c] and not _is_day(row[c])]
        found += [f"column {c}: '{row[c]}' is not a day (YYYY-MM-DD)" for c in days]
        if not days and row["from"] and row["to"] and row["to"] < row["from"]:
            found.append(f"column to: '{row['to']}' lies before '{row['from']}' in column from")
        if not row["office"] and (row["from"] or row["to"]):
            found.append("column office: empty, and there is a day from or to which it was held")
        return found

    def _add(self, key: int, row: dict[str, str]) -> None:
        office = row["office"]
        sector, country = row["sector"] or "GOV", row["country"] or None
        kind = "person" if office else "organisation"
        entry = Entry(key, row["name"], row["wikidata"] or None, country, sector, (), kind)  # type: ignore[arg-type]
        for folded in sorted({fold(a) for a in (row["name"], *row["aliases"].split(";"))} - {""}):
            self._user.setdefault(folded, []).append(entry)
        if office:
            start, end = row["from"], row["to"]
            begins, ends = (start or EVER, start or EVER), (end or NEVER, end or NEVER)
            self._user_terms[key] = [Term(country, office, None, sector, begins, ends, "user")]  # type: ignore[arg-type]

    def surname(self, entry: Entry) -> str:
        return surname(entry.name, entry.country)


def _read(path: Path) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Returns the rows of a user's CSV by line, and its format faults. Raises `CatalogueError` if there is no table."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror or error}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise CatalogueError(f"{path}: line {line}, byte {column}: is not UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[str] = []
    header: list[str] = []
    try:
        header = [c.strip() for c in next(reader, [])]
        unknown = [c for c in header if c not in COLUMNS]
        twice = sorted({c for c in header if header.count(c) > 1})
        if unknown or twice or "name" not in header:
            told = f"; unknown: {', '.join(map(repr, unknown))}" if unknown else ""
            told += f"; twice: {', '.join(twice)}" if twice else ""
            raise CatalogueError(f"{path}: line 1: columns are {','.join(COLUMNS)}{told}")
        line = reader.line_num + 1
        for fields in reader:
            if any(f.strip() for f in fields):
                if len(fields) > len(header):
                    faults.append(
                        f"line {line}, column {len(header) + 1}: {len(fields)} fields under {len(header)} columns"
                    )
                rows.append((line, dict(zip(header, fields))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CatalogueError(f"{path}: line {reader.line_num}: {error}") from None
    if not rows:
        raise CatalogueError(f"{path}: no rows under the header {','.join(header)}")
    return rows, faults


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return len(day) == 10
