"""Downloads from news databases: Nexis Uni, Factiva and ProQuest, as Word, RTF, HTML or text.

Each lays out its articles as lines: a head of fields, the text, a tail of indexing, and a line that ends the article.
The layouts follow the help pages of the vendors and what users of the databases know. A head may omit any field.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html as lxml_html

from .._extras import missing
from ..schema import Failure, PageError
from .days import day_alone, day_in
from .decode import decode
from .draft import Draft, besides
from .metadata import fold, squeeze
from .text import _lines as unwrapped

_FIELD = re.compile(r"^([A-Z][A-Za-z]*(?:[ -][A-Za-z]+){0,2}):\s*(.*)$")
_COUNTED = re.compile(r"(?i)^\s*(?:document\s+)?\d+ of \d+(?: documents)?\s*$")
_FACTIVA_END = re.compile(r"^(?:AN\s+)?Docum?ent\w{0,2} [A-Za-z]{2,10}0[0-9A-Za-z]{15,30}$")
_FACTIVA_CODE = re.compile(
    r"^(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|ART|CO|IN|NS|RE|IPD|IPC|PUB|AN|RF|CT|CLM|VOL)(?:\s+(.*))?$"
)
_FULL_TEXT = re.compile(r"(?i)^full text(?::|$)")
# The cover, the last page, or the number of a document after its label in any language.
_OF_PROQUEST = re.compile(
    r"(?i)^(?:report information from proquest|contact proquest$|[^.!?:]{0,30}proquest[^.!?:]{0,30}:\s*\d{5,})"
)
_RULE = re.compile(r"^_{20,}$")
_BLOCKS = frozenset("p div br li h1 h2 h3 h4 h5 tr table hr section article".split())


@dataclass
class _Found:
    title: str | None = None
    publisher: str | None = None
    day: str | None = None
    byline: str | None = None
    text: list[str] = field(default_factory=list)


def layout_of(lines: list[str]) -> str | None:
    """Returns `nexis`, `factiva` or `proquest`, or `None` if it is none of them."""
    bare = [line.strip() for line in lines]
    if any(_FACTIVA_END.match(line) for line in bare):
        return "factiva"
    if any(map(_OF_PROQUEST.match, bare)) or (
        any(map(_FULL_TEXT.match, bare))
        and any(line.startswith(("Publication title:", "Publication info:")) for line in bare)
    ):
        return "proquest"
    if (
        "End of Document" in bare
        or any(re.match(r"(?i)^\d+ of \d+ documents$", line) for line in bare)
        or "Body" in bare
        and any(line.lower().startswith("load-date:") for line in bare)
    ):
        return "nexis"
    return None


# "61 words", in the interface language of the database.
_LENGTH = re.compile(r"^\d[\d.,]* [^\W\d_]{3,14}$")
_SAID_LANGUAGE = frozenset("english englisch anglais inglés inglese inglês engels angielski engelska".split())
_FURTHER = frozenset(
    ("classification", "graphic", "notes", "correction")
)  # what may follow the text of a Nexis article
_FIELDS = ("LOAD-DATE:", "LANGUAGE:", "PUBLICATION-TYPE:")
CAPTION = 3  # paragraphs; with so many after it, "Notes" or "Graphic" is a cross-heading of the text


def _end_of_text(lines: list[str], body: int) -> int:
    """Returns the line at which the indexing after a Nexis article begins. A cross-heading with the name of a part of
    the indexing does not count.
    """
    fields = next((i for i, line in enumerate(lines) if i > body and line.upper().startswith(_FIELDS)), len(lines))
    end = fields
    for i in range(fields - 1, body, -1):
        if lines[i].lower() == "classification":
            end = i
            break
        if lines[i] and not _FIELD.match(lines[i]) and fields - i > 12:
            break
    for i in range(end - 1, body, -1):
        alone = not lines[i - 1] and (i + 1 >= len(lines) or not lines[i + 1])
        if lines[i].lower() in _FURTHER and alone and sum(1 for line in lines[i + 1 : end] if line) < CAPTION:
            return i
    return end


def _nexis(lines: list[str]) -> _Found | None:
    found = _Found()
    head: list[str] = []
    body = next((i for i, line in enumerate(lines) if line == "Body"), None)
    last = _end_of_text(lines, body or 0)
    if body is None:  # the older layout: the head ends with its last field
        fields = [i for i, line in enumerate(lines[:last]) if (m := _FIELD.match(line)) and m[1].isupper()]
        if not fields:
            return None
        body = max(i for i in fields if i < 20 + fields[0])
    for line in lines[: body + 1]:
        if not line or line == "Body":
            continue
        told = _FIELD.match(line)
        if told and told[1].lower() in (
            "byline",
            "length",
            "section",
            "dateline",
            "highlight",
            "headline",
            "body",
            "link to image",
        ):
            if told[1].lower() == "byline":
                found.byline = told[2] or None
            elif told[1].lower() == "headline":
                found.title = told[2]
        elif not line.startswith(("Copyright", "©")):
            head.append(line)
    dated = next((i for i in range(len(head) - 1, -1, -1) if day_alone(head[i])), None)
    if dated is None:  # a day with other words; the last one, as a headline before it may hold one too
        dated = next((i for i in range(len(head) - 1, -1, -1) if day_in(head[i]) and len(head[i].split()) <= 12), None)
    if dated is None:
        return None
    found.day = day_in(head[dated])
    others = [line for i, line in enumerate(head) if i != dated and "All Rights Reserved" not in line]
    before = [line for i, line in enumerate(head) if i < dated]
    if found.title is None:
        if len(before) >= 2:  # the title, then the publisher
            found.title, found.publisher = before[-2], before[-1]
        else:
            found.publisher = before[0] if before else None
            found.title = next((line for line in others if line not in before), None)
    else:
        found.publisher = before[0] if before else None
    found.text = [line for line in lines[body + 1 : last] if line.lower() not in _FURTHER]
    return found


_DETAILS = frozenset(
    (
        "title",
        "author",
        "publication title",
        "publication date",
        "publication info",
        "publication year",
        "abstract",
        "links",
        "subject",
        "location",
        "credit",
        "copyright",
        "company",
        "pages",
        "section",
        "publisher",
        "place of publication",
        "country of publication",
        "language of publication",
        "issn",
        "source type",
        "document type",
        "document url",
        "last updated",
        "database",
        "proquest document id",
        "people",
        "number of pages",
        "dateline",
        "volume",
        "issue",
        "first page",
    )
)
_LABEL = re.compile(r"^[^\W\d_][^.!?:]{1,40}\s?:(?:\s|$)")  # the label of any field, in any language
WORDS = 12  # a line without a label is prose if it has more words, or ends in a full stop


def _is_detail(line: str) -> bool:
    return bool((m := _FIELD.match(line)) and m[1].lower() in _DETAILS)


def _is_prose(line: str) -> bool:
    return not _LABEL.match(line) and (len(line.split()) > WORDS or line.endswith((".", "?", "!", "”", '"')))


def _details(lines: list[str], start: int) -> int:
    """Returns the line at which the fields after a ProQuest text begin. The only prose after it is that of an abstract
    or a copyright notice, so a paragraph of the text that begins like a field does not count.
    """
    prose, of = start, ""
    for i, line in enumerate(lines[start + 1 :], start + 1):
        if _is_detail(line):
            of = line.partition(":")[0].lower()
        elif _is_prose(line) and of not in ("abstract", "copyright"):
            prose = i
    ends = (i for i in range(prose + 1, len(lines)) if lines[i] == "DETAILS" or _is_detail(lines[i]))
    return next(ends, len(lines))


def _proquest(lines: list[str]) -> _Found | None:
    lines = [line for line in lines if not line.startswith(("Contact ProQuest", "Copyright ©", "©"))]
    start = next((i for i, line in enumerate(lines) if _FULL_TEXT.match(line)), None)
    if start is None:
        return None
    end = _details(lines, start)
    head, tail = lines[:start], lines[end:]
    told = {m[1].lower(): m[2].strip() for line in (*head, *tail) if (m := _FIELD.match(line)) and m[2].strip()}
    title = next((line for line in head if line and not _is_detail(line)), None)
    info = told.get("publication info", "")
    publisher = told.get("publication title") or info.split(" [")[0]
    return _Found(
        title=told.get("title") or title,
        publisher=publisher.split(";")[0].strip(" .") or None,
        day=day_in(told.get("publication date", ""))
        or day_in(info)
        or told.get("publication year", told.get("publication date")),
        byline=told.get("author", "").rstrip(".") or None,
        text=[lines[start].partition(":")[2], *lines[start + 1 : end]],
    )


def _first(parts: dict[str, list[str]], code: str) -> str | None:
    return next(filter(None, parts.get(code, [])), None)


def _factiva(lines: list[str]) -> _Found | None:
    found = _Found()
    codes = sum(_FACTIVA_CODE.match(line) is not None for line in lines)
    if codes >= 4 and any(line.startswith("HD") for line in lines):
        parts: dict[str, list[str]] = {}
        code = ""
        for line in lines:
            if told := _FACTIVA_CODE.match(line):
                code = told[1]
                parts.setdefault(code, []).extend([told[2]] if told[2] else [])
            elif code:
                parts[code].append(line)
        found.title = " ".join(x for x in parts.get("HD", []) if x) or None
        found.byline, found.publisher = _first(parts, "BY"), _first(parts, "SN")
        stated = _first(parts, "PD")
        found.day = stated and (day_in(stated) or stated)
        found.text = [*parts.get("LP", []), "", *parts.get("TD", [])]
        return found
    words = next((i for i, line in enumerate(lines) if _LENGTH.match(line) and not day_in(line)), None)
    if words is None:
        return None
    head = [line for line in lines[:words] if line]
    if not head:
        return None
    at = _headline(head, lines[words + 1 :])
    found.title = head[at]
    found.byline = next((line for line in head[at + 1 :] if len(line.split()) <= 12), None)
    rest = lines[words + 1 :]
    begin = 0
    for i, line in [(i, line) for i, line in enumerate(rest) if line][:9]:
        if found.day is None and day_in(line):
            found.day = day_in(line)
        elif found.day and found.publisher is None and line and not re.match(r"^\d{1,2}:\d\d", line):
            found.publisher = line
        if line.startswith(("Copyright", "©", "(c)", "(Copyright")) or line.lower() in _SAID_LANGUAGE:
            begin = i + 1
    found.text = rest[begin:]
    return found


def _headline(head: list[str], below: list[str]) -> int:
    """Returns which line of a Factiva head is the headline: the one that shares most words with the text. A section may
    come before it, an author after it.
    """
    told = {w for line in below if len(line.split()) >= 8 for w in fold(line).split()}

    def shared(line: str) -> float:
        words = [w for w in fold(line).split() if len(w) > 3]
        return sum(w in told for w in words) / max(1, len(words))

    sizes = [shared(line) for line in head[:3]]
    best = max(range(len(sizes)), key=lambda i: (sizes[i], -i))
    if sizes[best] > 0:
        return best
    return 1 if len(head) > 2 and len(head[0].split()) <= 4 else 0


_UNKNOWN = {
    "nexis": "this part of the Nexis download has no head that its layout knows",
    "factiva": "this part of the Factiva download has no head that its layout knows",
    "proquest": "this part of the ProQuest download has no 'Full text': it is an abstract or not in English",
}
_LAYOUTS: dict[str, Callable[[list[str]], _Found | None]] = {
    "nexis": _nexis,
    "proquest": _proquest,
    "factiva": _factiva,
}


def _pieces(lines: list[str], layout: str) -> Iterator[tuple[list[str], bool]]:
    """Yields the lines of each article, and whether a line that ends an article ended them."""
    piece: list[str] = []
    for line in lines:
        closing = (
            layout == "nexis" and line == "End of Document" or layout == "factiva" and bool(_FACTIVA_END.match(line))
        )
        opening = (
            layout != "factiva"
            and _COUNTED.match(line) is not None
            or layout == "proquest"
            and _RULE.match(line) is not None
        )
        if closing or opening:
            if any(piece):
                yield piece, closing
            piece = []
        else:
            piece.append(line)
    if any(piece):
        yield piece, False


_AROUND = re.compile(r"(?i)[a-z ]{0,30}proquest$|table of contents")
_COUNTED_TITLE = re.compile(r"^\d+\. ")


def _is_cover(piece: list[str], layout: str) -> bool:
    """Whether it is a cover sheet or a table of contents."""
    if sum(len(line.split()) for line in piece) < 6:
        return True
    if layout == "proquest":
        bare = [line for line in piece if line]
        around = _AROUND.match(bare[0]) is not None or all(_COUNTED_TITLE.match(line) for line in bare)
        return around and not any(map(_FULL_TEXT.match, bare))
    return not any(day_in(line) for line in piece)


def _without_cover(piece: list[str]) -> list[str]:
    """Returns the lines of the first Nexis article without the cover page and the table of contents of the download."""
    if not any(line.startswith(("Job Number:", "User Name:")) for line in piece[:40]):
        return piece
    last = max((i for i, line in enumerate(piece) if "About LexisNexis" in line), default=-1)
    if last < 0:
        last = max((i for i, line in enumerate(piece) if line.startswith(_COVER)), default=-1)
    return piece[last + 1 :]


_COVER = (
    "User Name:",
    "Date and Time:",
    "Job Number:",
    "Documents (",
    "Client/Matter:",
    "Search Terms:",
    "Search Type:",
    "Narrowed by:",
    "Timeline:",
)


def read_library(lines: list[str], layout: str, name: str, form: str) -> Iterator[Draft | Failure]:
    """Yields the articles of a download in order. A part that does not fit the layout is a `Failure`, and so is a
    download without articles.
    """
    bare = [squeeze(line) for line in lines]
    number = 0
    for piece, closed in _pieces(bare, layout):
        whole, piece = piece, _without_cover(piece) if layout == "nexis" else piece
        if not any(piece) or _is_cover(piece, layout) and not (closed and layout == "factiva"):
            continue
        number += 1
        at = f"{name}#{number}"
        found = _LAYOUTS[layout](piece)
        if found is None:
            yield Failure(at, _UNKNOWN[layout])
            continue
        paragraphs = tuple(p for p in unwrapped("\n".join(found.text)) if p)
        raw = "\n".join(whole).encode("utf-8", "replace")
        yield Draft(
            title=found.title,
            paragraphs=paragraphs,
            format=form,
            sha256=hashlib.sha256(raw).hexdigest(),
            bytes=len(raw),
            byline=found.byline,
            publisher=found.publisher,
            published=found.day,
            basis="stated" if found.day else None,
            furniture=besides(piece, [*paragraphs, found.title or ""]),
            name=at,
        )
    if not number:
        yield Failure(name, f"a {layout.title()} download in which no article was found")


def _needs_office(what: str, name: str) -> None:
    if told := missing("office", what):
        raise PageError(name, told)


def docx_lines(data: bytes, name: str) -> list[str]:
    """Returns the paragraphs of a Word document. Raises `PageError` if it is damaged or too large."""
    _needs_office("a Word document", name)
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(e.file_size for e in archive.infolist()) > 200_000_000:
                raise PageError(name, "unpacks to far more than its size: not read")
        return [line for part in docx.Document(io.BytesIO(data)).iter_inner_content() for line in _of_word(part)]
    except PageError:
        raise
    except Exception as error:  # python-docx passes on every error of ZIP and XML
        raise PageError(name, f"damaged Word document: {str(error)[:120]}") from None


def _of_word(part: Any) -> list[str]:
    """Returns the lines of a paragraph, or of a table row by row."""
    if not hasattr(part, "rows"):
        return [part.text]
    found: list[str] = []
    for row in part.rows:
        cells: list[str] = []
        for cell in row.cells:
            if not cells or cell.text != cells[-1]:  # a merged cell is repeated for each column
                cells.append(cell.text)
        found += " ".join(filter(None, cells)).split("\n")
    return found


def is_rtf(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n")[:5] == b"{\\rtf"


def rtf_lines(data: bytes, name: str) -> list[str]:
    """Returns the lines of an RTF file. Raises `PageError` if it cannot be read."""
    _needs_office("an RTF file", name)
    from striprtf.striprtf import rtf_to_text

    try:
        return [_row(line) for line in str(rtf_to_text(data.decode("latin-1"), errors="replace")).split("\n")]
    except Exception as error:
        raise PageError(name, f"damaged RTF: {str(error)[:120]}") from None


def _row(line: str) -> str:
    """Returns a row of a table, which has a bar after each cell, as a line."""
    if not line.endswith("|"):
        first, bar, rest = line.partition("|")
        return f"{first} {rest}" if bar and _FACTIVA_CODE.match(first.strip()) else line
    return " ".join(cell.strip() for cell in line.split("|")).strip()


def html_lines(data: bytes, name: str) -> list[str]:
    """Returns the visible lines of a downloaded HTML file. Raises `PageError` if it is damaged."""
    try:
        tree: Any = lxml_html.fromstring(
            decode(data).encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise PageError(name, f"damaged HTML: {error}") from None
    for drop in tree.xpath("//script|//style|//head"):
        if drop.getparent() is not None:
            drop.drop_tree()
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag in _BLOCKS:
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
    return str(tree.text_content()).split("\n")


_SIGNS = re.compile(
    rb"End of Document|Full [Tt]ext:|FULL TEXT|ProQuest"
    rb"|(?:^|[>\n])[^\S\n]*+Document [A-Za-z]{2,10}0[0-9A-Za-z]{15,30}\s*+(?:<|$)"
    rb"|(?i:(?<!\d)\d++ of \d++ DOCUMENTS)"
)


def may_be(data: bytes) -> bool:
    """Whether a page has a line that ends or counts the articles of a download."""
    return _SIGNS.search(data) is not None


def without_layout(lines: list[str]) -> str:
    """Returns a document without a known layout as plain text."""
    return "\n\n".join(p for p in map(squeeze, lines) if p)
