"""Invented suppliers that bid for invented tenders, and what they say and ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions.demonstration import SUPPLIER_ID, SUPPLIER_NAME
from accounts.models import BodyKind, Organisation
from accounts.rules.register import NAMESPACE
from procurement.actions.demonstration.pools import PENCE_IN_THOUSAND
from store.db import Sessions, transaction
from suppliers.actions import enter_invented_numbers, enter_invented_sizes
from suppliers.rules import Declared, Registered, Size
from tenders.actions.bidding import drafting, handing_in
from tenders.actions.demonstration import InventedTender
from tenders.queries import bids as queries
from tenders.rules.bidding.drafts import BidPart
from values.actors import Actor, Role

INVENTED_PERSON: Final = "Invented person"
EVIDENCE: Final = "Cyber Essentials Plus, renewed each spring; the certificate is invented"
# Of the value that the councils estimated, what is asked for whatever the number, and what for all of it.
FIXED_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Bidder:
    """A supplier that does not exist, and how it bids.

    Attributes:
        marks: what a panel agrees on for each award criterion, in their order.
        asked_share: what it asks for at full take-up, as a share of the councils' estimate.
        declared: what it says of its size and kind.
        registered: numbers that no register gives out. Companies House counts up one by one and is at about
            16 million: 99 000 001 is generations away. Numbers of the platform have no zero.
    """

    id: UUID
    name: str
    short_name: str
    marks: tuple[int, ...]
    asked_share: float
    answer: str
    declared: Declared
    registered: Registered

    @property
    def actor(self) -> Actor:
        """Somebody of this supplier."""
        person = "supplier@example.org" if self.id == SUPPLIER_ID else f"demonstration person of {self.name}"
        name = "Samir Dunmore" if self.id == SUPPLIER_ID else f"Invented person ({self.short_name})"
        return Actor(uuid5(NAMESPACE, person), self.id, frozenset({Role.SUPPLIER}), name)


NORTHMOOR: Final = Bidder(
    SUPPLIER_ID,
    SUPPLIER_NAME,
    "Northmoor (invented)",
    (4, 3, 3),
    0.86,
    "Staff and residents finish the five tasks in under three minutes each in our trial (invented).",
    Declared(Size.SMALL, voluntary=False, supported=False, mutual=False),
    Registered("99000001", ppon="PXXX-0000-NMDM"),
)
LARKSPUR: Final = Bidder(
    uuid5(NAMESPACE, "demonstration supplier Larkspur"),
    "Larkspur Public Software CIC (invented)",
    "Larkspur (invented)",
    (5, 5, 4),
    0.91,
    "All interfaces are open and free of charge; data leave as CSV and JSON within a day (invented).",
    Declared(Size.MICRO, voluntary=True, supported=False, mutual=True),
    Registered("99000002", ppon="PXXX-0000-LSDM"),
)
GRANTVALE: Final = Bidder(
    uuid5(NAMESPACE, "demonstration supplier Grantvale"),
    "Grantvale Business Systems plc (invented)",
    "Grantvale (invented)",
    (3, 2, 1),
    0.74,
    "Our suite is used by two hundred councils; interfaces are charged for by the year (invented).",
    Declared(Size.LARGE, voluntary=False, supported=False),
    Registered("99000003"),
)
BIDDERS: Final = (NORTHMOOR, LARKSPUR, GRANTVALE)


async def enter_bidders(db: AsyncSession) -> None:
    """Write down the invented suppliers, each marked. Needs the rights of the jobs role; safe to repeat."""
    for each in BIDDERS:
        await db.execute(
            insert(Organisation)
            .values(
                id=each.id,
                kind=BodyKind.SUPPLIER,
                name=each.name,
                short_name=each.short_name,
                type_name="Supplier",
                demonstration=True,
            )
            .on_conflict_do_nothing()
        )
    await enter_invented_sizes(db, {each.id: each.declared for each in BIDDERS}, INVENTED_PERSON)
    await enter_invented_numbers(db, {each.id: each.registered for each in BIDDERS}, INVENTED_PERSON)


async def hand_in(
    sessions: Sessions, bidder: Bidder, tender_id: UUID, tender: InventedTender, *, master: bytes
) -> None:
    """Begin a bid for all lots, fill in what is asked for, and hand it in."""
    actor = bidder.actor
    async with transaction(sessions, actor) as db:
        await drafting.begin(db, actor, tender_id, master=master)
        asked = await queries.asked(db, tender_id)
        parts: dict[BidPart, Mapping[str, Any]] = {
            BidPart.CONDITIONS: {each.id: {"meets": True, "evidence": EVIDENCE} for each in asked.conditions},
            BidPart.ANSWERS: {each.id: bidder.answer for each in asked.questions},
            BidPart.PRICES: {
                lot.id: _prices(tender, part.percent, bidder.asked_share, len(lot.tier_starts))
                for lot, part in zip(asked.lots, tender.parts, strict=True)
            },
        }
        if tender.lots:
            parts[BidPart.LOTS] = {"lots": [lot.id for lot in asked.lots]}
        for part, said in parts.items():
            await drafting.save_part(db, actor, tender_id, part, said, seen=0)
    async with transaction(sessions, actor) as db:
        await handing_in.submit(db, actor, tender_id, master=master, known=None)


def _prices(tender: InventedTender, percent: int, asked_share: float, tiers: int) -> dict[str, Any]:
    net_pence = sum(thousands for _, thousands, _ in tender.pool.members) * PENCE_IN_THOUSAND * percent // 100
    volume = sum(volume for *_, volume in tender.pool.members) * percent // 100
    return {
        "fixed_pence": int(net_pence * FIXED_SHARE * asked_share),
        "tiers": [int(net_pence * (1 - FIXED_SHARE) * asked_share / volume)] * tiers,
    }
