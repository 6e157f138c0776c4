"""The stored parts of a tender with their ids, as forms change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.models import (
    Tender,
    TenderCriterion,
    TenderKpi,
    TenderLot,
    TenderRecord,
    TenderRequirement,
)
from values.refusals import Missing

# The parts that are lists, by what follows the tender's address.
TABLES: Final[Mapping[str, Any]] = {
    "lots": TenderLot,
    "conditions": TenderCriterion,
    "award": TenderCriterion,
    "kpis": TenderKpi,
}
KINDS: Final = {"conditions": "condition", "award": "award"}


async def values(db: AsyncSession, tender_id: UUID) -> Mapping[str, Any]:
    """Return all that is stored of a tender in one row, and of what was considered, by column.

    Raises:
        Missing: no such tender, or not theirs to see.
    """
    found: dict[str, Any] = {}
    for model, key in ((TenderRecord, TenderRecord.tender_id), (Tender, Tender.id)):
        table: Any = model.__table__
        row = (await db.execute(select(*table.columns).where(key == tender_id))).mappings().first()
        if row is None and model is Tender:
            raise Missing("tender")
        found |= dict(row or {})
    return found


async def rows(db: AsyncSession, tender_id: UUID, part: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a part that is a list, in their order; of award criteria the parts as well."""
    model = TABLES[part]
    query = select(*model.__table__.columns).where(model.tender_id == tender_id)
    if part in KINDS:
        query = query.where(model.kind == KINDS[part])
    return [dict(each) for each in (await db.execute(query.order_by(model.position))).mappings()]


async def row(db: AsyncSession, tender_id: UUID, part: str, row_id: UUID) -> Mapping[str, Any]:
    """Return one row of a part that is a list.

    Raises:
        Missing: the part has none of this id.
    """
    found = next((each for each in await rows(db, tender_id, part) if each["id"] == row_id), None)
    if found is None:
        raise Missing(part)
    return found


async def next_position(db: AsyncSession, tender_id: UUID, part: str) -> int:
    """Return the place after the last row of a part."""
    model = TABLES[part]
    last = await db.scalar(select(func.max(model.position)).where(model.tender_id == tender_id))
    return (last or 0) + 1


async def requirements(db: AsyncSession, tender_id: UUID, lot_id: UUID | None) -> Mapping[str, Sequence[str]]:
    """Return the requirements of a lot, or those of all lots, by kind, in their order."""
    found: dict[str, list[str]] = {"must": [], "nice": [], "option": []}
    query = (
        select(TenderRequirement.kind, TenderRequirement.text)
        .where(
            TenderRequirement.tender_id == tender_id,
            TenderRequirement.lot_id.is_not_distinct_from(lot_id),
        )
        .order_by(TenderRequirement.position)
    )
    for kind, text in await db.execute(query):
        found[kind].append(text)
    return found
