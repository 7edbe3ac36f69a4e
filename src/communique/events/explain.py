"""Explains an event: the best candidates of each part with their scores, and the definition that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import confidence, sources
from .decode import Draft
from .extract import Act, Extractor
from .logistic import probability
from .network import MODALITIES
from .ontology import DEFINITIONS, TYPES

SHOWN = 5  # candidates shown for each part


@dataclass(frozen=True)
class Candidate:
    """A candidate for a part of an event. `start` and `end` are characters of the article, `None` for no phrase."""

    text: str
    score: float
    chosen: bool
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class HomeBelief:
    """How a phrase that names no state got its state: the candidate states (with "none") and the strongest reasons for
    the likeliest. The phrase gets a state only if its probability is at least 0.5.
    """

    text: str
    start: int
    end: int
    states: tuple[Candidate, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """The model's scores for one event; each list has the likeliest first.

    "none" in `types` is the probability that the word reports no act. Each phrase in `actors` and `recipients` has its
    own probability, so they do not sum to 1. `homes` explain the states of parties that name none. `reasons` are the
    features that changed the confidence most, with the amount that each adds to its logit.
    """

    event: str
    trigger: str
    types: tuple[Candidate, ...]
    actors: tuple[Candidate, ...]
    recipients: tuple[Candidate, ...]
    modality: tuple[Candidate, ...]
    polarity: tuple[Candidate, ...]
    modes: tuple[Candidate, ...]
    sources: tuple[Candidate, ...]
    tellings: tuple[Candidate, ...]
    homes: tuple[HomeBelief, ...]
    definition: str | None
    meaning: str
    confidence: float
    reasons: tuple[tuple[str, float], ...]

    def lines(self) -> list[str]:
        """Returns the explanation as text, one part a line; a star marks a chosen candidate."""
        parts = ("types", "actors", "recipients", "modality", "polarity", "modes", "sources", "tellings")
        found = [f"{self.event}  “{self.trigger}”  confidence {self.confidence:.2f}", f"  meaning: {self.meaning}"]
        for name in parts:
            some: tuple[Candidate, ...] = getattr(self, name)
            shown = ", ".join(f"{'*' if c.chosen else ''}{c.text} {c.score:.2f}" for c in some)
            found.append(f"  {name}: {shown or '-'}")
        for home in self.homes:
            shown = ", ".join(f"{'*' if c.chosen else ''}{c.text} {c.score:.2f}" for c in home.states)
            found.append(f"  state of “{home.text}”: {shown} ({', '.join(home.reasons) or 'nothing speaks for one'})")
        if self.definition:
            found.append(f"  definition that decided: {self.definition}")
        found.append("  confidence: " + ", ".join(f"{name} {value:+.2f}" for name, value in self.reasons))
        return found


def explained(extractor: Extractor, id: str, act: Act) -> Explanation:
    """Returns the explanation of an act; `id` is the id of its event."""
    draft = act.best
    names = {**dict(enumerate(TYPES)), len(TYPES): "none"}
    types = sorted(((names[n], float(p)) for n, p in enumerate(draft.types)), key=lambda t: -t[1])
    features = confidence.features(extractor.scene, draft, len(act.tellings))
    weights = extractor.weights.confidence
    moved = sorted(((n, weights.get(n, 0.0) * v) for n, v in features.items()), key=lambda t: -abs(t[1]))
    how = sorted(zip(MODALITIES, map(float, draft.modalities)), key=lambda t: -t[1])
    denied = [("negative", draft.negative), ("positive", 1 - draft.negative)]
    modes = sorted(draft.modes.items(), key=lambda t: -t[1])
    word = extractor.reading.words[draft.trigger]
    return Explanation(
        event=id,
        trigger=word.text,
        types=_named(types, draft.type),
        actors=_side(extractor, draft, 0, draft.actors),
        recipients=_side(extractor, draft, 1, draft.recipients),
        modality=_named(how, draft.modality),
        polarity=_named(sorted(denied, key=lambda t: -t[1]), draft.polarity),
        modes=_named(modes, draft.mode),
        sources=_sources(extractor, draft, act.statements),
        tellings=_tellings(extractor, act),
        homes=_homes(extractor, draft),
        definition=draft.definition,
        meaning=DEFINITIONS[draft.type],
        confidence=round(act.confidence, 3),
        reasons=tuple((n, round(v, 2)) for n, v in moved[:SHOWN]),
    )


def _named(scores: Sequence[tuple[str, float]], chosen: str | None) -> tuple[Candidate, ...]:
    kept = [*scores[:SHOWN], *(s for s in scores[SHOWN:] if s[0] == chosen)]
    return tuple(Candidate(name, round(score, 3), name == chosen) for name, score in kept)


def _side(extractor: Extractor, draft: Draft, side: int, chosen: tuple[int, ...]) -> tuple[Candidate, ...]:
    order = sorted(range(len(draft.rows)), key=lambda n: -draft.sides[n, side])
    kept = order[:SHOWN] + [n for n in order[SHOWN:] if draft.rows[n] in chosen]
    found = []
    for n in kept:
        start, end = extractor.reading.span(*(int(w) for w in extractor.scene.spans[draft.rows[n]]))
        text, score = extractor.reading.text[start:end], round(float(draft.sides[n, side]), 3)
        found.append(Candidate(text, score, draft.rows[n] in chosen, start, end))
    return tuple(found)


def _homes(extractor: Extractor, draft: Draft) -> tuple[HomeBelief, ...]:
    """The probabilities of states for each party of an act that names none."""
    found = []
    for row in dict.fromkeys((*draft.actors, *draft.recipients)):
        head, mention = int(extractor.scene.heads[row]), extractor.said(row)
        if mention.text is None or mention.start is None or mention.end is None:
            continue
        if not extractor.home.unplaced(head, mention):
            continue
        belief = extractor.home.belief(head, mention)
        placed = extractor.home.completed(mention, head).country
        states = tuple(Candidate(c or "none", round(p, 3), c == placed) for c, p in belief[:SHOWN])
        reasons = extractor.home.reasons(head, mention, belief[0][0])[:SHOWN]
        found.append(HomeBelief(mention.text or "", mention.start, mention.end, states, reasons))
    return tuple(found)


def _sources(extractor: Extractor, draft: Draft, chosen: list[int]) -> tuple[Candidate, ...]:
    offered = sources.offered(extractor.scene, draft.trigger)
    found = []
    for n in offered:
        features = sources.features(extractor.scene, draft, n, len(offered))
        score = probability(extractor.weights.sources, features)
        said = extractor.chain.found[n].statement
        text = said.source.text if said.source and said.source.text else "(nobody named)"
        place = (said.source.start, said.source.end) if said.source else (None, None)
        found.append(Candidate(text, round(score, 3), n in chosen, *place))
    return tuple(sorted(found, key=lambda c: -c.score)[:SHOWN])


def _tellings(extractor: Extractor, act: Act) -> tuple[Candidate, ...]:
    words = [extractor.reading.words[d.trigger] for d in act.tellings]
    scores = [round(d.again, 3) if n else 1.0 for n, d in enumerate(act.tellings)]
    best = [d is act.best for d in act.tellings]
    return tuple(Candidate(w.text, s, b, w.start, w.end) for w, s, b in zip(words, scores, best))
