"""Contracts with all that became of them, as far as row-level security shows the reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.models import (
    ContractAssessment,
    ContractBreach,
    ContractChange,
    ContractDocument,
    ContractEnding,
    ContractManager,
    ContractNotice,
    KpiReading,
    Tender,
    TenderAward,
    TenderContract,
    TenderLot,
)
from tenders.rules.content import Kpi, Model
from tenders.rules.contracts.life import (
    Assessment,
    Breach,
    Changed,
    Copy,
    Ending,
    Facts,
    Life,
    Reading,
    Told,
)
from tenders.rules.notices import NoticeState
from values.refusals import Missing
from values.years import LONDON

_FACTS: Final = (
    select(
        TenderContract.id,
        TenderContract.tender_id,
        Tender.title.label("tender_title"),
        TenderLot.title.label("lot_title"),
        TenderContract.body_code,
        Organisation.short_name.label("body_name"),
        TenderAward.supplier_name,
        TenderContract.reference,
        TenderContract.signed_on,
        TenderContract.details_due_on,
        TenderContract.value_gross_pence,
        TenderContract.starts_on,
        TenderContract.ends_on,
        TenderContract.extended_until,
        TenderContract.options,
        TenderContract.kpis,
        Tender.no_kpis_reason,
        Tender.procedure,
        Tender.contract_kind,
        Tender.light_touch,
        Tender.model,
        Tender.published_at,
        Tender.demonstration,
    )
    .join(Tender, Tender.id == TenderContract.tender_id)
    .join(TenderLot, TenderLot.id == TenderContract.lot_id)
    .join(
        TenderAward,
        (TenderAward.tender_id == TenderContract.tender_id) & (TenderAward.lot_id == TenderContract.lot_id),
    )
    .join(Organisation, Organisation.code == TenderContract.body_code)
)


async def life(db: AsyncSession, tender_id: UUID, contract_id: UUID) -> Life:
    """Return a contract of a tender.

    Raises:
        Missing: there is none, or it is not the reader's to see.
    """
    found = await _lives(db, (TenderContract.id == contract_id) & (TenderContract.tender_id == tender_id))
    if not found:
        raise Missing("contract")
    return found[0]


async def of_tender(db: AsyncSession, tender_id: UUID) -> Sequence[Life]:
    """Return the contracts of a tender that the reader may see."""
    return await _lives(db, TenderContract.tender_id == tender_id)


async def of_tenders(db: AsyncSession, tender_ids: Collection[UUID]) -> Sequence[Life]:
    """Return the contracts of several tenders, in as many statements as for one."""
    return await _lives(db, TenderContract.tender_id.in_(tender_ids)) if tender_ids else []


async def _lives(db: AsyncSession, where: Any) -> Sequence[Life]:
    rows: Any = (
        await db.execute(_FACTS.where(where).order_by(TenderContract.signed_on, TenderContract.body_code))
    ).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    changes = await _of(db, ContractChange, ids, ContractChange.number)
    endings = await _of(db, ContractEnding, ids, ContractEnding.recorded_at)
    breaches = await _of(db, ContractBreach, ids, ContractBreach.applies_on)
    readings = await _of(db, KpiReading, ids, KpiReading.recorded_at)
    assessments = await _of(db, ContractAssessment, ids, ContractAssessment.until_on)
    notices = await _of(db, ContractNotice, ids, ContractNotice.prepared_at)
    documents = await _of(db, ContractDocument, ids, ContractDocument.added_at)
    managers = await _of(db, ContractManager, ids, ContractManager.taken_on_at)
    return [
        Life(
            facts=_facts(row),
            changes=[_changed(each) for each in changes.get(row.id, ())],
            endings=[
                Ending(each.id, each.whole, each.kind, each.ended_on, each.words, each.recorded_by)
                for each in endings.get(row.id, ())
            ],
            breaches=[
                Breach(each.id, each.applies_on, each.consequence, each.words, each.recorded_by)
                for each in breaches.get(row.id, ())
            ],
            readings=[_reading(each) for each in readings.get(row.id, ())],
            assessments=[
                Assessment(each.id, each.from_on, each.until_on, each.last, each.made_by)
                for each in assessments.get(row.id, ())
            ],
            notices=[_told(each) for each in notices.get(row.id, ())],
            copies=[
                Copy(each.kind, each.about_id, each.reference, each.published_on)
                for each in documents.get(row.id, ())
            ],
            manager=next((each.person_name for each in managers.get(row.id, ())), ""),
            manager_id=next((each.person_id for each in managers.get(row.id, ())), None),
        )
        for row in rows
    ]


async def _of(db: AsyncSession, model: Any, ids: Collection[UUID], order: Any) -> Mapping[UUID, list[Any]]:
    """Return rows as columns: an object of the session could be older than the last change."""
    query = select(*model.__table__.columns).where(model.contract_id.in_(ids)).order_by(order)
    found: dict[UUID, list[Any]] = {}
    for row in await db.execute(query):
        found.setdefault(row.contract_id, []).append(row)
    return found


def _facts(row: Any) -> Facts:
    return Facts(
        contract_id=row.id,
        tender_id=row.tender_id,
        tender_title=row.tender_title,
        lot_title=row.lot_title,
        body_code=row.body_code,
        body_name=row.body_name,
        supplier=row.supplier_name,
        reference=row.reference,
        signed_on=row.signed_on,
        details_due_on=row.details_due_on,
        value_gross_pence=row.value_gross_pence,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        extended_until=row.extended_until,
        options=row.options,
        kpis=tuple(Kpi(**each) for each in row.kpis),
        no_kpis_reason=row.no_kpis_reason,
        procedure=Procedure(row.procedure),
        kind=ContractKind(row.contract_kind),
        light_touch=row.light_touch,
        model=Model(row.model),
        commenced_on=row.published_at.astimezone(LONDON).date(),
        demonstration=row.demonstration,
    )


def _changed(row: Any) -> Changed:
    return Changed(
        id=row.id,
        number=row.number,
        words=row.words,
        reason=row.reason,
        value_pence=row.value_pence,
        term_months=row.term_months,
        widens_scope=row.widens_scope,
        favours_supplier=row.favours_supplier,
        alters_nature=row.alters_nature,
        new_supplier=row.new_supplier,
        ground=row.ground,
        made_with=tuple(row.made_with),
        way=row.way,
        verdict=row.verdict,
        needs_notice=row.needs_notice,
        text_is_published=row.text_is_published,
        commits_pence=row.commits_pence,
        state=row.state,
        proposed_by=row.proposed_by,
        decided_by=row.decided_by,
        decided_reason=row.decided_reason,
        made_on=row.made_on,
        made_by=row.made_by,
    )


def _reading(row: Any) -> Reading:
    return Reading(
        row.kpi_number, row.from_on, row.until_on, row.value, row.rating, row.evidence, row.recorded_by
    )


def _told(row: Any) -> Told:
    published = row.state == NoticeState.CONFIRMED
    on = row.published_at.astimezone(LONDON).date() if published else None
    return Told(row.code, row.about_id, row.reference if published else "", on)
