"""What the lead does with its pool; each step is asked for once more before it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import leading as actions
from procurement.forms.pools import ReasonForm
from procurement.routes.pools import showing
from procurement.rules.pools import states
from values.actors import Actor
from web.pages import AnyRequest, Page, to

Action = Callable[[AsyncSession, Actor, UUID, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A step of the lead: how it is asked for, what it means, what is said when it is done."""

    question: str
    meaning: str
    button: str
    notice: str
    action: Action
    warns: bool = False


async def _open(db: AsyncSession, actor: Actor, pool_id: UUID, _reason: str) -> None:
    await actions.open_agreeing(db, actor, pool_id)


async def _close(db: AsyncSession, actor: Actor, pool_id: UUID, _reason: str) -> None:
    await actions.close(db, actor, pool_id)


async def _dissolve(db: AsyncSession, actor: Actor, pool_id: UUID, reason: str) -> None:
    await actions.dissolve(db, actor, pool_id, reason=reason)


ASKED: Final[Mapping[str, Asked]] = {
    "open": Asked(
        "Open {title} for agreeing?",
        "Members can then sign the agreement. Others can still join until the last day to join. "
        "Suppliers and the public see that the pool exists.",
        "Open for agreeing",
        "The pool is open for agreeing",
        _open,
    ),
    "close": Asked(
        "Close {title}?",
        "Close it when the tender has led to contracts. This cannot be undone.",
        "Close",
        "The pool was closed",
        _close,
    ),
    "dissolve": Asked(
        "Dissolve {title}?",
        "Nothing binds its members any more, and their needs are free for other pools. All members read your "
        "reason. This cannot be undone.",
        "Dissolve",
        "The pool was dissolved",
        _dissolve,
        warns=True,
    ),
}


PATHS: Final = [f"/pools/{{pool_id:uuid}}/{step}" for step in ASKED]


@get(PATHS, name="procurement.pool_step_page")
async def step_page(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Ask whether the lead means it."""
    return await _page(db, actor, pool_id, _step(request), ReasonForm())


@post(PATHS, name="procurement.pool_step", status_code=200)
async def do_step(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Do it."""
    form, step = ReasonForm(await request.form()), _step(request)
    if form.validate():
        async with form.attempt(db):
            await ASKED[step].action(db, actor, pool_id, form.reason.data or "")
            return to(request, f"/pools/{pool_id}", notice=ASKED[step].notice)
    return await _page(db, actor, pool_id, step, form)


def _step(request: AnyRequest) -> str:
    return str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]


async def _page(db: AsyncSession, actor: Actor, pool_id: UUID, step: str, form: ReasonForm) -> Page:
    head = await showing.head(db, actor, pool_id, "Overview")
    states.check_may_lead(actor, head.pool.lead_code, head.own_code)
    asked = ASKED[step]
    return Page(
        "procurement/pools/step.html",
        context={
            "form": form,
            "pool": head.pool,
            "step": step,
            "asked": asked,
            "question": asked.question.format(title=head.pool.title),
        },
        status_code=422 if form.error_list else 200,
    )


router = Router("/", route_handlers=[step_page, do_step], include_in_schema=False)
