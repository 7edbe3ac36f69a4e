"""Places on TR-News and LGL, compared with a simple peer: spaCy's small pipeline with the most populous namesake.

    python -m benchmarks places [--peer]

Uses only held-out data: half of TR-News and half of LGL, by hash. A name counts as found if it overlaps a name of the
key. Names without an entry in the key are ignored.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from communique import Reader
from communique.catalogue import Gazetteer
from communique.places.ranking import kilometres
from training.data.geo import Article, articles
from training.data.geo import Key as Found

from ..common import DATA, corpora, spacy_small
from ..metrics import f1


def ours(reader: Reader, article: Article) -> list[Found]:
    report = reader.read_text(article.text, url=f"http://{article.domain}/" if article.domain else None)
    return [
        Found(p.start, p.end, p.lat, p.lon, p.country, p.geonames)
        for p in report.places
        if p.start is not None and p.end is not None
    ]


class Peer:
    """Names found by spaCy's small pipeline, each resolved to the most populous place of that name."""

    def __init__(self, pipeline: Any) -> None:
        self.pipeline, self.gazetteer = pipeline, Gazetteer()

    def __call__(self, article: Article) -> list[Found]:
        found = []
        for span in self.pipeline(article.text).ents:
            if span.label_ in ("GPE", "LOC", "FAC"):
                entries = self.gazetteer.named(span.text)
                e = max(entries, key=lambda e: e.population) if entries else None
                found.append(
                    Found(span.start_char, span.end_char, e and e.lat, e and e.lon, e and e.country, e and e.geonames)
                )
        return found


def score(rows: Iterator[tuple[Article, list[Found]]]) -> dict[str, float]:
    wanted = found = both = right = country = right_of_found = told = 0
    distances: list[float] = []
    for article, places in rows:
        keyed = [k for k in article.names if k.lat is not None]
        loose = [k for k in article.names if k.lat is None]
        places = [p for p in places if not any(p.start < k.end and k.start < p.end for k in loose)]
        wanted, found = wanted + len(keyed), found + len(places)
        told += sum(p.lat is not None for p in places)
        for k in keyed:
            p = next((p for p in places if p.start < k.end and k.start < p.end), None)
            if p is None:
                continue
            both += 1
            if p.lat is None or p.lon is None:
                continue
            right_of_found += 1
            far = float(kilometres(np.array(p.lat), np.array(p.lon), np.array(k.lat), np.array(k.lon)))
            same = p.geonames is not None and p.geonames == k.geonames
            distances.append(0.0 if same else far)
            right += same or far <= 161
            country += p.country == k.country
    found_f1 = f1(both, found, wanted)[2]
    return {
        "found F1": found_f1,
        "found and right F1": f1(right, found, wanted)[2],
        "found and right F1, names without entry left out": f1(right, told, wanted)[2],
        "of those found: within 161 km or same entry": right / both if both else 0,
        "right country": country / right_of_found if right_of_found else 0,
        "median km": statistics.median(distances) if distances else 0,
    }


def own(reader: Reader) -> None:
    """Measures our own texts, including ambiguous names: a name needs the right country and division, and a name of no
    place must not be reported.
    """
    right, wrong = 0, []
    for line in (DATA / "places.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, _, keys = line.partition(" | ")
        report = reader.read_text(text)
        for key in keys.split("; "):
            name, _, meant = key.partition("=")
            country, _, division = meant.partition("/")
            told = next((p for p in report.places if p.text and name in p.text and p.lat is not None), None)
            fits = (
                told is None
                if country == "none"
                else told is not None
                and (not country or told.country == country)
                and (not division or told.admin1 == division)
            )
            right += fits
            if not fits:
                wrong.append(f"{name}: {told and (told.name, told.country, told.admin1)}, not {meant}")
    print(f"our own texts: {right} of {right + len(wrong)} names right ({right / (right + len(wrong)):.3f})")
    for line in wrong:
        print("   ", line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", action="store_true", help="run spaCy's small pipeline too")
    parser.add_argument("--part", default="held", choices=("held", "train"))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    reader = Reader(threads=2)
    pipeline = spacy_small() if options.peer else None
    peer = None if pipeline is None else Peer(pipeline)
    own(reader)
    for name in ("TR-News", "lgl"):
        found = list(articles(options.folder or corpora(), name, held=options.part == "held"))
        print(
            f"{name}, {len(found)} articles, {sum(k.lat is not None for a in found for k in a.names)} "
            f"names; model {reader.version}"
        )
        for who, find in (("ours", lambda a: ours(reader, a)), ("spaCy small, most people", peer)):
            if find is not None:
                print(f"  {who}: " + "; ".join(f"{k} {v:.3f}" for k, v in score((a, find(a)) for a in found).items()))
