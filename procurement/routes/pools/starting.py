"""Starting a pool from a need, and changing its rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import starting as actions
from procurement.forms.pools import DatesForm, RulesForm, StartForm, typed_charter
from procurement.queries import needs
from procurement.queries.needs import NeedRow
from procurement.queries.pools import suggestions
from procurement.queries.pools.suggestions import SuggestedRow
from procurement.routes.pools import showing
from procurement.routes.pools.showing import Head
from procurement.rules import needs as need_rules
from procurement.rules.needs import NeedState
from procurement.rules.pools import joining as rules
from procurement.rules.pools import states
from procurement.rules.pools.states import OPEN, PoolState, VoteRule
from spend.queries import own_code
from values.actors import Actor
from values.ids import uuid_or_none
from values.refusals import Missing, Refused
from values.years import london_today
from web.pages import AnyRequest, Page, to


@get("/pools/new", name="procurement.new_pool")
async def new_page(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Ask for the rules of a pool that starts from a need; without one, say where to find it."""
    states.check_officer(actor)
    asked = request.query_params.get("need", "")
    if not asked:
        return Page("procurement/pools/which_need.html")
    need = await _need(db, actor, asked)
    joins_until = london_today() + timedelta(days=60)
    suggested = await _suggested(db, request.query_params.get("suggested", ""), need.id)
    first, last = (
        (suggested.first_start_on, suggested.last_start_on)
        if suggested
        else (need.earliest_start_on, need.latest_start_on)
    )
    region = suggested.region_code if suggested else None
    form = StartForm(
        data={
            "title": f"{need.category_name} together",
            "purpose": need.outcomes,
            "quorum": rules.LEAST_QUORUM,
            "largest": rules.MODEL.largest,
            "cap_pence": max(rules.usual_cap_pence(region), need.value_pence or 0),
            "first_start_on": first,
            "last_start_on": last,
            "own_region": "yes" if region else "no",
            "joins_until": joins_until,
            "signs_until": joins_until + timedelta(days=60),
        }
    )
    return _start_page(form, need)


@post("/pools/new", name="procurement.start_pool", status_code=200)
async def start(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Start a pool."""
    states.check_officer(actor)
    need = await _need(db, actor, request.query_params.get("need", ""))
    form = StartForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            pool_id = await actions.start_pool(
                db,
                actor,
                need.id,
                form.charter(),
                vote_rule=VoteRule(form.vote_rule.data),
                own_region=form.own_region.data == "yes",
                now=datetime.now(UTC),
            )
            return to(request, f"/pools/{pool_id}", notice="The pool was started")
    return _start_page(form, need)


def _start_page(form: StartForm, need: NeedRow) -> Page:
    return Page(
        "procurement/pools/rules.html",
        context={
            "form": form,
            "need": need,
            "usual": (rules.usual_cap_pence(None), rules.usual_cap_pence("any")),
            "pool": None,
            "dates_only": False,
        },
        status_code=422 if form.error_list else 200,
    )


async def _suggested(db: AsyncSession, asked: str, need_id: UUID) -> SuggestedRow | None:
    """Return the suggested pool that a person starts from; None where it is gone, or has another's need."""
    suggested_id = uuid_or_none(asked)
    try:
        found = await suggestions.suggested(db, suggested_id) if suggested_id else None
    except Missing:
        return None
    if found is None or await suggestions.pool_with(db, found.run_id, need_id) != found.id:
        return None
    return found


async def _need(db: AsyncSession, actor: Actor, asked: str) -> NeedRow:
    """Return an open need of the actor's council with all that a pool reckons with."""
    try:
        need_id = UUID(asked)
    except ValueError:
        raise Missing("need") from None
    need = await needs.need_row(db, need_id)
    need_rules.check_may_change(actor, need.body_code, await own_code(db, actor))
    if need.state != NeedState.OPEN:
        raise Refused("Open the need to other councils before you start a pool from it.")
    if need.value_pence is None or need.earliest_start_on is None:
        raise Refused("Give the need an estimated value and a start before you start a pool from it.")
    return need


async def _led(db: AsyncSession, actor: Actor, pool_id: UUID) -> Head:
    head = await showing.head(db, actor, pool_id, "Overview")
    states.check_may_lead(actor, head.pool.lead_code, head.own_code)
    if head.pool.state not in OPEN:
        raise Refused("The rules of a pool can be changed only while it is forming or agreeing.")
    return head


@get("/pools/{pool_id:uuid}/edit", name="procurement.edit_pool")
async def edit_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show the rules of a pool in the form."""
    head = await _led(db, actor, pool_id)
    return _edit_page(_edit_form(head)(data=typed_charter(actions.charter_of(head.pool))), head)


@post("/pools/{pool_id:uuid}/edit", name="procurement.change_pool", status_code=200)
async def change(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Save the rules of a pool."""
    head = await _led(db, actor, pool_id)
    before = actions.charter_of(head.pool)
    form = _edit_form(head)(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.change_pool(db, actor, pool_id, form.charter(before), now=datetime.now(UTC))
            return to(request, f"/pools/{pool_id}", notice="The rules were saved")
    return _edit_page(form, head)


def _edit_form(head: Head) -> type[RulesForm | DatesForm]:
    """Return the form of what can still change: while members sign, that is the dates."""
    return RulesForm if head.pool.state == PoolState.FORMING else DatesForm


def _edit_page(form: RulesForm | DatesForm, head: Head) -> Page:
    return Page(
        "procurement/pools/rules.html",
        context={
            "form": form,
            "need": None,
            "usual": (rules.usual_cap_pence(None), rules.usual_cap_pence("any")),
            "pool": head.pool,
            "dates_only": isinstance(form, DatesForm),
        },
        status_code=422 if form.error_list else 200,
    )


router = Router("/", route_handlers=[new_page, start, edit_page, change], include_in_schema=False)
