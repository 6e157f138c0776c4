"""The Requirements tab as people walk it; every page is checked as it comes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from procurement.models import NeedLine, PoolStake
from tests import build
from tests.procurement.pools import build_pool
from values.actors import Role

CODES = ("LDS", "CMD", "SLF")


@pytest.fixture
async def pool(db):
    return await build_pool(db)


@pytest.fixture
async def people(db, pool):
    """An officer of each member, of a council outside, a sector lead; Leeds has two lines in its need."""
    made = {code: await build.person(db, organisation_id=build.council(code)) for code in (*CODES, "MAN")}
    made["sector"] = await build.person(
        db, Role.SECTOR_LEAD, organisation_id=build.council("LGA"), second_factor=True
    )
    found = await db.connection()
    need = (
        (await found.execute(PoolStake.__table__.select().where(PoolStake.body_code == "LDS"))).one().need_id
    )
    rows = enumerate([("must", "Works offline"), ("nice", "Reads barcodes")], start=1)
    await db.execute(
        insert(NeedLine), [{"need_id": need, "position": n, "kind": kind, "text": t} for n, (kind, t) in rows]
    )
    await db.commit()
    return made


@pytest.fixture
async def as_(client, people):
    async def switch(who):
        client.client.cookies.clear()
        await client.sign_in(people[who])
        return client

    return switch


@pytest.fixture
async def place(as_, pool):
    """The tab, with Leeds's two lines brought in; Leeds is signed in."""
    client, at = await as_("LDS"), f"/pools/{pool}/requirements"
    await client.open(at)
    assert "No line has been brought in yet" in client.text
    await client.submit(f"{at}/bring-in")
    await client.follow()
    assert "Lines brought in: 2 new, 0 joined" in client.text
    return at


def line_at(client, place, words):
    """The address of the line with these words, as the tab links to it."""
    before = client.text.split(f">{words}</a>")[0]
    return before.rsplit('href="', 1)[1].split('"')[0]


async def test_a_conflict_is_reconciled_by_vote(client, as_, place):
    line = line_at(client, place, "Works offline")
    await as_("CMD")
    await client.open(line)
    await client.submit(f"{line}/stance", stance="cannot")
    assert client.errors() == ["Say why the council cannot live with this line"]
    await client.submit(f"{line}/stance", stance="cannot", stance_reason="Branches have no storage")
    await client.follow()
    assert "Branches have no storage" in client.text
    await as_("LDS")
    await client.open(place)
    assert "Costs the pool most councils" in client.text
    assert "would bring £600,000" in client.text
    await client.open(line)
    await client.submit(f"{line}/outcome", outcome="common", outcome_reason="We want it")
    assert "Choose one of the answers" not in client.text
    assert "cannot live with this line, so it cannot be for all" in client.errors()[0]
    await client.submit(f"{line}/outcome", outcome="lot", outcome_reason="We want it")
    assert client.errors() == ["Name the lot"]
    day = datetime.now(UTC) + timedelta(days=5)
    typed = {
        "question": "Lot or option?",
        "closes_on-day": day.day,
        "closes_on-month": day.month,
        "closes_on-year": day.year,
    }
    await client.submit(f"{line}/vote", choices=["lot"], vote_lot="Offline", **typed)
    assert client.errors() == ["Choose at least two answers to vote on"]
    await client.submit(f"{line}/vote", choices=["lot", "option"], vote_lot="Offline", **typed)
    assert client.status == 303, client.text
    for who, choice in (("LDS", "lot"), ("CMD", "option"), ("SLF", "lot")):
        await as_(who)
        await client.open(line)
        await client.submit(f"{line}/ballot", choice=choice)
        await client.follow()
        assert "ballot was cast" in client.text
    await as_("LDS")
    await client.open(line)
    await client.submit(f"{line}/close")
    await client.follow()
    assert "Decided: in a lot of its own." in client.text
    assert "In a lot of its own: Offline: 2; As an option: 1. 3 of 3 councils voted." in client.text
    await client.open(place.replace("requirements", "specification.txt"))
    assert "Lot: Offline\n\n1. [must] Works offline" in client.text
    assert "Decided by vote on" in client.text


async def test_lines_are_filtered_proposed_and_taken_away(client, as_, place):
    await client.open(f"{place}?show=conflicting")
    assert "No line is like that" in client.text
    await client.open(f"{place}?show=nonsense")
    assert "Works offline" in client.text
    await client.submit(place, text="Must work offline", kind="nice")
    assert client.errors() == ["Line 1 says the same. Say there what your council needs."]
    await client.submit(place, text="", kind="nice")
    assert client.errors() == ["Enter the requirement"]
    await client.submit(place, text="=Open  interfaces", kind="must")
    await client.follow()
    assert client.heading() == "Library systems together: line 3"
    await client.open(f"{place}.csv")
    rows = list(csv.DictReader(io.StringIO(client.text.lstrip("\ufeff"))))
    assert [row["requirement"] for row in rows] == ["Works offline", "Reads barcodes", "'=Open interfaces"]
    assert rows[0]["must_for"] == "Leeds"
    assert rows[0]["not_said"] == "Camden; Salford"
    assert rows[0]["stands"] == "all"


async def test_what_suppliers_cannot_meet_shows_which_line_costs_most(client, as_, place):
    await client.open(f"{place}/sounding")
    assert "Procurement Act 2023, sections 16 and 17" in client.text
    await client.submit(f"{place}/sounding")
    assert client.errors() == ["Enter the supplier"]
    await client.open(place)
    line = line_at(client, place, "Works offline")
    await client.open(f"{place}/sounding")
    await client.submit(f"{place}/sounding", supplier="Invented Ltd", failing=[line.rsplit("/", 1)[1]])
    await client.follow()
    assert "It alone keeps out Invented Ltd" in client.text
    await client.open(line)
    assert "Invented Ltd by this line alone" in client.text


async def test_who_is_outside_finds_nothing_and_sector_leads_only_read(client, as_, place):
    line = line_at(client, place, "Works offline")
    await as_("MAN")
    for at in (
        place,
        line,
        f"{place}.csv",
        f"{place}/sounding",
        place.replace("requirements", "specification.txt"),
    ):
        await client.open(at)
        assert client.status == 404, at
    await client.post(f"{line}/stance", stance="must")
    assert client.status == 404
    await as_("sector")
    await client.open(line)
    assert client.status == 200
    assert "<form class=" not in client.text
    await client.post(f"{line}/stance", stance="must")
    assert client.status == 403
    await as_("CMD")
    await client.open(line)
    assert "For the lead council" not in client.text
    await client.post(f"{line}/outcome", outcome="option", outcome_reason="x")
    assert client.status == 403


async def test_a_line_is_reworded_by_the_lead(client, as_, place):
    line = line_at(client, place, "Works offline")
    await client.open(line)
    await client.submit(f"{line}/wording", wording="Lends offline for a day")
    assert client.errors() == ["Give a reason that members will read"]
    await client.submit(f"{line}/wording", wording="Lends offline for a day", wording_reason="Too wide")
    await client.follow()
    assert "<del>Works offline</del> <ins>Lends offline for a day</ins>" in client.text
    assert "before the words changed" in client.text
