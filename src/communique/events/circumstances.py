"""When and where an event took place: the time that governs it, the place in its clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ..parties import Linker
from ..reading import Reading
from ..schema import EventDate, Modality, PartyMention, Place, Published, Time

_EARLIER = frozenset(("after", "since", "following", "before", "until"))


def date_of(reading: Reading, trigger: int, times: tuple[Time, ...], triggers: set[int], published: Published | None, how: Modality) -> EventDate:
    """The time that governs an event: one in its clause, one over it, else the page's own day where the tense allows."""
    a, b = reading.sentence_of(trigger)
    low, high = reading.span(a, b)
    here = [t for t in times if low <= t.start < high and t.type in ("DATE", "TIME", "DURATION") and (t.from_ or t.type != "DURATION")]
    best: Time | None = None
    distance = 99
    for time in here:
        words = list(reading.words_in(time.start, time.end))
        if not words:
            continue
        head = next((i for i in words if reading.words[i].head not in words), words[0])
        node, steps = head, 0
        while node != trigger and reading.words[node].head != node and steps < 12:
            rel = reading.words[node].rel.split(":")[0]
            within = rel in ("compound", "nummod", "amod") and reading.words[node].head != trigger  # of "the 1971 convention", not of what was said of it
            node, steps = reading.words[node].head, steps + 1
            if node != trigger and (node in triggers or within or reading.words[node].rel.split(":")[0] in ("ccomp", "acl", "advcl", "csubj", "parataxis")):
                steps += 20
        if node == trigger and steps < distance:
            best, distance = time, steps
    if best is None:
        # A time that hangs on the verb above holds for what that verb governs.
        node = trigger
        for _ in range(3):
            above = reading.words[node].head
            rel = reading.words[node].rel.split(":")[0]
            if above == node or rel not in ("xcomp", "obj", "conj", "obl", "nmod", "nsubj", "advcl", "acl"):
                break
            node = above
            near = [(apart, t) for t in here if (apart := _steps(reading, t, node, triggers - {trigger})) is not None and apart <= (3 if rel == "conj" else 1)]
            if near:
                best = min(near, key=lambda n: n[0])[1]
                break
    whole = published if published is not None and published.from_ != published.to and how in ("actual", "desired") else None
    if best is not None:
        if best.from_ is None and whole and best.type != "DURATION" and best.value != "FUTURE_REF":
            return EventDate(best.text, best.start, best.end, whole.from_, whole.to, "inferred")
        return EventDate(best.text, best.start, best.end, best.from_, best.to, "stated" if best.from_ else "none")
    if _background(reading, trigger):
        return EventDate(None, None, None, None, None, "none")
    node = trigger
    for _ in range(3):
        word = reading.words[node]
        aux = {reading.words[c].text.lower() for c in reading.dependents(node, "aux")}
        if "had" in aux or "'d" in aux:
            return EventDate(None, None, None, None, None, "none")
        if word.upos == "VERB" or word.head == node:
            break
        node = word.head
    if published is not None and how in ("actual", "desired") and published.from_ == published.to:
        return EventDate(None, None, None, published.from_, published.to, "published")
    if whole:  # of a page whose day is not known the days that it may be of are
        return EventDate(None, None, None, whole.from_, whole.to, "inferred")
    return EventDate(None, None, None, None, None, "none")


class Told(Protocol):
    """What carrying a date needs to know of an event."""

    trigger: int
    type: str
    actors: list[PartyMention]
    recipients: list[PartyMention]
    modality: Modality


_HANGS = frozenset(("advcl", "acl", "obl", "nmod", "xcomp", "obj", "conj"))
_WITHIN = frozenset(("during", "on", "at", "in", "throughout"))


def carried(reading: Reading, drafts: Sequence[Told], dates: Mapping[int, EventDate], where: Mapping[int, Place | None]) -> dict[int, EventDate]:
    """Dates with those that belong to an episode told elsewhere in the article: who only seems to act on the page's day, for no time is told, acts when the visit or the talks took place
    that it is part of. A part hangs on the dated act in its sentence ("with Washington pushing Beijing"), is told during it ("during his visit to Seoul"), or is the same visit or meeting again: of the
    same visitor to the same host, or at the same place. What reaches back before it ("after", "since", "had") is no part of it.
    """
    found = dict(dates)
    by_trigger = {d.trigger: d for d in drafts}
    for _ in range(3):
        for d in drafts:
            if found[d.trigger].basis != "published" or d.modality != "actual":
                continue
            if any("then-" in (p.text or "").lower() for p in (*d.actors, *d.recipients)):
                found[d.trigger] = EventDate(None, None, None, None, None, "none")  # of somebody in an office that is over
                continue
            episode = _over(reading, d.trigger, by_trigger, found) or _same_episode(d, drafts, found, where)
            if episode is not None:
                told = found[episode]
                found[d.trigger] = EventDate(told.text, told.start, told.end, told.from_, told.to, "inferred")
    return found


def _dated(date: EventDate) -> bool:
    return date.from_ is not None and date.basis in ("stated", "inferred") and date.text is not None


def _over(reading: Reading, trigger: int, by_trigger: Mapping[int, Told], dates: Mapping[int, EventDate]) -> int | None:
    """A dated act that one hangs on, or during which it is told, itself or what it is told together with."""
    node = trigger
    for _ in range(4):
        for child in reading.dependents(node, "obl", "nmod"):
            cases = {reading.words[c].text.lower() for c in reading.dependents(child, "case")}
            if child != trigger and child in by_trigger and cases & _WITHIN and _dated(dates[child]):
                return child
        word = reading.words[node]
        if word.head == node or word.rel.split(":")[0] not in _HANGS or _background(reading, node):
            return None
        node = word.head
        if node in by_trigger and by_trigger[node].modality == "actual" and _dated(dates[node]) and reading.words[trigger].rel.split(":")[0] != "conj":
            return node
    return None


def _same_episode(d: Told, drafts: Sequence[Told], dates: Mapping[int, EventDate], where: Mapping[int, Place | None]) -> int | None:
    """A dated visit or meeting that a visit or meeting is told of again."""
    if d.type != "CONSULT":
        return None
    mine = {p.name or p.country for p in d.actors} - {None}
    hosts = {p.country for p in d.recipients} - {None}
    here = where.get(d.trigger)
    for other in drafts:
        if other is d or other.modality != "actual" or not _dated(dates[other.trigger]):
            continue
        if other.type == "CONSULT" and mine & {p.name or p.country for p in other.actors} and hosts & {p.country for p in other.recipients}:
            return other.trigger
        there = where.get(other.trigger)
        states = {p.country for p in (*d.actors, *d.recipients)} & {p.country for p in (*other.actors, *other.recipients)} - {None}
        if here is not None and there is not None and states and _one_place(here, there):
            return other.trigger
    return None


def _one_place(a: Place, b: Place) -> bool:
    """Whether two places are one, or one lies in the division that is the other."""
    if a.country != b.country or a.name is None or b.name is None:
        return False
    return a.name == b.name or b.name == a.admin1 or a.name == b.admin1


def _steps(reading: Reading, time: Time, node: int, others: set[int]) -> int | None:
    """How many words a time hangs below a word without another event between; `None` where it does not."""
    words = list(reading.words_in(time.start, time.end))
    if not words:
        return None
    at = next((i for i in words if reading.words[i].head not in words), words[0])
    for steps in range(1, 6):
        above = reading.words[at].head
        if above == node:
            return steps
        if above == at or above in others:
            return None
        at = above
    return None


def _background(reading: Reading, trigger: int) -> bool:
    """Whether it is told as what came before something else: "after he visited", "since the attack"."""
    node = trigger
    for _ in range(4):
        word = reading.words[node]
        rel = word.rel.split(":")[0]
        if rel in ("advcl", "obl", "nmod") and any(reading.words[c].text.lower() in _EARLIER for c in reading.dependents(node, "mark", "case", "advmod")):
            return True
        if rel not in ("conj", "xcomp", "obj", "nsubj", "compound") or word.head == node:
            return False
        node = word.head
    return False


def place_of(reading: Reading, trigger: int, linker: Linker, places: tuple[Place, ...]) -> Place | None:
    """Where it happened: a place in the event's clause after a preposition of place."""
    if not places:
        return None
    by_start = {p.start: p for p in places}
    nodes = [trigger]
    above = reading.words[trigger].head
    if reading.words[trigger].rel.split(":")[0] in ("obj", "nsubj") and reading.words[above].upos == "VERB":
        nodes.append(above)
    for node in nodes:
        for child in reading.dependents(node, "obl", "nmod"):
            for head in (child, *reading.dependents(child, "nmod"), *reading.dependents(child, "compound")):
                inside = [w for w in linker.phrase(head)]
                case = next((reading.words[c].text.lower() for c in reading.dependents(head, "case")), "")
                for w in inside:
                    place = by_start.get(reading.words[w].start)
                    if place is not None and (case in ("in", "at", "near", "across", "off", "outside", "inside", "around", "throughout") or (case == "to" and reading.words[trigger].lemma in ("visit", "trip", "travel"))):
                        return place
    if reading.words[trigger].lemma in ("visit", "arrive", "tour") or reading.words[trigger].lemma in ("trip", "tour"):
        for child in reading.dependents(trigger, "obj", "obl", "nmod"):
            place = by_start.get(reading.words[child].start)
            if place is not None:
                return place
    return None
