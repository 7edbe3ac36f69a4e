"""Who said what: statements, whom they are about, their articles, and who else said the same or denied it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..schema import Mention, Node, Party, Report, Statement
from .codes import codes_of_parties

SPOKEN_OF = 12  # most parties that a statement is about: the first ones it names
NEAR = 7  # largest number of days between an event and its denial, of one type and the same parties


@dataclass(frozen=True, slots=True)
class Voice(Node):
    """Another source that says the same, or denies it, in an article."""

    name: str | None
    country: str | None
    event: str
    words: str
    article: str
    title: str | None
    publisher: str | None
    url: str | None
    day: str | None


@dataclass(frozen=True, slots=True)
class RecordedStatement(Node):
    """A statement with its words, whom it is about, the article that carries it, and other voices.

    `day` is the first day of publication of the article. `events` are the recorded events based on the statement.
    `events`, `same` and `denied` are filled only on request.
    """

    statement: Statement
    said: str
    about: tuple[Party, ...]
    article: str
    title: str | None
    publisher: str | None
    url: str | None
    day: str | None
    events: tuple[str, ...] = ()
    same: tuple[Voice, ...] = ()
    denied: tuple[Voice, ...] = ()

    @property
    def speaker(self) -> Any:
        """The source, with country, sector and office; `None` if nobody is named."""
        return self.statement.source

    def to_dict(self) -> dict[str, Any]:
        rest = {n: getattr(self, n) for n in ("said", "article", "title", "publisher", "url", "day")}
        told = {n: [v.to_dict() for v in getattr(self, n)] for n in ("about", "same", "denied")}
        return self.statement.to_dict() | rest | {"events": list(self.events)} | told

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> RecordedStatement:
        return cls(
            Statement.from_dict(value),
            value["said"],
            tuple(Party.from_dict(p) for p in value["about"]),
            value["article"],
            value["title"],
            value["publisher"],
            value["url"],
            value["day"],
            tuple(value["events"]),
            tuple(Voice.from_dict(v) for v in value["same"]),
            tuple(Voice.from_dict(v) for v in value["denied"]),
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "statement"), name)


def statement_rows(report: Report, reader: str, now: datetime) -> list[tuple[Any, ...]]:
    """Returns a report's rows of the table `statements`, in the order of its columns."""
    rows = []
    for s in report.statements:
        source = s.source.to_dict() if s.source else None
        codes = codes_of_parties([source]) if source else []
        about = [p.to_dict() for p in _spoken_of(report, s)]
        addressed = codes_of_parties([s.addressee.to_dict()]) if s.addressee else []
        rows.append(
            (
                s.id,
                report.article.id,
                reader,
                now,
                (source["name"] or source["text"]) if source else None,
                codes,
                [c for c in codes_of_parties(about) if c not in (source or {}).values()],
                addressed,
                " … ".join(c.text for c in s.content),
                json.dumps(about, ensure_ascii=False),
                json.dumps(s.to_dict(), ensure_ascii=False),
            )
        )
    return rows


def _spoken_of(report: Report, statement: Statement) -> list[Party]:
    """Returns the parties that a statement names, without its speaker, in the order of their mentions."""
    spans = [(c.start, c.end) for c in statement.content]
    speaker = statement.source
    found: dict[tuple[Any, ...], Party] = {}
    for p in report.parties:
        if p.start is None or p.end is None or not (p.name or p.country):
            continue
        if any(a <= p.start and p.end <= b for a, b in spans) and not _same(p, speaker):
            found.setdefault(
                (p.id or p.name, p.country, p.sector), Party(p.name, p.id, p.country, p.sector, p.also, p.office)
            )
    return list(found.values())[:SPOKEN_OF]


def _same(party: Mention, other: Any) -> bool:
    if other is None:
        return False
    return (party.start, party.end) == (other.start, other.end) or bool(party.name and party.name == other.name)


def hanging(accounts: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Returns the accounts based on each statement, by article and statement."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for e in accounts:
        ids = {*e["statements"], *(a["statement"] for a in e["according_to"] if a["statement"])}
        for s in sorted(ids):
            found.setdefault((e["article"], s), []).append(e)
    return found


def voices(
    events: Sequence[str],
    speaker: str | None,
    article: str,
    accounts: Mapping[str, Sequence[Mapping[str, Any]]],
    against: Mapping[str, Sequence[Mapping[str, Any]]],
    about: Mapping[str, Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns who else says what a statement says, and who denies it.

    `accounts` are the accounts of each recorded event. `against` are events of the same type and parties within `NEAR`
    days that deny it, or that it denies.
    """
    same: dict[tuple[Any, ...], dict[str, Any]] = {}
    denied: dict[tuple[Any, ...], dict[str, Any]] = {}
    for event in events:
        mine = accounts.get(event, ())
        polarity = next((e["polarity"] for e in mine if e["article"] == article), None)
        for e in mine:
            voice = _voice(e, event, about)
            if e["polarity"] == polarity and (e["article"] != article or voice["name"] != speaker):
                same.setdefault((voice["name"], voice["article"]), voice)
            elif e["polarity"] != polarity:
                denied.setdefault((voice["name"], voice["article"]), voice)
        for e in against.get(event, ()):
            voice = _voice(e, event, about)
            denied.setdefault((voice["name"], voice["article"]), voice)
    return list(same.values()), list(denied.values())


def _voice(event: Mapping[str, Any], recorded: str, about: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the voice behind an account of an event: the innermost source, else the article itself."""
    source = max(event["according_to"], key=lambda a: a["level"], default=None)
    told = about.get(event["article"], {})
    name = (source["name"] or source["text"] or source["cue"]) if source else None
    return {
        "name": name,
        "country": source["country"] if source else None,
        "event": recorded,
        "words": event["evidence"]["text"],
        "article": event["article"],
        **{n: told.get(n) for n in ("title", "publisher", "url")},
        "day": told.get("published"),
    }
