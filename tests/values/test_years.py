from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values.years import FinancialYear, london_today

DAYS = st.dates(date(1900, 4, 1), date(2201, 3, 31))


@given(DAYS)
def test_a_day_lies_in_its_year(day: date) -> None:
    year = FinancialYear.of(day)
    assert year.first_on <= day <= year.last_on


@given(st.integers(1900, 2199))
def test_years_follow_each_other_without_a_gap(start: int) -> None:
    year, following = FinancialYear(start), FinancialYear(start + 1)
    assert year.last_on + timedelta(days=1) == following.first_on
    assert year < following
    assert FinancialYear.of(year.last_on) == year == FinancialYear.of(year.first_on)


def test_the_year_changes_on_the_first_of_april() -> None:
    assert FinancialYear.of(date(2026, 3, 31)) == FinancialYear(2025)
    assert FinancialYear.of(date(2026, 4, 1)) == FinancialYear(2026)
    assert str(FinancialYear(2026)) == "2026 to 2027"


@pytest.mark.parametrize("start", [0, 26, 1899, 2201, 202526])
def test_what_is_no_year_is_refused(start: int) -> None:
    with pytest.raises(ValueError, match="not a financial year"):
        FinancialYear(start)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 1, 1, 23, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2))), date(2025, 12, 31)),
    ],
)
def test_the_day_is_the_one_in_london(now: datetime, day: date) -> None:
    assert london_today(now) == day


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        london_today(datetime(2026, 1, 1))  # noqa: DTZ001


def test_today_is_within_a_day_of_the_clock() -> None:
    assert abs(london_today() - datetime.now(UTC).date()) <= timedelta(days=1)
