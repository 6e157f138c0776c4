"""Notices of a tender: prepared, exported, sent or taken to the central platform, confirmed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from sourcing.rules.law import law
from tenders.actions import notices as actions
from tenders.actions.bidding import sealed
from tenders.actions.sending import NoInterface
from tenders.forms.deciding import ConfirmForm
from tenders.queries import early_notices, tenders
from tenders.queries import notices as queries
from tenders.queries.notices import NoticeRow
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import notices as rules
from tenders.rules.early_notices import Early
from tenders.rules.notices import Code
from tenders.rules.states import TenderState
from values.actors import Actor
from values.refusals import Missing
from values.years import london_today
from web import downloads
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB: Final = "Notices"
PLACES: Final = [f"/tenders/{{tender_id:uuid}}/notices/{code.value}" for code in Code]


async def _tab(db: AsyncSession, head: Head, form: Form) -> Page:
    due = rules.due(head.tender.state, published=head.tender.published, below=head.tender.below)
    found = await queries.notices(db, head.tender.id)
    early = await early_notices.notices(db, head.tender.id)
    waiting = due is not None and not any(each.code == due and each.state != "discarded" for each in found)
    return Page(
        "tenders/notices.html",
        context={
            "head": head,
            "form": form,
            "notices": found,
            "names": {each.value: law().notice(each.value, london_today()).name for each in Code},
            "due": due if waiting else None,
            "rule": law().notice(due.value, london_today()) if due else None,
            "early": early,
            "early_rules": {each.value: law().notice(each.value, london_today()) for each in Early},
            "confirmed_early": {each.code for each in early if each.counts},
        },
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/notices", name="tenders.notices")
async def notices(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """List the notices of a tender, and what is due."""
    return await _tab(db, await showing.head(db, visitor, tender_id, TAB), Form())


@post(PLACES, name="tenders.prepare_notice", status_code=200)
async def prepare(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Prepare a notice from what was approved."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    code = Code(str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1])
    form = Form(await request.form())
    async with form.attempt(db):
        notice_id = await actions.prepare(db, actor, tender_id, code)
        return to(
            request,
            f"/tenders/{tender_id}/notices/{notice_id}",
            notice="The notice was prepared. Take it to the central platform",
        )
    return await _tab(db, head, form)


async def _page(db: AsyncSession, head: Head, notice_id: UUID, form: Form) -> Page:
    found = await queries.notice(db, head.tender.id, notice_id)
    return Page(
        "tenders/notice.html",
        context={
            "head": head,
            "form": form,
            "shown": found,
            "name": law().notice(found.code, london_today()).name,
        },
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/notices/{notice_id:uuid}", name="tenders.notice")
async def notice(db: Db, visitor: Anybody, tender_id: FromPath[UUID], notice_id: FromPath[UUID]) -> Page:
    """Show a notice field by field, and ask its preparer for the confirmation."""
    head = await showing.head(db, visitor, tender_id, TAB)
    return await _page(db, head, notice_id, ConfirmForm())


@post("/tenders/{tender_id:uuid}/notices/{notice_id:uuid}/confirm", name="tenders.confirm", status_code=200)
async def confirm(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Page | Redirect:
    """Record what the central platform confirmed."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ConfirmForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.confirm(
                db,
                actor,
                tender_id,
                notice_id,
                reference=form.reference.data or "",
                published_at=form.published_at,
            )
            await _take_bids(request, db, actor, tender_id)
            return to(request, f"/tenders/{tender_id}/notices", notice="The confirmation was recorded")
    return await _page(db, head, notice_id, form)


async def _take_bids(request: AnyRequest, db: AsyncSession, actor: Actor, tender_id: UUID) -> None:
    """Make the key of a tender that was just published."""
    if (await tenders.tender_row(db, tender_id)).state == TenderState.PUBLISHED:
        await sealed.make_key(db, actor, tender_id, master=showing.master_key(request))


@post("/tenders/{tender_id:uuid}/notices/{notice_id:uuid}/send", name="tenders.send_notice", status_code=200)
async def send(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Page | Redirect:
    """Send a notice by interface, where there is one."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ConfirmForm()
    async with form.attempt(db):
        await actions.send(db, actor, tender_id, notice_id, NoInterface())
        await _take_bids(request, db, actor, tender_id)
        return to(request, f"/tenders/{tender_id}/notices", notice="The central platform published it")
    return await _page(db, head, notice_id, form)


@post("/tenders/{tender_id:uuid}/notices/{notice_id:uuid}/discard", name="tenders.discard", status_code=200)
async def discard(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Page | Redirect:
    """Discard a notice that was not published."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ConfirmForm()
    async with form.attempt(db):
        await actions.discard(db, actor, tender_id, notice_id)
        return to(request, f"/tenders/{tender_id}/notices", notice="The notice was discarded")
    return await _page(db, head, notice_id, form)


async def _exported(db: AsyncSession, tender_id: UUID, notice_id: UUID) -> NoticeRow:
    found = await queries.notice(db, tender_id, notice_id)
    if found.state == rules.NoticeState.DISCARDED:
        raise Missing("notice")
    return found


@get("/tenders/{tender_id:uuid}/notices/{notice_id:uuid}/notice.json", name="tenders.notice_json")
async def as_json(
    db: Db, visitor: Anybody, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out the fields of a notice for programs."""
    found = await _exported(db, tender_id, notice_id)
    said = {
        "notice": found.code,
        "tender": str(tender_id),
        "version": found.version,
        "sha256": found.fingerprint.hex(),
        "reference": found.reference or None,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "fields": rules.exported(found.fields),
    }
    return downloads.as_json(said, f"{found.code}-{tender_id}.json")


@get("/tenders/{tender_id:uuid}/notices/{notice_id:uuid}/notice.txt", name="tenders.notice_text")
async def as_text(
    db: Db, visitor: Anybody, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out the fields of a notice as text, to be entered into the central platform."""
    found = await _exported(db, tender_id, notice_id)
    title = f"{found.code}: {law().notice(found.code, london_today()).name}"
    return downloads.as_text(rules.as_text(title, found.said), f"{found.code}-{tender_id}.txt")


router = Router(
    "/",
    route_handlers=[notices, prepare, notice, confirm, send, discard, as_json, as_text],
    include_in_schema=False,
)
