"""Raw SQL as each role: only the asker's organisation reads who asked, and drafts stay with the buyers."""

from __future__ import annotations

import asyncpg
import pytest

from sourcing.actions import questions as actions
from sourcing.actions import subjects
from sourcing.rules.questions import Ground
from store.migrations import plain
from tests.sourcing.test_subjects import BUYERS, EVERYBODY, later, refuses

TABLES = ("question", "question_asker", "question_answer", "question_withheld")


@pytest.fixture
async def asked(does, cast):
    """One question each that is waiting, drafted, published, and answered privately."""
    await does("leeds", subjects.take_questions_until, cast.subject, later(days=1))
    made = [await does("supplier", actions.ask, cast.subject, words=f"Question {n}?") for n in range(4)]
    draft = actions.draft_answer
    await does("leeds", draft, cast.subject, made[2], words="Two?", answer="To all.")
    await does(
        "leeds", draft, cast.subject, made[3], words="Three?", answer="To one.", ground=Ground.COMMERCIAL,
        basis="Prices",
    )  # fmt: skip
    await does("leeds", actions.publish_answers, cast.subject)
    await does("camden", draft, cast.subject, made[1], words="One?", answer="A draft.")
    return made


async def test_each_reads_what_is_theirs(asked, acting):
    # questions in the asker's words, askers, answers, that something was withheld
    seen = dict.fromkeys(EVERYBODY, (0, 0, 1, 1))
    seen |= dict.fromkeys(BUYERS, (4, 0, 3, 1))
    seen |= dict.fromkeys(("supplier", "colleague"), (4, 4, 2, 1))
    for who, expected in seen.items():
        connection = await acting(who)
        found = tuple([await connection.fetchval(f"select count(*) from {table}") for table in TABLES])
        assert found == expected, who


async def test_the_worker_does_not_read_who_asked(asked, database):
    connection = await asyncpg.connect(plain(database.jobs))
    assert await connection.fetchval("select count(*) from question") == 4
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("select * from question_asker")
    await connection.close()


async def test_what_buyers_read_of_a_question_tells_neither_person_nor_hour(asked, acting):
    connection = await acting("leeds")
    row = await connection.fetchrow("select * from question limit 1")
    assert set(row.keys()) == {"id", "subject_id", "words", "sensitive", "asked_on", "withdrawn_on"}
    assert row["id"].version == 4


ASK = "select app.ask_question($1, 'Why?', '')"


async def test_only_a_supplier_asks_and_only_in_time(asked, acting, owner, cast):
    for who in sorted(EVERYBODY):
        made = await (await acting(who)).fetchval(ASK, cast.subject)
        assert (made is not None) == (who in ("supplier", "colleague", "rival")), who
    await owner.execute("update subject set questions_until = statement_timestamp()")
    assert await (await acting("supplier")).fetchval(ASK, cast.subject) is None


async def test_nobody_writes_a_question_or_an_asker_past_the_function(asked, acting, cast):
    for who in ("supplier", "leeds", "public"):
        connection = await acting(who)
        await refuses(
            connection,
            "insert into question (subject_id, words, asked_on) values ($1, 'x', now())",
            cast.subject,
        )
        for sql in (
            (
                "insert into question_asker (question_id, organisation_id, person_id)"
                " values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid())"
            ),
            "update question_asker set organisation_id = gen_random_uuid()",
            "update question set words = 'y'",
            "delete from question_asker",
        ):
            await refuses(connection, sql)


async def test_only_its_own_organisation_takes_a_question_back(asked, acting):
    take = "select app.withdraw_question($1)"
    for who in sorted(EVERYBODY - {"supplier", "colleague"}):
        assert not await (await acting(who)).fetchval(take, asked[0]), who
    connection = await acting("colleague")
    assert await connection.fetchval(take, asked[0])
    assert not await connection.fetchval(take, asked[0])
    assert not await connection.fetchval(take, asked[2])  # published


ANSWER = """insert into question_answer (question_id, subject_id, words, answer) values ($1, $2, 'x', 'x')"""
PUBLISH = "update question_answer set published_at = {}, number = 9 where question_id = $1"


async def test_only_officers_of_buyers_draft_and_only_the_lead_publishes(asked, acting, cast):
    for who in sorted(EVERYBODY - BUYERS | {"approver"}):
        connection = await acting(who)
        await refuses(connection, ANSWER, asked[0], cast.subject)
        assert await connection.execute("update question_answer set answer = 'x'") == "UPDATE 0", who
    connection = await acting("camden")
    await connection.execute(ANSWER, asked[0], cast.subject)
    now = PUBLISH.format("statement_timestamp()")
    await refuses(connection, now, asked[0])
    connection = await acting("leeds")
    await refuses(connection, PUBLISH.format("'2026-01-01'"), asked[0])
    assert await connection.execute(now, asked[0]) == "UPDATE 1"
    assert await connection.execute("update question_answer set answer = 'y' where number > 0") == "UPDATE 0"
    await refuses(connection, "delete from question_answer")


async def test_what_is_said_to_be_withheld_is_what_was(asked, acting, cast):
    add = """insert into question_withheld (question_id, subject_id, number, ground, basis, withheld_at)
             select question_id, subject_id, number, 'commercial', 'Prices', published_at
             from question_answer where question_id = $1"""
    for who in ("leeds", "camden", "supplier", "public"):
        await refuses(await acting(who), add, asked[2])  # published to all
    await refuses(await acting("leeds"), "update question_withheld set basis = 'x'")
