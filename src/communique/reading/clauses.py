"""Who does the act of a verb or noun: subjects through control, coordination and attachment, and owners of nouns."""

from __future__ import annotations

from .reading import NO_TYPE, NOMINAL, Reading

# Object-control verbs: the object does what the infinitive says. With all other verbs, the subject does.
OBJECT_CONTROL = frozenset(
    [
        "urge",
        "ask",
        "tell",
        "order",
        "persuade",
        "force",
        "help",
        "invite",
        "allow",
        "enable",
        "push",
        "press",
        "encourage",
        "warn",
        "convince",
        "compel",
        "require",
        "permit",
        "beg",
        "advise",
        "direct",
        "instruct",
        "call",
        "request",
        "want",
        "expect",
        "cause",
        "lead",
        "pressure",
        "command",
    ]
)

# Their subject undergoes what their object expresses: "the island is experiencing unrest".
UNDERGOES = frozenset(
    ["experience", "suffer", "undergo", "endure", "sustain", "face", "witness", "see", "survive", "escape"]
)
DIES = frozenset(["die", "perish"])  # their subject undergoes the act in their oblique phrase: "died in an attack"
_HELPING = frozenset(["back", "support", "fund", "make", "build", "occupy", "base"])  # backing an act is not doing it

NOBODY: tuple[int, ...] = ()


def case_of(reading: Reading, word: int) -> str:
    """Returns the preposition of a phrase, given its head; empty if it has none."""
    return next((reading.words[c].text.lower() for c in reading.dependents(word, "case")), "")


def undergone_by(reading: Reading, noun: int) -> list[int]:
    """Returns heads of the phrases for those who undergo what a noun expresses: the subject of "suffered an attack", of
    "died in an attack" and of "came under attack".
    """
    return list(reading.walk(("undergone_by", noun), lambda: tuple(_undergone_by(reading, noun)), NOBODY))


def _undergone_by(reading: Reading, noun: int) -> list[int]:
    word = reading.words[noun]
    lemma = reading.words[word.head].lemma
    under = _under(reading, noun) and max(reading.event[noun], reading.types[noun][:NO_TYPE].max()) > 0.5
    return (
        subjects(reading, word.head)
        if word.rel == "obj" and lemma in UNDERGOES or word.rel == "obl" and lemma in DIES or under
        else []
    )


def _under(reading: Reading, noun: int) -> bool:
    """Returns whether a noun after "under" is a state of its subject, such as "under attack" but not "under the
    agreement".
    """
    word = reading.words[noun]
    return (
        word.rel == "obl"
        and word.upos == "NOUN"
        and noun > word.head
        and case_of(reading, noun) == "under"
        and not reading.governs(noun, "det", "nmod:poss", "nummod")
    )


def inflicted_by(reading: Reading, verb: int) -> list[int]:
    """Returns heads of the phrases for those who do what the subject of a verb undergoes: "faces sanctions from Peru",
    "came under attack by rebels".
    """
    phrases = [
        *reading.dependents(verb, "obl"),
        *(c for thing in reading.dependents(verb, "obj", "obl") for c in reading.dependents(thing, "nmod")),
    ]
    return [c for c in phrases if case_of(reading, c) in ("from", "by")]


def between(reading: Reading, word: int) -> bool:
    """Returns whether a phrase names the sides of an act after "between": "between top officials of Peru and Chile"."""
    return case_of(reading, word) == "between"


def subjects(reading: Reading, verb: int, depth: int = 0) -> list[int]:
    """Returns heads of a verb's subjects: its own or, by control, coordination or attachment, those of the verb above
    it in the tree.
    """
    return list(reading.walk(("subjects", verb, depth), lambda: tuple(_subjects(reading, verb, depth)), NOBODY))


def _subjects(reading: Reading, verb: int, depth: int) -> list[int]:
    own = [c for c in reading.dependents(verb, "nsubj", "csubj") if not reading.words[c].rel.endswith(":outer")]
    if own:
        return [
            c for c in own if reading.words[c].text.lower() not in ("it", "there") or reading.words[c].rel != "expl"
        ]
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
            towards = [c for c in reading.dependents(above, "obl") if case_of(reading, c) in ("on", "to", "for")]
            if towards and reading.words[above].lemma in ("call", "appeal", "push", "press"):
                return towards
            if reading.words[above].rel and list(reading.dependents(above, "nsubj:pass")):
                return list(reading.dependents(above, "nsubj:pass"))
        return subjects(reading, above, depth + 1)
    if rel in ("advcl", "parataxis"):
        return subjects(reading, above, depth + 1) if reading.words[above].upos in ("VERB", "ADJ", "NOUN") else []
    if rel == "acl" and reading.words[above].upos in NOMINAL:
        # "plans to expand", "no intention of yielding": the party that has the plan acts. "talks focusing on trade":
        # the talks do. "is a donor to Sudan, providing aid": the donor does.
        return (
            (noun_owners(reading, above) or _holder(reading, above))
            if reading.governs(verb, "mark")
            else list(reading.dependents(above, "nsubj")) or [above]
        )
    if rel == "acl:relcl":
        return []
    return []


def noun_owners(reading: Reading, noun: int) -> list[int]:
    """Returns heads of the phrases for those who do the act of a noun: its possessor, the subject of the verb it
    completes, an adjective of a state before it.
    """
    return list(reading.walk(("noun_owners", noun), lambda: tuple(_noun_owners(reading, noun)), NOBODY))


def _noun_owners(reading: Reading, noun: int) -> list[int]:
    owners = list(reading.dependents(noun, "nmod:poss"))
    owners += [c for c in reading.dependents(noun, "nmod") if case_of(reading, c) == "by" or between(reading, c)]
    if reading.event[noun] > 0.5:  # "the expulsion of the diplomats by Peru", however the last phrase was attached
        owners += [
            c
            for of in reading.dependents(noun, "nmod")
            if case_of(reading, of) == "of"
            for c in reading.dependents(of, "nmod")
            if case_of(reading, c) == "by"
        ]
    if not owners:
        owners += [
            c
            for c in reading.dependents(noun, "amod", "compound")
            if reading.words[c].text[:1].isupper() and reading.words[c].upos in ("ADJ", "PROPN")
        ]
    word = reading.words[noun]
    above = word.head
    # A subject that holds, launches or joins an act does it. One that sees it, hears of it or is hit in it does not.
    holds = reading.words[above].lemma == "have" or reading.event_class[above] not in (
        "PERCEPTION",
        "REPORTING",
        "I_STATE",
    )
    if above != noun and undergone_by(reading, noun):
        return owners or inflicted_by(reading, above)
    if not owners and above != noun and reading.words[above].upos == "VERB" and holds:
        if word.rel == "nsubj:pass":
            owners += [c for c in reading.dependents(above, "obl:agent")]
        elif (
            word.rel == "obj"
            or word.rel == "obl"
            and case_of(reading, noun) in ("in", "into")
            and not reading.governs(above, "nsubj:pass")
        ):
            owners += subjects(reading, above)
    if not owners:  # "a rebel attack", "government shelling"; "a Saudi-led strike"
        owners += [c for c in reading.dependents(noun, "compound") if reading.words[c].upos == "NOUN"]
        for part in reading.dependents(noun, "amod"):
            if "VerbForm=Part" in reading.words[part].feats and reading.words[part].lemma not in _HELPING:
                owners += [
                    c
                    for c in reading.children[part]
                    if c < part
                    and reading.words[c].text[:1].isupper()
                    and reading.words[c].upos in ("ADJ", "PROPN", "NOUN")
                ]
    return owners


def _holder(reading: Reading, noun: int) -> list[int]:
    """Returns the subjects of the verb that a noun completes, directly or through nouns it is coordinated with or
    attached to.
    """
    node = noun
    for _ in range(4):
        word = reading.words[node]
        if word.relation not in ("obj", "conj", "nmod") or word.head == node:
            return []
        if word.rel == "obj":
            return subjects(reading, word.head)
        node = word.head
    return []
