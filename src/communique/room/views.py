"""The data of each view of the room: plain values, the same that its `.json` gives.

Every view takes a `Look`: the confidence threshold and the scope of the events to show and count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..catalogue import fold
from ..events import FUTURE_OF
from ..record import NotFound, Record, RecordError, checks, lookup
from ..record import brief as briefs
from ..record.agreement import agreement
from ..record.states import states
from ..schema import DEFAULT_CONFIDENCE
from .lines import lines, told
from .offices import intervals

PER_PAGE = 50
PERIODS = 2_000  # in one chart of a series
BARS = 60  # of a chart, if the room chooses the period
SCHEDULED = 400  # lines of the calendar
QUEUED = 500  # events searched for the next one to judge
ASKED = (
    "actor",
    "recipient",
    "party",
    "since",
    "until",
    "type",
    "mode",
    "quad",
    "modality",
    "polarity",
    "context",
    "place",
    "source",
    "kind",
    "story",
    "origins",
    "text",
    "codebook",
)
SAID = ("speaker", "about", "to", "since", "until", "text")
QUEUES = ("important", "doubtful", "second")
_HAPPENED = {"modality": "actual", "polarity": "positive"}
_POSITIONS = ("REQUEST", "AGREE", "CONCEDE", "REJECT", "THREATEN")
_DYAD_WAYS = ("type", "source")
_EVERY = (("1d", 1), ("1w", 7), ("1m", 30.4), ("1q", 91.3), ("1y", 365.2))


@dataclass(frozen=True, slots=True)
class Look:
    """The confidence threshold and the scope of the events to show and count. A `scope` of `None` means everything."""

    confidence: float = DEFAULT_CONFIDENCE
    scope: str | None = None

    @property
    def asked(self) -> dict[str, Any]:
        return {"confidence": self.confidence} | ({"scope": self.scope} if self.scope else {})


def _counts(record: Record, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the number of events at or above the confidence threshold, and the number below it."""
    return {**record.counted(asked)._asdict(), "confidence": asked["confidence"]}


def title_of(key: str, events: Iterable[Mapping[str, Any]] = ()) -> str:
    """Returns the display name of a party from its key: a state by its name, others as events name them."""
    if key.startswith("="):
        return key[1:]
    country, _, sector = key.partition(" ")
    if country in states() or country in lookup.CODES:
        return lookup.state_name(country) + (f" ({SECTORS.get(sector, sector)})" if sector else "")
    for e in events:
        for p in (*e["actors"], *e["recipients"]):
            if key in (p["id"], p["name"]) and p["name"]:
                return str(p["name"])
    known = lookup.catalogue().by_wikidata(key) if key.startswith("Q") and key[1:].isdigit() else []
    return known[0].name if known else key


def overview(record: Record, look: Look, since: str | None, until: str | None) -> dict[str, Any]:
    """Returns the most important events, the time line, the matrix of states, the dyads that changed most, scheduled
    events, the amount read and the failures.
    """
    last = record.last_day()
    end = last.isoformat() if last else None
    days = {k: v for k, v in (("since", since), ("until", until)) if v}
    happened: dict[str, Any] = _HAPPENED | look.asked | {"codebook": "plover"} | days
    first, _ = record.page(happened, "importance", True, 20)
    asked = {"modality": "future", **look.asked, "codebook": "plover"}
    ahead: list[dict[str, Any]] = []
    if last:
        after = asked | {"since": (last + timedelta(1)).isoformat()}
        ahead, _ = record.page(after, "date", False, 8)
    failures, failed = record.failures(8)
    low, high = (date.fromisoformat(d) if d else None for d in (since, until))
    return {
        "since": since,
        "until": until,
        "summary": record.extent(),
        "counts": _counts(record, look.asked | days),
        "happened": _counts(record, happened),
        "first": lines(record, first),
        "ahead": lines(record, ahead),
        "timeline": timeline(record, happened),
        "matrix": matrix(record, look, low, high),
        "changed": changed(record, look, high or last) if last else [],
        "failures": failures,
        "failed": failed,
        "last": end,
    }


def every_of(days: Sequence[date]) -> str:
    """Returns the shortest period that keeps a chart over these days within `BARS` bars."""
    length = (days[-1] - days[0]).days + 1 if days else 1
    return next((every for every, size in _EVERY if length / size <= BARS), "1y")


def span_of(days: Sequence[tuple[date, int]]) -> tuple[date | None, date | None, int]:
    """Returns the first and last day of a chart of days with their counts, and the number of events before it. A few
    old events before a gap of more than half of the whole time are left out, so that the others stay readable.
    """
    if not days:
        return None, None, 0
    few = sum(count for _, count in days) // 10
    first = earlier = before = 0
    for n in range(1, len(days)):
        before += days[n - 1][1]
        if before > few:
            break
        if (days[n][0] - days[n - 1][0]).days * 2 > (days[-1][0] - days[first][0]).days:
            first, earlier = n, before
    return days[first][0], days[-1][0], earlier


def timeline(record: Record, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the matching events by period, over the span they cover; `earlier` counts those before it."""
    days = record.days(asked)
    low, high, earlier = span_of(days)
    if low is None or high is None:
        return {"every": "1m", "rows": [], "earlier": 0, "from": None, "to": None}
    every = every_of([low, high])
    found = {
        r["from"]: r for r in record.timeline({**asked, "since": low.isoformat(), "until": high.isoformat()}, every)
    }
    zero = {"events": 0, "cooperation": 0, "conflict": 0}
    rows = [
        found.get(start.isoformat(), {"from": start.isoformat(), **zero}) for start in record.starts(every, low, high)
    ]
    return {"every": every, "rows": rows, "earlier": earlier, "from": low.isoformat(), "to": high.isoformat()}


def matrix(record: Record, look: Look, first: date | None, last: date | None, most: int = 12) -> dict[str, Any]:
    """Returns mean score and number of events between the most active states, and between organisations and states.
    Empty rows and columns are left out.
    """
    rows = record.dyads(first, last, look.confidence, look.scope)
    known = states()
    among = [r for r in rows if r["actor"] in known and r["recipient"] in known]
    bodies = [r for r in rows if (r["actor"] in known) != (r["recipient"] in known)]
    return {"states": _grid(among, most), "bodies": _grid(bodies, most)}


def _grid(rows: Sequence[Mapping[str, Any]], most: int) -> dict[str, Any]:
    weight: Counter[str] = Counter()
    for r in rows:
        weight[r["actor"]] += r["events"]
        weight[r["recipient"]] += r["events"]
    kept = {s for s, _ in sorted(weight.items(), key=lambda x: (-x[1], x[0]))[:most]}
    cells = {(r["actor"], r["recipient"]): r for r in rows if r["actor"] in kept and r["recipient"] in kept}
    across = sorted({b for _, b in cells})
    return {
        "columns": [{"code": b, "name": lookup.state_name(b)} for b in across],
        "rows": [
            {
                "actor": a,
                "name": lookup.state_name(a),
                "cells": [
                    {"events": c["events"], "score": c["score"]} if (c := cells.get((a, b))) else None for b in across
                ],
            }
            for a in sorted({a for a, _ in cells})
        ],
    }


def changed(record: Record, look: Look, last: date | None, days: int = 30, most: int = 6) -> list[dict[str, Any]]:
    """Returns the dyads with the largest change in cooperation minus conflict between the last `days` days and the
    `days` before.
    """
    if last is None:
        return []
    sure = look.confidence, look.scope
    stretches = (last - timedelta(days - 1), last), (last - timedelta(2 * days - 1), last - timedelta(days))
    now, before = ({(r["actor"], r["recipient"]): r for r in record.dyads(*s, *sure)} for s in stretches)
    found = []
    for pair in {*now, *before}:
        a, b = now.get(pair), before.get(pair)
        here, there = ((r["cooperation"] - r["conflict"]) if r else 0 for r in (a, b))
        if here != there:
            found.append(
                {
                    "actor": pair[0],
                    "recipient": pair[1],
                    "actor_name": lookup.state_name(pair[0]),
                    "recipient_name": lookup.state_name(pair[1]),
                    "moved": here - there,
                    "now": here,
                    "before": there,
                    "events": a["events"] if a else 0,
                }
            )
    return sorted(found, key=lambda x: (-abs(x["moved"]), x["actor"], x["recipient"]))[:most]


def dyad(
    record: Record, look: Look, a: str, b: str, every: str | None, since: str | None, until: str | None
) -> dict[str, Any]:
    """Returns both directions over time, the types, the sources, the positions on the table."""
    with record.between(a, b):
        return _dyad(record, look, a, b, every, since, until)


def _dyad(
    record: Record, look: Look, a: str, b: str, every: str | None, since: str | None, until: str | None
) -> dict[str, Any]:
    directions = ((a, b), (b, a))
    acts = {pair: record.happened(*pair, since, until, look.confidence) for pair in directions}
    days = sorted(day for found in acts.values() for day, _ in found)
    low, high, earlier = (
        span_of([(day, 1) for day in days])
        if since is None
        else (date.fromisoformat(since), days[-1] if days else None, 0)
    )
    last = until or (high.isoformat() if high else None)
    every = every or every_of([low, high] if low and high else [])
    checks.period(every)
    if since is None and low and last:  # bounds the chart, however short the periods
        reach = str(checks.back(f"{int(checks.length(every) * (PERIODS - 2))}d", date.fromisoformat(last)))
        low = max(low, date.fromisoformat(reach))
        earlier = sum(day < low for day in days)
    first = low.isoformat() if low else None
    sides = [_direction(record, look, pair, every, first, last, since, until, acts[pair]) for pair in directions]
    shown = [e for s in sides for e in s.pop("raw")]
    return {
        "a": a,
        "b": b,
        "a_name": title_of(a, shown),
        "b_name": title_of(b, shown),
        "every": every,
        "since": since,
        "until": until,
        "earlier": earlier,
        "earliest": days[0].isoformat() if days else None,
        "sides": [
            s | {"actor_name": title_of(s["actor"], shown), "recipient_name": title_of(s["recipient"], shown)}
            for s in sides
        ],
        "positions": positions(record, look, a, b),
    }


def _direction(
    record: Record,
    look: Look,
    pair: tuple[str, str],
    every: str,
    first: str | None,
    last: str | None,
    since: str | None,
    until: str | None,
    acts: Sequence[tuple[date, str]],
) -> dict[str, Any]:
    """Returns one direction of a dyad."""
    rows = record.series(*pair, every, first, last, confidence=look.confidence, most=PERIODS) if first else []
    asked: dict[str, Any] = {"actor": pair[0], "recipient": pair[1], "since": since, "until": until}
    asked |= {"codebook": "plover"} | look.asked
    events, total = record.page(asked, "importance", True, 20)
    facets = record.facets(asked, ways=_DYAD_WAYS)
    starts, named = [r["from"] for r in rows], defaultdict(list)
    for day, kind in acts:
        if starts and str(day) >= starts[0]:
            named[starts[max(0, bisect_right(starts, str(day)) - 1)]].append(f"{kind} {day}")
    return {
        "actor": pair[0],
        "recipient": pair[1],
        "series": rows,
        "named": dict(named),
        "raw": events,
        "events": lines(record, events),
        "total": total,
        "counts": _counts(record, asked),
        "types": facets["type"],
        "sources": facets["source"],
    }


def positions(record: Record, look: Look, a: str, b: str, most: int = 10) -> list[dict[str, Any]]:
    """Returns demands, offers, threats and refusals between two parties. Each comes with its links: its condition, what
    is wanted in return, what it responds to.
    """
    asked = look.asked | {"type": ",".join(_POSITIONS), "codebook": "plover"}
    many = [
        e
        for x, y in ((a, b), (b, a))
        for e in record.page(asked | {"actor": x, "recipient": y}, "importance", True, most)[0]
    ]
    unique = {e["id"]: e for e in many}
    ties = record.links(unique)
    shown = lines(record, unique.values())
    found: list[dict[str, Any]] = [
        {
            "event": e,
            "ties": [{"type": t["type"], "cue": t["cue"], "event": told(t["event"])} for t in ties[e["id"]]],
        }
        for e in shown
    ]
    return sorted(found, key=lambda p: (not p["event"]["likely"], -len(p["ties"])))[:most]


def events(
    record: Record, look: Look, asked: Mapping[str, Any], order: str, descending: bool, page: int
) -> dict[str, Any]:
    """Returns a page of the table of events and the facets to narrow it down."""
    wanted = dict(asked) | look.asked
    rows, total = record.page(wanted, order, descending, PER_PAGE, PER_PAGE * (page - 1))
    return {
        "asked": dict(asked),
        "order": order,
        "descending": descending,
        "page": page,
        "pages": max(1, -(-total // PER_PAGE)),
        "total": total,
        "counts": _counts(record, wanted),
        "events": lines(record, rows),
        "facets": record.facets(wanted),
        "silence": None if total else record.silence(wanted),
    }


def event(record: Record, key: str) -> dict[str, Any]:
    """Returns all accounts of an event side by side, the lineage of their articles, its links and its judgements."""
    found = record.event(key)
    if found is None:
        raise NotFound(f"no event {key} in this record")
    accounts = list(record.accounts(key).dicts())
    about = record.about([found.event.article, *(a["article"] for a in accounts)])
    ties = record.lineage([a["article"] for a in accounts])
    rows = [told(a, about) | {"tie": ties.get(a["article"], {})} for a in accounts]
    mine = {key, found.event.id, *(a["id"] for a in accounts)}
    links = [
        {"type": t["type"], "cue": t["cue"], "back": t["back"], "event": told(t["event"])}
        for t in record.links([found.event.id])[found.event.id]
    ]
    judgements = [j for j in record.judgements() if j["target"] in mine]
    whole = told(found.to_dict(), about) | {"contexts": list(found.event.contexts)}
    told_by = {
        "says": [r for r in rows if r["polarity"] == "positive"],
        "denies": [r for r in rows if r["polarity"] == "negative"],
    }
    return {
        "event": whole,
        **told_by,
        "disputes": list(found.disputes),
        "links": links,
        "judgements": judgements,
        "full": found.to_dict(),
    }


def article(record: Record, look: Look, key: str) -> dict[str, Any]:
    """Returns an article's text with everything read in it; events below the confidence threshold are separate."""
    report = record.report(key)
    if report is None:
        raise NotFound(f"no article {key} in this record")
    value = report.to_dict()
    return shown(value, look) | {
        "tie": record.lineage([key]).get(key, {}),
        "kept": True,
        "furniture": record.furniture(key),
    }


def shown(report: Mapping[str, Any], look: Look) -> dict[str, Any]:
    """Returns a report with its events in text order; those below the confidence threshold are separate."""
    events = [told(e) for e in sorted(report["events"], key=lambda e: e["evidence"]["start"])]
    return {
        "report": report,
        "events": [e for e in events if e["confidence"] >= look.confidence],
        "unsure": [e for e in events if e["confidence"] < look.confidence],
    }


def party(record: Record, look: Look, key: str) -> dict[str, Any]:
    """Returns who somebody is, the offices they held, what they did, what was done to them, what they said, and with
    whom.
    """
    try:
        codes = record.understood({"party": key})["party"]
    except RecordError as error:
        raise NotFound(str(error)) from None
    entry = _entry(key, codes)
    asked = look.asked
    did, did_total = record.page(asked | {"actor": key}, "importance", True, 15)
    suffered, suffered_total = record.page(asked | {"recipient": key}, "importance", True, 15)
    own = {key, entry.country} if entry else {key}
    partners = [(c, n) for c, n in record.partners(key, asked) if c not in own][:12]
    said = list(record.statements(key, voices=True, limit=12).dicts())
    if not entry and not did and not suffered and not said and not any(record.counted({"party": key})):
        raise NotFound(f"nobody is known as '{key}', neither to this record nor to the catalogue")
    return {
        "key": key,
        "name": entry.name if entry else title_of(key, (*did, *suffered)),
        "wikidata": entry.wikidata if entry else None,
        "country": entry.country if entry else None,
        "sector": entry.sector if entry else None,
        "offices": intervals(lookup.catalogue().terms(entry.key)) if entry and entry.kind == "person" else [],
        "did": lines(record, did),
        "did_total": did_total,
        "suffered": lines(record, suffered),
        "suffered_total": suffered_total,
        "counts": _counts(record, asked | {"party": key}),
        "said": said,
        "said_total": record.statements_counted(speaker=key),
        "partners": [{"code": c, "name": lookup.state_name(c), "events": n} for c, n in partners],
    }


def _entry(key: str, codes: Sequence[str]) -> Any:
    """Returns the catalogue entry of a party, or `None` if it is unknown or ambiguous."""
    known = lookup.catalogue()
    if key in known.states:
        return known.states[key]
    name = key.removeprefix("=")
    identity = next((c for c in codes if c.startswith("Q") and c[1:].isdigit()), None)
    found = known.by_wikidata(identity) if identity else [*known.named(name), *known.people(fold(name))]
    if len(found) == 1 or (found and found[0].kind != "person"):
        return found[0]
    return None


def statements(record: Record, asked: Mapping[str, Any], page: int, most: int = 30) -> dict[str, Any]:
    """Returns a page of who said what, with who else said the same or denied it."""
    total = record.statements_counted(**asked)
    found = record.statements(**asked, voices=True, limit=most, offset=most * (page - 1))
    return {
        "asked": dict(asked),
        "page": page,
        "pages": max(1, -(-total // most)),
        "total": total,
        "statements": list(found.dicts()),
    }


def world(record: Record, look: Look, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Returns events by place, and the mean score of each state as actor and recipient. Whole states are not points."""
    # Do not count an act twice that two codebooks code.
    counted = {"codebook": "plover"} | dict(asked) | look.asked
    places = record.places(counted)
    return {
        "asked": dict(asked),
        "places": places,
        "spots": grouped([p for p in places if p["spot"]]),
        "states": record.balance(counted),
        "counts": _counts(record, counted),
    }


def grouped(places: Sequence[Mapping[str, Any]], degrees: float = 4.0) -> list[dict[str, Any]]:
    """Merges places that are so near that their circles would overlap. Each group is named after its largest place,
    which comes first.
    """
    groups: list[dict[str, Any]] = []
    for p in sorted(places, key=lambda p: (-p["count"], p["name"], p["lat"], p["lon"])):
        near = next(
            (g for g in groups if abs(g["lat"] - p["lat"]) < degrees and abs(g["lon"] - p["lon"]) < degrees), None
        )
        if near is None:
            groups.append({"lat": p["lat"], "lon": p["lon"], "count": 0, "total": 0.0, "places": []})
            near = groups[-1]
        near["count"] += p["count"]
        near["total"] += p["count"] * p["score"]
        near["places"].append({"name": p["name"], "count": p["count"]})
    return [{k: v for k, v in g.items() if k != "total"} | {"score": g["total"] / g["count"]} for g in groups]


def calendar(record: Record, look: Look) -> dict[str, Any]:
    """Returns what states scheduled, by month, and whether it happened as far as the record knows."""
    last = record.last_day()
    until = last.isoformat() if last else "0000"
    asked = {"modality": "future", "codebook": "plover", "scope": "states"} | look.asked
    rows, total = record.page(asked, "date", True, SCHEDULED)
    dated = [e for e in rows if e["date"] and e["date"]["from"] and e["date"]["basis"] != "published"]
    passed = record.came_to_pass([e["id"] for e in dated], FUTURE_OF)
    found = []
    for e, line in zip(dated, lines(record, dated)):
        first, to = e["date"]["from"], e["date"]["to"]
        month = first[:7] if to[:7] == first[:7] else first[:4]  # a date known only by year has no month
        if first > until:
            outcome: dict[str, Any] = {"outcome": "ahead", "by": None}
        elif e["id"] in passed:
            other, polarity = passed[e["id"]]
            outcome = {"outcome": "happened" if polarity == "positive" else "did not happen", "by": other}
        else:
            outcome = {"outcome": "not heard of", "by": None}
        found.append(line | outcome | {"month": month})
    months: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in sorted(found, key=lambda x: (x["month"], x["from"], x["id"]), reverse=True):
        months[line["month"]].append(line)
    return {
        "until": until,
        "scope": asked["scope"],
        "counts": _counts(record, asked),
        "undated": min(total, SCHEDULED) - len(dated),
        "shown": len(found),
        "unsure": sum(not line["likely"] for line in found),
        "months": [{"month": m, "events": rows} for m, rows in months.items()],
    }


def brief(record: Record, look: Look, about: str | None, since: str, until: str | None) -> dict[str, Any]:
    """Returns the briefing; each line as in the other views."""
    made = briefs.briefing(record, about, since, until, look.confidence, look.scope)
    parts = [
        {"title": title, "lines": [told(n.event, {n.event["article"]: n.source}) for n in part]}
        for title, part in made["parts"].items()
    ]
    counts = {"shown": made["events"], **{k: made[k] for k in ("below", "likely", "confidence")}}
    return {k: made[k] for k in ("about", "since", "until", "read")} | {"counts": counts, "parts": parts}


def unjudged(record: Record, look: Look, queue: str, by: str, after: str | None) -> dict[str, Any]:
    """Returns the next event to judge, the number left, and the agreement between annotators.

    `queue` chooses the most important first, the most doubtful first, or events that somebody else but not `by` has
    judged.
    """
    checks.one_of("queue", queue, QUEUES)
    judgements = record.judgements()
    judged_by: dict[str, set[str]] = defaultdict(set)
    for j in judgements:
        judged_by[j["target"]].add(j["by"])
    order, down = ("confidence", False) if queue == "doubtful" else ("importance", True)
    rows, total = record.page(look.asked, order, down, QUEUED)
    left = []
    for e in rows:
        who = set().union(*(judged_by.get(k, set()) for k in (e["id"], *e["accounts"])))
        if (who and by and by not in who) if queue == "second" else not who:
            left.append(e)
    at = next((i + 1 for i, e in enumerate(left) if e["id"] == after), 0)
    chosen = left[at : at + 1]
    return {
        "event": lines(record, chosen)[0] if chosen else None,
        "full": chosen[0] if chosen else None,
        "queue": queue,
        "left": len(left),
        "total": total,
        "most": QUEUED,
        "judged": len(judged_by),
        "agreement": agreement(judgements),
    }


SECTORS = {
    "GOV": "government",
    "MIL": "armed forces",
    "COP": "police",
    "JUD": "courts",
    "LEG": "parliament",
    "PTY": "party",
    "SPY": "intelligence",
    "PRM": "paramilitaries",
    "REB": "rebels",
    "UAF": "armed groups of unknown allegiance",
    "UNK": "unknown",
    "AGR": "farmers",
    "BUS": "business",
    "CRM": "criminals",
    "CVL": "civilians",
    "EDU": "education",
    "ELI": "former office holders and elites",
    "JRN": "journalists",
    "LAB": "workers and unions",
    "MED": "health",
    "REF": "refugees",
    "OPP": "opposition",
    "PRE": "governments to come",
    "REL": "religion",
    "SOC": "society and sport",
}


def glossary() -> dict[str, Any]:
    """Returns the meaning of the words, colours and codes of the room."""
    from ..events.ontology import DEFINITIONS, MODES, QUADS, SCORES
    from ..record.wording import verb

    return {
        "types": [
            {
                "type": kind,
                "verb": verb(kind, None),
                "meaning": DEFINITIONS[kind],
                "quad": QUADS[kind],
                "score": SCORES[kind],
                "modes": MODES.get(kind, {}),
            }
            for kind in DEFINITIONS
        ],
        "sectors": SECTORS,
        "codes": lookup.CODES,
    }
