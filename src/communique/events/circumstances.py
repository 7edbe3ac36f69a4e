"""When and where an event took place: the time that governs it, the place in its clause."""

from __future__ import annotations

from ..parties import Linker
from ..reading import Reading
from ..schema import EventDate, Modality, Place, Published, Time

_EARLIER = frozenset(("after", "since", "following", "before", "until"))


def date_of(
    reading: Reading,
    trigger: int,
    times: tuple[Time, ...],
    triggers: set[int],
    published: Published | None,
    how: Modality,
) -> EventDate:
    """The time that governs an event: one in its clause, one over it, else the page's own day where the tense
    allows.
    """
    if published is not None and published.posts:
        published = published.at(reading.words[trigger].start)
    a, b = reading.sentence_of(trigger)
    low, high = reading.span(a, b)
    here = [
        t
        for t in times
        if low <= t.start < high and t.type in ("DATE", "TIME", "DURATION") and (t.from_ or t.type != "DURATION")
    ]
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
            within = (
                rel in ("compound", "nummod", "amod") and reading.words[node].head != trigger
            )  # of "the 1971 convention", not of what was said of it
            node, steps = reading.words[node].head, steps + 1
            if node != trigger and (
                node in triggers
                or within
                or reading.words[node].rel.split(":")[0] in ("ccomp", "acl", "advcl", "csubj", "parataxis")
            ):
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
            near = [
                (apart, t)
                for t in here
                if (apart := _steps(reading, t, node, triggers - {trigger})) is not None
                and apart <= (3 if rel == "conj" else 1)
            ]
            if near:
                best = min(near, key=lambda n: n[0])[1]
                break
    whole = published if published is not None and published.from_ != published.to and how == "actual" else None
    if best is not None:
        if best.from_ is None and whole and best.type != "DURATION" and best.value != "FUTURE_REF":
            return EventDate(best.text, best.start, best.end, whole.from_, whole.to, "inferred")
        return EventDate(best.text, best.start, best.end, best.from_, best.to, "stated" if best.from_ else "none")
    if span := _lasting(reading, trigger, [t for t in times if low <= t.start < high]):
        return EventDate(span.text, span.start, span.end, None, None, "none")
    if background(reading, trigger):
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
    if published is not None and how == "actual" and published.from_ == published.to:
        return EventDate(None, None, None, published.from_, published.to, "published")
    if whole:  # of a page whose day is not known the days that it may be of are
        return EventDate(None, None, None, whole.from_, whole.to, "inferred")
    return EventDate(None, None, None, None, None, "none")


def _lasting(reading: Reading, trigger: int, times: list[Time]) -> Time | None:
    """For how long it went on, "for years", where that is days and more: it is of no one day, and not of the page's."""
    for time in times:
        if (
            time.type != "DURATION"
            or time.from_
            or not (time.value or "").startswith("P")
            or (time.value or "").startswith("PT")
        ):
            continue
        words = list(reading.words_in(time.start, time.end))
        head = next((i for i in words if reading.words[i].head not in words), None)
        if head is None or reading.words[head].head != trigger:
            continue
        if any(
            reading.words[c].text.lower() in ("for", "over", "throughout") for c in reading.dependents(head, "case")
        ):
            return time
    return None


def _steps(reading: Reading, time: Time, node: int, others: set[int]) -> int | None:
    """How many words a time hangs below a word without another event between; `None` where it does not."""
    words = list(reading.words_in(time.start, time.end))
    if not words:
        return None
    at = next((i for i in words if reading.words[i].head not in words), words[0])
    for steps in range(1, 6):
        above = reading.words[at].head
        if (
            reading.words[above].lemma in ("begin", "start")
            and reading.words[above].rel.split(":")[0] in ("advcl", "acl")
            and reading.words[above].head == node
        ):
            return steps  # "tried diplomacy beginning in 2018"
        if above == node:
            return steps
        if above == at or above in others:
            return None
        at = above
    return None


def background(reading: Reading, trigger: int) -> bool:
    """Whether it is told as what came before something else: "after he visited", "since the attack"."""
    node = trigger
    for _ in range(4):
        word = reading.words[node]
        rel = word.rel.split(":")[0]
        if rel in ("advcl", "obl", "nmod") and any(
            reading.words[c].text.lower() in _EARLIER for c in reading.dependents(node, "mark", "case", "advmod")
        ):
            return True
        if rel not in ("conj", "xcomp", "obj", "nsubj", "compound") or word.head == node:
            return False
        node = word.head
    return False


# Verbs whose object is the act itself: where the talks are is where they are held.
_SUPPORTS = frozenset(
    "hold exchange trade have conduct stage launch open begin start sign give make resume conclude end".split()
)


def place_of(reading: Reading, trigger: int, linker: Linker, places: tuple[Place, ...]) -> Place | None:
    """Where it happened: a place in the event's clause after a preposition of place."""
    if not places:
        return None
    by_start = {p.start: p for p in places}
    nodes = [trigger]
    above = reading.words[trigger].head
    if reading.words[trigger].rel.split(":")[0] in ("obj", "nsubj") and reading.words[above].upos == "VERB":
        nodes.append(above)
    if reading.words[trigger].lemma in _SUPPORTS:
        nodes += reading.dependents(trigger, "obj")
    for node in nodes:
        for child in reading.dependents(node, "obl", "nmod"):
            for head in (child, *reading.dependents(child, "nmod"), *reading.dependents(child, "compound")):
                inside = [w for w in linker.phrase(head)]
                case = next((reading.words[c].text.lower() for c in reading.dependents(head, "case")), "")
                for w in inside:
                    place = by_start.get(reading.words[w].start)
                    if place is not None and (
                        case in ("in", "at", "near", "across", "off", "outside", "inside", "around", "throughout")
                        or (case == "to" and reading.words[trigger].lemma in ("visit", "trip", "travel"))
                    ):
                        return place
    if reading.words[trigger].lemma in ("visit", "arrive", "tour") or reading.words[trigger].lemma in ("trip", "tour"):
        for child in reading.dependents(trigger, "obj", "obl", "nmod"):
            place = by_start.get(reading.words[child].start)
            if place is not None:
                return place
    return None
