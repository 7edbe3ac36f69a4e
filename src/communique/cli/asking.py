"""Questions to a record, exports, and what a person says of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..record import brief as briefs
from ..record.exports import POLECAT_COLUMNS, flat, gdelt_events, gdelt_mentions, polecat, write_bundle, write_parquet
from .common import Failed, as_of_option, asking, main, opened

QUESTIONS = (
    click.option("--actor", metavar="PARTY", help="CHN, 'CHN MIL', EU, Q7747, a name; several with commas."),
    click.option("--recipient", metavar="PARTY"),
    click.option("--party", metavar="PARTY", help="On either side."),
    click.option("--since", metavar="DAY"),
    click.option("--until", metavar="DAY"),
    click.option("--type", "type", metavar="TYPE", help="Several with commas."),
    click.option("--mode"),
    click.option(
        "--quad",
        type=click.Choice(("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")),
    ),
    click.option("--context"),
    click.option("--place", metavar="NAME|COUNTRY"),
    click.option("--source", metavar="PARTY", help="Who says so."),
    click.option("--kind", type=click.Choice(("reported", "stated", "assessed")), help="How it is told."),
    click.option("--modality", type=click.Choice(("actual", "future", "possible", "conditional", "desired"))),
    click.option("--polarity", type=click.Choice(("positive", "negative"))),
    click.option("--story", metavar="ID"),
    click.option("--origins", type=click.IntRange(1), help="At least so many independent origins."),
    click.option("--text", metavar="WORDS", help="In the evidence."),
    click.option("--codebook", metavar="NAME", help="Your own types of a codebook; 'plover' for PLOVER's alone."),
)


def _questions(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(QUESTIONS):
        command = option(command)
    return command


@main.command()
@click.argument("record")
@_questions
@as_of_option
def events(record: str, as_of: str | None, **asked: Any) -> None:
    """Events of a record, one JSON object a line."""
    with opened(record, as_of) as base, asking():
        for event in base.events(**asked).dicts():
            click.echo(json.dumps(event, ensure_ascii=False))


@main.command()
@click.argument("record")
@click.option("--source", metavar="PARTY")
@click.option("--text", metavar="WORDS")
@click.option("--story", metavar="ID")
@as_of_option
def statements(record: str, source: str | None, text: str | None, story: str | None, as_of: str | None) -> None:
    """Statements of a record, one JSON object a line."""
    with opened(record, as_of) as base, asking():
        for statement in base.statements(source, text, story).dicts():
            click.echo(json.dumps(statement, ensure_ascii=False))


@main.command()
@click.argument("record")
@as_of_option
def stories(record: str, as_of: str | None) -> None:
    """Stories of a record, one JSON object a line."""
    with opened(record, as_of) as base, asking():
        for story in base.stories().dicts():
            click.echo(json.dumps(story, ensure_ascii=False))


@main.command()
@click.argument("record")
@click.option("--actor", required=True, metavar="PARTY")
@click.option("--recipient", required=True, metavar="PARTY")
@click.option("--every", default="1w", show_default=True, metavar="PERIOD")
@click.option("--since", metavar="DAY")
@click.option("--until", metavar="DAY")
@click.option("--codebook", metavar="NAME", help="Counts your own types of a codebook instead of PLOVER's.")
@as_of_option
def series(
    record: str,
    actor: str,
    recipient: str,
    every: str,
    since: str | None,
    until: str | None,
    codebook: str | None,
    as_of: str | None,
) -> None:
    """How a directed dyad goes: a JSON object for each period, `events` null where nothing was read."""
    with opened(record, as_of) as base, asking():
        for row in base.series(actor, recipient, every, since, until, codebook=codebook):
            click.echo(json.dumps(row))


@main.command()
@click.argument("record")
@click.option(
    "--as",
    "form",
    type=click.Choice(("jsonl", "csv", "parquet", "polecat", "gdelt", "bundle")),
    default="jsonl",
    show_default=True,
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Parquet: a folder by month where the name has no ending. GDELT: Mentions beside it.",
)
@click.option("--all", "everything", is_flag=True, help="Also what is only planned, possible, wanted or denied.")
@click.option("--without-text", is_flag=True, help="Bundles: offsets and checksums instead of texts.")
@_questions
@as_of_option
def export(
    record: str, form: str, output: str, everything: bool, without_text: bool, as_of: str | None, **asked: Any
) -> None:
    """Writes the events of a record to a file: those that are actual and positive, unless --all or asked for."""
    if not everything:
        asked = {"modality": "actual", "polarity": "positive"} | {k: v for k, v in asked.items() if v is not None}
    target = Path(output)
    with opened(record, as_of) as base, asking():
        rows = list(base.events(**asked).dicts())
        try:
            if form == "parquet":
                write_parquet(rows, target)
            elif form == "bundle":
                known = [r.article.to_dict() for r in base.reports() if r.article.id in {e["article"] for e in rows}]
                write_bundle(
                    target,
                    {k: v for k, v in (asked | {"as_of": as_of}).items() if v is not None},
                    rows,
                    known,
                    {e["reader"] for e in rows},
                    not without_text,
                )
            elif form in ("polecat", "gdelt"):
                _write_tables(base, form, rows, target)
            else:
                buffer = io.StringIO()
                if form == "jsonl":
                    buffer.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
                elif rows:
                    table = csv.DictWriter(buffer, list(flat(rows[0])))
                    table.writeheader()
                    table.writerows(map(flat, rows))
                target.write_text(buffer.getvalue(), "utf-8")
        except OSError as error:
            raise Failed(f"{output}: {error.strerror or error}") from None
    click.echo(f"{len(rows)} events written to {output}")


def _write_tables(base: Any, form: str, rows: list[dict[str, Any]], target: Path) -> None:
    articles = base.sources()
    rows = [r for r in rows if r["codebook"] is None]  # these formats know PLOVER's types alone

    def write(path: Path, header: tuple[str, ...] | None, lines: Iterable[tuple[str, ...]]) -> None:
        def clean(value: str) -> str:
            return " ".join(value.replace("\t", " ").split())

        with open(path, "w", encoding="utf-8", newline="") as file:
            for line in [header] if header else []:
                file.write("\t".join(line) + "\n")
            for line in lines:
                file.write("\t".join(map(clean, line)) + "\n")

    if form == "polecat":
        write(target, POLECAT_COLUMNS, polecat(rows, articles, f"communique {__version__}"))
        return
    write(target, None, gdelt_events(rows, articles))
    accounts = {a["id"]: a for e in rows for a in base.accounts(e["id"]).dicts()}
    write(target.with_name(f"{target.stem}.mentions{target.suffix}"), None, gdelt_mentions(rows, accounts, articles))


@main.command()
@click.argument("record")
@click.option("--about", metavar="PARTY", help="CHN,PRK; all otherwise.")
@click.option("--since", default="7d", show_default=True, metavar="DAY|7d|4w", help="Counted back from the last day.")
@click.option("--until", metavar="DAY", help="The day of the last article otherwise.")
@click.option(
    "-o", "--output", metavar="FILE", help="HTML where it ends in .html, else Markdown; standard output otherwise."
)
@as_of_option
def brief(record: str, about: str | None, since: str, until: str | None, output: str | None, as_of: str | None) -> None:
    """Two pages: what happened, what was said and by whom, what is disputed, which positions moved, what is
    scheduled.
    """
    with opened(record, as_of) as base, asking():
        told = briefs.briefing(base, about, since, until)
    text = briefs.page(told) if output and output.lower().endswith((".html", ".htm")) else briefs.markdown(told)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as error:
        raise Failed(f"{output}: {error.strerror or error}") from None


@main.command()
@click.argument("record")
@click.argument("article")
@click.option("--by", default="", help="Who asks for it.")
@click.option("--why", default="")
def forget(record: str, article: str, by: str, why: str) -> None:
    """Erases an article's text and quotations for good; the codes and a marker stay."""
    with opened(record) as base, asking():
        base.forget(article, by, why)
    click.echo(f"{article}: its text is erased, its codes stay")


@main.command()
@click.argument("record")
@click.argument("target")
@click.argument("verdict", type=click.Choice(("confirm", "reject", "correct", "merge", "undo")))
@click.option("--by", required=True, help="Who judges.")
@click.option("--why", default="")
@click.option("--change", default="{}", metavar="JSON", help='{"type": "THREATEN"}; for merge {"with": ID}.')
def judge(record: str, target: str, verdict: str, by: str, why: str, change: str) -> None:
    """Confirms, rejects, corrects or merges an event, or undoes a judgement; nothing is overwritten."""
    try:
        changes = json.loads(change)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"--change: '{change[:80]}' is no JSON: {error}") from None
    with opened(record) as base, asking():
        click.echo(base.judge(target, verdict, by, why, changes))


@main.command()
@click.argument("record")
@click.option(
    "--apply", "file", metavar="FILE", help="Takes in judgements made on another record of the same articles."
)
def judgements(record: str, file: str | None) -> None:
    """The judgements that stand, one JSON object a line, each saying whether it still fits; or takes in a file of
    them.
    """
    with opened(record) as base, asking():
        if file is None:
            for row in base.judgements():
                click.echo(json.dumps(row, ensure_ascii=False))
            return
        rows = _lines(file)
        click.echo(f"{base.apply(rows)} new of {len(rows)} judgements")


def _lines(file: str) -> list[Any]:
    """The JSON values of a file, one a line."""
    try:
        text = Path(file).read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise Failed(f"{file}: {getattr(error, 'strerror', None) or 'is no text'}") from None
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise Failed(f"{file}:{number}: no JSON: {error}") from None
    return rows
