"""Making versions, signing them, and how signatures end; several people at once."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from procurement.actions.pools import agreement
from procurement.actions.pools import signatures as actions
from procurement.actions.pools.settling import settle
from procurement.models import Pool, PoolMember
from procurement.queries.pools import agreements as queries
from procurement.queries.pools import pool as pools
from procurement.queries.pools import terms
from procurement.rules.pools.agreement import Choices
from procurement.rules.pools.states import PoolState, Stage
from store.db import transaction
from tests import build
from tests.databases import TESTER
from tests.procurement.pools import build_pool
from tests.procurement.signing import UNTIL, approver, make_version, wanted
from values.actors import Role
from values.refusals import NotAllowed, Refused
from values.years import london_today


@pytest.fixture
async def agreeing(db, sessions_app):
    """A pool that is agreeing, with its first version; its lead's officer, approvers of two councils."""
    pool_id = await build_pool(db, state=PoolState.AGREEING, stage=Stage.CONDITIONAL)
    made = {
        "officer": await build.person(db),
        "leeds": await approver(db, name="Lena Leeds"),
        "second": await approver(db, name="Sam Second"),
        "camden": await approver(db, "CMD", name="Cara Camden"),
        "officer_elsewhere": await build.person(db, organisation_id=build.council("CMD")),
        "outside": await approver(db, "MAN", name="Max Outside"),
    }
    await db.commit()
    await make_version(sessions_app, made["officer"].actor, pool_id)
    return pool_id, made


async def sign(sessions, person, pool_id, **changes):
    async with transaction(sessions, person.actor) as db:
        want = dataclasses.replace(await wanted(db, pool_id), **changes)
        return await actions.sign(db, person.actor, pool_id, want)


async def stages(db, pool_id):
    rows = await db.execute(
        select(PoolMember.body_code, PoolMember.stage).where(PoolMember.pool_id == pool_id)
    )
    return dict(rows.all())


async def test_a_signature_binds_the_council_and_keeps_what_was_signed(agreeing, sessions_app, db, owner):
    pool_id, people = agreeing
    assert await sign(sessions_app, people["leeds"], pool_id) == 1
    assert (await stages(db, pool_id))["LDS"] == Stage.BOUND
    row = (await queries.signatures(db, pool_id))[0]
    text = (await queries.version(db, pool_id, 1)).sha256
    assert (row.person_name, row.body_code, row.sha256, row.ended_at) == ("Lena Leeds", "LDS", text, None)
    kept = await queries.commitment(db, pool_id, row)
    assert (kept.sum_pence, kept.until_on) == (90_000_000, UNTIL)
    entry = await owner.fetchrow("select * from audit_entry where action = 'pool.signed'")
    assert "90000000" not in entry["details"]
    assert await owner.fetchval("select changed from pool_pulse") == 3


async def test_only_the_leads_officer_makes_versions(agreeing, sessions_app):
    pool_id, people = agreeing
    for who in ("leeds", "officer_elsewhere", "camden"):
        with pytest.raises(NotAllowed):
            await make_version(sessions_app, people[who].actor, pool_id, reason="Because")


async def test_a_version_needs_a_difference_a_reason_and_the_text_that_was_read(agreeing, sessions_app):
    pool_id, people = agreeing
    officer = people["officer"].actor
    with pytest.raises(Refused, match="Nothing is different"):
        await make_version(sessions_app, officer, pool_id, reason="Because")
    other = Choices(leave_days=7)
    with pytest.raises(Refused, match="Say why"):
        await make_version(sessions_app, officer, pool_id, choices=other)
    with pytest.raises(Refused, match="changed since this preview"):
        async with transaction(sessions_app, officer) as db:
            await agreement.make_version(db, officer, pool_id, other, reason="Because", seen=b"x" * 32)
    assert await make_version(sessions_app, officer, pool_id, reason="Because", choices=other) == 2


async def test_two_councils_sign_at_once(agreeing, sessions_app, db):
    pool_id, people = agreeing
    await asyncio.gather(*(sign(sessions_app, people[who], pool_id) for who in ("leeds", "camden")))
    assert await stages(db, pool_id) == {
        "LDS": Stage.BOUND,
        "CMD": Stage.BOUND,
        "SLF": Stage.CONDITIONAL,
    }


async def test_of_two_approvers_of_one_council_one_signs_and_the_other_is_told(agreeing, sessions_app, db):
    pool_id, people = agreeing
    done = await asyncio.gather(
        *(sign(sessions_app, people[who], pool_id) for who in ("leeds", "second")), return_exceptions=True
    )
    assert sorted(type(each) for each in done if each == 1) == [int]
    refused = next(each for each in done if isinstance(each, Refused))
    first = (await queries.signatures(db, pool_id))[0]
    assert refused.message == f"{first.person_name} signed version 1 for your council already."
    assert len(await queries.signatures(db, pool_id)) == 1


async def test_a_version_made_while_somebody_signs_is_told(agreeing, sessions_app, db):
    pool_id, people = agreeing
    async with transaction(sessions_app, people["leeds"].actor) as reading:
        want = await wanted(reading, pool_id)
    officer = people["officer"].actor
    await make_version(sessions_app, officer, pool_id, reason="Shorter", choices=Choices(leave_days=7))
    with pytest.raises(Refused, match="A new version was made: version 2"):
        async with transaction(sessions_app, people["leeds"].actor) as signing:
            await actions.sign(signing, people["leeds"].actor, pool_id, want)
    assert await queries.signatures(db, pool_id) == []


async def test_signing_and_making_a_version_at_once_leave_no_signature_under_an_old_text(
    agreeing, sessions_app, sessions_jobs, db
):
    pool_id, people = agreeing
    await asyncio.gather(
        sign(sessions_app, people["leeds"], pool_id),
        make_version(
            sessions_app, people["officer"].actor, pool_id, reason="Shorter", choices=Choices(leave_days=7)
        ),
        return_exceptions=True,
    )
    async with transaction(sessions_jobs, TESTER) as settling:
        await settle(settling, pool_id, datetime.now(UTC))
    live = [row for row in await queries.signatures(db, pool_id) if row.ended_at is None]
    assert all(row.version == 2 for row in live)
    assert (await stages(db, pool_id))["LDS"] == (Stage.BOUND if live else Stage.CONDITIONAL)


async def test_who_may_not_sign_is_refused(agreeing, sessions_app, db):
    pool_id, people = agreeing
    poor = await approver(db, "SLF", limit_pence=1_000_000)
    nobody = await approver(db, "SLF", limit_pence=None)
    await db.commit()
    for person, said in ((poor, "up to £10,000"), (nobody, "Nobody has set")):
        with pytest.raises(Refused, match=said):
            await sign(sessions_app, person, pool_id)
    with pytest.raises(NotAllowed):
        async with transaction(sessions_app, people["officer"].actor) as officer:
            await actions.sign(officer, people["officer"].actor, pool_id, await wanted(db, pool_id))
    async with transaction(sessions_app, people["outside"].actor) as outside:
        with pytest.raises(Refused, match="not in this pool"):
            await actions.sign(outside, people["outside"].actor, pool_id, await wanted(db, pool_id))


@pytest.mark.parametrize("state", [PoolState.FORMING, PoolState.HANDED_OVER, PoolState.DISSOLVED])
async def test_a_pool_that_is_not_agreeing_takes_no_signature(agreeing, sessions_app, db, owner, state):
    pool_id, people = agreeing
    await owner.execute("alter table pool disable trigger tg_pool_move")
    await owner.execute("update pool set state = $1", state.value)
    with pytest.raises(Refused):
        await sign(sessions_app, people["leeds"], pool_id)


async def test_after_the_time_to_sign_nobody_signs(agreeing, sessions_app, db):
    pool_id, people = agreeing
    now = datetime.now(UTC)
    await db.execute(
        update(Pool).values(joins_until=now - timedelta(days=2), signs_until=now - timedelta(seconds=1))
    )
    await db.commit()
    with pytest.raises(Refused, match="Signing ended on"):
        await sign(sessions_app, people["leeds"], pool_id)


async def test_a_signature_is_taken_back_with_a_reason_and_given_again(agreeing, sessions_app, db):
    pool_id, people = agreeing
    leeds = people["leeds"]
    await sign(sessions_app, leeds, pool_id)
    async with transaction(sessions_app, leeds.actor) as taking:
        with pytest.raises(Refused, match="Say why"):
            await actions.take_back(taking, leeds.actor, pool_id, reason="")
    async with transaction(sessions_app, people["second"].actor) as taking:
        await actions.take_back(taking, people["second"].actor, pool_id, reason="The budget was cut")
    assert (await stages(db, pool_id))["LDS"] == Stage.CONDITIONAL
    await sign(sessions_app, leeds, pool_id)
    assert (await stages(db, pool_id))["LDS"] == Stage.BOUND
    rows = await queries.signatures(db, pool_id)
    assert [(row.turn, row.ended_reason) for row in rows] == [(1, "The budget was cut"), (2, "")]


async def test_what_does_not_stand_cannot_be_taken_back(agreeing, sessions_app, owner):
    pool_id, people = agreeing
    leeds = people["leeds"].actor
    with pytest.raises(Refused, match="No signature of your council"):
        async with transaction(sessions_app, leeds) as taking:
            await actions.take_back(taking, leeds, pool_id, reason="A mistake")
    await sign(sessions_app, people["leeds"], pool_id)
    await owner.execute("alter table pool disable trigger tg_pool_move")
    await owner.execute("update pool set state = 'handed_over'")
    with pytest.raises(Refused, match="cannot be taken back"):
        async with transaction(sessions_app, leeds) as taking:
            await actions.take_back(taking, leeds, pool_id, reason="A mistake")


async def test_a_new_version_ends_signatures_and_members_step_down(agreeing, sessions_app, sessions_jobs, db):
    pool_id, people = agreeing
    for who in ("leeds", "camden"):
        await sign(sessions_app, people[who], pool_id)
    officer = people["officer"].actor
    await make_version(sessions_app, officer, pool_id, reason="Shorter", choices=Choices(leave_days=7))
    await sign(sessions_app, people["leeds"], pool_id)
    for _ in range(2):  # the second time finds nothing to do
        async with transaction(sessions_jobs, TESTER) as settling:
            await settle(settling, pool_id, datetime.now(UTC))
    assert await stages(db, pool_id) == {
        "LDS": Stage.BOUND,
        "CMD": Stage.CONDITIONAL,
        "SLF": Stage.CONDITIONAL,
    }
    reasons = {row.body_code: row.ended_reason for row in await queries.signatures(db, pool_id, 1)}
    assert reasons == {"LDS": "Version 2 was signed in its place", "CMD": "Version 2 took its place"}


async def test_a_commitment_ends_on_its_day_and_not_once_handed_over(
    agreeing, sessions_app, sessions_jobs, db, owner
):
    pool_id, people = agreeing
    await sign(sessions_app, people["leeds"], pool_id)
    await owner.execute("update pool_pulse set settled = changed")
    await owner.execute("alter table pool disable trigger tg_pool_move")
    on_its_day, after = datetime(2027, 9, 30, 12, tzinfo=UTC), datetime(2027, 10, 1, 12, tzinfo=UTC)
    for state, now, ended in (
        ("handed_over", after, 0),
        ("committed", on_its_day, 0),
        ("committed", after, 1),
    ):
        await owner.execute("update pool set state = $1", state)
        async with transaction(sessions_jobs, TESTER) as settling:
            assert await terms.due(settling, now) == [pool_id] * ended
            pool = await pools.pool_row(settling, pool_id)
            assert await actions.end_lapsed(settling, TESTER, pool, london_today(now)) == ended
    row = (await queries.signatures(db, pool_id))[0]
    assert row.ended_reason == "The commitment ended on the day that the council had set"


async def test_a_commitment_whose_day_is_over_binds_nobody_once_settled(
    agreeing, sessions_app, sessions_jobs, db, owner
):
    pool_id, people = agreeing
    await sign(sessions_app, people["leeds"], pool_id)
    await owner.execute("update pool_commitment set until_on = current_date - 2")
    async with transaction(sessions_jobs, TESTER) as settling:
        await settle(settling, pool_id, datetime.now(UTC))
    assert (await stages(db, pool_id))["LDS"] == Stage.CONDITIONAL


async def test_a_council_that_the_text_does_not_name_waits_for_a_new_version(agreeing, sessions_app, db):
    pool_id, people = agreeing
    await db.execute(PoolMember.__table__.insert().values(pool_id=pool_id, body_code="MAN"))
    await db.commit()
    outside, officer = people["outside"], people["officer"].actor
    with pytest.raises(Refused, match="before your council joined"):
        await sign(sessions_app, outside, pool_id)
    await make_version(sessions_app, officer, pool_id, reason="Manchester joined")
    assert await sign(sessions_app, outside, pool_id) == 2


async def test_a_limit_from_before_somebody_became_an_approver_again_is_none(agreeing, sessions_app, owner):
    pool_id, people = agreeing
    await owner.execute(
        "update membership set created_at = now() where person_id = $1 and role = $2",
        people["leeds"].id,
        Role.APPROVER.value,
    )
    with pytest.raises(Refused, match="Nobody has set"):
        await sign(sessions_app, people["leeds"], pool_id)
