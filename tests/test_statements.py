"""According to whom: sources, cues and contents, what is said within what is said, and texts that try to break it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from communique import Reader, Report, Statement
from communique.reading import Chunk
from communique.statements.contents import clause_of


def read(reader: Reader, text: str) -> Report:
    report = reader.read_text(text, published="2022-05-04")
    for s in report.statements:
        for span in (s.cue, s.source, s.addressee, *s.content):
            if span is not None and span.start is not None:
                assert text[span.start : span.end] == span.text
    return report


def by_cue(report: Report, cue: str) -> Statement:
    return next(s for s in report.statements if s.cue is not None and cue in s.cue.text)


def said(statement: Statement) -> str:
    return " ".join(span.text for span in statement.content)


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        (
            (
                "Xinhua reported on Monday that the Kenyan foreign minister had told reporters that Uganda's "
                "president had said that the fishermen would be freed."
            ),
            ["Xinhua", "the Kenyan foreign minister", "Uganda's president"],
        ),
        (
            (
                "According to the Daily Nation, a Somali spokesman said on Friday that Ethiopian generals had "
                "told him that Eritrea was arming the rebels."
            ),
            ["the Daily Nation", "a Somali spokesman", "Ethiopian generals"],
        ),
    ],
)
def test_three_levels_each_within_the_one_before(reader: Reader, text: str, sources: list[str]) -> None:
    statements = read(reader, text).statements
    assert [s.source.text if s.source else None for s in statements] == sources
    assert [s.within for s in statements] == [None, statements[0].id, statements[1].id]
    assert said(statements[2]) in said(statements[1]) and said(statements[1]) in said(statements[0])


def test_the_chain_of_an_event_runs_from_the_outermost_source_inwards(reader: Reader) -> None:
    report = read(
        reader,
        "According to the Daily Nation, a Somali spokesman said on Friday that Ethiopian generals had told "
        "him that Eritrea was arming the rebels.",
    )
    chains = [[(a.level, a.country, a.kind) for a in e.according_to] for e in report.events]
    assert [(0, "KEN", "reported"), (1, "SOM", "stated"), (2, "ETH", "stated")] in chains


def test_somebody_quoted_as_saying_is_the_inner_source(reader: Reader) -> None:
    report = read(reader, "KUNA quoted Oman's foreign minister as saying that Israel had bombed the port.")
    outer, inner = by_cue(report, "quoted"), by_cue(report, "saying")
    assert (
        outer.source
        and outer.source.country == "KWT"
        and inner.source
        and inner.source.text == "Oman's foreign minister"
    )
    assert inner.within == outer.id and said(inner) == "that Israel had bombed the port"


def test_sources_joined_by_and_are_parallel_on_one_level(reader: Reader) -> None:
    report = read(reader, "According to TASS and the Anadolu agency, Armenia expelled two Azerbaijani diplomats.")
    (event,) = report.events
    assert [(a.level, a.name, a.kind) for a in event.according_to] == [
        (0, "TASS", "reported"),
        (0, "Anadolu", "reported"),
    ]
    assert report.statements[0].source and report.statements[0].source.text == "TASS and the Anadolu agency"


def test_a_report_of_agencies_accuses_nobody(reader: Reader) -> None:
    report = read(reader, "TASS and Interfax reported that Armenia had expelled two Azerbaijani diplomats.")
    assert [e.type for e in report.events] == ["SANCTION"]


def test_a_quotation_is_carried_over_sentences_and_paragraphs(reader: Reader) -> None:
    one = read(
        reader,
        "The Chilean envoy spoke to reporters in La Paz. “Bolivia has broken its word,” he said. “It "
        "closed the road in May. It arrested our drivers. We shall not forget it.”",
    )
    assert (
        len(one.statements) == 1
        and "arrested our drivers" in said(one.statements[0])
        and one.statements[0].kind == "direct"
    )
    many = read(
        reader,
        "“Bolivia has broken its word,” the Chilean envoy told reporters in La Paz.\n\n"
        "“It closed the road in May.\n\n“It arrested our drivers.”",
    )
    assert len(many.statements) == 1 and "arrested our drivers" in said(many.statements[0])
    assert many.statements[0].addressee and many.statements[0].addressee.text == "reporters"


def test_a_name_after_a_title_is_who_speaks_whoever_held_the_office(reader: Reader) -> None:
    report = read(reader, "“We shall not sell the port,” said Peru's premier, Ana Ruiz.")
    source = report.statements[0].source
    assert source is not None and (source.text, source.name, source.country) == (
        "Peru's premier, Ana Ruiz",
        "Ana Ruiz",
        "PER",
    )


def test_a_quotation_signed_with_a_dash_is_of_who_signs_it(reader: Reader) -> None:
    report = read(
        reader,
        "“We are tired of the shelling.” — Ana Ruiz, Lima\n\n"
        "“Chile must release our ships.” — Jorge Paz, premier of Peru",
    )
    town, office = (s.source for s in report.statements)
    assert town is not None and (town.text, town.name, town.country) == ("Ana Ruiz, Lima", None, None)
    assert office is not None and (office.text, office.name, office.country, office.sector) == (
        "Jorge Paz, premier of Peru",
        "Jorge Paz",
        "PER",
        "GOV",
    )


def test_a_signature_may_end_with_a_stop_and_its_quotation_begin_with_a_wrong_mark(reader: Reader) -> None:
    report = read(
        reader, "”We are tired of the shelling. Chile must stop it.” ― Ana Ruiz.\n\n“Nobody slept.”― Jorge Paz"
    )
    assert [(s.source.text if s.source else None, s.kind) for s in report.statements] == [
        ("Ana Ruiz", "direct"),
        ("Jorge Paz", "direct"),
    ]
    assert said(report.statements[0]) == "”We are tired of the shelling. Chile must stop it.”"


def test_pairs_of_apostrophes_open_and_close_quotations(reader: Reader) -> None:
    report = read(
        reader,
        "''Bolivia has broken its word,'' the Chilean envoy said. ''It closed the road in May. It arrested "
        "our drivers.''",
    )
    assert (
        len(report.statements) == 1
        and "arrested our drivers" in said(report.statements[0])
        and report.statements[0].kind == "direct"
    )


def test_a_colon_hands_over_to_the_next_paragraph_and_no_further(reader: Reader) -> None:
    end = "Two drivers were arrested on Wednesday."
    handed = read(
        reader, f"The Chilean envoy added:\n\nBolivia has broken its word. It closed the road in May.\n\n{end}"
    )
    assert "closed the road" in said(by_cue(handed, "added")) and end not in said(by_cue(handed, "added"))
    kept = read(
        reader, f"The Chilean envoy said that Bolivia had broken its word.\n\nIt closed the road in May.\n\n{end}"
    )
    assert "closed the road" not in said(by_cue(kept, "said"))


def test_a_turn_goes_on_over_paragraphs_that_open_its_quotation_again(reader: Reader) -> None:
    text = (
        '"MINISTER OTIENO: Uganda has attacked our ships.\n\n"It did so on Sunday night.\n\n'
        '"REPORTER: Where was it?"\n\n"Nobody was hurt," a fisherman said.'
    )
    first, asked, last = read(reader, text).statements
    assert (
        "Sunday night" in said(first)
        and said(asked) == 'Where was it?"'
        and last.source is not None
        and last.source.text == "a fisherman"
    )


def test_a_turn_ends_where_somebody_else_is_quoted(reader: Reader) -> None:
    report = read(reader, '"MINISTER OTIENO: Uganda has attacked our ships.\n\n"It never did," a fisherman said.')
    turn, other = report.statements
    assert (
        said(turn) == "Uganda has attacked our ships."
        and other.source is not None
        and other.source.text == "a fisherman"
        and "never did" in said(other)
    )


def test_a_source_keeps_its_relative_clause_and_its_apposition(reader: Reader) -> None:
    report = read(
        reader,
        "Residents who fled the town said Chad had closed the border. The port authority, the agency that "
        "counts the ships, said two were missing.",
    )
    assert [s.source.text for s in report.statements if s.source] == [
        "Residents who fled the town",
        "The port authority, the agency that counts the ships",
    ]


def test_a_participle_speaks_for_the_subject(reader: Reader) -> None:
    report = read(reader, "Togo's envoy denounced the vote, saying that Ghana had bribed two observers.")
    saying = by_cue(report, "saying")
    assert (
        saying.source and saying.source.text == "Togo's envoy" and said(saying) == "that Ghana had bribed two observers"
    )


def test_a_source_within_a_reported_clause_hangs_in_it(reader: Reader) -> None:
    report = read(
        reader,
        "The New York Times reported that, according to two Pentagon officials, Israel had warned Lebanon "
        "that it would bomb the port.",
    )
    outer, inner = by_cue(report, "reported"), by_cue(report, "according")
    assert inner.within == outer.id and outer.within is None and "The New York Times" not in said(inner)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Some fear that Eritrea will invade Djibouti.", "Some"),
        ("One of the generals called the raid on Chad a mistake.", "One of the generals"),
        ("A senior official who asked not to be named said Niger had shut the pipeline.", "A senior official"),
        ("Mali is believed to have hired the mercenaries.", None),
        (
            "In an interview with Radio Okapi, the Rwandan president denied that his army had crossed the border.",
            "the Rwandan president",
        ),
    ],
)
def test_sources_anonymous_collective_and_left_out(reader: Reader, text: str, source: str | None) -> None:
    statements = read(reader, text).statements
    assert [s.source.text if s.source else None for s in statements] == [source]


def test_an_interview_is_a_medium_and_no_consultation_and_a_denial_no_event(reader: Reader) -> None:
    report = read(
        reader, "In an interview with Radio Okapi, the Rwandan president denied that his army had crossed the border."
    )
    medium = report.statements[0].medium
    assert medium is not None and medium.party is not None and medium.party.sector == "JRN"
    assert "CONSULT" not in [e.type for e in report.events]
    assert not [e for e in report.events if e.confidence >= 0.25 and e.polarity == "positive"]


@pytest.mark.parametrize(
    "text",
    [
        (
            "“We will never sell the port, Peru's premier said on Monday.\n\nChile protested on Tuesday.\n\n"
            "Bolivia arrested two Chilean drivers on Wednesday."
        ),
        (
            "\"We will never sell the port, Peru's premier said on Monday.\n\nChile protested on Tuesday.\n\n"
            "Bolivia arrested two Chilean drivers on Wednesday."
        ),
        (
            "Peru's premier said on Monday: ‘We will never sell the port.\n\nChile protested on Tuesday.\n\n"
            "Bolivia arrested two Chilean drivers on Wednesday."
        ),
        (
            "PERU'S PREMIER: WE WILL NEVER SELL THE PORT\n\nChile protested on Tuesday.\n\n"
            "Bolivia arrested two Chilean drivers on Wednesday."
        ),
    ],
)
def test_a_lost_mark_swallows_nothing_of_the_next_paragraphs(reader: Reader, text: str) -> None:
    for statement in read(reader, text).statements:
        if statement.source and statement.source.country == "PER":
            assert "Bolivia" not in said(statement) and "Tuesday" not in said(statement)


def test_apostrophes_are_no_quotations(reader: Reader) -> None:
    report = read(reader, "Peru's traders' union said the ministers' talks with Chile's envoys had failed.")
    assert [(s.source.text if s.source else None, s.kind) for s in report.statements] == [
        ("Peru's traders' union", "indirect")
    ]


def test_a_quotation_within_a_quotation_stays_within_it(reader: Reader) -> None:
    report = read(
        reader, "“The minister told me, ‘We are leaving Juba tonight,’ and he never came back,” the Ugandan envoy said."
    )
    outer = by_cue(report, "said")
    assert outer.kind == "direct" and "leaving Juba" in said(outer) and "never came back" in said(outer)


def test_turns_with_opening_marks_repeated(reader: Reader) -> None:
    report = read(
        reader,
        '"MINISTER OTIENO: Uganda has attacked our ships.\n\n"REPORTER: When was it?\n\n'
        '"MINISTER OTIENO: On Sunday night.',
    )
    assert [said(s) for s in report.statements] == [
        "Uganda has attacked our ships.",
        "When was it?",
        "On Sunday night.",
    ]


@pytest.mark.parametrize(
    "text",
    ["“", "“”“”“”" * 200, "'" * 500, "said " * 400, "“" + "he said " * 900, ": " * 300, "A: B\n\n" * 200, "— " * 300],
)
def test_marks_and_cues_alone_are_read_in_bounds(reader: Reader, text: str) -> None:
    for statement in read(reader, text).statements:
        assert sum(len(span.text.split()) for span in statement.content) <= 260


def test_who_did_not_speak_is_not_who_said_it(reader: Reader) -> None:
    text = (
        "Peru's president did not express support for the plan, according to Ana Quispe, an analyst in "
        "Lima.\n\nPeru wants talks with Chile, she said."
    )
    said = [s.source.name for s in reader.read_text(text).statements if s.source and s.source.text == "she"]
    assert said == ["Ana Quispe"]


def test_according_to_has_its_source_where_the_tree_hangs_it_on_the_verb(reader: Reader) -> None:
    reading = reader.analyse("According to Radio Lima and Peru's navy, Chile moved two ships.")
    words = {w.text: w.index for w in reading.words}
    moved = [replace(w, head=words["moved"], rel="advcl") if w.text == "According" else w for w in reading.words]
    tree = [
        replace(w, head=words["moved"], rel="obl")
        if w.text == "Lima"
        else replace(w, head=words["Lima"], rel="compound")
        if w.text == "Radio"
        else w
        for w in moved
    ]
    cue = Chunk(words["According"], words["to"] + 1, words["According"], "cue", 1.0)
    source, rest = clause_of(replace(reading, words=tuple(tree)), cue)
    assert source is not None and (source.start, source.end) == (words["Radio"], words["navy"] + 1)
    assert {"Chile", "moved", "ships"} <= {reading.words[i].text for i in rest} and words["navy"] not in rest


@pytest.mark.parametrize(
    ("text", "source", "country"),
    [
        (
            "The envoys met on Friday.\n\nFrom the defence minister of Ghana:\n\n“We condemn the attack by Togo.”",
            "the defence minister of Ghana",
            "GHA",
        ),
        ("Then this, from the Togolese government: “We reject the demand of Ghana.”", "the Togolese government", "TGO"),
        (
            "And the interior ministry of Mali:\n\n“We condemn the attack by Niger.”",
            "the interior ministry of Mali",
            "MLI",
        ),
    ],
)
def test_a_phrase_without_a_verb_hands_over_to_a_quotation(
    reader: Reader, text: str, source: str, country: str
) -> None:
    report = reader.read_text(text, published="2021-03-23")
    told = [s for s in report.statements if s.source and s.source.text == source]
    assert len(told) == 1 and told[0].source and told[0].source.country == country and told[0].kind == "direct"
    acts = [e for e in report.events if e.type in ("ACCUSE", "REJECT")]
    assert [[p.country for p in e.actors] for e in acts] == [[country]]


def test_a_colon_without_a_quotation_hands_over_to_nobody(reader: Reader) -> None:
    report = reader.read_text("From the archive: the attack of Togo on Ghana in 1994.", published="2021-03-23")
    assert [s for s in report.statements if s.cue and s.cue.text == ":"] == []
