"""Builders for tests of tenders: a pool whose councils are bound, a tender of it, a complete one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.models import PoolCommitment, PoolLine, PoolPulse, PoolSignature, PoolStance
from procurement.rules.pools.states import PoolState, Stage
from store.db import Sessions, transaction
from tenders.actions import approving, making, notices, parts
from tenders.queries import parts as queries
from tenders.queries import tenders
from tenders.rules.linting.findings import Part
from tenders.rules.notices import Code
from tests import build
from tests.build import Built
from tests.procurement.pools import build_pool, make_version
from tests.procurement.signing import approver
from values.actors import Role
from values.ids import uuid7
from values.years import LONDON, london_today

LIMIT = 200_000_000


@dataclass(frozen=True)
class Cast:
    """A pool with the people of its councils."""

    pool: UUID
    people: Mapping[str, Built]

    def __getitem__(self, who: str) -> Built:
        return self.people[who]


async def build_cast(db: AsyncSession, *, state: PoolState = PoolState.COMMITTED) -> Cast:
    """A pool of Leeds (lead), Camden and Salford, each bound, with officers, approvers and others."""
    pool = await build_pool(db, state=state, stage=Stage.BOUND)
    line = uuid7()
    await db.execute(
        insert(PoolLine).values(id=line, pool_id=pool, position=1, text="Works offline", body_code="LDS")
    )
    for code, stance in (("LDS", "must"), ("CMD", "nice"), ("SLF", "accept")):
        said = {"pool_id": pool, "line_id": line, "body_code": code, "person_name": "tests"}
        await db.execute(insert(PoolStance).values(**said, stance=stance))
    await make_version(db, pool)
    # Who is in was worked out: nothing is in the way of handing it over.
    await db.execute(update(PoolPulse).values(settled=PoolPulse.changed))
    people = {
        "officer": await build.person(db, name="Olga Officer"),
        "leeds": await approver(db, name="Lena Leeds", limit_pence=LIMIT),
        "camden": await approver(db, "CMD", name="Cara Camden", limit_pence=LIMIT),
        "salford": await approver(db, "SLF", name="Sol Salford", limit_pence=LIMIT),
        "camden officer": await build.person(db, organisation_id=build.council("CMD"), name="Cleo Camden"),
        "outside": await build.person(
            db, Role.OFFICER, Role.APPROVER, organisation_id=build.council("MAN"), second_factor=True
        ),
        "lead": await build.person(
            db, Role.SECTOR_LEAD, organisation_id=build.council("LGA"), second_factor=True
        ),
        "supplier": await build.person(
            db, Role.SUPPLIER, organisation_id=await build.organisation(db), name="Sue Supplier"
        ),
        "rival": await build.person(
            db, Role.SUPPLIER, organisation_id=await build.organisation(db), name="Rory Rival"
        ),
    }
    for code, who in (("LDS", "leeds"), ("CMD", "camden"), ("SLF", "salford")):
        await _bind(db, pool, code, people[who])
    await db.commit()
    return Cast(pool, people)


async def _bind(db: AsyncSession, pool: UUID, code: str, by: Built) -> None:
    key = {"pool_id": pool, "version": 1, "body_code": code}
    await db.execute(
        insert(PoolSignature).values(**key, sha256=b"s" * 32, person_id=by.id, person_name=by.name)
    )
    await db.execute(insert(PoolCommitment).values(**key, sum_pence=95_000_000, until_on=date(2029, 1, 1)))


async def make(sessions: Sessions, cast: Cast) -> UUID:
    """The draft that the lead's officer makes of the pool."""
    actor = cast["officer"].actor
    async with transaction(sessions, actor) as db:
        return await making.make_tender(db, actor, cast.pool)


async def complete(sessions: Sessions, cast: Cast, tender_id: UUID) -> None:
    """Fill in all that the linter asks for, as the lead's officer."""
    actor = cast["officer"].actor
    async with transaction(sessions, actor) as db:
        for code in ("LDS", "CMD", "SLF"):
            described = {"address": f"1 Square, {code}", "email": "buy@example.org", "identifier": f"P{code}"}
            await parts.describe_buyer(db, actor, tender_id, code, described)
        await parts.save(db, actor, tender_id, Part.BASICS, basics())
        await parts.save(db, actor, tender_id, Part.PROCEDURE, {"engagement": "none", "model": "one"})
        await parts.save(db, actor, tender_id, Part.CONSIDERED, considered())
        await parts.save(db, actor, tender_id, Part.DATES, dates())
        await parts.save(db, actor, tender_id, Part.TERMS, {"treaties": ["gpa"]})
        await parts.save(db, actor, tender_id, Part.AWARD, method())
        await parts.add_row(db, actor, tender_id, Part.AWARD, criterion())
        await parts.add_row(db, actor, tender_id, Part.CONDITIONS, condition())
        await parts.save_requirements(db, actor, tender_id, {"must": ["Works offline"]})
        lot = await _only_lot(db, tender_id)
        await parts.change_row(db, actor, tender_id, Part.LOTS, lot, values())


async def _only_lot(db: AsyncSession, tender_id: UUID) -> UUID:
    return (await queries.rows(db, tender_id, "lots"))[0]["id"]


def basics() -> dict[str, Any]:
    return {"no_lots_reason": "Lots would not fit together", "risks": "Councils may be merged"}


def considered() -> dict[str, Any]:
    return {
        "small_firms": "No turnover is asked for",
        "policy": "Its priorities were considered",
        "conflicts_on": london_today() - timedelta(days=1),
        "conflicts": "Nobody has an interest",
    }


def dates() -> dict[str, Any]:
    today = london_today()
    due = today + timedelta(days=40)
    return {
        "publish_on": today + timedelta(days=1),
        "tenders_due_at": datetime(due.year, due.month, due.day, 12, tzinfo=LONDON),
        "award_on": today + timedelta(days=80),
        "starts_on": today + timedelta(days=120),
        "ends_on": today + timedelta(days=1500),
    }


def method() -> dict[str, Any]:
    return {"method": "Marks are agreed on; equal totals go to quality", "price_weight": Decimal(40)}


def criterion() -> dict[str, Any]:
    return {
        "title": "Ease of use",
        "description": "How fast staff do five tasks",
        "weight": Decimal(60),
        "highest": 5,
        "standard": "5 is best",
    }


def condition() -> dict[str, Any]:
    return {
        "title": "Keeps personal data safe",
        "description": "Cyber Essentials Plus or an equivalent, by the start of the contract",
        "standard": "A certificate, or a description of equivalent measures",
        "reason": "The system holds names and addresses",
        "passes_or_fails": True,
    }


def values() -> dict[str, Any]:
    return {
        "title": "Library system",
        "cpv": "48000000",
        "net_pence": 190_000_000,
        "options_pence": 0,
        "gross_pence": 228_000_000,
        "unit": "loan",
        "low_units": 1000,
        "expected_units": 2000,
        "full_units": 3000,
        "tier_starts": [0, 1000],
    }


async def approve(sessions: Sessions, approver: Built, tender_id: UUID) -> bool:
    """Approve the content as it stands, for the approver's council; pages ask for the second factor."""
    async with transaction(sessions, approver.actor) as db:
        row = await tenders.tender_row(db, tender_id)
        return await approving.approve(db, approver.actor, tender_id, seen=row.fingerprint or b"")


async def approve_all(sessions: Sessions, cast: Cast, tender_id: UUID) -> None:
    """Ask the buyers, and approve for each."""
    officer = cast["officer"].actor
    async with transaction(sessions, officer) as db:
        await approving.submit(db, officer, tender_id)
    for who in ("leeds", "camden", "salford"):
        await approve(sessions, cast[who], tender_id)


async def publish(sessions: Sessions, cast: Cast, tender_id: UUID) -> None:
    """Prepare the notice, and record that the platform published it."""
    actor = cast["officer"].actor
    async with transaction(sessions, actor) as db:
        notice_id = await notices.prepare(db, actor, tender_id, Code.TENDER)
    async with transaction(sessions, actor) as db:
        await notices.confirm(
            db, actor, tender_id, notice_id, reference="012345-2026", published_at=datetime.now(UTC)
        )
