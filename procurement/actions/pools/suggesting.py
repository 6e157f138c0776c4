"""Searching for pools over all open needs, and storing what was found as a release that pages read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.pooling import suggesting
from analytics.pooling.crew import Limits
from analytics.pooling.needs import Need, Wishes
from analytics.pooling.optimising import Kept, KeptPart, Plan, Standing, optimise
from procurement.actions.findings import note_suggestions
from procurement.models import SuggestedNeed, SuggestedPool, SuggestionKept, SuggestionRun, SuggestionWish
from procurement.queries.pools import candidates as candidate_queries
from procurement.queries.pools import suggestions as queries
from procurement.queries.pools import wishes as wish_queries
from procurement.rules.findings import RELEASED
from procurement.rules.pools import candidates, reasons, wishes
from procurement.rules.pools.candidates import MODEL, Taken
from procurement.rules.pools.wishes import Accepted, Wish, WishKind
from store import audit
from store.db import transaction
from store.jobs import Work
from values.ids import uuid7
from values.refusals import Refused
from values.years import london_today

KEPT_RUNS: Final = 2
# Always the same, so that the same needs give the same pools.
SEED: Final = 0
CHECK_SECONDS: Final = 5.0
# In steps of £10,000: what a part may lack to its bound and still count as solved, ten pounds.
SETTLED: Final = 1e-3
ASIDE: Final = "The search found no lawful pools that keep what is pinned in this category."


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search gave, with the wishes that it kept."""

    plan: Plan
    told: dict[str, Any]
    accepted: Accepted


async def work_out(work: Work, limits: Limits) -> UUID:
    """Search for pools over all open needs and store them; return the run.

    Run twice, the second finds what the first kept and looks into what changed only.
    """
    async with transaction(work.sessions, work.actor) as db:
        found = await candidate_queries.open_needs(db)
        wished = await wish_queries.live_wishes(db)
        kept = await queries.kept(db)
    taken = candidates.taken(found, london_today())
    search = _Search(taken, wished, suggesting.kept_from(kept) if kept else None, limits)
    result = await _watched(work, search)
    async with transaction(work.sessions, work.actor) as db:
        return await _publish(db, work, taken, result)


class _Search:
    """One search in a thread of its own: what it is told, and where it stands."""

    def __init__(self, taken: Taken, wished: Sequence[Wish], kept: Kept | None, limits: Limits) -> None:
        self._taken = taken
        self._wished = wished
        self._kept = _unsettled_again(kept, taken.needs) if kept else None
        self._limits = limits
        self.standing: Standing | None = None
        self.stop = threading.Event()

    def __call__(self) -> _Found:
        needs, by_id = self._taken.needs, self._taken.by_id
        accepted = wishes.accepted(needs, self._wished, by_id=by_id, model=MODEL)
        try:
            plan = self._optimised(accepted.wishes)
        except Refused:
            accepted = _without_the_impossible(needs, accepted, self.stop.is_set)
            plan = self._optimised(accepted.wishes)
        return _Found(plan, suggesting.as_told(plan, needs, MODEL, seed=SEED), accepted)

    def _optimised(self, wished: Wishes) -> Plan:
        return optimise(
            self._taken.needs,
            MODEL,
            wishes=wished,
            kept=self._kept,
            seed=SEED,
            limits=self._limits,
            tell=self._tell,
            cancelled=self.stop.is_set,
        )

    def _tell(self, standing: Standing) -> None:
        self.standing = standing


def _unsettled_again(kept: Kept, needs: Sequence[Need]) -> Kept:
    """Return what was kept so that parts with a gap are searched on, from where they stood.

    A part is taken as it was where its mark is known; under another mark its pools are a start.
    """
    values = {need.id: need.value for need in needs}

    def settled(part: KeptPart) -> bool:
        known = all(name in values for pool in part.pools for name in pool)
        found = sum(MODEL.saving([values[name] for name in pool]) for pool in part.pools) if known else 0.0
        return part.bound - found <= SETTLED

    return Kept({mark if settled(part) else f"again {mark}": part for mark, part in kept.parts.items()})


def _without_the_impossible(needs: Sequence[Need], found: Accepted, stopped: Callable[[], bool]) -> Accepted:
    """Set aside the pins of every category in which no lawful pools keep them."""
    category_of = {need.id: need.category for need in needs}
    pins = [wish for wish in found.kept if wish.kind in (WishKind.TOGETHER, WishKind.INSIDE)]
    aside: dict[UUID, str] = {}
    for category in sorted({category_of[str(wish.need_ids[0])] for wish in pins}):
        here = [need for need in needs if need.category == category]
        names = {need.id for need in here}
        kept = [wish for wish in found.kept if wish.names <= names]
        limits = Limits(CHECK_SECONDS, processes=1)
        try:
            optimise(here, MODEL, wishes=_joined(kept), seed=SEED, limits=limits, cancelled=stopped)
        except Refused:
            aside |= {wish.id: ASIDE for wish in pins if wish.names <= names}
    left = tuple(wish for wish in found.kept if wish.id not in aside)
    return Accepted(_joined(left), left, {**found.set_aside, **aside})


def _joined(wished: Sequence[Wish]) -> Wishes:
    return wishes.joined((wish.kind, wish.names) for wish in wished)


async def _watched(work: Work, search: _Search) -> _Found:
    """Run a search beside this loop, and tell how far it is; stop it where somebody asked for that."""
    running = asyncio.ensure_future(asyncio.to_thread(search))
    try:
        while not running.done():
            await asyncio.wait({running}, timeout=0.5)
            if (standing := search.standing) is not None:
                await work.progress.report(standing.settled_count, standing.part_count, _words(standing))
            else:
                await work.progress.report(0, None, "Reading open needs")
    except BaseException:
        search.stop.set()
        await asyncio.wait({running})
        raise
    return running.result()


def _words(standing: Standing) -> str:
    saving, bound = (suggesting.units_to_pence(units) for units in (standing.objective, standing.bound))
    return (
        f"Searching for pools: {reasons.pounds(saving)} saved of at most {reasons.pounds(bound)} "
        f"(gap {standing.gap:.1%}). Groups of needs settled"
    )


async def _publish(db: AsyncSession, work: Work, taken: Taken, found: _Found) -> UUID:
    run_id, told = uuid7(), found.told
    await db.execute(insert(SuggestionRun).values(_run_values(run_id, taken, found)))
    await db.execute(insert(SuggestionKept).values(run_id=run_id, kept=asdict(found.plan.kept)))
    pools: list[dict[str, Any]] = []
    needs: list[dict[str, Any]] = []
    for pool in told["pools"]:
        pool_id = uuid7()
        members = [taken.by_id[name] for name in pool["needs"]]
        pools.append(_pool_values(pool_id, run_id, pool, sum(each.value_pence or 0 for each in members)))
        pools[-1]["demonstration"] = any(each.demonstration for each in members)
        for member, share in zip(members, pool["shares"], strict=True):
            needs.append(
                {
                    "pool_id": pool_id,
                    "need_id": member.id,
                    "body_code": member.body_code,
                    "value_pence": member.value_pence,
                    "first_start_on": member.earliest_start_on,
                    "last_start_on": member.latest_start_on,
                    "fair_pence": share["fair_pence"],
                    "proportional_pence": share["proportional_pence"],
                }
            )
    if pools:
        await db.execute(insert(SuggestedPool), pools)
        await db.execute(insert(SuggestedNeed), needs)
    await _say_what_was_kept(db, found.accepted)
    last = select(SuggestionRun.id).order_by(SuggestionRun.made_at.desc(), SuggestionRun.id.desc())
    await db.execute(delete(SuggestionRun).where(SuggestionRun.id.not_in(last.limit(KEPT_RUNS))))
    await note_suggestions(db, run_id)
    await audit.record(db, work.actor, RELEASED, "suggestion_run", run_id, pools=len(pools))
    return run_id


async def _say_what_was_kept(db: AsyncSession, found: Accepted) -> None:
    """Write to each wish why it was set aside, for those who may read it."""
    await db.execute(
        update(SuggestionWish)
        .where(SuggestionWish.id.in_([wish.id for wish in found.kept]), SuggestionWish.set_aside != "")
        .values(set_aside="")
    )
    for wish_id, why in found.set_aside.items():
        await db.execute(update(SuggestionWish).where(SuggestionWish.id == wish_id).values(set_aside=why))


def _run_values(run_id: UUID, taken: Taken, found: _Found) -> dict[str, Any]:
    told, accepted = found.told, found.accepted
    left_out = dict(taken.left_counts)
    if accepted.wishes.out:
        left_out[candidates.OUT] = len(accepted.wishes.out)
    return {
        "id": run_id,
        "seconds": told["seconds"],
        "need_count": told["need_count"],
        "pooled_count": sum(len(pool["needs"]) for pool in told["pools"]),
        "pool_count": len(told["pools"]),
        "left_out": left_out,
        "objective_pence": told["objective_pence"],
        "bound_pence": told["bound_pence"],
        "gap_share": told["gap"],
        "greedy_pence": suggesting.units_to_pence(told["greedy"]),
        "part_count": told["part_count"],
        "settled_count": told["settled_count"],
        "searched_count": told["searched_count"],
        "wish_count": len(accepted.kept),
        "model": told["model"],
    }


def _pool_values(pool_id: UUID, run_id: UUID, pool: dict[str, Any], joint_pence: int) -> dict[str, Any]:
    return {
        "id": pool_id,
        "run_id": run_id,
        "category": pool["category"],
        "region_code": pool["region"],
        "first_start_on": candidates.first_of(pool["first_month"]),
        "last_start_on": candidates.last_of(pool["last_month"]),
        "need_count": len(pool["needs"]),
        "council_count": pool["council_count"],
        "joint_value_pence": joint_pence,
        "saving_pence": pool["expected_saving_pence"],
        "saving_low_pence": pool["saving_low_pence"],
        "saving_high_pence": pool["saving_high_pence"],
    }
