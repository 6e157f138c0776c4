"""The suppliers to which a lot goes: the lead of the best bid, and the members that bid with it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from tenders.models import AwardParty, OpenedMember, TenderAward


async def enter(db: AsyncSession, tender_id: UUID) -> None:
    """Write down all suppliers of an award that was just decided; called with it."""
    keys = (TenderAward.tender_id, TenderAward.lot_id)
    leads = (
        select(*keys, TenderAward.organisation_id, literal(1), Organisation.name)
        .join(Organisation, Organisation.id == TenderAward.organisation_id)
        .where(TenderAward.tender_id == tender_id)
    )
    members = (
        select(*keys, OpenedMember.organisation_id, OpenedMember.position + 1, OpenedMember.name)
        .join(OpenedMember, OpenedMember.opened_id == TenderAward.opened_id)
        .where(TenderAward.tender_id == tender_id, OpenedMember.kind == "member")
    )
    columns = ["tender_id", "lot_id", "organisation_id", "position", "name"]
    await db.execute(insert(AwardParty).from_select(columns, union_all(leads, members)).inline())
