"""Whatever people and the clock do, in whatever order: no state outside the table, and nothing lost.

Each step is an action on a real database. What was accepted is written down beside it; after every step the
database must say the same, and what solving did must follow from the rules.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from analytics.pooling.commitment import price_pence
from procurement.actions.pools import joining, leading, leaving, pulse, settling
from procurement.actions.pools.joining import WantedTerms
from procurement.models import Need, Pool, PoolStake
from procurement.queries.pools import terms as terms_queries
from procurement.rules.pools.states import ALIVE, POOL_MOVES, PoolState, Stage
from procurement.rules.pools.terms import ELASTICITY
from store.db import Sessions, transaction
from store.migrations import plain
from tests import build
from tests.databases import TESTER, cloned, connected
from tests.procurement.pools import build_pool, make_version, sign
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed, Refused

CODES = ("LDS", "CMD", "SLF", "BST")
VALUES = {"LDS": 90_000_000, "CMD": 60_000_000, "SLF": 40_000_000, "BST": 30_000_000}
WORDS = {"forming", "agreeing", "committed", "handed_over", "closed", "dissolved"}
codes = st.sampled_from(CODES)


class World:
    """One database and one loop for all examples."""

    def __init__(self, runner: asyncio.Runner, app: Sessions, jobs: Sessions, raw: Any) -> None:
        self.runner, self.app, self.jobs, self.raw = runner, app, jobs, raw
        self.actors = {
            code: Actor(
                UUID(int=number + 1), build.council(code), frozenset({Role.OFFICER, Role.APPROVER}), code
            )
            for number, code in enumerate(CODES)
        }

    def run(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return self.runner.run(awaited())


def machine(world: World) -> type[RuleBasedStateMachine]:  # noqa: C901 -- a class with its steps
    class Pools(RuleBasedStateMachine):
        @initialize(signers=st.none() | st.integers(0, 4))
        def start(self, signers: int | None) -> None:
            """Begin with a pool that is forming, or with one that is agreeing and so many have signed."""
            self.now = datetime.now(UTC)
            self.done = 0
            self.stakes = dict(VALUES)
            self.terms = dict.fromkeys(CODES, WantedTerms())
            self.first = PoolState.FORMING if signers is None else PoolState.AGREEING
            self.pool, self.needs = world.run(self._started())
            for code in CODES[: signers or 0]:
                self.sign(code)

        async def _started(self) -> tuple[UUID, dict[str, UUID]]:
            async with transaction(world.jobs, TESTER) as db:
                pool = await build_pool(db, state=self.first, values=VALUES)
                if self.first is PoolState.AGREEING:
                    await make_version(db, pool)
                rows = await db.execute(
                    select(PoolStake.body_code, PoolStake.need_id).where(PoolStake.pool_id == pool)
                )
                needs = {row.body_code: row.need_id for row in rows}
                for code, need in needs.items():
                    await db.execute(
                        update(Need).where(Need.id == need).values(state="open", value_pence=VALUES[code])
                    )
                await db.execute(update(Pool).where(Pool.id == pool).values(cap_pence=230_000_000))
            return pool, needs

        def accepted(
            self, code: str, action: Callable[..., Awaitable[None]], *args: Any, **more: Any
        ) -> bool:
            """Whether an action went through; refused, it leaves nothing behind."""

            async def tried() -> bool:
                try:
                    async with transaction(world.app, world.actors[code]) as db:
                        await action(db, world.actors[code], self.pool, *args, **more)
                except (Refused, NotAllowed, Missing):
                    return False
                return True

            done: bool = world.run(tried())
            self.done += done
            return done

        @rule(code=codes)
        def join(self, code: str) -> None:
            if self.accepted(code, joining.join_pool, self.needs[code], now=self.now):
                self.terms[code] = WantedTerms()

        @rule(
            code=codes,
            cap=st.none() | st.integers(80, 101),
            least=st.integers(0, 3),
            partner=st.none() | codes,
            words=st.sampled_from(["", "", "Cabinet agrees"]),
        )
        def set_terms(self, code: str, cap: int | None, least: int, partner: str | None, words: str) -> None:
            wanted = WantedTerms(
                cap_pence=None if cap is None else self.stakes[code] * cap // 100,
                least_partners=least,
                partners=frozenset({partner} - {None}),
                conditions=words,
            )
            if self.accepted(code, joining.set_terms, wanted):
                self.terms[code] = wanted

        @rule(code=codes, value=st.integers(10, 100))
        def change_stake(self, code: str, value: int) -> None:
            if self.accepted(code, joining.change_stake, value_pence=value * 1_000_000, volume=1000):
                self.stakes[code] = value * 1_000_000

        @rule(code=codes, reason=st.sampled_from(["", "Our budget was cut"]))
        def withdraw(self, code: str, reason: str) -> None:
            self.accepted(code, leaving.withdraw, reason=reason)

        @rule(code=codes)
        def sign(self, code: str) -> None:
            async def tried() -> bool:
                try:
                    await sign(world.app, world.actors[code], self.pool, code, self.stakes[code])
                except Refused:
                    return False
                return True

            self.done += world.run(tried())

        @rule()
        def new_version(self) -> None:
            async def made() -> None:
                async with transaction(world.jobs, TESTER) as db:
                    await make_version(db, self.pool)
                    await pulse.changed(db, TESTER, self.pool)

            world.run(made())

        @rule(step=st.sampled_from([leading.open_agreeing, leading.hand_over, leading.close]), code=codes)
        def lead(self, step: Any, code: str) -> None:
            self.accepted(code, step)

        @rule(rarely=st.integers(0, 9))
        def dissolve(self, rarely: int) -> None:
            if rarely == 0:
                self.accepted("LDS", leading.dissolve, reason="No partner is left")

        @rule(days=st.sampled_from([0, 0, 0, 1, 20, 31]))
        def settle(self, days: int) -> None:
            self.now += timedelta(days=days)

            async def settled() -> None:
                async with transaction(world.jobs, settling.SETTLER) as db:
                    await settling.settle(db, self.pool, self.now)

            world.run(settled())
            world.run(self._follows())

        async def _follows(self) -> None:
            """What must hold once a pool is settled."""
            async with transaction(world.jobs, TESTER) as db:
                pool = await db.get_one(Pool, self.pool)
                members = await terms_queries.all_terms(db, self.pool)
                version = await terms_queries.last_version(db, self.pool)
                signers = await terms_queries.signers(db, self.pool, version)
            assert pool.state != PoolState.FORMING or self.now < pool.joins_until
            assert pool.state != PoolState.AGREEING or self.now < pool.signs_until
            bound = {member.code for member in members if member.stage is Stage.BOUND}
            if pool.state in ALIVE:
                assert bound == signers
            if pool.state != PoolState.COMMITTED:
                return
            assert bound == {member.code for member in members}
            assert len(bound) >= pool.quorum
            assert "LDS" in bound
            joint = sum(member.value_pence for member in members)
            for member in members:
                terms = self.terms[member.code]
                assert len(members) - 1 >= terms.least_partners
                assert terms.partners <= bound
                assert not terms.conditions
                if terms.cap_pence is not None:
                    assert price_pence(member.terms, joint, ELASTICITY) <= terms.cap_pence

        @invariant()
        def nothing_is_lost(self) -> None:
            world.run(self._nothing_is_lost())

        async def _nothing_is_lost(self) -> None:
            pool = await world.raw.fetchrow("select * from pool where id = $1", self.pool)
            trail = await world.raw.fetch(
                "select action, actor_name from audit_entry where subject_id = $1 order by id", str(self.pool)
            )
            assert sum(row["actor_name"] != settling.SETTLER.name for row in trail) == self.done
            path = [
                self.first,
                *(word for row in trail if (word := row["action"].removeprefix("pool.")) in WORDS),
            ]
            assert path[-1] == pool["state"]
            hypothesis.event(f"a pool is {path[-1]}")
            for before, after in itertools.pairwise(path):
                assert PoolState(after) in POOL_MOVES[PoolState(before)]
            rows = await world.raw.fetch(
                """select m.body_code, m.stage, t.cap_pence, t.least_partners, t.partners, t.conditions,
                     (select array_agg(s.value_pence) from pool_stake s where s.active
                        and s.pool_id = m.pool_id and s.body_code = m.body_code) as brought,
                     (select count(*) from pool_signature s where s.pool_id = m.pool_id
                        and s.body_code = m.body_code and s.ended_at is null) as signed
                   from pool_member m join pool_terms t using (pool_id, body_code) where pool_id = $1""",
                self.pool,
            )
            here = [row for row in rows if row["stage"] != "withdrawn"]
            assert len(here) <= pool["largest"]
            assert sum(sum(row["brought"] or ()) for row in here) <= pool["cap_pence"]
            for row in rows:
                kept, code = self.terms[row["body_code"]], row["body_code"]
                assert (row["cap_pence"], row["least_partners"], row["conditions"]) == (
                    kept.cap_pence,
                    kept.least_partners,
                    kept.conditions,
                )
                assert set(row["partners"]) == kept.partners
                if row["stage"] == "withdrawn":
                    assert (row["brought"], row["signed"]) == (None, 0)
                elif pool["state"] in ALIVE:
                    assert row["brought"] == [self.stakes[code]]

    return Pools


def test_no_order_of_steps_leads_outside_the_table_or_loses_anything(server, template):
    async def entered(stack: Any) -> tuple[Sessions, Sessions, Any]:
        database = await stack.enter_async_context(cloned(server, template))
        app = await stack.enter_async_context(connected(database.app))
        jobs = await stack.enter_async_context(connected(database.jobs))
        raw = await asyncpg.connect(plain(database.admin))
        stack.push_async_callback(raw.close)
        return app, jobs, raw

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            world = World(runner, *runner.run(entered(stack)))
            run_state_machine_as_test(
                machine(world),
                settings=hypothesis.settings(
                    max_examples=12,
                    stateful_step_count=25,
                    deadline=None,
                    suppress_health_check=list(hypothesis.HealthCheck),
                ),
            )
        finally:
            runner.run(stack.aclose())
