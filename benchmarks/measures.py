"""Measures of markets against one raw scan of the same columns, in one run.

python benchmarks/measures.py [--lines 5000000] [--memory 2GB]

Payment lines are invented inside DuckDB: 40,000 lines a council and year, so that more lines mean more
councils (up to 317), 4,000 suppliers of very unequal size a council, every third of which sells to all
councils, 40 categories, 6 years. From one Parquet file: the raw scan (max or sum of every column that the
cube reads), the cube alone, and the cube with the whole report for nine regions and England. Ratios are what
counts; the best of three runs is taken.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis

from analytics.markets import cells
from analytics.markets.report import report

CATEGORIES, YEARS, SUPPLIERS, REGIONS = 40, 6, 4_000, 9
LINES_A_COUNCIL_YEAR = 40_000
# What 190 million lines took on two cores: a cube within 6 scans, everything within 25.
CUBE_TARGET, ALL_TARGET = 6, 25
LINES = """
COPY (
    WITH draws AS (
        SELECT i, (random() * {councils})::INT AS council, {suppliers} * random() ^ 3 AS place,
               random() AS part, random() AS size, random() AS refund
        FROM range({lines}) AS t(i)
    ), sales AS (
        -- Every third supplier of a council sells everywhere, the others to this council alone.
        SELECT *, place::INT + CASE WHEN place::INT % 3 = 0 THEN 0 ELSE (council + 1) * 100000 END AS supplier
        FROM draws
    )
    SELECT 'E' || lpad(council::VARCHAR, 8, '0') AS council_code,
           CASE WHEN hash(supplier) % 100 < 85
                THEN 'category ' || hash(supplier, part < 0.1) % {categories} END AS category,
           (2019 + i * {years} // {lines})::BIGINT AS year,
           'S' || lpad(supplier::VARCHAR, 8, '0') AS supplier_id,
           CASE WHEN refund < 0.03 THEN -1 ELSE 1 END * (50000 * exp(4 * size * size))::BIGINT AS amount_pence
    FROM sales
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""
COUNCIL_TABLES = """
CREATE TABLE register AS
SELECT 'E' || lpad(c::VARCHAR, 8, '0') AS council_code, 'R' || (c % {regions}) AS region_code
FROM range({councils} + 1) AS t(c);
CREATE TABLE coverage AS
SELECT council_code, 2019 + y AS year, 12 AS months FROM register, range({years}) AS u(y)
"""
SCAN = """
SELECT max(council_code), max(category), max(year), max(supplier_id), sum(amount_pence)
FROM read_parquet('{path}')
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=5_000_000)
    options.add_argument("--memory", default="2GB")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), given.lines, given.memory)


def measure(folder: Path, lines: int, memory: str) -> None:
    con = ibis.duckdb.connect()
    con.raw_sql(f"SET memory_limit='{memory}'")
    con.raw_sql("SET preserve_insertion_order=false")
    con.raw_sql("SELECT setseed(0.5)")
    path = folder / "lines.parquet"
    councils = max(10, min(317, lines // (YEARS * LINES_A_COUNCIL_YEAR)))
    con.raw_sql(
        LINES.format(
            lines=lines, councils=councils, categories=CATEGORIES, years=YEARS, suppliers=SUPPLIERS, path=path
        )
    )
    width = path.stat().st_size / lines
    print(f"{lines:,} lines of {councils} councils, {width:.1f} bytes a line, memory limit {memory}")
    before = peak_megabytes()
    scan = best(lambda: con.raw_sql(SCAN.format(path=path)).fetchall())
    tables = council_tables(con, councils)
    cube = best(lambda: write_cube(con, path, folder))
    whole = best(lambda: write_all(con, path, folder, tables))
    rows = con.read_parquet(folder / "report.parquet").count().to_pyarrow().as_py()
    size = con.read_parquet(folder / "cube.parquet").count().to_pyarrow().as_py()
    print(f"cube of {size:,} cells, report of {rows:,} markets")
    for name, seconds, target in (
        ("raw scan of the columns", scan, None),
        ("cube", cube, CUBE_TARGET),
        ("cube and report", whole, ALL_TARGET),
    ):
        goal = f"   target at most {target} x" if target else ""
        print(f"{name:40} {seconds:7.2f} s {seconds / scan:6.1f} x{goal}")
    print(f"peak memory {peak_megabytes():,.0f} MB, of which {before:,.0f} MB before the first scan")


def council_tables(con: Any, councils: int) -> tuple[ibis.Table, ibis.Table]:
    """Return which areas hold which councils, and full coverage of every year."""
    # Tables by name: Ibis 12 cannot ask DuckDB 2 for the columns of a query.
    con.raw_sql(COUNCIL_TABLES.format(councils=councils, regions=REGIONS, years=YEARS))
    register, coverage = con.table("register"), con.table("coverage")
    return cells.areas(register), coverage


def write_cube(con: Any, path: Path, folder: Path) -> None:
    con.to_parquet(cells.cube(con.read_parquet(path)), folder / "cube.parquet")


def write_all(con: Any, path: Path, folder: Path, tables: tuple[ibis.Table, ibis.Table]) -> None:
    write_cube(con, path, folder)
    con.to_parquet(report(con.read_parquet(folder / "cube.parquet"), *tables), folder / "report.parquet")


def best(work: Callable[[], object], runs: int = 3) -> float:
    """Return the shortest time of several runs, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_megabytes() -> float:
    """Return the largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
