"""`python -m checks`: fails if a count exceeds its pin in `pins.json`, or if a file or the tree is too large.

`python -m checks --pin` (`make pins`) lowers the pins to the current counts. It refuses to raise one; `--pin --raise`
does that too, for a commit whose message says why.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NamedTuple

from .complexity import complexity
from .literals import literals
from .sizes import too_large, tracked

PINS = Path(__file__).with_name("pins.json")
Counts = dict[str, dict[str, int]]


class Change(NamedTuple):
    """A count and its pin; the pin is None for a function that is not listed."""

    what: str
    pin: int | None
    now: int

    def __str__(self) -> str:
        return f"{self.what}: {self.now}, {'not listed' if self.pin is None else f'pinned at {self.pin}'}"


def compare(pins: Counts, now: Counts) -> tuple[list[Change], list[Change]]:
    """Returns the counts that grew and those that fell below their pins. A function without a count is within the
    limit, so its pin fell.
    """
    grown, fallen = [], []
    for part, counts in now.items():
        pinned = pins.get(part, {})
        grown += [Change(k, pinned.get(k), n) for k, n in counts.items() if n > pinned.get(k, 0)]
        fallen += [Change(k, pin, counts.get(k, 0)) for k, pin in pinned.items() if counts.get(k, 0) < pin]
    return grown, fallen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true", help="writes what is counted now to pins.json")
    parser.add_argument("--raise", action="store_true", dest="upward", help="with --pin: also where a count grew")
    options = parser.parse_args()
    now = {"complexity": complexity(), "literals": literals()}
    grown, fallen = compare(json.loads(PINS.read_text("utf-8")) if PINS.exists() else {}, now)
    if options.pin and (options.upward or not grown):
        PINS.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"{PINS.name}: {len(fallen)} lowered, {len(grown)} raised")
        return
    faults = [str(c) for c in grown] + ([] if options.pin else too_large(tracked()))
    for fault in faults:
        print(fault, file=sys.stderr)
    if grown:
        print(
            "split the function, name the number, or let the model decide; a function that only moved, or a change "
            "whose commit message says why it must grow: python -m checks --pin --raise",
            file=sys.stderr,
        )
    if fallen and not options.pin:
        print(f"{len(fallen)} counts are below their pins: lower them with `make pins`")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
