"""The examples by meaning, against the floors; the seed page and the development sets where they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.quality.examples import measure
from communique import Reader

ROOT = Path(__file__).parent.parent


def test_examples_reach_their_floors(reader: Reader, floors: dict[str, float]) -> None:
    result = measure(reader)
    for name, value in result.items():
        if f"examples {name}" in floors:
            assert value >= floors[f"examples {name}"], f"{name}: {value:.3f}"


def test_mini_benchmarks_reach_their_floors(reader: Reader, floors: dict[str, float]) -> None:
    from benchmarks.quality.small import measure as small

    for name, value in small(reader).items():
        assert value >= floors[name], f"{name}: {value:.3f}"


def test_the_seed_page(reader: Reader) -> None:
    seed = ROOT.parent / "shared/seed/000_e8f62fc9c478178d.txt"
    if not seed.exists():
        pytest.skip("no seed page here")
    report = reader.read(seed)
    article = report.article
    assert article.title == "Xi and Kim exchange messages in which they reaffirm the China-North Korea alliance."
    assert (
        len(article.paragraphs) == 22 and "google" not in article.text.lower() and "Connect with us" not in article.text
    )
    assert article.published is not None and (article.published.from_, article.published.to) == (
        "2021-01-01",
        "2021-12-31",
    )
    fall = next(f for f in report.figures if f.unit == "percent")
    assert (fall.value, fall.change, fall.from_, fall.to) == (-75, True, "2020-01-01", "2020-10-31")
    assert len(report.events) >= 15
