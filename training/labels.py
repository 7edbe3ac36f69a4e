"""Syntax for the corpora that have none, as a model trained on the treebanks alone reads it.

The event corpora say nothing of words and trees; trained on them without, the heads of syntax drift on just such sentences
(short ones lose their auxiliaries). What a teacher of syntax says of them keeps those heads where they are.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from communique.reading import Analyser, Model

from .corpora import Document, counts, raw


class Teacher:
    """A trained and exported model whose syntax is taken for true."""

    def __init__(self, folder: Path) -> None:
        self.model = Model(folder, threads=2)
        self.analyse = Analyser(self.model)
        self.labels = json.loads((folder / "labels.json").read_text())

    def label(self, document: Document) -> None:
        """Adds sentences, tags, features and trees to a document that has none, in place."""
        if "head" in document.layers:
            return
        text, _ = raw(document)
        reading = self.analyse(text)
        if [w.text for w in reading.words] != document.words:
            counts["teacher's words differ"] += 1
            return
        begins = np.zeros(len(reading.words), int)
        begins[[a for a, _ in reading.sentences]] = 1
        document.layers |= {
            "sent": begins.tolist(),
            "upos": [w.upos for w in reading.words],
            "feats": [w.feats for w in reading.words],
            "head": [w.head for w in reading.words],
            "rel": [w.rel for w in reading.words],
        }
