"""Judgements of events by people. They are added, never overwritten, and identify an event by article, trigger and
type, not only by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from ..events.ontology import QUADS, score
from ..schema import TYPES, Event, EventDate, PartyMention, Place, build
from . import checks
from .answer import RecordError, WrongQuestion

VERDICTS = ("confirm", "reject", "correct", "merge", "undo")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who judged what, how and why. `article`, the character offsets of the trigger, and `type` find the event again in
    the output of another reader version.
    """

    id: str
    target: str
    verdict: str
    by: str
    why: str
    change: Mapping[str, Any]
    article: str | None
    trigger_start: int | None
    trigger_end: int | None
    type: str | None

    def fits(self, event: Event) -> bool:
        """Whether it is about this event, or an event of the same type and trigger from another reader version."""
        if event.id == self.target:
            return True
        trigger = event.evidence.trigger
        return bool(
            self.article == event.article
            and trigger
            and self.trigger_start is not None
            and self.trigger_end is not None
            and trigger.start < self.trigger_end
            and self.trigger_start < trigger.end
            and self.type == event.type
        )

    def to_dict(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in self.__slots__} | {"change": dict(self.change)}

    @classmethod
    def from_dict(cls, value: object) -> Judgement:
        """Returns a judgement from its JSON. Raises `WrongQuestion` if that is not a valid judgement."""
        if not isinstance(value, Mapping):
            raise WrongQuestion("no judgement: no object")
        if missing := [n for n in cls.__slots__ if n not in value]:
            raise WrongQuestion(f"no judgement: it has no '{missing[0]}'")
        for name in ("id", "target", "verdict", "by", "why"):
            if not isinstance(value[name], str):
                raise WrongQuestion(f"no judgement: its '{name}' is no text")
        for name, kind in (("article", str), ("trigger_start", int), ("trigger_end", int), ("type", str)):
            if value[name] is not None and not isinstance(value[name], kind):
                raise WrongQuestion(f"no judgement: its '{name}' is no {'number' if kind is int else 'text'}")
        checks.one_of("verdict", value["verdict"], VERDICTS)
        if not value["by"].strip():
            raise WrongQuestion("a judgement says who made it")
        checks.change(value["verdict"], value["change"])
        return cls(*(value[n] for n in cls.__slots__))


def judged(event: Event, judgements: Iterable[Judgement]) -> Event | None:
    """Returns the event after the judgements, `None` if they reject it. Ignores corrections that do not fit it."""
    rejected = False
    for j in judgements:
        if j.verdict == "reject" and j.fits(event):
            rejected = True
        elif j.verdict == "confirm" and j.fits(event):
            rejected, event = False, replace(event, confidence=1.0)
        elif j.verdict == "correct" and j.fits(event):
            with suppress(RecordError):
                event = corrected(event, j.change)
    return None if rejected else event


UNKNOWN: dict[str, Any] = {
    "date": EventDate(None, None, None, None, None, "stated"),
    "place": Place(None, None, None, None, None, None, None, None, None),
}


def _changed(part: Any, value: Mapping[str, Any]) -> Any:
    """Returns a date or place with some fields changed. A new first day without a last day becomes the last day too."""
    fields = {{"from": "from_"}.get(k, k): v for k, v in value.items()}
    if "from_" in fields and "to" not in fields:
        fields["to"] = fields["from_"]
    return replace(part, **fields)


def corrected(event: Event, change: Mapping[str, Any]) -> Event:
    """Returns the event with a correction applied. Raises `WrongQuestion` if it does not fit."""
    checks.change("correct", change)
    if "type" in change and change["type"] not in TYPES and event.codebook is None:
        raise WrongQuestion(f"'{change['type']}' is none of PLOVER's types: {', '.join(TYPES)}")
    values: dict[str, Any] = {}
    try:
        for name, value in change.items():
            if name in ("actors", "recipients"):
                values[name] = tuple(
                    build(
                        PartyMention,
                        {
                            "text": None,
                            "start": None,
                            "end": None,
                            "name": None,
                            "id": None,
                            "country": None,
                            "sector": None,
                        }
                        | dict(p),
                    )
                    for p in value
                )
            elif name in ("date", "place"):
                values[name] = _changed(getattr(event, name) or UNKNOWN[name], value) if value else None
            else:
                values[name] = value
    except (TypeError, AttributeError, ValueError) as error:
        raise WrongQuestion(f"a correction that does not fit: {error}") from None
    if "type" in values and event.codebook is None:
        values |= {
            "quad": QUADS[values["type"]],
            "score": score(values["type"], values.get("mode")),
            "mode": values.get("mode"),
        }
    return replace(event, **values)
