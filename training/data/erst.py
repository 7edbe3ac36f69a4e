"""Attributions, days and events in GUM, from its discourse trees (eRST), its markup and its mentions.

The attribution and TimeML corpora do not allow every use; GUM's annotation does. It yields these layers for the weights
trained on open texts only. An attribution is an edge of the discourse tree from the attributing elementary unit to the
attributed one; signals name the words of the source and the cue.
"""

from __future__ import annotations

import re
from typing import Any

from training.data.documents import EVENT_CLASSES, TIME_TYPES, Document

_LONGEST_SOURCE, _LONGEST_QUOTE = 30, 150  # words
_MARKED_TIMES = {"date": "DATE", "time": "TIME"}


def _numbers(signal: str) -> range:
    """Returns the words of a signal such as `121-128`, counted from 0."""
    ends = [int(n) - 1 for n in re.findall(r"\d+", signal)]
    return range(ends[0], ends[-1] + 1) if ends else range(0)


def _units(misc: list[str]) -> tuple[list[int], dict[int, int], list[tuple[int, int, str]]]:
    """Returns the start of each elementary unit, the parent of each unit, and attributions as (attributing unit,
    attributed unit, signals).
    """
    starts, above, attributions = [], {}, []
    for i, told in enumerate(misc):
        match = re.search(r"(?:^|\|)Discourse=([^|]*)", told)
        if not match:
            continue
        unit = len(starts)
        starts.append(i)
        for edge in match[1].split(";"):
            relation, ends, *more = edge.split(":")
            pair = re.fullmatch(r"(\d+)->(\d+)", ends)
            if not pair:
                continue
            above.setdefault(unit, int(pair[2]) - 1)
            if relation.startswith("attribution"):
                attributions.append((unit, int(pair[2]) - 1, more[-1] if more else ""))
    return starts, above, attributions


def _under(unit: int, above: dict[int, int], count: int) -> set[int]:
    """Returns a unit and all its descendants."""
    found = {unit}
    while True:
        more = {u for u in range(count) if above.get(u) in found} - found
        if not more:
            return found
        found |= more


def said(document: Document, misc: list[str]) -> dict[str, list[int]]:
    """Returns source, cue and content of GUM's attributions, and the cue that each word belongs to, in the form of
    PolNeAR's layers.
    """
    n = len(document.words)
    starts, above, attributions = _units(misc)
    ends = [*starts[1:], n]
    sentence, at = [0] * n, -1
    for i, begins in enumerate(document.layers["sent"]):
        at += begins
        sentence[i] = at
    layers: dict[str, list[int]] = {k: [0] * n for k in ("source", "cue", "content")}
    pointer, owner = list(range(n)), [n] * n
    for unit, told, signals in attributions:
        named = re.findall(r"(sem-atsrc|lex-indwd|lex-indph)-([\d,-]+)", signals)
        source = [i for kind, words in named if kind == "sem-atsrc" for i in _numbers(words)]
        cue = [
            i for kind, words in named if kind != "sem-atsrc" for i in _numbers(words) if starts[unit] <= i < ends[unit]
        ]
        if not cue or not source or len(source) > _LONGEST_SOURCE or max(source) >= n:
            continue
        mine = _under(told, above, len(starts)) - _under(unit, above, len(starts)) | {told}
        content = (
            {i for u in mine for i in range(starts[u], ends[u]) if sentence[i] == sentence[starts[told]]}
            - set(source)
            - set(cue)
        )
        content = _unquoted(document.words, content)
        for name, words in (("source", source), ("cue", cue), ("content", sorted(content))):
            for i in words:
                layers[name][i] = layers[name][i] or (2 if i - 1 in words else 1)
                if name != "cue" and len(words) < owner[i]:
                    pointer[i], owner[i] = cue[0], len(words)
    return {**layers, "pointer": pointer}


def _unquoted(words: list[str], content: set[int]) -> set[int]:
    """Returns the content without leading and trailing punctuation. A quotation that continues past its sentence is
    extended to its closing mark.
    """
    if not content:
        return content
    first, last = min(content), max(content)
    straight = [i for i in sorted(content) if words[i] == '"']
    if (
        len(straight) % 2
        and straight[-1] < last - 1
        or sum(words[i] in "“" for i in content) > sum(words[i] in "”" for i in content)
    ):
        close = next(
            (i for i in range(last + 1, min(last + _LONGEST_QUOTE, len(words))) if words[i] in ('"', "”")), None
        )
        if close is not None:
            content = content | set(range(last + 1, close + 1))
    while content and words[max(content)] in (",", ";", "-", "–", "—"):
        content = content - {max(content)}
    while content and words[first] in (",", ";") and first in content:
        content = content - {first}
        first += 1
    return content


def days(misc: list[str], mentions: list[tuple[int, int, int, str, int]]) -> list[int]:
    """Returns time expressions from GUM's markup of dates and hours; -100 (no label) for its other time mentions, which
    have no type.
    """
    time, opened = [0] * len(misc), None
    for _, start, end, kind, _ in mentions:
        if kind == "time":
            time[start:end] = [-100] * (end - start)
    for i, told in enumerate(misc):
        markup = re.search(r"(?:^|\|)XML=([^|]*)", told)
        tags = re.findall(r"<(/?)(\w+)", markup[1]) if markup else []
        begins = [name for shut, name in tags if not shut and name in _MARKED_TIMES]
        opened = begins[0] if begins else opened
        if opened:
            base = 1 + 2 * TIME_TYPES.index(_MARKED_TIMES[opened])
            time[i] = base if begins else base + 1
        if any(shut and name == opened for shut, name in tags):
            opened = None
    return time


def events(document: Document) -> list[int]:
    """Labels verbs and the heads of event mentions as events, and attributing words as REPORTING."""
    layers: dict[str, Any] = document.layers
    heads = {head for head, _, _, kind, _ in layers["mentions"] if kind == "event"}
    found = []
    for i, upos in enumerate(layers["upos"]):
        name = (
            "REPORTING"
            if layers["cue"][i] and upos in ("VERB", "NOUN")
            else "OCCURRENCE"
            if upos == "VERB" or i in heads
            else "none"
        )
        found.append(EVENT_CLASSES.index(name))
    return found
