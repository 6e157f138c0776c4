"""Saved searches: when mail is due, and the secret that stops it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules import searches as rules
from sourcing.rules.searches import SearchMail
from values.refusals import Refused
from values.years import LONDON

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- given a zone


@given(MOMENTS)
def test_mail_is_due_at_seven_in_london_and_never_ahead(now):
    daily, weekly = (rules.last_due(mail, now) for mail in (SearchMail.DAILY, SearchMail.WEEKLY))
    for due, most in ((daily, timedelta(days=1, hours=1)), (weekly, timedelta(days=7, hours=1))):
        assert due is not None
        assert due <= now < due + most
        assert due.astimezone(LONDON).hour == rules.SUMMARY_HOUR
    assert weekly is not None
    assert weekly.astimezone(LONDON).weekday() == 0
    assert rules.last_due(SearchMail.AT_ONCE, now) == now
    assert rules.last_due(SearchMail.NONE, now) is None


def test_a_secret_is_of_one_search_and_one_key():
    one, other = uuid4(), uuid4()
    made = {rules.stop_secret(key, search) for key in (b"k" * 32, b"l" * 32) for search in (one, other)}
    assert len(made) == 4
    assert rules.stop_secret(b"k" * 32, one) in made


def test_a_search_for_everything_is_not_saved_nor_more_than_anybody_reads():
    with pytest.raises(Refused):
        rules.check_saving("", saved=0)
    with pytest.raises(Refused):
        rules.check_saving("q=a", saved=rules.MOST_OF_ONE)
    rules.check_saving("q=a", saved=rules.MOST_OF_ONE - 1)


def test_a_name_is_made_that_fits():
    assert rules.default_name("the words “x”") == "The words “x”"
    assert len(rules.default_name("x" * 300)) == rules.LONGEST_NAME
