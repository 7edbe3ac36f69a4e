"""Inputs as people have them: archives, tables, feeds, downloads of news databases, and what is wrong with them."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastwarc.warc import WarcRecord, WarcRecordType

from communique import Failure, Reader, Report
from communique._dating import day_in_name
from communique._pool import Pool
from communique.cli import main
from communique.pages import Draft, drafts

PROSE = [
    (
        "Peru recalled its ambassador from Chile on Monday after a dispute over fishing rights in the Pacific, "
        "the foreign ministry said."
    ),
    "Chile regretted the step and asked Peru to return to the talks that both had begun in Arica in January.",
    (
        "The navy of Peru had seized three Chilean boats last week and held their crews for two days, "
        "officials in Tacna said."
    ),
]
TEXT = "\n\n".join(PROSE)


def html(title: str) -> bytes:
    return (
        f"<html><head><title>{title}</title></head><body><article>"
        f"<h1>{title}</h1>{''.join(f'<p>{p}</p>' for p in PROSE)}</article></body></html>"
    ).encode()


def told(data: bytes, name: str = "file", **given: object) -> list[Draft | Failure]:
    return list(drafts(data, name, **given))  # type: ignore[arg-type]


def causes(found: list[Draft | Failure]) -> list[str]:
    return [f"{f.page}: {f.cause}" for f in found if isinstance(f, Failure)]


def zipped(files: dict[str, bytes], **how: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def warc(count: int, packed: bool = False) -> list[bytes]:
    """Records of an archive, each by itself."""
    found = []
    for number in range(count):
        out = io.BytesIO()
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.response, content_length=0)
        record.headers["WARC-Target-URI"] = f"https://coast.example/{number}"
        record.set_bytes_content(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html(f"Peru recalls its ambassador, part {number}")
        )
        record.write(out)
        found.append(gzip.compress(out.getvalue()) if packed else out.getvalue())
    return found


FILES = {
    "a.html": html("Peru recalls its ambassador"),
    "deep/b.txt": TEXT.encode(),
    ".hidden": b"x",
    "__MACOSX/c": b"x",
}


@pytest.mark.parametrize(
    "data",
    [
        zipped(FILES),
        tarred(FILES),
        tarred(FILES, "w:gz"),
        gzip.compress(tarred(FILES)),
        zipped({"inner.zip": zipped(FILES)}),
    ],
)
def test_archives_are_read_file_by_file(data: bytes) -> None:
    found = told(data)
    assert [type(f).__name__ for f in found] == ["Draft", "Draft"]
    assert [f.name.rsplit("!", 1)[1] for f in found if isinstance(f, Draft)] == ["a.html", "deep/b.txt"]


def test_zstandard_and_gzip_within_and_without() -> None:
    import zstandard

    rows = "".join(json.dumps({"text": TEXT, "title": f"Part {n}"}) + "\n" for n in range(3)).encode()
    for data in (
        zstandard.compress(rows),
        gzip.compress(rows),
        zipped({"rows.jsonl.gz": gzip.compress(rows)}),
        gzip.compress(rows[:200]) + gzip.compress(rows[200:]),
    ):
        assert [f.title for f in told(data) if isinstance(f, Draft)] == ["Part 0", "Part 1", "Part 2"]


def test_what_archives_must_not_do() -> None:
    bomb = zipped({"big.txt": b"0" * 60_000_000, "good.txt": TEXT.encode()})
    found = told(bomb)
    assert "unpacks to far more than its size" in causes(found)[0] and isinstance(found[-1], Draft)
    assert "leads outside" in causes(told(zipped({"../../etc/x.txt": TEXT.encode()})))[0]
    assert "leads outside" in causes(told(tarred({"/abs/x.txt": TEXT.encode()})))[0]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    assert "is a link" in causes(told(out.getvalue()))[0]
    nested = TEXT.encode()
    for _ in range(6):
        nested = zipped({"x.zip": nested})
    assert "one within another" in causes(told(nested))[0]
    assert "damaged archive" in causes(told(zipped(FILES)[:-40]))[0]
    assert causes(told(tarred(FILES)[:700]))
    whole = zipped({"a.html": html("Peru recalls"), "b.txt": TEXT.encode()})
    at = whole.index(b"a.html") + 40
    assert any("a.html" in c for c in causes(told(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :])))
    encrypted = bytearray(zipped({"a.txt": TEXT.encode()}))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in causes(told(bytes(encrypted)))[0]


def test_gzip_that_unpacks_without_end_and_one_cut_short() -> None:
    endless = gzip.compress(b"0" * 80_000_000)
    assert "unpacks to far more than its size" in causes(told(endless))[0]
    rows = "".join(json.dumps({"text": TEXT, "title": os.urandom(3000).hex()}) + "\n" for _ in range(200)).encode()
    found = told(gzip.compress(rows)[:-2000])
    assert sum(isinstance(f, Draft) for f in found) > 150 and "damaged gzip" in causes(found)[-1]


def test_parquet_and_workbooks(tmp_path: Path) -> None:
    import openpyxl
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table(
        {
            "body": [TEXT, None],
            "headline": ["Peru", "Chile"],
            "pubdate": [__import__("datetime").date(2024, 2, 5)] * 2,
            "junk": [1, 2],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet")
    book = openpyxl.Workbook()
    book.active.append(["headline", "body", "pubdate"])
    book.active.append(["Peru", TEXT, __import__("datetime").datetime(2024, 2, 5)])
    book.save(tmp_path / "rows.xlsx")
    for name in ("rows.parquet", "rows.xlsx"):
        found = told((tmp_path / name).read_bytes(), columns={"text": "body", "title": "headline", "date": "pubdate"})
        assert (
            isinstance(found[0], Draft)
            and found[0].title == "Peru"
            and (found[0].published or "").startswith("2024-02-05")
        ), found
        assert "no column 'story'" in causes(told((tmp_path / name).read_bytes(), columns={"text": "story"}))[0]
        assert "damaged" in causes(told((tmp_path / name).read_bytes()[:-400] + b"\0" * 30))[0]


def test_feeds() -> None:
    rss = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
    <channel><title>Coast Herald</title>
    <item><title>Peru recalls its ambassador</title><link>https://coast.example/1</link>
    <pubDate>Mon, 05 Feb 2024 10:00:00 GMT</pubDate>
    <content:encoded><![CDATA[{"".join(f"<p>{p}</p>" for p in PROSE)}<script>alert(1)</script>]]></content:encoded>
    </item>
    <item><title>Empty</title><link>https://coast.example/2</link></item></channel></rss>"""
    found = told(rss.encode())
    assert (
        isinstance(found[0], Draft)
        and list(found[0].paragraphs) == PROSE
        and found[0].publisher == "Coast Herald"
        and (found[0].published or "")[:10] == "2024-02-05"
    )
    assert "no text of this entry" in causes(found)[0]
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title><entry><title>T</title>'
        f"<updated>2024-02-05T10:00:00Z</updated><summary>{PROSE[0]}</summary></entry></feed>"
    )
    assert isinstance(told(atom.encode())[0], Draft)
    lol = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "'
        + "x" * 1000
        + '">]><rss><channel><title>&a;</title></channel></rss>'
    )
    assert "entities of its own" in causes(told(lol.encode()))[0]
    assert (
        "more than 20 MB"
        in causes(told(b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 800_000))[0]
    )
    assert (
        "list of feeds"
        in causes(
            told(
                b'<?xml version="1.0"?><opml version="2.0"><body><outline xmlUrl="https://a.example/f"/></body></opml>'
            )
        )[0]
    )


NEXIS = [
    "Peru recalls its ambassador from Chile",
    "The Coast Herald (Lima)",
    "February 5, 2024 Monday",
    "Copyright 2024 Coast Media All Rights Reserved",
    "",
    "Section: WORLD; Pg. 4",
    "Length: 77 words",
    "Byline: Mara Olsen",
    "Body",
    "",
    *PROSE,
    "Classification",
    "Language: ENGLISH",
    "Load-Date: February 6, 2024",
    "End of Document",
]


def docx(lines: list[str]) -> bytes:
    import docx as word

    document = word.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_nexis_uni_as_word_and_zip() -> None:
    contents = ["User Name: =", "Date and Time: Tuesday", "Documents (2)", "1. Peru recalls its ambassador", ""]
    for data in (docx(contents + NEXIS + NEXIS), zipped({"one.docx": docx(NEXIS), "two.docx": docx(NEXIS)})):
        found = told(data)
        assert [type(f).__name__ for f in found] == ["Draft", "Draft"], found
        first = found[0]
        assert isinstance(first, Draft)
        assert (first.title, first.publisher, first.published, first.byline) == (
            "Peru recalls its ambassador from Chile",
            "The Coast Herald (Lima)",
            "February 5, 2024",
            "Mara Olsen",
        )
        assert list(first.paragraphs) == PROSE
    plain = told(docx([NEXIS[0], *PROSE]))
    assert isinstance(plain[0], Draft) and plain[0].format == "docx" and list(plain[0].paragraphs) == PROSE
    assert "damaged" in causes(told(docx(NEXIS).replace(b"word/document", b"word/documenx")))[0] or causes(
        told(docx(NEXIS)[:3000])
    )


def test_nexis_in_the_older_text_layout() -> None:
    text = "\n".join(
        [
            "",
            "1 of 2 DOCUMENTS",
            "",
            "The Coast Herald (Lima)",
            "",
            "February 5, 2024 Monday",
            "",
            "Peru recalls its ambassador from Chile",
            "",
            "BYLINE: Mara Olsen",
            "SECTION: WORLD",
            "LENGTH: 77 words",
            "",
            *[line for p in PROSE for line in (p, "")],
            "LOAD-DATE: February 6, 2024",
            "LANGUAGE: ENGLISH",
            "",
        ]
    )
    found = told((text + text.replace("1 of 2", "2 of 2")).encode())
    assert len(found) == 2 and isinstance(found[1], Draft)
    assert (found[1].title, found[1].publisher, found[1].published, list(found[1].paragraphs)) == (
        "Peru recalls its ambassador from Chile",
        "The Coast Herald (Lima)",
        "February 5, 2024",
        PROSE,
    )


FACTIVA = [
    "World",
    "Peru recalls its ambassador from Chile",
    "Mara Olsen",
    "77 words",
    "5 February 2024",
    "10:15",
    "Coast Press Agency",
    "COPA",
    "English",
    "Copyright 2024, Coast Press. All rights reserved.",
    "",
    *[line for p in PROSE for line in (p, "")],
    "Document COPA000020240205ek2500abc",
]
CODED = [
    "HD",
    "Peru recalls its ambassador from Chile",
    "BY Mara Olsen",
    "WC 77 words",
    "PD 5 February 2024",
    "ET 10:15",
    "SN Coast Press Agency",
    "SC COPA",
    "LA English",
    "CY Copyright 2024",
    "LP",
    PROSE[0],
    "",
    "TD",
    PROSE[1],
    "",
    PROSE[2],
    "",
    "CO coast : Coast",
    "NS gdip : International Relations",
    "AN",
    "Document COPA000020240205ek2500abc",
]


@pytest.mark.parametrize("lines", [FACTIVA, CODED])
@pytest.mark.parametrize("form", ["rtf", "html", "text"])
def test_factiva(lines: list[str], form: str) -> None:
    if form == "rtf":
        data = (
            "{\\rtf1\\ansi\\deff0 " + "".join(line.replace("\\", "\\\\") + "\\par\n" for line in lines * 2) + "}"
        ).encode("latin-1")
    elif form == "html":
        data = ("<html><body>" + "".join(f"<div><p>{line}</p></div>" for line in lines * 2) + "</body></html>").encode()
    else:
        data = "\n".join(lines * 2).encode()
    found = told(data)
    assert [type(f).__name__ for f in found] == ["Draft", "Draft"], found
    assert isinstance(found[0], Draft)
    assert (found[0].title, found[0].publisher, found[0].published, found[0].byline, list(found[0].paragraphs)) == (
        "Peru recalls its ambassador from Chile",
        "Coast Press Agency",
        "5 February 2024",
        "Mara Olsen",
        PROSE,
    )


def test_proquest() -> None:
    one = [
        "_" * 60,
        "Document 1 of 2",
        "",
        "Peru recalls its ambassador from Chile",
        "",
        "Author: Olsen, Mara.",
        "",
        "Publication info: Coast Herald; Lima [Lima]. 05 Feb 2024: A.1.",
        "",
        "Abstract: Peru and Chile quarrel.",
        "",
        "Full text: " + PROSE[0],
        "",
        PROSE[1],
        "",
        PROSE[2],
        "",
        "Subject: Fishing",
        "",
        "Publication title: Coast Herald",
        "",
        "Publication date: Feb 5, 2024",
        "",
    ]
    found = told("\n".join(one + [line.replace("1 of 2", "2 of 2") for line in one]).encode())
    assert len(found) == 2 and isinstance(found[0], Draft)
    assert (found[0].title, found[0].publisher, found[0].published, list(found[0].paragraphs)) == (
        "Peru recalls its ambassador from Chile",
        "Coast Herald",
        "Feb 5, 2024",
        PROSE,
    )


def proquest(number: int, text: list[str], label: str = "Full text: ", **changed: str) -> list[str]:
    """One document of a ProQuest download with its details behind the text."""
    details = {
        "Subject": "Fishing; Fleets & navies",
        "Location": "Peru Chile",
        "Company / organization": "Name: Port of Arica; NAICS: 488310",
        "Title": "Peru: the navy seizes boats",
        "Publication title": "Coast Herald; Lima",
        "First page": "A.1",
        "Publication year": "2024",
        "Publication date": "Feb 5, 2024",
        "ProQuest document ID": "2912345678",
        "Copyright": "Copyright Coast Media Feb 5, 2024",
        "Last updated": "2024-02-06",
        "Database": "ProQuest Central",
    } | changed
    return [
        *("_" * 60, "", f"Document {number} of 2", "", "Peru: the navy seizes boats", ""),
        *("Author: Olsen, Mara.", "", "ProQuest document link", "", "Abstract: Peru and Chile quarrel over fish.", ""),
        *("Links: https://search.example/1", "", label + text[0], ""),
        *[line for p in text[1:] for line in (p, "")],
        *[line for name, value in details.items() if value for line in (f"{name}: {value}", "")],
    ]


SHEET = ["", "Report Information from ProQuest", "03 March 2024 10:11", ""]
CONTENTS = ["_" * 60, "Table of contents", "", "1. Peru: the navy seizes boats", "2. Peru: the navy seizes boats", ""]
LAST = ["_" * 60, "", "Contact ProQuest", "", "Copyright \u00a9 2024 ProQuest LLC. All rights reserved.", ""]
ASIDES = ["Location: the harbour of Tacna", "Subject: to weather, the talks go on", "People: 40 on three boats."]


@pytest.mark.parametrize("form", ["text", "html", "docx"])
@pytest.mark.parametrize("aside", ASIDES)
def test_proquest_with_cover_contents_and_last_page(form: str, aside: str) -> None:
    text = [PROSE[0], aside, *PROSE[1:]]
    lines = [*SHEET, *CONTENTS, *proquest(1, text), *proquest(2, text), *LAST]
    if form == "docx":
        data = docx(lines)
    elif form == "html":
        body = "".join("<hr/>" if line.startswith("____") else f"<p>{line}</p>" for line in lines)
        data = f"<html><body>{body}</body></html>".encode()
    else:
        data = "\n".join(lines).encode()
    found = told(data)
    assert [type(f).__name__ for f in found] == ["Draft", "Draft"], found
    for f in found:
        assert isinstance(f, Draft) and (f.title, f.publisher, f.published, f.byline) == (
            "Peru: the navy seizes boats",
            "Coast Herald",
            "Feb 5, 2024",
            "Olsen, Mara",
        )
        assert list(f.paragraphs) == text


def test_proquest_with_headings_in_capitals() -> None:
    one = proquest(1, [PROSE[0], *PROSE[1:]], "FULL TEXT|")
    lines = [part for line in one for part in line.split("|")]
    at = lines.index("Subject: Fishing; Fleets & navies")
    found = told("\n".join([*lines[:at], "DETAILS", "", *lines[at:]]).encode())
    assert len(found) == 1 and isinstance(found[0], Draft) and list(found[0].paragraphs) == PROSE


def test_proquest_has_an_article_about_its_vendor() -> None:
    lines = proquest(1, PROSE, Title="Coast Herald buys ProQuest")
    found = told("\n".join([*SHEET, *lines[:4], "Coast Herald buys ProQuest", *lines[5:], *LAST]).encode())
    assert [f.title for f in found if isinstance(f, Draft)] == ["Coast Herald buys ProQuest"] and not causes(found)


def test_proquest_knows_a_year_alone_and_an_abstract_of_several_paragraphs() -> None:
    changed = {"Publication date": "", "Copyright": "", "Abstract": "They quarrel.\n\nThe talks of both go on."}
    found = told("\n".join(proquest(1, PROSE, **changed)).encode())
    assert isinstance(found[0], Draft) and (found[0].published, list(found[0].paragraphs)) == ("2024", PROSE)


@pytest.mark.parametrize(
    ("full", "number"), [("Texte int\xe9gral : ", "ID du document ProQuest "), ("Volltext: ", "ProQuest-Dokument-ID")]
)
def test_proquest_in_another_language_and_abstracts_alone_are_failures(full: str, number: str) -> None:
    one = "\n".join(proquest(1, PROSE)).replace("Full text: ", full).replace("ProQuest document ID", number)
    found = told("\n".join([one.replace("of 2", "of 1"), *LAST]).encode(), "coast.txt")
    assert [type(f).__name__ for f in found] == ["Failure"] and "or not in English" in causes(found)[0]
    mixed = told("\n".join([*proquest(1, PROSE), *proquest(2, PROSE, "More: ")]).encode(), "coast.txt")
    assert [type(f).__name__ for f in mixed] == ["Draft", "Failure"] and "it is an abstract" in causes(mixed)[0]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "damage", ["none", "longer", "shorter", "endless", "no length", "garbage", "cut", "flipped", "header"]
)
def test_a_damaged_record_costs_only_itself(packed: bool, damage: str) -> None:
    parts = warc(7)
    bad = parts[3]
    length = next(line for line in bad.split(b"\r\n") if line.lower().startswith(b"content-length"))
    if damage == "longer":
        bad = bad.replace(length, b"Content-Length: 900000", 1)
    elif damage == "shorter":
        bad = bad.replace(length, b"Content-Length: 300", 1)
    elif damage == "endless":
        bad = bad.replace(length, b"Content-Length: 99999999999999", 1)
    elif damage == "no length":
        bad = bad.replace(length, b"Content-Length: many", 1)
    elif damage == "garbage":
        bad = os.urandom(3000)
    elif damage == "header":
        bad = b"WARC/1.0\r\n" + b"X" * 100_000
    parts[3] = bad
    if packed:
        parts = list(map(gzip.compress, parts))
    if damage == "cut":
        parts[3] = parts[3][: len(parts[3]) // 2]
    if damage == "flipped" and packed:
        at = len(parts[3]) // 2
        parts[3] = parts[3][:at] + bytes(b ^ 255 for b in parts[3][at : at + 20]) + parts[3][at + 20 :]
    found = told(b"".join(parts), "news.warc")
    urls = [f.url for f in found if isinstance(f, Draft)]
    good = [f"https://coast.example/{n}" for n in range(7) if n != 3 or damage == "none"]
    if damage == "flipped" and not packed:
        good.insert(3, "https://coast.example/3")
    assert urls == good
    assert (len(causes(found)) >= 1) == (len(good) < 7), causes(found)


def test_an_archive_of_any_bytes_ends() -> None:
    rng = random.Random(4)
    whole = b"".join(warc(4, True))
    for _ in range(30):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        assert len(told(bytes(data), "x.warc.gz")) <= 40
    assert causes(told(b"WARC/1.0\r\n" + b"\r\n" * 40_000))


def test_what_a_server_refused_is_no_page() -> None:
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response, content_length=0)
    record.set_bytes_content(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n" + html("Not found"))
    out = io.BytesIO()
    record.write(out)
    assert "HTTP status 404" in causes(told(out.getvalue()))[0]


def test_globs_and_folders(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).write_text(TEXT.replace("Peru", name[-5].upper() + "ustria"))
    found = [r.article.text[:1] for r in reader.read_all(str(tmp_path / "**" / "*.txt")) if isinstance(r, Report)]
    assert found == ["A", "B", "C"]
    missing = list(reader.read_all(str(tmp_path / "*.doc")))
    assert isinstance(missing[0], Failure) and missing[0].cause == "no file matches"


def test_processes_give_the_same_in_the_same_order(reader: Reader, tmp_path: Path) -> None:
    rows = [
        {"text": TEXT + f"\n\nIt was report number {n}, the ministry added on Tuesday.", "title": f"Peru {n}"}
        for n in range(40)
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\nbroken\n" + json.dumps(rows[0]) + "\n")
    alone = [r.to_dict() if isinstance(r, Report) else r.cause for r in reader.read_all(file)]
    together = [r.to_dict() if isinstance(r, Report) else r.cause for r in reader.read_all(file, workers=2)]
    assert alone == together and len(alone) == 42
    known = {(r["article"]["page"]["sha256"], None) for r in alone[:30] if isinstance(r, dict)}
    passed: list[int] = []
    rest = list(reader.read_all(file, known=known, skipped=lambda: passed.append(1)))
    assert len(rest) == 11 and len(passed) == 31


def _deadly(**_: object) -> object:
    def work(draft: Draft, published: str | None) -> Failure:
        if draft.title == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return Failure(draft.name, "read")

    return work


def test_a_process_that_dies_costs_one_page() -> None:
    many = [Draft("kill" if n in (7, 50) else "live", (TEXT,), "text", str(n), 1, name=str(n)) for n in range(80)]
    found = list(Pool(2, _deadly, {}, 60.0).read(many, None))
    assert [f.page for f in found if isinstance(f, Failure)] == [str(n) for n in range(80)]
    assert [f.page for f in found if isinstance(f, Failure) and "died" in f.cause] == ["7", "50"]


def test_a_page_has_a_time_limit(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT * 200)
    found = list(reader.read_all(tmp_path, seconds=0.01))
    assert isinstance(found[0], Failure) and "took longer than 0.01 seconds" in found[0].cause


def test_adding_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from communique.cli import main

    rows = [
        {"text": TEXT + f"\n\nIt was report number {n}, the ministry added on Tuesday.", "title": f"Peru {n}"}
        for n in range(6)
    ]
    rows[2]["text"] = (
        "The weather in the hills was mild for the season and the plums were early this year, growers "
        "wrote.\n\nNothing more was to be told of it this week."
    )
    file, record = tmp_path / "rows.jsonl", str(tmp_path / "r.duckdb")
    file.write_text("\n".join(map(json.dumps, rows[:4])))
    first = CliRunner().invoke(main, ["add", record, str(file)])
    assert first.output.startswith("4 new of 4 articles read: "), first.output
    file.write_text("\n".join(map(json.dumps, rows)))
    dry = CliRunner().invoke(main, ["add", "--dry-run", record, str(file)])
    assert dry.output.startswith("would be 2 new of 2 articles read, 4 known already"), dry.output
    second = CliRunner().invoke(main, ["add", record, str(file)])
    assert second.output.startswith("2 new of 2 articles read, 4 known already"), second.output


def test_what_fuzzing_found() -> None:
    """Cases of `benchmarks/robustness/fuzz.py`: a row with more fields than its header, and archives whose
    numbers point before their beginning or name a version that is not known.
    """
    table = f'title,text\nPeru,"{PROSE[0]}"\nPeru,a,b,c\nChile,"{PROSE[1]}"\n'.encode()
    found = told(table)
    assert [type(f).__name__ for f in found] == [
        "Draft",
        "Failure",
        "Draft",
    ] and "2 more fields than the header names" in causes(found)[0]
    whole = bytearray(zipped({"a.html": html("Peru recalls"), "b.txt": TEXT.encode()}))
    end = whole.index(b"PK\x05\x06")
    for place, value in ((end + 12, 0xFFFFFFFF), (end + 16, 0xFFFFFF00), (end + 16, 0)):
        data = bytearray(whole)
        data[place : place + 4] = value.to_bytes(4, "little")
        assert all(isinstance(f, (Draft, Failure)) for f in told(bytes(data)))
    first = bytearray(whole)
    at = first.index(b"PK\x01\x02")
    first[at + 6] = 142
    assert causes(told(bytes(first)))
    rng = random.Random(6)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        assert all(isinstance(f, (Draft, Failure)) for f in told(bytes(data)))


COVER = [
    "User Name: somebody",
    "Date and Time: Monday, June 3, 2024 8:00:00 AM CEST",
    "Job Number: 998877",
    "",
    "Documents (1)",
    "",
    "1. Peru recalls its ambassador from Chile",
    "Client/Matter: -None-",
    "Search Terms: ambassador",
    "Timeline: Feb 01, 2024 to Feb 29, 2024",
]


@pytest.mark.parametrize("last", [["| About LexisNexis | Privacy Policy | Copyright © 2024 LexisNexis", ""], [""]])
def test_the_cover_page_of_a_nexis_download_is_no_part_of_its_first_article(last: list[str]) -> None:
    found = told(docx(COVER + last + NEXIS))
    assert len(found) == 1 and isinstance(found[0], Draft)
    assert (found[0].title, found[0].publisher, found[0].published) == (
        NEXIS[0],
        NEXIS[1],
        NEXIS[2].removesuffix(" Monday"),
    )
    assert list(found[0].paragraphs) == PROSE


def test_a_day_in_a_nexis_headline_is_not_the_day_of_publication() -> None:
    title = "Tacna recalls 27 August 1929 as boats are seized"
    found = told(docx([title, *NEXIS[1:]]))
    assert isinstance(found[0], Draft)
    assert (found[0].title, found[0].publisher, found[0].published) == (title, NEXIS[1], "February 5, 2024")


@pytest.mark.parametrize("heading", ["Notes", "Graphic", "Classification"])
@pytest.mark.parametrize("blank", [[], [""]])
def test_a_cross_heading_that_is_called_like_a_tail_ends_nothing(heading: str, blank: list[str]) -> None:
    body = [PROSE[0], *blank, heading, *blank, PROSE[1], *blank, PROSE[2], PROSE[0].replace("Peru", "Bolivia")]
    lines = [*NEXIS[:9], "", *body, "", *NEXIS[-4:]]
    found = told(docx(lines))
    assert (
        isinstance(found[0], Draft)
        and list(found[0].paragraphs)[-3:] == body[-3 - (len(blank) and 0) :][-3:]
        or (
            [p for p in found[0].paragraphs if p != heading] == [b for b in body if b and b != heading]  # type: ignore[union-attr]
        )
    )


def test_the_notes_of_a_nexis_article_are_no_part_of_its_text() -> None:
    lines = [*NEXIS[:-4], "", "Graphic", "", "Boats in the harbour of Tacna", "", *NEXIS[-4:]]
    found = told(docx(lines))
    assert isinstance(found[0], Draft) and list(found[0].paragraphs) == PROSE
    assert "Boats in the harbour of Tacna" in found[0].furniture


def test_factiva_in_a_table_of_rtf_and_word() -> None:
    import docx as word

    cells = [
        ("HD", CODED[1]),
        ("BY", "Mara Olsen"),
        ("WC", "77 words"),
        ("PD", "5 February 2024"),
        ("SN", "Coast Press Agency"),
        ("LP", PROSE[0]),
        ("TD", f"{PROSE[1]}\n{PROSE[2]}"),
        ("AN", CODED[-1]),
    ]
    row = "\\trowd\\cellx900\\cellx9000\\pard\\intbl {{\\b {}}}\\cell\\pard\\intbl {}\\cell\\row\n"
    rtf = "".join(row.format(a, b.replace("\n", "\\par ")) for a, b in cells) + "\\pard\\par\n"
    document = word.Document()
    for _ in range(2):
        table = document.add_table(0, 2)
        for a, b in cells:
            row_ = table.add_row().cells
            row_[0].text, row_[1].text = a, b
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    for data in (("{\\rtf1\\ansi\\deff0 " + rtf * 2 + "}").encode("latin-1"), out.getvalue()):
        found = told(data)
        assert [type(f).__name__ for f in found] == ["Draft", "Draft"], found
        assert all(
            isinstance(f, Draft) and (f.title, f.byline, list(f.paragraphs)) == (CODED[1], "Mara Olsen", PROSE)
            for f in found
        )


@pytest.mark.parametrize(
    "head",
    [
        ["Chile regrets step", "Mara Olsen"],
        ["Chile Regrets Step", "Mara Olsen"],
        ["World", "Chile regrets step", "Mara Olsen"],
        ["World News", "Chile regrets step", "By Mara Olsen and Others"],
    ],
)
def test_a_short_headline_is_no_section(head: list[str]) -> None:
    found = told("\n".join([*head, *FACTIVA[3:]]).encode())
    assert isinstance(found[0], Draft)
    assert (found[0].title or "").lower() == "chile regrets step" and "Mara Olsen" in (found[0].byline or "")


@pytest.mark.parametrize(
    ("length", "day", "language"),
    [
        ("77 Wörter", "5. Februar 2024", "Englisch"),
        ("77 mots", "5 février 2024", "Anglais"),
        ("77 palabras", "5 de febrero de 2024", "Inglés"),
        ("77 parole", "5 febbraio 2024", "Inglese"),
        ("77 palavras", "5 fevereiro 2024", "Inglês"),
    ],
)
def test_factiva_asked_in_another_language(length: str, day: str, language: str) -> None:
    lines = [*FACTIVA[:3], length, day, *FACTIVA[5:8], language, *FACTIVA[9:]]
    found = told("\n".join(lines).encode())
    assert isinstance(found[0], Draft), found
    assert (found[0].title, found[0].published, list(found[0].paragraphs)) == (FACTIVA[1], "2024-02-05", PROSE)


def test_a_download_in_which_nothing_is_understood_is_a_failure() -> None:
    found = told("\n".join([PROSE[0], "", "Document COPA000020240205ek2500abc"]).encode())
    assert len(found) == 1 and isinstance(found[0], Failure) and "Factiva" in found[0].cause


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("Mon, 05 Feb 2024 22:40:00 -0600", "2024-02-05"),
        ("Mon, 05 Feb 2024 22:40 PST", "2024-02-05"),
        ("2024-02-06T01:15:00+09:00", "2024-02-06"),
        ("Mon, 05 Feb 2024 22:40:00 GMT", "2024-02-05"),
    ],
)
def test_a_feed_states_the_day_of_its_own_zone(stated: str, day: str) -> None:
    item = (
        "<item><title>Peru recalls its ambassador</title><link>https://a.example/1</link>"
        f"<pubDate>{stated}</pubDate><description>{TEXT}</description></item>"
    )
    found = told(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Coast</title>{item}</channel></rss>'.encode()
    )
    assert isinstance(found[0], Draft) and (found[0].published or "")[:10] == day


def feed(stated: str, element: str = "pubDate") -> bytes:
    item = (
        "<item><title>Peru recalls its ambassador</title><link>https://a.example/1</link>"
        f"<{element}>{stated}</{element}><description>{TEXT}</description></item>"
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Coast</title>{item}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("lun., 5 févr. 2024 23:10:00 +0100", "2024-02-05"),
        ("lun, 05 fév 2024 01:10:00 +0100", "2024-02-05"),
        ("Di, 12 Mär 2024 00:20:00 +0100", "2024-03-12"),
        ("lunes, 5 de febrero de 2024 23:30:00 -0500", "2024-02-05"),
        ("05 Agosto 2024 10:00:00 -0300", "2024-08-05"),
        ("пн, 5 февраля 2024 10:00", "2024-02-05"),
        ("Пн, 05 фев 2024 00:30:00 +0300", "2024-02-05"),
        ("5 Φεβρουαρίου 2024", "2024-02-05"),
        ("2024年2月5日 09:00", "2024-02-05"),
        ("Mon, 5 Feb 24 23:50:00 -0300", "2024-02-05"),
        ("05-Feb-2024", "2024-02-05"),
        ("2024-02-05 22:40:00 EST", "2024-02-05"),
        ("25.02.2024 10:00", "2024-02-25"),
    ],
)
def test_a_feed_states_its_days_in_its_own_language(reader: Reader, stated: str, day: str) -> None:
    (report,) = [reader.read_draft(d) for d in told(feed(stated)) if isinstance(d, Draft)]
    assert isinstance(report, Report) and report.article.published is not None
    assert (report.article.published.from_, report.article.published.to) == (day, day)
    assert report.notes == ()


@pytest.mark.parametrize(
    ("stated", "days"),
    [
        ("gestern", None),
        ("05/02/2024 10:00", None),  # February or May
        ("Mon, 31 Feb 2024 10:00:00 GMT", None),
        ("1707127200", None),
        ("5 listopada 2024", ("2024-01-01", "2024-12-31")),  # November in Polish, October in Croatian
        ("5 jui 2024", ("2024-01-01", "2024-12-31")),  # June or July
    ],
)
def test_a_day_of_a_feed_that_cannot_be_read_is_told(
    reader: Reader, stated: str, days: tuple[str, str] | None, tmp_path: Path
) -> None:
    (report,) = [reader.read_draft(d) for d in told(feed(stated), "coast.xml") if isinstance(d, Draft)]
    assert isinstance(report, Report)
    published = report.article.published
    assert (published and (published.from_, published.to)) == days
    (note,) = report.notes
    assert note.page == "coast.xml#https://a.example/1" and f"'{stated}' is not a day" in note.cause
    assert ("the page has no day" in note.cause) == (days is None)
    (tmp_path / "coast.xml").write_bytes(feed(stated))
    run = CliRunner().invoke(main, ["read", str(tmp_path / "coast.xml"), "--workers", "1"])
    assert run.exit_code == 0 and f"'{stated}' is not a day" in run.stderr and run.stdout.count("\n") == 1


def test_a_month_in_a_feed_is_a_month(reader: Reader) -> None:
    (report,) = [reader.read_draft(d) for d in told(feed("2024-02")) if isinstance(d, Draft)]
    assert isinstance(report, Report) and report.article.published is not None
    assert (report.article.published.from_, report.article.published.to) == ("2024-02-01", "2024-02-29")


@pytest.mark.parametrize(
    ("url", "day"), [("https://a.example.pe/1", "2024-02-05"), ("https://a.example.us/1", "2024-05-02")]
)
def test_a_row_states_its_day_in_the_order_of_its_country(reader: Reader, url: str, day: str) -> None:
    row = json.dumps({"text": TEXT, "title": "Peru", "date": "05/02/2024", "url": url}) + "\n"
    (report,) = [reader.read_draft(d) for d in told(row.encode()) if isinstance(d, Draft)]
    assert isinstance(report, Report) and report.article.published is not None
    assert report.article.published.from_ == day and report.notes == ()


def test_a_row_states_its_day_in_its_own_language(reader: Reader) -> None:
    rows = "".join(json.dumps({"text": TEXT, "title": d, "date": d}) + "\n" for d in ("5 février 2024", "demain"))
    first, second = (reader.read_draft(d) for d in told(rows.encode()) if isinstance(d, Draft))
    assert isinstance(first, Report) and isinstance(second, Report) and first.article.published is not None
    assert first.article.published.from_ == "2024-02-05" and first.notes == ()
    assert second.article.published is None and "'demain' is not a day" in second.notes[0].cause


@pytest.mark.parametrize(
    ("header", "pack"),
    [
        (b"Transfer-Encoding: chunked", False),
        (b"Content-Encoding: gzip", False),
        (b"Content-Encoding: br", False),
        (b"X-None: 1", True),
    ],
)
def test_a_body_that_is_not_packed_as_its_header_says(header: bytes, pack: bool) -> None:
    body = gzip.compress(html("Peru recalls its ambassador")) if pack else html("Peru recalls its ambassador")
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response, content_length=0)
    record.headers["WARC-Target-URI"] = "https://coast.example/1"
    record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + header + b"\r\n\r\n" + body)
    out = io.BytesIO()
    record.write(out)
    found = told(out.getvalue(), "a.warc")
    assert [list(f.paragraphs) for f in found if isinstance(f, Draft)] == [PROSE], found


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2024-02-05 herald.txt", "2024-02-05"),
        ("herald_20240205.html", "2024-02-05"),
        ("herald.25-02-2024.txt", "2024-02-25"),
        ("herald-05-02-2024.txt", None),
        ("2024-02-05_to_2024-02-07.txt", None),
        ("herald-2024-02-31.txt", None),
        ("herald-120240205.txt", None),
    ],
)
def test_a_day_in_the_name_of_a_file(name: str, day: str | None) -> None:
    assert day_in_name(name) == day


def test_days_of_files_by_their_names_and_by_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("a-2024-02-05.txt", "b.txt", "c.txt"):
        (folder / name).write_text(TEXT.replace("Tacna", name[0].upper() + "acna"), "utf-8")
    table = tmp_path / "days.csv"
    table.write_text("file,published\nb.txt,2023-07-01\n", "utf-8")
    run = CliRunner()
    told = run.invoke(
        main, ["read", str(folder), "--format", "json", "--published", str(table), "--date-from-name", "--workers", "1"]
    )
    days = [json.loads(line)["article"]["published"] for line in told.stdout.splitlines()]
    assert [d and (d["from"], d["basis"]) for d in days] == [("2024-02-05", "given"), ("2023-07-01", "given"), None]
    table.write_text("file,published\nb.txt,2023-02-30\n", "utf-8")
    wrong = run.invoke(main, ["read", str(folder), "--published", str(table)])
    assert wrong.exit_code == 2 and "days.csv:2" in wrong.output and "2023-02-30" in wrong.output
    table.write_text("page_name,when\nb.txt,2023-02-03\n", "utf-8")
    assert "no column 'file'" in run.invoke(main, ["read", str(folder), "--published", str(table)]).output


def test_what_was_passed_over_is_told_with_its_reason(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(TEXT if name != "c.txt" else TEXT.replace("Tacna", "Arica"), "utf-8")
    files = [str(tmp_path / n) for n in ("a.txt", "b.txt", "c.txt")]
    told = CliRunner().invoke(main, ["add", str(tmp_path / "r.duckdb"), *files, "--workers", "1"])
    assert "2 new of 3 articles read, 1 of 3 had the same text as another" in told.stdout, told.output
