"""What a firm says of its size and kind, as a value."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.queries import SizeRow
from suppliers.rules import FEWER_PEOPLE, Declared, Size, check_declared, declared_from
from values.refusals import Refused

declarations = st.builds(
    Declared, st.none() | st.sampled_from(Size), st.none() | st.booleans(), st.none() | st.booleans()
)


@pytest.mark.parametrize(
    ("size", "small_or_medium"),
    [(Size.MICRO, True), (Size.SMALL, True), (Size.MEDIUM, True), (Size.LARGE, False), (None, None)],
)
def test_all_but_large_firms_are_small_or_medium_and_who_says_nothing_is_neither(size, small_or_medium):
    assert Declared(size).small_or_medium is small_or_medium


def test_a_declaration_in_words_says_the_kinds_that_hold():
    assert Declared(voluntary=False).words == "Not declared"
    assert Declared(Size.MEDIUM, voluntary=True, supported=True).words == (
        "Medium-sized; voluntary, community or social enterprise; supported employment provider"
    )


@given(declarations)
def test_what_was_kept_reads_back(declared):
    assert declared_from(**dataclasses.asdict(declared)) == declared


def test_a_declaration_has_a_size():
    check_declared(Declared(Size.LARGE))
    with pytest.raises(Refused, match="Choose the size"):
        check_declared(Declared(voluntary=True))


def test_a_size_is_old_after_a_year_and_never_where_none_was_declared():
    now = datetime(2026, 11, 26, tzinfo=UTC)
    assert SizeRow(Declared(), "", now - timedelta(days=366)).is_old(now)
    assert not SizeRow(Declared(), "", now - timedelta(days=365)).is_old(now)
    assert not SizeRow(Declared()).is_old(now)


def test_sizes_follow_one_another():
    assert list(FEWER_PEOPLE) == [Size.MICRO, Size.SMALL]
    assert FEWER_PEOPLE[Size.MICRO] < FEWER_PEOPLE[Size.SMALL]
