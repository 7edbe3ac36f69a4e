"""Organisations, groups and peoples from the tables: one `Body` per row, merged by Wikidata id, then by name and
country.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pycountry

from communique.catalogue.catalogue import SECTORS, SPECIAL
from communique.catalogue.fold import fold
from training.tables import phoenix

from .sources import AT, lines

LONGEST = 9  # words; news does not use longer names
_LATIN = re.compile(r"[A-Za-z]")
_ODD = re.compile(r"[^\w\s.,'’&/()+-]|\d{5}")
_LEGAL = re.compile(
    r",? (?:Inc|Incorporated|Corp|Corporation|Co|Company|Ltd|Limited|LLC|LLP|PLC|plc|AG|SE|SA|S\.A|N\.V|NV|AB|ASA|"
    r"Oyj|A/S|SpA|S\.p\.A|GmbH|KGaA|Bhd|Berhad|Tbk|PJSC|OJSC|JSC|Holdings?|Group)\.?$"
)


class Body(NamedTuple):
    """One row of a table. `sort` is the kind of body; `first` and `last` are the years between which it is known."""

    name: str
    aliases: tuple[str, ...]
    wikidata: str
    country: str
    sector: str
    sort: str
    source: str
    first: str = ""
    last: str = ""
    also: tuple[str, ...] = ()


@dataclass
class Merged:
    """A body with all its rows; `best` is the one from the most specialised table."""

    rows: list[Body] = field(default_factory=list)

    @property
    def best(self) -> Body:
        return min(self.rows, key=lambda r: AT[r.source])

    def names(self) -> list[str]:
        """Returns its names as written, without those that news would not use."""
        rows = sorted(self.rows, key=lambda r: AT[r.source])
        said = [n for r in rows for n in (r.name, *r.aliases) if r.source == "table" or _fit(n)]
        return list(dict.fromkeys(said))


def _fit(name: str) -> bool:
    return bool(_LATIN.search(name)) and len(name.split()) <= LONGEST and len(name) > 2 and not _ODD.search(name)


def _rows(data: Path, name: str) -> Iterator[dict[str, str]]:
    with open(data / name, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {k: (v or "").replace("\u00ca", "").strip() for k, v in row.items() if k}


def _aliases(row: dict[str, str]) -> tuple[str, ...]:
    """Returns the other names of a row. A native name may follow its language ("French: Parti …")."""
    found = [re.sub(r"^[A-Z][a-z]+: ", "", a).strip(" \"'") for a in row.get("aliases", "").split("|")]
    return tuple(a for a in found if a)


def _body(row: dict[str, str], source: str, sort: str, **more: str) -> Body:
    wikidata = row.get("wikidata", "")
    return Body(
        name=row["name"],
        aliases=_aliases(row),
        wikidata=wikidata if re.fullmatch(r"Q\d+", wikidata) else "",
        country=more.get("country", row.get("country", "")),
        sector=more.get("sector", row.get("sector", "")),
        sort=sort,
        source=source,
        first=row.get("from", "")[:4],
        last=row.get("to", "")[:4],
    )


def ours() -> Iterator[Body]:
    for name, others, wikidata, country, sectors in lines("organisations.txt"):
        first, *rest = sectors.split(",")
        aliases = tuple(filter(None, others.split(";")))
        yield Body(name, aliases, wikidata, country, first, _sort(first, country), "table", also=tuple(rest))


def _sort(sector: str, country: str) -> str:
    if country in SPECIAL:
        return {"NGO": "association", "MNC": "company"}.get(country, "international body")
    return {
        "PTY": "party", "SPY": "intelligence service", "JRN": "medium", "EDU": "university", "MIL": "force",
        "COP": "police", "REB": "armed group", "UAF": "armed group", "PRM": "armed group",
        "CRM": "armed group", "LEG": "parliament", "JUD": "court",
        "BUS": "company", "GOV": "agency", "LAB": "association", "REL": "association",
    }.get(sector, "association")  # fmt: skip


def dictionary(data: Path, states: set[str], taken: set[str]) -> Iterator[Body]:
    """Yields groups and bodies of the Phoenix dictionaries. Skips companies and single words: too many of them also
    mean other things.
    """
    for file in ("phoenix_armed_groups.txt", "phoenix_international_actors.txt"):
        for body in phoenix.bodies(data / file):
            known = phoenix.party(body.code, states)
            own = [
                n
                for n in (body.name, *body.others)
                if (len(n.split()) > 1 or len(n) > 6) and fold(n) not in taken and len(n.split()) < LONGEST
            ]
            if known and own and known[0] != "MNC" and not body.code.startswith("MNC"):
                taken.update(map(fold, own))
                names = tuple(titled(n) for n in own)
                yield Body(names[0], names[1:], "", known[0], known[1], _sort(known[1], known[0]), "phoenix")


def long_forms(data: Path, taken: set[str]) -> dict[str, list[str]]:
    """Returns, by state, names of several words that no state has yet: "Federal Republic of Nigeria"."""
    found: dict[str, list[str]] = defaultdict(list)
    for r in _rows(data, "country_aliases_en.csv"):
        name = r["alias"]
        if len(name.split()) > 1 and name.isascii() and fold(name) not in taken:
            found[r["country"]].append(name)
            taken.add(fold(name))
    return found


def _ror(data: Path) -> Iterator[Body]:
    for r in _rows(data, "organisations_ror.csv"):
        sector, country = r["sector"], r["country"]
        if not sector:
            continue
        if sector in ("IGO", "UNO"):
            sector, country = "GOV", sector
        elif sector == "NGO":
            sector, country = "SOC", "NGO" if r["scope"] else country
        elif sector == "CUL":
            sector = "EDU"
        yield _body(r, "ror", _sort(sector, country), sector=sector, country=country)


def _companies(data: Path) -> Iterator[Body]:
    for r in _rows(data, "companies.csv"):
        source = "airlines" if "openflights" in r["sources"] else "companies"
        body = _body(r, source, "company", sector="BUS")
        short = tuple(s for n in (body.name, *body.aliases) if (s := _LEGAL.sub("", n)) != n and len(s) > 3)
        yield body._replace(aliases=body.aliases + short)


def _igos(data: Path) -> Iterator[Body]:
    """Yields international bodies. COW's rows have no licence for shipping: they are used only to confirm other
    tables.
    """
    for r in _rows(data, "igos_ngos.csv"):
        if r["sources"] != "cow-igo3":
            kind = "association" if r["sector"] == "NGO" else "international body"
            sector = "SOC" if r["sector"] == "NGO" else "GOV"
            yield _body(r, "igos", kind, country=r["sector"], sector=sector)


def _armed(data: Path) -> Iterator[Body]:
    """Yields armed groups. Skips communal groups, which are peoples, and names that only unlicensed lists have."""
    for r in _rows(data, "armed_groups.csv"):
        licensed = re.sub(r"ucdp-rebel-origins|gtd", "", r["sources"]).strip("+")
        elsewhere = "|" in r["other_countries"] or "|" in r["active_in"]
        country = r["country"] or ("" if elsewhere else r["active_in"])
        if r["kind"] != "communal" and licensed and not r["name"].isdigit():
            yield _body(r, "armed groups", "armed group", country=country or "IMG")


def _forces(data: Path) -> Iterator[Body]:
    for r in _rows(data, "factbook_forces.csv"):
        if re.search(r"(?i)government$|^ministry|^department", r["name"]):
            continue  # the owner of the forces, not a force
        yield _body(r, "forces", {"COP": "police", "SPY": "intelligence service"}.get(r["sector"], "force"))


def _houses(data: Path) -> Iterator[Body]:
    for r in _rows(data, "factbook_legislatures_courts.csv"):
        yield _body(r, "legislatures and courts", "court" if r["sector"] == "JUD" else "parliament")


def _parties(data: Path) -> Iterator[Body]:
    for r in _rows(data, "parties.csv"):
        yield _body(r, "parties", "party", sector="PTY")


def _public(data: Path) -> Iterator[Body]:
    for r in _rows(data, "public_bodies_osm.csv"):
        yield _body(r, "public bodies", _sort(r["sector"], r["country"]))


def _simple(file: str, source: str, sort: str) -> Callable[[Path], Iterator[Body]]:
    return lambda data: (_body(r, source, sort) for r in _rows(data, file))


def _entities(data: Path) -> Iterator[Body]:
    for r in _rows(data, "eu_sanctioned_entities.csv"):
        yield _body(r, "sanctioned entities", _sort(r["sector"], r["country"]))


def _groups(data: Path) -> Iterator[Body]:
    for r in _rows(data, "factbook_pressure_groups.csv"):
        yield _body(r, "pressure groups", "association", sector="SOC" if r["sector"] == "CVL" else r["sector"])


def _peoples(data: Path) -> Iterator[Body]:
    for r in _rows(data, "ethnic_groups.csv"):
        row = {"name": r["name"], "aliases": "", "country": r["country"]}
        if len(r["name"].split()) < 3 and not re.search(r"(?i)other|mixed|unspecified|black|white|asian", r["name"]):
            yield _body(row, "ethnic groups", "people", sector="CVL")


def _regions(data: Path) -> Iterator[Body]:
    for r in _rows(data, "subdivisions.csv"):
        row = r | {"aliases": "|".join(a for a in r["aliases"].split("|") if len(a) > 3)}
        yield _body(row, "regions", "region", sector="GOV")


TABLES: tuple[Callable[[Path], Iterator[Body]], ...] = (
    _simple("intelligence_agencies.csv", "intelligence", "intelligence service"),
    _igos,
    _armed,
    _houses,
    _forces,
    _parties,
    _simple("uk_government_organisations.csv", "uk bodies", "agency"),
    _public,
    _groups,
    _entities,
    _simple("newspapers.csv", "newspapers", "medium"),
    _companies,
    _simple("universities.csv", "universities", "university"),
    _ror,
    _peoples,
    _regions,
)


def confirm(data: Path, known: dict[tuple[str, str], Merged]) -> None:
    """Adds bare facts from tables without a licence for shipping, if another table has the same body: further names of
    international bodies, and that a bank is a central bank.
    """
    for r in _rows(data, "igos_ngos.csv"):
        if r["sources"] == "cow-igo3":
            names = (r["name"], *_aliases(r))
            at = next((k for n in names for c in ("IGO", "UNO", "EUR") if (k := (fold(n), c)) in known), None)
            if at is not None and len(at[0].split()) > 1:
                rows = known[at].rows
                rows[0] = rows[0]._replace(aliases=(*rows[0].aliases, *names))
    for r in _rows(data, "central_banks.csv"):
        if (bank := known.get((fold(r["name"]), r["country"]))) is not None:
            bank.rows = [row._replace(sector="GOV", sort="agency") for row in bank.rows]


def merged(rows: Iterable[Body]) -> tuple[list[Merged], dict[tuple[str, str], Merged]]:
    """Returns every body once, and an index by folded name and country."""
    bodies: list[Merged] = []
    by_wikidata: dict[str, Merged] = {}
    by_name: dict[tuple[str, str], Merged] = {}
    for row in rows:
        if not row.country or row.sector not in SECTORS or row.source != "table" and not _fit(row.name):
            continue
        found = by_wikidata.get(row.wikidata) if row.wikidata else None
        if found is None:
            found = by_name.get((fold(row.name), row.country))
            if found is not None and row.wikidata and any(r.wikidata not in ("", row.wikidata) for r in found.rows):
                found = None  # two bodies with the same name
        if found is None:
            found = Merged()
            bodies.append(found)
        found.rows.append(row)
        if row.wikidata:
            by_wikidata.setdefault(row.wikidata, found)
        by_name.setdefault((fold(row.name), row.country), found)
    return bodies, by_name


def generic_words(bodies: Iterable[Merged], states: int = 8) -> set[str]:
    """Returns words in the names of bodies of several states: "national", "bank", "université"."""
    where: dict[str, set[str]] = defaultdict(set)
    for body in bodies:
        for name in body.names():
            for word in fold(name).split():
                where[word].add(body.best.country)
    return {w for w, countries in where.items() if len(countries) >= states}


def shared_names(bodies: Iterable[Merged]) -> Counter[str]:
    """Returns the number of states with a body of each folded name."""
    where: dict[str, set[str]] = defaultdict(set)
    for body in bodies:
        for name in body.names():
            where[fold(name)].add(body.best.country)
    return Counter({n: len(c) for n, c in where.items()})


def titled(name: str) -> str:
    """Returns a lower-case name from a list in its usual capitalisation."""
    return " ".join(
        w
        if w in ("of", "the", "and", "for", "in", "de", "del", "la") and i
        else w.upper()
        if re.fullmatch(r"[a-z]+\.[a-z.]+", w)
        else w[:1].upper() + w[1:]
        for i, w in enumerate(name.split())
    )


def iso3() -> dict[str, str]:
    return {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
