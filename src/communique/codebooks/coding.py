"""Finds events of a user's own types in an article."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..circumstances import Days, contexts, place_of
from ..events import QUADS, Extractor, Identities, evidence, score
from ..reading import NO_TYPE, Model, Reading
from ..schema import Event, Evidence, PartyMention, Place, Published, Quad, Time
from .codebook import Codebook, OwnType
from .features import Features, features, mean_of
from .head import Head, softened

TYPE_IS_TOLD = 0.5  # lowest probability of a reported event
_FAINT = 0.15  # lowest probability of a sentence as a whole to look for a trigger in it
_PREDICATES = frozenset(("VERB", "NOUN", "ADJ"))
_BARE = frozenset(("aux", "cop", "case", "compound", "flat", "fixed", "amod"))


@dataclass(frozen=True)
class Learned:
    """A codebook with its head; `modes` has a head for each type with examples of its modes."""

    book: Codebook
    head: Head
    modes: dict[str, Head]


def _allowed(side: frozenset[str], parties: tuple[PartyMention, ...]) -> list[PartyMention]:
    """Returns the parties allowed on a side by country or sector, or all if the type names none."""
    return [p for p in parties if not side or p.country in side or p.sector in side or set(p.also) & side]


def _spot(learned: Learned, reading: Reading, kind: int, words: tuple[int, int]) -> int | None:
    """Returns the predicate of a sentence that contributes most to a type, by its own state and its lemma."""
    head, space = learned.head, learned.head.space
    a, b = words
    at, parts = 0, {}
    for block, centre in space.centres.items():
        parts[block] = head.weights[kind, at : at + len(centre)]
        at += len(centre)
    lexical = head.weights[kind, at:]
    best: tuple[float, int | None] = (-np.inf, None)
    for i in range(a, b):
        word = reading.words[i]
        if word.upos not in _PREDICATES or word.relation in _BARE and word.upos != "VERB":
            continue
        moved = reading.states[i] - space.centres["event"]
        value = float((parts["event"] + parts["mean"]) @ moved) / (float(np.linalg.norm(moved)) + 1e-9)
        place = space.places.get(word.lemma.lower())
        value += float(lexical[place]) if place is not None else 0.0
        value += 0.5 * float(reading.event[i])
        if value > best[0]:
            best = (value, i)
    return best[1]


class Coder:
    """Codes the sentences of an article that is being read for PLOVER as well."""

    def __init__(self, model: Model, learned: tuple[Learned, ...]) -> None:
        self._model, self._learned = model, learned

    def events(
        self,
        extractor: Extractor,
        times: tuple[Time, ...],
        places: tuple[Place, ...],
        published: Published | None,
        article: str,
        reader: str,
        triggers: set[int],
    ) -> tuple[Event, ...]:
        """Returns events of every codebook, in the order of the text. `triggers` are the triggers of PLOVER events."""
        reading = extractor.reading
        found: list[tuple[int, Event]] = []
        ids = Identities(article)
        for a, b in reading.sentences:
            whole = features(self._model, reading, (a, b))
            for learned in self._learned:
                scores = learned.head.probabilities(whole)
                for kind, own in enumerate(learned.book.types):
                    if scores[kind] < _FAINT:
                        continue
                    event = self._event(
                        learned,
                        own,
                        kind,
                        float(scores[kind]),
                        (a, b),
                        whole,
                        extractor,
                        times,
                        places,
                        published,
                        article,
                        reader,
                        triggers,
                        ids,
                    )
                    if event is not None:
                        found.append((event.evidence.start, event))
        return tuple(e for _, e in sorted(found, key=lambda f: f[0]))

    def _event(
        self,
        learned: Learned,
        own: OwnType,
        kind: int,
        whole: float,
        words: tuple[int, int],
        as_whole: Features,
        extractor: Extractor,
        times: tuple[Time, ...],
        places: tuple[Place, ...],
        published: Published | None,
        article: str,
        reader: str,
        triggers: set[int],
        ids: Identities,
    ) -> Event | None:
        reading = extractor.reading
        trigger = _spot(learned, reading, kind, words)
        if trigger is None:
            return None
        actors, recipients = extractor.sides(trigger)
        inside = as_whole
        sure = whole
        if own.marked:
            if not actors and not recipients:
                return None
            s, t = (mean_of(reading, (p[0].start or 0, p[0].end or 0)) if p else None for p in (actors, recipients))
            inside = features(self._model, reading, words, s, t)
            sure = (whole + float(learned.head.probabilities(inside)[kind])) / 2
        acting, suffering = _allowed(own.actors, actors), _allowed(own.recipients, recipients)
        if (
            sure < TYPE_IS_TOLD
            or own.actors
            and actors
            and not acting
            or own.recipients
            and recipients
            and not suffering
        ):
            return None
        how, polarity = extractor.manner(trigger)
        according, statements = extractor.chain.of(trigger)
        start = reading.words[trigger].start
        plain = evidence(reading, trigger)
        quad, points = self._worth(own, reading, trigger)
        mode = None
        if own.name in learned.modes:
            p = learned.modes[own.name].probabilities(inside)
            mode = own.modes[int(p.argmax())] if p.max() > 0.5 else None
        return Event(
            id=ids.next(start, f"{learned.book.mark}|{own.name}"),
            article=article,
            story=None,
            codebook=learned.book.mark,
            type=own.name,
            mode=mode,
            contexts=contexts(reading, reading.words[trigger].sentence),
            quad=quad,
            score=points,
            actors=tuple(acting),
            recipients=tuple(suffering),
            date=Days(reading, times, triggers | {trigger}).of(trigger, published, how),
            place=place_of(reading, trigger, extractor.linker, places),
            modality=how,
            polarity=polarity,
            according_to=according,
            statements=statements,
            evidence=plain if own.marked else Evidence(plain.start, plain.end, plain.text, None),
            also=(),
            confidence=round(min(sure, 0.99), 3),
            reader=reader,
        )

    def _worth(self, own: OwnType, reading: Reading, trigger: int) -> tuple[Quad, float]:
        """Returns quad class and score: the type's own, else those of the PLOVER type that it belongs to, else those of
        the type that the model gives the trigger.
        """
        kind = own.kinds[0] if own.kinds else self._model.labels.type[int(reading.types[trigger][:NO_TYPE].argmax())]
        quad = next((q for q in QUADS.values() if q == own.quad), QUADS[kind])
        return quad, own.score if own.score is not None else score(kind, None)


def probabilities(learned: Learned, f: Features) -> list[tuple[str, float]]:
    """Returns a codebook's own types with their probabilities, the likeliest first. The rest up to 1 is the probability
    of none.
    """
    p = softened(learned.head.scores(f), learned.head.sharpness)
    return sorted(((t.name, float(v)) for t, v in zip(learned.book.types, p)), key=lambda x: (-x[1], x[0]))
