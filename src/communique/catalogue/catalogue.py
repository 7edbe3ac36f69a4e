"""Who is who: states, people with their offices by date, organisations, common nouns for kinds of people, places,
publishers.
"""

from __future__ import annotations

import csv
import gzip
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..schema import Sector
from .fold import fold, surname
from .gazetteer import Gazetteer, PlaceEntry

HERE = Path(__file__).parent
SECTORS = frozenset(Sector.__args__)  # type: ignore[attr-defined]
SPECIAL = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))
COLUMNS = ("name", "aliases", "wikidata", "country", "sector", "office", "from", "to")


class CatalogueError(ValueError):
    """A user's catalogue with faults, each with its line and column."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A party of the catalogue; `alias` says how it was named: name, demonym, seat or surname."""

    key: int
    name: str
    wikidata: str | None
    country: str | None
    sector: Sector
    also: tuple[Sector, ...]
    kind: str
    alias: str = "name"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office; `start` and `end` are days or unknown, `seen` the day to which an open term is known."""

    country: str
    office: str
    role: str | None
    sector: Sector
    start: str | None
    end: str | None
    seen: str | None
    source: str

    def holds(self, day: str) -> bool:
        """Whether the office was held on the day, as far as the table knows."""
        if self.source == "2019":
            return (self.start or "")[:4] == day[:4]
        return (self.start is None or self.start <= day) and day <= (self.end or self.seen or self.start or "")

    def before(self, day: str) -> bool:
        return bool(self.end and self.end < day)


class Catalogue:
    """The catalogue that ships, and a user's own rows before it. Look-ups are remembered; threads may share one."""

    def __init__(self, user: str | Path | None = None) -> None:
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.deserialize(gzip.decompress((HERE / "catalogue.sqlite.gz").read_bytes()))
        self._lock = threading.Lock()
        self._small: dict[str, list[Entry]] = {}
        self.states: dict[str, Entry] = {}
        for row in self._ask(
            "select alias.folded, party.*, alias.kind from alias join party on party.id = alias.party "
            "where party.kind != 'person'"
        ):
            entry = self._entry(row[1:])
            self._small.setdefault(row[0], []).append(entry)
            if entry.kind == "state" and entry.country:
                self.states.setdefault(
                    entry.country, Entry(entry.key, entry.name, entry.wikidata, entry.country, "GOV", (), "state")
                )
        self._user_terms: dict[int, list[Term]] = {}
        self._user: dict[str, list[Entry]] = {}
        if user is not None:
            self._load(Path(user))
        self.people = lru_cache(maxsize=50_000)(self._people)
        self.terms = lru_cache(maxsize=50_000)(self._terms)
        self.holders = lru_cache(maxsize=20_000)(self._holders)
        self.noun = lru_cache(maxsize=50_000)(self._noun)
        self.gazetteer = Gazetteer()

    def _ask(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._base.execute(query, values).fetchall()

    @staticmethod
    def _entry(row: tuple[Any, ...]) -> Entry:
        key, name, wikidata, country, sector, also, kind, alias = row
        further = tuple(s for s in str(also or "").split(",") if s)
        return Entry(key, name, wikidata, country, sector, further, kind, alias)  # type: ignore[arg-type]

    def named(self, text: str) -> list[Entry]:
        """States and organisations, or a user's own parties, of this very name."""
        folded = fold(text)
        return self._user.get(folded, []) + self._small.get(folded, [])

    def by_wikidata(self, identity: str) -> list[Entry]:
        """The parties with a Wikidata id."""
        return [
            self._entry((*r, "name"))
            for r in self._ask("select * from party where wikidata = ? order by id", (identity,))
        ]

    def _people(self, folded: str) -> tuple[Entry, ...]:
        rows = self._ask(
            "select party.*, alias.kind from alias join party on party.id = alias.party "
            "where folded = ? and party.kind = 'person' order by party.id",
            (folded,),
        )
        return tuple(e for e in self._user.get(folded, []) if e.kind == "person") + tuple(self._entry(r) for r in rows)

    def _terms(self, key: int) -> tuple[Term, ...]:
        if key in self._user_terms:
            return tuple(self._user_terms[key])
        rows = self._ask(
            'select country, office, role, sector, start, "end", seen, source from term where party = ? '
            "order by start, office",
            (key,),
        )
        return tuple(Term(*r) for r in rows)

    def _holders(self, country: str, role: str, day: str) -> tuple[tuple[Entry, Term], ...]:
        """Who held an office of this role in a state on a day, each person once."""
        rows = self._ask(
            """select party.*, 'name', term.country, office, role, term.sector, start, "end", seen, source from term
            join party on party.id = term.party
            where term.country = ? and role = ? order by party.id, start desc""",
            (country, role),
        )
        found: dict[int, tuple[Entry, Term]] = {}
        for row in rows:
            term = Term(*row[8:])
            if term.holds(day) and row[0] not in found:
                found[row[0]] = (self._entry(row[:8]), term)
        # Terms known by the day before those known by the year, and those before the snapshot of 2019.
        for sources in (("2021", "2019"), ("2019",), ()):
            if kept := {k: v for k, v in found.items() if v[1].source not in sources}:
                return tuple(kept.values())
        return ()

    def _noun(self, text: str) -> tuple[Sector, bool] | None:
        """Sector of a common noun for people, and whether it is the plural."""
        forms = [fold(text), fold(text.replace("-", " "))]  # "asylum-seekers"
        rows = next(
            (
                r
                for f in dict.fromkeys(forms)
                if (r := self._ask("select sector, plural from noun where folded = ?", (f,)))
            ),
            None,
        )
        return (rows[0][0], bool(rows[0][1])) if rows else None

    def places(self, name: str) -> list[PlaceEntry]:
        """States, divisions, regions and towns of 15,000 people or more of a name, the most populous first."""
        return [
            e
            for e in self.gazetteer.named(name)
            if e.kind in ("country", "admin1", "feature") or e.kind == "town" and e.population >= 15_000
        ]

    def publisher(self, domain: str) -> tuple[str, str | None] | None:
        """Name and country of the publisher of a web domain."""
        domain = domain.lower().removeprefix("www.")
        while "." in domain:
            rows = self._ask("select name, country from publisher where domain = ?", (domain,))
            if rows:
                return rows[0]
            domain = domain.split(".", 1)[1]
        return None

    def _load(self, path: Path) -> None:
        """A user's rows; every fault is named with its line and column."""
        faults: list[str] = []
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CatalogueError(f"{path}: {error}") from None
        if not rows:
            raise CatalogueError(f"{path}: no rows under the header {','.join(COLUMNS)}")
        unknown = [c for c in rows[0] if c not in COLUMNS]
        if unknown or "name" not in rows[0]:
            raise CatalogueError(
                f"{path}: line 1: columns are {','.join(COLUMNS)}"
                + (f"; unknown: {', '.join(map(str, unknown))}" if unknown else "")
            )
        for number, row in enumerate(rows, 2):
            name, country, sector = (
                (row.get("name") or "").strip(),
                (row.get("country") or "").strip(),
                (row.get("sector") or "").strip() or "GOV",
            )
            if not name:
                faults.append(f"line {number}, column name: empty")
            if country and country not in self.states and country not in SPECIAL:
                faults.append(
                    f"line {number}, column country: '{country}' is no ISO 3166 alpha-3 code nor one of "
                    f"{', '.join(sorted(SPECIAL))}"
                )
            if sector not in SECTORS:
                faults.append(f"line {number}, column sector: '{sector}' is none of {', '.join(sorted(SECTORS))}")
            wikidata = (row.get("wikidata") or "").strip()
            if wikidata and not (wikidata[0] == "Q" and wikidata[1:].isdigit()):
                faults.append(f"line {number}, column wikidata: '{wikidata}' is no Wikidata id")
            for column in ("from", "to"):
                day = (row.get(column) or "").strip()
                if day and not _is_day(day):
                    faults.append(f"line {number}, column {column}: '{day}' is no day (YYYY-MM-DD)")
            if faults:
                continue
            office = (row.get("office") or "").strip()
            key = -number
            kind = "person" if office else "organisation"
            entry = Entry(key, name, wikidata or None, country or None, sector, (), kind)  # type: ignore[arg-type]
            for alias in {name, *filter(None, (a.strip() for a in (row.get("aliases") or "").split(";")))}:
                self._user.setdefault(fold(alias), []).append(entry)
            if office:
                start, end = (row.get("from") or "").strip() or None, (row.get("to") or "").strip() or None
                self._user_terms[key] = [Term(country, office, None, sector, start, end, "9999-12-31", "user")]  # type: ignore[arg-type]
        if faults:
            raise CatalogueError(f"{path}: " + "; ".join(faults[:20]))

    def surname(self, entry: Entry) -> str:
        return surname(entry.name, entry.country)


def _is_day(day: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return len(day) == 10
