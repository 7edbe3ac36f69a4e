"""News with place names and their GeoNames entries: TR-News and LGL.

    python -m training.data.geo CORPORA

fits the ranking of places with the same name on the halves that are not held out and writes `places/weights.json`.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pycountry
from lxml import etree

from communique import Reader
from communique.parties import Linker
from communique.places import names_in
from communique.places.ranking import FEATURES, Floats, Text, kilometres
from training.data import splits

OUT = Path("src/communique/places/weights.json")


class Key(NamedTuple):
    """A name in the key; no coordinates if the annotators gave no entry."""

    start: int
    end: int
    lat: float | None
    lon: float | None
    country: str | None
    geonames: int | None


class Article(NamedTuple):
    id: str
    domain: str | None
    text: str
    names: list[Key]


def articles(corpora: Path, name: str, held: bool) -> Iterator[Article]:
    """Yields articles of `TR-News` or `lgl`, from the held-out half or the other. Names with wrong offsets are searched
    for nearby.
    """
    out = splits.load()["lgl" if name == "lgl" else "trnews"]
    root = etree.parse(
        str(corpora / f"geo/{name}.xml"), etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False)
    ).getroot()
    for article in root.iter("article"):
        number, text = article.get("docid") or "", article.findtext("text")
        if not text or (number in out) != held:
            continue
        keys = []
        for t in article.iter("toponym"):
            start, phrase, tag = int(t.findtext("start")), t.findtext("phrase"), t.find("gaztag")
            if text[start : start + len(phrase)] != phrase:
                spots = [i for i in range(len(text)) if text.startswith(phrase, i)]
                if not spots:
                    continue
                start = min(spots, key=lambda i: abs(i - start))
            lat = tag.findtext("lat") if tag is not None else t.findtext("lat")
            lon = tag.findtext("lon") if tag is not None else t.findtext("lon")
            entry = tag.get("geonameid") if tag is not None else None
            country = pycountry.countries.get(name=tag.findtext("country") or "") if tag is not None else None
            if country is None and tag is not None and tag.findtext("country"):
                with contextlib.suppress(LookupError):
                    country = pycountry.countries.search_fuzzy(tag.findtext("country"))[0]
            keys.append(
                Key(
                    start,
                    start + len(phrase),
                    float(lat) if lat else None,
                    float(lon) if lon else None,
                    country.alpha_3 if country else None,
                    int(entry) if entry and entry.isdigit() else None,
                )
            )
        yield Article(number, article.findtext("domain"), text, keys)


def examples(reader: Reader, article: Article) -> Iterator[tuple[Floats, int]]:
    """Yields the features of the candidate places of each name in the key, and the row of the right one: one past the
    last if none is right.
    """
    reading = reader._analyse(article.text)
    linker = Linker(reading, reader._resolver, None)
    names = names_in(reading, linker, reader._catalogue.gazetteer)
    home = (
        known[1]
        if article.domain and (known := reader._catalogue.publisher(article.domain))
        else reader._catalogue.gazetteer.domains.get((article.domain or "").rpartition(".")[2])
    )
    text = Text(article.text, names, reader._catalogue, linker.states, home)
    done = set()
    for n in names:
        key = next((k for k in article.names if k.start < n.end and n.start < k.end), None)
        at = text.keys.index(text.key(n))
        if key is None or at in done or not text.candidates[at]:
            continue
        done.add(at)
        entries = text.candidates[at]
        if key.lat is None or key.lon is None:
            yield text.features(at), len(entries)
            continue
        same = [i for i, e in enumerate(entries) if e.geonames and e.geonames == key.geonames]
        far = kilometres(
            np.array([e.lat for e in entries]), np.array([e.lon for e in entries]), np.array(key.lat), np.array(key.lon)
        )
        yield text.features(at), same[0] if same else int(far.argmin()) if far.min() <= 161 else len(entries)


def fit(rows: list[tuple[Floats, int]], steps: int = 600, decay: float = 0.01) -> tuple[Floats, float]:
    """Returns weights that maximise the share of the right place of each name, by gradient descent with momentum."""
    weight, none = np.zeros(len(FEATURES)), 0.0
    speed, lift = np.zeros(len(FEATURES)), 0.0
    for _step in range(steps):
        slope, tilt = decay * weight, 0.0
        for x, right in rows:
            scores = np.append(x @ weight, none)
            chance = np.exp(scores - scores.max())
            chance /= chance.sum()
            chance[right] -= 1
            slope = slope + chance[:-1] @ x / len(rows)
            tilt += chance[-1] / len(rows)
        speed, lift = 0.9 * speed - 0.05 * slope, 0.9 * lift - 0.05 * tilt
        weight, none = weight + speed, none + lift
    return weight, none


def main() -> None:
    corpora = Path(sys.argv[1])
    reader = Reader(threads=1)
    rows = [
        row
        for name in ("TR-News", "lgl")
        for article in articles(corpora, name, held=False)
        for row in examples(reader, article)
    ]
    weight, none = fit(rows)
    right = sum(int(np.append(x @ weight, none).argmax()) == r for x, r in rows)
    print(f"{len(rows)} names, {right / len(rows):.3f} right while fitting")
    OUT.write_text(
        json.dumps(
            {"weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weight)}, "none": round(none, 4)}, indent=1
        )
        + "\n"
    )
    print(OUT.read_text())


if __name__ == "__main__":
    main()
