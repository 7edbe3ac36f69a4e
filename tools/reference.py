"""`python -m tools.reference` writes docs/reference/ from the code; `--check` fails if a committed page is stale.

Commands come from click, the Python interface from signatures and docstrings, the JSON from the schema's classes, the
codebook from `plover.toml`. Other content (an example of each type, the meaning of each field) comes from
`codebook.toml` and `fields.toml` beside this file. A field without a line, or a line without a field, is an error.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import sys
import tomllib
import typing
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

import communique
from communique import schema
from communique.circumstances.contexts import WORDS
from communique.cli import main as command
from communique.events import ontology
from communique.record.exports import COLUMNS, EVENT_COLUMNS, MENTION_COLUMNS, POLECAT_COLUMNS
from communique.record.lookup import CODES
from communique.room.views import SECTORS

FOLDER = Path(__file__).parents[1] / "docs/reference"
HEADING = "<!-- Made by `make reference`. Do not edit. -->\n"
CLASSES = tuple(  # of the JSON, containers before their parts
    getattr(schema, name)
    for name in (
        "Report Article PageSource Paragraph Published Post Party PartyMention Mention Place Time Span Medium "
        "Statement Attribution EventDate Evidence Event Link Figure"
    ).split()
)
MAIN_METHODS = {  # the methods that users start with, in order of use; the others follow
    "Reader": "read read_text read_all explain relate resolve candidates classify analyse".split(),
    "Record": "add events statements stories articles accounts series panel network judge forget".split(),
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Returns a Markdown table; bars and line breaks in cells are escaped."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |"

    titles = list(head)
    return "\n".join([line(titles), line("---" for _ in titles), *(line(r) for r in rows)]) + "\n"


def loaded(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


def meanings(part: str, names: Iterable[str]) -> dict[str, str]:
    """Returns the lines of `fields.toml` for one class or table. Raises `ValueError` if they do not match its
    fields.
    """
    wanted, found = list(names), loaded("fields.toml").get(part, {})
    if set(wanted) != set(found):
        raise ValueError(f"tools/fields.toml: [{part}] and the code differ in {sorted(set(wanted) ^ set(found))}")
    return {name: str(found[name]) for name in wanted}


def all_commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, found in sorted(group.commands.items()):
        if isinstance(found, click.Group):
            yield from all_commands(found, (*path, name))
        else:
            yield " ".join((*path, name)), found


def section_of(name: str, found: click.Command) -> str:
    with click.Context(found, info_name=f"communique {name}") as context:
        usage = found.get_usage(context).removeprefix("Usage: ")
        # Not `get_params`: click keeps the first help option that it made, so `--help` would depend on what ran before.
        records = [p.get_help_record(context) for p in found.params]
        epilog = found.epilog or ""
    text = inspect.cleandoc(found.help or "").replace("\b", "").strip()
    example = " ".join(epilog.replace("\b", "").strip().removeprefix("Example:").split())
    rows = [(f"`{r[0]}`", r[1]) for r in records if r and r[0].startswith("-")]
    parts = [f"## communique {name}\n", text + "\n", f"```text\nusage: {' '.join(usage.split())}\n```\n"]
    if example:
        parts.append(f"Example:\n\n```sh\n{example}\n```\n")
    return "\n".join([*parts, table(("option", "meaning"), rows)])


def commands() -> str:
    """Returns the page of every command with its options, from click."""
    intro = (
        "# Commands\n\nEvery command prints the same text with `-h` or `--help`. Exit status: 0 if everything was "
        "read, 1 if some page failed (each has a line on standard error that names the page and the cause), 2 for "
        "wrong use.\n"
    )
    return "\n".join([HEADING, intro, *(section_of(name, found) for name, found in all_commands(command))])


def parameter(found: inspect.Parameter) -> str:
    """Returns `name: kind = default`; `...` replaces a default without a short form."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(found.kind, "")
    kind = "" if found.annotation is inspect.Parameter.empty else f": {found.annotation}"
    if found.default is inspect.Parameter.empty:
        return f"{stars}{found.name}{kind}"
    value = "..." if callable(found.default) else repr(found.default)
    return f"{stars}{found.name}{kind} = {value}"


def signature(name: str, found: Callable[..., Any]) -> str:
    """Returns `name(a: int, b: str = "") -> str`, with one parameter per line if it is long."""
    signed = inspect.signature(found)
    parts = [parameter(p) for n, p in signed.parameters.items() if n != "self"]
    kinds = [p.kind for n, p in signed.parameters.items() if n != "self"]
    first = next((n for n, k in enumerate(kinds) if k is inspect.Parameter.KEYWORD_ONLY), None)
    if first is not None and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parts.insert(first, "*")
    back = "" if signed.return_annotation in (inspect.Signature.empty, "None") else f" -> {signed.return_annotation}"
    line = f"{name}({', '.join(parts)}){back}"
    return line if len(line) <= 100 else f"{name}(\n    " + ",\n    ".join(parts) + f",\n){back}"


def ours(found: Any) -> bool:
    """Returns whether a member is a method or property of this package, not inherited from a Python class."""
    function = found.fget if isinstance(found, property) else found
    return inspect.isfunction(function) and function.__module__.startswith("communique")


def documented(cls: type) -> list[tuple[str, Any]]:
    """Returns public methods and properties of a class that have a docstring, those of `MAIN_METHODS` first."""
    found = {n: m for n, m in inspect.getmembers(cls, ours) if not n.startswith("_") and inspect.getdoc(m)}
    first = [n for n in MAIN_METHODS.get(cls.__name__, ()) if n in found]
    return [(n, found[n]) for n in [*first, *sorted(set(found) - set(first))]]


def member(owner: str, name: str, found: Any) -> str:
    head = f"### {owner}.{name}\n"
    text = inspect.getdoc(found) or ""
    if isinstance(found, property):
        return "\n".join([head, text + "\n"])
    return "\n".join([head, f"```text\n{signature(name, found)}\n```\n", text + "\n"])


def python() -> str:
    """Returns the page of the names in `communique.__all__`, from signatures and docstrings."""
    parts = [
        HEADING,
        "# Python\n\nEverything here is imported from `communique`. The dataclasses of a report have their fields in "
        "[JSON](json.md).\n",
    ]
    for name in sorted(communique.__all__, key=lambda n: (n not in ("Reader", "open_record", "Record"), n)):
        found = getattr(communique, name)
        parts.append(f"## {name}\n")
        if not callable(found):
            parts.append(f"Its value is `{found!r}`.\n" if name != "__version__" else "The version of the package.\n")
            continue
        fields = dataclasses.is_dataclass(found)
        if not fields and not (inspect.isclass(found) and issubclass(found, Exception)):
            parts.append(f"```text\n{signature(name, found)}\n```\n")
        parts.append((inspect.getdoc(found) or "") + "\n")
        if found in CLASSES:
            parts.append(f"Fields: [{name}](json.md#{name.lower()}).\n")
        elif inspect.isclass(found):
            parts += [member(name, n, m) for n, m in documented(found)]
    return "\n".join(parts)


def kind_of(kind: Any) -> str:
    """Returns a field's type in JSON terms."""
    args = typing.get_args(kind)
    if kind in CLASSES:
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    origin = typing.get_origin(kind)
    if origin is tuple:
        return f"list of {kind_of(args[0])}"
    if origin is typing.Literal:
        return "one of " + ", ".join(f"`{a}`" for a in args) if len(args) < 10 else "code"
    if args:
        return " or ".join(kind_of(a) for a in args)
    return {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}[kind]


def json_page() -> str:
    """Returns the page of the schema's classes with the type and meaning of each field."""
    parts = [
        HEADING,
        "# JSON\n\n`communique read --format json` writes one report a line. `--format events` writes one event a "
        "line. The JSON Schema is [schema.json](../schema.json).\n",
        "`start` and `end` are character offsets into the article's text: `text[start:end]` gives the words. `from` "
        "and `to` are full days, both included. Unknown values are `null`.\n",
    ]
    for cls in CLASSES:
        hints, fields = schema.hints(cls), [f for f in dataclasses.fields(cls) if f.metadata.get("json", True)]
        names = {f.name: "from" if f.name == "from_" else f.name for f in fields}
        known = meanings(cls.__name__, names.values())
        rows = [(f"`{name}`", kind_of(hints[f]), known[name]) for f, name in names.items()]
        parts += [f"## {cls.__name__}\n", (cls.__doc__ or "").split("\n")[0] + "\n"]
        parts.append(table(("field", "type", "meaning"), rows))
    return "\n".join(parts)


def tables() -> str:
    """Returns the page of the columns of exported tables."""
    kinds = {str: "text", int: "integer", float: "number"}
    known = meanings("columns", COLUMNS)
    panel = loaded("fields.toml")["panel"]
    quads = "`--by type` has one column for each of the sixteen types instead of the four quad classes. "
    country = "`--unit country` has `country` with its two numbers instead of two sides, and `acted` and `received`."
    parts = [
        HEADING,
        "# Tables\n",
        "## Events\n\n`communique export RECORD --as csv` and `--as parquet` write one row an event. By default they "
        "write events that happened: modality `actual`, polarity `positive`.\n",
        table(("column", "type", "meaning"), [(f"`{n}`", kinds[k], known[n]) for n, k in COLUMNS.items()]),
        "## Panel\n\n`communique panel RECORD` writes one row for each pair of states and each period.\n",
        table(("column", "meaning"), [(f"`{n}`", str(m)) for n, m in panel.items()]),
        quads + country + "\n",
        "## POLECAT\n\n`--as polecat` writes POLECAT's columns:\n",
        ", ".join(f"`{c}`" for c in POLECAT_COLUMNS) + ".\n",
        "## GDELT\n\n`--as gdelt` writes GDELT's two tables. Events:\n",
        ", ".join(f"`{c}`" for c in EVENT_COLUMNS) + ".\n\nMentions:\n",
        ", ".join(f"`{c}`" for c in MENTION_COLUMNS) + ".\n",
    ]
    return "\n".join(parts)


def type_section(name: str, shown: dict[str, str]) -> str:
    mutual = "two sides do it together" if name in ontology.MUTUAL else ""
    needs = "needs a recipient" if name in ontology.NEEDS_RECIPIENT else ""
    future = f"coded {ontology.FUTURE[name]} while only planned or promised" if name in ontology.FUTURE else ""
    rules = "; ".join(filter(None, (mutual, needs, future))) or "none"
    modes = ", ".join(f"{m} ({s:g})" for m, s in ontology.MODES.get(name, {}).items()) or "none"
    rows = [
        ("definition", ontology.DEFINITIONS[name]),
        ("quad class", ontology.QUADS[name]),
        ("score", f"{ontology.SCORES[name]:g}"),
        ("rules", rules),
        ("modes (score)", modes),
        ("example", f"{shown['example']} *({shown['sides']})*"),
        ("near miss", f"{shown['near']} *(coded: {shown['as']})*"),
        ("difference", shown["because"]),
    ]
    return f"### {name}\n\n" + table(("", ""), rows)


def codebook() -> str:
    """Returns the page of types, modes, scores, sectors and contexts."""
    shown = loaded("codebook.toml")
    if set(shown) != set(ontology.TYPES):
        raise ValueError(f"tools/codebook.toml and plover.toml differ in {sorted(set(shown) ^ set(ontology.TYPES))}")
    parts = [
        HEADING,
        "# Codebook\n",
        "Events are coded in PLOVER's terms. The definitions are in `src/communique/events/plover.toml`; the reader "
        "applies that file. The examples show how a person would code a sentence. The reader can be wrong on them: see "
        "[Quality](../quality.md).\n",
        "Scores run from -10 (conflict) to 10 (cooperation). The score of a mode replaces the score of its type.\n",
        "## Types\n",
        *(type_section(name, shown[name]) for name in ontology.TYPES),
        "## Sectors\n",
        table(("code", "meaning"), [(f"`{c}`", m) for c, m in SECTORS.items()]),
        "## Codes that are not states\n",
        table(("code", "meaning"), [(f"`{c}`", m) for c, m in CODES.items()]),
        "## Contexts\n\nA context says what an event is about. It is coded from the words of the sentence. An event "
        "has at most four.\n",
        table(("context", "words that give it"), [(f"`{c}`", w.replace(" ", ", ")) for c, w in WORDS.items()]),
    ]
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "python.md": python,
    "json.md": json_page,
    "tables.md": tables,
    "codebook.md": codebook,
}


def stale() -> list[str]:
    """Returns the names of committed pages that differ from the generated ones."""
    made = ((FOLDER / name, make()) for name, make in PAGES.items())
    return [path.name for path, text in made if not path.exists() or path.read_text("utf-8") != text]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="writes nothing; exit status 1 where a page is stale")
    if parser.parse_args().check:
        if old := stale():
            print(f"stale: {', '.join(old)}; run `make reference`", file=sys.stderr)
        sys.exit(1 if old else 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), "utf-8")


if __name__ == "__main__":
    main()
