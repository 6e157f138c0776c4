"""Ties of an assessment, as far as the published rule and a lot broke them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import panels
from tenders.models import OpenedMember, OpenedName, Tender, TenderLot, TieDraw
from tenders.queries import assessing, assessments
from tenders.rules import lot_limits
from tenders.rules.lot_limits import Limit
from tenders.rules.ties import Tie


@dataclass(frozen=True, slots=True)
class Settled:
    """Who is best in each lot, and the ties on the way there.

    Attributes:
        kept: the assessment.
        winners: lot → number of the bid that wins it; a lot whose tie is open is not in it.
        passed: lot → bids that would have come first, and were passed over for a limit on lots.
        most_lots: how many lots one supplier may win, or None.
        draws: lot → what is recorded of its draw.
    """

    kept: Mapping[str, Any]
    sha256: bytes
    ties: Sequence[Tie]
    winners: Mapping[str, str]
    draws: Mapping[str, Any]
    passed: Mapping[str, Sequence[str]]
    most_lots: int | None

    @property
    def open(self) -> Sequence[Tie]:
        """The ties that nothing has broken yet."""
        return [each for each in self.ties if each.lot not in self.winners]

    def passed_over(self, number: str) -> Mapping[str, str]:
        """Return lot → why a bid was passed over there."""
        if self.most_lots is None:
            return {}
        why = lot_limits.words(self.most_lots)
        return {lot: why for lot, bids in self.passed.items() if number in bids}


async def settled(db: AsyncSession, tender_id: UUID) -> Settled | None:
    """Return who wins by the assessment as it was made; None where there is none for the reader.

    Where one supplier may win only so many lots, that is known once the chair has shown whose bids they are.
    """
    made = await assessments.made(db, tender_id)
    if made is None:
        return None
    columns = (Tender.tie_break, Tender.most_lots_won, Tender.lots_order)
    rule, most, lots_order = (await db.execute(select(*columns).where(Tender.id == tender_id))).one()
    titles = {each.id: each.title for each in await assessing.criteria(db, tender_id)}
    query = select(*TieDraw.__table__.columns).where(TieDraw.tender_id == tender_id)
    draws = {str(row.lot_id): row for row in await db.execute(query) if row.sha256 == made.sha256}
    drawn = {lot: row.drawn for lot, row in draws.items() if row.drawn}
    limit = await _limit(db, tender_id, most, lots_order) if most else None
    if limit and not limit.suppliers:
        return Settled(made.kept, made.sha256, (), {}, draws, {}, most)
    found = lot_limits.settle(made.kept, rule, titles, drawn, limit)
    return Settled(made.kept, made.sha256, found.ties, found.winners, draws, found.passed, most)


async def _limit(db: AsyncSession, tender_id: UUID, most: int, lots_order: str) -> Limit:
    columns = (TenderLot.id, TenderLot.gross_pence)
    lots = await db.execute(
        select(*columns).where(TenderLot.tender_id == tender_id).order_by(TenderLot.position)
    )
    order = lot_limits.order([(str(lot_id), value) for lot_id, value in lots], lots_order)
    return Limit(most, order, await _suppliers(db, tender_id))


async def _suppliers(db: AsyncSession, tender_id: UUID) -> Mapping[str, frozenset[str]]:
    """Return number of a bid → ids of all who bid with it; nothing before the names were shown."""
    leads = select(OpenedName.opened_id, OpenedName.organisation_id).where(OpenedName.tender_id == tender_id)
    members = (
        select(OpenedMember.opened_id, OpenedMember.organisation_id)
        .join(OpenedName, OpenedName.opened_id == OpenedMember.opened_id)
        .where(OpenedName.tender_id == tender_id, OpenedMember.kind == "member")
    )
    numbers = {each.id: str(each.number) for each in await panels.candidates(db, tender_id)}
    found: dict[str, set[str]] = {}
    for opened_id, organisation_id in await db.execute(union_all(leads, members)):
        if opened_id in numbers and organisation_id:
            found.setdefault(numbers[opened_id], set()).add(str(organisation_id))
    return {number: frozenset(ids) for number, ids in found.items()}
