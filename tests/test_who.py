"""Who is meant: kinds of names, intervals of office, candidates with reasons, organisations and their members."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique import CatalogueError, Reader
from communique.catalogue import Catalogue, Term
from communique.cli import main
from communique.record import WrongQuestion
from communique.record.membership import codes_of
from communique.record.states import blocs


def _told(reader: Reader, text: str, day: str = "2021-03-23") -> dict[str | None, tuple[str | None, str | None]]:
    return {p.text: (p.country, p.sector) for p in reader.read_text(text, published=day).parties}


@pytest.mark.parametrize("text", ["Chad Brenner", "Jordan Whitlock", "Israel Dufresne"])
def test_people_called_like_states_are_no_governments(reader: Reader, text: str) -> None:
    told = _told(reader, f"{text} attacked Austin Rhodes in a letter on Monday.")
    assert told.get(text, (None, None)) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Police questioned Ms. Jordan about the fire on Monday. Ms. Jordan denied that she had lit it.",
        "Tara Chad sued the council of Leeds on Monday. Chad wants the school to stay open.",
        "Pupils praised Georgia Lindqvist on Monday. The mayor thanked Georgia Lindqvist.",
    ],
)
def test_whose_name_is_also_a_states_speaks_for_no_state(reader: Reader, text: str) -> None:
    states = {"JOR", "TCD", "GEO"}
    assert not states & {p.country for p in reader.read_text(text, published="2021-03-23").parties}
    named = text.split(" ")[0]
    theirs = _told(reader, f"Ministers of Jordan, Chad and Georgia met on Sunday. {text}")
    assert {("JOR", "GOV"), ("TCD", "GOV"), ("GEO", "GOV")} & set(theirs.values()), named


def test_a_politician_before_the_first_elected_office_is_of_a_party(reader: Reader) -> None:
    for phrase, running, elected, ruling in (
        ("Donald Trump", "2016-05-03", "2016-12-20", "2017-03-01"),
        ("Emmanuel Macron", "2017-01-10", "2017-05-10", "2017-06-10"),
    ):
        before, between, after = (reader.resolve(phrase, on=day) for day in (running, elected, ruling))
        assert before is not None and between is not None and after is not None
        assert before.sector == "PTY" and before.office is None, phrase
        assert between.sector == "GOV" and after.sector == "GOV" and after.office, phrase


@pytest.mark.parametrize(
    ("text", "phrase", "country"),
    [
        ("Officers arrested six protesters in Paris, Texas, on Monday.", "six protesters in Paris, Texas", "USA"),
        ("Police in London, Ontario, arrested a student.", "Police in London, Ontario", "CAN"),
        ("Police in London arrested a student.", "Police in London", "GBR"),
    ],
)
def test_a_town_before_its_division_is_there(reader: Reader, text: str, phrase: str, country: str) -> None:
    assert _told(reader, text)[phrase][0] == country


def test_a_division_called_like_a_state_is_told_by_what_stands_around_it(reader: Reader) -> None:
    ours = _told(reader, "Georgia's supreme court rejected an appeal by Atlanta police on Monday.")
    theirs = _told(
        reader, "Georgia's supreme court rejected an appeal, Tbilisi said on Monday. Georgian police agreed."
    )
    assert ours["Georgia's supreme court"] == ("USA", "JUD")
    assert theirs["Georgia's supreme court"] == ("GEO", "JUD")
    governor = reader.resolve("Georgia Gov. Alan Pruett", on="2021-03-23")
    assert governor is not None and (governor.country, governor.sector) == ("USA", "GOV")


@pytest.mark.parametrize(
    ("phrase", "country"),
    [
        ("the Republic of Congo", "COG"),
        ("the Democratic Republic of Congo", "COD"),
        ("the Republic of Korea", "KOR"),
        ("the Democratic People's Republic of Korea", "PRK"),
        ("the Federal Republic of Nigeria", "NGA"),
        ("the Kingdom of Saudi Arabia", "SAU"),
    ],
)
def test_long_forms_of_states(reader: Reader, phrase: str, country: str) -> None:
    found = reader.resolve(phrase, on="2021-03-23")
    assert found is not None and (found.country, found.sector) == (country, "GOV")


def test_whose_member_somebody_is(reader: Reader) -> None:
    found = reader.resolve("a member of the Kenyan parliament")
    assert found is not None and (found.country, found.sector) == ("KEN", "LEG")


def test_a_state_is_not_meant_before_it_was_founded(reader: Reader) -> None:
    assert reader.resolve("South Sudan", on="2001-01-01") is None
    assert reader.resolve("South Sudan", on="2015-01-01") is not None


def test_a_term_known_by_year_holds_for_certain_only_between_its_years() -> None:
    span = ("2018-01-01", "2018-12-31"), ("2021-01-01", "2021-12-31")
    term = Term("PER", "President", "head of state", "GOV", *span, "2021")
    assert not term.holds("2018-06-01") and term.may_hold("2018-06-01")
    assert term.holds("2019-06-01") and (term.start, term.end) == ("2018", "2021")
    assert term.after("2017-12-31") and term.before("2022-01-01")


def test_who_rules_on_the_days_around_a_change(reader: Reader) -> None:
    names = {d: (p := reader.resolve("Peru's president", on=d)) and p.name for d in ("2021-07-20", "2021-08-05")}
    assert names["2021-07-20"] != "Pedro Castillo" and names["2021-08-05"] == "Pedro Castillo"


def test_candidates_have_reasons_and_sum_to_one(reader: Reader) -> None:
    found = reader.candidates("President Bush", on="2004-05-01")
    assert found[0].party is not None and found[0].party.name == "George W. Bush"
    assert "held an office on that day" in found[0].reasons
    assert abs(sum(c.score for c in found) - 1) < 1e-9
    assert any(c.party is None for c in found)


def test_without_a_day_both_bearers_are_there(reader: Reader) -> None:
    names = {c.party.name for c in reader.candidates("President Bush") if c.party}
    assert {"George W. Bush", "George H. W. Bush"} <= names


@pytest.mark.parametrize("phrase", ["", " ", "x" * 5_000, "\x00", "'", "(((", "police " * 200])
def test_any_phrase_has_candidates(reader: Reader, phrase: str) -> None:
    assert reader.candidates(phrase, on="2021-01-01")[0].score > 0


def test_the_command_shows_candidates_and_what_may_be_meant() -> None:
    run = CliRunner().invoke(main, ["who", "george w. bush", "--on", "2004-05-01", "--json"])
    best = json.loads(run.stdout.splitlines()[0])
    assert run.exit_code == 0 and best["party"]["country"] == "USA" and best["reasons"]
    assert "did you mean" in CliRunner().invoke(main, ["who", "Viktor Orbn Xq"]).output
    assert CliRunner().invoke(main, ["who", "Bush", "--on", "noday"]).exit_code == 2


def test_organisations_are_themselves_and_their_members_are_asked_for() -> None:
    assert "NATO" in codes_of("NATO") and "FRA" not in codes_of("NATO")
    assert "EUR" in codes_of("EU") and "FRA" not in codes_of("EU")
    assert set(codes_of("members:NATO")) == set(blocs()["NATO"])
    assert set(codes_of("members: european union")) == set(blocs()["EU"])
    assert {"MLI", "NER"} <= set(codes_of("region:Sahel")) and "CHN MIL" in codes_of("region:sahel, CHN MIL")
    for wrong in ("members:Atlantis", "region:Mars", "members:"):
        with pytest.raises(WrongQuestion, match="there are"):
            codes_of(wrong)


def test_tables_that_disagree_are_kept_as_such() -> None:
    catalogue = Catalogue()
    row = catalogue._ask("select party from conflict limit 1")[0][0]
    name = catalogue._ask("select name from party where id = ?", (row,))[0][0]
    entry = next(e for e in catalogue.bearers(name.lower()) or () if e.key == row) if row else None
    assert entry is None or len({v for _, v, _ in catalogue.conflicts(entry)}) > 1


def test_every_fault_of_a_users_catalogue_has_its_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "name,country,sector,office,from,to\n"
        '"Guild of\nPilots",PRY,LAB,,,\n'
        "Ana Ruiz,XX,GOV,Minister,2020-13-01,\n"
        "Bo Lind,SWE,ABC,Minister,2022-01-01,2021-01-01\n"
        "Al,SWE,GOV,,,,,too,many\n",
        "utf-8",
    )
    with pytest.raises(CatalogueError) as error:
        Catalogue(file)
    for told in (
        "line 4, column country",
        "line 4, column from",
        "line 5, column sector",
        "line 5, column to",
        "line 6, column 7",
    ):
        assert told in str(error.value)
    file.write_bytes(b"name\nAna\n\xff\xfe\n")
    with pytest.raises(CatalogueError, match="line 3, byte 1"):
        Catalogue(file)


def test_a_name_of_many_is_nobodys_without_its_state(reader: Reader) -> None:
    for name in ("Smith", "John Smith", "Wang Wei"):
        found = reader.resolve(name, on="2021-01-01")
        assert found is None or found.country is None, name


def test_a_person_of_two_tables_stands_once(reader: Reader) -> None:
    full = reader.resolve("Angela Merkel", on="2012-05-04")
    for phrase in ("German Chancellor Merkel", "the German chancellor", "Chancellor Angela Merkel"):
        found = reader.resolve(phrase, on="2012-05-04")
        assert found is not None and full is not None and found.id == full.id == "Q567", phrase
    known = [
        c.party.name for c in reader.candidates("Angela Merkel", on="2012-05-04") if c.party and c.party.id == "Q567"
    ]
    assert known == ["Angela Merkel"]
    catalogue = Catalogue()
    by_id = catalogue.by_wikidata("Q567")[0]
    assert any(t.role == "head of government" and t.holds("2012-05-04") for t in catalogue.terms(by_id.key))
    texts = (
        "Angela Merkel met the president of Peru on Monday.",
        "German Chancellor Merkel met ministers of Peru.",
    )
    ids = {p.id for text in texts for p in reader.read_text(text, published="2012-05-04").parties if "Merkel" in p.text}
    assert ids == {"Q567"}


@pytest.mark.parametrize(
    "name", ["St. Lucia's Hospital", "St. Vincent Hospital", "San Marino High School", "Saint Lucia Church"]
)
def test_an_institution_named_after_a_saint_is_not_of_the_state(reader: Reader, name: str) -> None:
    saints = {"LCA", "VCT", "SMR"}
    alone = reader.resolve(name, on="2021-03-23")
    assert alone is None or alone.country not in saints
    told = reader.read_text(f"Doctors of {name} met nurses on Monday. {name} will close.", published="2021-03-23")
    assert not saints & {p.country for p in told.parties}


def test_a_state_named_after_a_saint_is_itself(reader: Reader) -> None:
    for phrase, country in (("St. Lucia's government", "LCA"), ("San Marino", "SMR"), ("police in St Lucia", "LCA")):
        found = reader.resolve(phrase, on="2021-03-23")
        assert found is not None and found.country == country, phrase
