"""A pool and a council as the rules see them, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from procurement.rules.pools.states import PoolState, Stage
from procurement.rules.pools.terms import Member

NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)
CODES = ("LDS", "CMD", "SLF", "BST", "CON")


@dataclass(frozen=True)
class Pool:
    state: str = PoolState.FORMING
    lead_code: str = "LDS"
    quorum: int = 3
    category: str = "library-systems"
    region_code: str | None = None
    largest: int = 4
    cap_pence: int = 400_000_000
    first_start_on: date = date(2027, 4, 1)
    last_start_on: date = date(2027, 9, 30)
    joins_until: datetime = NOW + timedelta(days=30)
    signs_until: datetime = NOW + timedelta(days=60)


def council(code, stage=Stage.INTERESTED, **more):
    return Member(code, stage, 50_000_000, **more)
