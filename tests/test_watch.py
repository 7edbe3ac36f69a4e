"""`watch` against a server of the test's own on loopback, which it only reaches when it is allowed to."""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from communique import Failure, Reader, open_record
from communique.watch import Fetcher, FetchError, RuleError, Watch, parse

PROSE = [
    (
        "China threatened Taiwan with new sanctions on Monday after a visit of lawmakers to Taipei, the "
        "foreign ministry in Beijing said."
    ),
    "Taiwan rejected the threat and asked China to return to talks, officials told reporters.",
]
ITEM = "<item><title>{t}</title><link>{u}</link><pubDate>Mon, 05 Feb 2024 10:00:00 GMT</pubDate></item>"


class Site:
    """A small web site and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                site.asked.append(f"POST {self.rfile.read(int(self.headers['Content-Length'])).decode()}")
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def article(self, path: str, paragraphs: list[str] = PROSE) -> None:
        self.pages[path] = (
            200,
            {"Content-Type": "text/html"},
            (
                "<html><body><article><h1>China threatens "
                f"Taiwan</h1>{''.join(f'<p>{p}</p>' for p in paragraphs)}</article></body></html>"
            ).encode(),
        )

    def feed(self, *paths: str) -> None:
        items = "".join(ITEM.format(t="China threatens Taiwan", u=self.root + p) for p in paths)
        self.pages["/feed"] = (
            200,
            {"ETag": f'"{len(paths)}"'},
            f"<?xml version='1.0'?><rss version='2.0'><channel><title>Coast</title>{items}</channel></rss>".encode(),
        )


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, no_network: None) -> Iterator[Site]:
    monkeypatch.undo()  # this test's own server is on loopback
    found = Site()
    yield found
    found.server.shutdown()


def test_rules() -> None:
    rule = parse("CHN->TWN THREATEN|MOBILIZE origins>=2 modality=actual")
    assert (rule.actor, rule.recipient, rule.types, rule.numbers, rule.words) == (
        "CHN",
        "TWN",
        ("THREATEN", "MOBILIZE"),
        (("origins", ">=", 2.0),),
        (("modality", "actual"),),
    )
    assert parse("CHN MIL<->*").questions() == [{"actor": "CHN MIL"}, {"recipient": "CHN MIL"}]
    assert parse("ASSAULT reports>3").types == ("ASSAULT",) and parse("*->ISR").actor is None
    assert parse("CHN->TWN").recipient == "TWN" and parse("CHN -> TWN MIL ASSAULT").recipient == "TWN MIL"
    for wrong in (
        "",
        "CHN TWN THREATEN",
        "->TWN",
        "CHN->",
        "CHN->TWN origins>=two",
        "CHN->TWN weather=good",
        "CHN->TWN modality>actual",
    ):
        with pytest.raises(RuleError):
            parse(wrong)


def test_a_feed_is_read_once_and_alerts_once(site: Site, reader: Reader, tmp_path: Path) -> None:
    site.article("/1")
    site.feed("/1")
    alerts: list[dict[str, object]] = []
    failures: list[Failure] = []
    with open_record(tmp_path / "r.duckdb") as record:

        def new():
            return Watch(
                reader,
                record,
                [f"{site.root}/feed"],
                [parse("CHN->TWN THREATEN"), parse("CHN->TWN origins>=2")],
                Fetcher(private=True, pause=0),
                alerts.append,
                failures.append,
            )

        assert new().round() == 1
        assert {a["rule"] for a in alerts} == {"CHN->TWN THREATEN"}
        told = len(alerts)
        (article,) = [r.article for r in record.reports()]
        assert article.published and article.published.from_ == "2024-02-05"
        before = len(site.asked)
        assert new().round() == 0 and site.asked[before:] == ["/robots.txt", "/feed"]
        site.article("/2", [p.replace("on Monday", "on Monday evening") + " More was expected." for p in PROSE])
        site.feed("/2", "/1")
        assert new().round() == 1
        assert site.asked.count("/1") == 1
        assert [a for a in alerts[told:] if a["rule"] == "CHN->TWN THREATEN"] == []  # the same event, told again
    assert not failures


def test_robots_redirects_and_the_feed_instead_of_its_page(site: Site, reader: Reader, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /secret\n")
    site.article("/secret/1")
    site.pages["/moved"] = (302, {"Location": "/there"}, b"")
    site.article("/there")
    site.pages["/loop"] = (302, {"Location": "/loop"}, b"")
    site.pages["/file"] = (302, {"Location": "file:///etc/passwd"}, b"")
    site.feed("/secret/1", "/moved", "/loop", "/file", "/gone")
    failures: list[Failure] = []
    with open_record(tmp_path / "r.duckdb") as record:
        assert (
            Watch(
                reader, record, [f"{site.root}/feed"], (), Fetcher(private=True, pause=0), complain=failures.append
            ).round()
            == 1
        )
        (article,) = [r.article for r in record.reports()]
    assert article.url and article.url.endswith("/there")
    assert "/secret/1" not in site.asked
    assert [f.cause for f in failures] == [
        "robots.txt forbids it",
        "more than 5 redirects",
        "file:///etc/passwd: only http and https are fetched",
        "HTTP status 404",
    ]


def test_no_private_address_unless_allowed(site: Site) -> None:
    for url in (
        site.root,
        "http://localhost/x",
        "http://127.0.0.1/",
        "http://10.0.0.7/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
    ):
        with pytest.raises(FetchError, match="no public address|no such host"):
            Fetcher().get(url)
    for url in (
        "file:///etc/passwd",
        "ftp://a.example/",
        "gopher://a",
        "http://",
        "http://u:p@a.example/",
        "http://[bad",
    ):
        with pytest.raises(FetchError):
            Fetcher(private=True).get(url)
    assert site.asked == []


def test_answers_are_bounded(site: Site) -> None:
    site.pages["/big"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 30_000_000))
    with pytest.raises(FetchError, match="more than 20 MB"):
        Fetcher(private=True, pause=0).get(f"{site.root}/big")


def test_folders_lists_and_webhooks(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from communique.cli import main

    site.article("/1")
    site.feed("/1")
    inbox, record, alerts = tmp_path / "in", str(tmp_path / "r.duckdb"), tmp_path / "alerts.jsonl"
    inbox.mkdir()
    page = inbox / "a.txt"
    page.write_text("\n\n".join(PROSE).replace("Taiwan", "Japan").replace("Taipei", "Tokyo"))
    os.utime(page, (1_700_000_000, 1_700_000_000))
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<?xml version="1.0"?><opml version="2.0"><body><outline text="x"><outline '
        f'xmlUrl="{site.root}/feed"/></outline></body></opml>'
    )
    command = [
        "watch",
        record,
        str(inbox),
        str(opml),
        "--once",
        "--allow-private",
        "--alert",
        "CHN->* THREATEN",
        "--to",
        str(alerts),
        "--webhook",
        f"{site.root}/hook",
    ]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0 and "2 new articles" in result.stderr, result.output
    told = [json.loads(line) for line in alerts.read_text().splitlines()]
    assert {r["country"] for a in told for r in a["event"]["recipients"]} == {"JPN", "TWN"}
    assert sum(a.startswith("POST") for a in site.asked) == len(told)
    assert "0 new articles" in CliRunner().invoke(main, command).stderr
    assert CliRunner().invoke(main, ["watch", record, str(inbox), "--alert", "CHN TWN"]).exit_code == 2
    wrong = CliRunner().invoke(main, ["watch", record, str(inbox), "--alert", "CHN->* THREATN"])
    assert wrong.exit_code == 2 and "did you mean THREATEN" in wrong.stderr
