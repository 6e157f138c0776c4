"""Work that waits already is asked for once, and begins after all that count on it have ended."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select

from store import jobs
from store.db import transaction
from store.models import Job, JobState
from values.actors import Actor

KIND = "tests.count"
SOMEBODY = Actor(name="Somebody")


async def ask(sessions, **args):
    async with transaction(sessions, SOMEBODY) as db:
        return await jobs.enqueue_once(db, SOMEBODY, KIND, **args)


async def test_the_same_work_is_asked_for_once_while_it_waits(sessions_app, sessions_jobs):
    first = await ask(sessions_app, pool="a")
    assert [await ask(sessions_app, pool="a"), await ask(sessions_app, pool="a")] == [None, None]
    assert await ask(sessions_app, pool="b") is not None
    seen = []

    async def count(_work, *, pool):
        # While it runs, it may have looked already: whoever changes something now asks once more.
        seen.append((pool, await ask(sessions_app, pool=pool)))

    await jobs.run(sessions_jobs, {KIND: count}, first, {})
    assert [(pool, again is not None) for pool, again in seen] == [("a", True)]
    assert await ask(sessions_app, pool="a") is None


async def test_work_that_somebody_asked_to_cancel_is_asked_for_again(sessions_app, sessions_jobs):
    first = await ask(sessions_app)
    async with transaction(sessions_jobs, SOMEBODY) as db:
        await jobs.ask_to_cancel(db, first)
    assert await ask(sessions_app) is not None


async def test_what_waits_begins_after_the_change_that_counts_on_it(sessions_app, sessions_jobs):
    first = await ask(sessions_app)
    order = []

    async def look(_work):
        order.append("looked")

    async with transaction(sessions_app, SOMEBODY) as db:
        assert await jobs.enqueue_once(db, SOMEBODY, KIND) is None
        running = asyncio.create_task(jobs.run(sessions_jobs, {KIND: look}, first, {}))
        done, _ = await asyncio.wait([running], timeout=0.3)
        assert not done
        order.append("written")
    await running
    assert order == ["written", "looked"]


async def test_work_that_begins_at_the_same_moment_is_asked_for_again_and_nobody_waits(
    sessions_app, sessions_jobs
):
    first = await ask(sessions_app)
    async with transaction(sessions_jobs, SOMEBODY) as beginning:
        await beginning.get(Job, first, with_for_update=True)
        again = await asyncio.wait_for(ask(sessions_app), 5)
    assert again is not None
    async with transaction(sessions_jobs, SOMEBODY) as db:
        waiting = select(func.count()).select_from(Job).where(Job.state == JobState.QUEUED)
        assert await db.scalar(waiting) == 2
