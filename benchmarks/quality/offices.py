"""Resolves office holders drawn from the tables, on random days and on the days before and after each change. The
answer should be the right one or nobody, never a wrong one.

python -m benchmarks offices [--count 500] [--data ../shared/data]
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

from rapidfuzz import fuzz

from communique.catalogue import Catalogue, fold
from communique.parties import Resolver
from training.catalogue.offices import places, role_of

DATA = Path("../shared/data")
COUNT, SEED = 500, 7
SPELLED = 80.0  # similarity, in per cent, of two spellings of one name
LATE = timedelta(days=45)  # a change first noticed on a day happened at most this long before
PHRASES = {
    "head of state": "president",
    "head of government": "prime minister",
    "foreign minister": "foreign minister",
    "defence minister": "defence minister",
    "finance minister": "finance minister",
    "interior minister": "interior minister",
}
Held = tuple[str, date, date, bool]  # name, earliest and latest day, whether both are known to the day


def held(data: Path) -> dict[tuple[str, str], list[Held]]:
    """Returns terms of office by state and role, as in the table."""
    where = {n: c for n, c in places().items() if not c.endswith("*")}
    found: dict[tuple[str, str], list[Held]] = defaultdict(list)
    with gzip.open(data / "officeholders_2000_2025.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            code = where.get(fold(r["place"]))
            role = role_of(r["office"], code or "", where)
            if code is None or role not in PHRASES or len(r["start"]) != 10:
                continue
            end = r["end"] if len(r["end"]) == 10 else ("" if r["end"] else r["still_in_office_on"])
            if end:
                first, last = date.fromisoformat(r["start"]), date.fromisoformat(end)
                known = not r["basis"] and len(r["end"]) == 10
                found[code, role].append(
                    (r["person"], first - (LATE if "start" in r["basis"] else timedelta()), last, known)
                )
    return found


def measure(data: Path = DATA, count: int = COUNT) -> dict[str, float]:
    """Returns the shares of right, empty and wrong answers over all days."""
    resolver = Resolver(Catalogue())
    series = held(data)
    terms = [(at, t) for at, some in sorted(series.items()) for t in sorted(some)]
    rng = random.Random(SEED)
    told: Counter[str] = Counter()
    for (code, role), (_, first, last, known) in rng.sample(terms, min(count, len(terms))):
        day = timedelta(days=1)
        days = [first + (last - first) * rng.random()]
        days += [first - day, first + day, last - day, last + day] if known else []
        for d in days:
            phrase = f"{resolver.catalogue.states[code].name}'s {PHRASES[role]}"
            answer = resolver.resolve(phrase, d.isoformat())
            name = answer.party.name if answer else None
            if name is None:
                told["nobody"] += 1
                continue
            right = {n for n, a, b, _ in series[code, role] if a <= d <= b}
            fits = any(fuzz.token_set_ratio(fold(name), fold(n)) >= SPELLED for n in right)
            told["right" if fits else "wrong" if right else "not in this table"] += 1
            if not fits and right:
                print(f"  {phrase} on {d}: {name}; the table has {', '.join(sorted(right))}")
    total = told.total()
    return {"days": total} | {k: told[k] / total for k in ("right", "nobody", "not in this table", "wrong")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    for what, value in measure(options.data, options.count).items():
        print(f"{what:20} {value:.3f}")


if __name__ == "__main__":
    main()
