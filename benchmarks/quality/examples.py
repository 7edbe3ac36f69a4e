"""The example pages against what a person would expect of them.

    python -m benchmarks examples

An expected event counts as found if an event has its type, its parties, and, if given, its modality and source.
"""

from __future__ import annotations

import json
from typing import Any

from communique import Event, Reader, Report

from ..common import ROOT
from ..common import reader as open_reader


def _fits(event: Event, expected: list[Any]) -> bool:
    kinds, actors, recipients, how, source = expected
    if event.type not in kinds.split("|") or event.polarity != "positive":
        return False
    acting, acted = {p.country for p in event.actors}, {p.country for p in event.recipients}
    if not (
        set(actors) <= acting
        and set(recipients) <= acted | (acting if event.type in ("CONSULT", "COOPERATE", "AGREE", "SUPPORT") else set())
    ):
        return False
    if how and event.modality != how:
        return False
    if source:
        names = " ".join(f"{a.name} {a.text}" for a in event.according_to)
        return source in names
    return True


def measure(reader: Reader, verbose: bool = False) -> dict[str, float]:
    expected: dict[str, list[list[Any]]] = json.loads((ROOT / "examples/expected.json").read_text("utf-8"))["events"]
    wanted = found = told = 0
    for page, events in sorted(expected.items()):
        reports = [r for r in reader.read_all([ROOT / "examples/pages" / page]) if isinstance(r, Report)]
        read = [e for r in reports for e in r.events]
        told += len(read)
        for one in events:
            wanted += 1
            hit = any(_fits(e, one) for e in read)
            found += hit
            if verbose and not hit:
                print(f"  missed in {page}: {one}")
    return {"recall": found / wanted, "events a page": told / len(expected)}


def main() -> None:
    for name, value in measure(open_reader(__doc__), verbose=True).items():
        print(f"{name:16} {value:.3f}")
