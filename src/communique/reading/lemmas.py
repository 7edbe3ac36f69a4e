"""Lemmas: from the table for known forms, by the regular endings of English for others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

_SYLLABLES = re.compile("[aeiouy]+")


class Lemmas:
    """Finds lemmas. `is_word` says whether a stem is a word: "urged" comes from "urge", but "worked" from "work"."""

    def __init__(self, path: Path, is_word: Callable[[str], bool]) -> None:
        data = json.loads(path.read_text("utf-8"))
        self._forms: dict[str, dict[str, str]] = data["forms"]
        self._verbs = frozenset(data["verbs"])
        self._is_word = is_word
        self._known: dict[tuple[str, str, bool], str] = {}

    def of(self, form: str, upos: str, feats: str) -> str:
        """Returns the lemma of a word as it appears in the text."""
        key = (form, upos, "Number=Plur" in feats)
        if key not in self._known:
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[key] = self._find(form, upos, key[2])
        return self._known[key]

    def _find(self, form: str, upos: str, plural: bool) -> str:
        if upos == "PROPN":
            return form
        low = form.lower().replace("’", "'")
        if upos in ("PUNCT", "SYM", "NUM", "X"):
            return form
        clitic = {
            "n't": "not",
            "'s": "'s" if upos == "PART" else "be",
            "'re": "be",
            "'m": "be",
            "'ve": "have",
            "'ll": "will",
            "'d": "would",
            "ca": "can",
            "wo": "will",
            "sha": "shall",
        }
        if low in clitic and upos in ("AUX", "VERB", "PART"):
            return clitic[low]
        known = self._forms.get(upos, {}).get(low)
        if known:
            return known
        if upos in ("VERB", "AUX"):
            return self._verb(low)
        if upos == "NOUN" and plural:
            return _singular(low)
        return low

    def _verb(self, low: str) -> str:
        if low in self._verbs:
            return low
        stems: list[str] = []
        for ending in ("ing", "ed"):
            if low.endswith(ending) and len(low) > len(ending) + 1:
                stem = low[: -len(ending)]
                if ending == "ed" and stem.endswith("i"):
                    return stem[:-1] + "y"
                doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiouls"
                stems = [stem[:-1], stem, stem + "e"] if doubled else [stem, stem + "e"]
                if (
                    stem.endswith("ll")
                    and stem not in self._verbs
                    and not self._is_word(stem)
                    and len(_SYLLABLES.findall(stem)) > 1
                ):
                    return stem[:-1]  # "expelled", but "killed" and "installed"
        if not stems and low.endswith("ies") and len(low) > 4:
            return low[:-3] + "y"
        if not stems and low.endswith("es"):
            stems = [low[:-1], low[:-2]]
        elif not stems and low.endswith("s") and not low.endswith("ss"):
            stems = [low[:-1]]
        for stem in stems:
            if stem in self._verbs:
                return stem
        for stem in stems:
            if len(stem) > 1 and self._is_word(stem):
                return stem
        if not stems:
            return low
        soft = [s for s in stems if s.endswith("e")]
        stem = stems[0]
        silent = (
            stem[-1:] in "cgsvz"
            and not stem.endswith("ss")
            or re.search("[^aeiou][aeiou]d$", stem)
            and len(_SYLLABLES.findall(stem)) > 1
        )  # "collided", "exploded"
        return soft[0] if soft and silent else stem


def _singular(low: str) -> str:
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("ches", "shes", "xes", "sses", "zes", "oes")):
        return low[:-2]
    for many, one in (("men", "man"), ("people", "people"), ("children", "child")):
        if low.endswith(many) and low != "people":
            return low[: -len(many)] + one
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low
