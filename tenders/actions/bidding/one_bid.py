"""A supplier is in one bid for a lot unless the tender allows several, and bids for no more lots than it may.

Each side sees its own bids alone, so each is checked when it commits itself: on joining, and on handing in.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from tenders.actions.bidding import sealed
from tenders.queries import bids, teams
from tenders.queries.bids import BidRow
from tenders.queries.teams import JoinedRow, MemberRow
from tenders.rules.bidding import manifests, standing
from tenders.rules.bidding import team as rules
from tenders.rules.bidding.standing import BidState
from tenders.rules.bidding.team import MemberState
from values.actors import Actor


async def check_handing_in(
    db: AsyncSession,
    actor: Actor,
    bid: BidRow,
    lots: Sequence[str],
    members: Sequence[MemberRow],
    *,
    master: bytes,
) -> None:
    """Refuse to hand in a bid of one's own for a lot of a bid that one's organisation has joined.

    Args:
        db: the transaction.
        actor: who hands in.
        bid: their own.
        lots: what it is for.
        members: all memberships for this tender that the actor sees.
        master: the master key.

    Raises:
        Refused: with the lot.
    """
    await _check(db, bid, lots, await _joined_lots(db, actor, bid, members, master))


async def check_joining(
    db: AsyncSession, actor: Actor, bid: BidRow, lots: Sequence[str], *, master: bytes
) -> None:
    """Refuse to join a bid for a lot of another that one's organisation has joined or submitted.

    A draft of its own that nobody handed in does not count.

    Raises:
        Refused: with the lot.
    """
    members = await teams.of_tender(db, bid.tender_id)
    elsewhere = await _joined_lots(db, actor, bid, members, master)
    own = await bids.maybe_own_bid(db, actor, bid.tender_id)
    if own:
        elsewhere.append(await _submitted_lots(db, own, master=master))
    await _check(db, bid, lots, elsewhere)


async def _joined_lots(
    db: AsyncSession, actor: Actor, bid: BidRow, members: Sequence[MemberRow], master: bytes
) -> list[tuple[str, ...]]:
    own = [
        each
        for each in members
        if each.bid_id != bid.id
        and each.organisation_id == actor.organisation_id
        and each.state is MemberState.ACCEPTED
    ]
    return [_accepted_lots(each, master) for each in await teams.with_bids(db, own)]


async def _check(
    db: AsyncSession, bid: BidRow, lots: Sequence[str], elsewhere: Sequence[Sequence[str]]
) -> None:
    if not any(elsewhere):
        return
    asked = await bids.asked(db, bid.tender_id)
    rules.check_most_lots(lots, elsewhere, asked.most_lots)
    rules.check_one_bid(
        lots,
        elsewhere,
        {lot.id: lot.title for lot in asked.lots},
        several=await teams.allows_several(db, bid.tender_id),
    )


def _accepted_lots(found: JoinedRow, master: bytes) -> tuple[str, ...]:
    said = sealed.open_member(found.bid, found.own, master=master).said
    return said.lots if said else ()


async def _submitted_lots(db: AsyncSession, own: BidRow, *, master: bytes) -> tuple[str, ...]:
    receipts = [each for each in await bids.receipts(db, own.id) if each.kind != standing.ReceiptKind.LATE]
    if standing.bid_state([each.kind for each in reversed(receipts)]) is not BidState.SUBMITTED:
        return ()
    content = await sealed.copy_of(db, own, receipts[0], master=master)
    return tuple(manifests.read(content, own.tender_id)["lots"]) if content else ()
