from __future__ import annotations

from types import SimpleNamespace

import pytest

from notifications.tasks import tell
from store.jobs import Work
from tests import build
from tests.procurement.pools import build_pool
from tests.tenders.people import act, approved, beginning, cast, complete, published
from values.actors import Actor, Role

__all__ = ["act", "approved", "beginning", "cast", "complete", "published"]

ADDRESS = "https://buy.example.org"
CLOCK = Actor(name="clock")


@pytest.fixture
async def people(db):
    """Officers of Leeds, an approver of Leeds, an officer of Camden, a sector lead, a supplier."""
    supplier = await build.organisation(db)
    camden = build.council("CMD")
    made = {
        "officer": await build.person(db, name="Ann Smith"),
        "colleague": await build.person(db, name="Bo Hill"),
        "approver": await build.person(db, Role.APPROVER, second_factor=True, name="Cy Lowe"),
        "camden": await build.person(db, organisation_id=camden, name="Di Marsh"),
        "lead": await build.person(
            db, Role.SECTOR_LEAD, organisation_id=build.council("LGA"), second_factor=True
        ),
        "supplier": await build.person(db, Role.SUPPLIER, organisation_id=supplier),
        "outsider": await build.person(db, organisation_id=build.council("MAN")),
    }
    await db.commit()
    return made


@pytest.fixture
async def pool(db, people):
    """A pool of Leeds, Camden and Salford."""
    pool_id = await build_pool(db)
    await db.commit()
    return pool_id


@pytest.fixture
def run(sessions_jobs):
    """Tell people, as the worker does each minute."""

    async def once() -> dict[str, int]:
        return await tell(
            Work(sessions_jobs, CLOCK, resources={"settings": SimpleNamespace(public_url=ADDRESS)})
        )

    return once
