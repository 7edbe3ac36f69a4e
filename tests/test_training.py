"""What is learned from: the layers that GUM's discourse trees give, and the folder of open corpora."""

import importlib.util
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from communique.reading import WEIGHTS
from communique.reading.pieces import Pieces
from training.__main__ import RECIPE, Step, run, settings_of, steps_of
from training.data.corpora import ecbplus, ewt, gum, is_open, re3d
from training.data.documents import EVENT_CLASSES, Document
from training.data.open import main, open_texts

ROWS = [
    # form, upos, head, relation, what else is said of the word
    ("The", "DET", 2, "det", "Discourse=ROOT:3:0|Entity=(1-organization-new-nnnnn-cf1-2-coref"),
    ("ministry", "NOUN", 3, "nsubj", "Entity=1)"),
    ("said", "VERB", 0, "root", ""),
    ("the", "DET", 5, "det", "Discourse=context-background:2->3:0:_|Entity=(2-event-new-nnnnn-cf2-2-sgl"),
    ("talks", "NOUN", 6, "nsubj", "Entity=2)"),
    ("ended", "VERB", 3, "ccomp", ""),
    ("on", "ADP", 8, "case", ""),
    ("Friday", "PROPN", 6, "obl", 'XML=<date when:::"2021-03-26"></date>|SpaceAfter=No'),
    (".", "PUNCT", 3, "punct", ""),
]


def conllu(genre: str, source: str, name: str = "GUM_news_talks") -> str:
    rows = list(ROWS)
    rows[0] = (
        *rows[0][:4],
        rows[0][4].replace("ROOT:3:0", "attribution-positive:1->2:0:lex-indwd-3-_+sem-atsrc-1-2-_"),
    )
    rows[3] = (*rows[3][:4], rows[3][4].replace("context-background:2->3:0:_", "ROOT:2:0"))
    lines = [
        f"# newdoc id = {name}",
        f"# meta::genre = {genre}",
        f"# meta::sourceURL = {source}",
        "# newpar",
        f"# sent_id = {name}-1",
    ]
    lines += [
        "\t".join([str(i), form, form.lower(), upos, "_", "_", str(head), rel, "_", misc or "_"])
        for i, (form, upos, head, rel, misc) in enumerate(rows, 1)
    ]
    return "\n".join(lines) + "\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gum").mkdir()
    (tmp_path / "gum/train.conllu").write_text(conllu("news", "https://en.wikinews.org/wiki/Talks"), "utf-8")
    return tmp_path


def words(document: Document, layer: str) -> str:
    return " ".join(w for w, tag in zip(document.words, document.layers[layer]) if tag)


def test_an_attribution_of_the_discourse_tree_is_a_source_a_cue_and_a_content(folder: Path) -> None:
    (document,) = gum(folder)
    assert words(document, "source") == "The ministry"
    assert words(document, "cue") == "said"
    assert words(document, "content") == "the talks ended on Friday ."
    assert document.layers["pointer"][0] == 2 and document.layers["pointer"][5] == 2


def test_days_are_the_markup_s_and_events_are_verbs_and_mentions_of_events(folder: Path) -> None:
    (document,) = gum(folder)
    assert words(document, "time") == "Friday"
    kinds = {w: EVENT_CLASSES[k] for w, k in zip(document.words, document.layers["class"])}
    assert (kinds["said"], kinds["talks"], kinds["ended"], kinds["ministry"]) == (
        "REPORTING",
        "OCCURRENCE",
        "OCCURRENCE",
        "none",
    )


def test_where_a_corpus_of_attributions_is_there_gum_does_not_stand_in_for_it(folder: Path) -> None:
    (folder / "polnear").mkdir()
    assert not is_open(folder)
    (document,) = gum(folder)
    assert "source" not in document.layers and "time" not in document.layers


def test_only_texts_that_allow_every_use_are_open() -> None:
    whole = (
        conllu("news", "https://en.wikinews.org/a", "a")
        + conllu("whow", "https://www.wikihow.com/b", "b")
        + conllu("court", "https://www.linguistics.ucsb.edu/c", "c")
    )
    text, kept, there = open_texts(whole)
    assert (kept, there) == (1, 3)
    assert "newdoc id = a" in text and "newdoc id = b" not in text and "newdoc id = c" not in text
    assert text.endswith("\n\n")


def test_the_open_folder_has_nothing_else(tmp_path: Path) -> None:
    for name in ("ewt", "uds", "plv", "polnear", "timebank", "cameo", "aw", "gum"):
        (tmp_path / "all" / name).mkdir(parents=True)
        (tmp_path / "all" / name / "text.txt").write_text("text", "utf-8")
    for part in ("train", "dev"):
        (tmp_path / f"all/gum/{part}.conllu").write_text(conllu("news", "https://en.wikinews.org/a"), "utf-8")
    main(tmp_path / "all", tmp_path / "open")
    assert sorted(p.name for p in (tmp_path / "open").iterdir()) == ["ewt", "gum", "plv", "uds"]
    assert sorted(p.name for p in (tmp_path / "open/gum").iterdir()) == ["dev.conllu", "train.conllu"]


def test_the_mean_of_runs_keeps_the_embeddings_that_none_of_them_changed() -> None:
    torch = pytest.importorskip("torch")
    average = pytest.importorskip("training.encoder.average")
    word = torch.ones(3, 2)
    first, second, kept = ({"a": torch.full((2,), x), average.FROZEN: word} for x in (1.0, 2.0, 6.0))
    del kept[average.FROZEN]  # a kept stage is without them
    found = average.mean([first, second, kept])
    assert torch.equal(found["a"], torch.full((2,), 3.0)) and torch.equal(found[average.FROZEN], word)
    with pytest.raises(ValueError, match="different networks"):
        average.mean([first, {"a": torch.zeros(3), average.FROZEN: word}])
    with pytest.raises(ValueError, match="embeddings"):
        average.mean([kept, kept])


def test_channels_of_like_range_leave_what_the_encoder_says() -> None:
    torch = pytest.importorskip("torch")
    export = pytest.importorskip("training.encoder.export")
    torch.manual_seed(1)
    encoder = export.Encoder(
        {
            "hidden_size": 24,
            "vocab_size": 31000,
            "max_position_embeddings": 256,
            "intermediate_size": 48,
            "num_attention_heads": 4,
            "num_hidden_layers": 2,
        }
    ).eval()
    for layer in encoder.layers:
        layer.norm1.weight.data[5] *= 30  # a channel that is far larger than the others
    ids, shapes = torch.arange(40)[None], torch.zeros(1, 40, dtype=torch.long)
    entering: list[float] = []

    def see(module: object, given: tuple[torch.Tensor, ...]) -> None:
        largest = given[0].detach().abs().amax((0, 1))
        entering.append(float(largest.max() / largest.median()))

    encoder.layers[0].up.register_forward_pre_hook(see)
    before = encoder(encoder.word(ids), shapes, None)
    pieces = Pieces(WEIGHTS["default"] / "tokenizer.json")
    export.even(encoder.layers, lambda: export.read_ours(encoder, pieces))
    encoder.layers[0].up.linear.register_forward_pre_hook(see)
    after = encoder(encoder.word(ids), shapes, None)
    assert torch.allclose(before, after, atol=1e-4)
    assert entering[-1] < entering[0] / 3


def test_the_two_parts_of_an_exported_graph_compute_what_the_whole_does(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    export = pytest.importorskip("training.encoder.export")
    import onnxruntime

    torch.manual_seed(1)
    config = {"hidden_size": 24, "vocab_size": 50, "max_position_embeddings": 64, "intermediate_size": 48}

    class Words(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = export.Encoder(config | {"num_attention_heads": 4, "num_hidden_layers": 6})

        def forward(self, pieces: object, shapes: object, first: object, last: object) -> object:
            return export.words_of(self.encoder(pieces, shapes, None), first, last)[0]

    def parts(name: str, given: dict[str, np.ndarray]) -> np.ndarray:
        session = onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx"), providers=["CPUExecutionProvider"])
        return session.run(None, given)[0]

    words = Words().eval()
    export.to_onnx(words, 24, ["states"], tmp_path / "whole.onnx")
    export.split(tmp_path / "whole.onnx", tmp_path)
    rows = {"shapes": [0, 1, 1, 0, 2], "first": [0, 1, 4], "last": [0, 3, 4]}
    given = {"pieces": torch.randn(1, 5, 24)} | {name: torch.tensor([row]) for name, row in rows.items()}
    with torch.no_grad():
        wanted = words(**given).numpy()
    arrays = {name: value.numpy() for name, value in given.items()}
    trunk = parts("trunk", {name: arrays[name] for name in ("pieces", "shapes")})
    found = parts("reader", {"trunk": trunk} | {name: arrays[name] for name in ("first", "last")})
    assert np.allclose(found, wanted, atol=1e-4)


def test_a_run_goes_on_after_the_last_step_that_was_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch")
    stage = pytest.importorskip("training.encoder.stage")
    layer = torch.nn.Linear(2, 1)
    first = stage.Progress(tmp_path / "checkpoint.pt", 3, model=layer)
    assert first.start == 0
    for step in range(3):
        first.after(step, 10, {"pair": torch.tensor(float(step))})
    assert "3/3" in capsys.readouterr().out and first.words == 30
    other = torch.nn.Linear(2, 1)
    assert stage.Progress(tmp_path / "checkpoint.pt", 3, model=other).start == 3
    assert torch.equal(other.weight, layer.weight)


def judged_web(folder: Path, verbs: list[str]) -> Path:
    """A folder whose EWT has one sentence a verb, `Ann VERB to write .`, each a document in which UDS judged that verb,
    and a GUM of nothing else.
    """
    text, rows = "", ["sent_id\ttoken\tform\thappened\tconfidence"]
    for name, verb in enumerate(verbs):
        sentence = f"web-{name}-1"
        text += f"# newdoc id = web-{name}\n# newpar\n# sent_id = {sentence}\n"
        for i, (form, upos, head, rel) in enumerate(
            (
                ("Ann", "PROPN", 2, "nsubj"),
                (verb, "VERB", 0, "root"),
                ("to", "PART", 4, "mark"),
                ("write", "VERB", 2, "xcomp"),
                (".", "PUNCT", 2, "punct"),
            ),
            1,
        ):
            text += (
                "\t".join(
                    [str(i), form, form.lower(), upos, "_", "Tense=Past" if i == 2 else "_", str(head), rel, "_", "_"]
                )
                + "\n"
            )
        text += "\n"
        rows.append(f"{sentence}\t2\t{verb}\t1,0\t4,4")
    for part in ("ewt", "uds", "gum"):
        (folder / part).mkdir()
    (folder / "ewt/train.conllu").write_text(text, "utf-8")
    (folder / "gum/train.conllu").write_text(conllu("news", "https://en.wikinews.org/wiki/Talks"), "utf-8")
    (folder / "uds/factuality.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def test_swapped_words_stand_where_such_words_stand(tmp_path: Path) -> None:
    from training.data.swapped import COPIES, swapped

    verbs = ["managed", "failed", "refused", "hoped", "Tried"]
    copies = COPIES["ewt"]
    found = list(swapped(judged_web(tmp_path, verbs), "ewt"))
    assert len(found) == copies * len(verbs)
    changed = 0
    for document, old in zip(found, verbs * copies):
        verb = document.words[1]
        assert document.words[0] == "Ann" and document.words[2:] == [
            "to",
            "write",
            ".",
        ]  # of neither are there four kinds
        assert verb.lower() in {v.lower() for v in verbs} and verb.istitle() == old.istitle()
        assert document.layers["head"] == [1, 1, 3, 1, 1] and document.layers["asked"] == [
            False,
            True,
            False,
            True,
            False,
        ]
        assert "fact" not in document.layers  # what the judges said was said of other words
        changed += verb != old
    assert 0 < changed < len(found)
    assert [d.words for d in found] == [d.words for d in swapped(tmp_path, "ewt")]
    (talks, *_) = swapped(tmp_path, "gum")
    assert [w for w, asked in zip(talks.words, talks.layers["asked"]) if asked] == [
        "said",
        "ended",
    ]  # of what nobody judged, verbs


def test_sentences_put_together_keep_what_is_known_to_have_happened() -> None:
    pytest.importorskip("torch")
    from training.data.blocks import Vocabulary, _together, blocks

    vocabulary = Vocabulary([], [], [], [])
    one = Document("a", ["They", "left"], [False, False], [True, False], [0], {"fact": [None, 1.0]})
    other = Document("b", ["Nobody", "came"], [False, False], [True, False], [0], {})
    whole = _together([b for d in (one, other, one) for b in blocks(d, vocabulary, 128)])
    assert whole.fact is not None
    assert np.array_equal(whole.fact, [np.nan, 1, np.nan, np.nan, np.nan, 1], equal_nan=True)


def test_what_a_judge_said_counts_as_far_as_others_bear_the_like_out(tmp_path: Path) -> None:
    judged_web(tmp_path, ["failed"] * 12)
    votes = ["1,1\t4,4"] * 5 + ["0,0\t4,4"] * 4 + ["1,0\t1,4"] * 2 + ["1,1\t1,4"]
    rows = [f"web-{i}-1\t2\tfailed\t{vote}" for i, vote in enumerate(votes)]
    (tmp_path / "uds/factuality.tsv").write_text(
        "\n".join(["sent_id\ttoken\tform\thappened\tconfidence", *rows]) + "\n", "utf-8"
    )
    said = [d.layers["fact"][1] for d in ewt(tmp_path, held=False)]
    assert said[0] == 1 and said[5] == 0
    assert 0 < said[9] < 0.3  # one unsure yes, which others seldom share, beside one sure no
    (tmp_path / "ewt/dev.conllu").write_bytes((tmp_path / "ewt/train.conllu").read_bytes())
    assert (
        next(d.layers["fact"][1] for d in ewt(tmp_path, "dev", held=False) if d.name == "web-9") == 0.5
    )  # what is measured by is what they said


def test_events_and_names_of_sentences_annotated_in_full(tmp_path: Path) -> None:
    assert list(ecbplus(tmp_path)) == []
    sentences = [
        ["Not", "annotated", "."],
        ["``", "Ministers", "from", "Chad", "did", "n't", "sign", ",", "they", "said", "."],
        ["They", "gave", "up", "in", "Lima", "."],
    ]

    def mention(tag, *at):
        return {"tag": tag, "tokens": [list(a) for a in at]}

    mentions = [
        mention("HUMAN_PART_PER", (1, 1)),
        mention("LOC_GEO", (2, 3), (2, 4)),
        mention("NEG_ACTION_OCCURRENCE", (1, 6)),
        mention("ACTION_REPORTING", (1, 9)),
        mention("ACTION_OCCURRENCE", (2, 1), (2, 2)),
        mention("NON_HUMAN_PART", (1, 0)),
        mention("ACTION_STATE", (0, 1)),
    ]
    (tmp_path / "ecbplus").mkdir()
    (tmp_path / "ecbplus/train.jsonl").write_text(
        json.dumps({"doc": "1_1", "sentences": sentences, "annotated": [1, 2], "mentions": mentions}) + "\n", "utf-8"
    )
    (document,) = ecbplus(tmp_path)
    assert "annotated" not in document.words and sum(document.paragraph) == 2
    kinds = {w: EVENT_CLASSES[k] if k >= 0 else None for w, k in zip(document.words, document.layers["class"])}
    assert (kinds["sign"], kinds["said"], kinds["Ministers"], kinds["gave"], kinds["up"]) == (
        "OCCURRENCE",
        "REPORTING",
        "none",
        None,
        None,
    )
    assert document.layers["fact"][document.words.index("sign")] == 0
    assert [(document.words[a:b], kind) for a, b, kind in document.layers["named"]] == [
        (["Ministers"], "person"),
        (["in", "Lima"], "place"),
    ]


def test_the_head_alone_of_a_name_without_known_borders_is_a_mention(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from training.data.blocks import NOT, Vocabulary, blocks

    layers = {"named": [(0, 1, "person"), (2, 4, "place")], "head": [1, 1, 3, 1, 1]}
    document = Document("a", ["Ministers", "met", "in", "Lima", "."], [False] * 5, [True] + [False] * 4, [0], layers)
    (block,) = blocks(document, Vocabulary([], [], [], []), 128)
    assert block.layers["mention"].tolist() == [1, NOT, NOT, 3, NOT] and not block.mentions
    del layers["head"]
    (block,) = blocks(document, Vocabulary([], [], [], []), 128)
    assert block.layers["mention"].tolist() == [1, NOT, NOT, NOT, NOT]


def test_names_that_two_corpora_call_otherwise_say_nothing(folder: Path) -> None:
    assert list(re3d(folder)) == []
    source = folder / "re3d/A"
    source.mkdir(parents=True)
    text = "The ministry praised Chad and Paul Ndi, though Ndi met rebels."
    entities = [
        ("Chad", "Location", 1),
        ("Chad", "Organisation", 1),
        ("Paul Ndi", "Person", 1),
        ("The ministry", "Person", 1),
        ("rebels", "Organisation", 0.2),
    ]
    rows = [
        {
            "documentId": "d",
            "begin": text.index(v),
            "end": text.index(v) + len(v),
            "type": kind,
            "value": v,
            "confidence": sure,
        }
        for v, kind, sure in entities
    ]
    (source / "documents.json").write_text(json.dumps({"_id": "d", "text": text}) + "\n\n", "utf-8")
    (source / "entities.json").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (document,) = re3d(folder)  # GUM has "The ministry" as an organisation
    assert [(document.words[a:b], kind) for a, b, kind in document.layers["named"]] == [(["Paul", "Ndi"], "person")]


@pytest.mark.parametrize("variant", ["shipped", "open"])
def test_every_step_of_the_recipe_names_a_module_and_options_that_exist(variant: str) -> None:
    recipe = tomllib.loads(RECIPE.read_text("utf-8"))
    steps = steps_of(recipe, variant, settings_of(recipe, variant, {"fast": "--bfloat16"}))
    assert len({s.name for s in steps}) == len(steps) > 15
    for step in steps:
        module, *arguments = step.command
        found = importlib.util.find_spec(module)
        assert found and found.origin, f"{step.name}: no module {module}"
        source = Path(found.origin).read_text("utf-8")
        missing = [a for a in arguments if a.startswith("--") and f'"{a}"' not in source and a not in source]
        assert not missing, f"{step.name}: {module} takes no {', '.join(missing)}"


def test_a_step_is_done_until_its_command_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [Step("first", ("this", "-c")), Step("second", ("platform",))]
    run(steps, tmp_path, "model")
    assert [s.is_done(tmp_path) for s in steps] == [True, True]
    assert not Step("first", ("this",)).is_done(tmp_path)
    run(steps, tmp_path, "model")
    assert capsys.readouterr().out.count("done before") == 2
    with pytest.raises(SystemExit, match="third: exit code"):
        run([Step("third", ("no.such.module",))], tmp_path, "model")


def test_an_unknown_setting_or_variant_is_named() -> None:
    recipe = tomllib.loads(RECIPE.read_text("utf-8"))
    with pytest.raises(SystemExit, match="colour: is none of"):
        settings_of(recipe, "shipped", {"colour": "red"})
    with pytest.raises(SystemExit, match="mine: is none of shipped, open"):
        settings_of(recipe, "mine", {})
