"""The history of a tender, and its ways back and out: to draft, or terminated."""

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
from tenders.actions import approving, terminating
from tenders.forms.deciding import ReasonForm
from tenders.queries import history as queries
from tenders.routes import showing
from tenders.routes.showing import Head
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
    "take-back": Asked(
        "Take {title} back to draft?",
        "Approvals that were given end, and every buyer is asked again when the draft is ready. All "
        "buyers read your "
        "reason.",
        "Take it back",
        "The tender is a draft again",
        approving.give_up,
    ),
    "terminate": Asked(
        "Terminate {title}?",
        "Nothing will be awarded under it. This cannot be undone; the pool may make another tender. "
        "All buyers read "
        "your reason, and everybody does once the tender was published.",
        "Terminate the tender",
        "The tender was terminated",
        terminating.terminate,
    ),
}
PATHS: Final = [f"/tenders/{{tender_id:uuid}}/{step}" for step in ASKED]


@get("/tenders/{tender_id:uuid}/history", name="tenders.history")
async def history(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show who did what with a tender and when, the newest first."""
    head = await showing.head_inside(db, actor, tender_id, "History")
    listing = Listing.of(request, sorts=["at"], default="-at")
    total, entries = await queries.entries(db, tender_id, offset=listing.offset, limit=listing.per_page)
    return Page(
        "tenders/history.html",
        context={"head": head, "entries": entries, "total": total, "listing": listing, "columns": COLUMNS},
    )


def _step(request: AnyRequest) -> str:
    return str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]


def _page(head: Head, step: str, form: ReasonForm) -> Page:
    asked = ASKED[step]
    return Page(
        "tenders/step.html",
        context={
            "head": head,
            "form": form,
            "step": step,
            "asked": asked,
            "question": asked.question.format(title=head.tender.title),
            "noticed": step == "terminate" and head.tender.published,
        },
        status_code=422 if form.error_list else 200,
    )


@get(PATHS, name="tenders.step_page")
async def step_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask whether the lead means it, and why."""
    return _page(await _led(db, actor, tender_id), _step(request), ReasonForm())


@post(PATHS, name="tenders.step", status_code=200)
async def do_step(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Do it."""
    head, step = await _led(db, actor, tender_id), _step(request)
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await ASKED[step].action(db, actor, tender_id, reason=form.reason.data or "")
            return to(request, f"/tenders/{tender_id}", notice=ASKED[step].notice)
    return _page(head, step, form)


async def _led(db: AsyncSession, actor: Any, tender_id: UUID) -> Head:
    return await showing.head_of_lead(db, actor, tender_id, "Overview")


router = Router("/", route_handlers=[history, step_page, do_step], include_in_schema=False)
