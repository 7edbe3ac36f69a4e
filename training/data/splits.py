"""The held-out parts, set aside permanently before any training.

`python -m training.data.splits CORPORA` writes `splits.json`: for each corpus the keys that no model or teacher is
trained on. A key is the first twelve hexadecimal digits of the SHA-256 of a sentence's folded text or of a document's
name; no text is stored.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
PATH = HERE / "splits.json"
SALT = "communique 1"


def fold(text: str) -> str:
    """Returns only the lower-case words, so that markup and spacing do not distinguish copies of a sentence."""
    return " ".join(re.findall(r"\w+", text.lower()))


def key(text: str) -> str:
    return hashlib.sha256(fold(text).encode()).hexdigest()[:12]


def draw(keys: Iterable[str], share: float, corpus: str) -> list[str]:
    """Returns the given share of the distinct keys, chosen by hash order."""
    ordered = sorted(set(keys), key=lambda k: hashlib.sha256(f"{SALT}|{corpus}|{k}".encode()).hexdigest())
    return sorted(ordered[: round(len(ordered) * share)])


def near(text: str, others: list[set[str]], limit: float = 0.7) -> bool:
    """Returns whether the text shares most of its words with one of the others."""
    words = set(fold(text).split())
    return any(
        len(words & other) >= limit * min(len(words), len(other))
        and len(words & other) >= 0.6 * max(len(words), len(other))
        for other in others
    )


def make(corpora: Path) -> dict[str, list[str]]:
    with open(corpora / "plv/train.tsv", encoding="utf-8", newline="") as file:
        plv = [row["sentence"] for row in csv.DictReader(file, delimiter="\t")]
    plv_out = set(draw(map(key, plv), 1 / 5, "plv"))
    held = [set(fold(s).split()) for s in plv if key(s) in plv_out]
    plv_out |= {key(s) for s in plv if near(s, held)}
    held = [set(fold(s).split()) for s in plv if key(s) in plv_out]
    cameo = [json.loads(line) for line in open(corpora / "cameo/train.jsonl", encoding="utf-8")]
    copies = {key(r["text"]) for r in cameo if near(r["text"], held)}
    tagged = draw((key(r["text"]) for r in cameo if r.get("tags")), 1 / 6, "cameo tagged")
    alone = draw((key(r["text"]) for r in cameo if not r["in_plv"]), 1 / 3, "cameo not in plv")
    with open(corpora / "aw/train.tsv", encoding="utf-8", newline="") as file:
        aw = [row["sentence"] for row in csv.DictReader(file, delimiter="\t")]
    timebank = [p.stem for p in sorted((corpora / "timebank").glob("*.tml"))]
    lgl = [a.get("docid") or "" for a in ElementTree.parse(corpora / "geo/lgl.xml").getroot().iter("article")]
    trnews = [a.get("docid") or "" for a in ElementTree.parse(corpora / "geo/TR-News.xml").getroot().iter("article")]
    with open(corpora / "uds/factuality.tsv", encoding="utf-8", newline="") as file:
        uds = {row["sent_id"] for row in csv.DictReader(file, delimiter="\t")}
    dev = {
        line[12:].strip()
        for line in open(corpora / "ewt/dev.conllu", encoding="utf-8")
        if line.startswith("# sent_id = ")
    }
    return {
        "plv": sorted(plv_out),
        "cameo_near_plv": sorted(copies),
        "cameo_tagged": tagged,
        "cameo_not_in_plv": alone,
        "aw_near_plv": sorted({key(s) for s in aw if near(s, held)}),
        "timebank": draw(timebank, 1 / 4, "timebank"),
        "lgl": draw(lgl, 1 / 2, "lgl"),
        "trnews": draw(trnews, 1 / 2, "trnews"),
        "uds": draw(map(key, uds - dev), 1 / 5, "uds"),
    }


def load() -> dict[str, set[str]]:
    return {name: set(keys) for name, keys in json.loads(PATH.read_text()).items()}


if __name__ == "__main__":
    PATH.write_text(json.dumps(make(Path(sys.argv[1])), indent=1) + "\n")
    print({name: len(keys) for name, keys in load().items()})
