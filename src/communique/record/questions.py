"""Queries to a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from ..schema import DEFAULT_CONFIDENCE, Event
from . import checks, lookup, panels, ranking, sayings
from .answer import Answer, RecordedEvent, WrongQuestion
from .holdings import Holdings
from .tables import CURRENT, MUTUAL_TYPE, PAIRS

TESTS = {
    "since": "date_to >= $since::date",
    "until": "date_from <= $until::date",
    "type": "list_contains($type, type)",
    "modality": "modality = $modality",
    "polarity": "polarity = $polarity",
    "mode": "mode = $mode",
    "quad": "quad = $quad",
    "context": "list_contains(contexts, $context)",
    "place": "(list_contains($place, place) or list_contains($place, place_country))",
    "kind": "list_contains(source_kinds, $kind)",
    "story": "story = $story",
    "origins": "origins >= $origins",
    "text": "contains(lower(text), lower($text))",
    "confidence": "confidence >= $confidence",
    "scope": "scope <= $scope",
    "codebook": "(codebook = $codebook or starts_with(codebook, $codebook || '@') or ($codebook = 'plover' and "
    "codebook is null))",
}
# Counts the events of the same type between the same parties, from which `ranking.RANK` computes novelty.
USUAL = f"""left join (
    select type as t, pair as p, count(*) as usual from events where confidence >= {DEFAULT_CONFIDENCE} group by 1, 2) u
    on u.t = e.type and u.p = e.pair"""
ORDERS = {
    "importance": f"row(sure >= {ranking.LIKELY}, {ranking.RANK.replace('usual', 'coalesce(usual, 1)')})",
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
ORDERED = "date_from, score, confidence, origins, reports, modality, actor_codes, recipient_codes"
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


BY_INDEX = 1_000  # events fetched in one query
FEW = 4  # up to this many codes, a test for each is faster than `list_has_any`


def _any(column: str, name: str, codes: Sequence[str], values: dict[str, Any]) -> str:
    """Returns an SQL condition that a list column contains one of `codes`, and adds its parameters to `values`."""
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
    """Returns an SQL condition for the events of a directed dyad, including joint acts: a mutual type, no recipients,
    and both parties among the actors.
    """
    did, told = _any("actor_codes", "actor", actor, values), _any("recipient_codes", "recipient", recipient, values)
    if list(actor) == list(recipient):
        return f"({did} and {told})"
    together = _any("actor_codes", "recipient", recipient, values)
    return f"(({did} and {told}) or (len(recipient_codes) = 0 and {MUTUAL_TYPE} and {did} and {together}))"


def conditions(asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Returns an SQL condition on the table of events, with parameters, for arguments from `Questions.understood`."""
    where, values = ["true"], dict[str, Any]()
    if "actor" in asked and "recipient" in asked:
        where.append(_dyad(asked["actor"], asked["recipient"], values))
    elif "actor" in asked or "recipient" in asked:
        side = "actor" if "actor" in asked else "recipient"
        where.append(_any(f"{side}_codes", side, asked[side], values))
    if "party" in asked:
        did, told = (_any(f"{side}_codes", "party", asked["party"], values) for side in ("actor", "recipient"))
        where.append(f"({did} or {told})")
    if "source" in asked:
        where.append(_any("sources", "source", asked["source"], values))
    for name, test in TESTS.items():
        if name in asked:
            where.append(test)
            values[name] = checks.SCOPES.index(asked[name]) if name == "scope" else asked[name]
    return " and ".join(where), values


class Counted(NamedTuple):
    """Numbers of events that match a query, of those left out only for their confidence, and of those shown that are
    likely right.
    """

    shown: int
    below: int
    likely: int


class Questions(Holdings):
    """Queries to a record; `Record` adds opening and writing."""

    _events = "events"  # the table that queries search

    @contextmanager
    def between(self, a: str, b: str) -> Iterator[None]:
        """Limits queries within the context to events with both parties, on any side: a view of a dyad runs a dozen of
        them. Only for queries that name both parties and no words of the sentence.
        """
        values: dict[str, Any] = {}
        sides = [
            f"({_any('actor_codes', name, codes, values)} or {_any('recipient_codes', name, codes, values)})"
            for name, codes in ((n, lookup.parties(p, self._ask)) for n, p in (("first", a), ("second", b)))
        ]
        few = "events_between"
        self._ask(
            f"create or replace temp table {few} as select * exclude (event, text, accounts) from events "
            f"where {' and '.join(sides)}",
            values,
        )
        self._events = few
        try:
            yield
        finally:
            self._events = "events"
            self._ask(f"drop table {few}", {})

    def understood(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the arguments of a query with names resolved to codes; days and numbers stay.

        Raises `WrongQuestion` for an invalid value, and `UnknownName`, with suggestions, for an unknown name.
        """
        found = checks.asked(asked)
        for name in ("actor", "recipient", "party", "source"):
            if name in found:
                found[name] = lookup.parties(found[name], self._ask)
        for name, look in (("type", lookup.types), ("mode", lookup.mode), ("context", lookup.context)):
            if name in found:
                found[name] = look(found[name], self._ask)
        if "place" in found:
            found["place"] = lookup.places(found["place"], self._ask)
        return found

    def names(self, text: str, most: int = lookup.COMPLETED) -> list[lookup.Name]:
        """Returns states, blocs and names of the record that begin with a text, each with its search term and number of
        events.
        """
        return lookup.complete(text, self._ask, most)

    def _where(self, asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return conditions(self.understood(asked))

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
        confidence: float | None = None,
        scope: str | None = None,
        order: str = "date",
    ) -> Answer[RecordedEvent]:
        """Returns recorded events by date or, with `order="importance"`, most important first.

        A party is a person or body (name or Wikidata id), a state ("CHN", "China"), a part of one ("CHN MIL"), or a
        bloc ("EU", "NATO"); separate several with commas. `since` and `until` are days, included. `origins` is the
        smallest number of independent sources, `kind` the kind of source (reported, stated, assessed), `text` words of
        the evidence. `confidence` is the threshold; the default is none. `scope` is "states", "politics" or
        "everything". Raises `WrongQuestion` for a value that is not accepted, and `UnknownName`, with suggestions, for
        an unknown name.
        """
        if order not in ORDERS:
            raise WrongQuestion(f"order: '{order}' is not one of {', '.join(ORDERS)}")
        asked = {
            "actor": actor,
            "recipient": recipient,
            "since": since,
            "until": until,
            "type": type,
            "modality": modality,
            "polarity": polarity,
            "party": party,
            "mode": mode,
            "quad": quad,
            "context": context,
            "place": place,
            "source": source,
            "kind": kind,
            "story": story,
            "origins": origins,
            "text": text,
            "codebook": codebook,
            "confidence": confidence,
            "scope": scope,
        }
        where, values = self._where(asked)
        chosen = f"(select * from events where {where}) e"
        by = f"{chosen} order by {ORDERS[order]} nulls last, id"
        if order == "importance":
            by = f"{chosen} {USUAL} order by {ORDERS[order]} desc nulls last, id"
        elif order not in ("date", "actor", "recipient", "type"):
            by = f"{chosen} order by {ORDERS[order]} desc nulls last, id"
        rows = self._ask(f"select event from {by}", values)
        return Answer([r[0] for r in rows], RecordedEvent)

    def page(
        self,
        asked: Mapping[str, Any],
        order: str = "date",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[dict[str, Any]], int]:
        """Returns one page of the events that match `asked` (arguments of `events`), in an order of `ORDERS`, and their
        total number.

        Each has a `rank`: certainty, weight, how usual its type is between its parties, and the reasons for the rank.
        """
        if order not in ORDERS:
            raise WrongQuestion(f"order: '{order}' is not one of {', '.join(ORDERS)}")
        where, values = self._where(asked)
        total = int(self._ask(f"select count(*) from {self._events} where {where}", values)[0][0])
        how = f"{ORDERS[order]} {'desc' if descending else 'asc'} nulls last, id"
        rows = self._ask(
            f"""select id, sure, weight, coalesce(usual, 1) from (
            select id, type, pair, sure, weight, {ORDERED} from {self._events} where {where}) e {USUAL}
            order by {how} limit {int(limit)} offset {int(offset)}""",
            values,
        )
        texts = self._texts_of([r[0] for r in rows])
        return [_ranked(json.loads(texts[r[0]]), r[1], r[2], int(r[3])) for r in rows], total

    def _texts_of(self, events: Sequence[str]) -> dict[str, str]:
        """Returns the JSON of events by id, read in batches through the index."""
        found: dict[str, str] = {}
        for begin in range(0, len(events), BY_INDEX):
            some = events[begin : begin + BY_INDEX]
            names = {f"id_{n}_": event for n, event in enumerate(some)}
            wanted = ", ".join(f"${name}" for name in names)
            found |= dict(self._ask(f"select id, event from events where id in ({wanted})", names))
        return found

    def counted(self, asked: Mapping[str, Any]) -> Counted:
        """Counts the events that match `asked` (arguments of `events`), and those below its confidence."""
        understood = self.understood(asked)
        least = understood.pop("confidence", 0.0)
        where, values = conditions(understood)
        row = self._ask(
            f"select count(*) filter (confidence >= $least), count(*) filter (confidence < $least), count(*) filter "
            f"(confidence >= $least and sure >= {ranking.LIKELY}) from {self._events} where {where}",
            values | {"least": least},
        )[0]
        return Counted(*(int(n) for n in row))

    def silence(self, asked: Mapping[str, Any]) -> str:
        """Explains why no event matches `asked`: how many match each argument alone, or are below the confidence."""
        given = {k: v for k, v in asked.items() if v is not None}
        counts = self.counted(given)
        if counts.below:
            few = f"{counts.below:,} event{'s' * (counts.below != 1)}"
            return f"no event of confidence {given['confidence']:g} or more fits; {few} below it"
        if not self._ask("select 1 from events limit 1", {}):
            return "the record holds no event"
        parts: dict[str, dict[str, Any]] = {
            f"{k} {v}": {k: v} for k, v in given.items() if k not in ("confidence", "scope", "since", "until")
        }
        days: dict[str, Any] = {}
        for name in ("since", "until"):
            if name in given:
                days[name] = given[name]
        if days:
            parts[" ".join(f"{k} {v}" for k, v in days.items())] = days
        counts_of = {name: self.counted(part).shown for name, part in parts.items()}
        if missing := [name for name, count in counts_of.items() if not count]:
            return f"no event of this record has {' or '.join(missing)}"
        told = "; ".join(f"{name}: {count:,}" for name, count in counts_of.items())
        return f"no event fits all of this at once ({told})"

    def facets(
        self, asked: Mapping[str, Any], most: int = 12, ways: Iterable[str] = tuple(FACETS)
    ) -> dict[str, list[tuple[str, int]]]:
        """Returns for each facet in `ways` the most frequent values among the events that match `asked`, with their
        counts.
        """
        chosen = {name: FACETS[name] for name in ways}
        where, values = self._where(asked)
        each = " union all ".join(
            f"select '{name}' as name, {column} as value from hit" for name, column in chosen.items()
        )
        rows = self._ask(
            f"""with hit as materialized (select actors, recipients, type, quad, modality, polarity, source_kinds,
            sources, contexts, place_country, mode, codebook from {self._events}
            where {where}), counted as (select name, value, count(*) as n from ({each}) where value is not null
                and not (name = 'source' and regexp_matches(value, '^(Q[0-9]+|[A-Z]{{3}}( [A-Z]{{3}})?)$')) group by 1,
                2)
            select name, value, n from (select *, row_number() over (partition by name order by n desc, value) as place
            from counted) where place <= {int(most)} order by name, place""",
            values,
        )
        found: dict[str, list[tuple[str, int]]] = {name: [] for name in chosen}
        for name, value, count in rows:
            found[name].append((str(value), int(count)))
        return found

    def usual(self, asked: Mapping[str, Any]) -> dict[tuple[str, tuple[str, ...]], int]:
        """Counts the events that match `asked` by type and set of states."""
        where, values = self._where(asked)
        rows = self._ask(
            f"select type, list_sort(list_distinct(list_concat(actors, recipients))) states, count(*) from events "
            f"where {where} group by 1, 2",
            values,
        )
        return {(r[0], tuple(r[1])): int(r[2]) for r in rows}

    def timeline(self, asked: Mapping[str, Any], every: str) -> list[dict[str, Any]]:
        """Counts the events that match `asked`, and those of cooperation and conflict, in each period that has any.
        Leaves out events that do not lie in one period.
        """
        step = checks.period(every)
        where, values = self._where(asked)
        rows = self._ask(
            f"""select time_bucket({step}, date_from, date '2001-01-01')::varchar, count(*), count(*) filter (score >
            0), count(*) filter (score < 0)
            from events where {where} and date_from is not null and {panels.within(step)} group by 1 order by 1""",
            values,
        )
        return [dict(zip(("from", "events", "cooperation", "conflict"), r)) for r in rows]

    def starts(self, every: str, first: date, last: date) -> list[date]:
        """Returns the first day of each period between two days. Raises `WrongQuestion` if there are too many."""
        return panels.starts(self._ask, every, str(first), str(last), checks.PERIODS)

    def came_to_pass(
        self, events: Sequence[str], kinds: Mapping[str, Sequence[str]], days: int = 2
    ) -> dict[str, tuple[str, str]]:
        """Returns id and polarity of an actual event that matches each scheduled event, for those that have one.

        It has a type that the scheduled one announces (`kinds`, else the same type), all of its states, and a date
        within `days` days.
        """
        mine = (
            "select id, type, date_from, date_to, list_sort(list_distinct(list_concat(actors, recipients))) as "
            "who from events where id in (select unnest($ids))"
        )
        promised = [(kind, other) for kind, others in kinds.items() for other in others]
        rows = self._ask(
            f"""with mine as ({mine}), promised as (select unnest($kind) as kind, unnest($other) as other),
            wanted as (select m.*, coalesce(p.other, m.type) as wanted from mine m left join promised p on p.kind =
            m.type where len(who) > 0)
            select w.id, e.id, e.polarity from wanted w join events e on e.type = w.wanted and e.modality = 'actual'
            and e.id <> w.id
            and e.date_to >= w.date_from - {int(days)} and e.date_from <= w.date_to + {int(days)}
            and list_has_all(list_concat(e.actors, e.recipients), w.who)
            order by w.id, e.polarity desc, e.confidence desc, e.id""",
            {"ids": list(events), "kind": [k for k, _ in promised], "other": [o for _, o in promised]},
        )
        found: dict[str, tuple[str, str]] = {}
        for event, other, polarity in rows:
            found.setdefault(event, (other, polarity))
        return found

    def days(self, asked: Mapping[str, Any]) -> list[tuple[date, int]]:
        """Counts the events that match `asked` by first day, in order. Leaves out dates longer than a week."""
        where, values = self._where(asked)
        rows = self._ask(
            f"select date_from, count(*) from events where {where} and date_to - date_from < 7 group by 1 order by 1",
            values,
        )
        return [(r[0], int(r[1])) for r in rows]

    def event(self, event: str) -> RecordedEvent | None:
        """Returns a recorded event by its id or the id of any of its accounts, also after merges; `None` if unknown."""
        rows = self._ask("select event from event_of where account = $event limit 1", {"event": event})
        key = rows[0][0] if rows else event
        found = self._texts_of([key])
        return RecordedEvent.from_dict(json.loads(found[key])) if found else None

    def summary(self, confidence: float = DEFAULT_CONFIDENCE, scope: str | None = None) -> dict[str, Any]:
        """Returns the size of the record: articles, stories, days, most frequent publishers and states, and events of
        at least a confidence, in each scope, and below it.
        """
        asked = self.understood({"confidence": confidence, "scope": scope})
        where, values = conditions(asked)
        read = self.extent()
        events = self._ask(
            f"select count(*), count(*) filter (modality = 'actual' and polarity = 'positive'), "
            f"min(date_from)::varchar, max(date_to)::varchar from events where {where}",
            values,
        )[0]
        scopes = dict(
            self._ask("select scope, count(*) from events where confidence >= $confidence group by 1", values)
        )
        publishers = self._ask(
            f"with current as ({CURRENT}) select publisher, count(*) from articles a join current using (id, reader) "
            f"where publisher is not null group by 1 order by 2 desc, 1 limit 12",
            {},
        )
        states = self._ask(
            f"""select c, sum(n)::bigint from (select unnest(list_distinct(list_concat(actors, recipients))) c, n from (
            select actors, recipients, count(*) n from events where {where} group by 1, 2)) group by 1
            order by 2 desc, 1 limit 12""",
            values,
        )
        return {
            "confidence": asked["confidence"],
            "scope": scope,
            **read,
            "events": events[0],
            "actual": events[1],
            "below": self.counted({"confidence": confidence, "scope": scope}).below,
            "scopes": {
                name: sum(n for at, n in scopes.items() if at <= place) for place, name in enumerate(checks.SCOPES)
            },
            "dated": {"from": events[2], "to": events[3]},
            "publishers": [{"name": n, "articles": c} for n, c in publishers],
            "states": [{"country": n, "name": lookup.state_name(n), "events": c} for n, c in states],
            "readers": [r[0] for r in self._ask("select distinct reader from articles order by 1", {})],
        }

    def dyads(
        self,
        first: date | None = None,
        last: date | None = None,
        confidence: float = DEFAULT_CONFIDENCE,
        scope: str | None = None,
    ) -> list[dict[str, Any]]:
        """Returns for each directed pair of states the number of events that happened, their mean score, cooperation
        and conflict.
        """
        asked = checks.asked({"confidence": confidence, "scope": scope})
        rows = self._ask(
            f"""select actor, recipient, count(*), avg(score), count(*) filter (score > 0), count(*) filter (score < 0)
            from ({PAIRS})
            where actor <> recipient and confidence >= $confidence and scope <= $scope
            and ($first::date is null or date_to >= $first::date) and ($last::date is null or date_from <= $last::date)
            group by 1, 2 order by 1, 2""",
            {
                "first": first,
                "last": last,
                "confidence": asked["confidence"],
                "scope": checks.SCOPES.index(asked.get("scope", checks.SCOPES[-1])),
            },
        )
        return [dict(zip(("actor", "recipient", "events", "score", "cooperation", "conflict"), r)) for r in rows]

    def balance(self, asked: Mapping[str, Any]) -> dict[str, float]:
        """Returns each state's mean score, as actor and recipient, over the events that match `asked`."""
        where, values = self._where(asked)
        return {
            r[0]: r[1]
            for r in self._ask(
                f"""select c, sum(total) / sum(n) from (
                select unnest(list_distinct(list_concat(actors, recipients))) c, n, total from (
                select actors, recipients, count(score) n, sum(score) total from events where {where} group by 1, 2))
                group by 1 order by 1""",
                values,
            )
        }

    def partners(self, party: str, asked: Mapping[str, Any]) -> list[tuple[str, int]]:
        """Returns the codes of states and kinds of organisations on the other side of a party in events that match
        `asked`, with the number of events, most frequent first.
        """
        did, values = self._where({**asked, "actor": party})
        told, more = self._where({**asked, "recipient": party})
        rows = self._ask(
            f"""select c, count(distinct id) from (
            select id, unnest(if(len(recipients) = 0 and {MUTUAL_TYPE}, actors, recipients)) c from events where {did}
            union all select id, unnest(actors) c from events where {told}) group by 1 order by 2 desc, 1""",
            values | more,
        )
        return [(str(r[0]), int(r[1])) for r in rows]

    def places(self, asked: Mapping[str, Any], most: int = 400) -> list[dict[str, Any]]:
        """Returns the places of events that match `asked`: name, state, coordinates, number of events, mean score.
        `spot` is false if the place is a whole state.
        """
        where, values = self._where(asked)
        rows = self._ask(
            f"""select place, place_country, lat, lon, spot, count(*), avg(score) from events
            where {where} and place is not null and lat is not null group by all order by 6 desc, 1, 3, 4 limit
            {int(most)}""",
            values,
        )
        return [dict(zip(("name", "country", "lat", "lon", "spot", "count", "score"), r)) for r in rows]

    def links(self, events: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """Returns the links of events in their articles: type, cue and the other event. `back` is true if the other
        event comes first.
        """
        asked = sorted(set(events))
        rows = self._ask(
            f"""with current as ({CURRENT}), mine as (select event, account from event_of where event in (select
            unnest($ids)))
            select l.event, l.other, l.type, l.cue, m.event, m.account from links l join current on l.article =
            current.id and l.reader = current.reader
            join mine m on m.account = l.event or m.account = l.other order by l.article, l.event, l.other, l.type""",
            {"ids": asked},
        )
        # recorded event, account that it is linked to, whether that account comes first, type, cue
        pairs = [
            (owner, other if event == mine else event, event != mine, type_, cue)
            for event, other, type_, cue, owner, mine in rows
        ]
        owners = dict(
            self._ask(
                "select account, event from event_of where account in (select unnest($ids))",
                {"ids": sorted({p[1] for p in pairs})},
            )
        )
        texts = self._texts_of(sorted(set(owners.values())))
        others = {account: json.loads(texts[event]) for account, event in owners.items() if event in texts}
        found: dict[str, list[dict[str, Any]]] = {event: [] for event in asked}
        seen = set()
        for event, account, back, type_, cue in pairs:
            other = others.get(account)
            if other is None or other["id"] == event or (event, type_, other["id"]) in seen:
                continue
            seen.add((event, type_, other["id"]))
            found[event].append({"type": type_, "cue": cue, "back": back, "event": other})
        return found

    def accounts(self, event: str) -> Answer[Event]:
        """Returns the accounts (events of single articles) of a recorded event, by its id or that of any account, also
        after merges.
        """
        rows = self._ask(
            f"""with current as ({CURRENT}), whole as (select event from event_of where account = $event) select
            a.event from accounts a
            join current on a.article = current.id and a.reader = current.reader join event_of o on o.account = a.id
            where o.event in (select event from whole) order by a.article, a.id""",
            {"event": event},
        )
        return Answer([r[0] for r in rows], Event)

    def happened(
        self,
        actor: str,
        recipient: str,
        since: str | None = None,
        until: str | None = None,
        confidence: float = DEFAULT_CONFIDENCE,
    ) -> list[tuple[date, str]]:
        """Returns first day and type of a directed dyad's PLOVER events in order, without dates longer than a week."""
        where, values = self._dated(actor, recipient, since, until, confidence)
        where += " and date_to - date_from < 7"
        return [
            (r[0], r[1])
            for r in self._ask(f"select date_from, type from {self._events} where {where} order by 1, 2", values)
        ]

    def _dated(
        self,
        actor: str,
        recipient: str,
        since: str | None,
        until: str | None,
        confidence: float,
        modality: str | None = "actual",
        polarity: str | None = "positive",
        codebook: str | None = None,
    ) -> tuple[str, dict[str, Any]]:
        """Returns an SQL condition, with its parameters, for a directed dyad's events that have a date."""
        where, values = self._where(
            {
                "actor": actor,
                "recipient": recipient,
                "since": since,
                "until": until,
                "confidence": confidence,
                "modality": modality,
                "polarity": polarity,
                "codebook": codebook or "plover",
            }
        )
        return f"{where} and date_from is not null", values

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
        confidence: float = DEFAULT_CONFIDENCE,
        most: int = checks.PERIODS,
    ) -> list[dict[str, Any]]:
        """Returns the events of a directed dyad by period (`1d`, `1w`, `1m`, `1q`, `1y`): from its first event to its
        last, or between two days.

        Each period has the number of events (not reports) at or above `confidence`, their mean score, cooperation and
        conflict, reports and origins, and the number of articles read in the period. `events` is `None`, not 0, if
        nothing was read. Counts PLOVER's types, or those of a `codebook` ("name@checksum"). Raises `WrongQuestion` if
        there are more than `most` periods.
        """
        step = checks.period(every)
        where, values = self._dated(actor, recipient, since, until, confidence, modality, polarity, codebook)
        rows = self._ask(
            f"""select time_bucket({step}, date_from, date '2001-01-01') as start, count(*), avg(score), count(*)
            filter (score > 0), count(*) filter (score < 0), sum(reports), sum(origins)
            from {self._events} where {where} and {panels.within(step)} group by 1 order by 1""",
            values,
        )
        low, high = (
            values.get("since") or (rows[0][0] if rows else None),
            values.get("until") or (rows[-1][0] if rows else None),
        )
        if low is None or high is None:
            return []
        read = panels.read_in(self._ask, step)
        told = {r[0]: r for r in rows}
        found = []
        for start in panels.starts(self._ask, every, str(low), str(high), most):
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
                    "confidence": values["confidence"],
                }
            )
        return found

    def panel(
        self,
        every: str = "1m",
        since: str | None = None,
        until: str | None = None,
        *,
        directed: bool = True,
        by: str = "quad",
        unit: str = "dyad",
        sector: str | None = None,
        confidence: float = DEFAULT_CONFIDENCE,
        scope: str | None = None,
        told: bool = False,
        most: int = panels.MOST,
    ) -> panels.Panel:
        """Returns a row for every dyad (`unit="dyad"`) or state (`unit="country"`) in every period from the first
        article to the last. The states are those in the record's events; with `told`, only units with a counted event
        are included.

        A row has counts by quad or type, sum and mean of the scores, reports, origins, the number of articles read in
        the period, and codes of ISO 3166, Correlates of War and Gleditsch and Ward. `events` is 0 if articles were read
        and none reported an event, `None` if nothing was read.

        Only PLOVER's events count, with modality actual, polarity positive, at least this `confidence`, and days within
        one period. `left_out` of the result counts the other events. `sector` ("GOV", "GOV,MIL") limits both sides.
        Raises `WrongQuestion` if there would be more than `most` rows.
        """
        return panels.panel(self._ask, every, since, until, directed, by, unit, sector, confidence, scope, told, most)

    def network(
        self,
        since: str | None = None,
        until: str | None = None,
        *,
        between: str = "states",
        confidence: float = DEFAULT_CONFIDENCE,
        scope: str | None = None,
    ) -> panels.Network:
        """Returns a directed network of who did what to whom. Nodes are states or, with `between="parties"`, persons
        and bodies by name. An edge has counts by quad, sum and mean of the scores, reports and origins.
        """
        return panels.network(self._ask, since, until, between, confidence, scope)

    def statements(
        self,
        speaker: str | None = None,
        text: str | None = None,
        story: str | None = None,
        *,
        about: str | None = None,
        to: str | None = None,
        since: str | None = None,
        until: str | None = None,
        article: str | None = None,
        source: str | None = None,
        voices: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> Answer[sayings.RecordedStatement]:
        """Returns statements, latest first: speaker, words, whom they are about, addressee, article.

        `speaker` (also `source`), `about` and `to` are parties as in `events`. `since` and `until` are days of
        publication. With `voices` each statement lists who else said the same, and who denied it.
        """
        where, values = self._said(
            {
                "speaker": speaker or source,
                "about": about,
                "to": to,
                "text": text,
                "story": story,
                "since": since,
                "until": until,
                "article": article,
            }
        )
        stretch = f" limit {int(limit)} offset {int(offset)}" if limit is not None else ""
        rows = self._ask(
            f"""with current as ({CURRENT}) select s.statement, s.text, s.parties, a.id, a.title, a.publisher, a.url,
            a.published_from::varchar
            from statements s join current on s.article = current.id and s.reader = current.reader join articles a on
            a.id = s.article and a.reader = s.reader
            where {where} order by a.published_from desc nulls last, a.id,
            (s.statement->>'$.content[0].start')::integer, s.id{stretch}""",
            values,
        )
        names = ("said", "about", "article", "title", "publisher", "url", "day")
        found = [
            json.loads(r[0])
            | dict(zip(names, (r[1], json.loads(r[2]), *r[3:])))
            | {"events": [], "same": [], "denied": []}
            for r in rows
        ]
        if voices:
            self._add_voices(found)
        return Answer(found, sayings.RecordedStatement)

    def statements_counted(self, **asked: Any) -> int:
        """Counts the statements that match arguments of `statements`."""
        where, values = self._said(asked)
        return int(
            self._ask(
                f"with current as ({CURRENT}) select count(*) from statements s join current on s.article = "
                f"current.id and s.reader = current.reader join articles a on a.id = s.article and a.reader = "
                f"s.reader where {where}",
                values,
            )[0][0]
        )

    def _said(self, asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Returns an SQL condition, with its parameters, for arguments of `statements`."""
        found = checks.asked(asked)
        where, values = ["true"], dict[str, Any]()
        for name, column in (("speaker", "codes"), ("about", "about"), ("to", "addressed")):
            if name in found:
                where.append(_any(f"s.{column}", name, lookup.parties(found[name], self._ask), values))
        tests = {
            "text": "contains(lower(s.text), lower($text))",
            "story": "s.article in (select article from stories where story = $story)",
            "article": "s.article = $article",
            "since": "a.published_to >= $since::date",
            "until": "a.published_from <= $until::date",
        }
        for name, test in tests.items():
            if name in found:
                where.append(test)
                values[name] = found[name]
        return " and ".join(where), values

    def _add_voices(self, statements: list[dict[str, Any]]) -> None:
        """Adds to statements the events based on them, who else says the same, and who denies it."""
        articles = sorted({s["article"] for s in statements})
        told = sayings.hanging(self._accounts_of("a.article in (select unnest($ids))", articles))
        mine = {e["id"] for some in told.values() for e in some}
        owner = dict(
            self._ask(
                "select account, event from event_of where account in (select unnest($ids))", {"ids": sorted(mine)}
            )
        )
        accounts = self._by_event(sorted(set(owner.values())))
        against = self._against(sorted(set(owner.values())))
        about = self.about(e["article"] for some in (*accounts.values(), *against.values()) for e in some)
        for s in statements:
            events = sorted({owner[e["id"]] for e in told.get((s["article"], s["id"]), ()) if e["id"] in owner})
            name = (s["source"] or {}).get("name") or (s["source"] or {}).get("text")
            s["events"] = events
            s["same"], s["denied"] = sayings.voices(events, name, s["article"], accounts, against, about)

    def _accounts_of(self, where: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        rows = self._ask(
            f"with current as ({CURRENT}) select a.event from accounts a join current on a.article = current.id and "
            f"a.reader = current.reader where {where} order by a.article, a.id",
            {"ids": list(ids)},
        )
        return [json.loads(r[0]) for r in rows]

    def accounts_of(self, events: Sequence[str]) -> list[dict[str, Any]]:
        """Returns the accounts of recorded events as plain dictionaries."""
        return [a for some in self._by_event(events).values() for a in some]

    def _by_event(self, events: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """Returns the accounts of each recorded event."""
        owner = dict(
            self._ask("select account, event from event_of where event in (select unnest($ids))", {"ids": list(events)})
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for e in self._accounts_of("a.id in (select unnest($ids))", sorted(owner)):
            found.setdefault(owner[e["id"]], []).append(e)
        return found

    def _against(self, events: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """Returns for each event the recorded events of its type and parties, near in time, of opposite polarity."""
        rows = self._ask(
            f"""select e.id, o.event from events e join events o on o.type = e.type and o.polarity <> e.polarity and
            o.id <> e.id
            and list_has_any(o.actor_codes, e.actor_codes) and (len(e.recipient_codes) = 0 or len(o.recipient_codes) =
            0 or list_has_any(o.recipient_codes, e.recipient_codes))
            and (e.date_from is null or o.date_from is null or abs(o.date_from - e.date_from) <= {sayings.NEAR})
            where e.id in (select unnest($ids)) order by 1, o.id""",
            {"ids": list(events)},
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for event, text in rows:
            found.setdefault(event, []).append(json.loads(text))
        return found


def _ranked(event: dict[str, Any], sure: float, weight: float, usual: int) -> dict[str, Any]:
    """Returns an event with its rank and the reasons for it."""
    value = round(sure**ranking.POWER * weight * ranking.novelty(usual), 4)
    rank = {"value": value, "sure": sure, "weight": weight, "usual": usual, "why": ranking.why(event, usual)}
    return event | {"rank": rank}
