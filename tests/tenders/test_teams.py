"""Suppliers bid together: asked, accepted, sealed for all others, named after the opening."""

from __future__ import annotations

import json

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from notifications.queries import tenders as told_queries
from notifications.queries import waiting
from sourcing.queries import panels as panel_queries
from store import audit
from store.db import transaction
from store.migrations import plain
from tenders.actions import assessing, awarding
from tenders.actions.bidding import drafting, sealed, teaming
from tenders.queries import awards, bids, openings, teams
from tenders.rules.bidding.drafts import BidPart
from tenders.rules.bidding.team import Fulfilment, Said
from tests import build
from tests.tenders import bidding as builder
from tests.tenders.assessing import Bench
from tests.tenders.test_assessing import conditions
from tests.tenders.test_awarding import award
from values.actors import PUBLIC, Role
from values.refusals import Missing, Refused

PART = "Tangerine training in every town"
GROUND = "A fine of 2024, paid; a vermilion compliance officer since"
ADDRESS = "https://buy.example.org"
EVERYBODY = ("officer", "leeds", "camden", "camden officer", "lead", "outside", "rival", "third", "public")


@pytest.fixture
async def team(bidding, cast, db):
    """The supplier leads, `partner` was asked, `third` is of nobody's bid."""
    for who, name in (("partner", "Marlstone Ltd"), ("third", "Thirdly Ltd")):
        organisation_id = await build.organisation(db, name=name)
        cast.people[who] = await build.person(db, Role.SUPPLIER, organisation_id=organisation_id, name=who)
    await db.commit()
    await bidding.fill(cast["supplier"])
    await ask(bidding, "Marlstone Ltd")
    await bidding.act(
        cast["supplier"],
        teaming.save_own_part,
        bidding.tender,
        part="The system itself",
        share_percent=70,
        master=build.KEY,
    )
    return bidding


async def ask(bidding, who, *, asker="supplier", share=30, writes=False):
    said = {"part": PART, "share_percent": share, "writes": writes, "master": build.KEY, "address": ADDRESS}
    actor = bidding.cast[asker].actor
    async with transaction(bidding.sessions, actor) as db:
        await teaming.ask(db, actor, bidding.tender, who=who, **said)


async def bid_of(bidding, who="supplier"):
    async with transaction(bidding.sessions, bidding.cast[who].actor) as db:
        return await bids.own_bid(db, bidding.cast[who].actor, bidding.tender)


async def accept(bidding, who="partner", bid_id=None):
    bid_id = bid_id or (await bid_of(bidding)).id
    (asked,) = (await bidding.asked()).conditions
    said = Said(conditions={asked.id: Fulfilment(meets=False)}, ground=True, ground_words=GROUND)
    await bidding.act(bidding.cast[who], teaming.accept, bid_id, said, master=build.KEY)
    return bid_id


async def members(bidding, who):
    return len(await builder.raw(bidding, who, "select * from bid_member"))


async def test_only_who_was_asked_learns_of_it_and_reads_the_bid_once_it_joined(team, cast, owner, database):
    partner = cast["partner"]
    bid = await bid_of(team)
    with pytest.raises(Refused, match="“Marlstone Ltd” has not accepted yet"):
        await team.submit(cast["supplier"])
    # Asked: that there is a bid, and for which lots; nothing of what it says. It waits among their notices.
    for who, count in (("partner", 1), ("supplier", 0), ("third", 0), ("officer", 0)):
        assert len(await team.act(cast[who], waiting.invitations)) == count, who
    assert await members(team, "partner") == 1
    assert [row.part for row in await builder.raw(team, "partner", "select part from bid_part")] == []
    assert await builder.raw(team, "partner", "select 1 from bid_file") == []
    await accept(team)
    assert await team.act(partner, waiting.invitations) == []
    assert {row.part for row in await builder.raw(team, "partner", "select part from bid_part")} == {
        "team", "conditions", "answers", "prices",
    }  # fmt: skip
    async with transaction(team.sessions, partner.actor) as db:
        joined = await teams.joined(db, partner.actor, bid.id)
        assert (await sealed.open_draft(db, joined.bid, master=build.KEY)).draft.answers
        with pytest.raises(Missing):
            await bids.own_bid(db, partner.actor, team.tender)
    cast.people["clerk"] = type(partner)(
        partner.id, "", "", partner.organisation_id, frozenset({Role.OFFICER})
    )
    cast.people["operator"] = type(partner)(
        cast["lead"].id, "", "", cast["lead"].organisation_id, frozenset({Role.OPERATOR})
    )
    cast.people["public"] = type(partner)(None, "", "", None, frozenset())
    for who in (*EVERYBODY, "clerk", "operator"):
        for table in ("bid", "bid_part", "bid_member", "opened_member", "award_party"):
            assert await builder.raw(team, who, f"select * from {table}") == [], (who, table)
    jobs = await asyncpg.connect(plain(database.jobs))
    for table in ("bid_member", "opened_member", "award_party"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await jobs.fetch(f"select * from {table}")
    await jobs.close()
    # No trail, notice or job; mail goes to who was asked and says nothing. What is said is ciphertext.
    told = await owner.fetchval(
        "select string_agg(x::text, ' ') from (select to_jsonb(a) as x from audit_entry a"
        " union all select to_jsonb(n) from notice n union all select to_jsonb(j) from job j) as said"
    )
    letters = await owner.fetch("select to_address, subject || body as text from mail")
    kept = await owner.fetchval(
        "select string_agg(encode(content || own_content, 'escape'), '') from bid_member"
    )
    assert [row["to_address"] for row in letters] == [partner.email]
    for secret in (str(partner.organisation_id), str(bid.id), "Marlstone", partner.email, PART, GROUND):
        assert secret not in told
        assert secret not in kept
    for secret in (cast["supplier"].name, "Library system", PART, bid.code, str(team.tender)):
        assert secret not in letters[0]["text"]


async def test_nobody_joins_for_another_or_changes_what_is_not_theirs(team, cast, act):
    forged = (
        "update bid_member set state = 'accepted', own_header = 'x', own_content = 'x' returning 1",
        "insert into bid_part select id, 'lots', 1, 'x', 'x', 'x' from bid returning 1",
    )
    for who in ("third", "rival", "officer"):
        for sql in forged:
            assert await builder.raw(team, who, sql) == [], who
    with pytest.raises(DBAPIError, match="not theirs to change"):
        await builder.raw(team, "supplier", forged[0])
    # A member writes what the lead lets it, and never who bids.
    bid_id = await accept(team)
    bid = await bid_of(team)

    async def write(part=BidPart.CONDITIONS):
        await team.act(cast["partner"], drafting.write_part, bid, part, {}, seen=1)

    for sql in (
        "update bid_part set content = 'x' returning 1",
        "update bid_file set removed_at = now() returning 1",
    ):
        assert await builder.raw(team, "partner", sql) == []
    with pytest.raises(Refused, match="A colleague has saved"):
        await write()
    async with transaction(team.sessions, cast["supplier"].actor) as db:
        (member,) = await teams.members(db, bid_id)
    change = {"part": PART, "share_percent": 30, "writes": True, "master": build.KEY}
    await team.act(cast["supplier"], teaming.change, team.tender, member.id, **change)
    await write()
    with pytest.raises(Refused, match="A colleague has saved"):
        await write(BidPart.TEAM)
    with pytest.raises(DBAPIError, match="not theirs to change"):
        await builder.raw(team, "partner", "update bid_member set header = 'x' returning 1")
    # With another share it has to accept again, and reads no more until it does.
    await team.act(
        cast["supplier"], teaming.change, team.tender, member.id, **(change | {"share_percent": 20})
    )
    assert await builder.raw(team, "partner", "select 1 from bid_part") == []
    await team.act(cast["partner"], teaming.refuse, bid_id)
    assert await members(team, "partner") == 1
    with pytest.raises(Missing):
        await accept(team, bid_id=bid_id)


async def test_an_invitation_by_mail_is_taken_up_once(team, cast, owner):
    await ask(team, "Somebody@Example.org", share=0)
    letter = await owner.fetchrow("select * from mail where to_address = 'somebody@example.org'")
    secret = letter["body"].split("/invited/")[1].split()[0]
    assert await owner.fetchval("select count(*) from bid_member where secret_hash is not null") == 1
    for who in ("supplier", "partner"):
        with pytest.raises(Missing):
            await team.act(cast[who], teaming.claim, secret)
    bid_id = await team.act(cast["third"], teaming.claim, secret)
    with pytest.raises(Missing):
        await team.act(cast["rival"], teaming.claim, secret)
    await accept(team, "third", bid_id)
    with pytest.raises(Refused, match="uses the service yet"):
        await ask(team, "Nobody at all")
    with pytest.raises(Refused, match="Which one do you mean\\? “Marlstone Ltd”"):
        await ask(team, "marlston")
    with pytest.raises(Refused, match="asked this supplier already"):
        await ask(team, "Thirdly Ltd")


async def test_one_bid_for_a_lot_unless_the_tender_allows_several(team, cast, owner):
    partner = cast["partner"]
    await team.fill(partner, file=False)
    # A draft of its own does not count; what is submitted does.
    await team.submit(partner)
    with pytest.raises(Refused, match="in another bid for “Library system”"):
        await accept(team)
    await team.withdraw(partner)
    await accept(team)
    with pytest.raises(Refused, match="in another bid for “Library system”"):
        await team.submit(partner)
    await team.fill(cast["rival"], file=False)
    await ask(team, "Marlstone Ltd", asker="rival")
    second = (await bid_of(team, "rival")).id
    with pytest.raises(Refused, match="leave or withdraw that one first"):
        await accept(team, bid_id=second)
    await owner.execute("set session_replication_role = replica")
    await owner.execute("update tender set several_bids = true")
    await owner.execute("set session_replication_role = origin")
    await accept(team, bid_id=second)
    await team.submit(partner)


@pytest.fixture
async def submitted(team, cast):
    await accept(team)
    await team.submit(cast["supplier"])
    return team


async def test_a_dump_of_a_joint_bid_holds_no_word_of_it_and_names_members_in_its_envelope_alone(
    submitted, cast, database, tmp_path
):
    await ask(submitted, "walrus@example.org", share=0)
    dump = await builder.dumped(database, tmp_path / "everything.sql")
    for secret in (PART, GROUND, "The system itself", *builder.SECRETS):
        for form in (secret.encode(), secret.encode().hex().encode(), secret.encode("utf-16-le")):
            assert form not in dump, secret
    # Whose envelope it is stands in the tables of bids, which nobody else reads, and nowhere else.
    partner = str(cast["partner"].organisation_id).encode()
    rows = [row for row in dump.split(b"INSERT INTO public.") if partner in row]
    assert {row.split(b" ")[0].decode() for row in rows} == {"organisation", "membership", "bid_member"}


async def test_what_is_submitted_binds_all_and_each_has_the_receipt(submitted, cast):
    partner, bid = cast["partner"], await bid_of(submitted)
    with pytest.raises(Refused, match="The lead withdraws it first"):
        await submitted.act(partner, teaming.refuse, bid.id)
    async with transaction(submitted.sessions, partner.actor) as db:
        (receipt,) = await bids.receipts(db, bid.id)
        joined = await teams.joined(db, partner.actor, bid.id)
        copy = await sealed.copy_of(db, joined.bid, receipt, master=build.KEY)
    said = json.loads(copy)["team"]
    assert said["members"][0]["organisation"] == str(partner.organisation_id)
    assert said["members"][0]["ground_words"] == GROUND
    # Somebody else is asked: what was submitted counts on, and nothing is submitted past the answer.
    await ask(submitted, "Thirdly Ltd", share=0)
    known = await submitted.last(cast["supplier"])
    past = (
        "select * from app.hand_in(:bid, :known, now(), 'x', decode(repeat('ab', 32), 'hex'), 'x', 'x', 'x',"
        " 'x', '{}', '{}')"
    )
    with pytest.raises(DBAPIError, match="has not answered"):
        await builder.raw(submitted, "supplier", past, bid=bid.id, known=known)
    await submitted.withdraw(cast["supplier"])
    await submitted.act(partner, teaming.refuse, bid.id)
    assert await builder.raw(submitted, "partner", "select 1 from bid_receipt") == []


async def test_after_the_opening_members_are_letters_then_names_and_all_of_them_are_awarded(
    submitted, cast, owner, sessions_jobs
):
    await submitted.fill(cast["rival"])
    await submitted.submit(cast["rival"])
    await builder.close(owner, submitted.tender)
    await builder.give_code(owner, *(person for person in cast.people.values() if person.totp_secret))
    await submitted.propose(cast["leeds"])
    outcome = await submitted.confirm(cast["camden"])
    assert (outcome.bids, outcome.damaged) == (2, 0)
    texts = await owner.fetch("select content::text as text from opened_content")
    (joint,) = [row["text"] for row in texts if "Member A" in row["text"]]
    assert GROUND in joint
    assert str(cast["partner"].organisation_id) not in joint
    for who in ("officer", "leeds", "partner", "rival"):
        assert await builder.raw(submitted, who, "select * from opened_member") == [], who
    bench = Bench(submitted)
    number = await owner.fetchval(
        "select o.number from opened_bid o join opened_member m on m.opened_id = o.id"
    )
    await bench.settle(points={number: 5, 3 - number: 2})
    async with transaction(submitted.sessions, cast["leeds"].actor) as db:
        row = await openings.opened_bid(db, submitted.tender, number)
        assert row.name.endswith(", together with Marlstone Ltd")
        (other,) = await openings.others(db, row.id)
        assert (other.label, other.name) == ("Member A", "Marlstone Ltd")
        assert "Marlstone" in " ".join(
            each.name for each in await panel_queries.candidates(db, submitted.tender)
        )
    await conditions(bench, 1, 2)
    await bench.act("officer", assessing.assess)
    await award(bench)
    (winner,) = (await bench.read(awards.page)).awards
    assert winner.supplier_name.endswith(", together with Marlstone Ltd")
    (parties,) = (await bench.read(lambda db, tender: awards.suppliers(db, [tender]), "officer")).values()
    assert [each.id for each in parties] == [
        str(cast[who].organisation_id) for who in ("supplier", "partner")
    ]
    await bench.act("officer", awarding.release)
    for who, count in (("partner", 1), ("supplier", 1), ("rival", 1), ("third", 0)):
        async with transaction(submitted.sessions, cast[who].actor) as db:
            assert len(await awards.own_summaries(db, cast[who].actor, submitted.tender)) == count, who
    assert await builder.raw(submitted, "partner", "select 1 from award_party") == []
    async with transaction(sessions_jobs, PUBLIC) as db:
        await audit.seal(db)
        (told,) = await told_queries.assessed(db, 0, 2**40)
    assert set(told.people) == {cast[who].id for who in ("supplier", "partner", "rival")}
