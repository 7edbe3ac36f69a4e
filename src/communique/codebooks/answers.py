"""People's answers about suggested sentences: examples with author and time, and the agreement of people."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._extras import MissingExtra, need
from .codebook import Codebook, CodebookError, Example


def answers_file(path: Path) -> Path:
    return path.with_name(f"{path.stem}.answers.jsonl")


def answer(
    path: str | Path, text: str, type: str, verdict: str, by: str, source: str | None = None, target: str | None = None
) -> dict[str, Any]:
    """Stores and returns one answer: a sentence is of a type (`yes`), is not (`no`), or is of none of the codebook's
    (`other`). Raises `ValueError` for another verdict or an answer without an author.
    """
    if verdict not in ("yes", "no", "other"):
        raise ValueError(f"'{verdict}' is no answer: yes, no, other")
    if not by.strip():
        raise ValueError("an answer says who gave it")
    path = Path(path)
    row = {
        "text": text,
        "type": type,
        "verdict": verdict,
        "by": by,
        "on": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source,
        "target": target,
    }
    file = answers_file(path / "codebook.toml" if path.is_dir() else path)
    with open(file, "a", encoding="utf-8") as out:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return row


def _read(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    rows, faults = [], []
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if (
                not isinstance(row, dict)
                or not all(isinstance(row.get(k), str) for k in ("text", "type", "verdict", "by"))
                or row["verdict"] not in ("yes", "no", "other")
            ):
                raise ValueError("not text, type, verdict and by")
            rows.append(row)
        except ValueError as error:
            faults.append(f"line {number}: no answer: {error}")
    if faults:
        raise CodebookError(file, faults)
    return rows


def alpha(rows: list[dict[str, Any]]) -> float | None:
    """Returns Krippendorff's alpha, nominal, over the sentences that at least two people answered; `None` if there are
    none. Raises `MissingExtra` if the package that computes it is not installed.
    """
    items: dict[Any, dict[str, str]] = defaultdict(dict)
    for row in rows:
        items[row["text"], row.get("source"), row.get("target"), row["type"]][row["by"]] = row["verdict"]
    shared = [v for v in items.values() if len(v) > 1]
    values = {x for v in shared for x in v.values()}
    if not shared or len(values) < 2:
        return 1.0 if shared else None
    need("codebook", "the agreement of those who answered")
    import krippendorff

    people = sorted({p for v in shared for p in v})
    order = ["yes", "no", "other"]
    table = [[float(order.index(v[p])) if p in v else float("nan") for v in shared] for p in people]
    return round(float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")), 4)


def taken_in(book: Codebook) -> Codebook:
    """Returns a codebook with the answers to it added as examples. Sentences on which people disagree are left out and
    listed.
    """
    rows = _read(answers_file(book.path))
    if not rows:
        return book
    last: dict[Any, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:  # a person's later answer replaces the earlier one
        last[row["text"], row.get("source"), row.get("target"), row["type"]][row["by"]] = row
    added: dict[str, list[Example]] = defaultdict(list)
    disputed = []
    for (text, source, target, kind), people in last.items():
        if len({r["verdict"] for r in people.values()}) > 1:
            disputed.append(
                {"text": text, "type": kind, "answers": {p: r["verdict"] for p, r in sorted(people.items())}}
            )
            continue
        row = next(iter(people.values()))
        spans = [(text.find(s), text.find(s) + len(s)) if s and s in text else None for s in (source, target)]
        for own in book.types:
            if own.name == kind or row["verdict"] == "other":
                counter = row["verdict"] != "yes"
                added[own.name].append(Example(text, spans[0], spans[1], None, counter, row["by"], row.get("on")))
    types = []
    for own in book.types:
        known = {e.key for e in own.examples}
        types.append(replace(own, examples=(*own.examples, *(e for e in added[own.name] if e.key not in known))))
    warnings, agreement = book.warnings, None
    try:
        agreement = alpha(rows)
    except MissingExtra as error:  # what is learned does not depend on it
        warnings = (*warnings, str(error))
    return replace(
        book, types=tuple(types), disagreements=tuple(disputed), agreement=agreement, warnings=tuple(warnings)
    )
