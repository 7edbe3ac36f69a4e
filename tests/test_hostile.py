"""One sentence never costs a page, and one page never the run, the room or the record. Times are compared with each
other, never with a clock.
"""

from __future__ import annotations

import io
import json
import random
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.robustness import generate
from benchmarks.robustness.fuzz import check, is_sound, read
from communique import Failure, PageError, Reader
from communique._limit import TookTooLong, limited
from communique._pool import Pool
from communique.pages import Draft, drafts
from communique.pages.html import read_html
from communique.pages.warc import read_warc
from communique.parties import Linker
from communique.reading.tree import decode, is_tree, repair
from communique.reading.walk import Walk

SENTENCE = "Kenya thanked Uganda on Monday for the release of two sailors, the ministry said. "
PROSE = [
    "Peru recalled its ambassador from Chile on Monday after a dispute over fishing rights, the foreign ministry said.",
    "The president of Chile told reporters that he would not answer before the end of the week.",
    "Officials in Lima and Santiago had met for talks on the border twice in the last month.",
    "A spokesman for the fishermen accused both governments of doing nothing for the coast.",
]
MOST = 12  # times as long as a normal text of its words: ten, and some room for a machine that does other things


def spent(work: Callable[[], object]) -> float:
    """Seconds of this thread's processor, the less of two tries."""
    tries = []
    for _ in range(2):
        start = time.thread_time()
        work()
        tries.append(time.thread_time() - start)
    return min(tries)


@pytest.mark.parametrize(
    "text",
    [
        "Dozens of them and they left Kenya.",
        "Germany and dozens of them ordered a retreat.",
        "They and those of them who left and their allies met, they and them said.",
        "Thousands of them, dozens of those and they, a group of them, met both sides.",
        "President Minister Ambassador General " * 60 + "met.",
        "They Them His It " * 60 + "met.",
    ],
)
def test_phrases_that_mean_each_other_are_read(reader: Reader, text: str) -> None:
    assert reader.read_text(text).article.text == text


@pytest.mark.parametrize(
    "form",
    [
        lambda k: "Facing" + " a plan to face" * k + " an attack.",
        lambda k: "Kenya wants to order" + " a proposal to order" * k + " an attack.",
        lambda k: "Kenya said that" * k + " Uganda left.",
        lambda k: "the president the minister the leader " * k + "met.",
        lambda k: "Kenya, " * k + "met.",
        lambda k: "# " * k,
    ],
)
def test_time_grows_with_the_text(reader: Reader, form: Callable[[int], str]) -> None:
    normal = SENTENCE * 40
    share = spent(lambda: reader.read_text(normal)) / len(normal.split())
    text = form(60)
    assert spent(lambda: reader.read_text(text)) < MOST * share * (len(text.split()) + 20)


def test_a_walk_ends_and_answers_alike_whoever_asks_first() -> None:
    """Questions that lead to others at random, cycles and all: answers and work are the same in every order of
    asking.
    """
    rng = random.Random(1)
    leads = {n: [rng.randrange(30) for _ in range(rng.randrange(4))] for n in range(30)}

    def answers(order: list[int]) -> tuple[dict[int, int], int]:
        walk, made = Walk(6), [0]

        def ask(n: int) -> int:
            def answer() -> int:
                made[0] += 1
                return n + sum(ask(m) for m in leads[n])

            return walk(n, answer, 0)

        return {n: ask(n) for n in order}, made[0]

    forwards, made = answers(list(range(30)))
    assert made <= 6 * 30
    for order in (list(range(29, -1, -1)), rng.sample(range(30), 30)):
        assert answers(order)[0] == forwards


def asked(linker: Linker, heads: list[int]) -> dict[int, object]:
    return {h: (linker.at(h), linker.group(h), linker.unknown(h)) for h in heads}


def test_the_linker_answers_alike_whoever_asks_first(reader: Reader) -> None:
    texts = [" ".join(PROSE) + " They and their allies left. It said that they had met them."]
    texts += [generate.Sentences(random.Random(seed)).text() for seed in range(12)]
    for text in texts:
        reading = reader.analyse(text)
        heads = list(range(len(reading.words)))
        told = asked(Linker(reading, reader._resolver, None), heads)
        for order in (heads[::-1], random.Random(3).sample(heads, len(heads))):
            again = asked(Linker(replace(reading), reader._resolver, None), order)  # with nothing remembered
            assert not [reading.words[h].text for h in heads if again[h] != told[h]], text


def test_every_reading_is_a_tree(reader: Reader) -> None:
    for seed in range(40):
        assert is_sound(reader.analyse(generate.Sentences(random.Random(seed)).text())), seed


def test_a_repair_that_would_leave_no_tree_is_taken_back() -> None:
    """Trees and words at random: whatever the repairs make of them is a tree."""
    rng = np.random.default_rng(5)
    kinds = ["nmod", "case", "conj", "obj", "obl", "amod", "appos", "ccomp", "mark", "acl", "nsubj"]
    for _ in range(400):
        n = int(rng.integers(2, 14))
        heads = decode(rng.normal(size=(n, n)).astype(np.float32))
        assert is_tree(heads)
        rels = ["root" if heads[i] == i else str(rng.choice(kinds)) for i in range(n)]
        upos = [str(rng.choice(["NOUN", "PROPN", "ADJ", "VERB", "ADP", "CCONJ"])) for _ in range(n)]
        words = [str(rng.choice(["by", "of", "'s", "that", "Kenya", "and"])) for _ in range(n)]
        repair(words, upos, rng.random(n) < 0.5, heads, rels)
        assert is_tree(heads)
    assert not is_tree(np.array([1, 0])) and not is_tree(np.array([0, 1])) and not is_tree(np.array([0, 2, 1]))


def test_the_best_tree_is_the_best(reader: Reader) -> None:
    """Against all trees of four words."""
    rng = np.random.default_rng(2)
    every = [np.array(heads) for heads in np.ndindex(4, 4, 4, 4) if is_tree(np.array(heads))]
    for _ in range(200):
        scores = rng.normal(size=(4, 4))
        found = decode(scores)
        assert is_tree(found)
        free = max(scores[np.arange(4), heads].sum() for heads in every)
        assert scores[np.arange(4), found].sum() == pytest.approx(free)


def test_a_slice_of_the_fuzz(reader: Reader) -> None:
    rng = random.Random(11)
    for _ in range(40):
        read(reader, generate.Sentences(rng).text())
    for _ in range(60):
        check(generate.page(rng))


# Limits


def busy() -> None:
    while True:
        try:
            sum(range(1000))
        except Exception:  # what a library does that catches all errors
            continue


@pytest.mark.parametrize("threaded", [False, True])
def test_the_limit_holds_on_every_thread_and_through_clauses_that_catch_all(threaded: bool) -> None:
    ended: list[str] = []

    def work() -> None:
        try:
            with limited(0.05):
                busy()
        except TookTooLong:
            ended.append("late")
        with limited(60):
            ended.append("again")

    if threaded:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(60)
    else:
        work()
    assert ended == ["late", "again"]


def test_the_limit_holds_for_the_making_of_an_article(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A page that takes too long to be taken apart costs itself, alone, in a folder, and in an archive."""
    import communique.pages as pages

    def slow(data: bytes, name: str, url: str | None = None) -> Draft:
        if b"slow" in data:
            busy()
        return read_html(data, name, url)

    monkeypatch.setattr(pages, "read_html", slow)
    good = f"<html><body><article><h1>Peru recalls</h1>{''.join(f'<p>{p}</p>' for p in PROSE)}</article></body></html>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in (("a.html", good), ("b.html", good + "<!-- slow -->"), ("c.html", good)):
            archive.writestr(name, text)
    found = list(drafts(packed.getvalue(), "x.zip", seconds=0.3))
    assert [type(f).__name__ for f in found] == ["Draft", "Failure", "Draft"]
    assert isinstance(found[1], Failure) and "took longer than 0.3 seconds" in found[1].cause
    assert isinstance(found[0], Draft) and found[0].seconds > 0


def test_the_time_of_the_article_counts_for_the_page(reader: Reader) -> None:
    draft = Draft("Peru", tuple(PROSE), "text", "0", 1, name="a", seconds=9.0)
    late = next(iter(reader.read_drafts([draft], seconds=5.0)))
    assert isinstance(late, Failure) and "took longer than 5 seconds" in late.cause


def _stuck(**_: object) -> Callable[[Draft, str | None], Failure]:
    def work(draft: Draft, published: str | None) -> Failure:
        while draft.title == "stuck":  # as a call into a library that hears nothing
            time.sleep(0.1)
        return Failure(draft.name, "read")

    return work


def test_a_process_that_does_not_come_back_is_ended() -> None:
    many = [Draft("stuck" if n == 3 else "live", (PROSE[0],), "text", str(n), 1, name=str(n)) for n in range(6)]
    pool = Pool(2, _stuck, {}, 0.2)
    pool._grace = 2.0
    found = list(pool.read(many, None))
    assert [f.page for f in found if isinstance(f, Failure)] == [str(n) for n in range(6)]
    assert [f.page for f in found if isinstance(f, Failure) and "took longer" in f.cause] == ["3"]


# Pages


def article(more: str = "", head: str = "") -> bytes:
    return (
        f"<html><head><title>Peru recalls</title>{head}</head><body><article><h1>Peru recalls</h1>"
        f"{''.join(f'<p>{p}</p>' for p in PROSE)}{more}</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    "form",
    [
        lambda n: b"<html><" + b"a" * n,
        lambda n: ("By " + "AandA" * (n // 5) + "!\n" + "\n".join(PROSE)).encode(),
        lambda n: b"\n" * n + "\n".join(PROSE).encode(),
        lambda n: b"Read more about it\n" * (n // 19) + "\n".join(PROSE).encode(),
        lambda n: "".join(f"Read more w{i} x{i}\n" for i in range(n // 16)).encode() + "\n".join(PROSE).encode(),
        lambda n: article(head="<title>" + "  |" * (n // 3) + "</title>"),
        lambda n: article("‹" * (n // 3)),
        lambda n: article("<p>a b" * (n // 6)),
        lambda n: article("<p " + " ".join(f"a{i}" for i in range(n // 6)) + ">x</p>"),
        lambda n: article("<p " * (n // 3)),
        lambda n: article("<script>" * (n // 8)),
    ],
    ids=lambda form: None,
)
def test_pages_take_time_with_their_length(form: Callable[[int], bytes]) -> None:
    short, long = form(4_000), form(32_000)
    few = spent(lambda: list(drafts(short, "a")))
    many = spent(lambda: list(drafts(long, "a")))
    assert many < 0.05 or many < 24 * few  # eight times the length; quadratic would be sixty-four


def test_tags_of_thousands_of_attributes_and_pages_of_too_many_elements_are_refused() -> None:
    wide = article("<p " + " ".join(f"a{i}=1" for i in range(20_000)) + ">x</p>")
    hidden = article("<p x='>' " + " ".join(f"a{i}" for i in range(20_000)) + ">x</p>")
    for page, cause in ((wide, "attributes"), (hidden, "attributes"), (article("<b>" + "<p>a" * 110_000), "elements")):
        with pytest.raises(PageError, match=cause):
            read_html(page, "a.html")
    script = article("<script>" + "if (a<b && c = d / e) { f = 1 } " * 5_000 + "</script>")
    assert len(read_html(script, "a.html").paragraphs) == 4


def test_a_broken_address_costs_no_article() -> None:
    found = read_html(article(head="<link rel=canonical href='http://[::1'>"), "a.html")
    assert found.url is None and len(found.paragraphs) == 4


def overlapping() -> bytes:
    """A zip whose directory names one stretch of it twice."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "\n".join(PROSE))
    data = packed.getvalue()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[start:end]
    closing = bytearray(data[end:])
    closing[8:12] = struct.pack("<HH", 2, 2)
    closing[12:16] = struct.pack("<L", 2 * len(entry))
    return data[:end] + entry + bytes(closing)


def test_archives_whose_files_overlap_are_refused_in_one_line() -> None:
    found = list(drafts(overlapping(), "x.zip"))
    assert len(found) == 1 and isinstance(found[0], Failure) and "share bytes" in found[0].cause


def test_an_archive_has_a_bound_as_a_whole() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(30):
            archive.writestr(f"{n}.txt", " " * 900_000 + f"\n{n} " + "\n".join(PROSE))
    found = list(drafts(packed.getvalue(), "x.zip"))
    refused = [f for f in found if isinstance(f, Failure)]
    assert len(found) == 30 and refused and all("unpacks to far more" in f.cause for f in refused)
    assert isinstance(found[0], Draft)


def record_of(body: bytes, length: int | None = None) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    size = len(http) if length is None else length
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{len(body)}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {size}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_a_length_that_swallows_other_records_costs_its_own_alone() -> None:
    good = [record_of(article(f"<p>{n} {PROSE[0]}</p>" + "x" * n)) for n in range(4)]
    whole = len(good[0]) + len(good[1])
    own = len(record_of(article("y"))) - len(record_of(article("y"))[:0])
    http = own - record_of(article("y")).index(b"HTTP/1.1") - 4
    liar = record_of(article("y"), http + 4 + whole - 4)  # ends exactly where a later record begins
    found = list(read_warc(io.BytesIO(liar + b"".join(good)), "x.warc"))
    assert sum(isinstance(f, Draft) for f in found) == 4
    assert sum(isinstance(f, Failure) and "length" in f.cause for f in found) == 1


@pytest.mark.parametrize(
    ("data", "columns", "said"),
    [
        (json.dumps({"rows": list(range(1500))}, indent=1), None, "no column of text"),
        ((json.dumps({"text": PROSE[0]}) + "\n") * 300, {"text": "boddy"}, "none of its 300 lines"),
        ('{\n "text": "never\n' + "x\n" * 900, None, "no JSON as a whole"),
    ],
)
def test_a_wrong_file_is_told_of_once(data: str, columns: dict[str, str] | None, said: str) -> None:
    found = list(drafts(data.encode(), "x.json", None, columns))
    assert len(found) == 1 and isinstance(found[0], Failure) and said in found[0].cause


def test_json_over_many_lines_is_read_and_faults_among_good_lines_are_each_told() -> None:
    rows = [{"text": p + " " + PROSE[0]} for p in PROSE]
    for text in (json.dumps(rows, indent=1), json.dumps(rows)):
        assert [type(f).__name__ for f in drafts(text.encode(), "x.json")] == ["Draft"] * 4
    assert isinstance(next(drafts(json.dumps(rows[0], indent=1).encode(), "x.json")), Draft)
    mixed = '{"x": 1}\n{"x": 2}\n' + json.dumps(rows[0]) + "\nno\n"
    assert [f.page if isinstance(f, Failure) else "" for f in drafts(mixed.encode(), "x")] == ["x:1", "x:2", "", "x:4"]


def test_a_text_of_one_sentence_is_read() -> None:
    found = next(drafts(b"Kenya thanked Uganda on Monday.\n", "a.txt"))
    assert isinstance(found, Draft) and found.paragraphs == ("Kenya thanked Uganda on Monday.",)
