"""The sources of an act: a learned choice among the statements that contain its trigger or whose source is in its
sentence.
"""

from __future__ import annotations

from .candidates import Scene
from .decode import Draft
from .logistic import Features
from .ontology import QUADS

NEAR = 40  # candidate statements of one trigger
_CLIMB = 12  # longest path from a trigger up to the cue, in words


def offered(scene: Scene, trigger: int) -> list[int]:
    """Returns the indices of the statements that may report a word's act: those that contain the word, then others with
    a source in its sentence.
    """
    sentence = scene.reading.words[trigger].sentence
    hold, beside = [], []
    for n, (source, content) in enumerate(scene.speaks):
        if trigger in content:
            hold.append(n)
        elif any(scene.reading.words[w].sentence == sentence for w in source):
            beside.append(n)
    return (hold + beside)[:NEAR]


def features(scene: Scene, draft: Draft, statement: int, count: int) -> Features:
    """Returns the features of a statement as the source of an act; `count` is the number of candidate statements."""
    words = scene.reading.words
    source, content = scene.speaks[statement]
    trigger = words[draft.trigger]
    holds = draft.trigger in content
    head = _root(scene, source)
    cue = words[head].head if head is not None else None
    steps = _steps(scene, draft.trigger, cue)
    rows = [r for r in draft.rows if int(scene.heads[r]) in source]
    place = {row: n for n, row in enumerate(draft.rows)}
    actor = max((float(draft.sides[place[r], 0]) for r in rows), default=0.0)
    recipient = max((float(draft.sides[place[r], 1]) for r in rows), default=0.0)
    entities = {int(scene.entity[r]) for r in rows}
    acts = bool(entities & {int(scene.entity[r]) for r in draft.actors})
    verbal = QUADS[draft.type].startswith("verbal")
    parties = [scene.parties[r] for r in range(len(scene.heads)) if int(scene.heads[r]) in source]
    where = "holds" if holds else "beside"
    told: Features = {
        where: 1.0,
        "unknown source": float(head is None),
        "source acts": float(acts),
        "source acts in word": float(acts and verbal),
        "actor": actor,
        "actor in word": actor * verbal,
        "recipient": recipient,
        "cue is trigger": float(cue == draft.trigger),
        "cue above": float(steps is not None),
        "cue near": float(steps is not None and steps <= 1),
        "cue above verb": float(steps is not None and trigger.upos == "VERB"),
        "noun": float(trigger.upos != "VERB"),
        "definite noun": float(trigger.upos != "VERB" and _definite(scene, draft.trigger)),
        "same sentence": float(head is not None and words[head].sentence == trigger.sentence),
        "source first": float(head is not None and head < draft.trigger),
        "alone": float(count == 1),
        "medium": float(any(p and p.sector == "JRN" for p in parties)),
        "pronoun": float(head is not None and words[head].upos == "PRON"),
        "long": min(len(content), 60) / 60,
        "quoted": float(any(words[w].text in ('"', "“", "''", "``") for w in content)),
        "again": draft.again,
        "not actual": float(draft.modality != "actual"),
        "negative": draft.negative,
    }
    told[f"{where} {draft.type}"] = 1.0
    told[f"{where} {trigger.rel.split(':')[0]}"] = 1.0
    return told


def _root(scene: Scene, words: frozenset[int]) -> int | None:
    return next((w for w in sorted(words) if scene.reading.words[w].head not in words), None)


def _steps(scene: Scene, word: int, above: int | None) -> int | None:
    """Steps in the tree from a word up to `above`; `None` if it is not an ancestor or further than `_CLIMB`."""
    for steps in range(_CLIMB):
        if word == above:
            return steps
        if scene.reading.words[word].head == word:
            return None
        word = scene.reading.words[word].head
    return None


def _definite(scene: Scene, word: int) -> bool:
    below = (scene.reading.words[c] for c in scene.reading.children[word])
    return any(c.rel == "nmod:poss" or c.text.lower() in ("the", "this", "these", "that", "those") for c in below)
