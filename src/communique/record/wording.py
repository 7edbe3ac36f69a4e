"""An event in plain words: what its actors do to its recipients, whether it happened, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..schema import days_told
from .states import states

# The verb of each type, and of those of its modes that have their own.
VERBS: dict[str, str] = {
    "AGREE": "agree with",
    "CONSULT": "meet",
    "CONSULT visit": "visit",
    "CONSULT third-party": "mediate between",
    "CONSULT multilateral": "hold talks with",
    "CONSULT phone": "phone",
    "SUPPORT": "support",
    "CONCEDE": "give way to",
    "COOPERATE": "cooperate with",
    "AID": "help",
    "RETREAT": "step back towards",
    "RETREAT withdraw": "withdraw from",
    "RETREAT release": "release",
    "RETREAT disarm": "disarm before",
    "RETREAT ceasefire": "cease fire against",
    "RETREAT access": "grant access to",
    "RETREAT resign": "resign",
    "REQUEST": "call on",
    "REQUEST assist": "ask help of",
    "REQUEST meet": "ask for talks with",
    "ACCUSE": "accuse",
    "ACCUSE disapprove": "criticise",
    "ACCUSE investigate": "investigate",
    "REJECT": "refuse",
    "REJECT meet": "refuse to meet",
    "REJECT assist": "refuse to help",
    "THREATEN": "threaten",
    "PROTEST": "protest against",
    "PROTEST riot": "riot against",
    "PROTEST strike": "strike against",
    "PROTEST hunger": "hunger-strike against",
    "PROTEST boycott": "boycott",
    "PROTEST obstruct": "obstruct",
    "PROTEST vandalize": "vandalise property of",
    "SANCTION": "sanction",
    "SANCTION convict": "convict",
    "SANCTION expel": "expel",
    "SANCTION withdraw": "withdraw from",
    "SANCTION discontinue": "break off with",
    "MOBILIZE": "mobilise against",
    "COERCE": "coerce",
    "COERCE seize": "seize from",
    "COERCE restrict": "restrict",
    "COERCE censor": "censor",
    "COERCE curfew": "impose a curfew on",
    "COERCE martial-law": "impose martial law on",
    "COERCE arrest": "arrest",
    "COERCE deport": "deport",
    "COERCE withhold": "withhold from",
    "COERCE misinformation": "spread falsehoods against",
    "COERCE cyber": "hack",
    "ASSAULT": "attack",
    "ASSAULT abduct": "abduct",
    "ASSAULT beat": "beat",
    "ASSAULT torture": "torture",
    "ASSAULT destroy": "destroy property of",
    "ASSAULT targeted": "kill by design",
    "ASSAULT firearms": "shoot at",
    "ASSAULT explosives": "bomb",
    "ASSAULT suicide-attack": "bomb in a suicide attack",
    "ASSAULT aerial": "strike from the air",
    "ASSAULT drone": "strike with drones",
    "ASSAULT heavy-weapons": "shell",
}
_CLOSING = ("with", "to", "before", "towards", "from", "against", "of", "between", "on")  # need an object after them
_ALONE = {"CONSULT": "hold talks", "AGREE": "agree", "SUPPORT": "give support", "ACCUSE": "make accusations"}


def verb(kind: str, mode: str | None, recipients: bool = True) -> str:
    """Returns the act as a verb in its base form; for a type of a codebook, its name."""
    found = VERBS.get(f"{kind} {mode}") or VERBS.get(kind)
    if found is None:
        return kind.lower().replace("_", " ")
    if recipients:
        return found
    if kind in _ALONE and f"{kind} {mode}" not in VERBS:
        return _ALONE[kind]
    words = found.split()
    return " ".join(words[:-1]) if words[-1] in _CLOSING else found


def _third(phrase: str) -> str:
    """Returns the verb in the third person singular: "accuses", "refuses to meet", "presses"."""
    first, *rest = phrase.split(" ")
    if first.endswith(("s", "sh", "ch", "x", "z")):
        first += "es"
    elif first.endswith("y") and first[-2] not in "aeiou":
        first = first[:-1] + "ies"
    else:
        first += "s"
    return " ".join([first, *rest])


def act(event: Mapping[str, Any]) -> str:
    """Returns what the actors of an event do, with modality and polarity: "accuses", "may not attack"."""
    whom = bool(event["recipients"])
    many = len(event["actors"]) > 1
    few = event["mode"] == "third-party" and len(event["recipients"]) < 2  # nobody to mediate between
    together = many and not whom and event["mode"] in ("visit", "phone", "third-party")
    phrase = verb(event["type"], None if few or together else event["mode"], whom)
    no = "not " if event["polarity"] == "negative" else ""
    how = event["modality"]
    if how == "actual":
        if no:
            return f"{'do' if many else 'does'} not {phrase}"
        return phrase if many else _third(phrase)
    are = "are" if many else "is"
    return {
        "future": f"{are} {no}to {phrase}",
        "possible": f"may {no}{phrase}",
        "conditional": f"would {no}{phrase}",
        "desired": f"{are} wanted {no}to {phrase}",
    }[how]


# Pronouns name nobody: a party with such a text is called by its state.
PRONOUNS = frozenset("he she it they we i you him her them us who that this its his their our".split())


def name(party: Mapping[str, Any]) -> str:
    """Returns what to call a party: its name, else the words of the text or, if these are a pronoun, its state."""
    text = party["name"] or party["text"]
    if party["country"] and (not text or text.lower() in PRONOUNS):
        state = states().get(party["country"])
        return state.name if state else str(party["country"])
    return str(text or "somebody")


def names(parties: list[dict[str, Any]]) -> str:
    """Returns parties as a list in words, each once; "somebody" if there are none."""
    told = list(dict.fromkeys(map(name, parties)))
    if len(told) > 1:
        return ", ".join(told[:-1]) + " and " + told[-1]
    return told[0] if told else "somebody"


def sentence(event: Mapping[str, Any]) -> str:
    """Returns who does what to whom, as a sentence without a full stop."""
    return " ".join(
        filter(None, (names(event["actors"]), act(event), names(event["recipients"]) if event["recipients"] else ""))
    )


def chain(event: Mapping[str, Any]) -> str:
    """Returns the chain of sources, outermost first."""
    levels: dict[int, list[str]] = {}
    for a in event["according_to"]:
        told = a["name"] or a["text"] or f"({a['cue'] or 'unnamed'})"
        levels.setdefault(a["level"], []).append(str(told))
    return " ▸ ".join(" & ".join(dict.fromkeys(some)) for _, some in sorted(levels.items()))


def day(event: Mapping[str, Any]) -> str:
    """Returns the date of an event for readers; an empty string if unknown."""
    date = event["date"] or {}
    return days_told(date.get("from"), date.get("to"))
