"""Suppliers that look for partners for a tender; for suppliers alone."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.actions import partners as actions
from sourcing.forms import AdvertForm
from sourcing.queries import partners as queries
from sourcing.rules.partners import until_end_of
from tenders.routes import showing
from tenders.rules import answering
from tenders.rules.states import TenderState
from values.actors import Actor
from web.pages import AnyRequest, Page, to

TAB: Final = "Partners"


async def _page(db: AsyncSession, actor: Actor, tender_id: UUID, form: AdvertForm) -> Page:
    answering.check_supplier(actor)
    head = await showing.head_once_public(db, actor, tender_id, TAB)
    found = await queries.adverts(db, tender_id)
    return Page(
        "tenders/partners.html",
        context={
            "head": head,
            "adverts": [each for each in found if each.mine or each.open],
            "posted": any(each.mine and each.open for each in found),
            "form": form,
        },
        status_code=422 if form.error_list else 200,
        headers={"cache-control": "no-store"},
    )


@get("/tenders/{tender_id:uuid}/partners", name="tenders.partners")
async def partners(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show who looks for a partner, and a form to do so."""
    return await _page(db, actor, tender_id, AdvertForm())


@post("/tenders/{tender_id:uuid}/partners", name="tenders.seek_partner", status_code=200)
async def seek(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Look for a partner."""
    form = AdvertForm(await request.form())
    if form.validate():
        answering.check_supplier(actor)
        tender = (await showing.head_once_public(db, actor, tender_id, TAB)).tender
        takes = tender.state == TenderState.PUBLISHED
        async with form.attempt(db):
            advert_id = await actions.post(
                db,
                actor,
                tender_id,
                brings=form.brings.data or "",
                seeks=form.seeks.data or "",
                until=until_end_of(form.until.data or date.min),
                latest=tender.tenders_due_at if takes else None,
            )
            return to(request, f"/partners/{advert_id}", notice="Other suppliers see it now")
    return await _page(db, actor, tender_id, form)


router = Router("/", route_handlers=[partners, seek], include_in_schema=False)
