"""Notices of a contract: prepared, exported, sent or taken to the central platform, confirmed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from tenders.actions.contracts import noticing as actions
from tenders.actions.sending import NoInterface
from tenders.forms.deciding import ConfirmForm
from tenders.queries import contract_papers as papers
from tenders.routes.contracts import showing
from tenders.routes.contracts.showing import BASE, Held
from tenders.rules import notices as rules
from values.ids import uuid_or_none
from values.refusals import Missing
from web import downloads
from web.forms import Form
from web.pages import AnyRequest, Page, to

NOTICE: Final = f"{BASE}/notices/{{notice_id:uuid}}"


@post(f"{BASE}/notices/new", name="tenders.prepare_contract_notice", status_code=200)
async def prepare(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page | Redirect:
    """Prepare a notice about the contract, an assessment, a breach, a change or the end."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    typed = await request.form()
    code, about_id = str(typed.get("code") or ""), uuid_or_none(str(typed.get("about") or ""))
    if about_id is None:
        raise Missing("notice")
    form = Form(typed)
    async with form.attempt(db):
        notice_id = await actions.prepare(db, actor, tender_id, contract_id, code, about_id)
        said = "The notice was prepared. Take it to the central platform"
        return to(request, f"{held.place}/notices/{notice_id}", notice=said)
    words = "What is in the way stands above. Once it is put right, prepare the notice again."
    return showing.step_page(
        held,
        form,
        path="notices/new",
        heading="Prepare a notice",
        words=words,
        button="Prepare it again",
        hidden={"code": code, "about": str(about_id)},
    )


async def _page(db: AsyncSession, held: Held, notice_id: UUID, form: Form) -> Page:
    found = await papers.notice(db, held.life.facts.contract_id, notice_id)
    return Page(
        "tenders/contracts/notice.html",
        context={**held.context, "form": form, "shown": found},
        status_code=422 if form.error_list else 200,
    )


@get(NOTICE, name="tenders.contract_notice")
async def notice(
    db: Db,
    visitor: Anybody,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    notice_id: FromPath[UUID],
) -> Page:
    """Show a notice field by field, and ask whoever prepared it for the confirmation."""
    held = await showing.held(db, visitor, tender_id, contract_id)
    return await _page(db, held, notice_id, ConfirmForm())


@post(f"{NOTICE}/confirm", name="tenders.confirm_contract_notice", status_code=200)
async def confirm(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    notice_id: FromPath[UUID],
) -> Page | Redirect:
    """Record what the central platform confirmed."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = ConfirmForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            reference, at = form.reference.data or "", form.published_at
            ids = (tender_id, contract_id, notice_id)
            await actions.confirm(db, actor, *ids, reference=reference, published_at=at)
            return to(request, held.place, notice="The confirmation was recorded")
    return await _page(db, held, notice_id, form)


@post(f"{NOTICE}/send", name="tenders.send_contract_notice", status_code=200)
async def send(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    notice_id: FromPath[UUID],
) -> Page | Redirect:
    """Send a notice by interface, where there is one."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = ConfirmForm()
    async with form.attempt(db):
        await actions.send(db, actor, tender_id, contract_id, notice_id, NoInterface())
        return to(request, held.place, notice="The notice was published")
    return await _page(db, held, notice_id, form)


@post(f"{NOTICE}/discard", name="tenders.discard_contract_notice", status_code=200)
async def discard(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    notice_id: FromPath[UUID],
) -> Page | Redirect:
    """Discard a notice that was not published."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = ConfirmForm()
    async with form.attempt(db):
        await actions.discard(db, actor, tender_id, contract_id, notice_id)
        return to(request, held.place, notice="The notice was discarded")
    return await _page(db, held, notice_id, form)


@get([f"{NOTICE}/notice.json", f"{NOTICE}/notice.txt"], name="tenders.contract_notice_file")
async def exported(
    request: AnyRequest,
    db: Db,
    visitor: Anybody,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    notice_id: FromPath[UUID],
) -> Response[bytes]:
    """Hand out the fields of a notice for programs, or as text to be entered into the central platform."""
    held = await showing.held(db, visitor, tender_id, contract_id)
    found = await papers.notice(db, contract_id, notice_id)
    if found.state == rules.NoticeState.DISCARDED:
        raise Missing("notice")
    if str(request.scope["path"]).endswith(".txt"):
        text = rules.as_text(f"{found.code}: {found.name}", found.said)
        return downloads.as_text(text, f"{found.code}-{contract_id}.txt")
    said = {
        "notice": found.code,
        "tender": str(tender_id),
        "contract": str(contract_id),
        "contract_reference": held.life.facts.reference,
        "reference": found.reference or None,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "fields": rules.exported(found.fields),
    }
    return downloads.as_json(said, f"{found.code}-{contract_id}.json")


router = Router(
    "/", route_handlers=[prepare, notice, confirm, send, discard, exported], include_in_schema=False
)
