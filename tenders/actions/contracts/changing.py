"""A change of a contract is proposed, decided by the council's approver, and made after its notice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.queries import authority
from sourcing.rules.law import law
from tenders.actions.contracts import holding
from tenders.models import ContractChange
from tenders.rules.contracts import changing as rules
from tenders.rules.contracts.changing import ChangeState, Proposal
from tenders.rules.contracts.life import Changed, Life
from values.actors import Actor, Role
from values.ids import uuid7
from values.money import format_pence
from values.refusals import Missing, Refused
from values.years import london_today


async def propose(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, proposal: Proposal
) -> UUID:
    """Propose a change to the council's approvers, with what the law says of it today.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: no ground and no limit permits it, the contract has ended, or another change waits.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    rules.check_can_propose(life, proposal)
    judged = rules.judge(law(), life, proposal, on=london_today())
    rules.check(judged)
    change_id = uuid7()
    number = max((each.number for each in life.changes), default=0) + 1
    await db.execute(
        insert(ContractChange)
        .values(
            id=change_id,
            contract_id=contract_id,
            number=number,
            words=proposal.words,
            reason=proposal.reason,
            value_pence=proposal.value_pence,
            term_months=proposal.term_months,
            widens_scope=proposal.widens_scope,
            favours_supplier=proposal.favours_supplier,
            alters_nature=proposal.alters_nature,
            new_supplier=proposal.new_supplier,
            ground=proposal.ground,
            made_with=sorted(set(proposal.made_with)),
            way=judged.way,
            verdict=rules.as_kept(judged),
            needs_notice=judged.verdict.needs_notice,
            text_is_published=judged.verdict.text_is_published,
            commits_pence=judged.commits_pence,
            proposed_by=actor.name,
        )
        .inline()
    )
    await holding.record(db, actor, life, "contract.change_proposed", number=number)
    return change_id


async def check_approval(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, change_id: UUID
) -> tuple[Life, Changed]:
    """Refuse an approval that would not hold; asked before a code is used up, and again under the lock.

    Raises:
        NotAllowed: not an approver of the council that signed.
        Refused: it was decided, or goes beyond what the approver may commit the council to.
    """
    life, change = await _found(db, actor, tender_id, contract_id, change_id, Role.APPROVER)
    if change.state != ChangeState.PROPOSED:
        raise Refused("This change does not wait for approval.")
    limit = await authority.own_limit(db, actor)
    if limit is None:
        raise Refused("Nobody has set up to which sum you may commit your council.")
    if change.commits_pence > limit:
        raise Refused(
            f"With this change the contract has grown by {format_pence(change.commits_pence)}, and you may "
            f"commit your council up to {format_pence(limit)}. Ask an approver with a higher limit."
        )
    return life, change


async def approve(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, change_id: UUID
) -> None:
    """Approve a change for the council; the second factor is asked for by the caller, just before.

    Raises:
        NotAllowed: not an approver of the council that signed.
        Refused: it was decided, or goes beyond what the approver may commit the council to.
    """
    life, change = await check_approval(db, actor, tender_id, contract_id, change_id)
    await _decide(db, actor, change, ChangeState.APPROVED)
    await holding.record(db, actor, life, "contract.change_approved", number=change.number)


async def refuse(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, change_id: UUID, *, reason: str
) -> None:
    """Refuse a change, with a reason.

    Raises:
        NotAllowed: not an approver of the council that signed.
        Refused: it was decided already.
    """
    life, change = await _found(db, actor, tender_id, contract_id, change_id, Role.APPROVER)
    if change.state != ChangeState.PROPOSED:
        raise Refused("This change does not wait for approval.")
    await _decide(db, actor, change, ChangeState.REFUSED, decided_reason=reason)
    await holding.record(db, actor, life, "contract.change_refused", number=change.number, reason=reason)


async def withdraw(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, change_id: UUID
) -> None:
    """Take a change back that was not made.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: it was made or refused, or its notice was published.
    """
    life, change = await _found(db, actor, tender_id, contract_id, change_id, Role.OFFICER)
    if change.state not in (ChangeState.PROPOSED, ChangeState.APPROVED):
        raise Refused("Only a change that is not made yet can be withdrawn.")
    await _move(db, change, state=ChangeState.WITHDRAWN.value)
    await holding.record(db, actor, life, "contract.change_withdrawn", number=change.number)


async def make(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, change_id: UUID, *, made_on: date
) -> None:
    """Record that an approved change was made with the supplier.

    The law is asked once more: what was proposed may have come to be unlawful since.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: nobody approved it, or its notice was not published before.
    """
    life, change = await _found(db, actor, tender_id, contract_id, change_id, Role.OFFICER)
    rules.check_can_make(change, life, made_on, london_today())
    rules.check(rules.judge(law(), life, _proposal(change), on=made_on))
    await _move(db, change, state=ChangeState.MADE.value, made_on=made_on, made_by=actor.name)
    await holding.record(db, actor, life, "contract.changed", number=change.number)


def _proposal(change: Changed) -> Proposal:
    return Proposal(
        words=change.words,
        reason=change.reason,
        value_pence=change.value_pence,
        term_months=change.term_months,
        widens_scope=change.widens_scope,
        favours_supplier=change.favours_supplier,
        alters_nature=change.alters_nature,
        new_supplier=change.new_supplier,
        ground=change.ground,
        made_with=change.made_with,
    )


async def _found(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, change_id: UUID, role: Role
) -> tuple[Life, Changed]:
    life = await holding.own(db, actor, tender_id, contract_id, role)
    change = next((each for each in life.changes if each.id == change_id), None)
    if change is None:
        raise Missing("change")
    return life, change


async def _decide(
    db: AsyncSession, actor: Actor, change: Changed, to: ChangeState, *, decided_reason: str = ""
) -> None:
    await _move(
        db,
        change,
        state=to.value,
        decided_by_id=actor.person_id,
        decided_by=actor.name,
        decided_at=datetime.now(UTC),
        decided_reason=decided_reason,
    )


async def _move(db: AsyncSession, change: Changed, **values: Any) -> None:
    await db.execute(
        update(ContractChange)
        .where(ContractChange.id == change.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
