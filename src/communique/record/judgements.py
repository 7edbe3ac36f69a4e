"""A person's judgement of an event: added, never overwriting, and held on to by article, trigger and type, not by an id alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..events.ontology import QUADS, score
from ..schema import TYPES, Event, PartyMention, build
from .answer import RecordError

VERDICTS = ("confirm", "reject", "correct", "merge", "undo")
CHANGEABLE = ("type", "mode", "modality", "polarity", "actors", "recipients", "date", "place")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who judged what, how and why; `article`, the trigger's characters and `type` find the event again when another reader has read it."""

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
        """Whether it is of this event, or of what another version of the reader made of the same word."""
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
    def from_dict(cls, value: Mapping[str, Any]) -> Judgement:
        return cls(*(value[n] for n in cls.__slots__))


def judged(event: Event, judgements: Iterable[Judgement]) -> Event | None:
    """The event as judgements leave it, `None` where it was rejected."""
    rejected = False
    for j in judgements:
        if j.verdict == "reject" and j.fits(event):
            rejected = True
        elif j.verdict == "confirm" and j.fits(event):
            rejected, event = False, replace(event, confidence=1.0)
        elif j.verdict == "correct" and j.fits(event):
            event = corrected(event, j.change)
    return None if rejected else event


def corrected(event: Event, change: Mapping[str, Any]) -> Event:
    wrong = [k for k in change if k not in CHANGEABLE]
    if wrong:
        raise RecordError(f"'{wrong[0]}' cannot be corrected; these can: {', '.join(CHANGEABLE)}")
    if "type" in change and change["type"] not in TYPES and event.codebook is None:
        raise RecordError(f"'{change['type']}' is none of PLOVER's types")
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
                values[name] = (
                    replace(getattr(event, name), **{{"from": "from_"}.get(k, k): v for k, v in value.items()})
                    if getattr(event, name) and value
                    else None
                )
            else:
                values[name] = value
    except (TypeError, AttributeError, ValueError) as error:
        raise RecordError(f"a correction that does not fit: {error}") from None
    if "type" in values and event.codebook is None:
        values |= {
            "quad": QUADS[values["type"]],
            "score": score(values["type"], values.get("mode")),
            "mode": values.get("mode"),
        }
    return replace(event, **values)
