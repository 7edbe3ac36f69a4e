"""Times: expressions to TIMEX3 values and days, and the page's own date where it states none."""

from __future__ import annotations

import bisect
import re
from datetime import date

from ..reading import Reading
from ..schema import Published, Time
from .grammar import Anchor, Tense, expressions

__all__ = ["Anchor", "anchor_of", "inferred", "parse_day", "times_of"]

_DATELINE = re.compile(
    r"^\s*+[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{2,40}(?:,\s{0,4}[\w .'’-]{2,30})?[,;]?\s{0,4}\(?((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s{1,4}\d{1,2}|\d{1,2}\s{1,4}(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)(?:,?\s{1,4}((?:19|20)\d\d))?\)?\s{0,4}(?:\([\w/ .-]{2,30}\)|/?[\w ]{2,20}/)?\s{0,4}(?:--|—|–|-|:|_)"
)


_AHEAD = frozenset("plan schedule expect intend aim prepare due set slate agree".split())


def anchor_of(published: Published | None) -> Anchor:
    if published is None:
        return Anchor(None, None)
    return Anchor(date.fromisoformat(published.from_), date.fromisoformat(published.to))


def parse_day(text: str) -> tuple[str, str] | None:
    """First and last day that a stated date covers, or `None` where it is none or could be two days."""
    match = re.match(r"\s*(\d{4})-(\d\d)-(\d\d)(?:\D|$)", text)
    if match:
        try:
            day = date(*map(int, match.groups()))
        except ValueError:
            return None
        return day.isoformat(), day.isoformat()
    if match := re.fullmatch(r"\s*(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?\s*", text):
        try:
            day = date(*map(int, match.groups()))
        except ValueError:
            return None
        return day.isoformat(), day.isoformat()
    if match := re.match(r"\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b", text):
        a, b, year = map(int, match.groups())
        options = {(m, d) for m, d in ((a, b), (b, a)) if m <= 12 and d <= 31}
        if len(options) == 1:
            month, number = options.pop()
            try:
                day = date(year, month, number)
            except ValueError:
                return None
            return day.isoformat(), day.isoformat()
        return None
    for found in expressions(text, Anchor(None, None), lambda _: "past"):
        if found.first and found.last and found.type in ("DATE", "TIME"):
            return found.first.isoformat(), found.last.isoformat()
    return None


def dateline(text: str) -> tuple[int, int] | None:
    """Where the day stands in a dateline such as "BEIJING, March 23 (Xinhua) —" at the start of a paragraph."""
    match = _DATELINE.match(text)
    return (match.start(1), match.end(2) if match[2] else match.end(1)) if match else None


def inferred(text: str) -> Published | None:
    """The year an undated text was written in, where it says so: something of a year it names was told "last year".

    "The first ten months of 2020" beside "late last year" in one sentence was written in 2021. Nothing is concluded from less.
    """
    votes: dict[int, int] = {}
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        low = sentence.lower()
        years = [int(y) for y in re.findall(r"(?<![\d$.,])((?:19|20)\d\d)(?![\d%])", sentence)]
        if years and re.search(r"\blast year\b", low):
            votes[max(years) + 1] = votes.get(max(years) + 1, 0) + 1
        elif years and re.search(r"\bthis year\b", low) and len(set(years)) == 1:
            votes[years[0]] = votes.get(years[0], 0) + 1
    every = [int(y) for y in re.findall(r"(?<![\d$.,])((?:19|20)\d\d)(?![\d%])", text)]
    if len(votes) == 1 and every:
        year = next(iter(votes))
        if max(y for y in every if y <= year) <= year:
            return Published(f"{year}-01-01", f"{year}-12-31", "inferred")
    return None


def _tenses(reading: Reading) -> list[Tense]:
    """The tense that governs each word: that of the nearest verb above it."""
    found: list[Tense] = []
    for word in reading.words:
        node, tense = word.index, None
        for _ in range(30):
            w = reading.words[node]
            if w.upos in ("VERB", "AUX"):
                aux = {reading.words[c].text.lower() for c in reading.dependents(node, "aux", "cop")}
                above = reading.words[w.head]
                if (
                    aux & {"will", "would", "shall", "'ll", "’ll", "wo"}
                    or "VerbForm=Inf" in w.feats
                    and w.rel in ("xcomp", "acl")
                    and above.lemma in _AHEAD
                ):
                    tense = "future"
                elif "Tense=Past" in w.feats or aux & {"had", "has", "have", "was", "were", "did", "been"}:
                    tense = "past"
                elif "Tense=Pres" in w.feats or "VerbForm=Fin" in w.feats:
                    tense = "present"
                if tense:
                    break
            if w.head == node:
                break
            node = w.head
        found.append(tense or "past")  # type: ignore[arg-type]
    return found


def times_of(reading: Reading, anchor: Anchor) -> tuple[Time, ...]:
    """Every time expression of the article with its value and days."""
    tenses = _tenses(reading)
    starts = [w.start for w in reading.words]

    def tense(position: int) -> Tense:
        at = bisect.bisect_right(starts, position) - 1
        return tenses[at] if 0 <= at < len(tenses) else "past"

    seen = [(*reading.span(c.start, c.end), c.type) for c in reading.times]
    found = []
    for e in expressions(reading.text, anchor, tense, seen):
        found.append(
            Time(
                reading.text[e.start : e.end],
                e.start,
                e.end,
                e.type,
                e.value,
                e.first.isoformat() if e.first else None,
                e.last.isoformat() if e.last else None,
            )
        )  # type: ignore[arg-type]
    return tuple(found)
