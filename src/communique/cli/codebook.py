"""`codebook`: a user's own event types."""

from __future__ import annotations

import json
import os
import sys

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from rich.table import Table

from ..codebooks import Codebook, CodebookError, Fitter, answer, load, sentences, share, told
from ..reading import Model
from ..schema import Failure, Report
from .common import BATCH, Failed, ReaderOptions, asking, example, main, opened

MANY = 400  # articles; from here starting more processes pays off


@main.group()
def codebook() -> None:
    """Event types of your own, from examples: fit, suggest, recode."""


def _book(file: str) -> Codebook:
    try:
        return load(file)
    except CodebookError as error:
        raise Failed(str(error)) from None


@codebook.command(epilog=example("communique codebook fit mine.toml"))
@click.argument("file", metavar="FILE")
@click.option(
    "-o", "--output", metavar="FOLDER", help="Writes the codebook with its fitted head to a folder that can be shared."
)
@click.option("--record", metavar="RECORD", help="A record whose sentences serve as background: examples of no type.")
@click.option("--json", "as_json", is_flag=True, help="Prints the expected precision and recall as JSON.")
def fit(file: str, output: str | None, record: str | None, as_json: bool) -> None:
    """Learns a codebook's types and estimates how well they will work: precision, recall, confusions, a learning
    curve.
    """
    book = _book(file)
    unlabelled: list[str] = []
    if record is not None:
        with opened(record) as base, asking():
            unlabelled = sentences(r.article.text for r in base.reports())
    fitter = Fitter(Model())
    head, lessons = fitter.fit(book, unlabelled)
    expected = fitter.expect(book, lessons)
    if output is not None:
        try:
            share(book, head, output)
        except OSError as error:
            raise Failed(f"{output}: {error.strerror or error}") from None
    if as_json:
        click.echo(json.dumps(told(expected) | {"codebook": book.mark}, ensure_ascii=False))
        return
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False, markup=False)
    console.print(str(book))
    table = Table(
        "type",
        "examples",
        "precision",
        "recall",
        title="What to expect, by cross-validation on the examples (95% intervals)",
    )
    for name, count, *rates in zip(expected.types, expected.examples, expected.precision, expected.recall):
        table.add_row(name, str(count), *(f"{r[0]:.2f} [{r[1]:.2f}, {r[2]:.2f}]" for r in rates))
    console.print(table)
    for a, b, n in expected.confusion:
        console.print(f"{a} taken for {b}: {n}")
    if expected.curve:
        console.print("mean F1 by examples a type: " + ", ".join(f"{n}: {f:.2f}" for n, f in expected.curve))
    if book.agreement is not None:
        console.print(f"agreement of those who answered (Krippendorff's alpha): {book.agreement:.2f}")
    for d in book.disagreements:
        console.print(
            f"they disagree, so it is left out: {d['type']}: {d['text']} "
            f"({', '.join(f'{p}: {v}' for p, v in d['answers'].items())})"
        )
    for warning in expected.warnings:
        console.print(f"warning: {warning}")
    for need in expected.needs:
        console.print(f"what would help {need}")
    if output is not None:
        console.print(f"{book.mark} written to {output}")


@codebook.command("suggest", epilog=example("communique codebook suggest mine.toml --record news.duckdb --count 5"))
@click.argument("file", metavar="FILE")
@click.option("--record", required=True, metavar="RECORD", help="Where the sentences come from.")
@click.option("--count", type=click.IntRange(1, 500), default=10, show_default=True, help="Number of sentences.")
@click.option(
    "--articles",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="Number of articles to search.",
)
@click.option(
    "--by",
    metavar="NAME",
    help="Asks on the terminal (y, n, o for none of the types, s to skip, q to end) and keeps the answers as yours.",
)
def suggest_(file: str, record: str, count: int, articles: int, by: str | None) -> None:
    """Suggests the sentences that are most useful as further examples."""
    _book(file)
    if by is not None and not sys.stdin.isatty():
        raise click.UsageError("--by asks on a terminal, and there is none; without it the sentences are written out")
    reader = ReaderOptions(codebooks=(file,)).reader()
    with opened(record) as base, asking():
        texts = base.texts(articles)
    for n, s in enumerate(reader.suggestions(texts, count), 1):
        if by is None:
            click.echo(
                json.dumps(
                    {"text": s.text, "type": s.type, "probability": s.probability, "worth": s.worth}, ensure_ascii=False
                )
            )
            continue
        click.echo(f"\n{n}. {s.text}\n   {s.type}? ({s.probability:.2f})  y/n/o/s/q ", nl=False)
        key = click.getchar()
        click.echo(key)
        if key == "q":
            return
        if key in "yno":
            answer(file, s.text, s.type, {"y": "yes", "n": "no", "o": "other"}[key], by)


@codebook.command(epilog=example("communique codebook recode news.duckdb --codebook mine.toml"))
@click.argument("record")
@click.option("--codebook", "codebooks", multiple=True, required=True, metavar="TOML|FOLDER", help="The codebook.")
@click.option("--catalogue", metavar="CSV", help="Your own people and organisations.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes that read; all cores where there is much to read."
)
def recode(record: str, codebooks: tuple[str, ...], catalogue: str | None, workers: int | None) -> None:
    """Codes a whole record again from its stored texts and keeps the old coding. An interrupted run continues where it
    stopped.
    """
    reader = ReaderOptions(catalogue=catalogue, codebooks=codebooks).reader()
    with opened(record) as base, asking():
        left = base.unread_by(reader.version)
        articles = (r.article for a in left if (r := base.report(a)) is not None and r.article.text)
        done = failed = 0
        kept: list[Report] = []
        try:
            with Progress(
                *Progress.get_default_columns(),
                MofNCompleteColumn(),
                console=Console(stderr=True),
                transient=True,
                disable=not sys.stderr.isatty(),
            ) as bar:
                task = bar.add_task("recoding", total=len(left))
                for item in reader.reread_all(articles, workers or (os.cpu_count() or 1 if len(left) > MANY else 1)):
                    bar.advance(task)
                    if isinstance(item, Failure):
                        failed += 1
                        click.echo(f"{item.page}: {item.cause}", err=True)
                        continue
                    kept.append(item)
                    if len(kept) >= BATCH:
                        done += base.add(kept)
                        kept = []
            done += base.add(kept)
        except KeyboardInterrupt:
            done += base.add(kept)
            raise Failed(
                f"interrupted: {done} of {len(left)} articles are coded again; the same command goes on from here"
            ) from None
    click.echo(
        f"{done} articles coded again with {', '.join(b.book.mark for b in reader.codebooks)}"
        + (f", {failed} could not be read" if failed else "")
    )
    sys.exit(1 if failed else 0)
