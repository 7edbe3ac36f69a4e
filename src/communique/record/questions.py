"""What a record can be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ..schema import Event, Report, Statement
from ..stories import Story
from . import checks
from .answer import Answer, RecordDamaged, RecordedEvent, WrongQuestion
from .membership import codes_of
from .tables import CURRENT, CURRENT_OF, PAIRS

TESTS = {
    "since": "date_to >= $since::date",
    "until": "date_from <= $until::date",
    "type": "list_contains($type, type)",
    "modality": "modality = $modality",
    "polarity": "polarity = $polarity",
    "mode": "mode = $mode",
    "quad": "quad = $quad",
    "context": "list_contains(contexts, $context)",
    "place": "(place = $place or place_country = $place)",
    "kind": "list_contains(source_kinds, $kind)",
    "story": "story = $story",
    "origins": "origins >= $origins",
    "text": "contains(lower(text), lower($text))",
    "codebook": (
        "(codebook = $codebook or starts_with(codebook, $codebook || '@') or ($codebook = 'plover' and "
        "codebook is null))"
    ),
}
ORDERS = {
    "date": "date_from",
    "type": "type",
    "score": "score",
    "confidence": "confidence",
    "origins": "origins",
    "reports": "reports",
    "modality": "modality",
    "actor": "actor_codes",
    "recipient": "recipient_codes",
}
FACETS = {
    "actor": "unnest(actors)",
    "recipient": "unnest(recipients)",
    "type": "type",
    "quad": "quad",
    "modality": "modality",
    "polarity": "polarity",
    "kind": "unnest(source_kinds)",
    "source": "unnest(sources)",
    "context": "unnest(contexts)",
    "place": "place_country",
    "mode": "mode",
    "codebook": "codebook",
}


FEW = 4  # codes up to which each is looked for by itself, which is faster than looking for any


def _any(column: str, name: str, codes: Sequence[str], values: dict[str, Any]) -> str:
    """The condition that a column of lists holds one of some codes, whose values go by a name."""
    if len(codes) > FEW:
        values[f"{name}_any"] = list(codes)
        return f"list_has_any({column}, ${name}_any)"
    values.update({f"{name}_{n}": code for n, code in enumerate(codes)})
    return (
        "(" + " or ".join(f"list_contains({column}, ${name}_{n})" for n in range(len(codes))) + ")"
        if codes
        else "false"
    )


def _dyad(actor: Sequence[str], recipient: Sequence[str], values: dict[str, Any]) -> str:
    """What one does to another; what both do together, and to nobody, each does with the other."""
    did, told = _any("actor_codes", "actor", actor, values), _any("recipient_codes", "recipient", recipient, values)
    if list(actor) == list(recipient):
        return f"({did} and {told})"
    together = _any("actor_codes", "recipient", recipient, values)
    return f"(({did} and {told}) or (len(recipient_codes) = 0 and {did} and {together}))"


def conditions(**asked: Any) -> tuple[str, dict[str, Any]]:
    """A condition of SQL on the table of events and its values, for what `Questions.events` may be asked."""
    asked = checks.asked(asked)
    where, values = ["true"], dict[str, Any]()
    codes = {name: codes_of(asked[name]) for name in ("actor", "recipient", "party", "source") if asked.get(name)}
    if "actor" in codes and "recipient" in codes:
        where.append(_dyad(codes["actor"], codes["recipient"], values))
    elif "actor" in codes or "recipient" in codes:
        side = "actor" if "actor" in codes else "recipient"
        where.append(_any(f"{side}_codes", side, codes[side], values))
    if "party" in codes:
        where.append(
            f"({_any('actor_codes', 'party', codes['party'], values)} or "
            f"{_any('recipient_codes', 'party', codes['party'], values)})"
        )
    if "source" in codes:
        where.append(_any("sources", "source", codes["source"], values))
    for name, test in TESTS.items():
        value = asked.get(name)
        if value is not None:
            where.append(test)
            values[name] = str(value).replace(" ", "").split(",") if name == "type" else value
    return " and ".join(where), values


def _within(step: str) -> str:
    """That an event lies in one period: what is known by year alone is in no month, and not in January."""
    return f"time_bucket({step}, date_from, date '2001-01-01') = time_bucket({step}, date_to, date '2001-01-01')"


def _dated(
    actor: str,
    recipient: str,
    since: str | None,
    until: str | None,
    modality: str | None = "actual",
    polarity: str | None = "positive",
    codebook: str | None = None,
) -> tuple[str, dict[str, Any]]:
    """The condition, with its values, for a directed dyad's events that have a date."""
    since, until = map(checks.asked({"since": since, "until": until}).get, ("since", "until"))
    values: dict[str, Any] = {
        "modality": modality,
        "polarity": polarity,
        "since": since,
        "until": until,
        "codebook": codebook,
    }
    where = f"{_dyad(codes_of(actor), codes_of(recipient), values)} and date_from is not null"
    where += f" and ({TESTS['codebook']})" if codebook else " and codebook is null"
    where += " and modality = $modality" if modality else ""
    where += " and polarity = $polarity" if polarity else ""
    where += " and date_to >= $since::date" if since else ""
    where += " and date_from <= $until::date" if until else ""
    return where, values


class Questions:
    """The questions to a record; `Record` is one that can be opened and added to."""

    path: Path
    _base: duckdb.DuckDBPyConnection

    def _ask(self, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            return list(self._base.execute(query, {k: v for k, v in values.items() if f"${k}" in query}).fetchall())
        except duckdb.Error as error:
            raise RecordDamaged(f"{self.path}: cannot be read: {str(error).splitlines()[0]}") from None

    def events(
        self,
        actor: str | None = None,
        recipient: str | None = None,
        since: str | None = None,
        until: str | None = None,
        type: str | None = None,
        modality: str | None = None,
        polarity: str | None = None,
        *,
        party: str | None = None,
        mode: str | None = None,
        quad: str | None = None,
        context: str | None = None,
        place: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        story: str | None = None,
        origins: int | None = None,
        text: str | None = None,
        codebook: str | None = None,
    ) -> Answer[RecordedEvent]:
        """Recorded events in order of their date.

        A party is a person or body (name or Wikidata id), a state ("CHN"), a part of one ("CHN MIL"), or a bloc ("EU",
        "NATO"); several are parted by commas. `since` and `until` are days, `origins` the fewest wanted, `kind` how it
        is told (reported, stated, assessed), `text` words of the evidence.
        """
        where, values = conditions(
            actor=actor,
            recipient=recipient,
            since=since,
            until=until,
            type=type,
            modality=modality,
            polarity=polarity,
            party=party,
            mode=mode,
            quad=quad,
            context=context,
            place=place,
            source=source,
            kind=kind,
            story=story,
            origins=origins,
            text=text,
            codebook=codebook,
        )
        rows = self._ask(f"select event from events where {where} order by date_from nulls last, id", values)
        return Answer([r[0] for r in rows], RecordedEvent)

    def page(
        self, asked: Mapping[str, Any], order: str = "date", descending: bool = True, limit: int = 50, offset: int = 0
    ) -> tuple[list[dict[str, Any]], int]:
        """A stretch of the events that fit what `events` is asked, in an order of `ORDERS`, and how many there are in
        all.
        """
        if order not in ORDERS:
            raise WrongQuestion(f"order: '{order}' is none of {', '.join(ORDERS)}")
        where, values = conditions(**asked)
        total = int(self._ask(f"select count(*) from events where {where}", values)[0][0])
        rows = self._ask(
            f"select event from events where {where} order by {ORDERS[order]} "
            f"{'desc' if descending else 'asc'} nulls last, id limit {int(limit)} offset {int(offset)}",
            values,
        )
        return [json.loads(r[0]) for r in rows], total

    def facets(self, asked: Mapping[str, Any], most: int = 12) -> dict[str, list[tuple[str, int]]]:
        """For each way to narrow down what `events` is asked, the values there are, the commonest first, with their
        counts.
        """
        where, values = conditions(**asked)
        each = " union all ".join(
            f"select '{name}' as name, {column} as value from hit" for name, column in FACETS.items()
        )
        rows = self._ask(
            f"""with hit as materialized (select actors, recipients, type, quad, modality, polarity, source_kinds,
            sources, contexts, place_country, mode, codebook from events where {where}),
            counted as (select name, value, count(*) as n from ({each}) where value is not null
                and not (name = 'source' and regexp_matches(value, '^(Q[0-9]+|[A-Z]{{3}}( [A-Z]{{3}})?)$'))
                group by 1, 2)
            select name, value, n from (select *, row_number() over (partition by name
            order by n desc, value) as place from counted) where place <= {int(most)} order by name, place""",
            values,
        )
        found: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
        for name, value, count in rows:
            found[name].append((str(value), int(count)))
        return found

    def usual(self, asked: Mapping[str, Any]) -> dict[tuple[str, tuple[str, ...]], int]:
        """How often each type of event was told of each set of states, of the events that fit what `events` is
        asked.
        """
        where, values = conditions(**asked)
        rows = self._ask(
            "select type, list_sort(list_distinct(list_concat(actors, recipients))) states, count(*) "
            f"from events where {where} group by 1, 2",
            values,
        )
        return {(r[0], tuple(r[1])): int(r[2]) for r in rows}

    def event(self, event: str) -> RecordedEvent | None:
        """One recorded event, by its id or by that of any account of it, also where it was another's once."""
        rows = self._ask(
            "select e.event from events e where e.id = $event or e.id in (select event from event_of "
            "where account = $event) limit 1",
            {"event": event},
        )
        return RecordedEvent.from_dict(json.loads(rows[0][0])) if rows else None

    def summary(self) -> dict[str, Any]:
        """How much was read: articles, stories, events, origins, the days they are of, the publishers and states spoken
        of most.
        """
        articles = self._ask(
            f"with current as ({CURRENT}) select count(*), min(published_from)::varchar, "
            "max(published_to)::varchar, max(a.recorded_at)::varchar, sum(words)::bigint from articles a "
            "join current using (id, reader)",
            {},
        )[0]
        events = self._ask(
            "select count(*), count(*) filter (modality = 'actual' "
            "and polarity = 'positive'), min(date_from)::varchar, max(date_to)::varchar from events",
            {},
        )[0]
        publishers = self._ask(
            f"with current as ({CURRENT}) select publisher, count(*) from articles a "
            "join current using (id, reader) where publisher is not null group by 1 "
            "order by 2 desc, 1 limit 12",
            {},
        )
        states = self._ask(
            "select c, count(*) from (select unnest(list_distinct(list_concat(actors, recipients))) c "
            "from events) group by 1 order by 2 desc, 1 limit 12",
            {},
        )
        return {
            "articles": articles[0],
            "words": articles[4] or 0,
            "stories": self._ask("select count(distinct story) from stories", {})[0][0],
            "events": events[0],
            "actual": events[1],
            "published": {"from": articles[1], "to": articles[2]},
            "dated": {"from": events[2], "to": events[3]},
            "recorded": articles[3],
            "publishers": [{"name": n, "articles": c} for n, c in publishers],
            "states": [{"country": n, "events": c} for n, c in states],
            "readers": [r[0] for r in self._ask("select distinct reader from articles order by 1", {})],
        }

    def dyads(self, first: date | None = None, last: date | None = None) -> list[dict[str, Any]]:
        """What states did to each other: events that happened, mean score, cooperation and conflict of each directed
        pair.
        """
        rows = self._ask(
            f"""select actor, recipient, count(*), avg(score), count(*) filter (score > 0),
            count(*) filter (score < 0) from ({PAIRS})
            where actor <> recipient and ($first::date is null or date_to >= $first::date)
            and ($last::date is null or date_from <= $last::date) group by 1, 2 order by 1, 2""",
            {"first": first, "last": last},
        )
        return [dict(zip(("actor", "recipient", "events", "score", "cooperation", "conflict"), r)) for r in rows]

    def balance(self, asked: Mapping[str, Any]) -> dict[str, float]:
        """The mean score of what each state did and had done to it, of the events that fit what `events` is asked."""
        where, values = conditions(**asked)
        return {
            r[0]: r[1]
            for r in self._ask(
                "select c, avg(score) from (select unnest(list_distinct(list_concat(actors, recipients))) "
                f"c, score from events where {where}) group by 1 order by 1",
                values,
            )
        }

    def places(self, asked: Mapping[str, Any], most: int = 400) -> list[dict[str, Any]]:
        """Where events happened, of those that fit what `events` is asked: name, state, coordinates, how many, mean
        score.
        """
        where, values = conditions(**asked)
        rows = self._ask(
            f"""select place, place_country, (event->>'$.place.lat')::double lat, (event->>'$.place.lon')::double lon,
            count(*), avg(score) from events
            where {where} and place is not null and event->>'$.place.lat' is not null group by 1, 2, 3, 4
            order by 5 desc, 1 limit {int(most)}""",
            values,
        )
        return [dict(zip(("name", "country", "lat", "lon", "count", "score"), r)) for r in rows]

    def links(self, events: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """What events are tied to in the articles that tell them: type of the tie, its cue, the other event; `back`
        where the other one comes first.
        """
        asked = sorted(set(events))
        rows = self._ask(
            f"""with current as ({CURRENT}) select o.event, o.account, a.article, a.reader from event_of o
            join accounts a on a.id = o.account
            join current on current.id = a.article and current.reader = a.reader
            where o.event in (select unnest($ids))""",
            {"ids": asked},
        )
        # The texts are fetched by article and only then looked into: they are large, and few of them are wanted.
        texts = self._ask(
            "select id, reader, report from articles where id in (select unnest($ids))",
            {"ids": sorted({r[2] for r in rows})},
        )
        wanted = {(r[2], r[3]) for r in rows}
        told = [json.loads(text).get("links", []) for article, reader, text in texts if (article, reader) in wanted]
        owner = {account: event for event, account, _, _ in rows}
        pairs = []
        for links in told:
            for link in links:
                for mine, other, back in ((link["event"], link["other"], False), (link["other"], link["event"], True)):
                    if mine in owner and owner.get(other) != owner[mine]:
                        pairs.append((owner[mine], other, back, link))
        others = {
            account: json.loads(event)
            for account, event in self._ask(
                "select o.account, e.event from event_of o join events e on e.id = o.event "
                "where o.account in (select unnest($ids))",
                {"ids": sorted({p[1] for p in pairs})},
            )
        }
        found: dict[str, list[dict[str, Any]]] = {event: [] for event in asked}
        seen = set()
        for event, other, back, link in pairs:
            if other in others and (event, link["type"], others[other]["id"]) not in seen:
                seen.add((event, link["type"], others[other]["id"]))
                found[event].append(
                    {
                        "type": link["type"],
                        "cue": link["cue"]["text"] if link["cue"] else None,
                        "back": back,
                        "event": others[other],
                    }
                )
        return found

    def lineage(self, articles: Iterable[str]) -> dict[str, dict[str, Any]]:
        """For each article its story, how it comes to it, what it follows, the agency it credits, and how many articles
        tell the story.
        """
        rows = self._ask(
            f"""with current as ({CURRENT_OF}), size as (select story, count(*) n from stories group by 1)
            select s.article, s.story, s.tie, s.follows, a.credit, n from stories s join size using (story)
            join current on current.id = s.article join articles a on a.id = s.article and a.reader = current.reader
            where s.article in (select unnest($ids))""",
            {"ids": sorted(set(articles))},
        )
        return {r[0]: {"story": r[1], "tie": r[2], "of": r[3], "credit": r[4], "articles": r[5]} for r in rows}

    def furniture(self, article: str) -> tuple[str, ...]:
        """What an article's page showed around it, line by line."""
        if not self._ask("select 1 from information_schema.tables where table_name = 'furniture'", {}):
            return ()
        rows = self._ask(
            "select lines from furniture where article = $article order by recorded_at desc limit 1",
            {"article": article},
        )
        return tuple(rows[0][0]) if rows else ()

    def failures(self, most: int = 50) -> tuple[list[dict[str, Any]], int]:
        """The pages that could not be read, the last first, with the cause; and how many there are."""
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
        """Title, publisher, address and day of articles."""
        rows = self._ask(
            f"with current as ({CURRENT_OF}) select a.id, title, publisher, url, published_from::varchar, "
            "credit from articles a join current using (id, reader) where a.id in (select unnest($ids))",
            {"ids": sorted(set(articles))},
        )
        return {r[0]: {"title": r[1], "publisher": r[2], "url": r[3], "published": r[4], "credit": r[5]} for r in rows}

    def accounts(self, event: str) -> Answer[Event]:
        """The events of single articles behind a recorded one, by its id or by that of any of them, also where it was
        another's once.
        """
        rows = self._ask(
            f"""with current as ({CURRENT}), whole as (select event from event_of where account = $event)
            select a.event from accounts a
            join current on a.article = current.id and a.reader = current.reader join event_of o on o.account = a.id
            where o.event in (select event from whole) order by a.article, a.id""",
            {"event": event},
        )
        return Answer([r[0] for r in rows], Event)

    def statements(
        self, source: str | None = None, text: str | None = None, story: str | None = None
    ) -> Answer[Statement]:
        """Statements, all or those of a source: a name, a Wikidata id, a state, a state's part, a bloc."""
        where, values = ["true"], dict[str, Any]()
        if source:
            where.append("list_has_any([s.source, s.source_id, s.country, s.country || ' ' || s.sector], $source)")
            values["source"] = codes_of(source)
        if text:
            where.append("contains(lower(statement), lower($text))")
            values["text"] = text
        if story:
            where.append("s.article in (select article from stories where story = $story)")
            values["story"] = story
        rows = self._ask(
            f"with current as ({CURRENT}) select statement from statements s "
            "join current on s.article = current.id and s.reader = current.reader "
            f"where {' and '.join(where)} order by s.article, s.id",
            values,
        )
        return Answer([r[0] for r in rows], Statement)

    def stories(self) -> Answer[Story]:
        """Stories with the articles that tell them."""
        found: dict[str, list[dict[str, Any]]] = {}
        for story, article, tie, of in self._ask(
            "select story, article, tie, follows from stories order by story, place", {}
        ):
            found.setdefault(story, []).append({"article": article, "tie": tie, "of": of})
        return Answer([{"id": s, "articles": m} for s, m in found.items()], Story)

    def reports(self) -> Iterator[Report]:
        """Every report as it now stands, with its vector."""
        for text, vector in self._ask(
            f"with current as ({CURRENT}) select a.report, p.vector from articles a "
            "join current using (id, reader) join profiles p on p.article = a.id and p.reader = a.reader "
            "order by a.id",
            {},
        ):
            yield Report.from_dict(json.loads(text) | {"vector": vector})

    def report(self, article: str) -> Report | None:
        """One article's report as it now stands."""
        rows = self._ask(
            f"with current as ({CURRENT}) select a.report from articles a join current using (id, reader) "
            "where a.id = $article",
            {"article": article},
        )
        return Report.from_dict(json.loads(rows[0][0])) if rows else None

    def unread_by(self, reader: str) -> list[str]:
        """The articles that a version of the reader has not read, in order."""
        return [
            r[0]
            for r in self._ask(
                "select distinct id from articles where id not in (select id from articles "
                "where reader = $reader) and id not in (select article from forgotten) order by 1",
                {"reader": reader},
            )
        ]

    def texts(self, most: int) -> list[str]:
        """The texts of articles, evenly over the record."""
        ids = [
            r[0]
            for r in self._ask(
                "select distinct id from articles where id not in (select article from forgotten) order by 1", {}
            )
        ]
        chosen = [ids[i * len(ids) // most] for i in range(most)] if len(ids) > most else ids
        rows = self._ask(
            f"with current as ({CURRENT}) select a.report->>'$.article.text' from articles a "
            "join current using (id, reader) where a.id in (select unnest($ids)) order by a.id",
            {"ids": chosen},
        )
        return [r[0] for r in rows if r[0]]

    def last_day(self) -> date | None:
        """The last day that an article is of."""
        row = self._ask("select max(published_to) from articles", {})
        return row[0][0] if row else None

    def articles_between(self, first: date, last: date) -> int:
        """How many articles of these days were read."""
        rows = self._ask(
            f"with current as ({CURRENT}) select count(*) from articles a join current using (id, reader) "
            "where published_from <= $last and published_to >= $first",
            {"first": first, "last": last},
        )
        return int(rows[0][0])

    def sources(self) -> dict[str, dict[str, Any]]:
        """Address, publisher, day and length of each article, for exports."""
        rows = self._ask(
            f"""with current as ({CURRENT}) select a.id, a.url, a.publisher, a.published_from::varchar,
            strftime(a.recorded_at, '%Y%m%d%H%M%S'), length(a.report->>'$.article.text'),
            coalesce((a.report->>'$.article.paragraphs[1].end')::integer, 400), a.report->>'$.article.language'
            from articles a join current using (id, reader)""",
            {},
        )
        return {
            r[0]: {
                "url": r[1],
                "publisher": r[2],
                "published": r[3],
                "recorded": r[4],
                "length": r[5],
                "lead": r[6],
                "language": r[7],
            }
            for r in rows
        }

    def happened(
        self, actor: str, recipient: str, since: str | None = None, until: str | None = None
    ) -> list[tuple[date, str]]:
        """First day and type of each of PLOVER's events of a directed dyad whose week is known, in order."""
        where, values = _dated(actor, recipient, since, until)
        where += " and date_to - date_from < 7"
        return [
            (r[0], r[1]) for r in self._ask(f"select date_from, type from events where {where} order by 1, 2", values)
        ]

    def series(
        self,
        actor: str,
        recipient: str,
        every: str = "1w",
        since: str | None = None,
        until: str | None = None,
        *,
        modality: str | None = "actual",
        polarity: str | None = "positive",
        codebook: str | None = None,
        most: int = checks.PERIODS,
    ) -> list[dict[str, Any]]:
        """Events of a directed dyad by period (`1d`, `1w`, `1m`, `1q`, `1y`) from its first to its last, or between two
        days.

        Each period says how many events (not reports), their mean score, how many of cooperation and of conflict, how
        many reports and origins stand behind them, and how many articles of that period were read: with none of either,
        `events` is `None`, a gap and no zero. PLOVER's types are counted, or those of a `codebook` ("name@checksum").
        Raises `WrongQuestion` where there are more than `most` periods.
        """
        step = checks.period(every)
        where, values = _dated(actor, recipient, since, until, modality, polarity, codebook)
        since, until = values["since"], values["until"]
        rows = self._ask(
            f"""select time_bucket({step}, date_from, date '2001-01-01') as start, count(*), avg(score),
            count(*) filter (score > 0), count(*) filter (score < 0), sum(reports), sum(origins)
            from events where {where} and {_within(step)} group by 1 order by 1""",
            values,
        )
        read = dict(
            self._ask(
                f"with current as ({CURRENT}) select time_bucket({step}, published_from, date "
                "'2001-01-01'), count(*) from articles a join current using (id, reader) "
                "where published_from is not null group by 1",
                {},
            )
        )
        low, high = since or (rows[0][0] if rows else None), until or (rows[-1][0] if rows else None)
        if low is None or high is None:
            return []
        edges = self._ask(
            f"select time_bucket({step}, $low::date, date '2001-01-01'), time_bucket({step}, $high::date, "
            "date '2001-01-01')",
            {"low": str(low), "high": str(high)},
        )[0]
        if not all(isinstance(edge, date) for edge in edges):
            raise WrongQuestion(f"every: periods of {every} from {low} on begin before the year 1")
        checks.periods(every, edges[0], edges[1], most)
        told = {r[0]: r for r in rows}
        starts = [
            r[0]
            for r in self._ask(
                f"select unnest(generate_series($low::timestamp, $high::timestamp, {step}))::date",
                {"low": edges[0], "high": edges[1]},
            )
        ]
        found = []
        for start in starts:
            _, events, score, together, against, reports, origins = told.get(start, (start, 0, None, 0, 0, 0, 0))
            articles = read.get(start, 0)
            gap = not events and not articles
            found.append(
                {
                    "from": str(start),
                    "events": None if gap else events,
                    "score": score,
                    "cooperation": together,
                    "conflict": against,
                    "reports": reports,
                    "origins": origins,
                    "articles": articles,
                }
            )
        return found
