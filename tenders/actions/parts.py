"""Changing the parts of a tender: fields, rows of lists, requirements, how a buyer is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from tenders.actions import changing
from tenders.models import Tender, TenderBuyer, TenderRecord, TenderRequirement
from tenders.queries import early_notices, tenders
from tenders.queries import parts as queries
from tenders.rules import states
from tenders.rules.linting.findings import PART_WORDS, Part
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused

RECORD: Final = frozenset({"small_firms", "policy", "conflicts_on", "conflicts", "necessity"})
_ORDER: Final = ("must", "nice", "option")
Requirements = Mapping[str, Sequence[str]]


async def save(
    db: AsyncSession, actor: Actor, tender_id: UUID, part: Part, values: Mapping[str, Any]
) -> None:
    """Save the fields of a part, by the names of their columns; what a confirmed notice settled stays.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the tender is published, or over.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    settled = await early_notices.settled(db, tender_id)
    record = {name: value for name, value in values.items() if name in RECORD}
    own = {name: value for name, value in values.items() if name not in RECORD | settled}
    if own:
        await db.execute(update(Tender).where(Tender.id == tender_id).values(**own))
    if record:
        await db.execute(update(TenderRecord).where(TenderRecord.tender_id == tender_id).values(**record))
    await changing.changed(db, actor, tender, "tender.changed", part=_words(part))


async def add_row(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    part: Part,
    values: Mapping[str, Any],
    *,
    requirements: Requirements | None = None,
) -> UUID:
    """Add a row to a part that is a list: a lot, a criterion, a condition, an indicator."""
    tender = await changing.led_draft(db, actor, tender_id)
    row_id, model = uuid7(), queries.TABLES[part.value]
    kept = dict(values)
    if part.value in queries.KINDS:
        kept["kind"] = queries.KINDS[part.value]
    if kept.get("parent_id"):
        await _check_parent(db, tender_id, kept["parent_id"])
    position = await queries.next_position(db, tender_id, part.value)
    await db.execute(insert(model).values(id=row_id, tender_id=tender_id, position=position, **kept).inline())
    if requirements is not None:
        await _require(db, tender_id, row_id, requirements)
    await changing.changed(db, actor, tender, "tender.row_added", part=_words(part), title=values["title"])
    return row_id


async def change_row(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    part: Part,
    row_id: UUID,
    values: Mapping[str, Any],
    *,
    requirements: Requirements | None = None,
) -> None:
    """Change a row of a part that is a list."""
    tender = await changing.led_draft(db, actor, tender_id)
    await queries.row(db, tender_id, part.value, row_id)
    model = queries.TABLES[part.value]
    await db.execute(update(model).where(model.id == row_id).values(**values))
    if requirements is not None:
        await _require(db, tender_id, row_id, requirements)
    await changing.changed(db, actor, tender, "tender.row_changed", part=_words(part), title=values["title"])


async def remove_row(db: AsyncSession, actor: Actor, tender_id: UUID, part: Part, row_id: UUID) -> None:
    """Remove a row of a part that is a list, with what hangs on it.

    Raises:
        Refused: it is the last lot.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    row = await queries.row(db, tender_id, part.value, row_id)
    if part is Part.LOTS:
        if len(await queries.rows(db, tender_id, part.value)) == 1:
            raise Refused("A tender has at least one lot.")
        await db.execute(
            delete(TenderRequirement).where(
                TenderRequirement.tender_id == tender_id, TenderRequirement.lot_id == row_id
            )
        )
    model = queries.TABLES[part.value]
    await db.execute(delete(model).where(model.id == row_id))
    await changing.changed(db, actor, tender, "tender.row_removed", part=_words(part), title=row["title"])


async def save_requirements(
    db: AsyncSession, actor: Actor, tender_id: UUID, requirements: Requirements
) -> None:
    """Replace the requirements that are for all lots."""
    tender = await changing.led_draft(db, actor, tender_id)
    await _require(db, tender_id, None, requirements)
    await changing.changed(db, actor, tender, "tender.changed", part=_words(Part.REQUIREMENTS))


async def describe_buyer(
    db: AsyncSession, actor: Actor, tender_id: UUID, code: str, values: Mapping[str, str]
) -> None:
    """Say how a buyer is reached, as an officer of that council or of the lead.

    Raises:
        NotAllowed: an officer of neither.
        Missing: it is no buyer in this tender.
        Refused: the tender is published, or over.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_describe(actor, code, tender.lead_code, await own_code(db, actor))
    states.check_changeable(tender.state)
    if code not in [each.code for each in await tenders.buyers(db, tender_id)]:
        raise Missing("buyer")
    await db.execute(
        update(TenderBuyer)
        .where(TenderBuyer.tender_id == tender_id, TenderBuyer.body_code == code)
        .values(**values)
    )
    await changing.changed(db, actor, tender, "tender.buyer_described", body_code=code)


async def _check_parent(db: AsyncSession, tender_id: UUID, parent_id: UUID) -> None:
    parent = await queries.row(db, tender_id, Part.AWARD.value, parent_id)
    if parent["parent_id"] is not None:
        raise Refused("A part of a criterion has no parts of its own.", "parent_id")


async def _require(db: AsyncSession, tender_id: UUID, lot_id: UUID | None, wanted: Requirements) -> None:
    await db.execute(
        delete(TenderRequirement).where(
            TenderRequirement.tender_id == tender_id,
            TenderRequirement.lot_id.is_not_distinct_from(lot_id),
        )
    )
    last = await db.scalar(
        select(func.coalesce(func.max(TenderRequirement.position), 0)).where(
            TenderRequirement.tender_id == tender_id
        )
    )
    rows = [
        {"tender_id": tender_id, "lot_id": lot_id, "kind": kind, "text": text}
        for kind in _ORDER
        for text in wanted.get(kind, ())
    ]
    if rows:
        numbered = [{**row, "position": (last or 0) + number} for number, row in enumerate(rows, 1)]
        await db.execute(insert(TenderRequirement).inline(), numbered)


def _words(part: Part) -> str:
    return PART_WORDS[part][0].lower() + PART_WORDS[part][1:]
