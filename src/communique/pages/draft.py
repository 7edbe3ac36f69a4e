"""The draft of an article, before names and dates are resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST = 20_000  # characters of furniture kept for a page


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its page states it; `Reader` makes the final `Article` of it.

    `published` is a day or a time in ISO 8601 as the page gives it, and `basis` where the page states it. `furniture`
    is the text around the article. `seconds` is the time taken to make the draft.
    """

    title: str | None
    paragraphs: tuple[str, ...]
    format: str
    sha256: str
    bytes: int
    url: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    domain: str | None = None
    published: str | None = None
    basis: str | None = None
    language: str | None = None
    days: tuple[str | None, ...] = ()  # for live reports, the day of each paragraph as the page states it
    furniture: tuple[str, ...] = field(default=(), compare=False)
    seconds: float = field(default=0.0, compare=False)
    name: str = field(default="", compare=False)


def besides(lines: Iterable[str], kept: Iterable[str]) -> tuple[str, ...]:
    """Returns the lines of a page besides its article, each once, in order, up to `MOST` characters."""
    seen = {" ".join(k.split()) for k in kept}
    found: list[str] = []
    room = MOST
    for line in lines:
        line = " ".join(line.split())
        if not line or line in seen:
            continue
        seen.add(line)
        if (room := room - len(line)) < 0:
            break
        found.append(line)
    return tuple(found)
