"""What is shown and counted: from which confidence on, in which order and why; names that nobody bears."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from made import according, event, party, report, said

from communique import DEFAULT_CONFIDENCE, open_record
from communique.cli import main
from communique.record import UnknownName, WrongQuestion, ranking, wording
from communique.record import brief as briefs

PUTIN = party("RUS", "GOV", "Vladimir Putin", id="Q7747")
LAVROV = party("RUS", "GOV", "Sergey Lavrov", id="Q58217")
SURE, UNSURE = 0.8, 0.12


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "r.duckdb"
    words = "Russia will answer, Kenya heard."
    with open_record(path) as record:
        record.add(
            [
                report(
                    "one",
                    "2024-03-05",
                    event("a", "ASSAULT", (party("RUS", "MIL"),), (party("UKR", "CVL"),), confidence=SURE),
                    event(
                        "b",
                        "ACCUSE",
                        (PUTIN,),
                        (party("UKR"),),
                        confidence=SURE,
                        according_to=(according(PUTIN, "s:1"),),
                        statements=("s:1",),
                    ),
                    event(
                        "c", "SUPPORT", (party("", "BUS", "Harold Otieno"),), (party("CAN", "CVL"),), confidence=UNSURE
                    ),
                    statements=(said("1", words, PUTIN), said("2", "Nothing else.", None)),
                    parties=(),
                ),
                report(
                    "two",
                    "2024-04-06",
                    event(
                        "d",
                        "ACCUSE",
                        (party("USA", "GOV", "Hillary Clinton", id="Q6294"),),
                        (party("RUS"),),
                        "2024-04-05",
                        confidence=SURE,
                    ),
                    event(
                        "e",
                        "CONSULT",
                        (party("USA", "ELI", "Bill Clinton", id="Q1124"),),
                        (party("RUS"),),
                        "2024-04-05",
                        confidence=0.3,
                    ),
                    event("f", "COERCE", (party("USA", "COP"),), (party("USA", "CRM"),), "2024-04-05", confidence=0.95),
                ),
                report(
                    "three",
                    "2024-04-07",
                    event("g", "ACCUSE", (PUTIN,), (party("UKR"),), confidence=UNSURE, polarity="negative"),
                ),
            ]
        )
    return path


def test_events_gives_all_and_views_give_the_sure_ones(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        every = list(record.events())
        sure = list(record.events(confidence=DEFAULT_CONFIDENCE))
        assert len(every) == 7 and {e.id for e in every} - {e.id for e in sure} == {"e:c", "e:g"}
        assert all(e.confidence >= 0.5 for e in record.events(confidence=0.5))
        assert record.counted({"confidence": 0.2}) == (5, 2, 3) and record.counted({}) == (7, 0, 3)
        summary = record.summary()
        assert (summary["events"], summary["below"], summary["confidence"]) == (5, 2, DEFAULT_CONFIDENCE)
        assert summary["scopes"] == {"states": 4, "politics": 4, "everything": 5}
        assert record.summary(0.0)["events"] == 7
        assert {(d["actor"], d["recipient"]): d["events"] for d in record.dyads()} == {
            ("RUS", "UKR"): 2,
            ("USA", "RUS"): 2,
        }
        assert {(d["actor"], d["recipient"]) for d in record.dyads(confidence=0.5)} == {("RUS", "UKR"), ("USA", "RUS")}
        assert [d["events"] for d in record.dyads(confidence=0.9)] == []
        assert record.series("USA", "RUS", "1m")[0]["events"] == 2
        low = record.series("USA", "RUS", "1m", confidence=0.5)[0]
        assert low["events"] == 1 and low["confidence"] == 0.5
        made = briefs.briefing(record, since="60d")
        assert (made["events"], made["below"], made["confidence"]) == (5, 2, DEFAULT_CONFIDENCE)
        assert "confidence 0.2 or more; 2 below it left out" in briefs.markdown(made)
        assert briefs.briefing(record, since="60d", confidence=0.0)["events"] == 7


@pytest.mark.parametrize("value", ["1.5", "-1", "much", "nan"])
def test_a_confidence_that_is_none(path: Path, value: str) -> None:
    with open_record(path, read_only=True) as record, pytest.raises(WrongQuestion, match="confidence: .* from 0 to 1"):
        record.events(confidence=value)  # type: ignore[arg-type]


def test_what_matters_first_comes_first_and_says_why(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        rows, total = record.page({"confidence": 0.2}, "importance")
        assert total == 5 and [r["id"] for r in rows][0] == "e:a" and {r["id"] for r in rows[-2:]} == {"e:e", "e:f"}
        assert [e.id for e in record.events(confidence=0.2, order="importance")] == [r["id"] for r in rows]
        values = [r["rank"]["value"] for r in rows]
        assert values == sorted(values, reverse=True)
        why = rows[0]["rank"]["why"]
        assert (
            why[0] == "confidence 0.80"
            and "between states or armed groups" in why
            and "material conflict (score -9)" in why
        )
        assert {e.id for e in record.events(scope="states")} == {"e:a", "e:b", "e:d", "e:e", "e:g"}
        assert len(record.events(scope="everything")) == 7
        with pytest.raises(WrongQuestion, match="scope: 'all' is not one of states, politics, everything"):
            record.events(scope="all")
        with pytest.raises(WrongQuestion, match="order"):
            record.events(order="luck")


@pytest.mark.parametrize(
    ("actors", "recipients", "kind", "scope"),
    [
        ([("RUS", "GOV")], [("UKR", "GOV")], "ACCUSE", 0),
        ([("SYR", "MIL")], [("SYR", "REB")], "ASSAULT", 0),
        ([("RUS", "MIL")], [("UKR", "CVL")], "ASSAULT", 0),
        ([("FRA", "GOV"), ("DEU", "GOV")], [], "CONSULT", 0),
        ([("USA", "GOV")], [("USA", "LEG")], "ACCUSE", 1),
        ([("USA", "PTY")], [("USA", "GOV")], "ACCUSE", 1),
        ([("FRA", "CVL")], [("FRA", "BUS")], "PROTEST", 1),
        ([("USA", "COP")], [("USA", "CVL")], "COERCE", 2),
        ([("CAN", "BUS")], [("CAN", "CVL")], "SUPPORT", 2),
    ],
)
def test_how_far_an_act_reaches(
    actors: list[tuple[str, str]], recipients: list[tuple[str, str]], kind: str, scope: int
) -> None:
    made = event("x", kind, tuple(party(*a) for a in actors), tuple(party(*r) for r in recipients)).to_dict()
    assert ranking.scope(made) == scope


def test_weight_follows_its_rules() -> None:
    states = event("x").to_dict() | {"origins": 1}
    weigh = ranking.weight
    assert weigh(states | {"origins": 3}) > weigh(states | {"origins": 2}) > weigh(states)
    assert weigh(states | {"score": -9.0}) > weigh(states | {"score": -1.0})
    assert weigh(states | {"modality": "possible"}) < weigh(states) > weigh(states | {"polarity": "negative"})
    home = event("x", recipients=(party("KEN", "LEG"),)).to_dict() | {"origins": 1}
    firm = event("x", actors=(party("KEN", "BUS"),), recipients=(party("KEN", "CVL"),)).to_dict() | {"origins": 1}
    nobody = event("x", actors=(), recipients=()).to_dict() | {"origins": 1}
    assert weigh(states) > weigh(home) > weigh(firm) > 0 and weigh(nobody) > 0
    assert ranking.novelty(1) == 1 > ranking.novelty(2) > ranking.novelty(1000) > 0.5


def test_names_are_found_or_what_was_meant_is_told(path: Path) -> None:
    with open_record(path, read_only=True) as record:

        def of(name):
            return {e.id for e in record.events(actor=name)}

        assert of("Russia") == of("russia") == of("RUS") == of("rus") == of("Russian") == {"e:a", "e:b", "e:g"}
        assert of("Putin") == of("vladimir putin") == of("Q7747") == {"e:b", "e:g"}
        with pytest.raises(UnknownName, match="may be 'Bill Clinton' .1., 'Hillary Clinton' .1.: which one") as which:
            record.events(actor="Clinton")
        assert set(which.value.near) == {"Bill Clinton", "Hillary Clinton"}
        with pytest.raises(UnknownName, match="did you mean 'Vladimir Putin'"):
            record.events(actor="Putn")
        with pytest.raises(UnknownName, match="nobody is known as 'Xqzv Wbrtk'"):
            record.events(party="Xqzv Wbrtk")
        assert not len(record.events(actor="Fiji")) and not len(record.events(actor="Angela Merkel"))
        assert record.silence({"actor": "Fiji"}) == "no event of this record has actor Fiji"
        assert (
            record.silence({"actor": "Putin", "type": "ASSAULT"}) == "no event of this record has type ASSAULT"
            or "at once"
        )
        assert (
            record.silence({"actor": "RUS", "confidence": 0.99})
            == "no event of confidence 0.99 or more fits; 3 events below it"
        )
        assert not of("=Clinton") and of("=Bill Clinton") == {"e:e"}
        assert len(record.events(type="accuse")) == len(record.events(type="ACCUSE")) == 3
        with pytest.raises(UnknownName, match="type: unknown value 'attack'; did you mean ASSAULT"):
            record.events(type="attack")
        with pytest.raises(UnknownName, match="did you mean ACCUSE"):
            record.events(type="ACUSE")
        with pytest.raises(UnknownName, match="mode: unknown value 'frearms'; did you mean firearms"):
            record.events(mode="frearms")
        with pytest.raises(UnknownName, match="context: unknown value 'electon'; did you mean election"):
            record.events(context="electon")
        with pytest.raises(UnknownName, match="place: no place is known as 'Xqzvw'"):
            record.events(place="Xqzvw")
        assert [n.term for n in record.names("put")] == ["Vladimir Putin"]
        assert [(n.term, n.name, n.kind) for n in record.names("ugan")] == [("UGA", "Uganda", "state")]


def test_the_command_says_how_sure_and_what_was_meant(path: Path) -> None:
    run = CliRunner()
    found = run.invoke(main, ["events", str(path)])
    assert [json.loads(line)["id"] for line in found.stdout.splitlines()][0] == "e:a"
    assert len(found.stdout.splitlines()) == 5 and "5 events of confidence 0.2 or more; 2 below it" in found.stderr
    assert len(run.invoke(main, ["events", str(path), "--confidence", "0"]).stdout.splitlines()) == 7
    assert len(run.invoke(main, ["events", str(path), "--scope", "states", "--limit", "2"]).stdout.splitlines()) == 2
    dated = run.invoke(main, ["events", str(path), "--order", "date"])
    days = [json.loads(line)["date"]["from"] for line in dated.stdout.splitlines()]
    assert days == sorted(days)
    text = run.invoke(main, ["events", str(path), "--format", "text", "--actor", "Putin"]).stdout
    for part in (
        "Vladimir Putin accuses UKR",
        "2024-03-05",
        "according to Vladimir Putin",
        "Coast Herald, Title one",
        "https://news.example/one",
        "why here: confidence 0.80",
    ):
        assert part in text, part
    for wrong, told in (
        (["--actor", "Putn"], "did you mean 'Vladimir Putin'"),
        (["--type", "attack"], "did you mean ASSAULT"),
        (["--since", "2024-05-01", "--until", "2024-01-01"], "is after until"),
        (["--confidence", "2"], "--confidence"),
    ):
        answer = run.invoke(main, ["events", str(path), *wrong])
        assert answer.exit_code == 2 and told in answer.output and "Traceback" not in answer.output
    silent = run.invoke(main, ["events", str(path), "--actor", "Fiji"])
    assert silent.exit_code == 0 and not silent.stdout and "no event of this record has actor Fiji" in silent.stderr
    series = run.invoke(
        main, ["series", str(path), "--actor", "usa", "--recipient", "Russia", "--every", "1m", "--confidence", "0.5"]
    )
    assert [json.loads(line)["events"] for line in series.stdout.splitlines()] == [1] and "1 below it" in series.stderr
    assert (
        "1 below it left out" in run.invoke(main, ["brief", str(path), "--confidence", "0.5", "--since", "3d"]).stdout
    )


def test_an_act_in_words() -> None:
    made = event("x").to_dict()
    assert wording.sentence(made) == "KEN accuses UGA"
    assert wording.sentence(event("x", polarity="negative").to_dict()) == "KEN does not accuse UGA"
    assert wording.sentence(event("x", modality="future").to_dict()) == "KEN is to accuse UGA"
    two = (party("KEN"), party("TZA"))
    assert wording.sentence(event("x", "CONSULT", two, ()).to_dict()) == "KEN and TZA hold talks"
    assert wording.sentence(event("x", "ASSAULT", two, mode="explosives").to_dict()) == "KEN and TZA bomb UGA"
    assert wording.sentence(event("x", "COERCE", mode="arrest", modality="possible").to_dict()) == "KEN may arrest UGA"
    for kind, mode in (k.split(" ") if " " in k else (k, None) for k in wording.VERBS):
        for whom in (True, False):
            assert wording.verb(kind, mode, whom).strip()


def test_who_said_what(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        (found,) = record.statements("Putin", voices=True)
        assert (found.speaker.name, found.said, found.article, found.publisher, found.day) == (
            "Vladimir Putin",
            "Russia will answer, Kenya heard.",
            "a:one",
            "Coast Herald",
            "2024-03-05",
        )
        assert found.url == "https://news.example/one" and found.events == ("e:b",)
        assert [(v.article, v.words) for v in found.denied] == [("a:three", "Kenya accused Uganda.")]
        assert len(record.statements()) == record.statements_counted() == 2
        assert len(record.statements(since="2024-03-06")) == 0 and len(record.statements(until="2024-03-05")) == 2
        assert len(record.statements(text="nothing")) == 1 and record.statements_counted(speaker="RUS") == 1
        with pytest.raises(UnknownName):
            record.statements("Xqzv Wbrtk")
    run = CliRunner()
    lines = run.invoke(main, ["statements", str(path), "--speaker", "russia"]).stdout.splitlines()
    assert len(lines) == 1 and json.loads(lines[0])["denied"][0]["article"] == "a:three"
    text = run.invoke(main, ["statements", str(path), "--speaker", "Putin", "--format", "text"]).stdout
    assert (
        "Vladimir Putin [RUS GOV]: “Russia will answer" in text and "denied by" in text and "news.example/one" in text
    )
    nothing = run.invoke(main, ["statements", str(path), "--speaker", "Putin", "--text", "zebra"])
    assert not nothing.stdout and "no statement fits" in nothing.stderr


def test_whom_a_statement_is_about(reader: Any, tmp_path: Path) -> None:
    text = (
        "“Uganda has closed the border,” Kenyan President William Ruto told Tanzania’s parliament on "
        "Monday.\n\nUganda denied it."
    )
    with open_record(tmp_path / "r.duckdb") as record:
        record.add(reader.read_text(text, published="2024-03-05"))
        found = list(record.statements(about="Uganda"))
        assert found and all("UGA" in [p.country for p in s.about] for s in found)
        assert not len(record.statements(about="PER"))
        spoken = record.statements(speaker="Kenya")
        assert len(spoken) and spoken[0].speaker.country == "KEN" and spoken[0].to_dict()["about"]


def test_articles_are_listed(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        found = list(record.articles())
        assert [a.id for a in found] == ["a:three", "a:two", "a:one"]
        one = found[-1]
        assert (one.publisher, one.title, one.url, one.published_from, one.events, one.below) == (
            "Coast Herald",
            "Title one",
            "https://news.example/one",
            "2024-03-05",
            2,
            1,
        )
        assert one.story and one.tie == "first" and record.articles(confidence=0)[-1].events == 3
        assert [a.id for a in record.articles(since="2024-04-07")] == ["a:three"] and not len(
            record.articles(publisher="Nobody")
        )
        assert [a.id for a in record.articles(publisher="herald", text="two")] == ["a:two"]
    run = CliRunner()
    lines = run.invoke(main, ["articles", str(path), "--until", "2024-03-31"]).stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a:one"]
    text = run.invoke(main, ["articles", str(path), "--format", "text"]).stdout
    assert "2 events of confidence 0.2 or more, 1 below" in text and "Title one" in text
    assert "no article fits" in run.invoke(main, ["articles", str(path), "--publisher", "Nobody"]).stderr
    assert run.invoke(main, ["articles", str(path), "--since", "soon"]).exit_code == 2


def test_stories_have_titles(path: Path) -> None:
    run = CliRunner()
    rows = [json.loads(line) for line in run.invoke(main, ["stories", str(path)]).stdout.splitlines()]
    assert {m["title"] for s in rows for m in s["articles"]} == {"Title one", "Title two", "Title three"}
    assert "Title two" in run.invoke(main, ["stories", str(path), "--format", "text"]).stdout


def test_a_record_of_the_third_schema_is_brought_up(path: Path, tmp_path: Path) -> None:
    import duckdb

    old = tmp_path / "old.duckdb"
    old.write_bytes(path.read_bytes())
    base = duckdb.connect(str(old))
    base.execute("drop index events_by_id; drop table links")
    for column in ("lat", "lon", "spot", "scope", "weight", "pair"):
        base.execute(f"alter table events drop column {column}")
    for column in ("codes", "about", "addressed", "text", "parties"):
        base.execute(f"alter table statements drop column {column}")
    base.execute("update meta set schema_version = 3")
    base.close()
    with open_record(path, read_only=True) as record:
        events, statements = list(record.events().dicts()), list(record.statements().dicts())
    with open_record(old) as record:
        assert list(record.events().dicts()) == events and list(record.statements().dicts()) == statements
        assert record.page({}, "importance")[0][0]["id"] == "e:a"


def test_who_agrees_with_whom(path: Path, tmp_path: Path) -> None:
    from communique.record.agreement import agreement

    mine = tmp_path / "r.duckdb"
    mine.write_bytes(path.read_bytes())
    with open_record(mine) as record:
        assert agreement(record.judgements())["events"] == 0
        record.judge("e:a", "confirm", "ann")
        record.judge("e:a", "confirm", "bob")
        record.judge("e:b", "confirm", "ann")
        record.judge("e:b", "reject", "bob")
        record.judge("e:d", "confirm", "ann")
        found = agreement(record.judgements())
    assert (found["events"], found["share"]) == (2, 0.5) and found["alpha"] is not None
    assert found["differ"] == [{"event": "e:b", "answers": {"ann": "right", "bob": "wrong"}}]


def test_a_day_and_a_place_can_be_given_where_none_was_read(tmp_path: Path) -> None:
    with open_record(tmp_path / "r.duckdb") as record:
        record.add(report("x", None, event("x", first=None)))
        record.judge("e:x", "correct", "ann", change={"date": {"from": "2024-03-05"}, "place": {"name": "Lima"}})
        (changed,) = record.events()
        assert changed.date and (changed.date.from_, changed.date.to, changed.date.precision) == (
            "2024-03-05",
            "2024-03-05",
            "day",
        )
        assert changed.place and changed.place.name == "Lima"
        assert replace(changed.date, basis="stated") == changed.date
