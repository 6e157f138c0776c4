"""Builders for tests of challenges: people of councils and firms, a statement, a complete and an open one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import approving, making
from challenges.queries import challenges
from challenges.rules.linting import Part
from store.db import Sessions, transaction
from tests import build
from tests.build import Built
from tests.procurement.signing import approver
from values.actors import Role
from values.years import london_today

CATEGORY = "housing-systems"


@dataclass(frozen=True)
class Cast:
    """People of three councils, of the sector and of two firms."""

    people: Mapping[str, Built]

    def __getitem__(self, who: str) -> Built:
        return self.people[who]


async def build_cast(db: AsyncSession) -> Cast:
    """Leeds leads; Camden may sponsor; Manchester stays outside."""
    camden = build.council("CMD")
    people = {
        "officer": await build.person(db, name="Olga Officer"),
        "leeds": await approver(db, name="Lena Leeds", limit_pence=100_000_00),
        "camden officer": await build.person(db, organisation_id=camden, name="Cleo Camden"),
        "camden": await approver(db, "CMD", name="Cara Camden", limit_pence=1),
        "outside": await build.person(
            db, Role.OFFICER, Role.APPROVER, organisation_id=build.council("MAN"), second_factor=True
        ),
        "lead": await build.person(db, Role.SECTOR_LEAD, organisation_id=build.council("LGA")),
        "operator": await build.person(
            db, Role.OPERATOR, organisation_id=build.council("LGA"), second_factor=True
        ),
    }
    firm = await build.organisation(db, name="Small Firm Ltd")
    people["author"] = await build.person(db, Role.SUPPLIER, organisation_id=firm, name="Asha Author")
    people["colleague"] = await build.person(db, Role.SUPPLIER, organisation_id=firm, name="Col League")
    rival = await build.organisation(db, name="Rival Ltd")
    people["rival"] = await build.person(db, Role.SUPPLIER, organisation_id=rival, name="Rory Rival")
    await db.commit()
    return Cast(people)


async def begin(
    sessions: Sessions, cast: Cast, title: str = "Damp is found before a child falls ill"
) -> UUID:
    actor = cast["officer"].actor
    async with transaction(sessions, actor) as db:
        return await making.begin(db, actor, title=title, category=CATEGORY)


async def fill(sessions: Sessions, cast: Cast, challenge_id: UUID, **other: Any) -> None:
    """Fill in all that the linter asks for; `other` takes the place of single values."""
    actor = cast["officer"].actor
    for part, values in parts().items():
        kept = {name: other.get(name, value) for name, value in values.items()}
        async with transaction(sessions, actor) as db:
            await making.save(db, actor, challenge_id, part, kept)


def parts() -> dict[Part, dict[str, Any]]:
    today, now = london_today(), datetime.now(UTC)
    return {
        Part.PROBLEM: {
            "problem": "Tenants report damp only once mould is visible.",
            "people": "About 4,200 tenants in flats built before 1970",
            "tried": "A trial with 50 sensors ended when batteries ran out.",
            "outcomes": "Damp is known six weeks earlier than today.",
        },
        Part.AFTER: {
            "interfaces": "Repairs since 2015 as a file.",
            "constraints": "No camera in a home.",
            "after_success": "The housing board decides in May.",
            "budget_gross_pence": 36_000_00,
            "later_gross_pence": None,
        },
        Part.LAW: {"route": "below-threshold", "route_reason": "All of it stays below the threshold."},
        Part.DATES: {
            "questions_until": now + timedelta(days=20),
            "responses_due_at": now + timedelta(days=30),
            "showcase_on": today + timedelta(days=40),
            "showcase_where": "Town hall",
            "decision_on": today + timedelta(days=50),
            "pilot_from_on": today + timedelta(days=70),
            "pilot_until_on": today + timedelta(days=170),
        },
    }


async def complete(sessions: Sessions, cast: Cast, **other: Any) -> UUID:
    challenge_id = await begin(sessions, cast)
    await fill(sessions, cast, challenge_id, **other)
    return challenge_id


async def approve(sessions: Sessions, by: Built, challenge_id: UUID) -> None:
    """Approve the statement as it stands; pages ask for the second factor."""
    async with transaction(sessions, by.actor) as db:
        row = await challenges.challenge_row(db, challenge_id)
        await approving.approve(db, by.actor, challenge_id, seen=row.fingerprint or b"")


async def publish(sessions: Sessions, cast: Cast, challenge_id: UUID) -> None:
    """Record the notice that comes first, where one does, and publish."""
    actor = cast["officer"].actor
    async with transaction(sessions, actor) as db:
        row = await challenges.challenge_row(db, challenge_id)
        if row.needs_notice:
            await approving.record_notice(
                db,
                actor,
                challenge_id,
                code=row.needs_notice,
                reference="012345-2026",
                published_at=row.now - timedelta(minutes=1),
            )
    async with transaction(sessions, actor) as db:
        await approving.publish(db, actor, challenge_id)


async def opened(sessions: Sessions, cast: Cast, **other: Any) -> UUID:
    """A challenge that takes responses."""
    challenge_id = await complete(sessions, cast, **other)
    await approve(sessions, cast["leeds"], challenge_id)
    await publish(sessions, cast, challenge_id)
    return challenge_id


async def close(owner: Any, challenge_id: UUID) -> None:
    """Let the deadline be past, as only the owner of the tables can."""
    await owner.execute("alter table challenge disable trigger tg_guard_challenge")
    await owner.execute(
        "update challenge set responses_due_at = now() - interval '1 minute',"
        " questions_until = now() - interval '1 day' where id = $1",
        challenge_id,
    )
    await owner.execute("alter table challenge enable trigger tg_guard_challenge")
