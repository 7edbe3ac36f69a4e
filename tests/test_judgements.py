"""What a person says of the record, what is forgotten, what is exported, and that a killed run loses nothing."""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from communique import Reader, RecordError, Report, open_record
from communique.cli import main
from communique.record.exports import EVENT_COLUMNS, MENTION_COLUMNS, POLECAT_COLUMNS, read_bundle

TEXTS = [
    (
        "2022-05-04",
        (
            "Kenya accused Uganda of smuggling timber across Lake Victoria on Monday, and Uganda's foreign "
            "minister rejected the charge in Kampala."
        ),
    ),
    (
        "2022-05-04",
        (
            "KAMPALA (Reuters) - Kenya accused Uganda of smuggling timber over Lake Victoria on Monday. "
            "Uganda's foreign minister rejected the charge."
        ),
    ),
    (
        "2022-05-05",
        (
            "Norway sent Mongolia forty ambulances after the floods, the government in Oslo said. Mongolia "
            "thanked Norway for the aid."
        ),
    ),
    (
        "2022-05-06",
        (
            "Peru and Ecuador signed a fishing agreement in Lima on Thursday. Ecuador's president visited Peru "
            "for the ceremony."
        ),
    ),
]


@pytest.fixture(scope="module")
def reports(reader: Reader) -> list[Report]:
    return [
        reader.read_text(text, published=day, url=f"https://news.example/{i}") for i, (day, text) in enumerate(TEXTS)
    ]


def state(path: Path, orders: list[list[Report]]) -> list[dict[str, object]]:
    with open_record(path) as record:
        for batch in orders:
            record.add(batch)
        return [*record.events().dicts(), *record.stories().dicts()]


def test_the_order_of_pages_does_not_matter(reports: list[Report], tmp_path: Path) -> None:
    wanted = state(tmp_path / "whole.duckdb", [reports])
    for number, order in enumerate(itertools.permutations(range(len(reports)))):
        if number % 5 == 0:
            assert state(tmp_path / f"{number}.duckdb", [[reports[i]] for i in order]) == wanted


def test_one_event_told_twice_is_one_with_two_accounts(reports: list[Report], tmp_path: Path) -> None:
    with open_record(tmp_path / "x.duckdb") as record:
        record.add(reports)
        told = [e for e in record.events(actor="KEN", recipient="UGA", type="ACCUSE")]
        assert len(told) == 1 and told[0].reports == 2 and told[0].origins == 2
        assert {a.article for a in record.accounts(told[0].id)} == {r.article.id for r in reports[:2]}
        for account in told[0].accounts:  # any account leads to the whole
            assert len(record.accounts(account)) == 2
        assert len(record.events(party="PER,ECU")) and not len(record.events(actor="KEN", recipient="NOR"))
        assert len(record.events(party="members:NATO")) >= len(record.events(party="NOR")) > 0
        with pytest.raises(RecordError, match="XYZ"):
            record.events(actor="XYZ")


def test_accounts_that_name_no_party_in_the_same_words_are_one_event(reader: Reader, tmp_path: Path) -> None:
    told = (
        (
            "Togo freed nineteen fishermen of Benin on Friday. The fishermen were handed over at the "
            "Hillacondji crossing, officers there said."
        ),
        (
            "Togo frees Benin fishermen\n\nNineteen fishermen of Benin were freed by Togo on Friday. Officers "
            "at the Hillacondji crossing said the fishermen had been handed over there."
        ),
    )
    with open_record(tmp_path / "x.duckdb") as record:
        record.add(
            [
                reader.read_text(text, published="2022-05-07", url=f"https://news.example/togo/{i}")
                for i, text in enumerate(told)
            ]
        )
        freed = record.events(actor="TGO", recipient="BEN", type="RETREAT,CONCEDE")
        assert freed and max(e.reports for e in freed) == 2


def test_two_earthquakes_are_two_stories_and_each_is_one(reader: Reader, tmp_path: Path) -> None:
    told = {
        "ardabil": (
            (
                "An earthquake of magnitude 6.1 shook Ardabil before dawn on Tuesday and brought down hundreds "
                "of houses in Meshgin. Governor Reza Karimi counted 31 dead."
            ),
            (
                "Rescuers dug through rubble in Meshgin on Tuesday after a strong earthquake in Ardabil "
                "province. At least 31 people died, said the governor, Reza Karimi."
            ),
        ),
        "burdur": (
            (
                "Eleven people died when an earthquake of magnitude 5.8 hit Burdur on Sunday. Houses collapsed "
                "in Bucak, whose mayor, Selin Aksoy, asked for tents."
            ),
            (
                "Mayor Selin Aksoy said rescuers were still digging through houses that an earthquake "
                "destroyed in Bucak on Sunday. Burdur counted eleven dead."
            ),
        ),
        "atacama": (
            (
                "A magnitude 7.0 earthquake off Atacama killed four people and damaged houses in Copiapo, "
                "Minister Lucia Rojas said on Thursday."
            ),
            (
                "Four people were killed in Copiapo by the earthquake that struck Atacama. Rescuers looked for "
                "survivors in houses there on Thursday, said Minister Lucia Rojas."
            ),
        ),
    }
    with open_record(tmp_path / "x.duckdb") as record:
        record.add(
            [reader.read_text(text, id=f"a:{name}{n}") for name, both in told.items() for n, text in enumerate(both)]
        )
        assert sorted(sorted(m.article for m in s.articles) for s in record.stories()) == [
            [f"a:{name}0", f"a:{name}1"] for name in sorted(told)
        ]


def test_judgements_add_and_can_be_undone(reports: list[Report], tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with open_record(path) as record:
        record.add(reports)
        event = record.events(actor="KEN", type="ACCUSE")[0]
        before = [e.to_dict() for e in record.events()]
        rejected = [record.judge(a, "reject", by="a reader", why="a test") for a in event.accounts]
        assert not len(record.events(actor="KEN", recipient="UGA", type="ACCUSE"))
        for j in rejected:
            record.judge(j, "undo", by="a reader")
        assert [e.to_dict() for e in record.events()] == before
        record.judge(event.accounts[0], "correct", by="a reader", change={"type": "THREATEN", "mode": "violence"})
        record.judge(event.accounts[1], "correct", by="another", change={"type": "THREATEN"})
        changed = record.events(actor="KEN", type="THREATEN")
        assert (
            len(changed)
            and changed[0].quad == "verbal conflict"
            and any(d["field"] == "mode" for d in changed[0].disputes) is False
        )
        assert all(j["fits"] for j in record.judgements())
        saved = record.judgements()
        for target, verdict, change in (
            ("e:nothing", "reject", {}),
            (event.id, "praise", {}),
            (event.id, "correct", {"type": "DANCE"}),
            (event.id, "correct", {"confidence": 2}),
            (event.id, "merge", {"with": "e:none"}),
        ):
            with pytest.raises(RecordError):
                record.judge(target, verdict, by="a reader", change=change)
        with pytest.raises(RecordError):
            record.judge(event.id, "confirm", by=" ")
    with open_record(tmp_path / "again.duckdb") as record:
        record.add(list(reversed(reports)))
        assert record.apply(saved) == len(saved) and record.apply(saved) == 0
        assert len(record.events(actor="KEN", type="THREATEN"))


def test_two_events_and_two_stories_are_merged_by_hand(reports: list[Report], tmp_path: Path) -> None:
    with open_record(tmp_path / "x.duckdb") as record:
        record.add(reports)
        count = len(record.stories())
        key = record.judge(reports[2].article.id, "merge", by="a reader", change={"with": reports[3].article.id})
        assert len(record.stories()) == count - 1
        record.judge(key, "undo", by="a reader")
        assert len(record.stories()) == count


def test_forgetting_leaves_codes_and_no_words(reports: list[Report], tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with open_record(path) as record:
        record.add(reports)
        types = sorted(e.type for e in record.events())
        record.forget(reports[2].article.id, by="the publisher", why="asked")
        assert sorted(e.type for e in record.events()) == types
        assert record.add(reports[2]) == 0, "what was forgotten is not taken in again"
        assert "ambulances" not in json.dumps([r.to_dict() for r in record.reports()])
        with pytest.raises(RecordError):
            record.forget("a:none")
    assert b"ambulances" not in path.read_bytes()


def test_exports_have_the_columns_of_those_who_read_them(reports: list[Report], tmp_path: Path) -> None:
    run, path = CliRunner(), str(tmp_path / "x.duckdb")
    with open_record(path) as record:
        record.add(reports)
    for form in ("polecat", "gdelt", "parquet", "bundle"):
        result = run.invoke(main, ["export", path, "--as", form, "-o", str(tmp_path / form)])
        assert result.exit_code == 0, result.output
    rows = list(csv.reader(open(tmp_path / "polecat", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert tuple(rows[0]) == POLECAT_COLUMNS and len(POLECAT_COLUMNS) == 40 and {len(r) for r in rows} == {40}
    accuse = next(r for r in rows if r[2] == "ACCUSE")
    assert (accuse[8], accuse[9], accuse[16], accuse[5]) == ("KEN", "501", "UGA", "VERBAL CONFLICT")
    rows = list(csv.reader(open(tmp_path / "gdelt", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {len(r) for r in rows} == {len(EVENT_COLUMNS)} == {61}
    accuse = next(
        r
        for r in rows
        if r[EVENT_COLUMNS.index("Actor1CountryCode")] == "KEN" and r[EVENT_COLUMNS.index("EventRootCode")] == "11"
    )
    assert (
        accuse[EVENT_COLUMNS.index("GoldsteinScale")] == "-2.0"
        and accuse[EVENT_COLUMNS.index("NumArticles")] == "2"
        and accuse[EVENT_COLUMNS.index("QuadClass")] == "3"
    )
    mentions = list(
        csv.reader(open(tmp_path / "gdelt.mentions", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    assert {len(r) for r in mentions} == {len(MENTION_COLUMNS)} == {16} and {m[0] for m in mentions} == {
        r[0] for r in rows
    }
    assert list((tmp_path / "parquet").glob("month=2022-05/*.parquet"))
    manifest, events, articles = read_bundle(tmp_path / "bundle")
    assert manifest["events"] == len(events) > 0 and all(a["text"] for a in articles)
    again = run.invoke(main, ["export", path, "--as", "bundle", "-o", str(tmp_path / "bundle2")])
    assert again.exit_code == 0 and (tmp_path / "bundle").read_bytes() == (tmp_path / "bundle2").read_bytes()
    run.invoke(main, ["export", path, "--as", "bundle", "-o", str(tmp_path / "bare"), "--without-text"])
    assert b"ambulances" not in (tmp_path / "bare").read_bytes()
    (tmp_path / "bare").write_bytes((tmp_path / "bare").read_bytes().replace(b"KEN", b"TZA"))
    with pytest.raises(RecordError, match="not what it was"):
        read_bundle(tmp_path / "bare")


def test_a_gap_is_no_zero(reports: list[Report], tmp_path: Path) -> None:
    with open_record(tmp_path / "x.duckdb") as record:
        record.add(reports)
        days = {r["from"]: r for r in record.series("KEN", "UGA", every="1d", since="2022-05-02", until="2022-05-06")}
        assert days["2022-05-02"]["events"] >= 1 and days["2022-05-02"]["reports"] >= 2
        assert days["2022-05-03"]["events"] is None, "nothing was read of that day"
        assert days["2022-05-06"]["events"] == 0, "something was read, and they did nothing"


@pytest.mark.parametrize("content", [b"", b"no record at all, but long enough to look at", b"\x00" * 4096])
def test_what_is_no_record_is_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(content)
    if content:
        with pytest.raises(RecordError, match="no record"):
            open_record(path)
        assert path.read_bytes() == content


def test_a_newer_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    open_record(path).close()
    base = duckdb.connect(str(path))
    base.execute("update meta set schema_version = 99")
    base.close()
    with pytest.raises(RecordError, match="newer version"):
        open_record(path)


def test_a_record_open_elsewhere_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with open_record(path):
        code = (
            f"import sys; from communique import open_record, RecordError\ntry: open_record({str(path)!r})\n"
            "except RecordError as e: sys.exit(7 if 'another process' in str(e) else 1)"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7


# Adds the reports of a file and confirms an event of each; says so once it is done.
_CHILD = """
import sys, json
from communique import Report, open_record
reports = [Report.from_dict(json.loads(line)) for line in open(sys.argv[2], encoding="utf-8")]
with open_record(sys.argv[1]) as record:
    for report in reports:
        record.add(report)
        print("added", report.article.id, flush=True)
        record.judge(report.events[0].id, "confirm", by="a reader", why=report.article.id)
        print("judged", report.article.id, flush=True)
"""


def _renamed(report: Report, key: str) -> dict[str, Any]:
    """A report as if it were of another article."""
    told = report.to_dict()
    told["article"] |= {"id": key}
    told["events"] = [e | {"article": key, "id": f"{e['id']}{key[2:]}"} for e in told["events"]]
    return told


def test_a_killed_run_loses_nothing_and_goes_on(reports: list[Report], tmp_path: Path) -> None:
    """kill -9 at random moments, each while something new is written: articles and judgements that were said to be in
    are in, once, and the next run goes on.
    """
    path, lines = tmp_path / "x.duckdb", tmp_path / "reports.jsonl"
    rng, told = random.Random(3), set[str]()
    rounds = int(os.environ.get("COMMUNIQUE_KILLS", "6"))
    for turn in range(rounds):
        many = [_renamed(reports[i % len(reports)], f"a:{turn:08x}{i:08x}") for i in range(40)]
        lines.write_text("".join(json.dumps(d) + "\n" for d in many), "utf-8")
        command = [sys.executable, "-c", _CHILD, str(path), str(lines)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        out = child.stdout.readline()  # it has begun to write
        time.sleep(rng.uniform(0.0, 0.5))
        child.send_signal(signal.SIGKILL)
        told |= set((out + child.communicate()[0]).splitlines())
        if turn % 10 and turn != rounds - 1:
            continue
        with open_record(path) as record:
            there = [r.article.id for r in record.reports()]
            judged = [j["why"] for j in record.judgements()]
            assert len(there) == len(set(there)) and len(judged) == len(set(judged))
            assert told <= {f"added {a}" for a in there} | {f"judged {a}" for a in judged} and set(judged) <= set(there)
            accounts = [a for e in record.events() for a in e.accounts]
            assert len(accounts) == len(set(accounts))
    assert any(line.startswith("judged") for line in told)


def test_the_order_of_real_articles_does_not_matter(reader: Reader, corpora: Path, tmp_path: Path) -> None:
    """The same record of the same articles forwards, backwards and shuffled; `COMMUNIQUE_ARTICLES` says how many."""
    rows = (corpora / "events/train.jsonl").read_text("utf-8").splitlines()
    articles = [json.loads(r) for r in rows[: int(os.environ.get("COMMUNIQUE_ARTICLES", "15"))]]
    read = [reader.read_text(a["text"], published=a["date"], url=f"https://news.example/{a['id']}") for a in articles]
    orders = [read, read[::-1], random.Random(5).sample(read, len(read))]
    records = [state(tmp_path / f"{n}.duckdb", [order[:7], order[7:]]) for n, order in enumerate(orders)]
    assert records[0] and records[1] == records[0] and records[2] == records[0]


def test_a_briefing_says_what_the_record_holds_and_escapes_it(
    reports: list[Report], reader: Reader, tmp_path: Path
) -> None:
    run, path = CliRunner(), str(tmp_path / "x.duckdb")
    evil = reader.read_text(
        "Rwanda accused Burundi of <script>alert(1)</script> theft & <img src=x onerror=alert(2)> arson on Friday.",
        published="2022-05-06",
    )
    with open_record(path) as record:
        record.add([*reports, evil])
    told = run.invoke(main, ["brief", path, "--about", "RWA", "--since", "4w"])
    assert (
        told.exit_code == 0
        and "Rwanda" in told.stdout
        and "ambulances" not in told.stdout
        and "\\<script\\>" in told.stdout
    )
    result = run.invoke(main, ["brief", path, "-o", str(tmp_path / "brief.html")])
    text = (tmp_path / "brief.html").read_text("utf-8")
    assert result.exit_code == 0 and "<script" not in text and "<img" not in text and "ambulances" in text
    assert run.invoke(main, ["brief", path, "--since", "soon"]).exit_code == 2
    open_record(tmp_path / "empty.duckdb").close()
    assert "empty record" in run.invoke(main, ["brief", str(tmp_path / "empty.duckdb")]).stdout
