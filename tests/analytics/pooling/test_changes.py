from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.pooling.changes import move
from analytics.pooling.needs import Need, broken
from analytics.pooling.optimising import at_once
from tests.analytics.pooling.invented import SMALL, needs
from values.refusals import Missing


@given(needs(), st.data())
def test_a_move_tells_what_the_pools_it_leaves_behind_save(wanted: list[Need], data: st.DataObject) -> None:
    pools = at_once(wanted, SMALL)
    by_id = {need.id: need for need in wanted}
    name = data.draw(st.sampled_from(sorted(by_id)))
    to = data.draw(st.one_of(st.none(), st.integers(0, len(pools) - 1))) if pools else None
    moved = move(pools, name, to, needs=by_id, model=SMALL)

    def saved(some: object) -> float:
        return sum(SMALL.saving([by_id[n].value for n in pool]) for pool in some)

    assert moved.difference == pytest.approx(saved(moved.pools) - saved(pools))
    places = [n for pool in moved.pools for n in pool]
    assert places.count(name) == (0 if to is None else 1)
    assert len(places) == len(set(places))
    whys = [broken([by_id[n] for n in pool], SMALL) for pool in moved.pools]
    assert moved.lawful == (not any(whys))


def test_taking_the_second_of_two_leaves_a_pool_below_quorum() -> None:
    pair = {name: Need(name, name, "R", "1", True, 10, 0, 1) for name in "ABC"}
    moved = move([("A", "B")], "B", None, needs=pair, model=SMALL)
    assert [pool.broken for pool in moved.changed] == ["size"]
    assert not moved.lawful
    joined = move([("A", "B")], "C", 0, needs=pair, model=SMALL)
    assert joined.lawful
    assert joined.difference == pytest.approx(SMALL.saving([10] * 3) - SMALL.saving([10] * 2))


@pytest.mark.parametrize(("name", "to"), [("Z", 0), ("A", 1), ("A", -1)])
def test_what_is_not_there_cannot_move(name: str, to: int) -> None:
    with pytest.raises(Missing):
        move([("A",)], name, to, needs={"A": Need("A", "C", "R", "1", True, 1, 0, 0)}, model=SMALL)
