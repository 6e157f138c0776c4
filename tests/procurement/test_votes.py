"""Votes on the lines of a pool: counted, tied, barred, against the clock and against each other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from procurement.actions.pools import lines as actions
from procurement.actions.pools import votes as vote_actions
from procurement.queries.pools import lines as queries
from procurement.queries.pools import votes
from procurement.rules.pools.lines import Outcome, Part, Stance
from procurement.rules.pools.states import VoteRule
from procurement.tasks import close_votes
from store.db import transaction
from store.jobs import Work
from tests import build
from tests.procurement.pools import VALUES, build_pool
from values.actors import Actor
from values.refusals import Refused


async def test_a_vote_is_counted_when_all_have_voted(db, pool, officers, line, say, vote, sessions_app):
    await say("CMD", "cannot", "No storage")
    vote_id = await vote(LDS="lot", CMD="option", SLF="lot")
    actor = officers["LDS"]
    async with transaction(sessions_app, officers["SLF"]) as own:
        await vote_actions.cast(own, officers["SLF"], pool, vote_id, "option")
    async with transaction(sessions_app, actor) as own:
        with pytest.raises(Refused, match="Members are voting"):
            await actions.settle(own, actor, pool, line, Outcome.OPTION, lot="", reason="x")
        tally = await vote_actions.close_early(own, actor, pool, vote_id)
    assert (dict(tally.sums), tally.outcome) == ({"lot": 1, "option": 2}, Outcome.OPTION)
    found = await queries.line(db, pool, line)
    assert (found.part, found.lot) == (Part.OPTION, "")
    assert "Decided by vote on" in (await queries.specification(db, pool)).as_text()
    async with transaction(sessions_app, actor) as own:
        with pytest.raises(Refused, match="voted on this line"):
            await actions.settle(own, actor, pool, line, Outcome.LOT, lot="x", reason="x")
    async with transaction(sessions_app, actor) as own:
        with pytest.raises(Refused, match="closed already"):
            await vote_actions.close_early(own, actor, pool, vote_id)


async def test_nobody_is_passed_over_before_the_time_is_up(officers, pool, vote, sessions_app):
    vote_id = await vote(LDS="lot", CMD="lot")
    async with transaction(sessions_app, officers["LDS"]) as own:
        with pytest.raises(Refused, match="1 of the councils"):
            await vote_actions.close_early(own, officers["LDS"], pool, vote_id)


async def test_one_vote_at_a_time_on_a_line(vote):
    await vote()
    with pytest.raises(Refused, match="voting on this line already"):
        await vote()


async def test_by_volume_the_weights_stand_when_the_vote_is_opened(db, officers, sessions_app):
    pool = await build_pool(db, vote_rule=VoteRule.VOLUME)
    await db.commit()
    actor = officers["LDS"]
    async with transaction(sessions_app, actor) as own:
        line = await actions.propose(own, actor, pool, "Works offline", Stance.MUST)
        vote_id = await vote_actions.open_vote(
            own,
            actor,
            pool,
            line,
            question="?",
            choices=[Outcome.COMMON, Outcome.OPTION],
            lot="",
            closes_on=(datetime.now(UTC) + timedelta(days=3)).date(),
        )
        found = await votes.vote(own, pool, vote_id)
    # The needs of the builder name no unit, so volumes cannot be added.
    assert found.weighed_by == "value"
    assert found.weights == {"LDS": 90_000_000, "CMD": 60_000_000, "SLF": 40_000_000}


async def over(owner, vote_id, seconds=0):
    await owner.execute(
        "update pool_vote set closes_at = clock_timestamp() + make_interval(secs => $2) where id = $1",
        vote_id,
        float(seconds),
    )


async def test_the_clock_closes_a_vote_once(db, owner, pool, line, say, vote, sessions_jobs):
    await say("CMD", "cannot", "No storage")
    vote_id = await vote(LDS="lot", CMD="lot")
    work = Work(sessions_jobs, Actor(name="clock"))
    assert await close_votes(work) == {"closed": 0}
    await over(owner, vote_id)
    assert await close_votes(work) == {"closed": 1}
    assert await close_votes(work) == {"closed": 0}
    found = await queries.line(db, pool, line)
    assert (found.part, found.lot) == (Part.LOT, "Offline work")
    last = (await queries.changes(db, line))[0]
    assert (last.what, last.body_name, last.after) == ("vote closed", "", "lot")


async def test_a_vote_that_a_stance_bars_meanwhile_decides_nothing(
    db, owner, pool, line, say, officers, sessions_app, sessions_jobs
):
    await say("LDS", "nice")
    actor = officers["LDS"]
    async with transaction(sessions_app, actor) as own:
        vote_id = await vote_actions.open_vote(
            own,
            actor,
            pool,
            line,
            question="?",
            choices=[Outcome.DROPPED, Outcome.OPTION],
            lot="",
            closes_on=(datetime.now(UTC) + timedelta(days=3)).date(),
        )
    for code in VALUES:
        async with transaction(sessions_app, officers[code]) as own:
            await vote_actions.cast(own, officers[code], pool, vote_id, "dropped")
    await say("SLF", "must")
    await over(owner, vote_id)
    await close_votes(Work(sessions_jobs, Actor(name="clock")))
    assert (await queries.line(db, pool, line)).part is Part.ALL
    assert "must have it" in (await votes.vote(db, pool, vote_id)).ending


async def test_a_ballot_after_the_time_is_refused_although_nobody_closed_the_vote(
    owner, pool, officers, vote, sessions_app
):
    vote_id = await vote(LDS="lot")
    await over(owner, vote_id)
    for code in ("CMD", "LDS"):
        async with transaction(sessions_app, officers[code]) as own:
            with pytest.raises(Refused, match="Your ballot was not counted"):
                await vote_actions.cast(own, officers[code], pool, vote_id, "option")
    assert await owner.fetchval("select string_agg(choice, '') from pool_ballot") == "lot"


async def test_a_council_that_joined_later_does_not_vote(db, pool, vote, sessions_app):
    vote_id = await vote()
    late = (await build.person(db, organisation_id=build.council("MAN"))).actor
    await db.execute(
        text("insert into pool_member (pool_id, body_code) values (:pool, 'MAN')"), {"pool": pool}
    )
    await db.commit()
    async with transaction(sessions_app, late) as own:
        with pytest.raises(Refused, match="joined the pool after"):
            await vote_actions.cast(own, late, pool, vote_id, "lot")


async def test_a_vote_closes_while_one_is_cast_and_nothing_is_lost(
    db, owner, pool, line, officers, vote, sessions_app, sessions_jobs
):
    """A ballot that was written first is counted, although its transaction ends after the time is up."""
    vote_id = await vote(LDS="lot", CMD="option")
    await over(owner, vote_id, seconds=0.5)
    actor = officers["SLF"]
    async with transaction(sessions_app, actor) as own:
        await vote_actions.cast(own, actor, pool, vote_id, "option")
        await asyncio.sleep(0.7)
        closing = asyncio.create_task(close_votes(Work(sessions_jobs, Actor(name="clock"))))
        await asyncio.sleep(0.3)
        assert not closing.done()  # it waits for the ballot
    assert await closing == {"closed": 1}
    found = await votes.vote(db, pool, vote_id)
    assert found.tally["sums"] == {"lot": 1, "option": 2}
    assert (await queries.line(db, pool, line)).outcome == "option"


async def test_a_ballot_that_waits_behind_the_closing_is_refused(
    db, owner, pool, officers, vote, sessions_app, sessions_jobs
):
    vote_id = await vote(LDS="lot", CMD="lot")
    await over(owner, vote_id)
    actor = officers["SLF"]

    async def cast():
        async with transaction(sessions_app, actor) as own:
            await vote_actions.cast(own, actor, pool, vote_id, "option")

    async with transaction(sessions_jobs, Actor(name="clock")) as clock:
        assert await vote_actions.close_due(clock, Actor(name="clock"), pool, vote_id) is not None
        casting = asyncio.create_task(cast())
        await asyncio.sleep(0.3)
        assert not casting.done()
    with pytest.raises(Refused, match="The vote is over"):
        await casting
    assert await owner.fetchval("select count(*) from pool_ballot") == 2


async def test_two_closings_at_once_count_once(owner, vote, sessions_jobs):
    vote_id = await vote(LDS="lot", CMD="lot")
    await over(owner, vote_id)
    work = Work(sessions_jobs, Actor(name="clock"))
    closed = await asyncio.gather(close_votes(work), close_votes(work))
    assert sum(each["closed"] for each in closed) == 1
    assert await owner.fetchval("select count(*) from pool_line_change where what = 'vote closed'") == 1
