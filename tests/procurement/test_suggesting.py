"""The nightly search: what it reads, what it stores, what it keeps for the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from accounts.models import Organisation
from analytics.pooling.needs import Model
from procurement.actions import succession
from procurement.models import (
    Need,
    SuggestedNeed,
    SuggestedPool,
    SuggestionKept,
    SuggestionRun,
    SuggestionWish,
)
from procurement.rules.pools import candidates
from procurement.rules.pools.states import PoolState
from procurement.rules.pools.wishes import WishKind
from procurement.tasks import suggest_pools
from store.jobs import Cancelled, Work
from tests.databases import TESTER
from tests.procurement.pools import build_pool
from tests.procurement.suggested import LIBRARIES, WINDOW, YEAR, libraries, open_need, sorted_ids, work_out
from values.ids import uuid7
from values.years import london_today


async def runs(db):
    return list(await db.scalars(select(SuggestionRun).order_by(SuggestionRun.made_at)))


async def pooled(db, run_id):
    rows = await db.execute(
        select(SuggestedPool.id, SuggestedNeed.need_id)
        .join(SuggestedNeed, SuggestedNeed.pool_id == SuggestedPool.id)
        .where(SuggestedPool.run_id == run_id)
    )
    found: dict[object, set[object]] = {}
    for pool_id, need_id in rows:
        found.setdefault(pool_id, set()).add(need_id)
    return sorted(found.values(), key=len)


async def wish(db, kind, need_ids, body_code="LDS", *, reason="They share a system", at=None):
    codes = list(
        await db.scalars(
            select(Need.body_code).where(Need.id.in_(need_ids)).distinct().order_by(Need.body_code)
        )
    )
    made = SuggestionWish(
        id=uuid7(),
        kind=kind,
        need_ids=list(need_ids),
        body_code=body_code,
        body_codes=codes,
        person_id=uuid7(),
        person_name="Somebody",
        reason=reason,
        made_at=at or datetime.now(UTC),
    )
    db.add(made)
    await db.commit()
    return made.id


async def aside(db, wish_id):
    """Why the last run did not keep a wish."""
    return await db.scalar(select(SuggestionWish.set_aside).where(SuggestionWish.id == wish_id))


async def test_needs_that_fit_become_one_pool_with_shares_that_add_up(db, sessions_jobs):
    needs = await libraries(db)
    await db.commit()
    run_id = await work_out(sessions_jobs)
    (run,) = await runs(db)
    assert (run.need_count, run.pooled_count, run.pool_count, run.left_out) == (4, 4, 1, {})
    pool = (await db.scalars(select(SuggestedPool))).one()
    assert str(pool.run_id) == run_id
    assert pool.joint_value_pence == sum(LIBRARIES.values())
    assert (pool.need_count, pool.council_count, pool.region_code) == (4, 4, None)
    assert (pool.first_start_on, pool.last_start_on) == WINDOW
    values = [value // 1_000_000 for value in LIBRARIES.values()]
    assert pool.saving_pence == pytest.approx(Model().saving(values) * 1_000_000, abs=1)
    assert pool.saving_low_pence < pool.saving_pence < pool.saving_high_pence
    members = list(await db.scalars(select(SuggestedNeed)))
    assert sorted_ids(each.need_id for each in members) == sorted_ids(needs.values())
    for share in ("fair_pence", "proportional_pence"):
        assert sum(getattr(each, share) for each in members) == pytest.approx(pool.saving_pence, abs=4)
    assert run.objective_pence == pool.saving_pence <= run.bound_pence
    assert 0 <= run.gap_share < 0.01
    assert run.model["elasticity"] == -0.09
    assert run.model["assumed"] is True


async def test_what_cannot_be_taken_is_counted_with_its_reason(db, sessions_jobs):
    await libraries(db)
    passed = london_today() - timedelta(days=1)
    await open_need(db, "LDS", None)
    await open_need(db, "LDS", 5_000_000, window=(passed - timedelta(days=30), passed))
    await open_need(db, "LDS", 900_000_000)
    draft = await open_need(db, "CMD", 5_000_000)
    await db.execute(update(Need).where(Need.id == draft).values(state="draft"))
    await db.commit()
    await work_out(sessions_jobs)
    (run,) = await runs(db)
    assert run.need_count == 4
    assert run.left_out == {candidates.NO_VALUE: 1, candidates.PASSED: 1, candidates.TOO_LARGE: 1}


@pytest.mark.parametrize("state", [state for state in PoolState if state is not PoolState.DISSOLVED])
async def test_a_need_in_a_pool_that_is_alive_or_has_bought_is_proposed_nothing(db, sessions_jobs, state):
    await build_pool(db, state=state)
    await db.execute(update(Need).values(state="open", value_pence=50_000_000))
    await db.commit()
    await work_out(sessions_jobs)
    (run,) = await runs(db)
    assert (run.need_count, run.left_out) == (0, {candidates.IN_A_POOL: 3})


async def test_regional_categories_stay_in_their_region(db, sessions_jobs):
    rows = await db.execute(
        select(Organisation.region_code, func.array_agg(Organisation.code))
        .where(Organisation.kind == "council")
        .group_by(Organisation.region_code)
    )
    regions = {region: sorted(codes)[:3] for region, codes in rows if region}
    (one, first), (other, second) = sorted(regions.items())[:2]
    for code in (*first, *second):
        await open_need(db, code, 60_000_000, category="waste-collection")
    await db.commit()
    run_id = await work_out(sessions_jobs)
    assert [len(ids) for ids in await pooled(db, run_id)] == [3, 3]
    assert set(await db.scalars(select(SuggestedPool.region_code))) == {one, other}


async def test_two_releases_are_kept_and_an_unchanged_part_is_not_searched_again(db, sessions_jobs):
    await libraries(db)
    await db.commit()
    for _ in range(3):
        await work_out(sessions_jobs)
    found = await runs(db)
    assert len(found) == 2
    assert [run.searched_count for run in found] == [0, 0]
    assert await db.scalar(select(func.count()).select_from(SuggestionKept)) == 2
    assert len(set(await db.scalars(select(SuggestedPool.run_id)))) == 2


async def test_a_new_need_has_its_own_part_searched_only(db, sessions_jobs):
    await libraries(db)
    for code in ("LDS", "CMD", "SLF"):
        await open_need(db, code, 60_000_000, category="gis-systems")
    await db.commit()
    await work_out(sessions_jobs)
    await open_need(db, "NOW", 30_000_000, category="gis-systems")
    await db.commit()
    await work_out(sessions_jobs)
    first, second = await runs(db)
    assert (first.searched_count, second.searched_count) == (2, 1)
    assert second.part_count == 2


async def test_what_the_time_was_too_short_for_is_searched_on_the_next_night(db, sessions_jobs):
    values = {code: 30_000_000 + 7_000_000 * n for n, code in enumerate(("LDS", "CMD", "SLF", "BST", "NOW"))}
    for _ in range(4):
        await libraries(db, values)
    await db.commit()
    await work_out(sessions_jobs, seconds=0.0)
    await work_out(sessions_jobs)
    hasty, patient = await runs(db)
    assert (hasty.searched_count, patient.searched_count) == (1, 1)
    assert patient.objective_pence >= hasty.objective_pence
    assert patient.gap_share < hasty.gap_share


async def test_wishes_are_kept_and_what_contradicts_later_is_set_aside(db, sessions_jobs):
    needs = await libraries(db)
    await db.commit()
    early = datetime.now(UTC) - timedelta(days=1)
    await wish(db, WishKind.OUT, [needs["BST"]], "BST", at=early)
    late = await wish(db, WishKind.TOGETHER, [needs["BST"], needs["LDS"]])
    run_id = await work_out(sessions_jobs)
    (run,) = await runs(db)
    assert await pooled(db, run_id) == [{needs["LDS"], needs["CMD"], needs["SLF"]}]
    assert run.left_out == {candidates.OUT: 1}
    assert run.wish_count == 1
    assert "“Need of BST” (City of Bristol)" in await aside(db, late)


async def test_kept_apart_needs_share_no_pool(db, sessions_jobs):
    needs = await libraries(db)
    await db.commit()
    await wish(db, WishKind.APART, [needs["BST"], needs["LDS"]])
    found = await pooled(db, await work_out(sessions_jobs))
    assert found
    assert not any({needs["BST"], needs["LDS"]} <= ids for ids in found)


async def test_a_pin_that_no_pool_can_keep_stops_no_run(db, sessions_jobs):
    """Two of one council and one other are no three councils, whatever is added: the pin waits."""
    mine = [await open_need(db, "LDS", 30_000_000, title=f"Need {n}") for n in range(2)]
    other = await open_need(db, "CMD", 30_000_000)
    await libraries(db, dict.fromkeys(("BST", "SLF", "NOW"), 50_000_000))
    far = (date(YEAR + 3, 1, 1), date(YEAR + 3, 2, 1))
    lonely = [await open_need(db, code, 30_000_000, window=far) for code in ("LDS", "LDS", "CMD")]
    await db.commit()
    pin = await wish(db, WishKind.TOGETHER, lonely)
    run_id = await work_out(sessions_jobs)
    (run,) = await runs(db)
    assert run.wish_count == 0
    assert await aside(db, pin)
    assert {*mine, other} <= set().union(*await pooled(db, run_id))


async def test_a_cancelled_run_leaves_nothing(db, sessions_jobs):
    await libraries(db)
    await db.commit()

    class Impatient:
        async def report(self, *_):
            raise Cancelled

    with pytest.raises(Cancelled):
        await suggest_pools(Work(sessions_jobs, TESTER, progress=Impatient()), seconds=5, processes=1)
    assert await runs(db) == []


async def test_without_needs_a_run_says_so(db, sessions_jobs):
    await work_out(sessions_jobs)
    (run,) = await runs(db)
    assert (run.need_count, run.pool_count, run.objective_pence, run.gap_share) == (0, 0, 0, 0.0)


async def test_suggestions_and_wishes_follow_a_council_that_another_takes_over(db, sessions_jobs):
    needs = await libraries(db, {"GRT": 90_000_000, "CMD": 80_000_000, "SLF": 120_000_000})
    await db.commit()
    theirs = await wish(db, WishKind.TOGETHER, [needs["GRT"], needs["CMD"]], "GRT")
    named = await wish(db, WishKind.TOGETHER, [needs["CMD"], needs["GRT"]], "CMD")
    await work_out(sessions_jobs)
    await succession.follow(db, TESTER, today=date(2027, 4, 1))
    await db.commit()
    owners = await db.execute(
        select(SuggestionWish.id, SuggestionWish.body_code, SuggestionWish.body_codes).order_by(
            SuggestionWish.id
        )
    )
    assert {row[0]: (row[1], sorted(row[2])) for row in owners} == {
        theirs: ("WSY", ["CMD", "WSY"]),
        named: ("CMD", ["CMD", "WSY"]),
    }
    assert set(await db.scalars(select(SuggestedNeed.body_code))) == {"CMD", "SLF", "WSY"}
