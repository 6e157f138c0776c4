"""The register of duties: of tenders and contracts, of challenges and pilots, and of councils themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from challenges.queries import duties as of_challenges
from sourcing.rules.duties import Duty, in_order
from tenders.queries import duties as of_tenders


async def register(db: AsyncSession, today: date, *, body_code: str = "") -> Sequence[Duty]:
    """Return the duties of a council by urgency; of all that the reader may see where none is said."""
    return in_order(
        [
            *await of_tenders.duties(db, today, body_code=body_code),
            *await of_challenges.duties(db, today, body_code=body_code),
        ]
    )
