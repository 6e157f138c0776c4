"""Entries of the audit trail in words."""

from __future__ import annotations

from accounts.rules import trail
from accounts.rules.trail import Words


def test_a_sentence_takes_what_the_entry_tells_and_keeps_own_words_apart():
    words = Words({"pool.left": "took {council} out {missing}"}, "changed the pool")
    details = {"body_code": "LDS", "reason": "No money {x}"}
    assert words.sentence("pool.left", details, "Leeds") == "took Leeds out"
    assert words.own_words(details) == "No money {x}"
    assert trail.who("Ann", "Leeds") == "Ann, Leeds"
    assert trail.who("clock", "") == "Buy Together"


def test_an_action_that_a_later_version_wrote_is_said_all_the_same():
    assert Words({}, "changed the pool").sentence("pool.new", {"names": ["A", "B"]}, "") == "changed the pool"
    assert Words({"x": "named {names}"}, "").sentence("x", {"names": ["A", "B"]}, "") == "named A, B"


def test_an_instant_is_said_as_pages_say_it_and_one_number_is_no_range():
    words = Words({"x": "moved it to {until}", "y": "answered {numbers}"}, "")
    assert words.sentence("x", {"until": "2026-07-01T11:30:00+00:00"}, "") == (
        "moved it to 1 July 2026 at 12:30pm"
    )
    assert words.sentence("x", {"until": "2026-13-41T11:30:00+00:00"}, "") == (
        "moved it to 2026-13-41T11:30:00+00:00"
    )
    assert words.sentence("y", {"first": 3, "last": 3}, "") == "answered 3"
    assert words.sentence("y", {"first": 3, "last": 5}, "") == "answered 3 to 5"
