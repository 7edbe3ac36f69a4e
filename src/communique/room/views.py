"""What each view of the room shows: plain values, the same that its `.json` gives."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from ..catalogue import Catalogue
from ..catalogue.fold import fold
from ..events import FUTURE_OF
from ..record import NotFound, Record, checks
from ..record import brief as briefs
from ..record.membership import codes_of
from ..schema import days_told

PER_PAGE = 50
PERIODS = 2_000  # of a series in one chart
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
_HAPPENED = {"modality": "actual", "polarity": "positive"}
_POSITIONS = ("REQUEST", "AGREE", "CONCEDE", "REJECT", "THREATEN")


def name_of(party: Mapping[str, Any]) -> str:
    return str(party["name"] or party["text"] or "somebody")


def key_of(party: Mapping[str, Any]) -> str | None:
    """What a party is asked by: its identity, its name, or the part of the state that it is."""
    if party["country"] and party["sector"] == "GOV" and party["id"] and not party["office"]:
        return str(party["country"])
    return party["id"] or party["name"] or (" ".join(filter(None, (party["country"], party["sector"]))) or None)


def told(event: Mapping[str, Any], about: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """An event as a line: who, whom, what, when, where, whether, according to whom, and its sentence."""
    d, place, trigger = event["date"] or {}, event["place"] or {}, event["evidence"]["trigger"]
    text, start = event["evidence"]["text"], event["evidence"]["start"]
    cut = (trigger["start"] - start, trigger["end"] - start) if trigger and text else None
    levels: dict[int, list[str]] = {}
    for a in event["according_to"]:
        levels.setdefault(a["level"], []).append(name_of(a) if a["name"] or a["text"] else f"({a['cue'] or 'unnamed'})")
    when = days_told(d.get("from"), d.get("to"), " – ")
    return {
        "id": event["id"],
        "article": event["article"],
        "type": event["type"],
        "mode": event["mode"],
        "quad": event["quad"],
        "score": event["score"],
        "codebook": event["codebook"],
        "side": "cooperation" if event["quad"].endswith("cooperation") else "conflict",
        "actors": [
            {"name": name_of(p), "key": key_of(p), "country": p["country"], "sector": p["sector"]}
            for p in event["actors"]
        ],
        "recipients": [
            {"name": name_of(p), "key": key_of(p), "country": p["country"], "sector": p["sector"]}
            for p in event["recipients"]
        ],
        "when": when,
        "basis": d.get("basis"),
        "from": d.get("from"),
        "precision": d.get("precision"),
        "to": d.get("to"),
        "place": place.get("name"),
        "modality": event["modality"],
        "polarity": event["polarity"],
        "chain": " ▸ ".join(" & ".join(names) for _, names in sorted(levels.items())),
        "kinds": sorted({a["kind"] for a in event["according_to"]}),
        "before": text[: cut[0]] if cut else text,
        "word": text[cut[0] : cut[1]] if cut else "",
        "after": text[cut[1] :] if cut else "",
        "origins": event.get("origins"),
        "reports": event.get("reports"),
        "confidence": event["confidence"],
        "disputed": [x["field"] for x in event.get("disputes", ())],
        "source": dict(about.get(event["article"], {})) if about else {},
    }


def lines(record: Record, events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    many = list(events)
    about = record.about(e["article"] for e in many)
    return [told(e, about) for e in many]


def overview(record: Record) -> dict[str, Any]:
    """The last events, states by states, the dyads that changed most, what is scheduled, how much was read and what
    could not be.
    """
    last = record.last_day()
    end = last.isoformat() if last else None
    recent, _ = record.page(_HAPPENED | ({"until": end} if end else {}) | {"codebook": "plover"}, "date", True, 12)
    ahead, _ = (
        record.page({"modality": "future", "since": (last + timedelta(1)).isoformat()}, "date", False, 8)
        if last
        else ([], 0)
    )
    failures, failed = record.failures(8)
    return {
        "summary": record.summary(),
        "recent": lines(record, recent),
        "ahead": lines(record, ahead),
        "matrix": matrix(record),
        "changed": changed(record, last) if last else [],
        "failures": failures,
        "failed": failed,
        "until": end,
    }


def matrix(record: Record, most: int = 12) -> dict[str, Any]:
    """Mean score and number of what the most active states did to each other."""
    rows = record.dyads()
    weight: Counter[str] = Counter()
    for r in rows:
        weight[r["actor"]] += r["events"]
        weight[r["recipient"]] += r["events"]
    states = sorted(s for s, _ in sorted(weight.items(), key=lambda x: (-x[1], x[0]))[:most])
    cells = {(r["actor"], r["recipient"]): {"events": r["events"], "score": r["score"]} for r in rows}
    states = [s for s in states if any((s, o) in cells or (o, s) in cells for o in states)]
    return {
        "states": states,
        "rows": [{"actor": a, "cells": [cells.get((a, b)) if a != b else None for b in states]} for a in states],
    }


def changed(record: Record, last: date, days: int = 30, most: int = 6) -> list[dict[str, Any]]:
    """The dyads whose balance of cooperation and conflict moved most between the last stretch of days and the one
    before.
    """
    now = {(r["actor"], r["recipient"]): r for r in record.dyads(last - timedelta(days - 1), last)}
    before = {
        (r["actor"], r["recipient"]): r for r in record.dyads(last - timedelta(2 * days - 1), last - timedelta(days))
    }
    found = []
    for pair in {*now, *before}:
        a, b = now.get(pair), before.get(pair)
        here, there = ((r["cooperation"] - r["conflict"]) if r else 0 for r in (a, b))
        if here != there:
            found.append(
                {
                    "actor": pair[0],
                    "recipient": pair[1],
                    "moved": here - there,
                    "now": here,
                    "before": there,
                    "events": a["events"] if a else 0,
                }
            )
    return sorted(found, key=lambda x: (-abs(x["moved"]), x["actor"], x["recipient"]))[:most]


def dyad(record: Record, a: str, b: str, every: str, since: str | None, until: str | None) -> dict[str, Any]:
    """Both directions over time, the types, who says so, the positions on the table."""
    sides: list[dict[str, Any]] = []
    acts = {(x, y): record.happened(x, y, since, until) for x, y in ((a, b), (b, a))}
    days = [day for found in acts.values() for day, _ in found]
    first, last = since or (str(min(days)) if days else None), until or (str(max(days)) if days else None)
    if since is None and first and last:  # one act of long ago must not keep those of today from being shown
        end = date.fromisoformat(last)
        first = max(first, str(checks.back(f"{int(checks.length(every) * (PERIODS - 2))}d", end)))
    for (x, y), found in acts.items():
        rows = record.series(x, y, every, first, last, most=PERIODS) if days else []
        asked: dict[str, Any] = {"actor": x, "recipient": y, "since": since, "until": until, "codebook": "plover"}
        events, total = record.page(asked, "date", True, 20)
        facets = record.facets(asked)
        starts, named = [r["from"] for r in rows], defaultdict(list)
        for day, kind in found:
            if starts and str(day) >= starts[0]:
                named[starts[max(0, bisect_right(starts, str(day)) - 1)]].append(f"{kind} {day}")
        sides.append(
            {
                "actor": x,
                "recipient": y,
                "series": rows,
                "named": dict(named),
                "events": lines(record, events),
                "total": total,
                "types": facets["type"],
                "sources": facets["source"],
            }
        )
    return {
        "a": a,
        "b": b,
        "every": every,
        "since": since,
        "until": until,
        "sides": sides,
        "positions": positions(record, a, b),
    }


def positions(record: Record, a: str, b: str, most: int = 10) -> list[dict[str, Any]]:
    """Demands, offers, threats and refusals between two parties, each with what it is tied to: its condition, what is
    wanted in return, what it answers.
    """
    many = [
        e
        for x, y in ((a, b), (b, a))
        for e in record.page(
            {"actor": x, "recipient": y, "type": ",".join(_POSITIONS), "codebook": "plover"}, "date", True, most
        )[0]
    ]
    ties = record.links(e["id"] for e in many)
    found: list[dict[str, Any]] = [
        {
            "event": told(e),
            "ties": [{"type": t["type"], "cue": t["cue"], "event": told(t["event"])} for t in ties[e["id"]]],
        }
        for e in {e["id"]: e for e in many}.values()
    ]
    return sorted(found, key=lambda p: (not p["ties"], -len(p["ties"]), p["event"]["from"] or ""))[:most]


def events(record: Record, asked: Mapping[str, Any], order: str, descending: bool, page: int) -> dict[str, Any]:
    """A page of a table of events and the ways to narrow it down."""
    rows, total = record.page(asked, order, descending, PER_PAGE, PER_PAGE * (page - 1))
    return {
        "asked": dict(asked),
        "order": order,
        "descending": descending,
        "page": page,
        "pages": max(1, -(-total // PER_PAGE)),
        "total": total,
        "events": lines(record, rows),
        "facets": record.facets(asked),
    }


def event(record: Record, key: str) -> dict[str, Any]:
    """All accounts of an event side by side, the lineage of their articles, its links, and what people judged of it."""
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


def article(record: Record, key: str) -> dict[str, Any]:
    """An article's text with everything that was read in it."""
    report = record.report(key)
    if report is None:
        raise NotFound(f"no article {key} in this record")
    value = report.to_dict()
    return {
        "report": value,
        "events": [told(e) for e in sorted(value["events"], key=lambda e: e["evidence"]["start"])],
        "tie": record.lineage([key]).get(key, {}),
        "kept": True,
        "furniture": record.furniture(key),
    }


def party(record: Record, catalogue: Catalogue, key: str) -> dict[str, Any]:
    """Who somebody is, the offices they held, what they did, were told and said, and with whom."""
    codes_of(key)
    known = (
        catalogue.by_wikidata(key)
        if key.startswith("Q") and key[1:].isdigit()
        else [*catalogue.named(key), *catalogue.people(fold(key))]
    )
    entry = catalogue.states.get(key) or (
        known[0] if known and (len(known) == 1 or known[0].kind != "person") else None
    )
    terms = catalogue.terms(entry.key) if entry is not None and entry.kind == "person" else ()
    did, did_total = record.page({"actor": key}, "date", True, 15)
    suffered, suffered_total = record.page({"recipient": key}, "date", True, 15)
    with_whom = Counter[str]()
    for e in (*did, *suffered):
        for p in (*e["actors"], *e["recipients"]):
            if p["country"] and p["country"] != key:
                with_whom[p["country"]] += 1
    said = [s.to_dict() for s in record.statements(source=key)[:12]]
    name = (
        entry.name
        if entry
        else next(
            (name_of(p) for e in (*did, *suffered) for p in (*e["actors"], *e["recipients"]) if key_of(p) == key), key
        )
    )
    if not entry and not did and not suffered and not said:
        raise NotFound(f"nobody is known as '{key}', neither to this record nor to the catalogue")
    return {
        "key": key,
        "name": name,
        "wikidata": entry.wikidata if entry else None,
        "country": entry.country if entry else None,
        "sector": entry.sector if entry else None,
        "offices": [
            {"office": t.office, "country": t.country, "from": t.start, "to": t.end, "seen": t.seen}
            for t in sorted(terms, key=lambda t: t.start or "", reverse=True)
        ],
        "did": lines(record, did),
        "did_total": did_total,
        "suffered": lines(record, suffered),
        "suffered_total": suffered_total,
        "said": [{"content": " … ".join(c["text"] for c in s["content"]), "kind": s["kind"]} for s in said],
        "partners": with_whom.most_common(12),
    }


def world(record: Record, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Events by place, and the mean score of what states did and had done to them."""
    counted = {"codebook": "plover"} | dict(asked)  # an act that two codebooks tell is not counted twice
    return {"asked": dict(asked), "places": record.places(counted), "states": record.balance(counted)}


def calendar(record: Record) -> dict[str, Any]:
    """What was scheduled, by month, and whether it came to pass as far as the record tells."""
    last = record.last_day()
    until = last.isoformat() if last else "0000"
    found = []
    for e in record.events(modality="future", codebook="plover").dicts():
        when = (e["date"] or {}).get("from")
        if not when or e["date"]["basis"] == "published":
            continue
        whole = when[:7] if e["date"]["to"][:7] == when[:7] else when[:4]  # what is known by year alone is of no month
        found.append(told(e) | outcome(record, e, until) | {"month": whole})
    months: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in sorted(found, key=lambda x: (x["month"], x["from"], x["id"]), reverse=True):
        months[line["month"]].append(line)
    return {"until": until, "months": [{"month": m, "events": rows} for m, rows in months.items()]}


def outcome(record: Record, event: Mapping[str, Any], until: str) -> dict[str, Any]:
    """Whether something scheduled is ahead, happened (an event of the kind it promised, of the same parties and days),
    was denied, or is not heard of.
    """
    if event["date"]["from"] > until:
        return {"outcome": "ahead", "by": None}
    countries = sorted({p["country"] for p in (*event["actors"], *event["recipients"]) if p["country"]})
    kinds = FUTURE_OF.get(event["type"], (event["type"],))
    if countries:
        low, high = (
            (date.fromisoformat(event["date"]["from"]) - timedelta(2)).isoformat(),
            (date.fromisoformat(event["date"]["to"]) + timedelta(2)).isoformat(),
        )
        for other in record.events(
            party=countries[0], since=low, until=high, type=",".join(kinds), modality="actual"
        ).dicts():
            theirs = {p["country"] for p in (*other["actors"], *other["recipients"])}
            if set(countries) <= theirs:
                return {
                    "outcome": "happened" if other["polarity"] == "positive" else "did not happen",
                    "by": other["id"],
                }
    return {"outcome": "not heard of", "by": None}


def brief(record: Record, about: str | None, since: str, until: str | None) -> dict[str, Any]:
    """The briefing, each line as in the other views."""
    made = briefs.briefing(record, about, since, until)
    parts = [
        {"title": title, "lines": [told(n.event) | {"heading": n.heading, "weight": round(n.weight, 3)} for n in part]}
        for title, part in made["parts"].items()
    ]
    return {"about": about, "since": made["since"], "until": made["until"], "read": made["read"], "parts": parts}


def unjudged(record: Record, after: str | None) -> dict[str, Any]:
    """The next event that nobody has judged, the most doubtful of the corroborated first, and how many are left."""
    done = {j["target"] for j in record.judgements()}
    rows, total = record.page({}, "confidence", False, 500)
    left = [e for e in rows if e["id"] not in done and not done & set(e["accounts"])]
    at = next((i + 1 for i, e in enumerate(left) if e["id"] == after), 0)
    return {
        "event": lines(record, left[at : at + 1])[0] if left[at : at + 1] else None,
        "left": len(left),
        "total": total,
        "judged": len(done),
    }
