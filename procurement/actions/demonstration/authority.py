"""Limits of the invented approvers, so that whoever tries the service can sign as one of them."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions.demonstration import PEOPLE
from procurement.actions.authority import set_limit_of
from values.actors import Actor, Role

# Enough for what each brings to the invented pools, and not for every pool that somebody might start.
LIMIT_PENCE: Final = 100_000_000


async def load_demonstration_authority(db: AsyncSession, actor: Actor) -> int:
    """Say up to which sum the invented approvers may commit their councils; return how many there are."""
    approvers = [person for person in PEOPLE if person.role is Role.APPROVER]
    for person in approvers:
        await set_limit_of(db, actor, email=person.email, limit_pence=LIMIT_PENCE)
    return len(approvers)
