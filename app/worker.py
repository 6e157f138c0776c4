"""The worker: runs queued jobs one after another, and what is due by the clock."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pgqueuer.models import Job as Queued
from pgqueuer.models import Schedule

import accounts.tasks
import challenges.tasks
import insights.tasks
import notifications.tasks
import procurement.tasks
import sourcing.tasks
import spend.tasks
import tenders.tasks
from accounts.actions import load_register
from app.parent import stop_with_parent
from store import audit, jobs, migrations
from store.db import Sessions, connect, make_sessions, transaction
from store.jobs import Task
from values.actors import Actor

LOG = logging.getLogger(__name__)
TASKS: Mapping[str, Task] = {
    **accounts.tasks.TASKS,
    **spend.tasks.TASKS,
    **procurement.tasks.TASKS,
    **sourcing.tasks.TASKS,
    **tenders.tasks.TASKS,
    **challenges.tasks.TASKS,
    **insights.tasks.TASKS,
    **notifications.tasks.TASKS,
}
CLOCK = Actor(name="clock")
# A worker that was killed stops its heartbeat; after this long another takes its job over.
HEARTBEAT = timedelta(seconds=10)


async def work(jobs_url: str, resources: Mapping[str, Any]) -> None:
    """Run jobs until a signal asks to stop; a job under way is finished or handed back to the queue."""
    connection = await asyncpg.connect(migrations.plain(jobs_url))
    engine = connect(jobs_url, name="buytogether worker")
    sessions = make_sessions(engine)
    queue = _queue(connection)
    _register(queue, sessions, resources)
    stop = queue.shutdown.set
    loop = asyncio.get_running_loop()
    for caught in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(caught, stop)
    watch = asyncio.create_task(stop_with_parent(stop))
    try:
        await queue.run(dequeue_timeout=timedelta(seconds=5), batch_size=1, heartbeat_timeout=HEARTBEAT)
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        await engine.dispose()
        await connection.close()


def _queue(connection: Any) -> PgQueuer:
    settings = DBSettings(db_schema="queue")
    driver = AsyncpgDriver(connection)
    queries = Queries(
        driver,
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )
    return PgQueuer(driver, queries=queries)


def _register(queue: PgQueuer, sessions: Sessions, resources: Mapping[str, Any]) -> None:
    async def job(queued: Queued) -> None:
        assert queued.payload is not None
        await jobs.run(sessions, TASKS, UUID(queued.payload.decode()), resources)

    # One lane an entry point; within a lane one after the other.
    queue.entrypoint("job", concurrency_limit=1)(job)
    queue.entrypoint("quick", concurrency_limit=1)(job)

    _every_minute(queue, sessions, jobs.Work(sessions, CLOCK, resources=resources))
    _every_night(queue, sessions, jobs.Work(sessions, CLOCK, resources=resources))


def _every_minute(queue: PgQueuer, sessions: Sessions, work: jobs.Work) -> None:
    @queue.schedule("seal", "* * * * *")
    async def seal(_: Schedule) -> None:
        async with transaction(sessions, CLOCK) as db:
            await audit.seal(db)

    @queue.schedule("mail", "* * * * *")
    async def mail(_: Schedule) -> None:
        await TASKS["accounts.send_mail"](work)

    @queue.schedule("pools", "* * * * *")
    async def pools(_: Schedule) -> None:
        await TASKS[procurement.tasks.SETTLE_DUE](work)

    @queue.schedule("tell", "* * * * *")
    async def tell(_: Schedule) -> None:
        # What searches find and what the clock brings is told of in the same minute.
        await TASKS[tenders.tasks.TIMES](work)
        await TASKS[tenders.tasks.SEARCH](work)
        await TASKS[challenges.tasks.TIMES](work)
        await TASKS[challenges.tasks.SEARCH](work)
        await TASKS[sourcing.tasks.MAIL](work)
        await TASKS[notifications.tasks.TELL](work)

    @queue.schedule("votes", "* * * * *")
    async def votes(_: Schedule) -> None:
        await TASKS[procurement.tasks.CLOSE_VOTES](work)


def _every_night(queue: PgQueuer, sessions: Sessions, work: jobs.Work) -> None:
    @queue.schedule("day", "5 0 * * *")
    async def day(_: Schedule) -> None:
        # A council's first day comes with the date: first who is one, then what goes over to it.
        async with transaction(sessions, CLOCK) as db:
            await load_register(db, CLOCK)
        await TASKS[procurement.tasks.FOLLOW](work)
        await TASKS[procurement.tasks.LEARN](work)

    @queue.schedule("remind", "0 6 * * *")
    async def remind(_: Schedule) -> None:
        await TASKS[tenders.tasks.REMIND](work)

    @queue.schedule("suggest", "30 2 * * *")
    async def suggest(_: Schedule) -> None:
        # Two minutes of work: a job of the long lane, so that nothing due every minute waits for it.
        async with transaction(sessions, CLOCK) as db:
            await jobs.enqueue(db, CLOCK, procurement.tasks.SUGGEST)

    # The words of needs change slowly: once a month they are learnt anew.
    @queue.schedule("refit", "0 4 1 * *")
    async def refit(_: Schedule) -> None:
        async with transaction(sessions, CLOCK) as db:
            await jobs.enqueue(db, CLOCK, "procurement.refit_matches")
