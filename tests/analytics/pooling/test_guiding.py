from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.pooling.guiding import guided
from analytics.pooling.needs import Need, Wishes
from analytics.pooling.parts import components
from tests.analytics.pooling.invented import SMALL, needs


@given(needs(categories=2), st.data())
def test_pools_under_any_prices_are_lawful_disjoint_and_save(wanted: list[Need], data: st.DataObject) -> None:
    for part in components(wanted, SMALL, Wishes()):
        count = len(part.items)
        prices = np.array(data.draw(st.lists(st.floats(0, 20), min_size=count, max_size=count)))
        pools = guided(part, prices, data.draw(st.floats(0, 1)))
        members = [i for pool in pools for i in pool]
        assert len(members) == len(set(members))
        assert all(part.lawful(pool) and part.saving(pool) > 0 for pool in pools)


def test_prices_free_a_need_that_is_worth_more_elsewhere() -> None:
    # The large one suits both months. The first month has company for it anyway, the second needs it.
    big = Need("big", "C0", "R", "1", True, 20, 0, 1)
    first = [Need(f"a{n}", f"C{n + 1}", "R", "1", True, 12, 0, 0) for n in range(4)]
    second = [Need("b", "C9", "R", "1", True, 18, 1, 1)]
    (part,) = components([big, *first, *second], SMALL, Wishes())
    prices = np.array([5.0 if "big" in item.ids else 0.0 for item in part.items])
    named = [{name for i in pool for name in part.items[i].ids} for pool in guided(part, prices, 0.9)]
    assert {"big", "b"} in named
    assert {"a0", "a1", "a2", "a3"} in named
