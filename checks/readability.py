"""`python -m checks.readability`: checks the length of sentences and paragraphs in the README and in `docs/`.

Skips code, tables, headings, images and comments. A page fails if its mean sentence has 20 words or more, or if a
paragraph or list item has more than 90. The mean is not checked on pages of fewer than five sentences.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SENTENCE = 20  # words; the mean sentence must have fewer
PARAGRAPH = 90  # maximum words of a paragraph
FEWEST = 5  # minimum number of sentences for a mean
FENCE = re.compile(r"^\s*(```|~~~).*?^\s*\1\s*$", re.M | re.S)
SKIPPED = re.compile(r"^\s*(\||#|<|!\[|\[!\[|---|===|:::|!!!)")
ITEM = re.compile(r"^\s*([-*+]|\d+\.)\s+")
END = re.compile(r"(?<=[.!?:])[\"')*_`]*\s+(?=[\"'(*_`\[]*[A-Z0-9`])")
SHORT = re.compile(r"\b(e\.g|i\.e|etc|vs|Mr|Mrs|Dr|No|St)\.")


class Page(NamedTuple):
    """The mean sentence and the longest paragraph of a page, in words."""

    path: Path
    sentences: int
    mean: float
    longest: int
    where: str

    @property
    def faults(self) -> list[str]:
        name = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        found = []
        if self.sentences >= FEWEST and self.mean >= SENTENCE:
            found.append(f"{name}: the mean sentence has {self.mean:.1f} words, must be under {SENTENCE}")
        if self.longest > PARAGRAPH:
            found.append(f"{name}: a paragraph has {self.longest} words, at most {PARAGRAPH}: {self.where!r}")
        return found


def paragraphs(text: str) -> list[str]:
    """Returns the prose of a Markdown page: paragraphs and list items, each as one line without link addresses."""
    text = re.sub(r"<!--.*?-->", "", FENCE.sub("\n\n", text), flags=re.S)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if not line.strip() or SKIPPED.match(line):
            found.append([])
        elif ITEM.match(line):
            found.append([ITEM.sub("", line)])
        else:
            found[-1].append(line.strip())
    return [" ".join(lines) for lines in found if lines]


def words(text: str) -> int:
    return sum(bool(re.search(r"\w", w)) for w in text.split())


def measure(path: Path) -> Page:
    prose = paragraphs(path.read_text("utf-8"))
    sentences = [s for p in prose for s in END.split(SHORT.sub(r"\1", p)) if words(s)]
    longest = max(prose, key=words, default="")
    mean = sum(map(words, sentences)) / max(1, len(sentences))
    return Page(path, len(sentences), mean, words(longest), longest[:60])


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def main() -> None:
    faults = [fault for path in pages() for fault in measure(path).faults]
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
