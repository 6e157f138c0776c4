"""A council joins a pool, says what it brings, and on what terms it is in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions import needs as need_actions
from procurement.actions.pools import leaving, pulse
from procurement.models import Need, PoolMember, PoolStake, PoolTerms
from procurement.queries import needs
from procurement.queries.pools import pool as queries
from procurement.queries.pools import stakes
from procurement.queries.pools import terms as terms_queries
from procurement.queries.pools.pool import MemberRow, PoolRow
from procurement.rules.pools import joining as rules
from procurement.rules.pools import states, terms
from procurement.rules.pools.states import Stage
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class WantedTerms:
    """On what terms a council says it is in; nothing said is no condition."""

    cap_pence: int | None = None
    least_partners: int = 0
    partners: frozenset[str] = frozenset()
    least_joint_pence: int = 0
    conditions: str = ""
    conditions_met: bool = False

    @property
    def none(self) -> bool:
        """Whether nothing is asked for."""
        return self == WantedTerms()


async def join_pool(db: AsyncSession, actor: Actor, pool_id: UUID, need_id: UUID, *, now: datetime) -> None:
    """Enter the actor's council into a pool with one of its open needs. Nothing binds it yet.

    Raises:
        Refused: the pool is full or past joining, or the need does not fit it.
    """
    states.check_officer(actor)
    pool = await queries.locked_pool(db, pool_id)
    code = await own_code(db, actor) or ""
    members = await queries.members(db, pool_id)
    own = next((member for member in members if member.body_code == code), None)
    rules.check_can_join(
        pool,
        stage=own.stage if own else None,
        members=sum(not member.withdrawn for member in members),
        region_code=await stakes.region_of(db, code),
        now=now,
    )
    await enter(db, pool, code, own)
    await bring(db, pool, code, need_id)
    await audit.record(db, actor, "pool.joined", "pool", pool_id, body_code=code)
    await pulse.took_part(db, actor, pool_id, code)
    await pulse.changed(db, actor, pool_id)


async def enter(db: AsyncSession, pool: PoolRow, code: str, own: MemberRow | None) -> None:
    """Make a council a member, or one again, with no terms."""
    if own is None:
        await db.execute(insert(PoolMember).values(pool_id=pool.id, body_code=code).inline())
    else:
        states.check_stage_move(own.stage, Stage.INTERESTED)
        await leaving.set_stage(db, pool.id, [code], Stage.INTERESTED)
    await _write_terms(db, pool.id, code, WantedTerms())


async def bring(db: AsyncSession, pool: PoolRow, code: str, need_id: UUID) -> None:
    """Bring a need into a pool of which the council is a member already, so that it sees what others bring.

    Raises:
        Refused: the need does not fit.
    """
    # Nobody archives the need, or takes it back, until it stands in the pool.
    await db.execute(select(Need.id).where(Need.id == need_id).with_for_update())
    need = await needs.need_row(db, need_id)
    rules.check_brings(pool, need, code)
    brings = {"value_pence": need.value_pence, "volume": need.volume or None, "unit": need.unit}
    await db.execute(
        insert(PoolStake)
        .values(pool_id=pool.id, need_id=need_id, body_code=code, **brings)
        .on_conflict_do_update(
            index_elements=["pool_id", "need_id"],
            set_={**brings, "active": True, "changed_at": func.statement_timestamp()},
        )
    )
    rules.check_fits(pool, await terms_queries.joint_pence(db, pool.id), "need_id")


async def change_stake(
    db: AsyncSession, actor: Actor, pool_id: UUID, *, value_pence: int, volume: int | None
) -> None:
    """Correct the estimate of what the actor's council brings, in the pool and in its need.

    Raises:
        Refused: the council is bound, or the pool would be above its bound.
    """
    pool, own = await _own(db, actor, pool_id)
    rules.check_can_set_terms(pool, own.stage)
    need_id = await stakes.own_need(db, pool_id, own.body_code)
    if need_id is None:
        raise Missing("stake")
    await need_actions.change_estimate(db, actor, need_id, value_pence=value_pence, volume=volume)
    await db.execute(
        update(PoolStake)
        .where(PoolStake.pool_id == pool_id, PoolStake.need_id == need_id)
        .values(value_pence=value_pence, volume=volume or None, changed_at=func.statement_timestamp())
    )
    rules.check_fits(pool, await terms_queries.joint_pence(db, pool_id), "value_pence")
    await audit.record(db, actor, "pool.stake_changed", "pool", pool_id, body_code=own.body_code)
    await pulse.took_part(db, actor, pool_id, own.body_code)
    await pulse.changed(db, actor, pool_id)


async def set_terms(db: AsyncSession, actor: Actor, pool_id: UUID, wanted: WantedTerms) -> None:
    """Say on what terms the actor's council is in; the others learn only that it has some.

    Raises:
        Refused: the council is bound, or asks for what no company could give.
    """
    pool, own = await _own(db, actor, pool_id)
    rules.check_can_set_terms(pool, own.stage)
    kept = await terms_queries.own_terms(db, pool_id, own.body_code)
    assert kept is not None
    member = dataclasses.replace(
        kept.member,
        cap_pence=wanted.cap_pence,
        least_partners=wanted.least_partners,
        partners=wanted.partners,
        least_joint_pence=wanted.least_joint_pence,
    )
    known = frozenset(each.body_code for each in await queries.members(db, pool_id) if not each.withdrawn)
    terms.check_terms(
        member,
        partners_known=known | kept.member.partners,
        largest=pool.largest,
        conditions=wanted.conditions,
        met=wanted.conditions_met,
    )
    await _write_terms(db, pool_id, own.body_code, wanted)
    to = Stage.INTERESTED if wanted.none else Stage.CONDITIONAL
    if own.stage != to:
        states.check_stage_move(own.stage, to)
        await db.execute(
            update(PoolMember)
            .where(PoolMember.pool_id == pool_id, PoolMember.body_code == own.body_code)
            .values(stage=to.value, stage_changed_at=func.statement_timestamp())
        )
    await audit.record(db, actor, "pool.terms_set", "pool", pool_id, body_code=own.body_code, stage=to.value)
    await pulse.took_part(db, actor, pool_id, own.body_code)
    await pulse.changed(db, actor, pool_id)


async def _own(db: AsyncSession, actor: Actor, pool_id: UUID) -> tuple[PoolRow, MemberRow]:
    """Lock a pool and return it with the actor's own council in it."""
    states.check_officer(actor)
    pool = await queries.locked_pool(db, pool_id)
    code = await own_code(db, actor)
    own = next((each for each in await queries.members(db, pool_id) if each.body_code == code), None)
    if own is None:
        raise Missing("member")
    return pool, own


async def _write_terms(db: AsyncSession, pool_id: UUID, code: str, wanted: WantedTerms) -> None:
    values = {
        "cap_pence": wanted.cap_pence,
        "least_partners": wanted.least_partners,
        "partners": sorted(wanted.partners),
        "least_joint_pence": wanted.least_joint_pence,
        "conditions": wanted.conditions,
        "conditions_met": wanted.conditions_met,
    }
    await db.execute(
        insert(PoolTerms)
        .values(pool_id=pool_id, body_code=code, **values)
        .on_conflict_do_update(
            index_elements=["pool_id", "body_code"],
            set_={**values, "changed_at": func.statement_timestamp()},
        )
    )
