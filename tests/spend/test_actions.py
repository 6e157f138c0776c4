"""What may be changed by whom: the rules, the jobs that ask again, and the database behind both."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend import tasks
from spend.actions import uploading, withdrawing
from spend.rules import access
from store import jobs, migrations
from store.db import transaction
from store.jobs import Cancelled, Work
from tests import build
from tests.spend.published import LEEDS, World, ordinary, written
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import NotAllowed, Refused

BRADFORD = "BRD"
ROLES = st.frozensets(st.sampled_from(list(Role)))
CODES = st.sampled_from([LEEDS, BRADFORD, None])


def officer(code: str = LEEDS, *roles: Role) -> Actor:
    return Actor(uuid7(), build.council(code), frozenset(roles or {Role.OFFICER}), "Olive Officer")


@given(ROLES, CODES, st.sampled_from([LEEDS, BRADFORD]))
def test_only_the_bodys_officers_and_operators_change_files(roles, own_code, body_code):
    actor = Actor(uuid7(), uuid7(), roles)
    expected = Role.OPERATOR in roles or (Role.OFFICER in roles and own_code == body_code)
    assert access.may_change(actor, body_code, own_code) is expected
    if expected:
        access.check_may_change(actor, body_code, own_code)
        assert access.may_upload(actor)
    else:
        with pytest.raises(NotAllowed):
            access.check_may_change(actor, body_code, own_code)


@given(ROLES, CODES)
def test_the_public_never_sees_what_was_set_aside(roles, own_code):
    nobody = Actor(None, None, frozenset())
    assert not access.may_see_set_aside(nobody, LEEDS, None)
    looks_after_all = bool(roles & {Role.OPERATOR, Role.SECTOR_LEAD})
    seen = access.may_see_set_aside(Actor(uuid7(), uuid7(), roles), LEEDS, own_code)
    assert seen is (looks_after_all or own_code == LEEDS)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("spend.import", {"body": LEEDS, "files": []}),
        ("spend.reread", {"body": LEEDS, "fingerprint": "f"}),
        ("spend.withdraw", {"reason": "I say so"}),
        ("spend.restore", {}),
    ],
)
async def test_a_job_asks_again_what_its_asker_may_do(world, kind, arguments):
    await world.publish("April 2025.csv", ordinary(3))
    file_id = await world.file_id("April 2025.csv")
    if "body" not in arguments:
        arguments = {**arguments, "file": str(file_id)}
    for actor in (officer(BRADFORD), officer(LEEDS, Role.SUPPLIER), Actor(name="nobody")):
        with pytest.raises(NotAllowed):
            await tasks.TASKS[kind](Work(world.sessions, actor, resources={"lake": world.lake}), **arguments)
    assert await world.state(file_id) == "current"


async def test_a_job_that_was_not_allowed_says_so_and_is_no_fault(world, db):
    await world.publish("April 2025.csv", ordinary(3))
    file_id = await world.file_id("April 2025.csv")
    await jobs.enqueue(db, officer(BRADFORD), "spend.withdraw", file=str(file_id), reason="x")
    await db.commit()
    (ended,) = await world.run_jobs()
    assert ended["state"] == "failed"
    assert ended["error"].startswith("Only an officer of the council")


async def test_withdrawing_twice_and_restoring_what_another_version_replaced_are_refused(world):
    await world.publish("April 2025.csv", ordinary(3))
    file_id = await world.file_id("April 2025.csv")
    work = Work(world.sessions, officer(), resources={"lake": world.lake})
    await tasks.withdraw(work, file=str(file_id), reason="wrong year")
    with pytest.raises(Refused, match="does not count"):
        await tasks.withdraw(work, file=str(file_id), reason="again")
    await tasks.restore(work, file=str(file_id))
    with pytest.raises(Refused, match="was not withdrawn"):
        await tasks.restore(work, file=str(file_id))


async def test_a_withdrawn_file_stays_so_when_it_is_imported_again(world):
    await world.publish("April 2025.csv", ordinary(3))
    file_id = await world.file_id("April 2025.csv")
    async with transaction(world.sessions, officer()) as db:
        await withdrawing.withdraw(db, officer(), file_id, reason="wrong year")
    again = await world.publish("April 2025.csv", ordinary(3))
    assert (again.new, again.already) == (0, 1)
    assert await world.state(file_id) == "withdrawn"


async def test_what_a_cancelled_import_finished_comes_into_the_report(world, sessions_jobs):
    class Stops:
        async def report(self, done: int, total: int | None, doing: str) -> None:  # noqa: ARG002
            raise Cancelled

    digest = world.lake.keep(written(ordinary(3)))
    work = Work(world.sessions, officer(), Stops(), {"lake": world.lake})
    with pytest.raises(Cancelled):
        await tasks.import_upload(work, body=LEEDS, files=[{"name": "April 2025.csv", "digest": digest}])
    assert await world.waiting("insights.release") == 1


async def test_an_upload_leaves_bytes_job_and_audit_entry_together(world, sessions_app, db, tmp_path):
    person = await build.person(db)
    await db.commit()
    path = tmp_path / "sent"
    path.write_bytes(written(ordinary(3)))
    async with transaction(sessions_app, person.actor) as session:
        job_id = await uploading.upload(
            session, person.actor, world.lake, LEEDS, [uploading.Arrived("April.csv", "ab" * 32, path)]
        )
    assert world.lake.original("ab" * 32).read_bytes() == written(ordinary(3))
    assert not path.exists()
    row = await world.owner.fetchrow("select args, roles, person_id from job where id = $1", job_id)
    assert json.loads(row["args"])["files"] == [{"name": "April.csv", "digest": "ab" * 32}]
    assert (row["roles"], row["person_id"]) == ("officer", person.id)
    assert await world.owner.fetchval("select count(*) from audit_entry where action = 'file.uploaded'") == 1


# The database itself, for whoever gets past the pages


class Session:
    """Raw SQL as the application's role, acting for somebody."""

    def __init__(self, connection: Any, actor: Actor) -> None:
        self.connection = connection
        self.actor = actor

    async def run(self, sql: str, *values: Any) -> Any:
        async with self.connection.transaction():
            await self.connection.execute(
                "select set_config('app.person', $1, true), set_config('app.organisation', $2, true),"
                " set_config('app.roles', $3, true)",
                str(self.actor.person_id or ""),
                str(self.actor.organisation_id or ""),
                ",".join(sorted(self.actor.roles)),
            )
            return await self.connection.fetch(sql, *values)


@pytest.fixture
async def raw(database):
    connection = await asyncpg.connect(migrations.plain(database.app))
    yield lambda actor: Session(connection, actor)
    await connection.close()


async def remembered(world: World, body: str = LEEDS) -> UUID:
    kept = uuid7()
    await world.owner.execute(
        "insert into column_mapping (id, body_code, fingerprint, mapping) values ($1, $2, 'f', '{}')",
        kept,
        body,
    )
    return kept


async def test_the_application_cannot_change_or_remove_a_file(world, raw):
    await world.publish("April 2025.csv", ordinary(3))
    operator = raw(officer(LEEDS, Role.OPERATOR))
    for sql in (
        "update published_file set state = 'withdrawn'",
        "delete from published_file",
        "insert into published_file (id, body_code) values (gen_random_uuid(), 'LDS')",
        "update set_aside_line set raw = ''",
        "delete from set_aside_line",
        "insert into marking (id) values (gen_random_uuid())",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await operator.run(sql)


async def test_lines_set_aside_are_kept_from_everybody_else(world, raw):
    await world.publish("April 2025.csv", [*ordinary(3), ("01/05/2025", "A Ltd", "TBC", "x", "y", "z")])
    everything = "select raw from set_aside_line"
    assert len(await raw(officer()).run(everything)) == 1
    assert len(await raw(officer(BRADFORD, Role.SECTOR_LEAD)).run(everything)) == 1
    for actor in (Actor(), officer(BRADFORD), officer(BRADFORD, Role.APPROVER, Role.SUPPLIER)):
        assert await raw(actor).run(everything) == []


async def test_a_correction_is_its_bodys_own(world, raw):
    await remembered(world)
    add = (
        "insert into column_mapping (id, body_code, fingerprint, mapping)"
        " values (gen_random_uuid(), $1, 'g', '{}')"
    )
    every = "select id from column_mapping"
    remove = "delete from column_mapping returning id"
    assert await raw(officer(BRADFORD)).run(every) == []
    assert await raw(officer(BRADFORD)).run(remove) == []
    assert await raw(Actor()).run(every) == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await raw(officer(BRADFORD)).run(add, LEEDS)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await raw(officer(LEEDS, Role.APPROVER)).run(add, LEEDS)
    assert await raw(officer(LEEDS, Role.APPROVER)).run(remove) == []
    await raw(officer()).run(add, LEEDS)
    assert len(await raw(officer()).run(remove)) == 2


async def test_nobody_asks_for_a_job_with_other_roles_than_their_own(raw):
    ask = (
        "insert into job (id, kind, args, person_id, roles)"
        " values (gen_random_uuid(), 'spend.import', '{}', $1, $2)"
    )
    asker = officer()
    await raw(asker).run(ask, asker.person_id, "officer")
    for person, roles in ((asker.person_id, "operator"), (uuid7(), "officer")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw(asker).run(ask, person, roles)
