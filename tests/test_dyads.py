"""A dyad begins with what is likely right of its two parties."""

from __future__ import annotations

from pathlib import Path

import pytest
from made import event, party, report

from communique import open_record
from communique.room import views


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dyads") / "r.duckdb"
    rus, ukr, usa = party("RUS", "MIL"), party("UKR", "CVL"), party("USA", "MIL")
    crowd = party("", "CVL")
    with open_record(file) as record:
        record.add(
            [
                report(
                    "one",
                    "2024-03-05",
                    event("alone", "ASSAULT", (rus,), (ukr,), "2024-03-01", confidence=0.8),
                    event("victims", "COERCE", (rus,), (ukr, crowd), "2024-03-01", confidence=0.79),
                    event("many", "ASSAULT", (rus, usa), (ukr, party("POL", "MIL")), "2024-02-01", confidence=0.95),
                    event("grave", "ASSAULT", (rus,), (ukr,), "2024-01-01", confidence=0.49),
                    event("slight", "CONSULT", (rus,), (party("UKR", "BUS"),), "2024-01-09", confidence=0.5),
                )
            ]
        )
    return file


def test_others_on_a_side_come_later_and_say_so(path: Path) -> None:
    asked = {"actor": "RUS", "recipient": "UKR", "confidence": 0.2}
    with open_record(path, read_only=True) as record:
        rows, total = record.page(asked, "importance", True, 5)
        assert total == 5
        kinds = [(e["type"], e["confidence"]) for e in rows]
        assert kinds.index(("ASSAULT", 0.95)) > kinds.index(("ASSAULT", 0.8))
        told = {e["confidence"]: e["rank"]["why"] for e in rows}
        assert "2 of other states beside the two" in told[0.95]
        assert not any("beside the two" in w for c, why in told.items() if c != 0.95 for w in why)
        # Pages of the list and the events of Python are one order.
        paged = [record.page(asked, "importance", True, 2, n)[0] for n in (0, 2, 4)]
        assert [e["id"] for page in paged for e in page] == [e["id"] for e in rows]
        assert [e.id for e in record.events(**asked, order="importance")] == [e["id"] for e in rows]
        # An event by itself is not ranked by who stands beside.
        whole, _ = record.page({"confidence": 0.2}, "importance", True, 5)
        assert whole[0]["confidence"] == 0.95


def test_a_dyad_begins_with_the_likely_and_counts_them(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        there, _ = views.dyad(record, views.Look(), "RUS", "UKR", "1m", None, None)["sides"]
        confidences = [e["confidence"] for e in there["events"]]
        assert confidences[-1] == 0.49 and min(confidences[:-1]) == views.LIKELY
        assert there["counts"]["shown"] == 5
        assert there["likely"] == {"confidence": views.LIKELY, "shown": 4}
        sure, _ = views.dyad(record, views.Look(0.9), "RUS", "UKR", "1m", None, None)["sides"]
        assert sure["likely"]["shown"] == sure["counts"]["shown"] == 1
