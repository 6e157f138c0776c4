"""Approval by sponsors: given with a second factor, refused with a reason; then the lead publishes."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from accounts.routes.confirming import refused_as, take_code
from accounts.routes.session import Db, Someone
from challenges.actions import approving as actions
from challenges.forms.deciding import ApproveForm, ReasonForm
from challenges.queries import challenges, sponsors
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules import approving as rules
from challenges.rules.effort import minutes_to_answer
from challenges.rules.linting import PART_WORDS, blocking
from challenges.rules.phases import PHASE_WORDS
from values.actors import Actor
from values.refusals import Missing, Refused
from web.forms import Form, seen_hash
from web.pages import AnyRequest, Page, to

TAB = "Approval"


async def _tab(db: AsyncSession, head: Head, form: Form) -> Page:
    found = await actions.lacks(db, head.challenge)
    known = (await challenges.notices(db, head.challenge.id)).get(head.challenge.needs_notice)
    return Page(
        "challenges/approval.html",
        context={
            "head": head,
            "form": form,
            "answers": await sponsors.answers(db, head.challenge.id),
            "blocking": blocking(found),
            "parts": PART_WORDS,
            "noticed": known is not None and known.fingerprint == head.challenge.fingerprint,
        },
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/approval", name="challenges.approval")
async def approval(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show who approved which statement, who refused and why, and what comes before publication."""
    return await _tab(db, await showing.head_inside(db, actor, challenge_id, TAB), Form())


async def _head(db: AsyncSession, actor: Actor, challenge_id: UUID) -> Head:
    rules.check_approver(actor)
    head = await showing.head_inside(db, actor, challenge_id, TAB)
    if not head.approves:
        raise Missing("challenge")
    return head


async def _approve_page(
    db: AsyncSession, actor: Actor, head: Head, form: ApproveForm, *, status: int = 0
) -> Page:
    standing = await sponsors.standing(db, actor, head.challenge, head.own_code)
    in_the_way = ""
    try:
        rules.check_can_approve(standing, await actions.lacks(db, head.challenge))
    except Refused as refused:
        in_the_way = refused.message
    content = await challenges.content(db, head.challenge.id)
    return Page(
        "challenges/approve.html",
        context={
            "head": head,
            "form": form,
            "standing": standing,
            "in_the_way": in_the_way,
            "content": content,
            "phase_words": PHASE_WORDS,
            "region": dict(await regions(db)).get(content.region_code, "Anywhere"),
            "minutes": minutes_to_answer(content.most_words),
            "failed": bool(form.error_list),
        },
        status_code=status or (422 if form.error_list else 200),
        headers={"cache-control": "no-store"},
    )


@get("/challenges/{challenge_id:uuid}/approve", name="challenges.approve_page")
async def approve_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show an approver all that the council would put its name to."""
    return await _approve_page(db, actor, await _head(db, actor, challenge_id), ApproveForm())


@post("/challenges/{challenge_id:uuid}/approve", name="challenges.approve", status_code=200)
async def approve(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Approve what was before the approver, with a code for this approval."""
    head = await _head(db, actor, challenge_id)
    typed = await request.form()
    form = ApproveForm(typed)
    if not form.validate():
        return await _approve_page(db, actor, head, form)
    seen = seen_hash(typed.get("seen"))
    try:
        await actions.check(db, actor, head.challenge, seen)
        await take_code(request, form, doing="challenge.approve")
    except Refused as refused:
        return await _approve_page(db, actor, head, form, status=refused_as(form, refused))
    async with form.attempt(db):
        await actions.approve(db, actor, challenge_id, seen=seen)
        return to(
            request,
            f"/challenges/{challenge_id}/approval",
            notice="You approved the statement for your council",
        )
    return await _approve_page(db, actor, head, form)


def _refuse_page(head: Head, form: ReasonForm) -> Page:
    return Page(
        "challenges/refuse.html",
        context={"head": head, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/refuse", name="challenges.refuse_page")
async def refuse_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask what would have to change."""
    return _refuse_page(await _head(db, actor, challenge_id), ReasonForm())


@post("/challenges/{challenge_id:uuid}/refuse", name="challenges.refuse", status_code=200)
async def refuse(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Refuse with a reason that all sponsors read."""
    head = await _head(db, actor, challenge_id)
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.refuse(db, actor, challenge_id, reason=form.reason.data or "")
            return to(request, f"/challenges/{challenge_id}/approval", notice="You refused the statement")
    return _refuse_page(head, form)


@post("/challenges/{challenge_id:uuid}/publish", name="challenges.publish", status_code=200)
async def publish(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Publish the statement that was approved."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    form = Form(await request.form())
    async with form.attempt(db):
        await actions.publish(db, actor, challenge_id)
        return to(request, f"/challenges/{challenge_id}", notice="The challenge is published")
    return await _tab(db, head, form)


router = Router(
    "/",
    route_handlers=[approval, approve_page, approve, refuse_page, refuse, publish],
    include_in_schema=False,
)
