"""`who`: the parties that a phrase may refer to on a day, with reasons."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.table import Table

from ..catalogue import Catalogue, CatalogueError, suggest
from ..parties import Candidates, Resolver
from ..times import parse_day
from ..view import safe
from .common import Failed, example, main

SHOWN = 8  # candidates shown
LEAST = 0.005  # lowest likelihood of a shown candidate


@main.command(epilog=example('communique who "Armenian Prime Minister" --on 2021-05-01'))
@click.argument("phrase")
@click.option("--on", "day", metavar="DATE", help="Day for which offices are looked up (YYYY-MM-DD).")
@click.option(
    "--context", default="", metavar="TEXT", help="The text around the phrase: it may name states and bodies."
)
@click.option("--catalogue", metavar="CSV", help="Your own people and organisations.")
@click.option("--json", "as_json", is_flag=True, help="One candidate a line, as JSON.")
def who(phrase: str, day: str | None, context: str, catalogue: str | None, as_json: bool) -> None:
    """Lists the parties that a phrase may refer to, each with its probability and the reason."""
    days = parse_day(day) if day else None
    if day and (days is None or days[0] != days[1]):
        raise click.UsageError(f"--on: '{day}' is not a day (YYYY-MM-DD)")
    if not phrase.strip():
        raise click.UsageError("the phrase is empty")
    try:
        found = Candidates(Resolver(Catalogue(catalogue)))
    except CatalogueError as error:
        raise Failed(str(error)) from None
    ranked = found.of(phrase, days[0] if days else None, context)
    if as_json:
        for c in ranked:
            click.echo(json.dumps(c.to_dict(), ensure_ascii=False))
        return
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160, highlight=False)
    table = Table(box=None, pad_edge=False)
    for column in ("likely", "who", "country", "sector", "office", "id", "why"):
        table.add_column(column)
    for c in [c for c in ranked[:SHOWN] if c.score >= LEAST or c is ranked[0]]:
        p = c.party
        told = (p.name, p.country, p.sector, p.office, p.id) if p else ("nobody", None, None, None, None)
        cells = [cell or "-" for cell in told]
        table.add_row(f"{c.score:.2f}", *map(safe, cells), "; ".join(c.reasons))
    console.print(table)
    if ranked[0].party is None and (near := suggest(phrase)):
        named = ", ".join(f"{s.name}{f' ({s.country})' if s.country else ''}" for s in near)
        click.echo(f"did you mean: {safe(named)}?")
