"""Queries about pages: articles, their stories, reports, the text around them, and pages that could not be read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ..schema import DEFAULT_CONFIDENCE, Node, Report, days_told
from ..stories import Story
from . import checks
from .answer import Answer, RecordDamaged
from .tables import CURRENT, CURRENT_OF


@dataclass(frozen=True, slots=True)
class RecordedArticle(Node):
    """An article of a record: its publisher, days, story, tie to the story, and number of events.

    `events` counts those with at least this `confidence`, `below` the others.
    """

    id: str
    publisher: str | None
    title: str | None
    url: str | None
    published_from: str | None
    published_to: str | None
    language: str | None
    words: int
    story: str | None
    tie: str | None
    of: str | None
    credit: str | None
    events: int
    below: int
    confidence: float
    recorded: str


class Holdings:
    """The part of a record's queries that is about pages."""

    path: Path
    _base: duckdb.DuckDBPyConnection

    def _ask(self, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            return list(self._base.execute(query, {k: v for k, v in values.items() if f"${k}" in query}).fetchall())
        except duckdb.Error as error:
            raise RecordDamaged(f"{self.path}: cannot be read: {str(error).splitlines()[0]}") from None

    def lineage(self, articles: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Returns for each article its story, its tie to it, the article it follows, the agency it credits, and the
        number of articles in the story.
        """
        rows = self._ask(
            f"""with current as ({CURRENT_OF}), size as (select story, count(*) n from stories group by 1)
            select s.article, s.story, s.tie, s.follows, a.credit, n from stories s join size using (story) join
            current on current.id = s.article join articles a on a.id = s.article and a.reader = current.reader
            where s.article in (select unnest($ids))""",
            {"ids": sorted(set(articles))},
        )
        return {r[0]: {"story": r[1], "tie": r[2], "of": r[3], "credit": r[4], "articles": r[5]} for r in rows}

    def furniture(self, article: str) -> tuple[str, ...]:
        """Returns the lines around the article on its page."""
        if not self._ask("select 1 from information_schema.tables where table_name = 'furniture'", {}):
            return ()
        rows = self._ask(
            "select lines from furniture where article = $article order by recorded_at desc limit 1",
            {"article": article},
        )
        return tuple(rows[0][0]) if rows else ()

    def failures(self, most: int = 50) -> tuple[list[dict[str, Any]], int]:
        """Returns the latest pages that could not be read, with the cause, and the number of all."""
        if not self._ask("select 1 from information_schema.tables where table_name = 'failures'", {}):
            return [], 0
        rows = self._ask(
            f"select page, cause, recorded_at::varchar from failures order by recorded_at desc, page limit {int(most)}",
            {},
        )
        return [{"page": r[0], "cause": r[1], "recorded": r[2]} for r in rows], int(
            self._ask("select count(*) from failures", {})[0][0]
        )

    def about(self, articles: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Returns title, publisher, address, days and credited agency of articles."""
        rows = self._ask(
            f"with current as ({CURRENT_OF}) select a.id, title, publisher, url, published_from::varchar, "
            f"published_to::varchar, credit from articles a join current using (id, reader) where a.id in (select "
            f"unnest($ids))",
            {"ids": sorted(set(articles))},
        )
        return {
            r[0]: {
                "title": r[1],
                "publisher": r[2],
                "url": r[3],
                "published": days_told(r[4], r[5]) or None,
                "credit": r[6],
            }
            for r in rows
        }

    def extent(self) -> dict[str, Any]:
        """Returns how much was read: articles, words, stories, days of publication, and last recording time."""
        articles, words, first, last, recorded = self._ask(
            f"with current as ({CURRENT}) select count(*), coalesce(sum(words), 0)::bigint, "
            f"min(published_from)::varchar, max(published_to)::varchar, max(a.recorded_at)::varchar "
            f"from articles a join current using (id, reader)",
            {},
        )[0]
        return {
            "articles": articles,
            "words": words,
            "stories": self._ask("select count(distinct story) from stories", {})[0][0],
            "published": {"from": first, "to": last},
            "recorded": recorded,
        }

    def stories(self) -> Answer[Story]:
        """Returns the stories with their articles."""
        found: dict[str, list[dict[str, Any]]] = {}
        for story, article, tie, of in self._ask(
            "select story, article, tie, follows from stories order by story, place", {}
        ):
            found.setdefault(story, []).append({"article": article, "tie": tie, "of": of})
        return Answer([{"id": s, "articles": m} for s, m in found.items()], Story)

    def reports(self) -> Iterator[Report]:
        """Yields the current report of every article, with its vector."""
        for text, vector in self._ask(
            f"with current as ({CURRENT}) select a.report, p.vector from articles a join current using (id, reader) "
            f"join profiles p on p.article = a.id and p.reader = a.reader order by a.id",
            {},
        ):
            yield Report.from_dict(json.loads(text) | {"vector": vector})

    def report(self, article: str) -> Report | None:
        """Returns the current report of an article; `None` if unknown."""
        rows = self._ask(
            f"with current as ({CURRENT}) select a.report from articles a join current using (id, reader) where a.id "
            f"= $article",
            {"article": article},
        )
        return Report.from_dict(json.loads(rows[0][0])) if rows else None

    def unread_by(self, reader: str) -> list[str]:
        """Returns the articles that a version of the reader has not read, in order."""
        return [
            r[0]
            for r in self._ask(
                "select distinct id from articles where id not in (select id from articles where reader = $reader) "
                "and id not in (select article from forgotten) order by 1",
                {"reader": reader},
            )
        ]

    def texts(self, most: int) -> list[str]:
        """Returns the texts of at most `most` articles, spread evenly over the record."""
        ids = [
            r[0]
            for r in self._ask(
                "select distinct id from articles where id not in (select article from forgotten) order by 1", {}
            )
        ]
        chosen = [ids[i * len(ids) // most] for i in range(most)] if len(ids) > most else ids
        rows = self._ask(
            f"with current as ({CURRENT}) select a.report->>'$.article.text' from articles a join current using (id, "
            f"reader) where a.id in (select unnest($ids)) order by a.id",
            {"ids": chosen},
        )
        return [r[0] for r in rows if r[0]]

    def last_day(self) -> date | None:
        """Returns the last day of publication; `None` if there is none."""
        row = self._ask("select max(published_to) from articles", {})
        return row[0][0] if row else None

    def articles_between(self, first: date, last: date) -> int:
        """Returns the number of articles published between two days."""
        rows = self._ask(
            f"with current as ({CURRENT}) select count(*) from articles a join current using (id, reader) where "
            f"published_from <= $last and published_to >= $first",
            {"first": first, "last": last},
        )
        return int(rows[0][0])

    def sources(self) -> dict[str, dict[str, Any]]:
        """Returns address, publisher, title, day and length of each article, for exports."""
        rows = self._ask(
            f"""with current as ({CURRENT}) select a.id, a.url, a.publisher, a.published_from::varchar,
            strftime(a.recorded_at, '%Y%m%d%H%M%S'), length(a.report->>'$.article.text'),
            coalesce((a.report->>'$.article.paragraphs[1].end')::integer, 400), a.report->>'$.article.language',
            a.title, a.published_to::varchar from articles a join current using (id, reader)""",
            {},
        )
        return {
            r[0]: {
                "url": r[1],
                "publisher": r[2],
                "title": r[8],
                "published": r[3] if r[3] == r[9] else None,  # not for a span of days
                "recorded": r[4],
                "length": r[5],
                "lead": r[6],
                "language": r[7],
            }
            for r in rows
        }

    def articles(
        self,
        publisher: str | None = None,
        since: str | None = None,
        until: str | None = None,
        *,
        text: str | None = None,
        story: str | None = None,
        confidence: float | None = DEFAULT_CONFIDENCE,
    ) -> Answer[RecordedArticle]:
        """Returns articles, latest first: publisher, title, address, day, story and number of events.

        `publisher` is a name or a part of it, `text` words of the title.
        """
        asked = checks.asked({"since": since, "until": until, "confidence": confidence or 0.0})
        given = {"publisher": publisher, "text": text, "story": story, "since": since, "until": until}
        tests = {
            "publisher": "contains(lower(a.publisher), lower($publisher))",
            "text": "contains(lower(a.title), lower($text))",
            "story": "s.story = $story",
            "since": "a.published_to >= $since::date",
            "until": "a.published_from <= $until::date",
        }
        where = " and ".join(["true", *(test for name, test in tests.items() if given[name] is not None)])
        rows = self._ask(
            f"""with current as ({CURRENT}), told as (
                select article, reader, count(*) filter (confidence >= $confidence) n, count(*) filter (confidence <
                $confidence) below
                from (select article, reader, (event->>'$.confidence')::double confidence from accounts) group by 1, 2)
            select a.id, a.publisher, a.title, a.url, a.published_from::varchar, a.published_to::varchar,
            a.report->>'$.article.language', a.words,
                s.story, s.tie, s.follows, a.credit, coalesce(told.n, 0), coalesce(told.below, 0),
                a.recorded_at::varchar
            from articles a join current using (id, reader) left join stories s on s.article = a.id left join told on
            told.article = a.id and told.reader = a.reader
            where {where} order by a.published_from desc nulls last, a.title nulls last, a.id""",
            {k: v for k, v in given.items() if v is not None} | asked,
        )
        names = [f.name for f in fields(RecordedArticle) if f.name != "confidence"]
        return Answer([dict(zip(names, r)) | {"confidence": asked["confidence"]} for r in rows], RecordedArticle)
