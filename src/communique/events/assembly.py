"""One event once: tellings of one act in an article merged, dated, placed, with their sources and evidence."""

from __future__ import annotations

import hashlib
from datetime import date

from ..reading import Reading
from ..schema import Event, EventDate, Evidence, PartyMention, Place, Published, Span, Time
from .circumstances import date_of, place_of
from .contexts import contexts
from .episodes import carried, points_back, retellings, retells
from .extract import Draft, Extractor
from .modality import modality
from .ontology import QUADS, score
from .sides import key_of


def _alike(a: Draft, b: Draft, headline: bool) -> bool:
    """Whether two tellings have the same parties; of one journey, one may leave out some of the visitors or of the hosts, and a headline names the state for its soldiers."""
    actors, recipients = (key_of(a.actors), key_of(b.actors)), (key_of(a.recipients), key_of(b.recipients))
    if actors[0] == actors[1] and recipients[0] == recipients[1]:
        return True
    if headline:
        states = [[{p.country for p in side} for side in (d.actors, d.recipients)] for d in (a, b)]
        if states[0] == states[1] and all(side and None not in side for side in states[0]):
            return True
    part = all(x and y and (x <= y or y <= x) for x, y in (actors, recipients))
    return part and a.mode == b.mode == "visit"


# Of one pair of parties in one article several of the other types are likely to be several: two demands, two attacks.
_AGAIN = frozenset(("CONSULT", "COOPERATE", "SANCTION", "AID", "MOBILIZE", "PROTEST", "RETREAT", "SUPPORT", "AGREE"))
_LOOSE = 7  # days within which an act lies that has the page's day only for want of another


def _apart(a: EventDate, b: EventDate) -> bool:
    """Whether two tellings are of different days."""
    if not (a.from_ and b.from_ and a.to and b.to):
        return False
    days = (date.fromisoformat(max(a.from_, b.from_)) - date.fromisoformat(min(a.to, b.to))).days
    return days > (_LOOSE if "published" in (a.basis, b.basis) else 0)


def _fuller(extractor: Extractor, headline: list[PartyMention], below: list[PartyMention]) -> list[PartyMention]:
    """The parties of one side as the text below a headline names them, where they are more, or whose soldiers or ministers they are that the headline names by the state alone."""
    if len(below) != len(headline):
        return max(below, headline, key=len)
    bare = all(map(extractor.is_state, headline)) and not any(map(extractor.is_state, below))
    return below if bare and all(len(b.text or "") > len(h.text or "") for b, h in zip(below, headline)) else headline


def _coordinated(reading: Reading, first: Draft, second: Draft) -> bool:
    """Whether one act is told by two verbs: "was shot and killed". The second has no subject and no object of its own, and what says when, where and by whom stands with one of the two alone."""
    word = reading.words[second.trigger]
    if (
        word.rel != "conj"
        or word.head != first.trigger
        or word.upos != "VERB"
        or reading.governs(second.trigger, "nsubj", "obj", "iobj", "ccomp", "xcomp")
    ):
        return False
    if reading.governs(first.trigger, "obl", "advmod") and reading.governs(second.trigger, "obl", "advmod"):
        return False
    sides = ((first.actors, second.actors), (first.recipients, second.recipients))
    return all(not a or not b or {(p.start, p.end) for p in a} == {(p.start, p.end) for p in b} for a, b in sides)


def merged(extractor: Extractor, drafts: list[Draft], dates: dict[int, EventDate]) -> list[Draft]:
    """The same act told again in the article is one event with more evidence; what a headline tells is told again below it."""
    reading = extractor.reading
    lead = _lead(reading)
    title = lead and reading.words[reading.sentences[0][1] - 1].text not in (".", "!", ";")
    kept: list[Draft] = []
    for d in drafts:
        word = reading.words[d.trigger]
        for other in kept:
            first = reading.words[other.trigger]
            headline = (
                lead and not other.also and first.sentence == 0 < word.sentence and (title or first.lemma == word.lemma)
            )
            if other.polarity != d.polarity or (other.modality == "actual") != (d.modality == "actual"):
                continue
            if other.type == d.type and _coordinated(reading, other, d):
                other.actors, other.recipients = other.actors or d.actors, other.recipients or d.recipients
                other.mode, other.confidence = other.mode or d.mode, max(other.confidence, d.confidence)
                other.also.append(d.trigger)
                break
            if not d.actors and retells(reading, other.trigger, d.trigger):  # "the treaty was signed in Lome"
                other.also.append(d.trigger)
                break
            if (
                other.type != d.type
                and not (headline and first.lemma == word.lemma)
                or d.type not in _AGAIN
                and not headline
                and not points_back(reading, d.trigger)
            ):
                continue
            if not _alike(other, d, headline) or any(
                _apart(dates[t], dates[d.trigger]) for t in (other.trigger, *other.also)
            ):
                continue
            if d.confidence > other.confidence and (other.type != d.type or other.mode is None):
                other.type, other.mode = d.type, d.mode
            if headline:
                other.actors, other.recipients = (
                    _fuller(extractor, *sides) for sides in ((other.actors, d.actors), (other.recipients, d.recipients))
                )
            elif len(d.actors) + len(d.recipients) > len(other.actors) + len(other.recipients):
                other.actors, other.recipients = d.actors, d.recipients
            other.also.append(d.trigger)
            other.confidence = max(other.confidence, d.confidence)
            break
        else:
            kept.append(d)
    return kept


def _lead(reading: Reading) -> bool:
    """Whether the first sentence is a paragraph of its own: a headline, or the lead, whose acts are told again below it."""
    if len(reading.sentences) < 2:
        return False
    (_, last), (begin, _) = reading.sentences[0], reading.sentences[1]
    return "\n" in reading.text[reading.words[last - 1].end : reading.words[begin].start]


def identity(article: str, start: int, kind: str, count: int) -> str:
    return "e:" + hashlib.sha256(f"{article}|{start}|{kind}|{count}".encode()).hexdigest()[:16]


def evidence(reading: Reading, trigger: int) -> Evidence:
    a, b = reading.sentence_of(trigger)
    start, end = reading.span(a, b)
    word = reading.words[trigger]
    return Evidence(start, end, reading.text[start:end], Span(word.start, word.end, word.text))


def events_of(
    extractor: Extractor,
    times: tuple[Time, ...],
    places: tuple[Place, ...],
    published: Published | None,
    article: str,
    reader: str,
) -> tuple[Event, ...]:
    """The events of an article in the order of their first evidence."""
    reading, linker, chain = extractor.reading, extractor.linker, extractor.chain
    drafts = extractor.drafts()
    triggers = {d.trigger for d in drafts}
    done = lambda word: (
        modality(reading, word, extractor.conditions) == ("actual", "positive")
    )  # "the treaty was not signed" tells no signing again
    again = {t: told for t, words in retellings(reading, triggers).items() if (told := list(filter(done, words)))}
    where = {
        t: place_of(reading, t, linker, places) for t in (*triggers, *(t for told in again.values() for t in told))
    }
    dates = {d.trigger: date_of(reading, d.trigger, times, triggers, published, d.modality) for d in drafts}
    own = frozenset(
        d.trigger
        for d in drafts
        if QUADS[d.type].startswith("verbal")
        and any(
            a.kind == "stated" and a.country and a.country in {p.country for p in d.actors}
            for a in chain.of(d.trigger)[0]
        )
    )
    dates = carried(
        reading,
        drafts,
        dates,
        where,
        lambda word: date_of(
            reading, word, times, triggers, published, modality(reading, word, extractor.conditions)[0]
        ),
        own,
    )
    found = []
    seen: dict[str, int] = {}
    for d in merged(extractor, drafts, dates):
        bare = [
            t
            for t in again.get(d.trigger, ())
            if (d.modality, d.polarity) == ("actual", "positive") and not any(t in o.also for o in drafts)
        ]
        dates |= {t: date_of(reading, t, times, triggers, published, "actual") for t in bare}
        d.also.extend(bare)
        according, statements = chain.of(d.trigger)
        how, polarity = d.modality, d.polarity
        start = reading.words[d.trigger].start
        key = f"{start}|{d.type}"
        seen[key] = seen.get(key, 0) + 1
        best = min([d.trigger, *d.also], key=lambda t: (dates[t].basis != "stated", t)) if d.also else d.trigger
        found.append(
            Event(
                id=identity(article, start, d.type, seen[key]),
                article=article,
                story=None,
                codebook=None,
                type=d.type,
                mode=d.mode,
                contexts=contexts(reading, reading.words[d.trigger].sentence),
                quad=QUADS[d.type],
                score=score(d.type, d.mode),
                actors=tuple(d.actors),
                recipients=tuple(d.recipients),
                date=dates[best],
                place=next((p for t in [d.trigger, *d.also] if (p := where.get(t))), None),
                modality=how,
                polarity=polarity,
                according_to=according,
                statements=statements,
                evidence=evidence(reading, d.trigger),
                also=tuple(evidence(reading, t) for t in d.also),
                confidence=round(d.confidence, 3),
                reader=reader,
            )
        )
    return tuple(found)
