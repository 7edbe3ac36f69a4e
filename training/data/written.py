"""Sentences of our own: patterns filled with parties from all over the world."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from training.data.documents import TYPES, Document, cover, one_sentence, roles_of

STATES = """Kenya|Peru|Norway|Mongolia|Ghana|Ecuador|Jordan|Thailand|Poland|Chad|Japan|Bolivia|Iran|Kazakhstan|Fiji
Morocco|Vietnam|Greece|Turkey|Sudan|Oman|Cuba|Canada|Nepal|Serbia|Angola|Malaysia|Georgia|Yemen|Chile|Finland|India
Pakistan|China|Russia|the United States|North Korea|South Korea|Israel|France|Germany|Ukraine|Taiwan|Brazil|Mexico
the Philippines|Saudi Arabia|Ethiopia|Eritrea|Armenia|Azerbaijan|Syria|Iraq|Venezuela|Colombia|Australia|Britain
the European Union|NATO|the United Nations|the African Union|Washington|Beijing|Moscow|Tokyo|Seoul|Pyongyang|Tehran
Ankara|Cairo|New Delhi|Islamabad|Kyiv|Brussels|Nairobi|Lima|Jakarta|Hanoi|the US|the UK|the EU|Nigeria|Egypt""".replace(
    "\n", "|"
).split("|")
PEOPLE = """Kenyan President Daniel Otieno|Prime Minister Anna Lindqvist|Peru's foreign minister
President Karim Sadykov|the Norwegian defence minister|Defence Minister Paulo Teixeira|the Thai prime minister
Egypt's president|Chancellor Weber|Foreign Minister Lin Hao|US Secretary of State Carter|the Iranian president
Premier Chen|the Indian government|Indonesian officials|the Turkish government|the Biden administration
the ruling party|the French president|King Hassan|the Ukrainian parliament|the White House|the Kremlin
lawmakers in Chile|the Japanese cabinet|the Ghanaian authorities|UN Secretary-General Ruiz|EU ministers
the Saudi crown prince|Polish diplomats|the Sudanese army|Israeli forces""".replace("\n", "|").split("|")
GROUPS = """the rebels|opposition leaders|the Taliban|Hezbollah|student activists|a human rights group|striking miners
farmers|protesters|the central bank|the separatists|Islamist militants|a former minister|two journalists
the country's police|fishermen from Oman|refugees|the trade unions|government troops|the militia|a Kurdish party
villagers|the oil company""".replace("\n", "|").split("|")

SHARED = 0.12  # share of sentences with two acts of one source
_FINITE = re.compile(r"\{S\} \[\w+(?:ed|t|d|ook|aid|ave|ent|et)\]")  # past tense, so that both acts have one tense

_JOINTS = (
    ", after ",
    " after ",
    " while ",
    ", while ",
    " as ",
    "; ",
    ", and ",
    ", but ",
    ", a day after ",
    " because ",
    " although ",
    ", days before ",
)
_ONE_WAY = {"ACCUSE", "ASSAULT", "COERCE", "SANCTION", "AID", "REQUEST", "THREATEN", "PROTEST", "SUPPORT"}
_SOFT = {
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "SANCTION",
}
_LEADS = ["", "", "", "", "On Tuesday, ", "Last week ", "In March, ", "Earlier this year, ", "Meanwhile, "]
_TAILS = [
    "",
    "",
    "",
    "",
    ", state media said",
    ", according to officials",
    ", a spokeswoman said on Monday",
    " amid rising tension",
    ", Reuters reported",
]


class Told(NamedTuple):
    """The event of one clause: character spans of its trigger word and its parties, type, mode and pattern."""

    trigger: tuple[int, int]
    source: tuple[int, int] | None
    target: tuple[int, int] | None
    type: str
    mode: str | None
    pattern: int


class Written(NamedTuple):
    """A sentence of one or two clauses, and pairs of parties without an event between them."""

    text: str
    told: tuple[Told, ...]
    apart: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def patterns(path: Path | None = None) -> list[tuple[str, str | None, str]]:
    """Returns `(type, mode, pattern)` of every line of `patterns.txt`."""
    found, kind, mode = [], "", None
    for line in (path or Path(__file__).with_name("patterns.txt")).read_text("utf-8").splitlines():
        if line.startswith("## "):
            kind, name = line[3:].split()
            mode = None if name == "-" else name
        elif line and not line.startswith("#"):
            found.append((kind, mode, line))
    return found


def _party(rng: random.Random, kind: str, role: str) -> str:
    pool = [STATES, PEOPLE] if kind in _SOFT else [STATES, PEOPLE, GROUPS]
    if kind in ("PROTEST",):
        pool = [GROUPS] if role == "S" else [STATES, PEOPLE]
    return rng.choice(rng.choice(pool))


def _clause(
    rng: random.Random, number: int, kind: str, mode: str | None, pattern: str, taken: set[str]
) -> tuple[str, Told] | None:
    """Returns a pattern with random alternatives and parties."""
    text = re.sub(r"\(([^()]*\|[^()]*)\)", lambda m: rng.choice(m[1].split("|")), pattern)
    text = re.sub(r" {2,}", " ", text).strip()
    source, target = _party(rng, kind, "S"), _party(rng, kind, "T")
    if source == target or {source, target} & taken:
        return None
    out, marks, position = "", {}, 0
    for piece in re.finditer(r"\{S\}|\{T\}|\[([^\]]*)\]", text):
        out += text[position : piece.start()]
        fill = piece[1] if piece[1] is not None else source if piece[0] == "{S}" else target
        marks["trigger" if piece[1] is not None else piece[0][1]] = (len(out), len(out) + len(fill))
        out += fill
        position = piece.end()
    out += text[position:]
    taken.update((source, target))
    return out, Told(marks["trigger"], marks.get("S"), marks.get("T"), kind, mode, number)


def _shared(
    rng: random.Random, first: tuple[str, Told], other: tuple[int, str, str | None, str], taken: set[str]
) -> tuple[str, tuple[Told, Told]] | None:
    """Returns a sentence with two acts of one source: "Kenya criticised Peru and urged Ghana to wait"."""
    text, told = first
    number, kind, mode, pattern = other
    if (
        told.source is None
        or told.source[0] != 0
        or not pattern.startswith("{S} [")
        or kind == "NONE"
        or told.type == "NONE"
        or not _FINITE.match(pattern)
    ):
        return None
    clause = _clause(rng, number, kind, mode, pattern, taken)
    if clause is None or clause[1].source is None or clause[1].source[0] != 0:
        return None
    cut = clause[1].source[1] + 1
    joint = rng.choice((" and ", ", and ", " but ", " and later ", ", and also "))
    second = _moved(clause[1], len(text) + len(joint) - cut)._replace(source=told.source)
    return text + joint + clause[0][cut:], (told, second)


def _moved(told: Told, by: int) -> Told:
    def move(span):
        return None if span is None else (span[0] + by, span[1] + by)

    return told._replace(trigger=move(told.trigger), source=move(told.source), target=move(told.target))


def generate(
    seed: int, per_pattern: int = 6, joined: float = 0.35, skip: frozenset[int] = frozenset()
) -> Iterator[Written]:
    """Fills every pattern `per_pattern` times; a share of the sentences gets a second clause with other parties."""
    rng = random.Random(seed)
    known = [(number, *row) for number, row in enumerate(patterns()) if number not in skip]
    for number, kind, mode, pattern in known:
        for _ in range(per_pattern):
            taken: set[str] = set()
            first = _clause(rng, number, kind, mode, pattern, taken)
            if first is None:
                continue
            parts: list[Any] = [first]
            if rng.random() < SHARED and (shared := _shared(rng, first, rng.choice(known), taken)):
                parts = [shared]
            elif rng.random() < joined and (second := _clause(rng, *rng.choice(known), taken)):
                parts.append(second)
                rng.shuffle(parts)
            bare = len(parts) == 1 and rng.random() < 0.25  # as a headline
            text = "" if bare else rng.choice(_LEADS)
            found: list[Told] = []
            for at, (clause, told) in enumerate(parts):
                if at:
                    text += rng.choice(_JOINTS)
                if text and re.match(
                    r"(A|An|The|New|Joint|Police|Talks|Trade|Troops|Jets|Many|Both|In|Unlike) ", clause
                ):
                    clause = clause[0].lower() + clause[1:]
                found += [_moved(t, len(text)) for t in ([told] if isinstance(told, Told) else told)]
                text += clause
            if not bare:
                text += rng.choice(_TAILS) + "."
            text = text[0].upper() + text[1:]
            apart = []
            if len(found) == 2:
                one, other = found  # with one source both events are labelled, so only pairs across clauses are apart
                for a, b in (
                    ((one.source, other.target), (other.source, one.target))
                    if one.source != other.source
                    else ((one.target, other.target),)
                ):
                    if a and b and rng.random() < 0.5:
                        apart.append((a, b))
            for told in found:
                if told.source and told.target and told.type in _ONE_WAY and rng.random() < 0.15:
                    apart.append((told.target, told.source))
            yield Written(text, tuple(found), tuple(apart))


def documents(
    seed: int, per_pattern: int = 6, skip: frozenset[int] = frozenset(), classes: bool = False
) -> Iterator[Document]:
    """Yields our own sentences with trigger, parties, type and mode; pairs of parties with nothing between them are
    NONE.

    Sentences without an event have CAMEO's class 0. `classes` adds the other classes by type. Use it only if CAMEO's
    sentences are missing: most of our sentences contain an event, so they would unteach CAMEO's class 0.
    """
    for number, row in enumerate(generate(seed, per_pattern, skip=skip)):
        document, tokens = one_sentence(f"written-{row.told[0].pattern}-{number}", row.text)
        pairs, triggers, role = [], [], [0] * len(tokens)
        for told in row.told:
            source = cover(tokens, *told.source) if told.source else None
            target = cover(tokens, *told.target) if told.target else None
            trigger = cover(tokens, *told.trigger)
            assert trigger
            triggers.append((trigger[0], told.type))
            pairs.append((source, target, told.type, told.mode, trigger[0]))
            if told.type != "NONE":
                role = [max(a, b) for a, b in zip(role, roles_of(len(tokens), source, target))]
        pairs += [(cover(tokens, *a), cover(tokens, *b), "NONE", None, None) for a, b in row.apart]
        document.layers = {"trigger": triggers, "role": role, "pairs": pairs}
        if len(row.told) == 1 and (classes or row.told[0].type == "NONE"):
            document.layers["penta"] = _penta(row.told[0].type)
        yield document


def _penta(kind: str) -> int:
    if kind == "NONE":
        return 0
    at = TYPES.index(kind)
    return 1 if at < 4 else 2 if at < 7 else 3 if at < 11 else 4
