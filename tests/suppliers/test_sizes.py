"""What a firm says of its size, kind and numbers, as values."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.queries import SizeRow
from suppliers.rules import (
    FEWER_PEOPLE,
    NOTHING_REGISTERED,
    Declared,
    Registered,
    Size,
    check_declared,
    declared_from,
    registered,
    registered_from,
)
from values.refusals import Refused

declarations = st.builds(Declared, st.none() | st.sampled_from(Size), *[st.none() | st.booleans()] * 3)


@pytest.mark.parametrize(
    ("size", "small_or_medium"),
    [(Size.MICRO, True), (Size.SMALL, True), (Size.MEDIUM, True), (Size.LARGE, False), (None, None)],
)
def test_all_but_large_firms_are_small_or_medium_and_who_says_nothing_is_neither(size, small_or_medium):
    assert Declared(size).small_or_medium is small_or_medium


def test_a_declaration_in_words_says_the_kinds_that_hold():
    assert Declared(voluntary=False).words == "Not declared"
    assert Declared(Size.MEDIUM, voluntary=True, supported=True, mutual=True).words == (
        "Medium-sized; voluntary, community or social enterprise; supported employment provider; "
        "public service mutual"
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


def test_what_was_kept_before_firms_said_whether_they_are_a_mutual_reads_back():
    assert declared_from("small", voluntary=True, supported=None).mutual is None


@pytest.mark.parametrize(
    ("typed", "identifiers"),
    [
        (Registered("123456"), [("GB-COH", "00123456")]),
        (Registered("sc 12345"), [("GB-COH", "SC012345")]),
        (
            Registered("OC 317661", ppon="pdtl7248gwzw"),
            [("GB-COH", "OC317661"), ("GB-PPON", "PDTL-7248-GWZW")],
        ),
        (Registered(charity_number="1 049 226"), [("GB-CHC", "1049226")]),
        # The same form is a Scottish charity here, and a Scottish company above.
        (Registered(charity_number="sc012345"), [("GB-SC", "SC012345")]),
        (Registered(charity_number="NIC100123"), [("GB-NIC", "NIC100123")]),
        (Registered(none_because=" A sole trader "), []),
    ],
)
def test_numbers_are_kept_as_their_registers_write_them(typed, identifiers):
    found = registered(typed)
    assert list(found.identifiers) == identifiers
    assert found.is_said
    assert registered(found) == found
    kept = (found.company_number, found.charity_number, found.ppon, found.none_because)
    assert registered_from(*(each or None for each in kept)) == found


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Registered("GB123456789"), "company_number"),
        (Registered("00000000"), "company_number"),
        (Registered("AB123456"), "company_number"),
        (Registered(charity_number="12345"), "charity_number"),
        (Registered(ppon="PBBB-111-DDDD"), "ppon"),
        (Registered(ppon="QBBB-1111-DDDD"), "ppon"),
        (NOTHING_REGISTERED, "company_number"),
        (Registered(none_because="  "), "company_number"),
        (Registered("123456", none_because="Why not"), "none_because"),
        (Registered(none_because="x" * 201), "none_because"),
    ],
)
def test_what_no_register_writes_is_refused_at_its_field(typed, field):
    with pytest.raises(Refused) as refused:
        registered(typed)
    assert refused.value.field == field


def test_numbers_in_words_name_their_registers():
    assert Registered("00123456", "SC012345").words == (
        "Companies House 00123456, Scottish Charity Register SC012345"
    )
    assert Registered(none_because="A sole trader").words == "No number, because: A sole trader"
    assert NOTHING_REGISTERED.words == "Not declared"
