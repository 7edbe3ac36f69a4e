"""The best dependency tree of a sentence: greedy if that gives a tree, by Chu-Liu/Edmonds if not. Repairs of parses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]


def _cycle(heads: NDArray[np.int64]) -> list[int]:
    """Returns the words of one cycle of the heads, or none. A word that is its own head is a root."""
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
    """Returns the maximum arborescence with node 0 as root, from `scores[dependent, head]`.

    Chu-Liu/Edmonds, which grows a path of best heads and contracts each cycle where it closes (Tarjan 1977, for dense
    graphs). Every node, contracted or not, is visited once and merged once, a row of `n` at a time: n² in all.
    """
    n = len(scores)
    rows: list[Scores] = list(np.where(np.eye(n, dtype=bool), -np.inf, scores))  # for each node: arcs into it, by word
    enters: list[NDArray[np.int64]] = [np.full(n, i) for i in range(n)]  # the word of the node that such an arc enters
    owner = np.arange(n)  # the outermost node that holds each word
    members: list[list[int]] = [[i] for i in range(n)]
    parts: list[list[int]] = [[] for _ in range(n)]  # the nodes that a contracted one is made of
    best = [0] * n  # the word from which the best arc into each node comes
    reached = np.zeros(2 * n, bool)
    reached[0] = True
    for start in range(1, n):
        path = [] if reached[owner[start]] else [int(owner[start])]
        while path:
            top = path[-1]
            best[top] = int(rows[top].argmax())
            above = int(owner[best[top]])
            if reached[above]:
                reached[path] = True
                break
            if above not in path:
                path.append(above)
                continue
            at = path.index(above)
            cycle, path = path[at:], path[:at]
            lost = np.stack([rows[node] - rows[node][best[node]] for node in cycle])
            which = lost.argmax(0)
            inside = [word for node in cycle for word in members[node]]
            row = lost.max(0)
            row[inside] = -np.inf
            rows.append(row)
            enters.append(np.stack([enters[node] for node in cycle])[which, np.arange(n)])
            members.append(inside)
            parts.append(cycle)
            best.append(0)
            whole = len(rows) - 1
            owner[inside] = whole
            path.append(whole)
    return _expanded(n, best, enters, members, parts)


def _expanded(
    n: int, best: list[int], enters: list[NDArray[np.int64]], members: list[list[int]], parts: list[list[int]]
) -> NDArray[np.int64]:
    """Returns the head of each word, from the best arcs into contracted nodes. Each arc breaks its node's cycle where
    it enters.
    """
    heads = np.zeros(n, np.int64)
    into = [(best[node], int(enters[node][best[node]])) for node in range(len(best))]
    for node in range(len(best) - 1, n - 1, -1):
        head, word = into[node]
        broken = next(part for part in parts[node] if word in members[part])
        into[broken] = head, word
    for word in range(1, n):
        heads[word] = into[word][0]
    return heads


def decode(scores: Scores) -> NDArray[np.int64]:
    """Returns the heads of a sentence's words from `scores[dependent, head]`; the diagonal scores a word as the root.

    Exactly one word, the root, is its own head. Every other word depends on it, directly or through others.
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
    """Repairs, in place, "French and German ministers" parsed as three conjuncts; returns the nouns that were raised.

    The adjectives describe a noun right after an adjective if both are conjuncts of one word before them. The noun
    takes the place of that word, which becomes its modifier.
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
    """Repairs, in place, a noun before a verb without a subject that was parsed as its object or as an oblique phrase.

    English objects come after the verb. A name between a noun's preposition and a participle is the subject of the
    participle.
    """
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
    """Repairs, in place, "cut US funding" parsed as two objects: a name right before a bare noun modifies the noun,
    unless it is the indirect object (`iobj`).
    """
    for i in range(len(upos) - 1):
        if (
            rels[i] == rels[i + 1] == "obj"
            and heads[i] == heads[i + 1] < i
            and upos[i] == "PROPN"
            and upos[i + 1] == "NOUN"
        ):
            heads[i], rels[i] = i + 1, "compound"


def joined_modifiers(upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Repairs, in place, "rejected US and British objections" parsed as two objects or as two modifiers: the name and
    the adjective are conjuncts, and both describe the noun.
    """
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
    """Repairs, in place, a name, or a title and a name, parsed as two phrases: of two adjacent words with the same head
    and relation, one belongs to the other.
    """
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
            heads[first], rels[first] = second, "compound"  # the preposition before both depends on the second


def joined_bearers(heads: NDArray[np.int64], rels: list[str]) -> None:
    """Repairs, in place, "diplomat Ana Soto and Ambassador Vega" parsed as one diplomat with two names: a conjunct of a
    name right after its title becomes a conjunct of the title, which is the head of the phrase.
    """
    for i, rel in enumerate(rels):
        name = int(heads[i])
        if rel == "conj" and rels[name] == "appos" and heads[name] == name - 1 and name < i:
            heads[i] = name - 1


def prepositions_before(heads: NDArray[np.int64], rels: list[str]) -> None:
    """Repairs, in place, a preposition attached inside the phrase that it introduces: in "between diplomats from Peru",
    "between" belongs to "diplomats".
    """
    for i, rel in enumerate(rels):
        while rel == "case" and i < heads[heads[i]] < heads[i] and rels[heads[i]] == "nmod":
            heads[i] = heads[heads[i]]


def genitives(words: Sequence[str], upos: Sequence[str], heads: NDArray[np.int64], rels: list[str]) -> None:
    """Repairs, in place, owners attached beside what they own: in "to Soto and Vega's visits", the visits are theirs,
    and the preposition belongs to "visits".
    """
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
    """Repairs, in place, the agent of an act attached to its object: in "the expulsion of envoys by Peru", Peru expels.
    `acts` marks the words that express an event: in "the site of a speech by Soto", the speech is hers.
    """
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
    """Repairs, in place, two clauses parsed as one with two conjunctions: in "reported that she told Peru that he
    left", the first "that" belongs to "told", and "left" depends on "told".
    """
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


def is_tree(heads: NDArray[np.int64]) -> bool:
    """Returns whether exactly one word is its own head and every other word depends on it, directly or through others.
    Takes log n steps, each twice as far up as the last.
    """
    n = len(heads)
    if n == 0 or heads.min() < 0 or heads.max() >= n or (heads == np.arange(n)).sum() != 1:
        return False
    above = heads
    for _ in range(n.bit_length()):
        above = above[above]
    return bool((heads[above] == above).all())


def repair(
    words: Sequence[str],
    upos: Sequence[str],
    acts: NDArray[np.bool_],
    heads: NDArray[np.int64],
    rels: list[str],
) -> None:
    """Repairs the tree of one sentence in place. A step that does not leave a tree is undone.

    `acts` marks the words that express an event.
    """
    steps: tuple[Callable[[], object], ...] = (
        lambda: joined_adjectives(upos, heads, rels),
        lambda: joined_modifiers(upos, heads, rels),
        lambda: joined_names(upos, heads, rels),
        lambda: joined_bearers(heads, rels),
        lambda: prepositions_before(heads, rels),
        lambda: genitives(words, upos, heads, rels),
        lambda: agents(words, acts, heads, rels),
        lambda: complements(words, upos, heads, rels),
        lambda: joined_objects(upos, heads, rels),
        lambda: subjects_before(upos, heads, rels),
    )
    for step in steps:
        heads_before, rels_before = heads.copy(), list(rels)
        step()
        if not is_tree(heads):
            heads[:], rels[:] = heads_before, rels_before
