"""The treebanks' sentences with other words in their trees, for a teacher to judge.

UDS judges 540 web texts, and there is no more unjudged text of that kind here. If verbs, nouns, adjectives and adverbs
are replaced by others with the same part of speech, features, relation and dependent relations, a sentence keeps its
tree and says something else: "failed to call" for "managed to write". `training.teachers.large say` stores the
teacher's labels for EWT's and GUM's.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.data import corpora as read
from training.data.documents import Document

COPIES = {"ewt": 7, "gum": 3}
SHARE = 0.4  # of the replaceable words
_OPEN = {"NOUN", "VERB", "ADJ", "ADV", "PROPN"}
_FRAME = {
    "nsubj",
    "nsubj:pass",
    "obj",
    "iobj",
    "ccomp",
    "xcomp",
    "csubj",
    "obl",
    "expl",
    "compound:prt",
    "mark",
    "cop",
    "case",
}
_FEWEST = 4  # minimum number of different words to choose from
Place = tuple[str, ...]


def places(document: Document) -> Iterator[tuple[int, Place, Place]]:
    """Yields the replaceable words, with an exact and a rough description of their place in the tree."""
    layers = document.layers
    governed: dict[int, set[str]] = defaultdict(set)
    for i, (head, rel) in enumerate(zip(layers["head"], layers["rel"])):
        if head != i and rel in _FRAME:
            governed[head].add(rel)
    for i, (upos, feats, rel) in enumerate(zip(layers["upos"], layers["feats"], layers["rel"])):
        if upos in _OPEN and document.words[i].isalpha():
            rough = (upos, feats, rel)
            yield i, (*rough, *sorted(governed[i])), rough


def swapped(corpora: Path, which: str) -> Iterator[Document]:
    """Yields each text of a treebank `COPIES` times. Words are drawn by their frequency in such a place of the
    treebanks; the result is the same every time.

    `asked` marks the words to label by the teacher: every verb, and words at a position that a judge labelled.
    """
    known: dict[Place, Counter[str]] = defaultdict(Counter)
    texts = {
        "ewt": [d for d in read.ewt(corpora, held=False) if any(f is not None for f in d.layers["fact"])],
        "gum": list(read.gum(corpora)),
    }
    for document in [*texts["ewt"], *texts["gum"]]:
        for i, exact, rough in places(document):
            known[exact][document.words[i].lower()] += 1
            known[rough][document.words[i].lower()] += 1
    choices = {place: (list(words), list(words.values())) for place, words in known.items() if len(words) >= _FEWEST}
    for copy in range(COPIES[which]):
        for document in texts[which]:
            rng = random.Random(f"{copy} {document.name}")
            words = document.words[:]
            for i, exact, rough in places(document):
                place = exact if exact in choices else rough
                if place in choices and rng.random() < SHARE:
                    word, old = rng.choices(*choices[place])[0], words[i]
                    words[i] = (
                        word.upper()
                        if len(old) > 1 and old.isupper()
                        else word.capitalize()
                        if old[0].isupper()
                        else word
                    )
            layers = {k: document.layers[k] for k in ("sent", "upos", "feats", "head", "rel")}
            judged = document.layers.get("fact", [None] * len(words))
            layers["asked"] = [fact is not None or upos == "VERB" for fact, upos in zip(judged, layers["upos"])]
            yield Document(
                f"{document.name} {copy}", words, document.glued, document.paragraph, document.breaks, layers
            )
