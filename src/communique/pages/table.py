"""Articles as rows: JSON lines and delimited text with named columns."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..schema import Failure
from .draft import Draft
from .metadata import squeeze

# The names that people give the columns, the likeliest first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "event_text", "content", "maintext", "article", "fulltext", "full_text", "article_text", "story"),
    "title": ("title", "headline", "head"),
    "date": ("date", "published", "pub_date", "pubdate", "publish_date", "published_at", "publication_date", "date_publish", "datetime"),
    "publisher": ("publisher", "source", "outlet", "source_name", "newspaper", "site"),
    "url": ("url", "link", "address", "source_url"),
    "byline": ("byline", "author", "authors"),
    "id": ("id", "story_id", "doc_id", "article_id"),
}


def mapping(names: list[str], given: Mapping[str, str] | None) -> dict[str, str]:
    """Which column fills which field; a column that was named but is not there raises `ValueError`."""
    low = {name.lower().strip(): name for name in reversed(names)}
    found = {}
    for field, candidates in COLUMNS.items():
        if given and field in given:
            if given[field] not in names:
                raise ValueError(f"no column '{given[field]}' for {field}; there are {', '.join(names[:12])}")
            found[field] = given[field]
        else:
            hit = next((low[c] for c in candidates if c in low), None)
            if hit is not None:
                found[field] = hit
    return found


def _draft(row: Mapping[str, Any], columns: Mapping[str, str], name: str, kind: str, raw: bytes) -> Draft | Failure:
    def get(field: str) -> str | None:
        value = row.get(columns.get(field, ""))
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        return str(value).strip() or None if value is not None else None

    text = get("text")
    if not text:
        return Failure(name, f"no text in column '{columns.get('text', 'text')}'")
    parts = text.split("\n\n") if "\n\n" in text else text.split("\n")
    paragraphs = tuple(p for p in map(squeeze, parts) if p)
    url = get("url")
    published = get("date")
    title = get("title")
    return Draft(
        title=squeeze(title) if title else None, paragraphs=paragraphs, format=kind, sha256=hashlib.sha256(raw).hexdigest(), bytes=len(raw),
        url=url, byline=get("byline"), publisher=get("publisher"), published=published, basis="markup" if published else None, name=name,
    )  # fmt: skip


def read_jsonl(text: str, name: str, given: Mapping[str, str] | None = None) -> Iterator[Draft | Failure]:
    """One article a line; a line that is no JSON object is a `Failure` and the rest goes on."""
    for number, line in enumerate(io.StringIO(text), 1):
        if not line.strip():
            continue
        at = f"{name}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Failure(at, f"no JSON: {str(error)[:120]}")
            continue
        if not isinstance(row, dict):
            yield Failure(at, "no JSON object")
            continue
        try:
            columns = mapping(list(row), given)
        except ValueError as error:
            yield Failure(at, str(error))
            continue
        if "text" not in columns:
            yield Failure(at, f"no column of text among {', '.join(list(row)[:12])}; name it with --text")
            continue
        yield _draft(row, columns, at, "jsonl", line.encode("utf-8", "replace"))


def _dialect(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",\t;|", key=head.count)


def is_table(text: str, given: Mapping[str, str] | None) -> bool:
    """Whether the first line is the header of a table with a column of text."""
    head = text.split("\n", 1)[0]
    if len(head) > 2000 or head.count(_dialect(text)) < 1 or "\n" not in text:
        return False
    names = [n.strip() for n in next(csv.reader([head], delimiter=_dialect(text)), [])]
    if given and "text" in given:
        return given["text"] in names
    low = [n.lower() for n in names]
    return any(c in low for c in COLUMNS["text"]) and all(len(n.split()) <= 3 for n in names)


def read_csv(text: str, name: str, given: Mapping[str, str] | None = None) -> Iterator[Draft | Failure]:
    """One article a row, with the columns that the header names."""
    csv.field_size_limit(50_000_000)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_dialect(text))
    try:
        columns = mapping(list(reader.fieldnames or []), given)
    except ValueError as error:
        yield Failure(name, str(error))
        return
    rows = enumerate(reader, 2)
    while True:
        try:
            number, row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Failure(name, f"damaged table: {error}")
            return
        raw = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "replace")
        yield _draft(row, columns, f"{name}:{number}", "csv", raw)
