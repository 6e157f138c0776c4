"""Who is told of what, and in which words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from notifications.rules import letters, telling
from notifications.rules.telling import Candidate, Reason, Told
from procurement.rules.pools.timeline import SENTENCES, Happening
from values.years import LONDON

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
POOL, OTHER = UUID(int=100), UUID(int=101)
ANN, BO, CY = UUID(int=1), UUID(int=2), UUID(int=3)


def told(action: str = "pool.commented", *, by: UUID | None = ANN, pool: UUID = POOL, **details) -> Told:
    name, of = ("Ann Smith", "Leeds") if by else ("clock", "")
    return Told(7, NOW, pool, "Maps together", by, name, Happening(action, details, "", of))


def candidate(who: UUID, **different) -> Candidate:
    usual = {"here": True, "since": NOW, "follows": True, "approver": False, "body_code": "LDS"}
    return Candidate(POOL, who, **{**usual, **different})


def reasons(entry: Told, *candidates: Candidate) -> dict[UUID, Reason]:
    return {wording.person_id: wording.reason for wording in telling.notices([entry], candidates)}


def test_who_follows_is_told_and_who_did_it_is_not():
    assert reasons(told(), candidate(ANN), candidate(BO), candidate(CY, follows=False)) == {
        BO: Reason.FOLLOWS
    }
    assert reasons(told(by=None), candidate(ANN)) == {ANN: Reason.FOLLOWS}
    assert reasons(told(pool=OTHER), candidate(BO)) == {}


def test_who_is_mentioned_is_told_though_they_do_not_follow():
    entry = told(mentioned=[str(ANN), str(CY)])
    assert reasons(entry, candidate(ANN), candidate(CY, follows=False)) == {CY: Reason.MENTIONED}


def test_approvers_are_told_of_what_there_is_to_sign():
    silent = {"since": None, "follows": False}
    assert set(SENTENCES) >= telling.TO_SIGN | telling.QUIET | telling.TALK
    for action in telling.TO_SIGN:
        found = reasons(told(action), candidate(BO, approver=True, **silent), candidate(CY, **silent))
        assert found == {BO: Reason.TO_SIGN}


def test_a_council_that_left_hears_only_of_itself():
    assert reasons(told(), candidate(BO, here=False)) == {}
    assert reasons(told(body_code="LDS"), candidate(BO, here=False)) == {BO: Reason.FOLLOWS}
    assert reasons(told(body_code="CMD", mentioned=[str(BO)]), candidate(BO, here=False)) == {}


def test_that_a_comment_was_removed_is_no_notice():
    assert reasons(told("pool.comment-removed"), candidate(BO)) == {}


@given(st.lists(st.tuples(st.sampled_from([ANN, BO, CY]), st.booleans(), st.booleans(), st.booleans())))
def test_nobody_is_told_twice_of_one_thing_or_of_their_own(drawn):
    people = [candidate(who, follows=f, approver=a, here=h) for who, f, a, h in drawn]
    for entry in (told(), told(mentioned=[str(BO)]), told("pool.agreement_made")):
        found = [wording.person_id for wording in telling.notices([entry], people)]
        assert len(found) == len(set(found))
        assert ANN not in found


def test_words_hold_no_own_words_of_anybody():
    entry = told(reason="Our budget is £4m")
    for reason in Reason:
        text = telling.words(entry, reason)
        assert "budget" not in text
        assert text.startswith("Ann Smith of Leeds ")
    assert telling.words(told(by=None), Reason.FOLLOWS).startswith("Buy Together ")


def test_what_was_done_before_somebody_came_is_no_notice():
    late = candidate(BO, since=NOW + timedelta(seconds=1))
    assert reasons(told(), late) == {}
    assert reasons(told(mentioned=[str(BO)]), late) == {BO: Reason.MENTIONED}


@pytest.mark.parametrize(("hour", "day"), [(0, 4), (6, 4), (7, 5), (23, 5)])
def test_summaries_are_due_at_seven_in_london(hour, day):
    assert telling.summary_time(datetime(2026, 1, 5, hour, tzinfo=UTC)) == datetime(
        2026, 1, day, 7, tzinfo=UTC
    )
    summer = datetime(2026, 7, 5, hour, tzinfo=LONDON)
    assert telling.summary_time(summer) == datetime(2026, 7, day, 6, tzinfo=UTC)
    assert telling.summary_time(summer).date() == date(2026, 7, day)


def test_what_is_days_old_is_no_news():
    assert telling.is_news(NOW, NOW + timedelta(days=2))
    assert not telling.is_news(NOW, NOW + timedelta(days=2, seconds=1))


def test_the_mail_of_one_notice():
    letter = letters.one_notice(
        about="Pool",
        title="Maps\ntogether",
        text="Ann mentioned you",
        href="/pools/1/discussion",
        address="https://b.example",
    )
    assert letter.subject == "Maps together: Ann mentioned you"
    assert letter.body == snapshot("""\
Ann mentioned you

Pool: Maps
together

To read more, open this address and sign in:

https://b.example/pools/1/discussion

To choose how much mail you get: https://b.example/notices/settings
""")


def test_the_summary_of_a_day():
    lines = [("Maps", "Ann wrote a comment"), ("Bins", "Bo joined"), ("Maps", "Cy joined")]
    letter = letters.summary(name="Di", lines=lines, count=4, address="https://b.example")
    assert letter.subject == "Buy Together: 4 notices"
    assert letter.body == snapshot("""\
Dear Di,

this is new since the last summary.

Maps
- Ann wrote a comment
- Cy joined

Bins
- Bo joined

and 1 more.

To read more, open this address and sign in:

https://b.example/notices

To choose how much mail you get: https://b.example/notices/settings
""")
    assert (
        letters.summary(name="Di", lines=lines[:1], count=1, address="x").subject == "Buy Together: 1 notice"
    )
