"""Raw SQL as each role: who sees a statement, who changes it; nothing is published past its steps."""

from __future__ import annotations

import asyncpg
import pytest

from challenges.actions import sponsoring
from procurement.actions import needs
from procurement.rules.needs import Wanted
from tests.challenges import made

SHOWN = ("challenge", "challenge_section", "challenge_criterion", "challenge_sponsor")
INSIDE = ("officer", "leeds", "lead")
OUTSIDE = ("outside", "camden officer", "author", "operator", "public")


async def test_a_statement_is_for_its_sponsors_until_it_is_shown_or_published(ask, statement, act):
    for who in INSIDE:
        for table in (*SHOWN, "challenge_approval"):
            assert await ask(who, f"select * from {table}"), (who, table)
    for who in OUTSIDE:
        for table in (*SHOWN, "challenge_approval", "challenge_notice"):
            assert await ask(who, f"select * from {table}") == [], (who, table)
        # An operator reads the whole trail, which holds no words of a statement but its title.
        if who != "operator":
            assert await ask(who, "select * from audit_entry where subject_kind = 'challenge'") == []
    await act("officer", sponsoring.seek, statement, wanted=True)
    for who in ("outside", "camden officer"):
        assert await ask(who, "select * from challenge")
        assert await ask(who, "select * from challenge_approval") == []
    for who in ("author", "operator", "public"):
        assert await ask(who, "select * from challenge") == []


async def test_what_is_published_is_for_everybody_but_for_who_approved(ask, opened):
    for who in (*INSIDE, *OUTSIDE):
        for table in (*SHOWN, "challenge_notice"):
            assert await ask(who, f"select * from {table}"), (who, table)
    for who in OUTSIDE:
        assert await ask(who, "select * from challenge_approval") == []


CHANGES = (
    "update challenge set title = 'x' returning 1",
    "update challenge set seeks_sponsors = true returning 1",
    "update challenge_sponsor set line = 'x' returning 1",
    "delete from challenge_section returning 1",
    "delete from challenge_sponsor returning 1",
    "update challenge set state = 'open', published_at = now() returning 1",
)


async def test_nobody_but_the_lead_s_officers_changes_a_statement(ask, act, statement):
    await act("officer", sponsoring.seek, statement, wanted=True)
    for who in ("lead", "outside", "author", "operator", "public", "leeds"):
        for sql in CHANGES:
            try:
                assert await ask(who, sql) == [], (who, sql)
            except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
                continue


APPROVAL = (
    "insert into challenge_approval (id, challenge_id, body_code, version, fingerprint, decision, person_id,"
    " person_name) select gen_random_uuid(), c.id, $1, c.version, c.fingerprint, 'approved', $2, 'x'"
    " from challenge c"
)


async def test_an_approval_is_written_by_an_approver_of_that_sponsor_alone(ask, act, cast, statement):
    await act("officer", sponsoring.seek, statement, wanted=True)
    await act("camden officer", sponsoring.join, statement, line="We too", need_id=None)
    for who, code in (
        ("officer", "LDS"),
        ("camden officer", "CMD"),
        ("camden", "LDS"),
        ("outside", "MAN"),
        ("outside", "CMD"),
        ("lead", "LDS"),
    ):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ForeignKeyViolationError)):
            await ask(who, APPROVAL, code, cast[who].id)
    # A firm does not even see what there would be to approve.
    await ask("author", APPROVAL, "CMD", cast["author"].id)
    assert await ask("camden", "select count(*) from challenge_approval where body_code = 'CMD'") == [(0,)]
    await ask("camden", APPROVAL, "CMD", cast["camden"].id)


async def test_the_lead_s_own_officer_cannot_pass_the_steps_by(ask, cast, complete, sessions_app):
    challenge_id = complete
    publish = "update challenge set state = 'open', published_at = now() where id = $1"
    with pytest.raises(asyncpg.CheckViolationError, match="has not approved"):
        await ask("officer", publish, challenge_id)
    await made.approve(sessions_app, cast["leeds"], challenge_id)
    with pytest.raises(asyncpg.CheckViolationError, match="notice"):
        await ask("officer", publish, challenge_id)
    # A word changed past the service takes the approval away; so does a section.
    await ask("officer", "update challenge set problem = 'x' where id = $1", challenge_id)
    assert await ask("officer", "select fingerprint from challenge") == [(None,)]
    with pytest.raises(asyncpg.CheckViolationError, match="has not approved"):
        await ask("officer", publish, challenge_id)
    for state in ("judged", "pilot", "measured"):
        with pytest.raises(asyncpg.CheckViolationError):
            await ask("officer", "update challenge set state = $1", state)


async def test_an_open_challenge_is_not_judged_before_responses_are_due(ask, opened, owner):
    challenge_id = opened
    judge = "update challenge set state = 'judged' where id = $1"
    with pytest.raises(asyncpg.CheckViolationError, match="not due"):
        await ask("officer", judge, challenge_id)
    with pytest.raises(asyncpg.CheckViolationError, match="cannot be changed"):
        await ask("officer", "update challenge set budget_gross_pence = 1")
    await made.close(owner, challenge_id)
    await ask("officer", judge, challenge_id)


async def test_a_council_links_its_own_need_alone_and_joins_for_itself_alone(ask, act, statement):
    await act("officer", sponsoring.seek, statement, wanted=True)
    need = await act("officer", needs.record_need, Wanted("Ours", category=made.CATEGORY))
    join = (
        "insert into challenge_sponsor (challenge_id, body_code, line, need_id, joined_by)"
        " values ($1, $2, 'x', $3, 'x')"
    )
    for who, code, linked in (
        ("camden officer", "CMD", need),
        ("camden officer", "MAN", None),
        ("camden", "CMD", None),
        ("author", "CMD", None),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, join, statement, code, linked)
    await ask("camden officer", join, statement, "CMD", None)


async def test_only_a_sponsor_acts_for_the_subject(ask, statement, cast):
    act = "insert into subject_buyer (subject_id, organisation_id, leads) values ($1, $2, false)"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("outside", act, statement, cast["outside"].organisation_id)
