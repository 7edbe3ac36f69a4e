"""Datelines: where the reporter is and which agency's text it is, before the text begins."""

from __future__ import annotations

import re
from typing import NamedTuple

_DATELINE = re.compile(
    r"(?:^|\n)(?P<place>(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+ ?){1,4})(?:, [A-Z][\w. ]{1,30})?,?\s*(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?\s*)?(?:/[\w ]{2,20}/|\([^)\n]{2,40}\))?\s*(?:_|(?:—|–|--|-)\s)"
)
# Without a dash the agency in brackets ends it: "KABUL (Wire): The", "Bogota, March 8 (Wire) The".
_BRACKETED = re.compile(
    r"(?:^|\n)(?P<place>(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+ ?){1,4}|(?:[A-ZÀ-Þ][\w.'’-]+ ){0,2}[A-ZÀ-Þ][\w.'’-]+(?=, [A-Z][a-z]{2,8}\.? \d))(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?\s*\([A-Z][\w ./-]{1,24}\)\s*:?\s+(?=[A-ZÀ-Þ“\"])"
)


class Dateline(NamedTuple):
    """Characters of the whole and of the place in it."""

    start: int
    end: int
    place: tuple[int, int]


def datelines(text: str) -> list[Dateline]:
    """Every dateline that opens a paragraph: "ACCRA (Wire) -", "BEIJING, March 23 (Xinhua) —"."""
    found = {m.start("place"): m for form in (_BRACKETED, _DATELINE) for m in form.finditer(text)}
    return [Dateline(start, m.end(), (start, start + len(m["place"].rstrip()))) for start, m in sorted(found.items())]
