"""Which words stand between quotation marks."""

from __future__ import annotations

from ..reading import Reading

_OPEN = {"“": "”", "«": "»", "„": "“", "``": "''", "‘": "’"}
LONGEST_QUOTATION = 400  # words; a quotation that is never closed ends with its paragraph, and at the latest here


def quoted(reading: Reading) -> list[int]:
    """For each word 0 outside quotation marks, else the number of its quotation; the marks themselves belong to it.

    A quotation that is not closed before its paragraph ends, and that the next one does not open again, is a mark lost
    and no quotation.
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
    """Whether a single quotation mark is closed within its paragraph by one that is no apostrophe."""
    for i in range(start + 1, min(len(reading.words), start + 60)):
        if "\n\n" in reading.text[reading.words[i - 1].end : reading.words[i].start]:
            return False
        if reading.words[i].text == closing:
            return True
    return False


def runs(marks: list[int]) -> list[tuple[int, int]]:
    """Stretches of words within one quotation."""
    found: list[tuple[int, int]] = []
    for i, mark in enumerate(marks):
        if mark > 0 and (not found or found[-1][1] != i or marks[i - 1] != mark):
            found.append((i, i + 1))
        elif mark > 0:
            found[-1] = (found[-1][0], i + 1)
    return found
