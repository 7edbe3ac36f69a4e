"""Counts words and numbers in the code of the reading packages: such knowledge belongs in the model.

A word list is a collection, or a string that is split, of four or more lower-case words; labels of Universal
Dependencies do not count as words. Words of patterns are the alternatives of a regular expression. A bare threshold is
an unnamed number in a comparison: a named constant can carry the reason for its value.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("events", "parties", "statements", "times", "pages")
LEAST = 4  # words in a list; fewer are a case distinction
PLAIN = (-1, 0, 1, 2)  # numbers that mean "none", "one", "a pair" and need no reason
RELATIONS = frozenset(
    """acl advcl advmod amod appos aux case cc ccomp clf compound conj cop csubj dep det discourse dislocated expl fixed
    flat goeswith iobj list mark nmod nsubj nummod obj obl orphan parataxis pass poss prt punct relcl reparandum root
    vocative xcomp""".split()
)
_WORD = re.compile(r"[a-zß-ÿ][a-zß-ÿ'’ -]*")
_ALTERNATIVE = re.compile(r"(?<=[|(:])[A-Za-z][a-z]{2,}(?=[|)?])")


def _is_word(text: object) -> bool:
    return isinstance(text, str) and bool(_WORD.fullmatch(text)) and text not in RELATIONS


def _lists(node: ast.AST) -> list[str]:
    """Returns the words of a word list that begins at this node, or none."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        words = [e.value for e in node.elts if isinstance(e, ast.Constant)]
    elif isinstance(node, ast.Dict):
        words = [k.value for k in node.keys if isinstance(k, ast.Constant)]
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "split"
        and isinstance(node.func.value, ast.Constant)
    ):
        words = re.split(r"[\s|;]+", str(node.func.value.value).strip())
    else:
        return []
    kept = [w for w in words if _is_word(w)]
    return kept if len(kept) >= LEAST else []


def _thresholds(node: ast.AST) -> int:
    """Returns the number of bare numbers in a comparison."""
    if not isinstance(node, ast.Compare):
        return 0
    sides = [node.left, *node.comparators]
    sides = [s.operand if isinstance(s, ast.UnaryOp) else s for s in sides]
    numbers = [s.value for s in sides if isinstance(s, ast.Constant) and type(s.value) in (int, float)]
    return sum(n not in PLAIN for n in numbers)


def _counts(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if words := _lists(node):
            yield "word lists", 1
            yield "words in lists", len(words)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "|" in node.value:
            yield "words in patterns", len(_ALTERNATIVE.findall(node.value))
        yield "bare thresholds", _thresholds(node)


def count(text: str) -> Counter[str]:
    """Returns the counts of one module's source."""
    found: Counter[str] = Counter()
    for what, n in _counts(ast.parse(text)):
        found[what] += n
    return found


def literals() -> dict[str, int]:
    """Returns the counts of each package, by `package: what`."""
    found = {}
    for package in PACKAGES:
        total: Counter[str] = Counter()
        for path in sorted((ROOT / "src" / "communique" / package).rglob("*.py")):
            total += count(path.read_text("utf-8"))
        found |= {f"{package}: {what}": n for what, n in sorted(total.items())}
    return found
