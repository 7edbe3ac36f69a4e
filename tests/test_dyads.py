"""What is likely right of two parties comes first, and what makes an event less sure."""

from __future__ import annotations

from pathlib import Path

import pytest
from made import event, party, report

from communique import open_record
from communique.record import brief as briefs
from communique.record import ranking
from communique.room import views

RUS, UKR, USA, POL = (party(code, "MIL") for code in ("RUS", "UKR", "USA", "POL"))
CROWD = party("", "CVL", "a crowd")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dyads") / "r.duckdb"
    with open_record(file) as record:
        record.add(
            [
                report(
                    "one",
                    "2024-03-05",
                    event("alone", "ASSAULT", (RUS,), (UKR,), "2024-03-01", confidence=0.8),
                    event("victims", "COERCE", (RUS,), (UKR, CROWD), "2024-03-01", confidence=0.79),
                    event("many", "ASSAULT", (RUS, USA), (UKR, POL), "2024-02-01", confidence=0.95),
                    event("inside", "ASSAULT", (RUS, UKR), (UKR,), "2024-02-09", confidence=0.95),
                    event("grave", "ASSAULT", (RUS,), (UKR,), "2024-01-01", confidence=0.49),
                    event("slight", "CONSULT", (RUS,), (party("UKR", "BUS"),), "2024-01-09", confidence=0.5),
                    event("talks", "CONSULT", (RUS, UKR, USA), (), "2024-01-10", confidence=0.6),
                    event("elsewhere", "ACCUSE", (USA,), (POL,), "2024-01-12", confidence=0.9),
                    event("appeal", "REQUEST", (RUS, UKR), (), "2024-01-11", confidence=0.9),
                )
            ]
        )
    return file


def test_what_makes_an_event_less_sure() -> None:
    def sure(actors: tuple, recipients: tuple, kind: str = "ASSAULT") -> float:
        return ranking.sure(event("x", kind, actors, recipients, confidence=0.8).to_dict())

    assert sure((RUS,), (UKR,)) == sure((RUS, party("RUS", "GOV")), (UKR, CROWD)) == 0.8
    assert sure((RUS,), (UKR,)) > sure((RUS, USA), (UKR,)) == sure((RUS,), (UKR, USA)) > sure((RUS, USA), (UKR, POL))
    assert sure((RUS, USA), (UKR,)) > sure((RUS, UKR), (UKR,))  # a state on both sides
    assert sure((UKR,), (party("UKR", "CVL"),)) < 0.8 and sure((CROWD,), (CROWD,)) < 0.8  # a party on both sides
    assert sure((RUS, UKR, USA), (), "CONSULT") == 0.8 > sure((RUS, UKR, USA), (), "REQUEST")  # done together
    why = ranking.why(event("x", "ASSAULT", (RUS, USA), (UKR,)).to_dict(), 1)
    assert "several states on a side" in why and "one state on both sides" not in why


def test_the_likely_come_first_in_every_list(path: Path) -> None:
    asked = {"actor": "RUS", "recipient": "UKR", "confidence": 0.2}
    with open_record(path, read_only=True) as record:
        rows, total = record.page(asked, "importance", True, 50)
        ids = [e["id"] for e in rows]
        assert total == len(ids) == 7 and "e:appeal" not in ids and "e:talks" in ids
        likely = [e["rank"]["sure"] >= ranking.LIKELY for e in rows]
        assert likely == sorted(likely, reverse=True) and record.counted(asked).likely == sum(likely) == 5
        assert set(ids[-2:]) == {"e:inside", "e:grave"} and ids.index("e:many") > ids.index("e:alone")
        # Pages of the list and the events of Python are one order.
        paged = [record.page(asked, "importance", True, 2, n)[0] for n in (0, 2, 4, 6)]
        assert [e["id"] for page in paged for e in page] == ids
        assert [e.id for e in record.events(**asked, order="importance")] == ids


def test_what_is_done_together_is_done_to_each_other_in_mutual_types_alone(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        counts = {(d["actor"], d["recipient"]): d["events"] for d in record.dyads()}
        assert counts["UKR", "RUS"] == 1 and counts["USA", "RUS"] == 1  # the talks; the appeal is to nobody
        assert sum(r["events"] or 0 for r in record.series("UKR", "RUS", "1y")) == 1
        assert {(e["actor"], e["recipient"]): e["events"] for e in record.network().edges}["UKR", "RUS"] == 1
        panel = record.panel("1y", told=True).arrow().to_pylist()
        assert sum(r["events"] or 0 for r in panel if (r["actor"], r["recipient"]) == ("UKR", "RUS")) == 1


def test_a_dyad_asks_of_its_own_events_alone(path: Path) -> None:
    asked = {"actor": "RUS", "recipient": "UKR", "confidence": 0.2}
    with open_record(path, read_only=True) as record:

        def answers() -> tuple:
            return (
                record.page(asked, "importance", True, 20),
                record.counted(asked),
                record.facets(asked),
                record.happened("RUS", "UKR"),
                record.series("RUS", "UKR", "1m"),
            )

        whole = answers()
        with record.between("Russia", "UKR"):
            assert answers() == whole
            assert record.counted({"actor": "USA", "recipient": "POL"}).shown == 1
        assert answers() == whole and record.counted({"actor": "USA", "recipient": "POL"}).shown == 2


def test_a_dyad_and_a_briefing_set_the_less_likely_apart(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        there, _ = views.dyad(record, views.Look(), "RUS", "UKR", "1m", None, None)["sides"]
        assert (there["counts"]["shown"], there["counts"]["likely"]) == (7, 5)
        assert [e["likely"] for e in there["events"]] == [True] * 5 + [False] * 2
        sure, _ = views.dyad(record, views.Look(0.9), "RUS", "UKR", "1m", None, None)["sides"]
        assert (sure["counts"]["shown"], sure["counts"]["likely"]) == (2, 1)
        told = briefs.briefing(record, "RUS", since="99w")
        assert told["likely"] == record.counted({"party": "RUS", "confidence": 0.2}).likely
        text, page = briefs.markdown(told), briefs.page(told)
    for made in (text, page):
        before, _, after = made.partition(briefs.UNSURE)
        assert "e:alone" in before and "e:grave" in after and "e:grave" not in before
