"""Members of bids, as their lead and they themselves read them; bids that others lead."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from tenders.models import Bid, BidMember, Tender
from tenders.queries import bids
from tenders.queries.bids import BidRow
from tenders.rules.bidding.team import LIVE, MemberState
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A membership as it is kept: what is said in it, sealed."""

    id: UUID
    bid_id: UUID
    organisation_id: UUID | None
    name: str
    state: MemberState
    writes: bool
    header: bytes
    content: bytes
    own_header: bytes | None
    own_content: bytes | None


@dataclass(frozen=True, slots=True)
class JoinedRow:
    """A bid that another supplier leads, and the reader's own part in it."""

    bid: BidRow
    lead_name: str
    own: MemberRow


_MEMBER: Final = (
    BidMember.id,
    BidMember.bid_id,
    BidMember.organisation_id,
    func.coalesce(Organisation.name, ""),
    BidMember.state,
    BidMember.writes,
    BidMember.header,
    BidMember.content,
    BidMember.own_header,
    BidMember.own_content,
)


def _members() -> Select[*tuple[Any, ...]]:
    return select(*_MEMBER).outerjoin(Organisation, Organisation.id == BidMember.organisation_id)


def _row(row: Any) -> MemberRow:
    return MemberRow(row[0], row[1], row[2], row[3], MemberState(row[4]), *row[5:])


async def members(db: AsyncSession, bid_id: UUID) -> Sequence[MemberRow]:
    """Return the members of a bid that the reader may see: all to its lead and to who joined."""
    rows = await db.execute(_members().where(BidMember.bid_id == bid_id).order_by(BidMember.id))
    return [_row(row) for row in rows]


async def of_tender(db: AsyncSession, tender_id: UUID) -> Sequence[MemberRow]:
    """Return all memberships of bids for a tender that the reader may see."""
    query = _members().join(Bid, Bid.id == BidMember.bid_id).where(Bid.tender_id == tender_id)
    return [_row(row) for row in await db.execute(query.order_by(BidMember.id))]


async def own_memberships(db: AsyncSession, actor: Actor) -> Sequence[JoinedRow]:
    """Return the bids that the actor's organisation was asked into or joined, the latest deadline first."""
    live = [state.value for state in LIVE]
    query = _members().where(BidMember.organisation_id == actor.organisation_id, BidMember.state.in_(live))
    own = [_row(row) for row in await db.execute(query.order_by(BidMember.id))]
    found = await with_bids(db, own)
    return sorted(found, key=lambda each: (each.bid.due_at is not None, each.bid.due_at), reverse=True)


async def with_bids(db: AsyncSession, own: Sequence[MemberRow]) -> Sequence[JoinedRow]:
    """Return memberships of the reader's organisation with the bids that they are in."""
    found = await bids.named_bids(db, [each.bid_id for each in own]) if own else {}
    return [JoinedRow(*found[each.bid_id], each) for each in own]


async def joined(db: AsyncSession, actor: Actor, bid_id: UUID) -> JoinedRow:
    """Return a bid that the actor's organisation was asked into or joined.

    Raises:
        Missing: there is none, or it has declined, left, or was taken out.
    """
    found = next((each for each in await own_memberships(db, actor) if each.bid.id == bid_id), None)
    if found is None:
        raise Missing("bid")
    return found


async def suppliers_named(db: AsyncSession, name: str) -> Sequence[tuple[UUID, str]]:
    """Return suppliers that use this service by exactly this name in any case, or else a few that hold it."""
    query = select(Organisation.id, Organisation.name).where(Organisation.kind == "supplier")
    exact = (await db.execute(query.where(func.lower(Organisation.name) == name.lower()))).all()
    near = query.where(Organisation.name.icontains(name, autoescape=True)).order_by(Organisation.name)
    return [(row[0], row[1]) for row in exact or (await db.execute(near.limit(5))).all()]


async def allows_several(db: AsyncSession, tender_id: UUID) -> bool:
    """Tell whether a supplier may take part in more than one bid for a lot."""
    return bool(await db.scalar(select(Tender.several_bids).where(Tender.id == tender_id)))


async def write_to(db: AsyncSession, member_id: UUID, subject: str, body: str) -> int:
    """Put a mail to the people of a member that was just asked into the outbox; return to how many."""
    return await db.scalar(select(func.app.write_to_member(member_id, subject, body))) or 0


async def claim(db: AsyncSession, secret: str) -> UUID | None:
    """Take up an invitation by mail for the session's organisation; return the bid, or None."""
    return await db.scalar(select(func.app.claim_membership(secret_hash(secret))))


async def one_at_a_time(db: AsyncSession, *about: str) -> None:
    """Let nobody else do something about the same things until this transaction ends; in this order."""
    await db.execute(select(*(func.pg_advisory_xact_lock(func.hashtextextended(each, 38)) for each in about)))


def secret_hash(secret: str) -> bytes:
    """Return what the database keeps of the secret of an invitation by mail."""
    return hashlib.sha256(secret.encode()).digest()
