"""Writes POLECAT and GDELT tables as tab-separated files that common programs read, one line a row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .gdelt import gdelt_events, gdelt_mentions
from .polecat import POLECAT_COLUMNS, polecat
from .tables import clean


def _write(path: Path, lines: Iterable[Sequence[str]], header: Sequence[str] | None = None) -> int:
    """Writes tab-separated rows, quoting fields with quotation marks. Returns the number of rows without the header."""
    count = 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        if header:
            table.writerow(header)
        for line in lines:
            table.writerow([clean(value) for value in line])
            count += 1
    return count


def write_polecat(
    events: Iterable[dict[str, Any]], articles: dict[str, dict[str, Any]], version: str, output: Path
) -> int:
    """Writes one row an event under POLECAT's header. Returns the number of rows."""
    return _write(output, polecat(events, articles, version), POLECAT_COLUMNS)


def write_gdelt(
    events: Sequence[dict[str, Any]],
    accounts: Mapping[str, dict[str, Any]],
    articles: dict[str, dict[str, Any]],
    output: Path,
) -> int:
    """Writes GDELT's Events (one row a dyad, no header) and a file of Mentions beside it. Returns the number of event
    rows.
    """
    count = _write(output, gdelt_events(events, articles))
    mentions = output.with_name(f"{output.stem}.mentions{output.suffix}")
    _write(mentions, gdelt_mentions(events, dict(accounts), articles))
    return count
