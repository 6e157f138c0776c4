"""Raw SQL as each role: who sees a draft, who changes it, and what stays with the buyers for good."""

from __future__ import annotations

import asyncpg
import pytest

from store.db import transaction
from store.migrations import plain
from tenders.actions import approving, documents, notices
from tenders.rules.notices import Code
from tests.tenders import made
from values.actors import PUBLIC

SHOWN = (
    "tender",
    "tender_buyer",
    "tender_lot",
    "tender_requirement",
    "tender_criterion",
    "tender_document",
    "tender_document_version",
    "stored_file",
    "stored_chunk",
)
INNER = ("tender_record", "tender_share", "tender_approval")
INSIDE = ("officer", "leeds", "camden", "camden officer", "lead")
OUTSIDE = ("outside", "supplier", "public")


@pytest.fixture
async def ask(database, cast):
    """Run raw SQL as somebody, on a connection of the application's role."""
    connection = await asyncpg.connect(plain(database.app))

    async def asked(who, sql, *values):
        actor = PUBLIC if who == "public" else cast[who].actor
        names = {"person": actor.person_id, "organisation": actor.organisation_id}
        for name, value in {**names, "roles": ",".join(sorted(actor.roles))}.items():
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value or ""))
        return await connection.fetch(sql, *values)

    yield asked
    await connection.close()


@pytest.fixture
async def waiting(cast, sessions_app, tmp_path):
    """A tender that waits for approval and that one buyer has approved."""
    file = tmp_path / "contract.txt"
    file.write_text("Draft contract")
    tender_id = await made.make(sessions_app, cast)
    await made.complete(sessions_app, cast, tender_id)
    officer = cast["officer"].actor
    async with transaction(sessions_app, officer) as db:
        await documents.add(
            db, officer, tender_id, title="Contract", name="contract.txt", kind="text", path=file
        )
        await approving.submit(db, officer, tender_id)
    await made.approve(sessions_app, cast["leeds"], tender_id)
    return tender_id


@pytest.fixture
async def confirmed(waiting, cast, sessions_app):
    for who in ("camden", "salford"):
        await made.approve(sessions_app, cast[who], waiting)
    await made.publish(sessions_app, cast, waiting)
    return waiting


async def test_a_draft_is_for_the_buyers_and_sector_leads(ask, waiting):
    for table in (*SHOWN, *INNER):
        for who in INSIDE:
            assert await ask(who, f"select * from {table}"), (who, table)
        for who in OUTSIDE:
            assert await ask(who, f"select * from {table}") == [], (who, table)


async def test_a_published_tender_is_for_everybody_but_for_what_is_kept_inside(ask, confirmed):
    for who in (*INSIDE, *OUTSIDE):
        for table in (*SHOWN, "tender_notice"):
            assert await ask(who, f"select * from {table}"), (who, table)
    for who in OUTSIDE:
        for table in INNER:
            assert await ask(who, f"select * from {table}") == [], (who, table)
        entries = "select * from audit_entry where subject_kind = 'tender'"
        assert await ask(who, entries) == []


NOTICE = (
    "insert into tender_notice (id, tender_id, code, version, fingerprint, fields, prepared_by)"
    " values (gen_random_uuid(), $1, 'UK4', 1, $2, '[]', 'x')"
)
APPROVAL = (
    "insert into tender_approval (id, tender_id, body_code, version, fingerprint, decision, person_id,"
    " person_name) select gen_random_uuid(), t.id, $1, t.version, t.fingerprint, 'approved', $2, 'x'"
    " from tender t"
)
CHANGES = (
    "update tender set title = 'x' returning 1",
    "update tender_lot set gross_pence = 1 returning 1",
    "update tender_criterion set weight = 1 returning 1",
    "update tender_record set policy = 'x' returning 1",
    "update tender_share set value_pence = 1 returning 1",
    "update tender_buyer set email = 'x' where body_code = 'LDS' returning 1",
    "update tender_approval set ended_reason = 'x', ended_at = now() returning 1",
    "delete from tender_requirement returning 1",
    "update tender_document set removed_at = now() returning 1",
)


@pytest.mark.parametrize("who", ["lead", "outside", "supplier", "public"])
async def test_nobody_outside_changes_a_tender(ask, waiting, who):
    for sql in CHANGES:
        try:
            assert await ask(who, sql) == [], sql
        except asyncpg.InsufficientPrivilegeError:
            continue
    for sql in (
        "insert into tender_kpi (id, tender_id, position, title) values (gen_random_uuid(), $1, 1, 'x')",
        "insert into tender_buyer (tender_id, body_code) values ($1, 'MAN')",
        NOTICE,
    ):
        with pytest.raises(asyncpg.PostgresError):
            await ask(who, sql, *([waiting] if "$2" not in sql else [waiting, b"f" * 32]))


@pytest.mark.parametrize("who", ["camden", "camden officer"])
async def test_a_buyer_does_not_change_the_content_of_the_lead(ask, waiting, who):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(who, "update tender set title = 'x'")
    assert await ask(who, "update tender_lot set gross_pence = 1 returning 1") == []
    assert await ask(who, "update tender_buyer set email = 'x' where body_code = 'LDS' returning 1") == []


async def test_nobody_approves_for_another_or_without_authority(ask, waiting, cast):
    for who, code in (("camden", "SLF"), ("camden officer", "CMD"), ("officer", "LDS"), ("lead", "CMD")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, APPROVAL, code, cast[who].id)
    other = APPROVAL.replace("t.fingerprint, 'approved'", "decode(repeat('00', 32), 'hex'), 'approved'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("camden", other, "CMD", cast["camden"].id)


async def test_authority_covers_the_share(ask, waiting, cast, owner):
    await owner.execute("update approver_authority set limit_pence = 1 where body_code = 'CMD'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("camden", APPROVAL, "CMD", cast["camden"].id)


async def test_the_lead_alone_neither_approves_nor_publishes(ask, waiting):
    for sql in (
        "update tender set state = 'approved'",
        "update tender set state = 'published', published_at = now()",
        "update tender set published_at = now()",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await ask("officer", sql)


async def test_approval_does_not_publish_without_the_platform(ask, waiting, cast, sessions_app):
    for who in ("camden", "salford"):
        await made.approve(sessions_app, cast[who], waiting)
    publish = "update tender set state = 'published', published_at = now()"
    with pytest.raises(asyncpg.CheckViolationError):
        await ask("officer", publish)
    officer = cast["officer"].actor
    async with transaction(sessions_app, officer) as db:
        await notices.prepare(db, officer, waiting, Code.TENDER)
    with pytest.raises(asyncpg.CheckViolationError):
        await ask("officer", publish)


async def test_what_was_published_is_not_changed(ask, confirmed):
    with pytest.raises(asyncpg.CheckViolationError):
        await ask("officer", "update tender set title = 'x'")
    assert await ask("officer", "update tender_lot set gross_pence = 1 returning 1") == []
    assert await ask("officer", "update tender_notice set reference = 'x' returning 1") == []
