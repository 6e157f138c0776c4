"""The invented world's bids: the published tender takes them, and two suppliers have begun one together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions.demonstration import PARTNER_ID, SUPPLIER_ID
from procurement.actions.demonstration.pools import officer_of
from store import sealing
from store.db import Sessions, transaction
from store.sealing import SealingKey
from tenders.actions.bidding import drafting, sealed
from tenders.actions.demonstration import LEAD
from tenders.models import Bid, BidMember, BidPart, Tender
from tenders.queries import bids as queries
from tenders.rules.bidding.asked import Asked
from tenders.rules.bidding.drafts import BidPart as Part
from tenders.rules.bidding.team import Fulfilment, MemberState, Said, said_kept
from tenders.rules.states import TenderState
from values.ids import uuid7

BEGUN_BY: Final = "Samir Dunmore"
ANSWER: Final = (
    "Tenants choose from the times that a repairer has free, on a telephone too, without an account. Staff "
    "see the same list. In a trial twelve tenants needed under three minutes each. (invented)"
)
OWN_PART: Final = {
    "part": "The booking software and its care (invented)",
    "share_percent": 70,
    "subcontractors": [],
}
MEMBER_PART: Final = {
    "called": "Southmere",
    "part": "Training of staff, in six languages (invented)",
    "share_percent": 30,
}
EVIDENCE: Final = "Cyber Essentials Plus, renewed each spring; the certificate is invented"


async def load_demonstration_bids(sessions: Sessions, *, master: bytes) -> int:
    """Let published invented tenders take bids, and begin one for each; return how many are new.

    Safe to repeat. Needs the rights of the jobs role, which may bring a bid in and reads none. The draft is
    half done: its suppliers see what is missing.
    """
    officer, made = officer_of(LEAD), 0
    async with transaction(sessions, officer) as db:
        published = await db.scalars(
            select(Tender.id).where(Tender.demonstration, Tender.state == TenderState.PUBLISHED.value)
        )
        for tender_id in published.all():
            if not await sealed.make_key(db, officer, tender_id, master=master):
                continue
            bid_id = uuid7()
            key = sealing.new_key(master, sealed.bid_subject(bid_id))
            await db.execute(
                insert(Bid)
                .values(
                    id=bid_id,
                    tender_id=tender_id,
                    organisation_id=SUPPLIER_ID,
                    code=drafting.new_code(),
                    public=key.public,
                    locked=key.locked,
                    begun_by=BEGUN_BY,
                )
                .inline()
            )
            asked = await queries.asked(db, tender_id)
            await _enter_member(db, bid_id, key, asked)
            said: dict[Part, Mapping[str, Any]] = {
                Part.TEAM: OWN_PART,
                Part.CONDITIONS: {
                    each.id: {"meets": True, "evidence": EVIDENCE} for each in asked.conditions
                },
                Part.ANSWERS: {each.id: ANSWER for each in asked.questions[:1]},
            }
            for part, words in said.items():
                place = sealed.part_place(bid_id, part)
                header, content = sealed.seal_json(key.public, place, words)
                values = {"bid_id": bid_id, "part": part.value, "saved_by": BEGUN_BY}
                await db.execute(insert(BidPart).values(**values, header=header, content=content).inline())
            made += 1
    return made


async def _enter_member(db: AsyncSession, bid_id: UUID, key: SealingKey, asked: Asked) -> None:
    """Let the invented partner have joined the bid, with what it says of itself."""
    member_id = uuid7()
    own = Said(
        lots=tuple(lot.id for lot in asked.lots),
        conditions={each.id: Fulfilment(meets=True, evidence=EVIDENCE) for each in asked.conditions},
        person_name="Priya Coverdale",
    )
    header, content = sealed.seal_json(key.public, sealed.member_place(bid_id, member_id), MEMBER_PART)
    own_header, own_content = sealed.seal_json(
        key.public, sealed.own_place(bid_id, member_id), said_kept(own)
    )
    await db.execute(
        insert(BidMember)
        .values(
            id=member_id,
            bid_id=bid_id,
            organisation_id=PARTNER_ID,
            state=MemberState.ACCEPTED,
            writes=True,
            header=header,
            content=content,
            own_header=own_header,
            own_content=own_content,
            answered_at=func.statement_timestamp(),
        )
        .inline()
    )
