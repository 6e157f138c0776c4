"""Does it fit us? A supplier goes through a published tender for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.queries.subjects import questions_until
from tenders.actions import fitting as actions
from tenders.forms.fitting import answers_of, fit_form
from tenders.queries import content as content_queries
from tenders.queries import fitting as queries
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import answering
from tenders.rules import fitting as rules
from tenders.rules.fitting import FIT_WORDS, Point
from values.actors import Actor
from web.pages import AnyRequest, Page, to

TAB = "Does it fit us?"


@dataclass(frozen=True, slots=True)
class Asked:
    """A tender and the points that its content asks about."""

    head: Head
    points: Sequence[Point]
    due_at: datetime | None


async def _asked(db: AsyncSession, actor: Actor, tender_id: UUID) -> Asked:
    answering.check_supplier(actor)
    head = await showing.head(db, actor, tender_id, TAB)
    content = await content_queries.content(db, tender_id)
    regions = await queries.region_names(db, head.tender)
    return Asked(head, rules.points(content, regions), content.dates.tenders_due_at)


async def _page(db: AsyncSession, asked: Asked, form: Any, template: str = "fit") -> Page:
    answers, now = await queries.answers(db, asked.head.tender), datetime.now(UTC)
    until = await questions_until(db, asked.head.tender.id)
    return Page(
        f"tenders/{template}.html",
        context={
            "head": asked.head,
            "form": form,
            "groups": [(group.value, list(found)) for group, found in groupby(asked.points, _group)],
            "answers": answers,
            "fit_words": FIT_WORDS,
            "result": rules.result(asked.points, answers),
            "questions_left": rules.days_left(until, now),
            "tender_left": rules.days_left(asked.due_at, now),
        },
        status_code=422 if form.error_list else 200,
    )


def _group(point: Point) -> Any:
    return point.group


@get("/tenders/{tender_id:uuid}/fit", name="tenders.fit_page")
async def fit_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show the points, what was answered, and what it comes to."""
    asked = await _asked(db, actor, tender_id)
    return await _page(
        db, asked, fit_form(asked.points, answers=await queries.answers(db, asked.head.tender))
    )


@get("/tenders/{tender_id:uuid}/fit/print", name="tenders.fit_printed")
async def printed(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show the same to be printed, without a form."""
    asked = await _asked(db, actor, tender_id)
    return await _page(db, asked, fit_form(asked.points), "fit_print")


@post("/tenders/{tender_id:uuid}/fit", name="tenders.fit", status_code=200)
async def fit(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Keep the answers."""
    asked = await _asked(db, actor, tender_id)
    form = fit_form(asked.points, await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.keep(db, actor, asked.head.tender, answers_of(form, asked.points))
            return to(request, f"/tenders/{tender_id}/fit", notice="Your answers were kept")
    return await _page(db, asked, form)


router = Router("/", route_handlers=[fit_page, printed, fit], include_in_schema=False)
