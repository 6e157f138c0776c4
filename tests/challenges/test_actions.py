"""From a statement to an open challenge: what comes first, sponsors, approvals, and the trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from accounts.queries import trail
from challenges.actions import approving, judging, making, sponsoring
from challenges.queries import challenges, sponsors
from challenges.rules.content import Criterion, Section
from challenges.rules.happenings import SENTENCES, WORDS
from challenges.rules.linting import Part
from challenges.rules.phases import PhaseKind
from sourcing.queries.subjects import questions_until
from tests.challenges import made
from values.refusals import Missing, NotAllowed, Refused


async def test_a_statement_goes_from_its_first_word_to_its_publication(act, read, cast, sessions_app):
    challenge_id = await made.begin(sessions_app, cast)
    row = await read(challenges.challenge_row, challenge_id)
    with pytest.raises(Refused, match="not complete"):
        await act("leeds", approving.approve, challenge_id, seen=row.fingerprint)
    await made.fill(sessions_app, cast, challenge_id)
    with pytest.raises(Refused, match="was changed"):
        await act("leeds", approving.approve, challenge_id, seen=row.fingerprint)
    with pytest.raises(Refused, match="must approve"):
        await act("officer", approving.publish, challenge_id)
    with pytest.raises(NotAllowed):
        await act("officer", approving.approve, challenge_id, seen=row.fingerprint)
    await made.approve(sessions_app, cast["leeds"], challenge_id)
    # £36,000 is advertised below the threshold: its notice comes first.
    with pytest.raises(Refused, match="UK4"):
        await act("officer", approving.publish, challenge_id)
    await made.publish(sessions_app, cast, challenge_id)
    row = await read(challenges.challenge_row, challenge_id, who="public")
    assert (row.state, row.takes_responses, row.state_words[0]) == ("open", True, "Open")
    assert await read(questions_until, challenge_id, who="public")
    with pytest.raises(Refused, match="cannot be changed"):
        await act("officer", making.save, challenge_id, Part.LAW, {"route_reason": "x"})
    _, entries = await read(
        lambda db: trail.entries(db, "challenge", challenge_id, WORDS, offset=0, limit=99)
    )
    assert {each.action for each in entries} <= set(SENTENCES)
    assert entries[-1].sentence.startswith("opened it") or "began" in entries[-1].sentence


async def test_other_phases_take_the_approval_away(act, read, ask, statement):
    async def stands():
        return (await read(sponsors.sponsors, statement))[0].stands

    async def version():
        return (await read(challenges.challenge_row, statement)).version

    before = await version()
    await act("officer", judging.fix_phases, statement, {PhaseKind.PILOT: 1})
    assert (await stands(), await version()) == (True, before)
    await act("officer", judging.fix_phases, statement, {PhaseKind.PILOT: 2})
    assert (await stands(), await version()) == (False, before + 1)
    await act("officer", judging.fix_phases, statement, {PhaseKind.PILOT: 1})
    assert await stands()
    # Past the pages, too; and nothing is published that nobody says how it is judged.
    assert await ask("officer", "delete from challenge_phase returning 1")
    assert not await stands()
    taken = await ask("officer", "select fingerprint from challenge_approval")
    publish = "update challenge set fingerprint = $1, state = 'open', published_at = now(), needs_notice = ''"
    with pytest.raises(asyncpg.CheckViolationError):
        await ask("officer", publish, taken[0]["fingerprint"])
    with pytest.raises(Refused, match="in which phases"):
        await act("officer", approving.publish, statement)


async def test_any_change_takes_the_approval_and_the_notice_with_it(act, read, cast, statement, sessions_app):
    challenge_id = statement

    async def stands():
        return (await read(sponsors.sponsors, challenge_id))[0].stands

    assert await stands()
    # Saved again as it was, it is the same statement.
    await act("officer", making.save, challenge_id, Part.LAW, made.parts()[Part.LAW])
    assert await stands()
    await act(
        "officer",
        making.save_response,
        challenge_id,
        sections=[Section("Idea", "", 200)],
        criteria=[Criterion("Fits", "", 100)],
        anonymous=True,
    )
    assert not await stands()
    with pytest.raises(Refused, match="must approve"):
        await made.publish(sessions_app, cast, challenge_id)
    await made.approve(sessions_app, cast["leeds"], challenge_id)
    await act("officer", making.save, challenge_id, Part.LAW, {"route_reason": "Another one"})
    await made.approve(sessions_app, cast["leeds"], challenge_id)
    await act(
        "officer",
        approving.record_notice,
        challenge_id,
        code="UK4",
        reference="1-2026",
        published_at=datetime.now(UTC) - timedelta(hours=1),
    )
    await act("officer", making.save, challenge_id, Part.LAW, {"route_reason": "A third one"})
    await made.approve(sessions_app, cast["leeds"], challenge_id)
    with pytest.raises(Refused, match="UK4"):
        await act("officer", approving.publish, challenge_id)


async def test_a_council_joins_approves_for_itself_and_leaves_before_publication(
    act, read, cast, complete, sessions_app
):
    challenge_id = complete
    joining = {"line": "We have 900 such homes", "need_id": None}
    with pytest.raises(Missing):
        await act("camden officer", sponsoring.join, challenge_id, **joining)
    await act("officer", sponsoring.seek, challenge_id, wanted=True)
    with pytest.raises(Refused, match="line"):
        await act("camden officer", sponsoring.join, challenge_id, line=" ", need_id=None)
    await act("camden officer", sponsoring.join, challenge_id, **joining)
    with pytest.raises(Refused, match="already"):
        await act("camden officer", sponsoring.join, challenge_id, **joining)
    with pytest.raises(NotAllowed):
        await act("outside", sponsoring.leave, challenge_id, "CMD", reason="x")
    await act("camden officer", sponsoring.leave, challenge_id, "CMD", reason="Other plans")
    assert [each.code for each in await read(sponsors.sponsors, challenge_id)] == ["LDS"]
    await act("camden officer", sponsoring.join, challenge_id, **joining)
    await act("camden officer", sponsoring.change, challenge_id, line="We have 950 such homes", need_id=None)
    # A small limit does not matter: a co-sponsor commits no money.
    await made.approve(sessions_app, cast["camden"], challenge_id)
    await made.approve(sessions_app, cast["leeds"], challenge_id)
    await act("outside", sponsoring.join, challenge_id, line="We too", need_id=None)
    await act("officer", sponsoring.leave, challenge_id, "MAN", reason="Too many for one pilot")
    await act("outside", sponsoring.join, challenge_id, line="We too", need_id=None)
    await made.publish(sessions_app, cast, challenge_id)
    shown = await read(sponsors.sponsors, challenge_id, who="public")
    # Who has not approved is not named to the public.
    assert [(each.code, each.line) for each in shown] == [("LDS", ""), ("CMD", "We have 950 such homes")]
    with pytest.raises(Refused, match="stays"):
        await act("camden officer", sponsoring.leave, challenge_id, "CMD", reason="x")
    # Until responses are due, an approver can still say yes.
    await made.approve(sessions_app, cast["outside"], challenge_id)
    assert len(await read(sponsors.sponsors, challenge_id, who="public")) == 3


async def test_an_approver_whose_limit_is_below_the_budget_cannot_approve(cast, sessions_app):
    challenge_id = await made.complete(sessions_app, cast, budget_gross_pence=150_000_00)
    with pytest.raises(Refused, match="100,000"):
        await made.approve(sessions_app, cast["leeds"], challenge_id)


async def test_a_refusal_is_read_by_all_sponsors_and_ends_an_approval(
    act, read, cast, complete, sessions_app
):
    challenge_id = complete
    with pytest.raises(Refused, match="would have to change"):
        await act("leeds", approving.refuse, challenge_id, reason="")
    await act("leeds", approving.refuse, challenge_id, reason="Too vague")
    assert [each.reason for each in await read(sponsors.answers, challenge_id)] == ["Too vague"]
    with pytest.raises(Refused, match="must approve"):
        await made.publish(sessions_app, cast, challenge_id)


async def test_an_open_challenge_is_withdrawn_with_a_reason_and_stays_readable(act, read, opened):
    challenge_id = opened
    with pytest.raises(Refused, match="why"):
        await act("officer", approving.withdraw, challenge_id, reason="")
    await act("officer", approving.withdraw, challenge_id, reason="The homes are sold")
    row = await read(challenges.challenge_row, challenge_id, who="public")
    assert (row.state, row.state_reason) == ("withdrawn", "The homes are sold")
    with pytest.raises(Refused):
        await act("officer", approving.withdraw, challenge_id, reason="again")


async def test_a_deadline_moves_to_later_for_all_and_never_once_it_has_passed(act, read, opened, ask, owner):
    due = (await read(challenges.challenge_row, opened)).responses_due_at
    for until, why in ((due, "later only"), (due - timedelta(days=1), "later only")):
        with pytest.raises(Refused, match=why):
            await act("officer", approving.move_deadline, opened, until=until, reason="More time")
    later = due + timedelta(days=3)
    with pytest.raises(Refused, match="Say why"):
        await act("officer", approving.move_deadline, opened, until=later, reason="")
    await act("officer", approving.move_deadline, opened, until=later, reason="More time")
    row = await read(challenges.challenge_row, opened)
    assert row.responses_due_at == later
    # What was approved stands, and nothing else moves with it.
    assert (await read(sponsors.sponsors, opened))[0].stands
    moved = "update challenge set responses_due_at = responses_due_at + interval '1 day'"
    for sql in (f"{moved}, title = 'x'", moved.replace("+", "-")):
        with pytest.raises(asyncpg.CheckViolationError, match="cannot be changed"):
            await ask("officer", sql)
    await made.close(owner, opened)
    with pytest.raises(Refused, match="has passed"):
        await act("officer", approving.move_deadline, opened, until=later, reason="More time")
    with pytest.raises(asyncpg.CheckViolationError, match="cannot be changed"):
        await ask("officer", moved.replace("1 day", "9 days"))
