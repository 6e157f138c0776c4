"""The home of a council and the map of opportunities: what they show, to whom, and with how many queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from accounts.models import BodyKind, Organisation
from procurement.models import Contract, Need, Pool, PoolAgreement, PoolTerms
from procurement.rules import hexmap
from procurement.rules.hexmap import Placed
from procurement.rules.pools.states import PoolState, Stage
from procurement.rules.soon import Dated, soon
from tests.procurement.pools import build_pool
from tests.procurement.suggested import libraries, open_need, work_out
from tests.procurement.test_suggestions import counted
from values.ids import uuid7
from values.years import london_today


async def contract(db, title: str, end_in: int, *, notice_in: int | None = None, code: str = "LDS"):
    today = london_today()
    await db.execute(
        insert(Contract).values(
            id=uuid7(),
            body_code=code,
            reference="",
            title=title,
            supplier_name="Invented Ltd",
            end_on=today + timedelta(days=end_in),
            notice_on=today + timedelta(days=notice_in) if notice_in is not None else None,
            extension_options="one year",
            extension_months=12,
            notes=[],
            source_file="register.csv",
            source_line=1,
            source_key=title,
        )
    )


async def test_a_council_sees_what_is_its_own_and_what_waits(client, people, db, sessions_jobs):
    needs = await libraries(db)
    await contract(db, "Maps of Leeds", 200, notice_in=5)
    await contract(db, "Maps of Camden", 200, code="CMD")
    await db.commit()
    await work_out(sessions_jobs)
    await client.sign_in(people["officer"])
    await client.open("/council")
    assert client.heading() == "My council"
    assert "Maps of Leeds" in client.text
    assert "Notice is due for Maps of Leeds" in client.text
    assert "Maps of Camden" not in client.text
    assert f'href="/needs/{needs["LDS"]}"' in client.text
    assert f'href="/needs/{needs["CMD"]}"' not in client.text
    assert "Our fair share" in client.text
    assert "Your council is in no pool" in client.text


async def test_pools_say_what_waits_for_whom(client, people, db):
    pool_id = await build_pool(
        db, state=PoolState.AGREEING, stage=Stage.CONDITIONAL, signs_in=timedelta(days=40)
    )
    await db.execute(
        update(PoolTerms)
        .where(PoolTerms.pool_id == pool_id, PoolTerms.body_code == "LDS")
        .values(lacking={"partners": 1})
    )
    await db.execute(
        update(Pool).values(signs_until=datetime.now(UTC) + timedelta(days=9), joins_until=datetime.now(UTC))
    )
    await db.execute(
        insert(PoolAgreement).values(pool_id=pool_id, version=1, text="x", sha256=b"0" * 32, person_name="x")
    )
    await db.commit()
    await client.sign_in(people["officer"])
    await client.open("/council")
    assert "Your terms are not met yet" in client.text
    assert "Signing closes in Library systems together" in client.text
    assert "An agreement is to be signed" not in client.text
    await client.post("/sign-out")
    await client.sign_in(people["approver"])
    await client.open("/council")
    assert (
        f'An agreement is to be signed: <a class="govuk-link" href="/pools/{pool_id}/agreement">'
        in client.text
    )
    await client.post("/sign-out")
    await client.sign_in(people["stranger"])
    await client.open("/council")
    assert "Your terms are not met yet" not in client.text


async def test_a_vote_waits_until_the_own_ballot_is_cast(client, people, db, pool, line, say, vote):
    await say("CMD", "cannot", "No storage")
    await vote(CMD="option")
    await client.sign_in(people["officer"])
    await client.open("/council")
    assert f'href="/pools/{pool}/requirements/{line}"' in client.text
    await client.post("/sign-out")
    await client.sign_in(people["stranger"])
    await client.open("/council")
    assert f'href="/pools/{pool}/requirements/{line}"' not in client.text


@pytest.mark.parametrize("who", ["lead", "supplier"])
async def test_the_home_is_for_people_of_councils(client, people, who):
    await client.sign_in(people[who])
    await client.open("/council")
    assert client.status == 403
    assert 'href="/council"' not in client.text


async def test_the_homes_queries_do_not_grow(client, people, db, sessions_jobs):
    await client.sign_in(people["approver"])
    numbers: list[int] = []
    for size in (1, 6):
        for number in range(size):
            await contract(db, f"Contract {size} {number}", 30 * number + 20)
            await open_need(db, "LDS", 1_000_000)
            await build_pool(db, state=PoolState.AGREEING)
        await libraries(db)
        await db.commit()
        await work_out(sessions_jobs)
        with counted() as statements:
            await client.open("/council")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 10, numbers


async def test_the_map_counts_open_needs_and_leads_to_them(client, people, db):
    await libraries(db)
    await open_need(db, "LDS", 1_000_000, category="gis-systems", title="Maps")
    draft = await open_need(db, "CON", 1_000_000)
    await db.execute(update(Need).where(Need.id == draft).values(state="draft"))
    await db.commit()
    await client.sign_in(people["lead"])
    await client.open("/opportunities")
    assert client.heading() == "Opportunities"
    assert "All categories: 5 open needs" in client.text
    councils = await db.scalar(select(func.count()).where(Organisation.kind == BodyKind.COUNCIL))
    assert client.text.count("<polygon") == councils > 300
    assert "<title>Leeds: 2</title>" in client.text
    assert "<title>Cornwall: 0</title>" in client.text
    await client.open("/opportunities?category=gis-systems")
    assert "1 open need<" in client.text
    place = "/needs?state=open&amp;council=LDS&amp;category=gis-systems"
    assert f'href="{place}"' in client.text
    await client.open(place.replace("&amp;", "&"))
    assert "Maps</a>" in client.text
    assert "1 need." in client.text


async def test_the_map_is_not_for_suppliers_nor_the_public(client, people):
    await client.open("/opportunities")
    assert client.status == 303
    await client.sign_in(people["supplier"])
    await client.open("/opportunities")
    assert client.status == 403


async def test_the_map_asks_the_same_however_many_needs_there_are(client, people, db):
    await client.sign_in(people["officer"])
    numbers: list[int] = []
    for _ in range(2):
        await libraries(db)
        await db.commit()
        with counted() as statements:
            await client.open("/opportunities")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 2, numbers


def test_every_council_has_a_place_of_its_own():
    councils = [Placed(code, code, code, None, 0) for code in hexmap._places()]
    councils += [Placed(f"X{n}", f"E10{n:06}", f"County {n}", None, 0) for n in range(21)]
    drawn = hexmap.hexmap(councils)
    places = {(each.x, each.y) for each in drawn.hexagons}
    assert len(places) == len(drawn.hexagons) == 317
    assert all(0 < each.x < drawn.width and 0 < each.y < drawn.height for each in drawn.hexagons)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "none"), (1, "1"), (3, "2 or 3"), (7, "4 to 7"), (90, "8 or more")]
)
def test_darker_is_more(count, words):
    fills = {fill: said for (_, fill, _), said in zip(hexmap.SHADES, hexmap.SHADE_WORDS, strict=True)}
    assert fills[hexmap.shade(count)[0]] == words


def test_soon_is_within_two_weeks():
    today = date(2026, 11, 25)
    dates = [Dated(today + timedelta(days=days), f"{days}", "/") for days in (15, 14, 0, -1)]
    assert [each.words for each in soon(dates, today)] == ["0", "14"]
