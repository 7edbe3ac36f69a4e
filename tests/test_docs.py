"""What the README, docs/, the help texts and the notebook show is run, and is what comes out."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT

from communique import open_record
from communique.cli import main
from tools import examples, notebook

PAGES = [p for p in examples.pages() if any(b.runs for b in examples.blocks(p.read_text("utf-8")))]
ENDLESS = ("room", "mcp", "watch")
UNKNOWN = ("s3://",)  # of what only its owner has, nothing can be checked


def all_commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))
        else:
            yield (*path, name), command


HELPED = {" ".join(path): command for path, command in all_commands(main)}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def understood(words: list[str]) -> None:
    """Fails where a command does not know these options; runs nothing."""
    name = words[1] if words[1] in HELPED else " ".join(words[1:3])
    HELPED[name].make_context(name, words[1 + len(name.split()) :])


@pytest.fixture
def place(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the commands name: the demo's record, a page, rows, folders, a codebook."""
    examples.folder_for(ROOT / "docs/record.md", tmp_path, demo)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_examples_of_a_page_run_and_print_what_it_shows(page: Path, demo: Path) -> None:
    with examples.inside(page, demo):
        done = examples.run(page)
    assert not done.faults, "\n".join(done.faults) + "\nif the output is right, put it into the page: make examples"
    if done.left:
        pytest.skip(f"not installed, so its blocks are not run: {', '.join(done.left)}")


@pytest.mark.parametrize("page", examples.pages(), ids=named)
def test_what_is_not_run_says_why_and_names_options_that_exist(page: Path, place: Path) -> None:
    for block in examples.blocks(page.read_text("utf-8")):
        if block.language != "sh" or block.runs or not block.reason:
            continue
        assert len(block.reason.split()) > 2, f"{named(page)}:{block.begin}: {block.reason}"
        for line in examples.commands(block.code):
            if line.startswith("communique ") and not any(part in line for part in UNKNOWN):
                understood(shlex.split(line, comments=True))


@pytest.mark.parametrize("name", sorted(HELPED))
def test_every_command_has_help_with_an_example_that_runs(name: str, place: Path) -> None:
    answer = CliRunner().invoke(main, [*name.split(), "--help"])
    assert answer.exit_code == 0
    shown = answer.output.split("Example:")[1]
    lines = [line.strip() for line in shown.splitlines() if "communique" in line]
    assert lines and all(line.startswith(f"communique {name}") for line in lines)
    words = shlex.split(" ".join(shown.split()))
    if name in ENDLESS or "--by" in words and "suggest" in words:
        understood(words)
    else:
        assert "Traceback" not in examples.by_click([words], 0)


def test_an_example_that_is_wrong_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    monkeypatch.setattr(examples, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    shown = "```python\nprint('a\\nb\\nc')\n```\n\n```text\n{}\n```\n"
    for output, right in (("a\nb\nc", True), ("a\n…", True), ("…\nc", True), ("a\n…\nb\nc", True), ("a\nc", False)):
        page.write_text(shown.format(output), "utf-8")
        assert bool(examples.run(page).faults) is not right, output
    page.write_text(shown.format("x\n…"), "utf-8")
    assert examples.run(page).text == shown.format("a\n…")
    page.write_text("```python\n1 / 0\n```\n", "utf-8")
    assert "ZeroDivisionError" in examples.run(page).faults[0]
    page.write_text("```sh\nexit 3\n```\n", "utf-8")
    assert "status 3" in examples.run(page).faults[0]
    page.write_text("<!-- exit 3 -->\n```sh\nexit 3\n```\n", "utf-8")
    assert not examples.run(page).faults
    page.write_text(
        '```toml title="a.toml"\nb = 1\n```\n\n<!-- not run: it would fail -->\n```sh\nfalse\n```\n', "utf-8"
    )
    assert not examples.run(page).faults and tomllib.loads(Path("a.toml").read_text()) == {"b": 1}


@pytest.mark.parametrize(
    "text", ["```\ncommunique room\n```\n", "```bash\nls\n```\n", "- item\n  ```sh\n  ls\n  ```\n"]
)
def test_a_block_of_no_known_language_is_refused(text: str) -> None:
    with pytest.raises(examples.ExampleError, match="line"):
        examples.blocks(text)


def test_what_an_example_shows_is_so(place: Path) -> None:
    with open_record(place / "news.duckdb", read_only=True) as record:
        found = record.events(actor="Kenya")
        assert found and all("KEN" in [p.country for p in event.actors] for event in found)


def test_the_site_is_built_without_warnings_and_fetches_nothing(tmp_path: Path) -> None:
    if importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material is not installed: pip install 'communique[docs]'")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    setting = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=setting)
    assert told.returncode == 0 and not told.stderr, told.stderr
    fetched = re.compile(
        r"<(?:script|img|iframe)[^>]*\ssrc=\"?https?:|<link[^>]*rel=\"?(?:stylesheet|preconnect)[^>]*https?:"
    )
    built = list(tmp_path.rglob("*.html"))
    assert len(built) > len(examples.pages())
    for page in built:
        assert not fetched.search(page.read_text("utf-8")), page.name
    for sheet in tmp_path.rglob("*.css"):
        assert not re.search(r"@import|url\(\"?https?:", sheet.read_text("utf-8")), sheet.name


@pytest.mark.parametrize("path", sorted(notebook.FOLDER.glob("*.ipynb")), ids=lambda p: p.name)
def test_a_notebook_runs_and_prints_what_it_holds(path: Path) -> None:
    for name in ("nbclient", "ipykernel"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed: pip install 'communique[dev]'")
    stored, fresh = notebook.executed(path)
    assert any(notebook.printed(fresh))
    assert notebook.printed(stored) == notebook.printed(fresh), "python -m tools.notebook --write"


def test_the_image_is_made_of_files_that_exist() -> None:
    """The image itself is built by CI, where Docker is."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert copied and all((ROOT / name).exists() for name in copied)
    extras = re.search(r"\"\.\[([\w,]+)\]\"", "\n".join(lines))
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert extras and set(extras[1].split(",")) <= set(known)
    room = next(line for line in lines if line.startswith("CMD "))
    options = re.findall(r"\"([^\"]+)\"", room)
    HELPED["room"].make_context("room", options[1:])


def test_the_forge_and_compose_start_what_exists() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML, of the extra 'docs', is not installed")
    steps = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]["check"]["steps"]
    assert any(step.get("run") == "bash .ci/run" for step in steps) and (ROOT / ".ci/run").exists()
    room = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["room"]
    assert room["build"] == "." and room["volumes"] == ["news:/data"]
    assert all(port.startswith("127.0.0.1:") for port in room["ports"])


def test_the_tests_that_documents_name_exist() -> None:
    known = {
        n for p in (ROOT / "tests").glob("*.py") for n in re.findall(r"^def (test_\w+)", p.read_text("utf-8"), re.M)
    }
    named = {n for p in (ROOT / "docs").glob("*.md") for n in re.findall(r"`(test_\w+)`", p.read_text("utf-8"))}
    assert named and named <= known, named - known
