"""Events as flat rows, and as Parquet by month."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any


def flat(event: dict[str, Any]) -> dict[str, Any]:
    """An event's JSON object as one row of plain values."""

    def sides(name: str, field: str) -> str:
        return "; ".join(str(p[field]) for p in event[name] if p[field])

    date, place = event["date"] or {}, event["place"] or {}
    row = {
        "id": event["id"],
        "article": event["article"],
        "type": event["type"],
        "mode": event["mode"],
        "quad": event["quad"],
        "score": event["score"],
        "contexts": "; ".join(event["contexts"]),
        "actors": sides("actors", "name") or sides("actors", "text"),
        "actor_countries": sides("actors", "country"),
        "recipients": sides("recipients", "name") or sides("recipients", "text"),
        "recipient_countries": sides("recipients", "country"),
        "date_from": date.get("from"),
        "date_to": date.get("to"),
        "date_basis": date.get("basis"),
        "date_precision": date.get("precision"),
        "place": place.get("name") or place.get("text"),
        "modality": event["modality"],
        "polarity": event["polarity"],
        "according_to": " > ".join(a["name"] or a["text"] or a["cue"] or "" for a in event["according_to"]),
        "evidence": event["evidence"]["text"],
        "confidence": event["confidence"],
    }
    return row | ({"origins": event["origins"], "reports": event["reports"]} if "origins" in event else {})


def write_parquet(events: Iterable[dict[str, Any]], output: Path) -> int:
    """One file, or, where `output` has no ending, a folder of `month=YYYY-MM` with a file each; says how many events
    were written.
    """
    import pyarrow
    import pyarrow.parquet

    rows = list(events)
    if output.suffix or not rows:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), output)
        return len(rows)
    months: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        first, last = (row["date"] or {}).get("from") or "", (row["date"] or {}).get("to") or ""
        month = first[:7] if first and first[:7] == last[:7] else "unknown"  # a year begins in no month
        months.setdefault(month, []).append(row)
    schema = pyarrow.Table.from_pylist(rows).schema
    for month, part in sorted(months.items()):
        folder = output / f"month={month}"
        folder.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(part, schema), folder / "events.parquet")
    return len(rows)
