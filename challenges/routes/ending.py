"""The history of a challenge, and its ways out: given up before publication, withdrawn after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from challenges.actions import approving, making
from challenges.forms.deciding import LaterForm, ReasonForm
from challenges.queries import history as queries
from challenges.routes import showing
from challenges.routes.showing import Head
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

COLUMNS: Final = (Column("When"), Column("Who"), Column("What"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that needs a reason: how it is asked for, what it means, what is said when it is done."""

    question: str
    meaning: str
    button: str
    notice: str
    action: Callable[..., Awaitable[Any]]


ASKED: Final[Mapping[str, Asked]] = {
    "give-up": Asked(
        "Give up {title}?",
        "The statement stays readable for its sponsors, and cannot be changed or published any more.",
        "Give it up",
        "The statement was given up",
        making.give_up,
    ),
    "withdraw": Asked(
        "Withdraw {title}?",
        "Nobody can respond any more, and nobody reads what was sent. This cannot be undone. Everybody "
        "reads your reason.",
        "Withdraw the challenge",
        "The challenge was withdrawn",
        approving.withdraw,
    ),
}
PATHS: Final = [f"/challenges/{{challenge_id:uuid}}/{step}" for step in ASKED]


@get("/challenges/{challenge_id:uuid}/history", name="challenges.history")
async def history(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show what was done, the newest first."""
    head = await showing.head_inside(db, actor, challenge_id, "History")
    listing = Listing.of(request, sorts=["at"], default="-at")
    total, entries = await queries.entries(db, challenge_id, offset=listing.offset, limit=listing.per_page)
    return Page(
        "challenges/history.html",
        context={
            "head": head,
            "total": total,
            "entries": entries,
            "listing": listing,
            "columns": COLUMNS,
        },
    )


def _asked(request: AnyRequest) -> tuple[str, Asked]:
    step = request.scope["path"].rsplit("/", 1)[-1]
    return step, ASKED[step]


def _page(head: Head, step: str, asked: Asked, form: ReasonForm) -> Page:
    return Page(
        "challenges/step.html",
        context={
            "head": head,
            "form": form,
            "step": step,
            "asked": asked,
            "question": asked.question.format(title=f"“{head.challenge.title}”"),
        },
        status_code=422 if form.error_list else 200,
    )


@get(PATHS, name="challenges.step_page")
async def step_page(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask whether it is meant, and why."""
    step, asked = _asked(request)
    head = await showing.head_of_lead(db, actor, challenge_id, "Challenge")
    return _page(head, step, asked, ReasonForm())


@post(PATHS, name="challenges.step", status_code=200)
async def take_step(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Do it."""
    step, asked = _asked(request)
    head = await showing.head_of_lead(db, actor, challenge_id, "Challenge")
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await asked.action(db, actor, challenge_id, reason=form.reason.data or "")
            return to(request, f"/challenges/{challenge_id}", notice=asked.notice)
    return _page(head, step, asked, form)


def _later_page(head: Head, form: LaterForm) -> Page:
    context = {"head": head, "form": form}
    return Page("challenges/deadline.html", context=context, status_code=422 if form.error_list else 200)


@get("/challenges/{challenge_id:uuid}/deadline", name="challenges.deadline_page")
async def deadline_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask until when firms can respond now."""
    return _later_page(await showing.head_of_lead(db, actor, challenge_id, "Challenge"), LaterForm())


@post("/challenges/{challenge_id:uuid}/deadline", name="challenges.deadline", status_code=200)
async def deadline(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Move it for all."""
    head = await showing.head_of_lead(db, actor, challenge_id, "Challenge")
    form = LaterForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await approving.move_deadline(
                db, actor, challenge_id, until=form.until, reason=form.reason.data or ""
            )
            return to(request, f"/challenges/{challenge_id}", notice="The deadline was moved for all")
    return _later_page(head, form)


router = Router(
    "/", route_handlers=[history, step_page, take_step, deadline_page, deadline], include_in_schema=False
)
