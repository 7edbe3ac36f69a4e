"""Datelines: where the reporter is and which agency's text it is, before the text begins."""

from __future__ import annotations

import re
from typing import NamedTuple

_DATELINE = re.compile(
    r"(?:^|\n)(?P<place>(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+ ?){1,4})(?:, [A-Z][\w. ]{1,30})?,?\s*(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?\s*)?(?:/[\w ]{2,20}/|\([^)\n]{2,40}\))?\s*(?:_|(?:—|–|--|-)\s)"
)


class Dateline(NamedTuple):
    """Characters of the whole and of the place in it."""

    start: int
    end: int
    place: tuple[int, int]


def datelines(text: str) -> list[Dateline]:
    """Every dateline that opens a paragraph: "ACCRA (Wire) -", "BEIJING, March 23 (Xinhua) —"."""
    return [Dateline(m.start("place"), m.end(), (m.start("place"), m.start("place") + len(m["place"].rstrip()))) for m in _DATELINE.finditer(text)]
