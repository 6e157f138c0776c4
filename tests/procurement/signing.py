"""Builders for tests of the agreement: people with limits, a pool that is agreeing, a version to sign."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import agreement as agreements
from procurement.models import ApproverAuthority
from procurement.queries.pools import agreements as queries
from procurement.rules.pools import agreement as rules
from procurement.rules.pools.agreement import Choices
from procurement.rules.pools.signing import Wanted
from store.db import Sessions, transaction
from tests import build
from tests.build import Built
from values.actors import Actor, Role

LIMIT = 100_000_000
UNTIL = date(2027, 9, 30)


async def approver(
    db: AsyncSession, code: str = "LDS", *, limit_pence: int | None = LIMIT, name: str = ""
) -> Built:
    """An approver with a second factor, and a limit that an operator set."""
    made = await build.person(
        db, Role.APPROVER, organisation_id=build.council(code), second_factor=True, name=name
    )
    if limit_pence is not None:
        await db.execute(
            insert(ApproverAuthority).values(
                body_code=code, person_id=made.id, limit_pence=limit_pence, set_by_name="Olive Operator"
            )
        )
    return made


async def make_version(
    sessions: Sessions, actor: Actor, pool_id: UUID, *, reason: str = "", choices: Choices | None = None
) -> int:
    """Make the next version as the lead's officer does: preview, then make what was read."""
    chosen = choices or Choices()
    async with transaction(sessions, actor) as db:
        last = await queries.last_version(db, pool_id)
        text = rules.fill(await queries.facts(db, pool_id), chosen, last.version + 1 if last else 1)
        return await agreements.make_version(
            db, actor, pool_id, chosen, reason=reason, seen=rules.digest(text)
        )


async def wanted(db: AsyncSession, pool_id: UUID, *, sum_pence: int = 90_000_000) -> Wanted:
    """What somebody wants who read the last version."""
    last = await queries.last_version(db, pool_id)
    assert last is not None
    return Wanted(last.sha256, sum_pence, UNTIL)


def day(value: date) -> dict[str, str]:
    """A day as the three boxes of the form send it."""
    return {
        "until_on-day": str(value.day),
        "until_on-month": str(value.month),
        "until_on-year": str(value.year),
    }
