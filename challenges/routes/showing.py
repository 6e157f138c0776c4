"""What every page of a challenge shows: the challenge, its tabs, and as whom the reader stands to it."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from challenges.queries import challenges as queries
from challenges.queries import sponsors
from challenges.queries.challenges import ChallengeRow
from challenges.queries.sponsors import SponsorRow
from challenges.rules import states
from spend.queries import own_code
from values.actors import Actor, Role
from values.refusals import Missing


class Audience(enum.Enum):
    """Who can open a tab of a challenge that they see."""

    EVERYBODY = enum.auto()
    ONCE_PUBLIC = enum.auto()
    FIRMS_ONCE_PUBLIC = enum.auto()
    COUNCILS = enum.auto()
    INSIDE = enum.auto()


# The tabs in their order: name, what follows the challenge's address, and for whom it is.
TABS: Final = (
    ("Challenge", "", Audience.EVERYBODY),
    ("Questions", "/questions", Audience.ONCE_PUBLIC),
    ("Sponsors", "/sponsors", Audience.COUNCILS),
    ("Approval", "/approval", Audience.INSIDE),
    ("Your response", "/response", Audience.FIRMS_ONCE_PUBLIC),
    ("Partners", "/partners", Audience.FIRMS_ONCE_PUBLIC),
    ("Responses", "/responses", Audience.INSIDE),
    ("Judging", "/judging", Audience.EVERYBODY),
    ("Pilots", "/pilots", Audience.ONCE_PUBLIC),
    ("Notices", "/notices", Audience.EVERYBODY),
    ("History", "/history", Audience.INSIDE),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A challenge as its reader stands to it.

    Attributes:
        inside: the reader sees what is for the sponsors alone: of a sponsor, or sector lead.
        sponsors_it: the reader's council is a sponsor and the reader its officer or approver.
        leads: the reader runs the challenge.
        approves: the reader is an approver of a sponsor.
        of_council: the reader is an officer or approver of a council.
        responds: the reader is of a firm, which can respond.
    """

    challenge: ChallengeRow
    sponsors: Sequence[SponsorRow]
    tab: str
    tabs: Sequence[tuple[str, str]]
    own_code: str | None
    inside: bool
    sponsors_it: bool
    leads: bool
    approves: bool
    of_council: bool
    responds: bool

    @property
    def changes(self) -> bool:
        """Whether the reader can change the statement now."""
        return self.leads and self.challenge.changeable

    @property
    def asked(self) -> bool:
        """Whether the reader approves for a council whose approval is waited for."""
        challenge = self.challenge
        late = challenge.takes_responses and self.own_code != challenge.lead_code
        return self.approves and (challenge.changeable or late) and not self.has_approved

    @property
    def has_approved(self) -> bool:
        """Whether the reader's council has approved the statement as it stands."""
        return any(each.stands for each in self.sponsors if each.code == self.own_code)


async def head(db: AsyncSession, visitor: Actor, challenge_id: UUID, tab: str) -> Head:
    """Return what a tab of a challenge starts from.

    Raises:
        Missing: no such challenge, or not theirs to see.
    """
    challenge = await queries.challenge_row(db, challenge_id)
    found = await sponsors.sponsors(db, challenge_id)
    code = await own_code(db, visitor)
    of_council = code is not None and visitor.has(Role.OFFICER, Role.APPROVER)
    sponsors_it = of_council and code in [each.code for each in found]
    inside = sponsors_it or visitor.has(Role.SECTOR_LEAD)
    opened = {Audience.EVERYBODY}
    opened |= {Audience.ONCE_PUBLIC} if challenge.public else set()
    opened |= {Audience.COUNCILS} if inside or of_council else set()
    opened |= {Audience.INSIDE} if inside else set()
    responds = challenge.public and visitor.has(Role.SUPPLIER)
    opened |= {Audience.FIRMS_ONCE_PUBLIC} if responds else set()
    return Head(
        challenge=challenge,
        sponsors=found,
        tab=tab,
        tabs=[
            (text, f"/challenges/{challenge_id}{end}") for text, end, audience in TABS if audience in opened
        ],
        own_code=code,
        inside=inside,
        sponsors_it=sponsors_it,
        leads=states.may_lead(visitor, challenge.lead_code, code),
        approves=sponsors_it and visitor.has(Role.APPROVER),
        of_council=of_council,
        responds=responds,
    )


async def head_once_public(db: AsyncSession, visitor: Actor, challenge_id: UUID, tab: str) -> Head:
    """Return the same where the tab is there once the challenge is published.

    Raises:
        Missing: it is not published, or not the reader's to see.
    """
    found = await head(db, visitor, challenge_id, tab)
    if not found.challenge.public:
        raise Missing("challenge")
    return found


async def head_inside(db: AsyncSession, actor: Actor, challenge_id: UUID, tab: str) -> Head:
    """Return the same where the tab is for the sponsors' people and sector leads only.

    Raises:
        Missing: whether there is such a tab is not the reader's to know.
    """
    found = await head(db, actor, challenge_id, tab)
    if not found.inside:
        raise Missing("challenge")
    return found


async def head_of_lead(db: AsyncSession, actor: Actor, challenge_id: UUID, tab: str) -> Head:
    """Return the same where the page is for officers of the lead council.

    Raises:
        NotAllowed: the reader is not.
        Missing: the challenge is not the reader's to see.
    """
    found = await head(db, actor, challenge_id, tab)
    states.check_may_lead(actor, found.challenge.lead_code, found.own_code)
    return found


async def head_of_council(db: AsyncSession, actor: Actor, challenge_id: UUID, tab: str) -> Head:
    """Return the same where the page is for officers and approvers of councils.

    Raises:
        Missing: the reader is none.
    """
    found = await head(db, actor, challenge_id, tab)
    if not found.of_council and not found.inside:
        raise Missing("challenge")
    return found
