"""Time expressions of our own, resolved against a Tuesday, 23 March 2021."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique import Reader
from communique.times import dateline, inferred, parse_day
from communique.times.forms import Anchor
from communique.times.grammar import expressions

DAY = Anchor(date(2021, 3, 23), date(2021, 3, 23))


@pytest.mark.parametrize(
    ("text", "tense", "type_", "value", "first", "last"),
    [
        ("last week", "past", "DATE", "2021-W11", "2021-03-15", "2021-03-21"),
        ("later Tuesday", "past", "DATE", "2021-03-23", "2021-03-23", "2021-03-23"),
        ("Monday", "past", "DATE", "2021-03-22", "2021-03-22", "2021-03-22"),
        ("Monday", "future", "DATE", "2021-03-29", "2021-03-29", "2021-03-29"),
        ("next Friday", "future", "DATE", "2021-03-26", "2021-03-26", "2021-03-26"),
        ("Wednesday evening", "past", "TIME", "2021-03-17TEV", "2021-03-17", "2021-03-17"),
        ("the first ten months of 2020", "past", "DURATION", "P10M", "2020-01-01", "2020-10-31"),
        ("March 2019", "past", "DATE", "2019-03", "2019-03-01", "2019-03-31"),
        ("5 May 2018", "past", "DATE", "2018-05-05", "2018-05-05", "2018-05-05"),
        ("May 5, 2018", "past", "DATE", "2018-05-05", "2018-05-05", "2018-05-05"),
        ("December 24", "past", "DATE", "2020-12-24", "2020-12-24", "2020-12-24"),
        ("in November", "past", "DATE", "2020-11", "2020-11-01", "2020-11-30"),
        ("in November", "future", "DATE", "2021-11", "2021-11-01", "2021-11-30"),
        ("two weeks ago", "past", "DATE", "2021-W10", "2021-03-08", "2021-03-14"),
        ("three years ago", "past", "DATE", "2018", "2018-01-01", "2018-12-31"),
        ("yesterday", "past", "DATE", "2021-03-22", "2021-03-22", "2021-03-22"),
        ("next month", "future", "DATE", "2021-04", "2021-04-01", "2021-04-30"),
        ("last summer", "past", "DATE", "2020-SU", "2020-06-01", "2020-08-31"),
        ("the third quarter of 2020", "past", "DATE", "2020-Q3", "2020-07-01", "2020-09-30"),
        ("the 1990s", "past", "DATE", "199", "1990-01-01", "1999-12-31"),
        ("2018-2019", "past", "DURATION", "P1Y", "2018-01-01", "2019-12-31"),
        ("every Tuesday", "past", "SET", "XXXX-WXX-2", None, None),
        ("for six days", "past", "DURATION", "P6D", None, None),
        ("a five-year plan", "past", "DURATION", "P5Y", None, None),
        ("31 February 2020", "past", "DATE", None, None, None),
        ("recently", "past", "DATE", "PAST_REF", None, None),
        ("the past three years", "past", "DURATION", "P3Y", "2018-03-23", "2021-03-23"),
    ],
)
def test_values(text: str, tense: str, type_: str, value: str | None, first: str | None, last: str | None) -> None:
    found = expressions(text, DAY, lambda _: tense)  # type: ignore[arg-type, return-value]
    assert len(found) == 1, found
    e = found[0]
    assert (e.type, e.value, e.first and e.first.isoformat(), e.last and e.last.isoformat()) == (
        type_,
        value,
        first,
        last,
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Troops entered the port on 4 March. The next day they left it.", ["2021-03-04", "2021-03-05"]),
        ("Under the pact of 2014 they left on 4 March; the following day", ["2014-01-01", "2021-03-04", "2021-03-05"]),
        ("On 4 March, after fires on the previous day, rain fell.", ["2021-03-04", "2021-03-03"]),
        ("Those who fled on Friday told of shells the day before.", ["2021-03-19", "2021-03-18"]),
        ("They met on 9 March and two days later signed.", ["2021-03-09", "2021-03-11"]),
        ("They met on 9 March; three hours later it burned.", ["2021-03-09", "2021-03-09"]),
        ("It sold 40 ships in 2016 and 31 the year before.", ["2016-01-01", "2015-01-01"]),
        ("He won in 2009, lost the following year.", ["2009-01-01", "2010-01-01"]),
        ("It sold 40 ships in the quarter ended Sept. 30.", ["2020-07-01", "2020-09-30"]),
        (
            "In the third quarter of 2020 it lost money; in the year-earlier quarter, none.",
            ["2020-07-01", "2019-07-01"],
        ),
        ("Sales rose 3% in the quarter.", ["2020-10-01"]),
        ("It rose in January 2020 against the previous month.", ["2020-01-01", "2019-12-01"]),
        ("They fled the day before Friday's raid.", ["2021-03-18", "2021-03-19"]),
        ("They fled the day before the raid.", [None]),
        ("The next day they fled.", [None]),
        ("It was shelled on March 8 and 9, on the 3rd it was not.", ["2021-03-08", "2021-03-09"]),
        ("It rained on 27/02/2021 and on 03/02/2021.", ["2021-02-27", "2021-02-03"]),
        ("It rained on 2/27/2021 and on 2/3/2021.", ["2021-02-27", "2021-02-03"]),
    ],
)
def test_what_is_told_from_another_day(text: str, days: list[str | None]) -> None:
    found = expressions(text, DAY, lambda _: "past")
    assert [e.first.isoformat() if e.first else None for e in found] == days


def test_hours_that_may_cross_midnight_cover_both_days() -> None:
    (found,) = expressions("about 14 hours ago", DAY, lambda _: "past")
    assert (found.first, found.last) == (date(2021, 3, 22), date(2021, 3, 23))


@pytest.mark.parametrize(("order", "day"), [("day first", "2021-02-05"), ("month first", "2021-05-02"), (None, None)])
def test_the_order_of_figures_is_that_of_the_country(
    order: Literal["day first", "month first"] | None, day: str | None
) -> None:
    (found,) = expressions("05/02/2021", Anchor(DAY.first, DAY.last, order), lambda _: "past")
    assert (found.first.isoformat() if found.first else None) == day


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Niger may close its border with Benin in April, a minister said.", "2021-04"),
        ("Niger could close its border with Benin in October, a minister said.", "2021-10"),
        ("Niger might have closed its border with Benin in October, a minister said.", "2020-10"),
        ("The envoy could not reach the town on Saturday, he said.", "2021-03-20"),
        ("The union planned a march in Niamey on Saturday.", "2021-03-27"),
        ("The union is to march in Niamey on Saturday.", "2021-03-27"),
        ("The union marched in Niamey on Saturday.", "2021-03-20"),
    ],
)
def test_what_is_possible_lies_ahead(reader: Reader, sentence: str, value: str) -> None:
    assert [t.value for t in reader.read_text(sentence, published="2021-03-23").times] == [value]


@given(
    st.integers(-3000, 3000),
    st.sampled_from(["yesterday", "today", "tomorrow", "last week", "two days ago", "next week"]),
)
def test_shifting_the_page_shifts_what_is_relative(weeks: int, text: str) -> None:
    moved = DAY.first + timedelta(7 * weeks)  # type: ignore[operator]
    if not 1000 < moved.year < 2900:
        return
    here, there = (expressions(text, a, lambda _: "past")[0] for a in (DAY, Anchor(moved, moved)))
    assert here.first and there.first and there.first - here.first == timedelta(7 * weeks)


@pytest.mark.parametrize(
    "text",
    [
        "1,500 people",
        "He may go",
        "$2,000 was paid",
        "flight 2020-X",
        "the army will march",
        "Sun rises",
        "Jan Moreno spoke",
        "41/13/2020",
        "version 1.2.20",
        "a 9-year-old girl",
        "a man 44 years old",
        "three-quarters of the wheat",
        "as soon as they arrive",
        "more than a quarter of the harvest",
        "a rent of $5 million a year",
        "1,200 sheep a month",
        "Christmas shopping",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert expressions(text, DAY, lambda _: "past") == []


def test_an_undated_page_gives_a_year_and_no_day() -> None:
    found = inferred("Exports fell in the first half of 2014, the bank told investors late last year.")
    assert found is not None and (found.from_, found.to, found.basis) == ("2015-01-01", "2015-12-31", "inferred")
    assert inferred("Exports fell on Tuesday.") is None


def test_dates_in_both_orders_are_left_open() -> None:
    assert parse_day("04/03/2020") is None
    assert parse_day("24/03/2020") == ("2020-03-24", "2020-03-24")
    assert parse_day("2020-02-30") is None


def test_datelines() -> None:
    line = "LIMA, March 3 2020 (Andes News) — Peru closed its border."
    span = dateline(line)
    assert span is not None and line[slice(*span)] == "March 3 2020"
    assert dateline("Officials met on March 3 - and left.") is None


def test_what_went_on_for_years_is_not_of_the_day_of_the_page(reader: Reader) -> None:
    report = reader.read_text(
        "Mali has shelled villages in Niger for years. Chad accused Togo of theft.", published="2021-03-23"
    )
    dates = [(e.date.text, e.date.from_) for e in report.events if e.date]
    assert any(day is None for _, day in dates)
    assert (None, "2021-03-23") in dates


def test_background_does_not_land_on_the_day_of_the_page(reader: Reader) -> None:
    report = reader.read_text(
        "Chad accused Libya of arming rebels on Monday. Libya had condemned Chad in 2018.", published="2021-03-23"
    )
    dates = {e.evidence.trigger.text: e.date for e in report.events if e.evidence.trigger and e.date}
    assert (dates["accused"].from_, dates["accused"].basis) == ("2021-03-22", "stated")
    assert dates["condemned"].from_ == "2018-01-01"


def _own() -> list[tuple[str, str, str | None]]:
    found = []
    for line in (Path(__file__).with_name("times.txt")).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text, tense, value = line.split(" | ")
            found.append((text, {"p": "past", "n": "present", "f": "future"}[tense], None if value == "-" else value))
    return found


@pytest.mark.parametrize(("text", "tense", "value"), _own())
def test_own_expressions(text: str, tense: str, value: str | None) -> None:
    """Two hundred expressions, each of which must have one value and stand in the text that it was found in."""
    sentence = f"It was said of {text}, they held."
    found = [e for e in expressions(sentence, DAY, lambda _: tense)]  # type: ignore[arg-type, return-value]
    if value is None:
        assert all(e.value is None for e in found)
    else:
        assert [e.value for e in found] == [value], [(sentence[e.start : e.end], e.value) for e in found]
