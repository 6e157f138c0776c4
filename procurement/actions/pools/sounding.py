"""Preliminary market engagement: what suppliers said about the requirements of a pool."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools.lines import done, speaker
from procurement.models import PoolSounding
from procurement.queries.pools import lines as queries
from values.actors import Actor
from values.refusals import Missing, Refused


async def record_sounding(
    db: AsyncSession,
    actor: Actor,
    pool_id: UUID,
    supplier_name: str,
    *,
    failing: Collection[UUID],
    note: str,
) -> None:
    """Write down which lines a supplier said it cannot meet; the others of the pool it can.

    Raises:
        Missing: a line is not of this pool.
        Refused: the pool has no lines to ask about.
    """
    speaking = await speaker(db, actor, pool_id)
    lines = await queries.lines(db, pool_id)
    if not set(failing) <= {line.id for line in lines}:
        raise Missing("line")
    if not lines:
        raise Refused("There are no lines yet that a supplier could be asked about.")
    await db.execute(
        insert(PoolSounding),
        [
            {
                "pool_id": pool_id,
                "line_id": line.id,
                "supplier_name": supplier_name,
                "can_meet": line.id not in failing,
                "note": note,
                "body_code": speaking.code,
                "person_name": actor.name,
            }
            for line in lines
        ],
    )
    await done(
        db,
        actor,
        pool_id,
        speaking.code,
        "pool.supplier_sounded",
        supplier=supplier_name,
        failing=len(failing),
    )
