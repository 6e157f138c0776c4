"""Up to which sum approvers may commit their councils."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions import authority as actions
from procurement.forms.agreement import LimitForm
from procurement.queries import authority as queries
from procurement.rules import authority as rules
from values.actors import Actor, Role
from values.refusals import NotAllowed
from web.pages import AnyRequest, Page, to
from web.paging import Listing


def _check_may_see(actor: Actor) -> None:
    if not rules.may_see(actor):
        raise NotAllowed("What approvers may sign is for people of their council, and for operators.")


@get("/authority", name="procurement.authority")
async def authority(request: AnyRequest, db: Db, actor: Someone, q: FromQuery[str] = "") -> Page:
    """List the approvers of one's council with their limits; operators see all councils'."""
    _check_may_see(actor)
    listing = Listing.of(request, sorts=["name"], default="name")
    words = q.strip()[:100]
    total, approvers = await queries.approvers(
        db, actor, words=words, offset=listing.offset, limit=listing.per_page
    )
    return Page(
        "procurement/agreement/authority.html",
        context={
            "approvers": approvers,
            "total": total,
            "listing": listing,
            "words": words,
            "operator": actor.has(Role.OPERATOR),
            "may_set": {
                row.person_id: rules.may_set(actor, row.organisation_id, row.person_id) for row in approvers
            },
        },
    )


async def _limit_page(
    db: AsyncSession, actor: Actor, organisation_id: UUID, person_id: UUID, form: LimitForm | None
) -> Page:
    _check_may_see(actor)
    approver = await queries.approver(db, actor, organisation_id, person_id)
    return Page(
        "procurement/agreement/limit.html",
        context={
            "approver": approver,
            "form": form or LimitForm(data={"limit_pence": approver.limit_pence}),
            "may_set": rules.may_set(actor, organisation_id, person_id),
            "own": person_id == actor.person_id,
            "history": await queries.history(db, approver.body_code, person_id),
        },
        status_code=422 if form else 200,
    )


@get("/authority/{organisation_id:uuid}/{person_id:uuid}", name="procurement.limit")
async def limit_page(
    db: Db, actor: Someone, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page:
    """Show an approver's limit, how it was set over time, and who sets it."""
    return await _limit_page(db, actor, organisation_id, person_id, None)


@post("/authority/{organisation_id:uuid}/{person_id:uuid}", name="procurement.set_limit", status_code=200)
async def set_limit(
    request: AnyRequest, db: Db, actor: Someone, organisation_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page | Redirect:
    """Say up to which sum an approver may commit their council."""
    form = LimitForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.set_limit(
                db, actor, organisation_id, person_id, limit_pence=form.limit_pence.data or 0
            )
            return to(request, "/authority", notice="The limit was set")
    return await _limit_page(db, actor, organisation_id, person_id, form)


router = Router("/", route_handlers=[authority, limit_page, set_limit], include_in_schema=False)
