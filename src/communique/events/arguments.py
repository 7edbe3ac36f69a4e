"""Who acts and who is acted on, by the syntax around a predicate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..reading import Reading
from ..reading.clauses import (
    DIES,
    TRANSITIVE,
    between,
    case_of,
    inflicted_by,
    noun_owners,
    subjects,
    undergoes,
    undergone_by,
)

_TOWARDS = frozenset(
    [
        "with",
        "against",
        "to",
        "at",
        "on",
        "toward",
        "towards",
        "for",
        "upon",
        "over",
        "onto",
        "into",
        "from",
        "among",
        "between",
    ]
)
_RECIPIENT_OF_NOUN = frozenset(
    ["of", "with", "against", "on", "to", "for", "at", "toward", "towards", "between", "into", "by", "from", "over"]
)

_MESSAGES = frozenset("letter message note cable telegram memo statement email e-mail ultimatum warning".split())


@dataclass
class Frame:
    """A predicate with the heads of the phrases around it."""

    trigger: int
    actors: list[int] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    further: list[int] = field(default_factory=list)  # phrases that may stand for a recipient if no better is there
    passive: bool = False
    reciprocal: bool = False


def frame(reading: Reading, trigger: int) -> Frame:
    """The frame of a verb, noun or adjective that tells an event."""
    word = reading.words[trigger]
    found = Frame(trigger)
    if word.upos == "VERB" or reading.governs(
        trigger, "nsubj"
    ):  # what has a subject is a predicate, however it is tagged
        found.passive = (
            reading.governs(trigger, "nsubj:pass")
            or reading.governs(trigger, "aux:pass")
            or (
                "VerbForm=Part" in word.feats
                and "Tense=Past" in word.feats
                and word.rel == "acl"
                and not reading.governs(trigger, "aux")
            )
            or _shared_passive(reading, trigger)
        )
        subject = subjects(reading, trigger)
        if found.passive or word.lemma in DIES or bare_passive(reading, trigger):
            found.passive = True
            found.actors = list(reading.dependents(trigger, "obl:agent")) or [
                c for c in reading.dependents(trigger, "obl") if case_of(reading, c) == "by"
            ]
            found.recipients = subject
        elif undergoes(reading, trigger):
            found.passive, found.actors, found.recipients = True, inflicted_by(reading, trigger), subject
        else:
            # "Kenya's attack killed two": the act's owner is the actor.
            found.actors = [
                o
                for s in subject
                for o in (noun_owners(reading, s) if reading.words[s].upos == "NOUN" and reading.event[s] > 0.5 else [])
            ] or subject
            found.recipients = [c for c in reading.dependents(trigger, "obj", "iobj")]
        # Where the object itself is nobody, what is acted on stands within it, then after a preposition, then in a complement.
        for child in found.recipients:
            found.further += _within(reading, child)
        towards = [
            c
            for c in reading.dependents(trigger, "obl")
            if reading.words[c].rel != "obl:agent" and case_of(reading, c) in _TOWARDS and c not in found.actors
        ]
        found.further += towards
        for child in [*towards, *reading.dependents(trigger, "ccomp", "xcomp")]:
            found.further += _within(reading, child)
        if (
            not found.passive and (sent := _message(reading, trigger)) is not None
        ):  # "sent Peru a letter threatening to close the port"
            found.further += [
                c
                for c in (
                    *reading.dependents(reading.words[sent].head, "iobj", "obl"),
                    *reading.dependents(sent, "nmod"),
                )
                if reading.words[c].rel == "iobj" or case_of(reading, c) == "to"
            ]
    else:
        owners = noun_owners(reading, trigger)
        found.actors = owners
        # "rejection and condemnation of the attack": what hangs on the last of them belongs to each.
        for child in list(reading.dependents(trigger, "nmod")) or [
            n for c in reading.dependents(trigger, "conj") for n in reading.dependents(c, "nmod")
        ]:
            case = case_of(reading, child)
            if child not in owners and case in _RECIPIENT_OF_NOUN:
                (found.recipients if case in ("of", "with", "against", "on", "to") else found.further).append(child)
        if undergoing := undergone_by(reading, trigger):
            found.passive, found.recipients = True, undergoing
        found.reciprocal = any(between(reading, c) for c in reading.dependents(trigger, "nmod"))
        above = word.head
        if above != trigger and reading.words[above].upos == "VERB" and word.rel.split(":")[0] in ("obj", "nsubj"):
            for child in reading.dependents(above, "obl"):
                if (
                    reading.words[child].rel != "obl:agent"
                    and case_of(reading, child) in _TOWARDS
                    and child not in owners
                ):
                    found.further.append(child)
        for child in [*found.recipients, *found.further]:
            found.further += _within(reading, child)
        for deed in reading.dependents(trigger, "acl"):  # "its refusal to talk with Peru"
            if "VerbForm=Inf" in reading.words[deed].feats or any(
                reading.words[m].text.lower() == "to" for m in reading.dependents(deed, "mark")
            ):
                found.further += _within(reading, deed)
    return found


def _message(reading: Reading, verb: int) -> int | None:
    """The letter or message that a participle tells the content of, where one is sent."""
    word = reading.words[verb]
    if not word.text.lower().endswith("ing"):
        return None
    things = (
        [word.head]
        if word.rel == "acl"
        else list(reading.dependents(word.head, "obj"))
        if word.rel in ("advcl", "xcomp")
        else []
    )
    return next(
        (t for t in things if t != verb and reading.words[t].lemma in _MESSAGES and reading.words[t].rel == "obj"), None
    )


def bare_passive(reading: Reading, verb: int) -> bool:
    """Whether a headline's verb is a passive whose auxiliary is left out: "Envoy expelled from Peru"."""
    word = reading.words[verb]
    if (
        word.lemma not in TRANSITIVE
        or "Tense=Past" not in word.feats
        or not reading.governs(verb, "nsubj")
        or reading.governs(
            verb, "obj", "iobj", "ccomp", "xcomp", "aux", "aux:pass", "conj", "parataxis", "compound:prt"
        )
    ):
        return False
    return _headline(reading, verb)


def _shared_passive(reading: Reading, verb: int) -> bool:
    """Whether a verb is joined to a passive whose subject and auxiliary it shares: "was tortured and killed"."""
    word = reading.words[verb]
    if (
        word.rel != "conj"
        or "Tense=Past" not in word.feats
        or reading.governs(verb, "nsubj", "obj", "aux", "ccomp", "xcomp")
    ):
        return False
    return reading.governs(word.head, "nsubj:pass") and (word.has("VerbForm=Part") or word.lemma in TRANSITIVE)


def _headline(reading: Reading, word: int) -> bool:
    """Whether a word's sentence ends its paragraph without a mark."""
    start, end = reading.span(*reading.sentence_of(word))
    ends = reading.text.find("\n", end)
    rest = reading.text[end : ends if ends >= 0 else None].strip()
    return not rest and re.search(r"\w(?: \([A-Z][\w .]*\)| *\.\.\.)?$", reading.text[start:end]) is not None


def agents(reading: Reading, noun: int) -> list[int]:
    """Who sent, fired or made a thing, where a participle after it says so."""
    return (
        [
            a
            for c in reading.dependents(noun, "acl")
            for a in reading.dependents(c, "obl")
            if case_of(reading, a) == "by"
        ]
        if reading.words[noun].upos == "NOUN"
        else []
    )


def _within(reading: Reading, head: int, depth: int = 0) -> list[int]:
    """Heads of the phrases inside a phrase that may name a party: possessors first, then adjectives of states, then "of" phrases."""
    if depth > 3:
        return []
    found = list(reading.dependents(head, "nmod:poss"))
    found += [c for c in reading.dependents(head, "amod", "compound") if reading.words[c].text[:1].isupper()]
    shared = [
        n
        for c in reading.dependents(head, "conj")
        for n in reading.dependents(c, "nmod")
        if not reading.governs(head, "nmod")
    ]  # "a grant and a loan to Peru"
    for child in [
        *reading.dependents(head, "nmod", "obj", "nsubj", "obl"),
        *shared,
        *(
            a
            for c in reading.dependents(head, "acl")
            for a in reading.dependents(c, "obl")
            if case_of(reading, a) in ("by", "on", "against")
        ),
    ]:
        if reading.words[child].rel not in ("nmod:poss", "nmod:desc"):  # a title is not another than who bears it
            found.append(child)
            found += _within(reading, child, depth + 1)
    return found
