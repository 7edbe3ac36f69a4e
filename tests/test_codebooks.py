"""A user's own types: the file and its faults, what is learned, and where it goes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique import Article, CodebookError, Failure, Reader, Report, open_record
from communique.cli import main
from communique.codebooks import Fitter, answer, load, share
from communique.codebooks.answers import alpha

HARBOURS = Path(__file__).parent.parent / "examples/codebooks/harbours.toml"
PAGE = """The Japanese destroyer Kirisame made a port call in Mombasa on Tuesday, the Kenyan navy said.

Argentina denied a British warship permission to dock at Ushuaia last week. \
Britain protested against the decision. A French frigate sailed through waters claimed by China on Sunday."""

ARTICLES = (
    (
        "PORT_CALL",
        """Norwegian frigate in Mombasa

The Norwegian frigate Fridtjof Nansen docked in Mombasa on Monday for a three-day visit, Kenya's navy said.

The ship's captain paid a courtesy call on the county governor, and sailors played football against a local club.""",
    ),
    (
        "PORT_CALL",
        """India sends destroyers to Vietnam

Two Indian destroyers arrived at Da Nang on Tuesday, the first such visit in two years.

Vietnamese officials welcomed the crews at the pier. The ships will leave on Friday for exercises with Japan.""",
    ),
    (
        "PORT_CALL",
        """Tensions at sea

China protested on Wednesday after a British warship sailed through waters it claims.

A day later the vessel moored at Singapore for supplies, the Royal Navy said. \
Beijing summoned the British ambassador.""",
    ),
    (
        "PORT_DENIED",
        """Turkey denies entry

Turkey refused on Monday to let a Greek corvette enter the port of Izmir, Athens said.

The corvette turned back and anchored off Chios. The two countries quarrel over the airspace of the Aegean.""",
    ),
    (
        "PORT_CALL",
        """Brazil and Argentina

The presidents of Brazil and Argentina met in Montevideo on Friday to talk about trade.

An Argentine submarine called at Rio de Janeiro the same day, its first stop there since 2015, and \
was open to visitors.""",
    ),
)


@pytest.fixture(scope="module")
def harbours() -> Reader:
    return Reader(codebooks=[HARBOURS])


def faults(tmp_path: Path, text: str) -> str:
    file = tmp_path / "x.toml"
    file.write_text(text)
    with pytest.raises(CodebookError) as error:
        load(file)
    return str(error.value)


GOOD = 'name = "x"\n[[type]]\nname = "HARVEST"\ndefinition = "crops are brought in"\n'


def test_faults_are_told_with_their_line(tmp_path: Path) -> None:
    example = '[[type.example]]\ntext = "Farmers in Peru brought in the maize."\n'
    assert "line 2: HARVEST has no example" in faults(tmp_path, GOOD)
    assert "line 7: two types are called HARVEST; the other stands at line 2" in faults(
        tmp_path, GOOD + example + GOOD.split("\n", 1)[1] + example
    )
    assert "line 5: source 'Chile' does not stand in the text" in faults(
        tmp_path, GOOD + example + 'source = "Chile"\n'
    )
    assert "line 7: contradicts line 5: the same sentence is an example of HARVEST" in faults(
        tmp_path, GOOD + example + example.replace("example", "counter")
    )
    assert "line 10: contradicts line 5" in faults(
        tmp_path, GOOD + example + GOOD.split("\n", 1)[1].replace("HARVEST", "SOWING") + example
    )
    assert "a circle of kinds: HARVEST → SOWING → HARVEST" in faults(
        tmp_path,
        GOOD
        + 'plover = ["SOWING"]\n'
        + example
        + '[[type]]\nname = "SOWING"\ndefinition = "d"\nplover = ["HARVEST"]\n[[type.example]]\ntext = "They sowed."\n',
    )
    assert "line 2: ASSAULT is one of PLOVER's types" in faults(tmp_path, GOOD.replace("HARVEST", "ASSAULT") + example)
    assert "unknown key 'colour'" in faults(tmp_path, GOOD + 'colour = "red"\n' + example)
    assert "quad 'nice'" in faults(tmp_path, GOOD + 'quad = "nice"\n' + example) and "score 11" in faults(
        tmp_path, GOOD + "score = 11\n" + example
    )
    assert "actors: 'Peru' is no sector" in faults(tmp_path, GOOD + 'actors = ["Peru"]\n' + example)
    assert "line 5: mode 'late' is none" in faults(tmp_path, GOOD + example + 'mode = "late"\n')
    assert (
        "at line 1" in faults(tmp_path, "name = \n")
        and "no [[type]]" in faults(tmp_path, 'name = "x"\n')
        and "no such file" in str(pytest.raises(CodebookError, load, tmp_path / "none.toml").value)
    )


def test_own_types_are_learned_from_a_few_examples(harbours: Reader) -> None:
    def top(sentence, **sides):
        return harbours.classify(sentence, "harbours", **sides)[0]

    for sentence, kind in (
        ("Two Japanese destroyers made a port call in Djibouti on Monday.", "PORT_CALL"),
        ("Argentina denied a British warship permission to dock at Ushuaia.", "PORT_DENIED"),
        ("A French frigate sailed through the Taiwan Strait near China.", "PASSAGE"),
    ):
        name, p = top(sentence)
        assert name == kind and p > 0.5, (sentence, name, p)
    assert top("Farmers in Chile asked the government for seed on Friday.")[1] < 0.5
    spans = harbours.classify(
        "Malta refused to let a Libyan corvette refuel.", source=(0, 5), target="a Libyan corvette"
    )
    assert spans[0][0] == "PORT_DENIED" and 0 <= sum(p for _, p in spans) <= 1
    with pytest.raises(ValueError, match="no codebook 'police'"):
        harbours.classify("Malta refused.", "police")
    with pytest.raises(ValueError, match="does not stand"):
        harbours.classify("Malta refused.", source="Peru")
    with pytest.raises(ValueError, match="has no codebook"):
        Reader().classify("Malta refused.")


def test_recoding_goes_on_where_it_was_stopped(
    harbours: Reader, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.duckdb"
    reports = [
        reader.read_text(f"A Japanese destroyer docked in Mombasa on day {n} of the exercise.", published="2024-05-08")
        for n in range(30)
    ]
    with open_record(path) as record:
        record.add(reports)
    whole = Reader.reread_all

    def stopped(
        self: Reader, articles: Iterable[Article], workers: int = 1, seconds: float = 9.0
    ) -> Iterator[Report | Failure]:
        for n, item in enumerate(whole(self, articles, workers)):
            if n == 12:
                raise KeyboardInterrupt
            yield Failure(item.article.id, "as a trial") if n == 3 and isinstance(item, Report) else item

    monkeypatch.setattr(Reader, "reread_all", stopped)
    command = ["codebook", "recode", str(path), "--codebook", str(HARBOURS)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code and "interrupted: 11 of 30" in result.output and "as a trial" in result.output
    monkeypatch.setattr(Reader, "reread_all", whole)
    result = CliRunner().invoke(main, [*command, "--workers", "2"])
    assert result.exit_code == 0 and "19 articles coded again" in result.output, result.output
    with open_record(path) as record:
        assert not record.unread_by(harbours.version)
        assert {record.report(r.article.id).to_dict()["events"][-1]["codebook"] for r in reports} == {
            harbours.codebooks[0].book.mark
        }  # type: ignore[union-attr]
    kept = [r.article for r in reports]
    assert [r.to_dict() for r in harbours.reread_all(kept, workers=2) if isinstance(r, Report)] == [
        harbours.reread(a).to_dict() for a in kept
    ]


def test_own_types_stand_beside_plovers(harbours: Reader, reader: Reader, tmp_path: Path) -> None:
    report = harbours.read_text(PAGE, published="2024-05-08")
    own = {e.type: e for e in report.events if e.codebook}
    assert set(own) == {"PORT_CALL", "PORT_DENIED", "PASSAGE"}
    call = own["PORT_CALL"]
    assert call.codebook == harbours.codebooks[0].book.mark and call.quad == "material cooperation"
    assert (
        "JPN" in {p.country for p in call.actors}
        and {p.country for p in (*call.actors, *call.recipients)} == {"JPN", "KEN"}
        and call.date
        and call.date.from_ == "2024-05-07"
    )
    assert [e.to_dict() for e in report.events if not e.codebook] == [
        e.to_dict() | {"reader": harbours.version} for e in reader.read_text(PAGE, published="2024-05-08").events
    ]
    assert harbours.read_text(PAGE, published="2024-05-08").to_dict() == report.to_dict()
    path = tmp_path / "r.duckdb"
    with open_record(path) as record:
        record.add(reader.read_text(PAGE, published="2024-05-08"))
        before = len(record.events())
    result = CliRunner().invoke(main, ["codebook", "recode", str(path), "--codebook", str(HARBOURS)])
    assert result.exit_code == 0 and result.output.startswith("1 articles coded again"), result.output
    assert (
        CliRunner()
        .invoke(main, ["codebook", "recode", str(path), "--codebook", str(HARBOURS)])
        .output.startswith("0 articles")
    )
    with open_record(path) as record:
        assert (
            len(record.events()) == before + 3
            and len(record.events(codebook="harbours")) == 3
            and len(record.events(codebook="plover")) == before
        )
        assert sum(r["events"] or 0 for r in record.series("JPN", "KEN", codebook="harbours")) == 1
        mine = len(
            record.events(actor="JPN", recipient="KEN", codebook="plover", modality="actual", polarity="positive")
        )
        assert sum(r["events"] or 0 for r in record.series("JPN", "KEN")) == mine
    out = tmp_path / "polecat.tsv"
    CliRunner().invoke(main, ["export", str(path), "--as", "polecat", "-o", str(out), "--all"])
    assert "PORT_CALL" not in out.read_text()


def test_a_folder_gives_the_same_codes_and_is_checked(harbours: Reader, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["codebook", "fit", str(HARBOURS), "-o", str(tmp_path / "shared"), "--json"])
    told = json.loads(result.output)
    assert (
        [t["type"] for t in told["types"]] == ["PORT_CALL", "PASSAGE", "PORT_DENIED"]
        and told["learning_curve"]
        and any("too few" in w for w in told["warnings"])
    )
    again = Reader(codebooks=[tmp_path / "shared"])
    sentence = "Two Japanese destroyers made a port call in Djibouti on Monday."
    for (a, p), (b, q) in zip(harbours.classify(sentence), again.classify(sentence)):
        assert a == b and abs(p - q) < 1e-4
    assert again.version == harbours.version
    about = json.loads((tmp_path / "shared/head.json").read_text())
    (tmp_path / "shared/head.json").write_text(json.dumps(about | {"model": "0" * 12}))
    with pytest.raises(CodebookError, match="fitted with model 000000000000"):
        Reader(codebooks=[tmp_path / "shared"])
    (tmp_path / "shared/head.json").write_text(json.dumps(about))
    with open(tmp_path / "shared/codebook.toml", "a") as file:
        file.write('[[type.example]]\ntext = "Cuba closed its port to a Polish frigate."\n')
    with pytest.raises(CodebookError, match="the examples are now"):
        Reader(codebooks=[tmp_path / "shared"])
    (tmp_path / "shared/head.npz").write_bytes(b"x")
    with pytest.raises(CodebookError, match="cannot be read"):
        Reader(codebooks=[tmp_path / "shared"])


def test_answers_become_examples_and_disagreements_are_listed(tmp_path: Path) -> None:
    file = tmp_path / "h.toml"
    shutil.copy(HARBOURS, file)
    answer(file, "A Polish frigate berthed in Havana.", "PORT_CALL", "yes", "ann")
    answer(file, "A Polish frigate berthed in Havana.", "PORT_CALL", "yes", "ben")
    answer(file, "A Polish ferry berthed in Havana.", "PORT_CALL", "no", "ann")
    answer(file, "A Polish ferry berthed in Havana.", "PORT_CALL", "yes", "ben")
    answer(file, "Rain fell on Havana.", "PASSAGE", "other", "ann")
    book, before = load(file), load(HARBOURS)
    added = [
        {(e.text, e.counter, e.by) for e in t.examples} - {(e.text, e.counter, e.by) for e in u.examples}
        for t, u in zip(book.types, before.types)
    ]
    assert ("A Polish frigate berthed in Havana.", False, "ann") in added[0] and (
        "Rain fell on Havana.",
        True,
        "ann",
    ) in added[2]
    assert not any("ferry" in text for part in added for text, _, _ in part)
    assert [d["answers"] for d in book.disagreements] == [{"ann": "no", "ben": "yes"}]
    assert book.mark != before.mark and book.agreement is not None and book.agreement < 0.5
    rows = [
        {"text": str(n), "type": "T", "by": by, "verdict": "yes" if n % 2 else "no"}
        for n in range(10)
        for by in ("a", "b")
    ]
    assert alpha(rows) == 1.0 and alpha(rows[:1]) is None
    with pytest.raises(ValueError):
        answer(file, "x", "PORT_CALL", "maybe", "ann")
    (tmp_path / "h.answers.jsonl").write_text("not json\n")
    with pytest.raises(CodebookError, match="line 1: no answer"):
        load(file)


def test_suggestions_are_unsure_and_unlike_each_other(harbours: Reader, tmp_path: Path) -> None:
    texts = [
        PAGE,
        "A tanker called at Lima. The weather was mild. Two frigates left Oslo for the north. A yacht docked in Rio.",
        PAGE.replace("Japanese", "Korean"),
    ]
    found = harbours.suggestions(texts, 4)
    assert (
        1 <= len(found) <= 4
        and len({s.text for s in found}) == len(found)
        and all(s.type in ("PORT_CALL", "PASSAGE", "PORT_DENIED") for s in found)
    )
    with open_record(tmp_path / "r.duckdb") as record:
        record.add([harbours.read_text(t, published="2024-05-08") for t in texts])
    result = CliRunner().invoke(
        main, ["codebook", "suggest", str(HARBOURS), "--record", str(tmp_path / "r.duckdb"), "--count", "3"]
    )
    assert (
        result.exit_code == 0
        and len(result.output.splitlines()) == 3
        and json.loads(result.output.splitlines()[0])["text"]
    )


def test_sentences_as_a_whole_and_many_examples(tmp_path: Path, reader: Reader) -> None:
    towns = ["Lima", "Oslo", "Accra", "Quito", "Sofia", "Hanoi"]
    rows = "".join(
        (
            f'[[type.example]]\ntext = "Storm number {n} flooded the streets of {towns[n % 6]} and left {n} '
            'families homeless."\n'
        )
        for n in range(60)
    )
    file = tmp_path / "storms.toml"
    file.write_text(
        'name = "storms"\n[[type]]\nname = "FLOOD"\ndefinition = "water where it should not be"\n'
        f'score = -4\nquad = "material conflict"\n{rows}'
    )
    mine = Reader(codebooks=[file])
    (event,) = [
        e
        for e in mine.read_text(
            "A storm flooded the streets of Manila on Monday. Ministers from Peru met in Quito.", published="2024-05-08"
        ).events
        if e.codebook
    ]
    assert (
        event.type == "FLOOD"
        and event.evidence.trigger is None
        and event.score == -4
        and event.evidence.text.startswith("A storm")
    )
    import communique.codebooks.fit as fitting

    many, fitting.MOST = fitting.MOST, 30
    try:
        fitter = Fitter(reader._model)
        head, lessons = fitter.fit(load(file))
        assert sum(n.label == 0 for n in lessons) == 30
        assert any("more than 30 examples" in w for w in fitter.expect(load(file), lessons).warnings)
        share(load(file), head, tmp_path / "out")
    finally:
        fitting.MOST = many


def test_wrong_use_of_the_commands(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "x"\n')
    result = CliRunner().invoke(main, ["codebook", "fit", str(bad)])
    assert result.exit_code == 1 and "no [[type]]" in result.output
    result = CliRunner().invoke(main, ["read", "x.txt", "--codebook", str(bad)])
    assert result.exit_code == 2 and "no [[type]]" in result.output


def test_own_types_are_found_in_the_middle_of_an_article(harbours: Reader) -> None:
    missed = [
        text
        for kind, text in ARTICLES
        if kind not in {e.type for e in harbours.read_text(text, published="2024-05-08").events if e.codebook}
    ]
    assert len(missed) <= 1, missed  # a type is learned from a handful of examples


def test_what_weak_types_need_is_told() -> None:
    from communique.codebooks.fit import _needs

    told = list(
        _needs(
            ["A", "B", "C"],
            [8, 40, 40],
            [(0.5,), (0.9,), (0.4,)],
            [(0.4,), (0.9,), (0.9,)],
            [("A", "C", 3), ("B", "C", 1)],
        )
    )
    assert told == [
        "A: 17 more examples (it has 8); examples that differ from C, for which it was taken 3 times",
        "C: counterexamples like those of A, which were taken for it 3 times",
    ]
