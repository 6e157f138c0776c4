"""What every page of a tender shows: the tender, its tabs, and as whom the reader stands to it."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from tenders.queries import tenders as queries
from tenders.queries.tenders import BuyerRow, TenderRow
from tenders.rules import answering, states
from values.actors import Actor, Role
from values.refusals import Missing
from web.pages import AnyRequest


class Audience(enum.Enum):
    """Who can open a tab of a tender that they see."""

    EVERYBODY = enum.auto()
    ONCE_PUBLIC = enum.auto()
    SUPPLIERS = enum.auto()
    BUYERS = enum.auto()
    BUYERS_ONCE_PUBLIC = enum.auto()
    COUNCILS_ONCE_PUBLIC = enum.auto()


# The tabs in their order: name, what follows the tender's address, and for whom it is.
TABS: Final = (
    ("Overview", "", Audience.EVERYBODY),
    ("All of it", "/all", Audience.EVERYBODY),
    ("Timetable", "/timetable", Audience.EVERYBODY),
    ("Documents", "/documents", Audience.EVERYBODY),
    ("Corrections", "/corrections", Audience.ONCE_PUBLIC),
    ("Questions", "/questions", Audience.ONCE_PUBLIC),
    ("Does it fit us?", "/fit", Audience.SUPPLIERS),
    ("Partners", "/partners", Audience.SUPPLIERS),
    ("Bids", "/bids", Audience.BUYERS_ONCE_PUBLIC),
    ("Approval", "/approval", Audience.BUYERS),
    ("Panel", "/panel", Audience.COUNCILS_ONCE_PUBLIC),
    ("Assessment", "/assessment", Audience.COUNCILS_ONCE_PUBLIC),
    ("Award", "/awarded", Audience.ONCE_PUBLIC),
    ("Contracts", "/contracts", Audience.ONCE_PUBLIC),
    ("Notices", "/notices", Audience.EVERYBODY),
    ("History", "/history", Audience.BUYERS),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A tender as its reader stands to it.

    Attributes:
        tab: which tab this is, by name.
        tabs: those that the reader can open, each with its address.
        own_code: the reader's council, or None where they act for no council.
        inside: whether the reader sees what is for the buyers alone: of a buyer, or sector lead.
        takes_part: whether the reader's council is a buyer and the reader its officer or approver.
        leads: whether the reader runs the tender.
        approves: whether the reader is an approver of a buyer.
        bids: whether the reader is of a supplier, which can have a bid for it.
    """

    tender: TenderRow
    buyers: Sequence[BuyerRow]
    tab: str
    tabs: Sequence[tuple[str, str]]
    own_code: str | None
    inside: bool
    takes_part: bool
    leads: bool
    approves: bool
    bids: bool

    @property
    def changes(self) -> bool:
        """Whether the reader can change the content now."""
        return self.leads and self.tender.changeable


def master_key(request: AnyRequest) -> bytes:
    """Return the master key as it is now: one that was put back counts at once."""
    key: bytes = request.app.state.settings.key()
    return key


async def head(db: AsyncSession, visitor: Actor, tender_id: UUID, tab: str) -> Head:
    """Return what a tab of a tender starts from.

    Raises:
        Missing: no such tender, or not theirs to see.
    """
    tender = await queries.tender_row(db, tender_id)
    buyers = await queries.buyers(db, tender_id)
    code = await own_code(db, visitor)
    of_buyer = code in [each.code for each in buyers] and visitor.has(Role.OFFICER, Role.APPROVER)
    inside = of_buyer or visitor.has(Role.SECTOR_LEAD)
    opened = _opened(visitor, inside=inside, buys=of_buyer, public=tender.public)
    return Head(
        tender=tender,
        buyers=buyers,
        tab=tab,
        tabs=[(text, f"/tenders/{tender_id}{end}") for text, end, audience in TABS if audience in opened],
        own_code=code,
        inside=inside,
        takes_part=of_buyer,
        leads=states.may_lead(visitor, tender.lead_code, code),
        approves=of_buyer and visitor.has(Role.APPROVER),
        bids=tender.published and answering.is_supplier(visitor),
    )


def _opened(visitor: Actor, *, inside: bool, buys: bool, public: bool) -> set[Audience]:
    opened = {Audience.EVERYBODY}
    if public:
        opened.add(Audience.ONCE_PUBLIC)
    if public and answering.is_supplier(visitor):
        opened.add(Audience.SUPPLIERS)
    if inside:
        opened.add(Audience.BUYERS)
    if inside and public:
        opened.add(Audience.BUYERS_ONCE_PUBLIC)
    if buys and public:
        opened.add(Audience.COUNCILS_ONCE_PUBLIC)
    return opened


async def head_once_public(db: AsyncSession, visitor: Actor, tender_id: UUID, tab: str) -> Head:
    """Return the same where the tab is there once the tender is public.

    Raises:
        Missing: the tender is not public, or not the reader's to see.
    """
    found = await head(db, visitor, tender_id, tab)
    if not found.tender.public:
        raise Missing("tender")
    return found


async def head_inside(db: AsyncSession, actor: Actor, tender_id: UUID, tab: str) -> Head:
    """Return the same where the tab is for the buyers' people and sector leads only.

    Raises:
        Missing: whether there is such a tab is not the reader's to know.
    """
    found = await head(db, actor, tender_id, tab)
    if not found.inside:
        raise Missing("tender")
    return found


async def head_of_lead(db: AsyncSession, actor: Actor, tender_id: UUID, tab: str) -> Head:
    """Return the same where the page is for officers of the lead council.

    Raises:
        NotAllowed: the reader is not.
        Missing: the tender is not the reader's to see.
    """
    found = await head(db, actor, tender_id, tab)
    states.check_may_lead(actor, found.tender.lead_code, found.own_code)
    return found
