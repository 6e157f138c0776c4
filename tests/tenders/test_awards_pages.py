"""Awards for everybody: found, downloaded, opened; nothing of one whose notice is not published."""

from __future__ import annotations

import csv
import io

import pytest

from tenders.actions.demonstration_bidders import GRANTVALE, LARKSPUR, NORTHMOOR


@pytest.fixture
def database(demonstration_world):
    """These tests only read: all of them look at the demonstration world."""
    return demonstration_world


async def rows(client, query=""):
    await client.open(f"/awards.csv{query}")
    return list(csv.DictReader(io.StringIO(client.text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))


async def test_awards_are_found_by_words_supplier_category_and_council(client):
    everything = {row["title"] for row in await rows(client)}
    assert everything == {"Library lending and catalogue", "Council tax and benefits"}
    for query, titles in (
        ("?q=readers", {"Library lending and catalogue"}),
        ("?q=northmoor", {"Council tax and benefits"}),
        ("?supplier=larkspur", {"Library lending and catalogue"}),
        ("?supplier=%25", set()),
        ("?category=revenues-benefits-systems", {"Council tax and benefits"}),
        ("?buyer=SLF", everything),
        ("?buyer=LDS&q=nothing+of+the+kind", set()),
        ("?category=no-such", everything),
    ):
        assert {row["title"] for row in await rows(client, query)} == titles, query
    ordered = [int(row["value_ex_vat_pence"]) for row in await rows(client, "?sort=value")]
    assert ordered == sorted(ordered)


async def test_of_two_lots_one_supplier_wins_one(client):
    """The cheaper bid is the better one of both lots: the second goes to the next, as the limit says."""
    won = sorted(await rows(client, "?category=revenues-benefits-systems"), key=lambda row: row["lot"])
    assert [(row["lot"], row["lot_title"], row["supplier"]) for row in won] == [
        ("1", "Billing and benefits", NORTHMOOR.name),
        ("2", "Letters and self-service", GRANTVALE.name),
    ]
    assert {row["tenders_received"] for row in won} == {"2"}
    for row in won:
        await client.open(f"/awards/{row['tender_id']}/{row['lot']}")
        assert row["supplier"] in client.text
        assert "One supplier may win at most 1 lot<br>Lots are awarded one after the other" in client.text
    await client.open(f"/tenders/{won[0]['tender_id']}")
    assert "One supplier may win at most 1 lot" in client.text


async def test_an_award_says_who_bought_what_from_whom_and_leads_on(client):
    (row,) = await rows(client, "?q=readers")
    assert (row["tenders_received"], row["tenders_assessed"], row["invented"]) == ("3", "3", "yes")
    assert (row["supplier_size"], row["supplier_voluntary"], row["tenders_assessed_small"]) == (
        "micro",
        "yes",
        "2",
    )
    assert row["supplier_identifiers"] == "GB-COH-99000002 GB-PPON-PXXX-0000-LSDM"
    place = f"/awards/{row['tender_id']}/{row['lot']}"
    await client.open(place)
    for said in (
        LARKSPUR.name,
        "Camden",
        "3 received, 3 assessed",
        "small and medium-sized firms: 2",
        "Micro; voluntary",
        "Companies House 99000002",
        "Available",
        "UK6",
        "Standstill",
        "LDS-",
    ):
        assert said in client.text
    for secret in (GRANTVALE.name, NORTHMOOR.name, "CMD-"):
        assert secret not in client.text
    for link in (f"/tenders/{row['tender_id']}", f"/tenders/{row['tender_id']}/record.json"):
        assert f'href="{link}"' in client.text
    await client.open(f"/awards/{row['tender_id']}/2")
    assert client.status == 404
    await client.open(f"/tenders/{row['tender_id']}/record.json")
    assert client.status == 303
