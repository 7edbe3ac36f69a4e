"""The tables with their descriptions and licences. Each row of the catalogue names the tables that contain it.

If tables give a name different sectors, the first table in this list wins: the more specialised ones come first.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TABLES = Path(__file__).parent.with_name("tables")


class Source(NamedTuple):
    """A table. `shown` is its name for users; `database` is the file it goes to: ODbL tables stay in a database of
    their own.
    """

    key: str
    shown: str
    licence: str
    database: str = "catalogue"


SOURCES = (
    Source("table", "training/tables", "ours"),
    Source("terms", "Wikidata by EveryPolitician and peppercat, terms since 2000", "CC0"),
    Source("2025", "Wikidata by peppercat, January 2025", "CC0"),
    Source("2026", "Wikidata, leaders of August 2026", "CC0"),
    Source("2021", "Wikidata, leaders of 2021", "CC0"),
    Source("reign", "REIGN, OEF Research", "as published"),
    Source("parliament", "Wikidata by EveryPolitician, members of parliaments", "CC0"),
    Source("factbook people", "CIA World Factbook, people 2016 to 2026", "public domain"),
    Source("2019", "CIA World Leaders, 2019", "public domain"),
    Source("politicians", "Wikidata, politicians of 2017", "CC0"),
    Source("sanctioned people", "EU Official Journal by OpenSanctions, people", "reuse with the source named; MIT"),
    Source("governors", "US governors 1960 to 2020, Jacob Kaplan", "ODbL", "odbl"),
    Source("phoenix", "Phoenix dictionaries, Open Event Data Alliance", "MIT"),
    Source("aliases", "Wikidata, names of states", "MIT"),
    Source("intelligence", "MISP galaxy, intelligence agencies", "CC0"),
    Source("igos", "OECD's aid channels by IATI, ROR", "MIT, CC0"),
    Source("acronyms", "CIA World Factbook, acronyms of international bodies", "public domain"),
    Source("armed groups", "UCDP 20.1, 23.1, 24.1; MISP; EU list; Factbook", "CC BY 4.0, CC0, public domain"),
    Source("legislatures and courts", "CIA World Factbook, parliaments and courts", "public domain"),
    Source("forces", "CIA World Factbook, forces", "public domain"),
    Source("parties", "Party Facts; CIA World Factbook", "MIT, public domain"),
    Source("uk bodies", "UK register of government organisations", "OGL 3.0"),
    Source("public bodies", "OpenStreetMap name suggestion index, public bodies", "BSD-3"),
    Source("pressure groups", "CIA World Factbook, pressure groups", "public domain"),
    Source("sanctioned entities", "EU Official Journal by OpenSanctions, entities", "reuse with the source named; MIT"),
    Source("newspapers", "Wikidata, newspapers", "CC0"),
    Source("companies", "FinanceDatabase; name suggestion index", "MIT, BSD-3"),
    Source("airlines", "OpenFlights", "ODbL", "odbl"),
    Source("universities", "ROR; university-domains-list", "CC0, MIT"),
    Source("ror", "ROR", "CC0"),
    Source("ethnic groups", "CIA World Factbook, ethnic groups", "public domain"),
    Source("regions", "countries-states-cities database, NGA", "ODbL", "odbl"),
)
AT = {s.key: n for n, s in enumerate(SOURCES)}
ODBL = frozenset(s.key for s in SOURCES if s.database == "odbl")


def lines(name: str) -> Iterator[list[str]]:
    """Yields the fields of each line of one of our own tables."""
    for line in (TABLES / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")
