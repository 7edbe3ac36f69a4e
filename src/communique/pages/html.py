"""HTML pages. trafilatura finds the text; `choice` then removes and adds paragraphs by their place in the page."""

from __future__ import annotations

import hashlib
import re

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement

from ..schema import PageError
from .aligning import align
from .choice import AND, Piece, choose
from .days import day_alone, unread_alone
from .decode import decode
from .draft import Draft, besides
from .metadata import Metadata, fold, host_of, metadata, squeeze

LONGEST_MARKUP = 20_000_000  # characters of markup; a longer page is not a news page
DEEPEST = 400  # nested elements
MOST = 100_000  # opening tags; pages of a day's live reports have a tenth of that
# The parser compares each attribute of a tag with every other. The sum of the squared numbers of attributes bounds its
# time.
ATTRIBUTES = 20_000_000

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "embed",
        "canvas",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "head",
        "math",
        "video",
        "audio",
    ]
)


def parse(text: str, page: str) -> HtmlElement:
    """Returns the document tree. Raises `PageError` with the cause if there is none, or the page is too large."""
    if len(text) > LONGEST_MARKUP:
        raise PageError(page, f"too large: {len(text):,} characters of markup, at most {LONGEST_MARKUP:,} are read")
    depth, tags = _size(text)
    if depth > DEEPEST:
        raise PageError(page, f"elements nested more than {DEEPEST} deep: no news page")
    if tags > MOST:
        raise PageError(page, f"more than {MOST:,} elements: no news page")
    if _attributes(text) > ATTRIBUTES:
        raise PageError(page, "tags with thousands of attributes: no news page")
    text = re.sub(r"^\s*+<\?xml[^<>]*\?>", "", text)
    try:
        tree = html.fromstring(
            text,
            parser=html.HTMLParser(encoding=None, huge_tree=True, recover=True, remove_comments=True, remove_pis=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PageError(page, f"no HTML: {error}") from None
    if tree.tag != "html":
        wrapper = html.Element("html")
        wrapper.append(tree)
        tree = wrapper
    return tree


_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dd",
        "dt",
        "option",
    ]
)


_SCRIPT, _SCRIPT_END = re.compile(r"(?i)<(?:script|style)\b"), re.compile(r"(?i)</(?:script|style)\b")
# A tag as the parser sees it: a quote matters only after an equals sign, and only ">" ends the tag.
_TAG = re.compile(r"""<[a-zA-Z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=)*+""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")


def _attributes(text: str) -> int:
    """Returns the sum of the squared numbers of attributes of the tags: approximate, but never far too low."""
    total = at = 0
    while tag := _TAG.search(text, at):
        at = tag.end()
        total += len(_VALUE.sub("= ", tag.group()).replace("/", " ").split()) ** 2
        if total > ATTRIBUTES:
            break
        if _SCRIPT.match(tag.group()):
            if (end := _SCRIPT_END.search(text, at)) is None:
                break  # the rest is not markup
            at = end.end()
    return total


def _size(text: str) -> tuple[int, int]:
    """Returns the deepest nesting and the number of elements, from the tags alone, so that a hostile page never reaches
    the parser.
    """
    depth = deepest = tags = 0
    for match in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*+)([^<>]*+)>", text):
        tags += not match[1]
        if match[2].lower() in _VOID or match[3].endswith("/"):
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
        if deepest > DEEPEST or tags > MOST:
            break
    return deepest, tags


def _pieces(tree: HtmlElement) -> list[Piece]:
    """Returns the page's paragraphs in order: text between the borders of block elements, or between double line
    breaks.
    """
    found: list[Piece] = []
    buffer: list[tuple[str, bool]] = []
    body = tree.find("body")

    def flush(element: HtmlElement) -> None:
        text = squeeze("".join(t for t, _ in buffer))
        if text:
            letters = sum(len(t.strip()) for t, _ in buffer)
            linked = sum(len(t.strip()) for t, inside in buffer if inside)
            found.append(Piece(text, element, linked / max(1, letters), fold(text)))
        buffer.clear()

    stack: list[tuple[HtmlElement, bool]] = []
    owner = [body if body is not None else tree]
    link = 0
    breaks = 0
    for event, element in etree.iterwalk(owner[0], events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        silent = (
            tag in _SILENT
            or "hidden" in element.attrib
            or re.search(r"display\s*:\s*none", element.get("style") or "") is not None
        )
        if event == "start":
            inside = bool(stack and stack[-1][1])
            stack.append((element, inside or silent))
            if inside or silent:
                continue
            if tag in _BLOCKS:
                flush(owner[-1])
                owner.append(element)
                breaks = 0
            elif tag == "br":
                breaks += 1
                if breaks >= 2:
                    flush(owner[-1])
                else:
                    buffer.append(("\n", bool(link)))
            elif tag == "a":
                link += 1
            if element.text:
                if element.text.strip():
                    breaks = 0
                buffer.append((element.text, bool(link)))
        else:
            _, inside = stack.pop()
            if not inside:
                if tag in _BLOCKS:
                    flush(element)
                    owner.pop()
                elif tag == "a":
                    link = max(0, link - 1)
            if element.tail and not (stack and stack[-1][1]) and stack:
                if element.tail.strip():
                    breaks = 0
                buffer.append((element.tail, bool(link)))
    flush(owner[0])
    return found


def _found(text: str) -> list[str]:
    """Returns the lines of the article text that trafilatura finds."""
    try:
        document = trafilatura.bare_extraction(text, include_comments=False, include_tables=True, with_metadata=False)
    except Exception:  # trafilatura fails in many ways on odd markup; the page then has no text
        return []
    if document is None or not document.text:
        return []
    return [line for line in (squeeze(re.sub(r"^- |\|", " ", n)) for n in document.text.split("\n")) if line]


def _matched(pieces: list[Piece], found: list[str], home: HtmlElement) -> tuple[list[Piece], set[int]]:
    """Returns the page's paragraphs, and the indices of those that trafilatura found.

    A found line that is in none of our paragraphs, such as one hidden until a click, is inserted in its place.
    """
    folded = [fold(f) for f in found]
    told = align([f.split() for f in folded], [p.folded.split() for p in pieces])
    after: dict[int, list[Piece]] = {}
    for before, number in told.missing:
        after.setdefault(before, []).append(Piece(found[number], home, 0.0, folded[number]))
    merged: list[Piece] = []
    kept: set[int] = set()
    for i in range(-1, len(pieces)):
        if i >= 0:
            if i in told.found:
                kept.add(len(merged))
            merged.append(pieces[i])
        for extra in after.get(i, ()):
            kept.add(len(merged))
            merged.append(extra)
    return merged, kept


def body(tree: HtmlElement, text: str, about: Metadata) -> tuple[list[str], list[str], list[str | None]]:
    """Returns the article's paragraphs, all paragraphs of the page and, for live reports, the day of each article
    paragraph. If `about` has no day, fills in the visible one.
    """
    pieces, found = _matched(_pieces(tree), _found(text), tree)
    paragraphs: list[str] = []
    days: list[str | None] = []
    posted = _posted(tree) if about.live else {}
    chosen = choose(pieces, found, about)
    if about.published is None and (seen := _seen_day(pieces, chosen)):
        about.published, about.basis = seen[0], "stated"
        chosen = [i for i in chosen if i != seen[1]]
    for i in chosen:
        if not paragraphs or fold(paragraphs[-1]) != pieces[i].folded:
            paragraphs.append(pieces[i].text)
            days.append(posted.get(pieces[i].element))
    return paragraphs, [p.text for p in pieces], days if any(days) else []


def _posted(tree: HtmlElement) -> dict[HtmlElement, str]:
    """Returns for each element of live reports the time of its post: that of the post around it if there are several
    posts, else the last time before it.
    """
    found: dict[HtmlElement, str] = {}
    posts: dict[HtmlElement, str] = {}
    for stamp in tree.iter("time"):
        value = stamp.get("datetime") or ""
        if not re.match(r"\d{4}-\d\d-\d\d", value):
            continue
        box = stamp.getparent()
        for _ in range(4):  # from the time's own line up to the element with the post's text
            if box is None or box.tag in ("body", "main") or box.find(".//p") is not None:
                break
            box = box.getparent()
        if box is not None and box.tag not in ("body", "main", "html"):
            posts.setdefault(box, value)
    last: str | None = None
    for element in tree.iter():
        if element.tag == "time" and re.match(r"\d{4}-\d\d-\d\d", element.get("datetime") or ""):
            last = element.get("datetime")
        around = next((posts[e] for e in (element, *element.iterancestors()) if e in posts), None) if posts else None
        if (day := around if len(posts) > 1 and around else last) is not None:
            found[element] = day
    return found


_LABEL = re.compile(
    r"(?i)^(?:(?:first|originally)\s)?(?:published|posted|released|date|dated|created|uploaded)(?:\s(?:on|at))?\s?[:|–-]?\s?"
)
HEAD = 8  # paragraphs after the title that may state the day
FOOT = 4  # paragraphs after the text that may state it with a label


def _seen_day(pieces: list[Piece], chosen: list[int]) -> tuple[str, int] | None:
    """Returns the visible day near the title, or with a label after the text, and the index of its line, which has
    little else. A labelled day that cannot be read is returned unchanged.
    """
    if not chosen:
        return None
    prose = next((i for i in chosen if pieces[i].prose), chosen[0])
    title = next((i for i, p in enumerate(pieces[: prose + 1]) if p.element.tag == "h1"), prose)
    head = range(max(0, min(title, prose - 1) - 2), min(prose + 2, title + HEAD, len(pieces)))
    foot = range(chosen[-1], min(len(pieces), chosen[-1] + 1 + FOOT))
    both = [*head, *foot]
    for read, labelled, where in (
        (day_alone, True, head),
        (day_alone, False, head),
        (day_alone, True, foot),
        (unread_alone, True, both),
    ):
        for i in where:
            line = pieces[i].text[:120]
            label = _LABEL.match(line)
            if labelled == bool(label) and (day := read(line[label.end() if label else 0 :])):
                return day, i
    return None


def _name_line(text: str) -> list[str]:
    """Returns the names in a line that is only a byline; none for any other line."""
    names = [n for n in AND.split(re.sub(r"(?i)^by:?\s+", "", text)) if n]
    if len(text.split()) <= 8 and all(
        2 <= len(n.split()) <= 4
        and all(w[0].isupper() and w.replace("-", "").replace("’", "").replace("'", "").isalpha() for w in n.split())
        for n in names
    ):
        return names
    return []


def read_html(data: bytes, name: str, url: str | None = None) -> Draft:
    """Returns the article of an HTML page. Raises `PageError` if there is none."""
    text = decode(data)
    tree = parse(text, name)
    about = metadata(tree, url)
    paragraphs, shown, days = body(tree, text, about)
    for at in range(min(3, len(paragraphs) - 2)):
        if not about.authors and not days and (names := _name_line(paragraphs[at])):
            about.authors, about.byline = names, paragraphs.pop(at)
            break
    if not about.authors:
        about.authors = about.house
        about.byline = ", ".join(about.house) or None
    if not paragraphs:
        raise PageError(name, "no article found in this HTML page")
    return Draft(
        title=about.title,
        paragraphs=tuple(paragraphs),
        format="html",
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        url=about.url,
        byline=about.byline,
        authors=tuple(about.authors),
        publisher=about.publisher,
        domain=host_of(about.url),
        published=about.published,
        basis=about.basis,
        days=tuple(days),
        language=about.language,
        furniture=besides(shown, [*paragraphs, about.title or ""]),
        name=name,
    )
