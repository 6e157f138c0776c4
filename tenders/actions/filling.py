"""A draft is filled in at once: many parts in one step, where `parts` takes them one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from store import audit
from store.audit import Entry
from tenders.actions import changing
from tenders.actions.parts import RECORD
from tenders.models import Tender, TenderBuyer, TenderLot, TenderRecord
from tenders.queries import parts as queries
from tenders.rules import approving
from tenders.rules.linting.findings import PART_WORDS, Part
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7


@dataclass(frozen=True, slots=True)
class Filling:
    """What a draft is filled in with, by the names of columns.

    Attributes:
        buyers: how each is reached, by its code.
        fields: of the tender itself and of what was considered, by part.
        rows: further criteria, conditions and indicators, each with its part.
        lots: changes of lots that are there, by id.
    """

    buyers: Mapping[str, Mapping[str, str]]
    fields: Mapping[Part, Mapping[str, Any]]
    rows: Sequence[tuple[Part, Mapping[str, Any]]]
    lots: Mapping[UUID, Mapping[str, Any]]


async def fill_in(db: AsyncSession, actor: Actor, tender_id: UUID, filling: Filling) -> None:
    """Write all of it and count it as one change; the trail has an entry for each thing.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the tender is published, or over.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    for code, values in filling.buyers.items():
        of = (TenderBuyer.tender_id == tender_id, TenderBuyer.body_code == code)
        await db.execute(update(TenderBuyer).where(*of).values(**values))
    said = {name: value for values in filling.fields.values() for name, value in values.items()}
    own = {name: value for name, value in said.items() if name not in RECORD}
    record = {name: value for name, value in said.items() if name in RECORD}
    if own:
        await db.execute(update(Tender).where(Tender.id == tender_id).values(**own))
    if record:
        await db.execute(update(TenderRecord).where(TenderRecord.tender_id == tender_id).values(**record))
    for part in dict.fromkeys(part for part, _ in filling.rows):
        await _add(db, tender_id, part, [values for of, values in filling.rows if of is part])
    for lot_id, values in filling.lots.items():
        lot = (TenderLot.tender_id == tender_id, TenderLot.id == lot_id)
        await db.execute(update(TenderLot).where(*lot).values(**values))
    if await changing.fix(db, tender_id, before=tender.fingerprint):
        await audit.record_all(db, actor, _entries(tender_id, filling))
        if tender.state != TenderState.DRAFT:
            await changing.back_to_draft(db, actor, tender, approving.CHANGED)


async def _add(db: AsyncSession, tender_id: UUID, part: Part, rows: Sequence[Mapping[str, Any]]) -> None:
    kind = {"kind": queries.KINDS[part.value]} if part.value in queries.KINDS else {}
    position = await queries.next_position(db, tender_id, part.value)
    written = [
        {"id": uuid7(), "tender_id": tender_id, "position": at, **kind, **values}
        for at, values in enumerate(rows, position)
    ]
    await db.execute(insert(queries.TABLES[part.value]).inline(), written)


def _entries(tender_id: UUID, filling: Filling) -> list[Entry]:
    said: list[tuple[str, dict[str, Any]]] = [
        *(("tender.buyer_described", {"body_code": code}) for code in filling.buyers),
        *(("tender.changed", {"part": _words(part)}) for part in filling.fields),
        *(
            ("tender.row_added", {"part": _words(part), "title": values["title"]})
            for part, values in filling.rows
        ),
        *(
            ("tender.row_changed", {"part": _words(Part.LOTS), "title": values["title"]})
            for values in filling.lots.values()
        ),
    ]
    return [Entry(action, "tender", tender_id, details) for action, details in said]


def _words(part: Part) -> str:
    return PART_WORDS[part][0].lower() + PART_WORDS[part][1:]
