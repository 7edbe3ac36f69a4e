"""Syntax labels for the corpora without any, from a model trained on the treebanks alone.

The event corpora have no syntactic annotation. If trained on them without it, the syntax heads drift on their sentences
(short ones lose their auxiliaries). A syntax teacher's labels prevent that.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from communique.reading import Analyser, Model
from training.data.documents import Document, counts, raw


class Teacher:
    """A trained and exported model that labels syntax. Stores its labels in a file, so that a resumed run need not
    compute them again.
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        self.analyse = Analyser(Model(folder, threads=2))
        self.kept = kept
        self.known: dict[str, dict[str, Any] | None] = {}
        if kept.exists():
            for line in kept.read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(ValueError):  # the last line of a killed run
                    self.known.update(json.loads(line))

    def label(self, document: Document) -> None:
        """Adds sentences, tags, features and trees to a document without them, in place."""
        if "head" in document.layers:
            return
        key = hashlib.sha256(" ".join(document.words).encode()).hexdigest()[:24]
        if key not in self.known:
            self.known[key] = self._read(document)
            with self.kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps({key: self.known[key]}) + "\n")
        layers = self.known[key]
        if layers is None:
            counts["teacher's words differ"] += 1
        else:
            document.layers |= layers

    def _read(self, document: Document) -> dict[str, Any] | None:
        text, _ = raw(document)
        reading = self.analyse(text)
        if [w.text for w in reading.words] != document.words:
            return None
        begins = np.zeros(len(reading.words), int)
        begins[[a for a, _ in reading.sentences]] = 1
        return {
            "sent": begins.tolist(),
            "upos": [w.upos for w in reading.words],
            "feats": [w.feats for w in reading.words],
            "head": [w.head for w in reading.words],
            "rel": [w.rel for w in reading.words],
        }
