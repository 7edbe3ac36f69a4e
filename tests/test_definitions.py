"""PLOVER's definitions as data, and that the reader applies them; why an event says what it says."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from communique import Reader, Report
from communique.cli import main
from communique.events import FUTURE_OF, MODES, QUADS, SCORES, score
from communique.events.decode import _defined
from communique.events.ontology import DEFINITIONS, FUTURE, MUTUAL, NEEDS_RECIPIENT, TYPES
from communique.schema import TYPES as NAMES

PAGE = """Ghana condemns Togo over border raid

ACCRA, May 4 - Ghana condemned Togo on Wednesday after Togolese soldiers attacked a village near Aflao.

The foreign ministry said Ghana would recall its ambassador unless Togo apologised."""


@pytest.fixture(scope="module")
def report(reader: Reader) -> Report:
    return reader.read_text(PAGE, published="2022-05-04")


def scores(**likely: float) -> np.ndarray:
    """Probabilities of the types, and of none, with some as given."""
    found = np.full(len(TYPES) + 1, 1e-3, np.float32)
    for name, value in likely.items():
        found[TYPES.index(name)] = value
    return found


def test_the_table_has_every_type_with_its_quad_score_and_meaning() -> None:
    assert TYPES == NAMES and set(QUADS) == set(SCORES) == set(DEFINITIONS) == set(TYPES)
    assert all(-10 <= s <= 10 for s in [*SCORES.values(), *(v for m in MODES.values() for v in m.values())])
    assert score("ASSAULT", "unconventional") == -10 and score("ASSAULT", None) == -9
    assert FUTURE_OF == {"AGREE": ("AID", "CONSULT", "COOPERATE", "SUPPORT"), "CONCEDE": ("RETREAT",)}


@pytest.mark.parametrize(("kind", "promised"), sorted(FUTURE.items()))
def test_what_is_only_planned_takes_the_type_that_its_definition_gives(kind: str, promised: str) -> None:
    sides = np.array([[0.9, 0.0], [0.0, 0.9]], np.float32)
    told, _, decided = _defined(scores(**{kind: 0.9}), [0, 1], sides, (0,), (1,), "future")
    assert told == promised and decided and kind in decided
    assert _defined(scores(**{kind: 0.9}), [0, 1], sides, (0,), (1,), "actual")[0] == kind


@pytest.mark.parametrize("kind", sorted(NEEDS_RECIPIENT))
def test_a_type_that_asks_for_a_recipient_has_one_or_is_another_type(kind: str) -> None:
    likely = np.array([[0.9, 0.0], [0.0, 0.2]], np.float32)
    told, recipients, decided = _defined(scores(**{kind: 0.8, "ACCUSE": 0.2}), [0, 1], likely, (0,), (), "actual")
    assert (told, recipients) == (kind, (1,)) and decided
    nobody = np.array([[0.9, 0.0]], np.float32)
    assert _defined(scores(**{kind: 0.8, "ACCUSE": 0.2}), [0], nobody, (0,), (), "actual")[0] == "ACCUSE"
    assert _defined(scores(**{kind: 0.8}), [0], nobody, (0,), (), "actual")[0] is None


def test_two_who_do_it_together_need_no_recipient() -> None:
    sides = np.array([[0.9, 0.0], [0.9, 0.0]], np.float32)
    assert "COOPERATE" in MUTUAL
    assert _defined(scores(COOPERATE=0.9), [0, 1], sides, (0, 1), (), "actual")[0] == "COOPERATE"


def test_a_mode_is_one_of_its_types(report: Report) -> None:
    assert all(e.mode is None or e.mode in MODES[e.type] for e in report.events)


def test_an_explanation_names_winner_and_runner_up_of_each_part(reader: Reader, report: Report) -> None:
    event = next(e for e in report.events if e.type == "ACCUSE")
    why = reader.explain(report, event.id)
    assert why.event == event.id and why.confidence == pytest.approx(event.confidence, abs=0.001)
    for part in (why.types, why.actors, why.recipients, why.modality, why.polarity, why.modes):
        assert len(part) >= 2 and any(c.chosen for c in part)
        assert [c.score for c in part] == sorted((c.score for c in part), reverse=True)
    assert [c.text for c in why.types if c.chosen] == [event.type]
    chosen = {(c.start, c.end) for c in why.actors if c.chosen}
    assert chosen and all(report.article.text[s:e] for s, e in chosen)
    assert any("types" in line and "*ACCUSE" in line for line in why.lines())


def test_an_explanation_says_whose_an_unnamed_body_is(reader: Reader) -> None:
    text = "Ministers of Kenya and Uganda met on Sunday.\n\nProtesters attacked shops in Nairobi on Monday."
    report = reader.read_text(text, published="2022-05-04")
    event = next(e for e in report.events if any(p.text == "Protesters" for p in e.actors))
    why = reader.explain(report, event.id)
    home = next(h for h in why.homes if h.text == "Protesters")
    assert text[home.start : home.end] == "Protesters"
    assert {c.text for c in home.states} == {"KEN", "UGA", "none"} and home.reasons
    assert [c.text for c in home.states if c.chosen] == [p.country for p in event.actors] == ["KEN"]
    assert any(line.strip().startswith("state of “Protesters”: *KEN") for line in why.lines())
    named = reader.read_text("Kenya accused Peru of theft.", published="2022-05-04")
    assert named.events and all(reader.explain(named, e.id).homes == () for e in named.events)


def test_an_event_that_is_not_there_is_refused_in_one_line(reader: Reader, report: Report) -> None:
    with pytest.raises(ValueError, match="no event e:none"):
        reader.explain(report, "e:none")


def test_the_command_explains_a_page(tmp_path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    told = CliRunner().invoke(main, ["explain", str(page), "--published", "2022-05-04"])
    assert told.exit_code == 0 and "types: *ACCUSE" in told.output
    wrong = CliRunner().invoke(main, ["explain", str(page), "e:none"])
    assert wrong.exit_code == 2 and "no event e:none" in wrong.output


def test_events_below_the_confidence_asked_for_are_left_out(reader: Reader, report: Report, tmp_path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    told = CliRunner().invoke(main, ["read", str(page), "--format", "events", "--confidence", "0.5"])
    events = [json.loads(line) for line in told.output.splitlines()]
    assert events and all(e["confidence"] >= 0.5 for e in events)
    assert CliRunner().invoke(main, ["read", str(page), "--confidence", "2"]).exit_code == 2
    with pytest.raises(ValueError, match="min_confidence"):
        Reader(min_confidence=1.5)


def test_a_body_without_a_state_is_of_the_state_that_the_page_is_about(reader: Reader) -> None:
    text = (
        "Floods hit Ghana\n\nACCRA, May 4 - Ghana declared an emergency on Wednesday.\n\n"
        "In Kumasi, police arrested forty protesters who had blocked a road."
    )
    events = reader.read_text(text, published="2022-05-04").events
    arrest = next(e for e in events if e.evidence.trigger and e.evidence.trigger.text == "arrested")
    assert {p.country for p in arrest.actors} == {"GHA"}
