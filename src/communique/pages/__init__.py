"""Pages: bytes to articles. The format of a page is detected by its content, not by its name."""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from .._limit import LIMIT, TookTooLong, limited, too_long
from ..schema import Failure, PageError
from .archive import DEEPEST, in_tar, in_zip, is_tar, is_zip, office_kind, seekable
from .decode import _TWICE, decode, is_binary, mended
from .draft import Draft
from .feed import is_feed, read_feed
from .html import read_html
from .language import NAMES, language_of
from .library import docx_lines, html_lines, is_rtf, layout_of, may_be, read_library, rtf_lines, without_layout
from .metadata import host_of
from .stream import CHUNK, peek, unpacked, whole
from .table import is_table, read_csv, read_jsonl, read_parquet, read_sheet
from .text import SHORTEST as SENTENCE
from .text import read_plain
from .warc import read_warc

__all__ = ["Draft", "drafts", "host_of", "kind_of", "language_of", "opened"]

_HEAD = 1 << 16
SHORTEST = 6  # words; a shorter text is not an article
_HTML = re.compile(rb"(?is)<(?:!doctype\s+html|html|head|body|article|div|p|h1|meta|title)[\s>]")


def kind_of(head: bytes, columns: Mapping[str, str] | None = None) -> str:
    """Returns the format of a file by its first bytes (64 KB or fewer)."""
    if head[:5] == b"WARC/":
        return "warc"
    if head[:4] == b"PAR1":
        return "parquet"
    if is_zip(head):
        return "zip"
    if is_tar(head):
        return "tar"
    if is_rtf(head):
        return "rtf"
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb'(?:\[\s*+)?\{\s*+"', start):
        return "jsonl"
    if is_feed(head[:8192]):
        return "feed"
    if start[:1] == b"<" or _HTML.search(start):
        return "html"
    if is_table(decode(head), columns):
        return "csv"
    return "text"


@dataclass(frozen=True, slots=True)
class _How:
    """How to read files: the columns of tables, and the time limit for a page in seconds."""

    columns: Mapping[str, str] | None
    seconds: float


def _timed(items: Iterator[Draft | Failure], name: str, seconds: float) -> Iterator[Draft | Failure]:
    """Yields the articles of one page, each with the time it took. One that takes too long is a `Failure` and ends the
    page.
    """
    while True:
        start = time.monotonic()
        try:
            with limited(seconds):
                item = next(items, None)
        except TookTooLong:
            yield Failure(name, too_long(seconds))
            return
        if item is None:
            return
        yield replace(item, seconds=time.monotonic() - start) if isinstance(item, Draft) else item


def _foreign(language: str | None) -> str:
    return (
        f"the text is in {NAMES.get(language or '', language or 'another language')}: only English is read "
        "yet, because the model was trained on English alone"
    )


def _checked(draft: Draft | Failure) -> Draft | Failure:
    """Returns the draft, with double encoding repaired, or a `Failure` if it is not English or has only a few words."""
    if isinstance(draft, Failure):
        return draft
    if any(map(_TWICE.search, (draft.title or "", *draft.paragraphs))):
        told = [mended(t) if t else t for t in (draft.title, draft.byline, draft.publisher)]
        draft = replace(
            draft, title=told[0], byline=told[1], publisher=told[2], paragraphs=tuple(map(mended, draft.paragraphs))
        )
    text = " ".join(draft.paragraphs)
    words = len(text.split())
    language = language_of(f"{draft.title or ''} {text}")
    if language not in (None, "en"):
        return Failure(draft.name, _foreign(language))
    if words < (SENTENCE if draft.format == "text" and len(draft.paragraphs) == 1 else SHORTEST):
        return Failure(draft.name, f"no article: {words} word{'s' * (words != 1)} of text")
    return draft


def drafts(
    data: bytes | BinaryIO,
    name: str,
    url: str | None = None,
    columns: Mapping[str, str] | None = None,
    seconds: float = LIMIT,
) -> Iterator[Draft | Failure]:
    """Yields the articles of one file in order, each a `Draft` or a `Failure` that names the page and the cause.

    `data` is the file's bytes or a stream of them. Files of many articles are read as a stream, never held as a whole.
    A page that takes longer than `seconds` is a `Failure`.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    yield from _guarded(stream, name, url, _How(columns, seconds), 0)


def _guarded(stream: BinaryIO, name: str, url: str | None, how: _How, depth: int) -> Iterator[Draft | Failure]:
    try:
        yield from _articles(stream, name, url, how, depth)
    except PageError as error:
        yield Failure(error.page, error.cause)
    except RecursionError:
        yield Failure(name, "nested too deeply")
    except OSError as error:
        yield Failure(name, error.strerror or str(error))
    except Exception as error:  # an unforeseen error of a library must not lose the other files
        yield Failure(name, f"could not be read: {type(error).__name__}: {str(error)[:160]}")


def _articles(packed: BinaryIO, name: str, url: str | None, how: _How, depth: int) -> Iterator[Draft | Failure]:
    if depth > DEEPEST:
        raise PageError(name, f"more than {DEEPEST} archives one within another: not read")
    stream, packing = unpacked(packed, name)
    if packing == "gzip" and packed.seekable():
        # The members of a compressed web archive are unpacked one by one, so that damage loses only one of them.
        try:
            web = peek(stream, 5) == b"WARC/"
        except PageError:
            web = name.lower().endswith(".warc.gz")
        packed.seek(0)
        stream = packed if web else unpacked(packed, name)[0]
        if web:
            yield from map(_checked, read_warc(stream, name, how.seconds))
            return
    head = peek(stream, _HEAD)
    if not head.strip():
        head = whole(stream, name)
        if not head.strip():
            raise PageError(name, "empty")
        stream = io.BytesIO(head)
    kind = kind_of(head, how.columns)
    if kind == "warc":
        yield from map(_checked, read_warc(stream, name, how.seconds))
    elif kind in ("zip", "tar"):
        yield from _archived(stream, kind, name, how, depth)
    elif kind == "parquet":
        rows = read_parquet(seekable(stream, name), name, how.columns)
        yield from _timed(map(_checked, rows), name, how.seconds)
    elif is_binary(head):
        raise PageError(name, "binary data, no text")
    elif kind in ("jsonl", "csv") and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from map(_checked, (read_jsonl if kind == "jsonl" else read_csv)(stream, name, how.columns))
    else:
        yield from _timed(_page(whole(stream, name), kind, name, url, how.columns), name, how.seconds)


def _archived(stream: BinaryIO, kind: str, name: str, how: _How, depth: int) -> Iterator[Draft | Failure]:
    if kind == "zip":
        file = seekable(stream, name)
        office = office_kind(file)
        file.seek(0)
        if office == "docx":
            yield from _timed(_word(whole(file, name), name), name, how.seconds)
            return
        if office == "xlsx":
            yield from _timed(map(_checked, read_sheet(file, name, how.columns)), name, how.seconds)
            return
        found = in_zip(file, name)
    else:
        found = in_tar(stream, name)
    for item in found:
        if isinstance(item, Failure):
            yield item
            continue
        where, inner = item
        yield from _guarded(inner, where, None, how, depth + 1)


def _word(data: bytes, name: str) -> Iterator[Draft | Failure]:
    yield from _document(docx_lines(data, name), data, name, "docx")


def _document(lines: list[str], data: bytes, name: str, form: str) -> Iterator[Draft | Failure]:
    """Yields the articles of a news database download, or the one article of any other document."""
    layout = layout_of(lines)
    if layout is not None:
        yield from map(_checked, read_library(lines, layout, name, form))
        return
    try:
        draft = read_plain(without_layout(lines).encode(), name)
    except PageError as error:
        yield Failure(error.page, error.cause)
        return
    yield _checked(replace(draft, format=form, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data)))


def _page(
    data: bytes, kind: str, name: str, url: str | None, columns: Mapping[str, str] | None
) -> Iterator[Draft | Failure]:
    """Yields the articles of a text file held as a whole: one article, or a download of several."""
    try:
        if kind in ("jsonl", "csv"):
            stream = io.BytesIO(decode(data).encode())
            yield from map(_checked, (read_jsonl if kind == "jsonl" else read_csv)(stream, name, columns))
        elif kind == "feed":
            yield from map(_checked, read_feed(data, name))
        elif kind == "rtf":
            yield from _document(rtf_lines(data, name), data, name, "rtf")
        elif may_be(data) and (
            layout := layout_of(lines := html_lines(data, name) if kind == "html" else decode(data).split("\n"))
        ):
            yield from map(_checked, read_library(lines, layout, name, kind))
        elif kind == "html":
            yield _checked(read_html(data, name, url))
        else:
            yield _checked(read_plain(data, name, url))
    except PageError as error:
        language = (
            language_of(re.sub(r"<[^<>]*>", " ", decode(data[:100_000])))
            if error.cause.startswith("no article")
            else None
        )
        yield Failure(error.page, _foreign(language) if language not in (None, "en") else error.cause)


def opened(path: str | Path) -> BinaryIO:
    """Opens a file for reading. Raises `PageError` with the cause if it cannot be opened."""
    try:
        if Path(path).is_dir():
            raise PageError(str(path), "is a folder")
        return open(path, "rb", buffering=CHUNK)
    except FileNotFoundError:
        raise PageError(str(path), "no such file") from None
    except OSError as error:
        raise PageError(str(path), error.strerror or str(error)) from None
