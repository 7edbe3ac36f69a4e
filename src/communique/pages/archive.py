"""ZIP and tar archives. Each file in them is a page or a file of many; nothing is unpacked to disk."""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from ..schema import Failure, PageError
from .stream import LARGEST_PAGE, RATIO, SLACK

MOST = 2_000_000  # files in one archive
DEEPEST = 3  # archives within archives
# Output bytes for an input byte, over all files of an archive. A few files may be compressed far better than news
# pages, but not all of them.
WHOLE_RATIO, WHOLE_SLACK = 60, 1 << 21
# The errors that zipfile and tarfile raise on damage: their own, and those of other libraries.
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    NotImplementedError,
    RuntimeError,
)


class _Bounded(io.RawIOBase):
    """A file of an archive. Raises `PageError` if it has more than `most` bytes."""

    def __init__(self, inner: BinaryIO, most: int, name: str) -> None:
        self._inner, self._left, self._name = inner, most, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data = self._inner.read(len(view))
        except _DAMAGE as error:
            raise PageError(self._name, f"damaged archive: {error}") from None
        self._left -= len(data)
        if self._left < 0:
            raise PageError(self._name, "unpacks to far more than its size: not read")
        view[: len(data)] = data
        return len(data)


def _refused(path: str) -> str | None:
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or path[1:2] == ":":
        return "its path leads outside the archive: refused"
    return None


def _hidden(path: str) -> bool:
    parts = path.split("/")
    return any(p.startswith(".") and p not in (".", "..") for p in parts) or "__MACOSX" in parts


def is_zip(head: bytes) -> bool:
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


_LOCAL = 30  # bytes of the fixed part of a file's local header


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether two entries of a directory share bytes, so that the same bytes would be read many times."""
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + _LOCAL + entry.compress_size
    return False


def in_zip(stream: BinaryIO, name: str) -> Iterator[tuple[str, BinaryIO] | Failure]:
    """Yields the files of a ZIP archive by name, in its order; one that cannot be read is a `Failure`."""
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGE as error:
        yield Failure(name, f"damaged archive: {error}")
        return
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST:
            yield Failure(name, f"{len(entries):,} files in one archive: not read")
            return
        if _overlap(entries):
            yield Failure(name, "files of this archive share bytes of it: not read")
            return
        left = WHOLE_RATIO * stream.seek(0, io.SEEK_END) + WHOLE_SLACK
        for entry in entries:
            where = f"{name}!{entry.filename}"
            if entry.is_dir() or _hidden(entry.filename):
                continue
            if refusal := _refused(entry.filename):
                yield Failure(where, refusal)
                continue
            if entry.flag_bits & 1:
                yield Failure(where, "is encrypted")
                continue
            # A file is unpacked only up to the size that the directory states.
            if entry.file_size > min(RATIO * entry.compress_size + SLACK, left):
                yield Failure(where, "unpacks to far more than its size: not read")
                continue
            left -= entry.file_size
            try:
                with archive.open(entry) as inner:
                    yield where, io.BufferedReader(_Bounded(cast(BinaryIO, inner), entry.file_size, where), 1 << 18)
            except _DAMAGE as error:
                yield Failure(where, f"damaged archive: {error}")


def in_tar(stream: BinaryIO, name: str) -> Iterator[tuple[str, BinaryIO] | Failure]:
    """Yields the files of a tar archive by name, in its order; one that cannot be read is a `Failure`."""
    count = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                count += 1
                if count > MOST:
                    yield Failure(name, f"more than {MOST:,} files in one archive: the rest is not read")
                    return
                where = f"{name}!{entry.name}"
                if entry.isdir() or _hidden(entry.name):
                    continue
                if refusal := _refused(entry.name):
                    yield Failure(where, refusal)
                    continue
                inner = archive.extractfile(entry) if entry.isreg() else None
                if inner is None:
                    yield Failure(where, "is a link or a device: refused")
                    continue
                yield where, io.BufferedReader(_Bounded(cast(BinaryIO, inner), max(entry.size, 0) + 1, where), 1 << 18)
    except PageError as error:
        yield Failure(error.page, error.cause)
    except _DAMAGE as error:
        yield Failure(name, f"damaged archive: {error}")


def seekable(stream: BinaryIO, name: str) -> BinaryIO:
    """Returns the stream if it is seekable, else its content in memory. Raises `PageError` above `LARGEST_PAGE`."""
    if stream.seekable():
        return stream
    data = stream.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise PageError(name, f"an archive of more than {LARGEST_PAGE // 1_000_000} MB within another: unpack it first")
    return io.BytesIO(data)


def office_kind(stream: BinaryIO) -> str | None:
    """Returns `docx` or `xlsx` if a ZIP archive is an office document, else `None`."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except _DAMAGE:
        return None
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None
