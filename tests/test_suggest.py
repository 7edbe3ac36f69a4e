"""Did you mean: spellings near a name that nobody bears."""

from __future__ import annotations

import pytest

from communique.catalogue import suggest


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("Germny", "Germany"), ("viktor orbn", "Viktor Orbán"), ("Hizbolla", "Hezbollah"), ("Erdogann", "Erdoğan")],
)
def test_a_misspelled_name_has_its_bearer_among_the_first(asked: str, meant: str) -> None:
    assert any(meant in s.name for s in suggest(asked))


@pytest.mark.parametrize("asked", ["", "xqzwvw", "x" * 100_000, "\x00\n"])
def test_what_is_near_nothing_has_no_suggestion(asked: str) -> None:
    assert suggest(asked) == []


def test_no_more_are_given_than_asked_for() -> None:
    assert len(suggest("Ivanov", most=2)) <= 2
