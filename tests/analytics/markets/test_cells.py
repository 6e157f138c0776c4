from __future__ import annotations

from pathlib import Path

import ibis
import pyarrow.parquet as pq
from hypothesis import given, settings

from analytics.markets import cells, report
from tests.analytics.markets import worlds
from tests.analytics.markets.worlds import WORLDS, World, lines


@settings(max_examples=15, deadline=None)
@given(WORLDS)
def test_the_cube_holds_every_line_and_every_penny(world: World) -> None:
    found = cells.cube(world.lines()).to_pyarrow().to_pylist()
    assert sum(cell["pence"] for cell in found) == int(world.lines_pence.sum())
    assert sum(cell["line_count"] for cell in found) == int((world.lines_pence != 0).sum())
    keys = [(cell["year"], cell["category"], cell["council_code"], cell["supplier_id"]) for cell in found]
    assert len(keys) == len(set(keys))


def test_a_cell_that_credit_notes_cancel_is_no_purchase() -> None:
    cube = cells.cube(
        lines(
            ("A", "vans", 2021, "x", 500),
            ("A", "vans", 2021, "x", -500),
            ("A", "vans", 2021, "y", -1),
            ("A", "vans", 2022, "y", 1),
        )
    )
    assert [cell["pence"] for cell in cells.purchases(cube).to_pyarrow().to_pylist()] == [1]


def test_sums_stay_whole_numbers_in_a_file(tmp_path: Path) -> None:
    """DuckDB adds up in 128 bits, which Parquet keeps as a float: 2**53 + 1 pence would lose a penny."""
    pence = 2**53 + 1
    world = worlds.random_world(seed=5, councils=6)
    tables = {
        "cube": cells.cube(lines(("A", "vans", 2021, "x", pence - 1), ("A", "vans", 2021, "x", 1))),
        "report": report.report(cells.cube(world.lines()), cells.areas(world.register()), world.coverage()),
    }
    for name, table in tables.items():
        path = tmp_path / f"{name}.parquet"
        ibis.get_backend(table).to_parquet(table, path)
        kept = pq.read_schema(path)
        for column, kind in table.schema().items():
            assert kept.field(column).type == kind.to_pyarrow(), column
    assert pq.read_table(tmp_path / "cube.parquet").to_pylist()[0]["pence"] == pence


def test_regions_and_england_have_each_council_once() -> None:
    world = worlds.random_world(seed=1, councils=5)
    pairs = cells.areas(world.register()).to_pyarrow().to_pylist()
    assert len(pairs) == 10
    assert {row["council_code"] for row in pairs if row["area_code"] == cells.ENGLAND} == {
        worlds.council(number) for number in range(5)
    }
