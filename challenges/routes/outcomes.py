"""What came of a firm's response: its marks and reasons, and whether it may be named."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from challenges.actions import consenting
from challenges.queries import challenges, selection, showcase
from challenges.queries import responses as queries
from challenges.routes import showing
from challenges.rules import responding as rules
from challenges.rules.phases import CHOSEN_WORDS, PHASE_WORDS, PhaseKind
from sourcing.rules.challenge_routes import ChallengeRoute, route
from values.actors import Actor
from web.forms import Form
from web.pages import AnyRequest, Page, to
from web.paging import Column

COLUMNS = (Column("Criterion"), Column("Weight", numeric=True), Column("Points", numeric=True), Column("Why"))


async def _page(db: AsyncSession, actor: Actor, challenge_id: UUID, form: Form) -> Page:
    rules.check_may_respond(actor)
    head = await showing.head_once_public(db, actor, challenge_id, "Your response")
    draft = await queries.own_draft(db, actor, challenge_id)
    told = await selection.told(db, draft.id)
    lawful: ChallengeRoute | None = route(head.challenge.route)
    return Page(
        "challenges/outcome.html",
        context={
            "head": head,
            "form": form,
            "draft": draft,
            "told": told,
            "slots": await showcase.slots(db, challenge_id),
            "marks": await selection.marks(db, draft.id),
            "chosen": any(each.kind is PhaseKind.PILOT and each.goes_on for each in told),
            "may": await selection.consents(db, draft.id),
            "names": PHASE_WORDS,
            "chosen_words": CHOSEN_WORDS,
            "columns": COLUMNS,
            "criteria": (await challenges.content(db, challenge_id)).criteria,
            "notices": lawful.notices if lawful else (),
        },
        status_code=422 if form.error_list else 200,
        headers={"cache-control": "no-store"},
    )


@get("/challenges/{challenge_id:uuid}/outcome", name="challenges.outcome")
async def outcome(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show a firm what came of its response in each phase, and why."""
    return await _page(db, actor, challenge_id, Form())


@post("/challenges/{challenge_id:uuid}/outcome/name", name="challenges.name_firm", status_code=200)
async def name(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page | Redirect:
    """Let a chosen firm say whether everybody may read its name."""
    form = Form()
    may = (await request.form()).get("may") == "yes"
    async with form.attempt(db):
        await consenting.consent(db, actor, challenge_id, may=may)
        notice = "Your firm is named as chosen" if may else "Your firm is no longer named"
        return to(request, f"/challenges/{challenge_id}/outcome", notice=notice)
    return await _page(db, actor, challenge_id, form)


router = Router("/", route_handlers=[outcome, name], include_in_schema=False)
