"""Options and helpers shared by the commands."""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from .. import DEFAULT_CONFIDENCE, Failure, Reader, RecordError, Report, __version__, open_record
from .._dating import Dating, table_of_days
from .._reader import REPORTED
from .._sources import Sources
from ..catalogue import CatalogueError
from ..record import WrongQuestion
from ..record.checks import SCOPES

BATCH = 200  # reports in one transaction
MUCH = 2_000_000  # bytes of pages; from here starting more processes pays off
SAVING = 30.0  # seconds after which the batch is stored, however small it is


class Failed(click.ClickException):
    """A request cannot be carried out: exit status 1."""

    exit_code = 1


class Bar:
    """Progress of reading: on a terminal a bar with pages, words, events, rate and time left; nothing on a pipe."""

    def __init__(self, sources: Sources | None) -> None:
        self._sources = sources
        self._bar: Progress | None = None
        self.pages = self.words = self.events = self.known = 0

    def __enter__(self) -> Bar:
        if sys.stderr.isatty():
            columns = (
                "{task.description}",
                BarColumn(),
                "{task.fields[told]}",
                TimeElapsedColumn(),
                "left",
                TimeRemainingColumn(),
            )
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


def complain(item: Report | Failure) -> None:
    """Prints to standard error what could not be read, the whole page or a part of it."""
    for told in (item,) if isinstance(item, Failure) else item.notes:
        click.echo(f"{told.page}: {told.cause}", err=True)


def paths_of(pages: tuple[str, ...]) -> list[str]:
    for page in pages:
        if "://" in page:
            raise click.UsageError(f"{page}: an address; pages are read from files and nothing is fetched")
    return list(pages)


@dataclass(frozen=True)
class ReaderOptions:
    """Values of the options of `reader_options`."""

    model: str = "default"
    catalogue: str | None = None
    codebooks: tuple[str, ...] = ()
    confidence: float = REPORTED

    @property
    def settings(self) -> dict[str, Any]:
        """Returns the arguments of `Reader`."""
        return {
            "model": self.model,
            "catalogue": self.catalogue,
            "codebooks": self.codebooks,
            "min_confidence": self.confidence,
        }

    def reader(self) -> Reader:
        """Returns the requested reader. Raises `click.UsageError` if its catalogue, weights or codebooks are faulty."""
        try:
            return Reader(**self.settings)
        except (CatalogueError, ValueError) as error:
            raise click.UsageError(str(error)) from None


@dataclass(frozen=True)
class PageOptions:
    """Values of the options of `page_options`: how pages are found, dated and read."""

    reading: ReaderOptions
    published: str | None  # one day for all pages
    dating: Dating | None  # days of single files
    columns: dict[str, str] | None  # of tables, by content
    workers: int | None

    def sources(self, pages: tuple[str, ...]) -> Sources:
        return Sources(paths_of(pages), self.columns, self.dating)

    def processes(self, sources: Sources) -> int:
        """Returns the number of reading processes: as requested, else one, or all cores for a large input."""
        return self.workers or (os.cpu_count() or 1 if sources.total > MUCH else 1)


def reader_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of a reader to a command. The command receives them as `reading`."""

    @functools.wraps(command)
    def taken(
        *, model: str, catalogue: str | None, codebooks: tuple[str, ...], confidence: float, **others: Any
    ) -> Any:
        return command(reading=ReaderOptions(model, catalogue, codebooks, confidence), **others)

    for option in (
        click.option(
            "--codebook", "codebooks", multiple=True, metavar="TOML", help="Your own event types, beside PLOVER's."
        ),
        click.option("--catalogue", metavar="CSV", help="Your own people, groups and codes."),
        click.option(
            "--model",
            default="default",
            show_default=True,
            metavar="NAME",
            help="Weights: default, open (from texts that allow every use) or a folder.",
        ),
        click.option(
            "--confidence",
            type=click.FloatRange(0, 1),
            default=REPORTED,
            show_default=True,
            metavar="P",
            help="Leaves out events below this confidence.",
        ),
    ):
        taken = option(taken)
    return taken


COLUMNS = ("text", "title", "date", "publisher", "url")  # columns of a table, each an option


def page_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options for reading pages to a command. The command receives them as `how`."""

    @functools.wraps(command)
    def taken(
        *, reading: ReaderOptions, published: str | None, by_name: bool, workers: int | None, **others: Any
    ) -> Any:
        columns = {name: column for name in COLUMNS if (column := others.pop(name))}
        day, dating = dating_of(published, by_name)
        return command(how=PageOptions(reading, day, dating, columns or None, workers), **others)

    made: Callable[..., Any] = taken
    for option in (
        click.option("--url", metavar="COL", help="Column with the address (tables)."),
        click.option("--publisher", "--source", metavar="COL", help="Column with the publisher (tables)."),
        click.option("--date", metavar="COL", help="Column with the date of publication (tables)."),
        click.option("--title", metavar="COL", help="Column with the title (tables)."),
        click.option("--text", metavar="COL", help="Column with the text (tables)."),
        click.option(
            "--workers", type=click.IntRange(1, 256), help="Processes that read; all cores where there is much to read."
        ),
        reader_options,
        click.option(
            "--date-from-name",
            "by_name",
            is_flag=True,
            help="Takes the day of publication from the file name, if the page does not state it.",
        ),
        click.option(
            "--published",
            metavar="DATE|CSV",
            help="The day the pages were published, where they do not say; or a table with the columns file and "
            "published.",
        ),
    ):
        made = option(made)
    return made


def dating_of(published: str | None, by_name: bool) -> tuple[str | None, Dating | None]:
    """Returns the one day for all pages, and the days of single files. Raises `click.UsageError` if the table of days
    is invalid.
    """
    if published is None or not os.path.isfile(published):
        return published, Dating(by_name=True) if by_name else None
    try:
        return None, Dating(table_of_days(published), by_name)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="communique")
def main() -> None:
    """Reads news pages and keeps a record of what states do and say to each other."""


def opened(path: str, as_of: str | None = None, must_exist: bool = True) -> Any:
    if must_exist and not Path(path).exists():
        raise Failed(f"{path}: no such record")
    try:
        return open_record(path, as_of)
    except (RecordError, ValueError, OSError) as error:
        raise Failed(str(error)) from None


def example(*commands: str) -> str:
    """Returns the usage example for the end of a command's help."""
    return "\b\nExample:\n" + "\n".join(f"  {c}" for c in commands)


confidence_option = click.option(
    "--confidence",
    type=click.FloatRange(0, 1),
    default=DEFAULT_CONFIDENCE,
    show_default=True,
    metavar="P",
    help="Events of this confidence or more; 0 for all that the record holds.",
)
scope_option = click.option(
    "--scope",
    type=click.Choice(SCOPES),
    default=None,
    help="Between states and armed groups alone, all politics, or everything (as without it).",
)
form_option = click.option(
    "--format", "form", type=click.Choice(("text", "json")), help="Default: text on a terminal, else json."
)
as_of_option = click.option(
    "--as-of", metavar="TIME", help="Answers with what the record held at that time (ISO 8601)."
)


@contextmanager
def asking() -> Iterator[None]:
    try:
        yield
    except WrongQuestion as error:
        raise click.UsageError(str(error)) from None
    except RecordError as error:
        raise Failed(str(error)) from None
    except duckdb.Error as error:
        raise Failed(f"the record cannot be read: {str(error).splitlines()[0]}") from None
