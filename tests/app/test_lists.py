"""Every list asks the database as often for twenty rows as for ten, whoever looks."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from insights.actions.releasing import make_release
from procurement.actions import needs
from procurement.rules.needs import Wanted
from spend.rules.categories import taxonomy
from store.db import Sessions, transaction
from store.jobs import Work
from store.lake import Lake
from tests import build
from tests.conformance import parse
from tests.databases import TESTER
from tests.spend.pages import signed_in
from tests.spend.published import World, ordinary
from values.actors import Role
from values.ids import uuid7


@pytest.fixture
def world(sessions_jobs: Sessions, owner: Any, tmp_path: Path) -> World:
    """Files where the application of the same test reads them."""
    return World(sessions_jobs, Lake(tmp_path / "lake"), tmp_path / "files", owner)


Add = Callable[[int], Awaitable[object]]


async def asked(client: Any, statements: list[str], path: str, add: Add) -> list[int]:
    """Return how many statements a list of ten rows takes, and one of twenty."""
    numbers = []
    for start in (0, 10):
        for number in range(start, start + 10):
            await add(number)
        statements.clear()
        await client.open(path)
        assert rows_of(client.text) == start + 10
        numbers.append(len(statements))
    return numbers


def rows_of(page: str) -> int:
    return len(parse(page).all("tbody")[0].all("tr"))


async def test_lines_that_were_set_aside(client, db, world, owner, statements):
    await world.publish("April 2025.csv", ordinary(1))
    file_id = await world.file_id("April 2025.csv")
    await signed_in(client, db, Role.OFFICER)

    async def add(number: int) -> None:
        await owner.execute(
            "insert into set_aside_line (file_id, line_no, body_code, reason, raw)"
            " select id, $2, body_code, 'date', 'raw' from published_file where id = $1",
            file_id,
            number + 10,
        )

    few, many = await asked(client, statements, f"/spend/files/{file_id}/set-aside", add)
    assert few == many <= 3, statements


async def test_suppliers(client, owner, statements):
    async def add(number: int) -> None:
        supplier_id, name = uuid7(), f"Invented {number} Ltd"
        await owner.execute("insert into supplier (id, name) values ($1, $2)", supplier_id, name)
        await owner.execute(
            "insert into supplier_name (id, supplier_id, key, name, seen_in) values ($1, $2, $3, $3, 'LDS')",
            uuid7(),
            supplier_id,
            name,
        )

    few, many = await asked(client, statements, "/suppliers", add)
    assert few == many <= 3, statements


async def test_needs(client, db, sessions_app, statements):
    officer = await signed_in(client, db, Role.OFFICER)

    async def add(number: int) -> None:
        async with transaction(sessions_app, officer.actor) as own:
            await needs.record_need(own, officer.actor, Wanted(f"Need {number}", category="gis-systems"))

    few, many = await asked(client, statements, "/needs", add)
    assert few == many, statements


async def test_people(client, db, statements):
    await signed_in(client, db, Role.APPROVER)

    async def add(number: int) -> None:
        # Whoever looks is the first of them.
        if number:
            await build.person(db)
            await db.commit()

    few, many = await asked(client, statements, "/people", add)
    assert few == many <= 4, statements


async def test_councils(client, statements):
    numbers = []
    for page, rows in ((7, 17), (1, 50)):
        statements.clear()
        await client.open(f"/bodies?page={page}")
        assert rows_of(client.text) == rows
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 5, statements


async def test_markets(client, world, owner, statements, sessions_jobs):
    """Each time in a release that nobody has read yet, of which nothing is remembered."""
    numbers = []
    for rows in (10, 20):
        await world.publish(f"April {rows}.csv", ordinary(rows, first=100 * rows))
        release = await make_release(Work(sessions_jobs, TESTER), world.lake, "duckdb://")
        year, measures = await owner.fetchrow(
            "delete from market_measure where release_id = $1 returning year, measures", release
        )
        await owner.executemany(
            "insert into market_measure values ($1, $2, 'E92000001', $3, $4)",
            [
                (release, code, year, json.dumps({**json.loads(measures), "category": code}))
                for code in [category.code for category in taxonomy().categories][:rows]
            ],
        )
        statements.clear()
        await client.open("/market")
        assert rows_of(client.text) == rows
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 8, statements
