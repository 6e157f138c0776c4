"""A firm's response: who reads it when, several authors, receipts, and nothing after the deadline."""

from __future__ import annotations

import json
from datetime import datetime

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges.actions import approving, sponsoring
from challenges.actions import responding as actions
from challenges.queries import responses as queries
from challenges.queries import results as result_queries
from challenges.rules import receipts
from challenges.rules import responding as rules
from challenges.rules.content import FIRST_SECTIONS
from challenges.rules.receipts import ReceiptFacts
from challenges.rules.responding import Kind, Particulars
from store import signing
from store.db import transaction
from suppliers.actions import declare_numbers, declare_size, save_assurance
from suppliers.rules import Answer, Declared, Registered, Size
from tests import build
from tests.challenges import made
from values.refusals import Missing, NotAllowed, Refused

SAID = Particulars("Dampometer", 18_000_00, 25_000_00, "", 6, "Asha and Col")
WORDS = dict.fromkeys(range(1, 5), "We listen to the walls.")
TABLES = (
    "challenge_response",
    "challenge_answer",
    "challenge_submission",
    "challenge_identity",
    "assurance",
    "firm_size",
    "firm_registration",
)


@pytest.fixture
def write(act, read, cast, sessions_app):
    """Begin and save a whole response as somebody of a firm."""

    async def writing(challenge_id, who="author", said=SAID, words=WORDS):
        await act(who, actions.begin, challenge_id)
        actor = cast[who].actor
        async with transaction(sessions_app, actor) as db:
            draft = await queries.own_draft(db, actor, challenge_id)
            saved = await queries.answers(db, draft.id)
            await actions.save(
                db,
                actor,
                challenge_id,
                said,
                words,
                seen=draft.version,
                seen_answers={position: each.version for position, each in saved.items()},
            )

    return writing


async def test_a_response_is_handed_in_replaced_withdrawn_and_late(act, read, write, opened, cast, owner):
    await act("author", save_assurance, {"cyber-essentials": (Answer.YES, "Until May")})
    await write(opened, words={1: "Only one"})
    with pytest.raises(Refused, match="Answer “How it reaches the outcomes”"):
        await act("author", actions.submit, opened, known=None)
    await write(opened)
    first = await act("author", actions.submit, opened, known=None)
    again = await act("author", actions.submit, opened, known=None)
    assert (first.kind, again.id) == ("submitted", first.id)  # a form that was sent twice
    second = await act("colleague", actions.submit, opened, known=first.id)
    assert second.kind == "replaced"
    gone = await act("author", actions.withdraw, opened, known=second.id)
    with pytest.raises(Refused, match="nothing to withdraw"):
        await act("author", actions.withdraw, opened, known=gone.id)
    third = await act("author", actions.submit, opened, known=gone.id)
    assert (gone.kind, third.kind) == ("withdrawn", "submitted")
    await made.close(owner, opened)
    with pytest.raises(Refused, match="no responses any more"):
        await act("author", actions.save, opened, SAID, {1: "x"}, seen=1, seen_answers={})
    late = await act("author", actions.submit, opened, known=third.id)
    assert late.kind == "late"
    entries = await read(queries.entries, opened)
    assert [(each.id, each.firm, each.product) for each in entries] == [
        (third.id, "Small Firm Ltd", "Dampometer")
    ]
    assert entries[0].content["assurance"] == [
        {"name": "Cyber Essentials", "answer": "Yes", "evidence": "Until May"}
    ]
    digest = rules.digest(opened, third.code, entries[0].content, SAID)
    assert digest == third.sha256
    # The trail, which operators read, tells nothing of it.
    trail = json.dumps([tuple(map(str, row)) for row in await owner.fetch("select * from audit_entry")])
    assert "respon" not in trail.lower().replace("responses_due", "")
    assert (await read(queries.chance)).words.endswith("of 1 response to 1 earlier challenge")


async def test_two_of_a_firm_write_without_writing_over_each_other(act, read, write, opened, cast):
    await write(opened)
    await act("colleague", actions.save, opened, SAID, {1: "Better"}, seen=2, seen_answers={1: 1})
    with pytest.raises(Refused, match="colleague has saved"):
        await act("author", actions.save, opened, SAID, {1: "Other"}, seen=2, seen_answers={1: 1})
    # Another section is nobody else's, and what was not changed is no conflict.
    await act("author", actions.save, opened, SAID, {1: "Better", 2: "Mine"}, seen=2, seen_answers={2: 1})
    draft = await read(queries.own_draft, cast["author"].actor, opened, who="author")
    saved = await read(queries.answers, draft.id, who="author")
    assert (saved[1].words, saved[1].saved_by, saved[2].words) == ("Better", "Col League", "Mine")


async def test_nobody_but_the_firm_reads_anything_before_the_deadline(
    ask, act, write, opened, cast, database
):
    await act("author", save_assurance, {"cyber-essentials": (Answer.YES, "We listen to the walls")})
    await act("author", declare_size, Declared(Size.SMALL))
    await act("author", declare_numbers, Registered("1234567"))
    await write(opened)
    await act("author", actions.submit, opened, known=None)
    for who in ("author", "colleague"):
        for table in TABLES:
            assert await ask(who, f"select * from {table}"), (who, table)
    for who in ("rival", "officer", "leeds", "camden officer", "outside", "lead", "operator", "public"):
        for table in TABLES:
            assert await ask(who, f"select * from {table}") == [], (who, table)
        assert await ask(who, "select * from app.challenge_entries()") == []
    connection = await asyncpg.connect(database.jobs.replace("+asyncpg", ""))
    try:
        for table in TABLES:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select * from {table}")
    finally:
        await connection.close()


async def test_after_the_deadline_sponsors_that_approved_read_what_counts_and_no_draft(
    ask, act, write, opened, cast, owner, sessions_app
):
    await act("camden officer", sponsoring.join, opened, line="We too", need_id=None)
    await write(opened)
    first = await act("author", actions.submit, opened, known=None)
    await act("author", actions.submit, opened, known=first.id)
    await write(opened, "rival", words={1: "A draft"})
    await made.close(owner, opened)
    for who in ("officer", "leeds"):
        assert len(await ask(who, "select * from challenge_submission")) == 1
        assert await ask(who, "select firm from challenge_identity") == [("Small Firm Ltd",)]
        for table in ("challenge_response", "challenge_answer", "assurance"):
            assert await ask(who, f"select * from {table}") == [], (who, table)
    # Camden joined and never approved; the rival, the sector and everybody else read nothing.
    for who in ("camden officer", "camden", "outside", "lead", "operator", "public"):
        for table in TABLES:
            assert await ask(who, f"select * from {table}") == [], (who, table)
    assert await ask("rival", "select words from challenge_answer") == [("A draft",)]
    assert await ask("rival", "select * from challenge_submission") == []
    assert await ask("public", "select entries from app.challenge_entries()") == [(1,)]


async def test_a_first_read_without_names_shows_none(ask, act, write, hidden, owner):
    await write(hidden)
    await act("author", actions.submit, hidden, known=None)
    await made.close(owner, hidden)
    assert await ask("officer", "select * from challenge_identity") == []
    shown = str(await ask("officer", "select * from challenge_submission"))
    assert "We listen to the walls" in shown
    assert not any(word in shown for word in ("Dampometer", "Asha", "Small Firm"))


async def test_what_is_withdrawn_by_the_councils_is_read_by_nobody(ask, act, write, opened, owner):
    await write(opened)
    await act("author", actions.submit, opened, known=None)
    await act("officer", approving.withdraw, opened, reason="The homes are sold")
    await made.close(owner, opened)
    assert await ask("officer", "select * from challenge_submission") == []
    assert await ask("public", "select * from app.challenge_entries()") == []


BY_HAND = (
    "insert into challenge_submission (id, response_id, challenge_id, kind, code, at, due_at, sha256,"
    " content, counts) select gen_random_uuid(), id, challenge_id, 'submitted', 'x', now(), now(),"
    " sha256(''), '{}', true from challenge_response"
)
WRITES = (
    BY_HAND,
    "update challenge_submission set counts = true returning 1",
    "update challenge_submission set content = '{}' returning 1",
    "delete from challenge_submission returning 1",
    "update challenge_identity set firm = 'x' returning 1",
    "update challenge_response set organisation_id = gen_random_uuid() returning 1",
)


async def test_nobody_writes_past_the_function(ask, act, write, opened, cast, owner):
    await write(opened)
    await act("author", actions.submit, opened, known=None)
    for who in ("author", "rival", "officer", "operator"):
        for sql in WRITES:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await ask(who, sql)
    hand_in = (
        "select * from app.hand_in_response(gen_random_uuid(), $1, null, 'x', sha256(''), '{}', 'x', 'x')"
    )
    response = await owner.fetchval("select id from challenge_response")
    for who in ("rival", "officer", "operator", "public"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, hand_in, response)
    await made.close(owner, opened)
    assert await ask("author", "update challenge_response set product = 'x' returning 1") == []
    assert await ask("author", "update challenge_answer set words = 'x' returning 1") == []


async def test_a_council_does_not_respond_and_a_closed_challenge_takes_none(act, opened, owner, cast):
    with pytest.raises(NotAllowed):
        await act("officer", actions.begin, opened)
    with pytest.raises(Missing):
        await act("rival", actions.submit, opened, known=None)
    await made.close(owner, opened)
    with pytest.raises(Refused, match="no responses any more"):
        await act("rival", actions.begin, opened)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2050, 1, 1), timezones=st.timezones())  # noqa: DTZ001 -- the zone comes with it
facts = st.builds(
    ReceiptFacts,
    id=st.uuids(),
    code=st.from_regex(r"[A-Z2-9]{4}-[A-Z2-9]{4}", fullmatch=True),
    challenge_id=st.uuids(),
    kind=st.sampled_from(Kind),
    at=moments,
    due_at=moments,
    sha256=st.just("") | st.binary(min_size=32, max_size=32).map(bytes.hex),
)


@given(facts, st.integers(0, 6))
def test_a_receipt_is_verified_and_a_changed_line_is_not(receipt, line):
    text = receipts.signed_text(receipt)
    whole = receipts.whole_text(receipt, signing.sign(build.KEY, receipts.PURPOSE, text))
    public = signing.public_key(build.KEY, receipts.PURPOSE)
    signed, signature = receipts.pasted("\n  " + whole.replace("\n", " \r\n\n"))
    assert signing.holds(public, signature, signed)
    name = receipts.SIGNED[line]
    changed, signature = receipts.pasted(whole.replace(f"{name}: ", f"{name}: x"))
    assert not signing.holds(public, signature, changed)


@given(st.dictionaries(st.integers(1, 4), st.text("word ", max_size=700)))
def test_what_is_missing_is_what_is_in_the_way(answers):
    lacking = rules.missing(FIRST_SECTIONS, answers, SAID)
    for position, section in enumerate(FIRST_SECTIONS, 1):
        count = len(answers.get(position, "").split())
        assert (f"answer{position}" in [each.field for each in lacking]) == (
            not 0 < count <= section.most_words
        )


ENTRANT = """
with firm as (insert into organisation (id, kind, name, short_name, type_name)
    values (gen_random_uuid(), 'supplier', $2, $2, 'Supplier') returning id),
  response as (insert into challenge_response (id, challenge_id, organisation_id, code, begun_by, saved_by)
    select gen_random_uuid(), $1, id, $2, 'x', 'x' from firm returning id, organisation_id),
  submission as (insert into challenge_submission (id, response_id, challenge_id, kind, code, at, due_at,
      sha256, content, counts)
    select gen_random_uuid(), id, $1, 'submitted', $2, now(), now(), sha256(''), '{}', true from response)
insert into firm_size (organisation_id, size, declared_by)
  select organisation_id, $3::text, 'x' from response where $3::text is not null
"""


async def test_responses_of_small_firms_are_counted_once_four_firms_are_in_them(ask, read, opened, owner):
    async def counted():
        return [tuple(row) for row in await ask("public", "select * from app.sizes_of_entrants()")]

    for name, size in (("A", "micro"), ("B", "large"), ("C", None)):
        await owner.execute(ENTRANT, opened, name, size)
    await made.close(owner, opened)
    assert await counted() == [(0, 0, 0)]
    assert (await read(result_queries.sizes, who="public")).words.startswith("Not told before four firms")
    await owner.execute(ENTRANT, opened, "D", "medium")
    assert await counted() == [(4, 2, 1)]
    assert (await read(result_queries.sizes, who="public")).words == (
        "2 of 4 from small and medium-sized firms, micro ones among them; 1 from large ones; "
        "1 from firms that have not declared their size"
    )
    # One that closes later waits until as many firms are in it: the difference would be theirs alone.
    later = await owner.fetchval(
        "insert into challenge select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(),"
        " 'responses_due_at', now()))).* from challenge c returning id"
    )
    await owner.execute(ENTRANT, later, "E", "small")
    assert await counted() == [(4, 2, 1)]
