"""Functions above ruff's C901 limit (`max-complexity` in pyproject.toml), by name and score."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("src", "training", "benchmarks", "tests", "checks")
_SCORE = re.compile(r"\((\d+) > \d+\)")


def qualified(tree: ast.AST, line: int) -> str:
    """Returns the dotted name of the function whose `def` is on this line (counted from 1)."""

    def inside(node: ast.AST, above: tuple[str, ...]) -> str | None:
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            here = (*above, child.name) if named else above  # type: ignore[attr-defined]
            if named and child.lineno == line:  # type: ignore[attr-defined]
                return ".".join(here)
            if (found := inside(child, here)) is not None:
                return found
        return None

    return inside(tree, ()) or f"line {line}"


def complexity() -> dict[str, int]:
    """Returns the score of every function above the limit, by `path:name`. Raises `RuntimeError` if ruff cannot run."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "C901", "--output-format", "json", *FOLDERS]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if told.returncode not in (0, 1):
        raise RuntimeError(f"ruff: {told.stderr.strip()}")
    found = {}
    for fault in json.loads(told.stdout):
        score = _SCORE.search(fault["message"])
        if fault["code"] != "C901" or score is None:
            continue
        path = Path(fault["filename"])
        name = qualified(ast.parse(path.read_text("utf-8")), fault["location"]["row"])
        found[f"{path.relative_to(ROOT).as_posix()}:{name}"] = int(score[1])
    return dict(sorted(found.items()))
