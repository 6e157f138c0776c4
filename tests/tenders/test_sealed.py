"""Nobody learns who bid, how many or how much before the opening: by raw SQL, and in a dump."""

from __future__ import annotations

import asyncpg
import pytest

from store import migrations
from tests.tenders import bidding as builder
from values.actors import PUBLIC, Actor, Role

BIDDERS = (
    "bid", "bid_part", "bid_file", "bid_chunk", "bid_receipt", "bid_submission", "bid_submission_file",
)  # fmt: skip
OPENED = ("opened_bid", "opened_content", "opened_file", "opened_name")
CALLS = (
    "select * from app.locked_key($1)",
    "select * from app.sealed_bids($1)",
    "select * from app.sealed_files($1, gen_random_uuid())",
    "select * from app.sealed_chunks($1, (select id from bid_file limit 1))",
)
EVERYBODY = ("officer", "leeds", "camden", "camden officer", "lead", "outside", "operator", "rival", "public")


@pytest.fixture
async def ask(database, cast):
    """Run raw SQL as somebody, on a connection of the application's role or of the worker's."""
    app = await asyncpg.connect(migrations.plain(database.app))
    jobs = await asyncpg.connect(migrations.plain(database.jobs))

    async def asked(who, sql, *values):
        connection = jobs if who == "worker" else app
        actor = PUBLIC if who in ("public", "worker") else _actor(cast, who)
        names = {"person": actor.person_id, "organisation": actor.organisation_id}
        for name, value in {**names, "roles": ",".join(sorted(actor.roles))}.items():
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value or ""))
        return await connection.fetch(sql, *values)

    yield asked
    await app.close()
    await jobs.close()


def _actor(cast, who):
    if who == "operator":
        lead = cast["lead"]
        return Actor(lead.id, lead.organisation_id, frozenset({Role.OPERATOR}), "Ona Operator")
    return cast[who].actor


@pytest.fixture
async def handed_in(bidding, cast):
    await bidding.fill(cast["supplier"])
    await bidding.submit(cast["supplier"])
    return bidding


async def test_nobody_but_the_bidder_reads_anything_of_a_bid(ask, handed_in):
    for who in EVERYBODY:
        for table in (*BIDDERS, *OPENED):
            assert await ask(who, f"select * from {table}") == [], (who, table)
        for call in CALLS:
            assert await ask(who, call, handed_in.tender) == [], (who, call)


async def test_the_bidders_own_people_read_their_own_and_only_as_that(ask, handed_in, cast):
    for table in BIDDERS:
        assert await ask("supplier", f"select * from {table}"), table
    # Somebody of the same organisation in another role, and the settings without a person.
    supplier = cast["supplier"]
    cast.people["clerk"] = type(supplier)(
        supplier.id, "", "", supplier.organisation_id, frozenset({Role.OFFICER})
    )
    for table in BIDDERS:
        assert await ask("clerk", f"select * from {table}") == [], table


async def test_the_worker_is_not_let_near(ask, handed_in):
    for table in (*BIDDERS, *OPENED):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask("worker", f"select count(*) from {table}")
    for call in CALLS:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask("worker", call.replace("(select id from bid_file limit 1)", "$1"), handed_in.tender)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("worker", "select locked from tender_key")


FORBIDDEN = (
    "select locked from tender_key",
    "update tender_key set public = 'x' returning 1",
    "update bid_receipt set at = now() returning 1",
    "delete from bid_submission returning 1",
    "insert into bid_receipt (bid_id, position, kind, at) values (gen_random_uuid(), 1, 'late', now())",
    "insert into tender_extension (tender_id, due_before, due_at) select id, now(), now() from tender",
    "update bid set organisation_id = gen_random_uuid() returning 1",
)


async def test_nobody_reads_the_locked_key_or_writes_a_receipt_or_submission(ask, handed_in):
    for who in (*EVERYBODY, "supplier"):
        for sql in FORBIDDEN:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await ask(who, sql)


HANDING = (
    "select * from app.hand_in($1, (select max(id::text)::uuid from bid_receipt), now(), 'x', null, null,"
    " null, null, null, '{}', '{}')"
)
BEGINNING = (
    "insert into bid (id, tender_id, organisation_id, code, public, locked, begun_by)"
    " values (gen_random_uuid(), $1, $2, 'x', decode(repeat('00', 32), 'hex'), 'x', 'x')"
)
SAVING = "insert into bid_part (bid_id, part, header, content, saved_by) values ($1, 'lots', 'x', 'x', 'x')"


async def test_nobody_bids_or_hands_in_for_another(ask, handed_in, owner):
    bid, organisation = await owner.fetchrow("select id, organisation_id from bid")
    for who in EVERYBODY:
        assert await ask(who, HANDING, bid) == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, BEGINNING, handed_in.tender, organisation)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, SAVING, bid)


async def test_the_trail_mail_notices_and_jobs_know_of_no_bid(ask, handed_in, cast, owner):
    supplier = cast["supplier"]
    told = (
        "select string_agg(x::text, ' ') from (select to_jsonb(a) as x from audit_entry a"
        " union all select to_jsonb(m) from mail m union all select to_jsonb(n) from notice n"
        " union all select to_jsonb(j) from job j) as said"
    )
    text = await owner.fetchval(told)
    bid = await owner.fetchrow("select b.*, r.id as receipt, r.sha256 from bid b join bid_receipt r on true")
    for secret in (
        str(supplier.organisation_id),
        supplier.name,
        str(bid["id"]),
        bid["code"],
        str(bid["receipt"]),
        bid["sha256"].hex(),
        *builder.SECRETS,
    ):
        assert secret not in text


async def test_a_dump_of_everything_and_the_home_without_keys_hold_no_word_of_a_bid(
    handed_in, cast, database, tmp_path
):
    await handed_in.fill(cast["rival"], words="Unsubmitted vermilion walrus")
    dump = tmp_path / "everything.sql"
    found = [await builder.dumped(database, dump)]
    files = [place for place in tmp_path.rglob("*") if place.is_file() and place != dump]
    found += [place.read_bytes() for place in files if "keys" not in place.parts]
    secrets = [*builder.SECRETS, "Unsubmitted", "vermilion walrus", builder.FILE_TEXT[:40]]
    for content in found:
        for secret in secrets:
            for form in (secret.encode(), secret.encode().hex().encode(), secret.encode("utf-16-le")):
                assert form not in content
    # What was looked through is the whole: it has the title of the tender, which is no secret.
    assert b"Library system" in found[0]
    assert found[0].count(b"INSERT INTO public.bid_chunk") == 2
