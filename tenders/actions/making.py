"""A tender is made from a committed pool, which is handed over in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.actions.pools import leading
from procurement.queries.pools import pool as pools
from procurement.rules.pools import states as pool_states
from procurement.rules.pools.lines import Part
from procurement.rules.pools.specification import SpecifiedLine
from procurement.rules.pools.states import PoolState
from sourcing.actions import subjects
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from spend.queries import own_code
from spend.rules.categories import taxonomy
from store import audit
from tenders.actions import changing
from tenders.models import Tender, TenderBuyer, TenderLot, TenderRecord, TenderRequirement, TenderShare
from tenders.queries import making as queries
from tenders.queries import tenders
from tenders.queries.making import Taken
from tenders.rules import making as rules
from tenders.rules.content import Model
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7


async def make_tender(db: AsyncSession, actor: Actor, pool_id: UUID) -> UUID:
    """Make a draft from a committed pool, as an officer of its lead, and hand the pool over.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the pool is not committed, or has a tender.
    """
    pool = await pools.locked_pool(db, pool_id)
    pool_states.check_may_lead(actor, pool.lead_code, await own_code(db, actor))
    taken = await queries.taken(db, pool_id)
    existing = [each for each in await tenders.of_pool(db, pool_id) if each.state != TenderState.TERMINATED]
    codes = [each.body_code for each in taken.bound]
    rules.check_can_make(pool.state, has_tender=bool(existing), bound=codes, signed=taken.signed)
    tender_id = uuid7()
    await db.execute(insert(Tender).values(**_tender(tender_id, taken)).inline())
    await db.execute(insert(TenderRecord).values(tender_id=tender_id).inline())
    await db.execute(
        insert(TenderBuyer).inline(), [{"tender_id": tender_id, "body_code": code} for code in codes]
    )
    await db.execute(insert(TenderShare).inline(), list(_shares(tender_id, taken)))
    await _register(db, actor, tender_id, codes)
    lots = list(_lots(tender_id, taken))
    await db.execute(insert(TenderLot).inline(), lots)
    ids = {lot["title"]: lot["id"] for lot in lots[1:]}
    if taken.lines:
        await db.execute(
            insert(TenderRequirement).inline(),
            [_requirement(tender_id, position, line, ids) for position, line in enumerate(taken.lines, 1)],
        )
    if pool.state == PoolState.COMMITTED:
        await leading.hand_over(db, actor, pool_id)
    await changing.fix(db, tender_id)
    await audit.record(
        db,
        actor,
        "tender.made",
        "tender",
        tender_id,
        pool=pool.title,
        pool_id=str(pool_id),
        buyers=codes,
        left_out=[line.number for line in taken.left],
        baseline=taken.baseline.number if taken.baseline else None,
    )
    return tender_id


async def _register(db: AsyncSession, actor: Actor, tender_id: UUID, codes: Sequence[str]) -> None:
    """Register the tender as what overrides, questions and scores are about."""
    ids = await db.scalars(select(Organisation.id).where(Organisation.code.in_(codes)))
    others = [each for each in ids if each != actor.organisation_id]
    await subjects.register(db, actor, tender_id, "tender", buyers=others)


def _tender(tender_id: UUID, taken: Taken) -> dict[str, Any]:
    pool = taken.pool
    return {
        "id": tender_id,
        "pool_id": pool.id,
        "lead_code": pool.lead_code,
        "title": pool.title,
        "description": pool.purpose,
        "category": pool.category,
        "procedure": Procedure.OPEN.value,
        "model": Model.PARALLEL.value,
        "contract_kind": ContractKind.GOODS_OR_SERVICES.value,
        "starts_on": pool.first_start_on,
        "demonstration": pool.demonstration,
    }


def _shares(tender_id: UUID, taken: Taken) -> Iterator[dict[str, Any]]:
    """One a council: a council may bring several needs, and then its volume is left open."""
    for code in [each.body_code for each in taken.bound]:
        own = [stake for stake in taken.stakes if stake.body_code == code]
        yield {
            "tender_id": tender_id,
            "body_code": code,
            "value_pence": sum(stake.value_pence for stake in own),
            "volume": own[0].volume if len(own) == 1 else None,
            "unit": own[0].unit if len(own) == 1 else "",
        }


def _lots(tender_id: UUID, taken: Taken) -> Iterator[dict[str, Any]]:
    """The first is for what all councils buy, and has the value; others are those that were agreed on.

    Values without VAT, options and the value with VAT are asked for: nobody said them in the pool.
    """
    category = next((each for each in taxonomy().categories if each.code == taken.pool.category), None)
    cpv = category.cpv[0] if category and category.cpv else ""
    volume, unit = taken.volume or (None, "")
    unit = unit or (category.unit if category else "")
    empty = {"tender_id": tender_id, "cpv": cpv, "unit": unit, "description": ""}
    first = {"net_pence": taken.value_pence, "expected_units": volume, "full_units": volume}
    yield {**empty, **first, "id": uuid7(), "position": 1, "title": taken.pool.title}
    for position, name in enumerate(taken.lots, 2):
        none = dict.fromkeys(first)
        yield {**empty, **none, "id": uuid7(), "position": position, "title": name}


def _requirement(
    tender_id: UUID, position: int, line: SpecifiedLine, lots: dict[str, UUID]
) -> dict[str, Any]:
    kind = "option" if line.part is Part.OPTION else "must" if line.hard else "nice"
    return {
        "tender_id": tender_id,
        "position": position,
        "lot_id": lots.get(line.lot) if line.part is Part.LOT else None,
        "kind": kind,
        "text": line.text,
    }
