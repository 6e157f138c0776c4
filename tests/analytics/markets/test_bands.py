from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.markets.bands import BANDS, UK_POSITION, bands


@given(st.floats(0, 10_000))
def test_every_figure_falls_in_exactly_one_band_of_each_scale(points: float) -> None:
    scales = [band.scale for band in bands(points)]
    assert sorted(scales) == sorted({band.scale for band in BANDS})


def test_highly_concentrated_begins_above_1800_points() -> None:
    assert [band.label for band in bands(1_800)] == ["not highly concentrated"]
    assert [band.label for band in bands(1_800.01)] == ["highly concentrated"]


def test_every_band_says_whose_it_is_and_the_british_authority_has_none() -> None:
    assert all(band.scale.startswith("US ") and band.source for band in BANDS)
    assert "sets no band" in UK_POSITION


@pytest.mark.parametrize("points", [-1, 10_001, float("nan")])
def test_a_figure_outside_the_scale_is_refused(points: float) -> None:
    with pytest.raises(ValueError, match="not an HHI"):
        bands(points)
