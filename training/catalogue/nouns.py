"""Common nouns for kinds of people and bodies with their sectors, singular and plural."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from communique.catalogue.fold import fold
from training.tables import phoenix

from .sources import lines

# Nouns of Phoenix's list that denote things, acts or qualities as often as people.
_NO_PARTY = frozenset(
    """aerospace airway freighter containership supertanker tanker jumbojet jetliner airliner settlement village website
    blog tv publication telecom intelligence rebellion revolt uprising insurgence religion governance prison carrier
    native naturalized retired state-owned semi-official hebrew chamber assemblage barracks intervention kfir
    neighborhood neighbourhood monger waiter oiler vip operative counsel conservatory doc infant hunter engineer
    customer believer producer boss mob echelon ensign naval sovereign polity""".split()
)


def common_nouns(data: Path) -> Iterator[tuple[str, str, int]]:
    """Yields `(folded, sector, 1 if plural else 0)`, ours before the dictionary's."""
    for sector, names in lines("nouns.txt"):
        for noun in names.split(";"):
            for form in sorted({noun, plural(noun)}):
                yield fold(form), sector, int(form != noun)
    for noun, sector in phoenix.nouns(data):
        if noun not in _NO_PARTY:
            for form in sorted({noun, plural(noun)}):
                yield fold(form), sector, int(form != noun)


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
