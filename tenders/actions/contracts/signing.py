"""A council records the contract that it signed, and who looks after it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.counting import last_day
from sourcing.rules.law import law
from sourcing.rules.obligations import Contract
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from spend.queries import own_code
from store import audit
from tenders.actions import changing
from tenders.actions.contracts import holding
from tenders.models import ContractManager, TenderContract, TenderLot
from tenders.queries import awards as queries
from tenders.queries import content as content_queries
from tenders.queries import tenders
from tenders.queries.tenders import TenderRow
from tenders.rules import awarding as rules
from tenders.rules import states
from tenders.rules.content import Content, Model
from tenders.rules.states import TenderState
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import NotAllowed, Refused
from values.years import london_today


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was signed, where it differs from what the tender said; None or empty takes the tender's."""

    value_gross_pence: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extended_until: date | None = None
    options: str = ""


async def sign(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    lot_id: UUID,
    *,
    reference: str,
    signed_on: date,
    terms: Terms | None = None,
) -> UUID:
    """Record a contract that the actor's council signed; the lead's first one moves the tender on.

    Raises:
        NotAllowed: not an officer of a buyer, or the lead signs for all.
        Refused: standstill runs, a challenge is open, indicators are missing, or it is recorded already.
    """
    tender = await tenders.tender_row(db, tender_id)
    code = await _signs(db, actor, tender)
    page = await queries.page(db, tender_id)
    ends_on = page.standstill.ends_on if page.standstill else None
    free = tender.below and page.released and page.standstill is None
    rules.check_sign(signed_on, ends_on, london_today(), suspended=page.suspended, free=free)
    if any((each.lot_id, each.body_code) == (lot_id, code) for each in page.contracts):
        raise Refused("Your council’s contract for this lot is recorded already.")
    content = await content_queries.content(db, tender_id)
    signed = await _signed(db, content, lot_id, terms or Terms())
    rules.check_indicators(law(), _obliged(content, signed, signed_on), len(content.kpis))
    contract_id = await _write(
        db, actor, (tender_id, lot_id, code), content, signed, reference=reference, signed_on=signed_on
    )
    await audit.record(
        db,
        actor,
        "tender.contract_signed",
        "tender",
        tender_id,
        body_code=code,
        contract_id=str(contract_id),
        reference=reference,
    )
    waiting = tender.state in (TenderState.AWARDED, TenderState.STANDSTILL)
    if states.may_lead(actor, tender.lead_code, code) and waiting:
        await changing.move(db, await tenders.locked_tender(db, tender_id), TenderState.CONTRACTS)
    return contract_id


async def take_on(db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID) -> None:
    """Let the actor look after a contract of their council from now on.

    Raises:
        NotAllowed: not an officer of the council that signed.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    values = {"person_id": actor.person_id, "person_name": actor.name}
    await db.execute(
        insert(ContractManager)
        .values(contract_id=contract_id, **values)
        .on_conflict_do_update(
            index_elements=["contract_id"], set_={**values, "taken_on_at": func.statement_timestamp()}
        )
    )
    await holding.record(db, actor, life, "contract.taken_on")


async def _signs(db: AsyncSession, actor: Actor, tender: TenderRow) -> str:
    code = await own_code(db, actor) or ""
    leads = states.may_lead(actor, tender.lead_code, code)
    buys = code in {each.code for each in await tenders.buyers(db, tender.id)}
    if not actor.has(Role.OFFICER) or not buys or (tender.model != Model.PARALLEL and not leads):
        raise NotAllowed("Only an officer of the council that signs records its contract.")
    return code


async def _signed(db: AsyncSession, content: Content, lot_id: UUID, terms: Terms) -> Terms:
    """Return what was signed: what the officer said, and the tender's own where nothing was said."""
    lot = (
        await db.execute(select(TenderLot.gross_pence, TenderLot.options).where(TenderLot.id == lot_id))
    ).first()
    dates = content.dates
    own_days = terms.starts_on is not None or terms.ends_on is not None
    signed = replace(
        terms,
        value_gross_pence=terms.value_gross_pence or (lot.gross_pence if lot else None) or 0,
        options=terms.options or (lot.options if lot else ""),
        starts_on=terms.starts_on or dates.starts_on,
        ends_on=terms.ends_on or dates.ends_on,
        extended_until=terms.extended_until or (None if own_days else dates.extended_until),
    )
    if signed.starts_on and signed.ends_on and signed.ends_on < signed.starts_on:
        raise Refused("The contract ends before it begins", "ends_on")
    if signed.ends_on and signed.extended_until and signed.extended_until < signed.ends_on:
        raise Refused("With its extensions it cannot end earlier", "extended_until")
    return signed


def _obliged(content: Content, signed: Terms, signed_on: date) -> Contract:
    course = content.course
    return Contract(
        entered_on=signed_on,
        value_gross_pence=signed.value_gross_pence or 0,
        public=course.procedure is not Procedure.BELOW_THRESHOLD,
        light_touch=course.light_touch,
        framework=course.model is Model.FRAMEWORK,
        concession=course.kind is ContractKind.CONCESSION,
        indicators_apply=not content.no_kpis_reason,
    )


async def _write(
    db: AsyncSession,
    actor: Actor,
    key: tuple[UUID, UUID, str],
    content: Content,
    signed: Terms,
    **said: Any,
) -> UUID:
    contract_id = uuid7()
    touch = "-light-touch" if content.course.light_touch else ""
    covered = content.course.procedure is not Procedure.BELOW_THRESHOLD
    days = law().limit(f"contract-details{touch}", said["signed_on"]).amount
    tender_id, lot_id, code = key
    await db.execute(
        insert(TenderContract)
        .values(
            id=contract_id,
            tender_id=tender_id,
            lot_id=lot_id,
            body_code=code,
            # Below the threshold it is due as soon as reasonably practicable: no last day (section 87(3)).
            details_due_on=last_day(said["signed_on"], days) if covered else None,
            kpis=[asdict(each) for each in content.kpis],
            recorded_by=actor.name,
            **asdict(signed),
            **said,
        )
        .inline()
    )
    return contract_id
