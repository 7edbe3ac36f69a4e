"""Which verbs hardly ever act without an object, so that a headline's "Envoy expelled" is read as a passive.

    python -m training.voice --corpora CORPORA [--model FOLDER]

Counts, in whole sentences of the news that the model is trained on, how often each verb is passive or has an object, and how often it has neither that
nor a clause, as our own parser reads them. Headlines leave the auxiliary out; a verb that nearly always has its object when it acts is passive where it has none.
Writes `src/communique/reading/transitive.txt`: lemmas. Ten minutes on one core.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from communique.reading import Analyser, Model

from . import corpora as read
from .documents import raw

OUT = Path(__file__).parents[1] / "src/communique/reading/transitive.txt"
OFTEN, SHARE = 4, 0.75


def texts(corpora: Path) -> Iterator[str]:
    for document in (
        *read.plv(corpora),
        *read.cameo(corpora),
        *read.aw(corpora),
        *read.timebank(corpora),
        *read.polnear(corpora),
    ):
        yield raw(document)[0]
    for line in open(corpora / "agnews/world.jsonl", encoding="utf-8"):
        yield json.loads(line)["lead"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("src/communique/reading/model"))
    options = parser.parse_args()
    analyse = Analyser(Model(options.model))
    having: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    for n, text in enumerate(texts(options.corpora)):
        reading = analyse(text)
        for a, b in reading.sentences:
            if reading.words[b - 1].text not in (".", "”", '"'):
                continue
            for word in reading.words[a:b]:
                i = word.index
                if word.upos != "VERB" or word.rel in ("acl:relcl", "conj"):
                    continue
                if (
                    reading.governs(i, "nsubj:pass", "aux:pass")
                    or word.rel == "acl"
                    and "Tense=Past" in word.feats
                    and "VerbForm=Part" in word.feats
                ):
                    having[word.lemma] += 1
                elif reading.governs(i, "nsubj") and not reading.governs(i, "ccomp", "xcomp", "compound:prt"):
                    (having if reading.governs(i, "obj") else lacking)[word.lemma] += 1
        if n % 2000 == 0:
            print(n, len(having), flush=True)
    found = sorted(v for v, n in having.items() if n >= OFTEN and n / (n + lacking[v]) >= SHARE)
    OUT.write_text("\n".join(found) + "\n")
    print(len(found), "verbs:", " ".join(found))
    for verb in (
        "hold",
        "kill",
        "seize",
        "free",
        "arrest",
        "jail",
        "accuse",
        "expel",
        "murder",
        "warn",
        "agree",
        "advance",
        "resign",
        "attack",
        "meet",
    ):
        print(verb, having[verb], lacking[verb])


if __name__ == "__main__":
    main()
