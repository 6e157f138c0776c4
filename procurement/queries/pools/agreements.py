"""The agreement of a pool: what it is filled with, its versions, and who signed which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import (
    Pool,
    PoolAgreement,
    PoolCommitment,
    PoolMember,
    PoolSignature,
    PoolStake,
)
from procurement.queries.pools import lines
from procurement.rules.pools.agreement import Facts, Party, requirements
from procurement.rules.pools.states import Stage
from spend.rules.categories import taxonomy
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the agreement."""

    version: int
    text: str
    sha256: bytes
    choices: dict[str, Any]
    reason: str
    person_name: str
    made_at: datetime

    @property
    def parties(self) -> Sequence[str]:
        """The councils that the text names, by code."""
        return self.choices["parties"]


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature, whether it still stands or has ended."""

    version: int
    body_code: str
    body_name: str
    turn: int
    sha256: bytes
    person_id: UUID
    person_name: str
    signed_at: datetime
    ended_at: datetime | None
    ended_reason: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """Up to which sum and until when a council is bound; only that council gets it."""

    sum_pence: int
    until_on: date


async def facts(db: AsyncSession, pool_id: UUID) -> Facts:
    """Return what the agreement of a pool is filled with.

    Raises:
        Missing: no such pool, or not theirs to see.
    """
    pool = (await db.execute(select(Pool).where(Pool.id == pool_id))).scalar_one_or_none()
    if pool is None:
        raise Missing("pool")
    estimate = func.coalesce(func.sum(PoolStake.value_pence), 0)
    rows = await db.execute(
        select(PoolMember.body_code, Organisation.name, estimate)
        .join(Organisation, Organisation.code == PoolMember.body_code)
        .outerjoin(
            PoolStake,
            and_(
                PoolStake.pool_id == PoolMember.pool_id,
                PoolStake.body_code == PoolMember.body_code,
                PoolStake.active,
            ),
        )
        .where(PoolMember.pool_id == pool_id, PoolMember.stage != Stage.WITHDRAWN)
        .group_by(PoolMember.body_code, Organisation.name)
    )
    # Sorted here, not by the database's collation: the same facts must give the same bytes everywhere.
    parties = sorted(
        (Party(code, name, int(pence)) for code, name, pence in rows),
        key=lambda party: (party.code != pool.lead_code, party.name),
    )
    return Facts(
        title=pool.title,
        category=taxonomy().named(pool.category),
        purpose=pool.purpose,
        vote_rule=pool.vote_rule,
        quorum=pool.quorum,
        largest=pool.largest,
        joint_pence=pool.cap_pence,
        first_start_on=pool.first_start_on,
        last_start_on=pool.last_start_on,
        joins_until=pool.joins_until,
        signs_until=pool.signs_until,
        parties=tuple(parties),
        requirements=requirements(await lines.specification(db, pool_id)),
    )


_VERSION = (
    PoolAgreement.version,
    PoolAgreement.text,
    PoolAgreement.sha256,
    PoolAgreement.choices,
    PoolAgreement.reason,
    PoolAgreement.person_name,
    PoolAgreement.made_at,
)


async def versions(db: AsyncSession, pool_id: UUID) -> Sequence[VersionRow]:
    """Return all versions, the last one first."""
    rows = await db.execute(
        select(*_VERSION).where(PoolAgreement.pool_id == pool_id).order_by(PoolAgreement.version.desc())
    )
    return [VersionRow(*row) for row in rows]


async def last_version(db: AsyncSession, pool_id: UUID) -> VersionRow | None:
    """Return the version that counts, or None where there is none yet."""
    query = select(*_VERSION).where(PoolAgreement.pool_id == pool_id)
    row = (await db.execute(query.order_by(PoolAgreement.version.desc()).limit(1))).first()
    return VersionRow(*row) if row else None


async def version(db: AsyncSession, pool_id: UUID, number: int) -> VersionRow:
    """Return one version.

    Raises:
        Missing: there is none, or it is not theirs to see.
    """
    query = select(*_VERSION).where(PoolAgreement.pool_id == pool_id, PoolAgreement.version == number)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("version")
    return VersionRow(*row)


async def signatures(db: AsyncSession, pool_id: UUID, number: int | None = None) -> Sequence[SignatureRow]:
    """Return the signatures under a version, or under all, in their order; those that ended as well."""
    query = (
        select(
            PoolSignature.version,
            PoolSignature.body_code,
            Organisation.short_name,
            PoolSignature.turn,
            PoolSignature.sha256,
            PoolSignature.person_id,
            PoolSignature.person_name,
            PoolSignature.signed_at,
            PoolSignature.ended_at,
            PoolSignature.ended_reason,
        )
        .join(Organisation, Organisation.code == PoolSignature.body_code)
        .where(PoolSignature.pool_id == pool_id)
        .order_by(PoolSignature.signed_at, PoolSignature.body_code)
    )
    if number is not None:
        query = query.where(PoolSignature.version == number)
    return [SignatureRow(*row) for row in await db.execute(query)]


async def lapsed(db: AsyncSession, pool_id: UUID, today: date) -> Sequence[SignatureRow]:
    """Return the signatures that stand though their commitment's day is over. For the jobs role."""
    over = await db.scalars(
        select(PoolCommitment.body_code)
        .join(PoolSignature, same_signature())
        .where(
            PoolCommitment.pool_id == pool_id,
            PoolCommitment.until_on < today,
            PoolSignature.ended_at.is_(None),
        )
    )
    codes = set(over)
    rows = await signatures(db, pool_id)
    return [row for row in rows if row.ended_at is None and row.body_code in codes]


def same_signature() -> ColumnElement[bool]:
    """Return what joins a commitment with the signature that it belongs to."""
    return and_(
        PoolSignature.pool_id == PoolCommitment.pool_id,
        PoolSignature.version == PoolCommitment.version,
        PoolSignature.body_code == PoolCommitment.body_code,
        PoolSignature.turn == PoolCommitment.turn,
    )


async def live_signature(db: AsyncSession, pool_id: UUID, body_code: str) -> SignatureRow | None:
    """Return a council's signature that stands, the one under the latest version, or None."""
    rows = await signatures(db, pool_id)
    live = [row for row in rows if row.body_code == body_code and row.ended_at is None]
    return max(live, key=lambda row: row.version, default=None)


async def commitment(db: AsyncSession, pool_id: UUID, signature: SignatureRow) -> Commitment | None:
    """Return up to which sum and until when a signature of the reader's own council binds it."""
    row = (
        await db.execute(
            select(PoolCommitment.sum_pence, PoolCommitment.until_on).where(
                PoolCommitment.pool_id == pool_id,
                PoolCommitment.version == signature.version,
                PoolCommitment.body_code == signature.body_code,
                PoolCommitment.turn == signature.turn,
            )
        )
    ).first()
    return Commitment(*row) if row else None
