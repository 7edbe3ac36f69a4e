"""Who acts and who is acted on, by the syntax around a predicate."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..reading import Reading

# Verbs whose object does what the infinitive under them says; under all others the subject does.
OBJECT_CONTROL = frozenset(["urge", "ask", "tell", "order", "persuade", "force", "help", "invite", "allow", "enable", "push", "press", "encourage", "warn", "convince", "compel", "require", "permit", "beg", "advise", "direct", "instruct", "call", "request", "want", "expect", "cause", "lead", "pressure", "command"])
_TOWARDS = frozenset(["with", "against", "to", "at", "on", "toward", "towards", "for", "upon", "over", "onto", "into", "from", "among", "between"])
_RECIPIENT_OF_NOUN = frozenset(["of", "with", "against", "on", "to", "for", "at", "toward", "towards", "between", "into", "by", "from", "over"])


@dataclass
class Frame:
    """A predicate with the heads of the phrases around it."""

    trigger: int
    actors: list[int] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    further: list[int] = field(default_factory=list)  # phrases that may stand for a recipient if no better is there
    passive: bool = False
    reciprocal: bool = False


def _case(reading: Reading, word: int) -> str:
    return next((reading.words[c].text.lower() for c in reading.dependents(word, "case")), "")


def subjects(reading: Reading, verb: int, depth: int = 0) -> list[int]:
    """Heads of what a verb's subject is, its own or, by control, coordination or attachment, that of the verb above."""
    own = [c for c in reading.dependents(verb, "nsubj", "csubj") if not reading.words[c].rel.endswith(":outer")]
    if own:
        return [c for c in own if reading.words[c].text.lower() not in ("it", "there") or reading.words[c].rel != "expl"]
    word = reading.words[verb]
    if depth > 5 or word.head == verb:
        return []
    above = word.head
    rel = word.rel
    if rel == "conj":
        return subjects(reading, above, depth + 1)
    if rel == "xcomp":
        if reading.words[above].lemma in OBJECT_CONTROL:
            objects = list(reading.dependents(above, "obj", "iobj"))
            if objects:
                return objects
            towards = [c for c in reading.dependents(above, "obl") if _case(reading, c) in ("on", "to", "for")]
            if towards and reading.words[above].lemma in ("call", "appeal", "push", "press"):
                return towards
            if reading.words[above].rel and list(reading.dependents(above, "nsubj:pass")):
                return list(reading.dependents(above, "nsubj:pass"))
        return subjects(reading, above, depth + 1)
    if rel in ("advcl", "parataxis"):
        return subjects(reading, above, depth + 1) if reading.words[above].upos in ("VERB", "ADJ", "NOUN") else []
    if rel == "acl":
        if reading.words[above].upos in ("NOUN", "PROPN", "PRON"):
            infinitive = any(reading.words[c].text.lower() == "to" for c in reading.dependents(verb, "mark"))
            return noun_owners(reading, above) if infinitive else [above]
    if rel == "acl:relcl":
        return []
    return []


def noun_owners(reading: Reading, noun: int) -> list[int]:
    """Whose act a noun tells: its possessor, the subject of the verb it completes, an adjective of a state before it."""
    owners = list(reading.dependents(noun, "nmod:poss"))
    owners += [c for c in reading.dependents(noun, "nmod") if _case(reading, c) in ("by", "between")]
    if not owners:
        owners += [c for c in reading.dependents(noun, "amod", "compound") if reading.words[c].text[:1].isupper() and reading.words[c].upos in ("ADJ", "PROPN")]
    word = reading.words[noun]
    above = word.head
    # Who holds, launches or joins an act does it; who sees it, hears of it or is hit in it does not.
    if not owners and above != noun and reading.words[above].upos == "VERB" and reading.event_class[above] not in ("PERCEPTION", "REPORTING", "I_STATE"):
        if word.rel == "nsubj:pass":
            owners += [c for c in reading.dependents(above, "obl:agent")]
        elif word.rel == "obj" or word.rel == "obl" and _case(reading, noun) in ("in", "into") and not reading.governs(above, "nsubj:pass"):
            owners += subjects(reading, above)
    return owners


def frame(reading: Reading, trigger: int) -> Frame:
    """The frame of a verb, noun or adjective that tells an event."""
    word = reading.words[trigger]
    found = Frame(trigger)
    if word.upos == "VERB" or reading.governs(trigger, "nsubj"):  # what has a subject is a predicate, however it is tagged
        found.passive = reading.governs(trigger, "nsubj:pass") or reading.governs(trigger, "aux:pass") or (
            "VerbForm=Part" in word.feats and "Tense=Past" in word.feats and word.rel == "acl"
        )
        subject = subjects(reading, trigger)
        if found.passive:
            found.actors = list(reading.dependents(trigger, "obl:agent")) or [c for c in reading.dependents(trigger, "obl") if _case(reading, c) == "by"]
            found.recipients = subject
        else:
            # "Kenya's attack killed two": the act's owner is the actor.
            found.actors = [o for s in subject for o in (noun_owners(reading, s) if reading.words[s].upos == "NOUN" and reading.event[s] > 0.5 else [])] or subject
            found.recipients = [c for c in reading.dependents(trigger, "obj", "iobj")]
        # Where the object itself is nobody, what is acted on stands within it, then after a preposition, then in a complement.
        for child in found.recipients:
            found.further += _within(reading, child)
        towards = [c for c in reading.dependents(trigger, "obl") if reading.words[c].rel != "obl:agent" and _case(reading, c) in _TOWARDS and c not in found.actors]
        found.further += towards
        for child in [*towards, *reading.dependents(trigger, "ccomp", "xcomp")]:
            found.further += _within(reading, child)
    else:
        owners = noun_owners(reading, trigger)
        found.actors = owners
        for child in reading.dependents(trigger, "nmod"):
            case = _case(reading, child)
            if child not in owners and case in _RECIPIENT_OF_NOUN:
                (found.recipients if case in ("of", "with", "against", "on", "to") else found.further).append(child)
        found.reciprocal = any(_case(reading, c) == "between" for c in reading.dependents(trigger, "nmod"))
        above = word.head
        if above != trigger and reading.words[above].upos == "VERB" and word.rel.split(":")[0] in ("obj", "nsubj"):
            for child in reading.dependents(above, "obl"):
                if reading.words[child].rel != "obl:agent" and _case(reading, child) in _TOWARDS and child not in owners:
                    found.further.append(child)
        for child in [*found.recipients, *found.further]:
            found.further += _within(reading, child)
    return found


def _within(reading: Reading, head: int, depth: int = 0) -> list[int]:
    """Heads of the phrases inside a phrase that may name a party: possessors first, then adjectives of states, then "of" phrases."""
    if depth > 2:
        return []
    found = list(reading.dependents(head, "nmod:poss"))
    found += [c for c in reading.dependents(head, "amod", "compound") if reading.words[c].text[:1].isupper()]
    for child in reading.dependents(head, "nmod", "obj", "nsubj", "obl"):
        if reading.words[child].rel != "nmod:poss":
            found.append(child)
            found += _within(reading, child, depth + 1)
    return found
