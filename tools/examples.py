"""`python -m tools.examples [PAGE…]` runs the examples of the README and of docs/ and compares their output.

`--write` stores the current output in the pages. An example is a fenced block of `sh` or `python`. A block of `text`
that follows it is its output; a line `…` stands for omitted lines. A block with `title="NAME"` is written to that file
instead. The examples of a page run one after another in a folder of their own. Two comments on the line before a block
change that:

- `<!-- not run: REASON -->`: needs the network or another machine, runs until it is stopped, or takes minutes.
- `<!-- exit N -->`: the command ends with status N. Without it 0 is expected.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import functools
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from communique import Failure, Reader, open_record
from communique.cli import main as command
from communique.cli.common import ReaderOptions

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?$")
NOT_RUN = re.compile(r"<!-- not run: (.+) -->")
EXIT = re.compile(r"<!-- exit (\d+) -->")
LANGUAGES = ("sh", "python", "text", "toml", "json", "r", "yaml", "sql")
CUT = "…"  # a line of an output that stands for any number of lines
MINUTES = 5  # time limit of a shell block
OPTIONAL = ("Rscript", "docker")  # programs that a reader may lack
OPERATORS = frozenset("|&;<>()")


class ExampleError(Exception):
    """An example failed, or its output differs from its page."""


@dataclass
class Block:
    """A fenced block: `begin` is the index of its first line of code, `end` that of the closing fence."""

    language: str
    title: str | None
    note: str
    begin: int
    end: int
    code: str
    output: Block | None = None

    @property
    def reason(self) -> str | None:
        """Returns the reason not to run the block, if any."""
        found = NOT_RUN.search(self.note)
        return found[1] if found else None

    @property
    def status(self) -> int:
        found = EXIT.search(self.note)
        return int(found[1]) if found else 0

    @property
    def runs(self) -> bool:
        return self.language in ("sh", "python") and not self.title and not self.reason


def blocks(text: str) -> list[Block]:
    """Returns the fenced blocks of a page in order, each with its output. Raises `ExampleError` for an unknown
    language.
    """
    lines, found, at = text.splitlines(), [], 0
    while at < len(lines):
        opened = FENCE.match(lines[at])
        if not opened:
            if lines[at].lstrip().startswith("```"):
                raise ExampleError(f"line {at + 1}: {lines[at]!r} is not a fence of the form ```LANGUAGE")
            at += 1
            continue
        language, end = opened["language"], lines.index("```", at + 1)
        if language not in LANGUAGES:
            raise ExampleError(f"line {at + 1}: language {language!r}, must be one of {', '.join(LANGUAGES)}")
        note = lines[at - 1] if at and lines[at - 1].startswith("<!--") else ""
        block = Block(language, opened["title"], note, at + 1, end, "\n".join(lines[at + 1 : end]))
        before = found[-1] if found else None
        if language == "text" and before and before.runs and not "".join(lines[before.end + 1 : at]).strip():
            before.output = block
        found.append(block)
        at = end + 1
    return found


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "reference")]


def starts_empty(page: Path) -> bool:
    """Returns whether a page makes its own record, because newcomers follow it from a fresh clone."""
    return page.parent.name == "tutorials" or page.name in ("README.md", "get-started.md", "index.md")


def folder_for(page: Path, folder: Path, record: Path | None = None) -> None:
    """Fills a folder as in a clone. For pages that do not start empty, adds the files that they mention.

    `record` is the record of the example pages; without it, one is made for pages that do not start empty.
    """
    shutil.copytree(ROOT / "examples", folder / "examples")
    if starts_empty(page):
        return
    article = ROOT / "examples/pages/kenya_uganda.html"
    shutil.copy(article, folder / "page.html")
    for name in ("folder", "pages", "inbox", "news"):
        (folder / name).mkdir()
        shutil.copy(article, folder / name / article.name)
    row = '"Kenya accused Uganda of theft on 3 May 2022, officials in Nairobi said.",2022-05-04'
    (folder / "rows.csv").write_text(f"body,pubdate\n{row}\n", "utf-8")
    shutil.copy(ROOT / "examples/codebooks/harbours.toml", folder / "mine.toml")
    if record:
        shutil.copy(record, folder / "news.duckdb")
        return
    with open_record(folder / "news.duckdb") as base:
        base.add([r for r in Reader().read_all([ROOT / "examples/pages"]) if not isinstance(r, Failure)])


def commands(code: str) -> list[str]:
    """Returns the commands of a shell block, one by one, without comments. A backslash at the end continues a line."""
    lines = code.replace("\\\n", " ").splitlines()
    return [part.strip() for line in lines for part in line.split(" && ") if part.strip() and part.strip()[0] != "#"]


def plain(line: str) -> list[str] | None:
    """Returns the words of a command `communique …`, or None if it needs a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    words = list(lexer)
    if not words or words[0] != "communique" or any(set(w) <= OPERATORS for w in words) or "$" in line:
        return None
    return shlex.split(line, comments=True)


def filled(words: list[str]) -> list[str]:
    """Replaces EVENT and ARTICLE with an event and an article of the folder's record, or of its page."""
    if not {"EVENT", "ARTICLE"} & set(words):
        return words
    if words[1] == "explain":
        told = CliRunner().invoke(command, ["read", words[2], "--format", "events"]).stdout
        event = json.loads(told.splitlines()[0])
        ids = {"EVENT": event["id"], "ARTICLE": event["article"]}
    else:
        with open_record(words[2], read_only=True) as record:
            first = record.events()[0]
        ids = {"EVENT": first.id, "ARTICLE": first.article}
    return [ids.get(w, w) for w in words]


def by_shell(code: str, status: int) -> str:
    """Returns what bash prints for a block. Raises `ExampleError` if it ends with another status."""
    with tempfile.TemporaryDirectory() as tools:
        for name, called in (("communique", "-m communique"), ("python", "")):
            (script := Path(tools, name)).write_text(f'#!/bin/sh\nexec "{sys.executable}" {called} "$@"\n')
            script.chmod(0o755)
        path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        setting = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": path}
        told = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60 * MINUTES,
            env=setting,
        )
    if told.returncode != status:
        raise ExampleError(f"{code}\nended with status {told.returncode}, not {status}:\n{told.stdout[-2000:]}")
    return told.stdout


def by_click(lines: list[list[str]], status: int) -> str:
    """Returns the output of commands that need no shell. They run in this process, which saves starting one for
    each.
    """
    told = ""
    for words in lines:
        answer = CliRunner().invoke(command, filled(words)[1:], prog_name="communique")
        told += answer.output
        if answer.exit_code != status or (answer.exception and not isinstance(answer.exception, SystemExit)):
            said = f"ended with status {answer.exit_code}, not {status}: {answer.exception!r}"
            raise ExampleError(f"{shlex.join(words)}\n{said}\n{answer.output[-2000:]}")
    return told


def by_python(code: str, names: dict[str, object]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exec(compile(code, "<example>", "exec"), names)
    return told.getvalue()


def matches(shown: str, real: str) -> bool:
    """Returns whether an output is the one shown; lines of `…` in it stand for any lines."""
    if CUT not in shown.splitlines():
        return shown == real
    parts = [re.escape(p.strip("\n")) for p in re.split(rf"^{CUT}$", shown, flags=re.M)]
    begin, end = (r"\n" if part else "" for part in (parts[0], parts[-1]))
    return re.fullmatch(begin + r"\n(?:.*\n)?".join(parts) + end, f"\n{real}\n", re.S) is not None


def cut(shown: str, real: str) -> str:
    """Returns the real output, cut like the shown one: as many lines before and after `…`."""
    old, new = shown.splitlines(), real.splitlines()
    if CUT not in old:
        return real
    head, tail = old.index(CUT), len(old) - 1 - old.index(CUT)
    return "\n".join([*new[:head], CUT, *new[len(new) - tail :]]) if len(new) > head + tail else real


def tidied(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


@dataclass
class Run:
    """The result of a page: the text with the current output, faults, and programs that were missing."""

    text: str
    faults: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def output_of(block: Block, names: dict[str, object]) -> str:
    if block.language == "python":
        return by_python(block.code, names)
    lines = [plain(line) for line in commands(block.code)]
    words = [line for line in lines if line]
    return by_click(words, block.status) if len(words) == len(lines) else by_shell(block.code, block.status)


def run(page: Path) -> Run:
    """Runs the examples of a page in the current folder and stops at the first failure.

    Commands with the same options share a reader, because loading one takes longer than most examples.
    """
    with mock.patch.object(ReaderOptions, "reader", functools.cache(ReaderOptions.reader)):
        return _run(page)


def _run(page: Path) -> Run:
    text = page.read_text("utf-8")
    lines, names = text.splitlines(), {"__name__": "__main__"}
    done = Run(text)
    changes: list[tuple[Block, str]] = []
    for block in blocks(text):
        if block.title and not block.reason:
            Path(block.title).write_text(block.code + "\n", "utf-8")
        if not block.runs:
            continue
        absent = [p for p in OPTIONAL if block.code.startswith(p) and not shutil.which(p)]
        if absent:
            done.left += absent
            continue
        try:
            real = tidied(output_of(block, names))
        except Exception as error:
            done.faults.append(f"{page.relative_to(ROOT)}:{block.begin}: {type(error).__name__}: {error}")
            break
        if block.output:
            changes.append((block.output, cut(block.output.code, real)))
            if not matches(tidied(block.output.code), real):
                differ = difflib.unified_diff(
                    block.output.code.splitlines(), real.splitlines(), "shown", "real", "", "", 1
                )
                done.faults.append(f"{page.relative_to(ROOT)}:{block.output.begin}:\n" + "\n".join(list(differ)[:40]))
    for output, now in reversed(changes):
        lines[output.begin : output.end] = now.splitlines()
    done.text = "\n".join(lines) + "\n"
    return done


@contextlib.contextmanager
def inside(page: Path, record: Path | None = None) -> Iterator[Path]:
    """Changes to a temporary folder for a page; deletes it afterwards."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder_for(page, Path(name), record)
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", nargs="*", type=lambda p: Path(p).resolve(), help="default: all")
    parser.add_argument("--write", action="store_true", help="puts the output of now into the pages")
    options = parser.parse_args()
    failed = False
    for page in options.page or pages():
        if not any(block.runs for block in blocks(page.read_text("utf-8"))):
            continue
        with inside(page):
            done = run(page)
        if options.write:
            page.write_text(done.text, "utf-8")
        for fault in done.faults:
            print(fault, file=sys.stderr)
        failed = failed or bool(done.faults)
    sys.exit(1 if failed and not options.write else 0)


if __name__ == "__main__":
    main()
