"""A draft of a bid: begun, its parts saved, files added and taken out. All of it is sealed on arrival."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from store import sealing
from store.sealing import SealedFile
from tenders.actions.bidding import sealed
from tenders.models import Bid, BidChunk, BidFile, BidPart, BidSubmissionFile
from tenders.queries import bids as queries
from tenders.queries import tenders
from tenders.queries.bids import BidRow
from tenders.rules.bidding import drafts, standing
from tenders.rules.bidding.drafts import BidPart as Part
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused

CHANGED_MEANWHILE: Final = (
    "A colleague has saved this part since you opened it. Copy what you wrote, then open the part again."
)
# Without letters and digits that are taken for each other.
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# A statement for each of these many chunks of a file.
_CHUNKS: Final = 8


def new_code() -> str:
    """Return a number for a bid that tells nothing, least of all how many there are."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


async def begin(db: AsyncSession, actor: Actor, tender_id: UUID, *, master: bytes) -> UUID:
    """Begin a bid for the actor's organisation, or return the one that it has.

    Raises:
        NotAllowed: not of a supplier.
        Refused: the tender takes no bids, not yet or not any more.
        KeyLost: what would be sealed could not be opened.
    """
    standing.check_may_bid(actor)
    known = await queries.maybe_own_bid(db, actor, tender_id)
    if known:
        return known.id
    tender = await tenders.tender_row(db, tender_id)
    now = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    standing.check_open(tender.state, tender.tenders_due_at, now)
    await sealed.public_of(db, tender_id, master=master)
    bid_id = uuid7()
    key = sealing.new_key(master, sealed.bid_subject(bid_id))
    values = {
        "id": bid_id,
        "tender_id": tender_id,
        "organisation_id": actor.organisation_id,
        "code": new_code(),
        "public": key.public,
        "locked": key.locked,
        "begun_by": actor.name,
    }
    # Two colleagues may begin at once: one of them gets the other's.
    await db.execute(upsert(Bid).values(values).on_conflict_do_nothing().inline())
    return (await queries.own_bid(db, actor, tender_id)).id


async def changeable(db: AsyncSession, actor: Actor, tender_id: UUID) -> BidRow:
    """Return the actor's bid where it can still be changed.

    Raises:
        Missing: their organisation has none.
        Refused: the deadline has passed, or the tender is over.
    """
    standing.check_may_bid(actor)
    bid = await queries.own_bid(db, actor, tender_id)
    standing.check_open(bid.tender_state, bid.due_at, bid.now)
    return bid


async def save_part(
    db: AsyncSession, actor: Actor, tender_id: UUID, part: Part, said: Mapping[str, Any], *, seen: int
) -> None:
    """Save a part of a draft.

    Args:
        db: the transaction.
        actor: who saves.
        tender_id: of the tender.
        part: which.
        said: what was filled in, as JSON has it.
        seen: the version that the form was filled in from; 0 where there was none.

    Raises:
        Missing: the actor's organisation has no bid here.
        Refused: the deadline has passed, or a colleague has saved the part meanwhile.
    """
    await write_part(db, actor, await changeable(db, actor, tender_id), part, said, seen=seen)


async def write_part(
    db: AsyncSession, actor: Actor, bid: BidRow, part: Part, said: Mapping[str, Any], *, seen: int
) -> None:
    """Save a part of a bid that the actor may write, whoever leads it.

    Raises:
        Refused: somebody else has saved the part meanwhile.
    """
    header, content = sealed.seal_json(bid.public, sealed.part_place(bid.id, part), said)
    values = {"header": header, "content": content, "saved_by": actor.name}
    if seen == 0:
        new = {"bid_id": bid.id, "part": part.value, **values}
        done: Any = await db.execute(
            upsert(BidPart).values(new).on_conflict_do_nothing().returning(BidPart.version)
        )
    else:
        done = await db.execute(
            update(BidPart)
            .where(BidPart.bid_id == bid.id, BidPart.part == part.value, BidPart.version == seen)
            .values(**values, version=seen + 1, saved_at=func.statement_timestamp())
            .returning(BidPart.version)
        )
    if not done.first():
        raise Refused(CHANGED_MEANWHILE)


async def add_file(
    db: AsyncSession,
    bid: BidRow,
    file_id: UUID,
    file: SealedFile,
    *,
    name: str,
    kind: str,
    size: int,
    sha256: str,
) -> None:
    """Add a file that was sealed as it arrived.

    Raises:
        Refused: it is too large, or there are too many.
    """
    drafts.check_room([each.size for each in await queries.sealed_files(db, bid.id)], size)
    about = {"name": name, "kind": kind, "size": size, "sha256": sha256}
    header, content = sealed.seal_json(bid.public, sealed.about_place(bid.id, file_id), about)
    await db.execute(
        insert(BidFile)
        .values(
            id=file_id,
            bid_id=bid.id,
            about_header=header,
            about=content,
            header=file.sealer.header,
            size=size,
        )
        .inline()
    )
    rows: list[dict[str, Any]] = []
    for at, chunk in enumerate(file.chunks()):
        rows.append({"file_id": file_id, "position": at, "content": chunk})
        if len(rows) == _CHUNKS:
            await db.execute(insert(BidChunk).inline(), rows)
            rows = []
    if rows:
        await db.execute(insert(BidChunk).inline(), rows)


async def remove_file(db: AsyncSession, actor: Actor, tender_id: UUID, file_id: UUID) -> None:
    """Take a file out of a draft. One that was handed in stays with what was handed in.

    Raises:
        Missing: there is none.
        Refused: the deadline has passed.
    """
    bid = await changeable(db, actor, tender_id)
    if file_id not in [each.id for each in await queries.sealed_files(db, bid.id)]:
        raise Missing("file")
    if await db.scalar(
        select(BidSubmissionFile.file_id).where(BidSubmissionFile.file_id == file_id).limit(1)
    ):
        gone = update(BidFile).where(BidFile.id == file_id).values(removed_at=func.statement_timestamp())
        await db.execute(gone)
    else:
        await db.execute(delete(BidFile).where(BidFile.id == file_id))
