"""Whether an event happened, will, may, would, or ought to; and whether it is denied."""

from __future__ import annotations

from ..reading import Reading
from ..schema import Modality, Polarity
from .links import conditioned, ties

_NOT = frozenset(["not", "n't", "n’t", "never", "no", "neither", "nor", "without", "hardly", "barely"])
_WILL = frozenset(["will", "'ll", "’ll", "shall", "wo"])
_MAY = frozenset(["may", "might", "could", "can", "ca"])
_OUGHT = frozenset(["should", "must", "ought"])
_PLAN = frozenset(
    [
        "plan",
        "schedule",
        "expect",
        "intend",
        "aim",
        "pledge",
        "promise",
        "vow",
        "agree",
        "prepare",
        "set",
        "commit",
        "propose",
        "due",
        "threaten",
        "decide",
        "prepare",
        "slate",
        "plan",
        "seek",
    ]
)
_WANT = frozenset(
    [
        "want",
        "urge",
        "ask",
        "demand",
        "call",
        "request",
        "wish",
        "hope",
        "desire",
        "propose",
        "recommend",
        "suggest",
        "advise",
        "encourage",
        "press",
        "push",
        "appeal",
        "insist",
        "need",
        "require",
        "order",
        "tell",
        "persuade",
        "beg",
        "seek",
        "invite",
    ]
)
HOPES = frozenset(["hope", "wish", "desire"])  # of what they govern even "will" is a wish
_FAIL = frozenset(
    [
        "fail",
        "refuse",
        "decline",
        "neglect",
        "avoid",
        "stop",
        "cease",
        "prevent",
        "refrain",
        "forbid",
        "ban",
        "unable",
        "deny",
    ]
)
_DOUBT = frozenset(
    [
        "likely",
        "possible",
        "possibly",
        "perhaps",
        "probably",
        "potentially",
        "apparently",
        "reportedly",
        "allegedly",
        "presumably",
    ]
)


def _low(reading: Reading, index: int) -> str:
    return reading.words[index].text.lower()


def _conditional(reading: Reading, trigger: int, conditions: tuple[frozenset[int], frozenset[int]]) -> bool:
    """Whether a word stands in a condition, or heads or completes what one is set for."""
    introduced, mains = conditions
    node, completes = trigger, True
    while True:
        if node in introduced or completes and node in mains:
            return True
        word = reading.words[node]
        rel = word.rel.split(":")[0]
        if word.head == node or word.rel == "acl:relcl":
            return False
        completes = completes and rel in ("xcomp", "obj", "obl", "nmod", "conj")
        node = word.head


_ASPECTS = frozenset(
    ["resumption", "revival", "restart", "start", "beginning", "opening", "launch", "continuation", "renewal"]
)


def _whole(reading: Reading, trigger: int) -> int:
    """For "a resumption of talks", the word that holds the talks' place in the sentence; else the word itself."""
    word = reading.words[trigger]
    while word.upos == "NOUN" and word.rel == "nmod" and reading.words[word.head].lemma in _ASPECTS:
        word = reading.words[word.head]
    return word.index


CLASSES: tuple[tuple[Modality, Polarity], ...] = tuple(
    (m, p) for m in ("actual", "future", "possible", "conditional", "desired") for p in ("positive", "negative")
)
TRUST = 0.6  # how much the words around a word weigh against what the model believes
HAPPENED = 0.6  # how much it weighs that the model thinks that it happened


def modality(
    reading: Reading, trigger: int, conditions: tuple[frozenset[int], frozenset[int]] | None = None
) -> tuple[Modality, Polarity]:
    """Modality and polarity of what a word tells: what the model believes, weighed with what the tree says and with whether it happened at all.

    `conditions` are the two sets of `links.conditioned`, for a caller that asks often.
    """
    said = by_tree(reading, trigger, conditions)
    if not reading.modality.shape[1]:
        return said
    belief = {c: float(p) + (TRUST if c == said else 0.0) for c, p in zip(CLASSES, reading.modality[trigger])}
    belief["actual", "positive"] += HAPPENED * (float(reading.happened[trigger]) - 0.5)
    if said[0] != "conditional" and not _supposes(reading, trigger, conditions):
        belief = {c: p for c, p in belief.items() if c[0] != "conditional"}  # a headline's bare present is no condition
    if said[0] == "conditional":  # a cue that the tree ties to the act is exact
        belief = {c: p for c, p in belief.items() if c[0] == "conditional"}
    if (
        said[0] != "actual"
        and reading.words[trigger].upos == "NOUN"
        and (above := reading.words[_whole(reading, trigger)]).rel == "obj"
        and reading.governs(above.head, "aux")
    ):
        # A noun shares what is open about the verb that it completes: "might support talks".
        belief = {c: p for c, p in belief.items() if c[0] != "actual"}
    if said[1] == "negative" and reading.words[trigger].upos != "VERB":
        # A noun shares the negation of the verb that it completes: "did not express his support".
        belief = {c: p for c, p in belief.items() if c[1] == "negative"}
    return max(belief, key=lambda c: belief[c])


def _supposes(reading: Reading, trigger: int, conditions: tuple[frozenset[int], frozenset[int]] | None) -> bool:
    """Whether the sentence of a word sets a condition or has an auxiliary but "be", "have", "do" and "will", without which nothing in it is conditional."""
    a, b = reading.sentence_of(trigger)
    introduced, mains = conditions or conditioned(reading, ties(reading))
    modal = any(
        w.rel.startswith("aux") and w.lemma.lower() not in ("be", "have", "do", "will", "get")
        for w in reading.words[a:b]
    )
    return modal or any(a <= i < b for i in (*introduced, *mains))


def ought(reading: Reading, trigger: int) -> bool:
    """Whether "must", "should" or "ought" stands with a verb."""
    return any(_low(reading, c) in _OUGHT for c in reading.dependents(trigger, "aux"))


def _backshifted(reading: Reading, verb: int) -> bool:
    """Whether "would" is the "will" of what was said in the past: "announced that it would open the port"."""
    while reading.words[verb].rel == "conj":
        verb = reading.words[verb].head
    above = reading.words[verb].head
    told = reading.event_class[above] in ("REPORTING", "I_ACTION") or any(
        c.start <= above < c.end for c in reading.cues
    )
    return reading.words[verb].rel == "ccomp" and told and "Tense=Past" in reading.words[above].feats


def by_tree(
    reading: Reading, trigger: int, conditions: tuple[frozenset[int], frozenset[int]] | None = None, steps: int = 6
) -> tuple[Modality, Polarity]:
    """Modality and polarity by the words around a word, up to its clause's top."""
    found: Modality | None = (
        "conditional" if _conditional(reading, trigger, conditions or conditioned(reading, ties(reading))) else None
    )
    negative = False
    node = trigger = _whole(reading, trigger)
    carried = True  # a negated verb denies its object and its infinitive too
    for step in range(steps):
        word = reading.words[node]
        children = reading.children[node]
        for child in children:
            low, rel = _low(reading, child), reading.words[child].rel
            if (
                (low in _NOT or low == "longer" and any(_low(reading, c) == "no" for c in reading.children[child]))
                and rel.split(":")[0] in ("advmod", "det", "cc", "mark", "case", "advcl")
                and (low not in ("nor", "neither") or step == 0)
            ):
                if carried:
                    negative = not negative
            if (
                rel.startswith("aux")
                and step == 0
                or rel.startswith("aux")
                and found is None
                and word.upos == "VERB"
                and step <= 1
                and reading.words[trigger].rel in ("xcomp", "obj")
            ):
                if low in _WILL:
                    found = found or "future"
                elif low in _MAY:
                    found = found or "possible"
                elif low in _OUGHT:
                    found = found or "desired"
                elif low in ("would", "'d", "’d"):
                    found = found or ("future" if _backshifted(reading, node) else "conditional")
            if rel == "advmod" and low in _DOUBT and step <= 1:
                found = found or "possible"
        above = word.head
        if above == node:
            break
        rel = word.rel.split(":")[0]
        top = reading.words[above]
        carried = carried and rel in ("obj", "xcomp", "acl")
        if (
            rel in ("xcomp", "ccomp", "acl", "csubj")
            or rel == "advcl"
            and any(_low(reading, c) == "to" for c in reading.dependents(node, "mark"))
        ):
            infinitive = any(_low(reading, c) == "to" for c in reading.dependents(node, "mark"))
            lemma = top.lemma.lower()
            if rel == "advcl" and infinitive:
                found = found or "desired"  # an infinitive of purpose says what is aimed at
            elif lemma in _FAIL and rel in ("xcomp", "ccomp", "acl"):
                negative = not negative
            elif rel == "ccomp" and lemma in HOPES:
                found = "desired" if found in (None, "future") else found
            elif (
                lemma in _WANT
                and rel in ("xcomp", "ccomp", "acl")
                and (
                    infinitive
                    or rel == "ccomp"
                    and "Mood=Sub" in word.feats
                    or rel == "ccomp"
                    and lemma in ("demand", "insist", "propose", "recommend", "suggest")
                    and "VerbForm=Inf" in word.feats
                )
            ):
                found = found or "desired"
            elif (
                lemma in _PLAN or top.upos == "ADJ" and lemma in ("due", "set", "ready", "likely", "expected")
            ) and infinitive:
                found = found or ("possible" if lemma == "likely" else "future")
            elif rel == "acl" and top.upos == "NOUN" and reading.governs(node, "mark"):
                found = found or (
                    "future"
                    if lemma
                    in (
                        "plan",
                        "promise",
                        "pledge",
                        "decision",
                        "offer",
                        "agreement",
                        "commitment",
                        "intention",
                        "intent",
                        "readiness",
                        "willingness",
                    )
                    else "desired"
                    if lemma
                    in ("call", "request", "demand", "appeal", "need", "proposal", "bid", "effort", "attempt", "push")
                    else None
                )
            elif rel == "ccomp" and lemma not in _WANT:
                break
        elif rel in ("obj", "obl", "nmod", "nsubj", "conj"):
            lemma = top.lemma.lower()
            if rel == "conj":
                if any(reading.words[c].rel.startswith("aux") or reading.words[c].rel == "nsubj" for c in children):
                    break
            elif (
                rel in ("obj", "obl")
                and top.upos == "VERB"
                and step == 0
                and reading.words[trigger].upos in ("NOUN", "PROPN")
            ):
                case = next((_low(reading, c) for c in reading.dependents(node, "case")), "")
                if lemma in _WANT and (rel == "obj" or case == "for"):
                    found = found or "desired"
                elif lemma in ("plan", "schedule", "expect", "offer", "promise", "pledge", "propose"):
                    found = found or "future"
                elif lemma in ("cancel", "deny", "rule", "avert", "prevent", "avoid") and rel == "obj":
                    negative = not negative
            elif rel == "nmod" and top.upos == "NOUN" and step == 0:
                case = next((_low(reading, c) for c in reading.dependents(node, "case")), "")
                if lemma in ("threat", "possibility", "risk", "prospect", "fear", "chance", "danger"):
                    found = found or "possible"
                elif lemma in ("call", "request", "demand", "appeal", "proposal", "hope") and case == "for":
                    found = found or "desired"
                elif lemma in ("plan", "promise", "preparation"):
                    found = found or "future"
                break
            else:
                break
        else:
            break
        node = above
    return found or "actual", "negative" if negative else "positive"
