"""The reading room: as pages and data by its test client, and in a real browser where there is one."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from communique import Failure, Reader, Report, open_record

pytest.importorskip("fastapi", reason="the extra 'room' is not installed")
from fastapi.testclient import TestClient

from communique.room import application
from communique.room.app import Room

EVIL = """<script>alert('t')</script> Kenya accuses Uganda

Kenya accused Uganda on Monday of sending <img src=x onerror=alert(1)> agents over the border, said \
"><svg onload=alert(2)> minister Odhiambo.

Uganda denied the accusation on Tuesday and asked Kenya for talks in Nairobi. Uganda will host \
President Ruto in Kampala on 20 March."""
LATER = (
    "Uganda hosted Kenya's President William Ruto in Kampala on 20 March for talks about the border.\n\n"
    "Kenya thanked Uganda for the welcome, the foreign ministry said. Uganda would lift tariffs if Kenya "
    "reopened the border, officials said."
)


@pytest.fixture(scope="module")
def path(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("room") / "news.duckdb"
    with open_record(path) as record:
        record.add([r for r in reader.read_all(["examples/pages"]) if not isinstance(r, Failure)])
        record.add(
            [
                reader.read_text(
                    EVIL, title=EVIL.split("\n")[0], published="2024-03-05", publisher="<b>Evil</b> Times"
                ),
                reader.read_text(LATER, published="2024-03-21", publisher="Coast Herald"),
            ]
        )
        record.fail([Failure("inbox/<script>alert(3)</script>.pdf", "binary data, no text")])
    return path


@pytest.fixture
def client(path: Path) -> TestClient:
    return TestClient(application(path), base_url="http://127.0.0.1")


def ids(client: TestClient) -> tuple[str, str]:
    event = client.get("/events.json?party=UGA&type=ACCUSE").json()["events"][0]
    return event["id"], event["article"]


def views(client: TestClient) -> list[str]:
    event, article = ids(client)
    return [
        "/",
        "/events",
        "/events?type=ACCUSE&order=score&down=0",
        "/dyad/KEN/UGA?every=1m",
        "/dyad/USA/CHN",
        f"/event/{event}",
        f"/article/{article}",
        "/party/KEN",
        "/map",
        "/calendar",
        "/brief?since=60d",
        "/read",
    ]


def test_every_view_is_a_page_and_data_and_page_text_stays_text(client: TestClient) -> None:
    for address in views(client):
        page = client.get(address)
        assert page.status_code == 200, address
        assert (
            "default-src 'none'" in page.headers["content-security-policy"]
            and "unsafe" not in page.headers["content-security-policy"]
        )
        for bad in ("<script>alert", "<img src=x", "<svg onload", "<b>Evil", "style="):
            assert bad not in page.text, (address, bad)
        name, _, query = address.partition("?")
        if name != "/read":
            data = client.get(("/index" if name == "/" else name) + ".json" + (f"?{query}" if query else ""))
            assert data.status_code == 200 and data.json() is not None, address
    article = client.get(f"/article/{ids(client)[1]}").text
    assert (
        "&lt;script&gt;alert(&#39;t&#39;)&lt;/script&gt;" in article.replace('<span class="', "") or "alert" in article
    )
    api = client.get("/openapi.json").json()
    assert {"/events.json", "/dyad/{a}/{b}.json", "/article/{key}.json"} <= set(api["paths"])


def test_what_cannot_be_shown_is_told(client: TestClient, path: Path, tmp_path: Path) -> None:
    for address, status, said in (
        ("/event/e:none", 404, "no event e:none"),
        ("/article/a:none", 404, "no article a:none"),
        ("/party/Nobody At All", 404, "nobody is known as"),
        ("/events?since=2024-05-01&until=2020-01-01", 400, "is after until"),
        ("/events?since=soon", 400, "is not a day"),
        ("/events?origins=many", 400, "no whole number"),
        ("/events?origins=²", 400, "no whole number"),
        ("/events?modality=BOGUS", 400, "is not one of actual"),
        ("/events?text=" + "a" * 11_000, 400, "at most 10,000"),
        ("/events?order=colour", 400, "is not one of importance"),
        ("/dyad/KEN/UGA?every=fortnight", 400, "is not a period"),
        ("/dyad/KEN/UGA?every=²d", 400, "is not a period"),
        ("/dyad/KEN/UGA?since=0001-01-01", 400, "periods, more than"),
        ("/dyad/KEN/UGA?every=1d&since=0001-01-01&until=9999-12-31", 400, "periods, more than"),
        ("/nowhere", 404, "no such view"),
        ("/review", 403, "read-only"),
        ("/brief?since=yesterday", 400, "is neither a day such as"),
    ):
        page = client.get(address)
        assert page.status_code == status and said in page.text and "Traceback" not in page.text, (
            address,
            page.status_code,
            page.text[-400:],
        )
        name, _, query = address.partition("?")
        data = client.get(name + ".json" + (f"?{query}" if query else ""))
        assert data.status_code == status and "error" in data.json(), address
    assert "No event fits" in client.get("/events?actor=FJI&type=ASSAULT").text
    assert client.post("/judge", data={"target": "x", "verdict": "confirm", "by": "me"}).status_code == 403
    gone = tmp_path / "gone.duckdb"
    shutil.copy(path, gone)
    other = TestClient(application(gone), base_url="http://127.0.0.1")
    gone.unlink()
    assert other.get("/").status_code == 503 and "is gone" in other.get("/").text
    with pytest.raises(Exception, match="no such record"):
        application(tmp_path / "none.duckdb")


def test_a_record_that_is_being_written(client: TestClient, path: Path) -> None:
    code = (
        f"import sys, time; from communique import open_record; r = open_record({str(path)!r}); print('open', "
        "flush=True); time.sleep(30)"
    )
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        assert writer.stdout and writer.stdout.readline().strip() == b"open"
        page = client.get("/")
        assert page.status_code == 503 and "being written" in page.text
    finally:
        writer.kill()
        writer.wait()
    assert client.get("/").status_code == 200


def test_an_answer_is_held_until_the_record_changes(path: Path, reader: Reader, tmp_path: Path) -> None:
    mine = tmp_path / "mine.duckdb"
    shutil.copy(path, mine)
    room = Room(mine)
    asked = []

    def ask() -> dict[str, Any]:
        asked.append(1)
        time.sleep(0.05)
        return {"n": len(asked)}

    with ThreadPoolExecutor(8) as crowd:
        assert {a["n"] for a in crowd.map(lambda _: room.answer("x", ask), range(24))} == {1}
    assert room.answer("y", ask) == {"n": 2} and room.answer("x", ask) == {"n": 1}
    client = TestClient(application(mine), base_url="http://127.0.0.1")
    before = client.get("/events.json").json()["total"]
    with open_record(mine) as record:
        record.add(reader.read_text("Norway expelled two Ghanaian diplomats on Monday.", published="2024-04-02"))
    assert client.get("/events.json").json()["total"] > before and room.answer("x", ask) == {"n": 3}
    mine.unlink()
    assert client.get("/events").status_code == 503


def test_the_overview_is_ready_before_it_is_asked_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from communique.room import app as rooms

    app = rooms.application(path)
    rooms._prepare(app.state.room)
    monkeypatch.setattr(rooms.views, "overview", None)  # a view that asked again would fail
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/").status_code == 200


def test_downloads_hold_what_is_shown(client: TestClient) -> None:
    total = client.get("/events.json?party=UGA").json()["total"]
    assert len(client.get("/events/download?party=UGA&as=jsonl").text.splitlines()) == total
    assert client.get("/events/download?party=UGA&as=csv").text.count("\ne:") == total
    assert client.get("/events/download?party=UGA&as=parquet").content[:4] == b"PAR1"
    assert client.get("/events/download?as=exe").status_code == 400


def test_other_hosts_other_pages_and_strangers_are_refused(path: Path) -> None:
    app = application(path, review=True)
    assert TestClient(app, base_url="http://evil.example").get("/").status_code == 421
    local = TestClient(app, base_url="http://127.0.0.1")
    assert local.post("/judge", data={}, headers={"Origin": "http://evil.example"}).status_code == 403
    app = application(path, hosts=("127.0.0.1", "room.lan"), token="secret")
    far = TestClient(app, base_url="http://room.lan")
    assert far.get("/").status_code == 401 and far.get("/?token=wrong").status_code == 401
    assert far.get("/?token=secret").status_code == 200 and far.get("/events").status_code == 200


def test_judgements_go_to_the_record(path: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.duckdb"
    shutil.copy(path, mine)
    client = TestClient(application(mine, review=True), base_url="http://127.0.0.1")
    first = client.get("/review.json").json()
    answer = client.post(
        "/judge",
        data={"target": first["event"]["id"], "verdict": "reject", "by": "ann", "why": "no event", "next": "/review"},
        follow_redirects=False,
    )
    assert answer.status_code == 303 and answer.headers["location"] == "/review"
    assert (
        client.post("/judge", data={"target": first["event"]["id"], "verdict": "nod", "by": "ann"}).status_code == 400
    )
    assert (
        client.post(
            "/judge",
            data={
                "target": client.get("/review.json").json()["event"]["id"],
                "verdict": "confirm",
                "by": "ann",
                "next": "//evil.example",
            },
            follow_redirects=False,
        ).headers["location"]
        == "/review"
    )
    with open_record(mine) as record:
        assert [(j["verdict"], j["by"]) for j in record.judgements()] == [("reject", "ann"), ("confirm", "ann")]
        assert record.event(first["event"]["id"]) is None


def test_a_dropped_page_is_read_and_not_kept(client: TestClient, path: Path) -> None:
    page = client.post("/read", data={"text": LATER, "published": "2024-03-21"})
    assert page.status_code == 200 and "not kept" in page.text and "CONSULT" in page.text
    data = client.post("/read.json", files={"file": ("a.txt", LATER.encode())}, data={"published": "2024-03-21"})
    assert data.json()["events"]
    for form, said in (
        ({"text": " "}, "no page in"),
        ({"text": "Word."}, "cannot be read"),
        ({"text": LATER, "published": "soon"}, "is not a day"),
    ):
        assert said in client.post("/read", data=form).text
    assert (
        client.get("/index.json").json()["summary"]["articles"]
        == open_record(path, read_only=True).summary()["articles"]
    )


def test_what_stood_around_an_article_is_shown_as_text(reader: Reader, tmp_path: Path) -> None:
    markup = (
        "<html><body><nav><p>Home &lt;img src=x onerror=alert(5)&gt;</p></nav><article>"
        + "".join(f"<p>{p}</p>" for p in LATER.split("\n\n"))
        + "</article></body></html>"
    )
    report = reader.read(markup.encode(), published="2024-03-21")
    assert report.furniture == ("Home <img src=x onerror=alert(5)>",)
    with open_record(tmp_path / "r.duckdb") as record:
        record.add(report)
    client = TestClient(application(tmp_path / "r.duckdb"), base_url="http://127.0.0.1")
    page = client.get(f"/article/{report.article.id}").text
    assert "Home &lt;img src=x onerror=alert(5)&gt;" in page and "<img src=x" not in page
    assert client.get(f"/article/{report.article.id}.json").json()["furniture"] == ["Home <img src=x onerror=alert(5)>"]
    with open_record(tmp_path / "r.duckdb") as record:
        record.forget(report.article.id)
        assert record.furniture(report.article.id) == ()


def browser() -> str | None:
    return next((b for b in ("chromium", "chromium-browser", "google-chrome") if shutil.which(b)), None)


@contextmanager
def serving(path: Path, *options: str) -> Iterator[str]:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "communique", "room", str(path), "--port", str(port), *options], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout and b"reading room is at" in process.stdout.readline()
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}").read()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[str]:
    with serving(path, "--review") as address:
        yield address


@pytest.mark.skipif(browser() is None, reason="NO BROWSER HERE: the room was not tested in one (install chromium)")
def test_in_a_browser(
    served: str, client: TestClient, monkeypatch: pytest.MonkeyPatch, no_network: None, tmp_path: Path
) -> None:
    monkeypatch.undo()
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=shutil.which(browser() or ""), args=["--no-sandbox"])
        page = chrome.new_context(viewport={"width": 1280, "height": 860}).new_page()
        troubles: list[str] = []
        page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: troubles.append(str(e)))
        page.on("dialog", lambda d: troubles.append(f"dialog {d.message}"))
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((served, "data:", "blob:")) else troubles.append(f"left the machine: {r.url}")
            ),
        )
        for address in [*views(client), "/review"]:
            page.goto(served + address)
            assert page.locator("h1").count() >= 1 and not troubles, (address, troubles)
            width: Any = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, f"{address} is wider than the window"
        # From the overview to the sentence in two clicks.
        page.goto(served)
        page.locator(".line .words a").first.click()
        page.locator(".account .from a").first.click()
        assert (
            "/article/" in page.url
            and page.locator(".read li.chosen").count() == 1
            and page.locator(".body .lit").count() >= 1
        )
        # A filter is an address, and back works.
        page.goto(f"{served}/events")
        everything = page.locator(".count b").inner_text()
        page.locator("#filters input[name=party]").fill("UGA")
        page.locator("#filters button").click()
        page.wait_for_url("**party=UGA**")
        assert "actor=" not in page.url and page.locator(".count b").inner_text() != everything
        with page.expect_navigation():
            page.locator(".facets a").first.click()
        page.go_back()
        page.go_back()
        assert page.locator(".count b").inner_text() == everything
        # Layers go on and off.
        page.goto(f"{served}/article/{ids(client)[1]}")
        page.locator(".layers input[value=party]").uncheck()
        assert "layer-party" not in (page.locator("#body").get_attribute("class") or "")
        # A dropped file is read.
        file = tmp_path / "page.txt"
        file.write_text(
            LATER + "\n\nKenya will <script>alert(4)</script> ask Uganda for more, the ministry said on Friday."
        )
        page.goto(f"{served}/read")
        page.locator("#file").set_input_files(str(file))
        page.locator("#drop button").click()
        page.wait_for_selector(".notice", timeout=60_000)
        assert page.locator(".read li").count() >= 1
        # The keyboard judges.
        page.goto(f"{served}/review")
        page.locator("input[name=by]").fill("ann")
        page.locator("h1").click()
        before = page.locator(".line .words").inner_text()
        with page.expect_navigation():
            page.keyboard.press("y")
        assert (
            page.locator(".line .words").inner_text() != before
            and page.locator("input[name=by]").input_value() == "ann"
        )
        # A phone.
        phone = chrome.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark").new_page()
        for address in views(client):
            phone.goto(served + address)
            over: Any = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{address} is wider than a phone"
        chrome.close()
    assert not troubles, troubles
    assert json.loads(urllib.request.urlopen(f"{served}/review.json").read())["judged"] == 1


def test_the_marks_of_a_long_article_leave_its_text_as_it_is(reader: Reader) -> None:
    from communique.room.marked import paragraphs

    report = reader.read_text(EVIL + "\n\n" + LATER, title=EVIL.split("\n")[0], published="2024-03-05").to_dict()
    plain = [unescape(re.sub(r"<[^>]*>", "", str(p))) for p in paragraphs(report)]
    text = report["article"]["text"]
    assert plain == [
        report["article"]["title"],
        *(text[p["start"] : p["end"]] for p in report["article"]["paragraphs"]),
    ]
    # A hundred times as long, in one paragraph: marked in time that grows with the length.
    (block,) = paragraphs(_repeated(report, 100))
    assert unescape(re.sub(r"<[^>]*>", "", str(block))) == (text.replace("\n", " ") + " ") * 100


def _repeated(report: dict[str, Any], times: int) -> dict[str, Any]:
    """A report of an article so many times as long, in one paragraph, with all that was read in each part of it."""
    text = report["article"]["text"].replace("\n", " ") + " "

    def again(v, n):
        return json.loads(re.sub(r'"((?:e|s|m|p|t|f):[^"]*)"', rf'"\1/{n}"', json.dumps(_moved(v, n * len(text)))))

    many = {
        k: [again(v, n) for n in range(times) for v in report[k]]
        for k in ("parties", "places", "times", "statements", "events", "links", "figures")
    }
    return (
        report
        | many
        | {
            "article": report["article"]
            | {"text": text * times, "title": None, "paragraphs": [{"start": 0, "end": len(text) * times}]}
        }
    )


@pytest.mark.skipif(browser() is None, reason="NO BROWSER HERE: a huge article was not tried in one (install chromium)")
def test_a_huge_article_does_not_freeze_a_browser(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    monkeypatch.undo()
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    report = reader.read_text(EVIL + "\n\n" + LATER, published="2024-03-05")
    huge = replace(Report.from_dict(_repeated(report.to_dict(), 120)), vector=report.vector, reader=report.reader)
    assert len(huge.article.text) > 50_000 and len(huge.events) >= 700
    with open_record(tmp_path / "r.duckdb") as record:
        record.add(huge)
    with serving(tmp_path / "r.duckdb") as address, sync.sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=shutil.which(browser() or ""), args=["--no-sandbox"])
        page = chrome.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}/article/{huge.article.id}?confidence=0")
        assert page.locator(".read li[data-event]").count() == len(huge.events)
        page.locator(".layers input[value=party]").uncheck()
        page.locator(".read li[data-event]").nth(len(huge.events) - 1).click()
        assert page.locator(".body .lit").count() >= 1
        assert page.locator(".body").inner_text().count("Uganda hosted Kenya") == 120
        chrome.close()


def _moved(value: Any, by: int) -> Any:
    if isinstance(value, dict):
        return {k: v + by if k in ("start", "end") and isinstance(v, int) else _moved(v, by) for k, v in value.items()}
    return [_moved(v, by) for v in value] if isinstance(value, list) else value
