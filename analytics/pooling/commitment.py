"""Who is in if who is in: conditions of all members solved together.

Every condition here is kept by more company, never broken by it: more partners, named partners, more volume,
and a lower price that volume brings. So the sets in which everybody's conditions hold have a largest one,
which contains all others: start with all, remove whoever is not content, repeat (Tarski's greatest fixed
point). A condition that somebody stays out would break this, and there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from values.money import to_pence


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a council is in.

    Attributes:
        id: who.
        alone_pence: what it would pay by itself, above zero; its volume as well.
        cap_pence: the most that it will pay in the pool, or None.
        least_partners: how many others there must be at least.
        partners: others who must all be in.
        least_joint_pence: what all members would pay by themselves must come to this at least.
    """

    id: str
    alone_pence: int
    cap_pence: int | None = None
    least_partners: int = 0
    partners: frozenset[str] = frozenset()
    least_joint_pence: int = 0


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a council still waits for, with those who are in as its company; noughts where it is content.

    Attributes:
        id: who.
        partner_count: how many more others.
        partners: which of those it names.
        joint_pence: how much more volume.
        over_cap_pence: by how much its price is above its cap.
    """

    id: str
    partner_count: int
    partners: tuple[str, ...]
    joint_pence: int
    over_cap_pence: int

    @property
    def content(self) -> bool:
        """Return whether nothing is lacking."""
        return not (self.partner_count or self.partners or self.joint_pence or self.over_cap_pence)


@dataclass(frozen=True, slots=True)
class Company:
    """Who is in, and what keeps the others and the pool from holding.

    Attributes:
        inside: the largest set in which everybody's conditions hold, in the order given.
        waiting: what each of the others lacks.
        quorum_lacking: how many more councils the pool needs to open.
    """

    inside: tuple[str, ...]
    waiting: tuple[Lacking, ...]
    quorum_lacking: int

    @property
    def holds(self) -> bool:
        """Return whether the pool can go ahead with those who are in."""
        return self.quorum_lacking == 0


def solve(members: Sequence[Terms], *, elasticity: float, quorum: int) -> Company:
    """Return the largest company in which everybody's conditions hold.

    Args:
        members: all who would join, on their terms.
        elasticity: β of the volume curve, not above zero: a member pays (joint / own volume)^β of its price.
        quorum: how many councils open the pool.

    Raises:
        ValueError: two share an id, a sum is not above zero, or the elasticity is above zero.
    """
    if len({member.id for member in members}) < len(members):
        raise ValueError("each member needs its own id")
    if elasticity > 0 or any(member.alone_pence <= 0 for member in members):
        raise ValueError("volumes lie above zero, and volume does not make dearer")
    inside = list(members)
    while True:
        content = [member for member in inside if _lacking(member, inside, elasticity).content]
        if len(content) == len(inside):
            break
        inside = content
    names = {member.id for member in inside}
    waiting = (
        _lacking(member, [*inside, member], elasticity) for member in members if member.id not in names
    )
    return Company(
        inside=tuple(member.id for member in inside),
        waiting=tuple(waiting),
        quorum_lacking=max(0, quorum - len(inside)),
    )


def price_pence(member: Terms, joint_pence: int, elasticity: float) -> int:
    """Return what a member pays in a pool whose members by themselves would pay so much together."""
    ratio = Decimal((joint_pence / member.alone_pence) ** elasticity)
    return to_pence(Decimal(member.alone_pence) * ratio / 100)


def _lacking(member: Terms, company: Sequence[Terms], elasticity: float) -> Lacking:
    """Return what a member lacks in a company that it is part of."""
    joint = sum(other.alone_pence for other in company)
    names = {other.id for other in company}
    over = 0
    if member.cap_pence is not None:
        over = max(0, price_pence(member, joint, elasticity) - member.cap_pence)
    return Lacking(
        id=member.id,
        partner_count=max(0, member.least_partners - (len(company) - 1)),
        partners=tuple(sorted(member.partners - names)),
        joint_pence=max(0, member.least_joint_pence - joint),
        over_cap_pence=over,
    )
