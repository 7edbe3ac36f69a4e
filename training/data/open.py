"""Makes a folder of corpora that allow every use. The open weights are trained on this folder only.

    python -m training.data.open CORPORA FOLDER

Keeps EWT with UDS, PLV, and GUM without the genres and the one source with non-commercial or no-derivatives texts.
Every training command accepts such a folder. For the missing attribution and TimeML corpora, layers derived from GUM
are used (`training.data.erst`).
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

GENRES = {"bio", "court", "essay", "interview", "letter", "news", "podcast", "voyage"}
SOURCES_LEFT_OUT = ("linguistics.ucsb.edu",)  # the Santa Barbara corpus: CC BY-ND
WHOLE = ("ewt", "uds", "plv")
BEGINNING = 120  # characters that identify a text


def open_texts(conllu: str) -> tuple[str, int, int]:
    """Returns the documents of a CoNLL-U file with texts that allow every use, their number, and the number of all
    documents.
    """
    documents = re.split(r"(?m)^(?=# newdoc id)", conllu)[1:]
    kept = []
    for document in documents:
        about = dict(re.findall(r"(?m)^# meta::(\w+) = (.*)$", document))
        if about.get("genre") in GENRES and not any(
            source in about.get("sourceURL", "") for source in SOURCES_LEFT_OUT
        ):
            kept.append(document)
    return "".join(kept), len(kept), len(documents)


def open_marks(corpora: Path) -> list[str]:
    """Returns marked articles (JSON lines) of re3d without its BBC part, which is non-commercial, and of GUM's open
    genres.
    """
    if not (corpora / "events").is_dir():
        return []
    closed = [
        " ".join(json.loads(line)["text"].split())[:BEGINNING]
        for line in open(corpora / "re3d" / "BBC Online" / "documents.json", encoding="utf-8")
        if line.strip()
    ]
    kept = []
    for line in open(corpora / "events" / "train.jsonl", encoding="utf-8"):
        document = json.loads(line)
        text = " ".join(document["text"].split())
        if (
            document["source"] == "re3d"
            and not any(c in text or text[:BEGINNING] in c for c in closed if c)
            or document["source"] == "GUM"
            and any(document["id"].startswith(f"gum{genre}") for genre in GENRES)
        ):
            kept.append(line)
    return kept


def main(corpora: Path, folder: Path) -> None:
    if marked := open_marks(corpora):
        (folder / "events").mkdir(parents=True, exist_ok=True)
        (folder / "events" / "train.jsonl").write_text("".join(marked), "utf-8")
        print(f"{folder / 'events/train.jsonl'}: {len(marked)} documents")
    for name in WHOLE:
        shutil.copytree(corpora / name, folder / name, dirs_exist_ok=True)
    (folder / "gum").mkdir(parents=True, exist_ok=True)
    for part in ("train", "dev"):
        text, kept, there = open_texts((corpora / f"gum/{part}.conllu").read_text("utf-8"))
        (folder / f"gum/{part}.conllu").write_text(text, "utf-8")
        print(f"{folder / f'gum/{part}.conllu'}: {kept} of {there} documents")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
