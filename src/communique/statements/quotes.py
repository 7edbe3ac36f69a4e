"""The words between quotation marks."""

from __future__ import annotations

from ..reading import Reading

_OPEN = {"“": "”", "«": "»", "„": "“", "``": "''", "‘": "’"}
LONGEST_QUOTATION = 400  # words after which a quotation without a closing mark is given up


def quoted(reading: Reading) -> list[int]:
    """Returns for each word the number of its quotation, 0 outside quotation marks. The marks belong to the quotation.

    An opening mark does not count if its paragraph does not close it and the next paragraph does not open again: the
    closing mark is lost.
    """
    found = [0] * len(reading.words)
    number, closing, begun = 0, "", 0
    for i, word in enumerate(reading.words):
        gap = reading.text[reading.words[i - 1].end : word.start] if i else ""
        mark = word.text
        if closing and ("\n\n" in gap or i - begun > LONGEST_QUOTATION):
            if mark not in _OPEN and mark not in ('"', "''"):  # a quotation that goes on opens again
                found[begun:i] = [0] * (i - begun)
            closing = ""
        if closing:
            found[i] = number
            if mark == closing or (closing == "”" and mark == '"'):
                closing = ""
        elif mark in _OPEN or mark == '"' or (mark in ("”", "''") and (gap or not i)):
            following = i + 1 < len(reading.words) and reading.words[i + 1].start == word.end
            if mark in ("”", "‘", "''") and not following:
                continue
            number += 1
            found[i], begun = number, i
            closing = _OPEN.get(mark, mark if mark == "''" else '"')
            if mark == "‘" and not _closes(reading, i, closing):
                closing, found[i] = "", 0
    if closing:
        found[begun:] = [0] * (len(found) - begun)
    return found


def _closes(reading: Reading, start: int, closing: str) -> bool:
    """Whether a single quotation mark is closed within its paragraph by a separate token, not by an apostrophe."""
    for i in range(start + 1, min(len(reading.words), start + 60)):
        if "\n\n" in reading.text[reading.words[i - 1].end : reading.words[i].start]:
            return False
        if reading.words[i].text == closing:
            return True
    return False


def runs(marks: list[int]) -> list[tuple[int, int]]:
    """Returns first word and end of each quotation; `marks` is the result of `quoted`."""
    found: list[tuple[int, int]] = []
    for i, mark in enumerate(marks):
        if mark > 0 and (not found or found[-1][1] != i or marks[i - 1] != mark):
            found.append((i, i + 1))
        elif mark > 0:
            found[-1] = (found[-1][0], i + 1)
    return found
