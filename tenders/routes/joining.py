"""Bids that another supplier leads, for who was asked into them: joined, read, written if let, left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from store import sealing
from store.sealing import SealingKey
from tenders.actions.bidding import drafting, sealed
from tenders.actions.bidding import teaming as actions
from tenders.forms.teams import said_form, said_of, shown
from tenders.queries import bids, corrections, teams
from tenders.queries.teams import JoinedRow
from tenders.routes.bid_files import as_file
from tenders.routes.bids import PARTS, PRIVATE, Desk, desk_of, filled_page, part_of, sent_part
from tenders.routes.showing import master_key
from tenders.rules.bidding import standing
from tenders.rules.bidding.drafts import BidPart
from tenders.rules.bidding.team import MemberState
from values.actors import Actor
from values.refusals import Missing, NotAllowed
from web.forms import Form
from web.pages import AnyRequest, Page, to

WRITTEN: Final = [part for part in PARTS if part is not BidPart.LOTS]


async def _page(
    request: AnyRequest, db: AsyncSession, actor: Actor, bid_id: UUID, form: Form | None = None
) -> Page:
    standing.check_may_bid(actor)
    found = await teams.joined(db, actor, bid_id)
    master = master_key(request)
    asked = await bids.asked(db, found.bid.tender_id)
    own = sealed.open_member(found.bid, found.own, master=master)
    lots = await sealed.chosen_lots(db, found.bid, master=master)
    accepted = found.own.state is MemberState.ACCEPTED
    form = form or said_form(asked)(data=shown(asked, own.said))
    return Page(
        "tenders/joined.html" if accepted else "tenders/invited.html",
        context={
            "found": found,
            "own": own,
            "asked": asked,
            "lots": [lot.title for lot in asked.lots if lot.id in lots],
            "desk": await desk_of(db, request, found.bid, joined=True) if accepted else None,
            "corrections": await corrections.published(db, found.bid.tender_id),
            "again": own.said is not None and not set(lots) <= set(own.said.lots),
            "form": form,
        },
        status_code=422 if form.error_list else 200,
        headers=dict(PRIVATE),
    )


@get("/bids/{bid_id:uuid}", name="tenders.joined_bid")
async def joined(request: AnyRequest, db: Db, actor: Someone, bid_id: FromPath[UUID]) -> Page:
    """Show what one is asked to join, or has joined."""
    return await _page(request, db, actor, bid_id)


@post("/bids/{bid_id:uuid}/accept", name="tenders.join_bid", status_code=200)
async def accept(request: AnyRequest, db: Db, actor: Someone, bid_id: FromPath[UUID]) -> Page | Redirect:
    """Join it, or accept it again, with one's own answers."""
    standing.check_may_bid(actor)
    found = await teams.joined(db, actor, bid_id)
    asked = await bids.asked(db, found.bid.tender_id)
    form = said_form(asked)(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.accept(db, actor, bid_id, said_of(asked, form.data), master=master_key(request))
            return to(request, f"/bids/{bid_id}", notice="Your organisation is in this bid")
    return await _page(request, db, actor, bid_id, form)


@post("/bids/{bid_id:uuid}/refuse", name="tenders.leave_bid", status_code=200)
async def refuse(request: AnyRequest, db: Db, actor: Someone, bid_id: FromPath[UUID]) -> Page | Redirect:
    """Decline it, or leave it."""
    form = Form()
    async with form.attempt(db):
        await actions.refuse(db, actor, bid_id)
        return to(request, "/bids", notice="Your organisation is not in this bid")
    found = await teams.joined(db, actor, bid_id)
    again = said_form(await bids.asked(db, found.bid.tender_id))()
    for line in form.error_list:
        again.refuse(line.message)
    return await _page(request, db, actor, bid_id, again)


@get("/invited/{secret:str}", name="tenders.invited_page")
async def invited_page(actor: Someone, secret: FromPath[str]) -> Page:
    """Ask before an invitation by mail is taken up: it can be taken up once."""
    standing.check_may_bid(actor)
    return Page("tenders/invited_by_mail.html", context={"secret": secret}, headers=dict(PRIVATE))


@post("/invited/{secret:str}", name="tenders.take_up", status_code=200)
async def take_up(request: AnyRequest, db: Db, actor: Someone, secret: FromPath[str]) -> Redirect:
    """Take it up for the reader's organisation, which reads it and may still decline."""
    bid_id = await actions.claim(db, actor, secret)
    return to(request, f"/bids/{bid_id}", notice="Read what you are asked, then answer")


async def _desk(request: AnyRequest, db: AsyncSession, actor: Actor, bid_id: UUID) -> tuple[JoinedRow, Desk]:
    standing.check_may_bid(actor)
    found = await teams.joined(db, actor, bid_id)
    if found.own.state is not MemberState.ACCEPTED:
        raise Missing("bid")
    return found, await desk_of(db, request, found.bid, joined=True)


@get("/bids/{bid_id:uuid}/read", name="tenders.read_joined")
async def read(request: AnyRequest, db: Db, actor: Someone, bid_id: FromPath[UUID]) -> Page:
    """Show all that the draft says."""
    _, found = await _desk(request, db, actor, bid_id)
    return Page("tenders/joined_read.html", context={"desk": found}, headers=dict(PRIVATE))


@get("/bids/{bid_id:uuid}/files/{file_id:uuid}/original", name="tenders.joined_file")
async def original(
    request: AnyRequest, db: Db, actor: Someone, bid_id: FromPath[UUID], file_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out a file of the draft."""
    _, found = await _desk(request, db, actor, bid_id)
    row = next((each for each in found.opened.files if each.id == file_id), None)
    facts = next((each for each in found.opened.draft.files if each.id == str(file_id)), None)
    if row is None or facts is None:
        raise Missing("file")
    bid, chunks = found.bid, await bids.chunks(db, file_id)

    def plain() -> bytes:
        key = SealingKey(bid.public, bid.locked)
        private = sealing.unlock(master_key(request), key, sealed.bid_subject(bid.id))
        return b"".join(sealing.opened(private, row.header, sealed.file_place(bid.id, file_id), chunks))

    return as_file(await asyncio.to_thread(plain), facts.name)


PATHS: Final = [f"/bids/{{bid_id:uuid}}/{part.value}" for part in WRITTEN]


async def _written(request: AnyRequest, db: AsyncSession, actor: Actor, bid_id: UUID) -> Desk:
    row, found = await _desk(request, db, actor, bid_id)
    if not row.own.writes:
        raise NotAllowed("The lead of this bid lets you read it, and not write.")
    return found


@get(PATHS, name="tenders.joined_part")
async def part_page(request: AnyRequest, db: Db, actor: Someone, bid_id: FromPath[UUID]) -> Page:
    """Show a part that one may write."""
    return filled_page(await _written(request, db, actor, bid_id), part_of(request))


@post(PATHS, name="tenders.save_joined_part", status_code=200)
async def save_part(request: AnyRequest, db: Db, actor: Someone, bid_id: FromPath[UUID]) -> Page | Redirect:
    """Save a part that one may write."""
    found, part = await _written(request, db, actor, bid_id), part_of(request)

    async def save(said: Mapping[str, object], seen: int) -> None:
        standing.check_open(found.bid.tender_state, found.bid.due_at, found.bid.now)
        await drafting.write_part(db, actor, found.bid, part, said, seen=seen)

    return await sent_part(request, db, found, part, save)


router = Router(
    "/",
    route_handlers=[
        joined,
        accept,
        refuse,
        invited_page,
        take_up,
        read,
        original,
        part_page,
        save_part,
    ],
    include_in_schema=False,
)
