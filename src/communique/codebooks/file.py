"""Reads a codebook from its TOML file, checked line by line, and adds the answers about suggested sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..events.ontology import QUADS
from .answers import taken_in
from .codebook import Codebook, CodebookError, Example, OwnType

SECTORS = frozenset(
    "GOV MIL COP JUD LEG PTY SPY PRM REB UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC".split()
)
LONGEST_EXAMPLE = 5_000  # characters of an example
_TYPE_KEYS = {"name", "definition", "plover", "quad", "score", "actors", "recipients", "modes", "example", "counter"}
_EXAMPLE_KEYS = {"text", "source", "target", "mode", "by", "on"}


def _lines(text: str) -> dict[str, list[int]]:
    """Returns the lines on which tables of each name begin, in order. The names of `type.example` and `type.counter`
    begin with their type's number.
    """
    found: dict[str, list[int]] = {"type": []}
    for number, line in enumerate(text.split("\n"), 1):
        head = re.match(r"^\s*\[\[\s*([\w.]+)\s*\]\]", line)
        if head is None:
            continue
        name = head[1] if head[1] == "type" else f"{len(found['type']) - 1}.{head[1].removeprefix('type.')}"
        found.setdefault(name, []).append(number)
    return found


class _Checker:
    def __init__(self, text: str) -> None:
        self.faults: list[str] = []
        self.warnings: list[str] = []
        self.lines = _lines(text)

    def at(self, kind: int | None = None, part: str | None = None, number: int = 0) -> str:
        name = "type" if part is None else f"{kind}.{part}"
        where = self.lines.get(name, [])
        index = (kind or 0) if part is None else number
        return f"line {where[index]}" if kind is not None and index < len(where) else "line 1"

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"{where}: {what}")

    def strings(self, value: Any, where: str, name: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fault(where, f"{name} is no list of strings")
            return []
        return value


def _span(check: _Checker, where: str, text: str, value: Any, name: str) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        check.fault(where, f"{name} is no piece of the text")
        return None
    at = text.find(value)
    if at < 0:
        check.fault(where, f"{name} '{value[:60]}' does not stand in the text")
        return None
    return at, at + len(value)


def _examples(
    check: _Checker, number: int, entry: Mapping[str, Any], modes: list[str]
) -> Iterator[tuple[str, Example]]:
    for part in ("example", "counter"):
        rows = entry.get(part, [])
        if not isinstance(rows, list):
            check.fault(check.at(number), f"{part} is written [[type.{part}]]")
            continue
        for n, row in enumerate(rows):
            where = check.at(number, part, n)
            if not isinstance(row, dict):
                check.fault(where, f"an {part} is a table with a text")
                continue
            for key in sorted(set(row) - _EXAMPLE_KEYS):
                check.fault(where, f"unknown key '{key}'; an {part} has {', '.join(sorted(_EXAMPLE_KEYS))}")
            text = row.get("text")
            if not isinstance(text, str) or not text.strip():
                check.fault(where, f"an {part} without a text")
                continue
            if len(text) > LONGEST_EXAMPLE:
                check.fault(
                    where,
                    f"a text of {len(text):,} characters; an example is a sentence, of at most {LONGEST_EXAMPLE:,}",
                )
                continue
            mode = row.get("mode")
            if mode is not None and mode not in modes:
                check.fault(where, f"mode '{mode}' is none of the type's modes")
            source, target = (
                _span(check, where, text, row.get("source"), "source"),
                _span(check, where, text, row.get("target"), "target"),
            )
            if source and target and source[0] < target[1] and target[0] < source[1]:
                check.fault(where, "source and target overlap")
            yield (
                where,
                Example(
                    text,
                    source,
                    target,
                    mode,
                    part == "counter",
                    row.get("by"),
                    str(row["on"]) if "on" in row else None,
                ),
            )


def _type(
    check: _Checker, number: int, entry: Any, names: list[str], seen: dict[Any, list[tuple[str, str, bool]]]
) -> OwnType | None:
    where = check.at(number)
    if not isinstance(entry, dict):
        check.fault(where, "a type is a table [[type]]")
        return None
    for key in sorted(set(entry) - _TYPE_KEYS):
        check.fault(where, f"unknown key '{key}'; a type has {', '.join(sorted(_TYPE_KEYS))}")
    name = entry.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Z][A-Z0-9_-]{0,39}", name):
        check.fault(where, f"name {name!r}: a type's name is written in capitals, such as PORT_CALL")
        return None
    if name in QUADS:
        check.fault(where, f"{name} is one of PLOVER's types; take another name")
    if names.index(name) != number:
        check.fault(where, f"two types are called {name}; the other stands at {check.at(names.index(name))}")
    definition = entry.get("definition")
    if not isinstance(definition, str) or not definition.strip():
        check.fault(where, f"{name} has no definition")
        definition = ""
    kinds = check.strings(entry.get("plover", []), where, "plover")
    for kind in kinds:
        if kind not in QUADS and kind not in names:
            check.fault(where, f"plover: '{kind}' is no type of PLOVER and none of this codebook")
    quad, score = entry.get("quad"), entry.get("score")
    if quad is not None and quad not in set(QUADS.values()):
        check.fault(where, f"quad '{quad}' is not one of {', '.join(sorted(set(QUADS.values())))}")
    if score is not None and (isinstance(score, bool) or not isinstance(score, (int, float)) or not -10 <= score <= 10):
        check.fault(where, f"score {score!r} is no number from -10 to 10")
        score = None
    sides = {}
    for side in ("actors", "recipients"):
        sides[side] = check.strings(entry.get(side, []), where, side)
        for who in sides[side]:
            if who not in SECTORS and not re.fullmatch(r"[A-Z]{3}", who):
                check.fault(where, f"{side}: '{who}' is no sector and no country code of three letters")
    modes = check.strings(entry.get("modes", []), where, "modes")
    examples = []
    for line, example in _examples(check, number, entry, modes):
        before = seen.setdefault(example.key, [])
        against = next(
            (
                b
                for b in before
                if (b[0] == name and b[2] != example.counter) or (b[0] != name and not b[2] and not example.counter)
            ),
            None,
        )
        if against is not None:
            check.fault(
                line,
                f"contradicts {against[1]}: the same sentence is "
                f"{'a counter-example' if against[2] else 'an example'} of {against[0]}",
            )
            continue
        if again := next((b for b in before if b[0] == name), None):
            check.warnings.append(f"{line}: the same as {again[1]}, counted once")
            continue
        before.append((name, line, example.counter))
        examples.append(example)
    positive = sum(not e.counter for e in examples)
    if not positive:
        check.fault(where, f"{name} has no example; five are the least from which something can be learned")
    elif positive < 5:
        check.warnings.append(
            f"{where}: {name} has {positive} example{'s' * (positive != 1)}; from fewer than five little "
            "can be learned and nothing be said of how well"
        )
    return OwnType(
        name,
        definition,
        tuple(kinds),
        quad,
        float(score) if score is not None else None,
        frozenset(sides["actors"]),
        frozenset(sides["recipients"]),
        tuple(modes),
        tuple(examples),
    )


def _resolved(check: _Checker, types: list[OwnType]) -> list[OwnType]:
    """Returns types with the PLOVER types that their kinds lead to. A cycle of kinds is a fault."""
    by_name = {t.name: t for t in types}

    def down(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in QUADS:
            return (name,)
        if name in path:
            circle = " → ".join((*path[path.index(name) :], name))
            check.fault(
                check.at(next(i for i, t in enumerate(types) if t.name == name)), f"a circle of kinds: {circle}"
            )
            return ()
        found = [k for kind in (by_name[name].kinds if name in by_name else ()) for k in down(kind, (*path, name))]
        return tuple(dict.fromkeys(found))

    resolved = []
    for t in types:
        faults = len(check.faults)
        kinds = down(t.name, ())
        if len(check.faults) > faults + 1:
            del check.faults[faults + 1 :]
        resolved.append(
            OwnType(t.name, t.definition, kinds, t.quad, t.score, t.actors, t.recipients, t.modes, t.examples)
        )
    return resolved


def load(path: str | Path) -> Codebook:
    """Returns a codebook from its file or folder, with the answers in `NAME.answers.jsonl` beside it. Raises
    `CodebookError` with every fault and its line.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "codebook.toml"
    try:
        text = path.read_text("utf-8")
        value = tomllib.loads(text)
    except FileNotFoundError:
        raise CodebookError(path, ["no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(path, [f"cannot be read: {error}"]) from None
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(path, [str(error)]) from None
    check = _Checker(text)
    name = value.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][\w-]{0,39}", name):
        check.fault("line 1", f'name {name!r}: a codebook begins with a name of letters, such as name = "police"')
        name = "codebook"
    for key in sorted(set(value) - {"name", "type", "definition"}):
        check.fault("line 1", f"unknown key '{key}'")
    entries = value.get("type")
    if not isinstance(entries, list) or not entries:
        raise CodebookError(path, [*check.faults, "line 1: no [[type]] in it"])
    names = [str(e.get("name")) if isinstance(e, dict) else "" for e in entries]
    seen: dict[Any, list[tuple[str, str, bool]]] = {}
    types = [t for number, entry in enumerate(entries) if (t := _type(check, number, entry, names, seen)) is not None]
    if not check.faults:
        types = _resolved(check, types)
    if check.faults:
        raise CodebookError(path, check.faults)
    return taken_in(Codebook(name, tuple(types), path, tuple(check.warnings)))
