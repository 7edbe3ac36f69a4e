"""The resolver on phrases of our own: country and sector both right, and the name if given (alternative spellings are
separated by "/").

python -m benchmarks parties
"""

from __future__ import annotations

from communique import Reader
from communique.catalogue import fold

from ..common import DATA
from ..common import reader as open_reader


def rows() -> list[list[str]]:
    return [
        line.split("|") for line in (DATA / "parties.txt").read_text("utf-8").splitlines() if line and line[0] != "#"
    ]


def measure(reader: Reader, verbose: bool = False) -> dict[str, float]:
    right = named = names = countries = 0
    table = rows()
    for phrase, day, country, sector, name in table:
        found = reader.resolve(phrase, day)
        ours = ("-", "-") if found is None else (found.country or "-", found.sector or "-")
        hit = ours == (country, sector)
        right += hit
        countries += ours[0] == country
        fits = not name or found is not None and fold(found.name or "") in map(fold, name.split("/"))
        if name:
            names += 1
            named += fits
        if verbose and not (hit and fits):
            print(
                f"  {phrase} ({day}): {country} {sector} {name}, read as {ours[0]} {ours[1]} "
                f"{found.name if found else ''}"
            )
    return {
        "phrases": len(table),
        "states": len({r[2] for r in table} - {"-"}),
        "country and sector": right / len(table),
        "country": countries / len(table),
        "name": named / names,
    }


def main() -> None:
    for what, value in measure(open_reader(__doc__), verbose=True).items():
        print(f"{what:20} {value:.3f}")
