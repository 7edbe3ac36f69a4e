"""`read`, `add` and `explain`: pages to reports, and reports to a record."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import click
from rich.console import Console

from .. import DEFAULT_CONFIDENCE, Failure, PageError, Reader, Report
from .._extras import MissingExtra
from .._reader import REPORTED
from .._sources import Sources
from ..cluster import Job, read_here, read_ray
from ..record.exports import flat_table, report_about, write_csv
from ..view import safe, show
from .common import (
    BATCH,
    SAVING,
    Bar,
    Failed,
    PageOptions,
    ReaderOptions,
    asking,
    complain,
    example,
    main,
    opened,
    page_options,
    paths_of,
    reader_options,
)

FORMATS = ("text", "json", "events", "csv", "parquet", "conllu")


@main.command(epilog=example("communique read page.html --format text"))
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("-o", "--output", metavar="FILE", help="Where to write. Default: standard output.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: text on a terminal, else json.")
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    show_default=True,
    help="ray: on a Ray cluster, to a folder of Parquet.",
)
@page_options
def read(
    pages: tuple[str, ...],
    output: str | None,
    form: str | None,
    engine: str,
    how: PageOptions,
) -> None:
    """Reads pages and prints or writes their events, statements and parties."""
    form = form or ("text" if output is None and sys.stdout.isatty() else "json")
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs -o FILE")
    if engine == "ray" or output and (output.endswith("/") or os.path.isdir(output)):
        if output is None:
            raise click.UsageError("--engine ray needs -o FOLDER")
        if how.dating is not None:
            raise click.UsageError("a table of days and --date-from-name need -o FILE, not a folder")
        sys.exit(
            _sharded(
                Job(
                    pages if engine == "ray" else tuple(paths_of(pages)),
                    output,
                    how.columns,
                    how.published,
                    how.reading.settings,
                ),
                engine,
                how,
            )
        )
    sources = how.sources(pages)
    reader = how.reading.reader()
    failed = 0

    def reports() -> Iterator[Report]:
        nonlocal failed
        with Bar(sources) as bar:
            try:
                for item in reader.read_all(sources, how.processes(sources), None, how.published):
                    bar.step(item)
                    complain(item)
                    if isinstance(item, Failure):
                        failed += 1
                    else:
                        yield item
            except ValueError as error:
                raise click.UsageError(str(error)) from None

    try:
        _write(reports(), form, output, reader, how.reading.confidence)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise Failed(f"{output or 'standard output'}: {error.strerror or error}") from None
    sys.exit(1 if failed else 0)


@main.command(epilog=example("communique explain page.html"))
@click.argument("page", metavar="PAGE")
@click.argument("event", required=False, metavar="[EVENT]")
@reader_options
@click.option("--published", metavar="DATE", help="Day of publication, if the page does not state it.")
def explain(
    page: str,
    event: str | None,
    published: str | None,
    reading: ReaderOptions,
) -> None:
    """Explains the events of a page: candidates, scores and the rule that decided.

    EVENT is the id of one event, as listed by `communique read PAGE --format events`. Without it every event is
    explained.
    """
    reader = reading.reader()
    try:
        report = reader.read(paths_of((page,))[0], published=published)
        wanted = [event] if event else [e.id for e in report.events if e.codebook is None]
        for id in wanted:
            click.echo("\n".join(map(safe, reader.explain(report, id).lines())))
    except PageError as error:
        raise Failed(str(error)) from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _sharded(job: Job, engine: str, how: PageOptions) -> int:
    """Reads to a folder of Parquet. The same command continues a stopped run."""
    try:
        if engine == "ray":
            told = read_ray(job, how.workers)
        else:
            sources = Sources(job.paths)
            with Bar(sources) as bar:
                told = read_here(job, how.processes(sources), bar.step)
    except MissingExtra as error:
        raise Failed(str(error)) from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise Failed(f"{job.output}: {error.strerror or error}") from None
    click.echo(
        f"{told['pages']:,} pages, {told['events']:,} events, {told['failures']:,} could not be read (page "
        "and cause are in the shards)"
    )
    return 1 if told["failures"] else 0


def _write(reports: Iterable[Report], form: str, output: str | None, reader: Reader, confidence: float) -> None:
    if form == "parquet":
        import pyarrow.parquet

        assert output is not None
        rows, about = [], {}
        for report in reports:
            rows += [e.to_dict() for e in report.events]
            about[report.article.id] = report_about(report)
        pyarrow.parquet.write_table(flat_table(rows, about), output)
        return
    with contextlib.ExitStack() as stack:
        target: IO[str] = sys.stdout
        if output:
            target = stack.enter_context(open(output, "w", encoding="utf-8", newline=""))
        if form == "text":
            console = Console(file=target, width=None if target.isatty() else 120, highlight=False)
            least = DEFAULT_CONFIDENCE if confidence == REPORTED else 0.0  # any other was asked for
            for report in reports:
                show(report, console, least)
            return
        if form == "csv":
            write_csv(((e.to_dict(), report_about(r)) for r in reports for e in r.events), target)
            return
        for report in reports:
            if form == "json":
                target.write(json.dumps(report.to_dict(), ensure_ascii=False) + "\n")
            elif form == "events":
                for event in report.events:
                    target.write(json.dumps(event.to_dict(), ensure_ascii=False) + "\n")
            else:
                target.write(reader.analyse(report.article.text).to_conllu())
            target.flush()


@main.command(epilog=example("communique add news.duckdb folder/"))
@click.argument("record")
@click.argument("pages", nargs=-1, metavar="PAGE...")
@click.option(
    "--reports",
    "files",
    multiple=True,
    metavar="PATH",
    help="Reports already read, as JSON lines or Parquet, or a folder of such files.",
)
@click.option("--dry-run", "dry", is_flag=True, help="Shows what would be new and stores nothing.")
@page_options
def add(
    record: str,
    pages: tuple[str, ...],
    files: tuple[str, ...],
    dry: bool,
    how: PageOptions,
) -> None:
    """Reads pages into a record. Skips pages that are already there; an interrupted run continues where it stopped."""
    if not pages and not files:
        raise click.UsageError("name pages, or reports with --reports")
    sources = how.sources(pages)
    failed = new = seen = 0
    kept_at = time.monotonic()
    with opened(record, must_exist=False) as base, asking(), Bar(sources if pages else None) as bar:
        batch: list[Report] = []

        def items() -> Iterator[Report | Failure]:
            for file in files:
                yield from _kept(file)
            if pages:
                reader = how.reading.reader()
                yield from reader.read_all(
                    sources,
                    how.processes(sources),
                    None,
                    how.published,
                    known=base.pages(reader.version),
                    skipped=bar.skip,
                )

        def keep() -> None:
            nonlocal new, batch, kept_at
            new += base.new(batch) if dry else base.add(batch)
            batch, kept_at = [], time.monotonic()

        try:
            for item in items():
                bar.step(item)
                complain(item)
                if isinstance(item, Failure):
                    failed += 1
                    if not dry:
                        base.fail([item])
                    continue
                seen += 1
                batch.append(item)
                if len(batch) >= BATCH or time.monotonic() - kept_at > SAVING:
                    keep()
            keep()
        except KeyboardInterrupt:
            keep()
            raise Failed(
                f"interrupted: {new} new articles are in the record; the same command goes on from here"
            ) from None
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    told = (
        f"{'would be ' if dry else ''}{new} new of {seen} articles read"
        + (f", {seen - new} of {seen} had the same text as another" if new < seen else "")
        + (f", {bar.known} known already" if bar.known else "")
        + (f", {failed} could not be read" if failed else "")
    )
    click.echo(f"{told}: {bar.events:,} events")
    sys.exit(1 if failed else 0)


def _kept(file: str) -> Iterator[Report | Failure]:
    """Yields reports that were read before, from JSON lines, the Parquet of a cluster, or a folder of such files."""
    if Path(file).is_dir():
        found = sorted(p for p in Path(file).iterdir() if p.suffix in (".parquet", ".jsonl"))
        if not found:
            yield Failure(file, "no file that ends in .parquet or .jsonl in this folder")
        for path in found:
            yield from _kept(str(path))
        return
    try:
        if file.endswith(".parquet"):
            import pyarrow.parquet

            for rows in pyarrow.parquet.ParquetFile(file).iter_batches(
                100, columns=["report", "vector", "reader", "page", "cause"]
            ):
                for row in rows.to_pylist():
                    if row["report"] is None:
                        yield Failure(row["page"], row["cause"])
                    else:
                        yield Report.from_dict(
                            json.loads(row["report"]) | {"vector": row["vector"], "reader": row["reader"]}
                        )
            return
        with open(file, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield Report.from_dict(json.loads(line))
                except (ValueError, TypeError, KeyError) as error:
                    yield Failure(f"{file}:{number}", f"no report: {error}")
    except (OSError, ValueError) as error:
        yield Failure(file, getattr(error, "strerror", None) or str(error).splitlines()[0])
