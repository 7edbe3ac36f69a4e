"""Derives from what is recorded: similar articles, their stories, and events merged from several accounts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..catalogue import fold
from ..schema import Event
from ..stories import Profile, Signature, Story, Tie, stories_of, ties_of
from . import ranking
from .answer import RecordedEvent, RecordError
from .codes import codes_of_parties
from .judgements import Judgement, judged
from .merge import Account, Merged, merged, origin, roots
from .questions import Questions
from .states import states
from .tables import CURRENT_OF
from .transaction import Transaction

RARE = 12  # most distinctive words of an article, by which others are found for comparison
DAYS = 10  # apart; articles further apart are not compared by their words


class Deriving(Questions):
    """The part of a record that is derived from the rest, again for each story that a new article affects."""

    _as_of: datetime | None
    _read_only: bool

    def _writable(self) -> None:
        if self._as_of:
            raise RecordError(f"{self.path}: opened as of {self._as_of.isoformat()}, takes nothing in")
        if self._read_only:
            raise RecordError(f"{self.path}: opened for reading only")

    def _transaction(self) -> Transaction:
        return Transaction(self._base, self.path)

    def _tell(self, articles: list[str]) -> None:
        """Derives ties, stories and events again, for the stories that these articles affect."""
        new = sorted(set(articles))
        for table in ("bands", "terms"):
            self._base.execute(f"delete from {table} where article in (select unnest($ids))", {"ids": new})
        self._base.execute(
            "delete from ties where a in (select unnest($ids)) or b in (select unnest($ids))", {"ids": new}
        )
        profiles = self._profiles(new)
        bands = [(band, p.id) for p in profiles.values() for band in p.signature.bands]
        rare = [(int(t), p.id, bucket_of(p)) for p in profiles.values() for t in p.signature.terms[-RARE:]]
        self._insert("bands", bands)
        self._insert("terms", rare)
        pairs = self._base.execute(
            """with mine as (select unnest($ids) id), met as (
                select m.article a, o.article b from bands m join bands o using (band)
                where m.article in (select id from mine) and m.article <> o.article
                union all
                select m.article, o.article from (select article, term, bucket + near as bucket
                from terms, (values (-1), (0), (1)) n(near) where article in (select id from mine)) m
                join terms o using (term, bucket) where m.article <> o.article
                group by 1, 2 having count(*) >= 2)
            select distinct least(a, b), greatest(a, b) from met""",
            {"ids": new},
        ).fetchall()
        others = {a for pair in pairs for a in pair} - set(profiles)
        profiles |= self._profiles(sorted(others))
        met: dict[str, list[Profile]] = {}
        for a, b in pairs:
            if near(profiles[a], profiles[b]):
                met.setdefault(a, []).append(profiles[b])
        ties = [t for a, others in met.items() for t in ties_of(profiles[a], others)]
        self._insert("ties", [(t.a, t.b, t.score, t.wording, t.facts) for t in ties])
        self._stories(self._reached(new))

    def _insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Inserts many rows at once, through Arrow, with values in the order of the table's columns."""
        if rows:
            import pyarrow

            known = self._base.execute(
                "select column_name, data_type from information_schema.columns "
                "where table_name = ? and table_schema = 'main' order by ordinal_position",
                [table],
            ).fetchall()
            arrays = {name: pyarrow.array([r[i] for r in rows], _arrow(kind)) for i, (name, kind) in enumerate(known)}
            found = pyarrow.table(arrays)  # noqa: F841
            self._base.execute(f"insert into {table} select * from found")

    def _profiles(self, articles: list[str]) -> dict[str, Profile]:
        table = self._base.sql(
            f"""with current as ({CURRENT_OF}) select p.article, terms, weights, names, name_weights, hashes, words,
            day::varchar as day from profiles p
            join current on p.article = current.id and p.reader = current.reader
            where p.article in (select unnest($ids))""",
            params={"ids": articles},
        ).to_arrow_table()
        ids, words, days = (table[name].to_pylist() for name in ("article", "words", "day"))
        terms, weights, names, name_weights, hashes = (
            _lists(table[name]) for name in ("terms", "weights", "names", "name_weights", "hashes")
        )
        return {
            key: Profile(key, Signature(terms[i], weights[i], names[i], name_weights[i], hashes[i], words[i]), days[i])
            for i, key in enumerate(ids)
        }

    def _reached(self, articles: list[str]) -> list[str]:
        """Returns the articles of all stories that these can change: those that ties and present stories reach."""
        reached = set(articles)
        edge = reached
        while edge:
            rows = self._base.execute(
                """with mine as (select unnest($ids) id) select b from ties where a in (select id from mine)
                union select a from ties where b in (select id from mine)
                union select s.article from stories s where s.story in (select story from stories
                    where article in (select id from mine))""",
                {"ids": sorted(edge)},
            ).fetchall()
            edge = {r[0] for r in rows} - reached
            reached |= edge
        return sorted(reached)

    def _stories(self, articles: list[str]) -> None:
        """Derives the stories and recorded events of these articles again."""
        days = dict(
            self._base.execute(
                f"with current as ({CURRENT_OF}) select a.id, published_from::varchar from articles a "
                "join current using (id, reader) where a.id in (select unnest($ids))",
                {"ids": articles},
            ).fetchall()
        )
        ties = [
            Tie(*r)
            for r in self._base.execute(
                "select * from ties where a in (select unnest($ids)) and b in (select unnest($ids))", {"ids": articles}
            ).fetchall()
        ]
        told = self._joined(stories_of(days, ties), days)
        self._base.execute(
            "delete from events where id in (select event from event_of "
            "where account in (select id from accounts where article in (select unnest($ids))))",
            {"ids": articles},
        )
        self._base.execute(
            "delete from event_of where account in (select id from accounts where article in (select unnest($ids)))",
            {"ids": articles},
        )
        self._base.execute("delete from stories where article in (select unnest($ids))", {"ids": articles})
        self._insert("stories", [(m.article, s.id, n, m.tie, m.of) for s in told for n, m in enumerate(s.articles)])
        found = self._recorded(told)
        self._insert("events", [_event_row(story, m) for story, m in found])
        self._insert("event_of", [(account, m.id) for _, m in found for account in m.accounts])

    def _joined(self, told: list[Story], days: Mapping[str, str | None]) -> list[Story]:
        """Merges stories that a judgement says are one."""
        pairs = [
            j for j in self._judgements() if j.verdict == "merge" and j.target.startswith("a:") and "with" in j.change
        ]
        if not pairs:
            return told
        ties = [Tie(min(j.target, j.change["with"]), max(j.target, j.change["with"]), 1.0, 0.0, 0.0) for j in pairs]
        at = {m.article: s for s in told for m in s.articles}
        for t in ties:
            if t.a in at and t.b in at and at[t.a] is not at[t.b]:
                one, other = at[t.a], at[t.b]
                both = sorted(
                    (*one.articles, *other.articles), key=lambda m: (days.get(m.article) or "9999", m.article)
                )
                first = both[0].article
                members = tuple(
                    type(m)(
                        m.article,
                        "first" if m.article == first else "independent" if m.tie == "first" else m.tie,
                        None if m.article == first else m.of,
                    )
                    for m in both
                )
                whole = Story("t:" + hashlib.sha256(first.encode()).hexdigest()[:16], members)
                for m in members:
                    at[m.article] = whole
        return sorted({s.id: s for s in at.values()}.values(), key=lambda s: s.id)

    def _recorded(self, told: list[Story]) -> list[tuple[str, Merged]]:
        ids = [m.article for s in told for m in s.articles]
        rows = self._ask(
            f"""with current as ({CURRENT_OF}) select a.article, a.event, x.credit, x.published_from::varchar
            from accounts a join current on a.article = current.id and a.reader = current.reader
            join articles x on x.id = a.article and x.reader = a.reader where a.article in (select unnest($ids))
            order by a.id""",
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
            together = [
                frozenset((j.target, j.change["with"]))
                for j in said
                if j.verdict == "merge" and j.target.startswith("e:") and "with" in j.change
            ]
            found += [(story.id, m) for m in merged(accounts, together)]
        return found

    def _judgements(self, undone: bool = False) -> list[Judgement]:
        rows = self._ask(
            "select id, target, verdict, judge, why, change, article, trigger_start, trigger_end, kind "
            "from judgements order by recorded_at, id",
            {},
        )
        every = [Judgement(r[0], r[1], r[2], r[3], r[4], json.loads(r[5]), *r[6:]) for r in rows]
        gone = {j.target for j in every if j.verdict == "undo"}
        return every if undone else [j for j in every if j.verdict != "undo" and j.id not in gone]


def _lists(column: Any) -> list[NDArray[Any]]:
    """Returns the rows of a list column as arrays, without copying each."""
    whole = column.combine_chunks()
    if len(whole) == 0:
        return []
    values, ends = (
        whole.flatten().to_numpy(zero_copy_only=False),
        np.cumsum(whole.value_lengths().to_numpy(zero_copy_only=False)),
    )
    return [np.asarray(part) for part in np.split(values, ends[:-1])]


def _arrow(kind: str) -> Any:
    """Returns the Arrow type of a DuckDB column type."""
    import pyarrow

    plain = {
        "VARCHAR": pyarrow.string(),
        "BIGINT": pyarrow.int64(),
        "INTEGER": pyarrow.int32(),
        "DOUBLE": pyarrow.float64(),
        "FLOAT": pyarrow.float32(),
        "DATE": pyarrow.date32(),
        "BOOLEAN": pyarrow.bool_(),
        "TIMESTAMP WITH TIME ZONE": pyarrow.timestamp("us", "UTC"),
    }
    return pyarrow.list_(plain[kind[:-2]]) if kind.endswith("[]") else plain[kind]


def bucket_of(p: Profile) -> int:
    """Returns the number of the period of `DAYS` days that a profile falls in; -10 for an undated one."""
    return datetime.fromisoformat(p.day).toordinal() // DAYS if p.day else -10


def near(a: Profile, b: Profile) -> bool:
    """Whether two articles are close enough in time to tell the same news; undated ones always are."""
    if a.day is None or b.day is None:
        return True
    return abs((datetime.fromisoformat(a.day) - datetime.fromisoformat(b.day)).days) <= DAYS


def _event_row(story: str, m: Merged) -> list[Any]:
    e = replace(m.event, story=story)
    d = RecordedEvent(e, m.origins, m.reports, m.accounts, m.disputes).to_dict()
    when, place = d["date"] or {}, d["place"] or {}
    return [
        m.id,
        story,
        e.type,
        e.mode,
        e.quad,
        e.score,
        e.modality,
        e.polarity,
        list(e.contexts),
        day_of(when.get("from")),
        day_of(when.get("to")),
        when.get("basis"),
        sorted({p.country for p in e.actors if p.country}),
        sorted({p.country for p in e.recipients if p.country}),
        codes_of_parties(d["actors"]),
        codes_of_parties(d["recipients"]),
        place.get("name"),
        place.get("country"),
        codes_of_parties(d["according_to"]),
        sorted({a["kind"] for a in d["according_to"]}),
        e.evidence.text,
        e.confidence,
        m.origins,
        m.reports,
        list(m.accounts),
        e.codebook,
        place.get("lat"),
        place.get("lon"),
        _is_spot(place),
        ranking.scope(d),
        ranking.weight(d),
        ranking.sure(d),
        ranking.pair(d),
        json.dumps(d, ensure_ascii=False),
    ]


def _is_spot(place: Mapping[str, Any]) -> bool:
    """Whether a place is a point on a map and not a whole state."""
    if place.get("lat") is None:
        return False
    state = states().get(place.get("country") or "")
    return not (state and place.get("admin1") is None and fold(state.name) == fold(place.get("name") or ""))


def day_of(text: str | None) -> Any:
    return datetime.fromisoformat(text).date() if text else None
