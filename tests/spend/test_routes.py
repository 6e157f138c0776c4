"""Pages of published payments, in the whole application."""

from __future__ import annotations

import pytest

from tests import build
from tests.spend.published import ordinary, row
from values.actors import Role


@pytest.fixture
async def officer(db, client):
    made = await build.person(db, Role.OFFICER, name="Olive Officer")
    await db.commit()
    await client.sign_in(made)
    return made


async def test_an_empty_register_says_what_to_do(client):
    await client.open("/spend")
    assert client.status == 200
    assert "No files have been imported yet." in client.text


async def test_the_public_sees_what_was_imported(client, world):
    await world.publish("April 2025.csv", [*ordinary(3), row(4, amount="unreadable")])
    await client.open("/spend")
    assert "April 2025.csv" in client.text
    assert "1 file of 1 council: 4 lines, 3 read, 1 set aside; £6.06 in all." in client.text
    file_id = await world.file_id("April 2025.csv")
    for path in ("", "/lines"):
        await client.open(f"/spend/files/{file_id}{path}")
        assert client.status == 200, client.text
        assert "Brightwater Software Ltd" in client.text
