"""Feeds: the entries of RSS and Atom, and the lists of feeds in OPML."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import html as lxml_html

from .._extras import missing
from ..schema import Failure, PageError
from .days import stated_day
from .draft import Draft
from .metadata import squeeze

_ROOT = re.compile(rb"(?is)<(?:[\w-]+:)?(rss|feed|rdf|opml)[\s>]")
LARGEST = 20_000_000  # bytes of one feed
_BLOCKS = "p|div|br|li|h1|h2|h3|h4|blockquote|tr"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: the address of its page, and what the feed itself contains of it."""

    url: str | None
    title: str | None
    published: str | None  # the day, in the feed's time zone; unchanged if it cannot be parsed
    byline: str | None
    paragraphs: tuple[str, ...]
    full: bool  # the feed has the whole text, not a summary


def is_feed(head: bytes) -> bool:
    """Whether bytes begin an RSS, Atom or OPML file."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:5].lower() not in (b"<?xml", b"<rss ", b"<feed", b"<opml", b"<rdf:"):
        return False
    found = _ROOT.search(start)
    return found is not None and b"<html" not in start[: found.start()].lower()


def _guarded(data: bytes, name: str) -> None:
    if len(data) > LARGEST:
        raise PageError(name, f"a feed of more than {LARGEST // 1_000_000} MB: not read")
    if re.search(rb"(?i)<!ENTITY", data):
        raise PageError(name, "a feed that defines entities of its own: refused")


def _text(markup: str) -> tuple[str, ...]:
    parts = re.split(rf"(?i)</?(?:{_BLOCKS})(?:\s[^<>]*+)?/?>|\n\s*\n", markup)
    found = []
    for part in parts:
        if not part.strip():
            continue
        try:
            tree = lxml_html.fragment_fromstring(part, create_parent="div")
            for drop in tree.xpath("//script|//style"):
                drop.drop_tree()
            text = squeeze(str(tree.text_content()))
        except (ValueError, lxml_html.etree.ParserError):
            continue
        if text:
            found.append(text)
    return tuple(found)


def entries(data: bytes, name: str) -> tuple[str | None, list[Entry]]:
    """Returns the feed's title and its entries in order. Raises `PageError` if it is not a feed."""
    _guarded(data, name)
    if lacking := missing("watch", "a feed"):
        raise PageError(name, lacking)
    import feedparser

    told: Any = feedparser.parse(data, sanitize_html=True, resolve_relative_uris=False)
    if not told.entries and not told.feed:
        raise PageError(name, f"damaged feed: {str(told.get('bozo_exception', 'nothing in it'))[:120]}")
    found = []
    for e in told.entries:
        stated = squeeze(e.get("published") or e.get("updated") or "")
        content = next((c.get("value", "") for c in e.get("content", [])), "")
        text = content or e.get("summary", "") or ""
        found.append(
            Entry(
                e.get("link") or None,
                squeeze(e.get("title", "")) or None,
                stated_day(stated) or None,
                squeeze(e.get("author", "")) or None,
                _text(text),
                bool(content),
            )
        )
    return squeeze(told.feed.get("title", "")) or None, found


def outlines(data: bytes, name: str) -> list[str]:
    """Returns the addresses of the feeds in an OPML file. Raises `PageError` if it cannot be read."""
    from lxml import etree

    _guarded(data, name)
    try:
        tree: Any = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise PageError(name, f"damaged OPML: {error}") from None
    return [str(a) for a in tree.xpath("//outline/@xmlUrl")]


def read_feed(data: bytes, name: str) -> Iterator[Draft | Failure]:
    """Yields the articles that the feed itself contains; `communique watch` fetches the pages behind the entries."""
    found = _ROOT.search(data[:8192])
    if found and found[1].lower() == b"opml":
        yield Failure(name, "a list of feeds: give it to communique watch")
        return
    title, told = entries(data, name)
    for n, e in enumerate(told, 1):
        at = f"{name}#{e.url or n}"
        if not e.paragraphs:
            yield Failure(at, "the feed gives no text of this entry, only where its page lies")
            continue
        raw = json.dumps([e.url, e.title, e.published, e.paragraphs], ensure_ascii=False).encode("utf-8", "replace")
        yield Draft(
            title=e.title,
            paragraphs=e.paragraphs,
            format="feed",
            sha256=hashlib.sha256(raw).hexdigest(),
            bytes=len(raw),
            url=e.url,
            byline=e.byline,
            publisher=title,
            published=e.published,
            basis="markup" if e.published else None,
            name=at,
        )
