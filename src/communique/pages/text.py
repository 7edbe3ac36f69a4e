"""Plain text scraped from the web: decides which lines are the article.

There is no markup. A line is judged by its length, its ending, how often it is repeated on the page, and whether its
words are those of the text. Prose is long and ends in a full stop; a label does not. A headline is before the prose,
shares its words, and is often repeated.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Set as AbstractSet
from itertools import islice

from ..schema import PageError
from .decode import decode
from .draft import Draft, besides
from .metadata import fold, squeeze

LONGEST_TEXT = 5_000_000  # characters
SHORTEST = 3  # words of a sentence that is a text by itself
TOP, COMPARED = 200, 400  # first lines searched for a headline, and lines with which each is compared
ENOUGH = 3  # repetitions of a headline on its page; more add no evidence

_END = re.compile(r"""[.!?…]["'”’)\]]*$""")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY_LINE = re.compile(
    rf"""(?ix)^(?:(?:first\s+)?(?:published|posted|date|dated)\W*)?(?:on\s+)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\W+)?
    (?P<day>{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}|\d{{4}}-\d\d-\d\d)
    (?:[\s,|@-]+(?:at\s+)?\d{{1,2}}[:.]\d\d.{{0,20}})?$"""
)
_NAME = r"[A-Z][\w.'’-]++(?:\s++[A-Z][\w.'’-]++){0,3}+"  # possessive: there is one way to cut up a line of names
_BYLINE = re.compile(rf"^(?:By|BY|Written by|Reported by)\s++({_NAME}(?:\s*+(?:,|and\b|&)\s*+{_NAME})*+)\s*+$")
_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "and",
        "for",
        "on",
        "with",
        "at",
        "by",
        "from",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "it",
        "its",
        "that",
        "this",
        "not",
        "over",
        "after",
        "us",
        "we",
        "you",
        "our",
        "your",
        "more",
        "all",
    ]
)


def _lines(text: str) -> list[str]:
    """Returns paragraphs as lines. Hard-wrapped lines are joined; blank lines separate paragraphs."""
    raw = [squeeze(line) for line in text.split("\n")]
    full = [line for line in raw if line]
    wrapped = [a for a, b in zip(raw, raw[1:]) if a and b]
    broken = [a for a, b in zip(raw, raw[1:]) if a and b and 40 < len(a) < 100 and not _END.search(a)]
    if len(wrapped) < 3 or len(broken) < 0.6 * len(wrapped):
        return full
    joined: list[str] = []
    before = ""
    for line in raw:
        if line and before and len(before) > 40:
            joined[-1] += " " + line
        elif line:
            joined.append(line)
        before = line
    return joined


def _prose(line: str) -> bool:
    words = len(line.split())
    return words >= 25 or words >= 7 and _END.search(line) is not None


def _sentence(line: str) -> bool:
    """Whether a line is a sentence, however short. Used if it is all that there is of a text."""
    return len(line.split()) >= SHORTEST and _END.search(line) is not None


def _alike(a: str, b: str) -> bool:
    return _shared(set(a.split()), set(b.split()))


def _shared(x: AbstractSet[str], y: AbstractSet[str]) -> bool:
    return min(len(x), len(y)) >= 3 and len(x & y) >= 0.6 * min(len(x), len(y))


def _again(line: str, short: list[tuple[frozenset[str], int]]) -> int:
    """Returns how many other lines nearly repeat a line, at most `ENOUGH`. `short` has the words of the candidate
    lines, each with its frequency.
    """
    words, count = set(line.split()), -1  # it matches itself
    for other, times in short:
        if count >= ENOUGH:
            break
        count += times * _shared(words, other)
    return max(0, min(count, ENOUGH))


def clean(text: str) -> tuple[str | None, list[str], str | None, str | None]:
    """Returns title, paragraphs, byline and stated day of a scraped text."""
    lines = _lines(text)
    folded = [fold(line) for line in lines]
    times = Counter(f for f in folded if f)
    byline = day = None
    special: set[int] = set()
    first_prose = next((i for i, line in enumerate(lines) if _prose(line) and times[folded[i]] == 1), len(lines))
    for i, line in enumerate(lines):
        if match := _DAY_LINE.match(line):
            special.add(i)
            if i <= first_prose + 1:
                day = day or match["day"]
        elif (match := _BYLINE.match(line)) and i <= first_prose + 2:
            byline = byline or match[1].strip()
            special.add(i)
    counted = Counter(f for f in folded if 3 <= len(f.split()) <= 40)
    short = [(frozenset(f.split()), n) for f, n in islice(counted.items(), COMPARED)]
    # A line near the top that is repeated and shares words with the text is the headline, however it ends.
    body_words = Counter(
        w for i, f in enumerate(folded) if i >= first_prose for w in set(f.split()) if w not in _COMMON
    )
    best, title = 0.0, None
    for i in range(min(first_prose + 1, len(lines), TOP)):
        words = folded[i].split()
        if i in special or not 3 <= len(words) <= 40 or (i == first_prose and times[folded[i]] == 1):
            continue
        shared = sum(w in body_words for w in words if w not in _COMMON) / max(1, sum(w not in _COMMON for w in words))
        again = _again(folded[i], short)
        score = shared + again * 0.5 + (0.2 if len(words) >= 5 else 0)
        if score > best and (shared >= 0.3 or again):
            best, title = score, i
    headline = folded[title] if title is not None else ""
    paragraphs: list[str] = []
    kept: set[str] = set()
    for i, line in enumerate(lines):
        if i in special or i == title or not folded[i]:
            continue
        if headline and (
            folded[i] == headline or len(folded[i].split()) <= 40 and i < first_prose and _alike(folded[i], headline)
        ):
            continue
        if i < first_prose:
            continue
        if times[folded[i]] > 1 and (not _prose(line) or folded[i] in kept):
            continue
        paragraphs.append(line)
        kept.add(folded[i])
    return (lines[title] if title is not None else None), _without_labels(paragraphs), byline, day


def _without_labels(paragraphs: list[str]) -> list[str]:
    """Removes short lines at the end, and short lines in between that are not headings of what follows."""
    while paragraphs and not _prose(paragraphs[-1]) and not _END.search(paragraphs[-1]):
        paragraphs = paragraphs[:-1]
    words = Counter(w for p in paragraphs for w in set(fold(p).split()) if w not in _COMMON)
    kept = []
    for i, line in enumerate(paragraphs):
        if _prose(line) or _END.search(line) and len(line.split()) > 2 or line[:1] in "“\"'‘-•":
            kept.append(line)
            continue
        mine = [w for w in fold(line).split() if w not in _COMMON]
        told = sum(words[w] > 1 for w in mine)
        after = i + 1 < len(paragraphs) and _prose(paragraphs[i + 1])
        if len(mine) >= 2 and told >= 0.5 * len(mine) and after:
            kept.append(line)
    return kept


def read_plain(data: bytes, name: str, url: str | None = None) -> Draft:
    """Returns the article of a text file. Raises `PageError` if there is none."""
    text = decode(data)
    if len(text) > LONGEST_TEXT:
        raise PageError(
            name, f"too large: {len(text):,} characters of text, at most {LONGEST_TEXT:,} are read as one article"
        )
    title, paragraphs, byline, day = clean(text)
    if not paragraphs and len(lines := _lines(text)) == 1 and _sentence(lines[0]):
        title, paragraphs = None, lines
    if not paragraphs:
        raise PageError(name, "no article found in this text: no line of it is prose")
    return Draft(
        title,
        tuple(paragraphs),
        "text",
        hashlib.sha256(data).hexdigest(),
        len(data),
        url=url,
        byline=byline,
        published=day,
        basis="stated" if day else None,
        furniture=besides(_lines(text), [*paragraphs, title or ""]),
        name=name,
    )
