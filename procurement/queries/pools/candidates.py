"""Open needs that the search for pools reads: the same query for the nightly run and for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import Need, SuggestionRun
from procurement.rules.needs import NeedState
from procurement.rules.pools.candidates import Candidate
from store.db import rows

_IN_POOLS: Final = select(func.app.needs_in_pools())
_COLUMNS: Final = (
    Need.id,
    Need.title,
    Need.body_code,
    Organisation.short_name,
    Organisation.region_code,
    Need.category,
    Need.value_pence,
    Need.earliest_start_on,
    Need.latest_start_on,
    Need.demonstration,
    Need.id.in_(_IN_POOLS),
)
_OPEN: Final = (
    select(*_COLUMNS)
    .join(Organisation, Organisation.code == Need.body_code)
    .where(Need.state == NeedState.OPEN)
)


async def open_needs(db: AsyncSession, *, category: str = "") -> list[Candidate]:
    """Return all open needs, of one category where it is given."""
    query = _OPEN.where(Need.category == category) if category else _OPEN
    return [Candidate(*row) for row in await rows(db, query)]


async def own_waiting(db: AsyncSession, body_code: str, run_id: UUID | None) -> Sequence[Candidate]:
    """Return a council's open needs that were opened or changed since a run, the newest first."""
    query = _OPEN.where(Need.body_code == body_code)
    if run_id is not None:
        newer = exists().where(SuggestionRun.id == run_id, Need.changed_at > SuggestionRun.made_at)
        query = query.where(newer)
    return [Candidate(*row) for row in await rows(db, query.order_by(Need.changed_at.desc()).limit(20))]
