"""All that a tender says, loaded into the values that rules read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.assessment.prices import Formula, Tiers
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from spend.rules.categories import taxonomy
from tenders.models import Tender, TenderKpi, TenderLot, TenderRecord, TenderRequirement
from tenders.models.parts import TenderCriterion
from tenders.queries import documents, tenders
from tenders.queries.documents import DocumentRow
from tenders.queries.tenders import BuyerRow
from tenders.rules import terms
from tenders.rules.content import (
    Attachment,
    Buyer,
    Considered,
    Content,
    Course,
    Criterion,
    CriterionKind,
    Dates,
    Engagement,
    Kpi,
    Lot,
    Model,
    Price,
    Requirement,
)
from tenders.rules.terms import Terms
from values.refusals import Missing

_PARTS: Final = (TenderLot, TenderRequirement, TenderCriterion, TenderKpi, TenderRecord)


async def content(db: AsyncSession, tender_id: UUID) -> Content:
    """Return all that a tender says; what was considered stays empty for whoever may not read it.

    Raises:
        Missing: no such tender, or not theirs to see.
    """
    found = await contents(db, [tender_id])
    if tender_id not in found:
        raise Missing("tender")
    return found[tender_id]


async def contents(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Content]:
    """Return what several tenders say, in as many statements as for one; those that the reader may see."""
    found = await _rows(db, Tender, Tender.id.in_(tender_ids))
    parts = {model: await _of_tenders(db, model, tender_ids) for model in _PARTS}
    buyers = await tenders.buyers_of(db, tender_ids)
    files = await documents.current_of(db, tender_ids)
    return {
        row.id: _content(
            row,
            {model: rows.get(row.id, []) for model, rows in parts.items()},
            buyers.get(row.id, []),
            files.get(row.id, []),
        )
        for row in found
    }


def _content(
    tender: Any,
    parts: Mapping[Any, Sequence[Any]],
    buyers: Sequence[BuyerRow],
    files: Sequence[DocumentRow],
) -> Content:
    lots = parts[TenderLot]
    numbers = {lot.id: number for number, lot in enumerate(lots, 1)}
    return Content(
        title=tender.title,
        description=tender.description,
        category=tender.category,
        category_name=taxonomy().named(tender.category),
        course=_course(tender),
        dates=_dates(tender),
        buyers=_buyers(tender, buyers),
        lots=tuple(_lot(number, lot) for number, lot in enumerate(lots, 1)),
        no_lots_reason=tender.no_lots_reason,
        requirements=tuple(
            Requirement(
                number, each.text, each.kind == "must", each.kind == "option", numbers.get(each.lot_id)
            )
            for number, each in enumerate(parts[TenderRequirement], 1)
        ),
        criteria=_criteria(parts[TenderCriterion]),
        price=Price(tender.price_weight, Formula(tender.price_formula), tender.reference_pence),
        method=tender.method,
        kpis=tuple(
            Kpi(number, each.title, each.measure, each.target)
            for number, each in enumerate(parts[TenderKpi], 1)
        ),
        no_kpis_reason=tender.no_kpis_reason,
        engagement=Engagement(tender.engagement) if tender.engagement else None,
        engagement_words=tender.engagement_words,
        risks=tender.risks,
        considered=_considered(parts[TenderRecord]),
        documents=tuple(
            Attachment(each.title, each.name, each.version, each.sha256.hex(), each.size) for each in files
        ),
        tie_break=tender.tie_break,
        terms=_terms(tender),
    )


async def _of_tenders(
    db: AsyncSession, model: Any, tender_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in await _rows(db, model, model.tender_id.in_(tender_ids)):
        found.setdefault(row.tender_id, []).append(row)
    return found


async def _rows(db: AsyncSession, model: Any, where: Any) -> Sequence[Any]:
    """Return rows as columns: an object of the session could be older than the last change."""
    columns = model.__table__.columns
    query = select(*columns).where(where)
    return (await db.execute(query.order_by(columns.position) if "position" in columns else query)).all()


def _course(tender: Any) -> Course:
    return Course(
        procedure=Procedure(tender.procedure),
        model=Model(tender.model),
        kind=ContractKind(tender.contract_kind),
        light_touch=tender.light_touch,
        preselected=tender.preselected,
        negotiated=tender.negotiated,
        urgent=tender.urgent,
        urgency_reason=tender.urgency_reason,
        documents_later=tender.documents_later,
        stages=tender.stages,
        term_reason=tender.term_reason,
        several_bids=tender.several_bids,
    )


def _dates(tender: Any) -> Dates:
    return Dates(
        publish_on=tender.publish_on,
        planned_notice_on=tender.planned_notice_on,
        requests_due_on=tender.requests_due_on,
        invite_on=tender.invite_on,
        tenders_due_at=tender.tenders_due_at,
        award_on=tender.award_on,
        starts_on=tender.starts_on,
        ends_on=tender.ends_on,
        extended_until=tender.extended_until,
    )


def _terms(tender: Any) -> Terms:
    said = {name: getattr(tender, name) for name in terms.NAMES}
    said |= {name: tuple(said[name]) for name in ("languages", "treaties")}
    return Terms(**said)


def _buyers(tender: Any, rows: Sequence[BuyerRow]) -> tuple[Buyer, ...]:
    return tuple(
        Buyer(each.code, each.name, each.code == tender.lead_code, each.address, each.email, each.identifier)
        for each in rows
    )


def _lot(number: int, row: Any) -> Lot:
    return Lot(
        number=number,
        title=row.title,
        description=row.description,
        cpv=row.cpv,
        net_pence=row.net_pence,
        options_pence=row.options_pence,
        options=row.options,
        gross_pence=row.gross_pence,
        unit=row.unit,
        low_units=row.low_units,
        expected_units=row.expected_units,
        full_units=row.full_units,
        low_weight=row.low_weight,
        expected_weight=row.expected_weight,
        full_weight=row.full_weight,
        tier_starts=tuple(row.tier_starts),
        counting=Tiers(row.counting),
        small_firms=row.small_firms,
        areas=tuple(row.areas),
    )


def _criteria(rows: Sequence[Any]) -> tuple[Criterion, ...]:
    numbers = {row.id: number for number, row in enumerate(rows, 1)}
    return tuple(
        Criterion(
            number=number,
            kind=CriterionKind(row.kind),
            parent=numbers.get(row.parent_id),
            title=row.title,
            description=row.description,
            weight=row.weight,
            highest=row.highest,
            least=row.least,
            passes_or_fails=row.passes_or_fails,
            standard=row.standard,
            reason=row.reason,
        )
        for number, row in enumerate(rows, 1)
    )


def _considered(rows: Sequence[Any]) -> Considered:
    if not rows:
        return Considered("", "", None, "", "")
    row = rows[0]
    return Considered(row.small_firms, row.policy, row.conflicts_on, row.conflicts, row.necessity)
