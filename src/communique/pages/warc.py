"""Web archives: every HTML response in a WARC file.

Archives of a day's news are damaged in places: truncated gzip members, records with a wrong length, stray bytes.
Everything that can be recognised is read. A damaged record is a `Failure`, and reading goes on at the beginning of the
next record.
"""

from __future__ import annotations

import io
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Literal

from .._limit import LIMIT, TookTooLong, limited, too_long
from ..schema import Failure, PageError
from .draft import Draft
from .html import read_html
from .stream import CHUNK, GZIP, RATIO, SLACK, peek, unpacked

LARGEST = 20_000_000  # bytes of one record
_HEADERS = 64_000  # most bytes of a record's header
MEMBER = GZIP + b"\x08"
_BEGIN = b"WARC/1."
_WITHIN = b"\r\n\r\n" + _BEGIN  # the beginning of a record that follows another
_NEXT = re.compile(rb"WARC/1\.\d\r\n")
_SPAN = 10  # bytes that `_NEXT` matches
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\S*)[ \t]*\r?$")
_TYPE = re.compile(rb"(?im)^warc-type:[ \t]*(\S+)")
_ID = re.compile(rb"(?im)^warc-record-id:[ \t]*<?([^>\s]+)")


class _End:
    """A place in the stream that no record crosses: the end of a compressed member, or damage (`cause`)."""

    def __init__(self, cause: str | None = None) -> None:
        self.cause = cause


def _members(stream: BinaryIO) -> Iterator[bytes | _End]:
    """Yields the content of a gzip file member by member. After damage, skips to the next member."""
    data, at = stream.read(CHUNK), 0
    while data:
        if not data.startswith(MEMBER):
            found = data.find(MEMBER, 1)
            if found < 0 and (more := stream.read(CHUNK)):
                at, data = at + len(data) - 2, data[-2:] + more
                continue
            skipped = data if found < 0 else data[:found]
            if skipped.strip(b"\0"):
                yield _End(f"damaged gzip: bytes at {at} belong to no member")
            if found < 0:
                return
            data, at = data[found:], at + found
        engine, seen, dropped, given = zlib.decompressobj(31), bytearray(data), 0, 0
        try:
            while not engine.eof:
                if not data:
                    data = stream.read(CHUNK)
                    if not data:
                        raise zlib.error("it ends before its time")
                    seen += data
                    if len(seen) > LARGEST:
                        dropped += len(seen) - CHUNK
                        del seen[:-CHUNK]
                while data and not engine.eof:
                    out = engine.decompress(data, CHUNK)
                    data = engine.unconsumed_tail
                    given += len(out)
                    if given > RATIO * (dropped + len(seen)) + SLACK:
                        raise zlib.error("it unpacks to far more than its size")
                    if out:
                        yield out
            yield _End()
            rest = engine.unused_data
            at += dropped + len(seen) - len(rest)
            data = rest or stream.read(CHUNK)
        except zlib.error as error:
            yield _End(f"damaged gzip at byte {at}: {error}")
            found = seen.find(MEMBER, 1)
            tail = bytes(seen[found:] if found > 0 else seen[-2:])
            more = b"" if found > 0 else stream.read(CHUNK)
            at += dropped + len(seen) - len(tail)
            data = tail + more if found > 0 or more else b""


def _plain(stream: BinaryIO) -> Iterator[bytes | _End]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _swallows(buffer: bytearray, start: int, end: int) -> bool:
    """Whether a record's content holds the beginning of another record with a complete header."""
    at = buffer.find(_WITHIN, start, end)
    while at >= 0:
        stop = buffer.find(b"\r\n\r\n", at + 4, min(end, at + 4 + _HEADERS))
        head = bytes(buffer[at + 4 : stop + 2])
        if stop > 0 and _NEXT.match(head) and _TYPE.search(head) and _LENGTH.search(head):
            return True
        at = buffer.find(_WITHIN, at + 1, end)
    return False


def records(chunks: Iterator[bytes | _End]) -> Iterator[tuple[int, bytes, str | None]]:
    """Yields records as `(place in the unpacked archive, bytes, None)`, and anything else as `(place, its header or
    nothing, cause)`.
    """
    buffer, base, ended, over = bytearray(), 0, None, False

    def fill(size: int) -> bool:
        nonlocal ended, over
        while len(buffer) < size and ended is None and not over:
            chunk = next(chunks, None)
            if chunk is None:
                over = True
            elif isinstance(chunk, _End):
                ended = chunk
            else:
                buffer.extend(chunk)
        return len(buffer) >= size

    def drop(size: int) -> None:
        nonlocal base
        base += size
        del buffer[:size]

    def resume() -> None:
        """Skips to the next record of this segment, or to the end of the segment if there is none."""
        found = _NEXT.search(buffer, 1)
        while found is None:
            if not fill(len(buffer) + 1):
                drop(len(buffer))
                return
            if len(buffer) > 4 * CHUNK:
                drop(len(buffer) - CHUNK - _SPAN)
            found = _NEXT.search(buffer, max(1, len(buffer) - CHUNK - _SPAN))
        drop(found.start())

    while True:
        fill(_HEADERS)
        blank = len(buffer) - len(buffer.lstrip(b"\r\n"))
        if blank:
            drop(blank)
            fill(_HEADERS)
        if not buffer:
            if ended is not None:
                if ended.cause:
                    yield base, b"", ended.cause
                ended = None
                continue
            return
        here = base
        if not buffer.startswith(_BEGIN):
            yield here, b"", f"damaged archive: no record begins at byte {here}"
            resume()
            continue
        split = buffer.find(b"\r\n\r\n")
        if split < 0 or split > _HEADERS:
            yield here, b"", "damaged record: its header does not end"
            resume()
            continue
        header = bytes(buffer[: split + 2])
        stated = _LENGTH.search(header)
        if stated is None or not stated[1].isdigit():
            yield here, header, "damaged record: it states no length"
            resume()
            continue
        size = split + 4 + int(stated[1])
        if size > LARGEST + _HEADERS:
            yield here, header, f"record of {int(stated[1]):,} bytes: not read"
            resume()
            continue
        complete = fill(size)
        fill(size + 4 + _SPAN)
        if not complete:
            cause = ended.cause if ended is not None and ended.cause else "its length is not what it says"
            yield here, header, f"damaged record: {cause}"
            if ended is not None:
                ended.cause = None
            resume()
            continue
        after = bytes(buffer[size : size + 4 + _SPAN])
        if (
            not after.startswith(b"\r\n\r\n")
            and after.strip(b"\r\n")
            and not after.lstrip(b"\r\n").startswith(_BEGIN[: len(after.lstrip(b"\r\n"))])
        ):
            yield here, header, "damaged record: its length is not what it says"
            resume()
            continue
        if _swallows(buffer, split + 4, size):
            yield here, header, "damaged record: its length is not what it says, for other records lie within it"
            resume()
            continue
        yield here, bytes(buffer[:size]), None
        drop(size)


def _timed(data: bytes, where: str, url: str | None, seconds: float) -> Draft:
    """Returns the article of a record's page, with the time it took. Raises `PageError`."""
    start = time.monotonic()
    try:
        with limited(seconds):
            draft = read_html(data, where, url)
    except TookTooLong:
        raise PageError(where, too_long(seconds)) from None
    return replace(draft, seconds=time.monotonic() - start)


def _response(data: bytes, decoding: Literal["all", "none"]) -> tuple[Any, bytes]:
    """Returns the response of a record and its body; `None` and no bytes if there is none."""
    from fastwarc.warc import ArchiveIterator

    source = io.BytesIO(data + b"\r\n\r\n")
    record = next(iter(ArchiveIterator(source, parse_http=True, auto_decode=decoding, quirks_mode=True)), None)
    return record, (record.reader.read(LARGEST) if record is not None else b"")


def _unzipped(body: bytes) -> bytes:
    """Returns a body unpacked, up to the largest record, if it is gzip although no header says so."""
    if not body.startswith(MEMBER):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, LARGEST)
    except zlib.error:
        return body


def read_warc(stream: BinaryIO, name: str, seconds: float = LIMIT) -> Iterator[Draft | Failure]:
    """Yields the articles of an archive in order. A record that cannot be read, or takes more than `seconds`, is a
    `Failure`, and reading goes on.
    """
    chunks = _members(stream) if peek(stream, 2) == GZIP else _plain(unpacked(stream, name)[0])
    for at, data, cause in records(chunks):
        identity = _ID.search(data[:_HEADERS])
        where = f"{name}#{identity[1].decode('ascii', 'replace') if identity else at}"
        kind = _TYPE.search(data[:_HEADERS])
        if cause is not None:
            if not data or kind is None or kind[1].lower() == b"response":
                yield Failure(where, cause)
            continue
        if kind is None or kind[1].lower() != b"response":
            continue
        split = data.find(b"\r\n\r\n")
        if data[split + 4 : split + 9] == b"HTTP/" and b"application/http" not in data[:split].lower():
            data = data[:split] + b"\r\nContent-Type: application/http; msgtype=response" + data[split:]
        try:
            try:
                record, body = _response(data, "all")
            except PageError:
                raise
            except Exception:  # the header states an encoding that was already undone when the body was stored
                record, body = _response(data, "none")
                body = _unzipped(body)
            if record is None:
                yield Failure(where, "damaged record: no response in it")
                continue
            form = (record.http_content_type or "").lower() if record.is_http else ""
            if form and "html" not in form:
                continue
            status = record.http_headers.status_code if record.is_http and record.http_headers else None
            if status is not None and status >= 300:
                if status >= 400:
                    yield Failure(where, f"no page was served: HTTP status {status}")
                continue
            yield _timed(_unzipped(body), where, record.headers.get("WARC-Target-URI"), seconds)
        except PageError as error:
            yield Failure(where, error.cause)
        except Exception as error:  # fastwarc raises errors of many kinds on damaged records
            yield Failure(where, f"damaged record: {str(error)[:160]}")
