"""What is sealed to which key and under which name, so that nothing opens at another place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store import audit, sealing
from store.sealing import Sealer, SealingKey
from tenders.models import TenderKey
from tenders.queries import bids as queries
from tenders.queries import teams
from tenders.queries.bids import BidRow, FileRow, PartRow, ReceiptRow
from tenders.queries.teams import MemberRow
from tenders.rules.bidding.drafts import BidFileFacts, BidPart, Draft, chosen, from_parts
from tenders.rules.bidding.team import Member, said_from
from values.actors import Actor
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft that was opened for its bidder: what it says, and which version of each part was read."""

    draft: Draft
    versions: Mapping[str, int]
    parts: Mapping[str, PartRow]
    files: Sequence[FileRow]


def tender_subject(tender_id: UUID) -> str:
    """Return the name that the key of a tender is bound to."""
    return f"tender {tender_id}"


def bid_subject(bid_id: UUID) -> str:
    """Return the name that the key of a bid's drafts is bound to."""
    return f"bid {bid_id}"


def part_place(bid_id: UUID, part: str) -> bytes:
    """Return the place of a part of a draft."""
    return f"bid {bid_id} part {part}".encode()


def file_place(bid_id: UUID, file_id: UUID) -> bytes:
    """Return the place of a file's content."""
    return f"bid {bid_id} file {file_id}".encode()


def about_place(bid_id: UUID, file_id: UUID) -> bytes:
    """Return the place of what a file is called."""
    return f"bid {bid_id} about file {file_id}".encode()


def member_place(bid_id: UUID, member_id: UUID) -> bytes:
    """Return the place of what a lead says of a member's part."""
    return f"bid {bid_id} member {member_id}".encode()


def own_place(bid_id: UUID, member_id: UUID) -> bytes:
    """Return the place of what a member says of itself."""
    return f"bid {bid_id} member {member_id} of itself".encode()


def submission_place(tender_id: UUID, bid_id: UUID, digest: bytes) -> bytes:
    """Return the place of something handed in: it opens as no other, not of the same bid either."""
    return f"tender {tender_id} bid {bid_id} submission {digest.hex()}".encode()


async def make_key(db: AsyncSession, actor: Actor, tender_id: UUID, *, master: bytes) -> bool:
    """Make the key of a tender that is published, so that it takes bids; tell whether it had none.

    Called by the lead's officer, or where the tender is published.
    """
    if await queries.key(db, tender_id):
        return False
    made = sealing.new_key(master, tender_subject(tender_id))
    voucher = sealing.vouch(master, made.public, tender_subject(tender_id))
    values = {"tender_id": tender_id, "public": made.public, "voucher": voucher, "locked": made.locked}
    await db.execute(insert(TenderKey).values(values).on_conflict_do_nothing().inline())
    await audit.record(db, actor, "tender.key_made", "tender", tender_id)
    return True


async def public_of(db: AsyncSession, tender_id: UUID, *, master: bytes) -> bytes:
    """Return the public key of a tender, once it is sure that it can be opened here.

    Raises:
        Refused: the tender takes no bids yet.
        KeyLost: the master key under which it was made is not the one that is here.
        Tampered: it was not made here.
    """
    found = await queries.key(db, tender_id)
    if found is None:
        raise Refused("This tender does not take bids here yet. Its lead council makes its key first.")
    public, voucher = found
    sealing.check_vouched(master, public, tender_subject(tender_id), voucher)
    return public


async def open_draft(
    db: AsyncSession, bid: BidRow, *, master: bytes, members: Sequence[MemberRow] | None = None
) -> Opened:
    """Return a draft in plain words, for a person of its bidder; `members` where they were read already.

    Raises:
        KeyLost: the master key under which it was sealed is not the one that is here.
        Tampered: something was changed past the service.
    """
    parts = await queries.sealed_parts(db, bid.id)
    files = await queries.sealed_files(db, bid.id)
    if members is None:
        members = await teams.members(db, bid.id)
    plain = _plain(bid, master)
    said = {each.part: plain(each.header, part_place(bid.id, each.part), each.content) for each in parts}
    facts = [
        BidFileFacts(id=str(each.id), **plain(each.about_header, about_place(bid.id, each.id), each.about))
        for each in files
    ]
    return Opened(
        from_parts(said, facts, [_member(bid, each, plain) for each in members]),
        {each.part: each.version for each in parts},
        {each.part: each for each in parts},
        files,
    )


def _plain(bid: BidRow, master: bytes) -> Callable[[bytes, bytes, bytes], Any]:
    private = sealing.unlock(master, SealingKey(bid.public, bid.locked), bid_subject(bid.id))

    def plain(header: bytes, place: bytes, content: bytes) -> Any:
        # Parts are small: one chunk each.
        return json.loads(b"".join(sealing.opened(private, header, place, split(content))))

    return plain


def _member(bid: BidRow, row: MemberRow, plain: Callable[[bytes, bytes, bytes], Any]) -> Member:
    said = plain(row.header, member_place(bid.id, row.id), row.content)
    own = None
    if row.own_header and row.own_content:
        own = said_from(plain(row.own_header, own_place(bid.id, row.id), row.own_content))
    return Member(
        id=str(row.id),
        organisation_id=str(row.organisation_id or ""),
        name=row.name or said["called"],
        state=row.state,
        writes=row.writes,
        part=said["part"],
        share_percent=said["share_percent"],
        said=own,
    )


def open_member(bid: BidRow, row: MemberRow, *, master: bytes) -> Member:
    """Return a membership in plain words, for its lead and for the member."""
    return _member(bid, row, _plain(bid, master))


async def chosen_lots(db: AsyncSession, bid: BidRow, *, master: bytes) -> Sequence[str]:
    """Return the lots that a bid is for, by id; also for whoever was asked into it and reads no more."""
    row = next((each for each in await queries.sealed_parts(db, bid.id) if each.part == BidPart.LOTS), None)
    said = _plain(bid, master)(row.header, part_place(bid.id, row.part), row.content) if row else {}
    draft = from_parts({BidPart.LOTS: said}, ())
    return [lot.id for lot in chosen(await queries.asked(db, bid.tender_id), draft)]


def seal(public: bytes, place: bytes, content: bytes) -> tuple[bytes, bytes]:
    """Return header and ciphertext of something small enough to be in memory."""
    sealer = Sealer(public, place)
    return sealer.header, b"".join(sealer.whole(content))


def seal_json(public: bytes, place: bytes, said: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return header and ciphertext of values as JSON."""
    return seal(public, place, json.dumps(said, ensure_ascii=False).encode())


def split(sealed: bytes) -> list[bytes]:
    """Return the chunks of ciphertext that was kept in one piece."""
    size = sealing.CHUNK_BYTES + sealing.OVERHEAD_BYTES
    return [sealed[at : at + size] for at in range(0, len(sealed), size)]


async def copy_of(db: AsyncSession, bid: BidRow, receipt: ReceiptRow, *, master: bytes) -> bytes | None:
    """Return what a receipt is for, byte for byte, for its bidder; None where nothing was kept.

    Raises:
        KeyLost: the master key under which it was sealed is not the one that is here.
        Tampered: it was changed past the service.
    """
    found = await queries.own_copy(db, receipt.id)
    if found is None or receipt.sha256 is None:
        return None
    header, content = found
    private = sealing.unlock(master, SealingKey(bid.public, bid.locked), bid_subject(bid.id))
    place = submission_place(bid.tender_id, bid.id, receipt.sha256)
    return b"".join(sealing.opened(private, header, place, split(content)))
