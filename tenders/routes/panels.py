"""The panel of a tender: formed, named, moved on by its chair, who lifts the names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
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
from sourcing.queries import declarations, panels, scores
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
from web.pages import AnyRequest, Page, to
from web.paging import Column

TAB: Final = "Panel"
PRIVATE: Final = {"cache-control": "no-store"}
PROGRESS: Final = (Column("Person"), Column("Scores"), Column("Declarations"))


async def _tab(db: AsyncSession, actor: Actor, head: Head, form: Form | None = None) -> Page:
    tender_id = head.tender.id
    people = PersonForm() if form is None or not isinstance(form, PersonForm) else form
    people.offer(await panels.colleagues(db) if head.takes_part else [])
    panel = await queries.panel(db, tender_id) if head.takes_part else None
    shown: dict[str, Any] = {"panel": panel}
    if panel:
        members = await panels.members(db, tender_id)
        candidates = await panels.candidates(db, tender_id)
        shown |= {
            "members": members,
            "candidates": candidates,
            "questions": await panels.scored_questions(db, tender_id),
            "own": await scores.own_scores(db, actor, tender_id),
            "standings": await panels.standings(db, tender_id, actor.person_id),
            "waiting": [
                each for each in await declarations.declarations(db, tender_id)
                if each.conflict and each.decision is None
            ],
            "on": next((x for x in members if x.person_id == actor.person_id and not x.released_at), None),
            "chairs": panel.chair_id == actor.person_id,
        }  # fmt: skip
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
    form = PersonForm(await request.form())
    form.offer(await panels.colleagues(db))
    if form.validate():
        async with form.attempt(db):
            count = await assembling.form_panel(
                db, actor, tender_id, chair_id=form.person_id, assesses=bool(form.assesses.data)
            )
            return to(
                request,
                f"/tenders/{tender_id}/panel",
                notice=f"The panel was formed. Bids to assess: {count}",
            )
    return await _tab(db, actor, head, form)


async def _with_person(
    request: AnyRequest, db: AsyncSession, actor: Actor, head: Head, name: str, notice: str
) -> Page | Redirect:
    form = PersonForm(await request.form())
    form.offer(await panels.colleagues(db))
    if form.validate():
        async with form.attempt(db):
            if name == "name":
                await sourcing_actions.name_member(
                    db, actor, head.tender.id, form.person_id, assesses=bool(form.assesses.data)
                )
            else:
                await sourcing_actions.hand_chair(db, actor, head.tender.id, form.person_id)
            return to(request, f"/tenders/{head.tender.id}/panel", notice=notice)
    return await _tab(db, actor, head, form)


@post("/tenders/{tender_id:uuid}/panel/name", name="tenders.name_member", status_code=200)
async def name_member(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Name somebody of one's own council for the panel."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    return await _with_person(request, db, actor, head, "name", "They are on the panel")


@post("/tenders/{tender_id:uuid}/panel/chair", name="tenders.hand_chair", status_code=200)
async def hand_chair(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Let another of the panel chair it."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    return await _with_person(request, db, actor, head, "chair", "The panel has another chair")


@post("/tenders/{tender_id:uuid}/panel/move/{to_state:str}", name="tenders.move_panel", status_code=200)
async def move(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], to_state: FromPath[str]
) -> Page | Redirect:
    """Begin to score, open moderation, or settle."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    form = Form()
    wanted = next((each for each in PanelState if each == to_state), PanelState.FORMING)
    async with form.attempt(db):
        await sourcing_actions.move(db, actor, tender_id, wanted)
        notice = f"The panel is now: {STATE_WORDS[wanted].lower()}"
        return to(request, f"/tenders/{tender_id}/panel", notice=notice)
    return await _tab(db, actor, head, form)


@dataclass(frozen=True, slots=True)
class Asked:
    """A step of the chair that needs a reason."""

    question: str
    meaning: str
    button: str
    notice: str
    action: Callable[..., Awaitable[Any]]


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
    "reopen": Asked(
        "Open what was settled again?",
        "What was agreed stays in the history; the panel can agree anew.",
        "Open it again",
        "The panel moderates again",
        _reopen,
    ),
}
STEPS: Final = [f"/tenders/{{tender_id:uuid}}/panel/{step}" for step in ASKED]


def _step_page(head: Head, asked: Asked, form: ReasonForm, action: str) -> Page:
    return Page(
        "tenders/panel_step.html",
        context={"head": head, "form": form, "asked": asked, "action": action},
        status_code=422 if form.error_list else 200,
    )


def _step(request: AnyRequest) -> str:
    return str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]


@get(STEPS, name="tenders.panel_step_page")
async def step_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask the chair why."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    return _step_page(head, ASKED[_step(request)], ReasonForm(), _step(request))


@post(STEPS, name="tenders.panel_step", status_code=200)
async def do_step(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Do it."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    form, asked = ReasonForm(await request.form()), ASKED[_step(request)]
    if form.validate():
        async with form.attempt(db):
            await asked.action(db, actor, tender_id, reason=form.reason.data or "")
            return to(request, f"/tenders/{tender_id}/panel", notice=asked.notice)
    return _step_page(head, asked, form, _step(request))


RELEASE: Final = Asked(
    "Release them from the panel?",
    "Their scores no longer count, and the panel no longer waits for them. This cannot be undone.",
    "Release them",
    "They were released",
    sourcing_actions.release_member,
)


@get("/tenders/{tender_id:uuid}/panel/release/{person_id:uuid}", name="tenders.release_page")
async def release_page(db: Db, actor: Someone, tender_id: FromPath[UUID], person_id: FromPath[UUID]) -> Page:
    """Ask why somebody leaves the panel."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    return _step_page(head, RELEASE, ReasonForm(), f"release/{person_id}")


@post(
    "/tenders/{tender_id:uuid}/panel/release/{person_id:uuid}", name="tenders.release_member", status_code=200
)
async def release(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page | Redirect:
    """Release somebody from the panel."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            reason = form.reason.data or ""
            await sourcing_actions.release_member(db, actor, tender_id, person_id, reason=reason)
            return to(request, f"/tenders/{tender_id}/panel", notice=RELEASE.notice)
    return _step_page(head, RELEASE, form, f"release/{person_id}")


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
