"""Export of a record to files: events in other systems' formats, panels of dyads, networks."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..record.exports import write_bundle, write_csv, write_gdelt, write_parquet, write_polecat
from ..record.panels import BETWEEN, FORMATS
from .asking import left_out, questions
from .common import Failed, as_of_option, asking, confidence_option, example, main, opened, scope_option

FORMS = ("jsonl", "csv", "parquet", "polecat", "gdelt", "bundle")


@main.command(epilog=example("communique export news.duckdb --as csv -o events.csv"))
@click.argument("record")
@click.option("--as", "form", type=click.Choice(FORMS), default="jsonl", show_default=True, help="Format.")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Parquet: a folder by month where the name has no ending. GDELT: Mentions beside it.",
)
@click.option("--all", "everything", is_flag=True, help="Also events that are planned, possible, desired or denied.")
@click.option("--nested", is_flag=True, help="Parquet: lists and objects as in JSON instead of plain columns.")
@click.option("--without-text", is_flag=True, help="Bundles: offsets and checksums instead of texts.")
@questions
@as_of_option
def export(
    record: str,
    form: str,
    output: str,
    everything: bool,
    nested: bool,
    without_text: bool,
    as_of: str | None,
    **asked: Any,
) -> None:
    """Writes the events of a record to a file: only actual and positive ones, unless --all or other filters are given.

    CSV and Parquet have plain columns and one row per event.
    """
    if nested and form != "parquet":
        raise click.UsageError(f"--nested is for --as parquet; {form} has one shape")
    if without_text and form != "bundle":
        raise click.UsageError(f"--without-text is for --as bundle, not for {form}")
    if not everything:
        asked = {"modality": "actual", "polarity": "positive"} | {k: v for k, v in asked.items() if v is not None}
    target = Path(output)
    with opened(record, as_of) as base, asking():
        rows = list(base.events(**asked).dicts())
        try:
            count = _written(base, form, rows, target, asked | {"as_of": as_of}, nested, not without_text)
        except OSError as error:
            raise Failed(f"{output}: {error.strerror or error}") from None
        left_out(base, asked)
    click.echo(f"{count} events of confidence {asked['confidence']:g} or more written to {output}")


def _written(
    base: Any, form: str, rows: list[dict[str, Any]], target: Path, asked: dict[str, Any], nested: bool, texts: bool
) -> int:
    """Writes events in a format and returns their number."""
    articles = base.sources()
    if form == "parquet":
        return write_parquet(rows, target, articles, nested)
    if form == "bundle":
        wanted = {e["article"] for e in rows}
        known = [r.article.to_dict() for r in base.reports() if r.article.id in wanted]
        query = {k: v for k, v in asked.items() if v is not None}
        write_bundle(target, query, rows, known, {e["reader"] for e in rows}, texts)
        return len(rows)
    if form in ("polecat", "gdelt"):
        plover = [r for r in rows if r["codebook"] is None]  # these formats have only PLOVER's types
        if form == "polecat":
            write_polecat(plover, articles, f"communique {__version__}", target)
        else:
            accounts = {a["id"]: a for a in base.accounts_of([e["id"] for e in plover])}
            write_gdelt(plover, accounts, articles, target)
        return len(plover)
    buffer = io.StringIO()
    if form == "jsonl":
        buffer.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    else:
        write_csv(((r, articles.get(r["article"])) for r in rows), buffer)
    target.write_bytes(buffer.getvalue().encode("utf-8", "replace"))
    return len(rows)


TABLES = (".csv", ".parquet")


@main.command(
    epilog=example("communique panel news.duckdb --every 1m --since 2024-01-01 --until 2024-03-31 -o panel.csv")
)
@click.argument("record")
@click.option("--every", default="1m", show_default=True, metavar="PERIOD", help="1d, 1w (ISO weeks), 1m, 1q, 1y.")
@click.option("--since", metavar="DAY", help="Default: the period of the first article.")
@click.option("--until", metavar="DAY", help="Default: the period of the last article.")
@click.option(
    "--directed/--undirected",
    default=True,
    show_default=True,
    help="Count each direction separately, or both together.",
)
@click.option(
    "--by", type=click.Choice(("quad", "type")), default="quad", show_default=True, help="What to count separately."
)
@click.option(
    "--unit",
    type=click.Choice(("dyad", "country")),
    default="dyad",
    show_default=True,
    help="country with --every 1y: country-years.",
)
@click.option("--sector", metavar="SECTOR", help="Both sides: GOV, or several such as GOV,MIL.")
@click.option("--told", is_flag=True, help="Only dyads with events, not every pair of states.")
@click.option(
    "-o", "--output", metavar="FILE", help="CSV, or Parquet if the name ends in .parquet. Default: standard output."
)
@scope_option
@confidence_option
@as_of_option
def panel(record: str, output: str | None, as_of: str | None, **asked: Any) -> None:
    """Writes a panel: every dyad of states in every period and direction. Zeros and gaps are distinct.

    Each row has counts by quad or type, the sum and mean of scores, reports, origins, the number of articles read in
    the period, and codes of ISO 3166, Correlates of War and Gleditsch and Ward. Where nothing was read, counts are
    empty, not 0.
    """
    form = Path(output or "").suffix.lower()
    if form not in ("", *TABLES):
        raise click.UsageError(f"{output}: the name ends in none of {', '.join(TABLES)}")
    with opened(record, as_of) as base, asking():
        found = base.panel(**asked)
        try:
            _write_table(found.arrow(), output)
        except OSError as error:
            raise Failed(f"{output}: {error.strerror or error}") from None
    left = ", ".join(f"{count:,} {why}" for why, count in found.left_out.items() if count)
    told = f"{len(found):,} rows, events of confidence {asked['confidence']:g} or more"
    click.echo(told + (f"; not counted: {left}" if left else ""), err=output is None)


def _write_table(table: Any, output: str | None) -> None:
    import pyarrow.csv
    import pyarrow.parquet

    if output and output.lower().endswith(".parquet"):
        pyarrow.parquet.write_table(table, output)
        return
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    if output is None:
        buffer = io.BytesIO()
        pyarrow.csv.write_csv(table, buffer, options)
        click.echo(buffer.getvalue().decode(), nl=False)
        return
    pyarrow.csv.write_csv(table, output, options)


@main.command(epilog=example("communique network news.duckdb --between parties -o network.graphml"))
@click.argument("record")
@click.option("-o", "--output", required=True, metavar="FILE", help=f"Ends in {', '.join('.' + f for f in FORMATS)}.")
@click.option("--between", type=click.Choice(BETWEEN), default="states", show_default=True, help="What the nodes are.")
@click.option("--since", metavar="DAY", help="First day (YYYY-MM-DD).")
@click.option("--until", metavar="DAY", help="Last day, included.")
@scope_option
@confidence_option
@as_of_option
def network(record: str, output: str, as_of: str | None, **asked: Any) -> None:
    """Writes who did what to whom as a directed network: GraphML, GEXF, or the edges as CSV."""
    with opened(record, as_of) as base, asking():
        found = base.network(**asked)
        found.write(output)
    left = f"; {found.left_out:,} events name nobody on one side" if found.left_out else ""
    told = f"{len(found.nodes):,} nodes and {len(found.edges):,} edges written to {output}"
    click.echo(f"{told}, events of confidence {asked['confidence']:g} or more{left}")
