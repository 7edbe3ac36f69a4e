"""Articles from the 39 pages of `corpora/pages`, beside trafilatura alone in the same run.

    python -m benchmarks.pages [--each]

With `--each`, also the text with one addition left out at a time. F1 of the runs of four words (with their counts) of our paragraphs against the key's, the mean over pages; title, day and authors exactly right.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import trafilatura

from communique.pages import html
from communique.pages.html import read_html

from .common import corpora


def runs(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


def score(ours: str, key: str) -> float:
    a, b = runs(ours), runs(key)
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


ADDITIONS: dict[str, Callable[..., Any]] = {
    "_told": lambda pieces, kept, about: set(),
    "_furniture": lambda pieces, kept: set(),
    "_linked": lambda pieces, kept: set(),
    "_lines": lambda pieces, kept, about: set(),
    "_headed": lambda pieces, order: order,
    "_before_teasers": lambda pieces, kept: kept,
    "_without_scraps": lambda pieces, kept: kept,
}


def each(folder: Path, gold: dict[str, Any]) -> None:
    """The text's F1 with one addition left out at a time, and how many pages that makes worse or better."""
    pages = [
        (name, gzip.decompress((folder / name).read_bytes()), "\n".join(key["paragraphs"]))
        for name, key in sorted(gold.items())
    ]
    measure = lambda: [score("\n".join(read_html(data, name).paragraphs), text) for name, data, text in pages]
    whole = measure()
    print(f"{'with all':22} {sum(whole) / len(whole):.4f}")
    for name, nothing in ADDITIONS.items():
        with mock.patch.object(html, name, nothing):
            values = measure()
        worse, better = (
            sum(v < w - 1e-9 for v, w in zip(values, whole)),
            sum(v > w + 1e-9 for v, w in zip(values, whole)),
        )
        print(f"without {name:14} {sum(values) / len(values):.4f}  {worse} pages worse, {better} better")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", action="store_true")
    options = parser.parse_args()
    folder = corpora() / "pages"
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    totals = {"trafilatura alone": [0.0] * 4, "communique": [0.0] * 4}
    for name, key in sorted(gold.items()):
        data = gzip.decompress((folder / name).read_bytes())
        text, day, authors = "\n".join(key["paragraphs"]), str(key["publishing_date"])[:10], sorted(key["authors"])
        plain = trafilatura.bare_extraction(data, with_metadata=True)
        draft = read_html(data, name)
        rows = {
            "trafilatura alone": (
                plain.text or "",
                plain.title,
                (plain.date or "")[:10],
                sorted((plain.author or "").split("; ")),
            ),
            "communique": (
                "\n".join(draft.paragraphs),
                draft.title,
                (draft.published or "")[:10],
                sorted(draft.authors),
            ),
        }
        for who, (body, title, date, people) in rows.items():
            for i, value in enumerate(
                (score(body, text), (title or "").strip() == key["title"].strip(), date == day, people == authors)
            ):
                totals[who][i] += value
    print(f"{len(gold)} pages           text F1  title    day  authors")
    for who, values in totals.items():
        print(f"{who:18} " + "  ".join(f"{v / len(gold):6.3f}" for v in values))
    if options.each:
        each(folder, gold)


if __name__ == "__main__":
    main()
