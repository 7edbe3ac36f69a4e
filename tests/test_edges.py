"""What is asked and told at the edges (Python, commands, room, programs, network) is taken or refused in one clear
line.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from communique import Reader, RecordError, Report, open_record
from communique.cli import main
from communique.mcp import Tools
from communique.record import NotFound, RecordDamaged, WrongQuestion, checks
from communique.watch import Fetcher, FetchError
from communique.watch.fetch import is_public

TEXT = "Kenya accused Uganda of theft on Monday. Uganda thanked Peru on Tuesday for its help, the ministry said."


@pytest.fixture(scope="module")
def report(reader: Reader) -> Report:
    found = reader.read_text(TEXT, published="2022-05-06", url="https://news.example/secret-address")
    assert len(found.events) >= 2
    return found


@pytest.fixture
def path(report: Report, tmp_path: Path) -> Path:
    with open_record(tmp_path / "r.duckdb") as record:
        record.add(report)
    return tmp_path / "r.duckdb"


# Questions


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "yesterday"}, "since: 'yesterday' is not a day"),
        ({"until": "2021-13-01"}, "until: '2021-13-01' is not a day"),
        ({"origins": "²"}, "origins: '²' is no whole number"),
        ({"origins": 0}, "origins: '0'"),
        ({"modality": "BOGUS"}, "modality: 'BOGUS' is not one of actual"),
        ({"text": "a" * 20_000}, "text: 20,000 characters"),
        ({"since": "2022-01-02", "until": "2022-01-01"}, "is after until"),
        ({"actor": "XYZ"}, "no state or code"),
    ],
)
def test_a_wrong_question_names_the_value_and_what_is_accepted(path: Path, asked: dict[str, Any], said: str) -> None:
    with open_record(path, read_only=True) as record, pytest.raises(WrongQuestion, match=said):
        record.events(**asked)
    if all(isinstance(v, str) for v in asked.values()):
        result = CliRunner().invoke(main, ["events", str(path), *(x for k, v in asked.items() for x in (f"--{k}", v))])
        assert result.exit_code == 2 and str(path) not in result.output


@pytest.mark.parametrize("every", ["²d", "0d", "1", "d", "1x", "1000d", "99999999999y", "-1d", ""])
def test_periods(path: Path, every: str) -> None:
    with open_record(path, read_only=True) as record, pytest.raises(WrongQuestion, match="not a period such as"):
        record.series("KEN", "UGA", every)


def test_a_series_has_a_bound(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        with pytest.raises(WrongQuestion, match="periods, more than"):
            record.series("KEN", "UGA", "1d", "0001-01-01", "9999-12-31")
        with pytest.raises(WrongQuestion, match="before the year 1"):
            record.series("KEN", "UGA", "999y", "0001-01-01", "2022-12-31")
        assert len(record.series("KEN", "UGA", "1y", "0001-01-01", "9999-12-31")) == 9999
        assert len(record.series("KEN", "UGA", "1d", "2000-01-01", "2022-12-31")) == 8401
    with pytest.raises(Exception, match="periods, more than 1,000"):
        Tools(path).dyad_series("KEN", "UGA", "1d", "1990-01-01", "2022-12-31")


def test_stretches_of_a_briefing(path: Path) -> None:
    for since in ("99999999999d", "²d", "soon", "-1d"):
        assert CliRunner().invoke(main, ["brief", str(path), "--since", since]).exit_code == 2
    for more in (["--since", "999999d"], ["--until", "0001-01-01"], ["--since", "999999y", "--until", "0001-01-02"]):
        assert CliRunner().invoke(main, ["brief", str(path), *more]).exit_code == 0, more


# Judgements

WRONG_CHANGES: list[tuple[str, Any, str]] = [
    ("correct", {"bogus": 1}, "'bogus' cannot be corrected"),
    ("correct", {"modality": "BOGUS"}, "modality: 'BOGUS' is not one of"),
    ("correct", {"polarity": 1}, "polarity: '1' is not one of"),
    ("correct", {"actors": ["CAN"]}, "actors: 'CAN' is not an object"),
    ("correct", {"actors": [{"country": 7}]}, "country: '7'"),
    ("correct", {"actors": [{"planet": "Mars"}]}, "no field 'planet'"),
    ("correct", {"recipients": "CAN"}, "recipients: 'CAN' is no list"),
    ("correct", {"date": {"from": "soon"}}, "date: from: 'soon' is not a day"),
    ("correct", {"place": ["Lima"]}, "place: .* is not an object"),
    ("correct", {}, "name what changes"),
    ("correct", [1], "is not an object"),
    ("confirm", {"type": "AGREE"}, "changes nothing"),
    ("merge", {}, "the id of the other"),
]


@pytest.mark.parametrize(("verdict", "change", "said"), WRONG_CHANGES)
def test_a_judgement_that_fits_nothing_is_refused_wherever_it_comes_in(
    path: Path, report: Report, verdict: str, change: Any, said: str
) -> None:
    event = report.events[0]
    row = {"id": "j:1", "target": event.id, "verdict": verdict, "by": "me", "why": "", "change": change}
    row |= {"article": event.article, "trigger_start": 0, "trigger_end": 9, "type": event.type}
    with open_record(path) as record:
        with pytest.raises(WrongQuestion, match=said):
            record.judge(event.id, verdict, "me", "", change)
        with pytest.raises(WrongQuestion, match=said):
            record.apply([row])
        assert not record.judgements()


def test_nothing_is_merged_with_itself_or_with_what_is_of_another_kind(path: Path, report: Report) -> None:
    event = report.events[0].id
    with open_record(path) as record:
        for other, said in ((event, "with itself"), (report.article.id, "an event is merged with an event")):
            with pytest.raises(WrongQuestion, match=said):
                record.judge(event, "merge", "me", "", {"with": other})
        with pytest.raises(NotFound):
            record.judge(event, "merge", "me", "", {"with": "e:none"})


def test_a_judgement_kept_by_an_older_version_that_fits_nothing_costs_no_batch(path: Path, report: Report) -> None:
    event = report.events[0]
    with open_record(path) as record:
        record.judge(event.id, "correct", "me", "", {"modality": "future"})
        record._base.execute("update judgements set change = '{\"bogus\": 1}'")
        record._tell([report.article.id])
        assert len(record.events()) == len(report.events)


def test_forgetting_reaches_judgements_and_the_address(path: Path, report: Report) -> None:
    event = report.events[0]
    with open_record(path) as record:
        record.judge(
            event.id, "correct", "me", "the page says: of theft", {"actors": [{"text": "Kenya", "country": "KEN"}]}
        )
        record.forget(report.article.id, "me", "asked")
        assert record.judgements()[0]["change"]["actors"][0]["country"] == "KEN"
    left = path.read_bytes()
    for word in (b"of theft", b"secret-address", b"thanked Peru"):
        assert word not in left


# Damage


def test_an_emptied_table_and_flipped_bits_are_told_in_one_line(path: Path, tmp_path: Path) -> None:
    import duckdb

    emptied = tmp_path / "emptied.duckdb"
    shutil.copy(path, emptied)
    with duckdb.connect(str(emptied)) as base:
        base.execute("delete from meta")
    with pytest.raises(RecordDamaged, match="does not say of which version"):
        open_record(emptied)
    whole = path.read_bytes()
    for at in range(len(whole) // 20, len(whole), len(whole) // 12):
        flipped = bytearray(whole)
        flipped[at] ^= 0x10
        damaged = tmp_path / "damaged.duckdb"
        damaged.write_bytes(bytes(flipped))
        try:
            with open_record(damaged, read_only=True) as record:
                list(record.events())
                list(record.reports())
        except RecordError as error:
            assert "\n" not in str(error)


def test_without_a_terminal_nothing_is_asked(path: Path) -> None:
    book = Path(__file__).parent.parent / "examples"
    file = next(iter(book.rglob("*.toml")), None)
    if file is None:
        pytest.skip("no codebook among the examples")
    result = CliRunner().invoke(main, ["codebook", "suggest", str(file), "--record", str(path), "--by", "me"])
    assert result.exit_code == 2 and "terminal" in result.output


# Network


@pytest.mark.parametrize(
    "address",
    (
        "64:ff9b::7f00:1 2002:7f00:1:: ::127.0.0.1 fec0::1 192.0.0.8 ::1 ::ffff:10.0.0.1 fe80::1 64:ff9b:1::1 2001::1"
    ).split(),
)
def test_addresses_that_stand_for_private_ones(address: str) -> None:
    assert not is_public(address)


def test_public_addresses() -> None:
    assert all(map(is_public, ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8")))


class _Hostile(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self.send_error(404)
        elif self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://[::1")
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"a")
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.undo()  # this test's own server is on loopback
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hostile)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def test_a_redirect_to_no_address_and_a_server_that_drips(hostile: str) -> None:
    with pytest.raises(FetchError, match="no address"):
        Fetcher(private=True, pause=0).get(f"{hostile}/away")
    with pytest.raises(FetchError, match="took longer than 1 seconds"):
        Fetcher(private=True, pause=0, seconds=1.0).get(f"{hostile}/drip")


# The room


def test_the_room_serves_views_while_hostile_pages_are_read(path: Path) -> None:
    """Ten pages that take for ever are dropped; a view is answered while every one of them waits, and a good page after
    them is read.
    """
    httpx = pytest.importorskip("httpx")
    pytest.importorskip("fastapi")
    from communique.room import app as rooms
    from communique.room.worker import Worker
    from communique.schema import PageError

    class Slow(Worker):
        def read(self, data: bytes, published: str | None = None) -> dict[str, Any]:
            time.sleep(0.5)
            raise PageError("<page>", "took longer than 0.5 seconds: not read")

    made = pytest.MonkeyPatch()
    made.setattr(rooms, "Worker", Slow)
    app = rooms.application(path)
    made.undo()

    async def drop() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            dropped = [asyncio.create_task(client.post("/read", data={"text": "x"})) for _ in range(10)]
            await asyncio.sleep(0.05)
            assert (await client.get("/events.json")).status_code == 200
            assert not all(task.done() for task in dropped)
            answers = await asyncio.gather(*dropped)
            assert {a.status_code for a in answers} == {422} and "took longer" in answers[0].text
            many = await asyncio.gather(*(client.post("/read.json", data={"text": "x"}) for _ in range(20)))
            assert {a.status_code for a in many} == {422, 503}

    asyncio.run(drop())


def test_a_worker_that_takes_too_long_is_replaced() -> None:
    from communique.room.worker import Worker
    from communique.schema import PageError

    worker = Worker(seconds=120.0)
    assert worker.read(TEXT.encode() + b"\n")["report"]["events"]
    first = worker._process
    worker._seconds = 0.01
    with pytest.raises(PageError, match="took longer than 0.01 seconds"):
        worker.read((TEXT + "\n\n").encode() * 2000)
    worker._seconds = 120.0
    with pytest.raises(PageError, match="no article"):
        worker.read(b"<html><body></body></html>")
    assert worker._process is not None and worker._process is not first
    worker.close()


def test_an_upload_is_counted_as_it_comes(path: Path) -> None:
    pytest.importorskip("fastapi")
    from fastapi.testclient import TestClient

    from communique.room import app as rooms

    client = TestClient(rooms.application(path, token="é-free"), base_url="http://127.0.0.1")
    assert client.get("/?token=é").status_code == 401
    client = TestClient(rooms.application(path), base_url="http://127.0.0.1")
    taken = []

    def parts() -> Iterator[bytes]:
        for _ in range(2000):
            taken.append(1)
            yield b"a" * 100_000

    answer = client.post("/read", content=parts(), headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413
    told = client.post("/read", content=b"a", headers={"Content-Length": "99999999999"})
    assert told.status_code in (400, 413)


def test_checks_name_what_they_refuse() -> None:
    assert checks.day("since", "2021-03-23") == "2021-03-23" and checks.number("n", "7") == 7
    assert json.dumps(checks.change("correct", {"actors": [{"country": "CAN", "sector": "GOV"}], "mode": None}))
