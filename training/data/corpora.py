"""Reads every corpus as documents with the layers that its annotators filled."""

from __future__ import annotations

import collections
import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from training.data import erst, splits
from training.data.documents import (
    EVENT_CLASSES,
    MENTION_TYPES,
    NOT,
    TIME_TYPES,
    Document,
    counts,
    cover,
    laid_out,
    one_sentence,
    parse,
    roles_of,
)

Vote = tuple[int, int]  # whether it happened, and the judge's confidence from 0 to 4
SUREST = 4


def lemma_rule(form: str, lemma: str) -> str:
    """Returns the rule from form to lemma: letters to strip, letters to add, whether case is kept."""
    keep = lemma != lemma.lower()
    source = form if keep else form.lower()
    common = 0
    while common < min(len(source), len(lemma)) and source[common] == lemma[common]:
        common += 1
    return f"{'=' if keep else '~'}{len(source) - common}+{lemma[common:]}"


def _mentions(sentences: list[list[list[str]]]) -> list[tuple[int, int, int, str, int]]:
    """Parses GUM's `Entity=` brackets into `(head, start, end, type, chain)` in words of the document."""
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
                        opened.append(
                            (fields[0], base + i, fields[1], [int(x) for x in fields[5].split(",") if x.isdigit()])
                        )
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
    """Yields the documents of a CoNLL-U file with trees, and for GUM with mentions and chains. `told` adds the layers
    that `training.data.erst` derives from its discourse annotation and markup.
    """
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
    """Yields GUM's documents. If attribution and TimeML corpora are missing, derived layers replace them."""
    yield from treebank(corpora / f"gum/{part}.conllu", True, told=is_open(corpora))


def is_open(corpora: Path) -> bool:
    """Returns whether `training.data.open` wrote a folder of corpora: it lacks the texts with restricted use."""
    return not (corpora / "polnear").is_dir()


def ewt(corpora: Path, part: str = "train", held: bool = True) -> Iterator[Document]:
    """Yields EWT with UDS factuality: the share of judges who said that the event happened. In training each vote is
    weighted by how often other judges confirm votes like it.
    """
    judged: dict[tuple[str, int], list[Vote]] = {}
    out = splits.load()["uds"] if held else set()
    with open(corpora / "uds/factuality.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if splits.key(row["sent_id"]) not in out:
                judged[row["sent_id"], int(row["token"])] = [
                    (int(v), int(c)) for v, c in zip(row["happened"].split(","), row["confidence"].split(","))
                ]
    documents = list(treebank(corpora / f"ewt/{part}.conllu", False, sentence_ids=True))
    worth = (
        _worth([judged[i] for d in documents for i in d.layers["ids"] if i in judged])
        if part == "train"
        else lambda vote: float(vote[0])
    )
    for document in documents:
        found = [judged.get(i) for i in document.layers.pop("ids")]
        document.layers["fact"] = [sum(map(worth, votes)) / len(votes) if votes else None for votes in found]
        yield document


def _worth(judged: list[list[Vote]]) -> Callable[[Vote], float]:
    """Returns a function from a vote (answer and confidence) to its value: how often another judge of the same word
    says yes, scaled from 0 for the most confident no to 1 for the most confident yes.
    """
    n: collections.Counter[Vote] = collections.Counter()
    yes: collections.Counter[Vote] = collections.Counter()
    for votes in judged:
        for i, vote in enumerate(votes):
            n[vote] += len(votes) - 1
            yes[vote] += sum(v for v, _ in votes[:i] + votes[i + 1 :])
    share = {vote: yes[vote] / n[vote] for vote in n if n[vote]}
    low, high = share.get((0, SUREST), 0.0), share.get((1, SUREST), 1.0)
    if high <= low:
        return lambda vote: float(vote[0])
    return lambda vote: min(1.0, max(0.0, (share.get(vote, high if vote[0] else low) - low) / (high - low)))


def read_brat(path: Path) -> list[dict[str, list[tuple[int, int]]]]:
    """Returns the attributions of a stand-off file, each as role to character spans."""
    spans: dict[str, list[tuple[int, int]]] = {}
    attributions = []
    for line in path.read_text("utf-8").splitlines():
        columns = line.split("\t")
        if re.match(r"T\d+\t\S+ \d+ \d+", line):
            spans[columns[0]] = [
                (int(a), int(b)) for a, b in (p.split() for p in columns[1].split(" ", 1)[1].split(";"))
            ]
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
    """Yields articles with source, cue and content (by the annotator whose name comes first) and the cue that each word
    belongs to.
    """
    folder = corpora / "polnear" / part
    by_article: dict[str, list[Path]] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        by_article.setdefault(path.stem.rsplit("_", 1)[0], []).append(path)
    for name, paths in by_article.items():
        source_path = folder / "text" / f"{name}.txt"
        text = source_path.read_text("utf-8")
        document, tokens = parse(name, text)
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


def timeml(
    path: Path,
) -> tuple[str, list[tuple[int, int, dict[str, str]]], list[tuple[int, int, dict[str, str]]], str, ElementTree.Element]:
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
    """Yields newswire with time expressions, events and their class, polarity and modality."""
    out = splits.load()["timebank"]
    for path in sorted((corpora / "timebank").glob("*.tml")):
        if (path.stem in out) != held:
            continue
        text, times, events, _, root = timeml(path)
        document, tokens = parse(path.stem, text)
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


def plv(corpora: Path, held: bool = False) -> Iterator[Document]:
    """Yields sentences with source, target and one of fifteen types (YIELD is CONCEDE and RETREAT)."""
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
            document, tokens = one_sentence(f"plv-{row['sentence_id']}", plain)
            source = cover(tokens, *marks["s"]) if len(marks.get("s", [])) == 2 else None
            target = cover(tokens, *marks["t"]) if len(marks.get("t", [])) == 2 else None
            document.layers = {"pairs": [(source, target, row["type15"], None, None)]}
            if source and target:
                document.layers["role"] = roles_of(len(tokens), source, target)
            yield document


def cameo(corpora: Path, held: str | None = None, apart: bool = True) -> Iterator[Document]:
    """Yields sentences with a class from 0 (no event) to 4, and spans of actors and recipients. Yields nothing if the
    corpus is missing.

    Without `apart`, only those that are also in PLV; none of them has class 0.
    """
    parts = splits.load()
    if not (corpora / "cameo").is_dir():
        return
    with open(corpora / "cameo/train.jsonl", encoding="utf-8") as file:
        for number, line in enumerate(file):
            row = json.loads(line)
            at = splits.key(row["text"])
            kept = (
                at in parts["cameo_tagged"]
                or at in parts["cameo_not_in_plv"]
                or at in parts["cameo_near_plv"]
                or at in parts["plv"]
            )
            if not apart and not row["in_plv"]:
                continue
            if held is None and kept or held is not None and at not in parts[held]:
                continue
            words = row.get("tokens")
            text = row["text"]
            spans: dict[str, list[tuple[int, int]]] = {}
            if words:
                text, positions = "", []
                for word in words:
                    if (
                        text
                        and not re.match(r"^([,.;:!?%)\]]|['’]s?$|n['’]t$|s$)", word)
                        or word == "s"
                        and text
                        and text[-1] not in "'’"
                    ):
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
            document, tokens = one_sentence(f"cameo-{number}", text)
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


# ECB+ tags with a counterpart in GUM or TimeML; its cause and generic tags are ignored.
_ECB_NAMED = {
    "HUMAN_PART_PER": "person",
    "HUMAN_PART_ORG": "organization",
    "HUMAN_PART_GPE": "place",
    "LOC_GEO": "place",
    "LOC_FAC": "place",
    "LOC_OTHER": "place",
}
_ECB_CLASSES = {"OCCURRENCE", "REPORTING", "STATE", "ASPECTUAL", "PERCEPTION"}


def ecbplus(corpora: Path, part: str = "train") -> Iterator[Document]:
    """Yields the fully annotated sentences of news articles: which words are events, and which persons, organisations
    and places the nouns name.

    The head of a multi-word event is not labelled. NEG_ in its tag means that the event did not happen. Yields nothing
    if the corpus is missing.
    """
    path = corpora / f"ecbplus/{part}.jsonl"
    if not path.exists():
        return
    for row in _rows(path):
        text, places = "", {}
        for number in row["annotated"]:
            laid, spans = laid_out(row["sentences"][number])
            text += "\n\n" if text else ""
            places.update({(number, i): (len(text) + s, len(text) + e) for i, (s, e) in enumerate(spans)})
            text += laid
        if not text:
            continue
        document, tokens = parse(row["doc"], text)
        named, classes = [], [0] * len(tokens)
        fact: list[float | None] = [None] * len(tokens)
        for mention in row["mentions"]:
            at = [places[number, i] for number, i in mention["tokens"] if (number, i) in places]
            covered = cover(tokens, at[0][0], at[-1][1]) if at else None
            if covered is None:
                continue
            tag = mention["tag"]
            if tag in _ECB_NAMED:
                named.append((*covered, _ECB_NAMED[tag]))
            elif "ACTION" in tag:
                kind = tag.rpartition("_")[2]
                alone = covered[1] - covered[0] == 1 and kind in _ECB_CLASSES
                for i in range(*covered):
                    classes[i] = EVENT_CLASSES.index(kind) if alone else NOT
                if alone and tag.startswith("NEG_"):
                    fact[covered[0]] = 0.0
        document.layers = {"named": named, "class": classes, "fact": fact}
        yield document


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the rows of a JSON Lines file, skipping empty lines."""
    for line in path.read_text("utf-8-sig").splitlines():
        if line.strip():
            yield json.loads(line)


_RE3D_NAMED = {
    "Person": "person",
    "Organisation": "organization",
    "Location": "place",
    "Temporal": "time",
    "Weapon": "object",
    "MilitaryPlatform": "object",
}


def re3d(corpora: Path) -> Iterator[Document]:
    """Yields government statements and news on Syria and Iraq with types for some nouns.

    States and peoples are organisations in re3d. A phrase is left unlabelled if GUM gives it another type or re3d two.
    Yields nothing if the corpus is missing.
    """
    folder = corpora / "re3d"
    if not folder.is_dir():
        return
    kinds: dict[str, set[str]] = collections.defaultdict(set)
    for document in gum(corpora):
        for _, start, end, kind, _ in document.layers["mentions"]:
            kinds[" ".join(document.words[start:end]).lower()].add(kind)
    texts: dict[str, str] = {}
    told: dict[str, list[tuple[int, int, str]]] = collections.defaultdict(list)
    for path in sorted(folder.glob("*/documents.json")):
        texts |= {row["_id"]: row["text"] for row in _rows(path)}
        for row in _rows(path.with_name("entities.json")):
            if row["confidence"] >= 0.5 and row["type"] in _RE3D_NAMED:
                told[row["documentId"]].append((row["begin"], row["end"], _RE3D_NAMED[row["type"]]))
                kinds[row["value"].lower()].add(_RE3D_NAMED[row["type"]])
    for name, text in texts.items():
        document, tokens = parse(name, text)
        spans = [
            (c, kind) for s, e, kind in told[name] if len(kinds[text[s:e].lower()]) == 1 and (c := cover(tokens, s, e))
        ]
        document.layers = {"named": [(*c, kind) for c, kind in spans]}
        yield document


# Event types of ACE and WikiEvents that map to one PLOVER type.
_AW_TYPES = {
    "Conflict:Attack": "ASSAULT",
    "Conflict.Attack.DetonateExplode": "ASSAULT",
    "Conflict.Attack.Unspecified": "ASSAULT",
    "Contact:Meet": "CONSULT",
    "Contact.Contact.Meet": "CONSULT",
    "Contact:Phone-Write": "CONSULT",
    "Justice.ArrestJailDetain.Unspecified": "COERCE",
    "Justice:Arrest-Jail": "COERCE",
    "Conflict:Demonstrate": "PROTEST",
    "Conflict.Demonstrate.Unspecified": "PROTEST",
    "Justice:Sue": "ACCUSE",
    "Justice.InvestigateCrime.Unspecified": "ACCUSE",
    "Justice:Charge-Indict": "ACCUSE",
    "Justice.ChargeIndict.Unspecified": "ACCUSE",
    "Justice:Convict": "SANCTION",
    "Justice.Convict.Unspecified": "SANCTION",
    "Justice:Sentence": "SANCTION",
    "Justice.Sentence.Unspecified": "SANCTION",
    "Contact.RequestCommand.Unspecified": "REQUEST",
    "Justice:Release-Parole": "RETREAT",
    "Contact.ThreatenCoerce.Unspecified": "THREATEN",
}


def aw(corpora: Path) -> Iterator[Document]:
    """Yields triggers of ACE and WikiEvents for the types known to PLOVER, one document per sentence. Yields nothing if
    the corpus is missing.
    """
    by_sentence: dict[str, list[dict[str, str]]] = {}
    if not (corpora / "aw").is_dir():
        return
    with open(corpora / "aw/train.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if splits.key(row["sentence"]) not in splits.load()["aw_near_plv"]:
                by_sentence.setdefault(row["sentence"], []).append(row)
    for number, (sentence, rows) in enumerate(by_sentence.items()):
        document, tokens = one_sentence(f"aw-{number}", sentence)
        triggers = {}
        for row in rows:
            kind = _AW_TYPES.get(row["event_type"])
            at = sentence.find(row["trigger"])
            if kind and at >= 0 and (c := cover(tokens, at, at + len(row["trigger"]))):
                triggers[c[1] - 1] = kind
        document.layers = {"trigger": sorted(triggers.items())}
        if triggers:
            yield document


def news(corpora: Path) -> Iterator[tuple[str, str]]:
    """Yields names and texts of news without annotated parties and events, from training parts only."""
    for path in sorted((corpora / "polnear/train/text").glob("*.txt")):
        yield f"polnear/{path.stem}", path.read_text("utf-8")
    held = splits.load()["timebank"]
    for path in sorted((corpora / "timebank").glob("*.tml")):
        if path.stem not in held:
            yield f"timebank/{path.stem}", timeml(path)[0]
    with open(corpora / "agnews/world.jsonl", encoding="utf-8") as file:
        for number, line in enumerate(file):
            row = json.loads(line)
            yield f"agnews/{number}", f"{row['title']}\n\n{row['lead']}"
    with open(corpora / "ecbplus/train.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield f"ecbplus/{row['doc']}", "\n\n".join(" ".join(s) for s in row["sentences"])


SOFT = Path(__file__).parents[1] / "teachers" / "soft.json.gz"


def soft(corpora: Path) -> Iterator[Document]:
    """Yields news sentences with the probabilities that `training.teachers.marked` gives to pairs of parties: one for
    each type and one for no event.
    """
    if not SOFT.exists() or is_open(corpora):
        return
    told = json.loads(gzip.decompress(SOFT.read_bytes()))
    for name, text in news(corpora):
        by_sentence: dict[tuple[int, int], list[Any]] = {}
        for start, length, a, b, c, d, shares in told.get(name, ()):
            by_sentence.setdefault((start, length), []).append(((a, b), (c, d), shares))
        for (start, length), rows in sorted(by_sentence.items()):
            document, tokens = one_sentence(f"soft-{name}-{start}", text[start : start + length])
            if len(tokens) > 120:
                continue
            pairs = [(cover(tokens, *one), cover(tokens, *other), shares) for one, other, shares in rows]
            document.layers = {
                "soft": [(s, t, [x / (sum(shares) or 1) for x in shares]) for s, t, shares in pairs if s and t]
            }
            yield document
