"""Readings, assessments, breaches and the end of a contract, each on a page of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from tenders.actions.contracts import performing as actions
from tenders.forms.contracts import AssessForm, BreachForm, EndForm, ReadingForm
from tenders.routes.contracts import showing
from tenders.routes.contracts.showing import BASE, Held
from tenders.rules.contracts import performing as rules
from tenders.rules.contracts.life import Reading
from values.actors import Actor
from values.refusals import Missing
from values.years import london_today
from web.forms import Form
from web.pages import AnyRequest, Page, to

Do = Callable[[AsyncSession, Actor, Held, Any], Awaitable[object]]


async def _read(db: AsyncSession, actor: Actor, held: Held, form: ReadingForm) -> None:
    reading = Reading(
        kpi_number=int(form.kpi_number.data or 0),
        from_on=form.from_on.data,
        until_on=form.until_on.data,
        value=form.value.data or "",
        rating=form.rating.data or "",
        evidence=form.evidence.data or "",
        recorded_by=actor.name,
    )
    await actions.read_indicator(db, actor, held.head.tender.id, held.life.facts.contract_id, reading)


async def _assess(db: AsyncSession, actor: Actor, held: Held, form: AssessForm) -> None:
    days = {"from_on": form.from_on.data, "until_on": form.until_on.data}
    await actions.assess(db, actor, held.head.tender.id, held.life.facts.contract_id, **days)


async def _breach(db: AsyncSession, actor: Actor, held: Held, form: BreachForm) -> None:
    await actions.record_breach(
        db,
        actor,
        held.head.tender.id,
        held.life.facts.contract_id,
        applies_on=form.applies_on.data,
        consequence=form.consequence.data or "",
        words=form.words.data or "",
    )


async def _end(db: AsyncSession, actor: Actor, held: Held, form: EndForm) -> None:
    await actions.end(
        db,
        actor,
        held.head.tender.id,
        held.life.facts.contract_id,
        whole=form.whole.data == "whole",
        kind=form.kind.data or "",
        ended_on=form.ended_on.data,
        words=form.words.data or "",
    )


def _reading_form(held: Held) -> Form:
    form = ReadingForm()
    form.offer([(each.number, each.title) for each in held.life.facts.kpis])
    return form


def _assess_form(held: Held) -> Form:
    first, last = rules.next_span(held.life, london_today())
    return AssessForm(data={"from_on": first, "until_on": last})


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a contract: its form as it is first shown, what is said on its page, what does it."""

    make: Callable[[Held], Form]
    heading: str
    words: str
    notice: str
    do: Do


STEPS: Final = {
    "reading": Step(
        _reading_form,
        "Record a reading of an indicator",
        "Of the same indicator and period a later reading takes the place of an earlier one; both are kept.",
        "The reading was recorded",
        _read,
    ),
    "assess": Step(
        _assess_form,
        "Assess performance",
        "Every indicator needs a reading in these days. At least once in every twelve months, and on the end "
        "of the contract; the performance notice (UK9) is made of it (section 71).",
        "It was assessed. Prepare the performance notice (UK9)",
        _assess,
    ),
    "breach": Step(
        lambda _held: BreachForm(),
        "Record a breach or failure",
        "A breach that led to a termination, damages or a settlement, or performance that did not improve "
        "after a proper chance. It is published within thirty days (section 71(5)).",
        "It was recorded. A notice is due within thirty days",
        _breach,
    ),
    "end": Step(
        lambda _held: EndForm(),
        "Record the end",
        "Whatever ended it, expiry included: a contract termination notice (UK11) is due within thirty days "
        "(section 80), and performance is assessed a last time.",
        "The end was recorded",
        _end,
    ),
}
PATHS: Final = [f"{BASE}/{name}" for name in STEPS]


def _name(request: AnyRequest) -> str:
    return str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]


def _page(held: Held, name: str, form: Form) -> Page:
    step = STEPS[name]
    if name in ("reading", "assess") and not held.life.facts.kpis:
        raise Missing("indicators")
    return showing.step_page(held, form, path=name, heading=step.heading, words=step.words)


@get(PATHS, name="tenders.contract_step_page")
async def step_page(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page:
    """Ask for what is to be recorded of a contract."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    name = _name(request)
    return _page(held, name, STEPS[name].make(held))


@post(PATHS, name="tenders.contract_step", status_code=200)
async def step(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page | Redirect:
    """Record it."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    name = _name(request)
    form = STEPS[name].make(held)
    form.process(await request.form())
    if form.validate():
        async with form.attempt(db):
            await STEPS[name].do(db, actor, held, form)
            return to(request, held.place, notice=STEPS[name].notice)
    return _page(held, name, form)


router = Router("/", route_handlers=[step_page, step], include_in_schema=False)
