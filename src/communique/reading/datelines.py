"""Datelines and credits before a text: the reporter's place and the agency."""

from __future__ import annotations

import re
from typing import NamedTuple

# Words in capitals, separated by single spaces. Their length is bounded: a page in capitals must not be
# split in all possible ways.
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{1,30}(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]{1,30}){0,3}"
_DATELINE = re.compile(
    rf"(?:^|\n)(?P<place>{_CAPITALS} ?)(?:/[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{{1,40}})?(?:, [A-Z][\w. ]{{1,30}})?,?\s*+"
    rf"(?:(?:[A-Z][a-z]{{2,8}}\.? \d{{1,2}}(?:, \d{{4}})?"
    rf"|\d{{1,2}} [A-Z][a-z]{{2,8}}\.?(?: \d{{4}})?)\s*+)?(?:/[\w ]{{2,20}}/|\([^)\n]{{2,40}}\))?\s*+"
    r"(?:_|(?:—|–|--|-)\s)"
)
# Without a dash, the agency in brackets ends the dateline: "KABUL (Wire): The", "Bogota, March 8 (Wire) The".
_BRACKETED = re.compile(
    rf"(?:^|\n)(?P<place>{_CAPITALS} ?|(?:[A-ZÀ-Þ][\w.'’-]{{1,30}} ){{0,2}}[A-ZÀ-Þ][\w.'’-]{{1,30}}"
    rf"(?=, [A-Z][a-z]{{2,8}}\.? \d))(?:, [A-Z][a-z]{{2,8}}\.? \d{{1,2}}"
    rf"(?:, \d{{4}})?)?\s*+\([A-Z][\w ./-]{{1,24}}\)(?:\s*+:)?\s++(?=[A-ZÀ-Þ“\"])"
)

# Credits of feeds: "Wire - The president said" before a text, "Kenya Votes (Wire)" at the end of a headline.
_CREDIT = re.compile(
    r"(?:^|\n)(?P<before>[A-ZÀ-Þ][\w.&]*(?: [A-ZÀ-Þ][\w.&]*){0,2}) (?:—|–|--|-) (?=[A-ZÀ-Þ“\"])"
    r"|(?<=\w) (?P<after>\([A-ZÀ-Þ][\w.&]*(?: [A-ZÀ-Þ][\w.&]*){0,2}\))(?=\n|$)"
)


class Dateline(NamedTuple):
    """A dateline: its characters, and those of the place in it."""

    start: int
    end: int
    place: tuple[int, int]


def datelines(text: str) -> list[Dateline]:
    """Returns every dateline that opens a paragraph: "ACCRA (Wire) -", "BEIJING, March 23 (Xinhua) —"."""
    found = {m.start("place"): m for form in (_BRACKETED, _DATELINE) for m in form.finditer(text)}
    return [Dateline(start, m.end(), (start, start + len(m["place"].rstrip()))) for start, m in sorted(found.items())]


def credits(text: str) -> list[tuple[int, int]]:
    """Returns the characters of agency names before a paragraph and after a headline, which belong to neither."""
    return [m.span("before" if m["before"] else "after") for m in _CREDIT.finditer(text)]
