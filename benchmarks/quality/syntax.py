"""Words, sentences, tags and trees from raw text on GUM dev, with mentions and coreference.

    python -m benchmarks syntax

A word is right if its characters are. Tags, heads and relations count only on right words, as in the CoNLL 2018 shared
task. Mentions are exact spans with type; coreference is the mean of MUC, B³ and CEAFφ4 on our own mentions, without
singletons.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

from communique.reading import Analyser, Model
from training.data.corpora import gum
from training.data.documents import Document

from ..common import corpora, raw
from ..metrics import Cluster, clusters, coreference, f1


def measure(documents: list[Document], analyse: Analyser) -> dict[str, float]:
    """Returns each score over the documents."""
    n: dict[str, float] = defaultdict(float)
    chains = []
    for document in documents:
        text, spans = raw(document)
        reading = analyse(text)
        mine = {(w.start, w.end): w for w in reading.words}
        layers = document.layers
        n["gold"] += len(spans)
        n["found"] += len(reading.words)
        starts = {spans[i][0] for i, s in enumerate(layers["sent"]) if s}
        ours = {reading.words[a].start for a, _ in reading.sentences}
        n["sentences right"] += len(starts & ours)
        n["sentences gold"] += len(starts)
        n["sentences found"] += len(ours)
        for i, span in enumerate(spans):
            word = mine.get(span)
            if word is None:
                continue
            n["words"] += 1
            n["upos"] += word.upos == layers["upos"][i]
            n["feats"] += word.feats == layers["feats"][i]
            head = layers["head"][i]
            theirs = spans[head] if head != i else None
            own = reading.words[word.head]
            if (theirs is None) == (word.head == word.index) and (theirs is None or theirs == (own.start, own.end)):
                n["uas"] += 1
                n["las"] += word.rel == layers["rel"][i] or word.rel.split(":")[0] == layers["rel"][i].split(":")[0]
        gold = {(spans[s][0], spans[e - 1][1], kind) for _, s, e, kind, _ in layers["mentions"]}
        said = {(*reading.span(m.start, m.end), m.type) for m in reading.mentions}
        n["mentions right"] += len(gold & said)
        n["mentions gold"] += len(gold)
        n["mentions found"] += len(said)
        chains.append(
            (
                clusters([((spans[s][0], spans[e - 1][1]), c) for _, s, e, _, c in layers["mentions"]]),
                clusters([(reading.span(m.start, m.end), m.entity) for m in reading.mentions]),
            )
        )
    result = {
        "words F1": f1(n["words"], n["found"], n["gold"])[2],
        "sentences F1": f1(n["sentences right"], n["sentences found"], n["sentences gold"])[2],
    }
    for name in ("upos", "feats", "uas", "las"):
        result[name] = f1(n[name], n["found"], n["gold"])[2]
    result["mentions F1"] = f1(n["mentions right"], n["mentions found"], n["mentions gold"])[2]
    offset_gold: list[Cluster] = []
    offset_found: list[Cluster] = []
    for at, (g, f) in enumerate(chains):
        offset_gold += [frozenset((a + at * 10**7, b + at * 10**7) for a, b in c) for c in g]
        offset_found += [frozenset((a + at * 10**7, b + at * 10**7) for a, b in c) for c in f]
    result["coreference CoNLL F1"] = coreference(offset_gold, offset_found)
    return result


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    documents = list(gum(corpora(), "dev"))
    model = Model(threads=2)
    result = measure(documents, Analyser(model))
    print(
        f"GUM dev, {len(documents)} documents, {sum(len(d.words) for d in documents):,} words, from raw "
        f"text; model {model.checksum}"
    )
    for name, value in result.items():
        print(f"  {name:22} {value:.4f}")
