"""What a journey needs of the world that no page gives: a committed pool, a second supplier, days that pass.

All of it is written into the database of the service under test, past the product: there is no way there that
a person could take.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import asyncpg

from accounts.actions.demonstration import PEOPLE
from accounts.rules.register import NAMESPACE, body_id
from procurement.actions.demonstration.pools import InventedPool, walk_pool
from procurement.rules.pools.states import PoolState
from store import embedded, migrations
from store.db import Sessions, connect, make_sessions, transaction
from tenders.actions import approving, assessing, awarding
from tenders.actions.correcting import deciding
from tenders.queries import assessments, corrections
from tests import build
from tests.browser import tabs
from tests.build import Built
from tests.tenders import bidding, made
from tests.tenders.assessing import Bench
from tests.tenders.bidding import Bidding
from tests.tenders.made import Cast
from tests.tenders.test_assessing import conditions
from values.actors import Actor, Role
from values.years import london_today

BUYERS: Final = (("LDS", 780, 52_000), ("CMD", 560, 33_000), ("SLF", 410, 24_000))


PURPOSE: Final = "Residents borrow, return and reserve without waiting at a desk"


def committed_pool(home: Path, title: str) -> None:
    """Walk a pool of Leeds, Camden and Salford to the state in which all three have signed."""
    apart(lambda: _committed(home, title))


async def _committed(home: Path, title: str) -> UUID:
    pool = InventedPool(title, "library-systems", PURPOSE, PoolState.COMMITTED, BUYERS)
    async with acting(home, "bt_jobs") as sessions:
        return await walk_pool(sessions, pool, london_today())


def published_tender(home: Path, title: str) -> str:
    """Make, fill in, approve and publish a tender as its people would; return its address."""

    async def publish() -> str:
        cast = _cast(await _committed(home, title))
        async with acting(home, "bt_app") as sessions:
            tender_id = await made.make(sessions, cast)
            await made.complete(sessions, cast, tender_id)
            async with transaction(sessions, cast["officer"].actor) as db:
                await approving.submit(db, cast["officer"].actor, tender_id)
            for who in ("leeds", "camden", "salford"):
                await made.approve(sessions, cast[who], tender_id)
            await bidding.prepare(sessions, cast, tender_id, home, master=_master(home))
        return f"/tenders/{tender_id}"

    return apart(publish)


def awarded(home: Path, tender: str, rival: Built, *, best: int) -> None:
    """Let a rival bid, the deadline pass, and the buyers open, assess and award, and tell all bidders.

    Args:
        home: of the service.
        tender: its id.
        rival: who bids in vain or not, as the marks have it.
        best: what the panel agrees on for the bid with the number 1; all others get 4 of 5.
    """

    async def award() -> None:
        cast = _cast(UUID(int=0), rival=rival)
        async with acting(home, "bt_app") as sessions, owning(home) as owner:
            bids = Bidding(sessions, cast, UUID(tender), home, _master(home))
            await bids.fill(rival, words="Staff scan it for you", pence=12_000_000, file=False)
            await bids.submit(rival)
            await bidding.close(owner, bids.tender)
            await _opened(owner, bids)
            bench = Bench(bids)
            await bench.settle(points={1: best})
            await conditions(bench, 1, 2)
            await bench.act("officer", assessing.assess)
            await bench.act("officer", awarding.decide, reason="As it was computed")
            seen = (await bench.read(assessments.made)).sha256
            for who in ("leeds", "camden", "salford"):
                await bench.act(who, awarding.approve, seen=seen)
            await bench.act("officer", awarding.conclude)
            await bench.act("officer", awarding.release)

    apart(award)


async def _opened(owner: Any, bids: Bidding) -> None:
    """Open with codes that were just given; the steps of codes that people give in a browser stay theirs."""
    people = [bids.cast[who] for who in ("leeds", "camden")]
    last = "select totp_last_step from credential where person_id = $1"
    before = [await owner.fetchval(last, each.id) for each in people]
    await bidding.give_code(owner, *people)
    await bids.propose(people[0])
    await bids.confirm(people[1])
    for each, step in zip(people, before, strict=True):
        await owner.execute("update credential set totp_last_step = $2 where person_id = $1", each.id, step)


def approve_correction(home: Path, tender: str, *councils: str) -> None:
    """Let approvers of these councils approve the first correction of a tender."""

    async def approve() -> None:
        people = officials()
        async with acting(home, "bt_app") as sessions:
            for council in councils:
                actor = people[council].actor
                async with transaction(sessions, actor) as db:
                    row = await corrections.correction(db, UUID(tender), 1)
                    await deciding.approve(db, actor, UUID(tender), 1, seen=row.fingerprint or b"")

    apart(approve)


def officials() -> dict[str, Built]:
    """The invented people of the three councils, under the names by which builders call them."""
    known = {person.email: person for person in PEOPLE}
    emails = {"officer": "officer.leeds"}
    emails |= {f"{council} officer": f"officer.{council}" for council in ("camden", "salford")}
    emails |= {council: f"approver.{council}" for council in ("leeds", "camden", "salford")}
    found = {who: known[f"{email}@example.org"] for who, email in emails.items()}
    return {
        who: Built(
            uuid5(NAMESPACE, each.email), each.email, each.name, body_id(each.body), frozenset({each.role})
        )
        for who, each in found.items()
    }


def _cast(pool_id: UUID, **more: Built) -> Cast:
    return Cast(pool_id, {**officials(), **more})


def _master(home: Path) -> bytes:
    return (home / "keys" / "master.key").read_bytes()


def another_supplier(home: Path, name: str) -> Built:
    """Let another supplier use the service; return its only person."""
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"

    async def write() -> Built:
        async with acting(home, "bt_jobs") as sessions, transaction(sessions, Actor(name="tests")) as db:
            organisation_id = await build.organisation(db, name=name)
            return await build.person(
                db, Role.SUPPLIER, organisation_id=organisation_id, name="Rhona Selby", email=email
            )

    return apart(write)


def let_the_deadline_pass(home: Path, tender: str) -> None:
    """As if the last moment for tenders had been an hour ago."""
    moved(home, "update tender set tenders_due_at = now() - interval '1 hour' where id = $1::uuid", tender)


def let_the_standstill_end(home: Path, tender: str) -> None:
    """As if the award notice had been published three weeks ago."""
    words = "update tender_standstill set published_on = $2, ends_on = $3 where tender_id = $1::uuid"
    today = london_today()
    moved(home, words, tender, today - timedelta(days=21), today - timedelta(days=1))


def let_codes_pass(home: Path) -> None:
    """As if everybody had given their last code some minutes ago: a new one counts at once."""

    async def move() -> None:
        async with owning(home) as connection:
            await connection.execute("update credential set totp_last_step = totp_last_step - 10")

    apart(move)
    tabs.forget_codes()


def moved(home: Path, words: str, *values: Any) -> None:
    """Move a recorded time with the guards of the tables off, which only a superuser can turn off."""

    async def move() -> None:
        async with owning(home) as connection:
            await connection.execute("set session_replication_role = replica")
            assert await connection.execute(words, *values) == "UPDATE 1"

    apart(move)


@contextlib.asynccontextmanager
async def owning(home: Path) -> AsyncIterator[Any]:
    """Yield a connection of the superuser, whom no policy stops."""
    connection = await asyncpg.connect(migrations.plain(embedded.server_of(home).url("postgres")))
    try:
        yield connection
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def acting(home: Path, role: str) -> AsyncIterator[Sessions]:
    """Yield sessions of one of the service's roles."""
    engine = connect(embedded.server_of(home).url(role), size=1, name="buytogether tests")
    try:
        yield make_sessions(engine)
    finally:
        await engine.dispose()


def apart(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run it with an event loop of its own: the browser keeps this thread's."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(work())).result()
