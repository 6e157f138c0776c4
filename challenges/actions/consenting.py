"""A firm that was chosen for a pilot says that it may be named, or takes that back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from challenges.models import ChallengeConsent
from challenges.queries import responses, selection
from challenges.rules.phases import PhaseKind
from store import audit
from values.actors import Actor
from values.refusals import Refused


async def consent(db: AsyncSession, actor: Actor, challenge_id: UUID, *, may: bool) -> None:
    """Let everybody read that the actor's firm was chosen, or no longer.

    Raises:
        Missing: the actor's firm has no response.
        Refused: it was not chosen for a pilot.
    """
    draft = await responses.own_draft(db, actor, challenge_id)
    chosen = [
        each for each in await selection.told(db, draft.id) if each.kind is PhaseKind.PILOT and each.goes_on
    ]
    if not chosen:
        raise Refused("Only a firm that was chosen for a pilot is named.")
    if may:
        firm = await db.get_one(Organisation, actor.organisation_id)
        row = {"response_id": draft.id, "challenge_id": challenge_id, "firm": firm.name}
        await db.execute(
            upsert(ChallengeConsent)
            .values(row)
            .on_conflict_do_nothing(index_elements=["response_id"])
            .inline()
        )
    else:
        await db.execute(delete(ChallengeConsent).where(ChallengeConsent.response_id == draft.id))
    action = "challenge.named" if may else "challenge.unnamed"
    await audit.record(db, actor, action, "challenge", challenge_id)
