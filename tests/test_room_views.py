"""Every view of the room on the demo's record: what it says, and how it looks in a real browser, wide and narrow."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from communique import DEFAULT_CONFIDENCE, open_record

pytest.importorskip("fastapi", reason="the extra 'room' is not installed")
from fastapi.testclient import TestClient
from test_room import browser, serving

from communique.room import application, views
from communique.room.charts import _labelled, label
from communique.room.offices import intervals

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def client(demo: Path) -> TestClient:
    return TestClient(application(demo, review=True), base_url="http://127.0.0.1")


def dyad_of(client: TestClient) -> tuple[str, str]:
    """Two states that the overview tells of."""
    matrix = client.get("/index.json").json()["matrix"]["states"]
    row = matrix["rows"][0]
    at = next(n for n, cell in enumerate(row["cells"]) if cell)
    return row["actor"], matrix["columns"][at]["code"]


def doubtful_dyad(client: TestClient) -> str:
    """The address of a dyad some of whose events are less likely right."""
    matrix = client.get("/index.json?confidence=0").json()["matrix"]["states"]
    for row in matrix["rows"]:
        for column, cell in zip(matrix["columns"], row["cells"]):
            view = f"/dyad/{row['actor']}/{column['code']}"
            if cell and any(
                not e["likely"]
                for side in client.get(f"{view}.json?confidence=0").json()["sides"]
                for e in side["events"]
            ):
                return f"{view}?confidence=0"
    raise AssertionError("no dyad of the demo has a doubtful event")


def addresses(client: TestClient) -> list[str]:
    """An address of each view, with what the record holds."""
    event = client.get("/events.json").json()["events"][0]
    a, b = dyad_of(client)
    return [
        "/",
        "/?since=2021-01-01&until=2022-12-31&confidence=0.5",
        "/events",
        "/events?order=date&scope=states",
        "/statements",
        f"/dyad/{a}/{b}",
        f"/dyad/{a}/{b}?confidence=0&every=1m",
        f"/event/{event['id']}",
        f"/article/{event['article']}",
        f"/party/{a}",
        "/map",
        "/calendar?scope=everything",
        "/brief?since=999w",
        "/glossary",
        "/read",
        "/review",
        "/events?actor=Xqzvw",
    ]


def test_the_confidence_and_the_scope_are_of_the_address(client: TestClient) -> None:
    every, usual, sure = (client.get(f"/events.json{q}").json() for q in ("?confidence=0", "", "?confidence=0.5"))
    assert usual["counts"]["confidence"] == DEFAULT_CONFIDENCE and usual["total"] == usual["counts"]["shown"]
    assert every["total"] == usual["total"] + usual["counts"]["below"] > usual["total"] > sure["total"] > 0
    assert all(e["confidence"] >= 0.5 for e in sure["events"])
    page = client.get("/events?confidence=0.5").text
    assert 'value="0.5" data-usual="0.2"' in page and "of confidence ≥ 0.50" in page and " below</a>" in page
    assert 'href="/map?confidence=0.5"' in page and "/events/download?confidence=0.5&amp;as=csv" in page
    assert 'href="/events?confidence=0"' in client.get("/events").text  # the others are one click away
    assert "confidence" not in client.get("/").text.split('href="/map')[1][:20]
    states, politics = (client.get(f"/events.json?scope={s}").json()["total"] for s in ("states", "politics"))
    assert 0 < states <= politics <= usual["total"]
    for address, told in (
        ("/events?confidence=much", "from 0 to 1"),
        ("/events?confidence=7", "from 0 to 1"),
        ("/events?scope=all", "not one of states, politics, everything"),
        ("/?since=soon", "is not a day"),
        ("/?since=2022-01-01&until=2021-01-01", "is after until"),
        ("/review?queue=mine", "not one of important, doubtful, second"),
    ):
        answer = client.get(address)
        assert answer.status_code == 400 and told in answer.text, address
    for view in ("/index", "/map", "/calendar", "/brief"):
        assert client.get(f"{view}.json?confidence=0.9").json()["counts"]["confidence"] == 0.9
    assert client.get("/events/download?as=csv&confidence=0.5").text.count("\ne:") == sure["total"]


def test_names_are_completed_and_unknown_ones_answered(client: TestClient) -> None:
    found = client.get("/names.json?q=ken").json()["names"]
    assert {"term": "KEN", "name": "Kenya"}.items() <= found[0].items() and found[0]["events"] > 0
    assert client.get("/names.json?q=").json() == {"names": []}
    unknown = client.get("/events?actor=Keny")
    assert unknown.status_code == 400 and 'href="/events?actor=Kenya"' in unknown.text
    assert client.get("/events.json?actor=Keny").json()["near"]
    assert (
        client.get("/events.json?actor=kenya").json()["total"]
        == client.get("/events.json?actor=KEN").json()["total"]
        > 0
    )
    silent = client.get("/events?actor=Tuvalu").text
    assert "no event of this record has actor Tuvalu" in silent


def test_a_line_says_all_that_it_must(client: TestClient) -> None:
    e = client.get("/events.json").json()["events"][0]
    assert e["act"] and e["heading"] and e["source"]["title"] and e["why"][0].startswith("confidence")
    page = client.get("/").text
    for part in ("<h1>Overview", "confidence ≥ 0.20", "Events that happened", 'class="why"', "The calendar"):
        assert part in page, part
    assert f"/article/{e['article'].replace(':', '%3A')}#at-" in client.get("/events").text
    assert f'id="at-{e["id"]}"' in client.get(f"/article/{e['article']}").text


def test_statements_have_a_view(client: TestClient) -> None:
    told = client.get("/statements.json").json()
    assert told["total"] > 0
    s = next(s for s in told["statements"] if s["source"] and s["source"]["country"])
    mine = client.get(f"/statements.json?speaker={s['source']['country']}").json()
    assert 0 < mine["total"] <= told["total"]
    page = client.get("/statements").text
    assert "Who said what" in page and f"/article/{s['article'].replace(':', '%3A')}" in page
    assert client.get("/statements?speaker=Xqzvw").status_code == 400
    assert "No statement fits" in client.get("/statements?text=zzzzzz").text
    party = client.get(f"/party/{s['source']['country']}").text
    assert "Said" in party and "blockquote" in party


def test_why_an_event_says_what_it_says(client: TestClient, demo: Path, tmp_path: Path) -> None:
    event = client.get("/events.json").json()["events"][0]
    told = client.get(f"/event/{event['id']}/why.json").json()
    assert told["reason"] is None and told["explanation"]["types"][0]["chosen"] in (True, False)
    assert any(c["chosen"] and c["text"] == event["type"] for c in told["explanation"]["types"])
    page = client.get(f"/event/{event['id']}/why").text
    for part in ("Type", "Actor", "runner-up", "Confidence", "chosen"):
        assert part in page, part
    assert f"/event/{event['id'].replace(':', '%3A')}/why" in client.get(f"/event/{event['id']}").text
    assert client.get("/event/e:none/why").status_code == 404
    mine = tmp_path / "r.duckdb"
    shutil.copy(demo, mine)
    with open_record(mine) as record:
        record.forget(event["article"])
    bare = TestClient(application(mine), base_url="http://127.0.0.1")
    assert "the text of its article is not kept" in bare.get(f"/event/{event['id']}/why").text


def test_the_review_corrects_parties_day_and_place(demo: Path, tmp_path: Path) -> None:
    mine = tmp_path / "r.duckdb"
    shutil.copy(demo, mine)
    client = TestClient(application(mine, review=True), base_url="http://127.0.0.1")
    first = client.get("/review.json").json()["event"]
    assert first["id"] == client.get("/events.json").json()["events"][0]["id"]  # the important first
    doubtful = client.get("/review.json?queue=doubtful").json()["event"]
    assert doubtful["confidence"] <= first["confidence"]
    form = {"target": first["id"], "verdict": "correct", "by": "ann", "actors": "Norway; KEN MIL", "recipients": "-"}
    answer = client.post(
        "/judge", data=form | {"date": "2021-03-01/2021-03-31", "place": "Oslo"}, follow_redirects=False
    )
    assert answer.status_code == 303
    event = client.get(f"/event/{first['id']}.json").json()["full"]
    assert [(p["country"], p["sector"]) for p in event["actors"]] == [("NOR", "GOV"), ("KEN", "MIL")]
    assert event["recipients"] == [] and event["place"]["name"] == "Oslo" and event["place"]["country"] == "NOR"
    assert (event["date"]["from"], event["date"]["to"], event["date"]["precision"]) == (
        "2021-03-01",
        "2021-03-31",
        "month",
    )
    wrong = client.post("/judge", data=form | {"actors": "Xqzvw"})
    assert wrong.status_code == 400 and "nobody is known as" in wrong.text
    wrong = client.post("/judge", data={"target": first["id"], "verdict": "correct", "by": "ann", "date": "soon"})
    assert wrong.status_code == 400 and "is not a day" in wrong.text
    second = client.get("/review.json?queue=second&by=bob").json()
    assert (
        second["event"]["id"] == first["id"] and client.get("/review.json?queue=second&by=ann").json()["event"] is None
    )
    client.post("/judge", data={"target": first["id"], "verdict": "confirm", "by": "bob"})
    assert client.get("/review.json").json()["agreement"]["events"] == 1
    assert "they say the same in 0%" in client.get("/review").text


def test_offices_are_clean_intervals() -> None:
    def term(office: str, start: str | None, end: str | None, seen: str | None = None) -> Any:
        return SimpleNamespace(office=office, country="FRA", start=start, end=end, seen=seen)

    found = intervals(
        [
            term("President", "2012-05-15", "2017-05-14"),
            term("President", "2012-05", "2017-05-14"),
            term("Mayor", None, None),
            term("Mayor", "2001-03-01", "2008-03-17"),
            term("Deputy", "2002-06-19", None, "2007-01-01"),
            term("Deputy", "2006-01-01", "2012-06-19"),
            term("Senator", None, None, "2019-01-01"),
        ]
    )
    assert [(o["office"], o["from"], o["to"], o["seen"]) for o in found] == [
        ("President", "2012-05", "2017-05-14", None),
        ("Deputy", "2002-06-19", "2012-06-19", None),
        ("Mayor", "2001-03-01", "2008-03-17", None),
        ("Senator", None, None, "2019-01-01"),
    ]


def test_axes_and_spans_and_groups() -> None:
    from datetime import date, timedelta

    months = [f"{y}-{m:02d}-01" for y in (2023, 2024) for m in range(1, 13)]
    assert [months[n] for n in _labelled(months, "1m", 5)] == ["2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01"]
    years = [f"{y}-01-01" for y in range(1998, 2012)]
    assert [years[n][:4] for n in _labelled(years, "1y", 3)] == ["2000", "2005", "2010"]
    assert _labelled(months[:3], "3m", 2) == [0, 2] and _labelled(months[1:3], "1m", 6) == [0]

    assert [label(f"2024-{m:02d}-01", "1m", b) for m, b in ((1, None), (2, "2024-01-01"))] == ["Jan 2024", "Feb"]
    assert (label("2024-01-01", "1y", None), label("2024-04-01", "1q", "2024-01-01")) == ("2024", "Q2")
    days = [date(1523, 1, 1), *(date(2024, 1, 1) + timedelta(n) for n in range(40))]
    counted = [(day, 1) for day in days]
    assert views.span_of(counted) == (date(2024, 1, 1), date(2024, 2, 9), 1)
    assert views.span_of([(days[0], 40), *counted[1:]])[2] == 0  # those of long ago are no few
    assert views.span_of(counted[1:])[2] == 0 and views.span_of([]) == (None, None, 0)
    assert views.every_of(days[1:]) == "1d" and views.every_of([date(2000, 1, 1), date(2024, 1, 1)]) == "1y"

    def at(name, lat, count):
        return {"name": name, "lat": lat, "lon": 10.0, "count": count, "score": -1.0}

    groups = views.grouped([at("A", 10.0, 1), at("B", 11.0, 3), at("C", 30.0, 2)])
    assert [(g["count"], [p["name"] for p in g["places"]]) for g in groups] == [(4, ["B", "A"]), (2, ["C"])]


def test_the_map_has_no_points_for_whole_states(client: TestClient) -> None:
    told = client.get("/map.json").json()
    whole = {p["name"] for p in told["places"] if not p["spot"]}
    assert whole and not whole & {q["name"] for p in told["spots"] for q in p["places"]}


CLIPPED = """() => [...document.querySelectorAll(
        'h1, h2, h3, th, td, a, button, label, dt, dd, .kind, .act, .who, option, summary')]
    .filter(e => {
        const style = getComputedStyle(e);
        return e.offsetParent && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1
            && style.display !== 'inline';
    })
    .map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""
HINTS = """() => [...document.querySelectorAll('input[placeholder]')].filter(i => i.offsetParent).filter(i => {
    const style = getComputedStyle(i), pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    const room = i.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(i.placeholder).width > room + 1;
}).map(i => i.placeholder)"""
OUTSIDE = """() => [...document.querySelectorAll('svg text')].filter(t => {
    const box = t.getBBox(), svg = t.ownerSVGElement.viewBox.baseVal;
    return box.x < -0.5 || box.x + box.width > svg.width + 0.5 || box.y + box.height > svg.height + 0.5;
}).map(t => t.textContent)"""
OVERLAP = """() => [...document.querySelectorAll('svg.timeline')].flatMap(svg => {
    const boxes = [...svg.querySelectorAll('text.middle')].map(t => t.getBBox()).sort((a, b) => a.x - b.x);
    return boxes.slice(1).filter((b, n) => b.x < boxes[n].x + boxes[n].width).map(() => 'labels overlap');
})"""


@pytest.fixture
def pages(demo: Path, monkeypatch: pytest.MonkeyPatch, no_network: None) -> Iterator[tuple[Any, Any, str, list[str]]]:
    """A wide and a narrow window on the room, its address, and what went wrong in them."""
    monkeypatch.undo()
    if browser() is None:
        pytest.skip("NO BROWSER HERE: the room was not tested in one (install chromium)")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    troubles: list[str] = []
    with serving(demo, "--review") as address, sync.sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=shutil.which(browser() or ""), args=["--no-sandbox"])
        found = []
        for size in (WIDE, NARROW):
            page = chrome.new_context(viewport=size).new_page()
            page.set_default_timeout(60_000)
            page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
            page.on("pageerror", lambda e: troubles.append(str(e)))
            found.append(page)
        yield found[0], found[1], address, troubles
        chrome.close()


def test_every_view_fits_a_desk_and_a_phone(pages: tuple[Any, Any, str, list[str]], client: TestClient) -> None:
    wide, narrow, address, troubles = pages
    for page in (wide, narrow):
        for view in addresses(client):
            page.goto(address + view)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            width = page.viewport_size["width"]
            assert over <= 0, f"{view} is wider than {width} pixels"
            for measure in (CLIPPED, HINTS, OUTSIDE, OVERLAP):
                assert page.evaluate(measure) == [], (view, width)
            assert page.locator("h1").count() >= 1, view
            expected = [t for t in troubles if "400" not in t or "Xqzvw" not in view]
            assert not expected, (view, width, expected)
            troubles.clear()
    narrow.goto(f"{address}/events")
    assert narrow.locator("table.events tbody tr").first.bounding_box()["y"] < NARROW["height"]


def test_clicks_slider_and_filters(pages: tuple[Any, Any, str, list[str]], client: TestClient) -> None:
    wide, _, address, troubles = pages
    # From the overview to the highlighted sentence in two clicks, by the words; in one by the title.
    wide.goto(address)
    wide.locator(".line .words a").first.click()
    wide.locator(".account .words a").first.click()
    assert "/article/" in wide.url and wide.locator(".body .lit").first.is_visible()
    box = wide.locator(".body .lit").first.bounding_box()
    assert box and 0 <= box["y"] <= WIDE["height"]
    wide.goto(address)
    wide.locator(".line .from a").first.click()
    assert "/article/" in wide.url and wide.locator(".read li.chosen").count() == 1
    # What is less likely right of a dyad is one click away, and its lines lead to their events.
    wide.goto(address + doubtful_dyad(client))
    folded = wide.locator("details.unsure").first
    assert folded.count() == 1
    if not folded.evaluate("f => f.open"):
        assert not folded.locator(".line").first.is_visible()
        folded.locator("summary").click()
    assert folded.locator(".line").first.is_visible()
    # The slider and the scope stand in the address, go with every link, and back works.
    wide.goto(f"{address}/events")
    before = wide.locator(".count b").inner_text()
    with wide.expect_navigation():
        wide.locator("#look input[type=range]").fill("0.5")
    assert "confidence=0.5" in wide.url and wide.locator(".count b").inner_text() != before
    with wide.expect_navigation():
        wide.locator("#look select").select_option("states")
    assert "scope=states" in wide.url and "confidence=0.5" in wide.url
    wide.locator("nav a", has_text="Map").click()
    assert "confidence=0.5" in wide.url and "scope=states" in wide.url
    wide.go_back()
    wide.go_back()
    wide.go_back()
    assert wide.locator(".count b").inner_text() == before and wide.locator("#sure").inner_text() == "0.20"
    with wide.expect_navigation():
        wide.locator(".below").click()
    assert "confidence=0" in wide.url
    # The form keeps what the slider says, and completes names.
    wide.goto(f"{address}/events?confidence=0.5")
    wide.locator("#filters input[name=party]").press_sequentially("Ken")
    wide.locator("#names option").first.wait_for(state="attached")
    assert "KEN" in wide.evaluate("[...document.querySelectorAll('#names option')].map(o => o.value)")
    wide.locator("#filters input[name=party]").fill("Kenya")
    with wide.expect_navigation():
        wide.locator("#filters button").click()
    assert "party=Kenya" in wide.url and "confidence=0.5" in wide.url and "actor=" not in wide.url
    # A legend and a glossary within one click.
    wide.locator("nav a", has_text="Glossary").click()
    assert wide.locator("#ACCUSE").count() == 1
    assert not troubles, troubles
