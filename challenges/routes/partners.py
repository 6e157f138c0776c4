"""Firms that look for partners to respond with; for firms alone."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules.responding import check_may_respond
from sourcing.actions import partners as actions
from sourcing.forms import AdvertForm
from sourcing.queries import partners as queries
from sourcing.rules.partners import until_end_of
from values.actors import Actor
from web.pages import AnyRequest, Page, to

TAB: Final = "Partners"


async def _head(db: AsyncSession, actor: Actor, challenge_id: UUID) -> Head:
    check_may_respond(actor)
    return await showing.head_once_public(db, actor, challenge_id, TAB)


async def _page(db: AsyncSession, head: Head, form: AdvertForm) -> Page:
    found = await queries.adverts(db, head.challenge.id)
    return Page(
        "challenges/partners.html",
        context={
            "head": head,
            "adverts": [each for each in found if each.mine or each.open],
            "posted": any(each.mine and each.open for each in found),
            "form": form,
        },
        status_code=422 if form.error_list else 200,
        headers={"cache-control": "no-store"},
    )


@get("/challenges/{challenge_id:uuid}/partners", name="challenges.partners")
async def partners(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show who looks for a partner, and a form to do so."""
    return await _page(db, await _head(db, actor, challenge_id), AdvertForm())


@post("/challenges/{challenge_id:uuid}/partners", name="challenges.seek_partner", status_code=200)
async def seek(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page | Redirect:
    """Look for a partner."""
    head = await _head(db, actor, challenge_id)
    form = AdvertForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            advert_id = await actions.post(
                db,
                actor,
                challenge_id,
                brings=form.brings.data or "",
                seeks=form.seeks.data or "",
                until=until_end_of(form.until.data or date.min),
                latest=head.challenge.responses_due_at if head.challenge.takes_responses else None,
            )
            return to(request, f"/partners/{advert_id}", notice="Other firms see it now")
    return await _page(db, head, form)


router = Router("/", route_handlers=[partners, seek], include_in_schema=False)
