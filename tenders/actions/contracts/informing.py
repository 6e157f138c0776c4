"""Recording which payments under a contract were published on the central platform (section 70)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.law import law
from tenders.actions.contracts import holding
from tenders.models import PaymentInformation
from tenders.queries import contract_papers as papers
from tenders.rules.contracts import paying
from values.actors import Actor
from values.refusals import Refused
from values.years import london_today


async def inform(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    contract_id: UUID,
    *,
    reference: str,
    published_on: date,
) -> None:
    """Record that information about payments was published; from then on it is open data.

    All payments by that day are meant whose sum the law asks to publish, and that were not recorded before.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: there is none, the day cannot be, or the contract is not public yet.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    if life.published("UK7", contract_id) is None:
        raise Refused("The contract details notice (UK7) is published first.")
    if published_on > london_today():
        raise Refused("The day cannot be in the future", "published_on")
    told = {one["id"] for each in await papers.payment_information(db, contract_id) for one in each.payments}
    waiting = paying.untold(law(), await papers.payments(db, contract_id), told, published_on)
    if not waiting:
        raise Refused("No payment was made by that day of which information is still to be published.")
    payments = [
        {"id": str(each.id), "sum_pence": each.sum_pence, "paid_on": each.paid_on.isoformat()}
        for each in waiting
        if each.paid_on
    ]
    await db.execute(
        insert(PaymentInformation)
        .values(contract_id=contract_id, reference=reference, published_on=published_on, payments=payments)
        .inline()
    )
    await holding.record(db, actor, life, "contract.payments_published", reference=reference)
