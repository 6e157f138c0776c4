"""A contract in the hands of an officer or approver of the council that signed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from store import audit
from tenders.queries import contracts, tenders
from tenders.rules.contracts.life import Life
from values.actors import Actor, Role
from values.refusals import NotAllowed


async def own(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, role: Role = Role.OFFICER
) -> Life:
    """Return a contract that nobody else changes until this transaction ends.

    The tender's row is the lock of its contracts.

    Raises:
        NotAllowed: not an officer, or not an approver, of the council that signed.
        Missing: there is none, or it is not theirs to see.
    """
    await tenders.locked_tender(db, tender_id)
    life = await contracts.life(db, tender_id, contract_id)
    if not actor.has(role) or await own_code(db, actor) != life.facts.body_code:
        raise NotAllowed(f"Only an {role.value} of {life.facts.body_name} can do this.")
    return life


async def record(db: AsyncSession, actor: Actor, life: Life, action: str, **details: Any) -> None:
    """Write down what was done, in the history of the tender and of the contract."""
    facts = life.facts
    about = {
        "body_code": facts.body_code,
        "contract_id": str(facts.contract_id),
        "contract": facts.reference,
    }
    await audit.record(db, actor, action, "tender", facts.tender_id, **about, **details)
