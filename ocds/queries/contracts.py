"""Contracts whose details notices are published, with all notices of them that are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ocds.rules.contracts import DETAILS
from ocds.rules.processes import ContractNotice, Information, Paid, Signed
from tenders.models import ContractNotice as Notices
from tenders.models import PaymentInformation, TenderAward, TenderContract, TenderLot
from tenders.queries import awards
from tenders.rules.content import Kpi
from tenders.rules.contracts import telling
from tenders.rules.notices import NoticeState

_NUMBERED: Final = select(
    TenderLot.id,
    func.row_number().over(partition_by=TenderLot.tender_id, order_by=TenderLot.position).label("number"),
).subquery("numbered_lot")


async def signed(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Signed]]:
    """Return the public contracts of some tenders, the one that was signed first first."""
    rows = await db.execute(
        select(
            TenderContract,
            _NUMBERED.c.number,
            TenderAward.organisation_id,
            TenderAward.supplier_name,
            TenderAward.decided_at,
        )
        .join(_NUMBERED, _NUMBERED.c.id == TenderContract.lot_id)
        .join(
            TenderAward,
            and_(
                TenderAward.tender_id == TenderContract.tender_id,
                TenderAward.lot_id == TenderContract.lot_id,
            ),
        )
        .where(TenderContract.tender_id.in_(tender_ids))
        .order_by(TenderContract.signed_on, TenderContract.id)
    )
    contracts = rows.all()
    notices = await _notices(db, [each[0].id for each in contracts])
    information = await _information(db, [each[0].id for each in contracts])
    suppliers = await awards.suppliers(db, tender_ids) if contracts else {}
    found: dict[UUID, list[Signed]] = {}
    for row, number, supplier_id, supplier, decided_at in contracts:
        told = notices.get(row.id, [])
        # A session with more rights sees contracts that are not public yet.
        if not any(each.code == DETAILS for each in told):
            continue
        found.setdefault(row.tender_id, []).append(
            Signed(
                id=row.id,
                lot=number,
                body_code=row.body_code,
                reference=row.reference,
                signed_on=row.signed_on,
                value_gross_pence=row.value_gross_pence,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                extended_until=row.extended_until,
                options=row.options,
                kpis=[Kpi(**each) for each in row.kpis],
                notices=told,
                supplier_id=str(supplier_id),
                supplier=supplier,
                decided_at=decided_at,
                suppliers=suppliers.get((row.tender_id, row.lot_id), ()),
                information=information.get(row.id, ()),
            )
        )
    return found


async def _notices(
    db: AsyncSession, contract_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[ContractNotice]]:
    rows = await db.execute(
        select(Notices)
        .where(Notices.contract_id.in_(contract_ids), Notices.state == NoticeState.CONFIRMED)
        .order_by(Notices.confirmed_at)
    )
    found: dict[UUID, list[ContractNotice]] = {}
    for row in rows.scalars():
        if row.published_at and row.confirmed_at:
            facts = telling.from_json(row.facts)
            told = ContractNotice(row.id, row.code, row.reference, row.published_at, row.confirmed_at, facts)
            found.setdefault(row.contract_id, []).append(told)
    return found


async def _information(
    db: AsyncSession, contract_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[Information]]:
    rows = await db.scalars(
        select(PaymentInformation)
        .where(PaymentInformation.contract_id.in_(contract_ids))
        .order_by(PaymentInformation.recorded_at, PaymentInformation.id)
    )
    found: dict[UUID, list[Information]] = {}
    for row in rows:
        payments = [
            Paid(each["id"], each["sum_pence"], date.fromisoformat(each["paid_on"])) for each in row.payments
        ]
        one = Information(row.id, row.reference, row.published_on, row.recorded_at, payments)
        found.setdefault(row.contract_id, []).append(one)
    return found
