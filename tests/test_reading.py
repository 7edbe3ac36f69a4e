from __future__ import annotations

import concurrent.futures
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from communique import Reader
from communique.reading import WEIGHTS, Analyser, Model
from communique.reading.analyser import expressions
from communique.reading.coreference import Comparer, Scores, blocks, entities, pair_features
from communique.reading.model import PIECES
from communique.reading.tagging import _convolved, attributions
from communique.reading.tokens import tokenise
from communique.reading.tree import decode


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They don't meet.", "They do n't meet ."),
        ("The U.S. and Mr. Kim's aide", "The U.S. and Mr. Kim 's aide"),
        ("a two-year, $3.5 million non-aligned plan", "a two - year , $ 3.5 million non-aligned plan"),
        ("On 3/4/2021 at 10:30 they cannot", "On 3/4/2021 at 10:30 they can not"),
        ("Xi’s message—“unity”…", "Xi ’s message — “ unity ” …"),
        ("See https://a.example/x?y=1. Then", "See https://a.example/x?y=1 . Then"),
        ("price of 1,200,000% (or 5th)", "price of 1,200,000 % ( or 5th )"),
        ("a $400m loan at 10pm for 5G in the 1990s", "a $ 400 m loan at 10 pm for 5G in the 1990s"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert [text[s:e] for s, e in tokenise(text)] == words.split()


@given(st.text(max_size=200))
def test_words_are_in_order_and_hold_every_letter(text: str) -> None:
    spans = tokenise(text)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:])) and all(s < e for s, e in spans)
    inside = {i for s, e in spans for i in range(s, e)}
    assert all(i in inside for i, c in enumerate(text) if c.isalnum())


@settings(max_examples=60)
@given(st.integers(1, 12), st.integers(0, 10_000))
def test_trees_are_trees(size: int, seed: int) -> None:
    heads = decode(np.random.default_rng(seed).normal(size=(size, size)).astype(np.float32))
    assert sum(heads[i] == i for i in range(size)) == 1
    for i in range(size):
        seen = set()
        while heads[i] != i:
            assert i not in seen
            seen.add(i)
            i = heads[i]


def test_the_best_tree_is_found() -> None:
    scores = np.array([[0, 5, 1], [6, 0, 2], [3, 4, 1]], np.float32)  # greedy makes a circle of 0 and 1
    best = max(
        (
            (a, b, c)
            for a in range(3)
            for b in range(3)
            for c in range(3)
            if sum(h == i for i, h in enumerate((a, b, c))) == 1 and _tree((a, b, c))
        ),
        key=lambda h: sum(scores[i, j] for i, j in enumerate(h)),
    )
    assert tuple(decode(scores)) == best


def _tree(heads: tuple[int, ...]) -> bool:
    for i in range(len(heads)):
        for _ in heads:
            i = heads[i]
        if heads[i] != i:
            return False
    return True


def test_syntax_of_a_plain_sentence(reader: Reader) -> None:
    reading = reader.analyse("Kenya's president did not visit the two ports in 2019.")
    by = {w.text: w for w in reading.words}
    assert by["visit"].rel == "root" and by["president"].rel == "nsubj" and by["ports"].rel == "obj"
    assert (
        reading.words[by["president"].head].text == "visit" and by["not"].upos == "PART" and by["ports"].lemma == "port"
    )
    rows = [line.split("\t") for line in reading.to_conllu().splitlines() if line and line[0] != "#"]
    assert all(len(r) == 10 for r in rows) and [r[1] for r in rows] == [w.text for w in reading.words]


def test_the_same_answer_whatever_is_read_beside_it_and_however_many_threads(reader: Reader) -> None:
    texts = [f"Country {i} accused Peru of spying on Monday. Peru denied it, a spokesman said." for i in range(8)]
    alone = [json.dumps(reader.read_text(t, published="2020-02-02").to_dict()) for t in texts]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda t: json.dumps(reader.read_text(t, published="2020-02-02").to_dict()), texts))
    assert alone == together
    other = Reader(threads=2)
    assert json.dumps(other.read_text(texts[3], published="2020-02-02").to_dict()) == alone[3]


def test_relate_gives_all_types(reader: Reader) -> None:
    sentence = "Kenya accused Uganda of smuggling."
    found = reader.relate(sentence, (0, 5), (14, 20))
    assert len(found) == 16 and abs(sum(p for _, p in found) - 1) < 1e-3 and found[0][0] == "ACCUSE"
    with pytest.raises(ValueError):
        reader.relate("", None, None)


def test_other_weights_are_read_from_a_folder_and_a_name_nobody_knows_is_refused(
    reader: Reader, tmp_path: Path
) -> None:
    again = Reader(model=str(WEIGHTS["default"]))
    assert again.version == reader.version
    with pytest.raises(ValueError, match="no model 'nosuch'"):
        Reader(model="nosuch")
    with pytest.raises(ValueError, match="no model"):
        Reader(model=str(tmp_path))


def test_the_open_weights_read_and_every_report_names_them(reader: Reader) -> None:
    text = "Kenya accused Uganda of smuggling arms across the lake on Monday. Uganda denied it, a spokesman said."
    report = Reader(model="open").read_text(text, published="2020-02-06")
    assert "model open " in report.reader and "model open" not in reader.version
    assert ("ACCUSE", "KEN", "UGA") in {
        (e.type, a.country, r.country) for e in report.events for a in e.actors for r in e.recipients
    }
    assert [s.source.text for s in report.statements if s.source and s.cue and s.cue.text == "said"] == ["a spokesman"]
    assert [t.from_ for t in report.times] == ["2020-02-03"]


def test_weights_of_another_encoder_bring_their_own_word_pieces(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS["default"], folder)
    with np.load(PIECES) as shared:
        np.savez(folder / PIECES.name, rows=shared["rows"][::-1], scale=shared["scale"], zero=shared["zero"])
    text = "Kenya accused Uganda of smuggling."
    same, other = (Model(where).run(text.split())["states"] for where in (WEIGHTS["default"], folder))
    assert np.array_equal(same, reader._model.run(text.split())["states"]) and not np.allclose(same, other, atol=0.1)


def test_a_sentence_does_not_begin_at_a_name_within_it(reader: Reader) -> None:
    text = "France on Tuesday summoned the Chinese ambassador. Peru will meet Ana Maria Quispe, in Lima on Monday."
    assert len(reader.analyse(text).sentences) == 2


def test_the_words_around_are_weighed_as_a_convolution_says() -> None:
    rng = np.random.default_rng(1)
    x, weight, bias = (rng.normal(size=size).astype(np.float32) for size in ((7, 3), (2, 3, 5), (2,)))
    for step in (1, 2):
        expected = np.array(
            [
                [
                    bias[o] + sum(x[at] @ weight[o, :, k] for k in range(5) if 0 <= (at := i + step * (k - 2)) < len(x))
                    for o in range(2)
                ]
                for i in range(len(x))
            ]
        )
        assert np.allclose(_convolved(x, weight, bias, step), expected, atol=1e-5)


def test_what_marks_sources_sees_the_verb_that_a_name_hangs_on(reader: Reader) -> None:
    model = reader._model
    seen: dict[str, NDArray[np.float32]] = {}
    reading = Analyser(model)("Otieno, who leads the port workers of Mombasa, said the ships had left.", seen)
    told = attributions(model.arrays, reading.states, seen)
    loose = attributions(
        model.arrays, reading.states, seen | {"heads": np.arange(len(reading.words), dtype=np.float32)}
    )
    best = {role: p.argmax(1).tolist() for role, p in told.items()}
    assert best == {
        "source": [1] + 9 * [2] + 6 * [0],
        "cue": 10 * [0] + [1] + 5 * [0],
        "content": 11 * [0] + [1, 2, 2, 2, 0],
    }
    assert all(np.allclose(p.sum(1), 1, atol=1e-5) for p in told.values()) and not np.allclose(
        told["source"], loose["source"], atol=1e-3
    )


def test_features_of_pairs_are_the_same_in_stretches_as_at_once() -> None:
    words = "Ana Ruiz met the minister . She thanked Ruiz and the Chilean minister".split()
    mentions = [(0, 2, 0, 0), (3, 5, 4, 0), (6, 7, 6, 0), (8, 9, 8, 0), (10, 13, 12, 1)]
    compare = Comparer(words, mentions)
    whole = pair_features(mentions, words)
    assert np.array_equal(compare.rows(2, 5, 1)[1, :2], whole[3, 1:3])
    assert whole[4, 1].tolist()[:4] == [0, 1, 1, 0] and whole[3, 0].tolist()[:4] == [
        0,
        0,
        1,
        1,
    ]  # one head, one within the other
    assert whole[2, 1, 5] == 1 and whole[4, 3, 5] == 0 and not whole[0].any()


def test_mentions_join_the_best_earlier_one_or_none() -> None:
    pairs, compared = np.array([[0, 0, 0], [3, 0, 0], [1, 2, 0]], np.float32), np.tril(np.ones((3, 3), bool), -1)
    assert entities(iter([Scores(0, 0, pairs, np.array([0, 1, 5], np.float32), compared)])) == [0, 0, 1]
    assert [(a, b, low) for a, b, low, _ in blocks(300)] == [(0, 128, 0), (128, 256, 8), (256, 300, 136)]


def test_who_a_pronoun_means(reader: Reader) -> None:
    text = (
        "Otieno Mbeki, the mayor of Mombasa, met the dockers on Monday. They asked him for higher wages, but "
        "he refused."
    )
    reading = reader.analyse(text)
    entity = {text[slice(*reading.span(m.start, m.end))]: m.entity for m in reading.mentions}
    assert (
        entity["him"] == entity["he"] == next(e for t, e in entity.items() if t.startswith("Otieno"))
        and entity["They"] == entity["the dockers"] != entity["he"]
    )


def test_who_acts_and_who_is_acted_on_is_marked(reader: Reader) -> None:
    reading = reader.analyse("Omani sailors were attacked by Somali pirates on Monday.")
    best = reading.roles.argmax(1).tolist()
    words = [w.text for w in reading.words]
    assert (
        best[words.index("sailors")] in (3, 4)
        and {best[words.index(w)] for w in ("Somali", "pirates")} <= {1, 2}
        and best[words.index("attacked")] == 0
    )


def test_two_names_without_a_common_word_are_two_people() -> None:
    pairs, compared = np.array([[0, 0, 0], [9, 0, 0], [9, 9, 0]], np.float32), np.tril(np.ones((3, 3), bool), -1)
    scores = [Scores(0, 0, pairs, np.zeros(3, np.float32), compared)]
    assert entities(iter(scores), [frozenset({"ana", "ruiz"}), frozenset(), frozenset({"otieno"})]) == [0, 0, 1]
    assert entities(iter(scores), [frozenset({"ana", "ruiz"}), frozenset(), frozenset({"ruiz"})]) == [0, 0, 0]


@pytest.mark.parametrize(
    ("fact", "open_"),
    [
        ("Peru signed the treaty on Monday.", "Peru did not sign the treaty on Monday."),
        ("Its troops attacked the port.", "Its troops might attack the port."),
        ("Chile recalled two envoys.", "Chile would recall two envoys if it had to."),
        ("Ghana released the sailors.", "Ghana was asked to release the sailors."),
    ],
)
def test_what_happened_is_told_from_what_did_not(reader: Reader, fact: str, open_: str) -> None:
    told, untold = (reader.analyse(text) for text in (fact, open_))

    def of(reading):
        return float(
            next(reading.happened[w.index] for w in reading.words if w.lemma in ("sign", "attack", "recall", "release"))
        )

    assert of(told) > 0.75 > 0.45 > of(untold)


def test_an_expression_of_time_is_whole_though_its_words_lean_to_two_kinds() -> None:
    # Four words: "within a year ," with two kinds, the article leaning to the one and the noun to the other.
    probability = np.array(
        [[0.9, 0.05, 0, 0.05, 0], [0.1, 0.6, 0, 0.3, 0], [0.2, 0, 0.3, 0.1, 0.4], [0.8, 0, 0.1, 0, 0.1]], np.float32
    )
    assert expressions(probability) == [(1, 3, 0)]
    probability[2] = [0.2, 0.1, 0.1, 0.4, 0.2]  # a word that begins an expression parts it from the one before
    assert expressions(probability) == [(1, 2, 0), (2, 3, 1)]
    assert expressions(np.zeros((0, 5), np.float32)) == []


def test_owners_and_names_stand_under_what_they_belong_to() -> None:
    from communique.reading.tree import genitives, joined_names

    heads, rels = np.array([0, 6, 0, 4, 2, 4, 0]), ["root", "case", "nmod", "cc", "conj", "case", "nmod"]
    heads[1] = 2
    genitives(
        ["response", "to", "Soto", "and", "Vega", "'s", "visits"],
        ["NOUN", "ADP", "PROPN", "CCONJ", "PROPN", "PART", "NOUN"],
        heads,
        rels,
    )
    assert (heads[2], rels[2]) == (6, "nmod:poss") and heads[1] == 6
    heads, rels = np.array([0, 2, 0, 0]), ["root", "case", "nmod", "nmod"]
    joined_names(["NOUN", "ADP", "NOUN", "PROPN"], heads, rels)  # "talks between diplomat Soto"
    assert (heads[3], rels[3]) == (2, "appos")


def test_who_does_an_act_hangs_on_the_act_and_what_is_told_on_the_telling() -> None:
    from communique.reading.tree import agents, complements, subjects_before

    for words, acts, agent_of in (
        (["expulsion", "of", "envoys", "by", "Peru"], [True, False, False, False, False], 0),
        (["site", "of", "speeches", "by", "Soto"], [False, False, True, False, False], 2),
    ):
        heads, rels = np.array([0, 2, 0, 4, 2]), ["root", "case", "nmod", "case", "nmod"]
        agents(words, acts, heads, rels)
        assert heads.tolist() == [0, 2, 0, 4, agent_of]
    words, upos = (
        ["reported", "that", "she", "told", "Peru", "that", "he", "left"],
        ["VERB", "SCONJ", "PRON", "VERB", "PROPN", "SCONJ", "PRON", "VERB"],
    )
    heads, rels = (
        np.array([0, 7, 3, 0, 3, 7, 7, 0]),
        ["root", "mark", "nsubj", "ccomp", "iobj", "mark", "nsubj", "ccomp"],
    )
    complements(words, upos, heads, rels)
    assert heads.tolist() == [0, 3, 3, 0, 3, 7, 7, 3]
    upos = ["NOUN", "ADP", "PROPN", "VERB", "NOUN"]  # "return for Peru dropping claims"
    heads, rels = np.array([0, 2, 3, 0, 3]), ["root", "case", "obl", "acl", "obj"]
    subjects_before(upos, heads, rels)
    assert (rels[2], heads[1], rels[1]) == ("nsubj", 3, "mark")
    heads, rels = np.array([0, 2, 3, 0, 3]), ["root", "case", "obl", "acl", "obj"]
    subjects_before(["NOUN", "ADP", "NOUN", "VERB", "NOUN"], heads, rels)  # "silence in effect inviting attacks"
    assert rels[2] == "obl"
