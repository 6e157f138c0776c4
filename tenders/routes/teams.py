"""Who bids, for the lead of a bid: its own part, suppliers that it asks, sub-contractors."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone, entrance_of
from tenders.actions.bidding import teaming as actions
from tenders.forms.teams import AskForm, MemberForm, OwnPartForm, subcontractor_form
from tenders.routes.bids import PRIVATE, Desk, desk
from tenders.routes.showing import master_key
from tenders.rules.bidding.team import Member, Subcontractor
from values.actors import Actor
from values.refusals import Missing
from web.forms import Form
from web.pages import AnyRequest, Page, to


def _page(template: str, found: Desk, form: Form, **more: object) -> Page:
    return Page(
        f"tenders/{template}.html",
        context={"desk": found, "form": form, "team": found.opened.draft.team, **more},
        status_code=422 if form.error_list else 200,
        headers=dict(PRIVATE),
    )


@get("/tenders/{tender_id:uuid}/bid/team", name="tenders.bid_team")
async def team(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show who bids."""
    found = await desk(db, actor, request, tender_id)
    own = found.opened.draft.team
    return _page("bid_team", found, OwnPartForm(data={"part": own.part, "share": own.share_percent}))


@post("/tenders/{tender_id:uuid}/bid/team", name="tenders.save_own_part", status_code=200)
async def save_own(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Keep what the lead does itself."""
    form = OwnPartForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            part, share = form.part.data or "", form.share.data
            await actions.save_own_part(
                db, actor, tender_id, part=part, share_percent=share, master=master_key(request)
            )
            return to(request, f"/tenders/{tender_id}/bid/team", notice="Your part was saved")
    return _page("bid_team", await desk(db, actor, request, tender_id), form)


@get("/tenders/{tender_id:uuid}/bid/team/ask", name="tenders.ask_member_page")
async def ask_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask which supplier is to be asked."""
    return _page("bid_member", await desk(db, actor, request, tender_id), AskForm(), member=None)


@post("/tenders/{tender_id:uuid}/bid/team/ask", name="tenders.ask_member", status_code=200)
async def ask(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Ask a supplier into the bid."""
    form = AskForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.ask(
                db,
                actor,
                tender_id,
                who=form.who.data or "",
                part=form.part.data or "",
                share_percent=form.share.data or 0,
                writes=bool(form.writes.data),
                master=master_key(request),
                address=entrance_of(request).address,
            )
            return to(request, f"/tenders/{tender_id}/bid/team", notice="It was asked")
    return _page("bid_member", await desk(db, actor, request, tender_id), form, member=None)


async def _member(
    request: AnyRequest, db: AsyncSession, actor: Actor, tender_id: UUID, member_id: UUID
) -> tuple[Desk, Member]:
    found = await desk(db, actor, request, tender_id)
    member = next((each for each in found.opened.draft.team.live if each.id == str(member_id)), None)
    if member is None:
        raise Missing("member")
    return found, member


@get("/tenders/{tender_id:uuid}/bid/team/{member_id:uuid}", name="tenders.member_page")
async def member_page(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page:
    """Show what a member does and says of itself."""
    found, member = await _member(request, db, actor, tender_id, member_id)
    data = {"part": member.part, "share": member.share_percent, "writes": member.writes}
    return _page("bid_member", found, MemberForm(data=data), member=member)


@post("/tenders/{tender_id:uuid}/bid/team/{member_id:uuid}", name="tenders.change_member", status_code=200)
async def change_member(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page | Redirect:
    """Give a member another part, or let it write."""
    form = MemberForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.change(
                db,
                actor,
                tender_id,
                member_id,
                part=form.part.data or "",
                share_percent=form.share.data or 0,
                writes=bool(form.writes.data),
                master=master_key(request),
            )
            return to(request, f"/tenders/{tender_id}/bid/team", notice="It was changed")
    found, member = await _member(request, db, actor, tender_id, member_id)
    return _page("bid_member", found, form, member=member)


@post(
    "/tenders/{tender_id:uuid}/bid/team/{member_id:uuid}/remove",
    name="tenders.remove_bid_member",
    status_code=200,
)
async def remove_member(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], member_id: FromPath[UUID]
) -> Page | Redirect:
    """Take a member out."""
    form = MemberForm()
    async with form.attempt(db):
        await actions.remove(db, actor, tender_id, member_id, master=master_key(request))
        return to(request, f"/tenders/{tender_id}/bid/team", notice="It is in this bid no more")
    found, member = await _member(request, db, actor, tender_id, member_id)
    return _page("bid_member", found, form, member=member)


@get("/tenders/{tender_id:uuid}/bid/team/subcontractor", name="tenders.subcontractor_page")
async def subcontractor_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask who does a part for the bidders."""
    found = await desk(db, actor, request, tender_id)
    return _page("bid_subcontractor", found, subcontractor_form(found.asked)())


@post("/tenders/{tender_id:uuid}/bid/team/subcontractor", name="tenders.add_subcontractor", status_code=200)
async def add_subcontractor(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Name a sub-contractor."""
    found = await desk(db, actor, request, tender_id)
    form = subcontractor_form(found.asked)(await request.form())
    if form.validate():
        said = form.data
        async with form.attempt(db):
            await actions.add_subcontractor(
                db,
                actor,
                tender_id,
                Subcontractor(
                    said["name"],
                    said["identifier"],
                    said["part"],
                    said["share"],
                    tuple(said.get("relied_on") or ()),
                ),
                master=master_key(request),
            )
            return to(request, f"/tenders/{tender_id}/bid/team", notice="It was added")
    return _page("bid_subcontractor", found, form)


@post(
    "/tenders/{tender_id:uuid}/bid/team/subcontractor/{number:int}/remove",
    name="tenders.remove_subcontractor",
    status_code=200,
)
async def remove_subcontractor(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Take a sub-contractor out."""
    form = OwnPartForm()
    async with form.attempt(db):
        await actions.remove_subcontractor(db, actor, tender_id, number, master=master_key(request))
        return to(request, f"/tenders/{tender_id}/bid/team", notice="It was taken out")
    return _page("bid_team", await desk(db, actor, request, tender_id), form)


router = Router(
    "/",
    route_handlers=[
        team,
        save_own,
        ask_page,
        ask,
        member_page,
        change_member,
        remove_member,
        subcontractor_page,
        add_subcontractor,
        remove_subcontractor,
    ],
    include_in_schema=False,
)
