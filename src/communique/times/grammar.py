"""Finds the time expressions of a text with the forms of `days`, `periods` and `lengths`.

A form combines units, counts, shifts and anchors into a stretch of the calendar. Patterns are built from the same few
parts (`words`). So "two weeks ago", "early last year" and "the first ten months of 2020" are compositions, not table
entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from . import calendar as cal
from . import periods  # noqa: F401  (importing it registers its forms)
from .calendar import UNITS
from .days import day_month
from .forms import DOUBTFUL, FORMS, NO_TIME, Anchor, Expression, Meaning, Rule, Tense, dated, day_of, expression
from .lengths import AGE
from .relative import in_turn
from .words import COUNT, PARTS, UNIT, YEAR, length, number


def _matches(text: str, tagged: list[tuple[int, int, str]] | None) -> list[tuple[re.Match[str], Rule]]:
    """Returns what the forms match, the longest first. A doubtful form counts only where it overlaps an expression of
    the model.
    """
    likely = bytearray(len(text))
    for start, end, _ in tagged or ():
        likely[start:end] = b"\1" * (end - start)
    found: list[tuple[int, int, int, re.Match[str], Rule]] = []
    for rank, (pattern, rule) in enumerate(FORMS):
        for m in pattern.finditer(text):
            if tagged is None or rule not in DOUBTFUL or any(likely[m.start() : m.end()]):
                found.append((m.start() - m.end(), rank, m.start(), m, rule))
    found.sort(key=lambda f: f[:3])  # longest first, then the earlier form
    return [(m, rule) for *_, m, rule in found]


def expressions(
    text: str,
    anchor: Anchor,
    tense: Callable[[int], Tense],
    seen: Iterable[tuple[int, int, str]] | None = None,
    here: Callable[[int], Anchor] | None = None,
) -> list[Expression]:
    """Returns every time expression of a text in order, the longest if several begin together or overlap.

    `tense` gives the tense of the verb above a position. `seen` has the expressions that the model found, as `(start,
    end, type)` in characters, or is `None` if no model has read the text. They need no form of their own, and doubtful
    forms count only where they overlap one. `here` gives the anchor of a position if the text has several, as live
    reports do.
    """
    tagged = list(seen or ())
    anchor = _ordered(text, anchor)
    at = here or (lambda _: anchor)
    taken = bytearray(len(text))
    kept: list[Expression] = []

    def keep(e: Expression) -> None:
        taken[e.start : e.end] = b"\1" * (e.end - e.start)
        kept.append(e)

    for m, rule in _matches(text, None if seen is None else tagged):
        start, end = m.span()
        if any(taken[start:end]):
            continue
        try:
            kind, value, stretch = rule(m, at(start), tense(start))
        except (ValueError, OverflowError):
            kind, value, stretch = "DATE", None, None
        if not kind:
            continue
        if kind == NO_TIME[0]:
            taken[start:end] = b"\1" * (end - start)
            continue
        group = m.group()
        while group.endswith(("'s", "’s")):
            group, end = group[:-2], end - 2
        keep(expression(start, end, kind, value, stretch))
        if rule is day_month:
            for more in _further_days(text, kept[-1]):
                keep(more)
    for start, end, kind in tagged:
        if not any(taken[start:end]):
            if AGE.match(text, end) or text[start:end].lower() == "second":
                continue
            kind, value, stretch = composed(text[start:end], kind, at(start))
            if value is None:
                continue  # a fragment of an expression
            kept.append(expression(start, end, kind, value, stretch))
    kept.sort(key=lambda e: e.start)
    return in_turn(kept, at)


_FURTHER = re.compile(
    r"(?:,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)([12]\d|3[01]|[1-9])(?:st|nd|rd|th)?(?![\w%:/-]|[.,]\d|\s+[a-zA-Z])"
)


def _further_days(text: str, day_: Expression) -> Iterable[Expression]:
    """Yields the other days of "April 24 and 25"."""
    if day_.first is None or not re.search(r"\d(?:st|nd|rd|th)?$", text[day_.start : day_.end]):
        return
    if re.search(rf"(?:\W|^){YEAR}$", text[day_.start : day_.end]):
        return
    at, last = day_.end, day_.first
    while m := _FURTHER.match(text, at):
        stretch = day_of(last.year, last.month, m[1])
        if stretch is None or stretch.first <= last:
            return
        yield expression(m.start(1), m.end(), "DATE", stretch.value, stretch)
        at, last = m.end(), stretch.first


_TWO_FIGURES = re.compile(rf"(?<![\w/.-])(\d{{1,2}})([/-])(\d{{1,2}})\2(?:{YEAR}|\d\d)(?![\w/-])")


def _ordered(text: str, anchor: Anchor) -> Anchor:
    """Returns the anchor with the order of days in figures. What the text itself shows overrides the custom of its
    country.
    """
    votes = {
        "day first" if int(m[1]) > 12 else "month first"
        for m in _TWO_FIGURES.finditer(text)
        if (12 < int(m[1]) <= 31) != (12 < int(m[3]) <= 31) and min(int(m[1]), int(m[3])) <= 12
    }
    if len(votes) != 1:
        return anchor
    return Anchor(anchor.first, anchor.last, "day first" if "day first" in votes else "month first")


_LOOSE = re.compile(
    rf"(?i)\b(?P<u>{UNIT}|morning|afternoon|evening|night|summer|winter|spring|autumn|term|period|moment"
    r"|date|time)(?P<many>s)?\b"
)
_FORWARD = re.compile(r"(?i)\b(?:coming|next|later|future|ahead|short|long|upcoming)\b")
_BACK = re.compile(r"(?i)\b(?:past|earlier|previous|ago|former|recent|early|old)\b")
_COUNTED = re.compile(r"(?i)\b(?:first|second|third|\w+th)\s+(?:consecutive|straight|successive)\b")
"""What counts how often something came, as the third consecutive month does."""


def composed(text: str, kind: str, anchor: Anchor) -> Meaning:
    """Returns the meaning of an expression without a form of its own, from the words in it: a unit, a count, a
    direction ("eight trading days", "the full year").
    """
    if century := re.search(r"(?i)\b(\d{1,2})(?:st|nd|rd|th) century", text):
        return dated(cal.century(100 * (int(century[1]) - 1)))
    loose = _LOOSE.search(text)
    if loose is None or _COUNTED.search(text):
        return kind, None, None
    unit = loose["u"].lower().replace("centurie", "century")
    count = next(
        (
            n
            for w in re.finditer(rf"\b{COUNT}\b", text[: loose.start()], re.I)
            if w.group().lower() not in ("a", "an") and (n := number(w.group()))
        ),
        None,
    )
    if unit not in UNITS:
        part = PARTS.get(unit)
        if part and anchor.day:
            return "TIME", anchor.day.isoformat() + part, cal.day(anchor.day)
        return (
            "DATE",
            "FUTURE_REF"
            if _FORWARD.search(text)
            else "PAST_REF"
            if _BACK.search(text)
            else "PRESENT_REF"
            if unit == "moment"
            else None,
            None,
        )
    if count is not None:
        return "DURATION", length(count, unit), None
    if loose["many"]:
        if _FORWARD.search(text) and kind != "DURATION":
            return "DATE", "FUTURE_REF", None
        return "DURATION", length(None, unit), None
    if kind in ("DURATION", "SET"):
        return kind, length(1, unit), None
    if unit in ("second", "minute", "hour"):
        return kind, None, None  # "last-minute"
    return "DATE", f"@0 {unit} or now", None
