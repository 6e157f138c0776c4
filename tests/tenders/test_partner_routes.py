"""Looking for partners on a tender's pages: posted, answered, agreed, reported; for suppliers alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests import build
from tests.tenders import made
from tests.tenders.test_routes import as_, typed_day
from values.actors import Role
from values.years import london_today


@pytest.fixture
async def place(approved, cast, sessions_app):
    await made.publish(sessions_app, cast, approved)
    return f"/tenders/{approved}"


async def test_two_suppliers_find_each_other_and_nobody_else_sees_it(place, cast, client, owner, db):
    here = f"{place}/partners"
    await client.sign_in(cast["supplier"])
    await client.open(place)
    assert f'href="{here}"' in client.text
    day = typed_day("until", london_today() + timedelta(days=5))
    await client.submit_after(here, brings="We map bins", seeks="", **day)
    assert client.errors() == [
        "Say what you look for",
        "Confirm that you agree with nobody but your own partners on bids or prices",
    ]
    await client.submit(here, brings="We map bins", seeks="Call 020 7946 0000", aware="y", **day)
    assert "Leave out 020 7946 0000" in client.errors()[0]
    await client.submit(here, brings="We map bins", seeks="Somebody who trains", aware="y", **day)
    assert client.status == 303, client.errors()
    advert = client.place
    await client.follow()
    assert "Nobody has answered yet" in client.text
    await as_(client, owner, cast["rival"])
    await client.open(here)
    assert f'href="{advert}"' in client.text
    assert "break competition law" in client.text
    await client.submit_after(f"{advert}/report", reason="")
    assert client.errors() == ["Say what is wrong with it"]
    await client.open(advert)
    await client.submit(f"{advert}/answer", words="We train staff")
    await client.follow()
    await client.submit_after(f"{advert}/report", reason="A jest")
    for who in ("officer", "lead"):
        await as_(client, owner, cast[who])
        for path in (here, advert, "/partners", "/partners/reports"):
            assert (await client.open(path)).status_code == 403, (who, path)
    await as_(client, owner, cast["supplier"])
    await client.open(advert)
    assert cast["rival"].email not in client.text
    (agree,) = re.findall(rf'action="({advert}/answers/[^"]+/agree)"', client.text)
    await client.submit(agree)
    await client.follow()
    assert cast["rival"].email in client.text
    await client.open("/partners")
    assert "We map bins" in client.text
    operator = await build.person(db, Role.OPERATOR, organisation_id=build.council("LGA"), second_factor=True)
    await db.commit()
    await as_(client, owner, operator)
    await client.open("/partners/reports")
    assert "A jest" in client.text
    assert f'formaction="{advert}/decide/take-down"' in client.text
    assert (await client.post(f"{advert}/decide/take-down", reason="Not serious")).status_code == 303
    await as_(client, owner, cast["supplier"])
    await client.open(advert)
    assert "An operator took it down: Not serious" in client.text
