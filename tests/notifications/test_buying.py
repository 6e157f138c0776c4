"""People of a tender's buyers are told of what is done with it, and of what the clock brings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from notifications.queries import dates
from notifications.rules import buying, telling
from notifications.rules.buying import TOLD, Bought, Buying
from notifications.rules.telling import Reason
from notifications.tasks import tell
from store.db import transaction
from store.jobs import Work
from tenders.actions import extending, terminating
from tenders.rules.happenings import SENTENCES
from tenders.tasks import record_times
from values.actors import Actor
from values.years import london_today

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TENDER = UUID(int=9)
OLGA, ABE, BEA = (UUID(int=number) for number in (1, 2, 3))
CLOCK = Actor(name="clock")


def bought(action: str, *, published: bool = True, of: str = "Leeds", about: str = "", **details) -> Bought:
    name = "Olga Officer" if of else "clock"
    return Bought(
        7, NOW, TENDER, "Repairs", published, OLGA if of else None, name, action, details, about, of
    )


def reasons(entry: Bought) -> dict[UUID, Reason]:
    people = [
        Buying(TENDER, OLGA, approves=False, officer=True),
        Buying(TENDER, ABE, approves=True, officer=False),
        Buying(TENDER, BEA, approves=False, officer=True),
        Buying(UUID(int=10), UUID(int=4), approves=True, officer=True),
    ]
    return {each.person_id: each.reason for each in buying.notices([entry], people)}


def test_approvers_are_asked_and_officers_hear_but_not_who_did_it():
    assert reasons(bought("tender.in_approval", version=2)) == {ABE: Reason.TO_APPROVE, BEA: Reason.BUYS}
    assert reasons(bought("question.published")) == {BEA: Reason.BUYS}
    assert reasons(bought("tender.due_passed", of="")) == {
        OLGA: Reason.BUYS,
        ABE: Reason.BUYS,
        BEA: Reason.BUYS,
    }


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            bought("tender.in_approval", version=2),
            "Olga Officer of Leeds asked the buyers for approval of version 2",
        ),
        (
            bought("tender.approval_refused", version=2, about="Camden", reason="Own words"),
            "Olga Officer of Leeds refused version 2 for Camden, which made it a draft again",
        ),
        (
            bought("tender.deadline_extended", until="2027-01-08T12:00:00+00:00", reason="Own words"),
            "Olga Officer of Leeds moved the deadline to 12:00 on 8 January 2027 for all",
        ),
        (
            bought("tender.terminated", reason="Own words"),
            "Olga Officer of Leeds terminated the tender. A procurement termination notice (UK12) is due",
        ),
        (
            bought("tender.terminated", published=False, reason="Own words"),
            "Olga Officer of Leeds terminated the tender",
        ),
        (
            bought("tender.standstill_begun", until="8 December 2026"),
            "Olga Officer of Leeds began the standstill, which ends on 8 December 2026",
        ),
        (
            bought("tender.due_passed", of=""),
            "The deadline has passed: two people can open what was handed in",
        ),
    ],
)
def test_words_name_who_did_it_and_repeat_nobodys_own(entry, said):
    assert buying.words(entry) == said


def test_every_action_that_is_told_has_a_sentence_in_the_history_or_words_of_its_own():
    for action, each in TOLD.items():
        assert action in SENTENCES or each.words, action


def test_nothing_that_happens_to_a_bid_before_opening_is_told():
    assert not [action for action in TOLD if action.startswith(("bid.", "receipt."))]


@pytest.fixture
def run(sessions_jobs):
    """Do what the worker does each minute."""

    async def once() -> int:
        resources = {"settings": SimpleNamespace(public_url="https://buy.example.org")}
        done = await record_times(Work(sessions_jobs, CLOCK))
        await tell(Work(sessions_jobs, CLOCK, resources=resources))
        return done["times"]

    return once


async def told(owner, action: str = "%") -> list[tuple[str, str, str]]:
    rows = await owner.fetch(
        """select p.name, n.reason, n.text from notice n join person p on p.id = n.person_id
           join audit_entry a on a.id = n.entry_id
           where a.action like $1 and n.tender_id is not null order by n.entry_id, p.name""",
        action,
    )
    return [tuple(row) for row in rows]


async def test_buyers_hear_of_it_from_approval_to_publication_and_nobody_else_does(published, run, owner):
    await run()
    await run()
    asked = await told(owner, "tender.in_approval")
    said = "Olga Officer of Leeds asked the buyers for approval of version"
    assert [(who, reason) for who, reason, words in asked if words.startswith(said)] == [
        ("Cara Camden", "to_approve"),
        ("Cleo Camden", "buys"),
        ("Lena Leeds", "to_approve"),
        ("Sol Salford", "to_approve"),
    ]
    all_of_them = {who for who, _, _ in await told(owner)}
    assert all_of_them == {"Cara Camden", "Cleo Camden", "Lena Leeds", "Olga Officer", "Sol Salford"}
    assert (
        "Olga Officer",
        "buys",
        "Sol Salford of Salford gave the last approval: the tender is approved",
    ) in (await told(owner, "tender.approved"))
    assert len(await told(owner, "tender.published")) == 4


async def test_the_clock_tells_once_and_again_for_a_later_deadline(published, run, act, owner):
    await run()
    assert await run() == 0
    await owner.execute("alter table tender disable trigger tg_guard_tender")
    await owner.execute("update tender set tenders_due_at = now() - interval '1 minute'")
    await owner.execute("update subject set questions_until = now() - interval '2 minutes'")
    assert await run() == 2
    assert await run() == 0
    passed = await told(owner, "tender.due_passed")
    assert len(passed) == 5
    assert {words for _, _, words in passed} == {
        "The deadline has passed: two people can open what was handed in"
    }
    assert len(await told(owner, "tender.questions_ended")) == 2
    await owner.execute("update tender set tenders_due_at = now() - interval '1 second'")
    assert await run() == 1


async def test_later_deadlines_and_termination_are_told_to_buyers_and_followers_once(
    published, run, act, owner, cast
):
    for who in ("supplier", "camden officer"):
        await owner.execute(
            "insert into follower (subject_id, person_id) values ($1, $2)", published, cast[who].id
        )
    due = await owner.fetchval("select tenders_due_at from tender")
    await act(
        "officer", extending.extend, published, until=due + timedelta(days=2), reason="secret-own-words"
    )
    await act("officer", terminating.terminate, published, reason="secret-own-words")
    await run()
    moved = await told(owner, "tender.deadline_extended")
    assert [(who, reason) for who, reason, _ in moved] == [
        ("Cara Camden", "buys"),
        ("Cleo Camden", "buys"),
        ("Lena Leeds", "buys"),
        ("Sol Salford", "buys"),
        ("Sue Supplier", "follows_tender"),
    ]
    ended = await told(owner, "tender.terminated")
    assert "UK12" in ended[0][2]
    assert ended[-1] == (
        "Sue Supplier",
        "follows_tender",
        "The tender was terminated: nothing will be awarded under it",
    )
    for table in ("notice", "mail"):
        rows = await owner.fetchval(f"select coalesce(string_agg({table}::text, ''), '') from {table}")
        assert "secret-own-words" not in rows


async def test_mail_of_a_tender_says_that_it_is_one(published, run, act, owner, cast):
    await owner.execute("insert into notice_setting (person_id, mail) values ($1, 'each')", cast["camden"].id)
    await run()
    bodies = [row["body"] for row in await owner.fetch("select body from mail")]
    assert any("Tender: " in body and f"/tenders/{published}/approval" in body for body in bodies)


async def test_the_calendar_of_each_buyer_has_the_dates_of_its_tender(
    published, act, cast, sessions_app, owner
):

    async def summaries(who: str, code: str) -> list[str]:
        async with transaction(sessions_app, cast[who].actor) as db:
            found = await dates.events(
                db, body_code=code, address="https://buy.example.org", today=london_today()
            )
        return sorted(each.summary for each in found if each.uid.startswith("tender-"))

    expected = [
        "Estimated day of the award: Library systems together",
        "Last time for questions: Library systems together",
        "Tenders due: Library systems together",
    ]
    assert await summaries("officer", "LDS") == expected
    assert await summaries("camden officer", "CMD") == expected
    assert await summaries("outside", "MAN") == []
    await act("officer", terminating.terminate, published, reason="No money")
    assert await summaries("officer", "LDS") == []


def test_who_hears_of_a_thing_twice_is_told_once():
    first = buying.notices([bought("tender.published")], [Buying(TENDER, BEA, approves=False, officer=True)])
    assert telling.once([*first, *first]) == list(first)
