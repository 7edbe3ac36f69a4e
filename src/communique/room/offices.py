"""The offices of a party as clean intervals: the same term from several tables is merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..catalogue import Term, fold


def intervals(terms: Iterable[Term]) -> list[dict[str, Any]]:
    """Returns terms of office, latest first. `from` and `to` are days or unknown; `seen` is the last day on which an
    open term is known. Overlapping terms of one office are joined. A term without days is dropped if another has days.
    """
    by_office: dict[tuple[str, str], list[Term]] = {}
    for t in terms:
        by_office.setdefault((fold(t.office), t.country), []).append(t)
    found = [i for some in by_office.values() for i in _joined(some)]
    return sorted(found, key=lambda i: (i["from"] or i["to"] or "", i["office"]), reverse=True)


def _joined(terms: Sequence[Term]) -> list[dict[str, Any]]:
    dated = sorted((t for t in terms if t.start or t.end), key=lambda t: (t.start or "", t.end or "9999"))
    if not dated:
        last = max((t.seen for t in terms if t.seen), default=None)
        return [_interval(terms[0].office, terms[0].country, None, None, last)]
    whole: list[dict[str, Any]] = []
    for t in dated:
        before = whole[-1] if whole else None
        ends = (before["to"] or before["seen"] or before["from"] or "") if before else ""
        if before is not None and (t.start is None or t.start <= ends or (not before["to"] and not before["seen"])):
            before["from"] = min(filter(None, (before["from"], t.start)), default=None)
            before["to"] = max(filter(None, (before["to"], t.end)), default=None)
            before["seen"] = max(filter(None, (before["seen"], t.seen)), default=None)
        else:
            whole.append(_interval(t.office, t.country, t.start, t.end, t.seen))
    for i in whole:
        if i["to"] and i["seen"] and i["to"] >= i["seen"]:
            i["seen"] = None
    return whole


def _interval(office: str, country: str, start: str | None, end: str | None, seen: str | None) -> dict[str, Any]:
    return {"office": office, "country": country, "from": start, "to": end, "seen": None if end else seen}
