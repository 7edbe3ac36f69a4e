"""`watch`, `mcp` and `room`: commands that run until stopped."""

from __future__ import annotations

import json
import time
from typing import Any

import click

from .. import Failure, RecordError, Report
from .._extras import missing
from .common import Failed, ReaderOptions, asking, complain, example, main, opened, reader_options


def _needs(extra: str, what: str) -> None:
    if told := missing(extra, what):
        raise Failed(told)


@main.command(
    epilog=example('communique watch news.duckdb inbox/ --once --alert "CHN->TWN THREATEN|MOBILIZE origins>=2"')
)
@click.argument("record")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--alert", "alerts", multiple=True, metavar="RULE", help="Such as 'CHN->TWN THREATEN|MOBILIZE origins>=2'."
)
@click.option("--to", "file", metavar="FILE", help="Appends alerts to a file. Default: standard output.")
@click.option("--webhook", metavar="URL", help="Posts each alert as JSON to this address.")
@click.option(
    "--every",
    type=click.FloatRange(1),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="Seconds between two rounds.",
)
@click.option("--once", is_flag=True, help="One round, then end.")
@click.option("--allow-private", is_flag=True, help="Allows addresses of this machine and of private networks.")
@reader_options
def watch(
    record: str,
    sources: tuple[str, ...],
    alerts: tuple[str, ...],
    file: str | None,
    webhook: str | None,
    every: float,
    once: bool,
    allow_private: bool,
    reading: ReaderOptions,
) -> None:
    """Reads feeds (RSS, Atom, OPML, by address) and folders into a record as new articles arrive. The only command that
    uses the network.
    """
    _needs("watch", "the command")
    from ..watch import Fetcher, FetchError, RuleError, Watch, parse

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

    def unread(item: Report | Failure) -> None:
        complain(item)
        if isinstance(item, Failure):
            base.fail([item])

    reader = reading.reader()
    with opened(record, must_exist=False) as base, asking():
        try:
            rounds = Watch(reader, base, sources, rules, fetcher, tell, unread)
        except RuleError as error:
            raise click.UsageError(str(error)) from None
        try:
            while True:
                click.echo(f"{rounds.round()} new articles", err=True)
                if once:
                    return
                time.sleep(every)
        except KeyboardInterrupt:
            click.echo("ended", err=True)


@main.command(epilog=example("communique mcp news.duckdb"))
@click.argument("record")
def mcp(record: str) -> None:
    """Serves a record over the Model Context Protocol on standard input and output, read-only."""
    _needs("mcp", "the server")
    from ..mcp import server

    try:
        made = server(record)
    except RecordError as error:
        raise Failed(str(error)) from None
    made.run()


@main.command(epilog=example("communique room news.duckdb --review"))
@click.argument("record")
@click.option("--review", is_flag=True, help="Lets visitors confirm, reject, correct and merge.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Another address than this machine's own needs the token that is printed.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True)
def room(record: str, review: bool, host: str, port: int) -> None:
    """Starts the reading room, a web application on this machine, for a record."""
    _needs("room", "the room")
    from ..room import serve

    try:
        serve(record, review, host, port, click.echo)
    except RecordError as error:
        raise Failed(str(error)) from None
    except OSError as error:
        raise Failed(f"{host}:{port}: {error.strerror or error}") from None
