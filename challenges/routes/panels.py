"""The panel of a phase: formed by the lead, named by each council, moved on by its chair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from challenges.actions import judging
from challenges.forms.deciding import ReasonForm
from challenges.queries import phases, showcase
from challenges.queries.phases import EntrantRow, PhaseRow
from challenges.routes import showing
from challenges.routes.judging import TAB
from challenges.routes.showing import Head
from challenges.rules import phases as rules
from sourcing.forms.panels import PersonForm
from sourcing.queries import panels, scores
from sourcing.routes import panels as shared
from sourcing.routes.panels import PRIVATE, PROGRESS, RELEASE, Asked
from sourcing.rules.panels import STANDING_WORDS, STATE_WORDS, hidden_words
from values.actors import Actor, Role
from values.refusals import Missing
from web.forms import Form
from web.pages import AnyRequest, Page

PANEL: Final = "/challenges/{challenge_id:uuid}/judging/{phase_id:uuid}"


@dataclass(frozen=True, slots=True)
class Bench:
    """A phase as the people of its sponsors see it.

    Attributes:
        labels: what each candidate is called on pages.
    """

    head: Head
    phase: PhaseRow
    entrants: Mapping[UUID, EntrantRow]

    @property
    def place(self) -> str:
        """The address of its panel."""
        return f"/challenges/{self.head.challenge.id}/judging/{self.phase.id}"

    @property
    def labels(self) -> dict[UUID, str]:
        """Return what each candidate is called."""
        return {candidate_id: each.label for candidate_id, each in self.entrants.items()}

    @property
    def kept_words(self) -> str:
        """That responses are hidden from the reader, or nothing."""
        count = sum(each.hidden for each in self.entrants.values())
        return hidden_words(count) if count else ""


async def bench(db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID) -> Bench:
    """Return what a page of a panel starts from.

    Raises:
        Missing: there is no such phase, or it is not the reader's to see.
    """
    head = await showing.head_inside(db, actor, challenge_id, TAB)
    if not head.sponsors_it:
        raise Missing("panel")
    phase = await phases.phase(db, challenge_id, phase_id)
    entered = await phases.entrants(db, phase_id)
    return Bench(head, phase, {each.candidate_id: each for each in entered})


async def _page(db: AsyncSession, actor: Actor, on: Bench, form: Form | None = None) -> Page:
    phase_id = on.phase.id
    people = form if isinstance(form, PersonForm) else PersonForm()
    people.offer(await panels.colleagues(db))
    shown: dict[str, Any] = {"panel": None}
    if on.phase.panel_state:
        panel = await panels.panel(db, phase_id)
        shown = await shared.facts(db, actor, panel) | {
            "panel": panel,
            "scored": Counter(key[0] for key in await scores.own_scores(db, actor, phase_id)),
            "slots": [
                each for each in await showcase.slots(db, on.head.challenge.id) if each.phase_id == phase_id
            ],
            "hidden": not await phases.names_are_shown(db, on.head.challenge.id),
        }
    return Page(
        "challenges/panel.html",
        context={
            "head": on.head,
            "bench": on,
            "phase": on.phase,
            "form": form or people,
            "people": people,
            "officer": actor.has(Role.OFFICER),
            "state_words": STATE_WORDS,
            "standing_words": STANDING_WORDS,
            "columns": PROGRESS,
            "scale": rules.SCALE,
            "councils": {each.organisation_id: each.short_name for each in on.head.sponsors},
            **shown,
        },
        status_code=422 if form and form.error_list else 200,
        headers=PRIVATE,
    )


@get(PANEL, name="challenges.panel")
async def panel_page(db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]) -> Page:
    """Show who judges, how far they are, and what the reader has to do."""
    return await _page(db, actor, await bench(db, actor, challenge_id, phase_id))


async def _begin(db: AsyncSession, actor: Actor, on: Bench, form: PersonForm) -> str:
    count = await judging.begin(
        db,
        actor,
        on.head.challenge.id,
        on.phase.id,
        chair_id=form.person_id,
        assesses=bool(form.assesses.data),
    )
    return f"The panel was formed. Responses to judge: {count}"


async def _name(db: AsyncSession, actor: Actor, on: Bench, form: PersonForm) -> str:
    return await shared.name(db, actor, on.phase.id, form)


async def _hand(db: AsyncSession, actor: Actor, on: Bench, form: PersonForm) -> str:
    return await shared.hand_chair(db, actor, on.phase.id, form)


NAMING: Final[Mapping[str, Callable[..., Awaitable[str]]]] = {
    "begin": _begin,
    "name": _name,
    "chair": _hand,
}


@post([f"{PANEL}/{step}" for step in NAMING], name="challenges.name_on_panel", status_code=200)
async def with_person(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]
) -> Page | Redirect:
    """Form the panel under a chair, name somebody of one's own council, or hand the chair over."""
    on = await bench(db, actor, challenge_id, phase_id)
    take = partial(NAMING[shared.last_part(request)], db, actor, on)
    return await shared.with_person(request, db, take, place=on.place, page=partial(_page, db, actor, on))


@post(PANEL + "/move/{to_state:str}", name="challenges.move_panel", status_code=200)
async def move(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    to_state: FromPath[str],
) -> Page | Redirect:
    """Begin to score, open moderation, or settle."""
    on = await bench(db, actor, challenge_id, phase_id)
    page = partial(_page, db, actor, on)
    return await shared.move(request, db, actor, phase_id, to_state, place=on.place, page=page)


ASKED: Final[Mapping[str, Asked]] = {
    "lift-names": Asked(
        "Show whose responses they are?",
        "People of the sponsors then read firm, product and team. While the panel moderates, everybody on it "
        "declares once more.",
        "Show the names",
        "The names are shown",
        judging.lift_names,
    ),
    "reopen": shared.reopening(judging.reopen),
}
STEPS: Final = [f"{PANEL}/{step}" for step in ASKED]


async def _step_page(on: Bench, asked: Asked, step: str, form: ReasonForm) -> Page:
    return Page(
        "challenges/panel_step.html",
        context={"head": on.head, "bench": on, "form": form, "asked": asked, "step": step},
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


@get(STEPS, name="challenges.panel_step_page")
async def step_page(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]
) -> Page:
    """Ask the chair why."""
    on = await bench(db, actor, challenge_id, phase_id)
    step = shared.last_part(request)
    return await _step_page(on, ASKED[step], step, ReasonForm())


@post(STEPS, name="challenges.panel_step", status_code=200)
async def do_step(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]
) -> Page | Redirect:
    """Do it."""
    on = await bench(db, actor, challenge_id, phase_id)
    step = shared.last_part(request)
    asked = ASKED[step]
    return await shared.take_step(
        request,
        db,
        ReasonForm(await request.form()),
        lambda reason: asked.action(db, actor, challenge_id, phase_id, reason=reason),
        notice=asked.notice,
        place=on.place,
        page=partial(_step_page, on, asked, step),
    )


@get(PANEL + "/release/{person_id:uuid}", name="challenges.release_page")
async def release_page(
    db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID], person_id: FromPath[UUID]
) -> Page:
    """Ask why somebody leaves the panel."""
    on = await bench(db, actor, challenge_id, phase_id)
    return await _step_page(on, RELEASE, f"release/{person_id}", ReasonForm())


@post(PANEL + "/release/{person_id:uuid}", name="challenges.release", status_code=200)
async def release(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    person_id: FromPath[UUID],
) -> Page | Redirect:
    """Release somebody from the panel."""
    on = await bench(db, actor, challenge_id, phase_id)
    return await shared.take_step(
        request,
        db,
        ReasonForm(await request.form()),
        lambda reason: RELEASE.action(db, actor, phase_id, person_id, reason=reason),
        notice=RELEASE.notice,
        place=on.place,
        page=partial(_step_page, on, RELEASE, f"release/{person_id}"),
    )


router = Router(
    "/",
    route_handlers=[panel_page, with_person, move, step_page, do_step, release_page, release],
    include_in_schema=False,
)
