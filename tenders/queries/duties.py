"""Duties of the councils that a reader acts for: of their tenders, and of themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from sourcing.queries.overrides import overrides_of_all
from sourcing.rules.duties import Duty, in_order
from sourcing.rules.law import law
from store.models import AuditEntry
from tenders.models import DutyRecord, EarlyNotice, Tender, TenderBuyer, TenderContract, TenderNotice
from tenders.queries import content as content_queries
from tenders.queries import contracts
from tenders.rules import duties as rules
from tenders.rules import touching
from tenders.rules.content import Buyer
from tenders.rules.contracts.life import Life
from tenders.rules.contracts.owing import of_contract
from tenders.rules.duties import Outcome, Owing, Published, Recorded, Records
from tenders.rules.early_notices import Early
from tenders.rules.notices import NoticeState
from tenders.rules.states import TenderState
from values.years import LONDON


async def duties(db: AsyncSession, today: date, *, body_code: str = "") -> Sequence[Duty]:
    """Return the duties of a council and of the tenders that it buys by; of all where none is said.

    Row-level security leaves out the tenders that the reader may not see.
    """
    owing = await _owing(db, body_code)
    lives = await contracts.of_tenders(db, [each.tender_id for each in owing])
    signed: dict[UUID, set[str]] = {}
    for life in lives:
        signed.setdefault(life.facts.tender_id, set()).add(life.facts.body_code)
    owing = [dataclasses.replace(each, signed=frozenset(signed.get(each.tender_id, ()))) for each in owing]
    found = [duty for each in owing for duty in rules.of_tender(each, law(), today)]
    named = {buyer.code: buyer.name for each in owing for buyer in each.content.buyers}
    if body_code and body_code not in named:
        named = {body_code: await _name(db, body_code)}
    records = await _records(db)
    for life in lives:
        found += of_contract(life, law(), today, records.get(life.facts.body_code, {}))
    for code, name in sorted(named.items()):
        if not body_code or code == body_code:
            found += rules.of_council(code, name, law(), today, records.get(code, {}))
    leads = {each.tender_id: each.content.lead for each in owing}
    return in_order([each for each in found if not body_code or _concerns(each, body_code, leads)])


def _concerns(duty: Duty, body_code: str, leads: Mapping[UUID, Buyer | None]) -> bool:
    """Tell whether a duty is a council's own, or its lead's for a tender that it buys by."""
    if duty.body_code == body_code:
        return True
    lead = leads.get(duty.tender_id) if duty.tender_id else None
    return lead is not None and lead.code == duty.body_code and bool(duty.notice)


async def of_contract_duties(db: AsyncSession, life: Life, today: date) -> Sequence[Duty]:
    """Return what one contract owes, the most urgent first."""
    records = await _records(db)
    return in_order(of_contract(life, law(), today, records.get(life.facts.body_code, {})))


async def of_all_contracts(db: AsyncSession, today: date) -> Sequence[Duty]:
    """Return what all contracts owe that the reader may see; the worker sees all."""
    records = await _records(db)
    lives = await contracts.of_tenders(
        db, (await db.scalars(select(TenderContract.tender_id).distinct())).all()
    )
    return [
        duty
        for life in lives
        for duty in of_contract(life, law(), today, records.get(life.facts.body_code, {}))
    ]


async def of_touched_councils(db: AsyncSession, today: date) -> Sequence[tuple[Duty, UUID]]:
    """Return what councils owe whatever they buy, where a contract here touches it, each with its tender."""
    records = await _records(db)
    found: dict[tuple[str, str, date | None], tuple[Duty, UUID]] = {}
    tender_ids = (await db.scalars(select(TenderContract.tender_id).distinct())).all()
    for life in await contracts.of_tenders(db, tender_ids):
        facts = life.facts
        own = records.get(facts.body_code, {})
        for duty in rules.of_council(facts.body_code, facts.body_name, law(), today, own):
            if touching.touches(duty, facts, law()):
                found.setdefault((duty.body_code, duty.code, duty.due_on), (duty, facts.tender_id))
    return list(found.values())


async def reminded(db: AsyncSession, action: str, codes: Collection[str]) -> set[tuple[str, str, str]]:
    """Return of which duties, days and councils it was recorded that they come near."""
    details = AuditEntry.details
    said = (details["code"].astext, details["due_on"].astext, details["body_code"].astext)
    rows = await db.execute(select(*said).where(AuditEntry.action == action, said[0].in_(codes)))
    return {(row[0], row[1], row[2]) for row in rows}


async def _owing(db: AsyncSession, body_code: str) -> Sequence[Owing]:
    query = select(Tender.id, Tender.state, Tender.state_changed_at, Tender.published_at).where(
        or_(Tender.state != TenderState.TERMINATED, Tender.published_at.is_not(None))
    )
    if body_code:
        mine = select(TenderBuyer.tender_id).where(TenderBuyer.body_code == body_code)
        query = query.where(Tender.id.in_(mine))
    rows = {row.id: row for row in await db.execute(query.order_by(Tender.created_at))}
    contents = await content_queries.contents(db, rows)
    notices = await _notices(db, rows)
    overrides = await overrides_of_all(db, rows)
    return [
        Owing(
            tender_id=tender_id,
            content=contents[tender_id],
            state=TenderState(row.state),
            published_on=row.published_at.astimezone(LONDON).date() if row.published_at else None,
            ended_on=(
                row.state_changed_at.astimezone(LONDON).date()
                if row.state == TenderState.TERMINATED
                else None
            ),
            notices=notices.get(tender_id, _Noticed()).published,
            early=frozenset(notices.get(tender_id, _Noticed()).early),
            overrides=overrides.get(tender_id, {}),
        )
        for tender_id, row in rows.items()
    ]


@dataclass(frozen=True, slots=True)
class _Noticed:
    """The notices of a tender: those that the platform published, and before it those that were prepared."""

    published: dict[str, Published] = field(default_factory=dict[str, Published])
    early: set[str] = field(default_factory=set[str])


async def _notices(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, _Noticed]:
    own: Any = select(
        TenderNotice.tender_id, TenderNotice.code, TenderNotice.reference, TenderNotice.published_at
    ).where(TenderNotice.tender_id.in_(tender_ids), TenderNotice.state == NoticeState.CONFIRMED)
    early: Any = select(
        EarlyNotice.tender_id, EarlyNotice.code, EarlyNotice.reference, EarlyNotice.published_at
    ).where(
        EarlyNotice.tender_id.in_(tender_ids),
        EarlyNotice.state != NoticeState.DISCARDED,
        EarlyNotice.replaced_at.is_(None),
    )
    found: dict[UUID, _Noticed] = {}
    rows: Any = await db.execute(union_all(own, early))
    for tender_id, code, reference, at in rows:
        noticed = found.setdefault(tender_id, _Noticed())
        if code in tuple(Early):
            noticed.early.add(code)
        # A newer version that waits leaves what was confirmed as it is.
        if at:
            noticed.published[code] = Published(reference, at.astimezone(LONDON).date())
    return found


async def _records(db: AsyncSession) -> Mapping[str, Records]:
    rows = await db.execute(
        select(DutyRecord.body_code, DutyRecord.code, DutyRecord.due_on, DutyRecord.outcome, DutyRecord.words)
    )
    found: dict[str, dict[tuple[str, date], Recorded]] = {}
    for body_code, code, due_on, outcome, words in rows:
        found.setdefault(body_code, {})[code, due_on] = Recorded(Outcome(outcome), words)
    return found


async def _name(db: AsyncSession, code: str) -> str:
    return await db.scalar(select(Organisation.name).where(Organisation.code == code)) or code
