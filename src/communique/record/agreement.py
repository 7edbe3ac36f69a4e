"""Inter-annotator agreement of judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

_ANSWERS = {"confirm": "right", "reject": "wrong", "correct": "wrong"}


def agreement(judgements: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the agreement on the events that two or more people judged.

    `events` is their number, `share` the share of pairs of judgements that agree, `alpha` Krippendorff's alpha, and
    `differ` the events judged differently. A confirmation means right, a rejection or correction wrong; only a person's
    last judgement of an event counts. `share` and `alpha` are `None` if no event was judged twice.
    """
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for j in judgements:
        if j["verdict"] in _ANSWERS:
            answers[j["target"]][j["by"]] = _ANSWERS[j["verdict"]]
    twice = {target: by for target, by in answers.items() if len(by) > 1}
    pairs = [a == b for by in twice.values() for a, b in combinations(by.values(), 2)]
    return {
        "events": len(twice),
        "share": sum(pairs) / len(pairs) if pairs else None,
        "alpha": _alpha(twice),
        "differ": [
            {"event": target, "answers": dict(sorted(by.items()))}
            for target, by in sorted(twice.items())
            if len(set(by.values())) > 1
        ],
    }


def _alpha(answers: Mapping[str, Mapping[str, str]]) -> float | None:
    """Krippendorff's alpha; `None` if all judgements are the same or no event was judged twice."""
    people = sorted({who for by in answers.values() for who in by})
    if len({a for by in answers.values() for a in by.values()}) < 2:
        return None
    import krippendorff

    table = [
        [{"right": 1.0, "wrong": 0.0}.get(by.get(who, ""), float("nan")) for by in answers.values()] for who in people
    ]
    return round(float(krippendorff.alpha(table, level_of_measurement="nominal")), 3)
