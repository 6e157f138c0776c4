"""Bids as their bidders' own people read them, and what a tender asks of one. Nobody else gets any row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from tenders.models import (
    Bid,
    BidChunk,
    BidFile,
    BidPart,
    BidReceipt,
    BidSubmission,
    Tender,
    TenderCriterion,
    TenderExtension,
    TenderKey,
    TenderLot,
)
from tenders.rules.bidding import standing
from tenders.rules.bidding.asked import Asked, AskedLot, AskedQuestion
from tenders.rules.bidding.receipts import ReceiptFacts
from tenders.rules.bidding.standing import BidState, ReceiptKind
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class BidRow:
    """A bid, with its tender's deadline, and the database's clock at the time of reading."""

    id: UUID
    tender_id: UUID
    code: str
    public: bytes
    locked: bytes
    begun_by: str
    begun_at: datetime
    tender_title: str
    tender_state: str
    due_at: datetime | None
    demonstration: bool
    now: datetime

    @property
    def open(self) -> bool:
        """Whether it can be changed and handed in."""
        return standing.is_open(self.tender_state, self.due_at, self.now)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a draft as it is kept: sealed."""

    part: str
    version: int
    header: bytes
    content: bytes
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a draft as it is kept: what it is called is sealed too."""

    id: UUID
    about_header: bytes
    about: bytes
    header: bytes
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt."""

    id: UUID
    bid_id: UUID
    bid_code: str
    tender_id: UUID
    tender_title: str
    kind: str
    sha256: bytes | None
    at: datetime
    due_at: datetime
    person_name: str

    @property
    def facts(self) -> ReceiptFacts:
        """What is signed."""
        digest = self.sha256.hex() if self.sha256 else ""
        kind = ReceiptKind(self.kind)
        return ReceiptFacts(self.id, self.bid_code, self.tender_id, kind, self.at, self.due_at, digest)

    @property
    def words(self) -> str:
        """What it is for."""
        return standing.RECEIPT_WORDS[ReceiptKind(self.kind)]


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """A deadline that was moved."""

    due_before: datetime
    due_at: datetime
    reason: str
    extended_at: datetime


_BID: Final = (
    Bid.id,
    Bid.tender_id,
    Bid.code,
    Bid.public,
    Bid.locked,
    Bid.begun_by,
    Bid.begun_at,
    Tender.title,
    Tender.state,
    Tender.tenders_due_at,
    Tender.demonstration,
    # Of the statement that reads it, not of the transaction: by this a submission counts as arrived.
    func.clock_timestamp(),
)


def _bids() -> Select[*tuple[Any, ...]]:
    return select(*_BID).join(Tender, Tender.id == Bid.tender_id)


async def own_bid(db: AsyncSession, actor: Actor, tender_id: UUID) -> BidRow:
    """Return the bid that the actor's organisation has for a tender.

    Raises:
        Missing: it has none.
    """
    found = await maybe_own_bid(db, actor, tender_id)
    if found is None:
        raise Missing("bid")
    return found


async def maybe_own_bid(db: AsyncSession, actor: Actor, tender_id: UUID) -> BidRow | None:
    """Return the bid that the actor's organisation has for a tender, or None."""
    query = _bids().where(Bid.tender_id == tender_id, Bid.organisation_id == actor.organisation_id)
    row = (await db.execute(query)).first()
    return BidRow(*row) if row else None


async def named_bids(db: AsyncSession, bid_ids: Sequence[UUID]) -> dict[UUID, tuple[BidRow, str]]:
    """Return bids that the reader may see, whoever leads them, each with the name of who does."""
    query = _bids().add_columns(Organisation.name).join(Organisation, Organisation.id == Bid.organisation_id)
    rows = await db.execute(query.where(Bid.id.in_(bid_ids)))
    return {row[0]: (BidRow(*row[:-1]), row[-1]) for row in rows}


async def own_bids(db: AsyncSession, actor: Actor) -> Sequence[tuple[BidRow, BidState]]:
    """Return all bids of the actor's organisation, the next deadline first, each with how far it is."""
    query = _bids().where(Bid.organisation_id == actor.organisation_id)
    rows = [BidRow(*row) for row in await db.execute(query.order_by(Tender.tenders_due_at.desc()))]
    kinds: dict[UUID, list[str]] = {}
    receipt_kinds = select(BidReceipt.bid_id, BidReceipt.kind).order_by(BidReceipt.position)
    for bid_id, kind in await db.execute(
        receipt_kinds.where(BidReceipt.bid_id.in_([row.id for row in rows]))
    ):
        kinds.setdefault(bid_id, []).append(kind)
    return [(row, standing.bid_state(kinds.get(row.id, []))) for row in rows]


async def sealed_parts(db: AsyncSession, bid_id: UUID) -> Sequence[PartRow]:
    """Return the parts of a draft, sealed."""
    rows = await db.execute(
        select(
            BidPart.part, BidPart.version, BidPart.header, BidPart.content, BidPart.saved_by, BidPart.saved_at
        ).where(BidPart.bid_id == bid_id)
    )
    return [PartRow(*row) for row in rows]


async def sealed_files(db: AsyncSession, bid_id: UUID) -> Sequence[FileRow]:
    """Return the files of a draft that were not taken out, in the order in which they came."""
    rows = await db.execute(
        select(
            BidFile.id, BidFile.about_header, BidFile.about, BidFile.header, BidFile.size, BidFile.added_at
        )
        .where(BidFile.bid_id == bid_id, BidFile.removed_at.is_(None))
        .order_by(BidFile.added_at, BidFile.id)
    )
    return [FileRow(*row) for row in rows]


async def chunks(db: AsyncSession, file_id: UUID) -> Sequence[bytes]:
    """Return the sealed chunks of a file that the reader may have."""
    query = select(BidChunk.content).where(BidChunk.file_id == file_id).order_by(BidChunk.position)
    return list(await db.scalars(query))


def _receipts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            BidReceipt.id,
            BidReceipt.bid_id,
            Bid.code,
            Bid.tender_id,
            Tender.title,
            BidReceipt.kind,
            BidReceipt.sha256,
            BidReceipt.at,
            BidReceipt.due_at,
            BidReceipt.person_name,
        )
        .join(Bid, Bid.id == BidReceipt.bid_id)
        .join(Tender, Tender.id == Bid.tender_id)
    )


async def receipts(db: AsyncSession, bid_id: UUID) -> Sequence[ReceiptRow]:
    """Return the receipts of a bid, the newest first."""
    query = _receipts().where(BidReceipt.bid_id == bid_id).order_by(BidReceipt.position.desc())
    return [ReceiptRow(*row) for row in await db.execute(query)]


async def receipt(db: AsyncSession, receipt_id: UUID) -> ReceiptRow:
    """Return a receipt.

    Raises:
        Missing: there is none, or it is another organisation's.
    """
    row = (await db.execute(_receipts().where(BidReceipt.id == receipt_id))).first()
    if row is None:
        raise Missing("receipt")
    return ReceiptRow(*row)


async def given(db: AsyncSession, receipt_id: UUID, sha256: bytes | None) -> datetime | None:
    """Return when a receipt with this hash was given, or None; for anybody who holds both."""
    found = func.app.receipt_holds(receipt_id, sha256).table_valued("kind", "at")
    return (await db.execute(select(found.c["at"]))).scalar_one_or_none()


async def own_copy(db: AsyncSession, receipt_id: UUID) -> tuple[bytes, bytes] | None:
    """Return the bidder's own copy of what was handed in, sealed: header and content."""
    query = select(BidSubmission.own_header, BidSubmission.own_content)
    row = (await db.execute(query.where(BidSubmission.receipt_id == receipt_id))).first()
    return (row[0], row[1]) if row else None


async def key(db: AsyncSession, tender_id: UUID) -> tuple[bytes, bytes] | None:
    """Return the public key of a tender and what vouches for it, or None where it takes no bids yet."""
    query = select(TenderKey.public, TenderKey.voucher).where(TenderKey.tender_id == tender_id)
    row = (await db.execute(query)).first()
    return (row[0], row[1]) if row else None


async def extensions(db: AsyncSession, tender_id: UUID) -> Sequence[ExtensionRow]:
    """Return how a deadline was moved, the newest first."""
    rows = await db.execute(
        select(
            TenderExtension.due_before,
            TenderExtension.due_at,
            TenderExtension.reason,
            TenderExtension.extended_at,
        )
        .where(TenderExtension.tender_id == tender_id)
        .order_by(TenderExtension.extended_at.desc())
    )
    return [ExtensionRow(*row) for row in rows]


async def asked(db: AsyncSession, tender_id: UUID) -> Asked:
    """Return what a tender asks of a bid."""
    found = await db.execute(
        select(
            TenderLot.id,
            TenderLot.title,
            TenderLot.description,
            TenderLot.unit,
            TenderLot.tier_starts,
            TenderLot.counting,
            Tender.price_weight,
            Tender.most_lots_bid,
            Tender.most_lots_won,
        )
        .join(Tender, Tender.id == TenderLot.tender_id)
        .where(TenderLot.tender_id == tender_id)
        .order_by(TenderLot.position)
    )
    rows = (
        await db.execute(
            select(
                TenderCriterion.id,
                TenderCriterion.kind,
                TenderCriterion.parent_id,
                TenderCriterion.title,
                TenderCriterion.description,
                TenderCriterion.standard,
                TenderCriterion.weight,
            )
            .where(TenderCriterion.tender_id == tender_id)
            .order_by(TenderCriterion.position)
        )
    ).all()
    lots = found.all()
    parents = {row.parent_id for row in rows}
    # A criterion that has parts is answered by its parts.
    leaves = [row for row in rows if row.id not in parents]
    return Asked(
        lots=tuple(AskedLot(str(row[0]), *row[1:4], tuple(row[4]), row[5]) for row in lots),
        conditions=tuple(_question(row) for row in leaves if row.kind == "condition"),
        questions=tuple(_question(row) for row in leaves if row.kind == "award"),
        priced=any(row.price_weight for row in lots),
        most_lots=lots[0].most_lots_bid if lots else None,
        most_won=lots[0].most_lots_won if lots else None,
    )


def _question(row: Any) -> AskedQuestion:
    weight = "" if row.weight is None else f"{format(row.weight.normalize(), 'f')}%"
    return AskedQuestion(str(row.id), row.title, row.description, row.standard, weight)
