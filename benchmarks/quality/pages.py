"""Article extraction from the 39 news pages of `corpora/pages` and the 64 pages of all kinds of
`corpora/pages/general`, compared with trafilatura alone.

    python -m benchmarks pages [--shipped]

Text: F1, precision and recall of runs of four words (with their counts) against the key's text, averaged over pages.
Each page is read with weights fitted on other pages (five folds); `--shipped` uses the shipped weights, which were
fitted on these pages. Title, day and authors must be exactly right; only the news pages have them in their key.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import trafilatura

from communique.pages import choice
from communique.pages.html import read_html
from training.heads.pages import Page, crossed, keys, load, mean, score, text_of

from ..common import corpora


def texts(pages: list[Page], shipped: bool) -> None:
    rows = [(p, score(text_of(p, choice.weights()), p.key)) for p in pages] if shipped else crossed(pages)
    print("text                              F1      precision  recall  share above 0.98")
    for kind in ("news", "general"):
        mine = [(p, s) for p, s in rows if p.kind == kind]
        alone = [score(p.alone, p.key) for p, _ in mine]
        for who, found in (("trafilatura alone", alone), ("communique", [s for _, s in mine])):
            share = sum(s[0] > 0.98 for s in found) / len(found)
            print(f"{kind:8} {len(mine)}  {who:18}  {mean(found)}    {share:.2f}")


def about(folder: Path) -> None:
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    totals = {"trafilatura alone": [0] * 3, "communique": [0] * 3}
    for name, key in sorted(gold.items()):
        data = gzip.decompress((folder / name).read_bytes())
        wanted = key["title"].strip(), str(key["publishing_date"])[:10], sorted(key["authors"])
        plain, draft = trafilatura.bare_extraction(data, with_metadata=True), read_html(data, name)
        rows = {
            "trafilatura alone": (plain.title, plain.date or "", sorted((plain.author or "").split("; "))),
            "communique": (draft.title, draft.published or "", sorted(draft.authors)),
        }
        for who, (title, day, people) in rows.items():
            for i, right in enumerate(((title or "").strip() == wanted[0], day[:10] == wanted[1], people == wanted[2])):
                totals[who][i] += right
    print(f"{len(gold)} news pages      title    day  authors")
    for who, values in totals.items():
        print(f"{who:18} " + "  ".join(f"{v / len(gold):6.3f}" for v in values))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shipped", action="store_true", help="with the weights that ship, fitted on all these pages")
    options = parser.parse_args()
    folder = corpora() / "pages"
    texts([load(*row) for row in keys(folder)], options.shipped)
    about(folder)
