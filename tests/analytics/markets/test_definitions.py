from __future__ import annotations

from pathlib import Path

import pytest

from analytics.markets import bands, minimums
from analytics.markets.definition import Definition
from analytics.markets.definitions import DEFINITIONS
from analytics.markets.report import COLUMNS

METHOD = Path(__file__).parents[3].joinpath("docs", "method.md").read_text()
FLAT = " ".join(METHOD.split())


def test_every_column_of_the_report_has_one_definition() -> None:
    assert sorted(definition.code for definition in DEFINITIONS) == sorted(COLUMNS)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.code)
def test_the_method_page_says_what_the_definition_says(definition: Definition) -> None:
    section = METHOD.split(f"### {definition.name}\n", 1)[1].split("\n#", 1)[0]
    for part in (f"`{definition.code}`", definition.formula, definition.unit, definition.meaning):
        assert part in section
    assert f"Minimum: {definition.minimum}." in section
    assert f"Source: {definition.source}." in section


def test_the_method_page_states_the_minimums() -> None:
    for sentence in (
        f"{minimums.MINIMUM_LINES} payment lines and {minimums.MINIMUM_COUNCILS} councils",
        f"An interval needs {minimums.MINIMUM_INTERVAL_COUNCILS} councils",
        f"at least {minimums.COVERED_MONTHS} months of each",
    ):
        assert sentence in FLAT


def test_the_method_page_says_whose_bands_are_shown_and_that_the_united_kingdom_has_none() -> None:
    assert bands.UK_POSITION in FLAT
    for band in bands.BANDS:
        assert band.scale in FLAT
        assert f"{band.above_points or band.up_to_points:,} points" in FLAT
