"""Events by meaning, on sentences of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique import Event, Reader
from communique.parties import Linker, Resolver
from communique.schema import PartyMention


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
    assert [(a.name, a.level, a.kind) for a in event.according_to] == [
        ("Reuters", 0, "reported"),
        ("Xinhua", 0, "reported"),
    ]


def test_a_state_is_no_person_of_that_first_name(reader: Reader) -> None:
    text = "Israeli Defence Minister Israel Katz met Cypriot officials. Israel condemned Turkey on Monday."
    event = events(reader, text, "2025-01-10")["condemned"]
    assert [(p.name, p.country) for p in event.actors] == [("Israel", "ISR")]


def test_plain_statements_are_no_events(reader: Reader) -> None:
    text = "Peru lies west of Brazil. The river is long. Lima is the capital. The two countries share a border of three thousand kilometres."
    assert len(reader.read_text(text, published="2022-05-04").events) <= 1


def test_cues_tie_the_act_they_hang_on_to_what_they_introduce(reader: Reader) -> None:
    from communique.events.links import ties

    cases = {
        "Libya will not return to the talks unless Chad frees its officers.": ("unless", "frees", "return"),
        "Norway would send ships in return for an apology from Iceland.": ("in_return_for", "apology", "send"),
        "If Oman closes the strait, Qatar will appeal to the court.": ("condition", "closes", "appeal"),
        "In response to the shelling, Togo closed its border with Benin.": ("response", "shelling", "closed"),
        "Serbia recalled its envoy because Albania had insulted its president.": ("cause", "insulted", "recalled"),
        "Mali will lift the ban on condition that Niger withdraws its complaint.": ("condition", "withdraws", "lift"),
    }
    for text, expected in cases.items():
        reading = reader.analyse(text)
        found = [(t.kind, reading.words[t.introduced].text, reading.words[t.governor].text) for t in ties(reading)]
        assert found == [expected], text


def test_a_condition_and_what_it_is_set_for_are_conditional_and_linked(reader: Reader) -> None:
    report = reader.read_text("Kenya will attack Uganda if Uganda invades Rwanda.", published="2022-05-04")
    told = {e.evidence.trigger.text: e for e in report.events if e.evidence.trigger}
    assert told["attack"].modality == "conditional" and told["invades"].modality == "conditional"
    assert [(link.type, link.event, link.other) for link in report.links] == [
        ("condition", told["attack"].id, told["invades"].id)
    ]


def test_a_clause_of_time_beside_a_verb_of_saying_is_not_what_was_said(reader: Reader) -> None:
    told = events(
        reader,
        "US Secretary of State Antony Blinken criticised China's coast guard during his visit to Manila.",
        "2022-08-06",
    )
    assert told["visit"].according_to == ()


def test_a_verb_of_saying_shares_the_speaker_of_the_verb_it_is_joined_to(reader: Reader) -> None:
    report = reader.read_text(
        "Ghana's president criticised the vote and said that Togo had jailed two reporters.", published="2022-05-04"
    )
    told = {e.evidence.trigger.text: e for e in report.events if e.evidence.trigger}
    assert [a.country for a in told["jailed"].according_to] == ["GHA"]


def test_plural_nouns_in_apposition_are_those_named(reader: Reader) -> None:
    event = events(reader, "Australia's neighbours Fiji and Tonga criticised China on Monday.")["criticised"]
    assert countries(event) == ({"FJI", "TON"}, {"CHN"})


def test_turns_of_a_transcript_are_statements_of_who_speaks(reader: Reader) -> None:
    text = "REPORTER: Will Kenya send troops to Somalia?\n\nMINISTER OTIENO: Uganda has attacked our ships.\n\nREPORTER: Thank you."
    report = reader.read_text(text, published="2022-05-04")
    assert [(s.source.text if s.source else None, s.cue.text if s.cue else None, s.kind) for s in report.statements][
        :2
    ] == [("REPORTER", ":", "direct"), ("MINISTER OTIENO", ":", "direct")]
    attack = next(e for e in report.events if e.evidence.trigger and e.evidence.trigger.text == "attacked")
    assert [a.text for a in attack.according_to] == ["MINISTER OTIENO"]


def test_people_of_no_state_are_those_of_the_state_they_suffer_in(reader: Reader) -> None:
    event = events(reader, "Saudi jets bombed a school in Yemen on Sunday.")["bombed"]
    assert countries(event) == ({"SAU"}, {"YEM"})


def test_two_countries_are_those_most_spoken_of_and_not_the_speaker_again(reader: Reader) -> None:
    text = "Kenya and Uganda signed a treaty on Monday. Kenya praised Uganda. A Ghanaian paper reported it.\n\nUganda's president promised to help the farmers of the two countries."
    found = [
        e
        for e in reader.read_text(text, published="2022-05-04").events
        if e.evidence.trigger and e.evidence.trigger.text == "promised"
    ]
    assert found and "GHA" not in {p.country for p in (*found[0].actors, *found[0].recipients)}


def test_parts_of_an_episode_are_of_its_days(reader: Reader) -> None:
    text = """Norwegian Foreign Minister Espen Eide visited Chile and Bolivia last week.

Eide criticized Bolivia's tariffs during his visit to La Paz, and urged Chile to sign the treaty. Peru rejected the treaty.

Kenya met Uganda in Geneva on 2 May 2024. The talks in Geneva between Kenya and Uganda ended in a quarrel. Peru had accused Chile of spying before the talks."""
    events = reader.read_text(text, published="2024-05-08").events
    found = {e.evidence.trigger.text: e.date for e in events if e.evidence.trigger and e.date}
    for word in ("visited", "criticized", "urged"):
        assert (found[word].from_, found[word].to) == ("2024-04-29", "2024-05-05"), word
    assert found["criticized"].basis == "inferred" and found["criticized"].text == "last week"
    assert found["rejected"].basis == "published"
    meetings = [e.date for e in events if e.type == "CONSULT" and e.place and e.place.name == "Geneva" and e.date]
    assert meetings and all(d.from_ == "2024-05-02" for d in meetings)
    assert found["accused"].from_ is None


def test_a_pronoun_gives_the_name_that_stands_in_its_sentence(reader: Reader) -> None:
    (event,) = (
        e
        for e in reader.read_text(
            "The Somali government said it had expelled the Kenyan ambassador.", published="2022-05-04"
        ).events
        if e.recipients and e.recipients[0].country == "KEN"
    )
    assert [p.text for p in event.actors] == ["The Somali government"]
    (event,) = (
        e
        for e in reader.read_text("Kenya said that Peru must release the sailors.", published="2022-05-04").events
        if e.type == "REQUEST"
    )
    assert ({p.country for p in event.actors}, {p.country for p in event.recipients}) == ({"KEN"}, {"PER"})


def test_pronouns_that_stand_for_each_other_end(reader: Reader) -> None:
    reading = reader.analyse("They said it and it said they met them.")
    linker = Linker(reading, Resolver(reader._catalogue), None)
    one, other = (
        PartyMention(w.text, w.start, w.end, None, None, "KEN", "GOV") for w in (reading.words[0], reading.words[2])
    )
    linker._stands_for |= {(one.start, one.end): other, (other.start, other.end): one}
    assert linker.named(one) in (one, other)
    longer = PartyMention("They said", one.start, reading.words[1].end, None, None, "KEN", "GOV")
    assert linker.named(longer) == longer  # "his government" is not "his"


def test_a_demand_that_is_said_is_the_speakers_with_what_is_demanded_as_its_mode(reader: Reader) -> None:
    found = reader.read_text(
        "Chadian Foreign Minister Mahamat Saleh said that Libya must withdraw its soldiers from the border.",
        published="2022-05-04",
    ).events
    assert [(e.type, e.mode, countries(e), e.modality) for e in found] == [
        ("REQUEST", "yield", ({"TCD"}, {"LBY"}), "actual")
    ]


def test_what_is_discussed_takes_no_part(reader: Reader) -> None:
    assert all(
        "PER" not in countries(e)[0] | countries(e)[1]
        for e in events(reader, "Ghana's president discussed the state of its ties with Peru.").values()
    )
    met = events(reader, "Ghana's president discussed fishing with Peru's prime minister in Oslo.")
    assert any(e.type == "CONSULT" and {"GHA", "PER"} <= countries(e)[0] | countries(e)[1] for e in met.values())


def test_a_state_in_a_compound_suffers_nothing_from_who_helps_it(reader: Reader) -> None:
    found = events(reader, "Norway sent tents and doctors to flood-hit Nepal on Monday.")
    assert {e.type for e in found.values() if "NOR" in countries(e)[0]} <= {"AID", "MOBILIZE"} and "hit" not in found


def test_talks_that_may_resume_are_not_held(reader: Reader) -> None:
    found = events(reader, "Oman might support a resumption of talks between Kenya and Uganda.")
    assert found.get("talks") is None or found["talks"].modality != "actual"


def test_one_journey_told_twice_is_one_event(reader: Reader) -> None:
    text = "Norwegian Foreign Minister Anna Lund visited Ghana and Togo on Monday.\n\nDuring her visit to Togo, Lund praised the country's elections."
    journeys = [e for e in reader.read_text(text, published="2022-05-04").events if e.type == "CONSULT"]
    assert [countries(e) for e in journeys] == [({"NOR"}, {"GHA", "TGO"})] and journeys[0].also


def test_they_are_the_several_before_them(reader: Reader) -> None:
    found = events(reader, "Kenya and Peru were angry, and on Monday they condemned Chile.")
    assert countries(found["condemned"]) == ({"KEN", "PER"}, {"CHL"})


def test_modes_are_told_by_the_words_that_define_them(reader: Reader) -> None:
    cases = {
        "A suicide bomber attacked a Kenyan barracks.": "suicide-attack",
        "Chad's police arrested nine Libyan traders.": "arrest",
        "Angolan soldiers shelled a Zambian village.": "heavy-weapons",
    }
    for text, mode in cases.items():
        assert mode in {e.mode for e in reader.read_text(text).events}, text


def test_headlines_leave_the_auxiliary_of_a_passive_out(reader: Reader) -> None:
    event = events(
        reader, "Peruvian envoy expelled from Chad\n\nThe foreign ministry of Chad gave no reason on Monday."
    )["expelled"]
    assert not any(p.country == "PER" for p in event.actors) and any(p.country == "PER" for p in event.recipients)
    event = events(reader, "Chad expelled the Peruvian envoy on Monday.")["expelled"]
    assert countries(event) == ({"TCD"}, {"PER"})


def test_a_passive_is_shared_by_the_verbs_joined_to_it(reader: Reader) -> None:
    found = events(reader, "Two Kenyan journalists were arrested and beaten in Uganda.")
    assert found and all(not any(p.country == "KEN" for p in e.actors) for e in found.values())


def test_an_agencys_credit_is_no_party(reader: Reader) -> None:
    for text in (
        "Pakistan arrests Kenyan militant (Wire)\n\nAn official confirmed it.",
        "Wire - Pakistan arrested a Kenyan militant on Monday.",
    ):
        for event in events(reader, text).values():
            assert not any("Wire" in p.text or p.sector == "JRN" for p in (*event.actors, *event.recipients))


def test_harm_that_nobody_meant_is_no_assault(reader: Reader) -> None:
    for text in (
        "An earthquake killed 40 people in Peru on Monday.",
        "A bus overturned in Kenya, injuring nine tourists.",
        "Cyclone Mona killed three villagers in Fiji.",
    ):
        assert not any(e.type == "ASSAULT" for e in events(reader, text).values())
    assert (
        events(reader, "Rebels stormed a police station in Chad on Monday, killing three officers.")["stormed"].type
        == "ASSAULT"
    )


def test_armed_people_of_no_state_abduct_and_do_not_arrest(reader: Reader) -> None:
    event = events(reader, "Gunmen seized three Kenyan engineers in Chad on Monday.")["seized"]
    assert (event.type, event.mode) == ("ASSAULT", "abduct")
    event = events(reader, "Police in Chad seized three Kenyan smugglers on Monday.")["seized"]
    assert event.type == "COERCE"


def test_troops_that_are_withdrawn_are_not_who_suffers_it(reader: Reader) -> None:
    event = events(reader, "Kenya withdrew its troops from Somalia on Monday.")["withdrew"]
    assert countries(event)[0] == {"KEN"} and not any("troops" in p.text for p in event.recipients)


def test_confidence_is_between_nothing_and_one_and_every_event_has_a_party(reader: Reader) -> None:
    for text in (
        "Kenya accused Libya of arming rebels.",
        "Talks were held.",
        "Peru and its allies agreed to meet in Lima next week.",
    ):
        for event in events(reader, text).values():
            assert 0 < event.confidence < 1 and (event.actors or event.recipients)


def test_a_continent_a_sea_and_what_belongs_to_another_are_no_state(reader: Reader) -> None:
    for text in ("South American leaders", "the Gulf", "northern Ireland police", "Asia"):
        found = reader.resolve(text, on="2022-05-04")
        assert found is None or found.country is None
    found = reader.resolve("Peru's Workers' Party", on="2022-05-04")
    assert found is not None and found.country == "PER"
    for text in ("N. Korea", "N.Korea"):
        found = reader.resolve(text, on="2022-05-04")
        assert found is not None and found.country == "PRK"


def test_what_a_headline_tells_is_told_again_below_it(reader: Reader) -> None:
    text = (
        "Chad attacks Sudanese post near Tine\n\nNDJAMENA - Chadian troops attacked a Sudanese post near Tine on Sunday.\n\n"
        "Chadian troops attacked a second Sudanese post on Monday."
    )
    first, second = [e for e in reader.read_text(text, published="2024-05-07").events if e.type == "ASSAULT"]
    assert (
        first.evidence.trigger
        and first.evidence.trigger.text == "attacks"
        and [a.trigger.text for a in first.also if a.trigger] == ["attacked"]
    )
    assert (
        first.date
        and (first.date.from_, first.date.basis) == ("2024-05-05", "stated")
        and [p.text for p in first.actors] == ["Chadian troops"]
    )
    assert second.date and second.date.from_ == "2024-05-06" and not second.also


def test_the_same_act_of_another_year_is_another_event(reader: Reader) -> None:
    text = "Zambia bars Malawian lorries at Mwami border post\n\nZambia barred Malawian lorries from the Mwami border post on Monday. Zambia had barred Malawian lorries in 2019."
    told = [
        e
        for e in reader.read_text(text, published="2024-05-07").events
        if e.evidence.trigger and e.evidence.trigger.text in ("bars", "barred")
    ]
    assert [e.date.from_ for e in told if e.date] == ["2024-05-06", "2019-01-01"] and [len(e.also) for e in told] == [
        1,
        0,
    ]


def dated(reader: Reader, text: str, word: str) -> tuple[str | None, str | None]:
    found = next(
        e
        for e in reader.read_text(text, published="2022-09-15").events
        if e.evidence.trigger and e.evidence.trigger.text == word
    )
    assert found.date
    return found.date.from_, found.date.basis


def test_an_act_told_again_is_of_the_day_it_is_told_of(reader: Reader) -> None:
    again = "Ghana and Togo signed a border treaty that their parliaments had awaited.\n\nThe treaty was signed in Lome on Monday, officials said."
    assert dated(reader, again, "signed") == ("2022-09-12", "stated")
    signed = [
        e
        for e in reader.read_text(again, published="2022-09-15").events
        if e.evidence.trigger and e.evidence.trigger.text == "signed"
    ]
    assert (
        [(countries(e), len(e.also)) for e in signed] == [(({"GHA", "TGO"}, set()), 1)]
        and signed[0].place
        and signed[0].place.name == "Lomé"
    )
    undone = reader.read_text(
        "Ghana and Togo signed a border treaty in March.\n\nThe treaty was not signed by the ministers in Lome, officials said.",
        published="2022-09-15",
    )
    later = reader.read_text(
        "Ghana and Togo signed a border treaty in March.\n\nThe treaty will be signed again in Lome on Friday.",
        published="2022-09-15",
    )
    for report in (undone, later):
        first = next(e for e in report.events if countries(e)[0] == {"GHA", "TGO"})
        assert first.also == () and first.place is None and first.date and first.date.from_ == "2022-03-01"
    pointed = "Kenya accused Uganda of smuggling timber on Monday.\n\nTraders feared for their business. Kenya's accusation of Uganda surprised diplomats in Kampala."
    told = [
        e
        for e in reader.read_text(pointed, published="2022-09-15").events
        if e.type == "ACCUSE" and countries(e) == ({"KEN"}, {"UGA"})
    ]
    assert [len(e.also) for e in told] == [1] and told[0].date and told[0].date.from_ == "2022-09-12"
    other = "Kenya accused Uganda of smuggling timber on Monday.\n\nUganda's accusation of Rwanda surprised diplomats in Kampala."
    assert dated(reader, other, "accusation")[1] != "inferred"


def test_what_is_done_meanwhile_in_answer_or_by_saying_is_of_that_day(reader: Reader) -> None:
    assert (
        dated(reader, "While visiting Oslo on Monday, Ghana's president urged Norway to open its ports.", "urged")[0]
        == "2022-09-12"
    )
    letter = "Peru's foreign ministry sent a letter to Chile on Monday.\n\nIn the letter, the ministry urged Chile to withdraw its ships."
    assert dated(reader, letter, "urged")[0] == "2022-09-12"
    said = "Peru's foreign minister said on Monday that Lima rejected Chile's offer of talks."
    assert dated(reader, said, "rejected")[0] == "2022-09-12"
    answer = "Kenya expelled two Ugandan diplomats on Monday.\n\nIn response to the expulsion of the diplomats by Kenya, Uganda accused Kenya of hostility."
    assert dated(reader, answer, "accused")[0] == "2022-09-12"


def test_a_noun_told_again_is_of_the_state_it_was_of(reader: Reader) -> None:
    told = events(
        reader,
        "Kenya expelled two Ugandan diplomats on Monday.\n\nTogo criticised the expulsion of the diplomats by Kenya.",
    )
    assert [countries(e) for e in told.values() if e.type == "SANCTION"] == [({"KEN"}, {"UGA"})]
    other = events(reader, "Armed rebels met Ugandan diplomats.\n\nKenya attacked the rebels.")["attacked"]
    assert countries(other) == ({"KEN"}, {None})


def test_the_subject_of_a_verb_under_a_headline_acts(reader: Reader) -> None:
    asked = events(reader, "Headway in the talks on trade\n\nArmenia asked Russia to withdraw its border guards.")[
        "asked"
    ]
    assert countries(asked) == ({"ARM"}, {"RUS"})


def test_two_attacks_in_one_plain_paragraph_are_two(reader: Reader) -> None:
    told = [
        e
        for e in reader.read_text("Chad attacked Niger. Later Chad attacked Niger.", published="2022-09-15").events
        if e.type == "ASSAULT"
    ]
    assert len(told) == 2


def test_what_is_wished_has_no_day_of_its_own(reader: Reader) -> None:
    text = "Peru's president sent Chile's president a letter. Peru hopes that Chile will withdraw its troops."
    wished = [e for e in reader.read_text(text, published="2022-09-15").events if e.modality == "desired"]
    assert wished and all(e.date is None or e.date.basis == "none" for e in wished)


def test_what_is_of_two_states_is_not_done_to_one_of_those_who_do_it(reader: Reader) -> None:
    assert countries(events(reader, "Kenya and Uganda reaffirmed the Kenya-Uganda alliance.")["reaffirmed"]) == (
        {"KEN", "UGA"},
        set(),
    )
    assert countries(events(reader, "Togo praised the Ghana-Benin agreement.")["praised"]) == ({"TGO"}, {"GHA", "BEN"})


def test_a_noun_told_again_means_all_whom_it_meant(reader: Reader) -> None:
    told = "Diplomats from Oslo and Lima met on Monday.\n\nThe diplomats signed a fishing accord."
    assert countries(events(reader, told)["signed"])[0] == {"NOR", "PER"}
    adjectives = "Guatemalan and Belizean officials met on Monday.\n\nThe officials signed a fishing accord."
    assert countries(events(reader, adjectives)["signed"])[0] == {"GTM", "BLZ"}


def test_who_came_before_the_talks_does_not_hold_them(reader: Reader) -> None:
    found = reader.read_text("The talks in Geneva came after Norway's foreign minister visited Ghana.").events
    assert [e.evidence.trigger.text for e in found if e.evidence.trigger] == ["visited"]


def test_what_is_given_in_return_goes_to_who_gives(reader: Reader) -> None:
    text = "China had called for a plan in which Kenya would give guarantees in return for Uganda dropping its claims."
    told = events(reader, text)
    assert countries(told["dropping"]) == ({"UGA"}, {"KEN"}) and countries(told["give"]) == ({"KEN"}, {"UGA"})


def test_it_in_a_clause_with_as_is_the_subject_over_it(reader: Reader) -> None:
    text = "Norway worked to boost ties with Ghana, its oldest partner in the region, as it held talks with Togo."
    held = next(
        e for e in reader.read_text(text).events if e.evidence.trigger and e.evidence.trigger.text in ("held", "talks")
    )
    assert "NOR" in countries(held)[0]


def test_owners_of_condemned_acts_and_two_states_before_a_noun(reader: Reader) -> None:
    assert countries(events(reader, "The United Nations condemned Chad's attack on Togo.")["condemned"])[1] == {"TCD"}
    assert countries(events(reader, "The World Court rejected U.S. and British objections.")["rejected"])[1] == {
        "USA",
        "GBR",
    }
    assert countries(
        events(reader, "Amid reports that thousands of Ghanaian soldiers had surrendered, aides were upbeat.")[
            "surrendered"
        ]
    ) == ({"GHA"}, set())


def test_strangers_beside_the_known_act_too(reader: Reader) -> None:
    told = events(reader, "Norway and its allies condemned Chad.")["condemned"]
    assert [(p.text, p.country) for p in told.actors] == [("Norway", "NOR"), ("its allies", None)]


def test_one_person_of_two_nations_is_one_party(reader: Reader) -> None:
    told = events(reader, "Gunmen abducted a Lebanese-American engineer on Monday.")["abducted"]
    assert [p.text for p in told.recipients] == ["a Lebanese-American engineer"]


def test_who_stands_in_another_clause_does_not_act_in_this_one(reader: Reader) -> None:
    told = events(reader, "The tense talks in Lima came after Kenya's foreign minister had visited Ghana and Togo.")
    assert set(told) == {"visited"} and countries(told["visited"]) == ({"KEN"}, {"GHA", "TGO"})


def test_what_is_done_with_ones_own_troops_or_at_a_congress_is_not_done_to_them(reader: Reader) -> None:
    assert countries(events(reader, "Honduras pledged to withdraw its troops from Belize.")["pledged"])[1] <= {"BLZ"}
    vowed = events(reader, "Laos vowed at a party congress to free its prisoners from Cambodia.")["vowed"]
    assert all(p.country for p in vowed.recipients)


def test_what_a_refusal_or_a_letter_is_about_is_done_to_whom_it_names(reader: Reader) -> None:
    refusal = events(reader, "Cuba's refusal to negotiate with the Colombian government surprised diplomats.")[
        "refusal"
    ]
    assert countries(refusal) == ({"CUB"}, {"COL"})
    letter = events(reader, "Peru's president sent a letter to Chile's president threatening to close the border.")[
        "threatening"
    ]
    assert countries(letter) == ({"PER"}, {"CHL"})


def test_thousands_of_two_armies_are_of_both(reader: Reader) -> None:
    told = events(reader, "Thousands of Kenyan and Ugandan troops launched joint exercises in Tanzania on Monday.")[
        "launched"
    ]
    assert countries(told)[0] == {"KEN", "UGA"}


def test_who_suffers_a_crash_kills_nobody(reader: Reader) -> None:
    assert not reader.read_text(
        "Nepal suffered its worst plane crash in 30 years in January, killing all 72 people aboard an airliner."
    ).events


@pytest.mark.parametrize(
    "text",
    [
        "Kenyan and Ugandan officials traded barbs in Rwanda on Monday.",
        "US and Chinese officials exchanged sharp barbs in Norway last week.",
    ],
)
def test_where_two_states_quarrel_is_not_whom_they_quarrel_with(reader: Reader, text: str) -> None:
    (event,) = reader.read_text(text).events
    assert event.type == "ACCUSE" and len({p.country for p in event.actors}) == 2 and not event.recipients


@pytest.mark.parametrize(
    ("text", "kind", "mode"),
    [
        ("A court in Belarus convicted a Lithuanian engineer of spying.", "SANCTION", "convict"),
        ("Iran seized a Greek tanker in the Gulf.", "COERCE", "seize"),
        ("Rebels seized twelve Chinese engineers in Sudan.", "ASSAULT", "abduct"),
    ],
)
def test_what_the_codebook_calls_by_its_word_is_of_that_type(reader: Reader, text: str, kind: str, mode: str) -> None:
    assert [(e.type, e.mode) for e in reader.read_text(text).events] == [(kind, mode)]


@pytest.mark.parametrize(
    "text",
    [
        "Kenya's former president died in hospital on Monday, officials said.",
        "A Togolese journalist died in custody on Friday.",
        "Three Chilean miners died when a tunnel collapsed.",
    ],
)
def test_who_dies_is_not_killed_by_that(reader: Reader, text: str) -> None:
    assert not [e for e in reader.read_text(text).events if e.type == "ASSAULT"]


@pytest.mark.parametrize(
    "text",
    [
        "Twelve soldiers died in a bombing in Mali.",
        "Ten Syrians died when Turkish jets bombed the town.",
        "Rebels attacked a village in Mali and twelve people died.",
    ],
)
def test_who_dies_of_an_act_of_violence_is_acted_on(reader: Reader, text: str) -> None:
    found = [e for e in reader.read_text(text).events if e.type == "ASSAULT"]
    victims = {"Twelve soldiers", "Ten Syrians", "twelve people"}
    assert victims & {p.text for e in found for p in e.recipients} and not victims & {
        p.text for e in found for p in e.actors
    }


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The United States announced that it would open embassies in Kiribati and Tonga.", "future"),
        ("Peru said it would send food to Chad.", "future"),
        ("Peru said it would send food to Chad if the port reopened.", "conditional"),
    ],
)
def test_would_is_the_will_of_what_was_said_in_the_past(reader: Reader, text: str, modality: str) -> None:
    assert [e.modality for e in reader.read_text(text).events] == [modality]


def test_a_headline_s_bare_present_is_no_condition(reader: Reader) -> None:
    report = reader.read(Path(__file__).parents[1] / "examples/pages/kenya_uganda.html")
    assert (
        next(e.modality for e in report.events if e.evidence.trigger and e.evidence.trigger.text == "sign") == "actual"
    )


def test_who_is_joined_to_the_name_behind_a_title_is_another(reader: Reader) -> None:
    found = reader.read_text(
        "The envoys spoke during a meeting in Lima on Monday between Chilean senior diplomat Ana Soto and Peruvian Ambassador to Chile Luis Vega."
    ).events
    assert [(e.type, {p.country for p in e.actors}) for e in found] == [("CONSULT", {"CHL", "PER"})]


@pytest.mark.parametrize(
    ("text", "kind", "sides"),
    [
        ("Lebanon suffered heavy strikes from Israel on Monday.", "ASSAULT", ({"ISR"}, {"LBN"})),
        ("Ghana faces sanctions from the United States over the coup.", "SANCTION", ({"USA"}, {"GHA"})),
        ("Villages in Sudan suffered raids by Chadian militiamen.", "ASSAULT", ({"TCD"}, {"SDN"})),
        ("Jordan came under attack from Syria.", "ASSAULT", ({"SYR"}, {"JOR"})),
        ("The city of Kharkiv came under fire from Russian ships.", "ASSAULT", ({"RUS"}, {"UKR"})),
        ("Kharkiv came under heavy shelling overnight.", "ASSAULT", (set(), {"UKR"})),
    ],
)
def test_who_undergoes_something_is_acted_on(
    reader: Reader, text: str, kind: str, sides: tuple[set[str], set[str]]
) -> None:
    (event,) = reader.read_text(text).events
    assert (event.type, countries(event)) == (kind, sides)


def test_who_is_seen_undergoes_nothing(reader: Reader) -> None:
    (event,) = reader.read_text("Peru's president will see the Chilean foreign minister in Lima on Tuesday.").events
    assert "PER" in countries(event)[0]


def test_who_says_that_another_will_face_something_threatens_it(reader: Reader) -> None:
    event = next(
        e
        for e in reader.read_text("Russia said Finland would face consequences if it joined the alliance.").events
        if e.type == "THREATEN"
    )
    assert countries(event) == ({"RUS"}, {"FIN"})


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Tens of thousands marched through Paris against the pension reform.", "FRA"),
        ("Thousands rallied in Nairobi on Saturday.", "KEN"),
        ("Miners went on strike in South Africa over pay.", "ZAF"),
    ],
)
def test_people_of_no_state_who_protest_in_one_are_its_people_and_protest_against_no_place(
    reader: Reader, text: str, country: str
) -> None:
    (event,) = reader.read_text(text).events
    assert (event.type, countries(event)) == ("PROTEST", ({country}, set()))


@pytest.mark.parametrize(
    "text", ["Russia massed tanks along its border with Ukraine.", "Russia moved its men to Ukraine's border."]
)
def test_what_is_led_somewhere_is_not_acted_on(reader: Reader, text: str) -> None:
    (event,) = reader.read_text(text).events
    assert countries(event) == ({"RUS"}, {"UKR"})


def test_what_two_do_in_the_south_of_a_state_is_not_done_to_it(reader: Reader) -> None:
    for event in reader.read_text("Kenya and Uganda held joint exercises in the south of Tanzania.").events:
        assert "TZA" not in countries(event)[1]


def test_who_is_ordered_to_do_harm_is_acted_on(reader: Reader) -> None:
    (event,) = reader.read_text("Two newspapers in Chad were ordered to suspend publication on Friday.").events
    assert event.type == "COERCE" and countries(event) == (set(), {"TCD"})


def test_a_day_behind_a_name_is_no_part_of_it(reader: Reader) -> None:
    (event,) = reader.read_text("A Kenyan court on Friday sentenced a Ugandan trader.").events
    assert [p.text for p in event.actors] == ["A Kenyan court"]


@pytest.mark.parametrize(
    "text",
    [
        "The teenager was shot and killed by police in Athens.",
        "A Chadian journalist was beaten and tortured in custody.",
        "Kenya bombed and shelled the Somali town.",
    ],
)
def test_one_act_told_by_two_verbs_is_one_event(reader: Reader, text: str) -> None:
    (event,) = reader.read_text(text).events
    assert event.type == "ASSAULT" and event.recipients and len(event.also) == 1


def test_two_verbs_with_their_own_days_tell_two_acts(reader: Reader) -> None:
    assert len(reader.read_text("The Peruvian general was arrested in May and jailed in June.").events) == 2


def test_an_act_that_does_something_says_what_is_done(reader: Reader) -> None:
    assert not [
        e for e in reader.read_text("A fresh wave of rioting hit Greece on Friday.").events if e.type == "ASSAULT"
    ]
    assert [e.type for e in reader.read_text("The embargo hit Peru hard.").events] == ["SANCTION"]
    assert [e.type for e in reader.read_text("A bombing rocked Kabul on Monday.").events] == ["ASSAULT"]


def test_who_will_not_be_made_to_is_who_refuses(reader: Reader) -> None:
    (event,) = reader.read_text("Peru will not be intimidated by Chile, its president said.").events
    assert (event.type, countries(event)) == ("REJECT", ({"PER"}, {"CHL"}))


def test_a_town_is_of_its_state_but_not_where_it_names_the_talks(reader: Reader) -> None:
    (event,) = reader.read_text("Russian missiles hit Odesa on Monday.").events
    assert countries(event) == ({"RUS"}, {"UKR"})
    assert not [
        p
        for e in reader.read_text("The Anchorage talks reflected worse relations, diplomats said.").events
        for p in e.actors
        if p.country == "USA"
    ]


def test_capitals_tell_a_body_from_a_pronoun(reader: Reader) -> None:
    (event,) = reader.read_text("The United States accused the WHO of bias.").events
    assert countries(event)[0] == {"USA"} and [p.name for p in event.recipients] == ["World Health Organization"]
    for text in ("WHO WILL ACCUSE THE UNITED STATES OF BIAS?", "Who accused the United States of bias?"):
        assert not [
            p
            for e in reader.read_text(text).events
            for p in (*e.actors, *e.recipients)
            if p.name and "Health" in p.name
        ]


def test_what_is_condemned_is_not_what_condemning_tells(reader: Reader) -> None:
    for event in reader.read_text("Togo condemned the expulsion of two Ugandan diplomats by Kenya.").events:
        if "TGO" in countries(event)[0]:
            assert event.type != "SANCTION"
        else:
            assert (event.type, countries(event)[0]) == ("SANCTION", {"KEN"})


def test_between_before_a_phrase_is_of_the_whole_phrase(reader: Reader) -> None:
    found = [
        e
        for e in reader.read_text("Heated talks between top diplomats from Lima and Santiago ended on Friday.").events
        if e.type == "CONSULT"
    ]
    assert [{p.country for p in e.actors} for e in found] == [{"PER", "CHL"}]
