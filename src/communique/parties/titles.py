"""Titles: the office that a phrase names."""

from __future__ import annotations

import re

# Patterns of the words for an office, with the role in the catalogue's terms of office. Longer phrases come first.
ROLES: tuple[tuple[str, str], ...] = (
    (r"(?:deputy|vice)[- ]president|vice president", "vice president"),
    (
        r"(?:deputy|vice) (?:prime|foreign|defen[cs]e|finance|interior)? ?(?:minister|premier)|deputy secretary",
        "deputy",
    ),
    (r"prime minister|premier|chancellor(?! of)|taoiseach|head of government", "head of government"),
    (
        (
            "foreign minister|minister of foreign affairs|minister for foreign affairs"
            "|foreign affairs minister|external affairs minister|secretary of state|foreign secretary"
            "|top diplomat"
        ),
        "foreign minister",
    ),
    (
        (
            "defen[cs]e minister|minister of (?:national )?defen[cs]e|defen[cs]e secretary"
            "|secretary of defen[cs]e|defen[cs]e chief|pentagon chief"
        ),
        "defence minister",
    ),
    (r"finance minister|minister of finance|treasury secretary|chancellor of the exchequer", "finance minister"),
    (
        r"interior minister|minister of the interior|home secretary|home affairs minister|internal affairs minister",
        "interior minister",
    ),
    (r"national security advis[eo]r", "national security adviser"),
    (r"secretary[- ]general|u\.?n\.? chief", "secretary-general"),
    (r"ambassador", "ambassador"),
    (
        r"president|head of state|supreme leader|paramount leader|monarch|emperor|king|queen|emir|sultan|pope|leader",
        "head of state",
    ),
)
_COMPILED = tuple((re.compile(rf"\b(?:{pattern})s?\b", re.I), role) for pattern, role in ROLES)
# Titles as newspapers shorten them.
_SHORT = {
    "Gov": "Governor", "Sen": "Senator", "Sens": "Senators", "Rep": "Representative", "Reps": "Representatives",
    "Gen": "General", "Col": "Colonel", "Adm": "Admiral", "Capt": "Captain", "Maj": "Major", "Sgt": "Sergeant",
    "Prof": "Professor",
}  # fmt: skip
_SHORTENED = re.compile(rf"\b({'|'.join(_SHORT)})\.(?= [A-Z])")


def in_full(phrase: str) -> str:
    """Returns a phrase with its titles spelled out: "Gov. Alan Pruett" → "Governor Alan Pruett"."""
    return _SHORTENED.sub(lambda m: _SHORT[m[1]], phrase)


FORMER = re.compile(r"(?i)\b(?:former|ex|erstwhile|one-time|ousted|deposed|late)\b[- ]?")
THEN = re.compile(r"(?i)\bthen[- ]")
NOT_HOLDERS = re.compile(
    r"(?i)\b(?:candidate|elect|designate|hopeful|opposition|party|rebel|militant|religious|union|student"
    r"|protest|spiritual|tribal|community|business|separatist|group|deputy|vice|acting)\b"
)


def role_of(phrase: str) -> tuple[str, int, int] | None:
    """Returns the role that a title in the phrase names, with the start and end of the title in characters."""
    for pattern, role in _COMPILED:
        match = pattern.search(phrase)
        if match:
            return role, match.start(), match.end()
    return None
