"""Ranks events by certainty, public weight and novelty, and gives the reasons.

Likely events come before the others. Within both groups, the rank is certainty (third power) times public weight times
novelty between the parties. Certainty and weight depend on the event alone and are stored with it. How usual its type
is between the parties is counted at the time of the query.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ..events.ontology import MUTUAL

Standing = Literal["state", "politics", "other", "unknown"]
ARMED = frozenset(("REB", "UAF", "PRM"))
OF_A_STATE = frozenset(("GOV", "MIL", "SPY"))  # sectors that act for a state towards others
POLITICAL = frozenset(("GOV", "MIL", "SPY", "LEG", "JUD", "PTY", "OPP", "ELI"))
BODIES = frozenset(("IGO", "UNO", "EUR", "IMG"))  # organisations of states, and international armed groups
POLITICAL_TYPES = frozenset(("PROTEST", "MOBILIZE", "SANCTION"))  # political acts, whoever the actor is

# Weight of a side. States and armed groups come before parties and courts, and those before firms and people.
SIDES: dict[Standing, float] = {"state": 1.0, "politics": 0.7, "other": 0.4, "unknown": 0.3}
NOBODY = 0.5  # for a missing side
BETWEEN_STATES = 0.8  # least weight of a side if a state acts on people of another
AT_HOME, UNPLACED = 0.55, 0.7  # within a state, or no state known; 1 across a border
NOT_HAPPENED = 0.7  # planned, possible, wanted or denied; 1 if it happened
UNSCORED = 0.75  # gravity of a type of a codebook, which has no score


def standing(party: Mapping[str, Any]) -> Standing:
    """Returns the standing of a party: "state" (also organisations of states, armed groups), "politics", "other",
    "unknown".
    """
    country, sector = party["country"], party["sector"]
    if country in BODIES or sector in ARMED or (country and sector in OF_A_STATE):
        return "state"
    if sector in POLITICAL or country in ("NGO", "ISM"):
        return "politics"
    return "other" if sector or country else "unknown"


def unit(party: Mapping[str, Any]) -> str | None:
    """Returns the state, organisation or armed group that a party acts for, so that parties of a state count as one."""
    country = party["country"]
    if country in BODIES or party["sector"] in ARMED:
        called = str(party["id"] or party["name"] or party["text"] or "")
        return called if country in BODIES and called else f"{called} {country or ''} armed".strip()
    return country or None


def _units(parties: Iterable[Mapping[str, Any]]) -> set[str]:
    return {u for p in parties if standing(p) == "state" and (u := unit(p))}


def _abroad(ours: set[str], parties: Iterable[Mapping[str, Any]]) -> bool:
    """Whether any of the parties belongs to another state."""
    return any(u not in ours for p in parties if (u := unit(p)))


def scope(event: Mapping[str, Any]) -> int:
    """Returns the index in `SCOPES` of the narrowest scope that an event belongs to.

    An event is between states if a state, an organisation of states or an armed group acts on or with another one,
    or on people of another state, or such people act on it.
    """
    actors, recipients = event["actors"], event["recipients"]
    acting, acted = _units(actors), _units(recipients)
    if recipients:
        if (acting and acted and acting != acted) or (acting and _abroad(acting, recipients)):
            return 0
        if acted and _abroad(acted, actors):
            return 0
    elif len(acting) > 1:
        return 0
    political = event["type"] in POLITICAL_TYPES or any(
        standing(p) in ("state", "politics") for p in (*actors, *recipients)
    )
    return 1 if political else 2


def _side(parties: Iterable[Mapping[str, Any]]) -> float:
    return max((SIDES[standing(p)] for p in parties), default=NOBODY)


def weight(event: Mapping[str, Any]) -> float:
    """Returns the public weight of a recorded event, from 0 to 2, by its parties, whether it crosses a border, its
    gravity, whether it happened, and its number of independent origins.
    """
    actors, recipients = event["actors"], event["recipients"]
    if recipients and scope(event) == 0:
        parties = math.sqrt(max(BETWEEN_STATES, _side(actors)) * max(BETWEEN_STATES, _side(recipients)))
    elif recipients or len(actors) < 2:
        parties = math.sqrt(_side(actors) * _side(recipients))
    else:  # a joint act: the two actors of most weight
        best = sorted((SIDES[standing(p)] for p in actors), reverse=True)
        parties = math.sqrt(best[0] * best[1])
    places = {u for p in (*actors, *recipients) if (u := unit(p))}
    reach = 1.0 if len(places) > 1 else AT_HOME if places else UNPLACED
    score = event["score"]
    gravity = UNSCORED if score is None else 0.5 + abs(float(score)) / 20
    happened = event["modality"] == "actual" and event["polarity"] == "positive"
    origins: float = sum(0.5**n for n in range(min(int(event.get("origins", 1)), 8)))
    return round(parties * reach * gravity * (1.0 if happened else NOT_HAPPENED) * origins, 4)


def pair(event: Mapping[str, Any]) -> str:
    """Returns the parties of an event as a key without direction, by which usual types are counted."""
    return "|".join(sorted({u for p in (*event["actors"], *event["recipients"]) if (u := unit(p))}))


# A wrong first line costs more trust than an important one further down: certainty counts to the third power.
POWER = 3
# `sure` is the certainty, `usual` the number of events of the type between the same parties, itself included.
RANK = f"pow(sure, {POWER}) * weight * (0.5 + 0.5 / (1 + ln(usual)))"
LIKELY = 0.65  # certainty from which, cross-validated, three events in four are right: these come first
# Confidence requires half of the parties of a side to be right, a user all of them. A state on both sides lowers
# certainty like this many further states: on the development articles, both have the same effect.
BOTH_SIDES = 2


def _beside(event: Mapping[str, Any]) -> tuple[int, bool]:
    """Returns the number of states beyond the first on each side, and whether a state or a party is on both sides. A
    joint act has only one side: 0 and `False`.
    """
    sides = [event["actors"], event["recipients"]]
    if not event["recipients"] and event["type"] in MUTUAL:
        return 0, False
    acting, acted = ({u for p in side if (u := unit(p))} for side in sides)
    named, told = ({n for p in side if (n := p["name"] or p["text"])} for side in sides)
    return max(len(acting) - 1, 0) + max(len(acted) - 1, 0), bool(acting & acted or named & told)


def sure(event: Mapping[str, Any]) -> float:
    """Returns the certainty, from 0 to 1, that an event is right in every party: its confidence, lowered if several
    states are on a side or one is on both.
    """
    others, both = _beside(event)
    return round(float(event["confidence"]) / math.sqrt(1 + others + BOTH_SIDES * both), 4)


def novelty(usual: int) -> float:
    """Returns the novelty of a type between its parties: 1 for the first, towards 0.5 for usual ones; see `RANK`."""
    return 0.5 + 0.5 / (1 + math.log(max(1, usual)))


_SCOPES_TOLD = ("between states or armed groups", "politics", "people and firms")


def why(event: Mapping[str, Any], usual: int) -> list[str]:
    """Returns the reasons for the rank of a line, in order of importance."""
    score, origins = event["score"], int(event.get("origins", 1))
    at = scope(event)
    places = {u for p in (*event["actors"], *event["recipients"]) if (u := unit(p))}
    who = _SCOPES_TOLD[at] + (" at home" if at and len(places) == 1 else "")
    grave = str(event["quad"]) + ("" if score is None else f" (score {score:+g})")
    if not pair(event):
        new = ""
    elif usual <= 1:
        new = "the first of its type between them"
    else:
        new = f"one of {usual:,} of its type between them"
    told = f"{origins} independent origins" if origins > 1 else ""
    others, both = _beside(event)
    crowd = "one state on both sides" if both else "several states on a side" if others else ""
    return list(filter(None, (f"confidence {event['confidence']:.2f}", crowd, who, grave, told, new)))
