"""What is likely right of two parties comes first, and what makes an event less sure."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from made import event, party, report

from communique import open_record
from communique.cli import main
from communique.record import brief as briefs
from communique.record import ranking, wording
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
                    event("many", "ASSAULT", (RUS,), (UKR, POL), "2024-02-01", confidence=0.95),
                    event("inside", "ASSAULT", (RUS, UKR), (UKR,), "2024-02-09", confidence=0.95),
                    event("grave", "ASSAULT", (RUS,), (UKR,), "2024-01-01", confidence=0.49),
                    event("slight", "CONSULT", (RUS,), (party("UKR", "BUS"),), "2024-01-09", confidence=0.65),
                    event("talks", "CONSULT", (RUS, UKR, USA), (), "2024-01-10", confidence=0.7),
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
            assert record.counted({"actor": "USA", "recipient": "POL"}).shown == 0
        assert answers() == whole and record.counted({"actor": "USA", "recipient": "POL"}).shown == 1


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


def test_a_briefing_about_two_begins_with_what_is_between_them(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        told = briefs.briefing(record, "USA, Poland", since="99w")
    happened = [n.event["id"] for n in told["parts"]["What happened"]]
    assert happened[0] == "e:elsewhere" and "e:talks" in happened  # though the talks of three weigh more or less
    likely = [n.likely for n in told["parts"]["What happened"]]
    assert likely == sorted(likely, reverse=True)


def test_partners_are_counted_over_all_events(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        assert dict(record.partners("RUS", {"confidence": 0.2})) == {"UKR": 7, "USA": 1, "POL": 1, "RUS": 1}
        assert dict(record.partners("RUS", {"confidence": 0.9}))["UKR"] == 2
        shown = views.party(record, views.Look(), "RUS")["partners"]
    assert [(p["code"], p["events"]) for p in shown] == [("UKR", 7), ("POL", 1), ("USA", 1)]


def test_verbs_that_want_somebody_on_the_other_side() -> None:
    def told(mode: str, actors: tuple, recipients: tuple) -> str:
        return wording.sentence(event("x", "CONSULT", actors, recipients, mode=mode).to_dict())

    assert told("third-party", (USA,), (RUS,)) == "USA meets RUS"
    assert told("third-party", (USA,), (RUS, UKR)) == "USA mediates between RUS and UKR"
    assert told("visit", (RUS, UKR), ()) == "RUS and UKR hold talks"
    assert told("visit", (RUS,), (UKR,)) == "RUS visits UKR"


def test_a_panel_is_csv_or_parquet(path: Path, tmp_path: Path) -> None:
    wrong = CliRunner().invoke(main, ["panel", str(path), "-o", str(tmp_path / "p.xls")])
    assert wrong.exit_code == 2 and "ends in none of .csv, .parquet" in wrong.output
    for name in ("p.csv", "p.parquet"):
        made = CliRunner().invoke(main, ["panel", str(path), "--told", "--every", "1y", "-o", str(tmp_path / name)])
        assert made.exit_code == 0 and (tmp_path / name).stat().st_size > 0


def test_programs_are_told_what_is_likely(path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra 'mcp' is not installed")
    from communique.mcp import Tools

    told = Tools(path).search_events(actor="RUS", recipient="UKR")
    assert (told["total"], told["likely"], told["below"]) == (7, 5, 0)
    assert [e["likely"] for e in told["events"]] == [True] * 5 + [False] * 2
