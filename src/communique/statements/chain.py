"""Attribution: the chain of sources of a word, outermost first."""

from __future__ import annotations

from typing import Literal

from ..reading import Reading
from ..schema import Attribution, PartyMention
from .statements import Found

# These introduce the time of saying, not the content.
_WHEN = frozenset(("during", "after", "before", "following", "since", "until", "while", "when", "amid", "ahead"))
_ASSESS = frozenset(
    [
        "analyst",
        "expert",
        "observer",
        "scholar",
        "researcher",
        "economist",
        "historian",
        "commentator",
        "director",
        "professor",
        "academic",
        "critic",
        "specialist",
        "strategist",
    ]
)


def kind_of(source: PartyMention | None) -> Literal["reported", "stated", "assessed"]:
    """Returns the kind of a source: `reported` for a medium or an unknown source, `assessed` for an analyst, `stated`
    for a party that speaks itself.
    """
    if source is None:
        return "reported"
    words = {w.strip(",.").lower().rstrip("s") for w in (source.text or "").split()}
    if source.sector == "JRN":
        return "reported"
    if source.sector == "EDU" or words & _ASSESS:
        return "assessed"
    return "stated"


class Chain:
    """The statements of an article, with the sources of each word."""

    def __init__(self, reading: Reading, found: tuple[Found, ...]) -> None:
        self.reading, self.found = reading, found
        self._by_id = {f.statement.id: f for f in found}

    def over(self, word: int, own: bool = True) -> list[Found]:
        """Returns the statements with the word in their content, outermost first."""
        hold = [
            f
            for f in self.found
            if word in f.content_words
            and word not in f.cue_words
            and word not in f.source_words
            and not self._beside(word, f)
        ]
        return sorted(hold, key=self._order)

    def _order(self, f: Found) -> tuple[int, int, int]:
        """Sort key: outermost first."""
        return self._depth(f), -len(f.content_words), f.cue_words[0]

    def _beside(self, word: int, f: Found) -> bool:
        """Whether the word is in a phrase or clause of time that depends on the cue: "criticised the plan during a
        visit".
        """
        node = word
        for above in self.reading.climb(word):
            if above in f.cue_words:
                marks = self.reading.markers(node, "case", "mark", "advmod")
                return self.reading.words[node].relation in ("obl", "advcl") and not marks.isdisjoint(_WHEN)
            node = above
        return False

    def _depth(self, f: Found) -> int:
        depth, seen = 0, {f.statement.id}
        within = f.statement.within
        while within and within in self._by_id and within not in seen:
            seen.add(within)
            depth, within = depth + 1, self._by_id[within].statement.within
        return depth

    def of(self, word: int) -> tuple[tuple[Attribution, ...], tuple[str, ...]]:
        """Returns the chain of sources of a word, and the ids of the statements that contain it."""
        return self.chained(self.over(word))

    def chained(self, hold: list[Found]) -> tuple[tuple[Attribution, ...], tuple[str, ...]]:
        """Returns the sources of some statements, outermost first, each source once, and the ids of the statements."""
        hold = sorted(hold, key=self._order)
        items: list[Attribution] = []
        level = 0
        said: set[tuple[str | None, int | None]] = set()
        for f in hold:
            cue = f.statement.cue.text if f.statement.cue else None
            sources: list[PartyMention | None] = list(f.sources) or [None]
            fresh = [
                s
                for n, s in enumerate(sources)
                if ((s.name or s.text) if s else None, None) not in said
                and (s.name or s.text if s else None) not in [o.name or o.text if o else None for o in sources[:n]]
            ]
            for s in fresh:
                said.add(((s.name or s.text) if s else None, None))
                if s is None:
                    items.append(
                        Attribution(
                            None, None, None, None, None, None, None, None, cue, "reported", level, f.statement.id
                        )
                    )
                else:
                    items.append(
                        Attribution(
                            s.text,
                            s.start,
                            s.end,
                            s.name,
                            s.id,
                            s.country,
                            s.sector,
                            s.office,
                            cue,
                            kind_of(s),
                            level,
                            f.statement.id,
                        )
                    )
            if fresh:
                level += 1
        return tuple(items), tuple(f.statement.id for f in hold)
