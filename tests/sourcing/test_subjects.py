"""Who acts for a subject: by actions, and by raw SQL as each role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from sourcing.actions import subjects as actions
from sourcing.queries import subjects as queries
from tests import build
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused

EVERYBODY = {
    "leeds", "leeds_too", "approver", "camden", "camden_too", "outside", "sector_lead", "operator",
    "supplier", "colleague", "rival", "public",
}  # fmt: skip
BUYERS = {"leeds", "leeds_too", "approver", "camden", "camden_too"}


def later(**ahead: float) -> datetime:
    return datetime.now(UTC) + timedelta(**ahead)


async def test_the_registering_body_leads_and_others_act_with_it(reads, cast):
    found = await reads("camden", queries.buyers, cast.subject)
    assert [(row.organisation_id, row.leads) for row in found] == [
        (build.council("LDS"), True),
        (build.council("CMD"), False),
    ]


@pytest.mark.parametrize("who", sorted(EVERYBODY))
async def test_nobody_else_knows_of_a_subject_before_it_is_open_for_questions(acting, does, cast, who):
    connection = await acting(who)
    seen = int(who in BUYERS)
    assert await connection.fetchval("select count(*) from subject") == seen
    assert await connection.fetchval("select count(*) from subject_buyer") == 2 * seen
    await does("leeds", actions.take_questions_until, cast.subject, later(days=1))
    assert await connection.fetchval("select count(*) from subject") == 1
    assert await connection.fetchval("select count(*) from subject_buyer") == 2 * seen


async def refuses(connection: asyncpg.Connection, sql: str, *values: object) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(sql, *values)


ADD = "insert into subject_buyer (subject_id, organisation_id, leads) values ($1, $2, $3)"


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"leeds", "leeds_too"}))
async def test_only_an_officer_of_the_lead_adds_or_ends_buyers_and_only_the_lead_changes(acting, cast, who):
    connection = await acting(who)
    own = cast.actor(who).organisation_id or build.council("MAN")
    for organisation, leads in ((own, False), (own, True), (build.council("MAN"), False)):
        await refuses(connection, ADD, cast.subject, organisation, leads)
    assert await connection.execute("delete from subject_buyer") == "DELETE 0"
    changed = await connection.execute("update subject set questions_until = now()")
    assert changed == f"UPDATE {int(who == 'approver')}"


async def test_the_lead_stays_and_nothing_is_rewritten(acting, cast):
    connection = await acting("leeds")
    await refuses(connection, ADD, cast.subject, build.council("MAN"), True)
    await refuses(connection, "update subject_buyer set leads = false")
    await refuses(connection, "update subject set kind = 'challenge'")
    await refuses(connection, "delete from subject")
    assert await connection.execute("delete from subject_buyer") == "DELETE 1"  # Camden


@pytest.mark.parametrize("who", ["approver", "sector_lead", "operator", "supplier", "public"])
async def test_only_an_officer_registers(does, acting, who):
    with pytest.raises(NotAllowed, match="Only an officer"):
        await does(who, actions.register, uuid7(), "tender")
    await refuses(await acting(who), "insert into subject (id, kind) values ($1, 'tender')", uuid7())


async def test_a_buyer_is_added_once_and_ends(does, reads, cast, owner):
    manchester = build.council("MAN")
    for _ in range(2):
        await does("leeds", actions.add_buyer, cast.subject, manchester)
    assert len(await reads("outside", queries.buyers, cast.subject)) == 3
    await does("leeds", actions.end_buyer, cast.subject, manchester)
    with pytest.raises(Missing):
        await reads("outside", queries.subject, cast.subject)
    entries = await owner.fetch("select action from audit_entry where subject_kind = 'tender' order by id")
    assert [row["action"] for row in entries] == [
        "subject.registered",
        "subject.buyer-added",
        "subject.buyer-added",
        "subject.buyer-ended",
    ]


async def test_who_may_not_change_buyers_is_refused(does, cast):
    with pytest.raises(Refused, match="does not lead"):
        await does("leeds", actions.end_buyer, cast.subject, build.council("LDS"))
    with pytest.raises(NotAllowed, match="lead council"):
        await does("camden", actions.add_buyer, cast.subject, build.council("MAN"))
    with pytest.raises(NotAllowed, match="buying councils"):
        await does("approver", actions.add_buyer, cast.subject, build.council("MAN"))
    with pytest.raises(Missing):
        await does("outside", actions.add_buyer, cast.subject, build.council("MAN"))


async def test_the_time_for_questions_moves_to_later_only(does, cast):
    with pytest.raises(Refused, match="still to come"):
        await does("leeds", actions.take_questions_until, cast.subject, later(minutes=-1))
    await does("leeds", actions.take_questions_until, cast.subject, later(days=2))
    with pytest.raises(Refused, match="later only"):
        await does("leeds", actions.take_questions_until, cast.subject, later(days=1))
    await does("approver", actions.take_questions_until, cast.subject, later(days=3))
    with pytest.raises(NotAllowed):
        await does("camden", actions.take_questions_until, cast.subject, later(days=4))
