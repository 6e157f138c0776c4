"""What the pooling engine reads: needs, the rules of a lawful pool, and what people have wished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

UNIT_GBP = 10_000  # volumes and savings are counted in steps of ten thousand pounds
UNIT_PENCE = UNIT_GBP * 100


@dataclass(frozen=True, slots=True)
class Need:
    """What one council wants to buy once.

    Attributes:
        id: its name, unique among the needs given.
        council: who buys.
        region: where; asked for in regional categories only.
        category: what is bought; pools never cross categories.
        national: whether councils of all regions may share a pool in this category.
        value: expected volume over the contract, in whole steps of £10,000, at least 1.
        first_month: earliest month of the start, counted from any common month.
        last_month: latest month of the start.
        standard: the profile of standards it asks for; 0 fits any.
    """

    id: str
    council: str
    region: str
    category: str
    national: bool
    value: int
    first_month: int
    last_month: int
    standard: int = 0

    @property
    def market(self) -> tuple[str, str]:
        """Return within what its pools stay: the category, and the region where the category is regional."""
        return self.category, "" if self.national else self.region


@dataclass(frozen=True, slots=True)
class Model:
    """What a pool saves and when it is lawful; volumes and savings in steps of £10,000.

    The elasticity is a stated prior, assumed and not measured: no prices that councils actually paid are
    public. It becomes an estimate as contracts of our own come in.

    Attributes:
        elasticity: β, by how much the unit price moves with volume: k times the volume costs k^β a unit.
        elasticity_error: standard deviation of what we believe about β.
        pool_cost: what running one pool costs all members together.
        member_cost: what taking part costs each member.
        quorum: least number of members, and of councils.
        largest: greatest number of members.
        national_cap: greatest volume of a pool in a national category; lots beyond shut small firms out.
        regional_cap: the same in a regional one.
    """

    elasticity: float = -0.09
    elasticity_error: float = 0.02
    pool_cost: float = 6.0
    member_cost: float = 0.6
    quorum: int = 3
    largest: int = 12
    national_cap: int = 400
    regional_cap: int = 200

    def __post_init__(self) -> None:
        if not -1 < self.elasticity <= 0:
            raise ValueError("elasticity lies above -1 and not above 0")
        if min(self.elasticity_error, self.pool_cost, self.member_cost) < 0:
            raise ValueError("costs and errors are not below zero")
        if not 1 <= self.quorum <= self.largest:
            raise ValueError("quorum lies between 1 and the largest pool")

    def cap(self, *, national: bool) -> int:
        """Return the greatest volume of a pool."""
        return self.national_cap if national else self.regional_cap

    def saving(self, values: Sequence[float]) -> float:
        """Return what a pool of these volumes saves: Σ vᵢ^(1+β) − (Σ vᵢ)^(1+β) − c_pool − c_member·n."""
        power = 1 + self.elasticity
        apart = sum(value**power for value in values)
        return float(apart - sum(values) ** power - self.pool_cost - self.member_cost * len(values))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people have decided beforehand.

    Attributes:
        together: sets of needs that must share one pool; a set of one must be in some pool.
        apart: pairs of needs that must not share a pool.
        out: needs that are in no pool.
    """

    together: tuple[frozenset[str], ...] = ()
    apart: frozenset[frozenset[str]] = field(default_factory=frozenset[frozenset[str]])
    out: frozenset[str] = frozenset()


def broken(members: Sequence[Need], model: Model) -> str | None:
    """Return why needs are not a lawful pool, in one word, or None."""
    checks = (
        ("size", not model.quorum <= len(members) <= model.largest),
        ("councils", len({need.council for need in members}) < model.quorum),
        ("category", len({need.category for need in members}) > 1),
        ("region", len({need.market for need in members}) > 1),
        ("cap", _too_large(members, model)),
        ("window", _window_empty(members)),
        ("standard", len({need.standard for need in members} - {0}) > 1),
    )
    return next((why for why, fails in checks if fails), None)


def unwished(pools: Iterable[Iterable[str]], wishes: Wishes) -> str | None:
    """Return which wish pools of these needs pass over, in words, or None."""
    sets = [frozenset(pool) for pool in pools]
    pooled = frozenset[str]().union(*sets)
    if found := sorted(pooled & wishes.out):
        return f"{found[0]} is to be in no pool"
    for pair in wishes.apart:
        if any(pair <= pool for pool in sets):
            return f"{' and '.join(sorted(pair))} are to be in different pools"
    for group in wishes.together:
        if not any(group <= pool for pool in sets):
            return f"{' and '.join(sorted(group))} are to be in one pool"
    return None


def _too_large(members: Sequence[Need], model: Model) -> bool:
    national = all(need.national for need in members)
    return sum(need.value for need in members) > model.cap(national=national)


def _window_empty(members: Sequence[Need]) -> bool:
    if not members:
        return True
    return max(need.first_month for need in members) > min(need.last_month for need in members)
