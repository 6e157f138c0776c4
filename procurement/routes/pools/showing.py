"""What every page of a pool shows: the pool, its tabs, and as whom the reader stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from procurement.queries.pools import pool as queries
from procurement.queries.pools.pool import MemberRow, PoolRow
from procurement.rules.pools import states
from spend.queries import own_code
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed

# The tabs in their order: name, and what follows the pool's address.
TABS: Final = (
    ("Overview", ""),
    ("Requirements", "/requirements"),
    ("Worth", "/worth"),
    ("Agreement", "/agreement"),
    ("Discussion", "/discussion"),
    ("Timeline", "/timeline"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A pool as its reader stands to it.

    Attributes:
        tab: which tab this is, by name.
        tabs: those that the reader can open, each with its address.
        inside: whether the reader sees more than the overview: of a member that has not left, or sector lead.
        own_code: the reader's council, or None where they act for no council.
        own: the reader's council in this pool, or None.
        leads: whether the reader runs the pool.
    """

    pool: PoolRow
    members: Sequence[MemberRow]
    tab: str
    tabs: Sequence[tuple[str, str]]
    own_code: str | None
    own: MemberRow | None
    inside: bool
    leads: bool

    @property
    def here(self) -> Sequence[MemberRow]:
        """The members that have not left."""
        return [member for member in self.members if not member.withdrawn]

    @property
    def takes_part(self) -> bool:
        """Whether the reader's council is a member that has not left."""
        return self.own is not None and not self.own.withdrawn


def check_may_see(actor: Actor) -> None:
    """Refuse whoever does not see pools from the inside.

    Raises:
        NotAllowed: not of a council, and no sector lead.
    """
    if not states.may_see_pools(actor):
        raise NotAllowed("This part of a pool is for people of councils and sector leads.")


async def head(db: AsyncSession, actor: Actor, pool_id: UUID, tab: str) -> Head:
    """Return what a tab of a pool starts from."""
    check_may_see(actor)
    pool = await queries.pool_row(db, pool_id)
    members = await queries.members(db, pool_id)
    code = await own_code(db, actor)
    own = next((member for member in members if member.body_code == code), None)
    inside = actor.has(Role.SECTOR_LEAD) or (own is not None and not own.withdrawn)
    tabs = [(text, f"/pools/{pool_id}{end}") for text, end in (TABS if inside else TABS[:1])]
    return Head(pool, members, tab, tabs, code, own, inside, states.may_lead(actor, pool.lead_code, code))


async def head_of_member(db: AsyncSession, actor: Actor, pool_id: UUID, tab: str) -> Head:
    """Return the same where the tab is for members of the pool, and sector leads, only.

    Raises:
        Missing: the reader's council is not in the pool; whether there is such a tab is not theirs to know.
    """
    found = await head(db, actor, pool_id, tab)
    if not found.inside:
        raise Missing("pool")
    return found
