"""Who a phrase means on a day: our own phrases, over many states."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique import Reader
from communique.catalogue import surname


@pytest.mark.parametrize(
    ("phrase", "day", "name", "country", "sector"),
    [
        ("Kenya", "2022-05-04", "Kenya", "KEN", "GOV"),
        ("Ankara", "2022-05-04", "Turkey", "TUR", "GOV"),
        ("the Kremlin", "2015-01-01", "Russia", "RUS", "GOV"),
        ("the Biden administration", "2021-06-01", "United States", "USA", "GOV"),
        ("the US president", "2021-03-01", "Joe Biden", "USA", "GOV"),
        ("the US president", "2025-03-01", "Donald Trump", "USA", "GOV"),
        ("the US president", "2019-03-01", "Donald Trump", "USA", "GOV"),
        ("Armenian Prime Minister", "2021-05-01", "Nikol Pashinyan", "ARM", "GOV"),
        ("Indian Foreign Minister Subrahmanyam Jaishankar", "2022-01-01", "Subrahmanyam Jaishankar", "IND", "GOV"),
        ("former US President Barack Obama", "2021-01-01", "Barack Obama", "USA", "ELI"),
        ("Slovak soldiers", "2020-01-01", None, "SVK", "MIL"),
        ("taxi drivers", "2020-01-01", None, None, "CVL"),
        ("Chilean farmers", "2020-01-01", None, "CHL", "AGR"),
        ("Egyptian police officers", "2020-01-01", None, "EGY", "COP"),
        ("Burundian refugees", "2020-01-01", None, "BDI", "REF"),
        ("a Greek court", "2020-01-01", None, "GRC", "JUD"),
        ("South Korea's spy agency", "2020-01-01", None, "KOR", "SPY"),
        ("the Peruvian government", "2020-01-01", "Peru", "PER", "GOV"),
        ("the North's official Korean Central News Agency", "2021-03-23", "Korean Central News Agency", "PRK", "JRN"),
        ("the European Union", "2020-01-01", "European Union", "EUR", "GOV"),
        ("the UN", "2020-01-01", "United Nations", "UNO", "GOV"),
        ("Boko Haram", "2020-01-01", "Boko Haram", "NGA", "REB"),
        ("President Macron of France", "2020-01-01", "Emmanuel Macron", "FRA", "GOV"),
        ("Chile's Piñera", "2020-01-01", "Sebastián Piñera", "CHL", "GOV"),
        ("Danish diplomat Anders Holmqvist", "2020-01-01", "Anders Holmqvist", "DNK", "GOV"),
    ],
)
def test_resolve(reader: Reader, phrase: str, day: str, name: str | None, country: str | None, sector: str) -> None:
    party = reader.resolve(phrase, on=day)
    assert party is not None
    assert (party.name, party.country, party.sector) == (name, country, sector)


@pytest.mark.parametrize(
    "phrase", ["Xqzv Wbrtk", "", "   ", "Smith", "Peru's Piñera", "blue", "the", "is", "Kim", "x" * 1000]
)
def test_nobody_is_guessed(reader: Reader, phrase: str) -> None:
    assert reader.resolve(phrase, on="2021-01-01") is None


def test_the_administration_of_a_leader_on_an_unknown_day(reader: Reader) -> None:
    found = {who: reader.resolve(f"the {who} administration") for who in ("Bush", "Kirchner", "Kim")}
    assert [p.country if p else None for p in found.values()] == ["USA", "ARG", None]


def test_a_users_own_parties(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "name,aliases,wikidata,country,sector,office,from,to\n"
        "Guild of River Pilots,GRP;the Guild,,PRY,LAB,,,\n"
        "Ramona Quispe,,,BOL,GOV,Minister of Rivers,2020-01-01,2022-12-31\n"
    )
    reader = Reader(catalogue=file)
    guild = reader.resolve("the Guild of River Pilots", on="2021-01-01")
    assert guild is not None and (guild.name, guild.country, guild.sector) == ("Guild of River Pilots", "PRY", "LAB")
    minister = reader.resolve("Ramona Quispe", on="2021-01-01")
    assert minister is not None and (minister.country, minister.office) == ("BOL", "Minister of Rivers")


def test_surnames_pronouns_and_pairs_in_a_text(reader: Reader) -> None:
    text = (
        "Turkish President Recep Tayyip Erdogan met Greek Prime Minister Kyriakos Mitsotakis in Athens. "
        "Erdogan praised the talks. The two countries agreed to cut visa fees."
    )
    report = reader.read_text(text, published="2023-12-07")
    by_text = {p.text: p for p in report.parties}
    assert (
        by_text["Erdogan"].country == "TUR"
        and by_text["Erdogan"].name == by_text["Turkish President Recep Tayyip Erdogan"].name
    )
    agreed = [e for e in report.events if e.evidence.trigger and e.evidence.trigger.text == "agreed"]
    assert agreed and {p.country for p in agreed[0].actors} == {"TUR", "GRC"}


def test_a_pair_of_states_joined_by_a_hyphen_is_neither(reader: Reader) -> None:
    report = reader.read_text("Xi and Kim praised the China-North Korea alliance on Monday.", published="2021-03-23")
    assert {p.country for p in report.parties if p.country} <= {"CHN", "PRK"} and not [
        p for p in report.parties if "China-North" in p.text and p.name
    ]


def test_a_state_of_two_words_is_one_place(reader: Reader) -> None:
    report = reader.read_text("Russia tried to sabotage the election in the United States.", published="2021-03-23")
    assert [p.country for p in report.places] == ["USA"] or not report.places


def test_kings_and_popes(reader: Reader) -> None:
    for phrase, day, country, office in (
        ("King Hussein", "1990-08-01", "JOR", "King"),
        ("Jordan's King Abdullah", "2010-02-25", "JOR", "King"),
        ("Queen Elizabeth", "2010-02-25", "GBR", "Queen"),
        ("the Pope", "1998-01-20", "VAT", "Pope"),
        ("Pope John Paul", "1998-01-20", "VAT", "Pope"),
    ):
        found = reader.resolve(phrase, on=day)
        assert found and found.country == country and (found.office or "").startswith(office), phrase
    both = reader.resolve("King Abdullah", on="2010-02-25")
    assert both is None or both.country is None, "two kings had that name"
    hussein = reader.resolve("Saddam Hussein", on="1990-08-01")
    assert hussein and hussein.country == "IRQ"


def test_who_works_for_a_body_is_of_its_state_and_sector(reader: Reader) -> None:
    found = reader.resolve("Otieno Mbeki, director of Asian studies at Kenya's private Rift Institute")
    assert found and (found.name, found.country, found.sector) == ("Otieno Mbeki", "KEN", "EDU")
    assert (bank := reader.resolve("head of security at Chad's central bank")) and (bank.country, bank.sector) == (
        "TCD",
        "GOV",
    )
    for nobody in ("the head of the delegation", "director of Asian studies", "a director of the film"):
        assert reader.resolve(nobody) is None


def test_he_said_is_the_stranger_that_the_text_tells_of(reader: Reader) -> None:
    report = reader.read_text(
        "Otieno Mbeki, director of Asian studies at Kenya's private Rift Institute, said the talks between "
        "Peru and Chile had failed.\n\nChile might close its border, he said."
    )
    assert [(s.source.name, s.source.country, s.source.sector) for s in report.statements if s.source] == [
        ("Otieno Mbeki", "KEN", "EDU")
    ] * 2


def test_two_states_in_one_phrase_are_a_pair_only_with_a_hyphen_between(reader: Reader) -> None:
    report = reader.read_text(
        "Park Seong-Chang, director of North Korea studies at South Korea's private Sejong Institute, criticised Japan."
    )
    assert ("Park Seong-Chang", "KOR", "EDU") in {(p.name, p.country, p.sector) for p in report.parties}


def test_an_office_that_the_text_gives_counts_where_the_tables_know_none(reader: Reader) -> None:
    chief = reader.resolve("Pakistan's Chief of Army Staff General Asim Munir", on="2024-09-02")
    assert chief and (chief.country, chief.sector) == ("PAK", "MIL")
    once = reader.resolve("former army chief Asim Munir", on="2024-09-02")
    assert once and once.sector == "ELI"


def test_a_title_before_the_family_name_is_nobody_s_family_name(reader: Reader) -> None:
    assert surname("King Norodom Sihanouk", "KHM") == "norodom" and surname("Angus King", "USA") == "king"
    assert reader.resolve("King", on="2012-05-04") is None or reader.resolve("King", on="2012-05-04").country is None
    president = reader.resolve("Team president Billy King", on="2020-05-04")
    assert president is not None and president.country is None
    assert reader.resolve("Cambodian King", on="2012-05-04").name == "Norodom Sihamoni"
    assert reader.resolve("King Norodom Sihamoni", on="2012-05-04").country == "KHM"
