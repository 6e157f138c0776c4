"""The counters against days that were worked out by hand, and against what must hold for every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.counting import (
    last_day,
    last_day_of_months,
    months_later,
    period_ends,
    standstill_ends,
    working_days_before,
)
from sourcing.rules.holidays import Unreached
from sourcing.rules.law import law

HOLIDAYS = law().holidays
DAY = timedelta(days=1)
days = st.dates(date(2024, 1, 1), date(2028, 11, 1))

# Union of all parts of the United Kingdom, 2026 to 2028, as the reference of the field has it.
UNION = """
2026-01-01 2026-01-02 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-06-15 2026-07-13 2026-08-03
2026-08-31 2026-11-30 2026-12-25 2026-12-28
2027-01-01 2027-01-04 2027-03-17 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-07-12 2027-08-02 2027-08-30
2027-11-30 2027-12-27 2027-12-28
2028-01-03 2028-01-04 2028-03-17 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-07-12 2028-08-07 2028-08-28
2028-11-30 2028-12-25 2028-12-26
"""


def test_the_holidays_are_those_of_all_parts_of_the_kingdom():
    assert {day for day in HOLIDAYS.days if day.year >= 2026} == {
        date.fromisoformat(day) for day in UNION.split()
    }
    # Each is a day on which somebody would otherwise work.
    assert all(day.weekday() < 5 for day in HOLIDAYS.days)


@pytest.mark.parametrize(
    ("published", "ends"),
    [
        # From the reference, the first with its days one by one: 18 21 22 23 24 29 30 31 December.
        ("2026-12-18", "2026-12-31"),
        ("2026-12-19", "2027-01-05"),
        ("2026-12-24", "2027-01-08"),
        ("2026-06-10", "2026-06-22"),
        ("2026-07-08", "2026-07-20"),
        ("2026-11-26", "2026-12-08"),
        ("2027-03-24", "2027-04-06"),
        ("2024-12-24", "2025-01-08"),
        # By hand. Easter 2026: 2 | 7 8 9 10 | 13 14 15 April.
        ("2026-04-02", "2026-04-15"),
        # Saint Patrick's Day is no working day for an English council: 16 | 18 19 20 | 23 24 25 26 March.
        ("2026-03-16", "2026-03-26"),
        # Nor is Scotland's summer holiday: 24 | 27 28 29 30 31 | 4 5 August.
        ("2026-07-24", "2026-08-05"),
        # Two holidays on either side of a new year: 23 24 | 29 30 31 December | 5 6 7 January.
        ("2027-12-23", "2028-01-07"),
        # A Sunday: 2 3 4 5 6 | 9 10 11 November.
        ("2026-11-01", "2026-11-11"),
        # The last that the table reaches: 18 19 20 21 22 | 27 28 29 December.
        ("2028-12-18", "2028-12-29"),
    ],
)
def test_eight_working_days_begin_with_the_day_of_publication(published: str, ends: str):
    assert standstill_ends(date.fromisoformat(published), 8, HOLIDAYS) == date.fromisoformat(ends)


@pytest.mark.parametrize("published", [date(2028, 12, 19), date(2029, 3, 1), date(2023, 12, 29)])
def test_a_standstill_beyond_the_table_is_refused_in_a_sentence(published: date):
    with pytest.raises(Unreached, match="reaches from 1 January 2024 to 31 December 2028"):
        standstill_ends(published, 8, HOLIDAYS)


@pytest.mark.parametrize(
    ("days_", "ends"), [(10, "2026-09-17"), (25, "2026-10-02"), (30, "2026-10-07"), (35, "2026-10-12")]
)
def test_a_period_begins_with_the_day_after_the_invitation(days_: int, ends: str):
    assert period_ends(date(2026, 9, 7), days_) == date.fromisoformat(ends)


@pytest.mark.parametrize(
    ("first", "days_", "last"),
    [
        ("2027-01-05", 30, "2027-02-03"),
        ("2027-01-05", 90, "2027-04-04"),
        ("2027-01-05", 120, "2027-05-04"),
        ("2027-01-05", 180, "2027-07-03"),
        ("2026-06-01", 30, "2026-06-30"),
        ("2026-06-01", 90, "2026-08-29"),
        # Payments compliance, payment information, pipeline.
        ("2026-03-31", 30, "2026-04-29"),
        ("2026-09-30", 30, "2026-10-29"),
        ("2026-06-30", 30, "2026-07-29"),
        ("2026-12-31", 30, "2027-01-29"),
        ("2027-04-01", 56, "2027-05-26"),
        # An invoice received on the first of February is paid by 2 March, in a leap year by the first.
        ("2027-02-01", 30, "2027-03-02"),
        ("2028-02-01", 30, "2028-03-01"),
    ],
)
def test_a_period_beginning_with_a_day_counts_it(first: str, days_: int, last: str):
    assert last_day(date.fromisoformat(first), days_) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-06-01", 12, "2027-06-01"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-31", 25, "2028-02-29"),
    ],
)
def test_months_end_where_a_month_is_too_short(day: str, months: int, later: str):
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


def test_twelve_months_beginning_with_a_day_end_the_day_before():
    assert last_day_of_months(date(2027, 1, 5), 12) == date(2028, 1, 4)


def test_five_working_days_before_passes_over_holidays():
    # 31 30 29 | 24 23 December: the 25th and its substitute, the 28th, do not count.
    assert working_days_before(date(2027, 1, 1), 5, HOLIDAYS) == date(2026, 12, 23)


@given(days, st.integers(1, 30))
def test_a_standstill_ends_on_a_working_day_and_holds_so_many(day: date, count: int):
    ends = standstill_ends(day, count, HOLIDAYS)
    assert HOLIDAYS.is_working_day(ends)
    inside = [day + DAY * n for n in range((ends - day).days + 1)]
    assert sum(HOLIDAYS.is_working_day(each) for each in inside) == count


@given(days, st.integers(1, 30))
def test_a_day_later_never_ends_earlier(day: date, count: int):
    ends, later = standstill_ends(day, count, HOLIDAYS), standstill_ends(day + DAY, count, HOLIDAYS)
    assert ends <= later
    # Only a working day moves the end: from any other the count begins with the next one.
    assert (ends == later) == (not HOLIDAYS.is_working_day(day))


@given(days, st.integers(1, 30))
def test_a_working_day_more_ends_later(day: date, count: int):
    assert standstill_ends(day, count, HOLIDAYS) < standstill_ends(day, count + 1, HOLIDAYS)


@given(days, st.integers(1, 400))
def test_inclusive_is_a_day_shorter_than_exclusive(day: date, count: int):
    assert last_day(day, count) + DAY == period_ends(day, count)
    assert last_day(day, 1) == day


@given(days.filter(HOLIDAYS.is_working_day), st.integers(1, 20))
def test_counting_back_undoes_counting_on(day: date, count: int):
    assert working_days_before(standstill_ends(day, count + 1, HOLIDAYS), count, HOLIDAYS) == day


@given(days, st.integers(0, 60))
def test_months_later_keeps_the_day_or_takes_the_month_s_last(day: date, months: int):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + DAY).day == 1
