"""PLOVER's definitions, from `plover.toml`: quad classes, scores, modes, and requirements of each type."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from ..schema import Quad

_TABLE: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("plover.toml").read_text("utf-8"))

TYPES = tuple(_TABLE)
QUADS: dict[str, Quad] = {name: row["quad"] for name, row in _TABLE.items()}
SCORES = {name: float(row["score"]) for name, row in _TABLE.items()}
MODES: dict[str, dict[str, float]] = {name: row["modes"] for name, row in _TABLE.items() if "modes" in row}
DEFINITIONS = {name: str(row["is"]) for name, row in _TABLE.items()}
NEEDS_RECIPIENT = frozenset(name for name, row in _TABLE.items() if row.get("recipient") == "required")
MUTUAL = frozenset(name for name, row in _TABLE.items() if row.get("mutual"))
# The type of an act that is only planned or promised, by the type of the act itself.
FUTURE = {name: str(row["future"]) for name, row in _TABLE.items() if "future" in row}


def _future_of() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for kind, promised in FUTURE.items():
        found[promised].append(kind)
    return {promised: tuple(sorted(kinds)) for promised, kinds in sorted(found.items())}


FUTURE_OF = _future_of()


def score(kind: str, mode: str | None) -> float:
    """Returns the score of a type, or of its mode, from -10 (conflict) to 10 (cooperation)."""
    return float(MODES.get(kind, {}).get(mode or "", SCORES[kind]))
