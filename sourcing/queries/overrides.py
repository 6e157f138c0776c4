"""What officers set in place of the law's tables for a subject: what holds, and all that ever did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import LawOverride
from sourcing.rules.overrides import Override, Overrides


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """An override as it was set, and whether it was withdrawn."""

    code: str
    value: date | int
    reason: str
    officer_name: str
    set_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by_name: str
    withdrawn_reason: str


async def overrides_of(db: AsyncSession, subject_id: UUID) -> Overrides:
    """Return what holds for a subject now, by code, as the timetable takes it."""
    rows = await _rows(db, subject_id, live=True)
    return {row.code: Override(row.value, row.officer_name, row.reason) for row in rows}


async def overrides_of_all(db: AsyncSession, subject_ids: Collection[UUID]) -> Mapping[UUID, Overrides]:
    """Return the same of several subjects; those for which nothing was set are not among them."""
    query = select(LawOverride).where(
        LawOverride.subject_id.in_(subject_ids), LawOverride.withdrawn_at.is_(None)
    )
    found: dict[UUID, dict[str, Override]] = {}
    for each in await db.scalars(query):
        row = _row(each)
        found.setdefault(each.subject_id, {})[row.code] = Override(row.value, row.officer_name, row.reason)
    return found


async def history(db: AsyncSession, subject_id: UUID) -> Sequence[OverrideRow]:
    """Return all that was ever set for a subject, the newest first."""
    return await _rows(db, subject_id, live=False)


async def _rows(db: AsyncSession, subject_id: UUID, *, live: bool) -> list[OverrideRow]:
    query = select(LawOverride).where(LawOverride.subject_id == subject_id)
    if live:
        query = query.where(LawOverride.withdrawn_at.is_(None))
    found = await db.scalars(query.order_by(LawOverride.set_at.desc(), LawOverride.id.desc()))
    return [_row(each) for each in found]


def _row(each: LawOverride) -> OverrideRow:
    # The table sees to it that there is one of both.
    value = each.days if each.on_day is None else each.on_day
    assert value is not None
    return OverrideRow(
        each.code,
        value,
        each.reason,
        each.officer_name,
        each.set_at,
        each.withdrawn_at,
        each.withdrawn_by_name,
        each.withdrawn_reason,
    )
