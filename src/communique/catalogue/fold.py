"""How names are compared: without case, accents, dots and apostrophes, and with hyphens as spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_FAMILY_FIRST = frozenset(("CHN", "PRK", "KOR", "TWN", "VNM", "HKG", "KHM", "SGP"))
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "di",
        "van",
        "der",
        "den",
        "von",
        "bin",
        "ibn",
        "al",
        "el",
        "la",
        "le",
        "ben",
        "abu",
        "mac",
        "st",
        "ter",
    ]
)
_CROWNED = frozenset(("king", "queen", "prince", "princess"))  # come before the whole name: "King Norodom Sihanouk"


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = re.sub(
        r"[.’'`ʻ‘“”\"]", "", plain.casefold().replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("ı", "i")
    )
    return " ".join(re.sub(r"[-‐‑–,_()]", " ", plain).split())


def surname(name: str, country: str | None) -> str:
    """Returns the folded family name: the first word in countries that put it first, or the last with its particles."""
    words = fold(name).split()
    if not words:
        return ""
    if len(words) > 1 and words[0] in _CROWNED:
        del words[0]
    if country in _FAMILY_FIRST and 2 <= len(words) <= 4:
        return words[0]
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    return " ".join(words[at:])
