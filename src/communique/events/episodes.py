"""When an act took place that is dated elsewhere in the article: as part of a visit or talks, told again, meanwhile, in answer, or by saying it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ..reading import Reading
from ..schema import EventDate, Modality, PartyMention, Place
from .circumstances import background


class Told(Protocol):
    """What carrying a date needs to know of an event."""

    trigger: int
    type: str
    actors: list[PartyMention]
    recipients: list[PartyMention]
    modality: Modality


NEAR = 200  # events before and after among which one is told again; no story has more, and a list of a thousand attacks is none
_HANGS = frozenset(("advcl", "acl", "obl", "nmod", "xcomp", "obj", "conj"))
_WITHIN = frozenset(("during", "on", "at", "in", "throughout"))
_AGAIN = frozenset(("the", "this", "these", "that", "those", "both", "such"))
_ANSWERS = frozenset(("response", "reply", "answer", "reaction", "retaliation"))


def carried(
    reading: Reading,
    drafts: Sequence[Told],
    dates: Mapping[int, EventDate],
    where: Mapping[int, Place | None],
    date_at: Callable[[int], EventDate],
    own: frozenset[int],
) -> dict[int, EventDate]:
    """Dates with those that belong to an episode told elsewhere in the article: who only seems to act on the page's day, for no time is told, acts when the visit or the talks took place
    that it is part of. A part hangs on the dated act in its sentence ("with Washington pushing Beijing"), is told during it ("during his visit to Seoul"), or is the same visit or meeting again: of the
    same visitor to the same host, or at the same place. What reaches back before it ("after", "since", "had") is no part of it. So with an act told again: by a noun that points back to it
    ("Blinken's criticism"), or by its verb with the thing that it was done to ("the messages were exchanged on Monday", `date_at` saying when a word's act took place). What somebody does by saying it (`own`: triggers) is done when it is said.
    """
    found = dict(dates)
    by_trigger = {d.trigger: d for d in drafts}
    verbs = _verbs(reading)
    for _ in range(3):
        for n, d in enumerate(drafts):
            if not _for_want(found[d.trigger]) or d.modality != "actual":
                continue
            near = drafts[max(0, n - NEAR) : n + NEAR]
            if any("then-" in (p.text or "").lower() for p in (*d.actors, *d.recipients)):
                found[d.trigger] = EventDate(
                    None, None, None, None, None, "none"
                )  # of somebody in an office that is over
                continue
            episode = (
                _over(reading, d.trigger, by_trigger, found)
                or _meanwhile(reading, d, near, by_trigger, found)
                or _same_episode(d, near, found, where)
                or _pointed_at(reading, d, near, found)
            )
            told = (
                found[episode]
                if episode is not None
                else _told_again(reading, d.trigger, verbs[reading.words[d.trigger].lemma], by_trigger, found, date_at)
            )
            if told is None and d.trigger in own:
                told = _said(reading, d.trigger, by_trigger, found, date_at)
            if told is not None:
                found[d.trigger] = EventDate(told.text, told.start, told.end, told.from_, told.to, "inferred")
    return found


def _verbs(reading: Reading) -> dict[str, list[int]]:
    """Where each verb stands, by lemma."""
    found: dict[str, list[int]] = defaultdict(list)
    for word in reading.words:
        if word.upos == "VERB":
            found[word.lemma].append(word.index)
    return found


def retellings(reading: Reading, triggers: set[int]) -> dict[int, list[int]]:
    """For each verb that tells an act, the verbs that tell no act of their own and tell it again: "the treaty was signed in Lome"."""
    verbs = _verbs(reading)
    told = {}
    for t in triggers:
        if reading.words[t].upos == "VERB":
            same = verbs[reading.words[t].lemma]
            after = same[bisect_right(same, t) :][:NEAR]
            told[t] = [i for i in after if i not in triggers and retells(reading, t, i)]
    return {t: found for t, found in told.items() if found}


def _for_want(date: EventDate) -> bool:
    """Whether it is the page's own day, or the days it may be of, for want of another."""
    return date.basis == "published" or date.basis == "inferred" and date.text is None


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
            if (
                reading.words[child].lemma in _ANSWERS
            ):  # "in response to the expulsions": of the time of what is answered
                beside = (
                    o for o in reading.dependents(node, "obl") if child + 1 in reading.dependents(o, "case")
                )  # "to" what: read as the verb's own
                for thing in (*reading.dependents(child, "nmod"), *beside):
                    if (
                        thing != trigger
                        and thing in by_trigger
                        and _dated(dates[thing])
                        and by_trigger[thing].modality == "actual"
                    ):
                        return thing
        word = reading.words[node]
        if word.head == node or word.rel.split(":")[0] not in _HANGS or background(reading, node):
            return None
        node = word.head
        if (
            node in by_trigger
            and by_trigger[node].modality == "actual"
            and _dated(dates[node])
            and reading.words[trigger].rel.split(":")[0] != "conj"
        ):
            return node
    return None


def _meanwhile(
    reading: Reading, d: Told, drafts: Sequence[Told], by_trigger: Mapping[int, Told], dates: Mapping[int, EventDate]
) -> int | None:
    """The dated act while which one is done ("while visiting Seoul"), or whose thing it is done in ("in the letter", where the same party sent one)."""
    for child in reading.dependents(d.trigger, "advcl"):
        if (
            child in by_trigger
            and _dated(dates[child])
            and any(reading.words[c].text.lower() in ("while", "when", "as") for c in reading.dependents(child, "mark"))
        ):
            return child
    mine = {p.country or p.name for p in d.actors} - {None}
    for child in reading.dependents(d.trigger, "obl"):
        word = reading.words[child]
        cases = {reading.words[c].text.lower() for c in reading.dependents(child, "case")}
        if word.upos != "NOUN" or not cases & _WITHIN:
            continue
        for other in drafts:
            things = {
                reading.words[c].lemma for c in (other.trigger, *reading.dependents(other.trigger, "obj", "nsubj:pass"))
            }
            if (
                other is not d
                and word.lemma in things
                and other.trigger != child
                and other.modality == "actual"
                and _dated(dates[other.trigger])
                and mine & {p.country or p.name for p in other.actors}
            ):
                return other.trigger
    return None


def _pointed_at(reading: Reading, d: Told, drafts: Sequence[Told], dates: Mapping[int, EventDate]) -> int | None:
    """The dated act of the same kind between the same states that a noun with its owner or "the" points back to."""
    states = {p.country for p in (*d.actors, *d.recipients)} - {None}
    if not points_back(reading, d.trigger) or len(states) < 2:
        return None
    before = [
        o
        for o in drafts
        if o.trigger < d.trigger
        and o.type == d.type
        and o.modality == "actual"
        and _dated(dates[o.trigger])
        and {p.country for p in (*o.actors, *o.recipients)} - {None} == states
    ]
    return before[-1].trigger if before else None


def points_back(reading: Reading, trigger: int) -> bool:
    """Whether an act is told by a noun as one that is known: "Kenya's accusation", "the accusation"."""
    if reading.words[trigger].upos != "NOUN":
        return False
    return reading.governs(trigger, "nmod:poss") or not _AGAIN.isdisjoint(
        reading.words[c].text.lower() for c in reading.dependents(trigger, "det")
    )


def _told_again(
    reading: Reading,
    trigger: int,
    verbs: Sequence[int],
    by_trigger: Mapping[int, Told],
    dates: Mapping[int, EventDate],
    date_at: Callable[[int], EventDate],
) -> EventDate | None:
    """When an act is told again in another sentence by the same verb (`verbs`: where it stands), done to the same thing, and dated there."""
    for other in verbs:
        if retells(reading, trigger, other):
            when = dates.get(other) or date_at(other)
            if _dated(when):
                return when
            episode = _over(reading, other, by_trigger, dates)
            if episode is not None:
                return dates[episode]
    return None


def retells(reading: Reading, trigger: int, again: int) -> bool:
    """Whether a verb tells an act of another sentence again: the same verb, done to the same thing, which is spoken of as known."""
    one, other = reading.words[trigger], reading.words[again]
    if one.lemma != other.lemma or one.upos != "VERB" or other.upos != "VERB" or one.sentence == other.sentence:
        return False
    things = {
        reading.words[c].lemma
        for c in reading.dependents(trigger, "obj", "nsubj:pass")
        if reading.words[c].upos == "NOUN"
    }
    same = [c for c in reading.dependents(again, "obj", "nsubj:pass") if reading.words[c].lemma in things]
    return any(reading.words[x].text.lower() in _AGAIN for c in same for x in reading.dependents(c, "det"))


def _said(
    reading: Reading,
    trigger: int,
    by_trigger: Mapping[int, Told],
    dates: Mapping[int, EventDate],
    date_at: Callable[[int], EventDate],
) -> EventDate | None:
    """When the verb of saying over an act is dated."""
    node = trigger
    for _ in range(5):
        word = reading.words[node]
        if word.head == node:
            return None
        node = word.head
        if word.rel.split(":")[0] == "ccomp":
            when = dates.get(node) or date_at(node)
            if _dated(when):
                return when
            episode = _over(reading, node, by_trigger, dates)
            return dates[episode] if episode is not None else None
    return None


def _same_episode(
    d: Told, drafts: Sequence[Told], dates: Mapping[int, EventDate], where: Mapping[int, Place | None]
) -> int | None:
    """A dated visit or meeting that a visit or meeting is told of again."""
    if d.type != "CONSULT":
        return None
    mine = {p.name or p.country for p in d.actors} - {None}
    hosts = {p.country for p in d.recipients} - {None}
    here = where.get(d.trigger)
    for other in drafts:
        if other is d or other.modality != "actual" or not _dated(dates[other.trigger]):
            continue
        if (
            other.type == "CONSULT"
            and mine & {p.name or p.country for p in other.actors}
            and hosts & {p.country for p in other.recipients}
        ):
            return other.trigger
        there = where.get(other.trigger)
        states = {p.country for p in (*d.actors, *d.recipients)} & {
            p.country for p in (*other.actors, *other.recipients)
        } - {None}
        if here is not None and there is not None and states and _one_place(here, there):
            return other.trigger
    return None


def _one_place(a: Place, b: Place) -> bool:
    """Whether two places are one, or one lies in the division that is the other."""
    if a.country != b.country or a.name is None or b.name is None:
        return False
    return a.name == b.name or b.name == a.admin1 or a.name == b.admin1
