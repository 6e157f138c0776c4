"""What was looked at in each bid, how the lots come out, and the assessment as it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import panels, scores
from sourcing.queries.panels import CandidateRow
from sourcing.rules.panels import PanelState
from tenders.models import BidCheck, TenderAssessment
from tenders.queries import assessing, bids
from tenders.queries import content as content_queries
from tenders.rules import assessing as method_rules
from tenders.rules import checks as rules
from tenders.rules import outcomes
from tenders.rules.assessing import AssessedCriterion
from tenders.rules.bidding.asked import Asked
from tenders.rules.checks import Check, CheckKind, Step
from tenders.rules.outcomes import Entry, LotOutcome


@dataclass(frozen=True, slots=True)
class BidRow:
    """An opened bid on its way to the assessment.

    Attributes:
        out: why it is disregarded, or empty.
        lacking: how much is still to be decided about it.
        hidden: the reader is kept from it, for a conflict that they declared.
    """

    candidate: CandidateRow
    checks: Sequence[Check]
    out: str
    lacking: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """An assessment as it was made."""

    kept: dict[str, Any]
    sha256: bytes
    person_name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """How far an assessment is; `lots` is empty until the panel has settled, and where bids are hidden."""

    settled: bool
    asked: Asked
    criteria: tuple[AssessedCriterion, ...]
    bids: Sequence[BidRow]
    lots: Sequence[LotOutcome]
    made: AssessmentRow | None

    @property
    def lacking(self) -> int:
        """How much is still to be decided before it can be made."""
        return sum(each.lacking for each in self.bids)

    @property
    def hidden(self) -> int:
        """How many bids the reader is kept from."""
        return sum(each.hidden for each in self.bids)

    @property
    def titles(self) -> dict[str, str]:
        """The criteria by their ids."""
        return {each.id: each.title for each in self.criteria}


async def checks(db: AsyncSession, tender_id: UUID) -> Mapping[UUID, Sequence[Check]]:
    """Return the steps about each bid in their order; none for whoever is of no buyer."""
    rows = await db.execute(
        select(
            BidCheck.opened_id,
            BidCheck.kind,
            BidCheck.criterion_id,
            BidCheck.step,
            BidCheck.reason,
            BidCheck.person_name,
            BidCheck.recorded_at,
        )
        .where(BidCheck.tender_id == tender_id)
        .order_by(BidCheck.recorded_at, BidCheck.id)
    )
    found: dict[UUID, list[Check]] = {}
    for row in rows:
        check = Check(row[0], CheckKind(row[1]), row[2], Step(row[3]), *row[4:])
        found.setdefault(check.opened_id, []).append(check)
    return found


_SETTLED: Final = ("opened_id", "number", "lots", "conditions", "prices")


async def page(db: AsyncSession, tender_id: UUID) -> AssessmentPage:
    """Return how far the assessment of a tender is, and how each lot comes out as things stand."""
    panel = await assessing.panel(db, tender_id)
    settled = panel is not None and panel.state is PanelState.SETTLED
    asked = await bids.asked(db, tender_id)
    criteria = await assessing.criteria(db, tender_id)
    looked_at = await checks(db, tender_id)
    conditions = [UUID(each.id) for each in asked.conditions]
    kept = await panels.kept(db, tender_id)
    rows = [
        BidRow(
            each,
            steps := looked_at.get(each.id, ()),
            each.out_reason or rules.out_because(steps),
            0 if each.out_at or each.id in kept else rules.lacking(steps, conditions),
            each.id in kept,
        )
        for each in (await panels.candidates(db, tender_id) if panel else ())
    ]
    # How all come out tells how one did: it is not shown in part.
    lots = await _lots(db, tender_id, asked, criteria, rows) if settled and not kept else ()
    return AssessmentPage(settled, asked, criteria, rows, lots, await made(db, tender_id))


async def _lots(
    db: AsyncSession,
    tender_id: UUID,
    asked: Asked,
    criteria: tuple[AssessedCriterion, ...],
    rows: Sequence[BidRow],
) -> Sequence[LotOutcome]:
    marks = await scores.marks(db, tender_id)
    opened = func.app.settled_bids(tender_id).table_valued(*_SETTLED)
    said = {row.opened_id: row for row in await db.execute(select(*(opened.c[name] for name in _SETTLED)))}
    entries = [
        Entry(each.candidate.id, each.candidate.number, tuple(bid.lots), bid.prices, marks[each.candidate.id])
        for each in rows
        if not each.out and each.candidate.id in marks and (bid := said.get(each.candidate.id)) is not None
    ]
    content = await content_queries.content(db, tender_id)
    return [
        outcomes.come_out(lot.id, values, method_rules.method(criteria, content.price, values), entries)
        for lot, values in zip(asked.lots, content.lots, strict=True)
    ]


async def said_of_conditions(db: AsyncSession, tender_id: UUID, number: int) -> Mapping[str, Any]:
    """Return what a bid says of each condition, by its id; nothing until the panel has settled."""
    opened = func.app.settled_bids(tender_id).table_valued("number", "conditions")
    found = await db.scalar(select(opened.c.conditions).where(opened.c.number == number))
    return found or {}


async def made(db: AsyncSession, tender_id: UUID) -> AssessmentRow | None:
    """Return the assessment as it was made, or None."""
    row = (
        await db.execute(
            select(
                TenderAssessment.kept,
                TenderAssessment.sha256,
                TenderAssessment.person_name,
                TenderAssessment.made_at,
            ).where(TenderAssessment.tender_id == tender_id)
        )
    ).first()
    return AssessmentRow(*row) if row else None
