"""`python -m tools.notebook` runs the notebooks of examples/ and compares their output; `--write` stores it.

It needs nbclient and a kernel (`ipykernel`), and no network.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "examples/notebooks"
SECONDS = 600  # time limit of a cell


def printed(notebook: Any) -> list[str]:
    """Returns the standard output of each code cell."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(o.text for o in cell.outputs if o.get("name") == "stdout") for cell in cells]


def executed(path: Path) -> tuple[Any, Any]:
    """Returns a notebook as stored and as run. Raises `CellExecutionError` if a cell fails."""
    import nbformat
    from nbclient import NotebookClient

    stored, fresh = nbformat.read(path, 4), nbformat.read(path, 4)
    place = {"metadata": {"path": str(path.parent)}}
    NotebookClient(fresh, timeout=SECONDS, startup_timeout=SECONDS, resources=place).execute()
    return stored, fresh


def store(notebook: Any, path: Path) -> None:
    """Writes a notebook without what differs between runs: times, the version of Python, warnings."""
    import nbformat

    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") == "stdout"]
    nbformat.write(notebook, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="stores what the cells print now")
    options = parser.parse_args()
    stale = []
    for path in sorted(FOLDER.glob("*.ipynb")):
        stored, fresh = executed(path)
        if printed(stored) != printed(fresh):
            stale.append(path.name)
        if options.write:
            store(fresh, path)
    if stale and not options.write:
        sys.exit(f"stale: {', '.join(stale)}; run `make examples`")


if __name__ == "__main__":
    main()
