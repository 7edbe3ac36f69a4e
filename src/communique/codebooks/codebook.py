"""What a codebook is: a user's own types with examples, and the error that reports its faults."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class CodebookError(ValueError):
    """Raised for a codebook that cannot be used; names its file and each fault with its line."""

    def __init__(self, path: str | Path, faults: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that shows a type, or does not (`counter`): as a whole, or done by `source` to `target`, spans of
    characters.
    """

    text: str
    source: tuple[int, int] | None = None
    target: tuple[int, int] | None = None
    mode: str | None = None
    counter: bool = False
    by: str | None = None
    on: str | None = None

    @property
    def key(self) -> tuple[str, tuple[int, int] | None, tuple[int, int] | None]:
        return self.text, self.source, self.target

    @property
    def marked(self) -> bool:
        return self.source is not None or self.target is not None


@dataclass(frozen=True, slots=True)
class OwnType:
    """A user's own type. `kinds` are the PLOVER types that it belongs to, directly or through other types of the
    codebook.
    """

    name: str
    definition: str
    kinds: tuple[str, ...] = ()
    quad: str | None = None
    score: float | None = None
    actors: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether most of its examples mark who does it to whom."""
        positive = [e for e in self.examples if not e.counter]
        return sum(e.marked for e in positive) * 2 > len(positive)


@dataclass(frozen=True)
class Codebook:
    """Types with their examples. `checksum` covers everything that decides what is learned from it."""

    name: str
    types: tuple[OwnType, ...]
    path: Path
    warnings: tuple[str, ...] = ()
    disagreements: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    agreement: float | None = field(default=None, compare=False)

    @property
    def checksum(self) -> str:
        told = [
            self.name,
            [
                [
                    t.name,
                    t.kinds,
                    t.quad,
                    t.score,
                    sorted(t.actors),
                    sorted(t.recipients),
                    t.modes,
                    [[e.text, e.source, e.target, e.mode, e.counter] for e in t.examples],
                ]
                for t in self.types
            ],
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:8]

    @property
    def mark(self) -> str:
        return f"{self.name}@{self.checksum}"

    def __str__(self) -> str:
        lines = [f"{self.mark}: {len(self.types)} types"]
        for t in self.types:
            positive = sum(not e.counter for e in t.examples)
            about = [
                f"{positive} examples, {len(t.examples) - positive} counter-examples",
                "with parties" if t.marked else "sentences as a whole",
            ]
            about += [f"a kind of {', '.join(t.kinds)}"] if t.kinds else []
            about += [
                f"{side} only {', '.join(sorted(who))}"
                for side, who in (("actors", t.actors), ("recipients", t.recipients))
                if who
            ]
            about += [f"modes {', '.join(t.modes)}"] if t.modes else []
            lines.append(f"  {t.name}: {t.definition}\n      {'; '.join(about)}")
        return "\n".join(lines)
