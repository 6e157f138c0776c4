"""The invented needs: of real councils, marked, the same for the same anchor, and some alike."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from accounts.models import BodyKind, Organisation
from procurement.actions.demonstration import NEEDS, load_demonstration_needs
from procurement.models import Need
from tests.conftest import TESTER

ANCHOR = date(2026, 11, 22)


async def test_needs_are_invented_once_and_shown_as_such(db, client, people):
    assert await load_demonstration_needs(db, TESTER, ANCHOR) == 12
    assert await load_demonstration_needs(db, TESTER, ANCHOR) == 0
    await db.commit()
    rows = list(await db.scalars(select(Need)))
    councils = set(await db.scalars(select(Organisation.code).where(Organisation.kind == BodyKind.COUNCIL)))
    assert all(row.demonstration for row in rows)
    assert {row.body_code for row in rows} <= councils
    assert len({row.body_code for row in rows}) == 8
    assert {row.state for row in rows} == {"draft", "open", "archived"}
    assert [row.title for row in rows if row.earliest_start_on == date(2027, 7, 22)] == [NEEDS[0][1]]
    await client.sign_in(people["officer"])
    await client.open(f"/needs/{next(row.id for row in rows if row.title == NEEDS[0][1])}")
    assert "Invented</strong>" in client.text
    assert "Library and archive system" in client.text
