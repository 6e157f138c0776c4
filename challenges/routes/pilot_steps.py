"""Steps of a pilot that ask for something, one form a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries import bodies
from accounts.routes.session import Db, Someone
from challenges.actions import piloting, results
from challenges.forms import pilots as forms
from challenges.forms.deciding import ReasonForm
from challenges.forms.pilots import AdoptForm, SiteForm
from challenges.queries import pilots
from challenges.queries import results as result_queries
from challenges.routes.pilots import PilotHead, pilot_head
from values.actors import Actor
from values.refusals import Missing, NotAllowed
from web.forms import Form
from web.pages import AnyRequest, Page, to


@dataclass(frozen=True, slots=True)
class Step:
    """What a step asks for, of whom, and what is said when it is done.

    Attributes:
        who: the attribute of `PilotHead` that says whether the reader takes it.
        to: what follows the address of the pilot afterwards; `{n}` is the number.
    """

    title: str
    meaning: str
    button: str
    notice: str
    form: type[Form]
    action: Callable[..., Awaitable[Any]]
    who: str = "runs"
    to: str = "/pilots/{id}"


def _adding(part: str) -> Callable[..., Awaitable[Any]]:
    async def add(db: AsyncSession, actor: Actor, pilot_id: UUID, **said: Any) -> None:
        await piloting.add_part(db, actor, pilot_id, part, **said)

    return add


STEPS: Final[Mapping[str, Step]] = {
    "describe": Step(
        "What is tried",
        "Readings before the first day are the baseline.",
        "Save",
        "It was saved",
        forms.DescribeForm,
        piloting.describe,
    ),
    "sites": Step(
        "Add a place",
        "Where it is tried, and places to compare with.",
        "Add it",
        "The place was added",
        SiteForm,
        _adding("site"),
    ),
    "milestones": Step(
        "Add a milestone",
        "Money follows what is reached.",
        "Add it",
        "The milestone was added",
        forms.MilestoneForm,
        _adding("milestone"),
    ),
    "measures": Step(
        "Add a measure",
        "It is fixed when the pilot starts: what is changed later stands beside it, with the reason.",
        "Add it",
        "The measure was added",
        forms.MeasureForm,
        _adding("measure"),
    ),
    "account": Step(
        "Account of the pilot",
        "Everybody reads it once the result is published. Nothing is decided before all of it is there.",
        "Save",
        "The account was saved",
        forms.AccountForm,
        results.give_account,
    ),
    "end": Step(
        "End the pilot",
        "From then on its result is published within 60 days, however it went. Say whether it ran as agreed, "
        "or why it was broken off.",
        "End it",
        "The pilot ended",
        ReasonForm,
        piloting.end,
    ),
    "drop": Step(
        "Give the pilot up",
        "It was not started. What was agreed no longer stands.",
        "Give it up",
        "The pilot was given up",
        ReasonForm,
        piloting.drop,
    ),
    "decide": Step(
        "Decide what becomes of it",
        "For the lead council. The decision and its reason are published with the result.",
        "Decide",
        "It was decided",
        forms.DecideForm,
        results.decide,
        who="decides",
    ),
    "adopt": Step(
        "Take it on",
        "Record that your council uses what was tried, and by which lawful way. Everybody reads it.",
        "Record it",
        "It was recorded that your council takes it on",
        AdoptForm,
        results.adopt,
        who="of_council",
        to="/results/{id}",
    ),
    "still": Step(
        "Is it still in use?",
        "Asked a year after your council took it on. Everybody reads the answer.",
        "Record the answer",
        "The answer was recorded",
        forms.StillForm,
        results.say_still,
        who="of_council",
        to="/results/{id}",
    ),
}
NUMBERED: Final[Mapping[str, Step]] = {
    "pay": Step(
        "Record a payment",
        "When the milestone was paid, and what showed that it was reached.",
        "Record it",
        "The payment was recorded",
        forms.PaidForm,
        results.pay,
    ),
    "readings": Step(
        "Record readings",
        "All lines are recorded, or none. Readings before the first day of the pilot are the baseline.",
        "Record them",
        "The readings were recorded",
        forms.ReadingsForm,
        results.record_readings,
        to="/pilots/{id}/measures/{n}",
    ),
    "change": Step(
        "Change a fixed measure",
        "What was fixed stays on the page, and the result by it. The change stands beside it.",
        "Change it",
        "The change was recorded",
        forms.ChangeMeasureForm,
        results.change_measure,
        to="/pilots/{id}/measures/{n}",
    ),
}
PATHS: Final = [f"/pilots/{{pilot_id:uuid}}/{step}" for step in STEPS]
NUMBERED_PATHS: Final = [
    "/pilots/{pilot_id:uuid}/milestones/{position:int}/pay",
    "/pilots/{pilot_id:uuid}/measures/{position:int}/readings",
    "/pilots/{pilot_id:uuid}/measures/{position:int}/change",
]
CORRECT: Final = Step(
    "Correct a reading",
    "The earlier reading stays, with your reason beside it.",
    "Correct it",
    "The reading was corrected",
    forms.CorrectForm,
    results.correct,
)


def _name(request: AnyRequest) -> str:
    return request.scope["path"].rsplit("/", 1)[-1]


async def _head(db: AsyncSession, actor: Actor, pilot_id: UUID, step: Step) -> PilotHead:
    head = await pilot_head(db, actor, pilot_id)
    if not getattr(head, step.who):
        raise NotAllowed("This is for the council that runs the pilot, or for whoever it is asked of.")
    return head


async def _form(db: AsyncSession, head: PilotHead, step: Step, typed: Any) -> Form:
    """Return the step's form with what is stored, and what it offers."""
    one = head.row.pilot
    stored = {name: getattr(one, name) for name in _STORED if hasattr(one, name)}
    form = step.form(typed, data=stored if step.form in _PREFILLED else None)
    if isinstance(form, SiteForm):
        form.offer([(each.code, each.short_name) for each in await bodies.councils(db) if each.code])
    if isinstance(form, AdoptForm):
        form.offer(await result_queries.own_pools(db, head.row.category))
    return form


_PREFILLED: Final = (forms.DescribeForm, forms.AccountForm)
_STORED: Final = (
    *("title", "tries", "starts_on", "ends_on", "learnt", "harms", "equality", "staff_hours"),
    *("use_gross_pence", "carries", "ask_whom"),
)


def _page(request: AnyRequest, head: PilotHead, step: Step, form: Form, back: str) -> Page:
    return Page(
        "challenges/pilot_step.html",
        context={
            "head": head,
            "step": step,
            "form": form,
            "hints": getattr(form, "hints", {}),
            "place": request.scope["path"],
            "back": back,
        },
        status_code=422 if form.error_list else 200,
    )


async def _take(
    request: AnyRequest, db: AsyncSession, head: PilotHead, step: Step, action: Callable[..., Awaitable[Any]]
) -> Page | Redirect:
    """Do what a step asks for; `action` has all arguments but those of the form."""
    form = await _form(db, head, step, await request.form())
    number = request.path_params.get("position", "")
    place = step.to.format(id=head.row.pilot.id, n=number)
    if form.validate():
        async with form.attempt(db):
            await action(**(form.said if isinstance(form, forms.StepForm) else form.data))
            return to(request, place, notice=step.notice)
    return _page(request, head, step, form, place)


@get(PATHS, name="challenges.pilot_step_page")
async def step_page(request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID]) -> Page:
    """Ask for what a step needs."""
    step = STEPS[_name(request)]
    head = await _head(db, actor, pilot_id, step)
    return _page(request, head, step, await _form(db, head, step, None), step.to.format(id=pilot_id))


@post(PATHS, name="challenges.pilot_step", status_code=200)
async def take_step(request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID]) -> Page | Redirect:
    """Take it."""
    step = STEPS[_name(request)]
    head = await _head(db, actor, pilot_id, step)
    return await _take(request, db, head, step, partial(step.action, db, actor, pilot_id))


@get(NUMBERED_PATHS, name="challenges.pilot_numbered_page")
async def numbered_page(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], position: FromPath[int]
) -> Page:
    """Ask for what a step of one milestone or measure needs."""
    step = NUMBERED[_name(request)]
    head = await _head(db, actor, pilot_id, step)
    form = await _form(db, head, step, None)
    return _page(request, head, step, form, step.to.format(id=pilot_id, n=position))


@post(NUMBERED_PATHS, name="challenges.pilot_numbered", status_code=200)
async def take_numbered(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], position: FromPath[int]
) -> Page | Redirect:
    """Take it."""
    step = NUMBERED[_name(request)]
    head = await _head(db, actor, pilot_id, step)
    return await _take(request, db, head, step, partial(step.action, db, actor, pilot_id, position))


async def _measure_of(db: AsyncSession, pilot_id: UUID, reading_id: UUID) -> int:
    found = [each for each in await pilots.readings(db, pilot_id) if each.id == reading_id and each.counts]
    if not found:
        raise Missing("reading")
    return found[0].position


@get("/pilots/{pilot_id:uuid}/readings/{reading_id:uuid}", name="challenges.pilot_correct_page")
async def correct_page(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], reading_id: FromPath[UUID]
) -> Page:
    """Ask what a reading should have been."""
    head = await _head(db, actor, pilot_id, CORRECT)
    position = await _measure_of(db, pilot_id, reading_id)
    return _page(request, head, CORRECT, forms.CorrectForm(), f"/pilots/{pilot_id}/measures/{position}")


@post("/pilots/{pilot_id:uuid}/readings/{reading_id:uuid}", name="challenges.pilot_correct", status_code=200)
async def correct(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], reading_id: FromPath[UUID]
) -> Page | Redirect:
    """Correct it."""
    head = await _head(db, actor, pilot_id, CORRECT)
    form = forms.CorrectForm(await request.form())
    back = f"/pilots/{pilot_id}/measures/{await _measure_of(db, pilot_id, reading_id)}"
    if form.validate():
        async with form.attempt(db):
            await results.correct(db, actor, pilot_id, reading_id, **form.said)
            return to(request, back, notice=CORRECT.notice)
    return _page(request, head, CORRECT, form, back)


router = Router(
    "/",
    route_handlers=[step_page, take_step, numbered_page, take_numbered, correct_page, correct],
    include_in_schema=False,
)
