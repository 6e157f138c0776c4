"""The audit trail: append-only, written with the change, chained by hash shortly after.

Writers do not wait for each other: an entry is a plain insert. A sealing step takes the entries that have
no seal yet and links each to the one before, SHA-256 over the previous hash and the entry's canonical text.
Whoever alters or removes a sealed entry breaks every later link.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from store.models import AuditEntry, AuditSeal
from values.actors import Actor

GENESIS = hashlib.sha256(b"buytogether audit trail 1").digest()
SEALING_LOCK = 7_204_115_534
BATCH = 5_000

# Read in full to be sealed or verified; the same columns in the same order, or the hashes change.
_ENTRY = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.person_id,
    AuditEntry.organisation_id,
    AuditEntry.actor_name,
    AuditEntry.action,
    AuditEntry.subject_kind,
    AuditEntry.subject_id,
    AuditEntry.details,
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of checking the chain.

    Attributes:
        entries: sealed entries that were read.
        head: the newest hash in hexadecimal; note it outside, and a cut-off end can be shown as well.
        broken_at: the position of the first link that does not hold, or None.
        reason: what is wrong there, in words.
    """

    entries: int
    head: str
    broken_at: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done, to be written down with others."""

    action: str
    subject_kind: str
    subject_id: UUID | str
    details: dict[str, Any]


async def record(
    db: AsyncSession, actor: Actor, action: str, subject_kind: str, subject_id: UUID | str, **details: Any
) -> None:
    """Write down that `actor` did `action` ("file.replaced") to a subject, in this transaction."""
    await record_all(db, actor, [Entry(action, subject_kind, subject_id, details)])


async def record_all(db: AsyncSession, actor: Actor, entries: Sequence[Entry]) -> None:
    """Write down many things that `actor` did, in their order, in this transaction."""
    rows = [
        {
            "person_id": actor.person_id,
            "organisation_id": actor.organisation_id,
            "actor_name": actor.name,
            "action": entry.action,
            "subject_kind": entry.subject_kind,
            "subject_id": str(entry.subject_id),
            "details": entry.details,
        }
        for entry in entries
    ]
    if rows:
        # Without RETURNING: the public writes entries that it may not read.
        await db.execute(insert(AuditEntry).inline(), rows)


async def seal(db: AsyncSession) -> int:
    """Link the entries that are not linked yet; return how many. Safe to run twice and at once."""
    await db.execute(text("select pg_advisory_xact_lock(:key)"), {"key": SEALING_LOCK})
    last = (
        await db.execute(
            select(AuditSeal.position, AuditSeal.hash).order_by(AuditSeal.position.desc()).limit(1)
        )
    ).first()
    position, previous = (last.position, last.hash) if last else (0, GENESIS)
    sealed = 0
    while rows := (await db.execute(_unsealed())).all():
        seals: list[dict[str, Any]] = []
        for row in rows:
            position, previous = position + 1, link(previous, row)
            seals.append({"position": position, "entry_id": row.id, "hash": previous})
        await db.execute(insert(AuditSeal), seals)
        sealed += len(seals)
    return sealed


async def verify(db: AsyncSession) -> Verification:
    """Seal the tail, then walk the whole chain and say whether every link holds."""
    await seal(db)
    previous, position = GENESIS, 0
    while True:
        rows = (
            await db.execute(
                select(AuditSeal.position, AuditSeal.hash, *_ENTRY)
                .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
                .where(AuditSeal.position > position)
                .order_by(AuditSeal.position)
                .limit(BATCH)
            )
        ).all()
        if not rows:
            return Verification(position, previous.hex())
        for row in rows:
            if row.position != position + 1:
                return Verification(position, previous.hex(), position + 1, "a link of the chain is missing")
            position = row.position
            if row.id is None:
                return Verification(position, previous.hex(), position, "the entry was removed")
            if row.hash != link(previous, row):
                return Verification(position, previous.hex(), position, "the entry or its link was changed")
            previous = row.hash


async def holds(db: AsyncSession, head: str) -> bool:
    """Tell whether a hash that was noted earlier is still in the chain."""
    return head == GENESIS.hex() or bool(
        await db.scalar(select(AuditSeal.position).where(AuditSeal.hash == bytes.fromhex(head)))
    )


def link(previous: bytes, entry: Any) -> bytes:
    """Return the hash over the previous link and an entry's canonical text."""
    canonical = json.dumps(
        [
            entry.id,
            entry.at.isoformat(),
            str(entry.person_id or ""),
            str(entry.organisation_id or ""),
            entry.actor_name,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            entry.details,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(previous + canonical.encode()).digest()


def _unsealed() -> Any:
    return (
        select(*_ENTRY)
        .where(~select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists())
        .order_by(AuditEntry.id)
        .limit(BATCH)
    )
