"""Tables for research: panels of dyads or states by period, with zeros distinct from gaps, and networks of who acts on
whom.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..events.ontology import MUTUAL
from ..schema import DEFAULT_CONFIDENCE, TYPES
from . import checks
from .answer import RecordError, Table, WrongQuestion
from .checks import SCOPES
from .states import states
from .tables import CURRENT, MUTUAL_TYPE

Ask = Callable[[str, dict[str, Any]], list[tuple[Any, ...]]]
MOST = 5_000_000  # rows of one panel
BODIES = ("EUR", "UNO")  # organisations that act as one party, as states do; each other code stands for many
ORIGIN = "date '2001-01-01'"  # periods are counted from it: a Monday and the first day of a year
FORMATS = ("graphml", "gexf", "csv")
BETWEEN = ("states", "parties")
_COUNTED = (
    "modality = 'actual' and polarity = 'positive' and codebook is null and confidence >= $confidence and "
    "scope <= $scope"
)


def within(step: str, first: str = "date_from", last: str = "date_to") -> str:
    """Returns an SQL condition that both days lie in one period. A date known only by year lies in no month, not in
    January.
    """
    return f"time_bucket({step}, {first}, {ORIGIN}) = time_bucket({step}, {last}, {ORIGIN})"


def read_in(ask: Ask, step: str) -> dict[date, int]:
    """Returns the number of articles published in each period."""
    rows = ask(
        f"""with current as ({CURRENT}) select time_bucket({step}, published_from, {ORIGIN}), count(*) from articles a
        join current using (id, reader)
        where published_from is not null and {within(step, "published_from", "published_to")} group by 1""",
        {},
    )
    return {r[0]: int(r[1]) for r in rows}


def starts(ask: Ask, every: str, low: str, high: str, most: int) -> list[date]:
    """Returns the first day of each period between two days. Raises `WrongQuestion` if there are too many."""
    step = checks.period(every)
    edges = ask(
        f"select time_bucket({step}, $low::date, {ORIGIN}), time_bucket({step}, $high::date, {ORIGIN})",
        {"low": low, "high": high},
    )[0]
    if not all(isinstance(edge, date) for edge in edges):
        raise WrongQuestion(f"every: periods of {every} from {low} on begin before the year 1")
    checks.periods(every, edges[0], edges[1], most)
    rows = ask(
        f"select unnest(generate_series($low::timestamp, $high::timestamp, {step}))::date",
        {"low": edges[0], "high": edges[1]},
    )
    return [r[0] for r in rows]


class Panel(Table):
    """The rows of a panel; `left_out` counts the events asked for that are in no row, by reason."""

    def __init__(self, table: Any, left_out: Mapping[str, int]) -> None:
        super().__init__(table)
        self.left_out = dict(left_out)


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and directed edges with their attributes; `left_out` counts the events that give no edge."""

    nodes: tuple[dict[str, Any], ...]
    edges: tuple[dict[str, Any], ...]
    left_out: int

    def write(self, path: str | Path) -> None:
        """Writes GraphML, GEXF or CSV (one row an edge), by the suffix of the file name. Raises `RecordError`."""
        target = Path(path)
        form = target.suffix.lower().lstrip(".")
        if form not in FORMATS:
            raise WrongQuestion(f"{target}: the name ends in none of {', '.join('.' + f for f in FORMATS)}")
        try:
            target.write_bytes(self.as_bytes(form))
        except OSError as error:
            raise RecordError(f"{target}: {error.strerror or error}") from None

    def as_bytes(self, form: str) -> bytes:
        """Returns the content of a file in one of `FORMATS`."""
        if form == "csv":
            text = io.StringIO()
            table = csv.DictWriter(text, list(self.edges[0]) if self.edges else ["actor", "recipient"])
            table.writeheader()
            table.writerows(self.edges)
            return text.getvalue().encode("utf-8", "replace")
        import networkx

        graph = networkx.DiGraph()
        for node in self.nodes:
            graph.add_node(node["id"], **{k: v for k, v in node.items() if k != "id" and v is not None})
        for edge in self.edges:
            kept = {k: v for k, v in edge.items() if k not in ("actor", "recipient") and v is not None}
            graph.add_edge(edge["actor"], edge["recipient"], weight=edge["events"], **kept)
        lines = networkx.generate_graphml(graph) if form == "graphml" else networkx.generate_gexf(graph)
        return ("\n".join(lines) + "\n").encode("utf-8", "replace")


QUADS = {
    "verbal_cooperation": "verbal cooperation",
    "material_cooperation": "material cooperation",
    "verbal_conflict": "verbal conflict",
    "material_conflict": "material conflict",
}


def _kinds(by: str) -> dict[str, str]:
    """Returns the columns of counts, each with its SQL condition."""
    if by == "quad":
        return {name: f"quad = '{quad}'" for name, quad in QUADS.items()}
    return {name: f"type = '{name}'" for name in TYPES}


def _sectors(text: str | None) -> list[str]:
    found = [s.strip().upper() for s in (text or "").split(",") if s.strip()]
    for sector in found:
        checks.one_of("sector", sector, checks.SECTORS)
    return found


def _side(side: str, sectors: Sequence[str]) -> str:
    """Returns an SQL expression for the states on a side of an event, or those with a party of these sectors there."""
    if not sectors:
        return f"{side}s"
    parts = ", ".join(f"'{s}'" for s in sectors)
    return f"list_distinct([c[1:3] for c in {side}_codes if length(c) = 7 and c[4:4] = ' ' and c[5:7] in ({parts})])"


def panel(
    ask: Ask,
    every: str = "1m",
    since: str | None = None,
    until: str | None = None,
    directed: bool = True,
    by: str = "quad",
    unit: str = "dyad",
    sector: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
    scope: str | None = None,
    told: bool = False,
    most: int = MOST,
) -> Panel:
    """See `Questions.panel`."""
    step = checks.period(every)
    asked = checks.asked({"since": since, "until": until, "confidence": confidence, "scope": scope})
    checks.one_of("by", by, ("quad", "type"))
    checks.one_of("unit", unit, ("dyad", "country"))
    values = {
        "confidence": asked["confidence"],
        "scope": SCOPES.index(asked.get("scope", SCOPES[-1])),
        "since": asked.get("since", "0001-01-01"),
        "until": asked.get("until", "9999-12-31"),
        "known": [*states(), *BODIES],
    }
    sectors = _sectors(sector)
    kinds = _kinds(by)
    counts = ", ".join(f"count(*) filter ({test})" for test in kinds.values())
    chosen = f"{_COUNTED} and (date_from is null or (date_to >= $since::date and date_from <= $until::date))"
    sides = _pairs(sectors, directed, unit, chosen, step)
    rows = ask(
        f"""select first, second, time_bucket({step}, date_from, {ORIGIN}) as start, count(*), {counts}, sum(score),
        avg(score),
        sum(reports)::bigint, sum(origins)::bigint, count(*) filter (acted), count(*) filter (received)
        from ({sides}) group by 1, 2, 3 order by 1, 2, 3""",
        values,
    )
    left_out = _left_out(ask, chosen, step, sides, values)
    low, high = _span(ask, asked, values, chosen)
    periods = starts(ask, every, low, high, checks.PERIODS) if low and high else []
    units = _units(ask, rows, unit, directed, told, values)
    if len(units) * len(periods) > most:
        raise WrongQuestion(
            f"a panel of {len(units):,} {'dyads' if unit == 'dyad' else 'states'} in {len(periods):,} periods has "
            f"more than"
            f" {most:,} rows: ask for longer periods, or with since and until for fewer days"
        )
    read = read_in(ask, step)
    inside = set(periods)
    left_out["of days outside the panel"] = sum(r[3] for r in rows if r[2] not in inside)
    return Panel(_table(rows, units, periods, read, every, list(kinds), unit, asked["confidence"]), left_out)


def _span(ask: Ask, asked: Mapping[str, Any], values: dict[str, Any], chosen: str) -> tuple[str | None, str | None]:
    """Returns the first and last day of a panel: those asked for, else of the articles, else of the events."""
    read = ask(f"with current as ({CURRENT}) select min(published_from), max(published_to) from articles", {})[0]
    happened = ask(f"select min(date_from), max(date_to) from events where {chosen}", values)[0]
    edges = [str(a or b) if a or b else None for a, b in zip(read, happened)]
    return asked.get("since") or edges[0], asked.get("until") or edges[1]


def _units(
    ask: Ask,
    rows: Sequence[tuple[Any, ...]],
    unit: str,
    directed: bool,
    told: bool,
    values: dict[str, Any],
) -> list[tuple[str, str | None]]:
    """Returns the dyads or states of a panel: all of the states in the events of the record or, with `told`, only those
    with a counted event.
    """
    counted = {(r[0], r[1]) for r in rows}
    if told:
        back = {(r[1], r[0]) for r in rows} if directed and unit == "dyad" else set()
        return sorted(counted | back)
    found = ask(
        """select distinct c from (select unnest(list_concat(actors, recipients)) as c from events)
        where list_contains($known, c) order by 1""",
        values,
    )
    names = [str(r[0]) for r in found]
    if unit == "country":
        return [(n, None) for n in names]
    return [(a, b) for a in names for b in names if (a != b if directed else a < b)]


def _pairs(sectors: Sequence[str], directed: bool, unit: str, chosen: str, step: str) -> str:
    """Returns an SQL query with one row for each event and each dyad or state that it counts for."""
    actors, recipients = _side("actor", sectors), _side("recipient", sectors)
    events = f"""select id, type, quad, score, reports, origins, date_from, {actors} as a, {recipients} as r,
        len(recipients) = 0 and {MUTUAL_TYPE} as joint
        from events where {chosen} and date_from is not null and {within(step)}"""
    if unit == "country":
        return f"""select *, c as first, null as second, list_contains(a, c) as acted, list_contains(r, c) as received
            from (select *, unnest(list_distinct(list_concat(a, r))) as c from ({events})) where list_contains($known,
            c)"""
    pairs = f"""select *, unnest(others) as x from (select *, unnest(a) as actor, if(joint, a, r) as others from
    ({events}))"""
    if directed:
        return f"""select *, actor as first, x as second, true as acted, false as received from ({pairs})
            where actor <> x and list_contains($known, actor) and list_contains($known, x)"""
    return f"""select distinct on (id, least(actor, x), greatest(actor, x)) *, least(actor, x) as first,
        greatest(actor, x) as second, true as acted, false as received
        from ({pairs}) where actor <> x and list_contains($known, actor) and list_contains($known, x)"""


def _left_out(ask: Ask, chosen: str, step: str, sides: str, values: dict[str, Any]) -> dict[str, int]:
    """Counts the events asked for that have no date, do not lie in one period, or are not between states."""
    row = ask(
        f"""select count(*), count(*) filter (date_from is null), count(*) filter (date_from is not null and not
        {within(step)}),
        (select count(distinct id) from ({sides})) from events where {chosen}""",
        values,
    )[0]
    every, undated, longer, counted = (int(n) for n in row)
    return {"undated": undated, "in no single period": longer, "of other parties": every - undated - longer - counted}


def label(start: date, every: str) -> str:
    """Returns the name of a period: 2021-03-23, 2021-W12, 2021-03, 2021-Q1, 2021; its first day for a multiple."""
    number, letter = every[:-1], every[-1]
    if number != "1":
        return start.isoformat()
    if letter == "q":
        return f"{start.year:04d}-Q{(start.month + 2) // 3}"
    if letter == "w":
        week = start.isocalendar()
        return f"{week.year:04d}-W{week.week:02d}"
    return start.isoformat()[: {"d": 10, "m": 7, "y": 4}[letter]]


def _codes(column: str, codes: Any) -> dict[str, Any]:
    """Returns columns with the codes, names and numbers of states."""
    import pyarrow
    import pyarrow.compute as compute

    known = [*states(), *BODIES]
    names = [s.name for s in states().values()] + ["European Union", "United Nations"]
    at = compute.index_in(codes, pyarrow.array(known, pyarrow.string()))
    numbers = {n: [getattr(s, n) for s in states().values()] + [None, None] for n in ("cow", "gw")}
    return {
        column: codes,
        f"{column}_name": pyarrow.array(names, pyarrow.string()).take(at),
        **{f"{column}_{n}": pyarrow.array(some, pyarrow.int32()).take(at) for n, some in numbers.items()},
    }


def _table(
    rows: Sequence[tuple[Any, ...]],
    units: Sequence[tuple[str, str | None]],
    periods: Sequence[date],
    read: Mapping[date, int],
    every: str,
    kinds: Sequence[str],
    unit: str,
    confidence: float,
) -> Any:
    """Returns the whole grid of units and periods, with nulls if nothing was read and no event counted."""
    import numpy as np
    import pyarrow

    places = {u: n for n, u in enumerate(units)}
    when = {p: n for n, p in enumerate(periods)}
    size = len(units) * len(periods)
    at = np.array([places[(r[0], r[1])] * len(periods) + when[r[2]] for r in rows if r[2] in when], dtype=np.int64)
    inside = [r for r in rows if r[2] in when]
    articles = np.tile(np.array([read.get(p, 0) for p in periods], dtype=np.int64), len(units))
    told = np.zeros(size, dtype=bool)
    told[at] = True
    gap = ~told & (articles == 0)

    def filled(values: Sequence[Any], kind: Any, empty: bool = False) -> Any:
        whole = np.zeros(size, dtype=np.float64 if kind == pyarrow.float64() else np.int64)
        whole[at] = [v or 0 for v in values]
        missing = gap | ~told if empty else gap
        return pyarrow.array(whole, kind, mask=missing)

    numbers = len(kinds)
    columns: dict[str, Any] = {}
    labels = [label(p, every) for p in periods]
    ends = _ends(periods, every)
    columns["period"] = pyarrow.array(labels * len(units), pyarrow.string())
    columns["from"] = pyarrow.array(list(periods) * len(units), pyarrow.date32())
    columns["to"] = pyarrow.array(ends * len(units), pyarrow.date32())
    first, second = (
        pyarrow.array([u[n] for u in units], pyarrow.string()).take(np.repeat(np.arange(len(units)), len(periods)))
        for n in (0, 1)
    )
    if unit == "dyad":
        columns |= _codes("actor", first) | _codes("recipient", second)
    else:
        columns |= _codes("country", first)
    columns["events"] = filled([r[3] for r in inside], pyarrow.int64())
    for n, name in enumerate(kinds):
        columns[name] = filled([r[4 + n] for r in inside], pyarrow.int64())
    columns["score_sum"] = filled([r[4 + numbers] for r in inside], pyarrow.float64())
    columns["score_mean"] = filled([r[5 + numbers] for r in inside], pyarrow.float64(), empty=True)
    if unit == "country":
        columns["acted"] = filled([r[8 + numbers] for r in inside], pyarrow.int64())
        columns["received"] = filled([r[9 + numbers] for r in inside], pyarrow.int64())
    columns["reports"] = filled([r[6 + numbers] for r in inside], pyarrow.int64())
    columns["origins"] = filled([r[7 + numbers] for r in inside], pyarrow.int64())
    columns["articles"] = pyarrow.array(articles, pyarrow.int64())
    columns["confidence"] = pyarrow.array(np.full(size, confidence), pyarrow.float64())
    return pyarrow.table(columns)


def _ends(periods: Sequence[date], every: str) -> list[date]:
    """Returns the last day of each period."""
    from datetime import timedelta

    number, letter = int(every[:-1]), every[-1]
    if letter in "dw":
        return [p + timedelta(number * (7 if letter == "w" else 1) - 1) for p in periods]
    months = number * {"m": 1, "q": 3, "y": 12}[letter]
    found = []
    for p in periods:
        ahead = p.year * 12 + p.month - 1 + months
        year, month = divmod(ahead, 12)
        found.append(date(year, month + 1, 1) - timedelta(1) if year <= 9999 else date.max)
    return found


def network(
    ask: Ask, since: str | None, until: str | None, between: str, confidence: float, scope: str | None
) -> Network:
    """See `Questions.network`."""
    checks.one_of("between", between, BETWEEN)
    asked = checks.asked({"since": since, "until": until, "confidence": confidence, "scope": scope})
    values = {"confidence": asked["confidence"], "scope": SCOPES.index(asked.get("scope", SCOPES[-1]))}
    where = _COUNTED
    for name, test in (("since", "date_to >= $since::date"), ("until", "date_from <= $until::date")):
        if name in asked:
            where, values[name] = f"{where} and {test}", asked[name]
    rows = ask(f"select event from events where {where} order by id", values)
    nodes: dict[str, dict[str, Any]] = {}
    edges: dict[tuple[str, str], dict[str, Any]] = {}
    left_out = 0
    for (text,) in rows:
        e = json.loads(text)
        sides = [[n for p in e[side] if (n := _node(p, between))] for side in ("actors", "recipients")]
        targets = sides[0] if not e["recipients"] and e["type"] in MUTUAL else sides[1]
        pairs = {(a["id"], b["id"]) for a in sides[0] for b in targets if a["id"] != b["id"]}
        left_out += not pairs
        for node in (*sides[0], *targets) if pairs else ():
            nodes.setdefault(node["id"], node)
        for pair in sorted(pairs):
            _count(edges.setdefault(pair, _edge(*pair)), e)
    for edge in edges.values():
        edge["score_mean"] = round(edge["score_sum"] / edge["events"], 4)
        edge["score_sum"] = round(edge["score_sum"], 4)
        edge["confidence"] = asked["confidence"]
    return Network(tuple(nodes[n] for n in sorted(nodes)), tuple(edges[p] for p in sorted(edges)), left_out)


def _node(party: Mapping[str, Any], between: str) -> dict[str, Any] | None:
    code = party["country"]
    if between == "states":
        known = states().get(code)
        if known is None:
            name = dict(zip(BODIES, ("European Union", "United Nations"))).get(code)
            return {"id": code, "label": name} if name else None
        return {"id": code, "label": known.name, "cow": known.cow, "gw": known.gw}
    key = party["name"] or " ".join(filter(None, (code, party["sector"])))
    if not key:
        return None
    return {"id": key, "label": key, "country": code, "sector": party["sector"], "wikidata": party["id"]}


def _edge(actor: str, recipient: str) -> dict[str, Any]:
    zero = dict.fromkeys(("events", *QUADS), 0)
    return {
        "actor": actor,
        "recipient": recipient,
        **zero,
        "score_sum": 0.0,
        "score_mean": 0.0,
        "reports": 0,
        "origins": 0,
    }


def _count(edge: dict[str, Any], event: Mapping[str, Any]) -> None:
    edge["events"] += 1
    edge[event["quad"].replace(" ", "_")] += 1
    edge["score_sum"] += float(event["score"] or 0)
    edge["reports"] += event["reports"]
    edge["origins"] += event["origins"]
