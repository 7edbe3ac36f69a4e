"""What a page gives before names and dates are resolved."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its page states it; `Reader` makes the final `Article` of it.

    `published` is a day or a time in ISO 8601 as the page gives it and `basis` where it stood.
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
    name: str = field(default="", compare=False)
