"""Publication days that the user gives for pages without one: in a table of files, or in the file names."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from .pages import Draft
from .times import parse_day

_IN_NAME = re.compile(r"(?<!\d)(?:(\d{4})([-_.]?)(\d\d)\2(\d\d)|(\d\d)([-_.])(\d\d)\6(\d{4}))(?!\d)")
FILE = ("file", "page", "name", "path")
DAY = ("published", "date", "day")


@dataclass(frozen=True)
class Dating:
    """Assigns publication days to drafts.

    `given` maps a file, by its path or by its name alone, to a day. Such a day overrides what the page states; a day
    from a file name (`by_name`) does not.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = False

    def dated(self, draft: Draft, file: Path) -> Draft:
        inner = Path(draft.name.partition("#")[0]).name  # of a file within an archive
        day = next((self.given[n] for n in (str(file), inner, file.name) if n in self.given), None)
        if day is None and self.by_name and draft.published is None:
            day = day_in_name(inner) or day_in_name(file.name)
        return draft if day is None else replace(draft, published=day, basis="given")


def day_in_name(name: str) -> str | None:
    """Returns the one day that a file name holds: "2024-02-05", "20240205" or, if unambiguous, "25-02-2024". Returns
    `None` if the name holds no day or several.
    """
    found = set()
    for m in _IN_NAME.finditer(name):
        if m[1]:
            options = {(int(m[1]), int(m[3]), int(m[4]))}
        else:
            a, b, year = int(m[5]), int(m[7]), int(m[8])
            options = {(year, b, a), (year, a, b)}
        days = set()
        for option in options:
            try:
                days.add(date(*option))
            except ValueError:
                continue
        if len(days) > 1:
            return None
        found |= {d for d in days if 1800 <= d.year <= 2200}
    return found.pop().isoformat() if len(found) == 1 else None


def table_of_days(path: str) -> dict[str, str]:
    """Returns days by file from a CSV with a column for the file and one for the day.

    Raises `ValueError` with the line number and the cause.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {getattr(error, 'strerror', None) or 'is no UTF-8 text'}") from None
    rows = csv.DictReader(text.splitlines(), delimiter="\t" if "\t" in text.partition("\n")[0] else ",")
    names = {(n or "").strip().lower(): n for n in rows.fieldnames or ()}
    file, day = (next((names[n] for n in wanted if n in names), None) for wanted in (FILE, DAY))
    if file is None or day is None:
        missing = "file" if file is None else "published"
        raise ValueError(f"{path}: no column '{missing}' (it has {', '.join(names) or 'none'})")
    found: dict[str, str] = {}
    for row in rows:
        stated, name = (row[day] or "").strip(), (row[file] or "").strip()
        days = parse_day(stated) if stated else None
        if not name or days is None or days[0] != days[1]:
            raise ValueError(f"{path}:{rows.line_num}: '{stated}' is not a day (YYYY-MM-DD) for '{name}'")
        found[name] = days[0]
    return found
