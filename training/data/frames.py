"""Sentences of our own with modality and polarity: verbs of the patterns and action nouns, inserted into frames.

`frames.txt` holds the frames, `patterns.txt` the material; verbs are inflected with the treebanks' forms.
"""

from __future__ import annotations

import collections
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from training.data.documents import Document, one_sentence
from training.data.written import GROUPS, PEOPLE, STATES, patterns

MODALITIES = ("actual", "future", "possible", "conditional", "desired")
POLARITIES = ("positive", "negative")
NOUNS = """visit to|meeting with|summit with|attack on|strike on|raid on|withdrawal from|offensive against|embargo on
agreement with|truce with|apology to|exercise with|protest against|blockade of|invasion of|deployment to|loan to
treaty with|rescue of|expulsion of|handover to|boycott of|ceasefire with|reconciliation with|investigation of
crackdown on""".replace("\n", "|").split("|")
_LEADS = (
    "",
    "",
    "",
    "On Tuesday, ",
    "Last week ",
    "Meanwhile, ",
    "According to officials, ",
    "In a statement, it said ",
    "Earlier, ",
)
_TAILS = (
    "",
    "",
    "",
    ", state media reported",
    ", a spokesman said",
    " amid rising tension",
    ", according to diplomats",
    " after weeks of talks",
    ", which surprised nobody",
)
_FORMS = ("VED", "VEN", "VING", "VS", "V")


class Framed(NamedTuple):
    """A sentence with its trigger word, modality, polarity and frame number."""

    text: str
    trigger: tuple[int, int]
    modality: str
    polarity: str
    frame: int


class Inflector:
    """Forms of English verbs from the treebanks; regular forms for unknown verbs."""

    def __init__(self, corpora: Path) -> None:
        seen: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(collections.Counter)
        self.base: dict[str, str] = {}
        for path in (corpora / "gum/train.conllu", corpora / "ewt/train.conllu"):
            for line in path.read_text("utf-8").splitlines():
                columns = line.split("\t")
                if len(columns) < 6 or columns[3] != "VERB":
                    continue
                form, lemma, feats = columns[1].lower(), columns[2].lower(), columns[5]
                kind = (
                    "VING"
                    if "VerbForm=Ger" in feats or "Tense=Pres|VerbForm=Part" in feats
                    else "VEN"
                    if "Tense=Past|VerbForm=Part" in feats
                    else "VED"
                    if "Tense=Past" in feats
                    else "VS"
                    if "Person=3" in feats and "Tense=Pres" in feats and "Number=Sing" in feats
                    else "V"
                )
                seen[lemma, kind][form] += 1
        self.forms = {key: counter.most_common(1)[0][0] for key, counter in seen.items()}
        for (lemma, kind), form in self.forms.items():
            if kind in ("VED", "VEN"):
                self.base.setdefault(form, lemma)

    def form(self, base: str, kind: str) -> str:
        if kind == "V":
            return base
        if (base, kind) in self.forms:
            return self.forms[base, kind]
        if kind == "VS":
            return (
                base[:-1] + "ies"
                if re.search(r"[^aeiou]y$", base)
                else base + ("es" if re.search(r"(?:s|x|z|ch|sh)$", base) else "s")
            )
        stem = base[:-1] if base.endswith("e") and kind == "VING" and not base.endswith("ee") else base
        if kind == "VING":
            return stem + "ing"
        return (
            base + "d" if base.endswith("e") else base[:-1] + "ied" if re.search(r"[^aeiou]y$", base) else base + "ed"
        )


def generate(corpora: Path, seed: int, count: int, skip: frozenset[int] = frozenset()) -> Iterator[Framed]:
    """Yields `count` sentences, with every frame equally often."""
    rng = random.Random(seed)
    inflect = Inflector(corpora)
    frames = [
        line.split("|", 1)
        for line in Path(__file__).with_name("frames.txt").read_text("utf-8").splitlines()
        if line and line[0] != "#"
    ]
    verbs = []
    for _, _, pattern in patterns():
        match = re.match(r"\{S\} \[([a-z]+)\](.*)$", pattern)
        if match and match[1] in inflect.base:
            verbs.append((inflect.base[match[1]], match[2]))
    everybody = STATES + PEOPLE + GROUPS
    chosen = [i for i in range(len(frames)) if i not in skip]
    for number in range(count):
        at = chosen[number % len(chosen)]
        (key, frame) = frames[at]
        modality, polarity = key.split()

        def choose(text):
            return re.sub(r"\(([^()]*\|[^()]*)\)", lambda m: rng.choice(m[1].split("|")), text)

        frame = choose(frame)
        base, rest = rng.choice(verbs)
        noun, _, preposition = rng.choice(NOUNS).partition(" ")
        s, t, p = rng.sample(everybody, 3)
        if "<N>" in frame:
            frame = frame.replace("<N>", f"[{noun}] {preposition}")
        else:
            kind = next(k for k in _FORMS if f"<{k}>" in frame)
            verb = f"[{inflect.form(base, kind)}]"
            rest = choose(rest)
            frame = (
                frame.replace(f"<{kind}>REST", verb + rest).replace(f"<{kind}>", verb + rest)
                if "REST" in frame
                else frame.replace(f"<{kind}>", verb) + rest
            )
        text = re.sub(r" {2,}", " ", frame.replace("{S}", s).replace("{T}", t).replace("{P}", p)).strip()
        lead = rng.choice(_LEADS)
        if lead and text.split()[0] not in (s.split()[0], t.split()[0], p.split()[0]):
            text = text[0].lower() + text[1:]
        text = lead + text + rng.choice(_TAILS)
        text = re.sub(r"\b([Aa]) (?=\[?[aeiou])", r"\1n ", text)
        text = text[0].upper() + text[1:] + ("." if rng.random() < 0.8 else "")
        start = text.index("[")
        end = text.index("]") - 1
        plain = text.replace("[", "", 1).replace("]", "", 1)
        yield Framed(plain, (start, end), modality, polarity, at)


def documents(corpora: Path, seed: int, count: int = 3000) -> Iterator[Document]:
    """Yields our own sentences of acts that did or did not happen, with the factuality of their trigger words."""
    for number, row in enumerate(generate(corpora, seed, count)):
        if row.modality == "actual":
            document, tokens = one_sentence(f"framed-{row.frame}-{number}", row.text)
            document.layers["fact"] = [
                float(row.polarity == "positive") if (s, e) == row.trigger else None for s, e in tokens
            ]
            yield document
