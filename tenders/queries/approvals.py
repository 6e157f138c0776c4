"""What the buyers answered, and how the reader's own council stands to a tender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.queries import authority
from procurement.queries.pools import agreements
from spend.queries import own_code
from tenders.models import TenderApproval, TenderBuyer, TenderShare
from tenders.queries.tenders import TenderRow
from tenders.rules.approving import Standing
from values.actors import Actor


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A buyer's answer, whether it still stands or has ended."""

    body_code: str
    body_name: str
    version: int
    fingerprint: bytes
    decision: str
    reason: str
    person_name: str
    decided_at: datetime
    ended_at: datetime | None
    ended_reason: str

    @property
    def stands(self) -> bool:
        """Whether it is an approval that has not ended."""
        return self.decision == "approved" and self.ended_at is None


async def approvals(db: AsyncSession, tender_id: UUID) -> Sequence[ApprovalRow]:
    """Return all answers, the newest first; none for whoever is not of a buyer, and no sector lead."""
    rows = await db.execute(
        select(
            TenderApproval.body_code,
            Organisation.short_name,
            TenderApproval.version,
            TenderApproval.fingerprint,
            TenderApproval.decision,
            TenderApproval.reason,
            TenderApproval.person_name,
            TenderApproval.decided_at,
            TenderApproval.ended_at,
            TenderApproval.ended_reason,
        )
        .join(Organisation, Organisation.code == TenderApproval.body_code)
        .where(TenderApproval.tender_id == tender_id)
        .order_by(TenderApproval.decided_at.desc(), TenderApproval.id.desc())
    )
    return [ApprovalRow(*row) for row in rows]


async def standing(db: AsyncSession, actor: Actor, tender: TenderRow) -> Standing:
    """Return how the actor's council stands to a tender; its bound sum is read from its own signature."""
    code = await own_code(db, actor) or ""
    buyer = await db.scalar(
        select(TenderBuyer.body_code).where(TenderBuyer.tender_id == tender.id, TenderBuyer.body_code == code)
    )
    share = await db.scalar(
        select(TenderShare.value_pence).where(
            TenderShare.tender_id == tender.id, TenderShare.body_code == code
        )
    )
    live = [each for each in await approvals(db, tender.id) if each.stands and each.body_code == code]
    signature = await agreements.live_signature(db, tender.pool_id, code)
    commitment = await agreements.commitment(db, tender.pool_id, signature) if signature else None
    return Standing(
        state=tender.state,
        buyer=buyer is not None,
        fingerprint=tender.fingerprint or b"",
        approved_by=live[0].person_name if live else "",
        share_pence=share,
        limit_pence=await authority.own_limit(db, actor),
        bound_pence=commitment.sum_pence if commitment else None,
    )
