"""A need proposed from a contract that ends."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.needs import record_need
from procurement.models import Contract, NeedDetail
from procurement.queries import contracts as queries
from procurement.rules import needs as rules
from procurement.rules import proposals
from procurement.rules.needs import Wanted
from spend.queries import own_code
from spend.rules.categories import taxonomy
from store import audit
from values.actors import Actor
from values.refusals import Refused
from values.years import london_today


async def set_end(db: AsyncSession, actor: Actor, contract_id: UUID, end_on: date) -> None:
    """Write down when a contract ends."""
    contract = await queries.contract(db, contract_id)
    rules.check_may_change(actor, contract.body_code, await own_code(db, actor))
    if contract.start_on and end_on < contract.start_on:
        raise Refused("The contract must end on or after the day it starts", "end_on")
    await db.execute(update(Contract).where(Contract.id == contract_id).values(end_on=end_on))
    await db.refresh(contract)
    await audit.record(db, actor, "contract.end_set", "contract", contract_id, end_on=end_on.isoformat())


async def propose_need(db: AsyncSession, actor: Actor, contract_id: UUID) -> tuple[UUID, tuple[str, ...]]:
    """Make a draft for what follows a contract, or find the one made before; return it with what to look at.

    Raises:
        Refused: nobody has said when the contract ends.
    """
    contract = await queries.contract(db, contract_id)
    rules.check_may_change(actor, contract.body_code, await own_code(db, actor))
    # Two who press the button at once wait for each other here, and the second finds the first's draft.
    await db.execute(select(Contract.id).where(Contract.id == contract_id).with_for_update())
    if known := await db.scalar(
        select(NeedDetail.need_id).where(NeedDetail.contract_id == contract_id).limit(1)
    ):
        return known, ("It was made before.",)
    ending = proposals.Ending(contract.end_on, contract.notice_on, contract.extension_months)
    window = proposals.window(ending, london_today())
    if window.earliest_start_on is None:
        raise Refused(window.notes[0], "end_on")
    unit = next((each.unit for each in taxonomy().categories if each.code == contract.category), "")
    wanted = Wanted(
        contract.title[:200],
        category=contract.category or "",
        unit=unit,
        budget_high_pence=contract.value_pence,
        earliest_start_on=window.earliest_start_on,
        latest_start_on=window.latest_start_on,
        contract_id=contract.id,
    )
    return await record_need(db, actor, wanted), window.notes
