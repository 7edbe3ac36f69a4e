"""Judgements in a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ..schema import Event
from . import checks
from .answer import NotFound, WrongQuestion
from .deriving import Deriving
from .judgements import VERDICTS, Judgement, corrected
from .tables import CURRENT


class Judging(Deriving):
    """The part of a record that people confirm, reject, correct and merge."""

    def judge(self, target: str, verdict: str, by: str, why: str = "", change: Mapping[str, Any] | None = None) -> str:
        """Confirms, rejects or corrects an event, merges two events or the stories of two articles (`change={"with":
        id}`), or undoes a judgement. Returns the id of the new judgement.
        """
        self._writable()
        checks.one_of("verdict", verdict, VERDICTS)
        change = checks.change(verdict, {} if change is None else change)
        if not by.strip():
            raise WrongQuestion("by: a judgement says who made it")
        article: str | None = None
        start = end = None
        type_: str | None = None
        if verdict == "undo":
            if target not in {j.id for j in self._judgements(undone=True)}:
                raise NotFound(f"no judgement {target} to undo")
        else:
            for each in (target, *([str(change.get("with"))] if verdict == "merge" else [])):
                if not self._ask(
                    "select 1 from accounts where id = $id union all select 1 from articles where id = $id",
                    {"id": each},
                ):
                    raise NotFound(f"no event or article {each} to judge")
            if verdict == "merge":
                self._mergeable(target, change["with"])
            row = self._ask("select event from accounts where id = $id", {"id": target})
            if row:
                event = Event.from_dict(json.loads(row[0][0]))
                article, type_ = event.article, event.type
                if event.evidence.trigger:
                    start, end = event.evidence.trigger.start, event.evidence.trigger.end
                if verdict == "correct":
                    corrected(event, change)
            elif verdict != "merge":
                raise WrongQuestion(f"target: {target} is an article; to {verdict} is for events")
        now = datetime.now(UTC)
        key = (
            "j:"
            + hashlib.sha256(
                f"{target}|{verdict}|{by}|{why}|{json.dumps(change, sort_keys=True)}|{now.isoformat()}".encode()
            ).hexdigest()[:16]
        )
        with self._transaction():
            self._base.execute(
                "insert into judgements values (?,?,?,?,?,?,?,?,?,?,?)",
                [key, now, target, verdict, by, why, json.dumps(change), article, start, end, type_],
            )
            self._again(target, change)
        return key

    @staticmethod
    def _mergeable(target: str, other: str) -> None:
        if target == other:
            raise WrongQuestion(f"change: {target} cannot be merged with itself")
        if target[:2] != other[:2]:
            raise WrongQuestion(
                f"change: an event is merged with an event and an article with an article, not {target} with {other}"
            )

    def _again(self, target: str, change: Mapping[str, Any]) -> None:
        touched = {target, str(change.get("with"))}
        touched |= {
            x for j in self._judgements(undone=True) if j.id == target for x in (j.target, str(j.change.get("with")))
        }
        rows = self._ask(
            "select distinct article from accounts where id in (select unnest($ids)) "
            "union select distinct id from articles where id in (select unnest($ids))",
            {"ids": sorted(touched)},
        )
        if rows:
            self._stories(self._reached([r[0] for r in rows]))

    def judgements(self) -> list[dict[str, Any]]:
        """Returns all judgements in force. `fits` says whether the current reader still finds what was judged."""
        rows = self._ask(
            f"with current as ({CURRENT}) select a.event from accounts a "
            "join current on a.article = current.id and a.reader = current.reader "
            "where a.article in (select article from judgements)",
            {},
        )
        events = [Event.from_dict(json.loads(r[0])) for r in rows]
        return [j.to_dict() | {"fits": j.article is None or any(j.fits(e) for e in events)} for j in self._judgements()]

    def apply(self, judgements: Iterable[Mapping[str, Any]]) -> int:
        """Adds judgements made on another record of the same articles and returns how many were new. Adds none if one
        is invalid.
        """
        self._writable()
        known = {j.id for j in self._judgements(undone=True)}
        count = 0
        with self._transaction():
            for row in judgements:
                j = Judgement.from_dict(row)
                if j.verdict == "merge":
                    self._mergeable(j.target, j.change["with"])
                if j.id in known:
                    continue
                known.add(j.id)
                self._base.execute(
                    "insert into judgements values (?,?,?,?,?,?,?,?,?,?,?)",
                    [
                        j.id,
                        datetime.now(UTC),
                        j.target,
                        j.verdict,
                        j.by,
                        j.why,
                        json.dumps(j.change),
                        j.article,
                        j.trigger_start,
                        j.trigger_end,
                        j.type,
                    ],
                )
                count += 1
            if count:
                self._stories([r[0] for r in self._ask("select distinct id from articles", {})])
        return count
