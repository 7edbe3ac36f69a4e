from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from communique import Reader, Report
from communique.pages import drafts, kind_of
from communique.pages.aligning import align
from communique.pages.draft import Draft
from communique.schema import Failure
from training.heads.pages import crossed, keys, load, score

PAGE = """<html><head><title>{title} | Coast Herald</title><meta property="og:title" content="{title}">
<meta property="og:site_name" content="Coast Herald">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}", \
"datePublished": "2024-02-03T07:00:00+02:00", "author": {{"name": "Mara Olsen"}}}}</script></head>
<body><nav><a href="/">Home</a> <a href="/x">Sport</a></nav><article><h1>{title}</h1>{body}</article>\
<aside class="related"><h3><a href="/q">Another story of another day entirely</a></h3></aside></body></html>"""
PROSE = [
    "Ghana sent two patrol boats to Togo on Friday to help it guard its coast against pirates, the navy said.",
    "Togo thanked its neighbour and promised to share what its radar sees with the Ghanaian coast guard.",
    "The two countries have quarrelled about fishing rights for years, and a treaty of 2019 was never ratified.",
    "A spokesman said that the boats would stay until the end of the rainy season, if both parliaments agree.",
]


def one(data: bytes, **given: object) -> Draft:
    found = list(drafts(data, "page", **given))  # type: ignore[arg-type]
    assert len(found) == 1 and isinstance(found[0], Draft), found
    return found[0]


def failure(data: bytes) -> str:
    found = list(drafts(data, "page"))
    assert len(found) == 1 and isinstance(found[0], Failure), found
    return found[0].cause


def page(body: str, title: str = "Ghana lends Togo two patrol boats") -> bytes:
    return PAGE.format(title=title, body=body).encode()


def test_html_gives_what_a_reader_of_the_page_sees() -> None:
    draft = one(page("".join(f"<p>{p}</p>" for p in PROSE)))
    assert draft.title == "Ghana lends Togo two patrol boats"
    assert list(draft.paragraphs) == PROSE
    assert (draft.authors, draft.published, draft.basis, draft.publisher) == (
        ("Mara Olsen",),
        "2024-02-03T07:00:00+02:00",
        "markup",
        "Coast Herald",
    )


@pytest.mark.parametrize(
    "inserted",
    [
        (
            '<div class="inline-related"><p><a href="/a">READ MORE: The long quarrel about the fish of the '
            "gulf</a></p></div>"
        ),
        (
            "<figure><img src=a.jpg><figcaption>A patrol boat in the harbour of Tema last year. Photo: "
            "Handout</figcaption></figure>"
        ),
        (
            '<div class="newsletter-signup"><p>Sign up for our newsletter and get the best of the coast in '
            "your inbox every morning.</p></div>"
        ),
        '<p style="display: none">This sentence is hidden from every reader of the page and must stay so for good.</p>',
        "<p><a href=/b>WATCH: THE BOATS LEAVE TEMA</a></p>",
        "<aside><p>The gulf is one of the most dangerous waters of the world for sailors, a report says.</p></aside>",
    ],
)
def test_furniture_within_the_text_is_left_out(inserted: str) -> None:
    body = f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p>{inserted}<p>{PROSE[2]}</p><p>{PROSE[3]}</p>"
    assert list(one(page(body)).paragraphs) == PROSE


def test_what_a_page_shows_around_its_article_is_told() -> None:
    draft = one(
        page(
            "".join(f"<p>{p}</p>" for p in PROSE)
            + '<div class="newsletter-signup"><p>Sign up for the letter of the coast.</p></div>'
        )
    )
    assert draft.furniture == (
        "Home Sport",
        "Sign up for the letter of the coast.",
        "Another story of another day entirely",
    )
    long = one(
        page(
            "".join(f"<p>{p}</p>" for p in PROSE)
            + "<nav>"
            + "".join(f"<p>Link number {n} of the footer</p>" for n in range(5000))
            + "</nav>"
        )
    )
    assert 0 < sum(map(len, long.furniture)) <= 20_000
    plain = one(
        (
            "Home\nSport\nSubscribe now\nGhana lends Togo two patrol boats\n\n" + "\n\n".join(PROSE) + "\n\nShare this"
        ).encode()
    )
    assert {"Home", "Sport", "Share this"} <= set(plain.furniture) and not set(PROSE) & set(plain.furniture)


def test_paragraphs_parted_by_line_breaks_alone() -> None:
    assert list(one(page("<div>" + "<br><br>".join(PROSE) + "</div>")).paragraphs) == PROSE


def test_scraped_text_headline_repeated_and_furniture_dropped() -> None:
    text = (
        "Connect with us\n\n\nTogo thanks Ghana for patrol boats\n\nTogo thanks Ghana for patrol boats.\nnews app\n\n"
        + "\n\n".join(PROSE)
        + "\n\nnews app\n"
    )
    draft = one(text.encode())
    assert draft.title in ("Togo thanks Ghana for patrol boats", "Togo thanks Ghana for patrol boats.")
    assert list(draft.paragraphs) == PROSE


def test_hard_wrapped_text_is_joined() -> None:
    import textwrap

    text = "Ghana lends Togo patrol boats\n\n" + "\n\n".join(textwrap.fill(p, 60) for p in PROSE)
    assert list(one(text.encode()).paragraphs) == PROSE


def test_rows_of_tables() -> None:
    rows = [
        {"id": str(i), "headline": "Boats", "event_text": "\n\n".join(PROSE), "pub_date": "2024-02-03"}
        for i in range(3)
    ]
    lines = "\n".join(map(json.dumps, rows)) + "\nnot json\n"
    found = list(drafts(lines.encode(), "rows.jsonl"))
    assert [type(f).__name__ for f in found] == ["Draft", "Draft", "Draft", "Failure"]
    assert isinstance(found[3], Failure) and found[3].page == "rows.jsonl:4"
    table = 'pubdate,body,title\n2024-02-03,"' + " ".join(PROSE) + '",Boats\n'
    draft = one(table.encode(), columns={"text": "body", "date": "pubdate"})
    assert (draft.format, draft.published, draft.title) == ("csv", "2024-02-03", "Boats")


def test_a_column_that_is_not_there_is_named() -> None:
    found = list(drafts(b'{"body": "x"}\n', "rows", columns={"text": "story_text"}))
    assert isinstance(found[0], Failure) and "story_text" in found[0].cause


def test_what_a_page_is_is_decided_by_its_content() -> None:
    assert kind_of(b"WARC/1.0\r\n") == "warc"
    assert kind_of(b"\n <!doctype html><p>x") == "html"
    assert kind_of(b'{"text": 1}') == "jsonl"
    assert kind_of(b"title,text\na,b\n") == "csv"
    assert kind_of(b"Ministers met on Monday, officials said.") == "text"


def test_warc_records_are_read_and_a_truncated_archive_is_said() -> None:
    from io import BytesIO

    from fastwarc.warc import WarcRecord, WarcRecordType

    out = BytesIO()
    for number in range(2):
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.response, content_length=0)
        record.headers["WARC-Target-URI"] = f"https://coast.example/{number}"
        record.set_bytes_content(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page("".join(f"<p>{p}</p>" for p in PROSE))
        )
        record.write(out)
    found = list(drafts(out.getvalue(), "news.warc"))
    assert [isinstance(f, Draft) for f in found] == [True, True]
    assert [f.url for f in found if isinstance(f, Draft)] == ["https://coast.example/0", "https://coast.example/1"]
    broken = list(drafts(gzip.compress(out.getvalue())[:-30], "news.warc.gz"))
    assert isinstance(broken[-1], Failure) and "gzip" in broken[-1].cause


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    text = page("".join(f"<p>{p.replace('Ghana', 'Côte d’Ivoire')}</p>" for p in PROSE)).decode()
    if encoding == "cp1252":
        text = text.replace("<head>", '<head><meta charset="windows-1252">')
    assert "Côte d’Ivoire" in one(text.encode(encoding)).paragraphs[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n\n ", "empty"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x1f\x8b\x08" + b"\x00" * 20, "gzip"),
        (b"Word.", "no article"),
        (("<html><body>" + "<div>" * 20_000 + "text").encode(), "deep"),
        (b"<html><body><p>" + b"word " * 10_000_001 + b"</p></body></html>", "too large"),
        (("김정은 국무위원장은 시진핑 주석에게 친서를 보냈다고 조선중앙통신이 보도했다. " * 10).encode(), "Korean"),
        (("中国外交部发言人周一表示,中方坚决反对美方对台军售,并敦促美方停止错误行为。" * 10).encode(), "Chinese"),
        (b"<html><head><title>x</title></head><body></body></html>", "no article"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, said: str) -> None:
    assert said in failure(data)


def test_hostile_markup_stays_text() -> None:
    body = "".join(f"<p>{p}</p>" for p in PROSE) + (
        "<script>alert(1)</script><p>He wrote &lt;script&gt;alert(2)&lt;/script&gt; on the wall of the "
        "ministry, police said.</p>"
    )
    draft = one(page(body))
    assert "alert(1)" not in " ".join(draft.paragraphs) and "<script>alert(2)</script>" in draft.paragraphs[-1]


def test_a_line_of_figures_that_is_nearly_a_clock_is_looked_at_once(reader: Reader) -> None:
    figures = "20240205" * 400
    page = (
        "<html><body><article><h1>Peru recalls its envoy</h1><p>Peru recalled its ambassador from Chile on "
        f"Monday.</p><p>{figures}x</p><p>Chile regretted the step.</p></article></body></html>"
    )
    assert "Chile regretted the step." in reader.read(page.encode()).article.text


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_paragraph_that_is_wholly_a_link_is_kept(place: int) -> None:
    linked = "On Saturday Benin closed the port of Cotonou and recalled two of its envoys."
    parts = [f"<p>{p}</p>" for p in PROSE]
    parts.insert(place, f"<p><a href='/x'><b>{linked}</b></a></p>")
    assert list(one(page("".join(parts))).paragraphs) == [*PROSE[:place], linked, *PROSE[place:]]


@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_a_lead_that_is_set_as_a_heading_is_kept(tag: str) -> None:
    body = f"<{tag}>{PROSE[0]}</{tag}>" + "".join(f"<p>{p}</p>" for p in PROSE[1:])
    assert list(one(page(body)).paragraphs) == PROSE


def test_what_is_hidden_in_words_or_encoded_twice_is_as_on_the_clean_page() -> None:
    clean = [PROSE[0].replace("its coast", "Togo’s coast"), *PROSE[1:]]
    soft = [p.replace("Ghana", "Gha\u00adna").replace("Togo", "To\u200bgo") for p in clean]
    entity = [p.replace("Ghana", "Gha&shy;na").replace("boats", "bo&#8203;ats") for p in clean]
    twice = [p.encode().decode("cp1252") for p in clean]
    for told in (soft, entity, twice):
        assert list(one(page("".join(f"<p>{p}</p>" for p in told))).paragraphs) == clean
    assert list(one("\n\n".join(soft).encode()).paragraphs) == clean


BARE = (
    "<html><head><title>{0}</title></head><body><nav><a href=/>Home</a></nav><main>"
    "<h1>{0}</h1>{1}</main>{2}</body></html>"
)


@pytest.mark.parametrize(
    ("seen", "day"),
    [
        ("Published: 3 February 2024", "2024-02-03"),
        ("Posted on February 3, 2024 at 10:15", "2024-02-03"),
        ("Saturday, 3 February 2024", "2024-02-03"),
        ("3 Feb 2024 14:05 GMT", "2024-02-03"),
        ("Posted: 23/02/2024", "2024-02-23"),
        ("Published on Sat, 3 Feb 2024 | 10:15 am", "2024-02-03"),
        ("Published: 03/02/2024", "03/02/2024"),  # as it stands: which day it is, or that it is none, is found later
        ("Published 31 February 2024", "31 February 2024"),
        ("Published 12 treaties 2024", None),
        ("03/02/2024", None),
        ("The treaty of 3 February 2024", None),
    ],
)
def test_a_day_that_only_people_see(seen: str, day: str | None) -> None:
    body = f"<p>{seen}</p>" + "".join(f"<p>{p}</p>" for p in PROSE)
    assert one(BARE.format("Ghana lends boats to Togo", body, "<p>© 2019 Coast</p>").encode()).published == day
    foot = "".join(f"<p>{p}</p>" for p in PROSE) + f"<p>{seen}</p>"
    wanted = day if seen.startswith(("Published", "Posted")) else None
    assert one(BARE.format("Ghana lends boats to Togo", foot, "").encode()).published == wanted


@pytest.mark.parametrize(
    ("seen", "address", "day"),
    [
        ("Published: 03/02/2024", "https://coast.example.tg/1", "2024-02-03"),
        ("Published: 02/03/2024", "https://coast.example.us/1", "2024-02-03"),
        ("Published: 03/02/2024", "https://coast.example/1", None),
        ("Published: 31/02/2024", "https://coast.example.tg/1", None),
    ],
)
def test_a_visible_day_in_figures_is_read_by_the_country_or_told(
    reader: Reader, seen: str, address: str, day: str | None
) -> None:
    body = f"<p>{seen}</p>" + "".join(f"<p>{p}</p>" for p in PROSE)
    report = reader.read(BARE.format("Ghana lends boats to Togo", body, "").encode(), url=address)
    assert (report.article.published and report.article.published.from_) == day
    assert seen.split()[1] not in report.article.text
    assert [n.cause for n in report.notes] == (
        [] if day else [f"'{seen.split()[1]}' is not a day of publication that can be read; the page has no day"]
    )


@pytest.mark.parametrize(
    "card",
    [
        (
            '<aside><ul><li>Rain in Accra <span class="byline"><a rel="author" href="/2">Kofi '
            "Adu</a></span></li></ul></aside>"
        ),
        '<div class="related"><p>Rain in Accra</p><p class="byline">By Kofi Adu</p></div>',
        (
            '<section><article><h3><a href="/r">Rain falls on Accra again</a></h3><p class="author">Kofi '
            "Adu</p></article></section>"
        ),
        '<ul><li><a href="/r">Rain falls on Accra again</a> <span class="author">Kofi Adu</span></li></ul>',
    ],
)
def test_authors_of_other_stories_are_not_those_of_this_one(card: str) -> None:
    body = '<p class="byline">By <a rel="author" href="/1">Mara Olsen</a></p>' + "".join(f"<p>{p}</p>" for p in PROSE)
    assert one(BARE.format("Ghana lends boats to Togo", body, card).encode()).authors == ("Mara Olsen",)


def test_what_trafilatura_found_is_not_lost_between_its_lines_and_the_page() -> None:
    lines = [["a", "b", "c", "d"], ["news"], ["e", "f", "g", "h", "i"], ["x", "y", "z", "q"]]
    paragraphs = [["news"], ["a", "b", "c", "d"], ["news"], ["e", "f", "g"], ["h", "i"], ["other", "words", "here"]]
    told = align(lines, paragraphs)
    assert told.found == {1, 2, 3, 4} and told.missing == [(4, 3)]


def test_the_choice_of_paragraphs_holds_beside_trafilatura_on_pages_it_was_not_fitted_on(corpora: Path) -> None:
    pages = [load(*row) for row in keys(corpora / "pages")]
    rows = crossed(pages)
    for kind in ("news", "general"):
        mine = [s for p, s in rows if p.kind == kind]
        alone = [score(p.alone, p.key) for p in pages if p.kind == kind]

        def mean(told, i):
            return sum(t[i] for t in told) / len(told)

        assert mean(mine, 0) > mean(alone, 0) and mean(mine, 2) > mean(alone, 2) - 0.005


LIVE = """<html><head><title>Gulf dispute: live</title>{head}</head><body><nav><a href="/">Home</a></nav>\
<main><article><h1>Gulf dispute: live</h1><div class="{name}">
<div class="post"><div class="meta"><time datetime="2024-02-05T08:00:00Z">08:00</time></div>\
<h2>Togo recalls envoy</h2><p>Togo recalled its ambassador from Ghana this morning, its foreign minister said.</p></div>
<div class="post"><div class="meta"><time datetime="2024-02-04T19:30:00Z">19:30</time></div>\
<h2>Benin offers help</h2><p>Benin offered to mediate between Ghana and Togo on Saturday, the government said.</p></div>
<div class="post"><div class="meta"><time datetime="2024-02-03T11:00:00Z">11:00</time></div>\
<h2>Boats seized</h2><p>Ghana seized two Togolese boats near Keta two hours ago, the navy said.</p></div>
</div></article></main></body></html>"""
DATA = (
    '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Gulf dispute: live", '
    '"datePublished": "2024-02-03T11:00:00Z"}</script>'
)


@pytest.mark.parametrize(("head", "name"), [(DATA, "posts"), ("", "live-blog")])
def test_posts_of_live_reports_have_their_own_days(reader: Reader, head: str, name: str) -> None:
    report = reader.read(LIVE.format(head=head, name=name).encode())
    assert report.article.published is not None
    assert [p.day for p in report.article.published.posts] == ["2024-02-05", "2024-02-04", "2024-02-03"]
    days = {e.evidence.trigger.text: e.date.from_ for e in report.events if e.evidence.trigger and e.date}
    assert days["recalled"] == "2024-02-05" and days["seized"] == "2024-02-03"
    assert {t.text: t.from_ for t in report.times}["Saturday"] == "2024-02-03"
    assert Report.from_dict(report.to_dict()).article == report.article
