"""Source, cue and content on PolNeAR dev, by token (`\\w+`; the annotator whose name comes first), for the words marked
by the model and for the report's statements; and whole attributions.

python -m benchmarks statements
"""

from __future__ import annotations

import re
from collections import Counter

from training.data.corpora import read_brat

from ..common import corpora
from ..common import reader as open_reader
from ..metrics import f1

Spans = list[tuple[int, int]]


def _tokens(text: str, spans: Spans) -> set[int]:
    return {m.start() for m in re.finditer(r"\w+", text) if any(s < m.end() and m.start() < e for s, e in spans)}


def main() -> None:
    reader = open_reader(__doc__)
    folder = corpora() / "polnear/dev"
    first: dict[str, object] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        first.setdefault(path.stem.rsplit("_", 1)[0], path)
    right: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    wanted: Counter[tuple[str, str]] = Counter()
    whole = Counter[str]()
    for name, path in sorted(first.items()):
        text = (folder / "text" / f"{name}.txt").read_text("utf-8")
        gold = read_brat(path)  # type: ignore[arg-type]
        reading = reader.analyse(text)
        report = reader.read_text(text)
        heads = {"Source": reading.sources, "Cue": reading.cues, "Content": reading.contents}
        said = report.statements
        told: dict[str, Spans] = {
            "Source": [x for s in said if (x := _source(s))],
            "Cue": [(s.cue.start, s.cue.end) for s in said if s.cue],
            "Content": [(c.start, c.end) for s in said for c in s.content],
        }
        for role, chunks in heads.items():
            g = _tokens(text, [s for a in gold for s in a[role]])
            for of, spans in (("model", [reading.span(c.start, c.end) for c in chunks]), ("report", told[role])):
                f = _tokens(text, spans)
                right[of, role] += len(g & f)
                found[of, role] += len(f)
                wanted[of, role] += len(g)
        ours = [(_source(s), _tokens(text, [(c.start, c.end) for c in s.content])) for s in report.statements]
        left = list(range(len(ours)))
        whole["wanted"] += len(gold)
        whole["found"] += len(ours)
        for a in gold:
            content, source = _tokens(text, a["Content"]), _tokens(text, a["Source"])
            for i in left:
                span, theirs = ours[i]
                touches = (not source and span is None) or (span is not None and bool(source & _tokens(text, [span])))
                if touches and content | theirs and len(content & theirs) >= 0.5 * len(content | theirs):
                    whole["right"] += 1
                    left.remove(i)
                    break
    print(f"PolNeAR dev, {len(first)} articles; {reader.version}")
    for key in right:
        p, r, f = f1(right[key], found[key], wanted[key])
        print(f"  {key[1].lower():8} by token, {key[0]:7} P {p:.3f}  R {r:.3f}  F1 {f:.3f}")
    p, r, f = f1(whole["right"], whole["found"], whole["wanted"])
    print(f"  whole attributions    P {p:.3f}  R {r:.3f}  F1 {f:.3f}")


def _source(statement: object) -> tuple[int, int] | None:
    party = statement.source  # type: ignore[attr-defined]
    return (party.start, party.end) if party is not None and party.start is not None else None
