"""Questions to a record: events, statements, stories, articles, a series, a briefing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from ..record import brief as briefs
from ..record import lookup, wording
from ..record.checks import KINDS, MODALITIES, POLARITIES, QUADS
from ..record.questions import ORDERS
from ..view import safe
from .common import Failed, as_of_option, asking, confidence_option, example, form_option, main, opened, scope_option

QUESTIONS = (
    click.option("--actor", metavar="PARTY", help="China, CHN, 'CHN MIL', EU, Q7747, Putin; several with commas."),
    click.option("--recipient", metavar="PARTY", help="Who is acted on; same forms as --actor."),
    click.option("--party", metavar="PARTY", help="Either side."),
    click.option("--since", metavar="DAY", help="First day (YYYY-MM-DD)."),
    click.option("--until", metavar="DAY", help="Last day, included."),
    click.option("--type", "type", metavar="TYPE", help="accuse, ASSAULT; several with commas."),
    click.option("--mode", help="PLOVER's mode, such as visit."),
    click.option("--quad", type=click.Choice(QUADS), help="PLOVER's quad class."),
    click.option("--context", help="PLOVER's context, such as economic."),
    click.option("--place", metavar="NAME|COUNTRY", help="Where it happened."),
    click.option("--source", metavar="PARTY", help="Source: who reports or states it."),
    click.option(
        "--kind", type=click.Choice(KINDS), help="Kind of source: a medium, the party itself, or an assessment."
    ),
    click.option("--modality", type=click.Choice(MODALITIES), help="Factuality: did it happen?"),
    click.option("--polarity", type=click.Choice(POLARITIES), help="negative: the text denies it."),
    click.option("--story", metavar="ID", help="Only this story."),
    click.option("--origins", type=click.IntRange(1), help="At least this many independent sources."),
    click.option("--text", metavar="WORDS", help="Words in the evidence sentence."),
    click.option("--codebook", metavar="NAME", help="Your own types of a codebook; 'plover' for PLOVER's alone."),
    scope_option,
    confidence_option,
)


def questions(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that filter events."""
    for option in reversed(QUESTIONS):
        command = option(command)
    return command


def left_out(base: Any, asked: Mapping[str, Any]) -> None:
    """Prints to standard error how many events are above and below the confidence threshold, or why there are none."""
    counts = base.counted(asked)
    if not counts.shown:
        click.echo(base.silence(asked), err=True)
    elif counts.below:
        told = f"{counts.shown:,} event{'s' * (counts.shown != 1)} of confidence {asked['confidence']:g} or more"
        click.echo(f"{told}; {counts.below:,} below it (--confidence 0 for all)", err=True)


@main.command(epilog=example("communique events news.duckdb --actor Kenya --type accuse --since 2022-01-01"))
@click.argument("record")
@questions
@click.option("--order", type=click.Choice(tuple(ORDERS)), default="importance", show_default=True, help="Sort order.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Maximum number.")
@form_option
@as_of_option
def events(record: str, as_of: str | None, order: str, limit: int | None, form: str | None, **asked: Any) -> None:
    """Lists the events of a record: one JSON object a line, or readable lines on a terminal.

    Sorted by importance: confidence times public weight. States and armed groups come before firms and citizens,
    severe acts before mild ones, several sources before one, and what is new between two parties before what is usual.
    """
    with opened(record, as_of) as base, asking():
        left_out(base, asked)
        if (form or _usual_form()) == "text":
            rows, _ = base.page(asked, order, order != "date", limit or 1_000_000)
            about = base.about(e["article"] for e in rows)
            for row in rows:
                click.echo("\n".join(event_lines(row, about.get(row["article"], {}))))
            return
        for n, event in enumerate(base.events(**asked, order=order).dicts()):
            if limit is not None and n >= limit:
                break
            click.echo(json.dumps(event, ensure_ascii=False))


def _usual_form() -> str:
    return "text" if sys.stdout.isatty() else "json"


def event_lines(event: Mapping[str, Any], source: Mapping[str, Any]) -> list[str]:
    """Returns an event as lines of text: who did what to whom; when, where, according to whom; the quotation; the
    article; the reasons for its rank.
    """
    told = (
        wording.day(event) or "no day stated",
        (event["place"] or {}).get("name"),
        f"according to {wording.chain(event)}" if event["according_to"] else None,
        f"{event['origins']} origin{'s' * (event['origins'] != 1)}",
        f"confidence {event['confidence']:.2f}",
    )
    kind = event["type"] + (f"/{event['mode']}" if event["mode"] else "")
    return [
        safe(f"{wording.sentence(event)}  [{kind}]"),
        "   " + safe(" · ".join(filter(None, told))),
        "   “" + safe(" ".join(event["evidence"]["text"].split())) + "”",
        "   " + safe(" · ".join(filter(None, (cited(source), event["id"])))),
        *(["   why here: " + safe(", ".join(event["rank"]["why"]))] if "rank" in event else []),
        "",
    ]


def cited(source: Mapping[str, Any]) -> str:
    """Returns the citation of an article: publisher, title, day, address."""
    told = (source.get("publisher"), source.get("title"), source.get("published"), source.get("url"))
    return ", ".join(str(t) for t in told if t)


@main.command(epilog=example("communique statements news.duckdb --speaker Uganda --about Kenya"))
@click.argument("record")
@click.option("--speaker", "--source", metavar="PARTY", help="Who says it: Russia, RUS, 'RUS GOV', Lavrov.")
@click.option("--about", metavar="PARTY", help="Who the statement is about.")
@click.option("--to", metavar="PARTY", help="Addressee.")
@click.option("--since", metavar="DAY", help="Published on that day or later.")
@click.option("--until", metavar="DAY", help="Last day, included.")
@click.option("--text", metavar="WORDS", help="Words in the statement.")
@click.option("--story", metavar="ID", help="Only this story.")
@click.option("--article", metavar="ID", help="Only this article.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Maximum number.")
@form_option
@as_of_option
def statements(record: str, as_of: str | None, form: str | None, limit: int | None, **asked: Any) -> None:
    """Lists who said what: speaker, words, about whom, to whom, day, article; who else said the same, who denied it.

    Latest first: one JSON object a line, or readable lines on a terminal.
    """
    with opened(record, as_of) as base, asking():
        count, begin = 0, 0
        while limit is None or begin < limit:
            stretch = min(STRETCH, limit - begin) if limit is not None else STRETCH
            found = list(base.statements(**asked, voices=True, limit=stretch, offset=begin).dicts())
            for said in found:
                click.echo(
                    "\n".join(statement_lines(said))
                    if (form or _usual_form()) == "text"
                    else json.dumps(said, ensure_ascii=False)
                )
            count += len(found)
            begin += stretch
            if len(found) < stretch:
                break
        if not count:
            told = ", ".join(f"{k} {v}" for k, v in asked.items() if v is not None)
            click.echo(f"no statement {'fits ' + told if told else 'is in this record'}", err=True)


STRETCH = 500  # statements fetched at once


def party_told(party: Mapping[str, Any] | None) -> str:
    """Returns a party's name with country, sector and office."""
    if not party:
        return "somebody"
    name = party["name"] or party.get("text") or party["country"] or "somebody"
    code = " ".join(filter(None, (party["country"], party["sector"])))
    return name + (f" [{code}]" if code and code != name else "") + (f", {party['office']}" if party["office"] else "")


def statement_lines(said: Mapping[str, Any]) -> list[str]:
    """Returns a statement as lines of text."""
    parts = []
    if said["about"]:
        parts.append(
            "about " + ", ".join(dict.fromkeys(p["name"] or lookup.state_name(p["country"]) for p in said["about"]))
        )
    if said["addressee"]:
        parts.append("to " + party_told(said["addressee"]))
    lines = [
        safe(f"{party_told(said['source'])}: “{' '.join(said['said'].split())}”"),
        "   " + safe(" · ".join(filter(None, (*parts, cited({**said, "published": said["day"]}), said["id"])))),
    ]
    for name, told in (("same", "also said by"), ("denied", "denied by")):
        for voice in said[name]:
            who = voice["name"] or "the article itself"
            lines.append(safe(f"   {told} {who} ({cited({**voice, 'published': voice['day']})})"))
    return [*lines, ""]


@main.command(epilog=example("communique stories news.duckdb --format text"))
@click.argument("record")
@form_option
@as_of_option
def stories(record: str, form: str | None, as_of: str | None) -> None:
    """Lists the stories of a record with the titles of their articles: JSON lines, or readable lines."""
    with opened(record, as_of) as base, asking():
        found = list(base.stories().dicts())
        about = base.about(m["article"] for s in found for m in s["articles"])
    for story in found:
        for m in story["articles"]:
            source = about.get(m["article"], {})
            m |= {n: source.get(n) for n in ("title", "publisher", "url", "published")}
        if (form or _usual_form()) == "json":
            click.echo(json.dumps(story, ensure_ascii=False))
            continue
        click.echo(safe(f"{story['articles'][0]['title'] or '(no title)'}  {story['id']}"))
        for m in story["articles"]:
            click.echo(safe(f"   {m['tie']:<12} {cited(m) or '(no title)'} · {m['article']}"))


@main.command(epilog=example("communique articles news.duckdb --since 2022-01-01"))
@click.argument("record")
@click.option("--publisher", metavar="NAME", help="The name or a part of it.")
@click.option("--since", metavar="DAY", help="First day (YYYY-MM-DD).")
@click.option("--until", metavar="DAY", help="Last day, included.")
@click.option("--text", metavar="WORDS", help="Words in the title.")
@click.option("--story", metavar="ID", help="Only this story.")
@confidence_option
@form_option
@as_of_option
def articles(record: str, form: str | None, as_of: str | None, **asked: Any) -> None:
    """Lists the articles of a record, latest first: publisher, title, address, day, story and number of events."""
    with opened(record, as_of) as base, asking():
        found = list(base.articles(**asked).dicts())
    if not found:
        click.echo(
            "no article fits" if any(v for k, v in asked.items() if k != "confidence") else "no article", err=True
        )
    for a in found:
        if (form or _usual_form()) == "json":
            click.echo(json.dumps(a, ensure_ascii=False))
            continue
        days = " to ".join(dict.fromkeys(filter(None, (a["published_from"], a["published_to"])))) or "no day"
        events = f"{a['events']} events of confidence {a['confidence']:g} or more, {a['below']} below"
        click.echo(safe(f"{days}  {a['title'] or '(no title)'}"))
        click.echo("   " + safe(" · ".join(filter(None, (a["publisher"], a["url"], events, a["story"], a["id"])))))


@main.command(epilog=example("communique series news.duckdb --actor KEN --recipient UGA --every 1m"))
@click.argument("record")
@click.option("--actor", required=True, metavar="PARTY", help="Who acts.")
@click.option("--recipient", required=True, metavar="PARTY", help="Who is acted on.")
@click.option("--every", default="1w", show_default=True, metavar="PERIOD", help="1d, 1w, 1m, 1q, 1y.")
@click.option("--since", metavar="DAY", help="First day (YYYY-MM-DD).")
@click.option("--until", metavar="DAY", help="Last day, included.")
@click.option("--codebook", metavar="NAME", help="Counts your own types of a codebook instead of PLOVER's.")
@confidence_option
@as_of_option
def series(record: str, as_of: str | None, **asked: Any) -> None:
    """Counts the events of a directed dyad: one JSON object for each period; `events` is null if nothing was read."""
    with opened(record, as_of) as base, asking():
        rows = base.series(**asked)
        for row in rows:
            click.echo(json.dumps(row))
        counted = {k: v for k, v in asked.items() if k not in ("every", "codebook")}
        happened = {"modality": "actual", "polarity": "positive", "codebook": asked["codebook"] or "plover"}
        if not rows or base.counted(counted | happened).below:
            left_out(base, counted | happened)


@main.command(epilog=example("communique brief news.duckdb --about KEN,UGA --since 4w -o brief.html"))
@click.argument("record")
@click.option("--about", metavar="PARTY", help="For example CHN,PRK. Default: all.")
@click.option(
    "--since",
    default="7d",
    show_default=True,
    metavar="DAY|7d|4w",
    help="First day, or a length of time before the last day.",
)
@click.option("--until", metavar="DAY", help="Default: the day of the last article.")
@click.option(
    "-o", "--output", metavar="FILE", help="HTML if the name ends in .html, else Markdown. Default: standard output."
)
@scope_option
@confidence_option
@as_of_option
def brief(record: str, output: str | None, as_of: str | None, **asked: Any) -> None:
    """Writes a briefing of two pages: what happened, what was said and by whom, what is disputed, which positions
    moved, what is scheduled. Each line says why it is included.
    """
    with opened(record, as_of) as base, asking():
        told = briefs.briefing(base, **asked)
    text = briefs.page(told) if output and output.lower().endswith((".html", ".htm")) else briefs.markdown(told)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as error:
        raise Failed(f"{output}: {error.strerror or error}") from None
