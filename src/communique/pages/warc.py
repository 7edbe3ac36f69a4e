"""Web archives: every response of HTML in a WARC file."""

from __future__ import annotations

import io
from collections.abc import Iterator

from ..schema import Failure, PageError
from .draft import Draft
from .html import read_html

LARGEST = 20_000_000  # bytes of one record


def read_warc(data: bytes, name: str) -> Iterator[Draft | Failure]:
    """The articles of an archive in order; a record that cannot be read is a `Failure` and the rest goes on."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    records = iter(ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response, parse_http=True))
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except Exception as error:  # fastwarc's errors on damaged archives are of many kinds
            yield Failure(name, f"damaged archive: {error}")
            return
        at = f"{name}#{record.record_id or record.stream_pos}"
        kind = (record.http_content_type or "").lower() if record.is_http else ""
        if kind and "html" not in kind:
            continue
        try:
            content = record.reader.read(LARGEST)
            yield read_html(content, at, record.headers.get("WARC-Target-URI"))
        except PageError as error:
            yield Failure(at, error.cause)
        except Exception as error:
            yield Failure(at, f"damaged record: {error}")
