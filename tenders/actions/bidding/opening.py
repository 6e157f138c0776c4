"""Bids are opened: one person proposes it, another confirms it, and then all of them are opened at once.

Confirming, opening and the tender's new state are one transaction: either all bids are open, or none is.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import panels
from sourcing.queries.subjects import acted_for
from sourcing.rules.panels import PanelState
from store import audit, sealing
from store.sealing import SealingKey, Tampered
from tenders.actions.bidding import sealed
from tenders.models import OpenedBid, OpenedContent, OpenedFile, OpenedMember, OpenedName
from tenders.queries import tenders
from tenders.rules import opening as rules
from tenders.rules.bidding import manifests
from tenders.rules.bidding import team as teams
from tenders.rules.opening import Circumstances
from values.actors import Actor
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Envelope:
    """A bid as it was handed in, sealed."""

    bid_id: UUID
    organisation_id: UUID
    name: str
    receipt_id: UUID
    sha256: bytes
    header: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class FileKey:
    """A file of a bid that was opened and is what was handed in, with the key of its chunks."""

    file_id: UUID
    facts: Mapping[str, Any]
    context: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What came out of an envelope; `damage` says what is wrong with it, or nothing."""

    damage: str = ""
    said: Mapping[str, Any] = field(default_factory=dict[str, Any])
    files: Sequence[FileKey] = ()
    members: Sequence[tuple[UUID, str]] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many bids were opened, and how many of them are not what was handed in."""

    bids: int
    damaged: int


async def propose(db: AsyncSession, actor: Actor, tender_id: UUID, found: Circumstances) -> None:
    """Propose to open the bids; from now on the deadline stands. A code was asked for just before.

    Raises:
        NotAllowed: not an officer or approver of a buyer.
        Refused: it is too early, or somebody has proposed it.
    """
    rules.check_can_propose(found)
    await db.execute(select(func.app.propose_opening(tender_id, actor.name)))
    await audit.record(db, actor, "tender.opening_proposed", "tender", tender_id)


async def confirm(
    db: AsyncSession, actor: Actor, tender_id: UUID, found: Circumstances, *, master: bytes
) -> Outcome:
    """Confirm what somebody of another buyer proposed, and open all bids. A code was asked for just before.

    Raises:
        NotAllowed: not an officer or approver of a buyer.
        Refused: nobody else proposed it within a day, or it is too early.
        KeyLost: the master key under which the bids were sealed is not the one that is here.
        Tampered: the key of the tender was changed past the service.
    """
    rules.check_can_confirm(actor, found)
    await db.execute(select(func.app.confirm_opening(tender_id, actor.name)))
    private = await _private_key(db, tender_id, master)
    envelopes = await _envelopes(db, tender_id)
    # By lot: neither number nor id tells who came first.
    secrets.SystemRandom().shuffle(envelopes)
    damaged = 0
    for number, envelope in enumerate(envelopes, 1):
        contents = await _opened(db, tender_id, private, envelope)
        await _keep(db, tender_id, number, envelope, contents)
        damaged += bool(contents.damage)
    await db.execute(select(func.app.finish_opening(tender_id)))
    await audit.record(
        db,
        actor,
        "tender.opened",
        "tender",
        tender_id,
        bids=len(envelopes),
        damaged=damaged,
        proposed_by=found.waiting.person_name if found.waiting else "",
        receipts=sorted(each.sha256.hex() for each in envelopes),
    )
    return Outcome(len(envelopes), damaged)


async def enter_candidates(db: AsyncSession, actor: Actor, tender_id: UUID) -> int:
    """Give the tender's panel the opened bids as candidates, under their numbers; nobody reads a name.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: the actor is no officer of the lead.
        Refused: the panel has begun, has candidates, or there is no whole bid.
    """
    found = await acted_for(db, actor, tender_id, leading=True)
    if (await panels.panel(db, tender_id)).state is not PanelState.FORMING:
        raise Refused("The panel has begun: what it assesses stays as it is.")
    entered = await db.scalar(select(func.app.enter_opened(tender_id)))
    if entered is None:
        raise Refused("Who is assessed was entered already.")
    if entered == 0:
        raise Refused("There is no bid that can be assessed.")
    await audit.record(db, actor, "panel.candidates", found.kind, tender_id, count=entered)
    return int(entered)


async def _private_key(db: AsyncSession, tender_id: UUID, master: bytes) -> X25519PrivateKey:
    found = func.app.locked_key(tender_id).table_valued("public", "locked")
    row = (await db.execute(select(found.c.public, found.c.locked))).first()
    if row is None:
        await tenders.tender_row(db, tender_id)
        raise Refused("This tender has no key, so it took no bids. It can be terminated.")
    return sealing.unlock(master, SealingKey(row[0], row[1]), sealed.tender_subject(tender_id))


async def _envelopes(db: AsyncSession, tender_id: UUID) -> list[Envelope]:
    names = ("bid_id", "organisation_id", "name", "receipt_id", "sha256", "header", "content")
    found = func.app.sealed_bids(tender_id).table_valued(*names)
    return [Envelope(*row) for row in await db.execute(select(*(found.c[name] for name in names)))]


async def _opened(
    db: AsyncSession, tender_id: UUID, private: X25519PrivateKey, envelope: Envelope
) -> Contents:
    """Open one bid and hold all of it against its receipt; what is wrong with it stops no other."""
    place = sealed.submission_place(tender_id, envelope.bid_id, envelope.sha256)
    chunks = sealed.split(envelope.content)
    try:
        content = b"".join(sealing.opened(private, envelope.header, place, chunks))
    except Tampered:
        return Contents("What it says cannot be opened: it was changed after it was handed in.")
    if hashlib.sha256(content).digest() != envelope.sha256:
        return Contents("What it says is not what its receipt is for.")
    try:
        said = manifests.read(content, tender_id)
    except ValueError:
        return Contents("What was handed in has not the shape of a bid.")
    members = await _members(db, tender_id, envelope.bid_id)
    if {str(each) for each, _ in members} != set(manifests.members_in(said)):
        return Contents("Who bids together is not who accepted.")
    found = func.app.sealed_files(tender_id, envelope.receipt_id).table_valued("file_id", "header")
    rows = await db.execute(select(found.c.file_id, found.c.header))
    headers = {str(file_id): header for file_id, header in rows}
    files: list[FileKey] = []
    for position, facts in enumerate(said["files"], 1):
        key = await _file_key(db, tender_id, private, envelope, facts, headers.get(facts["id"]))
        if key is None:
            return Contents(f"File {position} of {len(said['files'])} is not what was handed in.")
        files.append(key)
    return Contents(said=said, files=files, members=members)


async def _members(db: AsyncSession, tender_id: UUID, bid_id: UUID) -> list[tuple[UUID, str]]:
    found = func.app.sealed_members(tender_id, bid_id).table_valued("organisation_id", "name")
    rows = await db.execute(select(found.c.organisation_id, found.c.name).order_by(found.c.name))
    return [(row[0], row[1]) for row in rows]


async def _file_key(
    db: AsyncSession,
    tender_id: UUID,
    private: X25519PrivateKey,
    envelope: Envelope,
    facts: Mapping[str, Any],
    header: bytes | None,
) -> FileKey | None:
    """Return the key of a file whose content is what the bid says of it, or None."""
    file_id = UUID(facts["id"])
    place = sealed.file_place(envelope.bid_id, file_id)
    chunks = [chunk async for chunk in _chunks(db, tender_id, file_id)]

    def key() -> bytes | None:
        found = hashlib.sha256()
        try:
            own = sealing.content_key(private, header or b"", place)
            for content in sealing.opened_with(own, place, chunks):
                found.update(content)
        except Tampered:
            return None
        return own if found.hexdigest() == facts["sha256"] else None

    own = await asyncio.to_thread(key)
    return FileKey(file_id, facts, place, own) if own else None


async def _chunks(db: AsyncSession, tender_id: UUID, file_id: UUID) -> AsyncIterator[bytes]:
    found = func.app.sealed_chunks(tender_id, file_id).table_valued("content")
    for row in await db.execute(select(found.c.content)):
        yield row[0]


async def _keep(
    db: AsyncSession, tender_id: UUID, number: int, envelope: Envelope, contents: Contents
) -> None:
    opened_id = uuid4()
    own = {"opened_id": opened_id, "tender_id": tender_id}
    await db.execute(
        insert(OpenedBid)
        .values(
            id=opened_id,
            tender_id=tender_id,
            number=number,
            whole=not contents.damage,
            damage=contents.damage,
        )
        .inline()
    )
    name = {
        "bid_id": envelope.bid_id,
        "organisation_id": envelope.organisation_id,
        "name": teams.together(envelope.name, [name for _, name in contents.members]),
        "receipt_id": envelope.receipt_id,
    }
    await db.execute(insert(OpenedName).values(**own, **name).inline())
    if contents.damage:
        return
    await db.execute(insert(OpenedContent).values(**own, content=manifests.masked(contents.said)).inline())
    if others := [{**own, **each} for each in _others(contents)]:
        await db.execute(insert(OpenedMember).inline(), others)
    rows = [
        {
            **own,
            "file_id": each.file_id,
            "position": position,
            "name": each.facts["name"],
            "kind": each.facts["kind"],
            "size": each.facts["size"],
            "sha256": bytes.fromhex(each.facts["sha256"]),
            "context": each.context,
            "key": each.key,
        }
        for position, each in enumerate(contents.files, 1)
    ]
    if rows:
        await db.execute(insert(OpenedFile).inline(), rows)


def _others(contents: Contents) -> list[dict[str, Any]]:
    """Return who else is in a bid, in the order of the letters that stand for them."""
    team = contents.said.get("team", {"members": (), "subcontractors": ()})
    names = {str(key): name for key, name in contents.members}
    found = [
        {"kind": "member", "organisation_id": UUID(each["organisation"]), "name": names[each["organisation"]]}
        for each in team["members"]
    ]
    found += [
        {"kind": "subcontractor", "organisation_id": None, "name": each["name"]}
        for each in team["subcontractors"]
    ]
    return [{"position": at, **each} for at, each in enumerate(found, 1)]
