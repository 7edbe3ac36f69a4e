from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
from click.testing import CliRunner

from communique import Reader, RecordError, Report, open_record
from communique.cli import main
from communique.record.exports.gdelt import gdelt_events
from communique.record.exports.polecat import polecat
from communique.record.exports.tables import flat, write_parquet
from communique.schema import EventDate, days_told, json_schema

ROOT = Path(__file__).parent.parent
TEXT = "Kenya accused Uganda of smuggling on Monday. Uganda criticised Kenya in return, according to Reuters."


@pytest.fixture(scope="module")
def report(reader: Reader) -> Report:
    return reader.read_text(TEXT, published="2022-05-04")


def test_a_report_goes_to_json_and_back(report: Report) -> None:
    d = json.loads(json.dumps(report.to_dict()))
    jsonschema.validate(d, json_schema())
    assert Report.from_dict(d).to_dict() == d


def test_the_published_schema_is_the_one_of_the_classes() -> None:
    assert json.loads((ROOT / "docs/schema.json").read_text("utf-8")) == json.loads(json.dumps(json_schema())), (
        "run make schema"
    )


def test_added_once(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "news.duckdb"
    with open_record(path) as record:
        assert record.add(report) == 1 and record.add([report, report]) == 0
        assert len(record.events()) == len(report.events) > 0
        story = record.stories()[0].id
        wanted = [replace(e, story=story) for e in sorted(report.events, key=lambda e: (e.date.from_ or "9999", e.id))]  # type: ignore[union-attr]
        assert [e.event for e in record.events()] == wanted
        assert len(record.stories()) == 1 and len(record.statements()) == len(report.statements)
    with open_record(path) as record:
        assert [r.to_dict() for r in record.reports()] == [report.to_dict()] and [
            len(r.vector) for r in record.reports()
        ] == [len(report.vector)]
        assert all("KEN" in [p.country for p in e.actors] for e in record.events(actor="KEN")) and len(
            record.events(actor="KEN")
        )
        assert len(record.events(actor="PER")) == 0
        assert record.events().arrow().num_rows == len(report.events)
        assert record.series("KEN", "UGA")[0]["conflict"] >= 1
        with pytest.raises(RecordError):
            record.events(since="soon")
        with pytest.raises(RecordError):
            record.series("KEN", "UGA", every="often")


def test_what_was_known_then(report: Report, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "news.duckdb"
    with open_record(path) as record:
        record.add(report)
    between = datetime.now(UTC).isoformat()
    with open_record(path) as record:
        record.add(reader.read_text(TEXT.replace("Kenya", "Rwanda"), published="2022-05-05"))
        assert len({m.article for s in record.stories() for m in s.articles}) == 2
    with open_record(path, as_of=between) as record:
        assert [m.article for s in record.stories() for m in s.articles] == [report.article.id]
        with pytest.raises(RecordError):
            record.add(report)


def test_copies_are_one_story(report: Report, reader: Reader, tmp_path: Path) -> None:
    copy = reader.read_text(TEXT.upper().replace(" ", "  "), url="https://copy.example/1", published="2022-05-06")
    with open_record(tmp_path / "x.duckdb") as record:
        record.add([copy, report])
        (story,) = record.stories()
    assert [(m.article, m.tie) for m in story.articles] == [(report.article.id, "first"), (copy.article.id, "copy")]


def test_the_command(tmp_path: Path) -> None:
    run, record = CliRunner(), str(tmp_path / "demo.duckdb")
    page = tmp_path / "a.txt"
    page.write_text(
        "Kenya accuses Uganda\n\n"
        + TEXT
        + "\n\nUganda refused to talk to Kenya about it, a diplomat in Kampala told journalists.\n"
    )
    assert "1 new of 1" in run.invoke(main, ["add", record, str(page), "--published", "2022-05-04"]).stdout
    assert (
        "0 new of 0 articles read, 1 known already"
        in run.invoke(main, ["add", record, str(page), "--published", "2022-05-04"]).stdout
    )
    events = [json.loads(line) for line in run.invoke(main, ["events", record]).stdout.splitlines()]
    assert events and {"origins", "reports", "accounts", "disputes", "type"} <= set(events[0])
    for form in ("jsonl", "csv", "parquet"):
        result = run.invoke(main, ["export", record, "--as", form, "-o", str(tmp_path / f"out.{form}"), "--all"])
        assert result.exit_code == 0 and (tmp_path / f"out.{form}").stat().st_size
    for form in ("text", "json", "events", "csv", "conllu"):
        result = run.invoke(main, ["read", str(page), "--format", form])
        assert result.exit_code == 0 and result.stdout
    assert run.invoke(main, ["read", "https://x.example/"]).exit_code == 2
    assert run.invoke(main, ["read", str(page), "--format", "parquet"]).exit_code == 2
    unknown = run.invoke(main, ["read", str(page), "--model", "nosuch"])
    assert unknown.exit_code == 2 and "no model 'nosuch': this build has 'default', 'open'" in unknown.output
    named = run.invoke(main, ["read", str(page), "--model", "open", "--format", "json"])
    assert named.exit_code == 0 and "model open " in json.loads(named.output)["events"][0]["reader"]


def test_a_record_of_the_first_schema_is_brought_up(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    base = duckdb.connect(str(path))
    base.execute(
        """create table meta(schema_version integer, created timestamptz); insert into meta values (1, now());
        create table articles(id varchar, reader varchar, recorded_at timestamptz, url varchar, title varchar,
            publisher varchar, published_from date, published_to date, fingerprint varchar, sha256 varchar,
            report json, primary key(id, reader));
        create table events(id varchar, article varchar); create table statements(id varchar);"""
    )
    base.execute(
        "insert into articles values (?,?,timestamptz '2022-05-05 10:00:00+00',null,null,null,null,null,'x','y',?)",
        [report.article.id, report.events[0].reader, json.dumps(report.to_dict())],
    )
    base.close()
    with open_record(path) as record:
        assert [r.to_dict() for r in record.reports()] == [report.to_dict()]
        assert len(record.events()) == len(report.events) and record.add(report) == 0
    with open_record(path, as_of="2022-05-05T09:00:00+00:00") as record:
        assert not len(record.events())


def test_a_record_whose_ties_were_measured_otherwise_is_brought_up(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    with open_record(path) as record:
        record.add(
            [
                report,
                dataclasses.replace(
                    report, article=dataclasses.replace(report.article, id="a:twin"), events=(), statements=(), links=()
                ),
            ]
        )
        told = [s.to_dict() for s in record.stories()]
    assert len(told) == 1 and len(told[0]["articles"]) == 2
    base = duckdb.connect(str(path))
    base.execute(
        "update meta set schema_version = 2; update ties set score = 0.3, wording = 0; update stories set "
        "story = article; drop table furniture"
    )
    base.close()
    with pytest.raises(RecordError, match="older version"):
        open_record(path, read_only=True)
    with open_record(path) as record:
        assert [s.to_dict() for s in record.stories()] == told and record.furniture("a:twin") == ()
    with open_record(path, read_only=True) as record:
        assert [s.to_dict() for s in record.stories()] == told


def test_times_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no such record"):
        open_record(tmp_path / "none.duckdb", as_of="2022-01-01")
    with pytest.raises(RecordError, match="no time"):
        open_record(tmp_path / "none.duckdb", as_of="last week")
    with pytest.raises(RecordError, match="folder"):
        open_record(tmp_path)


def test_a_disk_that_is_full_leaves_the_record_as_it_was(report: Report, reader: Reader, tmp_path: Path) -> None:
    """A file may not grow beyond a limit, as on a full disk: a clear error, and what was committed is there."""
    path = tmp_path / "x.duckdb"
    with open_record(path) as record:
        record.add(report)
    lines = tmp_path / "many.jsonl"
    many = [
        reader.read_text(
            TEXT.replace("Kenya", f"Kenya {n} and") * 3, url=f"https://a.example/{n}", published="2022-05-04"
        ).to_dict()
        for n in range(3)
    ]
    with open(lines, "w") as out:
        for n in range(400):
            row = many[n % 3] | {"article": many[n % 3]["article"] | {"id": f"a:{n:016x}"}}
            out.write(json.dumps(row).replace(many[n % 3]["article"]["id"], f"a:{n:016x}") + "\n")
    code = f"""
import json, os, resource, signal
from communique import RecordError, Report, open_record
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
reports = [Report.from_dict(json.loads(line)) for line in open({str(lines)!r})]
try:
    record = open_record({str(path)!r})
    size = os.path.getsize({str(path)!r})
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20000, size + 20000))
    record.add(reports)
    record.close()
    print("no error")
except RecordError as error:
    print("told:", error)
os._exit(0)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert told.stdout.startswith("told:") and str(path) in told.stdout, (told.stdout, told.stderr[-500:])
    with open_record(path) as record:
        assert [r.article.id for r in record.reports()] == [report.article.id]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "fixed"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(RecordError, match="fixed"):
        open_record(folder / "x.duckdb")


@pytest.mark.parametrize(
    ("first", "last", "unit", "told"),
    [
        ("2018-06-05", "2018-06-05", "day", "2018-06-05"),
        ("2018-06-04", "2018-06-10", "week", "2018-06-04 to 2018-06-10"),
        ("2018-06-01", "2018-06-30", "month", "2018-06"),
        ("2018-04-01", "2018-06-30", "quarter", "2018-04-01 to 2018-06-30"),
        ("2018-01-01", "2018-12-31", "year", "2018"),
        ("2010-01-01", "2019-12-31", "longer", "2010-01-01 to 2019-12-31"),
        (None, None, None, ""),
    ],
)
def test_a_date_says_how_precise_it_is(first: str | None, last: str | None, unit: str | None, told: str) -> None:
    date = EventDate(None, None, None, first, last, "stated")
    assert (date.precision, days_told(first, last)) == (unit, told)


def test_what_is_known_by_year_alone_is_in_no_month(reader: Reader, tmp_path: Path) -> None:
    report = reader.read_text(
        "Mali accused Niger of theft in 2018. Mali attacked Niger on 5 June 2018.", published="2021-03-23"
    )
    assert {e.date.precision for e in report.events if e.date} == {"day", "year"}
    with open_record(tmp_path / "r.duckdb") as record:
        record.add(report)
        assert [p["from"] for p in record.series("MLI", "NER", "1m") if p["events"]] == ["2018-06-01"]
        assert sum(p["events"] or 0 for p in record.series("MLI", "NER", "1y")) >= 2
        assert {row["date_precision"] for row in map(flat, record.events().dicts())} == {"day", "year"}
        articles: dict[str, dict[str, Any]] = {report.article.id: {}}
        days = {row[1] for row in polecat(record.events().dicts(), articles, "1")}
        assert days == {"", "2018-06-05"}
        assert {row[1] for row in gdelt_events(record.events().dicts(), {})} == {"", "20180605"}
        write_parquet(record.events().dicts(), tmp_path / "months")
    assert {p.name for p in (tmp_path / "months").iterdir()} == {"month=unknown", "month=2018-06"}
