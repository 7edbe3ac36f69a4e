"""Memoised questions about words that lead to further questions about other words.

Each question is answered once, and every chain of questions ends.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

_CUT = 1 << 30  # the levels needed by an answer that the bound cut short: more than there are


class Walk:
    """Memoised answers to questions that depend on one another, such as who a pronoun refers to or who does the act of
    a noun.

    A question may lead to at most `deepest` others in a row; one level further, the answer is `none`. Cycles therefore
    end by themselves. An answer depends on the question and its level alone, never on who asked first. An answer that
    stayed above the bound is the same at every level that leaves it room, and is stored once. An answer that the bound
    cut short is stored for its level. Every question is therefore worked out at most `deepest` times, and the total is
    linear in the number of questions, even with cycles and branches.
    """

    def __init__(self, deepest: int) -> None:
        self._left = deepest
        self._whole: dict[Hashable, tuple[Any, int]] = {}
        self._cut: dict[tuple[Hashable, int], Any] = {}
        self._needed = [0]  # for each question in progress, the levels that its answer has needed so far

    def __call__(self, question: Hashable, answer: Callable[[], T], none: T) -> T:
        """Returns the answer to a question, from memory if known and by calling `answer` if not; `none` below the
        deepest level.
        """
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
