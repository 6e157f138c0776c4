"""Suppliers bid together: the lead asks others into its bid, who say yes with their own answers, or no.

What is said is sealed to the key of the bid. No entry of the audit trail, notice or job is made, as for all
that is done with bids; mail names neither tender nor lead, because operators see who gets it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import mail
from sourcing.rules import letters
from tenders.actions.bidding import drafting, one_bid, sealed
from tenders.models import BidMember
from tenders.queries import teams
from tenders.queries.bids import BidRow
from tenders.queries.teams import JoinedRow
from tenders.rules.bidding import standing
from tenders.rules.bidding import team as rules
from tenders.rules.bidding.drafts import BidPart
from tenders.rules.bidding.team import MemberState, Said, Subcontractor, Team
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused

SUBMITTED = "What was submitted counts as it stands. The lead withdraws it first; then this can be changed."


async def ask(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    *,
    who: str,
    part: str,
    share_percent: int,
    writes: bool,
    master: bytes,
    address: str,
) -> None:
    """Ask a supplier into the bid of the actor's organisation.

    Args:
        db: the transaction.
        actor: a person of the lead.
        tender_id: of the tender.
        who: a supplier's name as this service knows it, or an e-mail address.
        part: what it would do.
        share_percent: how much of the work that is.
        writes: whether it may write parts of the bid.
        master: the master key.
        address: of this service.

    Raises:
        Missing: the actor's organisation has no bid here.
        Refused: the deadline has passed, nobody is called so, or it was asked already.
    """
    bid = await drafting.changeable(db, actor, tender_id)
    await teams.one_at_a_time(db, str(bid.id))
    team = (await sealed.open_draft(db, bid, master=master)).draft.team
    by_mail = "@" in who
    organisation_id = None if by_mail else await _known(db, who)
    rules.check_inviting(team, str(organisation_id or ""), str(actor.organisation_id))
    member_id, secret = uuid7(), secrets.token_urlsafe(24)
    said = {"called": who.strip(), "part": part, "share_percent": share_percent}
    header, content = sealed.seal_json(bid.public, sealed.member_place(bid.id, member_id), said)
    await db.execute(
        insert(BidMember)
        .values(
            id=member_id,
            bid_id=bid.id,
            organisation_id=organisation_id,
            secret_hash=teams.secret_hash(secret) if by_mail else None,
            writes=writes,
            header=header,
            content=content,
        )
        .inline()
    )
    if by_mail:
        await mail.write(db, who.strip().lower(), letters.invited(address, secret))
    else:
        letter = letters.waiting(address)
        await teams.write_to(db, member_id, letter.subject, letter.body)


async def _known(db: AsyncSession, name: str) -> UUID:
    found = await teams.suppliers_named(db, name.strip())
    if len(found) == 1 and found[0][1].lower() == name.strip().lower():
        return found[0][0]
    if found:
        near = ", ".join(f"“{each}”" for _, each in found)
        raise Refused(f"Which one do you mean? {near}", "who")
    raise Refused("No supplier of this name uses the service yet. Enter an e-mail address instead.", "who")


async def change(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    member_id: UUID,
    *,
    part: str,
    share_percent: int,
    writes: bool,
    master: bytes,
) -> None:
    """Give a member another part, to which it has to say yes again, or let it write.

    Raises:
        Missing: there is no such member.
        Refused: the deadline has passed, or what was submitted counts.
    """
    bid, member = await _led(db, actor, tender_id, member_id, master)
    if (member.part, member.share_percent) == (part, share_percent):
        await _write(db, member_id, {"writes": writes})
        return
    said = {"called": member.name, "part": part, "share_percent": share_percent}
    header, content = sealed.seal_json(bid.public, sealed.member_place(bid.id, member_id), said)
    anew = {"state": MemberState.INVITED, "own_header": None, "own_content": None}
    await _write(db, member_id, {**anew, "header": header, "content": content, "writes": writes})


async def remove(db: AsyncSession, actor: Actor, tender_id: UUID, member_id: UUID, *, master: bytes) -> None:
    """Take a member out of a bid.

    Raises:
        Missing: there is no such member.
        Refused: the deadline has passed, or what was submitted counts.
    """
    await _led(db, actor, tender_id, member_id, master)
    gone = {"state": MemberState.REMOVED, "own_header": None, "own_content": None}
    await _write(db, member_id, gone)


async def _led(
    db: AsyncSession, actor: Actor, tender_id: UUID, member_id: UUID, master: bytes
) -> tuple[BidRow, rules.Member]:
    bid = await drafting.changeable(db, actor, tender_id)
    await teams.one_at_a_time(db, str(bid.id))
    team = (await sealed.open_draft(db, bid, master=master)).draft.team
    member = next((each for each in team.live if each.id == str(member_id)), None)
    if member is None:
        raise Missing("member")
    return bid, member


async def _write(db: AsyncSession, member_id: UUID, values: dict[str, Any]) -> None:
    done = update(BidMember).where(BidMember.id == member_id).values(**values)
    try:
        async with db.begin_nested():
            await db.execute(done)
    except IntegrityError as error:
        # Whether it is open was asked before: what else the database refuses is this.
        raise Refused(SUBMITTED) from error


async def save_own_part(
    db: AsyncSession, actor: Actor, tender_id: UUID, *, part: str, share_percent: int | None, master: bytes
) -> None:
    """Say what the lead does itself."""

    def said(team: Team) -> Team:
        return replace(team, part=part, share_percent=share_percent)

    await _save(db, actor, tender_id, master, said)


async def add_subcontractor(
    db: AsyncSession, actor: Actor, tender_id: UUID, found: Subcontractor, *, master: bytes
) -> None:
    """Name a sub-contractor.

    Raises:
        Refused: there are too many.
    """

    def added(team: Team) -> Team:
        if len(team.subcontractors) >= rules.MOST_SUBCONTRACTORS:
            raise Refused(f"At most {rules.MOST_SUBCONTRACTORS} sub-contractors can be named.")
        return replace(team, subcontractors=(*team.subcontractors, found))

    await _save(db, actor, tender_id, master, added)


async def remove_subcontractor(
    db: AsyncSession, actor: Actor, tender_id: UUID, number: int, *, master: bytes
) -> None:
    """Take a sub-contractor out, by its place in the list, from 1 on."""

    def without(team: Team) -> Team:
        others = [each for at, each in enumerate(team.subcontractors, 1) if at != number]
        return replace(team, subcontractors=tuple(others))

    await _save(db, actor, tender_id, master, without)


async def _save(
    db: AsyncSession, actor: Actor, tender_id: UUID, master: bytes, changed: Callable[[Team], Team]
) -> None:
    bid = await drafting.changeable(db, actor, tender_id)
    opened = await sealed.open_draft(db, bid, master=master)
    seen = opened.versions.get(BidPart.TEAM.value, 0)
    await drafting.save_part(
        db, actor, tender_id, BidPart.TEAM, rules.kept(changed(opened.draft.team)), seen=seen
    )


async def claim(db: AsyncSession, actor: Actor, secret: str) -> UUID:
    """Take up an invitation that came by mail; return the bid.

    Raises:
        NotAllowed: not of a supplier.
        Missing: it was taken up or ended, or the actor's organisation is in the bid already.
    """
    standing.check_may_bid(actor)
    bid_id = await teams.claim(db, secret)
    if bid_id is None:
        raise Missing("invitation")
    return bid_id


async def accept(db: AsyncSession, actor: Actor, bid_id: UUID, said: Said, *, master: bytes) -> None:
    """Join a bid, or accept it again, with what the actor's organisation says of itself.

    Raises:
        NotAllowed: not of a supplier.
        Missing: it was not asked.
        Refused: the deadline has passed, it is in another bid for a lot, or what was submitted counts.
    """
    found = await _asked(db, actor, bid_id)
    bid = found.bid
    await teams.one_at_a_time(db, f"{bid.tender_id} {actor.organisation_id}", str(bid_id))
    lots = await sealed.chosen_lots(db, bid, master=master)
    await one_bid.check_joining(db, actor, bid, lots, master=master)
    place = sealed.own_place(bid.id, found.own.id)
    sealed_said = rules.said_kept(replace(said, lots=tuple(lots), person_name=actor.name))
    header, content = sealed.seal_json(bid.public, place, sealed_said)
    values = {"state": MemberState.ACCEPTED, "own_header": header, "own_content": content}
    await _write(db, found.own.id, {**values, "answered_at": func.statement_timestamp()})


async def refuse(db: AsyncSession, actor: Actor, bid_id: UUID) -> None:
    """Decline to join a bid, or leave one before it is submitted.

    Raises:
        NotAllowed: not of a supplier.
        Missing: it was not asked.
        Refused: the deadline has passed, or what was submitted counts.
    """
    found = await _asked(db, actor, bid_id)
    await teams.one_at_a_time(db, str(bid_id))
    invited = found.own.state is MemberState.INVITED
    state = MemberState.DECLINED if invited else MemberState.LEFT
    await _write(db, found.own.id, {"state": state, "answered_at": func.statement_timestamp()})


async def _asked(db: AsyncSession, actor: Actor, bid_id: UUID) -> JoinedRow:
    standing.check_may_bid(actor)
    found = await teams.joined(db, actor, bid_id)
    standing.check_open(found.bid.tender_state, found.bid.due_at, found.bid.now)
    return found
