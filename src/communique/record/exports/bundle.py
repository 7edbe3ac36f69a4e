"""A replication bundle: query, events, articles, reader versions and checksums; the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..answer import RecordError
from ..record import without_text

_README = (
    "Events of a record of Communiqué: events.jsonl has one a line, articles.jsonl the articles they stand in, "
    "bundle.json what was asked and checksums of both.\n"
)


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(r, ensure_ascii=False, sort_keys=True).encode() + b"\n" for r in rows)


def write_bundle(
    output: Path,
    query: dict[str, Any],
    events: Iterable[dict[str, Any]],
    articles: Iterable[dict[str, Any]],
    readers: Iterable[str],
    texts: bool = True,
) -> dict[str, Any]:
    """Writes a tar file and returns its manifest. Without `texts`, offsets stay and the SHA-256 of each article's text
    is given, so that owners of the text can restore it.
    """
    rows, pages = list(events), []
    for a in articles:
        digest = hashlib.sha256((a["text"] or "").encode("utf-8", "surrogatepass")).hexdigest()
        pages.append((a if texts else without_text(a)) | {"text_sha256": digest, "text": a["text"] if texts else None})
    if not texts:
        rows = [without_text(r) for r in rows]
    files = {"events.jsonl": _lines(rows), "articles.jsonl": _lines(pages), "README.txt": _README.encode()}
    manifest = {
        "format": "communique bundle 1",
        "query": query,
        "readers": sorted(readers),
        "events": len(rows),
        "articles": len(pages),
        "texts": texts,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    files["bundle.json"] = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(data), 0, 0o644
            tar.addfile(info, io.BytesIO(data))
    output.write_bytes(buffer.getvalue())
    return manifest


def read_bundle(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns manifest, events and articles of a bundle. Raises `RecordError` if damaged or a checksum differs."""
    try:
        with tarfile.open(path) as tar:
            files = {m.name: f.read() for m in tar.getmembers() if m.isfile() and (f := tar.extractfile(m))}
        manifest = json.loads(files["bundle.json"])
        for name, digest in manifest["sha256"].items():
            if hashlib.sha256(files[name]).hexdigest() != digest:
                raise RecordError(f"{path}: {name} is not what it was when the bundle was made")
        rows = [[json.loads(line) for line in files[name].splitlines()] for name in ("events.jsonl", "articles.jsonl")]
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        raise RecordError(f"{path}: is no bundle ({error})") from None
    return manifest, rows[0], rows[1]
