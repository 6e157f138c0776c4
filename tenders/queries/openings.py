"""How near a tender is to being opened, and what was opened, as far as the reader is cleared for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from sourcing.models import Candidate
from tenders.models import (
    OpenedBid,
    OpenedContent,
    OpenedFile,
    OpenedMember,
    OpenedName,
    TenderBuyer,
    TenderKey,
    TenderOpening,
)
from tenders.queries.tenders import TenderRow
from tenders.rules.bidding.team import LETTERS
from tenders.rules.opening import Circumstances, Proposal
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening that was confirmed: by whom, and when."""

    proposed_name: str
    proposed_body: str
    confirmed_name: str
    confirmed_body: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """An opened bid under its number.

    Attributes:
        damage: what is wrong with it, or empty.
        cleared: whether the reader may see what it says.
        name: whose it is, once names are lifted; empty before.
    """

    id: UUID
    number: int
    whole: bool
    damage: str
    cleared: bool
    name: str


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Whom a letter in a bid stands for: a member or a sub-contractor."""

    label: str
    name: str


@dataclass(frozen=True, slots=True)
class OpenedFileRow:
    """A file of an opened bid, with what opens it."""

    file_id: UUID
    position: int
    name: str
    kind: str
    size: int
    sha256: bytes
    context: bytes
    key: bytes


async def circumstances(
    db: AsyncSession, tender: TenderRow, *, own_code: str | None, takes_part: bool
) -> Circumstances:
    """Return what an opening of a tender depends on."""
    proposals = (
        select(
            TenderOpening.proposed_by,
            TenderOpening.proposed_name,
            TenderOpening.proposed_body,
            Organisation.short_name,
            TenderOpening.proposed_at,
        )
        .join(Organisation, Organisation.code == TenderOpening.proposed_body)
        .where(TenderOpening.tender_id == tender.id, TenderOpening.confirmed_at.is_(None))
        .order_by(TenderOpening.proposed_at.desc())
        .limit(1)
    )
    row = (await db.execute(proposals)).first()
    buyers = select(func.count()).where(TenderBuyer.tender_id == tender.id)
    return Circumstances(
        state=tender.state,
        due_at=tender.tenders_due_at,
        now=(await db.execute(select(func.clock_timestamp()))).scalar_one(),
        takes_part=takes_part,
        own_code=own_code or "",
        buyers=await db.scalar(buyers) or 0,
        proposal=Proposal(*row) if row else None,
    )


async def confirmed(db: AsyncSession, tender_id: UUID) -> OpeningRow | None:
    """Return the opening of a tender, or None."""
    query = select(
        TenderOpening.proposed_name,
        TenderOpening.proposed_body,
        TenderOpening.confirmed_name,
        TenderOpening.confirmed_body,
        TenderOpening.confirmed_at,
    ).where(TenderOpening.tender_id == tender_id, TenderOpening.confirmed_at.is_not(None))
    row = (await db.execute(query)).first()
    return OpeningRow(*row) if row else None


async def has_key(db: AsyncSession, tender_id: UUID) -> bool:
    """Tell whether a tender can take bids here."""
    return bool(await db.scalar(select(TenderKey.tender_id).where(TenderKey.tender_id == tender_id)))


_OPENED: Final = (
    OpenedBid.id,
    OpenedBid.number,
    OpenedBid.whole,
    OpenedBid.damage,
    OpenedContent.opened_id.is_not(None),
    func.coalesce(OpenedName.name, ""),
)


async def opened(db: AsyncSession, tender_id: UUID) -> Sequence[OpenedRow]:
    """Return the opened bids in the order of their numbers; none for whoever is not of a buyer."""
    rows = await db.execute(
        select(*_OPENED)
        .outerjoin(OpenedContent, OpenedContent.opened_id == OpenedBid.id)
        .outerjoin(OpenedName, OpenedName.opened_id == OpenedBid.id)
        .where(OpenedBid.tender_id == tender_id)
        .order_by(OpenedBid.number)
    )
    return [OpenedRow(*row) for row in rows]


async def opened_bid(db: AsyncSession, tender_id: UUID, number: int) -> OpenedRow:
    """Return one opened bid by its number.

    Raises:
        Missing: there is none, or the reader is not of a buyer.
    """
    found = next((each for each in await opened(db, tender_id) if each.number == number), None)
    if found is None:
        raise Missing("bid")
    return found


async def content(db: AsyncSession, opened_id: UUID) -> Mapping[str, Any] | None:
    """Return what an opened bid says, or None for whoever is not cleared for it."""
    return await db.scalar(select(OpenedContent.content).where(OpenedContent.opened_id == opened_id))


async def others(db: AsyncSession, opened_id: UUID) -> Sequence[OtherRow]:
    """Return who else is in an opened bid; nobody before the names are lifted."""
    rows = await db.execute(
        select(OpenedMember.kind, OpenedMember.name)
        .where(OpenedMember.opened_id == opened_id)
        .order_by(OpenedMember.position)
    )
    found = [(row[0], row[1]) for row in rows]
    members = [name for kind, name in found if kind == "member"]
    below = [name for kind, name in found if kind != "member"]
    labelled = [("Member", members), ("Sub-contractor", below)]
    return [
        OtherRow(f"{word} {letter}", name)
        for word, names in labelled
        for letter, name in zip(LETTERS, names, strict=False)
    ]


async def files(db: AsyncSession, opened_id: UUID) -> Sequence[OpenedFileRow]:
    """Return the files of an opened bid; none for whoever is not cleared for it."""
    rows = await db.execute(
        select(
            OpenedFile.file_id,
            OpenedFile.position,
            OpenedFile.name,
            OpenedFile.kind,
            OpenedFile.size,
            OpenedFile.sha256,
            OpenedFile.context,
            OpenedFile.key,
        )
        .where(OpenedFile.opened_id == opened_id)
        .order_by(OpenedFile.position)
    )
    return [OpenedFileRow(*row) for row in rows]


async def entered(db: AsyncSession, tender_id: UUID) -> bool:
    """Tell whether the opened bids are candidates of a panel."""
    return bool(await db.scalar(select(Candidate.id).where(Candidate.subject_id == tender_id).limit(1)))


async def own_damage(db: AsyncSession, tender_id: UUID) -> str:
    """Return why the reader's own bid could not be opened whole; empty where it could, or is sealed."""
    return await db.scalar(select(func.app.own_damage(tender_id))) or ""
