"""Sentences of our own writing: patterns filled with parties from all over the world."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

STATES = """Kenya|Peru|Norway|Mongolia|Ghana|Ecuador|Jordan|Thailand|Poland|Chad|Japan|Bolivia|Iran|Kazakhstan|Fiji
Morocco|Vietnam|Greece|Turkey|Sudan|Oman|Cuba|Canada|Nepal|Serbia|Angola|Malaysia|Georgia|Yemen|Chile|Finland|India
Pakistan|China|Russia|the United States|North Korea|South Korea|Israel|France|Germany|Ukraine|Taiwan|Brazil|Mexico
the Philippines|Saudi Arabia|Ethiopia|Eritrea|Armenia|Azerbaijan|Syria|Iraq|Venezuela|Colombia|Australia|Britain
the European Union|NATO|the United Nations|the African Union|Washington|Beijing|Moscow|Tokyo|Seoul|Pyongyang|Tehran
Ankara|Cairo|New Delhi|Islamabad|Kyiv|Brussels|Nairobi|Lima|Jakarta|Hanoi|the US|the UK|the EU|Nigeria|Egypt""".replace("\n", "|").split("|")
PEOPLE = """Kenyan President Daniel Otieno|Prime Minister Anna Lindqvist|Peru's foreign minister|President Karim Sadykov
the Norwegian defence minister|Defence Minister Paulo Teixeira|the Thai prime minister|Egypt's president|Chancellor Weber
Foreign Minister Lin Hao|US Secretary of State Carter|the Iranian president|Premier Chen|the Indian government
Indonesian officials|the Turkish government|the Biden administration|the ruling party|the French president|King Hassan
the Ukrainian parliament|the White House|the Kremlin|lawmakers in Chile|the Japanese cabinet|the Ghanaian authorities
UN Secretary-General Ruiz|EU ministers|the Saudi crown prince|Polish diplomats|the Sudanese army|Israeli forces""".replace("\n", "|").split("|")
GROUPS = """the rebels|opposition leaders|the Taliban|Hezbollah|student activists|a human rights group|striking miners|farmers
protesters|the central bank|the separatists|Islamist militants|a former minister|two journalists|the country's police
fishermen from Oman|refugees|the trade unions|government troops|the militia|a Kurdish party|villagers|the oil company""".replace("\n", "|").split("|")

_SOFT = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SANCTION"}
_LEADS = ["", "", "", "", "On Tuesday, ", "Last week ", "In March, ", "Earlier this year, ", "Meanwhile, "]
_TAILS = ["", "", "", "", ", state media said", ", according to officials", ", a spokeswoman said on Monday", " amid rising tension", ", Reuters reported"]


class Written(NamedTuple):
    text: str
    trigger: tuple[int, int]
    source: tuple[int, int] | None
    target: tuple[int, int] | None
    type: str
    mode: str | None
    pattern: int


def patterns(path: Path | None = None) -> list[tuple[str, str | None, str]]:
    """`(type, mode, pattern)` of every line of `patterns.txt`."""
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


def generate(seed: int, per_pattern: int = 6) -> Iterator[Written]:
    """Fills every pattern `per_pattern` times."""
    rng = random.Random(seed)
    for number, (kind, mode, pattern) in enumerate(patterns()):
        for _ in range(per_pattern):
            text = re.sub(r"\(([^()]*\|[^()]*)\)", lambda m: rng.choice(m[1].split("|")), pattern)
            text = re.sub(r" {2,}", " ", text).strip()
            source = _party(rng, kind, "S")
            target = _party(rng, kind, "T")
            if source == target:
                continue
            if rng.random() < 0.75:
                lead, tail = rng.choice(_LEADS), rng.choice(_TAILS)
                if lead and text.startswith(("A ", "The ", "New ", "Joint ", "Police ", "Talks ")):
                    text = text[0].lower() + text[1:]
                text = lead + text + tail + "."
            out, marks, position = "", {}, 0
            for piece in re.finditer(r"\{S\}|\{T\}|\[([^\]]*)\]", text):
                out += text[position : piece.start()]
                fill = piece[1] if piece[1] is not None else source if piece[0] == "{S}" else target
                if not out.strip() and fill[0].islower():
                    fill = fill[0].upper() + fill[1:]
                name = "trigger" if piece[1] is not None else piece[0][1]
                marks[name] = (len(out), len(out) + len(fill))
                out += fill
                position = piece.end()
            out += text[position:]
            yield Written(out, marks["trigger"], marks.get("S"), marks.get("T"), kind, mode, number)
