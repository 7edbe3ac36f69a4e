"""Tokens of a text, by the conventions of Universal Dependencies for English.

Every token is a span of the text; nothing is rewritten. Clitics are words of their own ("do|n't", "Seoul|'s").
Compounds are split at their hyphens unless the first part is a prefix ("two|-|year", "non-aligned"). Abbreviations keep
their dots.
"""

from __future__ import annotations

import re

# Abbreviations that keep their full stop even before a capital letter.
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "ft",
        "sen",
        "rep",
        "gen",
        "col",
        "lt",
        "maj",
        "capt",
        "cmdr",
        "adm",
        "sgt",
        "gov",
        "pres",
        "rev",
        "hon",
        "messrs",
        "mt",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "inc",
        "corp",
        "co",
        "ltd",
        "llc",
        "bros",
        "vs",
        "etc",
        "al",
        "no",
        "jr",
        "sr",
        "fig",
        "vol",
        "pp",
        "ph.d",
        "approx",
        "dept",
        "est",
        "univ",
        "assn",
        "brig",
        "reps",
        "sens",
        "supt",
        "insp",
        "pvt",
        "cpl",
        "hrs",
        "ca",
        "cf",
        "dist",
        "ave",
        "blvd",
    ]
)

# A hyphen after one of these does not split the word.
_PREFIXES = frozenset(
    [
        "non",
        "re",
        "co",
        "pre",
        "mid",
        "pro",
        "ex",
        "post",
        "anti",
        "cross",
        "multi",
        "semi",
        "e",
        "over",
        "mini",
        "pan",
        "self",
        "un",
        "de",
        "sub",
        "inter",
        "ultra",
        "neo",
        "quasi",
        "pseudo",
        "counter",
        "trans",
        "bi",
        "tri",
        "under",
        "intra",
        "extra",
        "super",
        "vice",
        "micro",
        "macro",
        "al",
        "el",
    ]
)
_SPLIT_PREFIXES = {"self", "vice", "counter", "cross", "over", "under", "super", "al", "el"}

_PATTERN = re.compile(
    r"""
    (?P<url>(?:https?://|www\.)[^\s<>"“”]+[^\s<>"“”.,;:!?)\]'’])
  | (?P<mail>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)
  | (?P<handle>[@\#]\w+)
  | (?P<time>\d{1,2}:\d{2}(?::\d{2})?(?!\d))
  | (?P<date>\d{1,4}/\d{1,2}(?:/\d{2,4})?(?![\d/])|\d{4}-\d{2}-\d{2}(?!\d))
  | (?P<amount>\d++(?:[.,]\d+)*+(?=(?:[ap]m|bn|mn|tn|[mk]|km|kg|cm|mm|mph|kph)\b))
  | (?P<number>\d++(?:[.,]\d+)*+(?:st|nd|rd|th|s)?(?![^\W\d_]))
  | (?P<acronym>(?:[^\W\d_]\.){2,}|(?<![^\W\d_])[A-Z]\.(?=\s+[A-Z]))
  | (?P<word>[^\W\d_](?:[\w\u0300-\u036f]|[.](?=[^\W\d_]{2,4}\b(?![.]))|['’ʻ‘](?=[^\W\d_]{2}))*)
  | (?P<mixed>\w+)
  | (?P<dots>\.{2,}|…)
  | (?P<dashes>-{2,}|[–—]+)
  | (?P<marks>[!?]{2,})
  | (?P<quote>``|'')
  | (?P<other>\S)
    """,
    re.VERBOSE,
)
_CLITIC = re.compile(r"(?i)^(.+?)(n['’]t|['’](?:s|re|ve|ll|d|m))$")
_JOINED = {"cannot": 3, "gonna": 3, "wanna": 3, "gotta": 3}
_APOSTROPHE = re.compile(r"(?i)(?:['’](?:s|re|ve|ll|d|m|t)\b)")
_DOMAIN = re.compile(r"(?i)^[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|co|uk|tv|info|io|doc|xls|pdf|txt|html?)$")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"


def _clitics(text: str, start: int, end: int) -> list[tuple[int, int]]:
    word = text[start:end]
    cut = _JOINED.get(word.lower())
    if cut:
        return [(start, start + cut), (start + cut, end)]
    match = _CLITIC.match(word)
    if match and match.end(1) > 0:
        return [(start, start + match.end(1)), (start + match.end(1), end)]
    return [(start, end)]


def _raw(text: str) -> list[tuple[int, int, str]]:
    """Returns matches of the pattern. Apostrophes and full stops go to the words they belong to."""
    pieces: list[tuple[int, int, str]] = []
    position, size = 0, len(text)
    while position < size:
        match = _PATTERN.search(text, position)
        if match is None:
            break
        start, end, kind = match.start(), match.end(), match.lastgroup or "other"
        word = text[start:end]
        if word in _INVISIBLE and len(word) == 1:
            position = end
            continue
        if kind == "word":
            if "." in word and not _DOMAIN.match(word):
                end = start + word.index(".")
                word = text[start:end]
            rest = _APOSTROPHE.match(text, end)
            if rest and rest.group()[1:].lower() == "t" and not word.lower().endswith("n"):
                rest = None
            if rest:
                end = rest.end()
            elif (
                end < size
                and text[end] == "."
                and word.lower() in _ABBREVIATIONS
                and (word.lower() != "no" or text[end + 1 : end + 3].strip().isdigit())
            ):
                end += 1
        elif kind == "mixed":
            rest = _APOSTROPHE.match(text, end)
            if rest:
                end = rest.end()
        pieces.append((start, end, kind))
        position = end
    return pieces


def tokenise(text: str) -> list[tuple[int, int]]:
    """Returns the spans of the text's tokens, in order, as `(start, end)` in characters."""
    pieces = _raw(text)
    tokens: list[tuple[int, int]] = []
    i, n = 0, len(pieces)
    while i < n:
        start, end, kind = pieces[i]
        word = text[start:end]
        following = i + 2 < n and pieces[i + 1][0] == end and text[end] in "-‐‑" and pieces[i + 2][0] == end + 1
        if kind in ("word", "mixed") and following and pieces[i + 2][2] in ("word", "mixed", "number"):
            low = word.lower()
            if low in _PREFIXES and low not in _SPLIT_PREFIXES and pieces[i + 1][1] == end + 1:
                pieces[i + 2] = (start, pieces[i + 2][1], "word")
                i += 2
                continue
        if kind == "word" or kind == "mixed":
            tokens.extend(_clitics(text, start, end))
        else:
            tokens.append((start, end))
        i += 1
    return tokens


SHAPES = ("lower", "title", "upper", "mixed", "digit", "punct", "other", "initial")


def shape(word: str) -> int:
    """Returns the case of a word as an index into `SHAPES`, since the encoder's vocabulary has no case."""
    if word.islower():
        return 0
    if word.isupper():
        return 7 if sum(map(str.isalpha, word)) == 1 else 2
    if word.istitle():
        return 1
    if any(map(str.isalpha, word)):
        return 3
    if any(map(str.isdigit, word)):
        return 4
    return 5 if not any(map(str.isalnum, word)) else 6


_BOUNDARY = re.compile(r"""[.!?…]["'”’)\]]*+$""")


def safe_breaks(text: str, tokens: list[tuple[int, int]], paragraphs: list[tuple[int, int]]) -> list[int]:
    """Returns indices of tokens at which the text may be cut into blocks without cutting a sentence.

    These are paragraph starts, and tokens after closing punctuation that do not begin with a lower-case letter. The
    model decides where sentences begin. This function decides only where to cut the text for it.
    """
    starts = {start for start, _ in paragraphs}
    breaks = [0]
    for i in range(1, len(tokens)):
        start, end = tokens[i]
        before_start, before_end = tokens[i - 1]
        gap = text[before_end:start]
        if start in starts or "\n\n" in gap:
            breaks.append(i)
        elif gap and _BOUNDARY.search(text[max(before_start - 2, 0) : before_end]):
            before = text[before_start:before_end]
            if before[-1] == "." and len(before) > 1:
                continue
            if not text[start:end][0].islower():
                breaks.append(i)
    return breaks
