"""How likely an event as it was put together is right: type, both parties, and an act at all.

A logistic regression on what the heads and the rules say of the event. Its weights are learned from events of development news that were judged
by hand (`training/confidence.py`), so that of the events told with a confidence of 0.7 about seven in ten are right on news of that kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path

from ..reading import Reading
from ..schema import Modality, PartyMention, Polarity
from .arguments import Frame
from .ontology import QUADS

Features = dict[str, float]
_STATE = frozenset(("GOV", "MIL", "SPY", "IGO", "LEG", "JUD", "COP", "PTY"))
_PEOPLE = frozenset(("CVL", "EDU", "MED", "REL", "AGR", "LAB", "SOC"))


@dataclass(frozen=True)
class Told:
    """What is known of an event when its confidence is asked for: the type's probability by word and pair, none's, and what the rules found."""

    trigger: int
    type: str
    probability: float
    second: float  # of the next best type
    none: float
    actors: list[PartyMention]
    recipients: list[PartyMention]
    at: int  # the word that is acted on, -1 for none
    around: Frame
    source: float  # how much the model takes the actor's phrase for the source
    target: float
    others: float  # the same of the recipient's phrase for the source
    modality: Modality
    polarity: Polarity
    product: float  # the product of what the rules take off


def _logit(p: float) -> float:
    p = min(max(p, 1e-3), 1 - 1e-3)
    return log(p / (1 - p))


def _side(party: PartyMention) -> str:
    """What stands on one side: a state's organ, armed or other groups, people, a medium, or somebody unknown."""
    where = "" if party.country else " of nowhere"
    if party.sector in _STATE:
        return "state" + where
    if party.sector in _PEOPLE:
        return "people" + where
    if party.sector == "JRN":
        return "medium"
    return ("other" if party.sector else "unknown") + where


def features(reading: Reading, told: Told) -> Features:
    """What speaks for or against an event, by name."""
    word = reading.words[told.trigger]
    sentence = word.sentence
    a, b = reading.sentence_of(told.trigger)
    typed = float(reading.types[told.trigger][:16].max())
    likely, public = float(reading.event[told.trigger]), float(reading.public[told.trigger])
    found: Features = {
        "probability": _logit(told.probability),
        "second": told.second,
        "none": _logit(told.none),
        "none of the word": _logit(float(reading.types[told.trigger][16])),
        "typed": _logit(typed),
        "event": _logit(likely),
        "public": _logit(public),
        "neutral": float(reading.kinds[sentence][0]),
        "product": log(max(told.product, 1e-3)),
        "same quad": float(reading.kinds[sentence][1:].sum()),
        "length": (b - a) / 40,
        "place in sentence": (told.trigger - a) / max(b - a, 1),
        "place in text": min(sentence, 10) / 10,
        "source": told.source,
        "target": told.target,
        "target as source": told.others,
    }
    rel = word.rel.split(":")[0]
    found[f"type {told.type}"] = 1.0
    found[f"quad {QUADS[told.type]} noun" if word.upos != "VERB" else f"quad {QUADS[told.type]} verb"] = 1.0
    found[f"upos {word.upos}"] = found[f"rel {word.rel if rel == 'acl' else rel}"] = 1.0
    found[f"class {reading.event_class[told.trigger]}"] = 1.0
    found[f"modality {told.modality}"] = found[f"polarity {told.polarity}"] = 1.0
    for side, parties in (("actor", told.actors), ("recipient", told.recipients)):
        if not parties:
            found[f"no {side}"] = 1.0
            continue
        party = parties[0]
        found[f"{side} {_side(party)}"] = 1.0
        found[f"{side} named"] = float(bool(party.name))
        found[f"{side} is state"] = float(bool(party.name) and party.sector == "GOV" and party.office is None)
        found[f"{side} several"] = float(len(parties) > 1)
        if party.start is not None and party.end is not None:
            inside = list(reading.words_in(party.start, party.end))
            if inside:
                heads = [i for i in inside if reading.words[i].head not in inside]
                head = reading.words[heads[0] if heads else inside[-1]]
                found[f"{side} far"] = (
                    min(abs(head.index - told.trigger), 20) / 20 if head.sentence == sentence else 1.0
                )
                found[f"{side} pronoun"] = float(head.upos == "PRON")
                found[f"{side} rel {head.rel.split(':')[0]}"] = 1.0
                found[f"{side} under"] = float(head.head == told.trigger)
                if side == "recipient" and head.index > told.trigger:
                    found["recipient after"] = 1.0
    if told.actors and told.recipients:
        own, theirs = {p.country for p in told.actors}, {p.country for p in told.recipients}
        found[
            "abroad"
            if None not in own | theirs and own.isdisjoint(theirs)
            else "at home"
            if own & theirs - {None}
            else "unclear"
        ] = 1.0
    if told.at >= 0:
        found[
            "acted on by object"
            if told.at in told.around.recipients
            else "acted on further"
            if told.at in told.around.further
            else "acted on by role"
        ] = 1.0
    found["actor by tree"] = float(bool(told.around.actors))
    found["passive"] = float(told.around.passive)
    return found


@cache
def _weights() -> dict[str, float]:
    path = Path(__file__).with_name("confidence.json")
    return json.loads(path.read_text("utf-8")) if path.exists() else {"bias": 0.0, "product": 1.0}


def probable(found: Features) -> float:
    """The probability that an event is right, by the weights of its features."""
    weights = _weights()
    total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + exp(-max(min(total, 30.0), -30.0)))
