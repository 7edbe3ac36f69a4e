"""The acts of an article: scored by the heads, decoded once, with confidence and sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property

from ..circumstances import Days
from ..parties import Home, Linker
from ..reading import Reading
from ..schema import Attribution, Modality, PartyMention, Polarity, Time
from ..statements import Chain
from . import confidence, sources
from .candidates import Floats, Scene, scene
from .decode import Draft, Prepared, Stated, chosen, drafts, joined, undone
from .logistic import probability
from .network import MODALITIES
from .ontology import QUADS
from .weights import Weights

SAYS = 0.5  # least probability that the source of a statement is the source of an act


@dataclass
class Act:
    """One act of an article: its tellings in order, the best one, and the probability that type and sides are right."""

    tellings: list[Draft]
    best: Draft
    confidence: float
    statements: list[int] = field(default_factory=list)  # indices in `Chain.found` of the statements that report it


class Extractor:
    """Extracts the acts of an article."""

    def __init__(
        self, weights: Weights, reading: Reading, linker: Linker, chain: Chain, home: Home, times: tuple[Time, ...] = ()
    ) -> None:
        self.weights, self.reading, self.linker, self.chain, self.home = weights, reading, linker, chain, home
        self.times = times

    @cached_property
    def scene(self) -> Scene:
        speaks = tuple((frozenset(f.source_words), frozenset(f.content_words)) for f in self.chain.found)
        return scene(self.reading, self.linker, speaks)

    @cached_property
    def _words(self) -> Floats:
        return self.weights.network.words(self.scene, self.reading.special, self.reading.states)

    @cached_property
    def _types(self) -> Floats:
        return self.weights.network.types(self.scene, self._words, self.reading.special)

    @cached_property
    def _prepared(self) -> Prepared:
        return self.weights.network.prepared(self.scene, self._words)

    @cached_property
    def acts(self) -> list[Act]:
        """All acts, in the order of their first tellings."""
        if not self.reading.words:
            return []
        network = self.weights.network
        tellings = drafts(network, self.scene, self._words, self._types, self._prepared)
        triggers = {d.trigger for d in tellings}

        days = Days(self.reading, self.times, triggers)

        @cache
        def day_of(trigger: int) -> Stated:
            day = days.of(trigger, None, "actual")
            return (day.from_, day.to) if day.from_ and day.to else None

        found = joined(network, self.scene, self._words, tellings, day_of)
        return [self._act([first, *first.also]) for first in found]

    def _act(self, tellings: list[Draft]) -> Act:
        sure = [
            probability(self.weights.confidence, confidence.features(self.scene, d, len(tellings))) for d in tellings
        ]
        best = max(range(len(tellings)), key=lambda n: (sure[n], -n))
        return Act(tellings, tellings[best], sure[best], self.statements(tellings[best]))

    def statements(self, draft: Draft) -> list[int]:
        """Returns the indices of the statements that report an act, by the learned choice and direct quotation."""
        offered = sources.offered(self.scene, draft.trigger)
        likely = [
            probability(self.weights.sources, sources.features(self.scene, draft, n, len(offered))) for n in offered
        ]
        return [n for n, p in zip(offered, likely) if p >= SAYS or self._quotes(n, draft)]

    def _quotes(self, statement: int, draft: Draft) -> bool:
        """Whether a statement quotes the act directly, unless the act is verbal and the quoted source is its actor."""
        said = self.chain.found[statement]
        own = QUADS[draft.type].startswith("verbal") and any(
            int(self.scene.heads[r]) in said.source_words for r in draft.actors
        )
        return said.statement.kind == "direct" and draft.trigger in said.content_words and not own

    def according_to(self, act: Act) -> tuple[tuple[Attribution, ...], tuple[str, ...]]:
        """Returns the chain of sources of an act, outermost first, and the ids of the statements that report it."""
        told = [self.chain.found[n] for n in act.statements]
        return self.chain.chained(told)

    def parties(self, rows: tuple[int, ...]) -> tuple[PartyMention, ...]:
        """Returns the parties of phrases, each once; a phrase such as "both sides" may mean several."""
        found: list[PartyMention] = []
        for row in rows:
            for mention in self._mentions(row):
                if not any((m.start, m.end, m.country) == (mention.start, mention.end, mention.country) for m in found):
                    found.append(mention)
        return tuple(found)

    def _mentions(self, row: int) -> list[PartyMention]:
        head = int(self.scene.heads[row])
        start, end = self.reading.span(*(int(w) for w in self.scene.spans[row]))
        several = [m for m in self.linker.group(head) if (m.start, m.end) == (start, end)]
        if len(several) > 1:
            return several
        return [self.home.completed(self.said(row), head)]

    def said(self, row: int) -> PartyMention:
        """Returns the party of a phrase by its words, before the context gives its state and sector."""
        start, end = self.reading.span(*(int(w) for w in self.scene.spans[row]))
        text = self.reading.text[start:end]
        party = self.scene.parties[row] or PartyMention(text, start, end, None, None, None, None)
        return self.linker.named(party)

    def sides(self, trigger: int) -> tuple[tuple[PartyMention, ...], tuple[PartyMention, ...]]:
        """Returns the actors and recipients of a word, whatever act it reports."""
        rows = self.scene.around(trigger)
        pairs = self.scene.of_pairs(trigger, rows)
        actors, recipients = chosen(self.scene, rows, self.weights.network.sides(self._prepared, trigger, rows, pairs))
        return self.parties(actors), self.parties(recipients)

    def manner(self, trigger: int) -> tuple[Modality, Polarity]:
        """Returns the modality (actual, future, possible, conditional, desired) and polarity of the act of a word."""
        how, denied, _ = self.weights.network.manner(self._words, [trigger])
        negative = denied[0] > 0.5 or undone(self.scene, trigger)
        return MODALITIES[int(how[0].argmax())], "negative" if negative else "positive"
