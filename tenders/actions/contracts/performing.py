"""Readings of indicators, assessments, breaches, ends and payments of a contract are recorded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.actions.contracts import holding
from tenders.models import (
    ContractAssessment,
    ContractBreach,
    ContractEnding,
    ContractPayment,
    KpiReading,
)
from tenders.queries import contract_papers as papers
from tenders.rules.contracts import ending as end_rules
from tenders.rules.contracts import paying, performing
from tenders.rules.contracts.life import Ending, Reading
from tenders.rules.contracts.paying import Payment
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused
from values.years import london_today


async def read_indicator(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, reading: Reading
) -> None:
    """Record what was measured of an indicator; of the same period it takes the place of an earlier one.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: no such indicator or rating, or the days cannot be.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    performing.check_reading(life.facts, reading, london_today())
    await db.execute(
        insert(KpiReading)
        .values(
            id=uuid7(),
            contract_id=contract_id,
            kpi_number=reading.kpi_number,
            from_on=reading.from_on,
            until_on=reading.until_on,
            value=reading.value,
            rating=reading.rating,
            evidence=reading.evidence,
            recorded_by=actor.name,
        )
        .inline()
    )
    title = next(each.title for each in life.facts.kpis if each.number == reading.kpi_number)
    await holding.record(db, actor, life, "contract.indicator_read", title=title)


async def assess(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, *, from_on: date, until_on: date
) -> UUID:
    """Assess performance over a period by its readings; what was recorded on the end is the last one.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: an indicator has no reading in these days, or they were assessed.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    performing.check_assessment(life, from_on, until_on, london_today())
    assessment_id, ended = uuid7(), life.ended
    await db.execute(
        insert(ContractAssessment)
        .values(
            id=assessment_id,
            contract_id=contract_id,
            from_on=from_on,
            until_on=until_on,
            last=ended is not None and until_on >= ended.ended_on,
            made_by=actor.name,
        )
        .inline()
    )
    await holding.record(db, actor, life, "contract.assessed", until=f"{until_on:%-d %B %Y}")
    return assessment_id


async def record_breach(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    contract_id: UUID,
    *,
    applies_on: date,
    consequence: str,
    words: str,
) -> UUID:
    """Record a breach or failure with its consequence; a notice is due within thirty days.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: section 71 does not reach this contract, or the day cannot be.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    performing.check_breach(life, applies_on, consequence, london_today())
    breach_id = uuid7()
    values = {"applies_on": applies_on, "consequence": consequence, "words": words}
    await db.execute(
        insert(ContractBreach)
        .values(id=breach_id, contract_id=contract_id, **values, recorded_by=actor.name)
        .inline()
    )
    await holding.record(db, actor, life, "contract.breach_recorded")
    return breach_id


async def end(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    contract_id: UUID,
    *,
    whole: bool,
    kind: str,
    ended_on: date,
    words: str,
) -> UUID:
    """Record that a contract ended, in whole or in part.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: it cannot have ended so on that day.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    ending = Ending(uuid7(), whole, kind, ended_on, words, actor.name)
    end_rules.check(life, ending, london_today())
    values = {"whole": whole, "kind": kind, "ended_on": ended_on, "words": words}
    await db.execute(
        insert(ContractEnding)
        .values(id=ending.id, contract_id=contract_id, **values, recorded_by=actor.name)
        .inline()
    )
    await holding.record(db, actor, life, "contract.ended" if whole else "contract.ended_in_part")
    return ending.id


async def record_payment(db: AsyncSession, actor: Actor, tender_id: UUID, payment: Payment) -> None:
    """Record an invoice under a contract, and when it was paid if it was.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: its days cannot be, or the invoice is recorded already.
    """
    life = await holding.own(db, actor, tender_id, payment.contract_id)
    paying.check(payment, life.facts.signed_on, london_today())
    known = await papers.payments(db, payment.contract_id)
    if any(each.invoice == payment.invoice for each in known):
        raise Refused("This invoice is recorded already", "invoice")
    await db.execute(
        insert(ContractPayment)
        .values(
            id=payment.id,
            contract_id=payment.contract_id,
            invoice=payment.invoice,
            sum_pence=payment.sum_pence,
            received_on=payment.received_on,
            falls_due_on=payment.falls_due_on,
            disputed=payment.disputed,
            paid_on=payment.paid_on,
            recorded_by=actor.name,
        )
        .inline()
    )
    await holding.record(db, actor, life, "contract.payment_recorded")


async def settle_payment(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, payment_id: UUID, *, paid_on: date
) -> None:
    """Record when an invoice was paid; it can be said once. A dispute ends with it.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Missing: the contract has no such invoice.
        Refused: it was paid already, or the day cannot be.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    found = next((x for x in await papers.payments(db, contract_id) if x.id == payment_id), None)
    if found is None:
        raise Missing("payment")
    if found.paid_on:
        raise Refused("It was recorded as paid already.")
    paying.check_paid(found, paid_on, london_today())
    await db.execute(
        update(ContractPayment)
        .where(ContractPayment.id == payment_id)
        .values(paid_on=paid_on, disputed=False)
        .execution_options(synchronize_session=False)
    )
    await holding.record(db, actor, life, "contract.payment_settled")
