"""Pilots of a challenge: the list, beginning an agreement, its page, its approval, and its plain steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries import trail
from accounts.routes.confirming import refused_as, take_code
from accounts.routes.session import Anybody, Db, Someone
from challenges.actions import piloting, results
from challenges.forms.deciding import ApproveForm
from challenges.forms.pilots import BeginPilotForm
from challenges.queries import pilots, selection
from challenges.queries.pilots import PilotRow
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules import happenings, measuring
from challenges.rules import pilots as rules
from spend.queries import own_code
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused
from web.forms import Form, seen_hash
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

TAB: Final = "Pilots"
HISTORY: Final = (Column("When"), Column("Who"), Column("What"))


@dataclass(frozen=True, slots=True)
class PilotHead:
    """A pilot as its reader stands to it.

    Attributes:
        runs: the reader is an officer of the council that runs it.
        approves: the reader is an approver of it.
        decides: the reader is an approver of the lead council.
        of_council: the reader is an officer of a council.
    """

    row: PilotRow
    own_code: str | None
    runs: bool
    approves: bool
    decides: bool
    of_council: bool


async def pilot_head(db: AsyncSession, visitor: Actor, pilot_id: UUID) -> PilotHead:
    """Return what every page of a pilot starts from.

    Raises:
        Missing: no such pilot, or not theirs to see.
    """
    row = await pilots.pilot_row(db, pilot_id)
    code = await own_code(db, visitor)
    ours = code == row.pilot.runs_code
    return PilotHead(
        row,
        code,
        runs=ours and visitor.has(Role.OFFICER),
        approves=ours and visitor.has(Role.APPROVER),
        decides=code == row.lead_code and visitor.has(Role.APPROVER),
        of_council=code is not None and visitor.has(Role.OFFICER),
    )


@get("/challenges/{challenge_id:uuid}/pilots", name="challenges.pilots")
async def of_challenge(db: Db, visitor: Anybody, challenge_id: FromPath[UUID]) -> Page:
    """Show the pilots of a challenge that the reader may see."""
    head = await showing.head_once_public(db, visitor, challenge_id, TAB)
    found = await pilots.of_challenge(db, challenge_id)
    begun = {each.pilot.response_id for each in found}
    chosen = await selection.selected(db, challenge_id) if head.sponsors_it else []
    begins = bool([each for each in chosen if each.response_id not in begun]) and visitor.has(Role.OFFICER)
    return Page("challenges/pilots.html", context={"head": head, "pilots": found, "begins": begins})


async def _begin_page(db: AsyncSession, head: Head, form: BeginPilotForm) -> Page:
    return Page(
        "challenges/pilot_begin.html",
        context={"head": head, "form": form},
        status_code=422 if form.error_list else 200,
    )


async def _begin_form(
    db: AsyncSession, actor: Actor, challenge_id: UUID, typed: Any
) -> tuple[Head, BeginPilotForm]:
    head = await showing.head_inside(db, actor, challenge_id, TAB)
    if not head.sponsors_it or not actor.has(Role.OFFICER):
        raise NotAllowed("Only an officer of a sponsor can do this.")
    form = BeginPilotForm(typed)
    chosen = await selection.selected(db, challenge_id)
    form.offer([(each.response_id, f"{each.firm or each.code}: {each.product}") for each in chosen])
    return head, form


@get("/challenges/{challenge_id:uuid}/pilots/new", name="challenges.pilot_begin_page")
async def begin_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask whose response is tried, and when."""
    head, form = await _begin_form(db, actor, challenge_id, None)
    return await _begin_page(db, head, form)


@post("/challenges/{challenge_id:uuid}/pilots/new", name="challenges.pilot_begin", status_code=200)
async def begin(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page | Redirect:
    """Begin the agreement."""
    head, form = await _begin_form(db, actor, challenge_id, await request.form())
    if form.validate() and form.starts_on.data and form.ends_on.data:
        async with form.attempt(db):
            days = {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data}
            pilot_id = await piloting.begin(db, actor, challenge_id, UUID(form.response.data), **days)
            return to(request, f"/pilots/{pilot_id}", notice="The agreement was begun")
    return await _begin_page(db, head, form)


@get("/pilots/{pilot_id:uuid}", name="challenges.pilot")
async def pilot(db: Db, visitor: Anybody, pilot_id: FromPath[UUID]) -> Page:
    """Show a pilot: what was agreed, what was fixed, what was read, what comes next and for whom."""
    return await _page(db, await pilot_head(db, visitor, pilot_id), Form())


async def _page(db: AsyncSession, head: PilotHead, form: Form) -> Page:
    agreement = await pilots.agreement(db, head.row)
    found = await pilots.readings(db, head.row.pilot.id)
    return Page(
        "challenges/pilot.html",
        context={
            "head": head,
            "form": form,
            "agreement": agreement,
            "bodies": await pilots.bodies(db, agreement.sites),
            "lacks": rules.missing(agreement),
            "milestones": await pilots.milestones(db, head.row.pilot.id),
            "changes": await pilots.changes(db, head.row.pilot.id),
            "methods": measuring.METHODS,
            "counted": {
                each.position: len([one for one in found if one.position == each.position and one.counts])
                for each in agreement.measures
            },
        },
        status_code=422 if form.error_list else 200,
    )


@get("/pilots/{pilot_id:uuid}/history", name="challenges.pilot_history")
async def history(request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID]) -> Page:
    """Show what was done, the newest first."""
    head = await pilot_head(db, actor, pilot_id)
    listing = Listing.of(request, sorts=["at"], default="-at")
    total, entries = await trail.entries(
        db, "pilot", pilot_id, happenings.PILOT_WORDS, offset=listing.offset, limit=listing.per_page
    )
    context = {"head": head, "total": total, "entries": entries, "listing": listing, "columns": HISTORY}
    return Page("challenges/pilot_history.html", context=context)


async def _agree_page(db: AsyncSession, head: PilotHead, form: ApproveForm, *, status: int = 0) -> Page:
    if not head.approves:
        raise NotAllowed("Only an approver of the council that runs the pilot can do this.")
    agreement = await pilots.agreement(db, head.row)
    return Page(
        "challenges/pilot_agree.html",
        context={
            "head": head,
            "form": form,
            "agreement": agreement,
            "bodies": await pilots.bodies(db, agreement.sites),
            "lacks": rules.missing(agreement),
            "methods": measuring.METHODS,
            "seen": rules.fingerprint(agreement).hex(),
        },
        status_code=status or (422 if form.error_list else 200),
        headers={"cache-control": "no-store"},
    )


@get("/pilots/{pilot_id:uuid}/agree", name="challenges.pilot_agree_page")
async def agree_page(db: Db, actor: Someone, pilot_id: FromPath[UUID]) -> Page:
    """Show an approver all that the council would be bound to."""
    return await _agree_page(db, await pilot_head(db, actor, pilot_id), ApproveForm())


@post("/pilots/{pilot_id:uuid}/agree", name="challenges.pilot_agree", status_code=200)
async def agree(request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID]) -> Page | Redirect:
    """Approve it, with a code for this approval."""
    head = await pilot_head(db, actor, pilot_id)
    typed = await request.form()
    form = ApproveForm(typed)
    if not form.validate():
        return await _agree_page(db, head, form)
    seen = seen_hash(typed.get("seen"))
    try:
        await piloting.check_agree(db, actor, pilot_id, seen)
        await take_code(request, form, doing="pilot.agree")
    except Refused as refused:
        return await _agree_page(db, head, form, status=refused_as(form, refused))
    async with form.attempt(db):
        await piloting.agree(db, actor, pilot_id, seen=seen)
        return to(request, f"/pilots/{pilot_id}", notice="You approved the agreement for your council")
    return await _agree_page(db, head, form)


# Steps that need nothing but the wish: what is done, and what is said then.
PLAIN: Final[Mapping[str, tuple[Callable[..., Awaitable[None]], str]]] = {
    "reopen": (piloting.reopen, "The agreement can be changed again"),
    "start": (piloting.start, "The pilot runs: its measures are fixed"),
    "publish": (results.publish, "The result is published"),
}


@post([f"/pilots/{{pilot_id:uuid}}/{step}" for step in PLAIN], name="challenges.pilot_plain", status_code=200)
async def plain(request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID]) -> Page | Redirect:
    """Take a step that needs nothing but the wish."""
    step = request.scope["path"].rsplit("/", 1)[-1]
    action, said = PLAIN[step]
    form = Form(await request.form())
    async with form.attempt(db):
        await action(db, actor, pilot_id)
        place = f"/results/{pilot_id}" if step == "publish" else f"/pilots/{pilot_id}"
        return to(request, place, notice=said)
    return await _page(db, await pilot_head(db, actor, pilot_id), form)


@post(
    "/pilots/{pilot_id:uuid}/{part:str}/{position:int}/remove",
    name="challenges.pilot_remove",
    status_code=200,
)
async def remove(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    pilot_id: FromPath[UUID],
    part: FromPath[str],
    position: FromPath[int],
) -> Page | Redirect:
    """Take a site, a milestone or a measure out of what will be agreed."""
    form = Form(await request.form())
    async with form.attempt(db):
        if part not in piloting.PARTS:
            raise Refused("There is no such part.")
        await piloting.remove_part(db, actor, pilot_id, part, position)
        return to(request, f"/pilots/{pilot_id}", notice="It was taken out")
    return await _page(db, await pilot_head(db, actor, pilot_id), form)


router = Router(
    "/",
    route_handlers=[
        of_challenge,
        begin_page,
        begin,
        pilot,
        history,
        agree_page,
        agree,
        plain,
        remove,
    ],
    include_in_schema=False,
)
