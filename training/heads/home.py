"""Learns the state and sector of unnamed bodies and people from marked parties.

    python -m training.heads.home FILE… --cache FEATURES --home src/communique/parties/home.json --model FOLDER

FILE: articles in the form of corpora/events/. Prints results of five-fold cross-validation over articles, then writes
the weights of the conditional logit (`communique.parties.home`) and, into FOLDER, those of the sector classifier
(`communique.parties.sectors`).
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from communique.catalogue import Catalogue
from communique.parties import Linker, Resolver
from communique.parties.home import OVERRULES, SURE, Home
from communique.parties.sectors import SECTORS, SectorChoice, SectorFeatures
from communique.places import Places
from communique.reading import Analyser, Model
from communique.statements import Chain, statements_of
from training.heads.modality import stamp
from training.heads.scenes import MODEL, _root

FOLDS = 5
STEPS, RATE, DECAY = 400, 0.05, 2e-3
KEPT = 0.02  # smaller weights are dropped
FEATURE_DECAY, STATE_DECAY = 4.0, 30.0  # L2 penalties on the sector weights of features and of states
ROUNDS = 60  # of L-BFGS for the sector classifier
SEEN = 2  # minimum number of marked parties with a feature
ALIKE = ({"CVL", None}, {"UNK", "UAF", None}, {"ELI", "CVL", None})  # sectors that the marks do not distinguish
KINDS = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))  # a mark may omit their sector


class Case(NamedTuple):
    """One marked party: its fold, the linker's answer, the features of each candidate state, the right state, and the
    features for its sector.
    """

    fold: int
    kind: str
    known: tuple[str | None, str | None]
    named: bool
    table: bool
    candidates: list[str | None]
    features: list[dict[str, float]]
    country: str | None
    sector: str | None
    state: np.ndarray
    told: list[str]


@cache
def _parts() -> tuple[Analyser, Resolver, Places]:
    catalogue = Catalogue()
    return Analyser(Model(MODEL)), Resolver(catalogue), Places(catalogue)


def cases(line: str) -> list[Case]:
    document: dict[str, Any] = json.loads(line)
    analyse, resolver, places = _parts()
    reading = analyse(document["text"])
    day = document["date"] if document["date"] and len(document["date"]) == 10 else None
    linker = Linker(reading, resolver, day)
    Chain(reading, statements_of(reading, linker))  # resolves "I" to the speaker
    home = Home(reading, linker, places.of(reading, linker, None), None, {}, None)
    speaks = SectorFeatures(reading, linker)
    fold = zlib.crc32(f"fold {document.get('group') or document['id']}".encode()) % FOLDS
    found, seen = [], set()
    for event in document["events"]:
        for p in [] if event["doubtful"] else [*event["actors"], *event["recipients"]]:
            inside = list(reading.words_in(p["start"], p["end"]))
            if not inside or (p["start"], p["end"]) in seen:
                continue
            seen.add((p["start"], p["end"]))
            head = _root(reading, inside)
            party = linker.at(head) or linker.unknown(head)
            party = linker.named(party) if party else None
            names: list[str | None] = [*home.candidates, None]
            word = reading.words[head]
            kind = "pronoun" if word.upos == "PRON" else "name" if word.upos == "PROPN" else "noun"
            known = (party.country, party.sector) if party else (None, None)
            rows = [] if known[0] else [home.features(head, party, c) for c in names]
            named = bool(party and party.name)
            table = bool(party and (party.id or party.office or party.name))
            found.append(
                Case(
                    fold,
                    kind,
                    known,
                    named,
                    table,
                    names,
                    rows,
                    p["country"],
                    p["sector"],
                    reading.states[head].astype(np.float16),
                    speaks.of(head, party),
                )
            )
    return found


def logit(examples: list[Case]) -> dict[str, float]:
    """Returns the weights of the conditional logit. A party of a state that is not a candidate counts as "no state"."""
    names = sorted({n for e in examples for f in e.features for n in f})
    place = {n: k for k, n in enumerate(names)}
    widest = max(len(e.features) for e in examples)
    x = torch.zeros(len(examples), widest, len(names))
    open_ = torch.full((len(examples), widest), -1e4)
    right = torch.zeros(len(examples), dtype=torch.long)
    for n, e in enumerate(examples):
        for k, row in enumerate(e.features):
            open_[n, k] = 0
            for name, value in row.items():
                x[n, k, place[name]] = value
        right[n] = e.candidates.index(e.country) if e.country in e.candidates else len(e.candidates) - 1
    w = torch.zeros(len(names), requires_grad=True)
    optimiser = torch.optim.Adam([w], RATE)
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ w + open_, right) + DECAY * w.square().sum()
        loss.backward()
        optimiser.step()
    return {n: round(float(w[k].detach()), 3) for n, k in place.items() if abs(float(w[k])) > KEPT}


def sectors(examples: list[Case]) -> SectorChoice:
    """Returns the multinomial logit of a party's sector on features and the state of its head word."""
    counts = Counter(f for e in examples for f in e.told)
    names = sorted(f for f, n in counts.items() if n >= SEEN)
    place = {f: n for n, f in enumerate(names)}
    rows = [[place[f] for f in e.told if f in place] for e in examples]
    flat = torch.tensor([r for row in rows for r in row])
    starts = torch.tensor([0, *np.cumsum([len(row) for row in rows])[:-1]])
    x = torch.from_numpy(np.stack([e.state for e in examples]).astype(np.float32))
    y = torch.tensor([SECTORS.index(e.sector) for e in examples])
    table = torch.zeros(len(names), len(SECTORS), requires_grad=True)
    states = torch.zeros(x.shape[1], len(SECTORS), requires_grad=True)
    bias = torch.zeros(len(SECTORS), requires_grad=True)
    optimiser = torch.optim.LBFGS([table, states, bias], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        scores = torch.nn.functional.embedding_bag(flat, table, starts, mode="sum") + x @ states + bias
        penalty = FEATURE_DECAY * table.square().sum() + STATE_DECAY * states.square().sum()
        total = torch.nn.functional.cross_entropy(scores, y) + penalty / len(x)
        total.backward()
        return total

    optimiser.step(loss)
    kept = table.detach().numpy()
    used = [n for n in range(len(names)) if np.abs(kept[n]).max() > KEPT]
    return SectorChoice(states.detach().numpy().T, bias.detach().numpy(), [names[n] for n in used], kept[used])


def _guess(weights: dict[str, float], e: Case) -> str | None:
    scores = np.array([sum(weights.get(n, 0.0) * v for n, v in f.items()) for f in e.features])
    shares = np.exp(scores - scores.max())
    best = int(shares.argmax())
    return e.candidates[best] if shares[best] / shares.sum() >= SURE else None


def _same(e: Case, got: str | None) -> bool:
    if e.sector is None and e.country in KINDS:
        return True
    return got == e.sector or any({got, e.sector} <= alike for alike in ALIKE)


def _sector(kinds: SectorChoice, e: Case) -> str | None:
    likely, share = kinds.of(e.state.astype(np.float32), e.told)
    return e.known[1] if e.known[1] and (e.table or share < OVERRULES) else likely


def _report(found: list[Case]) -> None:
    right: dict[tuple[str, str], list[bool]] = {}
    for fold in range(FOLDS):
        rest = [e for e in found if e.fold != fold]
        weights, kinds = logit([e for e in rest if e.features]), sectors(rest)
        for e in (e for e in found if e.fold == fold):
            country = e.known[0] or (None if e.named else _guess(weights, e))
            for kind in (e.kind, "all"):
                right.setdefault((kind, "country, by the words alone"), []).append(e.known[0] == e.country)
                right.setdefault((kind, "country"), []).append(country == e.country)
                before = country == e.country and _same(e, e.known[1])
                right.setdefault((kind, "both, sector by the words alone"), []).append(before)
                right.setdefault((kind, "both"), []).append(country == e.country and _same(e, _sector(kinds, e)))
    for (kind, what), values in sorted(right.items()):
        print(f"{kind:8} {what:32} {np.mean(values):.3f} of {len(values)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--home", type=Path, help="where the weights of the logit go; left out, they stay as they are")
    parser.add_argument("--model", type=Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(1)
    found: list[Case] = []
    if options.cache.exists():
        found = pickle.loads(options.cache.read_bytes())
    else:
        lines: Iterable[str] = (line for f in options.files for line in open(f, encoding="utf-8"))
        with ProcessPoolExecutor(2) as pool:
            for some in pool.map(cases, lines, chunksize=8):
                found += some
        options.cache.write_bytes(pickle.dumps(found))
    _report(found)
    if options.home:
        weights = logit([e for e in found if e.features])
        options.home.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n")
    kinds = sectors(found)
    np.savez_compressed(
        options.model / "parties.npz",
        states=kinds.states.astype(np.float16),
        bias=kinds.bias.astype(np.float16),
        names=np.array("\n".join(kinds.rows)),
        table=kinds.table.astype(np.float16),
    )
    stamp(options.model)


if __name__ == "__main__":
    from training.heads import home  # so that pickles name this module and not `__main__`

    home.main()
