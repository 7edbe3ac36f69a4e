"""An event as the room shows it in tables and lists: plain values, in words, with its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..record import Record, ranking, wording
from ..schema import days_told


def key_of(party: Mapping[str, Any]) -> str | None:
    """Returns the search key of a party: its country for a government, else its id, its exact name, or its country and
    sector.
    """
    if party["country"] and party["sector"] == "GOV" and party["id"] and not party["office"]:
        return str(party["country"])
    if party["id"]:
        return str(party["id"])
    if party["name"]:
        return f"={party['name']}"
    return " ".join(filter(None, (party["country"], party["sector"]))) or None


def _party(p: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": wording.name(p), "key": key_of(p), "country": p["country"], "sector": p["sector"]}


def told(event: Mapping[str, Any], about: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Returns an event as a line: actors, recipients, act, date, place, factuality, chain of sources, sentence and
    article, whether it is likely right, and the reasons for its rank.
    """
    d, place, trigger = event["date"] or {}, event["place"] or {}, event["evidence"]["trigger"]
    text, start = event["evidence"]["text"], event["evidence"]["start"]
    cut = (trigger["start"] - start, trigger["end"] - start) if trigger and text else None
    return {
        "id": event["id"],
        "article": event["article"],
        "type": event["type"],
        "mode": event["mode"],
        "act": wording.act(event),
        "heading": wording.sentence(event),
        "quad": event["quad"],
        "score": event["score"],
        "codebook": event["codebook"],
        "side": "cooperation" if event["quad"].endswith("cooperation") else "conflict",
        "actors": [_party(p) for p in event["actors"]],
        "recipients": [_party(p) for p in event["recipients"]],
        "when": days_told(d.get("from"), d.get("to"), " – "),
        "basis": d.get("basis"),
        "from": d.get("from"),
        "precision": d.get("precision"),
        "to": d.get("to"),
        "place": place.get("name"),
        "modality": event["modality"],
        "polarity": event["polarity"],
        "chain": wording.chain(event),
        "kinds": sorted({a["kind"] for a in event["according_to"]}),
        "before": text[: cut[0]] if cut else text,
        "word": text[cut[0] : cut[1]] if cut else "",
        "after": text[cut[1] :] if cut else "",
        "origins": event.get("origins"),
        "reports": event.get("reports"),
        "confidence": event["confidence"],
        "disputed": [x["field"] for x in event.get("disputes", ())],
        "source": dict(about.get(event["article"], {})) if about else {},
        "likely": "rank" not in event or event["rank"]["sure"] >= ranking.LIKELY,
        "why": event["rank"]["why"] if "rank" in event else [],
    }


def lines(record: Record, events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns events as lines, each with publisher, title, address and day of its article."""
    many = list(events)
    about = record.about(e["article"] for e in many)
    return [told(e, about) for e in many]
