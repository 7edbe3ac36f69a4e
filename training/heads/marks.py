"""Our own marks on texts of the corpora: `marks.jsonl.gz` holds ids, offsets and codes, never the text.

    python -m training.heads.marks CORPORA OUT.jsonl [KEPT]  joins them with the texts, in the form of corpora/events/
    python -m training.heads.marks --keep KEPT FILE…         keeps the marks of such files, without their texts

Each text is identified by its SHA-256. If a corpus has another text, its document is skipped and counted. A language
model made the marks under the same rules as those of corpora/events/; no second reader checked them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

KEPT = Path(__file__).with_name("marks.jsonl.gz")
LONGEST, CUT = 900, 5200  # words of an AQUAINT article; a longer one ends with the paragraph before this character


def _paragraphs(text: str) -> str:
    parts = (" ".join(p.split()) for p in re.split(r"\n\s*\n", text))
    return "\n\n".join(p for p in parts if p)


def _agnews(corpora: Path) -> Iterator[tuple[str, str]]:
    file = next((corpora / "agnews").glob("*.jsonl"), None)
    for n, line in enumerate(open(file, encoding="utf-8")) if file else ():
        row = json.loads(line)
        yield f"ag{n:04d}", row["title"] + "\n\n" + row["lead"]


def _lgl(corpora: Path) -> Iterator[tuple[str, str]]:
    for article in ElementTree.parse(corpora / "geo" / "lgl.xml").getroot().iter("article"):
        yield "lgl" + (article.get("docid") or ""), (article.findtext("text") or "").strip()


def _polnear(corpora: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((corpora / "polnear" / "train").rglob("*.txt")):
        yield "pn" + path.name[:-4].replace(".txt", ""), path.read_text("utf-8").strip()


def _aquaint(corpora: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((corpora / "aquaint").glob("*.tml")):
        root = ElementTree.parse(path).getroot()
        body, title = root.find("TEXT"), root.find("TITLE")
        text = _paragraphs("".join(body.itertext())) if body is not None else ""
        if title is not None:
            text = " ".join("".join(title.itertext()).split()) + "\n\n" + text
        yield "aq" + path.stem, text[: text.rfind("\n\n", 0, CUT)] if len(text.split()) > LONGEST else text


def _timebank(corpora: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((corpora / "timebank").glob("*.tml")):
        body = ElementTree.parse(path).getroot().find("TEXT")
        yield "tb" + path.stem, _paragraphs("".join(body.itertext())) if body is not None else ""


def texts(corpora: Path) -> dict[str, str]:
    """Returns every text that may have marks, by document id."""
    found: dict[str, str] = {}
    readers = {"agnews": _agnews, "geo": _lgl, "polnear": _polnear, "aquaint": _aquaint, "timebank": _timebank}
    for folder, read in readers.items():
        if (corpora / folder).is_dir():
            found |= {re.sub(r"[^\w.-]", "_", name): text for name, text in read(corpora)}
    return found


def keep(kept: Path, files: list[Path]) -> None:
    rows = [_bare(json.loads(line)) for file in files for line in open(file, encoding="utf-8")]
    lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in sorted(rows, key=lambda r: r["id"]))
    kept.write_bytes(gzip.compress(lines.encode(), mtime=0))
    print(f"{len(rows)} documents, {sum(len(r['events']) for r in rows)} tellings, {kept.stat().st_size:,} bytes")


def _bare(document: dict[str, Any]) -> dict[str, Any]:
    """Returns a document without its words: spans replace every piece of text."""

    def place(x):
        return [x["start"], x["end"]]

    events = [
        {
            **{k: e[k] for k in ("id", "sentence", "type", "mode", "modality", "polarity", "when", "same", "doubtful")},
            "trigger": place(e["trigger"]),
            "actors": [[*place(p), p["country"], p["sector"]] for p in e["actors"]],
            "recipients": [[*place(p), p["country"], p["sector"]] for p in e["recipients"]],
            "says": [place(s) for s in e["says"] if s["start"] is not None],
        }
        for e in document["events"]
    ]
    mark = hashlib.sha256(document["text"].encode()).hexdigest()
    kept = {k: document[k] for k in ("id", "source", "date", "sentences")}
    return kept | {"sha256": mark, "events": events}


def documents(corpora: Path, kept: Path = KEPT) -> Iterator[dict[str, Any]]:
    """Yields the marked documents with their texts, in the form of corpora/events/."""
    known = texts(corpora)
    for line in gzip.decompress(kept.read_bytes()).decode().splitlines():
        row = json.loads(line)
        text = known.get(row["id"], "")
        if hashlib.sha256(text.encode()).hexdigest() == row.pop("sha256"):
            events = [_whole(e, text) for e in row["events"]]
            # Without a page date the annotator could not resolve days: an event without a day says nothing.
            yield row | {"text": text, "group": row["id"], "days_marked": bool(row["date"]), "events": events}


def _whole(event: dict[str, Any], text: str) -> dict[str, Any]:
    def place(x):
        return {"start": x[0], "end": x[1], "text": text[x[0] : x[1]]}

    def party(x):
        return place(x) | {"country": x[2], "sector": x[3]}

    return event | {
        "trigger": place(event["trigger"]),
        "actors": [party(p) for p in event["actors"]],
        "recipients": [party(p) for p in event["recipients"]],
        "says": [place(s) for s in event["says"]],
    }


def main() -> None:
    if sys.argv[1] == "--keep":
        return keep(Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
    kept = Path(sys.argv[3]) if len(sys.argv) > 3 else KEPT
    found = list(documents(Path(sys.argv[1]), kept))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in found)
    total = len(gzip.decompress(kept.read_bytes()).splitlines())
    print(f"{len(found)} of {total} documents")


if __name__ == "__main__":
    main()
