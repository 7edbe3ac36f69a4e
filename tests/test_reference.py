"""The generated pages of docs/reference/ are those of the code, and nothing public lacks a place there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT

import communique
from checks import readability
from communique import open_record
from communique.events import ontology
from tools import reference

PAGES = ROOT / "docs/reference"


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_committed_page_is_the_generated_one(page: str) -> None:
    assert (PAGES / page).read_text("utf-8") == reference.PAGES[page](), "run make reference"


def test_the_page_of_commands_does_not_depend_on_what_ran_before() -> None:
    CliRunner().invoke(reference.command, ["read", "--help"])
    assert (PAGES / "commands.md").read_text("utf-8") == reference.commands()


def test_every_command_has_a_section_with_a_meaning_for_each_option() -> None:
    page = (PAGES / "commands.md").read_text("utf-8")
    for name, _ in reference.all_commands(reference.command):
        assert f"\n## communique {name}\n" in page, name
    assert not re.findall(r"^\| `-.*\|  \|$", page, re.M)


def test_every_public_name_has_a_section() -> None:
    page = (PAGES / "python.md").read_text("utf-8")
    for name in communique.__all__:
        assert f"\n## {name}\n" in page, name
    for owner in (communique.Reader, communique.Record):
        public = [n for n in vars(owner) if not n.startswith("_")]
        for name in public:
            assert f"\n### {owner.__name__}.{name}\n" in page, name
    assert " at 0x" not in page


def test_the_codebook_shows_every_type_with_a_near_miss_of_another() -> None:
    shown = reference.loaded("codebook.toml")
    assert set(shown) == set(ontology.TYPES)
    for name, row in shown.items():
        assert row["as"] != name and row["as"] in (*ontology.TYPES, "no event"), name
        assert row["example"] != row["near"] and all(row[k] for k in ("sides", "because")), name


def test_the_columns_of_a_panel_are_those_described(demo: Path) -> None:
    with open_record(demo, read_only=True) as record:
        columns = record.panel(every="1y").columns
    assert columns == list(reference.loaded("fields.toml")["panel"])


def test_a_field_without_a_meaning_is_an_error() -> None:
    with pytest.raises(ValueError, match="surprise"):
        reference.meanings("Span", ["start", "end", "text", "surprise"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Short. " * 6, None),
        (("Many " + "words " * 24 + "end.\n\n") * 6, "mean sentence"),
        ("One two three. " * 40, "paragraph"),
        ("```\n" + "code " * 200 + "\n```\n\n| " + "cell " * 200 + "|\n", None),
        ("- " + "item " * 50 + "\n- " + "item " * 50, None),
    ],
)
def test_readability_measures_prose_alone(text: str, fault: str | None, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    faults = readability.measure(page).faults
    assert (fault in faults[0] and len(faults) == 1) if fault else not faults


@pytest.mark.parametrize("page", readability.pages(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_documents_are_readable(page: Path) -> None:
    assert not readability.measure(page).faults


def test_links_between_documents_lead_somewhere() -> None:
    for page in readability.pages():
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
