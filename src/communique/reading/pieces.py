"""Words to the word pieces of the encoder."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from .tokens import shape

_QUOTES = {"``": "“", "''": "”"}
ROOM = 510  # pieces that fit between the marks at the ends of a block
NO_WORD = 8  # the shape of the marks at the ends of a block
_LONGEST = 100  # characters of a word that are used; WordPiece itself gives up there


class Pieces:
    """The WordPiece vocabulary, with a cache of the pieces of each distinct word."""

    def __init__(self, path: Path, remember: int = 200_000) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, list[int]] = {}
        self._remember = remember
        self.cls, self.sep, self.unknown = (
            int(self._tokenizer.token_to_id(mark) or 0) for mark in ("[CLS]", "[SEP]", "[UNK]")
        )

    def is_word(self, text: str) -> bool:
        """Returns whether the vocabulary has the text as a whole word."""
        return self._tokenizer.token_to_id(text) is not None

    def of(self, word: str) -> list[int]:
        """Returns the ids of the pieces of one word, at least one."""
        ids = self._known.get(word)
        if ids is None:
            text = _QUOTES.get(word, word)[:_LONGEST].encode("utf-8", "replace").decode("utf-8")
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids[:24] or [self.unknown]
            if len(self._known) >= self._remember:
                self._known.clear()
            self._known[word] = ids
        return ids

    def block(self, words: list[str]) -> tuple[list[int], list[int], list[int], list[int]]:
        """Returns the pieces of a block of at most 510 words with its end marks: ids and shape of each piece, first and
        last piece of each word.
        """
        ids, shapes, first, last = [self.cls], [NO_WORD], [], []
        found = [self.of(word) for word in words]
        longest = 24
        while sum(len(p) for p in found) > ROOM:
            longest = max(1, longest // 2)
            found = [p[:longest] for p in found]
        for word, pieces in zip(words, found):
            first.append(len(ids))
            ids.extend(pieces)
            shapes.extend([shape(word)] * len(pieces))
            last.append(len(ids) - 1)
        ids.append(self.sep)
        shapes.append(NO_WORD)
        return ids, shapes, first, last
