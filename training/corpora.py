"""Every corpus in one form: a `Document` of words with the layers that its annotators filled.

A layer that a corpus does not annotate is absent, and no head learns from its absence.
Words are ours (`communique.reading.tokens`), except for the treebanks, whose own words
carry the trees; spans that do not fall on our words are widened to them and counted.
"""

from __future__ import annotations

import collections
import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from communique.reading.tokens import safe_breaks, tokenise

from . import frames, splits
from .written import generate

TIME_TYPES = ("DATE", "TIME", "DURATION", "SET")
MENTION_TYPES = ("person", "organization", "place", "time", "event", "object", "abstract", "animal", "plant", "substance")
EVENT_CLASSES = ("none", "OCCURRENCE", "REPORTING", "STATE", "I_ACTION", "I_STATE", "ASPECTUAL", "PERCEPTION")
TYPES = tuple(["AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"])
MODES = tuple(
    ["visit", "third-party", "multilateral", "phone", "withdraw", "release", "disarm", "ceasefire", "access", "resign", "assist", "change", "yield", "meet", "disapprove", "investigate", "allege", "restrict", "arrest", "relations", "expel", "territory", "violence", "demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize", "convict", "discontinue", "troops", "weapons", "police", "militia", "seize", "censor", "curfew", "martial-law", "deport", "withhold", "misinformation", "cyber", "abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms", "explosives", "suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "unconventional"]
)
counts: collections.Counter[str] = collections.Counter()


@dataclass
class Document:
    """Words, where they start, the paragraphs and sentences they stand in, and what is known of them."""

    name: str
    words: list[str]
    glued: list[bool]  # no space before the word
    paragraph: list[bool]  # the word opens a paragraph
    breaks: list[int]  # words at which a block may begin
    layers: dict[str, Any] = field(default_factory=dict)


def _document(name: str, text: str) -> tuple[Document, list[tuple[int, int]]]:
    paragraphs = [(m.start(), m.end()) for m in re.finditer(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*$)", text, re.S)]
    tokens = tokenise(text)
    starts = {s for s, _ in paragraphs}
    document = Document(
        name,
        [text[s:e] for s, e in tokens],
        [i > 0 and tokens[i - 1][1] == s for i, (s, _) in enumerate(tokens)],
        [s in starts for s, _ in tokens],
        safe_breaks(text, tokens, paragraphs),
    )
    return document, tokens


def raw(document: Document) -> tuple[str, list[tuple[int, int]]]:
    """The running text of a document of words, and where each word stands in it."""
    text, spans = "", []
    for i, word in enumerate(document.words):
        if i and document.paragraph[i]:
            text += "\n\n"
        elif i and not document.glued[i]:
            text += " "
        spans.append((len(text), len(text) + len(word)))
        text += word
    return text, spans


def cover(tokens: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The words that a span of characters touches, as `(first, last + 1)`."""
    inside = [i for i, (s, e) in enumerate(tokens) if s < end and e > start]
    if not inside:
        counts["span without a word"] += 1
        return None
    if tokens[inside[0]][0] != start or tokens[inside[-1]][1] != end:
        counts["span widened to words"] += 1
    return inside[0], inside[-1] + 1


def lemma_rule(form: str, lemma: str) -> str:
    """How the lemma comes from the form: letters to strip, letters to add, whether case is kept."""
    keep = lemma != lemma.lower()
    source = form if keep else form.lower()
    common = 0
    while common < min(len(source), len(lemma)) and source[common] == lemma[common]:
        common += 1
    return f"{'=' if keep else '~'}{len(source) - common}+{lemma[common:]}"


def _mentions(sentences: list[list[list[str]]]) -> list[tuple[int, int, int, str, int]]:
    """GUM's `Entity=` brackets as `(head, start, end, type, chain)` in words of the document."""
    found, opened, base = [], [], 0
    for sentence in sentences:
        for i, columns in enumerate(sentence):
            entity = next((m[7:] for m in columns[9].split("|") if m.startswith("Entity=")), "")
            for piece in re.findall(r"\([^()]+\)?|[^()]+\)", entity):
                close = piece.endswith(")")
                if piece.startswith("("):
                    fields = piece.strip("()").split("-")
                    if len(fields) < 6 or "[" in fields[0]:
                        opened.append((fields[0], base + i, "", []))
                    else:
                        opened.append((fields[0], base + i, fields[1], [int(x) for x in fields[5].split(",") if x.isdigit()]))
                group = piece.strip("()").split("-")[0]
                if close:
                    for at in range(len(opened) - 1, -1, -1):
                        if opened[at][0] == group:
                            name, start, kind, minimal = opened.pop(at)
                            if kind in MENTION_TYPES:
                                chain = int(re.match(r"\d+", name)[0]) if re.match(r"\d+", name) else -1
                                found.append((start, base + i + 1, kind, chain, minimal))
                            break
        opened = []
        base += len(sentence)
    flat = [c for s in sentences for c in s]
    heads: list[int] = []
    offset = 0
    for sentence in sentences:
        heads.extend(offset + int(c[6]) - 1 if c[6].isdigit() and c[6] != "0" else -1 for c in sentence)
        offset += len(sentence)
    taken: dict[int, tuple[int, int, int, str, int]] = {}
    for start, end, kind, chain, minimal in sorted(found, key=lambda m: m[1] - m[0]):
        tops = [t for t in range(start, end) if not (start <= heads[t] < end) and flat[t][3] != "PUNCT"] or [start]
        head = tops[0]
        if head in taken:
            counts["mention shares its head with a shorter one"] += 1
            other = [start + m - 1 for m in minimal if start + m - 1 not in taken and start + m - 1 < end]
            if not other:
                continue
            head = other[-1]
        taken[head] = (head, start, end, kind, chain)
    return sorted(taken.values())


def treebank(path: Path, entities: bool, sentence_ids: bool = False, told: bool = False) -> Iterator[Document]:
    """Documents of a CoNLL-U file with trees, and with mentions and chains where it is GUM; `told` adds what `training.erst` makes of its discourse and markup."""
    name, sentences, paragraph, ids = "", [], [], []
    rows: list[list[str]] = []
    new_paragraph, sentence_id, joined = True, "", 0

    def finish() -> Document | None:
        flat = [c for s in sentences for c in s]
        if not flat:
            return None
        document = Document(name, [c[1] for c in flat], [], paragraph[:], [])
        base, sent, head = 0, [], []
        for sentence in sentences:
            document.breaks.append(base)
            sent += [1] + [0] * (len(sentence) - 1)
            head += [base + (int(c[6]) - 1 if c[6] != "0" else i) for i, c in enumerate(sentence)]
            base += len(sentence)
        document.glued = [False] + ["SpaceAfter=No" in c[9] or "Glued" in c[9] for c in flat[:-1]]
        document.layers = {
            "sent": sent,
            "upos": [c[3] for c in flat],
            "feats": [c[5] for c in flat],
            "lemma": [lemma_rule(c[1], c[2]) if c[2] != "_" else None for c in flat],
            "head": head,
            "rel": [c[7] for c in flat],
        }
        if entities:
            document.layers["mentions"] = _mentions(sentences)
        if sentence_ids:
            document.layers["ids"] = list(ids)
        if told:
            from . import erst

            misc = [c[9] for c in flat]
            document.layers |= erst.said(document, misc)
            document.layers |= {"time": erst.days(misc, document.layers["mentions"]), "class": erst.events(document)}
        return document

    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("# newdoc"):
                if (document := finish()) is not None:
                    yield document
                sentences, paragraph, ids = [], [], []
                name = line.split("=", 1)[1].strip()
                new_paragraph = True
            elif line.startswith("# newpar"):
                new_paragraph = True
            elif line.startswith("# sent_id"):
                sentence_id = line.split("=", 1)[1].strip()
            elif line and line[0] != "#":
                columns = line.split("\t")
                if "." in columns[0]:
                    continue
                if "-" in columns[0]:
                    first, last = map(int, columns[0].split("-"))
                    joined = last - 1
                    continue
                if int(columns[0]) <= joined and "SpaceAfter=No" not in columns[9]:
                    columns[9] += "|Glued"
                rows.append(columns)
            elif not line and rows:
                paragraph += [new_paragraph] + [False] * (len(rows) - 1)
                ids += [(sentence_id, int(c[0])) for c in rows]
                sentences.append(rows)
                rows, new_paragraph, joined = [], False, 0
    if (document := finish()) is not None:
        yield document


def gum(corpora: Path, part: str = "train") -> Iterator[Document]:
    """GUM's documents; where there is no corpus of attributions and TimeML, with what stands in for it."""
    yield from treebank(corpora / f"gum/{part}.conllu", True, told=is_open(corpora))


def is_open(corpora: Path) -> bool:
    """Whether a folder of corpora is one of `training.open`'s: without the texts that may not be put to every use."""
    return not (corpora / "polnear").is_dir()


def ewt(corpora: Path, part: str = "train", held: bool = True) -> Iterator[Document]:
    """EWT with UDS's factuality: the share of judges who said that it happened."""
    judged: dict[tuple[str, int], float] = {}
    out = splits.load()["uds"] if held else set()
    with open(corpora / "uds/factuality.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if splits.key(row["sent_id"]) in out:
                continue
            votes = [int(v) for v in row["happened"].split(",")]
            judged[row["sent_id"], int(row["token"])] = sum(votes) / len(votes)
    for document in treebank(corpora / f"ewt/{part}.conllu", False, sentence_ids=True):
        document.layers["fact"] = [judged.get(i) for i in document.layers.pop("ids")]
        yield document


def read_brat(path: Path) -> list[dict[str, list[tuple[int, int]]]]:
    """Attributions of a stand-off file: role to the spans of characters that fill it."""
    spans: dict[str, list[tuple[int, int]]] = {}
    attributions = []
    for line in path.read_text("utf-8").splitlines():
        columns = line.split("\t")
        if re.match(r"T\d+\t\S+ \d+ \d+", line):
            spans[columns[0]] = [(int(a), int(b)) for a, b in (p.split() for p in columns[1].split(" ", 1)[1].split(";"))]
        elif re.match(r"E\d+\t", line):
            roles: dict[str, list[tuple[int, int]]] = {"Source": [], "Cue": [], "Content": []}
            for argument in columns[1].split():
                role, target = argument.split(":")
                role = re.sub(r"\d+$", "", role)
                if role in roles:
                    roles[role] += spans.get(target, [])
            attributions.append(roles)
    return attributions


def polnear(corpora: Path, part: str = "train") -> Iterator[Document]:
    """Articles with source, cue and content (the first annotator's, by name), and the cue that each word hangs on."""
    folder = corpora / "polnear" / part
    by_article: dict[str, list[Path]] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        by_article.setdefault(path.stem.rsplit("_", 1)[0], []).append(path)
    for name, paths in by_article.items():
        source_path = folder / "text" / f"{name}.txt"
        text = source_path.read_text("utf-8")
        document, tokens = _document(name, text)
        n = len(tokens)
        layers: dict[str, list[int]] = {k: [0] * n for k in ("source", "cue", "content")}
        pointer = list(range(n))
        owner = [10**9] * n
        for roles in read_brat(paths[0]):
            cue = [c for c in (cover(tokens, s, e) for s, e in sorted(roles["Cue"])) if c]
            anchor = cue[0][0] if cue else None
            for role in ("Source", "Cue", "Content"):
                parts = [c for c in (cover(tokens, s, e) for s, e in sorted(roles[role])) if c]
                size = sum(b - a for a, b in parts)
                for a, b in parts:
                    for i in range(a, b):
                        tag = 1 if i == a else 2
                        layer = layers[role.lower()]
                        if layer[i] == 0 or tag == 1:
                            layer[i] = tag
                        if role != "Cue" and anchor is not None and size < owner[i]:
                            pointer[i], owner[i] = anchor, size
        document.layers = {**layers, "pointer": pointer}
        yield document


def timeml(path: Path) -> tuple[str, list[tuple[int, int, dict[str, str]]], list[tuple[int, int, dict[str, str]]], str, ElementTree.Element]:
    root = ElementTree.parse(path).getroot()
    text, times, events = "", [], []

    def walk(node: ElementTree.Element) -> None:
        nonlocal text
        start = len(text)
        text += node.text or ""
        for child in node:
            walk(child)
            text += child.tail or ""
        if node.tag == "TIMEX3":
            times.append((start, len(text), dict(node.attrib)))
        elif node.tag == "EVENT":
            events.append((start, len(text), dict(node.attrib)))

    body = root.find("TEXT")
    assert body is not None
    walk(body)
    created = root.find("DCT/TIMEX3")
    return text, times, events, created.get("value", "") if created is not None else "", root


def timebank(corpora: Path, held: bool = False) -> Iterator[Document]:
    """Newswire with time expressions, events and their class, polarity and modality."""
    out = splits.load()["timebank"]
    for path in sorted((corpora / "timebank").glob("*.tml")):
        if (path.stem in out) != held:
            continue
        text, times, events, _, root = timeml(path)
        document, tokens = _document(path.stem, text)
        n = len(tokens)
        time, classes = [0] * n, [0] * n
        fact: list[float | None] = [None] * n
        instances = {m.get("eventID"): m for m in root.iter("MAKEINSTANCE")}
        for start, end, attributes in times:
            if attributes["type"] in TIME_TYPES and (c := cover(tokens, start, end)):
                base = 1 + 2 * TIME_TYPES.index(attributes["type"])
                for i in range(*c):
                    time[i] = base if i == c[0] else base + 1
        for start, end, attributes in events:
            spot = cover(tokens, start, end)
            if spot:
                classes[spot[1] - 1] = EVENT_CLASSES.index(attributes["class"])
                instance = instances.get(attributes["eid"])
                if instance is not None and (instance.get("polarity") == "NEG"):
                    fact[spot[1] - 1] = 0.0
        document.layers = {"time": time, "class": classes, "fact": fact}
        yield document


def _one_sentence(name: str, text: str) -> tuple[Document, list[tuple[int, int]]]:
    document, tokens = _document(name, text)
    document.breaks = [0]
    return document, tokens


def plv(corpora: Path, held: bool = False) -> Iterator[Document]:
    """A sentence, its source and target, and one of fifteen types (YIELD is CONCEDE and RETREAT)."""
    out = splits.load()["plv"]
    with open(corpora / "plv/train.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if (splits.key(row["sentence"]) in out) != held:
                continue
            marked, plain, marks = row["marked_sentence"], "", {}
            for piece in re.split(r"(</?[st]>)", marked):
                if re.fullmatch(r"</?[st]>", piece):
                    marks.setdefault(piece.strip("</>"), []).append(len(plain))
                else:
                    plain += piece
            for role, column in (("s", "source"), ("t", "target")):
                if len(marks.get(role, [])) != 2 and row[column] in plain:
                    marks[role] = [plain.index(row[column]), plain.index(row[column]) + len(row[column])]
            document, tokens = _one_sentence(f"plv-{row['sentence_id']}", plain)
            source = cover(tokens, *marks["s"]) if len(marks.get("s", [])) == 2 else None
            target = cover(tokens, *marks["t"]) if len(marks.get("t", [])) == 2 else None
            document.layers = {"pairs": [(source, target, row["type15"], None, None)]}
            if source and target:
                document.layers["role"] = _roles(len(tokens), source, target)
            yield document


def _roles(n: int, source: tuple[int, int] | None, target: tuple[int, int] | None) -> list[int]:
    role = [0] * n
    for span, base in ((source, 1), (target, 3)):
        if span:
            for i in range(*span):
                role[i] = base if i == span[0] else base + 1
    return role


def cameo(corpora: Path, held: str | None = None) -> Iterator[Document]:
    """Sentences with a class from 0 (no event) to 4, and spans of who acts and who is acted on; none where the corpus is not there."""
    parts = splits.load()
    if not (corpora / "cameo").is_dir():
        return
    with open(corpora / "cameo/train.jsonl", encoding="utf-8") as file:
        for number, line in enumerate(file):
            row = json.loads(line)
            at = splits.key(row["text"])
            kept = at in parts["cameo_tagged"] or at in parts["cameo_not_in_plv"] or at in parts["cameo_near_plv"] or at in parts["plv"]
            if held is None and kept or held is not None and at not in parts[held]:
                continue
            words = row.get("tokens")
            text = row["text"]
            spans: dict[str, list[tuple[int, int]]] = {}
            if words:
                text, positions = "", []
                for i, word in enumerate(words):
                    if text and not re.match(r"^([,.;:!?%)\]]|['’]s?$|n['’]t$|s$)", word) or word == "s" and text and text[-1] not in "'’":
                        text += " "
                    positions.append((len(text), len(text) + len(word)))
                    text += word
                open_at: tuple[str, int] | None = None
                for i, tag in enumerate(row["tags"] + ["O"]):
                    if open_at and tag != f"I-{open_at[0]}":
                        spans.setdefault(open_at[0], []).append((positions[open_at[1]][0], positions[i - 1][1]))
                        open_at = None
                    if tag.startswith("B-") or (tag.startswith("I-") and not open_at):
                        open_at = (tag[2:], i)
            document, tokens = _one_sentence(f"cameo-{number}", text)
            document.layers = {}
            if words:
                role = [0] * len(tokens)
                for letter, base in (("S", 1), ("T", 3)):
                    for start, end in spans.get(letter, []):
                        c = cover(tokens, start, end)
                        if c:
                            for i in range(*c):
                                role[i] = base if i == c[0] else base + 1
                document.layers["role"] = role
            if row.get("penta") is not None:
                document.layers["penta"] = int(row["penta"])
            yield document


def written(seed: int, per_pattern: int = 6, skip: frozenset[int] = frozenset(), classes: bool = False) -> Iterator[Document]:
    """Our own sentences with trigger, parties, type and mode; pairs of parties with nothing between them are NONE.

    What tells nothing is of CAMEO's class 0. `classes` adds its others, by the type: for want of CAMEO's sentences alone, since ours, most of which
    tell something, would unteach those their class 0.
    """
    for number, row in enumerate(generate(seed, per_pattern, skip=skip)):
        document, tokens = _one_sentence(f"written-{row.told[0].pattern}-{number}", row.text)
        pairs, triggers, roles = [], [], [0] * len(tokens)
        for told in row.told:
            source = cover(tokens, *told.source) if told.source else None
            target = cover(tokens, *told.target) if told.target else None
            trigger = cover(tokens, *told.trigger)
            assert trigger
            triggers.append((trigger[0], told.type))
            pairs.append((source, target, told.type, told.mode, trigger[0]))
            if told.type != "NONE":
                roles = [max(a, b) for a, b in zip(roles, _roles(len(tokens), source, target))]
        pairs += [(cover(tokens, *a), cover(tokens, *b), "NONE", None, None) for a, b in row.apart]
        document.layers = {"trigger": triggers, "role": roles, "pairs": pairs}
        if len(row.told) == 1 and (classes or row.told[0].type == "NONE"):
            document.layers["penta"] = _penta(row.told[0].type)
        yield document


def framed(corpora: Path, seed: int, count: int = 3000) -> Iterator[Document]:
    """Our own sentences of acts that happened or did not, as the word that tells each says."""
    for number, row in enumerate(frames.generate(corpora, seed, count)):
        if row.modality == "actual":
            document, tokens = _one_sentence(f"framed-{row.frame}-{number}", row.text)
            document.layers["fact"] = [float(row.polarity == "positive") if (s, e) == row.trigger else None for s, e in tokens]
            yield document


def _penta(kind: str) -> int:
    if kind == "NONE":
        return 0
    at = TYPES.index(kind)
    return 1 if at < 4 else 2 if at < 7 else 3 if at < 11 else 4


# ACE's and WikiEvents' event types that one PLOVER type covers.
_AW_TYPES = {
    "Conflict:Attack": "ASSAULT", "Conflict.Attack.DetonateExplode": "ASSAULT", "Conflict.Attack.Unspecified": "ASSAULT",
    "Contact:Meet": "CONSULT", "Contact.Contact.Meet": "CONSULT", "Contact:Phone-Write": "CONSULT",
    "Justice.ArrestJailDetain.Unspecified": "COERCE", "Justice:Arrest-Jail": "COERCE",
    "Conflict:Demonstrate": "PROTEST", "Conflict.Demonstrate.Unspecified": "PROTEST",
    "Justice:Sue": "ACCUSE", "Justice.InvestigateCrime.Unspecified": "ACCUSE", "Justice:Charge-Indict": "ACCUSE",
    "Justice.ChargeIndict.Unspecified": "ACCUSE", "Justice:Convict": "SANCTION", "Justice.Convict.Unspecified": "SANCTION",
    "Justice:Sentence": "SANCTION", "Justice.Sentence.Unspecified": "SANCTION", "Contact.RequestCommand.Unspecified": "REQUEST",
    "Justice:Release-Parole": "RETREAT", "Contact.ThreatenCoerce.Unspecified": "THREATEN",
}  # fmt: skip


def aw(corpora: Path) -> Iterator[Document]:
    """ACE's and WikiEvents' triggers of the types that PLOVER knows, one document a sentence; none where the corpus is not there."""
    by_sentence: dict[str, list[dict[str, str]]] = {}
    if not (corpora / "aw").is_dir():
        return
    with open(corpora / "aw/train.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if splits.key(row["sentence"]) not in splits.load()["aw_near_plv"]:
                by_sentence.setdefault(row["sentence"], []).append(row)
    for number, (sentence, rows) in enumerate(by_sentence.items()):
        document, tokens = _one_sentence(f"aw-{number}", sentence)
        triggers = {}
        for row in rows:
            kind = _AW_TYPES.get(row["event_type"])
            at = sentence.find(row["trigger"])
            if kind and at >= 0 and (c := cover(tokens, at, at + len(row["trigger"]))):
                triggers[c[1] - 1] = kind
        document.layers = {"trigger": sorted(triggers.items())}
        if triggers:
            yield document


SOFT = Path(__file__).with_name("soft.json.gz")


def soft(corpora: Path) -> Iterator[Document]:
    """Sentences of news with what `training.marked` thinks of pairs of parties in them: shares of the types and of nothing."""
    from .marked import news

    if not SOFT.exists() or is_open(corpora):
        return
    told = json.loads(gzip.decompress(SOFT.read_bytes()))
    for name, text in news(corpora):
        by_sentence: dict[tuple[int, int], list[Any]] = {}
        for start, length, a, b, c, d, shares in told.get(name, ()):
            by_sentence.setdefault((start, length), []).append(((a, b), (c, d), shares))
        for (start, length), rows in sorted(by_sentence.items()):
            document, tokens = _one_sentence(f"soft-{name}-{start}", text[start : start + length])
            if len(tokens) > 120:
                continue
            pairs = [(cover(tokens, *one), cover(tokens, *other), shares) for one, other, shares in rows]
            document.layers = {"soft": [(s, t, [x / (sum(shares) or 1) for x in shares]) for s, t, shares in pairs if s and t]}
            yield document
