"""What was read, kept append-only with the time it was recorded, and asked by party, time and type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

import duckdb

from ..schema import SCHEMA_VERSION, Event, Node, Report, Statement
from ..stories import Story, fingerprint, stories_of

N = TypeVar("N", bound=Node)

_TABLES = """
create table meta(schema_version integer, created timestamptz);
create table articles(id varchar, reader varchar, recorded_at timestamptz, url varchar, title varchar, publisher varchar,
    published_from date, published_to date, fingerprint varchar, sha256 varchar, report json, primary key(id, reader));
create table events(id varchar, article varchar, reader varchar, recorded_at timestamptz, type varchar, mode varchar, quad varchar, score double,
    modality varchar, polarity varchar, date_from date, date_to date, actors varchar[], recipients varchar[], names varchar[], confidence double, event json);
create table statements(id varchar, article varchar, reader varchar, recorded_at timestamptz, source varchar, country varchar, statement json);
"""
_CURRENT = "select id, max_by(reader, recorded_at) reader from articles where recorded_at <= $as_of group by id"


class RecordError(Exception):
    """A record that cannot be opened or asked: which, and why."""


@dataclass(frozen=True, slots=True)
class RecordedEvent(Node):
    """An event with how many articles and independent origins tell it, and where they disagree."""

    event: Event
    origins: int
    reports: int
    accounts: tuple[str, ...]
    disputes: tuple[Any, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return self.event.to_dict() | {"origins": self.origins, "reports": self.reports, "accounts": list(self.accounts), "disputes": list(self.disputes)}

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "event"), name)


class Answer(Generic[N]):
    """Nouns as a list; `.arrow()`, `.polars()` and `.pandas()` give them as a table."""

    def __init__(self, items: list[N]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[N]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> N:
        return self._items[index]

    def arrow(self) -> Any:
        import pyarrow

        return pyarrow.Table.from_pylist([i.to_dict() for i in self._items])

    def polars(self) -> Any:
        import polars

        return polars.from_arrow(self.arrow())

    def pandas(self) -> Any:
        return self.arrow().to_pandas()


def open_record(path: str | Path, as_of: str | None = None) -> Record:
    """Opens a record or begins one. `as_of` (ISO 8601) answers with what was known then and takes nothing in."""
    return Record(Path(path), as_of)


class Record:
    """One DuckDB file; append-only, so that the past stays what it was."""

    def __init__(self, path: Path, as_of: str | None = None) -> None:
        self.path = path
        self._as_of = datetime.fromisoformat(as_of) if as_of else None
        if self._as_of and self._as_of.tzinfo is None:
            self._as_of = self._as_of.replace(tzinfo=UTC)
        fresh = not path.exists()
        if fresh and as_of:
            raise RecordError(f"{path}: no such record")
        if not fresh and path.stat().st_size and path.read_bytes()[8:12] != b"DUCK":
            raise RecordError(f"{path}: is no record")
        try:
            self._base = duckdb.connect(str(path), read_only=bool(as_of))
        except duckdb.IOException as error:
            cause = "open in another process" if "lock" in str(error).lower() else str(error).split("\n")[0]
            raise RecordError(f"{path}: {cause}") from None
        tables = {r[0] for r in self._base.execute("select table_name from information_schema.tables").fetchall()}
        if not tables:
            self._base.execute("begin;" + _TABLES)
            self._base.execute("insert into meta values (?, ?)", [SCHEMA_VERSION, datetime.now(UTC)])
            self._base.execute("commit")
        elif "meta" not in tables:
            self._base.close()
            raise RecordError(f"{path}: is a database, but no record")
        else:
            row = self._base.execute("select schema_version from meta").fetchone()
            if row and row[0] > SCHEMA_VERSION:
                self._base.close()
                raise RecordError(f"{path}: was written by a newer version (schema {row[0]}, this reads up to {SCHEMA_VERSION})")

    def __enter__(self) -> Record:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()

    def add(self, reports: Report | Iterable[Report]) -> int:
        """Takes in one or many reports in one transaction; says how many were new. Again is a no-op."""
        if self._as_of:
            raise RecordError(f"{self.path}: opened as of {self._as_of.isoformat()}, takes nothing in")
        many = [reports] if isinstance(reports, Report) else list(reports)
        new = 0
        self._base.execute("begin")
        try:
            for report in many:
                new += self._one(report)
            self._base.execute("commit")
        except BaseException:
            self._base.execute("rollback")
            raise
        return new

    def _one(self, report: Report) -> int:
        a = report.article
        reader = report.events[0].reader if report.events else "communique"
        if self._base.execute("select 1 from articles where id = ? and reader = ?", [a.id, reader]).fetchone():
            return 0
        now = datetime.now(UTC)
        body = [a.text[p.start : p.end] for p in a.paragraphs]
        self._base.execute(
            "insert into articles values (?,?,?,?,?,?,?,?,?,?,?)",
            [a.id, reader, now, a.url, a.title, a.publisher.name if a.publisher else None, a.published.from_ if a.published else None,
             a.published.to if a.published else None, fingerprint(body), a.page.sha256 if a.page else None, json.dumps(report.to_dict())],
        )  # fmt: skip
        for e in report.events:
            sides = [[p.country for p in side if p.country] for side in (e.actors, e.recipients)]
            names = [n for p in (*e.actors, *e.recipients) for n in (p.name, p.id) if n]
            self._base.execute(
                "insert into events values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [e.id, a.id, e.reader, now, e.type, e.mode, e.quad, e.score, e.modality, e.polarity, e.date.from_ if e.date else None,
                 e.date.to if e.date else None, *sides, names, e.confidence, json.dumps(e.to_dict())],
            )  # fmt: skip
        for s in report.statements:
            self._base.execute(
                "insert into statements values (?,?,?,?,?,?,?)",
                [s.id, a.id, reader, now, s.source.name or s.source.text if s.source else None, s.source.country if s.source else None, json.dumps(s.to_dict())],
            )
        return 1

    def _ask(self, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        values = {"as_of": self._as_of or datetime(9999, 1, 1, tzinfo=UTC)} | values
        return list(self._base.execute(query, {k: v for k, v in values.items() if f"${k}" in query}).fetchall())

    def events(
        self, actor: str | None = None, recipient: str | None = None, since: str | None = None, until: str | None = None, type: str | None = None,
        modality: str | None = None, polarity: str | None = None,
    ) -> Answer[RecordedEvent]:  # fmt: skip
        """Recorded events in order of their date. A party is a country code, a name or a Wikidata id; since and until are days."""
        where, values = ["true"], dict[str, Any]()
        for name, value, column in (("actor", actor, "actors"), ("recipient", recipient, "recipients")):
            if value:
                where.append(f"(list_contains({column}, ${name}) or list_contains(names, ${name}))")
                values[name] = value
        for name, value, test in (("since", since, "date_to >= $since"), ("until", until, "date_from <= $until"), ("type", type, "type = $type"),
                                  ("modality", modality, "modality = $modality"), ("polarity", polarity, "polarity = $polarity")):  # fmt: skip
            if value:
                where.append(test)
                values[name] = value
        query = f"""with current as ({_CURRENT}) select event from events join current
            on events.article = current.id and events.reader = current.reader where {' and '.join(where)} order by date_from nulls last, events.article, events.id"""
        try:
            rows = self._ask(query, values)
        except duckdb.ConversionException as error:
            raise RecordError(f"{self.path}: {str(error).splitlines()[0]}") from None
        found = [Event.from_dict(json.loads(row[0])) for row in rows]
        return Answer([RecordedEvent(e, 1, 1, (e.id,)) for e in found])

    def accounts(self, event: str) -> Answer[Event]:
        """The events of single articles behind a recorded one."""
        rows = self._ask(f"with current as ({_CURRENT}) select event from events join current on events.article = current.id and events.reader = current.reader where events.id = $event", {"event": event})
        return Answer([Event.from_dict(json.loads(r[0])) for r in rows])

    def statements(self, source: str | None = None) -> Answer[Statement]:
        """Statements, all or those of a source by name or country code."""
        where = "and (source = $source or country = $source)" if source else ""
        rows = self._ask(f"with current as ({_CURRENT}) select statement from statements s join current on s.article = current.id and s.reader = current.reader where true {where} order by s.article, s.id", {"source": source})
        return Answer([Statement.from_dict(json.loads(r[0])) for r in rows])

    def stories(self) -> Answer[Story]:
        """Stories with the articles that tell them."""
        rows = self._ask(f"with current as ({_CURRENT}) select a.id, a.fingerprint, a.published_from::varchar from articles a join current on a.id = current.id and a.reader = current.reader order by a.id", {})
        return Answer(stories_of([(r[0], r[1], r[2]) for r in rows]))

    def reports(self) -> Iterator[Report]:
        """Every report as it now stands."""
        for (text,) in self._ask(f"with current as ({_CURRENT}) select report from articles a join current on a.id = current.id and a.reader = current.reader order by a.id", {}):
            yield Report.from_dict(json.loads(text))

    def series(self, actor: str, recipient: str, every: str = "1w") -> list[dict[str, Any]]:
        """Events of a directed dyad by period (`1d`, `1w`, `1m`, `1y`): how many, mean score, cooperation and conflict. Actual and positive ones count."""
        unit = {"d": "day", "w": "week", "m": "month", "y": "year"}.get(every[-1:])
        if unit is None or not every[:-1].isdigit() or int(every[:-1]) < 1:
            raise RecordError(f"every: '{every}' is no period such as 1d, 1w, 1m, 1y")
        rows = self._ask(
            f"""with current as ({_CURRENT}) select date_trunc('{unit}', date_from)::date, count(*), avg(score), count(*) filter (score > 0), count(*) filter (score < 0)
            from events join current on events.article = current.id and events.reader = current.reader
            where list_contains(actors, $actor) and list_contains(recipients, $recipient) and modality = 'actual' and polarity = 'positive' and date_from is not null
            group by 1 order by 1""",
            {"actor": actor, "recipient": recipient},
        )
        steps = int(every[:-1])
        merged: dict[Any, list[tuple[Any, ...]]] = {}
        for row in rows:
            if unit in ("day", "week"):
                days = steps * (7 if unit == "week" else 1)
                start = row[0] - timedelta((row[0].toordinal() - (1 if unit == "week" else 0)) % days if steps > 1 else 0)
            else:
                start = row[0]
            merged.setdefault(start, []).append(row)
        return [
            {"from": str(start), "events": sum(r[1] for r in group), "score": sum(r[2] * r[1] for r in group) / sum(r[1] for r in group),
             "cooperation": sum(r[3] for r in group), "conflict": sum(r[4] for r in group)}
            for start, group in merged.items()
        ]  # fmt: skip
