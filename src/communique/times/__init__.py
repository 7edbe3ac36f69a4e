"""Times: expressions to TIMEX3 values and days; the page's stated date, or its year inferred if it states none."""

from __future__ import annotations

import bisect
import re
from calendar import monthrange
from datetime import date

from ..reading import Reading
from ..schema import Published, Time
from .forms import Anchor, Order, Tense, order_of
from .grammar import expressions

__all__ = ["Anchor", "Order", "anchor_of", "dateline", "inferred", "order_of", "parse_day", "times_of"]

_DAY = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(?:\D|$)")
_COMPACT = re.compile(r"\s*(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?\s*")
_MONTH = re.compile(r"\s*(\d{4})-(\d\d)\s*")
_DATELINE = re.compile(
    r"^\s*+[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{2,40}(?:,\s{0,4}[\w .'’-]{2,30})?[,;]?\s{0,4}\(?"
    r"((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s{1,4}\d{1,2}"
    r"|\d{1,2}\s{1,4}(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)"
    r"(?:,?\s{1,4}((?:19|20)\d\d))?\)?\s{0,4}(?:\([\w/ .-]{2,30}\)|/?[\w ]{2,20}/)?\s{0,4}(?:--|—|–|-|:|_)"
)


_AHEAD = frozenset(
    "plan schedule expect intend aim prepare due set slate agree promise vow pledge threaten hope propose".split()
)


def anchor_of(published: Published | None, order: Order | None = None) -> Anchor:
    """Returns what relative expressions are relative to. `order` is the usual order of day and month in figures where
    the page comes from.
    """
    if published is None:
        return Anchor(None, None, order)
    return Anchor(date.fromisoformat(published.from_), date.fromisoformat(published.to), order)


def parse_day(text: str, order: Order | None = None) -> tuple[str, str] | None:
    """Returns the first and last day that a stated date covers, or `None` if it is no date or could be two days."""
    try:
        if match := _DAY.match(text) or _COMPACT.fullmatch(text):
            first = last = date(*map(int, match.groups()))
            return first.isoformat(), last.isoformat()
        if match := _MONTH.fullmatch(text):
            first = date(int(match[1]), int(match[2]), 1)
            last = first.replace(day=monthrange(first.year, first.month)[1])
            return first.isoformat(), last.isoformat()
    except ValueError:
        return None
    for found in expressions(text, Anchor(None, None, order), lambda _: "past"):
        if found.first and found.last and found.type in ("DATE", "TIME"):
            return found.first.isoformat(), found.last.isoformat()
    return None


def dateline(text: str) -> tuple[int, int] | None:
    """Returns the span of the day in a dateline such as "BEIJING, March 23 (Xinhua) —" at the start of a paragraph."""
    match = _DATELINE.match(text)
    return (match.start(1), match.end(2) if match[2] else match.end(1)) if match else None


def inferred(text: str) -> Published | None:
    """Returns the year an undated text was written in, or `None` if the text does not show it.

    A sentence that names a year and says "last year" was written in the year after: "the first ten months of 2020"
    beside "late last year" was written in 2021. A sentence that says "this year" and names a single year was written in
    that year. All such sentences must agree. Nothing is concluded from less.
    """
    votes: dict[int, int] = {}
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        low = sentence.lower()
        years = [int(y) for y in re.findall(r"(?<![\d$.,])((?:19|20)\d\d)(?![\d%])", sentence)]
        if years and re.search(r"\blast year\b", low):
            votes[max(years) + 1] = votes.get(max(years) + 1, 0) + 1
        elif years and re.search(r"\bthis year\b", low) and len(set(years)) == 1:
            votes[years[0]] = votes.get(years[0], 0) + 1
    if len(votes) == 1:
        year = next(iter(votes))
        return Published(f"{year}-01-01", f"{year}-12-31", "inferred")
    return None


_AUXILIARIES_AHEAD = frozenset(("will", "would", "shall", "'ll", "’ll", "wo"))
_POSSIBLE = frozenset(("may", "might", "could", "can", "should", "must"))
_SENSED = frozenset("hear see feel smell find understand remember tell".split())  # "they could hear shots on Monday"
_DENYING = frozenset(("not", "n't", "n’t", "never", "neither", "nor", "no", "none", "nobody"))
_BEING = frozenset(("is", "are", "was", "were", "been", "be"))
_PLANNED = frozenset("plan schedule expect slate".split())


def _tense_of(reading: Reading, node: int) -> Tense | None:
    """Returns the tense of a verb as far as its own words show it; "due" is future."""
    w = reading.words[node]
    if w.lemma == "due" and w.upos == "ADJ":
        return "future"
    if w.upos not in ("VERB", "AUX") and not reading.dependents(node, "cop"):
        return None
    aux = {reading.words[c].text.lower() for c in reading.dependents(node, "aux", "cop", "aux:pass")}
    above = reading.words[w.head]
    relation = w.relation
    if aux & {"would", *_POSSIBLE} and "have" in aux:
        return "past"
    if aux & _AUXILIARIES_AHEAD:
        return "future"
    if aux & _POSSIBLE and w.lemma not in _SENSED:
        start = max(reading.sentence_of(node)[0], node - 12)
        denied = any(reading.words[k].text.lower() in _DENYING for k in range(start, node))
        if not (denied and "could" in aux):  # "could not reach the town on Monday" is about the past
            return "future"
    if "VerbForm=Inf" in w.feats and (
        aux & {"is", "are", "am", "was", "were"}  # "is to meet on Tuesday"
        or relation in ("xcomp", "acl")
        and above.lemma in _AHEAD
        or relation == "acl"
        and "be" in aux
    ):
        return "future"
    if w.lemma in _PLANNED and (w.lemma in ("plan", "schedule") or aux & _BEING):
        return "future"  # "was scheduled for Monday", "planned a march on Saturday"
    if "Tense=Past" in w.feats or aux & {"had", "has", "have", "was", "were", "did", "been"}:
        return "past"
    if "Tense=Pres" in w.feats or "VerbForm=Fin" in w.feats or aux & {"is", "are", "am"}:
        return "present"
    return None


def _tense_over(reading: Reading, word: int) -> Tense:
    """Returns the tense that governs a word: that of the nearest verb above it."""
    node = word
    for _ in range(12):
        tense = _tense_of(reading, node)
        if tense:
            return tense
        if reading.words[node].head == node:
            break
        node = reading.words[node].head
    return "past"


def times_of(reading: Reading, published: Published | None, order: Order | None = None) -> tuple[Time, ...]:
    """Returns every time expression of the article with its value and days. `order` is the usual order of day and month
    in figures where the page comes from.
    """
    anchor = anchor_of(published, order)
    posts = published.posts if published else ()

    def here(position: int) -> Anchor:
        assert published is not None
        return anchor_of(published.at(position), order)

    starts = [w.start for w in reading.words]

    def tense(position: int) -> Tense:
        at = bisect.bisect_right(starts, position) - 1
        return _tense_over(reading, at) if 0 <= at < len(starts) else "past"

    seen = [(*reading.span(c.start, c.end), c.type) for c in reading.times]
    return tuple(
        Time(
            reading.text[e.start : e.end],
            e.start,
            e.end,
            e.type,  # type: ignore[arg-type]
            e.value,
            e.first.isoformat() if e.first else None,
            e.last.isoformat() if e.last else None,
        )
        for e in expressions(reading.text, anchor, tense, seen, here if posts else None)
    )
