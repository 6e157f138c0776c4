"""A bid is handed in, replaced or withdrawn, until the deadline by the database's clock.

The content of files went in before: what happens here is small. The audit trail gets no entry, because
operators read it; the receipts are the trail, and the opening writes down their hashes.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, cast, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from store import sealing
from store.sealing import SealingKey
from tenders.actions.bidding import one_bid, sealed
from tenders.actions.bidding.sealed import Opened
from tenders.queries import bids as queries
from tenders.queries import teams
from tenders.queries.bids import BidRow, ReceiptRow
from tenders.rules.bidding import drafts, standing
from tenders.rules.bidding.asked import Asked
from values.actors import Actor
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The receipt that somebody gets, and whether it is new: a form that was sent twice gets the first."""

    receipt: ReceiptRow
    fresh: bool


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that the database is given: hash and ciphertext."""

    digest: bytes
    header: bytes
    content: bytes
    own_header: bytes
    own_content: bytes
    files: Sequence[UUID]
    headers: Sequence[bytes]


async def submit(
    db: AsyncSession, actor: Actor, tender_id: UUID, *, master: bytes, known: UUID | None
) -> HandedIn:
    """Hand in the draft as it stands, in place of what was handed in before.

    Args:
        db: the transaction.
        actor: who hands in.
        tender_id: of the tender.
        master: the master key.
        known: the receipt that the person saw last, or None.

    Raises:
        NotAllowed: not of a supplier.
        Missing: their organisation has no bid here.
        Refused: something is missing.
        KeyLost: what would be sealed could not be opened.
    """
    standing.check_may_bid(actor)
    # The first statement: by its clock the request has arrived.
    bid = await queries.own_bid(db, actor, tender_id)
    public = await sealed.public_of(db, tender_id, master=master)
    # Nobody joins or leaves meanwhile, and the bidder joins no other bid.
    await teams.one_at_a_time(db, f"{tender_id} {actor.organisation_id}", str(bid.id))
    members = await teams.of_tender(db, tender_id)
    own = [each for each in members if each.bid_id == bid.id]
    opened = await sealed.open_draft(db, bid, master=master, members=own)
    asked = await queries.asked(db, tender_id)
    drafts.check_whole(asked, opened.draft)
    lots = [lot.id for lot in drafts.chosen(asked, opened.draft)]
    await one_bid.check_handing_in(db, actor, bid, lots, members, master=master)
    envelope = await asyncio.to_thread(_envelope, bid, opened, asked, public, master)
    try:
        async with db.begin_nested():
            return await _recorded(db, actor, bid, known, envelope)
    except IntegrityError as error:
        raise Refused(
            "A file was taken out, or somebody asked, while you submitted. Look at the bid and submit again."
        ) from error


async def withdraw(db: AsyncSession, actor: Actor, tender_id: UUID, *, known: UUID | None) -> HandedIn:
    """Withdraw what was handed in; the draft stays, and can be handed in again until the deadline.

    Raises:
        NotAllowed: not of a supplier.
        Missing: their organisation has no bid here.
        Refused: nothing is handed in.
    """
    standing.check_may_bid(actor)
    bid = await queries.own_bid(db, actor, tender_id)
    try:
        async with db.begin_nested():
            return await _recorded(db, actor, bid, known, None)
    except IntegrityError as error:
        raise Refused("There is nothing to withdraw: no bid is submitted.") from error


async def _recorded(
    db: AsyncSession, actor: Actor, bid: BidRow, known: UUID | None, envelope: Envelope | None
) -> HandedIn:
    sent: tuple[Any, ...] = (None,) * 5
    files: Sequence[UUID] = ()
    headers: Sequence[bytes] = ()
    if envelope:
        sent = (
            envelope.digest,
            envelope.header,
            envelope.content,
            envelope.own_header,
            envelope.own_content,
        )
        files, headers = envelope.files, envelope.headers
    made = func.app.hand_in(
        bid.id,
        known,
        bid.now,
        actor.name,
        *sent,
        cast(list(files), ARRAY(Uuid)),
        cast(list(headers), ARRAY(LargeBinary)),
    ).table_valued("receipt_id", "fresh")
    receipt_id, fresh = (await db.execute(select(made.c.receipt_id, made.c.fresh))).one()
    return HandedIn(await queries.receipt(db, receipt_id), fresh)


def _envelope(bid: BidRow, opened: Opened, asked: Asked, public: bytes, master: bytes) -> Envelope:
    private = sealing.unlock(master, SealingKey(bid.public, bid.locked), sealed.bid_subject(bid.id))
    content = drafts.manifest(
        tender_id=bid.tender_id, code=bid.code, salt=secrets.token_hex(32), asked=asked, draft=opened.draft
    )
    digest = hashlib.sha256(content).digest()
    place = sealed.submission_place(bid.tender_id, bid.id, digest)
    header, ciphertext = sealed.seal(public, place, content)
    own_header, own_ciphertext = sealed.seal(bid.public, place, content)
    return Envelope(
        digest,
        header,
        ciphertext,
        own_header,
        own_ciphertext,
        [each.id for each in opened.files],
        [
            sealing.handed_on(private, each.header, sealed.file_place(bid.id, each.id), public)
            for each in opened.files
        ],
    )
