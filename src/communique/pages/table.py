"""Articles as rows: JSON lines, delimited text, Parquet and workbooks, with named columns."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from .._extras import missing
from ..schema import Failure
from .days import stated_day
from .decode import decode
from .draft import Draft
from .metadata import squeeze
from .stream import peek, whole

LONGEST_ROW = 50_000_000  # bytes of one row
HELD = 100  # errors of a file held back until it is known whether all of its lines have one
_SPREAD = 1 << 16  # first bytes, which show whether a JSON file has one value a line

# Usual names of the columns, the most likely first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "body",
        "event_text",
        "content",
        "maintext",
        "article",
        "fulltext",
        "full_text",
        "article_text",
        "story",
    ),
    "title": ("title", "headline", "head"),
    "date": (
        "date",
        "published",
        "pub_date",
        "pubdate",
        "publish_date",
        "published_at",
        "publication_date",
        "date_publish",
        "datetime",
    ),
    "publisher": ("publisher", "source", "outlet", "source_name", "newspaper", "site"),
    "url": ("url", "link", "address", "source_url"),
    "byline": ("byline", "author", "authors"),
    "id": ("id", "story_id", "doc_id", "article_id"),
}


def mapping(names: list[str], given: Mapping[str, str] | None) -> dict[str, str]:
    """Returns the column of each field. Raises `ValueError` if a column in `given` does not exist."""
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
        title=squeeze(title) if title else None,
        paragraphs=paragraphs,
        format=kind,
        sha256=hashlib.sha256(raw).hexdigest(),
        bytes=len(raw),
        url=url,
        byline=get("byline"),
        publisher=get("publisher"),
        published=stated_day(published) if published else None,
        basis="markup" if published else None,
        name=name,
    )


def lines_of(stream: BinaryIO, name: str) -> Iterator[bytes | Failure]:
    """Yields the lines of a file. A line longer than any article is a `Failure`, and reading goes on."""
    while line := stream.readline(LONGEST_ROW):
        if len(line) == LONGEST_ROW and not line.endswith(b"\n"):
            yield Failure(name, f"a line of more than {LONGEST_ROW // 1_000_000} MB: not read")
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_ROW)
            continue
        yield line


class _Faults:
    """Errors of the lines or rows of one file. Each is reported, but if all lines have one, only one for the file."""

    def __init__(self, name: str, what: str) -> None:
        self._name, self._what = name, what
        self._held: list[Failure] = []
        self._count, self._good = 0, False

    def told(self, item: Draft | Failure) -> Iterator[Draft | Failure]:
        """Yields the next item; before the first good one, the errors held back."""
        if self._good:
            yield item
        elif isinstance(item, Draft):
            self._good = True
            yield from self._told()
            yield item
        else:
            self._count += 1
            if len(self._held) < HELD:
                self._held.append(item)

    def ended(self) -> Iterator[Failure]:
        """Yields at the end of a file without a good line its error, or one for the whole file if there are several."""
        if self._good or self._count < 2:
            yield from [] if self._good else self._held
        else:
            cause = self._held[0].cause
            yield Failure(self._name, f"none of its {self._count:,} {self._what}s can be read; the first: {cause}")

    def _told(self) -> Iterator[Failure]:
        if self._count <= len(self._held):
            yield from self._held
        else:
            cause = self._held[0].cause
            yield Failure(self._name, f"its first {self._count:,} {self._what}s cannot be read; the first: {cause}")


def read_jsonl(stream: BinaryIO, name: str, given: Mapping[str, str] | None = None) -> Iterator[Draft | Failure]:
    """Yields one article for each line. A line that is not a JSON object is a `Failure`, and reading goes on.

    A file that holds one object or a list of objects, spread over lines, is read as such.
    """
    head = peek(stream, _SPREAD)
    if _is_spread(head):
        yield from _spread(stream, name, given)
        return
    faults = _Faults(name, "line")
    for number, raw in enumerate(lines_of(stream, name), 1):
        at = f"{name}:{number}"
        if not isinstance(raw, Failure) and not raw.strip():
            continue
        item = Failure(at, raw.cause) if isinstance(raw, Failure) else _line(raw, given, at)
        yield from faults.told(item)
    yield from faults.ended()


def _line(raw: bytes, given: Mapping[str, str] | None, at: str) -> Draft | Failure:
    try:
        row = json.loads(decode(raw))
    except (ValueError, RecursionError) as error:
        return Failure(at, f"no JSON: {str(error)[:120]}")
    return _row(row, given, at, "jsonl", raw.strip()) if isinstance(row, dict) else Failure(at, "no JSON object")


def _is_spread(head: bytes) -> bool:
    """Whether a JSON file is one value and not one value a line: a list, or an object spread over lines."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        return True
    first, _, rest = head.partition(b"\n")
    if not rest.strip():
        return False
    try:
        json.loads(decode(first))
    except (ValueError, RecursionError):
        return first.strip() == b"{" or rest.lstrip()[:1] == b'"'
    return False


def _spread(stream: BinaryIO, name: str, given: Mapping[str, str] | None) -> Iterator[Draft | Failure]:
    data = whole(stream, name)
    try:
        value = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        yield Failure(name, f"no JSON lines, and no JSON as a whole: {str(error)[:120]}")
        return
    rows = value if isinstance(value, list) else [value]
    objects = [row for row in rows if isinstance(row, dict)]
    if not objects:
        yield Failure(name, "no JSON object in it")
        return
    if len(rows) == 1:
        yield _row(objects[0], given, name, "jsonl", data.strip())
        return
    yield from _rows(objects, name, "jsonl", given)


def _row(row: Mapping[str, Any], given: Mapping[str, str] | None, at: str, kind: str, raw: bytes) -> Draft | Failure:
    try:
        columns = mapping(list(row), given)
    except ValueError as error:
        return Failure(at, str(error))
    if "text" not in columns:
        return Failure(at, f"no column of text among {', '.join(map(str, list(row)[:12]))}; name it with --text")
    return _draft(row, columns, at, kind, raw)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _rows(
    rows: Iterable[Mapping[str, Any]], name: str, kind: str, given: Mapping[str, str] | None, first: int = 1
) -> Iterator[Draft | Failure]:
    faults = _Faults(name, "row")
    for number, row in enumerate(rows, first):
        row = {k: _plain(v) for k, v in row.items()}
        raw = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "replace")
        item = _row(row, given, f"{name}:{number}", kind, raw)
        yield from faults.told(item)
    yield from faults.ended()


def read_parquet(stream: BinaryIO, name: str, given: Mapping[str, str] | None = None) -> Iterator[Draft | Failure]:
    """Yields one article for each row of a Parquet file. Loads only the columns needed."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(stream)
        columns = mapping(file.schema_arrow.names, given)
        if "text" not in columns:
            raise ValueError(f"no column of text among {', '.join(file.schema_arrow.names[:12])}; name it with --text")
        rows = (
            row for batch in file.iter_batches(256, columns=sorted(set(columns.values()))) for row in batch.to_pylist()
        )
        yield from _rows(rows, name, "parquet", given)
    except ValueError as error:
        yield Failure(
            name,
            str(error) if not isinstance(error, pyarrow.ArrowException) else f"damaged Parquet: {str(error)[:120]}",
        )
    except (pyarrow.ArrowException, OSError) as error:
        yield Failure(name, f"damaged Parquet: {str(error)[:120]}")


def read_sheet(data: BinaryIO, name: str, given: Mapping[str, str] | None = None) -> Iterator[Draft | Failure]:
    """Yields one article for each row of the first sheet of an Excel workbook; its first row names the columns."""
    if told := missing("office", "a workbook"):
        yield Failure(name, told)
        return
    import openpyxl

    try:
        book = openpyxl.load_workbook(data, read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        names = [str(n) if n is not None else f"column {i}" for i, n in enumerate(next(rows, ()), 1)]
        yield from _rows(
            (dict(zip(names, row)) for row in rows if any(v is not None for v in row)), name, "sheet", given, 2
        )
    except Exception as error:  # openpyxl passes on every error of ZIP and XML
        yield Failure(name, f"damaged workbook: {str(error)[:120]}")


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


def read_csv(stream: BinaryIO, name: str, given: Mapping[str, str] | None = None) -> Iterator[Draft | Failure]:
    """Yields one article for each row; the header names the columns."""
    csv.field_size_limit(LONGEST_ROW)
    faults: list[Failure] = []

    def lines() -> Iterator[str]:
        for line in lines_of(stream, name):
            if isinstance(line, Failure):
                faults.append(line)
            else:
                yield decode(line)

    source = lines()
    head = next(source, "")
    reader = csv.DictReader(itertools.chain([head], source), delimiter=_dialect(head))
    try:
        columns = mapping(list(reader.fieldnames or []), given)
    except ValueError as error:
        yield Failure(name, str(error))
        return
    if "text" not in columns:
        yield Failure(
            name, f"no column of text among {', '.join(list(reader.fieldnames or [])[:12])}; name it with --text"
        )
        return
    rows = enumerate(reader, 2)
    while True:
        try:
            number, row = next(rows)
        except StopIteration:
            yield from faults
            return
        except csv.Error as error:
            yield Failure(name, f"damaged table: {error}")
            return
        if surplus := row.pop(None, None):
            yield Failure(
                f"{name}:{number}",
                f"{len(surplus)} more field{'s' * (len(surplus) != 1)} than the header names: a delimiter "
                "that is not quoted?",
            )
            continue
        raw = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "replace")
        yield _draft(row, columns, f"{name}:{number}", "csv", raw)
