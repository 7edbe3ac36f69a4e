"""The best dependency tree of a sentence: greedy where that gives a tree, Chu-Liu/Edmonds where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]


def _cycle(heads: NDArray[np.int64]) -> list[int]:
    """The words of one cycle of the heads, or none. A word that is its own head is a root."""
    state = np.zeros(len(heads), np.int8)
    for start in range(len(heads)):
        path, node = [], start
        while not state[node]:
            state[node] = 1
            path.append(node)
            if heads[node] == node:
                break
            node = int(heads[node])
        else:
            if state[node] == 1 and node in path:
                return path[path.index(node) :]
        for word in path:
            state[word] = 2
    return []


def _arborescence(scores: Scores) -> NDArray[np.int64]:
    """Maximum arborescence with node 0 as root: `scores[dependent, head]`; iterative contraction."""
    n = len(scores)
    scores = scores.copy()
    np.fill_diagonal(scores, -np.inf)
    heads = np.zeros(n, np.int64)
    heads[1:] = scores[1:].argmax(1)
    heads[0] = 0
    cycle = _cycle(heads)
    if not cycle:
        return heads
    inside = np.zeros(n, bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    cyc = np.array(cycle)
    weight = scores[cyc, heads[cyc]]
    # The cycle becomes one node, the last of the contracted graph.
    small: NDArray[np.floating[Any]] = np.full((len(outside) + 1, len(outside) + 1), -np.inf)
    small[:-1, :-1] = scores[np.ix_(outside, outside)]
    small[:-1, -1] = scores[np.ix_(outside, cyc)].max(1)
    leaving = cyc[scores[np.ix_(outside, cyc)].argmax(1)]
    entering = scores[np.ix_(cyc, outside)] - weight[:, None]
    small[-1, :-1] = entering.max(0)
    entry = cyc[entering.argmax(0)]
    inner = _arborescence(small)
    for at, word in enumerate(outside[1:], 1):
        heads[word] = leaving[at] if inner[at] == len(outside) else outside[inner[at]]
    broken = int(inner[-1])
    heads[entry[broken]] = outside[broken]
    return heads


def decode(scores: Scores) -> NDArray[np.int64]:
    """Heads of a sentence's words from `scores[dependent, head]`, where the diagonal scores being the root.

    Exactly one word is its own head, and every other word hangs on it.
    """
    heads = np.asarray(scores.argmax(1), np.int64)
    roots = np.flatnonzero(heads == np.arange(len(heads)))
    if len(roots) == 1 and not _cycle(heads):
        return heads
    n = len(scores)
    if n == 1:
        return np.zeros(1, np.int64)
    best, result = -np.inf, heads
    candidates = np.argsort(
        -(scores.diagonal() - np.where(np.eye(n, dtype=bool), -np.inf, scores).max(1)), kind="stable"
    )[:3]
    for root in candidates:
        order = np.concatenate([[root], np.delete(np.arange(n), root)])
        tree = order[_arborescence(scores[np.ix_(order, order)])]
        found = np.empty(n, np.int64)
        found[order] = tree
        found[root] = root
        total = scores[np.arange(n), found].sum()
        if total > best:
            best, result = total, found
    return result


def joined_adjectives(upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> list[int]:
    """Mends, in place, "French and German ministers" read as three things joined; returns the nouns that were raised.

    A noun that follows an adjective with nothing between them, both joined to one word before them, is what the adjectives describe: it takes the place of that word, which becomes its modifier.
    """
    raised = []
    for noun in range(2, len(upos)):
        first = int(heads[noun])
        if (
            upos[noun] != "NOUN"
            or rels[noun] != "conj"
            or first >= noun - 1
            or upos[noun - 1] not in ("ADJ", "PROPN")
            or heads[noun - 1] != first
            or rels[noun - 1] != "conj"
            or upos[first] not in ("ADJ", "PROPN")
        ):
            continue
        heads[noun] = noun if heads[first] == first else heads[first]
        rels[noun] = rels[first]
        for child in map(int, np.flatnonzero(heads == first)):
            if child not in (first, noun) and not first < child < noun:
                heads[child] = noun
        for child in range(first + 1, noun - 1):
            if heads[child] == noun:
                heads[child] = noun - 1  # the conjunction before the last adjective
        heads[first], rels[first] = noun, "amod"
        raised.append(noun)
    return raised


def subjects_before(upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, a noun read as the object of a verb that it stands before and that has no subject: English has its objects behind the verb, and a name between a noun's preposition and a participle is who does it."""
    having = {int(heads[i]) for i, rel in enumerate(rels) if rel.startswith(("nsubj", "csubj", "expl"))}
    for i, rel in enumerate(rels):
        verb = int(heads[i])
        if (
            rel in ("obj", "iobj")
            and i < verb
            and upos[i] in ("NOUN", "PROPN")
            and upos[verb] == "VERB"
            and verb not in having
        ):
            rels[i] = "nsubj"
            having.add(verb)
        elif (
            rel == "obl"
            and i == verb - 1
            and upos[i] == "PROPN"
            and rels[verb] == "acl"
            and verb not in having
            and heads[i - 1] == i
            and rels[i - 1] == "case"
            and heads[verb] == i - 2
        ):
            rels[i] = "nsubj"  # "in return for Peru dropping its claims"
            heads[i - 1], rels[i - 1] = verb, "mark"
            having.add(verb)


def joined_objects(upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, "cut US funding" read as two objects: a name right before a bare noun is of the noun, unless it is given the noun (`iobj`)."""
    for i in range(len(upos) - 1):
        if (
            rels[i] == rels[i + 1] == "obj"
            and heads[i] == heads[i + 1] < i
            and upos[i] == "PROPN"
            and upos[i + 1] == "NOUN"
        ):
            heads[i], rels[i] = i + 1, "compound"


def joined_modifiers(upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, "rejected US and British objections" read as two objects or as two descriptions: the name is joined to the adjective, and both describe the noun."""
    for noun in range(3, len(upos)):
        if upos[noun] != "NOUN" or rels[noun] not in ("obj", "obl", "nsubj", "nmod"):
            continue
        first = noun - 3
        other, link = noun - 1, noun - 2
        if (
            upos[first] != "PROPN"
            or upos[link] != "CCONJ"
            or upos[other] not in ("ADJ", "PROPN")
            or heads[other] != noun
            or rels[other] not in ("amod", "compound")
        ):
            continue
        apart = heads[first] == heads[noun] and rels[first] == rels[noun]
        beside = heads[first] == noun and rels[first] in ("amod", "compound", "nmod") and heads[link] == other
        if (apart or beside) and not any(heads[i] == first for i in range(len(upos)) if i != first):
            heads[first], rels[first] = noun, "amod"
            heads[other], rels[other] = first, "conj"
            heads[link], rels[link] = other, "cc"


def joined_names(upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, a name read as two things of one kind: of two words of a name side by side, both on one word with one relation, the second belongs to the first."""
    for second in range(1, len(upos)):
        first = second - 1
        title = (
            upos[first] == "NOUN"
            and rels[first] == "nmod"
            and upos[second] == "PROPN"
            and heads[first] == heads[second]
            and rels[second] == "nmod"
        )
        if title and not any(heads[i] == second and rels[i] == "case" for i in range(len(upos))):
            heads[second], rels[second] = first, "appos"  # "between diplomat Ana Soto and"
        whole = (
            upos[first] == upos[second] == "PROPN"
            and heads[first] == heads[second] not in (first, second)
            and rels[first] == rels[second]
            and rels[first] in ("nmod", "obl", "obj", "appos")
        )
        if not whole:
            continue
        if not any(heads[i] == second for i in range(max(0, second - 4), second)):
            heads[second], rels[second] = first, "flat"
        elif not any(heads[i] == first for i in range(len(upos))):
            heads[first], rels[first] = second, "compound"  # the preposition before both hangs on the second


def joined_bearers(heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, "diplomat Ana Soto and Ambassador Vega" read as one diplomat with two names: what is joined to a name right behind its title is joined to the title, which is the phrase's head."""
    for i, rel in enumerate(rels):
        name = int(heads[i])
        if rel == "conj" and rels[name] == "appos" and heads[name] == name - 1 and name < i:
            heads[i] = name - 1


def prepositions_before(heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, a preposition hung on a phrase inside the one that it stands before: in "between diplomats from Peru" it is of the diplomats."""
    for i, rel in enumerate(rels):
        while rel == "case" and i < heads[heads[i]] < heads[i] and rels[heads[i]] == "nmod":
            heads[i] = heads[heads[i]]


def genitives(words: Sequence[str], upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, owners that the tree hung beside what they own: in "to Soto and Vega's visits" the visits are theirs, and the preposition is of the visits."""
    for i, word in enumerate(words):
        if word not in ("'s", "’s") or rels[i] != "case" or heads[i] != i - 1:
            continue
        owner = i - 1
        while rels[owner] == "conj":
            owner = int(heads[owner])
        owned = next((y for y in range(i + 1, min(i + 4, len(words))) if upos[y] in ("NOUN", "PROPN")), -1)
        if owned >= 0 and heads[owner] == owned and rels[owner] == "nmod":
            rels[owner] = "nmod:poss"
        elif (
            owned >= 0
            and rels[owner] in ("nmod", "obl", "obj")
            and heads[owner] == heads[owned] != owned
            and rels[owned] in ("nmod", "obl", "obj")
        ):
            heads[owner], rels[owner] = owned, "nmod:poss"
            for c in range(owner):
                if heads[c] == owner and rels[c] == "case":
                    heads[c] = owned


def agents(
    words: Sequence[str], acts: Sequence[bool] | NDArray[np.bool_], heads: NDArray[np.int64], rels: list[str]
) -> None:
    """Mends, in place, who does an act hung on whom it is done to: in "the expulsion of envoys by Peru" Peru expels. `acts` are the words that tell an event: in "the site of a speech by Soto" the speech is hers."""
    having: dict[int, set[str]] = {}
    for i, rel in enumerate(rels):
        if rel == "case":
            having.setdefault(int(heads[i]), set()).add(words[i].lower())
    for i, rel in enumerate(rels):
        done_to = int(heads[i])
        act = int(heads[done_to])
        if (
            rel == "nmod"
            and "by" in having.get(i, ())
            and act < done_to < i
            and rels[done_to] == "nmod"
            and "of" in having.get(done_to, ())
            and acts[act]
            and not acts[done_to]
        ):
            heads[i] = act


def complements(words: Sequence[str], upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Mends, in place, two clauses read as one with two conjunctions: in "reported that she told Peru that he left" the first is of the telling, and the leaving is told."""
    marks: dict[int, list[int]] = {}
    for i, rel in enumerate(rels):
        if rel == "mark" and words[i].lower() == "that":
            marks.setdefault(int(heads[i]), []).append(i)
    for inner, at in marks.items():
        if len(at) < 2 or rels[inner] != "ccomp":
            continue
        telling = next(
            (
                v
                for v in range(at[1] - 1, at[0], -1)
                if upos[v] == "VERB" and heads[v] == heads[inner] and rels[v] == "ccomp"
            ),
            None,
        )
        if telling is not None:
            heads[at[0]], heads[inner] = telling, telling
