"""Stories: copies, rewrites and independent accounts, on ECB+'s development topics and on pages of our own, compared
with TF-IDF.

    python -m benchmarks stories

Pair F1: over all pairs of articles, whether they are of one story. B-cubed F1: each article's story against the key's.
TF-IDF's threshold is tuned on the same articles.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import math
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from communique import Reader, open_record
from communique.stories import Story
from communique.stories.pairs import REWRITE
from communique.stories.signature import resemblances, signature_of, words_of
from training.heads.stories import acts, articles

from ..common import DATA, corpora
from ..metrics import Groups, b_cubed, f1, pair_f1, pairs
from . import newsroom


def tf_idf(texts: dict[str, str], key: Groups) -> tuple[float, float]:
    """Returns pair F1 and B-cubed F1 of average linkage over TF-IDF cosine, with the threshold that fits the key
    best.
    """
    counts = {a: Counter(words_of(t)) for a, t in texts.items()}
    spread = Counter(w for c in counts.values() for w in c)
    vectors = {}
    for a, c in counts.items():
        v = {w: (1 + math.log(n)) * math.log(len(texts) / spread[w]) for w, n in c.items()}
        length = math.sqrt(sum(x * x for x in v.values())) or 1
        vectors[a] = {w: x / length for w, x in v.items()}
    alike = {}
    for a, b in itertools.combinations(sorted(texts), 2):
        small, large = sorted((vectors[a], vectors[b]), key=len)
        alike[a, b] = sum(x * large.get(w, 0.0) for w, x in small.items())
    best = (0.0, 0.0)
    for threshold in [i / 50 for i in range(3, 40)]:
        groups = {a: {a} for a in texts}
        for (a, b), s in sorted(alike.items(), key=lambda p: (-p[1], p[0])):
            if s < threshold:
                break
            if groups[a] is groups[b]:
                continue
            mean = sum(alike[min(x, y), max(x, y)] for x in groups[a] for y in groups[b]) / (
                len(groups[a]) * len(groups[b])
            )
            if mean >= threshold:
                groups[a] |= groups[b]
                for x in groups[b]:
                    groups[x] = groups[a]
        found = {a: min(g) for a, g in groups.items()}
        best = max(best, (pair_f1(found, key)[2], b_cubed(found, key)))
    return best


def by_record(reader: Reader, texts: Iterable[tuple[str, str, str | None]]) -> list[Story]:
    """Returns the stories of `(name, text, day)` from a record, with the names as ids."""
    with tempfile.TemporaryDirectory() as folder, open_record(Path(folder) / "x.duckdb") as record:
        record.add([reader.read_text(text, published=day, id=f"a:{name}") for name, text, day in texts])
        return list(record.stories())


def whole(stories: list[Story]) -> Groups:
    return {m.article[2:]: s.id for s in stories for m in s.articles}


def lineage(stories: list[Story], *ties: str) -> Groups:
    """Returns articles with the article they follow, by ties of the given kinds."""
    top = {m.article: m.of if m.tie in ties and m.of else m.article for s in stories for m in s.articles}
    found = {}
    for article in top:
        at = article
        for _ in top:
            if top[at] == at:
                break
            at = top[at]
        found[article[2:]] = at
    return found


def own(reader: Reader) -> None:
    """Measures our newsroom in two halves: the first was used during development, the second was not."""
    every = newsroom.articles()
    for half, name in ((0, "first half"), (1, "second half, not tuned on")):
        part = [a for a in every if a.story % 2 == half]
        stories = by_record(reader, [(a.name, a.text, a.day) for a in part])
        copies, rewrites, found = lineage(stories, "copy"), lineage(stories, "copy", "rewrite"), whole(stories)
        exact = [a for a in part if a.kind in ("base", "copy", "near copy")]
        one = pair_f1({a.name: copies[a.name] for a in exact}, {a.name: a.of for a in exact})[2]
        other = pair_f1(rewrites, {a.name: f"{a.story}{a.of[-1] == 'C'}" for a in part})[2]
        every_one = pair_f1(found, {a.name: str(a.story) for a in part})[2]
        print(
            f"our newsroom, {name}, {len(part)} articles: copies {one:.3f}, one text however told "
            f"{other:.3f}, stories {every_one:.3f}"
        )


def _across(groups: Groups, at: dict[str, str]) -> set[tuple[str, str]]:
    """Returns pairs of one group from different articles."""
    return {p for p in pairs(groups) if at[p[0]] != at[p[1]]}


def own_events(reader: Reader) -> None:
    """Measures events merged across articles of our newsroom: of the events on trigger words in the key, pairs from
    different articles in one recorded event, against the key's acts.
    """
    key = newsroom.acts()
    for half, name in ((0, "first half"), (1, "second half, not tuned on")):
        act: dict[str, str] = {}
        at: dict[str, str] = {}
        with tempfile.TemporaryDirectory() as home, open_record(Path(home) / "x.duckdb") as record:
            reports = []
            for a in newsroom.articles():
                if a.story % 2 != half or a.of[-1] == "C":
                    continue
                report = reader.read_text(a.text, published=a.day, id=f"a:{a.name}")
                reports.append(report)
                told = key[a.story, a.of[-1]]
                for event in report.events:
                    for place in (event.evidence, *event.also):
                        if place.trigger and place.trigger.text.lower() in told:
                            act[event.id], at[event.id] = f"{a.story} {told[place.trigger.text.lower()]}", a.name
                            break
            record.add(reports)
            merged = {account: e["id"] for e in record.events().dicts() for account in e["accounts"]}
        mine, theirs = _across({e: merged[e] for e in act}, at), _across(act, at)
        precision, recall, score = f1(len(mine & theirs), len(mine), len(theirs))
        print(
            f"  events merged across the newsroom's articles, {name}: {len(act)} events on words of the "
            f"key, precision {precision:.3f}, recall {recall:.3f}, F1 {score:.3f}"
        )


def chains(reader: Reader, folder: Path) -> None:
    """Measures events merged across ECB+ articles: of the events on annotated mentions of acts, pairs from different
    articles in one recorded event, against the key's chains.
    """
    chain: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as home, open_record(Path(home) / "x.duckdb") as record:
        reports = []
        for name, text, mentions in acts(folder, "dev"):
            report = reader.read_text(text, id=f"a:{name}")
            reports.append(report)
            for event in report.events:
                trigger = event.evidence.trigger
                if trigger and (
                    known := next((c for s, e, c in mentions if s < trigger.end and trigger.start < e), None)
                ):
                    chain[event.id] = known
        record.add(reports)
        merged = {a: e["id"] for e in record.events().dicts() for a in e["accounts"]}
    at = {e.id: r.article.id for r in reports for e in r.events}
    mine, theirs = _across({e: merged[e] for e in chain}, at), _across(chain, at)
    precision, recall, score = f1(len(mine & theirs), len(mine), len(theirs))
    print(
        f"  events merged across articles against ECB+'s chains: {len(chain)} events on mentions, "
        f"precision {precision:.3f}, recall {recall:.3f}, F1 {score:.3f}"
    )


def wire(reader: Reader, folder: Path) -> None:
    """Measures PolNeAR's articles (train and dev): the pairs that share runs of words, with manual judgements and the
    record's answer.
    """

    def name(row):
        return hashlib.sha256(row["filename"].encode()).hexdigest()[:16]

    texts: dict[str, tuple[str, str]] = {}
    agencies = 0
    with open(folder / "polnear/metadata.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = folder / f"polnear/{row['compartment']}/text/{row['filename']}.txt"
            if path.exists():
                texts[name(row)] = path.read_text("utf-8"), row["publication_date"]
                agencies += row["wire"] not in ("None", "NA", "")
    signatures = {a: signature_of(text) for a, (text, _) in texts.items()}
    order = sorted(texts, key=lambda a: (texts[a][1], a))
    found: dict[frozenset[str], float] = {}
    for at, a in enumerate(order):
        near = [
            b for b in order[at + 1 :] if (date.fromisoformat(texts[b][1]) - date.fromisoformat(texts[a][1])).days <= 10
        ]
        for b, share in zip(near, resemblances(signatures[a], [signatures[b] for b in near])):
            if share >= REWRITE:
                found[frozenset((a, b))] = share
    judged = {
        frozenset(line.split("\t")[:2]): line.split("\t")[2] == "copy"
        for line in (DATA / "wire.tsv").read_text("utf-8").splitlines()
        if line[0] != "#"
    }
    stories = by_record(reader, [(a, *texts[a]) for a in sorted({a for pair in found for a in pair})])
    ties = {
        frozenset((m.article[2:], m.of[2:]))
        for s in stories
        for m in s.articles
        if m.of and m.tie in ("copy", "rewrite")
    }
    print(
        f"PolNeAR, {len(texts)} articles, {agencies} of agencies: {len(found)} pairs share runs of words, "
        f"{sum(judged.get(p, False) for p in found)} of them judged one text; "
        f"the record says so of {sum(judged.get(p, False) for p in ties)}, and of "
        f"{sum(not judged.get(p, False) for p in ties)} others; {len(found.keys() - judged.keys())} not "
        "judged"
    )


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = corpora()
    reader = Reader(threads=2)
    known = list(articles(folder, "dev"))
    key = {name: story for name, _, story in known}
    found = whole(by_record(reader, [(name, text, None) for name, text, _ in known]))
    precision, recall, score = pair_f1(found, key)
    print(f"ECB+ dev, {len(known)} articles of {len(set(key.values()))} stories; model {reader.version}")
    print(
        f"  ours    pair F1 {score:.3f} (precision {precision:.3f}, recall {recall:.3f}), B-cubed F1 "
        f"{b_cubed(found, key):.3f}, {len(set(found.values()))} stories"
    )
    peer = tf_idf({name: text for name, text, _ in known}, key)
    print(f"  TF-IDF  pair F1 {peer[0]:.3f}, B-cubed F1 {peer[1]:.3f}, threshold tuned on these very articles")
    chains(reader, folder)
    own(reader)
    own_events(reader)
    wire(reader, folder)
