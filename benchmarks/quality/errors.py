"""Errors of each head on its development set, by kind: their number, and the most frequent kinds.

    python -m benchmarks errors [--model FOLDER]

A kind "a → b" means the key says a and the model says b. For factuality, with a mean of judges as key, the kinds are
the grammar of the word, weighted by their share of the squared error.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from communique import Reader
from communique.reading import Analyser, Model, Reading
from training.data.corpora import cameo, gum, polnear, timebank
from training.data.documents import Document

from ..common import corpora
from ..metrics import Span, touches
from .model import aligned, judged, kind_of, parties, placed, times_of
from .relate import pairs_of

Kinds = Counter[str]
MOST = 6  # kinds listed for a head
_CLAUSES = {
    "advcl": "in an adverbial clause",
    "ccomp": "in a clause that completes a verb",
    "xcomp": "in a clause that completes a verb",
    "acl": "in a clause that says more of a noun",
}


def spans(real: set[Span], ours: set[Span], kinds: Kinds) -> None:
    """Counts missed, made-up and wrong-border spans. A span that overlaps one of the other side is one border error."""
    kinds["other borders"] += sum(touches(x, ours) for x in real - ours)
    kinds["missed"] += sum(not touches(x, ours) for x in real)
    kinds["made up"] += sum(not touches(x, real) for x in ours)


def syntax(documents: list[Document], analyse: Analyser) -> Iterator[tuple[str, Kinds]]:
    """Yields errors in tags, heads, relations and mentions, on correctly tokenised words, and in coreference."""
    upos, heads, relations, mentions, chains = (Counter[str]() for _ in range(5))
    for document in documents:
        reading, at = aligned(document, analyse)
        layers = document.layers
        for i, mine in at.items():
            word, rel = reading.words[mine], layers["rel"][i].split(":")[0]
            if word.upos != layers["upos"][i]:
                upos[f"{layers['upos'][i]} → {word.upos}"] += 1
            if at.get(layers["head"][i]) != word.head:
                heads[rel] += 1
            elif word.rel.split(":")[0] != rel:
                relations[f"{rel} → {word.rel.split(':')[0]}"] += 1
        real = {
            (at[s], at[e - 1] + 1): (kind, chain)
            for _, s, e, kind, chain in layers["mentions"]
            if s in at and e - 1 in at
        }
        ours = {(m.start, m.end): (m.type, m.entity) for m in reading.mentions}
        theirs, found = {at[h] for h, *_ in layers["mentions"] if h in at}, {m.head for m in reading.mentions}
        for h, s, e, *_ in layers["mentions"]:
            if h in at and s in at and e - 1 in at and (at[s], at[e - 1] + 1) not in ours:
                mentions["other borders" if at[h] in found else "missed"] += 1
        mentions["made up"] += sum(m.head not in theirs for m in reading.mentions)
        mentions.update(f"{real[m][0]} → {ours[m][0]}" for m in real.keys() & ours.keys() if real[m][0] != ours[m][0])
        _tied(reading, real, ours, chains)
    yield "UPOS", upos
    yield "heads, by relation", heads
    yield "relations of right heads", relations
    yield "mentions", mentions
    yield "which mentions are one", chains


def _tied(reading: Reading, real: dict[Span, tuple[str, int]], ours: dict[Span, tuple[str, int]], kinds: Kinds) -> None:
    """Counts coreference errors on mentions that both sides have, by pronoun, name and noun: left alone, linked
    although new, or linked to a different entity.
    """
    both = sorted(real.keys() & ours.keys())
    for n, mention in enumerate(both):
        form = {"PRON": "pronoun", "DET": "pronoun", "PROPN": "name"}.get(_head(reading, mention), "noun")
        before = both[:n]
        tied = [b for b in before if ours[b][1] == ours[mention][1]]
        due = [b for b in before if real[b][1] == real[mention][1]]
        if due and not tied:
            kinds[f"{form} left alone"] += 1
        elif tied and not due:
            kinds[f"{form} tied though new"] += 1
        elif due and tied and real[tied[-1]][1] != real[mention][1]:
            kinds[f"{form} tied to another"] += 1


def _head(reading: Reading, span: Span) -> str:
    """Returns the part of speech of the head word of a span."""
    return next(
        (
            reading.words[i].upos
            for i in range(*span)
            if not span[0] <= reading.words[i].head < span[1] or reading.words[i].head == i
        ),
        "",
    )


def speech(analyse: Analyser, folder: Path) -> Iterator[tuple[str, Kinds]]:
    kinds = {name: Counter[str]() for name in ("source", "cue", "content")}
    for document in polnear(folder, "dev"):
        reading, at = aligned(document, analyse)
        for name, chunks in (("source", reading.sources), ("cue", reading.cues), ("content", reading.contents)):
            spans(placed(document.layers[name], 1, at), {(c.start, c.end) for c in chunks}, kinds[name])
    yield from kinds.items()


def acts(analyse: Analyser, folder: Path) -> Iterator[tuple[str, Kinds]]:
    documents = [d for d in cameo(folder, "cameo_not_in_plv") if "penta" in d.layers]
    told = [(d.layers["penta"], kind_of(aligned(d, analyse)[0])) for d in documents]
    yield "CAMEO's classes", Counter(f"{key} → {ours}" for key, ours in told if key != ours)
    kinds: Kinds = Counter()
    for sentence in parties(analyse, folder):
        for name, other in (("source", "target"), ("target", "source")):
            (real, ours), (_, others) = sentence[name], sentence[other]
            swapped = real & others
            found: Kinds = Counter()
            spans(real - swapped, ours, found)
            kinds.update({f"{name} {kind}": n for kind, n in found.items()})
            kinds[f"{name} taken for the {other}"] += len(swapped)
    yield "CAMEO's parties", kinds


def happened(analyse: Analyser, folder: Path) -> Kinds:
    """Returns the squared error in thousandths of its total, by the grammar of the word."""
    total: dict[str, float] = {}
    for reading, i, share in judged(analyse, folder):
        kind = _grammar(reading, i, share)
        total[kind] = total.get(kind, 0.0) + (float(reading.happened[i]) - share) ** 2
    whole = sum(total.values())
    return Counter({kind: round(1000 * value / whole) for kind, value in total.items()})


def _grammar(reading: Reading, i: int, share: float) -> str:
    if share == 0.5:
        return "judges divided"
    word = reading.words[i]
    below = {
        reading.words[c].lemma.lower()
        for c in reading.children[i]
        if reading.words[c].rel.split(":")[0] in ("aux", "advmod")
    }
    if word.upos not in ("VERB", "AUX"):
        return "no verb"
    if below & {"not", "n't", "never"}:
        return "denied"
    if below & {"can", "could", "may", "might", "must", "should", "would", "will", "shall"}:
        return "with a modal"
    low, high = reading.sentence_of(i)
    if any(w.text == "?" for w in reading.words[low:high]):
        return "in a question"
    return _CLAUSES.get(word.rel.split(":")[0], "in a main clause")


def times(analyse: Analyser, folder: Path) -> Iterator[tuple[str, Kinds]]:
    words, expressions = Counter[str](), Counter[str]()
    for document in timebank(folder, held=True):
        reading, at = aligned(document, analyse)
        for i, kind in enumerate(document.layers["class"]):
            if i in at and bool(kind) != (reading.event[at[i]] > 0.5):
                words[f"{reading.words[at[i]].upos} {'missed' if kind else 'made up'}"] += 1
        wanted = times_of(document, at)
        spans(wanted, {(c.start, c.end) for c in reading.times}, expressions)
    yield "event words", words
    yield "time expressions", expressions


def errors(model: Model, folder: Path) -> Iterator[tuple[str, Kinds]]:
    """Yields each head with its errors by kind."""
    analyse = Analyser(model)
    yield from syntax(list(gum(folder, "dev")), analyse)
    yield from speech(analyse, folder)
    yield (
        "type of a pair",
        Counter(f"{key} → {ours}" for key, ours, _ in pairs_of(Reader(model=str(model.folder)), folder) if key != ours),
    )
    yield from acts(analyse, folder)
    yield "happened, ‰ of squared error", happened(analyse, folder)
    yield from times(analyse, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="a folder with another model than the one that ships")
    options = parser.parse_args()
    model = Model(options.model) if options.model else Model()
    print(f"model {model.checksum}\n\n| head | errors | of these |\n| --- | --- | --- |")
    for name, kinds in errors(model, corpora()):
        whole = sum(kinds.values())
        print(
            f"| {name} | {whole} | " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common(MOST) if n) + " |",
            flush=True,
        )
