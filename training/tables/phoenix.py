"""Reads the Open Event Data Alliance's Phoenix dictionaries (MIT): kinds of people, armed groups, international bodies.

Converts CAMEO codes to a country and PLOVER sectors. Skips people and dated codes, which the tables of terms cover.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# CAMEO agent codes to PLOVER sectors. "MED" is media in CAMEO and health in PLOVER.
_SECTORS = {
    "GOV": "GOV",
    "MIL": "MIL",
    "COP": "COP",
    "JUD": "JUD",
    "LEG": "LEG",
    "PTY": "PTY",
    "SPY": "SPY",
    "REB": "REB",
    "UAF": "UAF",
    "OPP": "OPP",
    "INS": "REB",
    "SEP": "REB",
    "BUS": "BUS",
    "AGR": "AGR",
    "CRM": "CRM",
    "CVL": "CVL",
    "EDU": "EDU",
    "ELI": "ELI",
    "MED": "JRN",
    "HLH": "MED",
    "HRI": "SOC",
    "LAB": "LAB",
    "REF": "REF",
    "REL": "REL",
    "MUS": "REL",
    "CHR": "REL",
    "JEW": "REL",
    "HIN": "REL",
    "BUD": "REL",
    "CTH": "REL",
    "PRO": "REL",
    "SIK": "REL",
    "ENV": "SOC",
    "DEV": "SOC",
    "NGO": "SOC",
    "RAD": "REB",
}
_KINDS = {"IGO": "IGO", "NGO": "NGO", "MNC": "MNC", "IMG": "IMG", "UNO": "UNO"}
_PEOPLE = ("MAN", "MEN", "WOMAN", "WOMEN", "PERSON")


class Named(NamedTuple):
    name: str
    others: tuple[str, ...]
    code: str


def _names(line: str) -> list[str]:
    """Returns the names that a line expands to, in lower case and with spaces."""
    line = re.sub(r"\{.*?\}|#.*$|;.*$", "", line).strip(" \t+")
    forms = [line]
    if "!PERSON!" in line:
        forms = [line.replace("!PERSON!", p) for p in _PEOPLE]
    elif "!MINIST!" in line:
        forms = [line.replace("!MINIST!", p) for p in ("MINISTER", "MINISTERS", "MINISTRY", "MINISTRIES")]
    return [" ".join(re.sub(r"\([A-Z]+\)", "", f).replace("_", " ").split()).lower() for f in forms]


def _read(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").splitlines()


def nouns(data: Path) -> Iterator[tuple[str, str]]:
    """Yields `(noun, sector)` for kinds of people and bodies."""
    for line in _read(data / "phoenix_agents.txt"):
        match = re.match(r"([A-Z][^\[{]*?)\s*(\{[^}]*\})?\s*\[~([A-Z]+)\]", line)
        if match and (sector := _SECTORS.get(match[3][:3])):
            for name in _names(match[1]):
                yield name, sector
            for name in _names((match[2] or "").strip("{}")):
                if name:
                    yield name, sector


def bodies(path: Path) -> Iterator[Named]:
    """Yields groups and bodies with one undated code each."""
    names: list[str] = []
    for raw in _read(path):
        line = re.sub(r"#.*$", "", raw).rstrip()
        if not line.strip():
            names = []
            continue
        codes = re.findall(r"\[([A-Z]+)\s*([<>\d-]*)[^\]]*\]", line)
        before = line.split("[")[0]
        if not line[0].isspace() and before.strip():
            if not before.startswith("+"):
                names = []
            names += _names(before)
        if codes:
            if len(codes) == 1 and not codes[0][1] and names:
                yield Named(names[0], tuple(dict.fromkeys(names[1:])), codes[0][0])
            names = []


def party(code: str, states: set[str]) -> tuple[str, str] | None:
    """Returns country and sector of a code such as YEMREB, IGOUNO or NGOHRI; `None` if it gives neither."""
    if code[:3] in states:
        country, rest = code[:3], code[3:]
    elif code[:3] in _KINDS:
        country, rest = _KINDS[code[:3]], code[3:]
        if rest[:3] == "UNO":
            country, rest = "UNO", rest[3:]
        elif rest[:6] == "EUREEC":
            country, rest = "EUR", rest[6:]
        elif rest[:3] in states and country in ("NGO", "MNC"):
            country, rest = rest[:3], rest[3:] or {"NGO": "HRI", "MNC": "BUS"}[country]
    else:
        return None
    sector = next((_SECTORS[rest[i : i + 3]] for i in range(0, len(rest), 3) if rest[i : i + 3] in _SECTORS), None)
    sector = {
        "MNC": "BUS",
        "NGO": sector or "SOC",
        "IMG": "REB",
        "IGO": sector or "GOV",
        "UNO": sector or "GOV",
        "EUR": sector or "GOV",
    }.get(country, sector)
    return (country, sector) if sector else None
