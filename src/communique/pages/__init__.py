"""Pages: bytes to articles. What a page is, is decided by its content, not by its name."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..schema import Failure, PageError
from .decode import decode, is_binary
from .draft import Draft
from .html import read_html
from .language import NAMES, language_of
from .table import is_table, read_csv, read_jsonl
from .text import read_plain
from .warc import read_warc

__all__ = ["Draft", "drafts", "kind_of", "language_of"]

LARGEST = 2_000_000_000  # bytes of a file of many articles, unpacked
SHORTEST = 6  # words; less is no article
_HTML = re.compile(rb"(?is)<(?:!doctype\s+html|html|head|body|article|div|p|h1|meta|title)[\s>]")


def unpack(data: bytes, name: str) -> bytes:
    """The content of a gzip file, within a bound."""
    if data[:2] != b"\x1f\x8b":
        return data
    out = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while chunk := file.read(1 << 20):
                out += chunk
                if len(out) > LARGEST or len(out) > 200 * len(data) + (1 << 24):
                    raise PageError(name, "unpacks to far more than its size: not read")
    except (OSError, EOFError, zlib.error) as error:
        raise PageError(name, f"damaged gzip: {error}") from None
    return bytes(out)


def kind_of(data: bytes, columns: Mapping[str, str] | None = None) -> str:
    """`warc`, `jsonl`, `csv`, `html` or `text`."""
    if data[:5] == b"WARC/":
        return "warc"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"{" and re.match(rb'\{\s*"', head):
        return "jsonl"
    if head[:1] == b"<" or _HTML.search(head):
        return "html"
    if is_table(decode(data[:65536]), columns):
        return "csv"
    return "text"


def _foreign(language: str | None) -> str:
    return f"the text is in {NAMES.get(language or '', language or 'another language')}: only English is read yet, because the model was trained on English alone"


def _checked(draft: Draft | Failure) -> Draft | Failure:
    """A draft that can be read: English, and more than a few words."""
    if isinstance(draft, Failure):
        return draft
    text = " ".join(draft.paragraphs)
    words = len(text.split())
    language = language_of(f"{draft.title or ''} {text}")
    if language not in (None, "en"):
        return Failure(draft.name, _foreign(language))
    if words < SHORTEST:
        return Failure(draft.name, f"no article: {words} word{'s' * (words != 1)} of text")
    return draft


def drafts(data: bytes, name: str, url: str | None = None, columns: Mapping[str, str] | None = None) -> Iterator[Draft | Failure]:
    """The articles of one file in order, each a `Draft` or a `Failure` that names the page and the cause."""
    try:
        if not data.strip():
            raise PageError(name, "empty")
        data = unpack(data, name)
        kind = kind_of(data, columns)
        if kind == "warc":
            yield from map(_checked, read_warc(data, name))
        elif is_binary(data):
            raise PageError(name, "binary data, no text")
        elif kind == "jsonl":
            yield from map(_checked, read_jsonl(decode(data), name, columns))
        elif kind == "csv":
            yield from map(_checked, read_csv(decode(data), name, columns))
        elif kind == "html":
            yield _checked(read_html(data, name, url))
        else:
            yield _checked(read_plain(data, name, url))
    except PageError as error:
        language = language_of(re.sub(r"<[^>]*>", " ", decode(data[:100_000]))) if error.cause.startswith("no article") else None
        yield Failure(error.page, _foreign(language) if language not in (None, "en") else error.cause)
    except RecursionError:
        yield Failure(name, "nested too deeply")


def load(path: str | Path) -> bytes:
    """The bytes of a file. Raises `PageError` that says why there are none."""
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise PageError(str(path), "no such file") from None
    except IsADirectoryError:
        raise PageError(str(path), "is a folder") from None
    except OSError as error:
        raise PageError(str(path), error.strerror or str(error)) from None
