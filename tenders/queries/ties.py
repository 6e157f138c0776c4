"""Ties of an assessment, as far as the published rule and a lot broke them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.models import Tender, TieDraw
from tenders.queries import assessing, assessments
from tenders.rules import ties as rules
from tenders.rules.ties import Tie


@dataclass(frozen=True, slots=True)
class Settled:
    """Who is best in each lot, and the ties on the way there.

    Attributes:
        kept: the assessment.
        winners: lot → number of the best bid; a lot whose tie is open is not in it.
        draws: lot → what is recorded of its draw.
    """

    kept: Mapping[str, Any]
    sha256: bytes
    ties: Sequence[Tie]
    winners: Mapping[str, str]
    draws: Mapping[str, Any]

    @property
    def open(self) -> Sequence[Tie]:
        """The ties that nothing has broken yet."""
        return [each for each in self.ties if each.lot not in self.winners]


async def settled(db: AsyncSession, tender_id: UUID) -> Settled | None:
    """Return who is best by the assessment as it was made; None where there is none for the reader."""
    made = await assessments.made(db, tender_id)
    if made is None:
        return None
    rule = await db.scalar(select(Tender.tie_break).where(Tender.id == tender_id)) or ""
    titles = {each.id: each.title for each in await assessing.criteria(db, tender_id)}
    query = select(*TieDraw.__table__.columns).where(TieDraw.tender_id == tender_id)
    draws = {str(row.lot_id): row for row in await db.execute(query) if row.sha256 == made.sha256}
    found = rules.ties(made.kept, rule, titles)
    drawn = {lot: row.drawn for lot, row in draws.items() if row.drawn}
    return Settled(made.kept, made.sha256, found, rules.winners(made.kept, found, drawn), draws)
