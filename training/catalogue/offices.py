"""Terms of office from the tables: who held which office where and when, as precisely as each table states."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pycountry

from communique.catalogue.fold import fold

from .sources import lines
from .spans import EVER, NEVER, Span, span_of

ROLES = (
    ("leader", r"^leader$"),
    (
        "head of state",
        (
            "^(?:acting |interim )?president(?: of (?:the )?(?:republic|state affairs.*|transitional.*))?$"
            r"|^supreme leader$|^(?:king|queen|emir|sultan|grand duke|emperor|monarch|pope)\b"
            "|^chair(?:man|person)? of (?:the )?(?:presidency|state affairs commission|transitional)"
        ),
    ),
    (
        "head of government",
        (
            "^(?:acting |interim )?(?:federal )?(?:prime minister|premier|chancellor|taoiseach"
            "|president of the government|chief executive)$|premier of the state council"
            "|^president of the council of ministers"
        ),
    ),
    ("vice president", r"^(?:first )?vice[- ]president$"),
    (
        "foreign minister",
        (
            "foreign (?:affairs|minister|secretary)|external affairs|^secretary of state(?: for foreign.*)?$"
            "|foreign relations|minister for europe and foreign"
        ),
    ),
    (
        "defence minister",
        (
            "^(?:minister|secretary|state secretary) (?:of|for) (?:national |the )?(?:defen[cs]e|armed forces)"
            "|^defen[cs]e (?:minister|secretary)"
        ),
    ),
    (
        "finance minister",
        (
            "^(?:minister|secretary) (?:of|for) (?:the )?(?:finance|economy and finance|treasury)"
            "|chancellor of the exchequer|^finance minister|^treasurer$"
        ),
    ),
    (
        "interior minister",
        (
            "^(?:minister|secretary) (?:of|for) (?:the )?"
            "(?:interior|home affairs|internal affairs|homeland security)|home secretary"
        ),
    ),
    ("secretary-general", r"^secretary[- ]general\b"),
    ("central bank governor", r"governor of the (?:central|reserve|national) bank"),
    ("national security adviser", r"national security advis[eo]r$"),
    ("ambassador", r"^ambassador to "),
    ("speaker", r"^(?:speaker|president) of the (?:house|national assembly|parliament|senate|chamber)"),
)
_MILITARY = re.compile(
    r"(?i)chief of (?:the )?(?:general |defen[cs]e )?staff|commander|joint chiefs|army|navy|air force|armed forces$"
)
_COURT = re.compile(r"(?i)\bjustice of|chief justice|\bcourt\b|prosecutor|attorney[- ]general")
_HOUSE = re.compile(
    "(?i)speaker|president of the (?:senate|house|chamber|national assembly|parliament)"
    "|member of (?:parliament|the)|senator|leader of the house"
)
_PARTY = re.compile(r"(?i)(?:general |first )?secretary of the .*party|party|politburo|leader of the opposition")


# The Correlates of War project's state codes where they differ from ISO's.
_COW = dict(
    zip(
        *[
            iter(
                """AAB ATG ALG DZA ANG AGO AUL AUS AUS AUT BAH BHR BAR BRB BFO BFA BHM BHS BHU BTN BNG BGD BOS BIH BOT
                BWA BRU BRN BUI BDI BUL BGR CAM KHM CAO CMR CAP CPV CDI CIV CEN CAF CHA TCD CON COG COS CRI CRO HRV
                CZE CSK CZR CZE DEN DNK DRC COD DRV VNM EQG GNQ ETM TLS FIJ FJI FRN FRA GAM GMB GDR DDR GFR DEU GMY
                DEU GRG GEO GRN GRD GUA GTM GUI GIN HAI HTI HON HND ICE ISL INS IDN IRE IRL KOS XKX KUW KWT KYR KGZ
                KZK KAZ LAT LVA LEB LBN LES LSO LIB LBY LIT LTU MAA MRT MAC MKD MAD MDV MAG MDG MAL MYS MAS MUS MAW
                MWI MLD MDA MNC MCO MNG MNE MON MNG MOR MAR MSI MHL MYA MMR MZM MOZ NAU NRU NEP NPL NEW NZL NIG NGA
                NIR NER NTH NLD OMA OMN PAL PLW PAR PRY PHI PHL POR PRT ROK KOR ROM ROU SAF ZAF SAL SLV SEY SYC SIE
                SLE SIN SGP SKN KNA SLO SVK SLU LCA SLV SVN SNM SMR SOL SLB SPN ESP SRI LKA SUD SDN SVG VCT SWA SWZ
                SWD SWE SWZ CHE TAJ TJK TAZ TZA THI THA TOG TGO TRI TTO UAE ARE UKG GBR URU URY VAN VUT YAR YEM ZAM
                ZMB ZIM ZWE RVN - YPR -""".split()
            )
        ]
        * 2
    )
)


class Term(NamedTuple):
    """A term of office. `country` with a final `*` is a part of that state; `begins` and `ends` hold the earliest and
    latest possible day.
    """

    country: str
    office: str
    person: str
    wikidata: str
    begins: Span
    ends: Span
    source: str


def role_of(office: str, country: str, states: dict[str, str]) -> str | None:
    low = office.lower()
    of = re.search(r" of (?:the )?(.+)$", low)
    if of and states.get(fold(of[1])) == country:
        low = low[: of.start()]  # "Prime Minister of Norway", but not "Chief Executive of the Falkland Islands"
    return next((role for role, pattern in ROLES if re.search(pattern, low)), None)


def sector_of(office: str) -> str:
    if office.startswith("Leader of "):
        return "PTY"
    for sector, pattern in (("MIL", _MILITARY), ("JUD", _COURT), ("LEG", _HOUSE), ("PTY", _PARTY)):
        if pattern.search(office) and not office.lower().startswith(("minister", "secretary")):
            return sector
    return "GOV"


def places() -> dict[str, str]:
    """Returns the country code of every place name in the tables of terms."""
    found = {}
    for code, _, name, others, *_ in lines("states.txt"):
        for n in [name, *filter(None, others.split(";"))]:
            found[fold(n)] = code
    alpha3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries}
    for division in pycountry.subdivisions:
        found.setdefault(fold(division.name), alpha3[division.country_code] + "*")
    for name, code in (
        ("Congo-Kinshasa", "COD"),
        ("Congo-Brazzaville", "COG"),
        ("European Union", "EUR"),
        ("Guinea-Bissua", "GNB"),
        ("Somaliland", "SOM*"),
        ("Abkhazia", "GEO*"),
        ("South Ossetia", "GEO*"),
        ("Artsakh", "AZE*"),
        ("Northern Cyprus", "CYP*"),
        ("Transnistria", "MDA*"),
        ("Donetsk", "UKR*"),
        ("Luhansk", "UKR*"),
        ("Georgia (US)", "USA*"),
        ("Korea, North", "PRK"),
        ("Korea, South", "KOR"),
        ("Burma", "MMR"),
        ("Cote d'Ivoire", "CIV"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Congo, Republic of the", "COG"),
        ("Gambia, The", "GMB"),
        ("Bahamas, The", "BHS"),
        ("Macedonia", "MKD"),
        ("Washington", "USA*"),
        ("Bavaria", "DEU*"),
        ("Saxony", "DEU*"),
    ):
        found[fold(name)] = code
    return found


def open_until(begins: Span, seen: str) -> Span:
    """Returns the end of a term that was still open when last seen."""
    return max(seen, begins[0]), NEVER


def terms(data: Path) -> Iterator[Term]:
    """Yields every term of office, table by table."""
    where = places()
    states = {fold(n): c for c, _, name, others, *_ in lines("states.txt") for n in [name, *others.split(";")] if n}
    yield from _since_2000(data, where)
    yield from _of_2025(data, where)
    yield from _leaders(data, where)
    yield from _ours()
    yield from _reign(data, set(where.values()))
    yield from _parliaments(data, where)
    yield from _factbook(data, set(states.values()))
    yield from _of_2019(data, where | states)
    yield from _governors(data)


def _since_2000(data: Path, where: dict[str, str]) -> Iterator[Term]:
    with gzip.open(data / "officeholders_2000_2025.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            country = where.get(fold(r["place"]), "")
            if r["place"] == "(international)":
                country = "UNO" if "United Nations" in r["office"] else "IGO"
            if not country:
                continue
            begins = span_of(r["start"], "start seen" in r["basis"])
            ends = span_of(r["end"], "end seen" in r["basis"])
            if not r["end"]:
                ends = open_until(begins, r["still_in_office_on"] or begins[1])
            yield Term(country, r["office"], r["person"], r["wikidata"], begins, ends, "terms")


def _of_2025(data: Path, where: dict[str, str]) -> Iterator[Term]:
    with open(data / "officeholders_2025.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if country := where.get(fold(r["place"])):
                begins = span_of(r["since"])
                begins = (begins[0], min(begins[1], "2025-01-31"))
                ends = open_until(begins, "2025-01-31")
                yield Term(country, r["office"], r["person"], r["wikidata_id"], begins, ends, "2025")


def _leaders(data: Path, where: dict[str, str]) -> Iterator[Term]:
    with open(data / "leaders_2021_wikidata.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if country := where.get(fold(r["country"])):
                office = re.sub(r" of .*$", "", r["positionLabel"])
                begins, ends = span_of(r["start_year"]), span_of(r["end_year"])
                if not r["end_year"]:
                    ends = open_until(begins, "2021-12-31")
                yield Term(country, office, r["officeholderLabel"], r["officeholder"], begins, ends, "2021")
    alpha3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries}
    with open(data / "leaders_2026-08.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            begins = span_of(r["since"])
            for office in r["title"].split(" and "):
                ends = open_until(begins, "2026-08-31")
                yield Term(alpha3.get(r["iso2"], "EUR"), office, r["person"], r["wikidata"], begins, ends, "2026")


def _ours() -> Iterator[Term]:
    for name, others, wikidata, country, office, start, end in lines("people.txt"):
        begins = span_of(start)
        # A term without an end was still open when the table was made.
        ends = span_of(end) if end else open_until(begins, "2025-01-31")
        for form in (name, *filter(None, others.split(";"))):
            yield Term(country, office, form, wikidata, begins, ends, "table")


REIGN_SEEN = "2021-03-31"
REIGN_ENDS = ("2021", "3")  # the last month of REIGN: most leaders with this end were still in office


def _reign(data: Path, codes: set[str]) -> Iterator[Term]:
    with open(data / "reign_leaders_2021-03.csv", encoding="cp1252", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    entered = {(r["stateabb"], r["syear"], r["smonth"]) for r in rows}
    for r in rows:
        country = _COW.get(r["stateabb"], r["stateabb"])
        if country == "YUG" and int(r["syear"] or 0) >= 2003:
            country = "SRB"
        if country not in codes:
            continue
        begins, ends = span_of(_month(r, "s", "date")), span_of(_month(r, "e", ""))
        last = (r["eyear"], r["emonth"]) == REIGN_ENDS and (r["stateabb"], *REIGN_ENDS) not in entered
        if last or not r["eyear"]:
            ends = open_until(begins, REIGN_SEEN)
        yield Term(country, "leader", r["leader"].strip(), "", begins, ends, "reign")


PARLIAMENTS = "2022-08-01"  # the last day covered for seats without an end


def _parliaments(data: Path, where: dict[str, str]) -> Iterator[Term]:
    with gzip.open(data / "legislators.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            country = where.get(fold(r["place"]), "*")
            if not country.endswith("*") and r["start"][:4] >= "1995":
                office = re.sub(r"^Member of (?:the )?", "Member of the ", r["office"])
                begins = span_of(r["start"])
                ends = span_of(r["end"]) if r["end"] else open_until(begins, PARLIAMENTS)
                yield Term(country, office, r["person"], r["wikidata"], begins, ends, "parliament")


_APPOINTED = re.compile(r"^(?:Appointed|Acting|Interim|Designate) |^(?:Ambassador|Charge d.Affaires) ", re.I)
_OF_CODES = re.compile(r"^ambassador of ([A-Z]{3}) to ([A-Z]{3})$")


def _factbook(data: Path, codes: set[str]) -> Iterator[Term]:
    """Yields party leaders, ambassadors and heads. A term is certain only up to the first edition that names the
    person.
    """
    with open(data / "factbook_people_2016_2026.csv", encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["country"] in codes and r["sector"]]
    heads = Counter((r["name"], r["country"]) for r in rows if r["role"][:1].isupper())
    realms = Counter(name for name, _ in heads)
    for r in rows:
        if realms[r["name"]] < 2 or not r["role"][:1].isupper():  # heads of several realms come from other tables
            name = r["name"]
            while (shorter := _APPOINTED.sub("", name)) != name:
                name = shorter
            if len(name.split()) < 2 or not re.match(r"[^\W\d_]", name):
                continue
            begins = span_of(r["from"]) if r["from"] else (EVER, r["first_seen"])
            begins = (begins[0], max(begins[0], min(begins[1], r["first_seen"])))
            ends = open_until(begins, max(r["first_seen"], begins[1]))  # some stayed listed a year after leaving office
            role = r["role"]
            if (ambassador := _OF_CODES.match(role)) is not None:
                role = f"Ambassador to {ambassador[2]}"
            yield Term(r["country"], role[:1].upper() + role[1:], name, "", begins, ends, "factbook people")


def _of_2019(data: Path, where: dict[str, str]) -> Iterator[Term]:
    """Yields a snapshot of spring 2019, which says nothing about other days."""
    month = span_of("2019-04")
    with open(data / "cia_world_leaders_2019.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if country := where.get(fold(r["country"])):
                person = " ".join(w.title() if w.isupper() and len(w) > 2 else w for w in r["person"].split())
                office = re.sub(r"^Min\. of", "Minister of", r["office"])
                yield Term(country, office, person, "", (EVER, month[0]), (month[1], NEVER), "2019")


def _governors(data: Path) -> Iterator[Term]:
    with open(data / "us_governors_1960_2020.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            begins = span_of(r["from"])
            ends = span_of(r["to"]) if r["to"] else open_until(begins, "2020-01-01")
            yield Term("USA*", r["role"][:1].upper() + r["role"][1:], r["name"], "", begins, ends, "governors")


OLDEST = "1951-12-31"  # REIGN begins in 1950: a state with a later first leader was founded then
_OLDER = frozenset(("SRB",))  # successor states


def first_days(leaders: Iterable[Term]) -> dict[str, str]:
    """Returns the founding day of each state that was founded after the table of leaders begins."""
    found: dict[str, str] = {}
    for t in leaders:
        found[t.country] = min(found.get(t.country, NEVER), t.begins[0])
    return {c: day for c, day in found.items() if day > OLDEST and c not in _OLDER}


def _month(row: dict[str, str], which: str, day: str) -> str:
    """Returns a day from REIGN's columns. Its ends are known only by month."""
    if not row[which + "year"].isdigit():
        return ""
    return f"{int(row[which + 'year']):04}-{int(row[which + 'month'] or 1):02}" + (
        f"-{int(row[which + day]):02}" if day and row[which + day].isdigit() else ""
    )
