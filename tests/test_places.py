"""Places: which words name them, and which of a name's places is meant."""

import pytest

from communique.catalogue import Gazetteer


def places(reader, text, **given):
    return {p.text: (p.name, p.country, p.admin1) for p in reader.read_text(text, **given).places}


@pytest.mark.parametrize(
    "text, name, country, division",
    [
        ("A fire in Athens, Ohio, killed two people.", "Athens", "USA", "Ohio"),
        ("A fire in Athens killed two people, the Greek police said.", "Athens", "GRC", None),
        ("Gunmen fled to Santiago and Concepción, Chile's interior minister said.", "Santiago", "CHL", None),
        ("The strike spread to Naples and Palermo, in southern Italy.", "Naples", "ITA", None),
        ("The strike spread from Naples, Florida, to Miami.", "Naples", "USA", "Florida"),
        ("The patrol boat turned back in the Gulf of Aden.", "Gulf of Aden", None, None),
    ],
)
def test_the_text_decides_between_namesakes(reader, text, name, country, division):
    found = places(reader, text)
    assert name in found
    assert found[name][1] == country
    if division:
        assert found[name][2] == division


def test_a_name_for_a_government_is_a_party(reader):
    report = reader.read_text("Moscow accused Kyiv of shelling a hospital in Belgorod.")
    assert [p.text for p in report.places] == ["Belgorod"]
    assert {p.text for e in report.events for p in (*e.actors, *e.recipients)} >= {"Moscow", "Kyiv"}


def test_people_are_no_places(reader):
    assert not places(reader, "Paris Hilton and Jack London were quoted in the report.")


def test_every_place_points_at_its_words(reader):
    text = "ACCRA (Wire) - Floods hit Kumasi, in Ghana, and the coast of the Gulf of Guinea."
    for p in reader.read_text(text).places:
        assert text[p.start : p.end] == p.text
    assert "ACCRA" in places(reader, text)


def test_spelling_does_not_matter():
    gazetteer = Gazetteer()
    for one, other in (
        ("St. Petersburg", "Saint Petersburg"),
        ("São Paulo", "Sao Paulo"),
        ("the Netherlands", "Netherlands"),
        ("Côte d'Ivoire", "Ivory Coast"),
    ):
        assert gazetteer.named(one)[0].geonames == gazetteer.named(other)[0].geonames


@pytest.mark.parametrize("name", ["", " ", "\u200b", "Zzyzxqqq", "a" * 10_000, "🏝"])
def test_a_name_that_nothing_bears_has_no_entry(name):
    assert Gazetteer().named(name) == ()
