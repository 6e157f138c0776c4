"""Invented tenders of the demonstration world: a published one, a draft with findings, one that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.demonstration.pools import InventedPool, approver_of, officer_of, walk_pool
from procurement.models import Pool
from procurement.rules.pools.states import PoolState
from store.db import Sessions, transaction
from tenders.actions import approving, changing, demonstration_plans, documents, making, notices
from tenders.actions import filling as filling_in
from tenders.actions.filling import Filling
from tenders.models import Tender, TenderApproval
from tenders.queries import parts as part_queries
from tenders.queries import tenders
from tenders.rules.linting.findings import Part
from tenders.rules.notices import Code
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7
from values.years import LONDON

LEAD: Final = "LDS"
ANSWERS: Final = Path(__file__).resolve().parents[1] / "data" / "answers.txt"
# Handed over with the other pools; its tender is left with much to mend.
DRAFT_POOL: Final = "Maps for all staff"

USE: Final = (
    "Ease of use",
    "How fast and surely staff and residents finish five tasks that are described",
)
CRITERIA: Final = (
    (*USE, 35),
    ("Open interfaces", "Which interfaces there are, how they are described, what each costs", 15),
    ("Leaving", "How all data are handed over at the end, and in which time", 10),
)
AVAILABLE: Final = {
    "title": "Available",
    "measure": "Share of minutes from 7am to 10pm in which all pages answer, each month",
    "target": "99.5 %",
}


@dataclass(frozen=True, slots=True)
class InventedLot:
    """A lot, and which part of what the councils buy is in it.

    Attributes:
        percent: of the value and of the volume; those of all lots of a tender come to 100.
    """

    title: str
    description: str
    percent: int


@dataclass(frozen=True, slots=True)
class InventedTender:
    """A tender to be walked to a state, from a pool of its own.

    Attributes:
        approved: who of the buyers approves.
        criteria: title, description and weight of each award criterion; with the price's 40 they come to 100.
        kpis: performance indicators.
        files: what suppliers download.
        asks: suppliers were asked beforehand, by a notice.
        lots: what it is divided into; empty for one lot with all of it. Of several, a supplier wins one.
    """

    pool: InventedPool
    state: TenderState
    approved: tuple[str, ...]
    criteria: tuple[tuple[str, str, int], ...] = CRITERIA
    kpis: tuple[Mapping[str, Any], ...] = (AVAILABLE,)
    files: tuple[Path, ...] = (ANSWERS,)
    asks: bool = False
    lots: tuple[InventedLot, ...] = ()

    @property
    def parts(self) -> tuple[InventedLot, ...]:
        """Its lots, where it has none the one with all of it."""
        return self.lots or (InventedLot(self.pool.title, self.pool.purpose, 100),)


TENDERS: Final = (
    InventedTender(
        InventedPool(
            "Housing repairs online",
            "housing-systems",
            "Tenants report a repair, choose a time, and see when somebody comes",
            PoolState.COMMITTED,
            ((LEAD, 780, 52_000), ("CMD", 560, 33_000), ("SLF", 410, 24_000)),
        ),
        TenderState.PUBLISHED,
        (LEAD, "CMD", "SLF"),
    ),
    InventedTender(
        InventedPool(
            "Parking permits without paper",
            "customer-digital-systems",
            "Residents get a permit the same day, and wardens see it at once",
            PoolState.COMMITTED,
            ((LEAD, 520, 48_000), ("CMD", 610, 61_000), ("SLF", 290, 18_000)),
        ),
        TenderState.IN_APPROVAL,
        ("CMD",),
        asks=True,
    ),
)


async def load_demonstration_tenders(sessions: Sessions, anchor: date) -> int:
    """Make invented tenders, each in its state; return how many are new. Safe to repeat.

    The one that waits for approval comes last, so that lists begin with it. Needs the rights of the jobs
    role.
    """
    async with transaction(sessions, Actor()) as db:
        known = set(await db.scalars(select(Tender.title).where(Tender.demonstration)))
    published, waiting = TENDERS
    made = 0
    if published.pool.title not in known:
        await _walk(sessions, published, anchor)
        made += 1
    if DRAFT_POOL not in known:
        made += await _draft(sessions, anchor)
    if waiting.pool.title not in known:
        await _walk(sessions, waiting, anchor)
        made += 1
    return made


async def _draft(sessions: Sessions, anchor: date) -> int:
    officer = officer_of(LEAD)
    async with transaction(sessions, officer) as db:
        pool_id = await db.scalar(select(Pool.id).where(Pool.title == DRAFT_POOL, Pool.demonstration))
        if pool_id is None:
            return 0
        tender_id = await making.make_tender(db, officer, pool_id)
        await demonstration_plans.plan(db, officer, tender_id, anchor, _reached)
    return 1


async def _walk(sessions: Sessions, tender: InventedTender, anchor: date) -> None:
    pool_id = await walk_pool(sessions, tender.pool, anchor)
    officer = officer_of(LEAD)
    async with transaction(sessions, officer) as db:
        tender_id = await making.make_tender(db, officer, pool_id)
        await fill(db, officer, tender_id, tender, anchor)
        if tender.asks:
            await demonstration_plans.ask_suppliers(db, officer, tender_id, anchor)
        await approving.submit(db, officer, tender_id)
    for code in tender.approved:
        async with transaction(sessions, approver_of(code)) as db:
            await _approve(db, tender_id, code)
    if tender.state is not TenderState.PUBLISHED:
        return
    async with transaction(sessions, officer) as db:
        await changing.move(db, await tenders.locked_tender(db, tender_id), TenderState.APPROVED)
        notice_id = await notices.prepare(db, officer, tender_id, Code.TENDER)
    async with transaction(sessions, officer) as db:
        await notices.confirm(
            db,
            officer,
            tender_id,
            notice_id,
            reference="000000-0000 (invented)",
            published_at=datetime.now(UTC),
        )


async def _approve(db: AsyncSession, tender_id: UUID, code: str) -> None:
    """Write an approval of an invented approver, who has no account and so no second factor."""
    approver = approver_of(code)
    tender = await tenders.locked_tender(db, tender_id)
    await db.execute(
        insert(TenderApproval).values(
            id=uuid7(),
            tender_id=tender_id,
            body_code=code,
            version=tender.version,
            fingerprint=tender.fingerprint,
            decision="approved",
            person_id=approver.person_id,
            person_name=approver.name,
        )
    )


async def fill(
    db: AsyncSession, officer: Actor, tender_id: UUID, tender: InventedTender, anchor: date
) -> None:
    """Fill in all that a tender says, as if its notice were published on `anchor`."""
    whole = (await part_queries.rows(db, tender_id, Part.LOTS.value))[0]
    first, *more = (_lot(whole, tender, part) for part in tender.parts)
    filling = Filling(
        buyers={code: _reached(code) for code, *_ in tender.pool.members},
        fields={
            Part.BASICS: _basics(tender),
            Part.PROCEDURE: {"engagement": "none", "model": "parallel"},
            Part.CONSIDERED: _considered(anchor),
            Part.DATES: _dates(anchor),
            Part.TERMS: _terms(anchor, tender),
            Part.AWARD: _method(),
        },
        rows=[
            *((Part.AWARD, _criterion(*each)) for each in tender.criteria),
            (Part.CONDITIONS, _condition()),
            *((Part.KPIS, kpi) for kpi in tender.kpis),
            *((Part.LOTS, lot) for lot in more),
        ],
        lots={whole["id"]: first},
    )
    await filling_in.fill_in(db, officer, tender_id, filling)
    for path in tender.files:
        await documents.add(
            db, officer, tender_id, title="Answers to be filled in", name=path.name, kind="text", path=path
        )


def _reached(code: str) -> dict[str, str]:
    return {
        "address": "1 Example Square (invented)",
        "email": "procurement@example.org",
        "identifier": f"PXXX-0000-X{code}",
    }


def _basics(tender: InventedTender) -> dict[str, Any]:
    undivided = "Its parts work on the same records; dividing them adds interfaces (invented)"
    return {
        "no_lots_reason": "" if tender.lots else undivided,
        "risks": "Councils may be merged while the contracts run (invented)",
    }


def _considered(anchor: date) -> dict[str, Any]:
    return {
        "small_firms": "No turnover is asked for, and documents are short (invented)",
        "policy": "Its priorities were considered: small firms can bid alone or together (invented)",
        "conflicts_on": anchor - timedelta(days=7),
        "conflicts": "Nobody who takes part has an interest that was found (invented)",
    }


def _dates(anchor: date) -> dict[str, Any]:
    return {
        "publish_on": anchor,
        "tenders_due_at": datetime.combine(anchor + timedelta(days=42), time(12), LONDON),
        "award_on": anchor + timedelta(days=90),
        "starts_on": anchor + timedelta(days=150),
        "ends_on": anchor + timedelta(days=150 + 4 * 365),
        "extended_until": anchor + timedelta(days=150 + 6 * 365),
    }


def _terms(anchor: date, tender: InventedTender) -> dict[str, Any]:
    return {
        **({"most_lots_won": 1, "lots_order": "value"} if tender.lots else {}),
        "treaties": ["gpa", "cptpp"],
        "recurs": True,
        "recurs_on": anchor + timedelta(days=150 + 5 * 365),
        "recurs_words": "Once the extensions are used (invented)",
        "specifications": "Level AA of the Web Content Accessibility Guidelines, or an equivalent (invented)",
    }


def _method() -> dict[str, Any]:
    return {
        "method": "Each assessor marks alone, then a consensus is agreed with its reason. Of equal totals "
        "the one with more points for ease of use is better. Failing a criterion disqualifies.",
        "price_weight": Decimal(40),
    }


def _criterion(title: str, description: str, weight: int) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "weight": Decimal(weight),
        "highest": 5,
        "standard": "5: without a gap; 3: with small gaps; 1: with large ones; 0: not answered",
    }


def _condition() -> dict[str, Any]:
    return {
        "title": "Keeps personal data safe",
        "description": "Cyber Essentials Plus or an equivalent, by the start of the contract",
        "standard": "A certificate, or a description of equivalent measures",
        "reason": "The system holds names and addresses of all tenants or residents",
        "passes_or_fails": True,
    }


def _lot(whole: Mapping[str, Any], tender: InventedTender, part: InventedLot) -> dict[str, Any]:
    """Return what a lot says; `whole` is the one that the pool's tender began with."""
    net = whole["net_pence"] * part.percent // 100
    volume = sum(volume for *_, volume in tender.pool.members) * part.percent // 100
    options = net // 2
    return {
        "title": part.title,
        "description": part.description,
        "cpv": whole["cpv"],
        "unit": whole["unit"],
        "net_pence": net,
        "options_pence": options,
        "options": "Two more years, one at a time",
        # As if 20% VAT applied to all of it; in an invented tender nothing rests on that.
        "gross_pence": (net + options) * 6 // 5,
        "low_units": volume // 2,
        "expected_units": volume * 4 // 5,
        "full_units": volume,
        "tier_starts": [0, volume // 4, volume // 2],
        "small_firms": True,
    }
