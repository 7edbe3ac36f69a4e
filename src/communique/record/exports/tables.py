"""Events as flat tables (CSV, Parquet), one row an event with plain columns, and as nested Parquet with all fields."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from ..states import states
from ..wording import chain

_SIDE = {
    "": str,
    "_country": str,
    "_sector": str,
    "_office": str,
    "_wikidata": str,
    "_cow": int,
    "_gw": int,
}
# Every column with its type, in order. The first actor and the first recipient have their own columns; `actors`,
# `actor_countries` and similar columns hold all of them, separated by "; ".
COLUMNS: dict[str, type] = {
    "id": str,
    "type": str,
    "mode": str,
    "quad": str,
    "score": float,
    "contexts": str,
    "modality": str,
    "polarity": str,
    **{f"actor{name}": kind for name, kind in _SIDE.items()},
    "actors": str,
    "actor_countries": str,
    "actor_sectors": str,
    **{f"recipient{name}": kind for name, kind in _SIDE.items()},
    "recipients": str,
    "recipient_countries": str,
    "recipient_sectors": str,
    "date_from": str,
    "date_to": str,
    "date_basis": str,
    "date_precision": str,
    "place": str,
    "place_country": str,
    "place_admin1": str,
    "lat": float,
    "lon": float,
    "geonames": int,
    "according_to": str,
    "according_to_kinds": str,
    "article": str,
    "publisher": str,
    "title": str,
    "url": str,
    "published": str,
    "story": str,
    "evidence": str,
    "evidence_start": int,
    "evidence_end": int,
    "trigger": str,
    "confidence": float,
    "origins": int,
    "reports": int,
    "codebook": str,
    "reader": str,
}
DAYS = ("date_from", "date_to", "published")  # columns that are dates in Parquet


def clean(text: str) -> str:
    """Returns text as one line that every program can read: single spaces, no control or invalid characters."""
    one = " ".join(text.split())
    return "".join(c for c in one if c.isprintable() or c == " ").encode("utf-8", "replace").decode()


def _joined(values: Iterable[object]) -> str | None:
    return "; ".join(dict.fromkeys(str(v) for v in values if v not in (None, ""))) or None


def _side(name: str, parties: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns the columns of one side of an event."""
    first = parties[0] if parties else {}
    state = states().get(first.get("country") or "")
    plural = f"{name}s"
    return {
        name: first.get("name") or first.get("text"),
        f"{name}_country": first.get("country"),
        f"{name}_sector": first.get("sector"),
        f"{name}_office": first.get("office"),
        f"{name}_wikidata": first.get("id"),
        f"{name}_cow": state.cow if state else None,
        f"{name}_gw": state.gw if state else None,
        plural: _joined(p["name"] or p["text"] for p in parties),
        f"{name}_countries": _joined(p["country"] for p in parties),
        f"{name}_sectors": _joined(p["sector"] for p in parties),
    }


def flat(event: Mapping[str, Any], article: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Returns an event's JSON object as a row of plain values, with its article's publisher, title, address and day."""
    date, place, about = event["date"] or {}, event["place"] or {}, article or {}
    evidence = event["evidence"]
    row = {
        **{n: event[n] for n in ("id", "type", "mode", "quad", "score", "modality", "polarity", "article", "story")},
        "contexts": _joined(event["contexts"]),
        **_side("actor", event["actors"]),
        **_side("recipient", event["recipients"]),
        "date_from": date.get("from"),
        "date_to": date.get("to"),
        "date_basis": date.get("basis"),
        "date_precision": date.get("precision"),
        "place": place.get("name") or place.get("text"),
        "place_country": place.get("country"),
        "place_admin1": place.get("admin1"),
        "lat": place.get("lat"),
        "lon": place.get("lon"),
        "geonames": place.get("geonames"),
        "according_to": chain(event) or None,
        "according_to_kinds": _joined(a["kind"] for a in event["according_to"]),
        **{n: about.get(n) for n in ("publisher", "title", "url", "published")},
        "evidence": evidence["text"],
        "evidence_start": evidence["start"],
        "evidence_end": evidence["end"],
        "trigger": evidence["trigger"]["text"] if evidence["trigger"] else None,
        "confidence": event["confidence"],
        "origins": event.get("origins"),
        "reports": event.get("reports"),
        "codebook": event["codebook"],
        "reader": event["reader"],
    }
    return {name: clean(v) if isinstance(v := row[name], str) else v for name in COLUMNS}


def report_about(report: Any) -> dict[str, Any]:
    """Returns the fields of a report's article that `flat` needs."""
    a = report.article
    day = a.published.from_ if a.published and a.published.from_ == a.published.to else None
    return {
        "publisher": a.publisher.name if a.publisher else None,
        "title": a.title,
        "url": a.url,
        "published": day,
    }


Rows = Iterable[Mapping[str, Any]]
Articles = Mapping[str, Mapping[str, Any]]


def write_csv(events: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]], file: IO[str]) -> int:
    """Writes events, each with its article's fields, as CSV with a header. Returns the number of events."""
    table = csv.DictWriter(file, list(COLUMNS), lineterminator="\n")
    table.writeheader()
    count = 0
    for event, article in events:
        table.writerow(flat(event, article))
        count += 1
    return count


def _schema() -> Any:
    import pyarrow

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    return pyarrow.schema([(n, pyarrow.date32() if n in DAYS else kinds[k]) for n, k in COLUMNS.items()])


def flat_table(events: Rows, articles: Articles) -> Any:
    """Returns events as a flat Arrow table, with days as dates."""
    import pyarrow

    rows = [flat(e, articles.get(e["article"])) for e in events]
    text = pyarrow.schema([(f.name, pyarrow.string() if f.name in DAYS else f.type) for f in _schema()])
    return pyarrow.Table.from_pylist(rows, text).cast(_schema())


def _months(rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    months: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        first, last = (row["date"] or {}).get("from") or "", (row["date"] or {}).get("to") or ""
        month = first[:7] if first and first[:7] == last[:7] else "unknown"  # a whole year lies in no month
        months.setdefault(month, []).append(row)
    yield from sorted(months.items())


def write_parquet(events: Rows, output: Path, articles: Articles | None = None, nested: bool = False) -> int:
    """Writes one file or, if `output` has no suffix, one file for each month in a folder `month=YYYY-MM`. Returns the
    number of events. `nested` keeps each event's JSON object, with its lists, instead of plain columns.
    """
    import pyarrow
    import pyarrow.parquet

    rows = list(events)
    whole = pyarrow.Table.from_pylist(list(rows)).schema if nested and rows else None
    make: Callable[[Rows], Any] = (
        (lambda some: pyarrow.Table.from_pylist(list(some), whole))
        if nested
        else (lambda some: flat_table(some, articles or {}))
    )
    if output.suffix or not rows:
        pyarrow.parquet.write_table(make(rows), output)
        return len(rows)
    for month, part in _months(rows):
        folder = output / f"month={month}"
        folder.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(make(part), folder / "events.parquet")
    return len(rows)
