"""A firm says what it does, so that challenges are proposed to it, and sets one aside or takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from challenges.models import ChallengeDismissal, FirmOffer
from challenges.queries import challenges
from challenges.rules.proposing import check_offer
from store import audit
from suppliers.rules import check_firm
from values.actors import Actor


async def save_offer(
    db: AsyncSession, actor: Actor, *, words: str, categories: Sequence[str], listed: bool
) -> None:
    """Keep what the actor's firm does, and whether councils may find it by that.

    Raises:
        NotAllowed: the actor is of no firm.
        Refused: it says nothing, or too much.
    """
    organisation_id = check_firm(actor)
    check_offer(words, categories)
    firm = await db.get_one(Organisation, organisation_id)
    values: dict[str, Any] = {
        "firm": firm.name,
        "words": words.strip(),
        "categories": sorted(set(categories)),
        "listed": listed,
        "saved_by": actor.name,
    }
    await db.execute(
        upsert(FirmOffer)
        .values(organisation_id=organisation_id, **values)
        .on_conflict_do_update(
            index_elements=["organisation_id"], set_={**values, "saved_at": func.statement_timestamp()}
        )
        .inline()
    )
    await audit.record(db, actor, "firm.offer_saved", "organisation", organisation_id, listed=listed)


async def set_aside(db: AsyncSession, actor: Actor, challenge_id: UUID, *, aside: bool) -> None:
    """Let a challenge be proposed to the actor's firm no longer, or again; the list shows it either way.

    What a firm is not interested in is nobody's business, so the trail has no entry.

    Raises:
        NotAllowed: the actor is of no firm.
        Missing: there is no such challenge for the actor.
    """
    organisation_id = check_firm(actor)
    await challenges.challenge_row(db, challenge_id)
    if aside:
        row = {"challenge_id": challenge_id, "organisation_id": organisation_id, "set_by": actor.name}
        await db.execute(
            upsert(ChallengeDismissal)
            .values(row)
            .on_conflict_do_nothing(index_elements=["challenge_id", "organisation_id"])
            .inline()
        )
        return
    await db.execute(
        delete(ChallengeDismissal).where(
            ChallengeDismissal.challenge_id == challenge_id,
            ChallengeDismissal.organisation_id == organisation_id,
        )
    )
