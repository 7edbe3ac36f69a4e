"""Fits the two models that choose an HTML page's paragraphs, on the pages of `corpora/pages` with manually extracted
text.

    python -m training.heads.pages [CORPORA] [--fit]

Prints scores by five-fold cross-validation over all pages; `--fit` writes the weights fitted on all of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import trafilatura

from communique.pages import choice, html
from communique.pages.choice import NAMES, WEIGHTS, Piece, Weights
from communique.pages.decode import decode
from communique.pages.metadata import Metadata, fold, metadata

FOLDS = 5
RIDGE = 3.0
STAYS, ENTERS = 0.4, 0.8  # trafilatura's paragraphs are dropped, and others added, only for a good reason


@dataclass
class Page:
    """A page with its key, trafilatura's extraction, and its paragraphs with features and labels."""

    kind: str
    name: str
    key: str
    alone: str
    pieces: list[Piece]
    found: set[int]
    about: Metadata
    table: np.ndarray
    right: np.ndarray  # whether a paragraph is in the key
    words: np.ndarray


def keys(folder: Path) -> list[tuple[str, Path, str, str | None]]:
    """Returns kind, file, text and address of every page with a key."""
    news = json.loads((folder / "gold.json").read_text("utf-8"))
    other = json.loads((folder / "general/gold.json").read_text("utf-8"))
    rows = [("news", folder / n, "\n".join(k["paragraphs"]), None) for n, k in sorted(news.items())]
    return rows + [("general", folder / "general" / n, k["text"], k.get("url")) for n, k in sorted(other.items())]


def runs(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


def score(text: str, key: str) -> tuple[float, float, float]:
    """Returns F1, precision and recall over runs of four words."""
    a, b = runs(text), runs(key)
    both, mine, theirs = sum((a & b).values()), sum(a.values()), sum(b.values())
    return 2 * both / max(1, mine + theirs), both / max(1, mine), both / max(1, theirs)


def _in_key(piece: Piece, key: set[tuple[str, ...]], folded: str) -> bool:
    words = piece.folded.split()
    if len(words) < 4:
        return f" {piece.folded} " in folded
    mine = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
    return sum(m in key for m in mine) >= 0.5 * len(mine)


def load(kind: str, file: Path, key: str, url: str | None) -> Page:
    data = gzip.decompress(file.read_bytes())
    text = decode(data)
    tree = html.parse(text, file.name)
    about = metadata(tree, url)
    pieces, found = html._matched(html._pieces(tree), html._found(text), tree)
    plain = trafilatura.bare_extraction(data, with_metadata=True)
    known, folded = set(runs(fold(key))), f" {fold(key)} "
    return Page(
        kind,
        file.name,
        key,
        (plain.text or "") if plain else "",
        pieces,
        found,
        about,
        choice.features(pieces, found, about),
        np.asarray([_in_key(p, known, folded) for p in pieces], dtype=float),
        np.asarray([len(p.text.split()) for p in pieces], dtype=float),
    )


def logistic(x: np.ndarray, y: np.ndarray, weight: np.ndarray, ridge: float = RIDGE) -> np.ndarray:
    """Returns the weights of a logistic model, fitted by Newton's method with a ridge penalty on all but the first."""
    w = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 1e-3
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (weight * (p - y)) + penalty * w
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def fit(pages: list[Page]) -> Weights:
    """Fits both models. Paragraphs are weighted by their words; all pages have the same total weight."""
    parts = []
    for inside in (True, False):
        x, y, weight = [], [], []
        for page in pages:
            which = [i for i in range(len(page.pieces)) if (i in page.found) == inside]
            if not which:
                continue
            x.append(page.table[which])
            y.append(page.right[which])
            size = np.sqrt(page.words[which])
            weight.append(size / np.sqrt(page.words[list(page.found)]).sum() * 30 if page.found else size * 0)
        parts.append(logistic(np.concatenate(x), np.concatenate(y), np.concatenate(weight)))
    return Weights(parts[0], parts[1], STAYS, ENTERS)


def text_of(page: Page, weights: Weights) -> str:
    return "\n".join(page.pieces[i].text for i in choice.choose(page.pieces, page.found, page.about, weights))


def fold_of(name: str) -> int:
    return int(sha256(name.encode()).hexdigest(), 16) % FOLDS


def crossed(pages: list[Page]) -> list[tuple[Page, tuple[float, float, float]]]:
    """Returns each page's score by models fitted on other pages."""
    rows = []
    for at in range(FOLDS):
        weights = fit([p for p in pages if fold_of(p.name) != at])
        rows += [(p, score(text_of(p, weights), p.key)) for p in pages if fold_of(p.name) == at]
    return rows


def mean(rows: list[tuple[float, float, float]]) -> str:
    return "  ".join(f"{sum(r[i] for r in rows) / len(rows):.4f}" for i in range(3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="?", default="../shared/corpora", type=Path)
    parser.add_argument("--fit", action="store_true", help="write the weights of all pages")
    parser.add_argument("--each", action="store_true", help="print the pages that differ from trafilatura's result")
    options = parser.parse_args()
    pages = [load(*row) for row in keys(options.corpora / "pages")]
    rows = crossed(pages)
    print("                            F1      precision  recall")
    for kind in ("news", "general"):
        mine = [(p, s) for p, s in rows if p.kind == kind]
        print(f"{kind:8} {len(mine)} trafilatura    {mean([score(p.alone, p.key) for p, _ in mine])}")
        print(f"{kind:8} {len(mine)} chosen         {mean([s for _, s in mine])}")
    if options.each:
        for page, mine_ in sorted(rows, key=lambda r: r[1][0]):
            alone = score(page.alone, page.key)
            if abs(alone[0] - mine_[0]) > 0.01:
                print(
                    f"  {page.kind} {page.name[:24]} {alone[0]:.3f} to {mine_[0]:.3f} (recall "
                    f"{alone[2]:.3f} to {mine_[2]:.3f})"
                )
    if options.fit:
        weights = fit(pages)
        told = {
            "features": NAMES,
            "stay": [round(float(v), 4) for v in weights.stay],
            "enter": [round(float(v), 4) for v in weights.enter],
            "stays": STAYS,
            "enters": ENTERS,
        }
        WEIGHTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
