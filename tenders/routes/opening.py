"""The buyers' side of bids: the deadline and its extension, opening by two people, and what was opened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.confirming import check_enrolled, refused_as, take_code
from accounts.routes.session import Db, Someone, arriving
from store import sealing
from tenders.actions import extending
from tenders.actions.bidding import opening as actions
from tenders.actions.bidding import sealed
from tenders.forms.bids import ExtendForm, OpeningForm
from tenders.queries import assessing
from tenders.queries import bids as bid_queries
from tenders.queries import openings as queries
from tenders.routes import showing
from tenders.routes.bid_files import as_file
from tenders.routes.bids import PRIVATE
from tenders.routes.showing import Head, master_key
from tenders.rules import opening as rules
from tenders.rules.documents import KIND_WORDS
from tenders.rules.opening import Circumstances
from values.actors import Actor
from values.refusals import Missing, NotAllowed, Refused
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB = "Bids"


async def _circumstances(db: AsyncSession, head: Head) -> Circumstances:
    return await queries.circumstances(db, head.tender, own_code=head.own_code, takes_part=head.takes_part)


def _refusal(check: Callable[..., None], *given: Any) -> str:
    try:
        check(*given)
    except (Refused, NotAllowed) as refused:
        return str(refused)
    return ""


async def _tab(
    request: AnyRequest, db: AsyncSession, actor: Actor, head: Head, form: Form, *, status: int = 0
) -> Page:
    found = await _circumstances(db, head)
    return Page(
        "tenders/opening.html",
        context={
            "head": head,
            "form": form,
            "found": found,
            "steps": rules.may_see_steps(found),
            "not_proposed": _refusal(rules.check_can_propose, found),
            "not_confirmed": _refusal(rules.check_can_confirm, actor, found),
            "enrolled": arriving(request).enrolled,
            "opening": await queries.confirmed(db, head.tender.id),
            "opened": await queries.opened(db, head.tender.id),
            "entered": await queries.entered(db, head.tender.id),
            "panelled": await assessing.panel(db, head.tender.id) is not None,
            "councils": {each.code: each.short_name for each in head.buyers},
            "keyed": await queries.has_key(db, head.tender.id),
            "extensions": await bid_queries.extensions(db, head.tender.id),
        },
        status_code=status or (422 if form.error_list else 200),
        headers=dict(PRIVATE),
    )


@get("/tenders/{tender_id:uuid}/bids", name="tenders.opening")
async def bids(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show the deadline, the steps of opening, or the opened bids under their numbers."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    if not head.tender.published:
        raise Missing("tender")
    return await _tab(request, db, actor, head, OpeningForm())


async def _with_code(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    head: Head,
    check: Callable[[Circumstances], None],
    step: Callable[[Circumstances], Awaitable[str]],
) -> Page | Redirect:
    """Do a step of an opening: the rules first, then the code, which is used up, then the step."""
    check_enrolled(request)
    form = OpeningForm(await request.form())
    found = await _circumstances(db, head)
    try:
        check(found)
        if not form.validate():
            return await _tab(request, db, actor, head, form)
        # Nothing is locked while the code is taken in a transaction of its own.
        await take_code(request, form, doing="tender.open")
    except Refused as refused:
        return await _tab(request, db, actor, head, form, status=refused_as(form, refused))
    async with form.attempt(db):
        notice = await step(found)
        return to(request, f"/tenders/{head.tender.id}/bids", notice=notice)
    return await _tab(request, db, actor, head, form)


@post("/tenders/{tender_id:uuid}/bids/propose", name="tenders.propose_opening", status_code=200)
async def propose(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Propose to open the bids, with a code for this step."""
    head = await showing.head_inside(db, actor, tender_id, TAB)

    async def step(found: Circumstances) -> str:
        await actions.propose(db, actor, tender_id, found)
        return "You proposed to open the bids. Somebody else has to confirm it within a day"

    return await _with_code(request, db, actor, head, rules.check_can_propose, step)


@post("/tenders/{tender_id:uuid}/bids/confirm", name="tenders.confirm_opening", status_code=200)
async def confirm(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Confirm it, with a code for this step, and open all bids."""
    head = await showing.head_inside(db, actor, tender_id, TAB)

    async def step(found: Circumstances) -> str:
        outcome = await actions.confirm(db, actor, tender_id, found, master=master_key(request))
        return (
            f"The bids were opened. Number of bids: {outcome.bids}"
            if outcome.bids
            else "There was no bid to open"
        )

    def check(found: Circumstances) -> None:
        rules.check_can_confirm(actor, found)

    return await _with_code(request, db, actor, head, check, step)


@post("/tenders/{tender_id:uuid}/bids/enter", name="tenders.enter_candidates", status_code=200)
async def enter(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Give the opened bids to the panel, under their numbers."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = OpeningForm()
    async with form.attempt(db):
        count = await actions.enter_candidates(db, actor, tender_id)
        return to(request, f"/tenders/{tender_id}/bids", notice=f"The panel has its candidates: {count}")
    return await _tab(request, db, actor, head, form)


@post("/tenders/{tender_id:uuid}/bids/key", name="tenders.make_key", status_code=200)
async def make_key(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Redirect:
    """Let a tender take bids that was published before this service took any."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    if not head.tender.published:
        raise Missing("tender")
    await sealed.make_key(db, actor, tender_id, master=master_key(request))
    return to(request, f"/tenders/{tender_id}/bids", notice="Suppliers can bid now")


def _extend_page(head: Head, form: ExtendForm) -> Page:
    return Page(
        "tenders/extend.html",
        context={"head": head, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/extend", name="tenders.extend_page")
async def extend_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask for a later deadline, and why."""
    return _extend_page(await showing.head_of_lead(db, actor, tender_id, TAB), ExtendForm())


@post("/tenders/{tender_id:uuid}/extend", name="tenders.extend", status_code=200)
async def extend(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Move the deadline to later for all."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ExtendForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await extending.extend(db, actor, tender_id, until=form.until, reason=form.reason.data or "")
            return to(request, f"/tenders/{tender_id}/bids", notice="The deadline was moved for all")
    return _extend_page(head, form)


@get("/tenders/{tender_id:uuid}/bids/{number:int}", name="tenders.opened_bid")
async def opened_bid(db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Show an opened bid, as far as the reader is cleared for it."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    row = await queries.opened_bid(db, tender_id, number)
    return Page(
        "tenders/opened_bid.html",
        context={
            "head": head,
            "row": row,
            "content": await queries.content(db, row.id),
            "others": await queries.others(db, row.id),
            "asked": await bid_queries.asked(db, tender_id),
            "files": await queries.files(db, row.id),
            "kinds": KIND_WORDS,
        },
        headers=dict(PRIVATE),
    )


@get("/tenders/{tender_id:uuid}/bids/{number:int}/files/{position:int}", name="tenders.opened_file")
async def opened_file(
    db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int], position: FromPath[int]
) -> Response[bytes]:
    """Hand out a file of an opened bid to whoever is cleared for it."""
    row = await queries.opened_bid(db, tender_id, number)
    file = next((each for each in await queries.files(db, row.id) if each.position == position), None)
    if file is None:
        raise Missing("file")
    chunks = await bid_queries.chunks(db, file.file_id)

    def plain() -> bytes:
        return b"".join(sealing.opened_with(file.key, file.context, chunks))

    return as_file(await asyncio.to_thread(plain), file.name)


router = Router(
    "/",
    route_handlers=[
        bids,
        propose,
        confirm,
        enter,
        make_key,
        extend_page,
        extend,
        opened_bid,
        opened_file,
    ],
    include_in_schema=False,
)
