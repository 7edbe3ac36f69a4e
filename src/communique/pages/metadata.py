"""Title, authors, publisher, date and language of an HTML page, from machine-readable and visible information."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from .days import stated_day

_ARTICLE = re.compile(r"(?i)(news)?article|blogposting|report|livebl|opinion|review")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-])")
LONGEST_TITLE = 1_000  # characters; in a longer title, the name of the site is not searched
_SEPARATOR = re.compile(r"(?<!\s)\s++[|–—·•»:-]++\s++")


# Soft hyphens, zero-width spaces and joiners within words: for line breaks, invisible.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]|(?<=\w)[\u200c\u200d](?=\w)")


def squeeze(text: str) -> str:
    """Returns a line with single spaces and without invisible characters."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip()


def host_of(address: str | None) -> str | None:
    """Returns the host of an address; `None` if it has none or is not an address."""
    try:
        return urlsplit(address).hostname or None if address else None
    except ValueError:  # "http://[::1"
        return None


def fold(text: str) -> str:
    """Returns the words alone, in lower case, to compare texts with different formatting."""
    return " ".join(re.findall(r"\w+", text.lower()))


@dataclass
class Metadata:
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    house: list[str] = field(default_factory=list)  # the publisher's own name given as author
    byline: str | None = None
    publisher: str | None = None
    published: str | None = None
    basis: str | None = None
    language: str | None = None
    url: str | None = None
    live: bool = False  # posts of live reports, each with its own time
    body: str = ""  # the article's text where JSON-LD gives it
    description: str = ""


def _linked_data(tree: HtmlElement) -> list[dict[str, Any]]:
    """Returns all objects of the page's JSON-LD, also nested ones, with names filled in for `@id` references."""
    found: list[dict[str, Any]] = []

    def walk(value: Any, depth: int = 0) -> None:
        if depth > 12:
            return
        if isinstance(value, dict):
            found.append(value)
            for inner in value.values():
                walk(inner, depth + 1)
        elif isinstance(value, list):
            for inner in value[:500]:
                walk(inner, depth + 1)

    for script in tree.iter("script"):
        if (script.get("type") or "").lower().strip() == "application/ld+json" and script.text:
            text = script.text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
            try:
                walk(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue
    names = {o["@id"]: o["name"] for o in found if isinstance(o.get("@id"), str) and isinstance(o.get("name"), str)}
    for o in found:
        if isinstance(o.get("@id"), str) and "name" not in o and o["@id"] in names:
            o["name"] = names[o["@id"]]
    return found


def _kind(o: dict[str, Any]) -> str:
    kind = o.get("@type", "")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def _text(value: Any) -> str:
    while isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return squeeze(html.unescape(html.unescape(value))) if isinstance(value, str) else ""


def _articles(linked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [o for o in linked if _ARTICLE.search(_kind(o)) and (o.get("headline") or o.get("name"))]
    live = [o for o in found if "liveblog" in _kind(o).lower()]
    return live + [o for o in found if o not in live]


class _Meta:
    """The page's `<meta>` elements by lower-case name."""

    def __init__(self, tree: HtmlElement) -> None:
        self.values: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            content = element.get("content")
            for attribute in ("property", "name", "itemprop"):
                key = element.get(attribute)
                if key and content and content.strip():
                    self.values.setdefault(key.lower().strip(), []).append(squeeze(html.unescape(content)))

    def all(self, *names: str) -> list[str]:
        return [v for n in names for v in self.values.get(n, [])]

    def first(self, *names: str) -> str:
        return next(iter(self.all(*names)), "")


def _title(tree: HtmlElement, meta: _Meta, articles: list[dict[str, Any]], site: str) -> str | None:
    linked = [_text(o.get("headline") or o.get("name")) for o in articles[:1]]
    seen = [squeeze(h.text_content()) for h in tree.iter("h1")]
    graph, page = meta.all("og:title")[:1], [squeeze(t.text_content()) for t in tree.iter("title")][:1]
    other = meta.all("twitter:title", "headline", "dc.title", "parsely-title")[:2]
    found = [
        [t for t in map(lambda t: _without_site(t, site), group) if t and fold(t) != fold(site)]
        for group in (linked, seen, graph, page, other)
    ]
    votes: dict[str, float] = {}
    for weight, group in zip((1.1, 1.2, 1.0, 0.9, 0.3), found):
        for title in {fold(t) for t in group}:
            votes[title] = votes.get(title, 0) + weight
    # One of several headings is the title only if machine-readable information agrees.
    others = [t for group in (found[0], *found[2:]) for t in group]
    for title in found[1]:
        if len(found[1]) > 1 and others and not any(_shared(title, o) >= 0.5 for o in others):
            votes.pop(fold(title), None)
    if not votes:
        return None
    best = max(votes, key=lambda t: (votes[t], -len(t)))
    return next(t for group in found for t in group if fold(t) == best)


def _shared(a: str, b: str) -> float:
    x, y = set(fold(a).split()), set(fold(b).split())
    return len(x & y) / max(1, min(len(x), len(y)))


def _without_site(title: str, site: str) -> str:
    """Returns a title without the name of the site or section after a bar or a dash at its end."""
    if len(title) > LONGEST_TITLE:
        return title
    while True:
        ends = list(_SEPARATOR.finditer(title))
        if not ends:
            return title
        tail = title[ends[-1].end() :]
        bar = ends[-1].group().strip() in "|•»·"
        if not tail or len(title[: ends[-1].start()].split()) < 3 or len(tail.split()) > 5 or tail[-1] in "?!.":
            return title
        words = set(fold(tail).split())
        known = bool(site) and bool(
            words & set(fold(site).replace(".", " ").split())
            or fold(tail).replace(" ", "") in fold(site).replace(" ", "")
        )
        if not (bar or known or (len(ends) > 0 and len(tail.split()) <= 3 and tail == tail.title())):
            return title
        title = title[: ends[-1].start()]


_NOT_NAMES = re.compile(
    r"(?i)https?:|www\.|@|^(by|admin|editor|staff writer|user|author|none|null|guest)$|facebook|twitter"
    "|instagram|whatsapp|linkedin|e-?mail"
)
_SPLIT = re.compile(r"(?<!\s)\s*+(?:;|\||\band\b|&|,(?!\s*+(?:Jr|Sr|MD|PhD)\b))\s*+")


def _people(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _people(inner)
    elif isinstance(value, dict):
        yield from _people(value.get("name") or value.get("byline") or [])
    elif isinstance(value, str):
        yield from _split_names(value)


def _split_names(text: str) -> list[str]:
    text = re.sub(
        r"(?i)^\s*(?:by|written by|story by|words by|reported by|from)[:\s]+", "", squeeze(html.unescape(text))
    )
    names = [n.strip(" .,•|-–—") for n in _SPLIT.split(text)]
    return [n for n in names if n and not _NOT_NAMES.search(n) and len(n) < 60]


def _person(name: str) -> str:
    """Returns a slug such as `jane-doe` or `jane.doe` as a name, and other names unchanged."""
    if re.fullmatch(r"[a-z]+([-._][a-z]+)+", name):
        return " ".join(p.capitalize() for p in re.split(r"[-._]", name))
    return name


def _unique(names: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for name in map(_person, names):
        if fold(name) and not any(fold(name) == fold(k) for k in kept):
            kept.append(name)
    return kept


_BYLINE = re.compile(r"(?i)(^|[\s_-])(byline|authors?|article-author|author-name|writer|contributor)([\s_-]|$)")


_TEASED = re.compile(
    r"(?i)(?:^|[\s_-])(?:related|teasers?|promo|recommend\w*|trending|most-?(?:read|popular)"
    r"|more-?(?:from|stories|news)|card-?list)(?:$|[\s_-])"
)


def _of_another(element: HtmlElement, above: frozenset[HtmlElement]) -> bool:
    """Whether an element is on the card of another article: beside the article, or with another headline. `above` are
    the elements around the title of the page.
    """
    for ancestor in element.iterancestors():
        if ancestor in above:
            return False
        marks = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag in ("aside", "nav", "footer", "article") or _TEASED.search(marks):
            return True
        lists = ancestor.tag == "li" or ancestor.find("./h2") is not None or ancestor.find("./h3") is not None
        heads = list(ancestor.iter("a", "h2", "h3"))[:8] if lists else []
        if any(len(squeeze(a.text_content()).split()) >= 4 for a in heads):
            return True
    return False


def _seen_authors(tree: HtmlElement) -> list[str]:
    """Returns the names in visible bylines: microdata, `rel=author`, or an element with such a class."""
    names: list[str] = []
    heading = next(tree.iter("h1"), None)
    above = frozenset(heading.iterancestors()) if heading is not None else frozenset()
    for element in tree.iter("a", "span", "div", "p", "address", "li"):
        marks = " ".join(
            filter(
                None, (element.get("class"), element.get("itemprop"), element.get("rel"), element.get("data-testid"))
            )
        )
        if not marks or not _BYLINE.search(marks):
            continue
        text = squeeze(element.text_content())
        if not text or len(text) > 120 or heading is not None and _of_another(element, above):
            continue
        for name in _split_names(re.split(r"(?i)(?<!\s)\s++(?:in|for|updated|published|\d{1,2}[:/ ])\s*+", text)[0]):
            if 1 < len(name.split()) <= 5 and all(
                w[0].isupper() or w.lower() in ("de", "van", "der", "von", "bin", "al", "la", "den", "du")
                for w in name.split()
            ):
                names.append(name)
        if len(names) >= 6:
            break
    return names


def _authors(tree: HtmlElement, meta: _Meta, articles: list[dict[str, Any]], site: str) -> tuple[list[str], list[str]]:
    """Returns the authors and, if only the publisher is named as author, its name."""

    def real(names: list[str]) -> list[str]:
        folded = fold(site).replace(" ", "")
        return [
            n
            for n in _unique(names)
            if not folded or fold(n).replace(" ", "") not in folded and folded not in fold(n).replace(" ", "")
        ]

    linked = [n for o in articles[:1] for n in _people(o.get("author"))] or [
        n for o in articles for n in _people(o.get("author"))
    ]
    told = meta.all(
        "author",
        "article:author",
        "byl",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "twitter:data1_author",
    )
    named = [n for value in told for n in _split_names(value)]
    seen = _seen_authors(tree)
    for names in (real(linked), real([n for n in named if " " in n]), real(seen)):
        if names:
            return names, []
    return [], _unique(n for n in linked or named if n.isascii())


LONGEST_DAY = 100  # characters


def _iso(value: str) -> str | None:
    """Returns a day or time as ISO 8601, from ISO 8601 or a day in words of any language; `None` for other text."""
    value = value.strip()
    match = _DAY.match(value)
    if match and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
        return value
    if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])", value):
        return f"{value[:4]}-{value[4:6]}-{value[6:]}"
    stated = stated_day(value[:LONGEST_DAY])
    return stated if _DAY.match(stated) else None


def _published(
    tree: HtmlElement, meta: _Meta, articles: list[dict[str, Any]], linked: list[dict[str, Any]], url: str | None
) -> tuple[str | None, str | None]:
    candidates = [_text(o.get("datePublished")) for o in articles]
    candidates += [_text(o.get("datePublished")) for o in linked if "webpage" in _kind(o).lower()]
    candidates += meta.all(
        "article:published_time",
        "og:published_time",
        "og:article:published_time",
        "datepublished",
        "parsely-pub-date",
        "sailthru.date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publication_date",
        "article.published",
        "dc.date.issued",
        "dcterms.created",
        "dc.date",
        "date",
        "cxenseparse:recs:publishtime",
    )
    for value in candidates:
        if iso := _iso(value):
            return iso, "markup"
    for element in tree.iter():
        if element.get("itemprop") == "datePublished" and (
            iso := _iso(element.get("content") or element.get("datetime") or "")
        ):
            return iso, "markup"
    stamps = [t for t in tree.iter("time") if t.get("datetime")]
    stamps.sort(key=lambda t: any(a.tag in ("aside", "nav", "footer") for a in t.iterancestors()))
    for element in stamps:
        marks = " ".join(filter(None, (element.get("class"), element.get("itemprop")))).lower()
        if "modif" not in marks and "updat" not in marks and (iso := _iso(element.get("datetime") or "")):
            return iso, "markup"
    for value in filter(None, (url, meta.first("og:url"))):
        if match := _URL_DAY.search(value):
            year, month, day = map(int, match.groups())
            if 1 <= month <= 12 and 1 <= day <= 31:
                return f"{year}-{month:02}-{day:02}", "url"
    return None, None


_LIVE = re.compile(r"(?i)(?:^|[\s_-])live-?(?:blog|updates?|reports?|feed|ticker)(?:$|[\s_-])")


def _is_live(tree: HtmlElement) -> bool:
    """Whether an element of the page is named as live reports and holds the times of several posts."""
    return any(
        sum(1 for _ in zip(range(2), e.iter("time"))) == 2
        for e in tree.iter("div", "section", "main", "article", "ol", "ul")
        if _LIVE.search(f"{e.get('class') or ''} {e.get('id') or ''}")
    )


def metadata(tree: HtmlElement, url: str | None = None) -> Metadata:
    """Returns the metadata that the page states."""
    meta, linked = _Meta(tree), _linked_data(tree)
    articles = _articles(linked)
    canonical = next(
        (e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical" and e.get("href")),
        None,
    )
    address = url or canonical or meta.first("og:url") or None
    if address and not (address.startswith(("http://", "https://")) and host_of(address)):
        address = None
    publisher = next((t for o in articles if (t := _text(o.get("publisher")))), "") or meta.first(
        "og:site_name", "application-name", "dc.publisher"
    )
    site = publisher or host_of(address) or ""
    published, basis = _published(tree, meta, articles, linked, address)
    authors, house = _authors(tree, meta, articles, site)
    language = (tree.get("lang") or meta.first("og:locale", "content-language", "language") or "")[:2].lower() or None
    return Metadata(
        title=_title(tree, meta, articles, site),
        authors=authors,
        house=house,
        byline=", ".join(authors) or None,
        publisher=publisher or None,
        published=published,
        basis=basis,
        language=language,
        url=address,
        live=any("liveblog" in _kind(o).lower() for o in linked) or _is_live(tree),
        body=next((b for o in articles if len(b := _text(o.get("articleBody"))) > 200), ""),
        description=meta.first("og:description", "description"),
    )
