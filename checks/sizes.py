"""How large the files of the repository are: every clone and every install carries them."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = 60  # MB that one file may have: the exported reader is to stay well under it
TREE = 100  # MB that all files may have
# The weights that training goes on from, twice 24 MB. The recipe that starts from the public encoder makes them
# unnecessary; until then `make train` and `benchmarks codebook` need them.
EXEMPT = ("training/stages/",)


def tracked(root: Path = ROOT) -> dict[str, int]:
    """Bytes of each file that git tracks, or that lies in the folder where it is no checkout."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
    if told.returncode == 0:
        names = [n for n in told.stdout.split("\0") if n]
    else:
        files = (p.relative_to(root) for p in root.rglob("*") if p.is_file())
        names = [p.as_posix() for p in files if p.parts[0] != "build" and not p.parts[0].startswith(".")]
    return {n: (root / n).stat().st_size for n in names if (root / n).is_file()}


def too_large(sizes: dict[str, int], exempt: tuple[str, ...] = EXEMPT) -> list[str]:
    """What is over the limits, a line each."""
    found = [
        f"{name}: {size / 1e6:.1f} MB, more than the {FILE} MB that a file may have"
        for name, size in sorted(sizes.items())
        if size > FILE * 1e6
    ]
    total = sum(size for name, size in sizes.items() if not name.startswith(exempt)) / 1e6
    if total > TREE:
        largest = sorted((size, name) for name, size in sizes.items() if not name.startswith(exempt))[-3:]
        what = ", ".join(f"{name} {size / 1e6:.1f} MB" for size, name in reversed(largest))
        found.append(f"the tree has {total:.1f} MB, more than the {TREE} MB that it may have; largest: {what}")
    return found
