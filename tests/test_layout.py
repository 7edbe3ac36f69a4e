"""The layout of the source: no circle among modules or packages, and training knows nothing of the benchmarks."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from benchmarks.runs import FOLDERS, RUNS

ROOT = Path(__file__).parent.parent
Graph = dict[str, set[str]]


def sources() -> dict[str, Path]:
    """Every module by its dotted name; a package is named without `__init__`."""
    found = {}
    for base, tops in ((ROOT / "src", ["communique"]), (ROOT, ["training", "benchmarks"])):
        for top in tops:
            for path in sorted((base / top).rglob("*.py")):
                parts = path.relative_to(base).with_suffix("").parts
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _named(tree: ast.AST, module: str, is_package: bool, known: Iterable[str]) -> Iterator[str]:
    """The modules of ours that a module imports, wherever in it the import stands."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in known else base


def imports() -> Graph:
    """For each module those of ours that it imports by name."""
    known = sources()
    graph: Graph = {}
    for module, path in known.items():
        tree = ast.parse(path.read_text("utf-8"))
        named = _named(tree, module, path.name == "__init__.py", known)
        graph[module] = {n for n in named if n in known and n != module}
    return graph


def package_of(module: str) -> str:
    """The folder that a module lies in; a module that lies beside the packages of `communique` stands for itself."""
    parts = module.split(".")
    if parts[0] == "communique":
        return ".".join(parts[:2])
    return ".".join(parts[:2]) if parts[0] == "benchmarks" and len(parts) == 3 else parts[0]


def packages(graph: Graph) -> Graph:
    """The same graph between packages."""
    found: Graph = {}
    for module, targets in graph.items():
        found.setdefault(package_of(module), set()).update(package_of(t) for t in targets)
    return {p: targets - {p} for p, targets in found.items()}


def circle(graph: Graph) -> list[str] | None:
    """The names on a circle of the graph, in order, or None where there is none."""
    done: set[str] = set()
    for first in sorted(graph):
        path: list[str] = []
        stack = [(first, iter(sorted(graph[first])))]
        if first in done:
            continue
        path.append(first)
        while stack:
            name, rest = stack[-1]
            for target in rest:
                if target in path:
                    return path[path.index(target) :] + [target]
                if target not in done and target in graph:
                    stack.append((target, iter(sorted(graph[target]))))
                    path.append(target)
                    break
            else:
                done.add(name)
                stack.pop()
                path.pop()
    return None


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) is None


def test_modules_import_in_one_direction() -> None:
    assert circle(imports()) is None


def test_packages_import_in_one_direction() -> None:
    assert circle(packages(imports())) is None


def test_training_does_not_import_the_benchmarks() -> None:
    for module, targets in imports().items():
        if module.split(".")[0] in ("training", "communique"):
            assert not [t for t in targets if t.split(".")[0] == "benchmarks"], module
        if module.split(".")[0] == "communique":
            assert not [t for t in targets if t.split(".")[0] == "training"], module


def test_every_benchmark_is_listed() -> None:
    readme = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    for run in RUNS:
        assert (ROOT / "benchmarks" / run.folder / f"{run.name}.py").is_file()
        assert f"`{' '.join((run.name, *run.options))}`" in readme, run.name
    with_main = {p.stem for p in (ROOT / "benchmarks").glob("*/*.py") if "\ndef main(" in p.read_text("utf-8")}
    assert with_main == set(FOLDERS)


@pytest.mark.parametrize(
    "document", ["README.md", *(p.relative_to(ROOT).as_posix() for p in sorted((ROOT / "docs").rglob("*.md")))]
)
def test_documents_name_benchmarks_that_exist(document: str) -> None:
    words = (ROOT / document).read_text("utf-8").split("python -m benchmarks ")[1:]
    for told in words:
        assert told.split()[0].strip("`.,;:)") in {*FOLDERS, "all", "NAME"}, told[:40]
