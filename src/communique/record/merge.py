"""Merges accounts of one event: which ones belong together, what most of them say, where they differ, and how many
independent origins they have.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from os.path import commonprefix
from typing import Any

from ..schema import Event, PartyMention
from ..stories import Story
from .profile import key_of

AGENCIES = {
    "Reuters": "Reuters",
    "AP": "Associated Press",
    "Associated Press": "Associated Press",
    "AFP": "Agence France-Presse",
    "Agence France-Presse": "Agence France-Presse",
    "Xinhua": "Xinhua",
    "KCNA": "KCNA",
    "TASS": "TASS",
    "Interfax": "Interfax",
    "RIA": "RIA Novosti",
    "Yonhap": "Yonhap",
    "Kyodo": "Kyodo",
    "ANSA": "ANSA",
    "EFE": "EFE",
    "dpa": "dpa",
    "DPA": "dpa",
    "PTI": "Press Trust of India",
    "ANI": "ANI",
    "UPI": "UPI",
    "Anadolu": "Anadolu",
    "AA": "Anadolu",
    "SANA": "SANA",
    "IRNA": "IRNA",
    "WAM": "WAM",
    "SPA": "Saudi Press Agency",
    "Bernama": "Bernama",
    "Antara": "Antara",
    "MENA": "MENA",
    "Ukrinform": "Ukrinform",
    "Belga": "Belga",
    "CNA": "Central News Agency",
}
_NAMES = "|".join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))
_CREDIT = re.compile(
    rf"\((?P<a>{_NAMES})\)\s*(?:—|–|--|-)|(?:^|\n)(?:By\s+)?(?P<b>{_NAMES})(?:\s+staff)?\s*(?=\n|$)|(?:Source|©|\(c\)|Copyright)\s*+:?\s*+(?:\d{{4}}\s++)?(?P<c>{_NAMES})\b"
)


@dataclass(frozen=True, slots=True)
class Account:
    """An event as one article reports it; `origin` is the medium, agency or article that it goes back to."""

    event: Event
    published: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A recorded event. Its id is that of its earliest account."""

    id: str
    event: Event
    accounts: tuple[str, ...]
    origins: int
    reports: int
    disputes: tuple[dict[str, Any], ...]


def credited(text: str, byline: str | None) -> str | None:
    """Returns the news agency that an article credits in a dateline, a byline or a credit line, else `None`."""
    if byline and byline.strip() in AGENCIES:
        return AGENCIES[byline.strip()]
    edges = text[:600] + "\n" + text[-300:]
    match = _CREDIT.search(edges)
    return AGENCIES[match["a"] or match["b"] or match["c"]] if match else None


def roots(story: Story) -> dict[str, str]:
    """Returns for each article of a story the article from which its text was copied or rewritten, else itself."""
    of = {m.article: m.of for m in story.articles if m.tie in ("copy", "rewrite")}
    found = {}
    for m in story.articles:
        at = m.article
        for _ in range(len(story.articles)):
            above = of.get(at)
            if above is None:
                break
            at = above
        found[m.article] = at
    return found


def origin(event: Event, root: str, agency: str | None) -> str:
    """Returns the origin of an account: the medium that it names, else the agency that its article credits, else
    `root`.
    """
    medium = next((a for a in event.according_to if a.level == 0 and a.kind == "reported" and (a.id or a.name)), None)
    return medium.id or str(medium.name) if medium else agency or root


def _sides(one: tuple[PartyMention, ...], other: tuple[PartyMention, ...]) -> float | None:
    """Returns from 0 to 1 how far two sides are the same parties; `None` if one is missing, or has no name and no state
    and the words differ.
    """
    keys = [{key_of(p) for p in side} - {""} for side in (one, other)]
    named = all(any(p.country or p.name for p in side) for side in (one, other))
    if keys[0] & keys[1]:
        return 1.0 if named else 0.7
    if not named:
        return None
    countries = [{p.country for p in side if p.country} for side in (one, other)]
    if countries[0] & countries[1]:
        return 0.7
    return 0.0


def _same_word(a: Event, b: Event) -> bool:
    """Whether both triggers are forms of one word: all but the end of the shorter one begins the other."""
    if a.evidence.trigger is None or b.evidence.trigger is None:
        return False
    one, other = a.evidence.trigger.text.lower(), b.evidence.trigger.text.lower()
    return one == other or len(commonprefix((one, other))) >= max(4, min(len(one), len(other)) - 2)


def _both(a: Event, b: Event) -> bool:
    """Whether two accounts have two parties or two states in common, on any side."""
    parties = [(*e.actors, *e.recipients) for e in (a, b)]
    keys, states = (
        [{key_of(p) for p in side} for side in parties],
        [{p.country for p in side if p.country} for side in parties],
    )
    return len(keys[0] & keys[1]) > 1 or len(states[0] & states[1]) > 1


def alike(a: Event, b: Event, only: bool = False) -> float:
    """Returns a score from 0 to 1 that two accounts in different articles of a story are one event. `only` says that
    neither article has another event of the type by the same party.
    """
    same_words = _same_word(a, b)
    if a.type != b.type and not same_words:
        return 0.0
    if a.evidence.text == b.evidence.text and same_words:
        return 1.0
    sides = [_sides(a.actors, b.actors), _sides(a.recipients, b.recipients)]
    if (
        a.recipients
        and not a.actors
        or b.recipients
        and not b.actors
        or {a.type, b.type} & {"CONSULT", "AGREE", "COOPERATE"}
    ):
        crossed = _sides((*a.actors, *a.recipients), (*b.actors, *b.recipients))
        sides = sides if None not in sides else [crossed, crossed if _both(a, b) else None]
    told = [s for s in sides if s is not None]
    if 0.0 in told or not told and not only:
        return 0.0
    words = [set(re.findall(r"\w{4,}", e.evidence.text.lower())) for e in (a, b)]
    shared = len(words[0] & words[1]) / max(1, min(len(words[0]), len(words[1])))
    score = (
        sum(told) / 2 if len(told) == 2 else (ONLY if only and shared >= AKIN else 0.4) * (told[0] if told else UNTOLD)
    )
    if a.date and b.date and a.date.from_ and b.date.from_ and a.date.to and b.date.to:
        apart = max(
            0,
            (date.fromisoformat(max(a.date.from_, b.date.from_)) - date.fromisoformat(min(a.date.to, b.date.to))).days,
        )
        stated = "stated" in (a.date.basis, b.date.basis)
        if apart > (1 if a.date.basis == b.date.basis == "stated" else 7 if stated else 3):
            return 0.0
        score -= 0.05 * min(apart, 4)
    if a.mode and b.mode and a.mode != b.mode:
        score -= 0.2
    return max(0.0, min(1.0, score * (0.7 if a.type != b.type else 1.0) + 0.3 * shared + 0.1 * same_words))


ONLY = 0.65  # factor if only one side can be compared and no other event of the type can be meant
UNTOLD = 0.8  # agreement assumed if neither side can be compared
AKIN = 0.2  # share of the shorter sentence's longer words that the other must have too
JOIN = 0.72  # score above which two accounts are one event


def merged(accounts: Iterable[Account], together: Iterable[frozenset[str]] = ()) -> list[Merged]:
    """Returns the recorded events of one story; `together` are pairs of accounts that a judgement merges."""
    order = sorted(accounts, key=lambda a: (a.published or "9999", a.event.article, a.event.evidence.start, a.event.id))
    groups: list[list[Account]] = []
    held: list[set[str]] = []  # the articles of each group
    said: defaultdict[str, set[str]] = defaultdict(set)
    for pair in together:
        for event in pair:
            said[event] |= pair
    lone = _lone(order)
    for account in order:
        best, score, article = None, JOIN, account.event.article
        with_it = said.get(account.event.id)
        for at, group in enumerate(groups):
            if with_it and any(g.event.id in with_it for g in group):
                best = at
                break
            if article in held[at]:
                continue
            near = max(alike(account.event, g.event, lone[account.event.id] and lone[g.event.id]) for g in group[:5])
            if near > score:
                best, score = at, near
        if best is None:
            groups.append([account])
            held.append({article})
        else:
            groups[best].append(account)
            held[best].add(article)
    return [_one(group) for group in groups]


def _lone(accounts: list[Account]) -> dict[str, bool]:
    """Returns by id whether an event is the only one of its type in its article for all of its parties."""

    def kinds(e: Event) -> set[tuple[str, str, str]]:
        return {(e.article, e.type, key_of(p)) for p in (*e.actors, *e.recipients) if p.country or p.name}

    seen = Counter(k for a in accounts for k in kinds(a.event))
    return {a.event.id: all(seen[k] == 1 for k in kinds(a.event)) for a in accounts}


def _one(group: list[Account]) -> Merged:
    def face(e: Event) -> tuple[Any, ...]:
        return e.type, e.modality, e.polarity

    common = Counter(face(a.event) for a in group)
    chosen = max(group, key=lambda a: (common[face(a.event)], -group.index(a)))
    event = chosen.event
    if (event.date is None or event.date.basis != "stated") and (
        stated := next((a.event.date for a in group if a.event.date and a.event.date.basis == "stated"), None)
    ):
        event = replace(event, date=replace(stated, text=None, start=None, end=None))
    return Merged(
        group[0].event.id,
        replace(event, id=group[0].event.id),
        tuple(a.event.id for a in group),
        len({a.origin for a in group}),
        len({a.event.article for a in group}),
        tuple(_disputes(group)),
    )


def _disputes(group: list[Account]) -> list[dict[str, Any]]:
    """Returns the fields in which accounts differ, each value with the accounts that have it."""
    found = []
    fields: dict[str, Callable[[Event], str | None]] = {
        "type": lambda e: e.type,
        "mode": lambda e: e.mode,
        "modality": lambda e: e.modality,
        "polarity": lambda e: e.polarity,
        "date": lambda e: f"{e.date.from_}/{e.date.to}" if e.date and e.date.basis == "stated" else None,
    }
    for name, of in fields.items():
        values: dict[str, list[str]] = {}
        for a in group:
            if (value := of(a.event)) is not None:
                values.setdefault(value, []).append(a.event.id)
        if len(values) > 1:
            found.append(
                {"field": name, "values": [{"value": v, "accounts": ids} for v, ids in sorted(values.items())]}
            )
    return found
