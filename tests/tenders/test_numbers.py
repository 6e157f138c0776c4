"""Numbers of firms in a tender: read from the names on, a finding where they lack, said by the firm alone."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from suppliers.actions import declare_numbers, declare_size
from suppliers.rules import Declared, Registered, Size
from tenders.actions import awarding, notices
from tenders.queries import assessments, awards
from tenders.queries import notices as notice_queries
from tenders.rules.notices import Code, exported
from tests.tenders import bidding as builder
from tests.tenders import signed
from web.forms import constraint_name

SAID = "select company_number from firm_registration"
MINE = Registered("sc 12345", ppon="PBBB-1111-DDDD")


async def prepared(bench):
    notice_id = await bench.act("officer", notices.prepare, Code.AWARD)
    found = await bench.read(lambda db, tender: notice_queries.notice(db, tender, notice_id), "officer")
    field = next(each for each in found.said if each.name == "Identifier of the supplier")
    assert not any("finding" in each for each in exported(found.fields))
    return field


async def test_numbers_are_sealed_until_the_names_and_a_winner_without_one_is_a_finding(bench, cast, owner):
    bidding = bench.bidding
    for who, said in (("supplier", Registered("7654321")), ("rival", Registered(none_because="Sole trader"))):
        await bidding.act(cast[who], declare_numbers, said)
        await bidding.act(cast[who], declare_size, Declared(Size.SMALL, mutual=True))
    with pytest.raises(IntegrityError) as taken:
        await bidding.act(cast["rival"], declare_numbers, Registered("07654321"))
    assert constraint_name(taken.value) == "uq_firm_registration_company_number"
    # Bids are opened, and names are not shown yet.
    for who in ("officer", "leeds", "camden", "lead", "outside"):
        for sql in (SAID, "select * from firm_size"):
            assert await builder.raw(bidding, who, sql) == [], who
    assert await builder.raw(bidding, "supplier", SAID) == [("07654321",)]
    await signed.assess(bench)
    assert len(await builder.raw(bidding, "officer", SAID)) == 2
    for who in ("lead", "outside"):
        assert await builder.raw(bidding, who, SAID) == [], who
    await owner.execute("delete from firm_registration")
    await bench.act("officer", awarding.decide, reason="As it was computed")
    seen = (await bench.read(assessments.made)).sha256
    for who in signed.BUYERS:
        await bench.act(who, awarding.approve, seen=seen)
    await bench.act("officer", awarding.conclude)
    await bench.act("officer", awarding.release)
    (won,) = (await bench.read(awards.page)).awards
    winner = next(
        each for each in (cast["supplier"], cast["rival"]) if each.organisation_id == won.organisation_id
    )
    field = await prepared(bench)
    assert field.value.endswith(": number not declared")
    assert won.supplier_name in field.finding
    assert "/firm" in field.finding
    # Nobody but the firm says it, and a number never takes the place of another.
    by_hand = "update award_party set company_number = '00123456' returning 1"
    with pytest.raises(DBAPIError, match="row-level security"):
        await builder.raw(bidding, "officer", by_hand)
    await bidding.act(winner, declare_numbers, MINE)
    field = await prepared(bench)
    assert field.value.endswith(": Companies House SC012345, Central platform PBBB-1111-DDDD")
    assert field.finding == ""
    await bidding.act(winner, declare_numbers, Registered("00999888"))
    assert (await prepared(bench)).value.endswith(
        ": Companies House SC012345, Central platform PBBB-1111-DDDD"
    )
    (kept,) = await owner.fetch("select company_number, mutual from award_party")
    assert tuple(kept) == ("SC012345", True)
