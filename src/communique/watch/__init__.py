"""Reads new articles of feeds and folders into a record, and sends alerts for events that match rules."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .._reader import Reader
from .._sources import ADDRESS, Sources
from ..pages import Draft, drafts
from ..pages.feed import Entry, entries, is_feed, outlines
from ..record import Record, UnknownName, WrongQuestion
from ..schema import Failure, PageError, Report
from .fetch import Fetcher, FetchError
from .rules import Rule, RuleError, parse

__all__ = ["FetchError", "Fetcher", "Rule", "RuleError", "Watch", "parse"]

REMEMBERED = 200_000  # entries that are not fetched again
SETTLED = 2.0  # seconds that a file must be unchanged before it is read


class Watch:
    """Watches sources. One round reads what is new in them; the state between rounds is in a file beside the record."""

    def __init__(
        self,
        reader: Reader,
        record: Record,
        sources: Iterable[str],
        rules: Iterable[Rule] = (),
        fetcher: Fetcher | None = None,
        tell: Callable[[dict[str, Any]], None] = lambda alert: None,
        complain: Callable[[Report | Failure], None] = lambda item: None,
    ) -> None:
        self._reader, self._record, self._sources, self._rules = reader, record, list(sources), list(rules)
        self._fetcher, self._tell, self._complain = fetcher or Fetcher(), tell, complain
        self._file = record.path.with_name(record.path.name + ".watch.json")
        try:
            self._memory: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            self._memory = {}
        for name in ("feeds", "seen", "told"):
            self._memory.setdefault(name, {})
        for rule in self._rules:
            self._check(rule)

    def _check(self, rule: Rule) -> None:
        """Raises `RuleError` if a rule names an unknown type, mode or party."""
        for asked in rule.questions():
            if "codebook" in asked:  # its types are unknown before its first event
                asked.pop("type", None)
            try:
                self._record.understood(asked)
            except WrongQuestion as error:
                raise RuleError(f"'{rule.text}': {error}") from None

    def round(self) -> int:
        """Reads what is new, sends alerts and saves the state. Returns the number of new articles."""
        new = 0
        batch: list[Report] = []
        for item in self._items():
            if isinstance(item, Failure) or item.notes:
                self._complain(item)
            if isinstance(item, Failure):
                continue
            batch.append(item)
            if len(batch) >= 50:
                new += self._keep(batch)
                batch = []
        new += self._keep(batch)
        self._remember()
        return new

    def _keep(self, batch: list[Report]) -> int:
        if not batch:
            return 0
        new = self._record.add(batch)
        self._alert({e.id for r in batch for e in r.events})
        self._remember()
        return new

    def _alert(self, accounts: set[str]) -> None:
        """Sends one alert for each event that matches a rule, among those that the new articles affect."""
        for rule in self._rules:
            told = set(self._memory["told"].get(rule.text, []))
            for asked in rule.questions():
                try:
                    found = self._record.events(**asked).dicts()
                except UnknownName:  # a type of a codebook that no event has yet
                    continue
                for event in found:
                    mine = set(event["accounts"])
                    if not mine & accounts or mine & told or not rule.fits(event):
                        continue
                    told |= mine
                    self._tell({"rule": rule.text, "event": event})
            self._memory["told"][rule.text] = sorted(told)[-REMEMBERED:]

    def _remember(self) -> None:
        seen = self._memory["seen"]
        for key in list(seen)[: max(0, len(seen) - REMEMBERED)]:
            del seen[key]
        fresh = self._file.with_name(self._file.name + ".new")
        fresh.write_text(json.dumps(self._memory), "utf-8")
        fresh.replace(self._file)

    def _items(self) -> Iterator[Report | Failure]:
        for source in self._sources:
            if ADDRESS.match(source):
                yield from self._address(source)
            elif os.path.isdir(source):
                yield from self._folder(source)
            else:
                yield from self._listed(source)

    def _folder(self, folder: str) -> Iterator[Report | Failure]:
        known = self._record.pages(self._reader.version)
        seen = self._memory["seen"]
        for file in Sources([folder]).files:
            if isinstance(file, Failure):
                continue
            try:
                about = file.stat()
            except OSError:
                continue
            mark = f"{about.st_size} {about.st_mtime_ns}"
            if seen.get(str(file)) == mark or time.time() - about.st_mtime < SETTLED:
                continue
            yield from self._reader.read_all([file], known=known)
            seen[str(file)] = mark

    def _listed(self, file: str) -> Iterator[Report | Failure]:
        """Yields the articles of a file that lists feeds: OPML, or one address a line."""
        try:
            data = Path(file).read_bytes()
            lines = (
                outlines(data, file)
                if is_feed(data)
                else [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
            )
        except PageError as error:
            yield Failure(error.page, error.cause)
            return
        except OSError as error:
            yield Failure(file, error.strerror or str(error))
            return
        for line in lines:
            if ADDRESS.match(line):
                yield from self._address(line)

    def _address(self, url: str, depth: int = 0) -> Iterator[Report | Failure]:
        state = self._memory["feeds"].setdefault(url, {})
        try:
            answer = self._fetcher.get(url, state.get("etag"), state.get("modified"))
        except FetchError as error:
            yield Failure(url, str(error).removeprefix(f"{url}: "))
            return
        if answer.status == 304:
            return
        try:
            if is_feed(answer.body[:8192]) and b"<opml" in answer.body[:8192].lower():
                for inner in outlines(answer.body, url) if depth == 0 else []:
                    yield from self._address(inner, 1)
                return
            title, found = entries(answer.body, url)
        except PageError as error:
            yield Failure(error.page, error.cause)
            return
        for entry in found:
            key = hashlib.sha256(f"{entry.url or url}\n{'' if entry.url else entry.title}".encode()).hexdigest()[:24]
            if key in self._memory["seen"]:
                continue
            yield from self._entry(entry, title, url)
            self._memory["seen"][key] = 1
        state["etag"], state["modified"] = answer.etag, answer.modified

    def _entry(self, entry: Entry, feed: str | None, url: str) -> Iterator[Report | Failure]:
        """Yields the report of the page behind an entry, or of the text in the entry if the page cannot be fetched or
        read.
        """
        cause = "the entry names no page"
        if entry.url:
            try:
                page = self._fetcher.get(entry.url)
                for draft in drafts(page.body, entry.url, page.url):
                    report = draft if isinstance(draft, Failure) else self._read(draft, entry)
                    if isinstance(report, Report):
                        yield report
                        return
                    cause = report.cause
            except FetchError as error:
                cause = str(error).removeprefix(f"{entry.url}: ")
        if entry.full and entry.paragraphs:
            raw = "\n".join(entry.paragraphs).encode("utf-8", "replace")
            yield self._read(
                Draft(
                    title=entry.title,
                    paragraphs=entry.paragraphs,
                    format="feed",
                    sha256=hashlib.sha256(raw).hexdigest(),
                    bytes=len(raw),
                    url=entry.url,
                    byline=entry.byline,
                    publisher=feed,
                    published=entry.published,
                    basis="markup" if entry.published else None,
                    name=entry.url or url,
                ),
                entry,
            )
        else:
            yield Failure(entry.url or url, cause)

    def _read(self, draft: Draft, entry: Entry) -> Report | Failure:
        """Returns the report of a page. If the page states no day, uses the one of its feed."""
        if draft.published is None and entry.published:
            draft = replace(draft, published=entry.published, basis="markup")
        return self._reader.read_draft(draft)
