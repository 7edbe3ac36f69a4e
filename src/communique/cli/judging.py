"""A person's decisions about a record: judgements, and articles to forget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from .common import Failed, asking, example, main, opened


@main.command(epilog=example('communique forget news.duckdb ARTICLE --by me --why "asked for by its author"'))
@click.argument("record")
@click.argument("article")
@click.option("--by", default="", help="Who requests it.")
@click.option("--why", default="", help="Reason, kept with the marker.")
def forget(record: str, article: str, by: str, why: str) -> None:
    """Erases an article's text and quotations permanently. The codes and a marker stay."""
    with opened(record) as base, asking():
        base.forget(article, by, why)
    click.echo(f"{article}: its text is erased, its codes stay")


@main.command(epilog=example('communique judge news.duckdb EVENT correct --by me --change \'{"type": "THREATEN"}\''))
@click.argument("record")
@click.argument("target")
@click.argument("verdict", type=click.Choice(("confirm", "reject", "correct", "merge", "undo")))
@click.option("--by", required=True, help="Who judges.")
@click.option("--why", default="", help="Reason, kept with the judgement.")
@click.option("--change", default="{}", metavar="JSON", help='{"type": "THREATEN"}; for merge {"with": ID}.')
def judge(record: str, target: str, verdict: str, by: str, why: str, change: str) -> None:
    """Confirms, rejects, corrects or merges an event, or undoes a judgement; nothing is overwritten."""
    try:
        changes = json.loads(change)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"--change: '{change[:80]}' is no JSON: {error}") from None
    with opened(record) as base, asking():
        click.echo(base.judge(target, verdict, by, why, changes))


@main.command(epilog=example("communique judgements news.duckdb"))
@click.argument("record")
@click.option(
    "--apply", "file", metavar="FILE", help="Takes in judgements made on another record of the same articles."
)
def judgements(record: str, file: str | None) -> None:
    """Lists the current judgements, one JSON object a line, each with whether it still applies; or imports a file of
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
    """Returns the JSON values of a file, one a line."""
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
