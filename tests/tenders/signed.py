"""Builders for tests of contracts: an awarded tender whose standstill is over, and a contract of the lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tenders.actions import assessing, awarding, notices
from tenders.actions.contracts import signing
from tenders.queries import assessments, awards
from tenders.rules.notices import Code
from tests.tenders.assessing import Bench
from tests.tenders.test_assessing import conditions
from values.years import london_today

BUYERS = ("leeds", "camden", "salford")


async def assess(bench: Bench, points: dict[int, int] | None = None) -> None:
    """Let the panel settle, and make the assessment."""
    await bench.settle(points=points or {1: 5, 2: 3})
    await conditions(bench, 1, 2)
    await bench.act("officer", assessing.assess)


async def award(bench: Bench) -> None:
    """Decide, let every buyer approve, tell all bidders, and record the award notice."""
    await bench.act("officer", awarding.decide, reason="As it was computed")
    seen = (await bench.read(assessments.made)).sha256
    for who in BUYERS:
        await bench.act(who, awarding.approve, seen=seen)
    await bench.act("officer", awarding.conclude)
    await bench.act("officer", awarding.release)
    notice_id = await bench.act("officer", notices.prepare, Code.AWARD)
    said = {"reference": "054321-2026", "published_at": datetime.now(UTC)}
    await bench.act("officer", notices.confirm, notice_id, **said)


async def after_standstill(owner: Any) -> None:
    """As if the standstill had ended five days ago."""
    today = london_today()
    begun, ended = today - timedelta(days=20), today - timedelta(days=5)
    await owner.execute("update tender_standstill set published_on = $1, ends_on = $2", begun, ended)


async def add_indicators(owner: Any, tender_id: UUID) -> None:
    """Give a published tender three indicators, which only a superuser who turns the guards off can."""
    await owner.execute("set session_replication_role = replica")
    await owner.execute(
        "insert into tender_kpi (id, tender_id, position, title, measure, target)"
        " select gen_random_uuid(), $1, n, 'Indicator ' || n, 'Each month', '99 %'"
        " from generate_series(1, 3) n",
        tender_id,
    )
    await owner.execute("set session_replication_role = origin")


async def sign(bench: Bench, *, who: str = "officer", reference: str = "C-1", **terms: Any) -> UUID:
    """Record a contract that was signed today."""
    lot = (await bench.read(awards.page)).awards[0].lot_id
    said = {"reference": reference, "signed_on": london_today(), "terms": signing.Terms(**terms)}
    return await bench.act(who, signing.sign, lot, **said)
