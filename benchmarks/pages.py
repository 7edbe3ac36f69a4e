"""Articles from the 39 pages of `corpora/pages`, beside trafilatura alone in the same run.

    python -m benchmarks.pages

F1 of the runs of four words (with their counts) of our paragraphs against the key's, the mean over pages; title, day and authors exactly right.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter

import trafilatura

from communique.pages.html import read_html

from .common import corpora


def runs(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


def score(ours: str, key: str) -> float:
    a, b = runs(ours), runs(key)
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


def main() -> None:
    folder = corpora() / "pages"
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    totals = {"trafilatura alone": [0.0] * 4, "communique": [0.0] * 4}
    for name, key in sorted(gold.items()):
        data = gzip.decompress((folder / name).read_bytes())
        text, day, authors = "\n".join(key["paragraphs"]), str(key["publishing_date"])[:10], sorted(key["authors"])
        plain = trafilatura.bare_extraction(data, with_metadata=True)
        draft = read_html(data, name)
        rows = {
            "trafilatura alone": (plain.text or "", plain.title, (plain.date or "")[:10], sorted((plain.author or "").split("; "))),
            "communique": ("\n".join(draft.paragraphs), draft.title, (draft.published or "")[:10], sorted(draft.authors)),
        }
        for who, (body, title, date, people) in rows.items():
            for i, value in enumerate((score(body, text), (title or "").strip() == key["title"].strip(), date == day, people == authors)):
                totals[who][i] += value
    print(f"{len(gold)} pages           text F1  title    day  authors")
    for who, values in totals.items():
        print(f"{who:18} " + "  ".join(f"{v / len(gold):6.3f}" for v in values))


if __name__ == "__main__":
    main()
