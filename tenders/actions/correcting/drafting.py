"""A correction is drafted: why, what changes, and how much time suppliers are left."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import subjects
from spend.queries import own_code
from store import audit, files
from tenders.models import TenderCorrection, TenderCorrectionChange
from tenders.queries import content as content_queries
from tenders.queries import corrections as queries
from tenders.queries import documents, tenders
from tenders.queries.corrections import CorrectionRow
from tenders.queries.documents import DocumentRow
from tenders.rules import states
from tenders.rules.correcting import checking, places
from tenders.rules.correcting.checking import CorrectionState
from tenders.rules.correcting.places import FileVersion, Place
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused


async def begin(db: AsyncSession, actor: Actor, tender_id: UUID, *, reason: str) -> int:
    """Begin a correction; return its number.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it would come too late, another one is open, or no reason was given.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    content = await content_queries.content(db, tender_id)
    checking.check_can_correct(tender.state, content, await subjects.now(db))
    if not reason.strip():
        raise Refused("Say why the tender is corrected", "reason")
    if any(each.open for each in await queries.corrections(db, tender_id)):
        raise Refused("Another correction is open. Publish or withdraw it first.")
    number = await queries.next_number(db, tender_id)
    await db.execute(
        insert(TenderCorrection)
        .values(id=uuid7(), tender_id=tender_id, number=number, reason=reason.strip(), made_by=actor.name)
        .inline()
    )
    await audit.record(db, actor, "tender.correction_begun", "tender", tender_id, number=number)
    return number


async def led(
    db: AsyncSession, actor: Actor, tender_id: UUID, number: int, *wanted: CorrectionState
) -> CorrectionRow:
    """Return a correction, locked, that the actor may go on with now.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is in another state, or comes too late by now.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    found = await queries.correction(db, tender_id, number, locked=True)
    checking.check_state(found.state, *wanted)
    return found


async def describe(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    number: int,
    *,
    reason: str,
    until: datetime | None,
    enough: str,
) -> None:
    """Say why the tender is corrected, and how much time suppliers are left.

    Raises:
        Refused: it is no draft, or the deadline is no later one.
    """
    found = await led(db, actor, tender_id, number, CorrectionState.DRAFT)
    tender = await tenders.tender_row(db, tender_id)
    if until is not None and (tender.tenders_due_at is None or until <= tender.tenders_due_at):
        raise Refused("The deadline can be moved to later only.", "day")
    await db.execute(
        update(TenderCorrection)
        .where(TenderCorrection.id == found.id)
        .values(reason=reason.strip(), until=until, enough=enough.strip())
    )


async def change(
    db: AsyncSession, actor: Actor, tender_id: UUID, number: int, place: str, row: int, name: str, *, to: str
) -> None:
    """Say what a value is to be; saying it again replaces what was said before.

    Raises:
        Missing: the tender has no such value that could be corrected.
        Refused: it is no draft, or nothing would change.
    """
    found = await led(db, actor, tender_id, number, CorrectionState.DRAFT)
    field = places.correctable(place, name)
    before = places.value_of(await content_queries.content(db, tender_id), field, row)
    places.check_says_another(field, before, to)
    await _replace(db, found, field.place, row, name, before=before, after=to)


async def change_file(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    number: int,
    row: int,
    *,
    name: str,
    kind: str,
    path: Path,
) -> None:
    """Keep another version of a document; suppliers get it when the correction is published.

    Raises:
        Missing: the tender has no such document.
        Refused: it is no draft, or it is the file that the document has.
    """
    found = await led(db, actor, tender_id, number, CorrectionState.DRAFT)
    current = await documents.current(db, tender_id)
    if not 1 <= row <= len(current):
        raise Missing("document")
    document = current[row - 1]
    sha256, size = await files.keep(db, path)
    if sha256 == document.sha256:
        raise Refused("This is the file that the document has already", "files")
    after = FileVersion(name, kind, document.version + 1, sha256.hex(), size).text
    await _replace(
        db, found, Place.DOCUMENT, row, "file", before=_version(document).text, after=after, sha256=sha256
    )


async def take_out(
    db: AsyncSession, actor: Actor, tender_id: UUID, number: int, place: str, row: int, name: str
) -> None:
    """Leave a value as the tender has it after all."""
    found = await led(db, actor, tender_id, number, CorrectionState.DRAFT)
    await _forget(db, found, place, row, name)


async def withdraw(db: AsyncSession, actor: Actor, tender_id: UUID, number: int, *, reason: str) -> None:
    """End a correction that was not published; the buyers read why.

    Raises:
        Refused: it is over, or no reason was given.
    """
    found = await led(db, actor, tender_id, number, *checking.OPEN)
    if not reason.strip():
        raise Refused("Say why the correction is withdrawn", "reason")
    await db.execute(
        update(TenderCorrection)
        .where(TenderCorrection.id == found.id)
        .values(state=CorrectionState.WITHDRAWN.value, ended_reason=reason.strip())
    )
    await audit.record(
        db, actor, "tender.correction_withdrawn", "tender", tender_id, number=number, reason=reason.strip()
    )


def _version(row: DocumentRow) -> FileVersion:
    return FileVersion(row.name, row.kind, row.version, row.sha256.hex(), row.size)


async def _replace(
    db: AsyncSession,
    found: CorrectionRow,
    place: Place,
    row: int,
    name: str,
    *,
    before: str,
    after: str,
    sha256: bytes | None = None,
) -> None:
    await _forget(db, found, place, row, name)
    await db.execute(
        insert(TenderCorrectionChange)
        .values(
            correction_id=found.id,
            tender_id=found.tender_id,
            place=place.value,
            number=row,
            name=name,
            before=before,
            after=after,
            sha256=sha256,
        )
        .inline()
    )


async def _forget(db: AsyncSession, found: CorrectionRow, place: str, row: int, name: str) -> None:
    made = TenderCorrectionChange
    await db.execute(
        delete(made).where(
            made.correction_id == found.id, made.place == place, made.number == row, made.name == name
        )
    )
