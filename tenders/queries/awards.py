"""The award of a tender with its approvals, summaries, standstill, challenges and contracts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import panels, scores
from suppliers.rules import declared_from, registered_from
from tenders.models import (
    AssessmentSummary,
    AwardApproval,
    AwardParty,
    OpenedName,
    TenderAward,
    TenderChallenge,
    TenderContract,
    TenderStandstill,
)
from tenders.rules.award_facts import Named
from values.actors import Actor


@dataclass(frozen=True, slots=True)
class AwardPage:
    """What the reader may know of an award: rows as they are kept."""

    awards: Sequence[TenderAward]
    approvals: Sequence[AwardApproval]
    summaries: Sequence[AssessmentSummary]
    standstill: TenderStandstill | None
    challenges: Sequence[TenderChallenge]
    contracts: Sequence[TenderContract]

    @property
    def released(self) -> bool:
        """Whether all bidders were told."""
        return bool(self.summaries) and all(each.released_at for each in self.summaries)

    @property
    def suspended(self) -> bool:
        """Whether a challenge is open."""
        return any(each.ended_at is None for each in self.challenges)


async def _rows(db: AsyncSession, model: Any, tender_id: UUID) -> Sequence[Any]:
    return (await db.scalars(select(model).where(model.tender_id == tender_id))).all()


async def page(db: AsyncSession, tender_id: UUID) -> AwardPage:
    """Return all of it that row-level security shows the reader."""
    standstill = await _rows(db, TenderStandstill, tender_id)
    return AwardPage(
        awards=await _rows(db, TenderAward, tender_id),
        approvals=await _rows(db, AwardApproval, tender_id),
        summaries=await _rows(db, AssessmentSummary, tender_id),
        standstill=standstill[0] if standstill else None,
        challenges=await _rows(db, TenderChallenge, tender_id),
        contracts=await _rows(db, TenderContract, tender_id),
    )


async def own_summaries(db: AsyncSession, actor: Actor, tender_id: UUID) -> Sequence[AssessmentSummary]:
    """Return what the actor's organisation was told of its own bid, and of those that it joined."""
    ours = (AssessmentSummary.organisation_id == actor.organisation_id) | (
        AssessmentSummary.opened_id == func.any(func.app.joined_opened())
    )
    query = select(AssessmentSummary).where(AssessmentSummary.tender_id == tender_id, ours)
    return (await db.scalars(query.order_by(AssessmentSummary.opened_id))).all()


async def suppliers(
    db: AsyncSession, tender_ids: Collection[UUID]
) -> Mapping[tuple[UUID, UUID], Sequence[Named]]:
    """Return (tender, lot) → all suppliers to which it goes, the lead first, with what they had declared."""
    query = select(AwardParty).where(AwardParty.tender_id.in_(tender_ids))
    found: dict[tuple[UUID, UUID], list[Named]] = {}
    for each in await db.scalars(query.order_by(AwardParty.lot_id, AwardParty.position)):
        found.setdefault((each.tender_id, each.lot_id), []).append(_named(each))
    return found


async def contract_suppliers(db: AsyncSession, contract_id: UUID) -> Sequence[Named]:
    """Return all suppliers to which the lot of a contract went, the lead first."""
    of_lot = (TenderContract.tender_id == AwardParty.tender_id) & (TenderContract.lot_id == AwardParty.lot_id)
    query = select(AwardParty).join(TenderContract, of_lot).where(TenderContract.id == contract_id)
    return [_named(each) for each in await db.scalars(query.order_by(AwardParty.position))]


def _named(row: AwardParty) -> Named:
    declared = declared_from(row.size, row.voluntary, row.supported, row.mutual)
    registered = registered_from(row.company_number, row.charity_number, row.ppon, row.none_because)
    return Named(str(row.organisation_id), row.name, declared, registered)


async def names(db: AsyncSession, tender_id: UUID) -> dict[UUID, tuple[str, UUID]]:
    """Return opened bid → supplier and its id; nothing before the chair showed the names."""
    rows = await db.execute(
        select(OpenedName.opened_id, OpenedName.name, OpenedName.organisation_id).where(
            OpenedName.tender_id == tender_id
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def reasons(db: AsyncSession, tender_id: UUID) -> dict[tuple[str, str], str]:
    """Return (number of a bid, criterion) → why the panel agreed on its mark."""
    numbers = {each.id: str(each.number) for each in await panels.candidates(db, tender_id)}
    codes = {each.id: each.code for each in await panels.scored_questions(db, tender_id)}
    agreed = await scores.agreed(db, tender_id)
    return {(numbers[key[0]], codes[key[1]]): row.reason for key, row in agreed.items()}
