"""Trains the head for modality and polarity on the states of a model that is already trained and exported.

    python -m training.heads.modality --corpora CORPORA --model src/communique/reading/model

Data: our patterns in our frames; TimeBank's events with their polarity, tense and modal verb; UDS's factuality
judgements of EWT predicates. The encoder is not changed. The head is two small layers on the states of the trigger word
and of its syntactic head; it is stored in `heads.npz`. Takes minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from communique.reading import Analyser, Model, Reading
from training.data import corpora as read
from training.data import splits
from training.data.documents import Document
from training.data.frames import MODALITIES, POLARITIES, generate
from training.encoder.export import checksum

SENTENCES = 14_000
HELD = 7  # every seventh frame is held out
CLASSES = [f"{m} {p}" for m in MODALITIES for p in POLARITIES]
_MODALS = {
    "will": "future",
    "would": "conditional",
    "could": "possible",
    "may": "possible",
    "might": "possible",
    "can": "possible",
    "should": "desired",
    "must": "desired",
    "ought": "desired",
}


def features(reading: Reading, word: int) -> np.ndarray:
    """Returns the states of a word and of its syntactic head."""
    return np.concatenate([reading.states[word], reading.states[reading.words[word].head]])


def _framed(analyse: Analyser, corpora: Path, seed: int) -> Iterator[tuple[np.ndarray, int, int]]:
    for row in generate(corpora, seed, SENTENCES):
        reading = analyse(row.text)
        words = reading.words_in(*row.trigger)
        yield features(reading, words[0]), CLASSES.index(f"{row.modality} {row.polarity}"), row.frame


def _raw(document: Document) -> tuple[str, list[int]]:
    text, starts = "", []
    for i, word in enumerate(document.words):
        text += "\n\n" if i and document.paragraph[i] else " " if i and not document.glued[i] else ""
        starts.append(len(text))
        text += word
    return text, starts


def _timebank(analyse: Analyser, corpora: Path, held: bool = False) -> Iterator[tuple[np.ndarray, int]]:
    """Yields events with polarity, and with modality where TimeBank marks it by tense or modal verb."""
    out = splits.load()["timebank"]
    for path in sorted((corpora / "timebank").glob("*.tml")):
        if (path.stem in out) != held:
            continue
        text, _, events, _, root = read.timeml(path)
        reading = analyse(text)
        instances = {m.get("eventID"): m for m in root.iter("MAKEINSTANCE")}
        subordinated = {
            link.get("subordinatedEventInstance")
            for link in root.iter("SLINK")
            if link.get("relType") in ("MODAL", "CONDITIONAL", "COUNTER_FACTIVE", "NEG_EVIDENTIAL")
        }
        for start, end, attributes in events:
            instance, words = instances.get(attributes["eid"]), reading.words_in(start, end)
            if instance is None or not words or attributes["class"] in ("STATE", "I_STATE"):
                continue
            modal = next((m for w in (instance.get("modality") or "").lower().split() if (m := _MODALS.get(w))), None)
            if modal is None and instance.get("eiid") in subordinated:
                continue  # possible, wanted or planned: TimeBank does not distinguish them
            modality = modal or ("future" if instance.get("tense") == "FUTURE" else "actual")
            polarity = "negative" if instance.get("polarity") == "NEG" else "positive"
            yield features(reading, words[-1]), CLASSES.index(f"{modality} {polarity}")


def _judged(analyse: Analyser, corpora: Path) -> Iterator[tuple[np.ndarray, float]]:
    for document in read.ewt(corpora):
        if not any(f is not None for f in document.layers["fact"]):
            continue
        text, starts = _raw(document)
        reading = analyse(text)
        at = {w.start: w.index for w in reading.words}
        for start, fact in zip(starts, document.layers["fact"]):
            if fact is not None and start in at:
                yield features(reading, at[start]), fact


def store(folder: Path, name: str, model: nn.Sequential) -> None:
    """Writes a head of two layers into the exported model."""
    first, last = model[0], model[3]
    keep(
        folder,
        {
            f"{name}_{k}": v.detach().numpy()
            for k, v in (("w1", first.weight), ("b1", first.bias), ("w2", last.weight), ("b2", last.bias))
        },
    )


def keep(folder: Path, added: dict[str, np.ndarray], head: str | None = None) -> None:
    """Writes arrays into the exported model in half precision, replacing those of `head`, and updates the model's
    checksum.
    """
    with np.load(folder / "heads.npz") as arrays:
        heads = {k: arrays[k] for k in arrays.files if head is None or not k.startswith(head)}
    heads |= {k: v.astype(np.float16) for k, v in added.items()}
    np.savez_compressed(folder / "heads.npz", **heads)
    stamp(folder)


def stamp(folder: Path) -> None:
    """Writes the checksum of exported weights into their `meta.json`; reports name it."""
    meta = json.loads((folder / "meta.json").read_text())
    meta["checksum"] = checksum(folder)
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold", action="store_true", help="keep every seventh frame out and say how they fare")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    began = time.monotonic()
    analyse = Analyser(Model(options.model, threads=2))
    framed = list(_framed(analyse, options.corpora, options.seed))
    print(f"{len(framed)} framed sentences, {time.monotonic() - began:.0f} s", flush=True)
    news = list(_timebank(analyse, options.corpora))
    print(f"{len(news)} of TimeBank's events, {time.monotonic() - began:.0f} s", flush=True)
    judged = list(_judged(analyse, options.corpora))
    print(f"{len(judged)} judged predicates, {time.monotonic() - began:.0f} s", flush=True)
    kept = [r for r in framed if not options.hold or r[2] % HELD]
    x = torch.tensor(np.stack([r[0] for r in kept]))
    y = torch.tensor([r[1] for r in kept])
    news = news or [r[:2] for r in framed]  # a folder of open corpora has no TimeBank
    nx, ny = torch.tensor(np.stack([r[0] for r in news])), torch.tensor([r[1] for r in news])
    jx, jy = torch.tensor(np.stack([r[0] for r in judged])), torch.tensor([r[1] for r in judged], dtype=torch.float32)
    model = nn.Sequential(nn.Linear(x.shape[1], 160), nn.GELU(), nn.Dropout(0.3), nn.Linear(160, len(CLASSES)))
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.02)
    steps = 1600
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    actual = CLASSES.index("actual positive")
    model.train()
    for step in range(steps):
        a, b, c = (torch.randint(len(v), (n,)) for v, n in ((y, 256), (ny, 128), (jy, 128)))
        loss = F.cross_entropy(model(x[a]), y[a], label_smoothing=0.03) + 0.5 * F.cross_entropy(
            model(nx[b]), ny[b], label_smoothing=0.03
        )
        happened = model(jx[c]).softmax(-1)[:, actual].clamp(1e-4, 1 - 1e-4)
        loss = loss + 0.3 * F.binary_cross_entropy(happened, jy[c])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step(), schedule.step()
        if (step + 1) % 400 == 0:
            print(f"{step + 1}/{steps} loss {loss.item():.3f}", flush=True)
    model.eval()
    with torch.no_grad():
        if options.hold:
            out = [r for r in framed if r[2] % HELD == 0]
            right = (
                (model(torch.tensor(np.stack([r[0] for r in out]))).argmax(1) == torch.tensor([r[1] for r in out]))
                .float()
                .mean()
            )
            print(f"frames never trained on: {right:.3f} of {len(out)}")
        unseen = list(_timebank(analyse, options.corpora, held=True))
        if unseen:
            said = model(torch.tensor(np.stack([r[0] for r in unseen]))).argmax(1)
            print(
                "held-out quarter of TimeBank: "
                f"{(said == torch.tensor([r[1] for r in unseen])).float().mean():.3f} of {len(unseen)}"
            )
    store(options.model, "modality", model)
    labels = json.loads((options.model / "labels.json").read_text())
    labels["modality"] = CLASSES
    (options.model / "labels.json").write_text(json.dumps(labels, ensure_ascii=False))


if __name__ == "__main__":
    main()
