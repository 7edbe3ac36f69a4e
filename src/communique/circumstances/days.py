"""When an event took place: a time of the text, the page's own day, or no day that can be known.

A conditional logit over named features chooses for each event. Its weights (`days.json`) are learned from events
annotated with their days (`training/heads/days.py`). A time "governs" an event if it says when the event took place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Literal, NamedTuple

from ..reading import Reading
from ..schema import EventDate, Modality, Published, Time

WEIGHTS = Path(__file__).with_name("days.json")
BACK, AHEAD = 2, 1  # sentences before and after an event with times that are candidates
NEAREST = 8  # candidate times for one event, the nearest first
DOUBT = 0.8  # log odds by which no day must beat a day; in cross-validation, dated and undated events gain
CLIMB = 12  # words from a time or an event up to its root; deeper trees are parsing errors
_PAGE, _NONE = "page", "none"
_CLAUSES = frozenset(("ccomp", "acl", "advcl", "csubj", "parataxis", "xcomp"))
_EARLIER = frozenset(("after", "since", "following", "before", "until"))

Features = dict[str, float]
Basis = Literal["published", "inferred"]


class Candidate(NamedTuple):
    """One answer: a time of the text, the page's day (`_PAGE`) or no day (`_NONE`)."""

    kind: str
    time: Time | None

    @property
    def dated(self) -> bool:
        return self.kind == _PAGE or self.time is not None and bool(self.time.from_)


def likeliest(scores: Sequence[float], dated: Sequence[bool]) -> int:
    """Returns the index of the chosen candidate: the likeliest with a day, or no day if all candidates without one
    together are likelier by `DOUBT`.
    """
    order = sorted(range(len(scores)), key=lambda n: (-scores[n], n))
    best = next((n for n in order if dated[n]), None)
    empty = [n for n in order if not dated[n]]
    top = scores[empty[0]]
    together = top + log(sum(exp(scores[n] - top) for n in empty)) - DOUBT
    return empty[0] if best is None or together > scores[best] else best


class Days:
    """The days of the events of one reading. `triggers` are the words that express its events."""

    def __init__(
        self, reading: Reading, times: Sequence[Time], triggers: set[int], weights: Mapping[str, float] | None = None
    ) -> None:
        self.reading, self.triggers = reading, triggers
        self.weights = weights if weights is not None else _weights()
        self._times: dict[int, list[tuple[int, Time]]] = {}
        for time in times:
            words = reading.words_in(time.start, time.end)
            if words and time.type != "SET":
                self._times.setdefault(reading.words[words[0]].sentence, []).append((self._head(words), time))

    def _head(self, words: range) -> int:
        return next((i for i in words if self.reading.words[i].head not in words), words[0])

    def of(self, trigger: int, published: Published | None, how: Modality) -> EventDate:
        """Returns the date of an event; `basis` says how it is known."""
        if published is not None and published.posts:
            published = published.at(self.reading.words[trigger].start)
        chosen = self.chosen(trigger, published is not None, how)
        time = chosen.time
        if time is not None and time.from_:
            return EventDate(time.text, time.start, time.end, time.from_, time.to, "stated")
        if published is not None and (chosen.kind == _PAGE or self._loose(time, published, how)):
            known = published.from_ == published.to and time is None
            basis: Basis = "published" if known else "inferred"
            if time is None:
                return EventDate(None, None, None, published.from_, published.to, basis)
            return EventDate(time.text, time.start, time.end, published.from_, published.to, basis)
        if time is not None:
            return EventDate(time.text, time.start, time.end, None, None, "none")
        return EventDate(None, None, None, None, None, "none")

    def _loose(self, time: Time | None, published: Published, how: Modality) -> bool:
        """Returns whether a time without days ("on Monday", on a page of unknown day) gets the days that the page may
        be of.
        """
        open_ = time is not None and time.type in ("DATE", "TIME") and time.value != "FUTURE_REF"
        return open_ and how == "actual" and published.from_ != published.to

    def chosen(self, trigger: int, paged: bool, how: Modality) -> Candidate:
        """Returns the likeliest candidate, as chosen by `likeliest`."""
        found = self.candidates(trigger, paged)
        rows = self.features(trigger, found, how)
        scores = [sum(self.weights.get(name, 0.0) * value for name, value in row.items()) for row in rows]
        return found[likeliest(scores, [c.dated for c in found])]

    def candidates(self, trigger: int, paged: bool) -> list[Candidate]:
        """Returns the times around an event, the page's day if it has one, and no day."""
        own = self.reading.words[trigger].sentence
        near = [t for s in range(own - BACK, own + AHEAD + 1) for t in self._times.get(s, ())]
        near.sort(key=lambda t: (abs(self.reading.words[t[0]].sentence - own), abs(t[0] - trigger)))
        found = [Candidate("time", t) for _, t in near[:NEAREST]]
        # By the annotation rules, an event that went on "for years" has no single day, and not the page's.
        lasting = any(self._lasts(head, time, trigger) for head, time in near)
        return [*found, *([Candidate(_PAGE, None)] if paged and not lasting else []), Candidate(_NONE, None)]

    def _lasts(self, head: int, time: Time, trigger: int) -> bool:
        """Returns whether a duration without days says how long an event lasted."""
        words = self.reading.words
        cases = {words[c].text.lower() for c in self.reading.dependents(head, "case")}
        open_ = time.type == "DURATION" and not time.from_ and not (time.value or "").startswith("PT")
        return open_ and words[head].head == trigger and not cases.isdisjoint(("for", "over", "throughout"))

    def features(self, trigger: int, candidates: list[Candidate], how: Modality) -> list[Features]:
        """Returns the features of each candidate by name."""
        about = self._about(trigger, how)
        beside = any(c.time is not None and self._here(c.time, trigger) for c in candidates)
        rows: list[Features] = []
        heads = [self._head(self.reading.words_in(c.time.start, c.time.end)) if c.time else -1 for c in candidates]
        paths = [self._path(head, trigger) if c.time else None for c, head in zip(candidates, heads)]
        shortest = min((p[0] for p in paths if p is not None), default=99)
        for candidate, head, path in zip(candidates, heads, paths):
            if candidate.time is None:
                row = {candidate.kind: 1.0} | {f"{candidate.kind}: {a}": 1.0 for a in about}
                row[f"{candidate.kind}: beside a time" if beside else f"{candidate.kind}: alone"] = 1.0
            else:
                row = self._of_time(candidate.time, head, trigger, path)
                row |= {f"time, {'here' if path else 'elsewhere'}: {a}": 1.0 for a in about}
                if path and path[0] == shortest:
                    row["nearest"] = 1.0
            rows.append(row)
        return rows

    def _here(self, time: Time, trigger: int) -> bool:
        words = self.reading.words_in(time.start, time.end)
        return self.reading.words[words[0]].sentence == self.reading.words[trigger].sentence

    def _of_time(self, time: Time, head: int, trigger: int, path: tuple[int, list[str]] | None) -> Features:
        words = self.reading.words
        apart = words[head].sentence - words[trigger].sentence
        case = next((words[c].text.lower() for c in self.reading.dependents(head, "case", "mark")), "")
        place = f"sentence {apart:+d}" if apart else "here"
        kind = f"{time.type} {_shape(time)}"
        row = {place: 1.0, f"{place}: {kind}": 1.0, f"{place}: after {case}": 1.0}
        if words[head].sentence == 0:
            row["in the first sentence"] = 1.0
        if apart or path is None:
            return row
        steps, relations = path
        row[f"steps {min(steps, 6)}"] = 1.0
        row |= {f"over {r}": 1.0 for r in relations}
        row["before the act" if head < trigger else "behind the act"] = 1.0
        row[f"words between {_bucket(abs(head - trigger))}"] = 1.0
        between = range(min(head, trigger) + 1, max(head, trigger))
        row[f"acts between {min(2, sum(w in self.triggers for w in between))}"] = 1.0
        row["a unit of time"] = float(words[head].upos == "NOUN")
        return row

    def _path(self, head: int, trigger: int) -> tuple[int, list[str]] | None:
        """Returns the steps in the tree between a time and an event of its sentence, and the relations on the way;
        `None` in different sentences.
        """
        words = self.reading.words
        if words[head].sentence != words[trigger].sentence:
            return None
        rise, up = self._up(head), self._up(trigger)
        meet = next((w for w in rise if w in up), rise[-1])
        rising = rise[: rise.index(meet)]
        falling = up[: up.index(meet)] if meet in up else up
        over = [f"{words[w].rel.split(':')[0]} up" for w in rising] + [
            f"{words[w].rel.split(':')[0]} down" for w in falling
        ]
        inner = [w for w in (*rising[1:], *falling[1:], meet) if w != trigger]
        if any(w in self.triggers for w in inner):
            over.append("another act")
        if meet == trigger:
            over.append("the act itself")
        return len(rising) + len(falling), over

    def _up(self, word: int) -> list[int]:
        words, found = self.reading.words, [word]
        while words[found[-1]].head != found[-1] and len(found) < CLIMB:
            found.append(words[found[-1]].head)
        return found

    def _about(self, trigger: int, how: Modality) -> list[str]:
        """Returns features of the event itself, the same for every candidate."""
        words = self.reading.words
        word = words[trigger]
        found = [how, word.upos, "headline" if word.sentence == 0 else "lead" if word.sentence < 3 else "later"]
        found += [f"relation {word.rel.split(':')[0]}", f"form {self._form(trigger)}"]
        if self._background(trigger):
            found.append("background")
        above = next((w for w in self._up(trigger) if words[w].upos == "VERB"), None)
        if word.upos == "NOUN" and above is not None:
            found.append(f"noun under {self._form(above)}")
        if any(words[w].rel.split(":")[0] in _CLAUSES for w in self._up(trigger)[:2]):
            found.append("in a clause below")
        return found

    def _form(self, verb: int) -> str:
        """Returns tense and aspect of a verb as its auxiliaries show them; "bare" without any."""
        if self.reading.words[verb].upos not in ("VERB", "AUX"):
            return "no verb"
        helping = {self.reading.words[c].text.lower() for c in self.reading.dependents(verb, "aux", "aux:pass")}
        return next((name for name, signs in _ASPECTS.items() if not signs.isdisjoint(helping)), "bare")

    def _background(self, trigger: int) -> bool:
        """Returns whether an event is mentioned as earlier than another: "after he visited", "since the attack"."""
        words = self.reading.words
        for node in self._up(trigger)[:4]:
            rel = words[node].rel.split(":")[0]
            marks = self.reading.dependents(node, "mark", "case", "advmod")
            if rel in ("advcl", "obl", "nmod") and any(words[c].text.lower() in _EARLIER for c in marks):
                return True
            if rel not in ("conj", "xcomp", "obj", "nsubj", "compound"):
                return False
        return False


_ASPECTS = {
    "pluperfect": frozenset(("had", "'d", "’d")),
    "perfect": frozenset(("has", "have", "'ve", "’ve")),
    "future": frozenset(("will", "'ll", "’ll", "wo", "shall")),
    "modal": frozenset(("would", "could", "may", "might", "should", "can", "must")),
    "present passive or progressive": frozenset(("is", "are", "'s", "’s", "'re", "’re", "am")),
    "past passive or progressive": frozenset(("was", "were", "got")),
}


def _bucket(count: int) -> int:
    return next((b for b in (1, 2, 4, 7, 12, 20) if count <= b), 40)


def _shape(time: Time) -> str:
    """Returns how long a time is, or what its value says if its days are unknown."""
    if time.from_ and time.to:
        days = _days_between(time.from_, time.to)
        return next(
            (name for name, most in (("day", 1), ("week", 8), ("month", 31), ("year", 366)) if days <= most), "longer"
        )
    value = time.value or ""
    return value if value.endswith("_REF") else "unknown" if not value else "open"


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


@cache
def _weights() -> dict[str, float]:
    found: dict[str, float] = json.loads(WEIGHTS.read_text("utf-8"))
    return found
