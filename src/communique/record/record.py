"""What was read, kept append-only with the time it was recorded, and asked by party, time and type."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from ..schema import Event, Failure, Report
from ..stories import Profile, Signature, Story, Tie, stories_of, ties_of
from .answer import RecordedEvent, RecordError
from .judgements import VERDICTS, Judgement, judged
from .merge import Account, Merged, credited, merged, origin, roots
from .profile import profile_of
from .questions import Questions
from .tables import CURRENT, CURRENT_OF, DERIVED, KEPT, NAMES, SCHEMA, VIEWS

RARE = 12  # of an article's telling words that bring others to be compared
DAYS = 10  # apart, beyond which two articles are not compared for their words


def open_record(path: str | Path, as_of: str | None = None, read_only: bool = False) -> Record:
    """Opens a record or begins one. `as_of` (ISO 8601) answers with what was known then; that and `read_only` take nothing in, and many may look at once."""
    return Record(Path(path), as_of, read_only)


class Record(Questions):
    """One DuckDB file; append-only, so that the past stays what it was."""

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
            raise RecordError(f"{path}: no such record")
        if not fresh and path.is_dir():
            raise RecordError(f"{path}: is a folder, no record")
        if not fresh:
            with open(path, "rb") as file:
                if (head := file.read(12)) and head[8:12] != b"DUCK":
                    raise RecordError(f"{path}: is no record")
        try:
            self._base = duckdb.connect(":memory:" if self._as_of else str(path), read_only=read_only and not self._as_of)
            if self._as_of:
                self._base.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as kept (read_only)")
        except duckdb.Error as error:
            cause = "open in another process" if "lock" in str(error).lower() else str(error).split("\n")[0]
            raise RecordError(f"{path}: {cause}") from None
        try:
            self._prepare()
        except BaseException:
            self._base.close()
            raise

    def _prepare(self) -> None:
        catalogue = "kept" if self._as_of else self._base.execute("select current_database()").fetchall()[0][0]
        tables = {r[0] for r in self._base.execute("select table_name from information_schema.tables where table_catalog = ?", [catalogue]).fetchall()}
        if not tables and not self._as_of:
            self._base.execute("begin;" + KEPT + DERIVED + VIEWS)
            self._base.execute("insert into meta values (?, ?)", [SCHEMA, datetime.now(UTC)])
            self._base.execute("commit")
            return
        if "meta" not in tables:
            raise RecordError(f"{self.path}: is a database, but no record")
        row = self._base.execute(f"select schema_version from {catalogue}.meta").fetchone()
        version = row[0] if row else 0
        if version > SCHEMA:
            raise RecordError(f"{self.path}: was written by a newer version (schema {version}, this reads up to {SCHEMA})")
        if self._as_of:
            if version < SCHEMA:
                raise RecordError(f"{self.path}: was written by an older version (schema {version}): open it once without a time, so that it is brought up to {SCHEMA}")
            self._as_it_stood(self._as_of)
        elif version < SCHEMA and self._read_only:
            raise RecordError(f"{self.path}: was written by an older version (schema {version}): open it once for writing, so that it is brought up to {SCHEMA}")
        elif version < 2:
            self._migrate()
        elif not self._read_only:
            for table, statement in zip(NAMES, KEPT.split(";")):
                if table not in tables:  # of a record begun before that table was
                    self._base.execute(statement)
            if version < SCHEMA:
                self._told_anew()

    def _as_it_stood(self, then: datetime) -> None:
        """What was kept by then, in memory, with what follows from it worked out anew."""
        self._base.execute(KEPT + DERIVED + VIEWS)
        there = {r[0] for r in self._base.execute("select table_name from information_schema.tables where table_catalog = 'kept'").fetchall()}
        for table in NAMES:
            if table not in there:
                continue
            if table == "profiles":
                self._base.execute("insert into profiles select p.* from kept.profiles p join kept.articles a on a.id = p.article and a.reader = p.reader where a.recorded_at <= $then", {"then": then})
            elif table != "meta":
                self._base.execute(f"insert into {table} select * from kept.{table} where recorded_at <= $then", {"then": then})
        self._base.execute("detach kept")
        self._tell([r[0] for r in self._base.execute("select distinct id from articles").fetchall()])

    def _told_anew(self) -> None:
        """From schema 2, whose ties were measured otherwise: what was read stays, stories and recorded events follow from it anew."""
        with self._transaction():
            self._base.execute(VIEWS)
            self._tell([r[0] for r in self._ask("select distinct id from articles", {})])
            self._base.execute("update meta set schema_version = ?", [SCHEMA])

    def _migrate(self) -> None:
        """From schema 1, which kept whole reports, to this one: everything else follows from them."""
        rows = self._base.execute("select recorded_at, report::varchar from articles order by recorded_at, id").fetchall()
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

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()

    # Taking in

    def add(self, reports: Report | Iterable[Report]) -> int:
        """Takes in one or many reports in one transaction; says how many were new. Again is a no-op."""
        self._writable()
        many = [reports] if isinstance(reports, Report) else list(reports)
        with self._transaction():
            now = datetime.now(UTC)
            new = self._keep((report, now) for report in many)
            if new:
                self._tell(new)
        return len(new)

    def fail(self, failures: Iterable[Failure]) -> None:
        """Keeps which pages could not be read, and why; the same page with the same cause once."""
        self._writable()
        now = datetime.now(UTC)
        with self._transaction():
            for f in failures:
                self._base.execute("insert into failures select $page, $cause, $now where not exists (select 1 from failures where page = $page and cause = $cause)", {"page": f.page, "cause": f.cause, "now": now})

    def pages(self, reader: str) -> set[tuple[str, str | None]]:
        """Hash and address of the pages that this version of the reader has read."""
        return {(r[0], r[1]) for r in self._ask("select sha256, url from articles where reader = $reader", {"reader": reader})}

    def new(self, reports: Iterable[Report]) -> int:
        """How many of these reports `add` would take in."""
        many = list(reports)
        known = {r[0] for r in self._ask("select id from articles where id in (select unnest($ids)) union select article from forgotten", {"ids": [r.article.id for r in many]})}
        return len({r.article.id for r in many} - known)

    def _writable(self) -> None:
        if self._as_of:
            raise RecordError(f"{self.path}: opened as of {self._as_of.isoformat()}, takes nothing in")
        if self._read_only:
            raise RecordError(f"{self.path}: opened for reading only")

    def _transaction(self) -> _Transaction:
        return _Transaction(self._base, self.path)

    def _keep(self, reports: Iterable[tuple[Report, datetime]]) -> list[str]:
        """Keeps reports, but for those that this version of the reader gave before and those to be forgotten; gives the articles that are new."""
        many = list(reports)
        ids = [r.article.id for r, _ in many]
        known = {(i, r) for i, r in self._ask("select id, reader from articles where id in (select unnest($ids))", {"ids": ids})}
        gone = {r[0] for r in self._ask("select article from forgotten where article in (select unnest($ids))", {"ids": ids})}
        articles, profiles, accounts, statements, furniture = [], [], [], [], []
        for report, now in many:
            a = report.article
            reader = report.reader or (report.events[0].reader if report.events else "communique")
            if (a.id, reader) in known or a.id in gone:
                continue
            known.add((a.id, reader))
            articles.append((
                a.id, reader, now, a.url, a.title, a.publisher.name if a.publisher else None, _day(a.published.from_ if a.published else None), _day(a.published.to if a.published else None),
                a.page.sha256 if a.page else None, credited(a.text, a.byline), len(a.text.split()), json.dumps(report.to_dict(), ensure_ascii=False),
            ))  # fmt: skip
            if report.furniture:
                furniture.append((a.id, now, list(report.furniture)))
            p = profile_of(report)
            s = p.signature
            profiles.append((a.id, reader, *(x.tolist() for x in (s.terms, s.weights, s.names, s.name_weights, s.hashes)), s.words, p.vector.tolist(), _day(p.day)))
            accounts += [(e.id, a.id, reader, now, json.dumps(e.to_dict(), ensure_ascii=False)) for e in report.events]
            statements += [
                (s.id, a.id, reader, now, s.source.name or s.source.text if s.source else None, s.source.id if s.source else None, s.source.country if s.source else None,
                 s.source.sector if s.source else None, json.dumps(s.to_dict(), ensure_ascii=False)) for s in report.statements
            ]  # fmt: skip
        for table, rows in (("articles", articles), ("profiles", profiles), ("accounts", accounts), ("statements", statements), ("furniture", furniture)):
            self._insert(table, rows)
        return [r[0] for r in articles]

    def _tell(self, articles: list[str]) -> None:
        """Works out again what follows from what is kept, for the stories that these articles come to."""
        new = sorted(set(articles))
        for table in ("bands", "terms"):
            self._base.execute(f"delete from {table} where article in (select unnest($ids))", {"ids": new})
        self._base.execute("delete from ties where a in (select unnest($ids)) or b in (select unnest($ids))", {"ids": new})
        profiles = self._profiles(new)
        bands = [(band, p.id) for p in profiles.values() for band in p.signature.bands]
        rare = [(int(t), p.id, _bucket(p)) for p in profiles.values() for t in p.signature.terms[-RARE:]]
        self._insert("bands", bands)
        self._insert("terms", rare)
        pairs = self._base.execute(
            """with mine as (select unnest($ids) id), met as (
                select m.article a, o.article b from bands m join bands o using (band) where m.article in (select id from mine) and m.article <> o.article
                union all
                select m.article, o.article from (select article, term, bucket + near as bucket from terms, (values (-1), (0), (1)) n(near) where article in (select id from mine)) m
                join terms o using (term, bucket) where m.article <> o.article
                group by 1, 2 having count(*) >= 2)
            select distinct least(a, b), greatest(a, b) from met""",
            {"ids": new},
        ).fetchall()
        others = {a for pair in pairs for a in pair} - set(profiles)
        profiles |= self._profiles(sorted(others))
        met: dict[str, list[Profile]] = {}
        for a, b in pairs:
            if _near(profiles[a], profiles[b]):
                met.setdefault(a, []).append(profiles[b])
        ties = [t for a, others in met.items() for t in ties_of(profiles[a], others)]
        self._insert("ties", [(t.a, t.b, t.score, t.wording, t.facts) for t in ties])
        self._stories(self._reached(new))

    def _insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Many rows at once, by Arrow, in the order of the table's columns."""
        if rows:
            import pyarrow

            known = self._base.execute("select column_name, data_type from information_schema.columns where table_name = ? and table_schema = 'main' order by ordinal_position", [table]).fetchall()
            arrays = {name: pyarrow.array([r[i] for r in rows], _arrow(kind)) for i, (name, kind) in enumerate(known)}
            found = pyarrow.table(arrays)  # noqa: F841
            self._base.execute(f"insert into {table} select * from found")

    def _profiles(self, articles: list[str]) -> dict[str, Profile]:
        table = self._base.sql(
            f"""with current as ({CURRENT_OF}) select p.article, terms, weights, names, name_weights, hashes, words, vector, day::varchar as day from profiles p
            join current on p.article = current.id and p.reader = current.reader where p.article in (select unnest($ids))""",
            params={"ids": articles},
        ).to_arrow_table()
        ids, words, days = (table[name].to_pylist() for name in ("article", "words", "day"))
        terms, weights, names, name_weights, hashes, vectors = (_lists(table[name]) for name in ("terms", "weights", "names", "name_weights", "hashes", "vector"))
        return {
            key: Profile(key, Signature(terms[i], weights[i], names[i], name_weights[i], hashes[i], words[i]), vectors[i], days[i])
            for i, key in enumerate(ids)
        }  # fmt: skip

    def _reached(self, articles: list[str]) -> list[str]:
        """The articles whose stories these can change: all that ties and present stories lead to."""
        reached = set(articles)
        edge = reached
        while edge:
            rows = self._base.execute(
                """with mine as (select unnest($ids) id) select b from ties where a in (select id from mine) union select a from ties where b in (select id from mine)
                union select s.article from stories s where s.story in (select story from stories where article in (select id from mine))""",
                {"ids": sorted(edge)},
            ).fetchall()
            edge = {r[0] for r in rows} - reached
            reached |= edge
        return sorted(reached)

    def _stories(self, articles: list[str]) -> None:
        """Stories and recorded events of these articles, anew."""
        days = dict(self._base.execute(f"with current as ({CURRENT_OF}) select a.id, published_from::varchar from articles a join current using (id, reader) where a.id in (select unnest($ids))", {"ids": articles}).fetchall())
        ties = [Tie(*r) for r in self._base.execute("select * from ties where a in (select unnest($ids)) and b in (select unnest($ids))", {"ids": articles}).fetchall()]
        told = self._joined(stories_of(days, ties), days)
        self._base.execute("delete from events where id in (select event from event_of where account in (select id from accounts where article in (select unnest($ids))))", {"ids": articles})
        self._base.execute("delete from event_of where account in (select id from accounts where article in (select unnest($ids)))", {"ids": articles})
        self._base.execute("delete from stories where article in (select unnest($ids))", {"ids": articles})
        self._insert("stories", [(m.article, s.id, n, m.tie, m.of) for s in told for n, m in enumerate(s.articles)])
        found = self._recorded(told)
        self._insert("events", [_event_row(story, m) for story, m in found])
        self._insert("event_of", [(account, m.id) for _, m in found for account in m.accounts])

    def _joined(self, told: list[Story], days: Mapping[str, str | None]) -> list[Story]:
        """Stories with those put together that a person has said are one."""
        pairs = [j for j in self._judgements() if j.verdict == "merge" and j.target.startswith("a:")]
        if not pairs:
            return told
        ties = [Tie(min(j.target, j.change["with"]), max(j.target, j.change["with"]), 1.0, 0.0, 0.0) for j in pairs]
        at = {m.article: s for s in told for m in s.articles}
        for t in ties:
            if t.a in at and t.b in at and at[t.a] is not at[t.b]:
                one, other = at[t.a], at[t.b]
                both = sorted((*one.articles, *other.articles), key=lambda m: (days.get(m.article) or "9999", m.article))
                first = both[0].article
                members = tuple(type(m)(m.article, "first" if m.article == first else "independent" if m.tie == "first" else m.tie, None if m.article == first else m.of) for m in both)
                whole = Story("t:" + hashlib.sha256(first.encode()).hexdigest()[:16], members)
                for m in members:
                    at[m.article] = whole
        return sorted({s.id: s for s in at.values()}.values(), key=lambda s: s.id)

    def _recorded(self, told: list[Story]) -> list[tuple[str, Merged]]:
        ids = [m.article for s in told for m in s.articles]
        rows = self._ask(
            f"""with current as ({CURRENT_OF}) select a.article, a.event, x.credit, x.published_from::varchar from accounts a join current on a.article = current.id and a.reader = current.reader
            join articles x on x.id = a.article and x.reader = a.reader where a.article in (select unnest($ids)) order by a.id""",
            {"ids": ids},
        )
        by_article: dict[str, list[tuple[Event, str | None, str | None]]] = {}
        for article, text, credit, day in rows:
            by_article.setdefault(article, []).append((Event.from_dict(json.loads(text)), credit, day))
        said = self._judgements()
        found: list[tuple[str, Merged]] = []
        for story in told:
            root = roots(story)
            accounts = []
            for m in story.articles:
                for event, credit, day in by_article.get(m.article, ()):
                    changed = judged(event, said)
                    if changed is not None:
                        accounts.append(Account(changed, day, origin(changed, root[m.article], credit)))
            together = [frozenset((j.target, j.change["with"])) for j in said if j.verdict == "merge" and j.target.startswith("e:")]
            found += [(story.id, m) for m in merged(accounts, together)]
        return found

    # A person's judgement

    def judge(self, target: str, verdict: str, by: str, why: str = "", change: Mapping[str, Any] | None = None) -> str:
        """Confirms, rejects or corrects an event, merges two events or the stories of two articles (`change={"with": id}`), or undoes a judgement; gives its id."""
        self._writable()
        change = dict(change or {})
        if verdict not in VERDICTS:
            raise RecordError(f"'{verdict}' is no verdict: {', '.join(VERDICTS)}")
        if not by.strip():
            raise RecordError("a judgement says who made it")
        article: str | None = None
        start = end = None
        type_: str | None = None
        if verdict == "undo":
            if target not in {j.id for j in self._judgements(undone=True)}:
                raise RecordError(f"no judgement {target} to undo")
        else:
            for each in (target, *([str(change.get("with"))] if verdict == "merge" else [])):
                if not self._ask("select 1 from accounts where id = $id union all select 1 from articles where id = $id", {"id": each}):
                    raise RecordError(f"no event or article {each} to judge")
            row = self._ask("select event from accounts where id = $id", {"id": target})
            if row:
                event = Event.from_dict(json.loads(row[0][0]))
                article, type_ = event.article, event.type
                if event.evidence.trigger:
                    start, end = event.evidence.trigger.start, event.evidence.trigger.end
                if verdict == "correct":
                    judged(event, [Judgement("", target, "correct", by, why, change, article, start, end, type_)])
            elif verdict == "correct":
                raise RecordError("only events can be corrected")
        now = datetime.now(UTC)
        key = "j:" + hashlib.sha256(f"{target}|{verdict}|{by}|{why}|{json.dumps(change, sort_keys=True)}|{now.isoformat()}".encode()).hexdigest()[:16]
        with self._transaction():
            self._base.execute("insert into judgements values (?,?,?,?,?,?,?,?,?,?,?)", [key, now, target, verdict, by, why, json.dumps(change), article, start, end, type_])
            self._again(target, change)
        return key

    def _again(self, target: str, change: Mapping[str, Any]) -> None:
        touched = {target, str(change.get("with"))}
        touched |= {x for j in self._judgements(undone=True) if j.id == target for x in (j.target, str(j.change.get("with")))}
        rows = self._ask("select distinct article from accounts where id in (select unnest($ids)) union select distinct id from articles where id in (select unnest($ids))", {"ids": sorted(touched)})
        if rows:
            self._stories(self._reached([r[0] for r in rows]))

    def _judgements(self, undone: bool = False) -> list[Judgement]:
        rows = self._ask("select id, target, verdict, judge, why, change, article, trigger_start, trigger_end, kind from judgements order by recorded_at, id", {})
        every = [Judgement(r[0], r[1], r[2], r[3], r[4], json.loads(r[5]), *r[6:]) for r in rows]
        gone = {j.target for j in every if j.verdict == "undo"}
        return every if undone else [j for j in every if j.verdict != "undo" and j.id not in gone]

    def judgements(self) -> list[dict[str, Any]]:
        """Every judgement that stands, and whether what it was made of is still told so by the present reader."""
        rows = self._ask(f"with current as ({CURRENT}) select a.event from accounts a join current on a.article = current.id and a.reader = current.reader where a.article in (select article from judgements)", {})
        events = [Event.from_dict(json.loads(r[0])) for r in rows]
        return [j.to_dict() | {"fits": j.article is None or any(j.fits(e) for e in events)} for j in self._judgements()]

    def apply(self, judgements: Iterable[Mapping[str, Any]]) -> int:
        """Takes in judgements made on another record of the same articles; says how many were new."""
        self._writable()
        known = {j.id for j in self._judgements(undone=True)}
        count = 0
        with self._transaction():
            for row in judgements:
                try:
                    j = Judgement.from_dict(row)
                except (KeyError, TypeError) as error:
                    raise RecordError(f"no judgement: {error}") from None
                if j.id in known or j.verdict not in VERDICTS:
                    continue
                known.add(j.id)
                self._base.execute("insert into judgements values (?,?,?,?,?,?,?,?,?,?,?)", [j.id, datetime.now(UTC), j.target, j.verdict, j.by, j.why, json.dumps(j.change), j.article, j.trigger_start, j.trigger_end, j.type])
                count += 1
            if count:
                self._stories([r[0] for r in self._ask("select distinct id from articles", {})])
        return count

    # Forgetting

    def forget(self, article: str, by: str = "", why: str = "") -> None:
        """Erases an article's text and quotations for good; a marker and the codes stay. The file is written anew, so that no page of it keeps them."""
        self._writable()
        rows = self._ask("select reader, report from articles where id = $id", {"id": article})
        if not rows:
            raise RecordError(f"{self.path}: no article {article}")
        with self._transaction():
            for reader, text in rows:
                self._base.execute("update articles set report = $report, title = null where id = $id and reader = $reader", {"report": json.dumps(without_text(json.loads(text)), ensure_ascii=False), "id": article, "reader": reader})
            for table, column in (("accounts", "event"), ("statements", "statement")):
                for key, reader, text in self._ask(f"select id, reader, {column} from {table} where article = $id", {"id": article}):
                    self._base.execute(f"update {table} set {column} = $text where id = $key and reader = $reader", {"text": json.dumps(without_text(json.loads(text)), ensure_ascii=False), "key": key, "reader": reader})
            self._base.execute("update statements set source = null where article = $id and source_id is null", {"id": article})
            self._base.execute("delete from furniture where article = $id", {"id": article})
            self._base.execute("insert into forgotten values (?,?,?,?)", [article, datetime.now(UTC), by, why])
            self._stories(self._reached([article]))
        self._rewrite()

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


class _Transaction:
    """All or nothing; what the disk or another process refuses is told with the record's name."""

    def __init__(self, base: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.base, self.path = base, path

    def __enter__(self) -> None:
        self.base.execute("begin")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.base.execute("commit" if error is None else "rollback")
        except duckdb.Error as failed:
            raise RecordError(f"{self.path}: {str(failed).splitlines()[0]}") from None
        if isinstance(error, duckdb.Error):
            raise RecordError(f"{self.path}: {str(error).splitlines()[0]}") from error


def _lists(column: Any) -> list[NDArray[Any]]:
    """The rows of a column of lists, without a copy of each."""
    whole = column.combine_chunks()
    if len(whole) == 0:
        return []
    values, ends = whole.flatten().to_numpy(zero_copy_only=False), np.cumsum(whole.value_lengths().to_numpy(zero_copy_only=False))
    return [np.asarray(part) for part in np.split(values, ends[:-1])]


def _arrow(kind: str) -> Any:
    """Arrow's type for a column of DuckDB's."""
    import pyarrow

    plain = {"VARCHAR": pyarrow.string(), "BIGINT": pyarrow.int64(), "INTEGER": pyarrow.int32(), "DOUBLE": pyarrow.float64(), "FLOAT": pyarrow.float32(), "DATE": pyarrow.date32(),
             "TIMESTAMP WITH TIME ZONE": pyarrow.timestamp("us", "UTC")}  # fmt: skip
    return pyarrow.list_(plain[kind[:-2]]) if kind.endswith("[]") else plain[kind]


def _bucket(p: Profile) -> int:
    """A stretch of days; articles whose day is not known are in one of their own."""
    return datetime.fromisoformat(p.day).toordinal() // DAYS if p.day else -10


def _near(a: Profile, b: Profile) -> bool:
    """Whether two articles are of days near enough to tell the same news."""
    if a.day is None or b.day is None:
        return True
    return abs((datetime.fromisoformat(a.day) - datetime.fromisoformat(b.day)).days) <= DAYS


def _codes(parties: Iterable[Mapping[str, Any]]) -> list[str]:
    """All that a party can be asked by: its state, the part of the state, its name, its Wikidata id."""
    found: list[str] = []
    for p in parties:
        found += [c for c in (p["country"], f"{p['country']} {p['sector']}" if p["country"] and p["sector"] else None, p["name"], p["id"]) if c]
    return sorted(set(found))


def _event_row(story: str, m: Merged) -> list[Any]:
    e = replace(m.event, story=story)
    d = RecordedEvent(e, m.origins, m.reports, m.accounts, m.disputes).to_dict()
    when, place = d["date"] or {}, d["place"] or {}
    return [
        m.id, story, e.type, e.mode, e.quad, e.score, e.modality, e.polarity, list(e.contexts), _day(when.get("from")), _day(when.get("to")), when.get("basis"),
        sorted({p.country for p in e.actors if p.country}), sorted({p.country for p in e.recipients if p.country}), _codes(d["actors"]), _codes(d["recipients"]),
        place.get("name"), place.get("country"), _codes(d["according_to"]), sorted({a["kind"] for a in d["according_to"]}), e.evidence.text, e.confidence, m.origins, m.reports,
        list(m.accounts), e.codebook, json.dumps(d, ensure_ascii=False),
    ]  # fmt: skip


def _day(text: str | None) -> Any:
    return datetime.fromisoformat(text).date() if text else None


QUOTED = frozenset(("text", "title", "byline"))


def without_text(value: Any) -> Any:
    """A report's JSON without any word of the article: offsets, codes and resolved names stay."""
    if isinstance(value, dict):
        return {k: ("" if isinstance(v, str) and k == "text" else None if k in QUOTED and isinstance(v, str) else without_text(v)) for k, v in value.items()}
    if isinstance(value, list):
        return [without_text(v) for v in value]
    return value
