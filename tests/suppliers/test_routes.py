"""Pages of suppliers, in the whole application."""

from __future__ import annotations

from uuid import UUID

import pytest

from insights.actions.releasing import make_release
from store.db import transaction
from store.jobs import Work
from store.lake import Lake
from suppliers import actions
from suppliers.actions import Payee
from tests.conformance import check_fragment, parse
from tests.databases import TESTER
from tests.spend.published import HEADER, OPERATOR, PRIVATE, World, ordinary, row

LEEDS, BRADFORD = "LDS", "BRD"


def payee(
    name: str, *, number: str | None = None, individual: bool = False, public_body: bool = False
) -> Payee:
    return Payee(name.casefold(), number, name, individual=individual, public_body=public_body)


@pytest.fixture
async def known(db) -> dict[str, UUID]:
    """Suppliers of two councils."""
    seen = {
        LEEDS: [payee("Brightwater Software Ltd", number="01234567"), payee("Tidewell Care Ltd")],
        BRADFORD: [
            payee("BRIGHTWATER SOFTWARE", number="01234567"),
            payee("NHS Invented Trust", public_body=True),
            payee(PRIVATE, individual=True),
        ],
    }
    found: dict[str, UUID] = {}
    for body, payees in seen.items():
        ids = await actions.resolve(db, TESTER, payees, seen_in=body)
        found |= {each.name: ids[each.key, each.company_number] for each in payees}
    await db.commit()
    return found


def names(text: str) -> list[str]:
    return [link.text for link in parse(text).all("a") if link.attrs["href"].startswith("/suppliers/")]


async def test_before_the_first_import_the_list_says_where_suppliers_come_from(client):
    await client.open("/suppliers")
    assert "No suppliers are known yet" in client.text


async def test_everybody_is_listed_but_private_persons(client, known):
    await client.open("/suppliers")
    assert names(client.text) == ["Brightwater Software Ltd", "NHS Invented Trust", "Tidewell Care Ltd"]
    assert "3 suppliers" in client.text
    assert "Public body" in client.text
    await client.open("/suppliers?sort=-name")
    assert names(client.text)[0] == "Tidewell Care Ltd"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tidewell", ["Tidewell Care Ltd"]),
        ("brightwater software", ["Brightwater Software Ltd"]),
        ("1234567", ["Brightwater Software Ltd"]),
        ("01234567", ["Brightwater Software Ltd"]),
        ("100%", []),
        (PRIVATE, []),
    ],
)
async def test_suppliers_are_found_by_name_and_number(client, known, words, found):
    await client.open(f"/suppliers?q={words.replace('%', '%25').replace(' ', '+')}")
    assert [name for name in names(client.text) if name != "Show all suppliers"] == found


async def test_a_supplier_shows_its_names_and_numbers_with_their_sources(client, known):
    await client.open(f"/suppliers/{known['Brightwater Software Ltd']}")
    assert client.heading() == "Brightwater Software Ltd"
    for said in ("Companies House", "01234567", "BRIGHTWATER SOFTWARE", "Leeds", "Bradford"):
        assert said in client.text
    await client.open(f"/suppliers/{known['Tidewell Care Ltd']}")
    assert "No council published a company number" in client.text


async def test_a_private_person_has_no_page(client, known):
    for path in ("/suppliers", "/market/by-supplier"):
        await client.open(f"{path}/{known[PRIVATE]}")
        assert client.status == 404
        assert PRIVATE not in client.text


async def test_even_raw_sql_of_the_application_reads_no_private_person(known, sessions_app):
    async with transaction(sessions_app, OPERATOR) as db:
        for table in ("supplier", "supplier_name"):
            rows = (await (await db.connection()).exec_driver_sql(f"select name from {table}")).all()
            assert rows
            assert PRIVATE not in {name for (name,) in rows}


async def test_the_list_is_paged(client, db):
    payees = [payee(f"Invented company {number:03} Ltd") for number in range(120)]
    await actions.resolve(db, TESTER, payees, seen_in=LEEDS)
    await db.commit()
    await client.open("/suppliers?page=3")
    assert len(names(client.text)) == 20


async def test_what_councils_paid_leads_to_the_lines(client, sessions_jobs, owner, tmp_path):
    world = World(sessions_jobs, Lake(tmp_path / "lake"), tmp_path / "files", owner)
    header = (*HEADER[:-1], "Directorate")
    await world.publish("April 2025.csv", ordinary(4), header=header)
    await world.publish("May 2025.csv", [row(9, amount="300.00", day="02/05/2024")], body=BRADFORD)
    await make_release(Work(sessions_jobs, OPERATOR), world.lake, "duckdb://")
    supplier = await owner.fetchval("select id from supplier where name = 'Brightwater Software Ltd'")
    address = f"/market/by-supplier/{supplier}"
    await client.open(f"/suppliers/{supplier}")
    assert address in {link.attrs["href"] for link in parse(client.text).all("a")}, "without scripts too"
    await client.open(address)
    assert client.heading() == "What Brightwater Software Ltd was paid"
    for said in ("2025 to 2026", "2024 to 2025", "Leeds", "Bradford", "£300"):
        assert said in client.text
    fragment = await client.client.get(address, headers={"hx-request": "true"})
    check_fragment(fragment.text.split("</title>", 1)[1])
    lines = [link.attrs["href"] for link in parse(client.text).all("a") if "/lines?" in link.attrs["href"]]
    assert len(lines) == 2
    await client.open(next(href for href in lines if BRADFORD in href))
    assert client.status == 200, client.text
    assert "£300.00" in client.text
