"""Decodes bytes to text: by byte order mark, UTF-8, the declared encoding, or detection."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_DECLARED = re.compile(
    rb"""(?i)<meta[^<>]+charset\s*+=\s*+["']?\s*+([\w-]+)|<\?xml[^<>]+encoding\s*+=\s*+["']([\w-]+)"""
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOK = 200_000


def is_binary(data: bytes) -> bool:
    """Whether the bytes are not text: zero bytes without a byte order mark, or more than 5% control characters."""
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return False
    head = data[:4096]
    if b"\x00" in head:
        return True
    return sum(b < 32 and b not in b"\t\n\r\f\x1b" for b in head) > len(head) / 20


def decode(data: bytes) -> str:
    """Returns the text of a page. Invalid bytes become U+FFFD; none is dropped silently."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _clean(data.decode(encoding, "replace"))
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        broken = error
    declared = _DECLARED.search(data[:8192])
    if declared:
        name = (declared[1] or declared[2]).decode("ascii", "replace").lower()
        name = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)
        try:
            if name not in ("utf-8", "utf8"):
                return _clean(data.decode(name))
        except (LookupError, UnicodeDecodeError):
            pass
    # A page of UTF-8 with a few invalid bytes is read as UTF-8.
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 200 < len(text) or broken.start > 0.9 * len(data):
        return _clean(text)
    best = from_bytes(data[:_LOOK]).best()
    return _clean(data.decode(best.encoding, "replace") if best else data.decode("cp1252", "replace"))


_TWICE = re.compile(r"â€|Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ¡-¿]|Â[\u0080-\u00bf]|ðŸ")


def mended(text: str) -> str:
    """Returns a line with double encoding repaired: UTF-8 read in another encoding and encoded again ("â€™")."""
    if not _TWICE.search(text) or len(text) > LONGEST_LINE:
        return text
    import ftfy

    return str(ftfy.fix_encoding(text))


LONGEST_LINE = 100_000  # characters: a paragraph is shorter

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def _clean(text: str) -> str:
    """Returns text with line ends unified. Control characters and lone surrogates become U+FFFD, which every later step
    can handle.
    """
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
