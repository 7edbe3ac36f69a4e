"""Every place of 500 people or more, divisions, states, seas and regions, looked up by name in memory-mapped files.

`places.npy` has one record a place, `keys.npy` sorted hashes of folded names, `names.txt` the names.
`training/tables/gazetteer.py` writes them.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .fold import fold

FOLDER = Path(__file__).with_name("gazetteer")
KINDS = ("country", "admin1", "admin2", "town", "feature")
PLACE = np.dtype(
    [
        ("geonames", "<u4"),
        ("name", "<u4"),
        ("population", "<u4"),
        ("lat", "<f4"),
        ("lon", "<f4"),
        ("division", "<u2"),
        ("country", "u1"),
        ("kind", "u1"),
    ]
)
KEY = np.dtype([("hash", "<u8"), ("place", "<u4")])  # the lowest bit of `place` says whether it is the main name
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


def hashed(folded: str) -> int:
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A place of the gazetteer; `main` if it was found by its main name."""

    name: str
    country: str
    admin1: str | None
    lat: float
    lon: float
    geonames: int | None
    population: int
    kind: str
    main: bool


class Gazetteer:
    """Looks names up. Threads may share it and, since its files are mapped, so may processes."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._places = np.load(folder / "places.npy", mmap_mode="r")
        self._keys = np.load(folder / "keys.npy", mmap_mode="r")
        self._hashes = self._keys["hash"]
        self._names = np.memmap(folder / "names.txt", dtype=np.uint8, mode="r")
        lists = json.loads((folder / "lists.json").read_text("utf-8"))
        self._countries, self._divisions = lists["countries"], lists["divisions"]
        self.domains: dict[str, str] = lists["domains"]  # country of a domain's last part
        self.named = lru_cache(maxsize=50_000)(self._named)

    def _named(self, name: str) -> tuple[PlaceEntry, ...]:
        """Returns the places of a name, countries first, then the most populous; variants of spelling are equal ("St.
        Louis", "Saint Louis").
        """
        words = fold(name).split()
        if words[:1] == ["the"]:
            words = words[1:]
        forms = {" ".join(words), " ".join(_SHORT.get(w, w) for w in words)}
        forms |= {" ".join(next((s for s, long in _SHORT.items() if long == w), w) for w in words)}
        found = {number: main for form in sorted(forms) if form for number, main in self._numbers(form)}
        entries = [self._entry(number, main) for number, main in found.items()]
        return tuple(
            sorted(
                entries,
                key=lambda e: (
                    KINDS.index(e.kind) if e.kind == "country" else 1,
                    -e.population,
                    e.geonames or 0,
                    e.name,
                ),
            )
        )

    def _numbers(self, folded: str) -> Iterator[tuple[int, bool]]:
        wanted = np.uint64(hashed(folded))
        at = bisect_left(self._hashes, wanted)  # NumPy's search would first copy the whole column
        while at < len(self._keys) and self._hashes[at] == wanted:
            place = int(self._keys[at]["place"])
            yield place >> 1, bool(place & 1)
            at += 1

    def _entry(self, number: int, main: bool) -> PlaceEntry:
        row = self._places[number]
        start = int(row["name"])
        end = start
        while self._names[end] != 10:
            end += 1
        return PlaceEntry(
            bytes(self._names[start:end]).decode(),
            self._countries[row["country"]],
            self._divisions[row["division"]] or None,
            round(float(row["lat"]), 4),
            round(float(row["lon"]), 4),
            int(row["geonames"]) or None,
            int(row["population"]),
            KINDS[row["kind"]],
            main,
        )
