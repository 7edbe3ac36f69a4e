"""Every command of the README, of the documents and of `--help` runs on the demo's record and says what it should."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT

from communique import open_record
from communique.cli import main

DOCUMENTS = ("README.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md"))))
# What runs until it is ended, goes to the network, or wants a cluster or a person: that they are understood is tested.
ENDLESS = ("room", "mcp", "watch")
LEFT = ("--engine ray", "--by ", "https://", "--workers 8", "--help")
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands_in(text: str) -> Iterator[str]:
    """The lines of the blocks of a document that call the command, one by one."""
    for block in FENCE.findall(text):
        for line in block.splitlines():
            for part in re.split(r"\s&&\s", line.split("   #")[0].split("  #")[0]):
                told = part.strip().removeprefix("$ ").removeprefix(".venv/bin/")
                if told.startswith("communique "):
                    yield told


def told_in(document: str) -> list[str]:
    return list(dict.fromkeys(commands_in((ROOT / document).read_text("utf-8"))))


def all_commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))
        else:
            yield (*path, name), command


HELPED = {" ".join(path): command for path, command in all_commands(main)}


@pytest.fixture
def place(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the commands name: the demo's record, a page, rows, folders, a codebook."""
    shutil.copy(demo, tmp_path / "news.duckdb")
    pages = sorted((ROOT / "examples/pages").iterdir())
    page = next(p for p in pages if p.suffix == ".html")
    shutil.copy(page, tmp_path / "page.html")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for folder in ("folder", "pages", "inbox", "news"):
        (tmp_path / folder).mkdir()
        shutil.copy(page, tmp_path / folder / page.name)
    rows = [
        {"body": "Kenya accused Uganda of theft on 3 May 2022, officials in Nairobi said.", "pubdate": "2022-05-04"}
    ]
    (tmp_path / "rows.csv").write_text("body,pubdate\n" + "".join(f'"{r["body"]}",{r["pubdate"]}\n' for r in rows))
    book = next((ROOT / "examples/codebooks").glob("*.toml"))
    shutil.copy(book, tmp_path / "mine.toml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def filled(command: str, place: Path) -> list[str]:
    """The words of a command, with an event and an article of the record where it says EVENT and ARTICLE."""
    with open_record(place / "news.duckdb", read_only=True) as record:
        event = record.events()[0]
    words = shlex.split(command)[1:]
    if words[0] == "explain" and "EVENT" in words:  # an event of that very page
        told = CliRunner().invoke(main, ["read", "page.html", "--format", "events"]).stdout
        words[words.index("EVENT")] = json.loads(told.splitlines()[0])["id"]
    return [{"EVENT": event.id, "ARTICLE": event.article, "PAGE": "page.html"}.get(w, w) for w in words]


def runs(command: str, place: Path) -> None:
    words = filled(command, place)
    if words[0] in ENDLESS or any(part in command for part in LEFT):
        found = HELPED[words[0]] if words[0] in HELPED else HELPED[" ".join(words[:2])]
        begin = 1 if words[0] in HELPED else 2
        if "--engine" not in command:
            found.make_context(words[0], words[begin:])
        return
    if any(not Path(w).exists() for w in words if "*" in w):
        return  # files of a form that the demo has none of
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 0, (command, answer.output[-600:], answer.exception)
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("name", sorted(HELPED))
def test_every_command_has_help_with_an_example_that_runs(name: str, place: Path) -> None:
    answer = CliRunner().invoke(main, [*name.split(), "--help"])
    assert answer.exit_code == 0
    examples = [line.strip() for line in answer.output.split("Example:")[1].splitlines() if "communique" in line]
    assert examples and all(e.startswith(f"communique {name}") for e in examples)
    whole = " ".join(answer.output.split("Example:")[1].split())
    runs(whole, place)


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if told_in(d)])
def test_the_commands_of_documents_run(document: str, place: Path) -> None:
    for command in told_in(document):
        if any(name in command for name in ("shards/a.parquet", "s3://", "EVENT_ID", "…", "inbox.warc")):
            continue
        runs(command, place)


def test_what_an_example_shows_is_so(place: Path) -> None:
    run = CliRunner()
    found = run.invoke(main, ["events", "news.duckdb", "--actor", "Kenya"])
    assert found.exit_code == 0 and all(
        "KEN" in [p["country"] for p in json.loads(line)["actors"]] for line in found.stdout.splitlines()
    )
    panel = run.invoke(main, ["panel", "news.duckdb", "--every", "1m", "-o", "panel.csv"])
    assert panel.exit_code == 0 and "events of confidence 0.2 or more" in panel.output and Path("panel.csv").exists()
