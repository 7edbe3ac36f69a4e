"""Chooses the paragraphs of an HTML page that are its article, by correcting trafilatura's result.

Two small logistic regression models decide: one whether to keep a paragraph that trafilatura found, one whether to add
a paragraph that it missed. Their input is the position, the surroundings and the markup of the paragraph.
`training.heads.pages` fits them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from lxml.html import HtmlElement

from .aligning import align
from .metadata import Metadata, fold

WEIGHTS = Path(__file__).with_name("choice.json")
_ASIDE = frozenset(["aside", "nav", "footer", "form", "figcaption", "figure", "button", "dialog", "menu"])
_FURNITURE = re.compile(
    r"""(?ix)(?:^|[\s_-])(?:related|promo|promotion|newsletter|subscri\w*|sign-?up|caption|captions|credit|byline|bylines|author-?bio|
    share|sharing|social|comments?|recommend\w*|read-?more|readmore|more-?from|most-?(?:read|popular|viewed)|popular|trending|advert\w*|ad|ads|sponsor\w*|outbrain|taboola|
    cookies?|consent|gdpr|breadcrumbs?|tags|topics|toolbar|disclaimer|sidebar|teasers?|sr-only|visually-hidden|
    screen-reader\w*|inline-?(?:related|link|promo)|see-?also|also-?read|up-?next|correction-?link|embed|widget|dateline-time|timestamp|print-only)(?:$|[\s_-])"""
)
_CREDIT = re.compile(
    "(?i)^(?:file )?(?:photo|image|picture|photograph|video|credit|graphic|illustration)s?"
    r"(?: credit| by| courtesy)?\s*[:/|(]"
)
_CLOCK = re.compile(
    r"""(?ix)^(?:(?:first\s+)?(?:published|updated|posted|last\s+(?:updated|modified)|modified)\W*)?(?:(?:on|at)\s+)?
    (?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W+|\d{1,2}[:.]\d\d\s*|[ap]\.?m\.?\W*|[A-Z]{2,4}T?\W+|\d{1,4}(?:st|nd|rd|th)?\W*|
    # possessive: a long row of digits can be cut up in too many ways
    (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\W*|at\s+|\||-)++(?:[A-Z]{3,4})?$"""
)
# Separates names in a byline. (The lookbehind starts a match only where white space begins, not at each of its
# characters.)
AND = re.compile(r"(?<!\s)\s*+(?:,|/|;|\band\b|&)\s*+")
_ENDING = re.compile(r"""[.!?…:]["'”’)\]]*$""")
_SENTENCE = re.compile(r"""[.!?…]["'”’)\]]*$""")
_HOUSE = re.compile(
    r"(?i)\b(?:subscribe|newsletters?|sign up|sign in|log in|click here|read more|read also|also read"
    "|see also|all rights reserved|copyright|©|follow us|cookies?|advertisement|whatsapp"
    r"|download (?:our|the) app|terms (?:of|and)|privacy policy|share this|related)\b"
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass
class Piece:
    """A paragraph in the page: its text, the block element around it, and the linked share of the text."""

    text: str
    element: HtmlElement
    linked: float
    folded: str

    @property
    def heading(self) -> bool:
        return self.element.tag in _HEADINGS

    @property
    def prose(self) -> bool:
        return len(self.text.split()) >= 8 and self.linked < 0.5 and not self.heading

    @property
    def sentence(self) -> bool:
        """Whether it is a whole sentence, like a paragraph of an article and unlike a headline."""
        return len(self.text.split()) >= 8 and _SENTENCE.search(self.text) is not None and not _HOUSE.search(self.text)


NAMES = (
    "one",
    "length",
    "short",
    "long",
    "linked",
    "all linked",
    "linked sentence",
    "ends",
    "heading",
    "heading of a sentence",
    "heading before none",
    "label before prose",
    "furniture",
    "furniture of little",
    "credit",
    "clock",
    "title",
    "like the title",
    "byline",
    "house words",
    "list",
    "table",
    "paragraph",
    "told",
    "not told",
    "home share",
    "path share",
    "no home",
    "text before",
    "last",
    "first",
    "found around",
    "far",
    "between",
    "after link headings",
    "headed scraps",
    "right behind a found one",
    "behind the main text",
    "ahead of the main text",
    "heading behind the main text",
    "behind it, set otherwise",
    "beside a picture",
    "said twice",
)


def _named(element: HtmlElement) -> str:
    return (
        f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''} "
        f"{element.get('role') or ''}"
    )


class _Places:
    """Properties of the elements around paragraphs, each computed once."""

    def __init__(self, pieces: list[Piece], found: set[int]) -> None:
        self._aside: dict[HtmlElement, HtmlElement | None] = {}
        self.weight: dict[HtmlElement, int] = defaultdict(int)  # characters of found text within each furniture element
        self.homes: dict[HtmlElement | None, int] = defaultdict(int)
        self.paths: dict[str, int] = defaultdict(int)
        self.total = sum(len(pieces[i].text) for i in found) or 1
        for i in found:
            piece = pieces[i]
            if (aside := self.aside(piece.element)) is not None:
                self.weight[aside] += len(piece.text)
            if piece.prose:
                self.homes[piece.element.getparent()] += len(piece.text)
                self.paths[path(piece.element)] += len(piece.text)
        self.prose = sum(self.homes.values()) or 1

    def main(self, pieces: list[Piece], order: list[int]) -> tuple[int, int]:
        """Returns the first and the last paragraph of prose with the markup of the text (see `MAIN`)."""
        inside = [i for i in order if pieces[i].prose and self.paths[path(pieces[i].element)] >= MAIN * self.prose]
        return (inside[0], inside[-1]) if inside else (order[0], order[-1]) if order else (0, 0)

    def aside(self, element: HtmlElement) -> HtmlElement | None:
        """Returns the outermost furniture element, by tag or name, that an element is in, itself included."""
        chain: list[HtmlElement] = []
        node: HtmlElement | None = element
        while node is not None and node not in self._aside:
            chain.append(node)
            node = node.getparent()
        above = self._aside[node] if node is not None else None
        for one in reversed(chain):
            if (
                above is None
                and one.tag not in ("html", "body")
                and (one.tag in _ASIDE or _FURNITURE.search(_named(one)))
            ):
                above = one
            self._aside[one] = above
        return self._aside[element]


MAIN = 0.2  # share of the found prose; markup with at least this much of it is the markup of the text


def _beside_picture(element: HtmlElement) -> bool:
    return any(
        e is not None and e.tag in ("figure", "picture", "img") for e in (element.getprevious(), element.getnext())
    )


def _twice(folded: str) -> bool:
    """Whether a line repeats itself, like a card that shows the text of its picture."""
    half = len(folded) // 2
    return half > 8 and folded[:half].strip() == folded[half:].strip()


def path(element: HtmlElement) -> str:
    """Returns the tags and classes of an element and its parent; paragraphs of one text share them."""
    parent = element.getparent()
    own = f"{element.tag}.{element.get('class') or ''}"
    return own if parent is None else f"{parent.tag}.{parent.get('class') or ''}>{own}"


def told_by(pieces: list[Piece], found: set[int], about: Metadata) -> set[int]:
    """Returns the paragraphs of the article text in JSON-LD, if that is the text that was found; else none."""
    if not about.body or not found:
        return set()
    told = align([fold(about.body).split()], [p.folded.split() for p in pieces]).found
    inside = sum(len(pieces[i].text) for i in found & told)
    return told if inside > 0.6 * sum(len(pieces[i].text) for i in found if pieces[i].prose) else set()


def _is_byline(piece: Piece, authors: set[str]) -> bool:
    if len(piece.text) > 200:
        return False
    parts = AND.split(re.sub(r"(?i)^by\s+", "", piece.text))
    names = {f for n in parts if (f := fold(n))}
    return bool(names) and (names <= authors or len(piece.text.split()) <= 6 and bool(names & authors))


def alike(a: str, b: str) -> bool:
    x, y = set(a.split()), set(b.split())
    return len(x & y) >= 0.7 * min(len(x), len(y)) and min(len(x), len(y)) > 2


def features(pieces: list[Piece], found: set[int], about: Metadata) -> np.ndarray:
    """Returns the input features of the models: a row for each paragraph of the page, with columns `NAMES`. `found` are
    the paragraphs that trafilatura chose.
    """
    places, told = _Places(pieces, found), told_by(pieces, found, about)
    title, authors = fold(about.title or ""), {fold(a) for a in about.authors}
    order = sorted(found)
    first, last = (order[0], order[-1]) if order else (0, 0)
    n = len(pieces)
    inside = np.zeros(n + 7)
    inside[[i + 3 for i in order]] = 1
    around = np.convolve(inside, np.ones(7), "same")[3 : n + 3] - inside[3 : n + 3]
    near_heads = _linked_headings(pieces)
    scraps = _headed_scraps(pieces, order)
    rows, before, prose_yet, previous = [], 0, False, -1
    main = places.main(pieces, order)
    following = _following(pieces, order)
    for i, p in enumerate(pieces):
        words = len(p.text.split())
        aside = places.aside(p.element)
        parent = p.element.getparent()
        tag = p.element.tag
        home, same = places.homes.get(parent, 0) / places.prose, places.paths.get(path(p.element), 0) / places.prose
        rows.append(
            [
                1,
                np.log1p(words) / 4,
                words <= 4,
                words >= 25,
                p.linked,
                p.linked >= 0.75,
                p.linked >= 0.75 and p.sentence,
                _ENDING.search(p.text) is not None,
                p.heading,
                p.heading and p.sentence,
                p.heading and i in found and not following.get(i, True),
                p.heading and not prose_yet and words <= 3,
                aside is not None,
                aside is not None and places.weight.get(aside, 0) < 0.4 * places.total,
                _CREDIT.match(p.text) is not None and words < 40,
                words < 12 and _CLOCK.match(p.text) is not None,
                bool(title) and p.folded == title,
                bool(title) and p.heading and alike(p.folded, title),
                _is_byline(p, authors),
                words < 40 and _HOUSE.search(p.text) is not None,
                tag == "li",
                tag in ("td", "th"),
                tag == "p",
                words >= 6 and i in told,
                bool(told) and i not in told,
                home,
                same,
                home == 0,
                before / places.total,
                i == last,
                i == first,
                around[i] / 6,
                np.log1p(min(abs(i - first), abs(i - last)) if not first <= i <= last else 0) / 4,
                first < i < last,
                i in near_heads,
                i in scraps,
                i - previous <= 1 if previous >= 0 else False,
                i > main[1],
                i < main[0],
                i > main[1] and p.heading,
                i > main[1] and same < 0.1,
                _beside_picture(p.element),
                _twice(p.folded),
            ]
        )
        if i in found:
            before += len(p.text)
            previous = i
            prose_yet = prose_yet or p.prose
    return np.asarray(rows, dtype=float).reshape(n, len(NAMES))


def _following(pieces: list[Piece], order: list[int]) -> dict[int, bool]:
    """Returns for each found paragraph whether text follows, not a heading or the end."""
    return {i: j is not None and not pieces[j].heading for i, j in zip(order, [*order[1:], None])}


def _linked_headings(pieces: list[Piece]) -> set[int]:
    """Returns the headings that are links and two paragraphs after each: cards of other articles."""
    heads = [i for i, p in enumerate(pieces) if p.heading and p.linked > 0.9 and len(p.text.split()) > 2]
    return {j for i in heads for j in range(i, i + 3)}


def _headed_scraps(pieces: list[Piece], order: list[int]) -> set[int]:
    """Returns the found paragraphs after the bulk of the text if they are repeated headings with scraps of prose."""
    prose = [i for i in order if pieces[i].prose]
    total, seen = sum(len(pieces[i].text) for i in prose), 0
    if len(prose) < 3:
        return set()
    for at, i in enumerate(order):
        if pieces[i].heading and seen > 0.6 * total:
            rest = order[at:]
            heads = sum(pieces[j].heading for j in rest)
            if heads >= 3 and sum(len(pieces[j].text) for j in rest if not pieces[j].heading) / heads < 160:
                return set(rest)
            return set()
        if pieces[i].prose:
            seen += len(pieces[i].text)
    return set()


@dataclass(frozen=True)
class Weights:
    """The weights of the two models, with the probability from which each acts."""

    stay: np.ndarray
    enter: np.ndarray
    stays: float
    enters: float


@cache
def weights() -> Weights:
    told = json.loads(WEIGHTS.read_text("utf-8"))
    if tuple(told["features"]) != NAMES:
        raise ValueError(f"{WEIGHTS.name} was fitted on other features: run python -m training.heads.pages")
    return Weights(np.asarray(told["stay"]), np.asarray(told["enter"]), told["stays"], told["enters"])


MOST_LOST = 0.6  # share of trafilatura's text; a model that drops more is not trusted


def choose(pieces: list[Piece], found: set[int], about: Metadata, by: Weights | None = None) -> list[int]:
    """Returns the indices of the paragraphs of the article, in order."""
    by = by or weights()
    if not found:
        return []
    table = features(pieces, found, about)
    stay, enter = (1 / (1 + np.exp(-np.clip(table @ w, -30, 30))) for w in (by.stay, by.enter))
    main = _home(pieces, found)
    dropped = {i for i in found if stay[i] < by.stays and not _sentence_of(pieces[i], main)}
    size = [len(p.text) for p in pieces]
    if sum(size[i] for i in dropped) > MOST_LOST * sum(size[i] for i in found):
        dropped = {i for i in dropped if not pieces[i].prose}
    if dropped == found:
        dropped = {i for i in found if pieces[i].folded == fold(about.title or "")}
    added = {
        i
        for i in range(len(pieces))
        if i not in found and pieces[i].folded and (enter[i] > by.enters or _lead(pieces, i, found, main))
    }
    return sorted((found - dropped) | added)


def _home(pieces: list[Piece], found: Iterable[int]) -> HtmlElement | None:
    """Returns the parent element of most of the found prose or, without prose, of the other sentences."""
    homes: dict[HtmlElement | None, int] = defaultdict(int)
    for i in [i for i in found if pieces[i].prose] or [i for i in found if pieces[i].sentence]:
        homes[pieces[i].element.getparent()] += len(pieces[i].text)
    return max(homes, key=lambda h: homes[h]) if homes else None


def _sentence_of(piece: Piece, main: HtmlElement | None) -> bool:
    """Whether it is a sentence among the paragraphs of the text, but marked up as a link or a heading."""
    return (piece.heading or piece.linked >= 0.75) and piece.element.getparent() is main and piece.sentence


def _lead(pieces: list[Piece], i: int, found: set[int], main: HtmlElement | None) -> bool:
    """Whether it is a sentence among the paragraphs of the text that trafilatura missed because it is a link or
    heading.
    """
    piece = pieces[i]
    if piece.element.getparent() is not main or not piece.sentence or not (piece.heading or piece.linked >= 0.75):
        return False
    return i + 1 in found or i - 1 in found
