"""The panel of a tender: formed, named, moved on by its chair, who lifts the names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from accounts.rules.register import body_id
from sourcing.actions import panels as sourcing_actions
from sourcing.forms.panels import PersonForm
from sourcing.queries import panels, scores
from sourcing.routes import panels as shared
from sourcing.routes.panels import PRIVATE, PROGRESS, RELEASE, Asked
from sourcing.rules.panels import STANDING_WORDS, STATE_WORDS, PanelState
from tenders.actions import assembling
from tenders.forms.deciding import ReasonForm
from tenders.queries import assessing as queries
from tenders.queries import tenders
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules.states import TenderState
from values.actors import Actor, Role
from values.refusals import Refused
from web.forms import Form
from web.pages import AnyRequest, Page

TAB: Final = "Panel"


def _place(tender_id: UUID) -> str:
    return f"/tenders/{tender_id}/panel"


async def _tab(db: AsyncSession, actor: Actor, head: Head, form: Form | None = None) -> Page:
    tender_id = head.tender.id
    people = PersonForm() if form is None or not isinstance(form, PersonForm) else form
    people.offer(await panels.colleagues(db) if head.takes_part else [])
    panel = await queries.panel(db, tender_id) if head.takes_part else None
    shown: dict[str, Any] = {"panel": panel}
    if panel:
        candidates = await panels.candidates(db, tender_id)
        shown |= await shared.facts(db, actor, panel) | {
            "candidates": candidates,
            "inside": {each.id: each.label for each in candidates if not each.out_at},
            "labels": {each.id: each.label for each in candidates},
            "own": await scores.own_scores(db, actor, tender_id),
        }
    return Page(
        "tenders/panel.html",
        context={
            "head": head,
            "form": form or people,
            "people": people,
            "officer": actor.has(Role.OFFICER) and head.takes_part,
            "state_words": STATE_WORDS,
            "standing_words": STANDING_WORDS,
            "columns": PROGRESS,
            "councils": {body_id(each.code): each.short_name for each in head.buyers},
            **shown,
        },
        status_code=422 if form and form.error_list else 200,
        headers=PRIVATE,
    )


@get("/tenders/{tender_id:uuid}/panel", name="tenders.panel")
async def panel_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show who assesses, how far they are, and what the reader has to do."""
    return await _tab(db, actor, await showing.head_inside(db, actor, tender_id, TAB))


@post("/tenders/{tender_id:uuid}/panel/form", name="tenders.form_panel", status_code=200)
async def form_panel(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Form the panel with its questions and its bids."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)

    async def take(form: PersonForm) -> str:
        chair_id, assesses = form.person_id, bool(form.assesses.data)
        count = await assembling.form_panel(db, actor, tender_id, chair_id=chair_id, assesses=assesses)
        return f"The panel was formed. Bids to assess: {count}"

    page = partial(_tab, db, actor, head)
    return await shared.with_person(request, db, take, place=_place(tender_id), page=page)


@post("/tenders/{tender_id:uuid}/panel/name", name="tenders.name_member", status_code=200)
async def name_member(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Name somebody of one's own council for the panel."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    take, page = partial(shared.name, db, actor, tender_id), partial(_tab, db, actor, head)
    return await shared.with_person(request, db, take, place=_place(tender_id), page=page)


@post("/tenders/{tender_id:uuid}/panel/chair", name="tenders.hand_chair", status_code=200)
async def hand_chair(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Let another of the panel chair it."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    take, page = partial(shared.hand_chair, db, actor, tender_id), partial(_tab, db, actor, head)
    return await shared.with_person(request, db, take, place=_place(tender_id), page=page)


@post("/tenders/{tender_id:uuid}/panel/move/{to_state:str}", name="tenders.move_panel", status_code=200)
async def move(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], to_state: FromPath[str]
) -> Page | Redirect:
    """Begin to score, open moderation, or settle."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    page = partial(_tab, db, actor, head)
    return await shared.move(request, db, actor, tender_id, to_state, place=_place(tender_id), page=page)


async def _reopen(db: AsyncSession, actor: Actor, tender_id: UUID, *, reason: str) -> None:
    tender = await tenders.tender_row(db, tender_id)
    if tender.state != TenderState.OPENED:
        raise Refused("The tender is assessed: what the panel agreed on stands.")
    await sourcing_actions.move(db, actor, tender_id, PanelState.MODERATING, reason=reason)


ASKED: Final[Mapping[str, Asked]] = {
    "lift-names": Asked(
        "Show whom the numbers stand for?",
        "Everybody on the panel then declares once more, for each name. Nobody joins the panel after that.",
        "Show the names",
        "The names are shown",
        sourcing_actions.lift_names,
    ),
    "reopen": shared.reopening(_reopen),
}
STEPS: Final = [f"/tenders/{{tender_id:uuid}}/panel/{step}" for step in ASKED]


async def _step_page(head: Head, asked: Asked, action: str, form: ReasonForm) -> Page:
    place = _place(head.tender.id)
    return Page(
        "tenders/panel_step.html",
        context={"head": head, "form": form, "asked": asked, "action": f"{place}/{action}", "place": place},
        status_code=422 if form.error_list else 200,
    )


@get(STEPS, name="tenders.panel_step_page")
async def step_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask the chair why."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    step = shared.last_part(request)
    return await _step_page(head, ASKED[step], step, ReasonForm())


@post(STEPS, name="tenders.panel_step", status_code=200)
async def do_step(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Do it."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    step = shared.last_part(request)
    asked = ASKED[step]
    return await shared.take_step(
        request,
        db,
        ReasonForm(await request.form()),
        lambda reason: asked.action(db, actor, tender_id, reason=reason),
        notice=asked.notice,
        place=_place(tender_id),
        page=partial(_step_page, head, asked, step),
    )


@get("/tenders/{tender_id:uuid}/panel/release/{person_id:uuid}", name="tenders.release_page")
async def release_page(db: Db, actor: Someone, tender_id: FromPath[UUID], person_id: FromPath[UUID]) -> Page:
    """Ask why somebody leaves the panel."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    return await _step_page(head, RELEASE, f"release/{person_id}", ReasonForm())


@post(
    "/tenders/{tender_id:uuid}/panel/release/{person_id:uuid}", name="tenders.release_member", status_code=200
)
async def release(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page | Redirect:
    """Release somebody from the panel."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    return await shared.take_step(
        request,
        db,
        ReasonForm(await request.form()),
        lambda reason: RELEASE.action(db, actor, tender_id, person_id, reason=reason),
        notice=RELEASE.notice,
        place=_place(tender_id),
        page=partial(_step_page, head, RELEASE, f"release/{person_id}"),
    )


router = Router(
    "/",
    route_handlers=[
        panel_page,
        form_panel,
        name_member,
        hand_chair,
        move,
        step_page,
        do_step,
        release_page,
        release,
    ],
    include_in_schema=False,
)
