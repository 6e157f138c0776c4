"""What a firm says of its size, kind and numbers, once for all that it answers and bids for."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from litestar import Router, get, post
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.forms.firm import FirmForm, NumbersForm
from sourcing.rules import supplier_kinds
from suppliers import actions, queries
from suppliers.rules import FEWER_PEOPLE, Size, check_firm
from values.actors import Actor
from values.years import london_today
from web.pages import AnyRequest, Page, to


async def _page(
    db: AsyncSession, actor: Actor, form: FirmForm | None = None, numbers: NumbersForm | None = None
) -> Page:
    known, today = await queries.own_size(db, actor), london_today()
    registration = await queries.own_numbers(db, actor)
    company_number = registration.registered.company_number
    form = form or FirmForm(data=FirmForm.shown(known.declared))
    numbers = numbers or NumbersForm(data=dataclasses.asdict(registration.registered))
    law = supplier_kinds.small_or_medium(today)
    micro, small = (FEWER_PEOPLE[size] for size in (Size.MICRO, Size.SMALL))
    return Page(
        "sourcing/firm.html",
        context={
            "form": form,
            "numbers": numbers,
            "registration": registration,
            "paid_as": await queries.paid_as(db, company_number) if company_number else None,
            "known": known,
            "old": known.is_old(datetime.now(UTC)),
            "history": await queries.firm_history(db, actor),
            "law": law,
            "lines": [micro, small],
            "voluntary": supplier_kinds.voluntary(today),
            "people": {
                Size.MICRO.value: f"Fewer than {micro} people",
                Size.SMALL.value: f"{micro} to {small - 1} people",
                Size.MEDIUM.value: f"{small} to {(law.people_below or 0) - 1} people",
                Size.LARGE.value: f"{law.people_below} people or more, or both sums are higher",
            },
        },
        status_code=422 if form.error_list or numbers.error_list else 200,
    )


@get("/firm", name="sourcing.firm_page")
async def firm_page(db: Db, actor: Someone) -> Page:
    """Ask a firm how large it is, of which kind, and under which numbers registers know it."""
    check_firm(actor)
    return await _page(db, actor)


@post("/firm", name="sourcing.firm", status_code=200)
async def firm(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Keep it with its day; what was said before stays readable."""
    check_firm(actor)
    form = FirmForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.declare_size(db, actor, form.declared)
            return to(request, "/firm", notice="Declared. It goes with what you win from now on")
    return await _page(db, actor, form)


@post("/firm/numbers", name="sourcing.firm_numbers", status_code=200)
async def firm_numbers(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Keep under which numbers registers know a firm."""
    check_firm(actor)
    form = NumbersForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.declare_numbers(db, actor, form.typed)
            return to(request, "/firm", notice="Declared. Notices say it of what you win")
    return await _page(db, actor, numbers=form)


router = Router("/", route_handlers=[firm_page, firm, firm_numbers], include_in_schema=False)
