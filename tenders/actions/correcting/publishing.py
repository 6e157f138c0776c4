"""A correction that every buyer approved is published, once the central platform has the changed notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import subjects
from sourcing.rules.law import law
from store import audit
from tenders.actions import changing, extending
from tenders.actions.correcting import deciding, drafting
from tenders.models import Tender, TenderCorrection, TenderDocumentVersion
from tenders.queries import content as content_queries
from tenders.queries import corrections as queries
from tenders.queries import documents, tenders
from tenders.queries import notices as notice_queries
from tenders.queries.corrections import CorrectionRow
from tenders.queries.tenders import TenderRow
from tenders.rules import areas, notices
from tenders.rules.correcting import changed_notice, checking, lines, places
from tenders.rules.correcting.checking import CorrectionState
from tenders.rules.correcting.places import Change, FileVersion, Place
from tenders.rules.notices import Code
from values.actors import Actor
from values.refusals import Refused
from values.years import london_today

_APPROVED = CorrectionState.APPROVED


async def prepare(db: AsyncSession, actor: Actor, tender_id: UUID, number: int) -> None:
    """Prepare the tender notice as it is to stand on the central platform, with what changed and why.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: not every buyer has approved, it comes too late by now, or the notice would lack something.
    """
    found = await drafting.led(db, actor, tender_id, number, _APPROVED)
    tender = await tenders.tender_row(db, tender_id)
    content, changes = await deciding.look(db, tender, found, await subjects.now(db))
    published = await notice_queries.confirmed(db, tender_id, Code.TENDER)
    fields = changed_notice.fields(
        places.corrected(content, changes, until=found.until),
        law(),
        london_today(tender.published_at),
        areas=areas.said(tender.region_codes),
        reference=published.reference if published else "",
        reason=found.reason,
        told=lines.told(content, changes),
    )
    notices.check_whole(fields)
    await db.execute(
        update(TenderCorrection)
        .where(TenderCorrection.id == found.id)
        .values(fields=notices.as_json(fields), prepared_at=func.statement_timestamp())
    )
    await audit.record(db, actor, "tender.correction_noticed", "tender", tender_id, number=number)


async def confirm(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    number: int,
    *,
    reference: str,
    published_at: datetime,
    now: datetime | None = None,
) -> None:
    """Record that the central platform has the changed notice; from now on the tender says what it changes.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the notice is not prepared, the deadline has passed, or the tender says something else.
    """
    found = await drafting.led(db, actor, tender_id, number, _APPROVED)
    if found.prepared_at is None:
        raise Refused("Prepare the notice first.")
    notices.check_confirmation(reference, published_at, found.prepared_at, now or datetime.now(UTC))
    tender = await tenders.tender_row(db, tender_id)
    content = await content_queries.content(db, tender_id)
    checking.check_can_correct(tender.state, content, await subjects.now(db))
    changes = await queries.changes(db, found.id)
    checking.check_changes(content, changes)
    await _step(
        db, found, state=CorrectionState.PUBLISHING.value, reference=reference, published_at=published_at
    )
    if found.until is not None:
        reason = f"Correction {number}: {found.reason}"
        await extending.extend(db, actor, tender_id, until=found.until, reason=reason)
    for place in Place:
        await _write(db, actor, tender_id, place, [each for each in changes if each.place is place])
    await _end(db, tender, found)
    await audit.record(db, actor, "tender.corrected", "tender", tender_id, number=number, reference=reference)


async def _end(db: AsyncSession, tender: TenderRow, found: CorrectionRow) -> None:
    await changing.fix(db, tender.id, before=tender.fingerprint)
    if (await tenders.tender_row(db, tender.id)).fingerprint != found.fingerprint:
        raise Refused(
            "The tender would say something else than the buyers approved, such as another deadline. Take "
            "the correction back, and ask them again."
        )
    await _step(db, found, state=CorrectionState.PUBLISHED.value, recorded_at=func.statement_timestamp())


async def _step(db: AsyncSession, found: CorrectionRow, **values: Any) -> None:
    await db.execute(update(TenderCorrection).where(TenderCorrection.id == found.id).values(**values))


async def _write(
    db: AsyncSession, actor: Actor, tender_id: UUID, place: Place, changes: Sequence[Change]
) -> None:
    """Write what was approved into the tables of the tender."""
    if not changes:
        return
    if place is Place.DOCUMENT:
        await _write_files(db, actor, tender_id, changes)
        return
    said = [
        (each, places.from_text(places.correctable(place, each.name).kind, each.after)) for each in changes
    ]
    if place is Place.TENDER:
        values = {each.name: value for each, value in said}
        await db.execute(update(Tender).where(Tender.id == tender_id).values(values))
        return
    keys, table = await queries.keys(db, tender_id, place), queries.TABLES[place]
    for each, value in said:
        # A requirement is known by its place within its tender.
        own = (table.tender_id == tender_id, queries.KEYS[place] == keys[each.number - 1])
        await db.execute(update(table).where(*own).values({each.name: value}))


async def _write_files(db: AsyncSession, actor: Actor, tender_id: UUID, changes: Sequence[Change]) -> None:
    current = await documents.current(db, tender_id)
    for each in changes:
        file = FileVersion.of(each.after)
        await db.execute(
            insert(TenderDocumentVersion)
            .values(
                document_id=current[each.number - 1].id,
                version=file.version,
                tender_id=tender_id,
                sha256=bytes.fromhex(file.sha256),
                name=file.name,
                kind=file.kind,
                size=file.size,
                person_name=actor.name,
            )
            .inline()
        )
