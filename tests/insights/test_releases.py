"""Reports of worlds that are made for one question."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from insights import queries
from insights.actions.releasing import make_release
from insights.queries import LineFilter
from spend.models import FileState, PublishedFile
from store.db import transaction
from tests.plain_browser import Browser
from values.actors import PUBLIC

CATEGORY = "planning-systems"


async def test_a_credit_note_that_eats_a_cell_leaves_the_market_with_its_lines(world, sessions_app):
    for code in ("BRD", "CLD"):
        world.body(code).pay("NORTHMOOR SYSTEMS LTD", "100.00", times=15)
    world.body("BRD").pay("QUILLSTONE LTD", "500.00")
    world.body("BRD").pay("QUILLSTONE LTD", "-500.00")
    await world.release()
    async with transaction(sessions_app, PUBLIC) as db:
        release = await queries.current_release(db)
        choice = await queries.choose(db, release, year=2019, area="E12000003")
        [market] = await queries.chosen_figures(
            db, world.lake, release, choice, categories=[CATEGORY], years=[2019]
        )
    page = await queries.line_page(world.lake, release, LineFilter(CATEGORY, 2019, choice.bodies))
    assert market.supplier_count == 1
    assert market.hhi_points == pytest.approx(10_000)
    assert page.line_count == 30
    assert page.sum_pence == market.spend_pence == 3_000_00


async def test_before_the_first_release_the_report_says_what_to_do(client: Browser):
    await client.open("/market")
    assert client.status == 200
    assert "No payments have been imported yet" in client.text


async def test_a_report_without_files_any_more_is_empty(world, client, sessions_jobs):
    for code in ("BRD", "CLD"):
        world.body(code).pay("NORTHMOOR SYSTEMS LTD", "100.00", times=15)
    await world.release()
    async with transaction(sessions_jobs, PUBLIC) as db:
        await db.execute(update(PublishedFile).values(state=FileState.WITHDRAWN))
    assert await make_release(world.work, world.lake, "duckdb://") is not None
    await client.open("/market")
    assert "No payments have been imported yet" in client.text
