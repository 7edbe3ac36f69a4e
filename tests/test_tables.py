"""Tables that other programs read: panels, networks, flat exports, POLECAT, GDELT; each read back by its readers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import networkx
import pandas
import polars
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from made import PLACE, according, event, party, report

from communique import open_record
from communique.cli import main
from communique.record import WrongQuestion
from communique.record.exports import COLUMNS, EVENT_COLUMNS, MENTION_COLUMNS, POLECAT_COLUMNS

ODD = "He said \"no\",\tthen\nleft; “it’s” 'over' \u2028 \x07 #1"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Events in January and March 2024, articles in January, March and April, nothing read in February."""
    path = tmp_path_factory.mktemp("tables") / "r.duckdb"
    two = (party("KEN"), party("TZA"))
    with open_record(path) as record:
        record.add(
            [
                report(
                    "one",
                    "2024-01-10",
                    event("a", "ACCUSE", first="2024-01-09"),
                    event("b", "CONSULT", two, (), "2024-01-09"),
                    event(
                        "c", "ASSAULT", (party("KEN", "MIL"),), (party("UGA", "CVL"),), "2024-01-09", confidence=0.12
                    ),
                ),
                report(
                    "two",
                    "2024-03-20",
                    event("d", "SANCTION", first="2024-03-18"),
                    event("e", "AID", first="2024-01-01", last="2024-12-31"),
                    event("f", "AID", first=None),
                    event("g", "ACCUSE", (party("", "BUS", "Acme"),), first="2024-03-18"),
                    event("h", "AGREE", first="2024-03-18", modality="future"),
                ),
                report("three", "2024-04-02"),
            ]
        )
    return path


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Events whose words hold all that breaks tables."""
    path = tmp_path_factory.mktemp("odd") / "r.duckdb"
    names = ['"Quoted" Man', "A; B", "tab\there", "line\nbreak", '"', "'", "Ünï—cödé", "=1+1", ODD, "plain"]
    events = [
        event(
            f"{n}",
            actors=(party("KEN", "GOV", name, id=f"Q{n}"), party("CHN", "MIL")),
            recipients=(party("RUS", "GOV", office='"Minister"'),),
            first=None if n == 1 else "2024-01-01" if n == 2 else "2024-03-05",
            last="2024-12-31" if n == 2 else None,
            words=f'"{name} accused them,\n\the said" {ODD}',
            place=PLACE if n % 2 else None,
            according_to=(according(party("", "JRN", f'The "{name}"')),),
        )
        for n, name in enumerate(names)
    ]
    first = report("x", None, *events[:5], title='"A title" with\ttab', url='https://news.example/?q="x"')
    with open_record(path) as record:
        record.add([first, report("y", "2024-03-06", *events[5:], publisher=party("", "JRN", 'The "Daily"\tNews'))])
    return path


def rows_of(table: Any) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(r["period"], r["actor"], r["recipient"]): r for r in table}


def test_a_panel_tells_zeros_from_gaps(path: Path) -> None:
    with open_record(path, read_only=True) as record:
        panel = record.panel("1m", until="2024-04-30")
        rows = rows_of(panel)
        assert (
            len(panel) == len(rows) == 6 * 4
            and len(record.panel("1m", told=True)) == 4 * 4
            and panel.left_out
            == {
                "undated": 1,
                "in no single period": 1,
                "of other parties": 1,
                "of days outside the panel": 0,
            }
        )
        first = rows["2024-01", "KEN", "UGA"]
        assert (first["events"], first["verbal_conflict"], first["material_conflict"], first["articles"]) == (
            1,
            1,
            0,
            1,
        )
        assert (first["from"], first["to"]) == (date(2024, 1, 1), date(2024, 1, 31))
        assert (first["actor_name"], first["actor_cow"], first["actor_gw"], first["recipient_cow"]) == (
            "Kenya",
            501,
            501,
            500,
        )
        assert (first["score_sum"], first["score_mean"], first["reports"], first["origins"], first["confidence"]) == (
            -3.0,
            -3.0,
            1,
            1,
            0.2,
        )
        gap, zero = rows["2024-02", "KEN", "UGA"], rows["2024-04", "KEN", "UGA"]
        assert (gap["events"], gap["verbal_conflict"], gap["score_sum"], gap["articles"]) == (None, None, None, 0)
        assert (zero["events"], zero["score_sum"], zero["score_mean"], zero["articles"]) == (0, 0.0, None, 1)
        assert rows["2024-01", "UGA", "KEN"]["events"] == 0 and rows["2024-01", "TZA", "KEN"]["events"] == 1
        assert rows_of(record.panel("1m", confidence=0.0))["2024-01", "KEN", "UGA"]["events"] == 2
        once = rows_of(record.panel("1m", directed=False))
        assert once["2024-01", "KEN", "TZA"]["events"] == 1 and ("2024-01", "TZA", "KEN") not in once
        weeks = rows_of(record.panel("1w"))
        assert weeks["2024-W02", "KEN", "UGA"]["events"] == 1 and weeks["2024-W12", "KEN", "UGA"]["events"] == 1
        assert weeks["2024-W02", "KEN", "UGA"]["from"] == date(2024, 1, 8)
        kinds = rows_of(record.panel("1q", by="type"))
        assert (
            kinds["2024-Q1", "KEN", "UGA"]["SANCTION"] == 1 and "verbal_conflict" not in kinds["2024-Q1", "KEN", "UGA"]
        )
        years = {(r["period"], r["country"]): r for r in record.panel("1y", unit="country")}
        kenya = years["2024", "KEN"]
        assert (kenya["events"], kenya["acted"], kenya["received"]) == (4, 4, 0) and years["2024", "UGA"][
            "received"
        ] == 4
        assert {r["period"] for r in record.panel("1d", since="2024-01-09", until="2024-01-09")} == {"2024-01-09"}
        military = record.panel("1m", sector="MIL", confidence=0.0, told=True)
        assert len(military) == 0 and len(record.panel("1m", sector="MIL,CVL", confidence=0.0, told=True)) > 0
        late = record.panel("1m", since="2024-04-01")
        assert late.left_out["of days outside the panel"] == 0 and sum(r["events"] for r in late) == 0
        assert record.panel("1m").pandas().shape == record.panel("1m").polars().shape
        for wrong in (
            {"every": "month"},
            {"by": "colour"},
            {"unit": "planet"},
            {"sector": "XXX"},
            {"since": "soon"},
            {"most": 3},
        ):
            with pytest.raises(WrongQuestion):
                record.panel(**wrong)  # type: ignore[arg-type]


def test_the_commands_panel_and_network(path: Path, tmp_path: Path) -> None:
    run = CliRunner()
    with open_record(path, read_only=True) as record:
        rows = len(record.panel("1m"))
    for name in ("panel.csv", "panel.parquet"):
        told = run.invoke(main, ["panel", str(path), "--every", "1m", "-o", str(tmp_path / name)])
        assert told.exit_code == 0 and f"{rows} rows, events of confidence 0.2 or more" in told.output
        assert "1 undated, 1 in no single period, 1 of other parties" in told.output
    frame = pandas.read_csv(tmp_path / "panel.csv")
    assert (
        len(frame)
        == rows
        == len(polars.read_csv(tmp_path / "panel.csv"))
        == len(pandas.read_parquet(tmp_path / "panel.parquet"))
    )
    assert list(frame.columns) == pyarrow.parquet.read_table(tmp_path / "panel.parquet").column_names
    assert frame["events"].isna().sum() == frame[frame["articles"] == 0].shape[0] > 0
    shown = run.invoke(main, ["panel", str(path), "--undirected", "--by", "type", "--unit", "country", "--every", "1y"])
    assert len(shown.stdout.splitlines()) == 4 and shown.stdout.startswith('"period"')
    assert run.invoke(main, ["panel", str(path), "--every", "soon"]).exit_code == 2
    for name, read in (("n.graphml", networkx.read_graphml), ("n.gexf", networkx.read_gexf)):
        told = run.invoke(main, ["network", str(path), "-o", str(tmp_path / name)])
        assert told.exit_code == 0 and "3 nodes and 3 edges" in told.output and "1 events name nobody" in told.output, (
            told.output
        )
        graph = read(tmp_path / name)
        assert set(graph.edges) == {("KEN", "UGA"), ("KEN", "TZA"), ("TZA", "KEN")}
        assert graph.edges["KEN", "UGA"]["events"] == 4 and graph.edges["KEN", "UGA"]["material_conflict"] == 1
        assert graph.nodes["KEN"]["cow"] == 501
    assert (
        run.invoke(main, ["network", str(path), "--between", "parties", "-o", str(tmp_path / "n.csv")]).exit_code == 0
    )
    edges = pandas.read_csv(tmp_path / "n.csv")
    assert ("Acme", "UGA GOV") in set(zip(edges["actor"], edges["recipient"]))
    wrong = run.invoke(main, ["network", str(path), "-o", str(tmp_path / "n.txt")])
    assert wrong.exit_code == 2 and ".graphml, .gexf, .csv" in wrong.output


def test_flat_files_are_read_back(odd: Path, tmp_path: Path) -> None:
    run = CliRunner()
    csv_, parquet = tmp_path / "e.csv", tmp_path / "e.parquet"
    for form, target in (("csv", csv_), ("parquet", parquet)):
        told = run.invoke(main, ["export", str(odd), "--as", form, "-o", str(target)])
        assert told.exit_code == 0 and "10 events of confidence 0.2 or more written" in told.output
    base = duckdb.connect()
    frames: dict[str, Any] = {
        "pandas": pandas.read_csv(csv_),
        "polars": polars.read_csv(csv_, infer_schema_length=None).to_pandas(),
        "duckdb": base.execute(f"select * from read_csv('{csv_}')").df(),
        "parquet": pandas.read_parquet(parquet),
        "parquet polars": polars.read_parquet(parquet).to_pandas(),
        "parquet duckdb": base.execute(f"select * from '{parquet}'").df(),
    }
    for name, frame in frames.items():
        assert frame.shape == (10, len(COLUMNS)) and list(frame.columns) == list(COLUMNS), name
        assert sorted(frame["id"]) == sorted(f"e:{n}" for n in range(10)), name
        assert frame["actor"].tolist() == frames["pandas"]["actor"].tolist(), name
        assert frame["evidence"].tolist() == frames["pandas"]["evidence"].tolist(), name
    row = frames["pandas"].set_index("id").loc["e:0"]
    assert (
        row["actor"] == '"Quoted" Man' and row["actors"] == '"Quoted" Man; CHN' and row["actor_countries"] == "KEN; CHN"
    )
    assert (row["actor_wikidata"], row["actor_cow"], row["recipient_gw"], row["recipient_office"]) == (
        "Q0",
        501,
        365,
        '"Minister"',
    )
    assert (row["title"], row["url"], row["according_to"]) == (
        '"A title" with tab',
        'https://news.example/?q="x"',
        'The ""Quoted" Man"',
    )
    assert pandas.isna(row["published"]) and frames["pandas"].set_index("id").loc["e:5", "published"] == "2024-03-06"
    years = frames["pandas"].set_index("id").loc["e:2"]
    assert (years["date_from"], years["date_to"], years["date_precision"]) == ("2024-01-01", "2024-12-31", "year")
    assert pyarrow.parquet.read_schema(parquet).field("date_from").type == "date32[day]"
    told = run.invoke(main, ["export", str(odd), "--as", "parquet", "--nested", "-o", str(tmp_path / "n.parquet")])
    assert (
        told.exit_code == 0
        and pyarrow.parquet.read_table(tmp_path / "n.parquet").column("actors")[0][0]["name"].is_valid
    )
    assert run.invoke(main, ["export", str(odd), "--as", "csv", "--nested", "-o", str(csv_)]).exit_code == 2
    assert run.invoke(main, ["export", str(odd), "--as", "parquet", "-o", str(tmp_path / "months")]).exit_code == 0
    assert len(pandas.read_parquet(tmp_path / "months")) == 10
    empty = run.invoke(main, ["export", str(odd), "--as", "csv", "--actor", "Fiji", "-o", str(csv_)])
    assert "no event of this record has actor Fiji" in empty.stderr and list(pandas.read_csv(csv_).columns) == list(
        COLUMNS
    )


def test_a_page_is_read_to_flat_files(tmp_path: Path) -> None:
    run = CliRunner()
    page = "examples/pages/" + sorted(p.name for p in Path("examples/pages").iterdir() if p.is_file())[0]
    for form in ("csv", "parquet"):
        assert run.invoke(main, ["read", page, "--format", form, "-o", str(tmp_path / f"r.{form}")]).exit_code == 0
    assert len(pandas.read_csv(tmp_path / "r.csv")) == len(pandas.read_parquet(tmp_path / "r.parquet")) > 0
    assert list(pandas.read_csv(tmp_path / "r.csv").columns) == list(COLUMNS)


def test_polecat_and_gdelt_are_read_back(odd: Path, tmp_path: Path) -> None:
    run = CliRunner()
    polecat, gdelt = tmp_path / "p.tsv", tmp_path / "g.csv"
    for form, target in (("polecat", polecat), ("gdelt", gdelt)):
        assert run.invoke(main, ["export", str(odd), "--as", form, "-o", str(target)]).exit_code == 0
    base = duckdb.connect()
    read: dict[str, Any] = {
        "pandas": pandas.read_csv(polecat, sep="\t", dtype=str),
        "polars": polars.read_csv(polecat, separator="\t", infer_schema=False).to_pandas(),
        "duckdb": base.execute(f"select * from read_csv('{polecat}', delim='\t', all_varchar=true)").df(),
    }
    for name, frame in read.items():
        assert frame.shape == (10, len(POLECAT_COLUMNS)) and list(frame.columns) == list(POLECAT_COLUMNS), name
        assert frame["Actor Name"].tolist() == read["pandas"]["Actor Name"].tolist(), name
    rows = read["pandas"].set_index("Event ID")
    assert rows.loc["e:0", "Actor Name"] == '"Quoted" Man; CHN' and rows.loc["e:9", "Event Date"] == "2024-03-05"
    assert rows.loc[["e:1", "e:2"], "Event Date"].isna().all() and rows.loc["e:0", "Publication Date"] != "2024-01-01"
    mentions = tmp_path / "g.mentions.csv"
    for file, columns, count in ((gdelt, EVENT_COLUMNS, 20), (mentions, MENTION_COLUMNS, 20)):
        found: dict[str, Any] = {
            "pandas": pandas.read_csv(file, sep="\t", header=None, dtype=str),
            "polars": polars.read_csv(file, separator="\t", has_header=False, infer_schema=False).to_pandas(),
            "duckdb": base.execute(
                f"select * from read_csv('{file}', delim='\t', header=false, all_varchar=true)"
            ).df(),
        }
        for name, frame in found.items():
            assert frame.shape == (count, len(columns)), name
    table = pandas.read_csv(gdelt, sep="\t", header=None, dtype=str, names=list(EVENT_COLUMNS))
    assert set(table["SQLDATE"].dropna()) == {"20240305"} and table["SQLDATE"].isna().sum() == 4  # of no day, of a year
    assert table["Year"].isna().sum() == 2 and '"' not in "".join(table["Actor1Name"])


def test_days_that_are_not_known_stay_empty(tmp_path: Path) -> None:
    """An article that may be of any day of a year gives no 1 January to an event without a day."""
    made = report("x", "2024-01-01", event("x", first=None))
    whole = replace(made.article.published, to="2024-12-31")  # type: ignore[type-var]
    with open_record(tmp_path / "r.duckdb") as record:
        record.add(replace(made, article=replace(made.article, published=whole)))
    run = CliRunner()
    for form in ("polecat", "gdelt", "csv"):
        assert (
            run.invoke(main, ["export", str(tmp_path / "r.duckdb"), "--as", form, "-o", str(tmp_path / form)]).exit_code
            == 0
        )
        assert "2024-01-01" not in (tmp_path / form).read_text() and "20240101" not in (tmp_path / form).read_text()
    assert io.StringIO((tmp_path / "csv").read_text()).readline().startswith("id,type,mode")
