"""`python -m benchmarks NAME [options]` runs one, `python -m benchmarks all` runs all; without a name, prints the
list.
"""

from __future__ import annotations

import sys

from .runs import FOLDERS, RUNS, every, start


def main() -> None:
    name, *options = sys.argv[1:] or [""]
    if name == "all":
        sys.exit(every(options))
    if name in FOLDERS:
        start(name, options)
        return
    if name not in ("", "-h", "--help"):
        sys.exit(f"no benchmark '{name}'; there are: all, {', '.join(FOLDERS)}")
    print(__doc__)
    for run in RUNS:
        print(f"  {' '.join((run.name, *run.options)):<26} {run.minutes:4g} min  {run.folder:<10} {run.prints}")


if __name__ == "__main__":
    main()
