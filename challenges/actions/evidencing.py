"""Files that show readings: added to those of some days, opened to everybody, or closed again."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions.piloting import run_by
from challenges.models import PilotEvidence, PilotReadingEvidence
from challenges.queries import evidence as queries
from challenges.queries import pilots
from challenges.rules import evidence as rules
from challenges.rules import pilots as pilot_rules
from challenges.rules.evidence import File, Reach
from challenges.rules.pilots import PilotState
from spend.queries import own_code
from store import audit, files
from values.actors import Actor
from values.ids import uuid7

TAKES = (PilotState.AGREED, PilotState.RUNNING, PilotState.ENDED)


async def add(
    db: AsyncSession,
    actor: Actor,
    pilot_id: UUID,
    position: int,
    *,
    path: Path,
    file: File,
    reach: Reach,
    for_public: bool,
    checked: bool,
) -> UUID:
    """Keep a file as evidence of the readings of a measure that it reaches.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it shows no reading, is one too many, or would be opened to everybody unchecked.
    """
    await run_by(db, actor, pilot_id, *TAKES)
    measure = await pilots.measure(db, pilot_id, position)
    rules.check_checked(for_public=for_public, checked=checked)
    rules.check_reach(reach)
    shown = [
        each.id
        for each in await pilots.readings(db, pilot_id)
        if each.counts and each.position == measure.position and reach.holds(each.site, each.read_on)
    ]
    rules.check_shows(shown)
    counted = select(func.count()).where(PilotEvidence.pilot_id == pilot_id)
    rules.check_room(await db.scalar(counted) or 0)
    sha256, size = await files.keep(db, path)
    evidence_id = uuid7()
    await db.execute(
        insert(PilotEvidence)
        .values(
            id=evidence_id,
            pilot_id=pilot_id,
            position=position,
            words=file.words,
            sha256=sha256,
            name=file.name,
            file_kind=file.kind,
            size=size,
            for_public=for_public,
            checked_by=actor.name if for_public else "",
            added_by=actor.name,
        )
        .inline()
    )
    links = [{"reading_id": each, "evidence_id": evidence_id} for each in shown]
    await db.execute(insert(PilotReadingEvidence).inline(), links)
    told = {"number": position, "readings": len(shown), "sha256": sha256.hex()}
    await audit.record(db, actor, "pilot.evidence_added", "pilot", pilot_id, **told)
    return evidence_id


async def mark(
    db: AsyncSession, actor: Actor, pilot_id: UUID, evidence_id: UUID, *, for_public: bool, checked: bool
) -> None:
    """Say who may open a file, also after publication: what holds personal data is closed at once.

    Raises:
        Missing: there is no such file.
        NotAllowed: not an officer of the council that runs the pilot.
        Refused: it would be opened to everybody unchecked.
    """
    row = await pilots.locked_pilot(db, pilot_id)
    pilot_rules.check_runs(actor, row.pilot.runs_code, await own_code(db, actor))
    file = await queries.one(db, pilot_id, evidence_id)
    rules.check_checked(for_public=for_public, checked=checked)
    if file.for_public == for_public:
        return
    values = {"for_public": for_public, "checked_by": actor.name if for_public else ""}
    await db.execute(update(PilotEvidence).where(PilotEvidence.id == evidence_id).values(**values))
    action = "pilot.evidence_opened" if for_public else "pilot.evidence_closed"
    await audit.record(db, actor, action, "pilot", pilot_id, file=file.name, sha256=file.sha256.hex())


async def carry_over(db: AsyncSession, old_id: UUID, new_id: UUID) -> None:
    """Let what corrects a reading keep its files: the earlier reading keeps them too."""
    link = PilotReadingEvidence
    kept = select(literal(new_id), link.evidence_id).where(link.reading_id == old_id)
    await db.execute(insert(link).from_select(["reading_id", "evidence_id"], kept))
