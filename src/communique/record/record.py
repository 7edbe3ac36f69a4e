"""The record: an append-only file of what was read and when, queried by party, time and type."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from ..schema import Failure, Report
from .answer import NoRecord, NotFound, RecordBusy, RecordDamaged, RecordError
from .deriving import day_of
from .judging import Judging
from .merge import credited
from .profile import profile_of
from .sayings import statement_rows
from .tables import DERIVED, DERIVED_NAMES, KEPT, NAMES, SCHEMA, VIEWS


def open_record(path: str | Path, as_of: str | None = None, read_only: bool = False) -> Record:
    """Opens a record, or creates it. With `as_of` (ISO 8601), queries return what was known at that time. A record
    opened with `as_of` or `read_only` cannot be changed, and several processes can open it at once.
    """
    return Record(Path(path), as_of, read_only)


class Record(Judging):
    """A record in one DuckDB file. It is append-only, so earlier states can be queried."""

    def __init__(self, path: Path, as_of: str | None = None, read_only: bool = False) -> None:
        self.path, self._read_only = path, read_only
        self._as_of: datetime | None = None
        if as_of:
            try:
                self._as_of = datetime.fromisoformat(as_of)
            except ValueError:
                raise RecordError(f"as of '{as_of}': no time such as 2021-03-23 or 2021-03-23T12:00:00+00:00") from None
            if self._as_of.tzinfo is None:
                self._as_of = self._as_of.replace(tzinfo=UTC)
        fresh = not path.exists()
        if fresh and (as_of or read_only):
            raise NoRecord(f"{path}: no such record")
        if not fresh and path.is_dir():
            raise RecordError(f"{path}: is a folder, no record")
        if not fresh:
            with open(path, "rb") as file:
                if (head := file.read(12)) and head[8:12] != b"DUCK":
                    raise RecordError(f"{path}: is no record")
        try:
            self._base = duckdb.connect(
                ":memory:" if self._as_of else str(path), read_only=read_only and not self._as_of
            )
            _without_progress(self._base)
            if self._as_of:
                self._base.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as kept (read_only)")
        except duckdb.Error as error:
            if "lock" in str(error).lower():
                raise RecordBusy(f"{path}: open in another process") from None
            raise RecordDamaged(f"{path}: cannot be opened: {str(error).splitlines()[0]}") from None
        try:
            self._prepare()
        except duckdb.Error as error:
            self._base.close()
            raise RecordDamaged(f"{path}: cannot be opened: {str(error).splitlines()[0]}") from None
        except BaseException:
            self._base.close()
            raise

    def _prepare(self) -> None:
        catalogue = "kept" if self._as_of else self._base.execute("select current_database()").fetchall()[0][0]
        tables = {
            r[0]
            for r in self._base.execute(
                "select table_name from information_schema.tables where table_catalog = ?", [catalogue]
            ).fetchall()
        }
        if not tables and not self._as_of:
            self._base.execute("begin;" + KEPT + DERIVED + VIEWS)
            self._base.execute("insert into meta values (?, ?)", [SCHEMA, datetime.now(UTC)])
            self._base.execute("commit")
            return
        if "meta" not in tables:
            raise RecordError(f"{self.path}: is a database, but no record")
        row = self._base.execute(f"select schema_version from {catalogue}.meta").fetchone()
        if row is None or not isinstance(row[0], int):
            raise RecordDamaged(f"{self.path}: is damaged: its table 'meta' does not say of which version it is")
        version = row[0]
        if version > SCHEMA:
            raise RecordError(
                f"{self.path}: was written by a newer version (schema {version}, this reads up to {SCHEMA})"
            )
        if self._as_of:
            if version < SCHEMA:
                raise RecordError(
                    f"{self.path}: was written by an older version (schema {version}): open it once "
                    f"without a time, so that it is brought up to {SCHEMA}"
                )
            self._as_it_stood(self._as_of)
        elif version < SCHEMA and self._read_only:
            raise RecordError(
                f"{self.path}: was written by an older version (schema {version}): open it once for "
                f"writing, so that it is brought up to {SCHEMA}"
            )
        elif version < 2:
            self._migrate()
        elif not self._read_only:
            for table, statement in zip(NAMES, KEPT.split(";")):
                if table not in tables:  # the record is older than this table
                    self._base.execute(statement)
            if version < SCHEMA:
                self._told_anew()

    def _as_it_stood(self, then: datetime) -> None:
        """Copies what was recorded by `then` into memory and derives everything else from it again."""
        self._base.execute(KEPT + DERIVED + VIEWS)
        there = {
            r[0]
            for r in self._base.execute(
                "select table_name from information_schema.tables where table_catalog = 'kept'"
            ).fetchall()
        }
        for table in NAMES:
            if table not in there:
                continue
            if table == "profiles":
                self._base.execute(
                    "insert into profiles select p.* from kept.profiles p "
                    "join kept.articles a on a.id = p.article and a.reader = p.reader "
                    "where a.recorded_at <= $then",
                    {"then": then},
                )
            elif table != "meta":
                self._base.execute(
                    f"insert into {table} select * from kept.{table} where recorded_at <= $then", {"then": then}
                )
        self._base.execute("detach kept")
        self._tell([r[0] for r in self._base.execute("select distinct id from articles").fetchall()])

    def _told_anew(self) -> None:
        """Upgrades from schemas 2 to 4, which derived differently: keeps what was read and derives the rest again."""
        with self._transaction():
            anew = ("statements", "links", *DERIVED_NAMES)
            for table in anew:
                self._base.execute(f"drop table if exists {table}")
            for statement in (*KEPT.split(";"), *DERIVED.split(";")):
                if "create index" in statement or any(f"create table {t}(" in statement for t in anew):
                    self._base.execute(statement)
            self._base.execute(VIEWS)
            for reader, at, text in self._ask(
                "select reader, recorded_at, report from articles order by id, reader", {}
            ):
                report = Report.from_dict(json.loads(text))
                self._insert("statements", statement_rows(report, reader, at))
                self._insert("links", link_rows(report, reader, at))
            self._tell([r[0] for r in self._ask("select distinct id from articles", {})])
            self._base.execute("update meta set schema_version = ?", [SCHEMA])

    def _migrate(self) -> None:
        """Upgrades from schema 1, which kept whole reports, by adding these reports again."""
        rows = self._base.execute(
            "select recorded_at, report::varchar from articles order by recorded_at, id"
        ).fetchall()
        self._base.execute("begin")
        try:
            for table in ("articles", "events", "statements", "meta"):
                self._base.execute(f"drop table {table}")
            self._base.execute(KEPT + DERIVED + VIEWS)
            self._base.execute("insert into meta values (?, ?)", [SCHEMA, datetime.now(UTC)])
            reports = [Report.from_dict(json.loads(text)) for _, text in rows]
            self._keep((report, at) for (at, _), report in zip(rows, reports))
            self._tell([r.article.id for r in reports])
            self._base.execute("commit")
        except BaseException:
            self._base.execute("rollback")
            raise

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._base.close()

    # Adding

    def add(self, reports: Report | Iterable[Report]) -> int:
        """Adds one or many reports in one transaction, and returns how many were new. Known reports change nothing."""
        self._writable()
        many = [reports] if isinstance(reports, Report) else list(reports)
        with self._transaction():
            now = datetime.now(UTC)
            new = self._keep((report, now) for report in many)
            if new:
                self._tell(new)
        return len(new)

    def fail(self, failures: Iterable[Failure]) -> None:
        """Records pages that could not be read, with the cause. The same page with the same cause is recorded once."""
        self._writable()
        now = datetime.now(UTC)
        with self._transaction():
            for f in failures:
                self._base.execute(
                    "insert into failures select $page, $cause, $now "
                    "where not exists (select 1 from failures where page = $page and cause = $cause)",
                    {"page": f.page, "cause": f.cause, "now": now},
                )

    def pages(self, reader: str) -> set[tuple[str, str | None]]:
        """Returns SHA-256 and address of the pages that this version of the reader has read."""
        return {
            (r[0], r[1])
            for r in self._ask("select sha256, url from articles where reader = $reader", {"reader": reader})
        }

    def new(self, reports: Iterable[Report]) -> int:
        """Returns how many of the articles in these reports are neither recorded nor forgotten."""
        many = list(reports)
        known = {
            r[0]
            for r in self._ask(
                "select id from articles where id in (select unnest($ids)) union select article from forgotten",
                {"ids": [r.article.id for r in many]},
            )
        }
        return len({r.article.id for r in many} - known)

    def _keep(self, reports: Iterable[tuple[Report, datetime]]) -> list[str]:
        """Stores reports and returns the ids of their articles. Skips reports that this version of the reader gave
        before, and forgotten articles.
        """
        many = list(reports)
        ids = [r.article.id for r, _ in many]
        known = {
            (i, r)
            for i, r in self._ask("select id, reader from articles where id in (select unnest($ids))", {"ids": ids})
        }
        gone = {
            r[0]
            for r in self._ask("select article from forgotten where article in (select unnest($ids))", {"ids": ids})
        }
        articles, profiles, accounts, statements, furniture, links = [], [], [], [], [], []
        for report, now in many:
            a = report.article
            reader = report.reader or (report.events[0].reader if report.events else "communique")
            if (a.id, reader) in known or a.id in gone:
                continue
            known.add((a.id, reader))
            articles.append(
                (
                    a.id,
                    reader,
                    now,
                    a.url,
                    a.title,
                    a.publisher.name if a.publisher else None,
                    day_of(a.published.from_ if a.published else None),
                    day_of(a.published.to if a.published else None),
                    a.page.sha256 if a.page else None,
                    credited(a.text, a.byline),
                    len(a.text.split()),
                    json.dumps(report.to_dict(), ensure_ascii=False),
                )
            )
            if report.furniture:
                furniture.append((a.id, now, list(report.furniture)))
            p = profile_of(report)
            s = p.signature
            profiles.append(
                (
                    a.id,
                    reader,
                    *(x.tolist() for x in (s.terms, s.weights, s.names, s.name_weights, s.hashes)),
                    s.words,
                    list(report.vector),
                    day_of(p.day),
                )
            )
            accounts += [(e.id, a.id, reader, now, json.dumps(e.to_dict(), ensure_ascii=False)) for e in report.events]
            statements += statement_rows(report, reader, now)
            links += link_rows(report, reader, now)
        for table, rows in (
            ("articles", articles),
            ("profiles", profiles),
            ("accounts", accounts),
            ("statements", statements),
            ("furniture", furniture),
            ("links", links),
        ):
            self._insert(table, rows)
        return [r[0] for r in articles]

    # Forgetting

    def forget(self, article: str, by: str = "", why: str = "") -> None:
        """Erases an article's text and quotations permanently; a marker and the codes stay. Rewrites the file, so that
        no database page keeps them.
        """
        self._writable()
        rows = self._ask("select reader, report from articles where id = $id", {"id": article})
        if not rows:
            raise NotFound(f"{self.path}: no article {article}")
        with self._transaction():
            for reader, text in rows:
                self._base.execute(
                    "update articles set report = $report, title = null, url = null "
                    "where id = $id and reader = $reader",
                    {
                        "report": json.dumps(without_text(json.loads(text)), ensure_ascii=False),
                        "id": article,
                        "reader": reader,
                    },
                )
            for table, column in (("accounts", "event"), ("statements", "statement")):
                for key, reader, text in self._ask(
                    f"select id, reader, {column} from {table} where article = $id", {"id": article}
                ):
                    self._base.execute(
                        f"update {table} set {column} = $text where id = $key and reader = $reader",
                        {
                            "text": json.dumps(without_text(json.loads(text)), ensure_ascii=False),
                            "key": key,
                            "reader": reader,
                        },
                    )
            self._base.execute(
                "update statements set text = '', source = if(list_contains(codes, source), source, null) where "
                "article = $id",
                {"id": article},
            )
            self._base.execute("update links set cue = null where article = $id", {"id": article})
            self._base.execute("delete from furniture where article = $id", {"id": article})
            for key, text in self._ask("select id, change from judgements where article = $id", {"id": article}):
                self._base.execute(
                    "update judgements set change = $change, why = '' where id = $key",
                    {"change": json.dumps(without_text(json.loads(text)), ensure_ascii=False), "key": key},
                )
            self._base.execute("insert into forgotten values (?,?,?,?)", [article, datetime.now(UTC), by, why])
            self._stories(self._reached([article]))
        try:
            self._rewrite()
        except (duckdb.Error, OSError) as error:
            raise RecordDamaged(
                f"{self.path}: the text is erased, but the file could not be written anew: {str(error).splitlines()[0]}"
            ) from None

    def _rewrite(self) -> None:
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.unlink(missing_ok=True)
        name = self._base.execute("select current_database()").fetchall()[0][0]
        self._base.execute(f"attach '{str(fresh).replace(chr(39), chr(39) * 2)}' as fresh")
        self._base.execute(f'copy from database "{name}" to fresh')
        self._base.execute("detach fresh")
        self._base.close()
        fresh.replace(self.path)
        self._base = duckdb.connect(str(self.path))
        _without_progress(self._base)


def _without_progress(base: duckdb.DuckDBPyConnection) -> None:
    """Turns off DuckDB's progress bars: in a terminal or a pipe, they would appear between the lines of an answer.

    In a notebook without ipywidgets, DuckDB cannot show a bar and refuses even this setting.
    """
    with suppress(duckdb.InvalidInputException):
        base.execute("set enable_progress_bar = false")


def link_rows(report: Report, reader: str, now: datetime) -> list[tuple[Any, ...]]:
    """Returns a report's rows of the table `links`, in the order of its columns."""
    return [
        (report.article.id, reader, now, n.event, n.other, n.type, n.cue.text if n.cue else None) for n in report.links
    ]


QUOTED = frozenset(("text", "title", "byline", "url"))


def without_text(value: Any) -> Any:
    """Returns a report's JSON without the article's words. Offsets, codes and resolved names stay."""
    if isinstance(value, dict):
        return {
            k: (
                ""
                if isinstance(v, str) and k == "text"
                else None
                if k in QUOTED and isinstance(v, str)
                else without_text(v)
            )
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [without_text(v) for v in value]
    return value
