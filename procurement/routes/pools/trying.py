"""Trying a change of the suggested pools at once, wishing it of the next run, and a pool for a new need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from analytics.pooling.changes import Changed
from analytics.pooling.fair_split import units_to_pence
from analytics.pooling.needs import Need
from procurement.actions.pools import wishing
from procurement.forms.trying import Change, Try
from procurement.queries import needs as need_queries
from procurement.queries.needs import NeedRow
from procurement.queries.pools import candidates as candidate_queries
from procurement.queries.pools import suggestions as queries
from procurement.queries.pools import wishes as wish_queries
from procurement.routes.pools.showing import check_may_see
from procurement.rules.pools import candidates, reasons, trying, wishes
from procurement.rules.pools.candidates import MODEL, Candidate, Taken
from procurement.rules.pools.trying import Tried
from spend.queries import own_code
from values.actors import Actor
from values.ids import uuid_or_none
from values.refusals import Missing, NotAllowed, Refused
from values.years import london_today
from web.pages import AnyRequest, Page, to

HERE: Final = "/pools/suggested/try"


@dataclass(frozen=True, slots=True)
class Shown:
    """A pool that a change touches, in words."""

    before: Sequence[str]
    after: Sequence[str]
    before_pence: int
    after_pence: int
    broken: str


@dataclass(frozen=True, slots=True)
class Market:
    """What a change of one need can touch: the needs that could meet it, and the pools suggested of them."""

    need: NeedRow
    about: Candidate | None
    taken: Taken
    needs: tuple[Need, ...]
    pools: Sequence[tuple[UUID, tuple[str, ...]]]

    @property
    def others(self) -> list[Candidate]:
        """The other needs, the largest first."""
        found = [self.taken.by_id[need.id] for need in self.needs if need.id != str(self.need.id)]
        return sorted(found, key=lambda each: (-(each.value_pence or 0), each.id))

    @property
    def pool_choices(self) -> list[tuple[str, str]]:
        """The suggested pools by id, each named by its councils."""
        return [
            (str(pool_id), ", ".join(sorted({self.taken.by_id[name].body_name for name in names})))
            for pool_id, names in self.pools
        ]


async def _market(db: AsyncSession, actor: Actor, need_id: UUID) -> Market:
    """Return the market of an own need.

    Raises:
        NotAllowed: the need is another council's.
    """
    check_may_see(actor)
    need = await need_queries.need_row(db, need_id)
    if need.body_code != await own_code(db, actor):
        raise NotAllowed("You can try changes for needs of your own council.")
    taken = candidates.taken(await candidate_queries.open_needs(db, category=need.category), london_today())
    own = next((each for each in taken.needs if each.id == str(need_id)), None)
    if own is None:
        return Market(need, None, taken, (), ())
    here = candidates.market(taken.needs, own)
    ids = {each.id for each in here}
    run = await queries.last_run(db)
    pools = (
        await queries.pools_of_market(db, run.id, need.category, None if own.national else own.region)
        if run
        else []
    )
    # A need that left since the run is no part of what can change.
    left = [(pool_id, tuple(name for name in names if name in ids)) for pool_id, names in pools]
    return Market(need, taken.by_id[own.id], taken, tuple(here), [each for each in left if each[1]])


@get(HERE, name="procurement.try_change")
async def try_change(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Ask what to change, and show at once what it would do."""
    query = request.query_params
    need_id = uuid_or_none(query.get("need", ""))
    if need_id is None:
        raise Missing("need")
    market = await _market(db, actor, need_id)
    form = Try(FormMultiDict(query.multi_items()) if "do" in query else None)
    form.offer(market.others, market.pool_choices)
    tried = None
    # A link may open the form with its first choice made: nothing is worked out until somebody asks.
    if query.get("show") == "y" and market.about is not None and form.validate():
        try:
            tried = await _tried(db, market, form)
        except Refused as refusal:
            form.refuse(refusal.message, refusal.field)
    return _page(market, form, tried, saving=tried is not None)


def _page(market: Market, form: Try, tried: Tried | None, *, saving: bool) -> Page:
    why = market.taken.left_out.get(market.need.id, "it is not open")
    national = bool(market.needs) and market.needs[0].national
    return Page(
        "procurement/pools/try.html",
        context={
            "need": market.need,
            "form": form,
            "why_not": "" if market.about else why,
            "tried": tried,
            "saving": saving,
            "shown": [_shown(each, market.taken, national=national) for each in tried.changed]
            if tried
            else [],
            "difference_pence": units_to_pence(tried.difference) if tried else 0,
            "assumed": reasons.assumed(MODEL),
            "run_made": bool(market.pools),
        },
        status_code=422 if form.error_list else 200,
    )


def _shown(changed: Changed, taken: Taken, *, national: bool) -> Shown:
    broken = reasons.broken_words(changed.broken, MODEL, national=national) if changed.broken else ""
    before, after = ([taken.by_id[name].told for name in names] for names in (changed.before, changed.after))
    after_pence = 0 if broken else units_to_pence(changed.after_saving)
    return Shown(before, after, units_to_pence(changed.before_saving), after_pence, broken)


async def _tried(db: AsyncSession, market: Market, form: Try) -> Tried:
    """Return what a change does.

    Raises:
        Refused: something is not chosen, or it contradicts a wish that counts.
    """
    if missing := form.missing():
        raise Refused(missing, "to" if form.change is Change.MOVE else "others")
    pools, name = [names for _, names in market.pools], str(market.need.id)
    by_id = {need.id: need for need in market.needs}
    others = [str(each) for each in form.named]
    if form.change is Change.MOVE:
        place = [str(pool_id) for pool_id, _ in market.pools].index(str(form.to.data))
        return trying.moved(pools, name, place, needs=by_id, model=MODEL)
    kind = form.wish_kind
    sets = [frozenset({name, other}) for other in others] if kind == "apart" else [frozenset({name, *others})]
    live = [
        (each.kind, each.names) for each in await wish_queries.live_wishes(db) if each.names <= by_id.keys()
    ]
    wishes.check_together(
        market.needs, [*live, *((kind, ids) for ids in sets)], by_id=market.taken.by_id, model=MODEL
    )
    return trying.tried(pools, kind, name, others, needs=by_id, model=MODEL)


@post(HERE, name="procurement.wish", status_code=200)
async def wish(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Keep what was tried as a wish for the next run."""
    typed = await request.form()
    need_id = uuid_or_none(str(typed.get("need", "")))
    if need_id is None:
        raise Missing("need")
    market = await _market(db, actor, need_id)
    form = Try(typed)
    form.offer(market.others, market.pool_choices)
    if form.validate():
        async with form.attempt(db):
            if missing := form.missing():
                raise Refused(missing, "to" if form.change is Change.MOVE else "others")
            await wishing.wish(
                db,
                actor,
                need_id,
                kind=form.wish_kind,
                others=_members(market, form) if form.change is Change.MOVE else form.named,
                reason=form.reason.data or "",
            )
            return to(request, "/pools/suggested", notice="The wish was saved. The next run keeps it")
    return _page(market, form, None, saving=True)


def _members(market: Market, form: Try) -> list[UUID]:
    names = next(names for pool_id, names in market.pools if str(pool_id) == form.to.data)
    return [UUID(name) for name in names]


@post("/pools/suggested/wishes/{wish_id:uuid}/end", name="procurement.end_wish", status_code=200)
async def end_wish(request: AnyRequest, db: Db, actor: Someone, wish_id: FromPath[UUID]) -> Redirect:
    """End a wish that names an own need."""
    check_may_see(actor)
    await wishing.end_wish(db, actor, wish_id)
    return to(request, "/pools/suggested", notice="The wish was ended")


router = Router("/", route_handlers=[try_change, wish, end_wish], include_in_schema=False)
