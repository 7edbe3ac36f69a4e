"""Files as streams, decompressed while they are read, within limits, so that no file must fit in memory."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from ..schema import PageError

CHUNK = 1 << 18
RATIO = 200  # output bytes for an input byte; no compressed text reaches it
SLACK = 1 << 24
LARGEST_PAGE = 100_000_000  # bytes of one page, unpacked
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Unpacked(io.RawIOBase):
    """The content of a gzip or Zstandard stream. Raises `PageError` if it is damaged or unpacks to far more than its
    size.
    """

    def __init__(self, packed: BinaryIO, kind: str, name: str) -> None:
        self._packed, self._name, self._kind = packed, name, kind
        self._read_in = self._given = 0
        self._rest = b""
        self._chunks = self._gunzip() if kind == "gzip" else self._unzstd()

    def readable(self) -> bool:
        return True

    def _more(self) -> bytes:
        data = self._packed.read(CHUNK)
        self._read_in += len(data)
        return data

    def _gunzip(self) -> Iterator[bytes]:
        engine, data = zlib.decompressobj(31), self._more()
        fresh = True
        while data:
            fresh = False
            yield engine.decompress(data, CHUNK)
            data = engine.unconsumed_tail
            while data and not engine.eof:
                yield engine.decompress(data, CHUNK)
                data = engine.unconsumed_tail
            if engine.eof:
                data = engine.unused_data or self._more()
                if not data.strip(b"\0"):
                    return
                engine, fresh = zlib.decompressobj(31), True
            else:
                data = self._more()
        if not fresh:
            raise zlib.error("it ends before its time")

    def _unzstd(self) -> Iterator[bytes]:
        import zstandard

        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
            self._packed, read_across_frames=True
        ) as reader:
            while chunk := reader.read(CHUNK):
                self._read_in = self._packed.tell() if self._packed.seekable() else self._read_in + CHUNK // RATIO + 1
                yield chunk

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as the stream goes, so that one look ahead is enough to detect the format."""
        filled = 0
        while filled < len(buffer):
            if not self._rest:
                try:
                    chunk = next(self._chunks, None)
                except PageError:
                    raise
                except Exception as error:  # errors of zlib and zstandard
                    if filled:
                        self._chunks = _raising(error)
                        break
                    raise PageError(self._name, f"damaged {self._kind}: {error}") from None
                if chunk is None:
                    break
                self._rest = chunk
                self._given += len(chunk)
                if self._given > RATIO * self._read_in + SLACK:
                    raise PageError(self._name, "unpacks to far more than its size: not read")
                continue
            size = min(len(buffer) - filled, len(self._rest))
            buffer[filled : filled + size] = self._rest[:size]
            self._rest = self._rest[size:]
            filled += size
        return filled


def _raising(error: Exception) -> Iterator[bytes]:
    raise error
    yield b""


def unpacked(stream: BinaryIO, name: str) -> tuple[BinaryIO, str | None]:
    """Returns a stream decompressed, and its compression ("gzip", "zstd", `None`). `stream` is buffered or seekable."""
    head = peek(stream, 4)
    kind = "gzip" if head[:2] == GZIP else "zstd" if head == ZSTD else None
    if kind is None:
        return stream, None
    return io.BufferedReader(Unpacked(stream, kind, name), CHUNK), kind


def peek(stream: BinaryIO, size: int) -> bytes:
    """Returns the next bytes of a stream without consuming them."""
    if isinstance(stream, io.BufferedReader):
        return stream.peek(size)[:size]
    at = stream.tell()
    data = stream.read(size)
    stream.seek(at)
    return data


def whole(stream: BinaryIO, name: str) -> bytes:
    """Returns all bytes of a stream that holds one page. Raises `PageError` above `LARGEST_PAGE`."""
    data = stream.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise PageError(name, f"too large: more than {LARGEST_PAGE // 1_000_000} MB in one page")
    return data
