from __future__ import annotations

import pytest

from analytics.markets import cells, concentration
from tests.analytics.markets.worlds import lines


def test_the_worked_example_of_six_suppliers_has_2600_points() -> None:
    shares = {"a": 40, "b": 25, "c": 15, "d": 10, "e": 5, "f": 5}
    cube = cells.cube(lines(*[("A", "vans", 2021, name, pence) for name, pence in shares.items()]))
    (row,) = concentration.dependence(cells.purchases(cube)).to_pyarrow().to_pylist()
    assert row["hhi_points"] == pytest.approx(2_600)
    assert row["cr4_share"] == pytest.approx(0.9)
    assert row["effective_suppliers"] == pytest.approx(3.846, abs=0.001)


def test_each_council_has_its_own_leader_and_equals_are_settled_by_name() -> None:
    cube = cells.cube(
        lines(
            ("A", "vans", 2021, "b", 50),
            ("A", "vans", 2021, "a", 50),
            ("B", "vans", 2021, "c", 75),
            ("B", "vans", 2021, "a", 25),
            ("B", None, 2021, "z", 999),
            ("C", "vans", 2021, "a", -5),
        )
    )
    found = concentration.dependence(cells.purchases(cube)).to_pyarrow().to_pylist()
    assert {row["council_code"]: (row["leader_id"], row["cr1_share"]) for row in found} == {
        "A": ("a", 0.5),
        "B": ("c", 0.75),
    }
