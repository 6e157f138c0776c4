"""The suppliers to which a lot goes: the lead of the best bid, and the members that bid with it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, insert, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from suppliers.models import FirmRegistration, FirmSize
from tenders.models import AwardParty, OpenedMember, TenderAward

_NUMBERS = (
    FirmRegistration.company_number,
    FirmRegistration.charity_number,
    FirmRegistration.ppon,
    FirmRegistration.none_because,
)


async def enter(db: AsyncSession, tender_id: UUID) -> None:
    """Write down all suppliers of an award that was just decided; called with it.

    What they had declared of their size, kind and numbers is kept with it: what notices and open data say of
    an award stays as it was when a firm grows.
    """
    keys = (TenderAward.tender_id, TenderAward.lot_id)
    said = (FirmSize.size, FirmSize.voluntary, FirmSize.supported, FirmSize.mutual, *_NUMBERS)
    leads = (
        select(*keys, TenderAward.organisation_id, literal(1), Organisation.name, *said)
        .join(Organisation, Organisation.id == TenderAward.organisation_id)
        .outerjoin(FirmSize, FirmSize.organisation_id == TenderAward.organisation_id)
        .outerjoin(FirmRegistration, FirmRegistration.organisation_id == TenderAward.organisation_id)
        .where(TenderAward.tender_id == tender_id)
    )
    members = (
        select(*keys, OpenedMember.organisation_id, OpenedMember.position + 1, OpenedMember.name, *said)
        .join(OpenedMember, OpenedMember.opened_id == TenderAward.opened_id)
        .outerjoin(FirmSize, FirmSize.organisation_id == OpenedMember.organisation_id)
        .outerjoin(FirmRegistration, FirmRegistration.organisation_id == OpenedMember.organisation_id)
        .where(TenderAward.tender_id == tender_id, OpenedMember.kind == "member")
    )
    columns = ["tender_id", "lot_id", "organisation_id", "position", "name", *(each.key for each in said)]
    await db.execute(insert(AwardParty).from_select(columns, union_all(leads, members)).inline())


async def identify(db: AsyncSession, tender_id: UUID) -> None:
    """Fill in the numbers of suppliers that had declared none by the award, and have since.

    Called before a notice names them. A number that is there is never changed: another would be another firm.
    """
    of_firm = FirmRegistration.organisation_id == AwardParty.organisation_id
    numbered = func.coalesce(AwardParty.company_number, AwardParty.charity_number, AwardParty.ppon)
    await db.execute(
        update(AwardParty)
        .where(AwardParty.tender_id == tender_id, numbered.is_(None), of_firm)
        .values({each.key: each for each in _NUMBERS})
        .execution_options(synchronize_session=False)
    )
