"""Our own small development sets, against the floors in `floors.json`.

python -m benchmarks small
"""

from __future__ import annotations

import re

from communique import Reader

from ..common import DATA
from ..common import reader as open_reader
from . import parties


def lines(name: str) -> list[list[str]]:
    return [line.split("|", 1) for line in (DATA / name).read_text("utf-8").splitlines() if line and line[0] != "#"]


def marked(text: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """Returns a sentence without its marks, and the spans they enclosed."""
    plain, marks = "", {}
    for piece in re.split(r"(</?[st]>)", text):
        if re.fullmatch(r"</?[st]>", piece):
            name = piece.strip("</>")
            marks[name] = (marks[name][0], len(plain)) if name in marks else (len(plain), len(plain))
        else:
            plain += piece
    return plain, marks


def relate(reader: Reader, verbose: bool = False) -> float:
    """Returns the share of our own sentences with the right most likely type."""
    right = 0
    rows = lines("relate.txt")
    for kind, text in rows:
        plain, marks = marked(text)
        found = reader.relate(plain, marks.get("s"), marks.get("t"))
        right += found[0][0] == kind
        if verbose and found[0][0] != kind:
            print(f"  {kind} read as {found[0][0]} ({found[0][1]:.2f}): {plain}")
    return right / len(rows)


def modalities(reader: Reader, name: str, verbose: bool = False) -> float:
    """Returns the share of marked words with modality and polarity both right."""
    right = 0
    rows = lines(name)
    classes: dict[str, list[int]] = {}
    for key, text in rows:
        at = text.index("[")
        plain = text.replace("[", "").replace("]", "")
        extractor, _ = reader._extractor(reader.analyse(plain), reader.read_text(plain).article)
        word = next(w.index for w in extractor.reading.words if w.end > at)
        found = " ".join(extractor.manner(word))
        right += found == key
        classes.setdefault(key, []).append(found == key)
        if verbose and found != key:
            print(f"  {key} read as {found}: {text}")
    if verbose:
        print(f"  {name}: " + ", ".join(f"{key} {sum(v)} of {len(v)}" for key, v in sorted(classes.items())))
    return right / len(rows)


def rules(reader: Reader, verbose: bool = False) -> tuple[float, float]:
    """Returns the share of PLOVER's doubtful cases with type and parties right, and among those the share with the
    key's mode.
    """
    rows = [
        line.split("|") for line in (DATA / "plover.txt").read_text("utf-8").splitlines() if line and line[0] != "#"
    ]
    right = moded = wanted = 0
    for kind, mode, actors, recipients, text in rows:
        report = reader.read_text(text, published="2022-05-04")
        acting, acted = (set(filter(None, r.replace("-", "").split("+"))) for r in (actors, recipients))
        fit = [
            e
            for e in report.events
            if e.type == kind and acting <= {p.country for p in e.actors} and acted <= {p.country for p in e.recipients}
        ]
        right += bool(fit)
        if fit and mode != "-":
            wanted += 1
            moded += any(e.mode == mode for e in fit)
        if verbose and not fit or verbose and mode != "-" and not any(e.mode == mode for e in fit):
            print(
                f"  {kind} {mode} {actors} → {recipients}: {text}",
                [
                    (e.type, e.mode, [p.country for p in e.actors], [p.country for p in e.recipients])
                    for e in report.events
                ],
            )
    return right / len(rows), moded / max(1, wanted)


def measure(reader: Reader, verbose: bool = False) -> dict[str, float]:
    doubtful, modes = rules(reader, verbose)
    return {
        "PLOVER's doubtful cases": doubtful,
        "modes of those": modes,
        "small relate accuracy": relate(reader, verbose),
        "small modality accuracy": modalities(reader, "modality.txt", verbose),
        "modality, unseen set": modalities(reader, "modality_unseen.txt", verbose),
        "resolver country and sector": parties.measure(reader, verbose)["country and sector"],
    }


def main() -> None:
    for name, value in measure(open_reader(__doc__), verbose=True).items():
        print(f"{name:26} {value:.3f}")
