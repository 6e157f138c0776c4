"""What waits for a supplier and is kept nowhere as a notice: who is asked into a bid is sealed like it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from tenders.queries import teams
from tenders.queries.teams import JoinedRow
from tenders.rules.answering import is_supplier
from tenders.rules.bidding.team import MemberState
from values.actors import Actor


async def invitations(db: AsyncSession, actor: Actor) -> Sequence[JoinedRow]:
    """Return the bids that the actor's organisation is asked to join and can still be handed in."""
    if not is_supplier(actor):
        return []
    asked = await teams.own_memberships(db, actor)
    return [each for each in asked if each.own.state is MemberState.INVITED and each.bid.open]
