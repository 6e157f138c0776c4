"""Sponsors of a challenge: who they are, joining, saying something else, leaving."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from challenges.actions import sponsoring as actions
from challenges.forms.deciding import ReasonForm, SponsorForm
from challenges.queries import sponsors as queries
from challenges.queries.sponsors import SponsorRow
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules import sponsoring as rules
from challenges.rules import states
from values.actors import Actor, Role
from values.refusals import Missing, Refused
from web.pages import AnyRequest, Page, to

TAB = "Sponsors"


@get("/challenges/{challenge_id:uuid}/sponsors", name="challenges.sponsors")
async def sponsors(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show who sponsors it, with which need, and who approved."""
    head = await showing.head_of_council(db, actor, challenge_id, TAB)
    return Page(
        "challenges/sponsors.html",
        context={"head": head, "joins": _joins(head, actor), "acts": actor.has(Role.OFFICER)},
    )


def _joins(head: Head, actor: Actor) -> bool:
    try:
        rules.check_can_join(
            head.challenge.state,
            seeks=head.challenge.seeks_sponsors,
            takes_responses=head.challenge.takes_responses,
            is_sponsor=head.own_code in [each.code for each in head.sponsors],
        )
    except Refused:
        return False
    return head.own_code is not None and actor.has(Role.OFFICER)


@post("/challenges/{challenge_id:uuid}/seek", name="challenges.seek", status_code=200)
async def seek(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Redirect:
    """Show the statement to all councils, or no longer."""
    wanted = (await request.form()).get("wanted") == "yes"
    await actions.seek(db, actor, challenge_id, wanted=wanted)
    told = "All councils can read the statement now" if wanted else "Only sponsors read the statement now"
    return to(request, f"/challenges/{challenge_id}/sponsors", notice=told)


async def _own(head: Head) -> SponsorRow | None:
    return next((each for each in head.sponsors if each.code == head.own_code), None)


async def _sponsor_page(db: AsyncSession, head: Head, form: SponsorForm, own: SponsorRow | None) -> Page:
    return Page(
        "challenges/sponsor.html",
        context={"head": head, "form": form, "own": own},
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/sponsor", name="challenges.sponsor_page")
async def sponsor_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask a council for a line on its own need, to join or to say something else."""
    head = await showing.head_of_council(db, actor, challenge_id, TAB)
    code = states.check_officer(actor, head.own_code)
    own = await _own(head)
    said = {"line": own.line, "need": str(own.need_id or "")} if own else {}
    form = SponsorForm(data=said)
    form.offer(await queries.own_needs(db, code))
    return await _sponsor_page(db, head, form, own)


@post("/challenges/{challenge_id:uuid}/sponsor", name="challenges.sponsor", status_code=200)
async def sponsor(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Join, or say something else of the council's own need."""
    head = await showing.head_of_council(db, actor, challenge_id, TAB)
    code = states.check_officer(actor, head.own_code)
    own = await _own(head)
    form = SponsorForm(await request.form())
    form.offer(await queries.own_needs(db, code))
    if form.validate():
        async with form.attempt(db):
            act = actions.change if own else actions.join
            await act(db, actor, challenge_id, line=form.line.data or "", need_id=form.need_id)
            told = "Saved" if own else "Your council joined. An approver of yours approves for it"
            return to(request, f"/challenges/{challenge_id}/sponsors", notice=told)
    return await _sponsor_page(db, head, form, own)


async def _leaving(db: AsyncSession, actor: Actor, challenge_id: UUID, code: str) -> tuple[Head, SponsorRow]:
    head = await showing.head_inside(db, actor, challenge_id, TAB)
    found = next((each for each in head.sponsors if each.code == code), None)
    if found is None:
        raise Missing("sponsor")
    rules.check_can_leave(
        head.challenge.state,
        code,
        lead_code=head.challenge.lead_code,
        own_code=states.check_officer(actor, head.own_code),
        stands=found.stands,
    )
    return head, found


def _leave_page(head: Head, row: SponsorRow, form: ReasonForm) -> Page:
    return Page(
        "challenges/leave.html",
        context={"head": head, "row": row, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/sponsors/{code:str}/leave", name="challenges.leave_page")
async def leave_page(db: Db, actor: Someone, challenge_id: FromPath[UUID], code: FromPath[str]) -> Page:
    """Ask why a council leaves."""
    head, row = await _leaving(db, actor, challenge_id, code)
    return _leave_page(head, row, ReasonForm())


@post("/challenges/{challenge_id:uuid}/sponsors/{code:str}/leave", name="challenges.leave", status_code=200)
async def leave(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], code: FromPath[str]
) -> Page | Redirect:
    """Take a council out of the sponsors."""
    head, row = await _leaving(db, actor, challenge_id, code)
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.leave(db, actor, challenge_id, code, reason=form.reason.data or "")
            return to(request, "/challenges", notice=f"{row.short_name} is no sponsor any more")
    return _leave_page(head, row, form)


router = Router(
    "/",
    route_handlers=[sponsors, seek, sponsor_page, sponsor, leave_page, leave],
    include_in_schema=False,
)
