"""The command `communique`."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from . import Failure, Reader, RecordError, Report, __version__, open_record
from ._sources import Sources
from .catalogue import CatalogueError
from .cluster import Job, read_here, read_ray
from .codebooks import Codebook, CodebookError, Fitter, answer, load, sentences, share, told
from .reading import Model
from .record import brief as briefs
from .record.exports import POLECAT_COLUMNS, flat, gdelt_events, gdelt_mentions, polecat, write_bundle, write_parquet
from .view import show

BATCH = 200  # reports in one transaction
FORMATS = ("text", "json", "events", "csv", "parquet", "conllu")


class Failed(click.ClickException):
    """Something asked for cannot be done: exit status 1."""

    exit_code = 1


class _Bar:
    """What reading has brought so far: on a terminal a bar with pages, words, events, rate and time left, nothing on a pipe."""

    def __init__(self, sources: Sources | None) -> None:
        self._sources = sources
        self._bar: Progress | None = None
        self.pages = self.words = self.events = self.known = 0

    def __enter__(self) -> _Bar:
        if sys.stderr.isatty():
            columns = ("{task.description}", BarColumn(), "{task.fields[told]}", TimeElapsedColumn(), "left", TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("reading", total=self._sources.total if self._sources else None, told="")
            self._bar.start()
        self._began = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def skip(self) -> None:
        self.known += 1

    def step(self, item: Report | Failure) -> None:
        self.pages += 1
        if isinstance(item, Report):
            self.words += item.article.text.count(" ") + 1
            self.events += len(item.events)
        if self._bar:
            rate = self.pages / max(time.monotonic() - self._began, 0.01)
            told = f"{self.pages:,} pages, {self.words:,} words, {self.events:,} events, {rate:.1f} pages/s"
            self._bar.update(self._task, completed=self._sources.done if self._sources else None, told=told)


def _paths(pages: tuple[str, ...]) -> list[str]:
    for page in pages:
        if "://" in page:
            raise click.UsageError(f"{page}: an address; pages are read from files and nothing is fetched")
    return list(pages)


def _reader(catalogue: str | None, codebooks: Iterable[str] = ()) -> Reader:
    try:
        return Reader(catalogue=catalogue, codebooks=codebooks)
    except (CatalogueError, ValueError) as error:
        raise click.UsageError(str(error)) from None


def _columns(text: str | None, title: str | None, date: str | None, publisher: str | None, url: str | None) -> dict[str, str]:
    return {k: v for k, v in (("text", text), ("title", title), ("date", date), ("publisher", publisher), ("url", url)) if v}


def _page_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--url", metavar="COL", help="Column with the address (tables)."),
        click.option("--publisher", "--source", metavar="COL", help="Column with the publisher (tables)."),
        click.option("--date", metavar="COL", help="Column with the date of publication (tables)."),
        click.option("--title", metavar="COL", help="Column with the title (tables)."),
        click.option("--text", metavar="COL", help="Column with the text (tables)."),
        click.option("--workers", type=click.IntRange(1, 256), help="Processes that read; all cores where there is much to read."),
        click.option("--codebook", "codebooks", multiple=True, metavar="TOML", help="Your own event types, beside PLOVER's."),
        click.option("--catalogue", metavar="CSV", help="Your own people, groups and codes."),
        click.option("--published", metavar="DATE", help="The day the pages were published, where they do not say."),
    ):
        command = option(command)
    return command


MUCH = 2_000_000  # bytes of pages for which starting more processes pays


def _workers(asked: int | None, sources: Sources) -> int:
    return asked or (os.cpu_count() or 1 if sources.total > MUCH else 1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="communique")
def main() -> None:
    """Reads news pages and keeps the record of what states do and say to each other."""


@main.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("-o", "--output", metavar="FILE", help="Where to write; standard output otherwise.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="text on a terminal, else json.")
@click.option("--engine", type=click.Choice(("local", "ray")), default="local", show_default=True, help="ray: on a Ray cluster, to a folder of Parquet.")
@_page_options
def read(pages: tuple[str, ...], output: str | None, form: str | None, engine: str, published: str | None, catalogue: str | None, codebooks: tuple[str, ...], workers: int | None,
         text: str | None, title: str | None, date: str | None, publisher: str | None, url: str | None) -> None:  # fmt: skip
    """Reads pages and shows or writes what they say."""
    form = form or ("text" if output is None and sys.stdout.isatty() else "json")
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs -o FILE")
    columns = _columns(text, title, date, publisher, url) or None
    if engine == "ray" or output and (output.endswith("/") or os.path.isdir(output)):
        if output is None:
            raise click.UsageError("--engine ray needs -o FOLDER")
        sys.exit(_sharded(Job(pages if engine == "ray" else tuple(_paths(pages)), output, columns, published, {"catalogue": catalogue, "codebooks": codebooks}), engine, workers))
    sources = Sources(_paths(pages), columns)
    reader = _reader(catalogue, codebooks)
    failed = 0

    def reports() -> Iterator[Report]:
        nonlocal failed
        with _Bar(sources) as bar:
            try:
                for item in reader.read_all(sources, _workers(workers, sources), None, published):
                    bar.step(item)
                    if isinstance(item, Failure):
                        failed += 1
                        click.echo(f"{item.page}: {item.cause}", err=True)
                    else:
                        yield item
            except ValueError as error:
                raise click.UsageError(str(error)) from None

    try:
        _write(reports(), form, output, reader)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise Failed(f"{output or 'standard output'}: {error.strerror or error}") from None
    sys.exit(1 if failed else 0)


def _sharded(job: Job, engine: str, workers: int | None) -> int:
    """Reads to a folder of Parquet; the same command goes on where it was stopped."""
    try:
        if engine == "ray":
            told = read_ray(job, workers)
        else:
            sources = Sources(job.paths)
            with _Bar(sources) as bar:
                told = read_here(job, _workers(workers, sources), bar.step)
    except ImportError:
        raise Failed("the engine needs the extra 'ray': pip install 'communique[ray]'") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise Failed(f"{job.output}: {error.strerror or error}") from None
    click.echo(f"{told['pages']:,} pages, {told['events']:,} events, {told['failures']:,} could not be read (page and cause are in the shards)")
    return 1 if told["failures"] else 0


def _write(reports: Iterable[Report], form: str, output: str | None, reader: Reader) -> None:
    if form == "parquet":
        import pyarrow
        import pyarrow.parquet

        rows = [e.to_dict() for r in reports for e in r.events]
        assert output is not None
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), output)
        return
    target: IO[str] = open(output, "w", encoding="utf-8", newline="") if output else sys.stdout
    try:
        if form == "text":
            console = Console(file=target, width=None if target.isatty() else 120, highlight=False)
            for report in reports:
                show(report, console)
            return
        table: Any = None
        for report in reports:
            if form == "json":
                target.write(json.dumps(report.to_dict(), ensure_ascii=False) + "\n")
            elif form == "events":
                for event in report.events:
                    target.write(json.dumps(event.to_dict(), ensure_ascii=False) + "\n")
            elif form == "conllu":
                target.write(reader.analyse(report.article.text).to_conllu())
            else:
                for event in report.events:
                    row = flat(event.to_dict())
                    if table is None:
                        table = csv.DictWriter(target, list(row))
                        table.writeheader()
                    table.writerow(row)
            target.flush()
    finally:
        if output:
            target.close()


def _open(path: str, as_of: str | None = None, must_exist: bool = True) -> Any:
    if must_exist and not Path(path).exists():
        raise Failed(f"{path}: no such record")
    try:
        return open_record(path, as_of)
    except (RecordError, ValueError, OSError) as error:
        raise Failed(str(error)) from None


@main.command()
@click.argument("record")
@click.argument("pages", nargs=-1, metavar="PAGE...")
@click.option("--reports", "files", multiple=True, metavar="FILE", help="Reports already read, as JSON lines or a cluster's Parquet.")
@click.option("--dry-run", "dry", is_flag=True, help="Says what would be new and keeps nothing.")
@_page_options
def add(record: str, pages: tuple[str, ...], files: tuple[str, ...], dry: bool, published: str | None, catalogue: str | None, codebooks: tuple[str, ...], workers: int | None,
        text: str | None, title: str | None, date: str | None, publisher: str | None, url: str | None) -> None:  # fmt: skip
    """Takes pages into a record; what is there already is not read again. Interrupted, it goes on where it stopped."""
    if not pages and not files:
        raise click.UsageError("name pages, or reports with --reports")
    sources = Sources(_paths(pages), _columns(text, title, date, publisher, url) or None)
    failed = new = seen = 0
    with _open(record, must_exist=False) as base, _Bar(sources if pages else None) as bar:
        batch: list[Report] = []

        def items() -> Iterator[Report | Failure]:
            for file in files:
                yield from _kept(file)
            if pages:
                reader = _reader(catalogue, codebooks)
                yield from reader.read_all(sources, _workers(workers, sources), None, published, known=base.pages(reader.version), skipped=bar.skip)

        def keep() -> None:
            nonlocal new, batch
            new += base.new(batch) if dry else base.add(batch)
            batch = []

        try:
            for item in items():
                bar.step(item)
                if isinstance(item, Failure):
                    failed += 1
                    click.echo(f"{item.page}: {item.cause}", err=True)
                    if not dry:
                        base.fail([item])
                    continue
                seen += 1
                batch.append(item)
                if len(batch) >= BATCH:
                    keep()
            keep()
        except KeyboardInterrupt:
            keep()
            raise Failed(f"interrupted: {new} new articles are in the record; the same command goes on from here") from None
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    told = f"{'would be ' if dry else ''}{new} new of {seen} articles read" + (f", {bar.known} known already" if bar.known else "") + (f", {failed} could not be read" if failed else "")
    click.echo(f"{told}: {bar.events:,} events")
    sys.exit(1 if failed else 0)


def _kept(file: str) -> Iterator[Report | Failure]:
    """Reports that were read before, from JSON lines or from the Parquet of a cluster."""
    try:
        if file.endswith(".parquet"):
            import pyarrow.parquet

            for rows in pyarrow.parquet.ParquetFile(file).iter_batches(100, columns=["report", "vector", "reader", "page", "cause"]):
                for row in rows.to_pylist():
                    if row["report"] is None:
                        yield Failure(row["page"], row["cause"])
                    else:
                        yield Report.from_dict(json.loads(row["report"]) | {"vector": row["vector"], "reader": row["reader"]})
            return
        lines = open(file, encoding="utf-8")
        for number, line in enumerate(lines, 1):
            try:
                yield Report.from_dict(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                yield Failure(f"{file}:{number}", f"no report: {error}")
    except (OSError, ValueError) as error:
        yield Failure(file, getattr(error, "strerror", None) or str(error).splitlines()[0])


_as_of = click.option("--as-of", metavar="TIME", help="What was known then (ISO 8601).")


QUESTIONS = (
    click.option("--actor", metavar="PARTY", help="CHN, 'CHN MIL', EU, Q7747, a name; several with commas."),
    click.option("--recipient", metavar="PARTY"),
    click.option("--party", metavar="PARTY", help="On either side."),
    click.option("--since", metavar="DAY"),
    click.option("--until", metavar="DAY"),
    click.option("--type", "type", metavar="TYPE", help="Several with commas."),
    click.option("--mode"),
    click.option("--quad", type=click.Choice(("verbal cooperation", "material cooperation", "verbal conflict", "material conflict"))),
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


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except RecordError as error:
        raise Failed(str(error)) from None


@main.command()
@click.argument("record")
@_questions
@_as_of
def events(record: str, as_of: str | None, **asked: Any) -> None:
    """Events of a record, one JSON object a line."""
    with _open(record, as_of) as base, _asking():
        for event in base.events(**asked).dicts():
            click.echo(json.dumps(event, ensure_ascii=False))


@main.command()
@click.argument("record")
@click.option("--source", metavar="PARTY")
@click.option("--text", metavar="WORDS")
@click.option("--story", metavar="ID")
@_as_of
def statements(record: str, source: str | None, text: str | None, story: str | None, as_of: str | None) -> None:
    """Statements of a record, one JSON object a line."""
    with _open(record, as_of) as base, _asking():
        for statement in base.statements(source, text, story).dicts():
            click.echo(json.dumps(statement, ensure_ascii=False))


@main.command()
@click.argument("record")
@_as_of
def stories(record: str, as_of: str | None) -> None:
    """Stories of a record, one JSON object a line."""
    with _open(record, as_of) as base, _asking():
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
@_as_of
def series(record: str, actor: str, recipient: str, every: str, since: str | None, until: str | None, codebook: str | None, as_of: str | None) -> None:
    """How a directed dyad goes: a JSON object for each period, `events` null where nothing was read."""
    with _open(record, as_of) as base, _asking():
        for row in base.series(actor, recipient, every, since, until, codebook=codebook):
            click.echo(json.dumps(row))


@main.command()
@click.argument("record")
@click.option("--as", "form", type=click.Choice(("jsonl", "csv", "parquet", "polecat", "gdelt", "bundle")), default="jsonl", show_default=True)
@click.option("-o", "--output", required=True, metavar="FILE", help="Parquet: a folder by month where the name has no ending. GDELT: Mentions beside it.")
@click.option("--all", "everything", is_flag=True, help="Also what is only planned, possible, wanted or denied.")
@click.option("--without-text", is_flag=True, help="Bundles: offsets and checksums instead of texts.")
@_questions
@_as_of
def export(record: str, form: str, output: str, everything: bool, without_text: bool, as_of: str | None, **asked: Any) -> None:
    """Writes the events of a record to a file: those that are actual and positive, unless --all or asked for."""
    if not everything:
        asked = {"modality": "actual", "polarity": "positive"} | {k: v for k, v in asked.items() if v is not None}
    target = Path(output)
    with _open(record, as_of) as base, _asking():
        rows = list(base.events(**asked).dicts())
        try:
            if form == "parquet":
                write_parquet(rows, target)
            elif form == "bundle":
                known = [r.article.to_dict() for r in base.reports() if r.article.id in {e["article"] for e in rows}]
                write_bundle(target, {k: v for k, v in (asked | {"as_of": as_of}).items() if v is not None}, rows, known, {e["reader"] for e in rows}, not without_text)
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
        clean = lambda value: " ".join(value.replace("\t", " ").split())
        with open(path, "w", encoding="utf-8", newline="") as file:
            for line in ([header] if header else []):
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
@click.option("-o", "--output", metavar="FILE", help="HTML where it ends in .html, else Markdown; standard output otherwise.")
@_as_of
def brief(record: str, about: str | None, since: str, until: str | None, output: str | None, as_of: str | None) -> None:
    """Two pages: what happened, what was said and by whom, what is disputed, which positions moved, what is scheduled."""
    with _open(record, as_of) as base, _asking():
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
    with _open(record) as base, _asking():
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
    except ValueError as error:
        raise click.UsageError(f"--change: {error}") from None
    with _open(record) as base, _asking():
        click.echo(base.judge(target, verdict, by, why, changes))


@main.command()
@click.argument("record")
@click.option("--apply", "file", metavar="FILE", help="Takes in judgements made on another record of the same articles.")
def judgements(record: str, file: str | None) -> None:
    """The judgements that stand, one JSON object a line, each saying whether it still fits; or takes in a file of them."""
    with _open(record) as base, _asking():
        if file is None:
            for row in base.judgements():
                click.echo(json.dumps(row, ensure_ascii=False))
            return
        try:
            rows = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines() if line.strip()]
        except (OSError, ValueError) as error:
            raise Failed(f"{file}: {error}") from None
        click.echo(f"{base.apply(rows)} new of {len(rows)} judgements")


@main.command()
@click.argument("record")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--alert", "alerts", multiple=True, metavar="RULE", help="CHN->TWN THREATEN|MOBILIZE origins>=2")
@click.option("--to", "file", metavar="FILE", help="Alerts to the end of a file; standard output otherwise.")
@click.option("--webhook", metavar="URL", help="Alerts as JSON to an address.")
@click.option("--every", type=click.FloatRange(1), default=300.0, show_default=True, metavar="SECONDS", help="Between two rounds.")
@click.option("--once", is_flag=True, help="One round and no more.")
@click.option("--allow-private", is_flag=True, help="Also addresses of this machine and of private networks.")
@click.option("--catalogue", metavar="CSV", help="Your own people, groups and codes.")
@click.option("--codebook", "codebooks", multiple=True, metavar="TOML", help="Your own event types, beside PLOVER's.")
def watch(record: str, sources: tuple[str, ...], alerts: tuple[str, ...], file: str | None, webhook: str | None, every: float, once: bool, allow_private: bool,
          catalogue: str | None, codebooks: tuple[str, ...]) -> None:  # fmt: skip
    """Reads feeds (RSS, Atom, OPML, by address) and folders into a record as they come. The only command that goes to the network."""
    from .watch import Fetcher, FetchError, RuleError, Watch, parse

    try:
        rules = [parse(a) for a in alerts]
    except RuleError as error:
        raise click.UsageError(str(error)) from None
    fetcher = Fetcher(private=allow_private)

    def tell(alert: dict[str, Any]) -> None:
        line = json.dumps(alert, ensure_ascii=False)
        if file:
            with open(file, "a", encoding="utf-8") as out:
                out.write(line + "\n")
        if webhook:
            try:
                fetcher.post(webhook, alert)
            except FetchError as error:
                click.echo(str(error), err=True)
        if not file and not webhook:
            click.echo(line)

    def complain(failure: Failure) -> None:
        click.echo(f"{failure.page}: {failure.cause}", err=True)
        base.fail([failure])

    reader = _reader(catalogue, codebooks)
    with _open(record, must_exist=False) as base, _asking():
        rounds = Watch(reader, base, sources, rules, fetcher, tell, complain)
        try:
            while True:
                click.echo(f"{rounds.round()} new articles", err=True)
                if once:
                    return
                time.sleep(every)
        except KeyboardInterrupt:
            click.echo("ended", err=True)


@main.command()
@click.argument("record")
def mcp(record: str) -> None:
    """Serves a record to programs by the Model Context Protocol, on standard input and output; read-only."""
    try:
        from .mcp import server

        made = server(record)
    except ImportError:
        raise Failed("the server needs the extra 'mcp': pip install 'communique[mcp]'") from None
    except RecordError as error:
        raise Failed(str(error)) from None
    made.run()


@main.command()
@click.argument("record")
@click.option("--review", is_flag=True, help="Lets the people who look confirm, reject, correct and merge.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address than this machine's own needs the token that is printed.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True)
def room(record: str, review: bool, host: str, port: int) -> None:
    """Opens the reading room on a record: a web application on this machine."""
    try:
        from .room import serve
    except ImportError:
        raise Failed("the room needs the extra 'room': pip install 'communique[room]'") from None
    try:
        serve(record, review, host, port, click.echo)
    except RecordError as error:
        raise Failed(str(error)) from None
    except OSError as error:
        raise Failed(f"{host}:{port}: {error.strerror or error}") from None


@main.group()
def codebook() -> None:
    """Event types of your own, from examples: fit, suggest, recode."""


def _book(file: str) -> Codebook:
    try:
        return load(file)
    except CodebookError as error:
        raise Failed(str(error)) from None


@codebook.command()
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", metavar="FOLDER", help="Writes the codebook with its fitted head to a folder that can be shared.")
@click.option("--record", metavar="RECORD", help="A record whose sentences tell what the types are to be told apart from.")
@click.option("--json", "as_json", is_flag=True, help="What to expect, as JSON.")
def fit(file: str, output: str | None, record: str | None, as_json: bool) -> None:
    """Learns a codebook's types and says what to expect of them: precision, recall, what is confused, a learning curve."""
    book = _book(file)
    unlabelled: list[str] = []
    if record is not None:
        with _open(record) as base, _asking():
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
    table = Table("type", "examples", "precision", "recall", title="What to expect, by cross-validation on the examples (95% intervals)")
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
        console.print(f"they disagree, so it is left out: {d['type']}: {d['text']} ({', '.join(f'{p}: {v}' for p, v in d['answers'].items())})")
    for warning in expected.warnings:
        console.print(f"warning: {warning}")
    if output is not None:
        console.print(f"{book.mark} written to {output}")


@codebook.command("suggest")
@click.argument("file", metavar="FILE")
@click.option("--record", required=True, metavar="RECORD", help="Where the sentences come from.")
@click.option("--count", type=click.IntRange(1, 500), default=10, show_default=True)
@click.option("--articles", type=click.IntRange(1), default=200, show_default=True, help="How many articles of the record are looked through.")
@click.option("--by", metavar="NAME", help="Asks on the terminal (y, n, o for none of the types, s to skip, q to end) and keeps the answers as yours.")
def suggest_(file: str, record: str, count: int, articles: int, by: str | None) -> None:
    """Puts forward the sentences that would teach most."""
    _book(file)
    reader = _reader(None, [file])
    with _open(record) as base, _asking():
        texts = base.texts(articles)
    for n, s in enumerate(reader.suggestions(texts, count), 1):
        if by is None:
            click.echo(json.dumps({"text": s.text, "type": s.type, "probability": s.probability, "worth": s.worth}, ensure_ascii=False))
            continue
        click.echo(f"\n{n}. {s.text}\n   {s.type}? ({s.probability:.2f})  y/n/o/s/q ", nl=False)
        key = click.getchar()
        click.echo(key)
        if key == "q":
            return
        if key in "yno":
            answer(file, s.text, s.type, {"y": "yes", "n": "no", "o": "other"}[key], by)


@codebook.command()
@click.argument("record")
@click.option("--codebook", "codebooks", multiple=True, required=True, metavar="TOML|FOLDER")
@click.option("--catalogue", metavar="CSV")
def recode(record: str, codebooks: tuple[str, ...], catalogue: str | None) -> None:
    """Codes a whole record again from its stored texts; the old coding is kept. Interrupted, it goes on where it stopped."""
    reader = _reader(catalogue, codebooks)
    with _open(record) as base, _asking():
        left = base.unread_by(reader.version)
        done = 0
        try:
            with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
                task = bar.add_task("recoding", total=len(left))
                for at in range(0, len(left), BATCH):
                    reports = [reader.reread(r.article) for a in left[at : at + BATCH] if (r := base.report(a)) is not None and r.article.text]
                    done += base.add(reports)
                    bar.advance(task, len(left[at : at + BATCH]))
        except KeyboardInterrupt:
            raise Failed(f"interrupted: {done} of {len(left)} articles are coded again; the same command goes on from here") from None
    click.echo(f"{done} articles coded again with {', '.join(b.book.mark for b in reader.codebooks)}")
