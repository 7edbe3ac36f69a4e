"""Who acts and who is acted on: the parties of the phrases around a predicate, by the tree and by what the model takes for source and target."""

from __future__ import annotations

from ..parties import Linker
from ..reading import Reading
from ..reading.clauses import UNDERGOES, before, case_of, subjects, undergone_by
from ..schema import PartyMention
from .arguments import Frame, agents, frame
from .modes import VISITS

SURE = 0.6  # how much more the model must take a phrase for the target than for the source, where the tree says nothing
_GETS = frozenset("receive get obtain".split())
LEADS = frozenset(
    "lead head send dispatch deploy redeploy withdraw pull mobilize mobilise move mass amass station".split()
)  # their object goes where they are led


class Sides:
    """Finds both sides of predicates; `Extractor` decides what they do to each other."""

    reading: Reading
    linker: Linker

    def _parties(self, heads: list[int]) -> list[PartyMention]:
        found: list[PartyMention] = []
        for head in heads:
            group = [self.linker.named(m) for m in self.linker.group(head)]
            known = any(m.country or m.name or m.sector for m in group)
            for mention in group:
                if known and not any(
                    same(mention, f) for f in found
                ):  # of those named together some may be strangers: "Peru and its allies"
                    found.append(mention)
            if not found and (unknown := self.linker.unknown(head)):
                found.append(unknown)
        found = [
            p for p in found if not any(_within(p, q) for q in found)
        ]  # "the Chadian leader" in "the Chadian leader Ali Bongo"
        return _joined(self.reading.text, found)

    def _others(self, actors: list[PartyMention], heads: list[int]) -> list[PartyMention]:
        """Parties of phrases that are not the actors themselves; of a pair of states ("bilateral ties") the other one."""
        found = [p for p in self._parties(heads) if not any(same(p, a) for a in actors)]
        paired = len(found) > 1 and len({(p.start, p.end) for p in found}) == 1
        return [p for p in found if not (paired and p.country in {a.country for a in actors})]

    def _role(self, head: int, first: int) -> float:
        """How much the model takes a phrase for the source (`first` 1) or the target (3) of what its sentence tells."""
        words = self.linker.phrase(head)
        belief = self.reading.roles[words, first : first + 2].sum(1)
        return float(max(belief.mean(), self.reading.roles[head, first : first + 2].sum()))

    def _by_role(self, trigger: int, first: int, triggers: set[int]) -> list[PartyMention]:
        """The parties of the sentence's phrase that the model takes most for a role, where syntax gives nobody."""
        reading = self.reading
        a, b = reading.sentence_of(trigger)
        found: tuple[float, list[PartyMention]] = (0.5, [])
        for i in range(a, b):
            word = reading.words[i]
            if (
                word.upos in ("NOUN", "PROPN", "PRON")
                and word.rel.split(":")[0] not in ("compound", "flat", "nmod", "appos")
                and i not in triggers
                and case_of(reading, i) != "according"
                and not before(reading, i, trigger)
                and not self._elsewhere(i, trigger, triggers)
            ):
                belief = self._role(i, first)
                if belief > found[0] and (parties := self._parties([i])):
                    found = (belief, parties)
        return found[1]

    def _elsewhere(self, word: int, trigger: int, triggers: set[int]) -> bool:
        """Whether a phrase belongs to another predicate below: "the talks came after Kenya had closed its border"."""
        reading = self.reading
        node = reading.words[word].head
        while node != trigger and reading.words[node].head != node:
            if (
                node in triggers
                and reading.words[node].rel.split(":")[0] in ("advcl", "acl", "ccomp", "parataxis")
                and trigger not in reading.subtree(node)
            ):
                return True
            node = reading.words[node].head
        return False

    def _recipients(
        self, trigger: int, around: Frame, actors: list[PartyMention], triggers: set[int]
    ) -> tuple[int, list[PartyMention]]:
        """The phrase that is acted on and its parties: the object first, then what else the syntax offers, as far as the model does not take another for the target."""
        reading = self.reading
        offered: dict[int, float] = {}
        for head in around.recipients:
            offered.setdefault(head, 0.3 if self.linker.located(head) else 1.6 if around.passive else 1.0)
        for thing in around.recipients:
            if (
                reading.event[thing] > 0.5 and reading.words[trigger].lemma not in UNDERGOES
            ):  # "condemned Kenya's attack on Peru"
                offered |= dict.fromkeys(reading.dependents(thing, "nmod:poss"), 1.0)
        if not around.passive and reading.words[trigger].upos == "VERB":
            for (
                head
            ) in around.further:  # "discussed Libya with Egypt": those it is done with come before what it is about
                if (
                    reading.words[head].head == trigger
                    and case_of(reading, head) == "with"
                    and not any(self._is_person(h) for h in around.recipients)
                ):
                    offered[head] = 1.1
                elif (
                    reading.words[head].head == trigger
                    and case_of(reading, head) == "to"
                    and not self.linker.located(head)
                ):
                    offered[head] = 0.7  # "returned a bust of the emperor to Peru"
        for n, head in enumerate(around.further):
            if not (head in triggers and reading.words[head].upos == "VERB"):
                offered.setdefault(head, 0.2 if self.linker.located(head) else max(0.4, 0.6 - 0.02 * n))
        for head in reading.dependents(trigger, "obl", "nmod"):
            if self.linker.located(head):
                offered.setdefault(head, 0.1)
        best: tuple[float, int, list[PartyMention]] = (0.15, -1, [])
        countries = {a.country for a in actors if a.country}
        for head, prior in offered.items():
            parties = self._others(actors, [head])
            if not parties and self._role(head, 3) > SURE and (stranger := self.linker.unknown(head, sure=True)):
                parties = [stranger]
            if len(joined := self.linker.joined(head)) > 1:
                parties = [p for p in joined if p.country not in countries]  # "the Kenya-Uganda alliance" is of both
            if (
                not parties
                or len(countries) > 1
                and self._placed(head)
                and (reading.words[trigger].lemma not in VISITS or all(p.country in countries for p in parties))
            ):
                continue  # what two states do somewhere is not done to whose place it is
            if all(not p.name and (p.country is None or p.country in countries) for p in parties):
                prior *= 0.7  # people of no state or of the actor's own are as often what it is done with
            if self.linker.located(head) and not any(p.country or p.name for p in parties):
                continue  # "vowed at a party congress"
            if self._own_troops(head, parties, countries):
                continue
            if reading.words[head].rel in ("amod", "compound") and any(
                same(p, q) for p in parties for q in self._parties([reading.words[head].head])
            ):
                continue  # the first word of "South Africa" is no other party
            if reading.words[head].rel in ("amod", "compound", "nmod:poss") and self.linker.located(
                reading.words[head].head
            ):
                prior = min(prior, 0.3)  # "near Iranian waters"
            if (
                reading.words[head].rel.startswith("nsubj")
                and countries
                and all(p.country in countries for p in parties)
            ):
                prior *= 0.3  # "vowed that the government would help Peru"
            if self._of_themselves(parties, countries):
                continue
            if self._own_state(parties, actors) and reading.words[head].rel in ("amod", "compound", "nmod:poss"):
                continue  # "cut US funding", of the US government
            led = self._led(trigger, head)
            if led >= 0 and (head != led or all(not p.name for p in parties)):
                if all(p.country is None for p in parties) or any(
                    reading.words[c].has("PronType=Prs") for c in reading.dependents(led, "nmod:poss")
                ):
                    continue  # "massed tanks along its border with Peru", "moved its men"
                prior *= 0.3  # "led a delegation to Peru", "led a senate delegation": with whom, not to whom
            belief = self._role(head, 3) - self._role(head, 1)
            value = prior + 0.8 * (
                max(belief, -0.2) if around.passive and head in around.recipients else belief
            )  # a passive's subject is acted on
            if value > max(best[0], 0.5 if self.linker.located(head) else 0.0) + 1e-6:
                best = (value, head, parties)
        if not best[2] and not around.reciprocal:
            # Where the tree offers nobody, the phrase under the predicate that the model is sure is acted on.
            mine = (
                {i for h in around.actors for i in reading.subtree(h) if (i > trigger) == (h > trigger)}
                if actors
                else set()
            )
            for i in [
                i
                for i in (*self._under(trigger, triggers), *self._after(trigger, triggers))
                if i not in mine
                and not self._elsewhere(i, trigger, triggers)
                and not (len(countries) > 1 and self.linker.located(i))
            ]:
                belief = self._role(i, 3) - self._role(i, 1)
                if (
                    belief > max(best[0], SURE)
                    and i not in offered
                    and (parties := [p for p in self._others(actors, [i]) if p.country or p.sector])
                    and not self._of_themselves(parties, countries)
                ):
                    best = (belief, i, parties)
        return best[1], best[2]

    def _placed(self, head: int) -> bool:
        """Whether a phrase says where, or of what the place is: "in the south of Peru"."""
        reading = self.reading
        while (
            not self.linker.located(head)
            and reading.words[head].rel == "nmod"
            and reading.words[head].head != head
            and case_of(reading, head) == "of"
        ):
            head = reading.words[head].head
        return self.linker.located(head)

    def _of_themselves(self, parties: list[PartyMention], countries: set[str]) -> bool:
        """Whether states are among several that act: what two do together is not done to one of them, "reaffirmed the Kenya-Uganda alliance"."""
        return len(countries) > 1 and all(self.is_state(p) and p.country in countries for p in parties)

    def _own_troops(self, head: int, parties: list[PartyMention], countries: set[str]) -> bool:
        """Whether a phrase means the actor's own forces, "its troops": whom it acts with, not on."""
        reading = self.reading
        owned = any(reading.words[c].has("PronType=Prs") for c in reading.dependents(head, "nmod:poss"))
        return (
            owned
            and not any(reading.words[c].lemma == "own" for c in reading.dependents(head, "amod"))
            and bool(countries)
            and all(p.sector in ("MIL", "COP", "UAF", "REB") and p.country in countries for p in parties)
        )

    def _led(self, trigger: int, head: int) -> int:
        """What a verb leads or sends somewhere, where a phrase means that or qualifies it; else -1."""
        words = self.reading.words
        thing = words[head].head if words[head].rel in ("amod", "compound", "nmod:poss") else head
        return (
            thing
            if words[trigger].lemma in LEADS and words[thing].rel == "obj" and words[thing].head == trigger
            else -1
        )

    def _after(self, trigger: int, triggers: set[int]) -> list[int]:
        """Words of names after a predicate and before the next one, which the tree may have hung elsewhere."""
        last = self.reading.sentence_of(trigger)[1]
        end = next((t for t in range(trigger + 1, last) if t in triggers), last)
        return [
            i
            for i in range(trigger + 1, end)
            if self.reading.words[i].upos == "PROPN" and self._role(i, 3) > 0.8 and self.linker.at(i) is not None
        ]

    def _is_person(self, head: int) -> bool:
        return any(m.head == head and m.type == "person" for m in self.reading.mentions)

    def _under(self, trigger: int, triggers: set[int]) -> list[int]:
        """Heads of phrases under a predicate and under no other one."""
        reading = self.reading
        found, stack = [], [trigger]
        while stack:
            for child in reading.children[stack.pop()]:
                word = reading.words[child]
                if (
                    child in triggers
                    or word.rel.split(":")[0] in ("parataxis", "advcl", "nsubj")
                    or word.rel == "acl:relcl"
                ):
                    continue
                stack.append(child)
                if (
                    word.upos in ("NOUN", "PROPN")
                    and word.rel != "nmod:desc"
                    and word.rel.split(":")[0] not in ("compound", "flat", "appos")
                ):
                    found.append(child)
        return sorted(found)

    def sides(self, trigger: int, triggers: set[int]) -> tuple[Frame, list[PartyMention], int, list[PartyMention]]:
        """The frame of a predicate, who acts, the word that is acted on (-1 for none) and its parties."""
        reading = self.reading
        around = frame(reading, trigger)
        actors = (
            self._parties(around.actors)
            or self._parties([a for h in around.actors for a in agents(reading, h)])
            or self._parties(
                [
                    c
                    for h in around.actors
                    for c in reading.dependents(h, "amod", "compound")
                    if reading.words[c].text[:1].isupper() or reading.words[c].upos == "NOUN"
                ]
            )
        )
        word = reading.words[trigger]
        if not actors and word.rel == "acl" and word.head in around.actors and reading.words[word.head].rel == "obj":
            actors = self._parties(subjects(reading, reading.words[word.head].head))  # "issued a report accusing Kenya"
        if not around.actors and not around.passive and not undergone_by(reading, trigger):
            actors = self._by_role(trigger, 1, triggers)
        at, recipients = self._recipients(trigger, around, actors, triggers)
        if (
            around.passive
            and word.lemma in LEADS
            and not actors
            and recipients
            and all(p.sector in ("MIL", "COP") for p in recipients)
        ):
            actors, recipients, at = recipients, [], -1  # troops that are sent are who comes
        if word.lemma in _GETS and actors and not around.passive:
            givers = [h for h in around.further if case_of(reading, h) == "from"]
            if found := self._others(actors, givers):
                return (
                    around,
                    found,
                    around.actors[0] if around.actors else -1,
                    actors,
                )  # who is given something is not who gives it
        return around, actors, at, recipients

    def lying(self, trigger: int, around: Frame, actors: list[PartyMention]) -> list[PartyMention]:
        """States other than the actors' in which, by a phrase of place, something is done."""
        places = [
            h
            for h in [*around.recipients, *around.further, *self.reading.dependents(trigger, "obl", "nmod")]
            if self.linker.located(h)
        ]
        return [
            p for p in self._parties(places) if p.country and p.name and p.country not in {a.country for a in actors}
        ]

    def is_state(self, party: PartyMention) -> bool:
        """Whether a party is a state itself, by its name."""
        found = self.linker.resolver.state(party.country) if party.country else None
        return found is not None and party.name == found.party.name

    def _own_state(self, parties: list[PartyMention], actors: list[PartyMention]) -> bool:
        """Whether what is acted on is the very state, by its name, whose government acts."""
        country = next(iter({a.country for a in actors}), None) if len({a.country for a in actors}) == 1 else None
        return (
            country is not None
            and all(a.sector == "GOV" for a in actors)
            and bool(parties)
            and all(self.is_state(p) and p.country == country for p in parties)
        )


def _joined(text: str, found: list[PartyMention]) -> list[PartyMention]:
    """A title and the name after it, read as two phrases, are one party."""
    kept: list[PartyMention] = []
    for p in found:
        before = kept[-1] if kept else None
        if (
            before
            and before.end is not None
            and p.start is not None
            and p.end is not None
            and before.start is not None
            and text[before.end : p.start] == " "
            and p.name
            and before.name in (None, p.name)
        ):
            kept[-1] = PartyMention(
                text[before.start : p.end],
                before.start,
                p.end,
                p.name,
                p.id,
                p.country or before.country,
                p.sector,
                p.also,
                p.office,
            )
        else:
            kept.append(p)
    return kept


def _within(inner: PartyMention, outer: PartyMention) -> bool:
    """Whether a phrase is a part of a longer one that names the same party."""
    if (
        inner is outer
        or None in (inner.start, inner.end, outer.start, outer.end)
        or (inner.start, inner.end) == (outer.start, outer.end)
    ):
        return False
    return outer.start <= inner.start and inner.end <= outer.end and inner.country in (None, outer.country)  # type: ignore[operator]


def same(a: PartyMention, b: PartyMention) -> bool:
    if a.start == b.start and a.end == b.end and (a.country == b.country or None in (a.country, b.country)):
        return True
    if a.name and b.name:
        return a.name == b.name and a.country == b.country
    return False


def key_of(mentions: list[PartyMention]) -> frozenset[tuple[str | None, str | None, str | None]]:
    return frozenset((p.name, p.country, p.sector if not p.name else None) for p in mentions)
