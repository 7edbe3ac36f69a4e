"""Sizes of the files in the repository, which every clone and every install contains."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = 60  # maximum MB of one file; the exported reader should stay well below
TREE = 100  # maximum MB of all files
# The initial weights of the training, twice 24 MB. A recipe that starts from the public encoder makes them unnecessary;
# until then `make train` and `benchmarks codebook` need them.
EXEMPT = ("training/stages/",)


def tracked(root: Path = ROOT) -> dict[str, int]:
    """Returns the bytes of each file that git tracks, or of each file in the folder if it is not a checkout."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
    if told.returncode == 0:
        names = [n for n in told.stdout.split("\0") if n]
    else:
        files = (p.relative_to(root) for p in root.rglob("*") if p.is_file())
        names = [p.as_posix() for p in files if p.parts[0] != "build" and not p.parts[0].startswith(".")]
    return {n: (root / n).stat().st_size for n in names if (root / n).is_file()}


def too_large(sizes: dict[str, int], exempt: tuple[str, ...] = EXEMPT) -> list[str]:
    """Returns one line for each size over the limits."""
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
