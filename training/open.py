"""Makes a folder of corpora that allow every use, from which the open weights are trained: what is not in it they cannot have seen.

    python -m training.open CORPORA FOLDER

Kept are GUM but for the genres and the one source whose texts are non-commercial or may not be changed, EWT with UDS, and PLV. Every training
command takes such a folder in place of the whole; where it has no corpus of attributions or of TimeML, GUM's own layers stand in (`training.erst`).
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

GENRES = {"bio", "court", "essay", "interview", "letter", "news", "podcast", "voyage"}
SOURCES_LEFT_OUT = ("linguistics.ucsb.edu",)  # the Santa Barbara corpus: CC BY-ND
WHOLE = ("ewt", "uds", "plv")


def open_texts(conllu: str) -> tuple[str, int, int]:
    """The documents of a CoNLL-U file whose texts allow every use, how many they are and how many there were."""
    documents = re.split(r"(?m)^(?=# newdoc id)", conllu)[1:]
    kept = []
    for document in documents:
        about = dict(re.findall(r"(?m)^# meta::(\w+) = (.*)$", document))
        if about.get("genre") in GENRES and not any(
            source in about.get("sourceURL", "") for source in SOURCES_LEFT_OUT
        ):
            kept.append(document)
    return "".join(kept), len(kept), len(documents)


def main(corpora: Path, folder: Path) -> None:
    for name in WHOLE:
        shutil.copytree(corpora / name, folder / name, dirs_exist_ok=True)
    (folder / "gum").mkdir(parents=True, exist_ok=True)
    for part in ("train", "dev"):
        text, kept, there = open_texts((corpora / f"gum/{part}.conllu").read_text("utf-8"))
        (folder / f"gum/{part}.conllu").write_text(text, "utf-8")
        print(f"{folder / f'gum/{part}.conllu'}: {kept} of {there} documents")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
