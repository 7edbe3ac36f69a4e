"""Codebooks: event types that a user defines by examples, learned from the outputs of the one pass."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..reading import Model
from .answers import answer, answers_file
from .codebook import Codebook, CodebookError, Example, OwnType
from .coding import Coder, Learned, probabilities
from .file import load
from .fit import Expectation, Fitter, told
from .head import Head, balanced, regress
from .suggest import Suggestion, suggest

__all__ = [
    "Codebook",
    "CodebookError",
    "Coder",
    "Example",
    "Expectation",
    "Fitter",
    "Head",
    "Learned",
    "OwnType",
    "Suggestion",
    "answer",
    "answers_file",
    "learned",
    "load",
    "probabilities",
    "sentences",
    "share",
    "suggest",
    "told",
]


def learned(path: str | Path, model: Model) -> Learned:
    """Returns a codebook ready to code with: with the head from its folder, or fitted to its examples now.

    Raises `CodebookError` if the file has faults, or if the head of a shared folder belongs to another model or to
    other examples.
    """
    book = load(path)
    folder = Path(path)
    if folder.is_dir() and (folder / "head.json").is_file():
        head = _read(folder, book, model)
    else:
        head, _ = Fitter(model).fit(book)
    return Learned(book, head, _modes(book, head, model))


def _read(folder: Path, book: Codebook, model: Model) -> Head:
    try:
        head = Head.read(folder)
    except Exception as error:  # a damaged file of numbers may raise anything
        raise CodebookError(folder, [f"its head cannot be read: {type(error).__name__}: {str(error)[:120]}"]) from None
    if head.model != model.checksum:
        raise CodebookError(
            folder,
            [
                (
                    f"was fitted with model {head.model}, this is {model.checksum}: fit it again with "
                    f"`communique codebook fit {folder / 'codebook.toml'}`"
                )
            ],
        )
    if head.mark != book.mark:
        raise CodebookError(
            folder, [f"its head was fitted as {head.mark}, the examples are now {book.mark}: fit it again"]
        )
    return head


def _modes(book: Codebook, head: Head, model: Model) -> dict[str, Head]:
    """Returns, for each type with modes, a head that tells them apart, if every mode has an example."""
    fitter = Fitter(model)
    found = {}
    for own in book.types:
        rows = [
            (fitter.features(e.text, e.source, e.target), own.modes.index(e.mode))
            for e in own.examples
            if e.mode is not None and not e.counter
        ]
        if len(own.modes) < 2 or len({m for _, m in rows}) < len(own.modes):
            continue
        x, y = head.space.matrix([f for f, _ in rows]), np.array([m for _, m in rows], np.int64)
        weights, biases = regress(x, y, len(own.modes), balanced(y, np.ones(len(y))))
        found[own.name] = Head(own.modes, head.space, weights, biases, 1.0, model.checksum, book.mark)
    return found


def share(book: Codebook, head: Head, folder: str | Path) -> Path:
    """Writes a codebook to a folder that gives the same codes anywhere: the file, the answers, and the fitted head."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in ((book.path, "codebook.toml"), (answers_file(book.path), "codebook.answers.jsonl")):
        if source.exists() and source.resolve() != (folder / name).resolve():
            shutil.copyfile(source, folder / name)
    head.save(folder)
    return folder


def sentences(texts: Iterable[str], most: int = 400) -> list[str]:
    """Returns sentences of texts, at most `most` and evenly spread, for the background of a fit."""
    every = [
        s.strip()
        for text in texts
        for p in text.split("\n\n")
        for s in re.split(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])", p)
        if 6 <= len(s.split()) <= 60
    ]
    return [every[i * len(every) // most] for i in range(most)] if len(every) > most else every
