"""Events by meaning, on sentences of our own."""

from __future__ import annotations

from communique import Event, Reader


def events(reader: Reader, text: str, day: str = "2022-05-04") -> dict[str, Event]:
    """Events by the word that tells them."""
    return {e.evidence.trigger.text: e for e in reader.read_text(text, published=day).events if e.evidence.trigger}


def countries(event: Event) -> tuple[set[str | None], set[str | None]]:
    return {p.country for p in event.actors}, {p.country for p in event.recipients}


def test_active_passive_and_noun_tell_the_same(reader: Reader) -> None:
    for text in ("Kenya accused Libya of arming rebels.", "Libya was accused by Kenya of arming rebels."):
        event = events(reader, text)["accused"]
        assert (event.type, countries(event)) == ("ACCUSE", ({"KEN"}, {"LBY"}))
    event = events(reader, "Chad's criticism of Libya grew sharper.")["criticism"]
    assert (event.type, countries(event)) == ("ACCUSE", ({"TCD"}, {"LBY"}))


def test_coordination_stays_one_list(reader: Reader) -> None:
    event = events(reader, "Peru, Chile and Ecuador criticised Colombia on Monday.")["criticised"]
    assert countries(event)[0] == {"PER", "CHL", "ECU"}


def test_a_subject_that_is_the_first_word_is_seen(reader: Reader) -> None:
    event = events(reader, "Peru, Chile and Ecuador condemned the attack by Colombian rebels.")["condemned"]
    assert event.type == "ACCUSE" and countries(event)[0] == {"PER", "CHL", "ECU"}


def test_a_meeting_with_no_host_has_actors_alone_and_a_visitor_has_a_host(reader: Reader) -> None:
    event = events(reader, "Talks between Kenya and Uganda were held in Vienna on Monday.")["Talks"]
    assert event.type == "CONSULT" and countries(event) == ({"KEN", "UGA"}, set())
    visit = events(reader, "Norwegian diplomats visited Peru on Monday.")["visited"]
    assert (visit.type, visit.mode, countries(visit)) == ("CONSULT", "visit", ({"NOR"}, {"PER"}))


def test_what_is_denied_planned_or_wanted_is_said(reader: Reader) -> None:
    assert events(reader, "Kenya did not condemn Uganda.")["condemn"].polarity == "negative"
    assert events(reader, "Kenya may attack Uganda.")["attack"].modality == "possible"
    promise = events(reader, "Japan pledged to give Vietnam two patrol boats.")["pledged"]
    assert (promise.type, promise.modality) == ("AGREE", "future")


def test_parallel_sources_stand_on_one_level(reader: Reader) -> None:
    event = events(reader, "Russia attacked a port in Ukraine on Sunday, according to Reuters and Xinhua.")["attacked"]
    assert [(a.name, a.level, a.kind) for a in event.according_to] == [("Reuters", 0, "reported"), ("Xinhua", 0, "reported")]


def test_a_state_is_no_person_of_that_first_name(reader: Reader) -> None:
    text = "Israeli Defence Minister Israel Katz met Cypriot officials. Israel condemned Turkey on Monday."
    event = events(reader, text, "2025-01-10")["condemned"]
    assert [(p.name, p.country) for p in event.actors] == [("Israel", "ISR")]


def test_plain_statements_are_no_events(reader: Reader) -> None:
    text = "Peru lies west of Brazil. The river is long. Lima is the capital. The two countries share a border of three thousand kilometres."
    assert len(reader.read_text(text, published="2022-05-04").events) <= 1
