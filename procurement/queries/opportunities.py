"""How many open needs each council has: counts, and nothing else of a need."""

from __future__ import annotations

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import BodyKind, Organisation
from procurement.models import Need
from procurement.rules.hexmap import Placed
from procurement.rules.needs import NeedState
from store.db import rows


async def open_counts(db: AsyncSession, *, category: str = "") -> list[Placed]:
    """Return every council of today with the number of its open needs, the most first."""
    on = and_(Need.body_code == Organisation.code, Need.state == NeedState.OPEN)
    if category:
        on = and_(on, Need.category == category)
    count = func.count(Need.id)
    found = await rows(
        db,
        select(
            Organisation.code,
            Organisation.gss_code,
            Organisation.short_name,
            Organisation.region_name,
            count,
        )
        .outerjoin(Need, on)
        .where(Organisation.kind == BodyKind.COUNCIL)
        .group_by(Organisation.id)
        .order_by(count.desc(), Organisation.short_name),
    )
    return [Placed(*row) for row in found]
