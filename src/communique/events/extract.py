"""Events: predicates that the model takes for acts, with the parties that syntax gives them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..parties import Linker
from ..reading import Model, Reading
from ..reading.clauses import DIES, case_of, subjects, undergone_by
from ..schema import Modality, PartyMention, Polarity
from ..statements import Chain
from .confidence import Features, Told, features, probable
from .links import conditioned, ties
from .modality import HOPES, by_tree, modality, ought
from .modes import (
    ABDUCTS,
    BODIES,
    COMES,
    HOSTS,
    VISITS,
    accident,
    by_computer,
    by_words,
    defined,
    fitting,
    names_mode,
    of_content,
)
from .ontology import FUTURE, MODES, MUTUAL, NEEDS_RECIPIENT, QUADS
from .sides import Sides, key_of, same

ENOUGH = 0.17  # probability of being right below which an event is not told
POSSIBLE = 0.1  # of the product of what speaks for it, below which nobody looks at it
PRIVATE = 0.4  # what is left of the confidence in an act of private life
SAID = 0.9  # how sure a type must be for a verb of saying with what is said to be an act of its own
NOUNLIKE = 0.4
EVENTLIKE = 0.25  # how much of an event a word must be for the model
HARDLY, TYPED = 0.1, 0.97  # or so much, where its type is as sure as this
_ADJECTIVAL = frozenset(("amod", "compound", "case", "det", "aux", "cop", "mark", "fixed", "flat"))
_COMPLETES = frozenset(("in", "into", "on", "to", "with", "under"))  # "entered into talks", "put under pressure"
OTHERWISE = 0.15  # how likely another type must be for a negated word of refusal to tell that one denied
_REFUSALS = frozenset("reject refuse decline rebuff spurn veto deny dismiss".split())
_LIGHT = frozenset("have make take give show express be".split())
_PROMISES = frozenset("pledge promise vow offer undertake commit agree".split())
_LOCAL_PEOPLE = frozenset(("CVL", "EDU", "MED", "REL", "AGR", "LAB", "COP", "MIL", "JUD", "LEG", "OPP", "SOC"))
_TOPIC = frozenset(("on", "about", "over", "for", "concerning", "regarding", "upon"))
_EXPELS = frozenset("expel exclude suspend eject oust".split())
_ARMED = frozenset(("UAF", "REB", "CRM"))
_HYPHENS = frozenset("-‐‑")
_COMMITS = frozenset(
    [
        "agree",
        "promise",
        "pledge",
        "vow",
        "offer",
        "plan",
        "undertake",
        "commit",
        "intend",
        "announce",
        "accept",
        "prepare",
        "ready",
        "schedule",
    ]
)


@dataclass
class Draft:
    """An event while it is put together."""

    trigger: int
    type: str
    mode: str | None
    actors: list[PartyMention]
    recipients: list[PartyMention]
    modality: Modality
    polarity: Polarity
    confidence: float
    also: list[int] = field(default_factory=list)
    features: Features = field(default_factory=dict)


def _compounded(reading: Reading, i: int) -> bool:
    """Whether a word is joined to another by a hyphen."""
    text, word = reading.text, reading.words[i]
    return (
        text[word.start - 1 : word.start] in _HYPHENS
        and text[word.start - 2 : word.start - 1].isalnum()
        or text[word.end : word.end + 1] in _HYPHENS
        and text[word.end + 1 : word.end + 2].isalnum()
    )


def _undergone(reading: Reading, noun: int) -> bool:
    """Whether a noun tells what a verb's subject undergoes, by itself or, but where somebody dies in or of it, by its type."""
    typed = reading.types[noun][:16].max() >= 0.9 and reading.words[reading.words[noun].head].lemma not in DIES
    return (reading.event[noun] >= NOUNLIKE or typed) and bool(undergone_by(reading, noun))


def _candidates(reading: Reading) -> list[int]:
    """Words that may tell an event: verbs, and nouns that the model takes for events."""
    found = []
    for word in reading.words:
        i = word.index
        if word.rel.split(":")[0] in _ADJECTIVAL and (
            word.upos != "VERB" or word.rel in ("case", "amod", "fixed", "mark")
        ):
            continue
        if word.lemma not in DIES and any(_undergone(reading, c) for c in reading.dependents(i, "obj", "obl")):
            continue  # "faces criticism", "came under attack": the noun tells it
        if (
            word.upos == "VERB"
            and _compounded(reading, i)
            and word.rel in ("advcl", "acl", "amod", "compound", "nmod", "obl")
            and not reading.governs(i, "nsubj")
        ):
            continue  # "quake-hit Nepal" describes Nepal
        likely = float(reading.event[i])
        typed = float(reading.types[i][:16].max())
        if (
            (word.upos == "VERB" or reading.governs(i, "nsubj"))
            and (likely >= EVENTLIKE or likely >= HARDLY and typed >= TYPED)
            or word.upos in ("NOUN", "ADJ", "PROPN")
            and likely >= NOUNLIKE
            or _undergone(reading, i)
        ):
            found.append(i)
        elif word.upos == "NOUN" and reading.governs(i, "nmod:poss") and reading.governs(i, "nmod") and typed >= 0.9:
            found.append(i)  # somebody's act towards somebody, whatever the noun is elsewhere
    return found


def _clause(reading: Reading, trigger: int, triggers: set[int]) -> np.ndarray:
    """A weight for each word of the sentence: those under the trigger and in no other predicate's clause."""
    a, b = reading.sentence_of(trigger)
    weight = np.full(b - a, 0.02, np.float32)
    stack = [trigger]
    while stack:
        node = stack.pop()
        weight[node - a] = 1.0
        for child in reading.children[node]:
            rel = reading.words[child].rel.split(":")[0]
            if (
                rel in ("conj", "advcl", "parataxis", "ccomp")
                or (rel == "acl" and reading.words[child].rel == "acl:relcl")
                or (child in triggers and rel == "nsubj")
            ):
                continue
            stack.append(child)
    above = reading.words[trigger].head
    if reading.words[trigger].rel.split(":")[0] in ("obj", "obl") and reading.words[above].upos == "VERB":
        weight[above - a] = 1.0  # the verb that a noun of action completes
    weight[trigger - a] = 1.5
    return weight


class Extractor(Sides):
    """Reads the events of an article."""

    def __init__(self, model: Model, reading: Reading, linker: Linker, chain: Chain) -> None:
        self.model, self.reading, self.linker, self.chain = model, reading, linker, chain
        self.labels = model.labels.type
        self.ties = ties(reading)
        self.conditions = conditioned(reading, self.ties)

    def _vector(self, mention: PartyMention | None) -> np.ndarray | None:
        if mention is None or mention.start is None or mention.end is None:
            return None
        inside = list(self.reading.words_in(mention.start, mention.end))
        return np.asarray(self.reading.states[inside].mean(0)) if inside else None

    def types(
        self, trigger: int, source: PartyMention | None, target: PartyMention | None, triggers: set[int], teller: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities of the sixteen types and none, and of the modes, for a predicate and a pair of parties; `teller` is the word that says what is done."""
        a, b = self.reading.sentence_of(trigger)
        pair, modes, weights = self.model.relate(
            self.reading.states[a:b],
            self.reading.keys[a:b],
            self._vector(source),
            self._vector(target),
            _clause(self.reading, trigger, triggers),
        )
        word = self.reading.types[teller]
        return 0.5 * word + 0.5 * pair if teller == trigger else word.copy(), modes

    def _of_another(self, trigger: int, actors: list[PartyMention]) -> int:
        """The type of a material act of another's that a verb is about, which is not what the verb tells: "condemned the expulsion of envoys by Peru"; else -1."""
        reading = self.reading
        for thing in reading.dependents(trigger, "obj") if reading.words[trigger].upos == "VERB" else ():
            kind = int(reading.types[thing][:17].argmax())
            if kind < 16 and reading.types[thing][kind] > 0.9 and QUADS[self.labels[kind]].startswith("material"):
                owners = [
                    *reading.dependents(thing, "nmod:poss"),
                    *(c for c in reading.subtree(thing) if case_of(reading, c) == "by"),
                ]
                theirs = self._parties(owners)
                if theirs and all(
                    p.country and not any(p.country == a.country or same(p, a) for a in actors) for p in theirs
                ):
                    return kind
        return -1

    def _teller(self, heads: list[int], trigger: int) -> int:
        """The word that says what is done where an act itself does it: "the embargo hit Peru", "a wave of riots hit Peru"."""
        reading = self.reading
        for subject in heads:
            for act in (*(c for c in reading.dependents(subject, "nmod") if case_of(reading, c) == "of"), subject):
                if (
                    reading.words[act].upos == "NOUN"
                    and reading.event[act] > EVENTLIKE
                    and reading.types[act][:16].max() > 0.5
                ):
                    return act
        return trigger

    def drafts(self) -> list[Draft]:
        reading = self.reading
        candidates = _candidates(reading)
        triggers = set(candidates)
        found: list[Draft] = []
        for trigger in candidates:
            draft = self._draft(trigger, triggers)
            if draft is not None:
                found.append(draft)
        told = self._without_inner(found)
        self._in_return(told)
        return told

    def _in_return(self, drafts: list[Draft]) -> None:
        """What is given in return for something goes to who gives that, where it is not told to whom."""
        by_trigger = {d.trigger: d for d in drafts}
        for tie in self.ties:
            if tie.kind != "in_return_for":
                continue
            under = [t for t in self.reading.subtree(tie.introduced) if t in by_trigger and t > tie.first]
            above = by_trigger.get(tie.governor) if tie.governor not in under else None
            below = by_trigger[min(under, key=lambda t: abs(t - tie.introduced))] if under else None
            gives = above.actors if above else self._parties(subjects(self.reading, tie.governor))
            returns = below.actors if below else self._parties(subjects(self.reading, tie.introduced))
            if {p.country for p in gives} & {p.country for p in returns}:
                continue
            for d, towards in ((above, returns), (below, gives)):
                if d is not None and not d.recipients and towards and all(p.country for p in towards):
                    d.recipients = list(towards)

    def _draft(self, trigger: int, triggers: set[int]) -> Draft | None:
        reading = self.reading
        around, actors, at, recipients = self.sides(trigger, triggers)
        # Done in a state, to whom is not said: aid, force and visits are received by the state.
        lying = self.lying(trigger, around, actors)
        if not any(p.country or p.sector for p in (*actors, *recipients)) and not (actors and lying):
            return None
        probability, modes = self.types(
            trigger,
            actors[0] if actors else None,
            recipients[0] if recipients else None,
            triggers,
            trigger if actors else self._teller(around.actors, trigger),
        )
        if (another := self._of_another(trigger, actors)) >= 0:
            probability[another] = 0.0
        if reading.words[trigger].rel == "ccomp" and reading.words[reading.words[trigger].head].lemma in HOPES:
            probability[self.labels.index("AGREE")] = 0.0  # "hopes that Peru will withdraw": nobody promises
        none = float(probability[16])
        probability[:16] /= max(float(probability[:16].sum()), 1e-6)
        if reading.event_class[trigger] == "REPORTING" and reading.governs(trigger, "ccomp", "parataxis"):
            # That something was said is a statement, what was said may be an event; an act of its own needs somebody it is done to.
            if actors and all(p.sector == "JRN" for p in actors):
                return None  # a report accuses nobody
            elsewhere = [
                p
                for p in recipients
                if p.country and p.sector != "CVL" and p.country not in {a.country for a in actors}
            ]
            told_of = [
                c
                for clause in reading.dependents(trigger, "ccomp", "parataxis")
                for c in reading.dependents(clause, "nsubj")
            ]
            if (
                probability[:16].max() < SAID
                or not elsewhere
                or at not in around.recipients
                and not any(at in reading.subtree(c) for c in told_of)
            ):
                return None
            if self._told_itself(trigger, self.labels[int(probability[:16].argmax())], triggers):
                return None
        kind = int(probability[:16].argmax())
        name = self.labels[kind]
        sentence = reading.words[trigger].sentence
        neutral = float(reading.kinds[sentence][0])
        undergone = _undergone(reading, trigger)  # with its verb it is a predicate: "came under shelling"
        likely = float(max(reading.event[trigger], reading.event[reading.words[trigger].head] if undergone else 0.0))
        confidence = float(probability[kind]) * (1 - 0.6 * none) * (0.5 + 0.5 * likely) * (1 - 0.15 * neutral)
        if (
            reading.words[trigger].upos != "VERB"
            and QUADS[name] == "material conflict"
            and (reading.types[trigger][kind] < TYPED and not actors if undergone else probability[kind] < 0.7)
        ):
            return None
        if reading.event_class[trigger] in ("REPORTING", "STATE", "I_STATE", "PERCEPTION", "ASPECTUAL"):
            confidence *= 0.75
        if reading.event_class[trigger] == "REPORTING" and name == "CONSULT":
            return None  # to tell somebody something is a statement
        if (
            actors
            and recipients
            and {(p.country, p.sector) for p in recipients} <= {(p.country, p.sector) for p in actors}
            and all(p.sector == "GOV" for p in recipients)
        ):
            confidence *= 0.5  # a government does little to itself
        confidence *= PRIVATE + (1 - PRIVATE) * float(reading.public[trigger])
        if name != "PROTEST" and all(p.sector in ("CVL", None) or p.country is None for p in (*actors, *recipients)):
            confidence *= 0.7  # what people do to people is seldom between states
        if not actors:
            confidence *= 0.8
        if (
            QUADS[name].endswith("conflict")
            and recipients
            and actors
            and {p.country for p in recipients} == {p.country for p in actors}
            and (meant := self._foreshadowed(trigger, at))
        ):
            recipients = [replace(p, name=None, id=None, country=meant[0].country, office=None) for p in recipients]
        if name == "AGREE" and self._own_state(recipients, actors):
            recipients = []  # "pledged to speed up the North's programme": the state's own affair
        if (
            name == "CONSULT"
            and at >= 0
            and (
                {reading.words[c].text.lower() for c in reading.dependents(at, "case")} & _TOPIC
                or self._topic(trigger, at)
            )
        ):
            recipients = []  # what is talked about does not talk
        if name == "AID" and actors and not recipients and not lying:  # "gave money to build schools in Peru"
            lying = [
                p
                for p in self._parties([h for h in self._under(trigger, set()) if self.linker.located(h)])
                if p.country and p.name and p.country not in {a.country for a in actors}
            ]
        if (
            lying
            and actors
            and not recipients
            and (name in ("AID", "ASSAULT", "MOBILIZE") or reading.words[trigger].lemma in VISITS)
        ):
            recipients = lying[:1]
        if len({p.country for p in lying}) == 1:
            # People of no state who do or suffer something in one are its people: "bombed a school in Yemen".
            if name == "PROTEST":
                actors = [
                    replace(p, country=lying[0].country)
                    if p.country is None and p.name is None and p.sector is None
                    else p
                    for p in _local(actors, lying[0].country)
                ]
            recipients = _local(recipients, lying[0].country)
        if (
            name == "PROTEST"
            and at >= 0
            and (not actors or self.linker.located(at))
            and all(self.is_state(p) for p in recipients)
        ):
            recipients = []  # where people march
        how, polarity = modality(reading, trigger, self.conditions)
        if name == "REJECT" and reading.words[trigger].lemma in _REFUSALS:
            polarity = by_tree(reading, trigger, self.conditions)[1]  # a refusal is a deed; only words deny it
        together = name in MUTUAL
        demanded: str | None = None
        if (
            ought(reading, trigger)
            and (name == "REQUEST" or polarity == "positive" and self._asked(actors))
            and how == "desired"
            and (asking := self._askers(trigger, actors))
        ):
            demanded = name
            actors, recipients, how, name = (
                asking,
                actors,
                "actual",
                "REQUEST",
            )  # "Kenya said that Peru must wait" is Kenya's request
        if (
            polarity == "negative"
            and how in ("future", "conditional")
            and (QUADS[name].endswith("cooperation") or name == "REJECT")
        ):
            demanded = name
            if around.passive and recipients:
                actors, recipients = recipients, actors  # "will not be pushed out by them"
            name, polarity = "REJECT", "positive"  # to say that one will not is to refuse
            how = "conditional" if how == "conditional" else "actual"
        elif (
            polarity == "negative"
            and name == "REJECT"
            and how == "actual"
            and reading.words[trigger].lemma not in _REFUSALS
        ):
            # "did not attend": what was not done is denied; it is no refusal denied.
            thing = (
                next(iter(reading.dependents(trigger, "obj")), trigger)
                if reading.words[trigger].lemma in _LIGHT
                else trigger
            )  # "did not express support"
            own = np.where(np.arange(16) == kind, 0.0, reading.types[thing][:16])
            if own.max() >= OTHERWISE:
                name = self.labels[int(own.argmax())]
            else:
                polarity = "positive"
        if how == "future" and name in FUTURE:
            name = FUTURE[name]
        elif (
            reading.words[trigger].lemma in _PROMISES
            and QUADS[name].endswith("cooperation")
            and reading.governs(trigger, "xcomp", "ccomp")
        ):
            # To promise what would be cooperation is to agree, and what is promised lies ahead.
            name = "CONCEDE" if name in ("CONCEDE", "RETREAT") else "AGREE"
            how = "future" if how == "actual" else how
        elif name in ("AGREE", "CONCEDE") and how == "actual" and polarity == "positive" and self._commits(trigger):
            how = "future"
        if name == "PROTEST" and actors and all(p.sector == "GOV" and p.country for p in actors):
            name = "ACCUSE"  # PLOVER: a state's protest is disapproval, and only people march
        if name == "THREATEN" and not actors and recipients and how in ("future", "conditional"):
            actors = self._askers(trigger, recipients)  # "Kenya said that Peru would face consequences"
        name = self._by_definition(name, trigger, recipients, actors)
        if name == "ASSAULT" and (
            accident(reading, trigger) or reading.words[trigger].lemma in DIES and not self._killed(trigger)
        ):
            return None
        mode = (
            ("abduct" if name == "ASSAULT" and self._seizes(trigger, actors, recipients) else None)
            or defined(reading, name, trigger)
            or of_content(name, demanded or self.labels[int(reading.types[trigger][:16].argmax())])
            or self._mode(name, modes)
            or by_words(reading, trigger, name)
        )
        if (
            mode == "visit"
            and reading.words[trigger].lemma in HOSTS
            and actors
            and recipients
            and reading.words[at].rel not in ("amod", "compound")
        ):
            actors, recipients = recipients, actors  # the visitor acts, the host receives
        if name in MUTUAL and mode != "visit" and recipients and self._mutual(trigger, around.reciprocal, name):
            actors, recipients = actors + recipients, []
        if name == "CONSULT":
            mode = fitting(reading, mode, trigger, actors + recipients)
        if name in NEEDS_RECIPIENT and not recipients and not (name in MUTUAL and len(actors) > 1):
            confidence *= 0.6
        if (
            name == "CONSULT"
            and len([p for p in (*actors, *recipients) if p.sector != "JRN"]) < 2
            and any(p.sector == "JRN" for p in (*actors, *recipients))
        ):
            return None  # an interview is no consultation
        if together and len({p.country or p.text for p in (*actors, *recipients)}) < 2:
            confidence *= 0.5 if any(p.country for p in actors) else 0.4  # nobody meets alone
        if not recipients and name not in ("PROTEST", "MOBILIZE") and QUADS[name].endswith("conflict"):
            confidence *= 0.6 if QUADS[name].startswith("material") else 0.75
        if (
            confidence < POSSIBLE
            or not (actors or recipients)
            or name in MUTUAL
            and not any(p.country or p.name for p in (*actors, *recipients))
        ):
            return None
        ranked = np.sort(probability[:16])
        told = Told(
            trigger,
            name,
            float(probability[kind]),
            float(ranked[-2]),
            none,
            actors,
            recipients,
            at,
            around,
            self._belief(actors, 1),
            self._belief(recipients, 3),
            self._belief(recipients, 1),
            how,
            polarity,
            confidence,
        )
        found = features(reading, told)
        # What is set as a condition, or offered for one, is a position worth telling even where it is less sure.
        bargain = trigger in self.conditions[0] | self.conditions[1] and any(p.country for p in actors)
        sure = probable(found)
        hardly = reading.words[trigger].upos == "NOUN" and likely < NOUNLIKE  # "its ties with Peru"
        if sure < ENOUGH * (0.5 if bargain or demanded else 2.0 if hardly else 1.0):
            return None
        return Draft(trigger, name, mode, actors, recipients, how, polarity, min(sure, 0.99), features=found)

    def _belief(self, parties: list[PartyMention], first: int) -> float:
        """How much the model takes the phrase of the first of some parties for the source (`first` 1) or the target (3)."""
        if not parties or parties[0].start is None or parties[0].end is None:
            return 0.0
        inside = list(self.reading.words_in(parties[0].start, parties[0].end))
        return float(self.reading.roles[inside, first : first + 2].sum(1).mean()) if inside else 0.0

    def _topic(self, trigger: int, at: int) -> bool:
        """Whether a phrase belongs to the thing that is talked about: "discussed the state of ties with Peru"."""
        reading = self.reading
        if reading.words[trigger].lemma in VISITS:
            return False
        for thing in reading.dependents(trigger, "obj"):
            kind = int(reading.types[thing][:17].argmax())
            if (
                at != thing
                and case_of(reading, at) == "with"
                and at in reading.subtree(thing)
                and reading.words[thing].upos == "NOUN"
                and not self._parties([thing])
            ):
                return kind == 16 or self.labels[kind] != "CONSULT" or reading.event[thing] < NOUNLIKE
        return False

    def _told_itself(self, trigger: int, kind: str, triggers: set[int]) -> bool:
        """Whether what is said is an act that is told anyway, so that saying it is none: only of a hostile act is it an accusation."""
        clauses = list(self.reading.dependents(trigger, "ccomp", "parataxis"))
        for word in (*clauses, *(x for c in clauses for x in self.reading.dependents(c, "xcomp"))):
            if word in triggers:
                inside = self.labels[int(self.reading.types[word][:16].argmax())]
                if float(self.reading.types[word][16]) < 0.5 and (
                    kind != "ACCUSE"
                    or QUADS[inside] not in ("material conflict", "verbal conflict")
                    or inside == "REQUEST"
                ):
                    return True
        return False

    def _commits(self, trigger: int) -> bool:
        word = self.reading.words[trigger]
        return word.lemma in _COMMITS and self.reading.governs(trigger, "xcomp", "ccomp", "obj", "acl", "obl")

    def _mutual(self, trigger: int, between: bool, name: str) -> bool:
        """Whether what stands after "with" or "and" does it too."""
        if between or name == "CONSULT":
            return True
        cases = {
            self.reading.words[c].text.lower()
            for d in self.reading.dependents(trigger, "obl", "nmod")
            for c in self.reading.dependents(d, "case")
        }
        return "with" in cases

    def _by_definition(
        self, name: str, trigger: int, recipients: list[PartyMention], actors: list[PartyMention]
    ) -> str:
        """The type where PLOVER's codebook draws the line between two by what is used or who is acted on."""
        if name == "ASSAULT" and by_computer(self.reading, trigger):
            return "COERCE"  # an attack by computers is coercion
        if name == "COERCE" and self._seizes(trigger, actors, recipients):
            return "ASSAULT"  # who has no authority to arrest abducts
        if (
            name == "ASSAULT"
            and names_mode(self.reading, trigger, "COERCE", "seize")
            and recipients
            and not self._people(recipients)
            and not all(p.sector in _ARMED for p in actors)
        ):
            return "COERCE"  # states seize ships; who has no state and arms takes hostages
        if name == "ACCUSE" and names_mode(self.reading, trigger, "SANCTION", "convict"):
            return "SANCTION"  # a court's verdict is no charge
        if (
            name == "COERCE"
            and self.reading.words[trigger].lemma in _EXPELS
            and recipients
            and all(self.is_state(p) for p in recipients)
            and any(p.country in BODIES for p in actors)
        ):
            return "SANCTION"  # people are expelled from a state, states from a body
        return name

    def _killed(self, trigger: int) -> bool:
        """Whether who dies dies of what somebody does: of an act of violence in a phrase or clause on the verb, or over it: "died in a bombing", "the raid in which five died"."""
        reading, violence = self.reading, self.labels.index("ASSAULT")
        above = (
            [reading.words[trigger].head]
            if reading.words[trigger].rel in ("conj", "advcl", "acl:relcl", "parataxis")
            else []
        )
        return any(
            reading.event[i] > 0.5 and reading.types[i][violence] > 0.5
            for i in [*above, *reading.dependents(trigger, "obl", "nmod", "advcl", "conj", "parataxis")]
        )

    def _seizes(self, trigger: int, actors: list[PartyMention], recipients: list[PartyMention]) -> bool:
        """Whether armed people of no state take people."""
        return (
            bool(actors and self._people(recipients))
            and all(p.sector in _ARMED for p in actors)
            and self.reading.words[trigger].lemma in ABDUCTS
        )

    @staticmethod
    def _people(parties: list[PartyMention]) -> bool:
        return bool(parties) and all(p.sector not in ("GOV", None) or p.office for p in parties)

    def _asked(self, parties: list[PartyMention]) -> bool:
        """Whether somebody is a party of which a state could ask something."""
        return bool(parties) and all(p.country and p.sector != "CVL" for p in parties)

    def _askers(self, trigger: int, asked: list[PartyMention]) -> list[PartyMention]:
        """Who says that something ought to be done by somebody else: the sources of the innermost statement over a word."""
        reading = self.reading
        above, node = {trigger}, trigger
        while (node := reading.words[node].head) not in above:
            above.add(node)
        said = [f for f in self.chain.over(trigger) if not above.isdisjoint(f.cue_words)]
        word = reading.words[trigger]
        sources = (
            list(said[-1].sources)
            if said
            else self._parties(subjects(reading, word.head))
            if word.rel == "ccomp"
            else []
        )
        return [
            s
            for s in sources
            if s.sector not in ("JRN", "EDU")
            and not any(same(s, a) or s.country == a.country and s.sector == a.sector for a in asked)
        ]

    def _foreshadowed(self, trigger: int, at: int) -> list[PartyMention]:
        """Whom a possessive in a phrase before its clause's subject means: "In reply to Peru's criticism of his government, Otieno said"."""
        reading = self.reading
        if at < 0 or not any(reading.words[c].upos == "PRON" for c in reading.dependents(at, "nmod:poss")):
            return []
        node = trigger
        while reading.words[node].head != node and reading.words[node].rel.split(":")[0] in ("nmod", "obl", "advcl"):
            node = reading.words[node].head
            if found := [c for c in reading.dependents(node, "nsubj") if c > at]:
                return [p for p in self._parties(found) if p.country]
        return []

    def _mode(self, name: str, modes: np.ndarray) -> str | None:
        """The mode of a type that the model is sure of among those the type has."""
        own = [m for m in self.model.labels.mode if m in MODES.get(name, {})]
        if not own:
            return None
        values = np.array([modes[self.model.labels.mode.index(m)] for m in own])
        best = int(values.argmax())
        return own[best] if values[best] > 0.5 * max(values.sum(), 0.3) and values[best] > 0.2 else None

    def _without_inner(self, drafts: list[Draft]) -> list[Draft]:
        """One act told by two words is one event: a light verb with its noun, a promise with what is promised, a refusal with what is refused."""
        by_trigger = {d.trigger: d for d in drafts}
        dropped: set[int] = set()
        for d in drafts:
            word = self.reading.words[d.trigger]
            above = by_trigger.get(word.head) if word.head != d.trigger else None
            if above is None or above.trigger in dropped:
                continue
            rel = word.rel.split(":")[0]
            if (
                rel in ("obj", "nsubj") or rel == "obl" and case_of(self.reading, d.trigger) in _COMPLETES
            ) and word.upos in ("NOUN", "PROPN"):
                alike = (
                    above.type == d.type
                    or QUADS[above.type] == QUADS[d.type]
                    or rel == "obj"
                    and key_of(above.actors) == key_of(d.actors)
                )
                if alike and self.reading.words[above.trigger].upos == "VERB":
                    weaker = (
                        d
                        if d.confidence <= above.confidence
                        or len(d.actors) + len(d.recipients) < len(above.actors) + len(above.recipients)
                        else above
                    )
                    dropped.add(weaker.trigger)
            elif (
                rel == "obl"
                and case_of(self.reading, d.trigger) == "for"
                and word.upos == "NOUN"
                and d.type == "CONSULT"
                and self.reading.words[above.trigger].lemma in COMES
                and key_of(d.actors) <= key_of(above.actors + above.recipients)
            ):
                dropped.add(d.trigger)  # "arrived in Peru for talks" is one visit
            elif (
                rel == "ccomp"
                and above.type == d.type
                and (key_of(above.actors), key_of(above.recipients)) == (key_of(d.actors), key_of(d.recipients))
            ):
                dropped.add(above.trigger)  # what is said to be demanded is demanded once
            elif rel == "ccomp" and self.reading.words[above.trigger].lemma in HOPES:
                dropped.add(above.trigger)  # "hopes that Peru will withdraw" wishes for an act and is none
            elif rel in ("xcomp", "acl") or rel == "ccomp" and above.type in ("AGREE", "REJECT", "THREATEN", "CONCEDE"):
                if (
                    rel == "xcomp"
                    and not above.actors
                    and d.actors
                    and self.reading.governs(above.trigger, "nsubj:pass")
                ):
                    # "was scheduled to arrive" tells the arrival; "was ordered to close" the order.
                    ordered = above.type == d.type and QUADS[d.type].endswith("conflict")
                    dropped.add(d.trigger if ordered else above.trigger)
                elif above.type in ("AGREE", "REJECT", "THREATEN", "CONCEDE") or above.type == d.type:
                    dropped.add(d.trigger)
        for d in drafts:  # "had no intention of yielding": one refusal
            node, steps = d.trigger, 0
            while steps < 3 and self.reading.words[node].rel.split(":")[0] in ("acl", "obj", "xcomp", "nmod"):
                node, steps = self.reading.words[node].head, steps + 1
                above = by_trigger.get(node)
                if (
                    steps > 1
                    and above is not None
                    and above.trigger not in dropped
                    and above.type == d.type
                    and {p.country or p.name for p in above.actors} == {p.country or p.name for p in d.actors}
                ):
                    dropped.add(
                        above.trigger
                        if not above.recipients and (d.recipients or self.reading.words[node].lemma in _LIGHT)
                        else d.trigger
                    )
                    break
        return [d for d in drafts if d.trigger not in dropped]


def _local(found: list[PartyMention], country: str | None) -> list[PartyMention]:
    return [
        replace(p, country=country) if p.country is None and p.name is None and p.sector in _LOCAL_PEOPLE else p
        for p in found
    ]
