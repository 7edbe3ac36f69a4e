"""The treebanks' sentences with other words in their trees, for a teacher to judge.

UDS judges 540 texts of the web, and there is no more text of that kind here that nobody judged. A sentence whose verbs,
nouns, adjectives and adverbs are changed for others of the same part of speech, features and relation, which govern the
same relations, has the same tree and tells something else: "failed to call" for "managed to write".
`training.teachers.large say` keeps what the teacher thinks of EWT's and GUM's.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.data import corpora as read
from training.data.documents import Document

COPIES = {"ewt": 7, "gum": 3}
SHARE = 0.4  # of the words that may be changed
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
_FEWEST = 4  # kinds of words that a choice is made from
Place = tuple[str, ...]


def places(document: Document) -> Iterator[tuple[int, Place, Place]]:
    """The words that may be changed, with the place each has in its tree, exactly and roughly."""
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
    """Each text of a treebank `COPIES` times, its words chosen by how often the treebanks have them in such a place;
    the same ones every time.

    `asked` is whether the teacher is: where somebody judged the word that stood there, and of every verb.
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
