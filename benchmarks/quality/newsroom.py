"""A newsroom of our own: twelve stories with copies, near copies, rewrites and independent accounts, made from
`newsroom.txt`.

From each wire text: two copies, three near copies (site furniture, a paragraph less, another headline), three light
rewrites (other words, other order). From the retelling: itself and two light rewrites. From the independent account:
itself and a near copy. Fourteen articles a story, 168 in all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..common import DATA

OTHER_WORDS = {
    "said": "stated",
    "called": "described",
    "asked": "requested",
    "about": "roughly",
    "closed": "shut",
    "accusing": "blaming",
    "stopped": "halted",
    "sent": "dispatched",
    "released": "freed",
    "sentenced": "condemned",
    "expelled": "threw out",
    "signed": "concluded",
    "agreement": "accord",
    "rejected": "dismissed",
    "killed": "left dead",
    "allowed": "let",
    "fired": "launched",
    "reopened": "put back to work",
    "promised": "pledged",
    "urged": "pressed",
    "welcomed": "praised",
    "thanked": "expressed thanks to",
    "Tuesday": "Tuesday",
    "after": "following",
    "because": "since",
    "worth": "valued at",
    "damaged": "hit",
    "lowered": "cut",
    "talks": "negotiations",
    "met": "came together",
}
FURNITURE = (
    "Share this article",
    "Subscribe to our newsletter for more",
    "Read also: weather for the weekend",
    "All rights reserved",
    "Photo: file picture",
)


class Article(NamedTuple):
    """`kind` is how it was made; `of` is the text it follows: the wire (A), the retelling (B) or an independent account
    (C).
    """

    name: str
    story: int
    kind: str
    of: str
    day: str
    text: str


def texts() -> Iterator[tuple[int, str, str, str, list[str]]]:
    """Yields `(story, day, letter, headline, sentences)` for every text in the file."""
    story, day = -1, ""
    for line in (DATA / "newsroom.txt").read_text("utf-8").splitlines():
        if line.startswith("= "):
            story, day = story + 1, line[2:]
        elif line.startswith("- "):
            letter, headline = line[2:].split(" | ")
        elif line and not line.startswith("#"):
            yield story, day, letter, headline, re.split(r"(?<=[.!?])\s+(?=[A-Z“])", line)


def _joined(headline: str, sentences: list[str], rng: random.Random) -> str:
    at = max(1, len(sentences) // 2)
    return "\n\n".join([headline, " ".join(sentences[:at]), " ".join(sentences[at:])])


def _light(headline: str, sentences: list[str], rng: random.Random) -> str:
    """Replaces words and reorders the sentences after the first."""
    rest = sentences[1:]
    rng.shuffle(rest)

    def swap(m):
        return OTHER_WORDS[m[0]] if rng.random() < 0.8 else m[0]

    pattern = re.compile(r"\b(" + "|".join(OTHER_WORDS) + r")\b")
    return pattern.sub(swap, _joined(headline + ", officials say", [sentences[0], *rest], rng))


def _near(headline: str, sentences: list[str], rng: random.Random, number: int) -> str:
    kept = [s for i, s in enumerate(sentences) if i == 0 or i != len(sentences) - 1 - number % 2]
    text = _joined(headline if number else f"UPDATE 1 - {headline}", kept, rng)
    return text + "\n\n" + rng.choice(FURNITURE)


def articles(seed: int = 1) -> list[Article]:
    rng, found = random.Random(seed), []
    for story, day, letter, headline, sentences in texts():
        base = f"{story}{letter}"

        def put(kind: str, text: str, of: str, story: int = story, day: str = day) -> None:
            found.append(Article(f"{of}-{kind}-{len(found)}", story, kind, of, day, text))

        put("base", _joined(headline, sentences, rng), base)
        if letter == "A":
            put("copy", _joined(headline, sentences, rng).replace("  ", " "), base)
            put("copy", _joined(headline.upper(), sentences, rng), base)
            for number in range(3):
                put("near copy", _near(headline, sentences, rng, number), base)
        if letter == "C":
            put("near copy", _near(headline, sentences, rng, 1), base)
        if letter in "AB":
            for _ in range(3 if letter == "A" else 2):
                put("light rewrite", _light(headline, sentences, rng), base)
    return found


def acts() -> dict[tuple[int, str], dict[str, str]]:
    """Returns for each story and letter the lower-case trigger words, with the name of the act."""
    found: dict[tuple[int, str], dict[str, str]] = {}
    story = -1
    for line in (DATA / "newsroom_acts.txt").read_text("utf-8").splitlines():
        if line == "=":
            story += 1
        elif line and not line.startswith("#"):
            act, *told = (part.strip() for part in line.split("|"))
            for letter, words in zip("AB", told):
                for word in filter(None, (w.strip() for w in words.split(","))):
                    for form in (word, *OTHER_WORDS.get(word, "").split()):
                        found.setdefault((story, letter), {})[form] = act
    return found
