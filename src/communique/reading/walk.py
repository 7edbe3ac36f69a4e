"""Questions about words that lead to further questions about other words: each is answered once, and no chain of them
is endless.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

_CUT = 1 << 30  # the levels that an answer needs which a bound has cut short: more than there are


class Walk:
    """Answers to questions that ask one another, such as whom a pronoun means or whose act a noun tells.

    A question may lead to at most `deepest` others in a row; one level further the answer is `none`. So a cycle ends by
    itself. An answer depends on the question and on its level alone, never on who asked first: an answer that stayed
    above the bound is the same at every level that leaves it room, and is kept once; one that the bound cut short is
    kept for its level. Every question is therefore worked out at most `deepest` times, which makes the whole linear in
    the number of questions, whatever cycles and branches there are.
    """

    def __init__(self, deepest: int) -> None:
        self._left = deepest
        self._whole: dict[Hashable, tuple[Any, int]] = {}
        self._cut: dict[tuple[Hashable, int], Any] = {}
        self._needed = [0]  # of each question that is being answered, the levels that its answer needed so far

    def __call__(self, question: Hashable, answer: Callable[[], T], none: T) -> T:
        """What `answer` gives for a question, from memory where it is known; `none` below the deepest level."""
        left = self._left
        whole = self._whole.get(question)
        value: T
        if whole is not None and whole[1] <= left:
            value, needed = whole
        elif left == 0:
            value, needed = none, _CUT
        elif (question, left) in self._cut:
            value, needed = self._cut[question, left], _CUT
        else:
            self._left = left - 1
            self._needed.append(0)
            try:
                value = answer()
            finally:
                self._left = left
                needed = min(self._needed.pop() + 1, _CUT)
            if needed < _CUT:
                self._whole[question] = value, needed
            else:
                self._cut[question, left] = value
        self._needed[-1] = max(self._needed[-1], needed)
        return value
