"""What happens where an extra is not installed: one line that names it and the command that installs it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique import Failure, Reader, Report
from communique._extras import EXTRAS, MissingExtra, missing, need
from communique.cli import main
from communique.codebooks import answer, load
from communique.pages import drafts

HARBOURS = Path(__file__).parent.parent / "examples/codebooks/harbours.toml"
TEXT = "Peru recalled its ambassador from Chile on Monday after a dispute over fishing rights, the ministry said."
RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Coast Herald</title>
<item><title>Peru recalls envoy</title>
<link>https://coast.example/1</link><description>{TEXT} {TEXT}</description></item></channel></rss>"""


def without(monkeypatch: pytest.MonkeyPatch, *extras: str) -> None:
    """Makes the packages of extras look as if they were not installed."""
    for extra in extras:
        for package in EXTRAS[extra]:
            monkeypatch.setitem(sys.modules, package, None)


def word() -> bytes:
    import docx

    document, target = docx.Document(), io.BytesIO()
    document.add_heading("Peru recalls envoy")
    document.add_paragraph(f"{TEXT} {TEXT}")
    document.save(target)
    return target.getvalue()


def sheet() -> bytes:
    import openpyxl

    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["title", "text"])
    book.active.append(["Peru recalls envoy", f"{TEXT} {TEXT}"])
    book.save(target)
    return target.getvalue()


def rtf() -> bytes:
    return b"{\\rtf1\\ansi Peru recalls envoy\\par " + f"{TEXT} {TEXT}".encode() + b"\\par}"


@pytest.mark.parametrize(
    ("extra", "name", "data"),
    [
        ("office", "a.docx", word()),
        ("office", "a.xlsx", sheet()),
        ("office", "a.rtf", rtf()),
        ("watch", "a.xml", RSS.encode()),
    ],
)
def test_a_page_that_needs_an_extra_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, extra: str, name: str, data: bytes
) -> None:
    assert not [d for d in drafts(data, name) if isinstance(d, Failure)]
    without(monkeypatch, extra)
    (told,) = drafts(data, name)
    assert isinstance(told, Failure) and told.page == name
    assert f"needs the extra '{extra}': pip install 'communique[{extra}]'" in told.cause and "\n" not in told.cause


def test_the_other_pages_of_a_folder_are_read(reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word())
    (tmp_path / "b.txt").write_text(f"Peru recalls envoy\n\n{TEXT}\n\n{TEXT.replace('Monday', 'Tuesday')}\n")
    (tmp_path / "c.xml").write_text(RSS)
    without(monkeypatch, "office", "watch")
    told = list(reader.read_all([tmp_path]))
    assert [type(t) for t in told] == [Failure, Report, Failure]
    done = CliRunner().invoke(main, ["read", str(tmp_path), "--format", "json"])
    lines = [line for line in done.stderr.splitlines() if "pip install" in line]
    assert done.exit_code == 1 and len(lines) == 2
    assert str(tmp_path / "a.docx") in lines[0] and "communique[office]" in lines[0]
    assert str(tmp_path / "c.xml") in lines[1] and "communique[watch]" in lines[1]
    assert len([line for line in done.stdout.splitlines() if line.startswith("{")]) == 1


@pytest.mark.parametrize(
    ("extra", "command"),
    [
        ("watch", ["watch", "RECORD", "https://coast.example/feed"]),
        ("mcp", ["mcp", "RECORD"]),
        ("room", ["room", "RECORD"]),
        ("ray", ["read", "PAGE", "-o", "SHARDS", "--format", "parquet", "--engine", "ray"]),
    ],
)
def test_a_command_that_needs_an_extra_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, extra: str, command: list[str]
) -> None:
    (tmp_path / "PAGE").write_text(TEXT)
    without(monkeypatch, extra)
    done = CliRunner().invoke(main, [str(tmp_path / c) if c.isupper() else c for c in command])
    assert done.exit_code == 1
    line = next(line for line in done.stderr.splitlines() if "needs the extra" in line)
    assert line.endswith(f"needs the extra '{extra}': pip install 'communique[{extra}]'")


def test_a_codebook_is_loaded_without_the_package_that_measures_agreement(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "harbours.toml"
    path.write_text(HARBOURS.read_text("utf-8"), "utf-8")
    kind = load(path).types[0].name
    for by, verdict in (("ann", "yes"), ("ben", "no")):
        answer(path, "A frigate of Peru lay off Arica.", kind, verdict, by=by)
    answer(path, "A frigate of Chile called at Callao.", kind, "yes", by="ann")
    answer(path, "A frigate of Chile called at Callao.", kind, "yes", by="ben")
    whole = load(path)
    assert whole.agreement is not None
    without(monkeypatch, "codebook")
    told = load(path)
    assert told.agreement is None and told.types == whole.types and told.disagreements == whole.disagreements
    assert [w for w in told.warnings if "pip install 'communique[codebook]'" in w]


def test_extras_are_those_of_the_package() -> None:
    from importlib.metadata import metadata

    assert set(EXTRAS) <= set(metadata("communique").get_all("Provides-Extra") or ())
    for extra in EXTRAS:
        assert missing(extra, "this") is None, "the tests want every extra: pip install -e '.[dev]'"


def test_need_raises_what_missing_says(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "mcp")
    with pytest.raises(MissingExtra, match="the server needs the extra 'mcp'"):
        need("mcp", "the server")
    assert json.dumps(missing("mcp", "the server"))
