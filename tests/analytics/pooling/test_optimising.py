from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.pooling import crew
from analytics.pooling.crew import Limits
from analytics.pooling.needs import Model, Need, Wishes, broken, unwished
from analytics.pooling.optimising import Plan, Standing, at_once, optimise
from tests.analytics.pooling.invented import SMALL, best_by_trying, needs
from values.refusals import Refused

HERE = Limits(seconds=60, processes=1)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def check_lawful(plan: Plan, wanted: list[Need], model: Model) -> None:
    by_id = {need.id: need for need in wanted}
    pooled = [name for pool in plan.pools for name in pool]
    assert len(pooled) == len(set(pooled))
    assert [broken([by_id[name] for name in pool], model) for pool in plan.pools] == [None] * len(plan.pools)
    saved = sum(model.saving([by_id[name].value for name in pool]) for pool in plan.pools)
    assert saved == pytest.approx(plan.standing.objective, abs=1e-6)


@FEW
@given(needs(categories=2))
def test_small_instances_equal_trying_everything(wanted: list[Need]) -> None:
    plan = optimise(wanted, SMALL, limits=HERE)
    check_lawful(plan, wanted, SMALL)
    best = best_by_trying(wanted, SMALL)
    assert plan.standing.objective == pytest.approx(best, abs=1e-3)
    assert plan.standing.bound >= plan.standing.objective - 1e-6


@FEW
@given(needs(most=8, councils=3))
def test_few_councils_are_counted_exactly(wanted: list[Need]) -> None:
    model = Model(pool_cost=0.2, member_cost=0.05, quorum=3, largest=5, national_cap=90, regional_cap=60)
    plan = optimise(wanted, model, limits=HERE)
    check_lawful(plan, wanted, model)
    assert plan.standing.objective == pytest.approx(best_by_trying(wanted, model), abs=1e-3)


@FEW
@given(needs(most=7), st.data())
def test_wishes_are_kept_and_the_best_of_what_they_leave_is_found(
    wanted: list[Need], data: st.DataObject
) -> None:
    names = st.sampled_from([need.id for need in wanted])
    wishes = Wishes(
        together=tuple(data.draw(st.lists(st.frozensets(names, min_size=1, max_size=3), max_size=2))),
        apart=data.draw(st.frozensets(st.frozensets(names, min_size=2, max_size=2), max_size=2)),
        out=data.draw(st.frozensets(names, max_size=1)),
    )
    best = best_by_trying(wanted, SMALL, wishes)
    try:
        plan = optimise(wanted, SMALL, wishes=wishes, limits=HERE)
    except Refused:
        assert best is None
        return
    check_lawful(plan, wanted, SMALL)
    assert unwished(plan.pools, wishes) is None
    assert plan.standing.objective == pytest.approx(best, abs=1e-3)
    assert plan.standing.bound >= plan.standing.objective - 1e-6


@FEW
@given(needs(most=8), st.data())
def test_what_is_kept_changes_no_answer(wanted: list[Need], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(wanted) - 1))
    before = optimise([need for n, need in enumerate(wanted) if n != gone], SMALL, limits=HERE)
    after = optimise(wanted, SMALL, kept=before.kept, limits=HERE)
    assert after.standing.objective == pytest.approx(best_by_trying(wanted, SMALL), abs=1e-3)
    again = optimise(wanted, SMALL, kept=after.kept, limits=HERE)
    assert again.searched_count == 0
    assert again.pools == after.pools
    assert again.standing.bound == pytest.approx(after.standing.bound)


@FEW
@given(needs(categories=2), st.randoms(use_true_random=False))
def test_the_order_of_the_needs_does_not_matter(wanted: list[Need], shuffle: object) -> None:
    plan = optimise(wanted, SMALL, limits=HERE)
    shuffled = list(wanted)
    shuffle.shuffle(shuffled)
    assert optimise(shuffled, SMALL, limits=HERE).standing.objective == pytest.approx(plan.standing.objective)


@FEW
@given(needs(categories=2))
def test_greedy_is_lawful_and_never_better(wanted: list[Need]) -> None:
    by_id = {need.id: need for need in wanted}
    pools = at_once(wanted, SMALL)
    assert all(broken([by_id[name] for name in pool], SMALL) is None for pool in pools)
    saved = sum(SMALL.saving([by_id[name].value for name in pool]) for pool in pools)
    assert saved <= optimise(wanted, SMALL, limits=HERE).standing.objective + 1e-6


def crowd(count: int = 80) -> list[Need]:
    """Needs of three markets that take some work."""
    return [
        Need(
            id=f"N{n}",
            council=f"C{n % 17}",
            region="R",
            category=str(n % 3),
            national=True,
            value=2 + n * 7 % 23,
            first_month=n * 5 % 12,
            last_month=n * 5 % 12 + n % 4,
            standard=n * 3 % 4 % 3,
        )
        for n in range(count)
    ]


MIDDLE = Model(pool_cost=2, member_cost=0.3, largest=6)


def test_the_same_seed_gives_the_same_pools_alone_and_in_two_processes() -> None:
    steps = Limits(steps=6, processes=1)
    alone = optimise(crowd(160), MIDDLE, seed=3, limits=steps)
    assert alone.pools == optimise(crowd(160), MIDDLE, seed=3, limits=steps).pools
    together = optimise(crowd(160), MIDDLE, seed=3, limits=Limits(steps=6, processes=2))
    assert together.pools == alone.pools
    assert together.standing.bound == pytest.approx(alone.standing.bound)


def test_where_no_processes_can_be_had_one_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_semaphores(_: str) -> SimpleNamespace:
        def event() -> None:
            raise PermissionError(13, "Permission denied")

        return SimpleNamespace(Event=event)

    alone = optimise(crowd(60), MIDDLE, seed=3, limits=Limits(steps=3, processes=1))
    monkeypatch.setattr(crew.multiprocessing, "get_context", without_semaphores)
    together = optimise(crowd(60), MIDDLE, seed=3, limits=Limits(steps=3, processes=2))
    assert together.pools == alone.pools


def test_a_new_need_searches_its_own_part_only() -> None:
    wanted = crowd()
    before = optimise(wanted[1:], MIDDLE, limits=HERE)
    after = optimise(wanted, MIDDLE, kept=before.kept, limits=HERE)
    assert before.searched_count > 2
    assert after.searched_count == 1
    assert after.standing.objective == pytest.approx(
        optimise(wanted, MIDDLE, limits=HERE).standing.objective, rel=1e-3
    )


def test_a_cancelled_run_hands_out_greedy_and_an_honest_bound() -> None:
    plan = optimise(crowd(), MIDDLE, limits=HERE, cancelled=lambda: True)
    assert plan.standing.objective == pytest.approx(plan.greedy)
    assert plan.standing.settled_count == 0
    assert plan.standing.bound >= optimise(crowd(), MIDDLE, limits=HERE).standing.objective


def test_progress_is_told_and_the_bound_only_falls() -> None:
    told: list[Standing] = []
    plan = optimise(crowd(160), MIDDLE, limits=Limits(seconds=4, processes=2), tell=told.append)
    bounds = [standing.bound for standing in [*told, plan.standing]]
    values = [standing.objective for standing in [*told, plan.standing]]
    assert bounds == sorted(bounds, reverse=True)
    assert values == sorted(values)
    assert 0 <= plan.standing.gap < 1


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (Wishes(out=frozenset({"N999"})), "There is no need N999."),
        (Wishes(together=(frozenset({"N0", "N1"}),)), "different categories"),
        (Wishes(together=(frozenset({"N0"}),), out=frozenset({"N0"})), "cannot be pinned and kept out"),
        (
            Wishes(together=(frozenset({"N0", "N36"}),), apart=frozenset({frozenset({"N0", "N36"})})),
            "kept apart",
        ),
    ],
)
def test_wishes_that_cannot_be_are_refused_in_words(wishes: Wishes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        optimise(crowd(), MIDDLE, wishes=wishes, limits=HERE)


def test_two_needs_of_one_name_are_refused() -> None:
    with pytest.raises(Refused, match="Two needs are called N0"):
        optimise([*crowd(), crowd()[0]], MIDDLE, limits=HERE)
