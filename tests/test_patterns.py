"""Every regular expression of the package takes time in proportion to the text, whatever the text is.

The patterns are found, not listed: those that modules hold, and those that are written where they are used. Each is
timed on strings made of its own pieces, repeated, which is where backtracking hurts; so the next pattern is tested
without anyone remembering it.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import communique
from communique._limit import TookTooLong, limited

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")
SHORT, LONG = 2_000, 8_000  # characters
MOST = 9.0  # times as long for four times the text: 4 is linear, 16 quadratic
NOISE = 0.02  # seconds of the processor below which a time says nothing
FEW = (12, 16, 20, 24)  # repetitions that tell exponential time from any other
HANGING = 5.0  # seconds
MANY = 60  # strings a pattern

# A character of each category that classes are made of.
_CATEGORY = {
    codes.CATEGORY_DIGIT: "0",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: " ",
}


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and how it is used there."""

    where: str
    pattern: re.Pattern[Any]
    method: str


def held(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """Patterns in a value: itself, in a container, in a field."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from held(inner, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for inner in value.values():
            yield from held(inner, depth + 1)
    elif depth < 3 and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from held(getattr(value, field.name, None), depth + 1)


def modules() -> Iterator[Any]:
    for info in pkgutil.walk_packages(communique.__path__, "communique."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def uses(tree: ast.Module) -> dict[str, set[str]]:
    """The methods of patterns that are called on each name of a module; a name that is handed on has every use."""
    found: dict[str, set[str]] = {}
    called: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
            found.setdefault(node.value.id, set()).add(node.attr)
            called.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
            found.setdefault(node.id, set()).add("finditer")
    return found


def inline(module: Any, tree: ast.Module) -> Iterator[Found]:
    """Patterns that are written where they are used; one that is put together there cannot be tested, and must not
    be.
    """
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in METHODS
        ):
            continue
        where = f"{module.__name__}:{node.lineno}"
        if any(isinstance(inner, ast.Attribute) and inner.attr == "escape" for inner in ast.walk(node.args[0])):
            continue  # the words of a text, escaped, are no pattern of ours
        try:
            text = eval(compile(ast.Expression(node.args[0]), where, "eval"), vars(module))
        except NameError:
            pytest.fail(f"{where}: make this pattern of names of the module, or compile it there")
        yield Found(where, re.compile(text), node.func.attr)


def found() -> list[Found]:
    every: dict[tuple[str | bytes, int, str], Found] = {}
    for module in modules():
        if not module.__file__:
            continue
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        used = uses(tree)
        for name, value in vars(module).items():
            for pattern in held(value):
                methods = used.get(name, {"finditer"})
                method = "finditer" if not methods <= {"match", "fullmatch"} else max(methods)
                every.setdefault(
                    (pattern.pattern, pattern.flags, method), Found(f"{module.__name__}.{name}", pattern, method)
                )
        for one in inline(module, tree):
            every.setdefault((one.pattern.pattern, one.pattern.flags, one.method), one)
    return list(every.values())


def members(items: Any) -> list[str]:
    """A few characters of a class, one of each kind that it names."""
    kinds: list[str] = []
    if items[0][0] is codes.NEGATE:
        refused = re.compile("[" + "".join(re.escape(m) for m in members(items[1:])) + "]")
        return [c for c in " a0\n'" if not refused.match(c)][:2] or ["~"]
    for op, argument in items:
        if op is codes.LITERAL:
            kinds.append(chr(argument))
        elif op is codes.RANGE:
            kinds.append(chr(argument[0]))
        elif op is codes.CATEGORY:
            kinds.append(_CATEGORY[argument])
    return list(dict.fromkeys(kinds)) or ["a"]


def samples(tree: Any, most: int = 4) -> list[str]:
    """Strings that a pattern, or a part of one, matches: its branches and classes give several."""
    texts = [""]
    for op, argument in tree:
        following = [""]
        if op is codes.LITERAL:
            following = [chr(argument)]
        elif op in (codes.NOT_LITERAL, codes.ANY):
            following = ["a"]
        elif op is codes.IN:
            following = members(argument)
        elif op is codes.BRANCH:
            following = [s for branch in argument[1] for s in samples(branch, 2)]
        elif op is codes.SUBPATTERN:
            following = samples(argument[3], most)
        elif op is codes.ATOMIC_GROUP:
            following = samples(argument, most)
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            following = [s * max(1, argument[0]) for s in samples(argument[2], most)]
            if argument[0] == 0:
                following = [following[0], "", *following[1:]]
        texts = [t + f for f in following[:most] for t in texts][: 2 * most]
    return texts


def pumps(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """What stands before each repetition of a pattern, and what is repeated there."""
    for op, argument in tree:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            if argument[1] > 3:
                for s in samples(argument[2], 8):
                    yield before, s
            yield from pumps(argument[2], before)
        elif op is codes.SUBPATTERN:
            yield from pumps(argument[3], before)
        elif op is codes.ATOMIC_GROUP:
            yield from pumps(argument, before)
        elif op is codes.BRANCH:
            for branch in argument[1]:
                yield from pumps(branch, before)
        before += samples([(op, argument)], 1)[0]


def attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """Pairs of a beginning and what is repeated after it: the pattern's own repetitions, and what it begins with, over
    and over.
    """
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    found = [("", each) for each in (" ", "a", "A", "0", "\n", ". ", "Aa ", "a, ", "a-")]
    own = list(pumps(tree))
    found += own + [("", pump) for _, pump in own]
    for sample in samples(tree, 3):
        found += [("", sample[:size]) for size in range(1, min(len(sample), 8) + 1)]
        found += [("", sample), ("", sample[:-1])]
    return [pair for pair in dict.fromkeys(found) if pair[1]][:MANY]


def seconds(found: Found, text: str) -> float:
    subject: Any = text if isinstance(found.pattern.pattern, str) else text.encode("latin-1", "replace")
    start = time.thread_time()
    if found.method in ("match", "fullmatch"):
        getattr(found.pattern, found.method)(subject)
    else:
        for _ in found.pattern.finditer(subject):
            pass
    return time.thread_time() - start


def fault(found: Found) -> str | None:
    """What is wrong with a pattern: the string on which it takes too long."""
    for before, pump in attacks(found.pattern):
        for after in ("\x00!",):  # what no pattern goes on with
            told = f"{found.where} ({found.method}) on {before!r} + {pump!r} * n + {after!r}: {found.pattern.pattern!r}"
            try:
                with limited(HANGING):
                    few = [seconds(found, before + pump * n + after) for n in FEW]
                    if few[-1] > NOISE and few[-1] > 4 * few[-2] > 16 * few[-3]:
                        return f"exponential: {told}"
                    long = seconds(found, before + pump * (LONG // len(pump)) + after)
                    if long <= NOISE:
                        continue
                    short = min(seconds(found, before + pump * (SHORT // len(pump)) + after) for _ in range(3))
                    long = min(long, *(seconds(found, before + pump * (LONG // len(pump)) + after) for _ in range(2)))
                    if long > NOISE and long > MOST * short:
                        return f"{long / short:.0f} times as long for four times the text: {told}"
            except TookTooLong:
                return f"does not end: {told}"
    return None


def test_no_pattern_takes_more_than_its_share_of_time() -> None:
    every = found()
    assert len(every) > 100
    assert not (faults := [f for one in every if (f := fault(one))]), "\n".join(faults)


@pytest.mark.parametrize(
    "text", [r"\s+,", r"^(?:a+)+$", r"<p[^>]*>", r"^(?:(?:[A-Z]\w+\s*)(?:and)?)+$", r"(?:a|b|ab)+c"]
)
def test_a_bad_pattern_is_found_out(text: str) -> None:
    assert fault(Found("here", re.compile(text), "finditer"))


@pytest.mark.parametrize("text", [r"(?<!\s)\s++,", r"^(?:a+)++$", r"<p[^<>]*>", r"[.!?]$"])
def test_a_good_pattern_is_let_through(text: str) -> None:
    assert fault(Found("here", re.compile(text), "finditer")) is None
