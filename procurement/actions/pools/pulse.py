"""What follows every change of a pool: it is counted, and its terms are solved again by a quick job."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.models import PoolPerson, PoolPulse
from store import jobs
from values.actors import Actor

SETTLE: Final = "procurement.settle_pool"
# A task of a slice above that reads the audit trail. It also runs by the clock: nothing rests on this.
TELL: Final = "notifications.tell"


async def changed(db: AsyncSession, actor: Actor, pool_id: UUID) -> None:
    """Count a change of a pool that is locked, and ask for its terms to be solved."""
    await db.execute(
        update(PoolPulse).where(PoolPulse.pool_id == pool_id).values(changed=PoolPulse.changed + 1)
    )
    await jobs.enqueue_once(db, actor, SETTLE, lane="quick", pool_id=str(pool_id))
    await tell(db, actor)


async def tell(db: AsyncSession, actor: Actor) -> None:
    """Ask that people hear soon of what this transaction wrote into the audit trail."""
    await jobs.enqueue_once(db, actor, TELL, lane="quick")


async def took_part(db: AsyncSession, actor: Actor, pool_id: UUID, body_code: str) -> None:
    """Remember that a person acts for a council in a pool, so that others can address them."""
    if actor.person_id is not None:
        await db.execute(
            insert(PoolPerson)
            .values(pool_id=pool_id, person_id=actor.person_id, person_name=actor.name, body_code=body_code)
            .on_conflict_do_nothing()
            .inline()
        )
