"""Suppliers look for partners: nameless until both agree, for suppliers alone; raw SQL as each role."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg
import pytest

from sourcing.actions import partners as actions
from sourcing.actions import subjects
from sourcing.queries import partners as queries
from sourcing.rules import partners as rules
from sourcing.rules.partners import AnswerState
from store.migrations import plain
from tests.sourcing.test_subjects import EVERYBODY, later, refuses
from values.refusals import Missing, NotAllowed, Refused

TABLES = ("partner_advert", "partner_poster", "partner_answer", "partner_answerer", "partner_report")
SUPPLIERS = {"supplier", "colleague", "rival"}
ADDRESS = "https://buy.example.org"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("  ", "Enter something"),
        ("x" * 2001, "2,000 characters"),
        ("Write to ada@example.org", "Leave out ada@example.org"),
        ("Call 020 7946 0000", "Leave out 020 7946 0000"),
    ],
)
def test_words_that_are_none_too_long_or_say_how_one_is_reached_are_refused(words, said):
    with pytest.raises(Refused, match=said):
        rules.check_words(words, "brings")
    assert rules.check_words(" We train staff ", "brings") == "We train staff"


def test_an_advert_ends_after_today_and_not_after_the_deadline():
    now, latest = later(), later(days=10)
    rules.check_until(rules.until_end_of(now.date() + timedelta(days=3)), now, latest)
    for until, wrong in ((now, "still to come"), (latest + timedelta(days=2), "up to the deadline")):
        with pytest.raises(Refused, match=wrong):
            rules.check_until(until, now, latest)
    for none in (None, now):
        with pytest.raises(Refused, match="too late"):
            rules.check_until(latest, now, none)
    assert rules.until_end_of(date(2026, 7, 1)).isoformat() == "2026-07-01T23:59:00+01:00"


@pytest.fixture
async def posted(does, cast):
    await does("leeds", subjects.take_questions_until, cast.subject, later(days=1))
    wanted = {"brings": "We map bins.", "seeks": "Somebody who trains staff."}
    return await does(
        "supplier", actions.post, cast.subject, **wanted, until=later(days=3), latest=later(days=5)
    )


def answer(does, who, advert, words="We train staff."):
    return does(who, actions.answer, advert, words=words, address=ADDRESS)


async def counts(acting, who):
    connection = await acting(who)
    return tuple([await connection.fetchval(f"select count(*) from {table}") for table in TABLES])


async def test_nobody_but_suppliers_reads_an_advert_and_nobody_else_whose_it_is(posted, acting, does):
    await answer(does, "rival", posted)
    for who in sorted(EVERYBODY):
        # The poster's people read all but whose the answer is; who answered, their answer and the advert.
        expected = {"supplier": (1, 1, 1, 0, 0), "colleague": (1, 1, 1, 0, 0), "rival": (1, 0, 1, 1, 0)}
        assert await counts(acting, who) == expected.get(who, (0, 0, 0, 0, 0)), who
    row = await (await acting("rival")).fetchrow("select * from partner_advert")
    assert not {"organisation_id", "person_name", "posted_at"} & set(row.keys())
    assert row["id"].version == 4


async def test_once_both_agree_each_sees_how_the_other_is_reached(posted, does, acting, cast, owner):
    said = await answer(does, "rival", posted)
    with pytest.raises(Refused, match="answered this already"):
        await answer(does, "rival", posted)
    with pytest.raises(Refused, match="not an answer to you"):
        await does("rival", actions.decide, said, agrees=True, address=ADDRESS)

    async def seen(who):
        async def asked(db, _actor):
            return (await queries.answers(db, await queries.advert(db, posted)))[0]

        return await does(who, asked)

    assert (await seen("supplier")).contact is None
    assert (await seen("rival")).contact is None
    await does("colleague", actions.decide, said, agrees=True, address=ADDRESS)
    assert (await seen("supplier")).contact.email == cast.people["rival"].email
    assert (await seen("rival")).contact.email == cast.people["supplier"].email
    assert (await seen("rival")).state is AnswerState.AGREED
    for who in sorted(EVERYBODY - SUPPLIERS):
        assert await counts(acting, who) == (0,) * 5, who
    # Mail says that something waits, and no more; the trail names the doer's own organisation alone.
    letters = await owner.fetch("select to_address, subject, body from mail order by created_at")
    assert [row["to_address"] for row in letters] == [
        cast.people["supplier"].email,
        cast.people["rival"].email,
    ]
    trail = await owner.fetchval(
        "select string_agg(to_jsonb(a)::text, ' ') from audit_entry a where action like 'partner.%'"
    )
    told = trail + " ".join(row["subject"] + row["body"] for row in letters)
    for secret in ("bins", "train", str(posted), str(said), str(cast.subject)):
        assert secret not in told


async def test_an_advert_is_one_a_subject_and_goes_when_it_is_taken_back(posted, does, acting, cast):
    wanted = {
        "brings": "We map trees.",
        "seeks": "A forester.",
        "until": later(days=3),
        "latest": later(days=5),
    }
    with pytest.raises(Refused, match="looks for partners here already"):
        await does("colleague", actions.post, cast.subject, **wanted)
    with pytest.raises(NotAllowed):
        await does("leeds", actions.post, cast.subject, **wanted)
    with pytest.raises(Missing):
        await does("rival", actions.withdraw, posted)
    said = await answer(does, "rival", posted)
    await does("rival", actions.withdraw_answer, said)
    assert (await counts(acting, "supplier"))[2] == 0
    await answer(does, "rival", posted, "Once more.")
    with pytest.raises(Refused, match="your own"):
        await answer(does, "supplier", posted)
    await does("supplier", actions.withdraw, posted)
    with pytest.raises(Refused, match="no more"):
        await answer(does, "rival", posted)
    await does("colleague", actions.post, cast.subject, **wanted)


async def test_an_operator_reads_what_was_reported_and_takes_it_down(posted, does, acting, owner):
    await does("rival", actions.report, posted, reason="It proposes not to bid")
    with pytest.raises(Refused, match="reported already"):
        await does("rival", actions.report, posted, reason="Again")
    assert await counts(acting, "operator") == (1, 0, 0, 0, 1)
    assert await counts(acting, "sector_lead") == (0,) * 5
    with pytest.raises(NotAllowed):
        await does("sector_lead", actions.decide_report, posted, reason="x", takes_down=True, address=ADDRESS)
    await does(
        "operator", actions.decide_report, posted, reason="Bid-rigging", takes_down=True, address=ADDRESS
    )
    assert (await counts(acting, "operator"))[0] == 0
    assert (await counts(acting, "rival"))[0] == 0
    row = await (await acting("supplier")).fetchrow("select * from partner_advert")
    assert row["taken_down_reason"] == "Bid-rigging"
    with pytest.raises(Missing):
        await does("operator", actions.decide_report, posted, reason="x", takes_down=False, address=ADDRESS)


async def test_nobody_writes_past_the_functions_and_the_worker_reads_nothing(posted, acting, database, cast):
    connection = await acting("supplier")
    for sql in (
        "update partner_advert set brings = 'x'",
        "update partner_answer set state = 'agreed'",
        "delete from partner_poster",
        "insert into partner_answer (advert_id, words, answered_on) values (gen_random_uuid(), 'x', now())",
    ):
        await refuses(connection, sql)
    call = "select app.post_advert($1, 'x', 'y', now() + interval '1 day')"
    for who in sorted(EVERYBODY):
        made = await (await acting(who)).fetchval(call, cast.subject)
        assert (made is not None) == (who == "rival"), who
    worker = await asyncpg.connect(plain(database.jobs))
    for table in TABLES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await worker.fetch(f"select * from {table}")
    await worker.close()
