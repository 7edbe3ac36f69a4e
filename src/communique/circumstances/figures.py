"""Figures: measured quantities with unit, what they measure, level or change, period, parties and source."""

from __future__ import annotations

import re

from ..parties import Linker
from ..reading import Reading
from ..schema import Figure, Time
from ..statements import Chain

_SCALE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "m": 1e6,
    "bn": 1e9,
    "tn": 1e12,
    "k": 1e3,
}
_MONEY = {
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₩": "KRW",
    "₹": "INR",
    "dollars": "USD",
    "dollar": "USD",
    "euros": "EUR",
    "euro": "EUR",
    "pounds": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "won": "KRW",
    "rupees": "INR",
    "rubles": "RUB",
    "roubles": "RUB",
    "francs": "CHF",
    "lira": "TRY",
    "a$": "AUD",
    "c$": "CAD",
}
_FALL = frozenset(
    [
        "fall",
        "drop",
        "decline",
        "decrease",
        "shrink",
        "plunge",
        "slump",
        "slide",
        "dip",
        "lose",
        "cut",
        "reduce",
        "contract",
        "tumble",
        "sink",
        "plummet",
        "lower",
        "slow",
        "halve",
    ]
)
_RISE = frozenset(
    [
        "rise",
        "increase",
        "grow",
        "climb",
        "jump",
        "gain",
        "surge",
        "expand",
        "soar",
        "add",
        "double",
        "triple",
        "widen",
        "raise",
    ]
)
_PATTERN = re.compile(
    r"""(?ix)(?<![\w.])
    (?:(?P<hedge>at\ least|more\ than|over|up\ to|at\ most|less\ than|fewer\ than|nearly|almost|about|around|some
        |an\ estimated|no\ more\ than)\s{0,3})?
    (?P<money>US\$|A\$|C\$|[$€£¥₩₹])?\s?(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?(?:-|–|to)\s?(?P<m>\d+(?:\.\d+)?))?
    (?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|bn|tn|m|k)\b)?
    \s?(?P<unit>%|percentage\ points|per\ cent|percent)?"""
)


def figures_of(reading: Reading, linker: Linker, chain: Chain, times: tuple[Time, ...]) -> tuple[Figure, ...]:
    """Returns figures in order. Dates, clock times, ordinals and bare numbers without a noun are not figures."""
    taken = [(t.start, t.end) for t in times]
    by_start = {w.start: w.index for w in reading.words}
    found = []
    for match in _PATTERN.finditer(reading.text):
        start = match.start("money") if match["money"] else match.start("n")
        end = match.end()
        while end > start and reading.text[end - 1].isspace():
            end -= 1
        if any(s < end and start < e for s, e in taken):
            continue
        after = reading.text[end : end + 2]
        if re.match(r"(?:st|nd|rd|th)\b|[:/]\d|[-–]\w", after) and not match["unit"]:
            continue
        word = by_start.get(match.start("n"))
        if word is None:
            continue
        value = float(match["n"].replace(",", "")) * _SCALE.get((match["scale"] or "").lower(), 1)
        high = float(match["m"]) * _SCALE.get((match["scale"] or "").lower(), 1) if match["m"] else None
        unit, head = _unit(reading, match, word)
        if unit is None:
            continue
        measured, change = _measured(reading, head)
        hedge = (match["hedge"] or "").lower()
        low_bound = value if hedge in ("at least", "more than", "over") else value if high else None
        high_bound = (
            high
            if high
            else value
            if hedge in ("up to", "at most", "less than", "fewer than", "nearly", "almost", "no more than")
            else None
        )
        if change < 0:
            value = -value
        sentence = reading.sentence_of(word)
        a, b = reading.span(*sentence)
        period = _period(reading, head, [t for t in times if a <= t.start < b and t.from_])
        top = _clause_top(reading, head)
        parties = []
        for w in reading.subtree(top):
            if reading.words[w].upos in ("PROPN",) and reading.words[w].rel.split(":")[0] in ("nmod", "nsubj", "obl"):
                mention = linker.at(w)
                if (
                    mention
                    and mention.country
                    and w not in [i for f in chain.over(word) for i in f.source_words]
                    and mention not in parties
                    and mention.sector != "JRN"
                ):
                    parties.append(mention)
        according, _ = chain.of(word)
        text_start = match.start("hedge") if match["hedge"] and hedge in ("at least", "more than", "up to") else start
        found.append(
            Figure(
                reading.text[text_start:end],
                text_start,
                end,
                measured,
                value,
                low_bound,
                high_bound,
                unit,
                change != 0,
                period.from_ if period else None,
                period.to if period else None,
                tuple(parties[:3]),
                according,
            )
        )
    return tuple(found)


def _unit(reading: Reading, match: re.Match[str], word: int) -> tuple[str | None, int]:
    """Returns the unit, or `None`, and the word that the number belongs to in the tree."""
    if match["money"]:
        return _MONEY.get(match["money"].lower(), "USD"), _head(reading, word)
    if match["unit"]:
        return "percent", _head(reading, word)
    head = word
    for _ in range(3):
        above = reading.words[head].head
        if reading.words[head].rel.split(":")[0] in ("nummod", "compound", "flat", "advmod") and above != head:
            head = above
        else:
            break
    noun = reading.words[head]
    if noun.lemma.lower() in _MONEY or noun.text.lower() in _MONEY:
        return _MONEY.get(noun.text.lower()) or _MONEY[noun.lemma.lower()], head
    if head != word and noun.upos == "NOUN" and noun.sentence == reading.words[word].sentence:
        return noun.lemma.lower(), head
    return None, word


def _head(reading: Reading, word: int) -> int:
    """Returns the top word of a number and its unit: "%" of "75%"."""
    node = word
    for _ in range(4):
        above = reading.words[node].head
        if (
            above != node
            and reading.words[above].upos in ("SYM", "NUM")
            or reading.words[above].lemma.lower() in ("percent", "%", "cent", "million", "billion")
        ):
            node = above
        else:
            break
    return node


def _clause_top(reading: Reading, word: int) -> int:
    node = word
    for _ in range(20):
        if reading.words[node].upos in ("VERB", "AUX") or reading.words[node].head == node:
            return node
        node = reading.words[node].head
    return node


def _measured(reading: Reading, head: int) -> tuple[str | None, int]:
    """Returns what is measured, or `None`, and whether it is a change: 1 a rise, -1 a fall, 0 a level."""
    node, change = head, 0
    for _ in range(6):
        word = reading.words[node]
        lemma = word.lemma.lower()
        if lemma in _FALL:
            change = -1
        elif lemma in _RISE:
            change = 1
        if word.upos == "VERB":
            subjects = [*reading.dependents(node, "nsubj")]
            if change and subjects:
                words = [w for w in reading.subtree(subjects[0], ("acl", "appos", "punct", "parataxis"))]
                start, end = reading.span(words[0], words[-1] + 1)
                return " ".join(reading.text[start:end].split()), change
            break
        if change and word.upos == "NOUN":
            of = [c for c in reading.dependents(node, "nmod")]
            if of:
                start, end = reading.span(of[0], of[0] + 1)
                return reading.text[start:end], change
        if word.head == node:
            break
        node = word.head
    word = reading.words[head]
    if word.upos == "NOUN":
        return word.text.lower(), 0
    above = reading.words[word.head]
    return (above.text.lower() if above.upos == "NOUN" and above.index != head else None), 0


def _period(reading: Reading, head: int, times: list[Time]) -> Time | None:
    """Returns the time in the figure's clause that is nearest to it; times of clauses below count only if it has no
    other.
    """
    if not times:
        return None
    top = _clause_top(reading, head)
    under = set(reading.subtree(top, ("advcl", "parataxis", "conj")))
    place = reading.words[head].start
    inside = [t for t in times if not under.isdisjoint(reading.words_in(t.start, t.end))]
    own = [t for t in inside if not _relative(reading, t, top)]
    return min(own or inside, key=lambda t: abs(t.start - place)) if (own or inside) else None


def _relative(reading: Reading, time: Time, top: int) -> bool:
    """Returns whether a time is in a relative or complement clause below the figure's own clause."""
    node: int | None = next(iter(reading.words_in(time.start, time.end)), None)
    while node is not None and node != top and reading.words[node].head != node:
        if reading.words[node].rel in ("acl:relcl", "ccomp"):
            return True
        node = reading.words[node].head
    return False
