"""To which council the lead of a pool is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import PoolLeadOffer, PoolMember
from procurement.rules.pools.states import Stage


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer of the lead that nobody has answered."""

    body_code: str
    body_name: str
    person_name: str
    offered_at: datetime


async def offer(db: AsyncSession, pool_id: UUID) -> OfferRow | None:
    """Return the offer of a pool's lead, as far as the reader may know; None where none stands."""
    row = (
        await db.execute(
            select(
                PoolLeadOffer.body_code,
                Organisation.short_name,
                PoolLeadOffer.person_name,
                PoolLeadOffer.offered_at,
            )
            .join(Organisation, Organisation.code == PoolLeadOffer.body_code)
            .where(PoolLeadOffer.pool_id == pool_id)
        )
    ).first()
    return OfferRow(*row) if row else None


async def bound(db: AsyncSession, pool_id: UUID) -> Sequence[str]:
    """Return the councils of a pool that are bound, by code."""
    query = select(PoolMember.body_code).where(PoolMember.pool_id == pool_id, PoolMember.stage == Stage.BOUND)
    return (await db.scalars(query.order_by(PoolMember.body_code))).all()
