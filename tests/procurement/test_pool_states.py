"""The states of pools and members: the rules and the database's triggers say the same."""

from __future__ import annotations

import asyncpg
import pytest

from procurement.rules.pools.states import POOL_MOVES, STAGE_MOVES, PoolState, Stage, check_pool_move
from tests.procurement.pools import build_pool
from values.refusals import Refused


def pairs(moves):
    return {f"{state.value} {to.value}" for state, tos in moves.items() for to in tos}


async def test_the_database_knows_the_same_moves(owner):
    assert set(await owner.fetchval("select app.pool_moves()")) == pairs(POOL_MOVES)
    assert set(await owner.fetchval("select app.stage_moves()")) == pairs(STAGE_MOVES)


@pytest.mark.parametrize("state", list(PoolState))
@pytest.mark.parametrize("to", list(PoolState))
async def test_a_pool_goes_only_where_the_table_says(db, owner, state, to):
    pool = await build_pool(db, state=state)
    await db.commit()
    change = owner.execute("update pool set state = $1 where id = $2", to.value, pool)
    if to in POOL_MOVES[state]:
        check_pool_move(state, to)
        await change
    elif to is state:
        await change
    else:
        with pytest.raises(asyncpg.CheckViolationError):
            await change
        with pytest.raises(Refused):
            check_pool_move(state, to)


async def test_a_council_that_left_is_not_bound_again(db, owner):
    pool = await build_pool(db, stage=Stage.WITHDRAWN)
    await db.commit()
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("update pool_member set stage = 'bound' where pool_id = $1", pool)
