"""What matters first: how sure and how weighty an event is, and why a line stands where it does.

Likely events come before the others. Within both, a line ranks by how sure it is (third power), by its public weight
and by how new it is between its parties. Sureness and weight follow from the event alone and are kept with it; how
usual its type is between the parties is counted when the question is asked.
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
BODIES = frozenset(("IGO", "UNO", "EUR", "IMG"))  # organisations of states, and armed groups across borders
POLITICAL_TYPES = frozenset(("PROTEST", "MOBILIZE", "SANCTION"))  # acts that are political whoever does them

# How much each side counts. States and armed groups come before parties and courts, and those before firms and people.
SIDES: dict[Standing, float] = {"state": 1.0, "politics": 0.7, "other": 0.4, "unknown": 0.3}
NOBODY = 0.5  # of a side that the act does not have
BETWEEN_STATES = 0.8  # of a side at least, where a state acts on people of another
AT_HOME, UNPLACED = 0.55, 0.7  # against 1 for what goes across a border
NOT_HAPPENED = 0.7  # planned, possible, wanted or denied, against 1 for what happened
UNSCORED = 0.75  # gravity of a user's own type, which has no score


def standing(party: Mapping[str, Any]) -> Standing:
    """Whether a party acts for a state, an organisation of states or an armed group, in politics, or otherwise."""
    country, sector = party["country"], party["sector"]
    if country in BODIES or sector in ARMED or (country and sector in OF_A_STATE):
        return "state"
    if sector in POLITICAL or country in ("NGO", "ISM"):
        return "politics"
    return "other" if sector or country else "unknown"


def unit(party: Mapping[str, Any]) -> str | None:
    """The state, organisation or armed group that a party acts for, so that a state is not taken for two."""
    country = party["country"]
    if country in BODIES or party["sector"] in ARMED:
        called = str(party["id"] or party["name"] or party["text"] or "")
        return called if country in BODIES and called else f"{called} {country or ''} armed".strip()
    return country or None


def _units(parties: Iterable[Mapping[str, Any]]) -> set[str]:
    return {u for p in parties if standing(p) == "state" and (u := unit(p))}


def _abroad(ours: set[str], parties: Iterable[Mapping[str, Any]]) -> bool:
    """Whether some of the parties are of another state."""
    return any(u not in ours for p in parties if (u := unit(p)))


def scope(event: Mapping[str, Any]) -> int:
    """The narrowest of `SCOPES`, by its place, that an event belongs to.

    Between states is an act of a state, an organisation of states or an armed group towards another one, or towards
    people of another state.
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
    """The public weight of a recorded event, from 0 to 2: who, across a border or at home, how grave, whether it
    happened, and how many independent origins tell it.
    """
    actors, recipients = event["actors"], event["recipients"]
    if recipients and scope(event) == 0:
        parties = math.sqrt(max(BETWEEN_STATES, _side(actors)) * max(BETWEEN_STATES, _side(recipients)))
    elif recipients or len(actors) < 2:
        parties = math.sqrt(_side(actors) * _side(recipients))
    else:  # done together: the two weightiest
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
    """Between whom an event is, in any direction: the key by which what is usual is counted."""
    return "|".join(sorted({u for p in (*event["actors"], *event["recipients"]) if (u := unit(p))}))


# A first line that is wrong costs more trust than a weighty one that stands further down: doubt counts thrice.
POWER = 3
# Of an event with its sureness, its weight and `usual`, how many of its type there are between its parties, itself
# included.
RANK = f"pow(sure, {POWER}) * weight * (0.5 + 0.5 / (1 + ln(usual)))"
LIKELY = 0.5  # sureness from which an event is rather right than wrong: these come first
# Confidence asks for half of the parties of a side, a reader for every one. By this many further parties it falls where
# one state stands on both sides: on the development articles it makes as much of a difference as two states more.
BOTH_SIDES = 2


def _beside(event: Mapping[str, Any]) -> tuple[int, bool]:
    """How many states stand on a side beside its first one, and whether a state, or a party, stands on both sides.
    What is done together has one side, and all stand on it.
    """
    sides = [event["actors"], event["recipients"]]
    if not event["recipients"] and event["type"] in MUTUAL:
        return 0, False
    acting, acted = ({u for p in side if (u := unit(p))} for side in sides)
    named, told = ({n for p in side if (n := p["name"] or p["text"])} for side in sides)
    return max(len(acting) - 1, 0) + max(len(acted) - 1, 0), bool(acting & acted or named & told)


def sure(event: Mapping[str, Any]) -> float:
    """How sure it is that an event is right in every party, from 0 to 1: its confidence, less where several states
    stand on a side or one on both.
    """
    others, both = _beside(event)
    return round(float(event["confidence"]) / math.sqrt(1 + others + BOTH_SIDES * both), 4)


def novelty(usual: int) -> float:
    """From 1 for the first act of its type between its parties down towards a half for the usual; as in `RANK`."""
    return 0.5 + 0.5 / (1 + math.log(max(1, usual)))


_SCOPES_TOLD = ("between states or armed groups", "politics", "people and firms")


def why(event: Mapping[str, Any], usual: int) -> list[str]:
    """Why a line ranks where it does, the reasons in the order in which they weigh."""
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
