"""Pages of pools, as people walk them without scripts; every page is checked as it comes."""

from __future__ import annotations

import csv
import dataclasses
import io
from datetime import timedelta

import pytest
from sqlalchemy import event

from procurement.actions.needs import move_need, record_need
from procurement.rules.needs import NeedState
from procurement.rules.pools.states import PoolState
from store.db import transaction
from tests import build
from tests.procurement.pools import VALUES, WANTED, build_pool, looked_at, settled
from values.years import london_today


@pytest.fixture
async def officers(db):
    """An officer of each of five councils, by code."""
    codes = ("LDS", "CMD", "SLF", "BST", "CON")
    made = {code: await build.person(db, organisation_id=build.council(code)) for code in codes}
    await db.commit()
    return made


@pytest.fixture
async def needs(officers, sessions_app):
    """An open need of each council, by code."""
    made = {}
    for code, person in officers.items():
        wanted = dataclasses.replace(WANTED, value_pence=VALUES.get(code, 30_000_000))
        async with transaction(sessions_app, person.actor) as db:
            made[code] = await record_need(db, person.actor, wanted)
            await move_need(db, person.actor, made[code], NeedState.OPEN)
    return made


def days(name, day):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


async def enter(client, person):
    client.client.cookies.clear()
    await client.sign_in(person)


async def start(client, need, **typed):
    await client.open(f"/pools/new?need={need}")
    joins = london_today() + timedelta(days=30)
    await client.submit(
        f"/pools/new?need={need}",
        **{
            "title": "Libraries together",
            "purpose": "One library system",
            "quorum": "3",
            "largest": "4",
            "cap_pence": "2,000,000",
            "own_region": "no",
            "vote_rule": "council",
            **days("first_start_on", WANTED.earliest_start_on),
            **days("last_start_on", WANTED.latest_start_on),
            **days("joins_until", joins),
            **days("signs_until", joins + timedelta(days=30)),
            **typed,
        },
    )


async def test_a_pool_is_started_joined_conditioned_opened_and_left(client, officers, needs, sessions_jobs):
    await enter(client, officers["LDS"])
    await client.open("/pools")
    assert "No pool is under way" in client.text
    await client.open(f"/needs/{needs['LDS']}")
    assert f"/pools/new?need={needs['LDS']}" in client.text
    await start(client, needs["LDS"])
    assert client.status == 303, client.errors()
    place = client.place
    await client.follow()
    assert client.heading() == "Libraries together: overview"
    assert "Working out who is in" in client.text
    pool = place.rsplit("/", 1)[-1]
    await settled(sessions_jobs, pool)
    await client.open(place)
    assert "2 more councils are needed on top of the 1 that is in" in client.text

    for code in ("CMD", "SLF"):
        await enter(client, officers[code])
        await client.open(place)
        assert "£900,000" not in client.text
        assert f"{place}/timeline" not in client.text
        await client.submit_after(f"{place}/join", need_id=str(needs[code]))
        assert client.status == 303, client.errors()
    await client.submit_after(
        f"{place}/terms", least_partners="3", cap_pence="390,000", conditions="Cabinet agrees"
    )
    assert client.status == 303, client.errors()
    assert (await settled(sessions_jobs, pool))["SLF"] == ("conditional", "waiting")
    await client.open(place)
    for words in ("2 more councils must be in", "Your conditions in your own words are not met yet"):
        assert words in client.text.replace("1 more council must be in", "2 more councils must be in")
    assert "£900,000" in client.text
    assert f"{place}/timeline" in client.text

    await enter(client, officers["LDS"])
    await client.open(place)
    assert "waits on its own terms" in client.text
    assert "Cabinet agrees" not in client.text
    assert "390,000" not in client.text
    await client.submit_after(f"{place}/open")
    assert client.errors() == ["The pool does not hold yet: the outlook says what is missing."]

    await enter(client, officers["SLF"])
    await client.submit_after(f"{place}/terms", least_partners="2", cap_pence="390,000")
    assert (await settled(sessions_jobs, pool))["SLF"] == ("conditional", "in")
    await enter(client, officers["LDS"])
    await client.submit_after(f"{place}/open")
    await client.follow()
    assert "Agreeing" in client.text

    await enter(client, officers["CMD"])
    await client.submit_after(f"{place}/withdraw", reason="Our programme was stopped")
    await client.follow()
    assert "Our programme was stopped" in client.text
    assert "£900,000" not in client.text
    assert (await looked_at(sessions_jobs, pool))["CMD"] == ("withdrawn", None)

    await enter(client, officers["LDS"])
    await client.submit_after(f"{place}/dissolve")
    assert client.errors() == ["Say why the pool is dissolved"]
    await client.submit(f"{place}/dissolve", reason="No partner is left")
    assert (await settled(sessions_jobs, pool))["state"] == "dissolved"
    await client.open(place)
    assert "No partner is left" in client.text
    await client.submit_after(f"/needs/{needs['LDS']}/archive")
    assert client.status == 303


async def test_a_need_in_a_pool_stays_as_its_members_know_it(client, officers, needs):
    await enter(client, officers["LDS"])
    await start(client, needs["LDS"])
    place, need = client.place, f"/needs/{needs['LDS']}"
    for step in ("draft", "archive"):
        await client.post(f"{need}/{step}")
        assert client.errors() == [
            "This need is in the pool “Libraries together”. Leave that pool before you do this."
        ]
    await client.open(f"{need}/edit")
    typed = {
        "title": "Library system",
        "category": "library-systems",
        "outcomes": "x",
        "volume": "1000",
        "unit": "loan",
        **days("earliest_start_on", WANTED.earliest_start_on),
        **days("latest_start_on", WANTED.latest_start_on),
    }
    await client.submit(f"{need}/edit", **typed, value_pence="800,000")
    assert client.errors()[0].startswith(
        "This need is in the pool “Libraries together”, whose members reckon"
    )
    await client.open(f"{need}/edit")
    await client.submit(f"{need}/edit", **typed, value_pence="900,000")
    assert client.status == 303, client.errors()
    await client.submit_after(f"{place}/stake", value_pence="2,000,000.01")
    assert client.errors()[0].startswith(
        "With it the pool would be above its largest joint value of £2,000,000"
    )
    await client.submit_after(f"{place}/stake", value_pence="800,000", volume="900")
    assert client.status == 303
    await client.open(need)
    assert "£800,000.00" in client.text


async def test_the_rules_hold_at_the_door(client, officers, needs, db):
    await enter(client, officers["LDS"])
    await start(client, needs["LDS"], quorum="2")
    assert client.errors() == ["A pool needs at least 3 councils"]
    await start(client, needs["LDS"], **days("signs_until", london_today() + timedelta(days=40)))
    assert client.errors() == ["The last day to sign must be at least 21 days after the last day to join"]
    await start(client, needs["LDS"], own_region="yes", largest="3")
    place = client.place
    await enter(client, officers["CMD"])
    await client.open(place)
    assert "yours is in another" in client.text
    await client.post(f"{place}/join", need_id=str(needs["CMD"]))
    assert client.status == 422
    assert "This pool is for councils of one region" in client.text
    full = await build_pool(db)
    await db.commit()
    await enter(client, officers["BST"])
    await client.submit_after(f"/pools/{full}/join", need_id=str(needs["BST"]))
    assert client.status == 303
    await client.post(f"/pools/{full}/join", need_id=str(needs["BST"]))
    assert "Your council is in this pool already" in client.text
    await enter(client, officers["CON"])
    await client.submit_after(f"/pools/{full}/join", need_id=str(needs["BST"]))
    assert client.errors() == ["Choose one of the answers that are offered"]


async def test_the_lead_changes_rules_but_not_against_members(client, officers, db):
    pool = await build_pool(db)
    await db.commit()
    place = f"/pools/{pool}/edit"
    await enter(client, officers["CMD"])
    await client.open(place)
    assert client.status == 403
    await enter(client, officers["LDS"])
    await client.submit_after(place, **_rules(largest="2", quorum="3"))
    assert client.errors() == ["The largest number of councils must be from 3 to 60"]
    await client.submit_after(place, **_rules(cap_pence="1,000,000"))
    assert client.errors() == ["What the members bring is above that already"]
    await client.submit_after(place, **_rules(**days("joins_until", london_today() + timedelta(days=9))))
    assert client.errors() == ["Others joined under these dates: they can only be put off"]
    await client.submit_after(place, **_rules(title="Another name", largest="5"))
    assert client.status == 303, client.errors()
    await client.follow()
    assert client.heading() == "Another name: overview"


def _rules(**typed):
    now = london_today()
    return {
        "title": "Library systems together",
        "purpose": "One library system for several councils",
        "quorum": "3",
        "largest": "12",
        "cap_pence": "4,000,000",
        **days("first_start_on", WANTED.earliest_start_on),
        **days("last_start_on", WANTED.latest_start_on),
        **days("joins_until", now + timedelta(days=40)),
        **days("signs_until", now + timedelta(days=80)),
        **typed,
    }


async def test_the_list_is_searched_filtered_and_handed_out(client, officers, people, db):
    mine = await build_pool(db)
    ended = await build_pool(db, state=PoolState.DISSOLVED, values={"BST": 1, "CON": 1})
    await db.commit()
    await enter(client, officers["CMD"])
    await client.open("/pools?whose=own")
    assert f"/pools/{mine}" in client.text
    assert "3 of 3 to 12" in client.text
    await client.open("/pools?state=dissolved")
    assert f"/pools/{ended}" in client.text
    assert f"/pools/{mine}" not in client.text
    await client.open("/pools?q=nothing+like+it&category=library-systems&region=E12000003&sort=-councils")
    assert "No pool matches" in client.text
    await client.open("/pools.csv?q=together")
    rows = list(csv.DictReader(io.StringIO(client.text.lstrip("﻿"))))
    assert [row["id"] for row in rows] == [str(mine)]
    await enter(client, people["lead"])
    await client.open(f"/pools/{mine}")
    assert "£900,000" in client.text
    assert "What you can do now" not in client.text
    await enter(client, people["supplier"])
    for path in ("/pools", "/pools.csv", f"/pools/{mine}", f"/pools/{mine}/join"):
        await client.open(path)
        assert client.status == 403, path


@pytest.fixture
def statements(application):
    """How many statements the application has sent."""
    sent: list[str] = []
    engine = application.state.entrance.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    return sent


async def test_a_longer_list_takes_no_more_queries(client, officers, db, statements):
    counts = []
    await enter(client, officers["CMD"])
    for _ in range(2):
        for _ in range(10):
            await build_pool(db)
        await db.commit()
        statements.clear()
        await client.open("/pools")
        counts.append(len(statements))
    assert "20 pools" in client.text
    assert counts[0] == counts[1]
    assert 0 < counts[0] <= 6
