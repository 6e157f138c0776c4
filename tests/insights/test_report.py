"""The figures of the report, against sums done by hand and against the lines behind them."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from sqlalchemy import event

from insights import queries
from insights.actions.releasing import make_release
from insights.queries import LineFilter
from store.db import Sessions, transaction
from tests.databases import Database, cloned
from tests.plain_browser import Browser
from values.actors import PUBLIC

CATEGORY = "planning-systems"
YORKSHIRE = "E12000003"


@pytest.fixture
async def database(server, typical_made) -> AsyncIterator[Database]:
    """Every test's database is a clone of the typical one."""
    async with cloned(server, typical_made[0]) as made:
        yield made


async def _figures(world, sessions: Sessions, **asked):
    async with transaction(sessions, PUBLIC) as db:
        release = await queries.current_release(db)
        choice = await queries.choose(db, release, year=2019, **asked)
        rows = await queries.chosen_figures(
            db, world.lake, release, choice, categories=[CATEGORY], years=[2019]
        )
        return release, choice, rows


async def test_a_market_has_the_figures_that_a_person_works_out(typical, sessions_app):
    _, _, [market] = await _figures(typical, sessions_app, area=YORKSHIRE)
    northmoor = 9 * 2 * (600_00 + 300_00) - 100_00
    quillstone = 9 * 2 * 200_00
    private = 450_00
    total = northmoor + quillstone + private
    shares = [part / total for part in (northmoor, quillstone, private)]
    assert market.spend_pence == total
    assert market.supplier_count == 3
    assert market.hhi_points == pytest.approx(10_000 * sum(share**2 for share in shares))
    assert market.cr1_share == pytest.approx(shares[0])
    assert market.cr4_share == pytest.approx(1)
    assert market.effective_suppliers == pytest.approx(1 / sum(share**2 for share in shares))
    assert market.dependent_council_count == 2
    assert market.dependent_pence == northmoor
    assert market.council_count == 2
    assert market.hhi_low is None
    assert market.interval_not_computed is not None


async def test_the_lines_behind_a_figure_add_up_to_it(typical, sessions_app):
    release, choice, [market] = await _figures(typical, sessions_app, area=YORKSHIRE)
    page = await queries.line_page(
        typical.lake, release, LineFilter(CATEGORY, 2019, choice.bodies), limit=200
    )
    assert page.sum_pence == market.spend_pence == sum(line.amount_pence for line in page.lines)
    assert page.line_count == market.line_count == len(page.lines)


async def test_chosen_councils_get_the_figures_of_their_region(typical, sessions_app):
    _, _, [region] = await _figures(typical, sessions_app, area=YORKSHIRE)
    _, _, [chosen] = await _figures(typical, sessions_app, bodies=["BRD", "CLD"])
    for name in ("spend_pence", "hhi_points", "cr1_share", "supplier_count", "dependent_pence", "line_count"):
        assert getattr(chosen, name) == getattr(region, name)
    assert chosen.council_total == 2


async def test_one_council_is_no_market(typical, sessions_app):
    _, _, [market] = await _figures(typical, sessions_app, area="North West")
    assert market.spend_pence == 12_500_00
    assert market.hhi_points is None
    assert market.not_computed == "fewer than 2 councils bought here"


async def test_a_line_in_two_files_counts_once(typical, sessions_app):
    _, _, [before] = await _figures(typical, sessions_app, area=YORKSHIRE)
    again = typical.body("BRD")
    again.pay("NORTHMOOR SYSTEMS LTD", "1.00", on="2020-01-05")
    await typical.bring(again, "another-name.csv")
    await make_release(typical.work, typical.lake, "duckdb://")
    _, _, [after] = await _figures(typical, sessions_app, area=YORKSHIRE)
    assert after.spend_pence == before.spend_pence + 1_00


async def test_a_release_is_not_made_twice(typical):
    first = await make_release(typical.work, typical.lake, "duckdb://")
    assert await make_release(typical.work, typical.lake, "duckdb://") == first


async def test_a_corrected_file_changes_the_figures(typical, sessions_app):
    typical.body("BRD").pay("NORTHMOOR SYSTEMS LTD", "10000.00", on="2019-12-24")
    await typical.bring(typical.body("BRD"))
    await make_release(typical.work, typical.lake, "duckdb://")
    _, _, [market] = await _figures(typical, sessions_app, area=YORKSHIRE)
    assert market.spend_pence == 9 * 2 * 1_100_00 - 100_00 + 450_00 + 10_000_00


class TestPages:
    @pytest.fixture
    async def browser(self, typical, client: Browser) -> Browser:
        client.client._transport.app.state.lake = typical.lake
        return client

    async def test_the_public_reads_the_report_down_to_the_lines(self, browser):
        await browser.open(f"/market?area={YORKSHIRE}&year=2019")
        assert browser.status == 200
        assert "Planning" in browser.text
        await browser.open(f"/market/{CATEGORY}?area={YORKSHIRE}&year=2019")
        assert "£20,150.00" in browser.text
        assert "NORTHMOOR SYSTEMS LTD" in browser.text
        await browser.open(f"/market/{CATEGORY}/lines?area={YORKSHIRE}&year=2019&sort=paid&per_page=20")
        assert "£20,150.00" in browser.text
        assert "Where it stands" in browser.text

    async def test_a_private_person_is_counted_and_never_named(self, browser):
        for path in ("", "/suppliers", "/lines"):
            await browser.open(f"/market/{CATEGORY}{path}?area={YORKSHIRE}&year=2019&per_page=200")
            assert browser.status == 200
            assert "Marker-Lovelace" not in browser.text
        await browser.open(f"/market/{CATEGORY}/suppliers?area={YORKSHIRE}&year=2019")
        assert "A private individual" in browser.text
        answer = await browser.client.get(f"/market/{CATEGORY}/lines.csv?area={YORKSHIRE}&year=2019")
        assert "Marker-Lovelace" not in answer.text

    async def test_the_download_holds_the_same_lines(self, browser):
        answer = await browser.client.get(f"/market/{CATEGORY}/lines.csv?area={YORKSHIRE}&year=2019")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert sum(int(row["amount_pence"]) for row in rows) == 20_150_00
        assert {row["body"] for row in rows} == {"BRD", "CLD"}

    async def test_the_interface_and_the_csv_say_the_same(self, browser):
        answer = await browser.client.get(f"/api/v1/market?area={YORKSHIRE}&year=2019&category={CATEGORY}")
        [market] = answer.json()["rows"]
        assert market["spend_pence"] == 20_150_00
        assert market["coverage"]["council_count"] == 2
        sheet = await browser.client.get(f"/market.csv?area={YORKSHIRE}&year=2019&category={CATEGORY}")
        [row] = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
        assert Decimal(row["hhi_points"]) == pytest.approx(Decimal(market["hhi_points"]))

    async def test_a_choice_that_makes_no_sense_is_said_and_replaced(self, browser):
        await browser.open("/market?area=Atlantis&year=2019")
        assert browser.status == 200
        assert "There is no region" in browser.text
        answer = await browser.client.get("/api/v1/market?area=Atlantis")
        assert answer.status_code == 422

    async def test_an_unknown_category_is_not_found(self, browser):
        await browser.open("/market/flying-carpets")
        assert browser.status == 404

    async def test_a_market_without_purchases_says_so(self, browser):
        await browser.open(f"/market/energy?area={YORKSHIRE}&year=2019")
        assert browser.status == 200
        assert "No payments of this category are known" in browser.text

    async def test_lines_whose_category_is_not_known_can_be_opened(self, browser):
        await browser.open("/market/unknown/lines?area=E92000001&year=2019")
        assert browser.status == 200

    async def test_the_method_names_every_figure(self, browser):
        await browser.open("/method")
        for name in ("hhi_points", "cr4_share", "dependent_pence", "known_category_share"):
            assert f'id="{name}"' in browser.text
        assert "sets no band" in browser.text


async def test_the_number_of_queries_does_not_grow_with_rows(typical, sessions_app):
    async def count() -> int:
        seen: list[str] = []
        async with transaction(sessions_app, PUBLIC) as db:
            engine = db.get_bind()

            def note(*args: object) -> None:
                seen.append(str(args[2]))

            event.listen(engine, "before_cursor_execute", note)
            try:
                release = await queries.current_release(db)
                choice = await queries.choose(db, release, year=2019)
                market = queries.MarketOf(CATEGORY, 2019, choice.bodies)
                await queries.market_suppliers(db, release, market)
                await queries.market_councils(db, release, market)
                await queries.turnover(db, release, market)
            finally:
                event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    numbers = []
    # Each time for a release that nobody has read yet, of which nothing is remembered.
    for suppliers in (10, 40):
        for number in range(suppliers):
            typical.body("BRD").pay(f"INVENTED SYSTEMS {suppliers} {number} LTD", "10.00")
        await typical.bring(typical.body("BRD"))
        await make_release(typical.work, typical.lake, "duckdb://")
        numbers.append(await count())
    assert numbers[0] == numbers[1]
