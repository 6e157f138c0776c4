"""A person's correction of a file's columns: remembered for its header, and its files read again by a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from spend import queries
from spend.actions.importing import Incoming, Summary, import_files
from spend.models import ColumnMapping
from spend.reading import Mapping
from spend.rules import access
from store import audit, jobs
from store.db import transaction
from store.jobs import Work
from store.lake import Lake
from values.actors import Actor
from values.refusals import Refused


async def correct_columns(db: AsyncSession, actor: Actor, file_id: UUID, mapping: Mapping) -> UUID:
    """Remember which column is what for this file's header, and ask for its files to be read again.

    Returns the job.
    """
    facts = await queries.file_facts(db, file_id)
    access.check_may_change(actor, facts.body_code, await queries.own_code(db, actor))
    kept: dict[str, Any] = json.loads(mapping.to_json())
    added = insert(ColumnMapping).values(
        body_code=facts.body_code, fingerprint=facts.fingerprint, mapping=kept, person_id=actor.person_id
    )
    await db.execute(
        added.on_conflict_do_update(
            constraint="uq_column_mapping_body_code_fingerprint",
            set_={
                "mapping": added.excluded.mapping,
                "person_id": added.excluded.person_id,
                "changed_at": func.statement_timestamp(),
            },
        )
    )
    await audit.record(
        db, actor, "columns.corrected", "body", facts.body_code, fingerprint=facts.fingerprint, mapping=kept
    )
    return await _ask_reread(db, actor, facts)


async def forget_correction(db: AsyncSession, actor: Actor, file_id: UUID) -> UUID:
    """Forget the correction for this file's header, and ask for its files to be read again.

    Returns the job.
    """
    facts = await queries.file_facts(db, file_id)
    access.check_may_change(actor, facts.body_code, await queries.own_code(db, actor))
    gone = await db.scalar(
        delete(ColumnMapping)
        .where(ColumnMapping.body_code == facts.body_code, ColumnMapping.fingerprint == facts.fingerprint)
        .returning(ColumnMapping.id)
    )
    if gone is None:
        raise Refused("There is no correction to remove")
    await audit.record(
        db, actor, "columns.uncorrected", "body", facts.body_code, fingerprint=facts.fingerprint
    )
    return await _ask_reread(db, actor, facts)


async def _ask_reread(db: AsyncSession, actor: Actor, facts: queries.FileFacts) -> UUID:
    return await jobs.enqueue(db, actor, "spend.reread", body=facts.body_code, fingerprint=facts.fingerprint)


async def reread(work: Work, lake: Lake, body_code: str, fingerprint: str) -> Summary:
    """Read the originals of all files with a header again, as the corrections that are remembered now say."""
    async with transaction(work.sessions, work.actor) as db:
        access.check_may_change(work.actor, body_code, await queries.own_code(db, work.actor))
        files = await queries.files_with_header(db, body_code, fingerprint)
    incoming = [Incoming(Path(lake.original(digest)), name) for name, digest in files]
    return await import_files(work, lake, body_code, incoming)
