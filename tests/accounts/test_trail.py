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
