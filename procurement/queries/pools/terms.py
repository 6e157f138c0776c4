"""What solving needs of a pool's members, what one council keeps to itself, and how it looks for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.models import (
    Pool,
    PoolAgreement,
    PoolCommitment,
    PoolMember,
    PoolOutlook,
    PoolPulse,
    PoolSignature,
    PoolStake,
    PoolTerms,
)
from procurement.queries.pools.agreements import same_signature
from procurement.rules.pools.signing import REVOCABLE
from procurement.rules.pools.states import PoolState, Stage
from procurement.rules.pools.terms import Member
from values.years import london_today


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """A council's own terms, its words, and what it still waits for."""

    member: Member
    conditions: str
    met: bool
    lacking: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who is in if who is in, as last solved."""

    settled_at: datetime
    holds: bool
    quorum_lacking: int
    inside: Sequence[str]
    waiting: Sequence[str]


def _members(pool_id: UUID) -> Any:
    brought = (
        select(func.coalesce(func.sum(PoolStake.value_pence), 0))
        .where(
            PoolStake.pool_id == PoolMember.pool_id,
            PoolStake.body_code == PoolMember.body_code,
            PoolStake.active,
        )
        .scalar_subquery()
    )
    # Of signatures that have not ended there is one a council: under the last version.
    signed = (
        select(func.max(PoolCommitment.sum_pence))
        .join(PoolSignature, same_signature())
        .where(
            PoolCommitment.pool_id == PoolMember.pool_id,
            PoolCommitment.body_code == PoolMember.body_code,
            PoolSignature.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(
            PoolMember.body_code,
            PoolMember.stage,
            brought,
            PoolTerms.cap_pence,
            func.coalesce(PoolTerms.least_partners, 0),
            PoolTerms.partners,
            func.coalesce(PoolTerms.least_joint_pence, 0),
            signed,
            func.coalesce(PoolTerms.conditions, ""),
            func.coalesce(PoolTerms.conditions_met, False),
            PoolTerms.lacking,
        )
        .outerjoin(
            PoolTerms,
            and_(PoolTerms.pool_id == PoolMember.pool_id, PoolTerms.body_code == PoolMember.body_code),
        )
        .where(PoolMember.pool_id == pool_id, PoolMember.stage != Stage.WITHDRAWN)
        .order_by(PoolMember.joined_at, PoolMember.body_code)
    )


def _own(row: Any) -> OwnTerms:
    code, stage, value, cap, least, partners, joint, signed, conditions, met, lacking = row
    member = Member(
        code,
        Stage(stage),
        int(value),
        cap_pence=cap,
        least_partners=least,
        partners=frozenset(partners or ()),
        least_joint_pence=joint,
        signed_pence=signed,
        unmet=bool(conditions) and not met,
    )
    return OwnTerms(member, conditions, met, lacking or {})


async def all_terms(db: AsyncSession, pool_id: UUID) -> list[Member]:
    """Return the terms of all who have not left. Only the jobs role reads them whole."""
    return [_own(row).member for row in await db.execute(_members(pool_id))]


async def own_terms(db: AsyncSession, pool_id: UUID, code: str) -> OwnTerms | None:
    """Return the reader's council's own terms, or None where it is not in the pool."""
    row = (await db.execute(_members(pool_id).where(PoolMember.body_code == code))).first()
    return _own(row) if row else None


async def outlook(db: AsyncSession, pool_id: UUID) -> Outlook | None:
    """Return who is in if who is in; None: never solved, or not theirs to know."""
    row = (
        await db.execute(
            select(
                PoolOutlook.settled_at,
                PoolOutlook.holds,
                PoolOutlook.quorum_lacking,
                PoolOutlook.inside,
                PoolOutlook.waiting,
            ).where(PoolOutlook.pool_id == pool_id)
        )
    ).first()
    return Outlook(*row) if row else None


async def joint_pence(db: AsyncSession, pool_id: UUID) -> int:
    """Return what all members bring together, as far as the reader may know."""
    query = select(func.coalesce(func.sum(PoolStake.value_pence), 0)).where(
        PoolStake.pool_id == pool_id, PoolStake.active
    )
    return int(await db.scalar(query) or 0)


async def last_version(db: AsyncSession, pool_id: UUID) -> int:
    """Return the number of the last version of a pool's agreement, or nought."""
    query = select(func.max(PoolAgreement.version)).where(PoolAgreement.pool_id == pool_id)
    return int(await db.scalar(query) or 0)


async def signers(db: AsyncSession, pool_id: UUID, version: int) -> set[str]:
    """Return the councils whose signature under a version stands."""
    query = select(PoolSignature.body_code).where(
        PoolSignature.pool_id == pool_id, PoolSignature.version == version, PoolSignature.ended_at.is_(None)
    )
    return set(await db.scalars(query))


def _lapsed(now: datetime) -> Select[UUID]:
    return (
        select(PoolCommitment.pool_id)
        .join(PoolSignature, same_signature())
        .where(PoolSignature.ended_at.is_(None), PoolCommitment.until_on < london_today(now))
    )


async def due(db: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Return the pools whose date has come, and those that were changed and not solved since."""
    query = (
        select(Pool.id)
        .join(PoolPulse, PoolPulse.pool_id == Pool.id)
        .where(
            or_(
                PoolPulse.changed > PoolPulse.settled,
                and_(Pool.state == PoolState.FORMING, Pool.joins_until <= now),
                and_(Pool.state == PoolState.AGREEING, Pool.signs_until <= now),
                and_(Pool.state.in_(REVOCABLE), Pool.id.in_(_lapsed(now))),
            )
        )
        .order_by(Pool.id)
    )
    return list(await db.scalars(query))
