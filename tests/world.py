"""The demonstration world in a database, made once a test process for all tests that only read it."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import asyncpg

from accounts.actions.demonstration import load_demonstration
from accounts.actions.passwords import Passwords
from procurement.actions.demonstration.authority import load_demonstration_authority
from procurement.actions.demonstration.pools import load_demonstration_pools
from store import db as store_db
from store import embedded, migrations
from store.jobs import Work
from tenders.actions.demonstration import load_demonstration_tenders
from tenders.actions.demonstration_bids import load_demonstration_bids
from tenders.actions.demonstration_correction import load_demonstration_correction
from tenders.actions.demonstration_course import load_demonstration_courses
from tenders.actions.demonstration_interest import load_demonstration_interest
from tenders.tasks import search_published
from tests import build
from values.actors import Actor, Role
from values.years import london_today

NAME: Final = "world"
MAKER: Final = Actor(roles=frozenset({Role.OPERATOR}), name="tests")
ROLES: Final = ("bt_jobs", "bt_app", "bt_owner")
# The modules whose tests ask for `world`; a module that asks and is missing here stops the run.
READERS: Final = frozenset(
    {
        "tests/ocds/test_awards.py",
        "tests/ocds/test_processes.py",
        "tests/tenders/test_awards_pages.py",
        "tests/tenders/test_demonstration.py",
        "tests/tenders/test_demonstration_bids.py",
        "tests/tenders/test_demonstration_course.py",
    }
)


def make(server: embedded.Server, template: str) -> None:
    """Clone the template and load the invented people, pools and tenders."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_make(server, template))).result()


async def _make(server: embedded.Server, template: str) -> None:
    admin = await asyncpg.connect(migrations.plain(server.url("postgres", "postgres")))
    await admin.execute(f'create database "{NAME}" template "{template}" strategy wal_log')
    await admin.close()
    today = london_today()
    async with contextlib.AsyncExitStack() as stack:
        engines = [store_db.connect(server.url(role, NAME), size=2, name="tests") for role in ROLES]
        for engine in engines:
            stack.push_async_callback(engine.dispose)
        jobs, app, owner = map(store_db.make_sessions, engines)
        async with store_db.transaction(jobs, Actor()) as db:
            await load_demonstration(db, MAKER, Passwords(cheap=True), build.SEALER)
            await load_demonstration_authority(db, MAKER)
        await load_demonstration_pools(jobs, today)
        await load_demonstration_courses(jobs, app, owner, master=build.KEY, anchor=today)
        await load_demonstration_tenders(jobs, today)
        await load_demonstration_interest(app, build.KEY)
        await load_demonstration_correction(app)
        await load_demonstration_bids(jobs, master=build.KEY)
        await search_published(Work(jobs, MAKER))
