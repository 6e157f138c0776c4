"""Notices before the tender notice, for those who prepare them: asked for, checked, confirmed, exported."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from sourcing.rules.law import law
from tenders.actions import early_notices as actions
from tenders.actions.sending import NoInterface
from tenders.forms.deciding import ConfirmForm
from tenders.forms.early import EngagementForm, PlannedForm
from tenders.queries import content as content_queries
from tenders.queries import early_notices as queries
from tenders.queries.early_notices import EarlyRow
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import areas, notices, states
from tenders.rules import early_notices as rules
from tenders.rules.early_notices import CONTENT, OWN, Early
from values.refusals import Missing
from values.years import london_today
from web import downloads
from web.pages import AnyRequest, Page, to

TAB: Final = "Notices"
PLACES: Final = [f"/tenders/{{tender_id:uuid}}/early/{code.value}" for code in Early]
FORMS: Final = {Early.ENGAGEMENT: EngagementForm, Early.PLANNED: PlannedForm}


def _code(request: AnyRequest) -> Early:
    return Early(str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1])


async def _form_page(db: AsyncSession, head: Head, code: Early, form: EngagementForm | PlannedForm) -> Page:
    today = london_today()
    content = await content_queries.content(db, head.tender.id)
    told = rules.facts(content, head.tender.region_codes, form.engaging)
    said = rules.fields(code, told, areas=areas.said(head.tender.region_codes))
    return Page(
        "tenders/early/prepare.html",
        context={
            "head": head,
            "form": form,
            "code": code,
            "rule": law().notice(code, today),
            "content_rule": CONTENT[code],
            "own": OWN,
            "said": said,
            "asked": code is Early.ENGAGEMENT,
            "shortens": rules.shortens(law(), planned_on=today, tender_on=told.tender_on),
            "tender_on": told.tender_on,
        },
        status_code=422 if form.error_list else 200,
    )


@get(PLACES, name="tenders.prepare_early_page")
async def prepare_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show what a notice would say of the draft as it stands, and ask for the rest."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    states.check_changeable(head.tender.state)
    code = _code(request)
    return await _form_page(db, head, code, await _begun(db, tender_id, code))


async def _begun(db: AsyncSession, tender_id: UUID, code: Early) -> EngagementForm | PlannedForm:
    """Return the form, filled in with what the last version said."""
    if code is Early.PLANNED:
        return PlannedForm()
    told = [each for each in await queries.notices(db, tender_id) if each.code == code]
    return EngagementForm(obj=told[0].facts.engaging if told else None)


@post(PLACES, name="tenders.prepare_early", status_code=200)
async def prepare(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Prepare a notice, or a newer version of it."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    code = _code(request)
    form = FORMS[code](await request.form())
    if form.validate():
        async with form.attempt(db):
            notice_id = await actions.prepare(db, actor, tender_id, code, engaging=form.engaging)
            return to(
                request,
                f"/tenders/{tender_id}/early/{notice_id}",
                notice="The notice was prepared. Take it to the central platform",
            )
    return await _form_page(db, head, code, form)


async def _page(db: AsyncSession, head: Head, notice_id: UUID, form: ConfirmForm) -> Page:
    found = await queries.notice(db, head.tender.id, notice_id)
    return Page(
        "tenders/early/notice.html",
        context={
            "head": head,
            "form": form,
            "shown": found,
            "name": law().notice(found.code, london_today()).name,
            "content_rule": CONTENT[Early(found.code)],
            "own": OWN,
        },
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/early/{notice_id:uuid}", name="tenders.early_notice")
async def notice(db: Db, actor: Someone, tender_id: FromPath[UUID], notice_id: FromPath[UUID]) -> Page:
    """Show a notice field by field, and ask the lead for the confirmation."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    return await _page(db, head, notice_id, ConfirmForm())


@post(
    "/tenders/{tender_id:uuid}/early/{notice_id:uuid}/confirm", name="tenders.confirm_early", status_code=200
)
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
            return to(request, f"/tenders/{tender_id}/notices", notice="The confirmation was recorded")
    return await _page(db, head, notice_id, form)


@post("/tenders/{tender_id:uuid}/early/{notice_id:uuid}/send", name="tenders.send_early", status_code=200)
async def send(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Page | Redirect:
    """Send a notice by interface, where there is one."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ConfirmForm()
    async with form.attempt(db):
        await actions.send(db, actor, tender_id, notice_id, NoInterface())
        return to(request, f"/tenders/{tender_id}/notices", notice="The central platform published it")
    return await _page(db, head, notice_id, form)


@post(
    "/tenders/{tender_id:uuid}/early/{notice_id:uuid}/discard", name="tenders.discard_early", status_code=200
)
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


async def _exported(db: AsyncSession, tender_id: UUID, notice_id: UUID) -> EarlyRow:
    found = await queries.notice(db, tender_id, notice_id)
    if found.state == notices.NoticeState.DISCARDED:
        raise Missing("notice")
    return found


@get("/tenders/{tender_id:uuid}/early/{notice_id:uuid}/notice.json", name="tenders.early_json")
async def as_json(
    db: Db, visitor: Anybody, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out the fields of a notice for programs; to everybody once it is confirmed."""
    del visitor
    found = await _exported(db, tender_id, notice_id)
    said = {
        "notice": found.code,
        "tender": str(tender_id),
        "version": found.number,
        "reference": found.reference or None,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "replaced": found.replaced_at is not None,
        "fields": found.fields,
    }
    return downloads.as_json(said, f"{found.code}-{found.number}-{tender_id}.json")


@get("/tenders/{tender_id:uuid}/early/{notice_id:uuid}/notice.txt", name="tenders.early_text")
async def as_text(
    db: Db, visitor: Anybody, tender_id: FromPath[UUID], notice_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out the fields of a notice as text, to be entered into the central platform."""
    del visitor
    found = await _exported(db, tender_id, notice_id)
    title = f"{found.code}: {law().notice(found.code, london_today()).name}"
    text = notices.as_text(title, found.said)
    return downloads.as_text(text, f"{found.code}-{found.number}-{tender_id}.txt")


router = Router(
    "/",
    route_handlers=[prepare_page, prepare, notice, confirm, send, discard, as_json, as_text],
    include_in_schema=False,
)
