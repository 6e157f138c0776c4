"""Writing a need down, opening it to others, archiving and copying it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.models import Need, NeedDetail, NeedLine, NeedVersion
from procurement.queries import needs as queries
from procurement.queries.pools import stakes
from procurement.rules import needs as rules
from procurement.rules.needs import NeedState, Wanted
from procurement.rules.pools import joining as pool_rules
from spend.queries import own_code
from store import audit, jobs
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused

SHARED = (
    "title",
    "category",
    "outcomes",
    "volume",
    "unit",
    "value_pence",
    "earliest_start_on",
    "latest_start_on",
    *queries.REQUIRED,
)


async def record_need(db: AsyncSession, actor: Actor, wanted: Wanted) -> UUID:
    """Record a need of the actor's council as a draft."""
    code = await own_code(db, actor)
    rules.check_may_change(actor, code or "", code)
    rules.check(wanted)
    need_id = await write_need(db, actor, str(code), wanted)
    await ask_for_matches(db, actor, [need_id])
    return need_id


async def ask_for_matches(db: AsyncSession, actor: Actor, need_ids: Sequence[UUID]) -> None:
    """Have it worked out which needs go together with these, as they are in this transaction."""
    if need_ids:
        needs = [str(need_id) for need_id in need_ids]
        await jobs.enqueue(db, actor, "procurement.match_need", lane="quick", needs=needs)


async def write_need(
    db: AsyncSession,
    actor: Actor,
    body_code: str,
    wanted: Wanted,
    *,
    source_key: str | None = None,
    demonstration: bool = False,
) -> UUID:
    """Add a need that was checked, with its first version."""
    need_id = uuid7()
    shared = {name: getattr(wanted, name) for name in SHARED}
    await db.execute(
        insert(Need).values(
            id=need_id, body_code=body_code, source_key=source_key, demonstration=demonstration, **shared
        )
    )
    detail = {name: getattr(wanted, name) for name in queries.DETAIL}
    await db.execute(
        insert(NeedDetail).values(need_id=need_id, owner_id=actor.person_id, owner_name=actor.name, **detail)
    )
    await _keep(db, actor, need_id, 1, wanted)
    await audit.record(db, actor, "need.recorded", "need", need_id, title=wanted.title)
    return need_id


async def change_need(db: AsyncSession, actor: Actor, need_id: UUID, wanted: Wanted, *, seen: int) -> int:
    """Save a need anew; return its version. `seen` is the version that the person had before them.

    Raises:
        Refused: somebody saved it in the meantime, or an open need would no longer be whole.
    """
    need = await _locked(db, actor, need_id)
    if need.version != seen:
        raise Refused("Somebody else saved this need in the meantime. Open it again to see the change.")
    if need.state == NeedState.ARCHIVED:
        raise Refused("An archived need cannot be changed. Take it back to draft first.")
    (rules.check_whole if need.state == NeedState.OPEN else rules.check)(wanted)
    page = await queries.need_page(db, need_id)
    if page.wanted == wanted:
        return need.version
    pool = await stakes.pool_of_need(db, need_id)
    if pool and page.wanted:
        pool_rules.check_pooled_change(pool.title, pool.window, page.wanted, wanted)
    return await _change(db, actor, need, wanted)


async def change_estimate(
    db: AsyncSession, actor: Actor, need_id: UUID, *, value_pence: int, volume: int | None
) -> None:
    """Correct value and volume of a need together with what its pool reckons with."""
    need = await _locked(db, actor, need_id)
    page = await queries.need_page(db, need_id)
    if page.wanted is None:
        raise Missing("need")
    wanted = dataclasses.replace(page.wanted, value_pence=value_pence, volume=volume)
    rules.check_whole(wanted)
    if wanted != page.wanted:
        await _change(db, actor, need, wanted)


async def _change(db: AsyncSession, actor: Actor, need: queries.NeedRow, wanted: Wanted) -> int:
    need_id, version = need.id, need.version + 1
    shared = {name: getattr(wanted, name) for name in SHARED}
    await db.execute(
        update(Need)
        .where(Need.id == need_id)
        .values(version=version, changed_at=func.statement_timestamp(), **shared)
    )
    detail = {name: getattr(wanted, name) for name in queries.DETAIL}
    await db.execute(update(NeedDetail).where(NeedDetail.need_id == need_id).values(**detail))
    await db.execute(delete(NeedLine).where(NeedLine.need_id == need_id))
    await _keep(db, actor, need_id, version, wanted)
    await audit.record(db, actor, "need.changed", "need", need_id, version=version)
    await ask_for_matches(db, actor, [need_id])
    return version


async def move_need(db: AsyncSession, actor: Actor, need_id: UUID, to: NeedState) -> None:
    """Open a need to other councils, take it back to draft, or archive it."""
    need = await _locked(db, actor, need_id)
    rules.check_move(need.state, to)
    if pool := await stakes.pool_of_need(db, need_id):
        pool_rules.check_pooled_move(pool.title, to)
    if to is NeedState.OPEN:
        page = await queries.need_page(db, need_id)
        if page.wanted is None:
            raise Missing("need")
        rules.check_whole(page.wanted)
    await db.execute(
        update(Need).where(Need.id == need_id).values(state=to.value, changed_at=func.statement_timestamp())
    )
    await audit.record(db, actor, f"need.{_DONE[to]}", "need", need_id)
    if to is not NeedState.ARCHIVED:
        await ask_for_matches(db, actor, [need_id])


_DONE = {NeedState.OPEN: "opened", NeedState.DRAFT: "taken_back", NeedState.ARCHIVED: "archived"}


async def copy_need(db: AsyncSession, actor: Actor, need_id: UUID) -> UUID:
    """Make a draft with the same words; return it."""
    page = await queries.need_page(db, need_id)
    code = await own_code(db, actor)
    rules.check_may_change(actor, page.need.body_code, code)
    if page.wanted is None:
        raise Missing("need")
    return await record_need(
        db, actor, dataclasses.replace(page.wanted, title=f"Copy of {page.wanted.title}"[:200])
    )


async def _locked(db: AsyncSession, actor: Actor, need_id: UUID) -> queries.NeedRow:
    need = await queries.need_row(db, need_id)
    rules.check_may_change(actor, need.body_code, await own_code(db, actor))
    await db.execute(select(Need.id).where(Need.id == need_id).with_for_update())
    return await queries.need_row(db, need_id)


async def _keep(db: AsyncSession, actor: Actor, need_id: UUID, version: int, wanted: Wanted) -> None:
    lines = [("must", text) for text in wanted.must] + [("nice", text) for text in wanted.nice]
    if lines:
        await db.execute(
            insert(NeedLine),
            [
                {"need_id": need_id, "position": position, "kind": kind, "text": text}
                for position, (kind, text) in enumerate(lines, start=1)
            ],
        )
    await db.execute(
        insert(NeedVersion).values(
            need_id=need_id, version=version, snapshot=wanted.as_json(), person_name=actor.name
        )
    )
