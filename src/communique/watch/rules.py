"""Alert rules: `CHN->TWN THREATEN|MOBILIZE origins>=2`."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}
_CONDITION = re.compile(r"^([a-z_]+)(>=|<=|!=|=|>|<)(\S+)$")
NUMBERS = ("origins", "reports", "score", "confidence")
WORDS = ("modality", "polarity", "mode", "quad", "context", "place", "source", "kind", "codebook")


class RuleError(ValueError):
    """Raised for an invalid rule; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The conditions of an alert. `actor` and `recipient` are parties as in `record.events`; `None` is anybody."""

    text: str
    actor: str | None
    recipient: str | None
    either: bool
    types: tuple[str, ...]
    numbers: tuple[tuple[str, str, float], ...]
    words: tuple[tuple[str, str], ...]

    def questions(self) -> list[dict[str, Any]]:
        """Returns the arguments for `record.events`: two sets if the direction does not matter."""
        asked: dict[str, Any] = dict(self.words)
        if self.types:
            asked["type"] = ",".join(self.types)
        sides = [(self.actor, self.recipient)] + ([(self.recipient, self.actor)] if self.either else [])
        return [asked | {k: v for k, v in (("actor", a), ("recipient", r)) if v} for a, r in sides]

    def fits(self, event: Mapping[str, Any]) -> bool:
        """Whether an event fulfils the numeric conditions of the rule."""
        return all(_OPERATORS[how](float(event[name]), value) for name, how, value in self.numbers)


def parse(text: str) -> Rule:
    """Parses a rule: parties with `->`, `<->` or neither, types with `|`, and conditions; `*` is anybody. Raises
    `RuleError`.
    """
    tokens, numbers, words = [], [], []
    for token in text.split():
        found = _CONDITION.match(token)
        if found is None:
            tokens.append(token)
            continue
        name, how, value = found.groups()
        if name in NUMBERS:
            try:
                numbers.append((name, how, float(value)))
            except ValueError:
                raise RuleError(f"'{token}' in '{text}': {value} is no number") from None
        elif name in WORDS:
            if how != "=":
                raise RuleError(f"'{token}' in '{text}': {name} can only be '='")
            words.append((name, value.replace("_", " ") if name == "quad" else value))
        else:
            raise RuleError(f"'{token}' in '{text}': one can ask for {', '.join((*NUMBERS, *WORDS))}")
    kinds: tuple[str, ...] = ()
    if (
        tokens
        and "->" not in tokens[-1]
        and re.fullmatch(r"[A-Z][A-Z0-9_-]*(\|[A-Z][A-Z0-9_-]*)*", tokens[-1])
        and (len(tokens) == 1 or "->" in " ".join(tokens[:-1]))
    ):
        before = " ".join(tokens[:-1])
        if len(tokens) == 1 or before.split("->")[-1].strip():
            kinds = tuple(tokens.pop().split("|"))
    sides = " ".join(tokens)
    if not sides:
        if not kinds and not numbers and not words:
            raise RuleError(f"'{text}': an empty rule")
        return Rule(text, None, None, False, kinds, tuple(numbers), tuple(words))
    arrow = "<->" if "<->" in sides else "->"
    left, found_arrow, right = sides.partition(arrow)
    if not found_arrow or not left.strip() or not right.strip():
        raise RuleError(f"'{text}': parties are written CHN->TWN, CHN<->TWN or CHN->*")
    actor, recipient = (None if side.strip() == "*" else side.strip() for side in (left, right))
    return Rule(text, actor, recipient, arrow == "<->", kinds, tuple(numbers), tuple(words))
