"""Builds the shipped catalogue from tables of facts.

    python -m training.catalogue DATA          DATA is the folder of the tables

States, organisations and common nouns come from our own `training/tables/`; `sources` names the other tables with their
licences. Each row records the tables that contain it; if they disagree, the table `conflict` holds each table's value.
ODbL tables go to a separate file. Prints how many names of each kind come from which table.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from communique.catalogue.catalogue import HERE
from communique.catalogue.fold import fold

from . import bodies, people
from .bodies import Merged
from .names import Names
from .nouns import common_nouns
from .offices import first_days, places, terms
from .sources import ODBL, lines
from .write import Writer, report

REPORT = Path("docs/catalogue-tables.md")


def build(data: Path, out: Path = HERE) -> None:
    named = {n: c for n, c in places().items() if not c.endswith("*")}
    states = list(lines("states.txt"))
    codes = {row[0] for row in states}
    ours = list(bodies.ours())
    forms = {fold(n) for row in states for field in row[2:] for n in field.split(";")}
    taken = forms | {fold(n) for b in ours for n in (b.name, *b.aliases)}
    base = [*ours, *bodies.dictionary(data, codes, set(taken))]
    rows = [row for table in bodies.TABLES for row in table(data)]
    every, by_name = bodies.merged([*base, *rows])
    bodies.confirm(data, by_name)
    names = Names(bodies.generic_words(every), bodies.shared_names(every), forms)

    main = Writer(names)
    longer = bodies.long_forms(data, set(forms))
    founded = first_days(t for t in terms(data) if t.source == "reign")
    for code, wikidata, name, others, adjectives, seats in states:
        aliases = {(n, how): False for how, field in (("seat", seats), ("demonym", adjectives)) for n in _parts(field)}
        main_names = {(n, "name"): False for n in (name, *_parts(others), *longer[code])}
        sources = ("table", "aliases") if longer[code] else ("table",)
        main.party(
            name,
            wikidata,
            code,
            "GOV",
            (),
            "state",
            "state",
            sources,
            aliases | main_names,
            (founded.get(code, ""), ""),
        )
    free = Writer(names, first=1_000_000)
    for body in every:
        _add(body, main, free)
    whole = [t for t in terms(data) if t.source not in ODBL]
    persons = people.merged(whole, people.known_people(data), named)
    people.successive(persons, named)
    persons = [p for p in persons if people.confirmed(p)]
    for person in persons:
        main.person(person, named)
    there = {(fold(n), p.country()) for p in persons for n in p.names()}
    for person in people.merged((t for t in terms(data) if t.source in ODBL), (), named):
        if not any((fold(people.short(n)), person.country()) in there for n in person.names()):
            free.person(person, named)
    main.base.executemany("insert or ignore into noun values(?,?,?)", common_nouns(data))
    with open(data / "publishers.csv", encoding="utf-8", newline="") as file:
        iso = bodies.iso3()
        rows_of = [(r["domain"].lower(), r["name"], iso.get(r["country_iso2"].upper())) for r in csv.DictReader(file)]
        main.base.executemany("insert or ignore into publisher values(?,?,?)", rows_of)
    _newspapers(data, main)
    for writer, file_name in ((main, "catalogue.sqlite"), (free, "odbl.sqlite")):
        print(file_name, writer.rows())
        print(f"{writer.save(out / file_name) / 2**20:.1f} MiB")
    told = report(main.told + free.told)
    REPORT.write_text(
        f"# Names of the catalogue by kind and table\n`make catalogue` writes this file.\n\n{told}\n", "utf-8"
    )
    print(told)


def _parts(field: str) -> list[str]:
    return [n for n in field.split(";") if n]


def _add(body: Merged, main: Writer, free: Writer) -> None:
    """Adds a body's rows to the database they belong to."""
    kind = {"people": "people", "region": "region"}.get(body.best.sort, "organisation")
    for writer, rows in (
        (main, [r for r in body.rows if r.source not in ODBL]),
        (free, [r for r in body.rows if r.source in ODBL]),
    ):
        if rows and (writer is main or len(rows) == len(body.rows)):  # other tables' bodies are not repeated in ODbL's
            writer.body(Merged(rows), kind)


def _newspapers(data: Path, main: Writer) -> None:
    """Adds publishers by web domain, after those of the publishers' own list."""
    with open(data / "newspapers.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            domain = r["domain"].lower().removeprefix("www.")
            if domain and "." in domain and "/" not in domain and r["country"]:
                main.base.execute("insert or ignore into publisher values(?,?,?)", (domain, r["name"], r["country"]))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
