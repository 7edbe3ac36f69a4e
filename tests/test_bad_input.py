"""Bad input gets one clear line that names the page and the cause, and nothing else is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique import CatalogueError, Failure, ManyArticles, PageError, Reader, RecordError, Report, open_record
from communique.cli import main

GOOD = (
    "Oman thanks Yemen\n\nOman thanked Yemen on Monday for the release of two sailors, the state news agency "
    "said.\n\nYemen asked Oman for medical aid in return, a minister in Aden said.\n"
)


def checked(report: Report) -> None:
    """Every span is the text it says it is."""
    text = report.article.text

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("start"), int) and node.get("text") is not None and "end" in node:
                assert text[node["start"] : node["end"]] == node["text"]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    d = report.to_dict()
    d["article"].pop("text")
    walk(d)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Talks.",
        "1 2 3 4 5 6 7 8 9 10 11 12.",
        "“”\"''“““ ” \" ' ‘ ’ „ “",
        "word " * 5000 + ".",
        "a" * 10_000 + " met the president.",
        "Kenya \u200bmet\u200b \u202eUganda\u202c on Monday 🤝🤝🤝. Кения и Уганда 谈判。",
        "\ud800 Kenya met Uganda \udfff on Monday.",
        "KENYA MEETS UGANDA\n\n“We agree,\n\n“and more,\n\nhe said. 'Tis the ministers' word.",
        "REPORTER: Will you meet them? SECRETARY BLINKEN: We will not. REPORTER: Why? SECRETARY BLINKEN: Because.",
        "He said she said they said he said she said that Kenya said Uganda said Peru attacked Chile on 31 February.",
        "LUSAKA" * 700 + "/" + "NDOLA" * 300 + " - Zambia met Malawi.",
        "North " * 400 + "Korea met Kenya.",
        "Kenya lost" + " " * 5000 + "5 soldiers.",
        "\t\n\r\n\x00\x07Kenya\x0cmet Uganda.\r\n\r\nThey talked.",
    ],
)
def test_odd_texts_are_read_with_right_offsets(reader: Reader, text: str) -> None:
    report = reader.read_text(text, published="2022-01-05")
    assert report.article.text == text
    checked(report)
    for statement in report.statements:
        assert sum(s.end - s.start for s in statement.content) < 4000


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from(list("aKU nyegd.,;:“”\"'’()-–0123456789\n\u200b\u0301é🙂漢")), max_size=400))
def test_any_text_is_read_with_right_offsets(reader: Reader, text: str) -> None:
    checked(reader.read_text(text, published="2022-01-05"))


def test_addresses_are_wrong_use(reader: Reader) -> None:
    with pytest.raises(ValueError, match="never fetches"):
        reader.read("https://news.example/page")
    failure = next(iter(reader.read_all(["http://127.0.0.1/x"])))
    assert isinstance(failure, Failure) and "nothing is fetched" in failure.cause


def test_errors_of_read(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(PageError, match="no such file"):
        reader.read(tmp_path / "none.html")
    two = tmp_path / "two.jsonl"
    two.write_text('{"text": "Oman thanked Yemen on Monday for the release."}\n' * 2)
    with pytest.raises(ManyArticles):
        reader.read(two)
    with pytest.raises(ValueError, match="no date"):
        reader.read_text("Oman met Yemen.", published="someday")
    with pytest.raises(PageError, match="too long"):
        reader.read_text("x" * 500_000)


def test_one_bad_page_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.bin").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "e.txt").write_text(GOOD.replace("Oman", "Qatar"))
    pages = [str(tmp_path / n) for n in ("a.txt", "b.txt", "c.bin", "d.txt", "e.txt")]
    result = CliRunner().invoke(main, ["read", "--format", "json", *pages])
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    lines = result.stderr.splitlines()
    assert [line.split(":")[0].rsplit("/")[-1] for line in lines] == ["b.txt", "c.bin", "d.txt"]


def test_a_catalogue_with_faults_names_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "name,aliases,wikidata,country,sector,office,from,to\nGuild of Pilots,,,ZZZ,LAB,,,\nX,,12,,,,2020-13-01,\n"
    )
    with pytest.raises(CatalogueError) as error:
        Reader(catalogue=file)
    assert (
        "line 2, column country" in str(error.value)
        and "line 3, column wikidata" in str(error.value)
        and "line 3, column from" in str(error.value)
    )


def test_a_file_that_is_no_record(tmp_path: Path) -> None:
    file = tmp_path / "x.duckdb"
    file.write_text("this is a letter, and a long one at that")
    with pytest.raises(RecordError, match="no record"):
        open_record(file)
    assert file.read_text().startswith("this is")
    result = CliRunner().invoke(main, ["events", str(tmp_path / "none.duckdb")])
    assert result.exit_code == 1 and "no such record" in result.stderr


def test_terminal_control_characters_do_not_reach_the_terminal(reader: Reader) -> None:
    import io

    from rich.console import Console

    from communique.view import show

    out = io.StringIO()
    show(
        reader.read_text("Kenya \x1b[31maccused\x1b[0m Uganda of smuggling [bold]gold[/bold].", published="2022-01-05"),
        Console(file=out),
    )
    assert "\x1b[31m" not in out.getvalue() and "[bold]gold[/bold]" in out.getvalue()


def test_they_who_are_named_together_with_whom_they_would_mean(reader: Reader) -> None:
    text = (
        "Norway expelled fifteen Russian diplomats.\n\n"
        "Sweden and them in and Finland expelled Russian diplomats. Sweden and they criticised Russia, and "
        "they and them met Russia."
    )
    report = reader.read_text(text)
    assert all(
        report.article.text[p.start : p.end] == p.text
        for e in report.events
        for p in (*e.actors, *e.recipients)
        if p.start is not None
    )


def test_a_folder_of_reports_is_added_and_an_empty_one_is_named(reader: Reader, tmp_path: Path) -> None:
    folder, empty, record = tmp_path / "reports", tmp_path / "empty", str(tmp_path / "r.duckdb")
    folder.mkdir()
    empty.mkdir()
    for name, day in (("a", "2022-05-04"), ("b", "2022-05-05")):
        report = reader.read_text(GOOD, published=day, url=f"https://{name}.example/1")
        (folder / f"{name}.jsonl").write_text(json.dumps(report.to_dict()) + "\n", "utf-8")
    (folder / "notes.txt").write_text("not a report", "utf-8")
    added = CliRunner().invoke(main, ["add", record, "--reports", str(folder)])
    assert added.exit_code == 0 and "2 new of 2 articles read" in added.output, added.output
    failed = CliRunner().invoke(main, ["add", record, "--reports", str(empty)])
    assert failed.exit_code == 1 and f"{empty}: no file that ends in .parquet or .jsonl" in failed.output


def test_the_text_view_shows_what_views_show_and_each_event_once_a_sentence(tmp_path: Path) -> None:
    page = str(Path(__file__).parent.parent / "examples/pages/philippines_china.html")
    run = CliRunner()
    told = run.invoke(main, ["read", page, "--format", "text"]).output
    everything = run.invoke(main, ["read", page, "--format", "text", "--confidence", "0"]).output
    assert "below confidence 0.2" in told and "not shown" not in everything
    assert len(everything.splitlines()) > len(told.splitlines())
    summoned = told.split("The Philippines summoned", 1)[1].split("\n\n", 1)[0]
    assert summoned.count("ACCUSE/allege") == 1
