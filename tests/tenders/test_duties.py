"""The register of duties: what is due when, for whom, and who reads it."""

from __future__ import annotations

import csv
import dataclasses
import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from notifications.queries import dates as calendar
from sourcing.rules import prepared
from sourcing.rules.duties import DutyState, in_order
from sourcing.rules.law import law
from sourcing.rules.timetables.asked import Procedure
from store.db import transaction
from store.migrations import plain
from tenders.actions import notices, terminating
from tenders.rules import duties
from tenders.rules.content import Model
from tenders.rules.contracts.notices import NAMES as NOTICES
from tenders.rules.duties import Outcome, Owing, Published, Recorded
from tenders.rules.early_notices import Early
from tenders.rules.notices import Code
from tenders.rules.states import TenderState
from tenders.rules.touching import touches, trigger
from tests.tenders.contents import COURSE, LOT, TODAY, WHOLE
from tests.tenders.lives import life
from values.years import london_today

TENDER = UUID(int=5)
# Over £5 million, so that indicators and a copy of the contract are owed as well.
LARGE = dataclasses.replace(WHOLE, lots=(dataclasses.replace(LOT, gross_pence=600_000_000),))


def owing(**changes) -> Owing:
    whole = Owing(TENDER, LARGE, TenderState.APPROVED, None, None, {}, {})
    return dataclasses.replace(whole, **changes)


def found(each: Owing, today: date = TODAY):
    return {(duty.code, duty.body_code): duty for duty in duties.of_tender(each, law(), today)}


def test_notices_are_the_leads_and_what_follows_a_contract_is_each_councils():
    # The award notice on 30 November 2026, a bank holiday in Scotland: standstill of eight working days to
    # 10 December, signature on the 11th at the earliest, and that day is the first of 30 and of 90.
    due = {key: duty.due_on for key, duty in found(owing()).items()}
    assert due[("uk4", "LDS")] == date(2026, 9, 7)
    assert due[("uk6", "LDS")] == date(2026, 11, 30)
    assert ("uk4", "CMD") not in due
    for council in ("LDS", "CMD"):
        assert due[("details-notice", council)] == date(2027, 1, 9)
        assert due[("contract-copy", council)] == date(2027, 3, 10)
    one = owing(content=dataclasses.replace(LARGE, course=dataclasses.replace(COURSE, model=Model.ONE)))
    assert ("details-notice", "CMD") not in found(one)


def test_a_notice_is_done_once_the_platform_published_it():
    published = owing(
        state=TenderState.PUBLISHED,
        published_on=date(2026, 9, 8),
        notices={"UK4": Published("012345-2026", date(2026, 9, 8))},
    )
    duty = found(published)[("uk4", "LDS")]
    assert (duty.state, duty.done, duty.due_on) == (DutyState.DONE, "012345-2026", date(2026, 9, 8))
    assert not duty.is_open
    assert found(published)[("uk6", "LDS")].state is DutyState.PLANNED


def test_what_rests_on_a_planned_day_is_never_late():
    late = found(owing(), date(2030, 1, 1)).values()
    assert late
    assert {duty.state for duty in late} == {DutyState.PLANNED}


def test_an_ended_procurement_owes_its_notice_at_once_and_nothing_else():
    ended = owing(state=TenderState.TERMINATED, published_on=date(2026, 9, 8), ended_on=date(2026, 9, 20))
    duty = found(ended)[("uk12", "LDS")]
    assert list(found(ended)) == [("uk12", "LDS")]
    assert (duty.state, duty.due_on) == (DutyState.NOW, date(2026, 9, 20))
    done = dataclasses.replace(ended, notices={"UK12": Published("012399-2026", date(2026, 9, 21))})
    assert found(done)[("uk12", "LDS")].state is DutyState.DONE
    assert found(dataclasses.replace(ended, published_on=None)) == {}


def test_below_the_threshold_no_notice_of_the_award_is_owed():
    below = dataclasses.replace(COURSE, procedure=Procedure.BELOW_THRESHOLD)
    small = dataclasses.replace(WHOLE, course=below, lots=(dataclasses.replace(LOT, gross_pence=100_000_00),))
    assert list(found(owing(content=small))) == [("uk4", "LDS")]


def of_leeds(records=None):
    found = duties.of_council("LDS", "Leeds", law(), date(2026, 11, 26), records or {})
    return {duty.due_on: duty for duty in found if duty.code == "payments-compliance"}


def test_a_councils_own_duties_are_overdue_until_somebody_records_what_became_of_them():
    passed, coming = date(2026, 10, 29), date(2027, 4, 29)
    assert of_leeds()[passed].state is DutyState.OVERDUE
    assert of_leeds()[coming].state is DutyState.UPCOMING
    for outcome, state in ((Outcome.DONE, DutyState.DONE), (Outcome.NOT_OWED, DutyState.NOT_OWED)):
        recorded = of_leeds({("payments-compliance", passed): Recorded(outcome, "012377-2026")})
        assert (recorded[passed].state, recorded[passed].done) == (state, "012377-2026")
        assert not recorded[passed].is_open
        assert recorded[coming].is_open


def test_what_is_due_now_comes_first():
    ended = owing(state=TenderState.TERMINATED, published_on=date(2026, 9, 8), ended_on=date(2026, 9, 20))
    mixed = [*duties.of_council("LDS", "Leeds", law(), TODAY, {}), *duties.of_tender(ended, law(), TODAY)]
    listed = in_order(mixed)
    urgent = [duty for duty in listed if duty.state in (DutyState.NOW, DutyState.OVERDUE)]
    assert "uk12" in [duty.code for duty in urgent]
    assert listed[: len(urgent)] == urgent
    for part in (urgent, listed[len(urgent) :]):
        days = [duty.due_on for duty in part]
        assert days == sorted(days)


async def rows_of(client, query: str = "") -> list[dict[str, str]]:
    answer = await client.open(f"/duties.csv{query}")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_officers_see_their_own_and_their_leads_and_sector_leads_all(client, cast, published):
    await client.sign_in(cast["camden officer"])
    assert (await client.open("/duties")).status_code == 200
    rows = await rows_of(client, "?state=all")
    assert {row["council_code"] for row in rows if not row["tender"]} == {"CMD"}
    assert {row["council_code"] for row in rows if row["tender"]} == {"LDS"}
    notice = next(row for row in rows if row["notice"] == "UK4")
    assert (notice["state"], notice["reference"]) == ("Done", "012345-2026")
    assert [row for row in await rows_of(client) if row["state"] == "Done"] == []
    client.client.cookies.clear()
    await client.sign_in(cast["outside"])
    assert {row["council_code"] for row in await rows_of(client, "?state=all")} == {"MAN"}
    client.client.cookies.clear()
    await client.sign_in(cast["lead"])
    await client.open("/duties")
    assert {row["council_code"] for row in await rows_of(client, "?state=all")} == {"LDS", "CMD", "SLF"}


async def test_suppliers_and_the_public_have_no_register(client, cast):
    assert (await client.open("/duties")).status_code == 303
    await client.sign_in(cast["supplier"])
    assert (await client.open("/duties")).status_code == 403


async def test_a_termination_owes_its_notice_until_it_is_confirmed(
    client, cast, published, act, sessions_app
):
    async def due_in_calendar() -> list[str]:
        async with transaction(sessions_app, cast["officer"].actor) as db:
            found = await calendar.events(
                db, body_code="LDS", address="https://buy.example.org", today=london_today()
            )
        return [each.summary for each in found if "UK12" in each.summary]

    await act("officer", terminating.terminate, published, reason="No money")
    await client.sign_in(cast["officer"])
    first = next(row for row in await rows_of(client) if row["notice"] == "UK12")
    assert (first["notice"], first["state"], first["due_on"]) == ("UK12", "Due now", str(london_today()))
    assert await due_in_calendar() == ["Procurement termination notice (UK12): Library systems together"]
    notice_id = await act("officer", notices.prepare, published, Code.TERMINATION)
    await act(
        "officer",
        notices.confirm,
        published,
        notice_id,
        reference="012399-2026",
        published_at=datetime.now(UTC),
    )
    assert [row for row in await rows_of(client) if row["notice"] == "UK12"] == []
    assert await due_in_calendar() == []


async def test_the_calendar_has_what_each_council_owes(cast, published, sessions_app):
    async with transaction(sessions_app, cast["camden officer"].actor) as db:
        found = await calendar.events(
            db, body_code="CMD", address="https://buy.example.org", today=london_today()
        )
    owed = [each for each in found if each.uid.startswith("duty-")]
    assert len({each.uid for each in owed}) == len(owed)
    assert any(each.summary == "Pipeline notice (UK1)" for each in owed)
    assert all(each.on >= london_today() - timedelta(days=90) for each in owed)


async def test_the_register_takes_as_many_statements_for_more_tenders(
    client, cast, published, owner, statements
):
    await client.sign_in(cast["lead"])
    statements.clear()
    await client.open("/duties")
    one = len(statements)
    await owner.execute(
        "create temporary table copy as select * from tender;"
        "update copy set id = gen_random_uuid(), state = 'terminated';"
        "insert into tender select * from copy;"
        "insert into tender_buyer select c.id, b.body_code, b.address, b.email, b.identifier"
        " from copy c, tender_buyer b"
    )
    statements.clear()
    await client.open("/duties")
    assert len(statements) == one <= 14, statements


async def test_an_officer_records_what_became_of_a_duty_and_takes_it_back(client, cast, published, owner):
    await client.sign_in(cast["officer"])
    row = next(row for row in await rows_of(client) if row["duty"] == "Pipeline notice")
    address = f"/duties/record?duty=pipeline&due={row['due_on']}"
    await client.open("/duties")
    assert address.replace("&", "&amp;") in client.text
    await client.open(address)
    assert (await client.post(address, outcome="done", words="")).status_code == 422
    await client.post(address, outcome="not_owed", words="We pay less than £100 million")
    assert client.status == 303
    kept = next(row for row in await rows_of(client, "?state=all") if row["duty"] == "Pipeline notice")
    assert (kept["state"], kept["reference"]) == ("Not owed", "We pay less than £100 million")
    assert (await client.post(address, outcome="done", words="012377-2026")).status_code == 422
    client.client.cookies.clear()
    await client.sign_in(cast["camden officer"])
    other = next(row for row in await rows_of(client, "?state=all") if row["duty"] == "Pipeline notice")
    assert other["state"] == "To come"
    client.client.cookies.clear()
    await client.sign_in(cast["officer"])
    await client.open(address)
    await client.submit(address.replace("record?", "take-back?"))
    assert client.status == 303
    back = next(row for row in await rows_of(client) if row["duty"] == "Pipeline notice")
    assert back["state"] == "To come"
    trail = await owner.fetch("select action from audit_entry where action like 'duty.%' order by id")
    assert [row["action"] for row in trail] == ["duty.recorded", "duty.taken_back"]


@pytest.mark.parametrize("query", ["", "?duty=pipeline&due=2001-01-01", "?duty=uk4&due=2026-12-01"])
async def test_there_is_nothing_to_record_of_what_is_not_owed(client, cast, query):
    await client.sign_in(cast["officer"])
    assert (await client.open(f"/duties/record{query}")).status_code == 404


async def test_only_officers_record_and_only_for_their_own_council(database, client, cast, owner):
    for who in ("leeds", "lead"):
        client.client.cookies.clear()
        await client.sign_in(cast[who])
        assert (await client.open("/duties/record?duty=pipeline&due=2027-05-26")).status_code == 403
    insert = "insert into duty_record values ($1, 'pipeline', '2027-05-26', 'done', 'x', 'y')"
    connection = await asyncpg.connect(plain(database.app))

    async def become(who: str) -> None:
        actor = cast[who].actor
        names = {"person": actor.person_id, "organisation": actor.organisation_id}
        for name, value in {**names, "roles": ",".join(sorted(actor.roles))}.items():
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value or ""))

    await become("officer")
    await connection.execute(insert, "LDS")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(insert, "CMD")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("update duty_record set words = 'z'")
    for who, seen in (("leeds", 1), ("lead", 1), ("camden officer", 0), ("supplier", 0)):
        await become(who)
        assert await connection.fetchval("select count(*) from duty_record") == seen
        if who != "officer":
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(insert.replace("2027-05-26", "2027-05-27"), "LDS")
            assert await connection.execute("delete from duty_record") == "DELETE 0"
    await connection.close()


@pytest.mark.parametrize(
    ("code", "due", "signed_on", "gross", "procedure", "wanted"),
    [
        # A half-year ends on 31 March 2027, and its 30 days with 29 April.
        ("payments-compliance", date(2027, 4, 29), date(2027, 3, 31), 1, Procedure.OPEN, True),
        ("payments-compliance", date(2027, 4, 29), date(2027, 4, 1), 1, Procedure.OPEN, False),
        ("payments-compliance", date(2027, 4, 29), date(2027, 1, 1), 1, Procedure.BELOW_THRESHOLD, False),
        # The pipeline notice lists contracts over £2 million; 56 days beginning with 1 April end on 26 May.
        ("pipeline", date(2027, 5, 26), date(2027, 4, 1), 200_000_001, Procedure.OPEN, True),
        ("pipeline", date(2027, 5, 26), date(2027, 4, 1), 200_000_000, Procedure.OPEN, False),
        ("payment-information", date(2027, 4, 29), date(2027, 3, 1), 3_000_000, Procedure.OPEN, False),
        ("payment-information", date(2027, 4, 29), date(2027, 3, 1), 3_000_001, Procedure.OPEN, True),
    ],
)
def test_a_contract_touches_what_its_council_owes_whatever_it_buys(
    code, due, signed_on, gross, procedure, wanted
):
    own = duties.of_council("LDS", "Leeds", law(), due - timedelta(days=20), {})
    duty = next(each for each in own if (each.code, each.due_on) == (code, due))
    facts = dataclasses.replace(
        life().facts, body_code="LDS", signed_on=signed_on, value_gross_pence=gross, procedure=procedure
    )
    assert touches(duty, facts, law()) is wanted
    assert not touches(duty, dataclasses.replace(facts, body_code="CMD"), law())
    assert bool(trigger(duty, law())) is bool(duty.notice)


def test_a_notice_before_the_tender_waits_for_its_confirmation():
    assert not {("uk2", "LDS"), ("uk3", "LDS")} & found(owing()).keys()
    waiting = found(owing(early=frozenset({"UK2", "UK3"})))
    assert {waiting[(code, "LDS")].state for code in ("uk2", "uk3")} == {DutyState.NOW}
    done = {"UK3": Published("000301-2026", date(2026, 7, 1))}
    confirmed = found(owing(early=frozenset({"UK3"}), notices=done))[("uk3", "LDS")]
    assert (confirmed.state, confirmed.done) == (DutyState.DONE, "000301-2026")
    below = dataclasses.replace(COURSE, procedure=Procedure.BELOW_THRESHOLD)
    small = dataclasses.replace(WHOLE, course=below)
    assert list(found(owing(content=small, early=frozenset({"UK2", "UK3"})))) == [("uk4", "LDS")]


def test_what_is_prepared_here_is_what_pages_prepare():
    prepared_here = {*Code, *Early, *NOTICES}
    assert prepared_here == prepared.HERE
    elsewhere = [each.code for each in prepared.elsewhere(law(), TODAY)]
    assert elsewhere == ["UK1", "UK5", "UK13", "UK14", "UK15", "UK16", "UK17"]
