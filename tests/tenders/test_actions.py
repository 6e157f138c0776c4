"""A tender from pool to publication and termination: what each step does, and each refusal."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from procurement.rules.pools.states import PoolState
from sourcing.rules.law import law
from store import files
from tenders.actions import approving, documents, making, parts, terminating
from tenders.queries import approvals, tenders
from tenders.queries import content as content_queries
from tenders.queries import history as history_queries
from tenders.rules.fingerprints import fingerprint
from tenders.rules.happenings import SENTENCES
from tenders.rules.linting.checking import blocking, findings
from tenders.rules.linting.findings import Part
from tests.tenders import made
from values.refusals import Missing, NotAllowed, Refused
from values.years import london_today


async def test_a_committed_pool_becomes_a_draft_and_is_handed_over(cast, sessions_app, owner, read):
    tender_id = await made.make(sessions_app, cast)
    assert await owner.fetchval("select state from pool") == PoolState.HANDED_OVER
    row = await read(tenders.tender_row, tender_id)
    content = await read(content_queries.content, tender_id)
    assert (row.state, row.buyers, row.lead_code) == ("draft", 3, "LDS")
    assert row.fingerprint == fingerprint(content)
    assert [buyer.code for buyer in content.buyers] == ["LDS", "CMD", "SLF"]
    assert [each.text for each in content.requirements] == ["Works offline"]
    # 900,000 + 600,000 + 400,000 pounds, and a thousand each.
    assert (content.lots[0].net_pence, content.lots[0].full_units) == (190_000_000, 3000)
    assert (await read(tenders.shares, tender_id))["CMD"].value_pence == 60_000_000
    assert await owner.fetchval("select count(*) from subject_buyer") == 3


async def test_only_the_lead_s_officer_makes_it_and_once(cast, act, owner):
    for who in ("leeds", "camden officer", "lead", "supplier"):
        with pytest.raises((NotAllowed, Missing)):
            await act(who, making.make_tender, cast.pool)
    assert await owner.fetchval("select state from pool") == PoolState.COMMITTED
    await act("officer", making.make_tender, cast.pool)
    with pytest.raises(Refused, match="has a tender already"):
        await act("officer", making.make_tender, cast.pool)


@pytest.mark.parametrize(
    "state", [PoolState.FORMING, PoolState.AGREEING, PoolState.CLOSED, PoolState.DISSOLVED]
)
async def test_a_pool_that_is_not_committed_makes_none(cast, act, owner, state):
    await owner.execute("alter table pool disable trigger tg_pool_move")
    await owner.execute("update pool set state = $1", state.value)
    with pytest.raises(Refused, match="is made from a pool that is committed"):
        await act("officer", making.make_tender, cast.pool)


async def test_a_council_whose_signature_ended_is_in_the_way(cast, act, owner):
    await owner.execute("update pool_signature set ended_at = now() where body_code = 'CMD'")
    with pytest.raises(Refused, match="does not stand"):
        await act("officer", making.make_tender, cast.pool)


async def test_a_complete_draft_has_nothing_to_mend_and_an_empty_one_does(cast, complete, read, act):
    content = await read(content_queries.content, complete)
    assert blocking(findings(content, law(), london_today())) == []
    await act("officer", parts.save, complete, Part.BASICS, {"no_lots_reason": ""})
    with pytest.raises(Refused, match="1 thing is still to be mended"):
        await act("officer", approving.submit, complete)


async def test_only_the_lead_changes_and_each_buyer_describes_itself(complete, act):
    for who in ("leeds", "camden officer", "lead", "outside", "supplier"):
        with pytest.raises((NotAllowed, Missing)):
            await act(who, parts.save, complete, Part.BASICS, {"title": "x"})
    await act("camden officer", parts.describe_buyer, complete, "CMD", {"email": "new@example.org"})
    with pytest.raises(NotAllowed):
        await act("camden officer", parts.describe_buyer, complete, "SLF", {"email": "new@example.org"})
    with pytest.raises(Missing):
        await act("officer", parts.describe_buyer, complete, "MAN", {"email": "new@example.org"})


async def test_saving_the_same_again_is_no_change(complete, act, read):
    before = await read(tenders.tender_row, complete)
    await act("officer", parts.save, complete, Part.BASICS, made.basics())
    assert await read(tenders.tender_row, complete) == before


async def test_the_last_lot_stays_and_a_part_has_no_parts(complete, act, read, owner):
    lot = await owner.fetchval("select id from tender_lot")
    with pytest.raises(Refused, match="at least one lot"):
        await act("officer", parts.remove_row, complete, Part.LOTS, lot)
    parent = await owner.fetchval("select id from tender_criterion where kind = 'award'")
    part = {**made.criterion(), "parent_id": parent}
    child = await act("officer", parts.add_row, complete, Part.AWARD, part)
    with pytest.raises(Refused, match="no parts of its own"):
        await act("officer", parts.add_row, complete, Part.AWARD, {**part, "parent_id": child})
    await act("officer", parts.remove_row, complete, Part.AWARD, parent)
    assert (await read(content_queries.content, complete)).award == ()


async def test_every_buyer_approves_and_the_last_makes_it_approved(complete, act, cast, sessions_app, read):
    await act("officer", approving.submit, complete)
    assert not await made.approve(sessions_app, cast["leeds"], complete)
    assert not await made.approve(sessions_app, cast["camden"], complete)
    with pytest.raises(Refused, match="Cara Camden approved this tender for your council already"):
        await made.approve(sessions_app, cast["camden"], complete)
    assert await made.approve(sessions_app, cast["salford"], complete)
    assert (await read(tenders.tender_row, complete)).state == "approved"


async def test_approval_needs_an_approver_with_authority_who_saw_it(complete, act, cast, owner, read):
    row = await read(tenders.tender_row, complete)
    with pytest.raises(Refused, match="does not wait for approval"):
        await act("camden", approving.approve, complete, seen=row.fingerprint)
    await act("officer", approving.submit, complete)
    with pytest.raises(NotAllowed):
        await act("camden officer", approving.approve, complete, seen=row.fingerprint)
    with pytest.raises(Refused, match="was changed since you opened"):
        await act("camden", approving.approve, complete, seen=b"x" * 32)
    await owner.execute("update approver_authority set limit_pence = 100 where body_code = 'CMD'")
    with pytest.raises(Refused, match="Ask an approver with a higher limit"):
        await act("camden", approving.approve, complete, seen=row.fingerprint)
    await owner.execute("delete from approver_authority where body_code = 'CMD'")
    with pytest.raises(Refused, match="Nobody has set"):
        await act("camden", approving.approve, complete, seen=row.fingerprint)
    await owner.execute("update pool_commitment set sum_pence = 100 where body_code = 'SLF'")
    with pytest.raises(Refused, match="signature in the pool binds it up to £1"):
        await act("salford", approving.approve, complete, seen=row.fingerprint)
    with pytest.raises(Missing):
        await act("outside", approving.approve, complete, seen=row.fingerprint)


async def test_a_refusal_needs_a_reason_and_ends_what_others_approved(
    complete, act, cast, sessions_app, read
):
    await act("officer", approving.submit, complete)
    await made.approve(sessions_app, cast["leeds"], complete)
    with pytest.raises(Refused, match="Say what would have to change"):
        await act("camden", approving.refuse, complete, reason="")
    await act("camden", approving.refuse, complete, reason="Too dear")
    row = await read(tenders.tender_row, complete)
    assert (row.state, row.state_reason) == ("draft", "A buyer refused it")
    assert [each.stands for each in await read(approvals.approvals, complete)] == [False, False]
    with pytest.raises(Refused, match="does not wait"):
        await act("camden", approving.refuse, complete, reason="Again")


@pytest.mark.parametrize("who", ["officer", "camden officer"])
async def test_any_change_after_an_approval_ends_it(approved, act, read, who):
    await act(who, parts.describe_buyer, approved, "CMD" if who != "officer" else "LDS", {"address": "2"})
    row = await read(tenders.tender_row, approved)
    assert (row.state, row.state_reason) == ("draft", "The tender was changed")
    answers = await read(approvals.approvals, approved)
    assert {each.ended_reason for each in answers} == {"The tender was changed"}
    assert row.fingerprint not in {each.fingerprint for each in answers}


async def test_the_lead_takes_it_back_with_a_reason(approved, act, read):
    with pytest.raises(Refused, match="Say why"):
        await act("officer", approving.give_up, approved, reason="")
    await act("officer", approving.give_up, approved, reason="A better idea")
    assert (await read(tenders.tender_row, approved)).state_reason == "A better idea"
    with pytest.raises(Refused, match="cannot become draft"):
        await act("officer", approving.give_up, approved, reason="Again")


async def test_documents_have_versions_and_damage_is_noticed(complete, act, read, owner, tmp_path):
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_bytes(b"a" * 1_300_000)
    second.write_bytes(b"b")
    document = await act(
        "officer", documents.add, complete, title="Contract", name="a.txt", kind="text", path=first
    )
    await act("officer", documents.replace, complete, document, name="b.txt", kind="text", path=second)
    content = await read(content_queries.content, complete)
    assert [(each.version, each.name) for each in content.documents] == [(2, "b.txt")]
    assert await owner.fetchval("select count(*) from stored_chunk") == 4
    sha256 = await owner.fetchval("select sha256 from stored_file where size = 1300000")
    assert await read(files.read, sha256, who="camden officer") == b"a" * 1_300_000
    with pytest.raises(Missing):
        await read(files.read, sha256, who="supplier")
    await owner.execute("update stored_chunk set content = 'c' where position = 1")
    with pytest.raises(files.Damaged):
        await read(files.read, sha256)
    await act("officer", documents.remove, complete, document)
    assert (await read(content_queries.content, complete)).documents == ()
    with pytest.raises(NotAllowed):
        await act("camden officer", documents.remove, complete, document)


async def test_the_history_has_a_sentence_for_each_action_and_no_sum(approved, act, cast, sessions_app, read):
    await made.publish(sessions_app, cast, approved)
    await act("officer", terminating.terminate, approved, reason="Nobody can deliver it")
    total, entries = await read(lambda db: history_queries.entries(db, approved, offset=0, limit=200))
    assert total == len(entries) > 15
    assert {each.action for each in entries} <= set(SENTENCES)
    for each in entries:
        assert "{" not in each.sentence
        assert not [key for key in each.details if key.endswith("_pence")]
    assert entries[0].own_words == "Nobody can deliver it"
    assert (
        await read(
            lambda db: db.scalar(text("select count(*) from audit_entry where subject_kind = 'tender'")),
            who="supplier",
        )
        == 0
    )
