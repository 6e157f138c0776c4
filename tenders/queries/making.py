"""What a tender takes over from the pool that it is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from procurement.queries.pools import agreements, lines, worth
from procurement.queries.pools import pool as pools
from procurement.queries.pools.pool import MemberRow, PoolRow, StakeRow
from procurement.queries.pools.worth import Baseline
from procurement.rules.pools.lines import Part
from procurement.rules.pools.specification import SpecifiedLine
from procurement.rules.pools.states import Stage


@dataclass(frozen=True, slots=True)
class Taken:
    """A pool as a tender begins with it.

    Attributes:
        bound: the councils whose approvers signed the agreement, the lead first.
        signed: their codes under a signature that stands.
        lines: what is required, as reconciled.
        left: lines that are not settled, which are not taken over.
        baseline: what the pool was expected to save when it committed.
    """

    pool: PoolRow
    bound: Sequence[MemberRow]
    signed: frozenset[str]
    stakes: Sequence[StakeRow]
    lines: Sequence[SpecifiedLine]
    left: Sequence[SpecifiedLine]
    baseline: Baseline | None

    @property
    def value_pence(self) -> int:
        """What the bound councils expect to spend together."""
        return sum(stake.value_pence for stake in self.stakes)

    @property
    def volume(self) -> tuple[int, str] | None:
        """The volume of all, and its unit; None where one does not say it, or units differ."""
        units = {stake.unit for stake in self.stakes}
        volumes = [stake.volume for stake in self.stakes if stake.volume is not None]
        if len(units) != 1 or len(volumes) != len(self.stakes) or not volumes:
            return None
        return sum(volumes), units.pop()

    @property
    def lots(self) -> Sequence[str]:
        """The lots that the members agreed on, by name."""
        return list(dict.fromkeys(line.lot for line in self.lines if line.part is Part.LOT))


async def taken(db: AsyncSession, pool_id: UUID) -> Taken:
    """Return what a tender takes over from a pool; only its members, and sector leads, get all of it.

    Raises:
        Missing: no such pool, or not theirs to see.
    """
    pool = await pools.pool_row(db, pool_id)
    members = [each for each in await pools.members(db, pool_id) if each.stage == Stage.BOUND]
    codes = {each.body_code for each in members}
    signed = {row.body_code for row in await agreements.signatures(db, pool_id) if row.ended_at is None}
    specification = await lines.specification(db, pool_id)
    settled = [line for line in specification.lines if line.part not in (Part.OPEN, Part.DROPPED)]
    return Taken(
        pool=pool,
        bound=sorted(members, key=lambda each: (each.body_code != pool.lead_code, each.body_name)),
        signed=frozenset(signed),
        stakes=[stake for stake in await pools.stakes(db, pool_id) if stake.body_code in codes],
        lines=settled,
        left=[line for line in specification.lines if line.part is Part.OPEN],
        baseline=await worth.baseline(db, pool_id),
    )
