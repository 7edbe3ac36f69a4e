"""HTML pages: trafilatura finds the text; what it takes in by mistake is left out, and what it passes over is put back.

Each paragraph of the page is looked at where it stands in the document: trafilatura says which belong
to the article, the elements around them and the links within them say which are furniture all the same, and their
neighbours (or the article's text in JSON-LD) say which were missed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement

from ..schema import PageError
from .decode import decode
from .draft import Draft, besides
from .metadata import Metadata, fold, host_of, metadata, squeeze

LONGEST = 20_000_000  # characters of markup; a longer page is no news page
DEEPEST = 400  # nested elements
MOST = 100_000  # tags that open an element; pages of a day's live reports have a tenth of it
# The parser compares each attribute of a tag with each: the squares of their numbers, summed over the page, bound its time.
ATTRIBUTES = 100_000_000

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
_ASIDE = frozenset(["aside", "nav", "footer", "form", "figcaption", "figure", "button", "dialog", "menu"])
_FURNITURE = re.compile(
    r"""(?ix)(?:^|[\s_-])(?:related|promo|promotion|newsletter|subscri\w*|sign-?up|caption|captions|credit|byline|bylines|author-?bio|
    share|sharing|social|comments?|recommend\w*|read-?more|readmore|more-?from|most-?(?:read|popular|viewed)|popular|trending|advert\w*|ad|ads|sponsor\w*|outbrain|taboola|
    cookies?|consent|gdpr|breadcrumbs?|tags|topics|toolbar|disclaimer|sidebar|teasers?|sr-only|visually-hidden|
    screen-reader\w*|inline-?(?:related|link|promo)|see-?also|also-?read|up-?next|correction-?link|embed|widget|dateline-time|timestamp|print-only)(?:$|[\s_-])"""
)
_CREDIT = re.compile(
    r"(?i)^(?:file )?(?:photo|image|picture|photograph|video|credit|graphic|illustration)s?(?: credit| by| courtesy)?\s*[:/|(]"
)
_CLOCK = re.compile(
    r"""(?ix)^(?:(?:first\s+)?(?:published|updated|posted|last\s+(?:updated|modified)|modified)\W*)?(?:(?:on|at)\s+)?
    (?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W+|\d{1,2}[:.]\d\d\s*|[ap]\.?m\.?\W*|[A-Z]{2,4}T?\W+|\d{1,4}(?:st|nd|rd|th)?\W*|
    (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\W*|at\s+|\||-)++(?:[A-Z]{3,4})?$"""  # possessive: a long row of digits can be cut up in too many ways
)
# What parts two names of a byline. (It looks for white space from where that begins, and not again from each of its characters.)
_AND = re.compile(r"(?<!\s)\s*+(?:,|/|;|\band\b|&)\s*+")
_ENDING = re.compile(r"""[.!?…:]["'”’)\]]*$""")


@dataclass
class _Piece:
    """A paragraph where it stands: its text, the block element around it, how much of it is linked."""

    text: str
    element: HtmlElement
    linked: float
    folded: str
    lines: bool = False


def parse(text: str, page: str) -> HtmlElement:
    """The document tree, or a `PageError` that says why there is none."""
    if len(text) > LONGEST:
        raise PageError(page, f"too large: {len(text):,} characters of markup, at most {LONGEST:,} are read")
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
# A tag as the parser sees it: a quote matters after an equals sign alone, and nothing but ">" ends it.
_TAG = re.compile(r"""<[a-zA-Z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=)*+""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")


def _attributes(text: str) -> int:
    """The squares of the numbers of attributes, summed over the tags; about right, and never far too low."""
    total = at = 0
    while tag := _TAG.search(text, at):
        at = tag.end()
        total += len(_VALUE.sub("= ", tag.group()).replace("/", " ").split()) ** 2
        if total > ATTRIBUTES:
            break
        if _SCRIPT.match(tag.group()):
            if (end := _SCRIPT_END.search(text, at)) is None:
                break  # the rest is no markup
            at = end.end()
    return total


def _size(text: str) -> tuple[int, int]:
    """The deepest nesting and the number of elements by the tags alone, so that a hostile page never reaches the parser."""
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


def _pieces(tree: HtmlElement) -> list[_Piece]:
    """The page's paragraphs in order: text between the borders of block elements, or between two line breaks."""
    found: list[_Piece] = []
    buffer: list[tuple[str, bool]] = []
    body = tree.find("body")

    def flush(element: HtmlElement) -> None:
        text = squeeze("".join(t for t, _ in buffer))
        if text:
            letters = sum(len(t.strip()) for t, _ in buffer)
            linked = sum(len(t.strip()) for t, inside in buffer if inside)
            found.append(_Piece(text, element, linked / max(1, letters), fold(text)))
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


def _trafilatura(text: str) -> str:
    """The words of what trafilatura takes for the article, folded, each of its paragraphs between bars."""
    try:
        document = trafilatura.bare_extraction(text, include_comments=False, include_tables=True, with_metadata=False)
    except Exception:  # its failures on odd markup are of many kinds, and none of them is the reader's
        return ""
    if document is None or document.body is None:
        return ""
    return " ".join(fold(" ".join(element.itertext())) for element in document.body)


def _named(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''} {element.get('role') or ''}"


def _furniture(pieces: list[_Piece], kept: set[int]) -> set[int]:
    """Indices of kept paragraphs that stand inside an element which is furniture by its tag or name and holds little of the text."""
    weight: dict[HtmlElement, int] = {}
    for i in kept:
        for ancestor in [pieces[i].element, *pieces[i].element.iterancestors()]:
            weight[ancestor] = weight.get(ancestor, 0) + len(pieces[i].text)
    whole = sum(len(pieces[i].text) for i in kept) or 1
    bad = {e for e, w in weight.items() if w < 0.4 * whole and (e.tag in _ASIDE or _FURNITURE.search(_named(e)))}
    return {i for i in kept if any(a in bad for a in [pieces[i].element, *pieces[i].element.iterancestors()])}


def _is_heading(piece: _Piece) -> bool:
    return piece.element.tag in ("h1", "h2", "h3", "h4", "h5", "h6")


def _prose(piece: _Piece) -> bool:
    return len(piece.text.split()) >= 8 and piece.linked < 0.5 and not _is_heading(piece)


def body(tree: HtmlElement, text: str, about: Metadata) -> tuple[list[str], list[str]]:
    """The article's paragraphs, and all paragraphs of the page."""
    chosen = f" {_trafilatura(text)} "
    pieces = _pieces(tree)
    kept = {i for i, p in enumerate(pieces) if p.folded and f" {p.folded} " in chosen}
    kept |= _told(pieces, kept, about)
    kept -= _furniture(pieces, kept)
    kept -= _linked(pieces, kept)
    kept -= _lines(pieces, kept, about)
    ordered = _without_scraps(pieces, _before_teasers(pieces, _headed(pieces, sorted(kept))))
    paragraphs: list[str] = []
    for i in ordered:
        if not paragraphs or fold(paragraphs[-1]) != pieces[i].folded:
            paragraphs.append(pieces[i].text)
    return paragraphs, [p.text for p in pieces]


def _told(pieces: list[_Piece], kept: set[int], about: Metadata) -> set[int]:
    """Paragraphs of the article's text in JSON-LD, where that is the text that was found."""
    told = f" {fold(about.body)} " if about.body else ""
    if not told or not kept:
        return set()
    inside = [i for i in kept if f" {pieces[i].folded} " in told]
    share = sum(len(pieces[i].text) for i in inside) / max(
        1, sum(len(pieces[i].text) for i in kept if _prose(pieces[i]))
    )
    if share <= 0.6:
        return set()
    return {
        i
        for i, p in enumerate(pieces)
        if len(p.text.split()) >= 6 and f" {p.folded} " in told and p.element.tag != "title"
    }


def _linked(pieces: list[_Piece], kept: set[int]) -> set[int]:
    """Paragraphs that are a link and little else: "read more" boxes, cross-headings to other stories."""
    return {i for i in kept if pieces[i].linked >= 0.75 and len(pieces[i].text.split()) < 40}


def _lines(pieces: list[_Piece], kept: set[int], about: Metadata) -> set[int]:
    """Credits, clock lines, bylines and the title said again."""
    title = fold(about.title or "")
    authors = {fold(a) for a in about.authors}
    found = set()
    for i in kept:
        piece = pieces[i]
        words = piece.text.split()
        names = set(filter(None, (fold(n) for n in _AND.split(re.sub(r"(?i)^by\s+", "", piece.text)))))
        if (
            _CREDIT.match(piece.text)
            and len(words) < 40
            or _CLOCK.match(piece.text)
            and len(words) < 12
            or title
            and (piece.folded == title or _is_heading(piece) and _alike(piece.folded, title))
            or names
            and (names <= authors or len(words) <= 6 and names & authors)
        ):
            found.add(i)
    return found


def _alike(a: str, b: str) -> bool:
    x, y = set(a.split()), set(b.split())
    return len(x & y) >= 0.7 * min(len(x), len(y)) and min(len(x), len(y)) > 2


def _headed(pieces: list[_Piece], order: list[int]) -> list[int]:
    """Without headings that nothing follows, and without the labels of a section before the text: two or three words that end nothing."""
    kept: list[int] = []
    prose = False
    for at, i in enumerate(order):
        if _is_heading(pieces[i]) and (at + 1 == len(order) or not prose and len(pieces[i].text.split()) <= 3):
            continue
        prose = prose or _prose(pieces[i])
        kept.append(i)
    return kept


def _without_scraps(pieces: list[_Piece], kept: list[int]) -> list[int]:
    """Without sections after the bulk of the text that are a heading and a scrap of prose, over and over, and without a last line that ends nothing."""
    prose = [i for i in kept if _prose(pieces[i])]
    if len(prose) < 3:
        return kept
    total = sum(len(pieces[i].text) for i in prose)
    seen = 0
    for at, i in enumerate(kept):
        if _is_heading(pieces[i]) and seen > 0.6 * total:
            rest = kept[at:]
            heads = sum(_is_heading(pieces[j]) for j in rest)
            if heads >= 3 and sum(len(pieces[j].text) for j in rest if not _is_heading(pieces[j])) / heads < 160:
                kept = kept[:at]
                break
        if i in prose:
            seen += len(pieces[i].text)
    while kept and not _ENDING.search(pieces[kept[-1]].text) and len(pieces[kept[-1]].text.split()) < 12:
        kept = kept[:-1]
    return kept


def _before_teasers(pieces: list[_Piece], kept: list[int]) -> list[int]:
    """Without what follows the first of several headings that are links, once most of the text is past: cards of other articles."""
    links = [i for i, p in enumerate(pieces) if _is_heading(p) and p.linked > 0.9 and len(p.text.split()) > 2]
    total = sum(len(pieces[i].text) for i in kept if _prose(pieces[i]))
    homes: dict[HtmlElement | None, int] = {}
    for i in kept:
        if _prose(pieces[i]):
            homes[pieces[i].element.getparent()] = homes.get(pieces[i].element.getparent(), 0) + 1
    seen = 0
    for at, i in enumerate(kept):
        after = [j for j in links if j > (kept[at - 1] if at else -1)]
        if seen > 0.4 * total and len([j for j in after if j < i]) >= 1 and len(after) >= 2:
            rest = kept[at:]
            headed = sum(any(0 < k - j <= 2 for j in links) for k in rest)
            if headed >= 0.7 * len(rest) and not any(homes.get(pieces[k].element.getparent(), 0) >= 3 for k in rest):
                return kept[:at]
        if _prose(pieces[i]):
            seen += len(pieces[i].text)
    return kept


def _name_line(text: str) -> list[str]:
    """The names in a line that is a byline and nothing else."""
    names = [n for n in _AND.split(re.sub(r"(?i)^by:?\s+", "", text)) if n]
    if len(text.split()) <= 8 and all(
        2 <= len(n.split()) <= 4
        and all(w[0].isupper() and w.replace("-", "").replace("’", "").replace("'", "").isalpha() for w in n.split())
        for n in names
    ):
        return names
    return []


def read_html(data: bytes, name: str, url: str | None = None) -> Draft:
    """One article of an HTML page. Raises `PageError` when it holds none."""
    text = decode(data)
    tree = parse(text, name)
    about = metadata(tree, url)
    paragraphs, shown = body(tree, text, about)
    for at in range(min(3, len(paragraphs) - 2)):
        if not about.authors and (names := _name_line(paragraphs[at])):
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
        language=about.language,
        furniture=besides(shown, [*paragraphs, about.title or ""]),
        name=name,
    )
