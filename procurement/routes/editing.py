"""Recording a need, and changing it."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement import forms
from procurement.actions import needs as actions
from procurement.queries import contracts
from procurement.queries import needs as queries
from procurement.rules import needs as rules
from procurement.rules.needs import NeedState
from spend.queries import own_code
from spend.rules.categories import taxonomy
from values.actors import Actor
from values.refusals import Missing, Refused
from web.pages import AnyRequest, Page, to


async def _form(db: AsyncSession, code: str, typed: FormMultiDict | None = None) -> forms.NeedForm:
    form = forms.NeedForm(typed)
    form.offer(await contracts.all_contracts(db, code))
    return form


async def _own(db: AsyncSession, actor: Actor) -> str:
    code = await own_code(db, actor)
    rules.check_may_change(actor, code or "", code)
    return str(code)


def _page(form: forms.NeedForm, need: queries.NeedRow | None = None, seen: int = 1) -> Page:
    context = {"form": form, "need": need, "seen": seen, "categories": taxonomy().categories}
    return Page("procurement/edit.html", context=context, status_code=422 if form.error_list else 200)


@get("/needs/new", name="procurement.new_page")
async def new_page(db: Db, actor: Someone) -> Page:
    """Ask what is needed."""
    return _page(await _form(db, await _own(db, actor)))


@post("/needs/new", name="procurement.record_need", status_code=200)
async def record(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Save a need as a draft, or open it at once."""
    typed = await request.form()
    form = await _form(db, await _own(db, actor), typed)
    if form.validate():
        async with form.attempt(db):
            need_id = await actions.record_need(db, actor, form.wanted())
            if typed.get("then") == "open":
                await actions.move_need(db, actor, need_id, NeedState.OPEN)
            return to(request, f"/needs/{need_id}", notice="The need was saved")
    return _page(form)


async def _changeable(db: AsyncSession, actor: Actor, need_id: UUID) -> queries.NeedPage:
    page = await queries.need_page(db, need_id)
    rules.check_may_change(actor, page.need.body_code, await own_code(db, actor))
    return page


@get("/needs/{need_id:uuid}/edit", name="procurement.edit_page")
async def edit_page(db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page:
    """Show a need in the form."""
    page = await _changeable(db, actor, need_id)
    if page.wanted is None:
        raise Missing("need")
    form = forms.NeedForm(data=forms.typed_need(page.wanted))
    form.offer(await contracts.all_contracts(db, page.need.body_code))
    return _page(form, page.need, page.need.version)


@post("/needs/{need_id:uuid}/edit", name="procurement.change_need", status_code=200)
async def change(request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page | Redirect:
    """Save a need anew; the version before is kept."""
    page = await _changeable(db, actor, need_id)
    typed = await request.form()
    form = await _form(db, page.need.body_code, typed)
    text = str(typed.get("seen", ""))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("The form did not say which version was changed. Open the need again.")
    seen = int(text)
    if form.validate():
        async with form.attempt(db):
            await actions.change_need(db, actor, need_id, form.wanted(), seen=seen)
            return to(request, f"/needs/{need_id}", notice="The need was saved")
    return _page(form, page.need, seen)


router = Router("/", route_handlers=[new_page, record, edit_page, change], include_in_schema=False)
