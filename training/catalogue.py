"""Builds the catalogue that ships, from tables of facts.

    python -m training.catalogue DATA          DATA is the folder of the tables named below

States, organisations and common nouns come from `training/tables/`, which is ours; terms of office from Wikidata (CC0)
by way of EveryPolitician's and peppercat's harvests, members of parliaments likewise, leaders since 1950 from REIGN,
kinds of people and bodies from the Phoenix dictionaries (MIT), leaders of 2021 and 2026 from Wikidata (CC0),
governments of 2019 from the CIA's World Leaders (public domain), news publishers from Fundus' list (MIT). Each term
keeps the table it came from.
"""

from __future__ import annotations

import csv
import gzip
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pycountry

from communique.catalogue.fold import fold, surname

from . import phoenix

TABLES = Path(__file__).with_name("tables")
OUT = Path(__file__).parent.parent / "src/communique/catalogue/catalogue.sqlite.gz"

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


# The Correlates of War project's letters for states, where they are not ISO's.
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
# Nouns of Phoenix's list that stand for things, deeds or qualities as often as for people.
_NO_PARTY = frozenset(
    """aerospace airway freighter containership supertanker tanker jumbojet jetliner airliner settlement village website
    blog tv publication telecom intelligence rebellion revolt uprising insurgence religion governance prison carrier
    native naturalized retired state-owned semi-official hebrew chamber assemblage barracks intervention kfir
    neighborhood neighbourhood monger waiter oiler vip operative counsel conservatory doc infant hunter engineer
    customer believer producer boss mob echelon ensign naval sovereign polity""".split()
)


class Term(NamedTuple):
    country: str
    office: str
    person: str
    wikidata: str
    start: str
    end: str
    seen: str
    source: str


def lines(name: str) -> Iterator[list[str]]:
    for line in (TABLES / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")


def role_of(office: str, country: str, states: dict[str, str]) -> str | None:
    low = office.lower()
    of = re.search(r" of (?:the )?(.+)$", low)
    if of and states.get(fold(of[1])) == country:
        low = low[: of.start()]  # "Prime Minister of Norway", not "Chief Executive of the Falkland Islands"
    return next((role for role, pattern in ROLES if re.search(pattern, low)), None)


def sector_of(office: str) -> str:
    for sector, pattern in (("MIL", _MILITARY), ("JUD", _COURT), ("LEG", _HOUSE), ("PTY", _PARTY)):
        if pattern.search(office) and not office.lower().startswith(("minister", "secretary")):
            return sector
    return "GOV"


def places() -> dict[str, str]:
    """Country code of every place name that the tables of terms use."""
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


def terms(data: Path) -> Iterator[Term]:
    where = places()

    codes = set(where.values())

    def code(place: str) -> str:
        return where.get(fold(place), "")

    with gzip.open(data / "officeholders_2000_2025.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            country = (
                ("UNO" if "United Nations" in r["office"] else "IGO")
                if r["place"] == "(international)"
                else code(r["place"])
            )
            if country:
                yield Term(
                    country,
                    r["office"],
                    r["person"],
                    r["wikidata"],
                    r["start"],
                    r["end"],
                    r["still_in_office_on"],
                    "terms",
                )
    with open(data / "officeholders_2025.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if code(r["place"]):
                yield Term(
                    code(r["place"]), r["office"], r["person"], r["wikidata_id"], r["since"], "", "2025-01-31", "2025"
                )
    with open(data / "leaders_2021_wikidata.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if code(r["country"]):
                office = re.sub(r" of .*$", "", r["positionLabel"])
                yield Term(
                    code(r["country"]),
                    office,
                    r["officeholderLabel"],
                    r["officeholder"],
                    r["start_year"],
                    r["end_year"],
                    "" if r["end_year"] else "2021",
                    "2021",
                )
    with open(data / "leaders_2026-08.csv", encoding="utf-8", newline="") as file:
        alpha3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries}
        for r in csv.DictReader(file):
            for office in r["title"].split(" and "):
                yield Term(
                    alpha3.get(r["iso2"], "EUR"),
                    office,
                    r["person"],
                    r["wikidata"],
                    r["since"],
                    "",
                    "2026-08-31",
                    "2026",
                )
    for name, others, wikidata, country, office, start, end in lines("people.txt"):
        for form in (name, *filter(None, others.split(";"))):
            yield Term(
                country, office, form, wikidata, start, end, "" if end else "2025-01-31", "table"
            )  # whose term has no end held it when the table was made
    with open(data / "reign_leaders_2021-03.csv", encoding="utf-8", errors="replace", newline="") as file:
        for r in csv.DictReader(file):
            country = _COW.get(r["stateabb"], r["stateabb"])
            if country == "YUG" and int(r["syear"] or 0) >= 2003:
                country = "SRB"
            if country in codes:
                yield Term(
                    country,
                    "leader",
                    r["leader"].strip(),
                    "",
                    _month(r, "s", "date"),
                    _month(r, "e", ""),
                    "2021-03-31",
                    "reign",
                )
    with gzip.open(data / "legislators.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if code(r["place"]) and not code(r["place"]).endswith("*") and r["start"][:4] >= "1995":
                yield Term(
                    code(r["place"]),
                    re.sub(r"^Member of (?:the )?", "Member of the ", r["office"]),
                    r["person"],
                    r["wikidata"],
                    r["start"],
                    r["end"],
                    "2022-08-01",
                    "parliament",
                )
    states = {fold(n): c for c, _, name, others, *_ in lines("states.txt") for n in [name, *others.split(";")] if n}
    with open(data / "cia_world_leaders_2019.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            country = states.get(fold(r["country"])) or code(r["country"])
            if country:
                person = " ".join(w.title() if w.isupper() and len(w) > 2 else w for w in r["person"].split())
                yield Term(
                    country,
                    re.sub(r"^Min\. of", "Minister of", r["office"]),
                    person,
                    "",
                    "2019-04",
                    "2019-04",
                    "",
                    "2019",
                )


def _same_person(leader: Term, known: list[Term]) -> bool:
    """Whether a leader's term by surname alone can be one of a known person's: within three years of another of his."""

    def years(t):
        return (int(t.start[:4] or 0) or 9999, int((t.end or t.seen or "9999")[:4]))

    first, last = years(leader)
    return any(first <= there + 3 and here - 3 <= last for here, there in map(years, known))


def _month(row: dict[str, str], which: str, day: str) -> str:
    """A day of REIGN's columns; its ends are known by month."""
    if not row[which + "year"].isdigit():
        return ""
    return f"{int(row[which + 'year']):04}-{int(row[which + 'month'] or 1):02}" + (
        f"-{int(row[which + day]):02}" if day and row[which + day].isdigit() else ""
    )


def _first(day: str) -> str:
    return (day + "-01-01"[len(day) - 4 :]) if 4 <= len(day) < 10 else day


def _last(day: str) -> str:
    return day + "-12-31"[len(day) - 4 :] if len(day) == 4 else day + "-28" if len(day) == 7 else day


def build(data: Path, out: Path = OUT) -> None:
    base = sqlite3.connect(":memory:")
    base.executescript(
        """create table party(id integer primary key, name text, wikidata text, country text, sector text, also text,
        kind text);
        create table alias(folded text, party integer, kind text);
        create table term(party integer, country text, office text, role text, sector text, start text, "end" text,
        seen text, source text);
        create table noun(folded text primary key, sector text, plural integer);
        create table publisher(domain text primary key, name text, country text);"""
    )
    count = 0

    def party(
        name: str, wikidata: str | None, country: str | None, sector: str, also: str, kind: str, aliases: dict[str, str]
    ) -> int:
        nonlocal count
        count += 1
        base.execute(
            "insert into party values(?,?,?,?,?,?,?)", (count, name, wikidata or None, country, sector, also, kind)
        )
        base.executemany(
            "insert into alias values(?,?,?)", sorted({(fold(a), count, k) for a, k in aliases.items() if fold(a)})
        )
        return count

    for code, wikidata, name, others, adjectives, seats in lines("states.txt"):
        aliases = (
            {a: "seat" for a in seats.split(";") if a}
            | {a: "demonym" for a in adjectives.split(";") if a}
            | {a: "name" for a in [name, *others.split(";")] if a}
        )
        party(name, wikidata, code, "GOV", "", "state", aliases)
    for row in lines("organisations.txt"):
        name, others, wikidata, country, sectors = row
        first, *rest = sectors.split(",")
        party(
            name,
            wikidata,
            country,
            first,
            ",".join(rest),
            "organisation",
            {a: "name" for a in [name, *filter(None, others.split(";"))]},
        )
    names_of_states = {n: c for n, c in places().items() if not c.endswith("*")}
    taken = {row[0] for row in base.execute("select folded from alias")}
    codes = {row[0] for row in base.execute("select country from party where kind = 'state'")}
    for file in ("phoenix_armed_groups.txt", "phoenix_international_actors.txt"):
        for body in phoenix.bodies(data / file):
            known = phoenix.party(body.code, codes)
            own = [
                n
                for n in (body.name, *body.others)
                if (len(n.split()) > 1 or len(n) > 6) and fold(n) not in taken and len(n.split()) < 9
            ]
            # Companies and single words are left out: too many of them are words for other things.
            if known and own and known[0] != "MNC" and not body.code.startswith("MNC"):
                taken.update(map(fold, own))
                party(titled(own[0]), None, known[0], known[1], "", "organisation", dict.fromkeys(own, "name"))
    # One person under several spellings: joined by Wikidata id, else by folded name and country.
    people: dict[str, list[Term]] = {}
    by_name: dict[tuple[str, str], str] = {}
    leaders: list[Term] = []
    for t in terms(data):
        if t.source == "reign":
            leaders.append(t)
            continue
        if t.office.startswith("Member of") and t.source != "parliament":
            continue
        country = t.country.rstrip("*")
        at = (fold(t.person), country)
        key = t.wikidata or by_name.get(at) or f"{at[0]}|{country}"
        by_name.setdefault(at, key)
        people.setdefault(key, []).append(t)
    # REIGN names most leaders by surname alone: a term of one who is known is his, another makes a person of his own.
    known_leaders: dict[tuple[str, str], set[str]] = {}
    for key, found in people.items():
        for t in found:
            if role_of(t.office, t.country, names_of_states) in (
                "head of state",
                "head of government",
                "vice president",
            ):
                known_leaders.setdefault((t.country, fold(surname(t.person, t.country)).split(" ")[-1]), set()).add(key)
    for t in leaders:
        at_name = (t.country, fold(t.person.split(",")[0]).split(" ")[-1])
        keys = {k for k in known_leaders.get(at_name, set()) if _same_person(t, people[k])}
        if len(keys) == 1:
            people[next(iter(keys))].append(t)
        elif not keys and len(t.person.split(",")[0]) > 2:
            people.setdefault(f"reign|{t.person}|{t.country}", []).append(t)
    for found in people.values():
        wikidata = next((t.wikidata for t in found if t.wikidata), None)
        names = sorted(
            {t.person for t in found if t.source != "reign"} or {t.person for t in found},
            key=lambda n: (-sum(t.person == n for t in found), n),
        )
        country = next(
            (t.country for t in found if not t.country.endswith("*") and t.country != "IGO"), found[0].country
        ).rstrip("*")
        aliases = {n: "name" for n in names}
        for n in names:
            words = n.split()
            if len(words) > 2:
                short = " ".join(
                    w for i, w in enumerate(words) if i in (0, len(words) - 1) or not re.fullmatch(r"[A-Z]\.?", w)
                )
                aliases.setdefault(short, "name")
        for n in list(aliases):  # "Bashar Assad" is Bashar al-Assad
            if (bare := re.sub(r"(?i)\b(?:al|el|ul)[- ](?=\w)", "", n)) != n and len(bare.split()) > 1:
                aliases.setdefault(bare, "name")
        chief = names[0]
        kept: dict[tuple[str, str, str], Term] = {}
        for t in sorted(found, key=lambda t: (t.end == "", t.seen)):
            # The same term from two harvests: the one with an end wins, else the one seen last.
            at3 = (t.country, t.office, t.start[:7])
            if at3 in kept and kept[at3].end and not t.end:
                continue
            kept[at3] = t
        roles = {role_of(t.office, t.country, names_of_states) for t in kept.values() if not t.country.endswith("*")}
        if roles & {
            "leader",
            "head of state",
            "head of government",
            "foreign minister",
            "defence minister",
            "secretary-general",
            "vice president",
            "national security adviser",
        }:
            for n in names:
                last = surname(n, country)
                for form in {last, re.sub(r"(?i)^(?:al|el|ul|bin)[- ]", "", last)}:
                    aliases.setdefault("~" + form, "surname")
        number = party(
            chief,
            wikidata,
            country,
            next((s for t in reversed(found) if (s := sector_of(t.office)) != "LEG"), "LEG"),
            "",
            "person",
            {a.lstrip("~"): k for a, k in aliases.items()},
        )
        for t in kept.values():
            partial = t.country.endswith("*")
            base.execute(
                "insert into term values(?,?,?,?,?,?,?,?,?)",
                (
                    number,
                    t.country.rstrip("*"),
                    t.office,
                    None if partial else role_of(t.office, t.country, names_of_states),
                    sector_of(t.office),
                    _first(t.start) or None,
                    _last(t.end) or None,
                    _last(t.seen) or None,
                    t.source,
                ),
            )
    for sector, names in lines("nouns.txt"):
        for noun in names.split(";"):
            for form in {noun, plural(noun)}:
                base.execute("insert or ignore into noun values(?,?,?)", (fold(form), sector, int(form != noun)))
    for noun, sector in phoenix.nouns(data):
        if noun not in _NO_PARTY:
            for form in {noun, plural(noun)}:
                base.execute("insert or ignore into noun values(?,?,?)", (fold(form), sector, int(form != noun)))
    alpha3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
    with open(data / "publishers.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            iso = alpha3.get(r["country_iso2"].upper())
            base.execute("insert or ignore into publisher values(?,?,?)", (r["domain"].lower(), r["name"], iso))
    base.executescript(
        "create index alias_folded on alias(folded); create index term_party on term(party); create index "
        "term_role on term(country, role);"
    )
    base.commit()
    base.execute("vacuum")
    for table in ("party", "alias", "term", "noun", "publisher"):
        print(table, base.execute(f"select count(*) from {table}").fetchone()[0])
    out.write_bytes(gzip.compress(base.serialize(), 9, mtime=0))
    base.close()
    print(out.stat().st_size)


def titled(name: str) -> str:
    """A name of a list in small letters as it is written."""
    return " ".join(
        w
        if w in ("of", "the", "and", "for", "in", "de", "del", "la") and i
        else w.upper()
        if re.fullmatch(r"[a-z]+\.[a-z.]+", w)
        else w[:1].upper() + w[1:]
        for i, w in enumerate(name.split())
    )


def plural(noun: str) -> str:
    head, _, last = noun.rpartition(" ")
    if " of " in noun and not head.endswith(" of"):
        first, rest = noun.split(" ", 1)
        return f"{plural(first)} {rest}"
    for ending, other in (("man", "men"), ("woman", "women"), ("person", "people"), ("child", "children")):
        if last.endswith(ending) and last not in ("human",):
            return noun[: -len(ending)] + other
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    if last.endswith(("s", "x", "ch", "sh")):
        return noun if last in ("people", "forces", "troops", "press", "customs", "media", "police") else noun + "es"
    return noun if last in ("police", "media", "press", "people", "clergy", "staff", "personnel") else noun + "s"


if __name__ == "__main__":
    build(Path(sys.argv[1]))
