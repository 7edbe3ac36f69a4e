"""Stories: articles that tell the same news. Word-for-word copies are found; rewrites and independent accounts are not yet."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from ..schema import Node

__all__ = ["Member", "Story", "fingerprint", "stories_of"]


@dataclass(frozen=True, slots=True)
class Member(Node):
    """An article in a story, and how it came there."""

    article: str
    tie: Literal["first", "copy", "rewrite", "independent"]
    of: str | None


@dataclass(frozen=True, slots=True)
class Story(Node):
    """Articles that tell the same news; the first is the earliest published."""

    id: str
    articles: tuple[Member, ...]


def fingerprint(paragraphs: list[str]) -> str:
    """A hash of a text's words, equal for copies that differ in case, spacing and marks alone."""
    return hashlib.sha256(" ".join(re.findall(r"\w+", " ".join(paragraphs).lower())).encode("utf-8", "replace")).hexdigest()[:16]


def stories_of(articles: list[tuple[str, str, str | None]]) -> list[Story]:
    """Stories of articles given as `(id, fingerprint, published)`, whatever their order."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for article, mark, published in articles:
        groups.setdefault(mark, []).append((published or "9999", article))
    found = []
    for mark, members in sorted(groups.items()):
        members.sort()
        first = members[0][1]
        ties = [Member(first, "first", None)] + [Member(a, "copy", first) for _, a in members[1:]]
        found.append(Story(f"t:{mark}", tuple(ties)))
    return found
