"""What a contract owes, how it is assessed, ends and is paid: rules against days worked by hand."""

from __future__ import annotations

import dataclasses
from datetime import date
from uuid import UUID

import pytest

from sourcing.rules.duties import DutyState
from sourcing.rules.law import law
from sourcing.rules.timetables.asked import Procedure
from suppliers.rules import Declared, Registered, Size
from tenders.rules.award_facts import Named
from tenders.rules.contracts import ending, notices, owing, paying, performing
from tenders.rules.contracts.life import Assessment, Breach, Copy, Ending, Reading, Told
from tenders.rules.contracts.paying import Payment
from tenders.rules.duties import Outcome, Recorded
from tests.tenders.contents import WHOLE
from tests.tenders.lives import CONTRACT, FACTS, MILLION, changed, life
from values.refusals import Refused

TODAY = date(2027, 9, 1)
LARGE = {"value_gross_pence": 6 * MILLION}
END = Ending(UUID(int=90), True, "agreed", date(2027, 8, 31), "Both wanted it", "Olga Officer")


def owed(contract, today=TODAY, records=None):
    found = owing.of_contract(contract, law(), today, records or {})
    return {(each.code.partition(":")[0], each.due_on): each for each in found}


def test_days_of_the_reference():
    found = owed(life(LARGE), date(2027, 1, 5))
    # Entered into on 5 January 2027: details by 3 February, copy by 4 April, assessed by 4 January 2028.
    assert found["contract-details", date(2027, 2, 3)].state is DutyState.UPCOMING
    assert found["contract-copy", date(2027, 4, 4)].state is DutyState.UPCOMING
    assert ("performance", date(2028, 1, 4)) in found
    assert ("contract-copy", date(2027, 4, 4)) not in owed(life())
    assert ("performance", date(2028, 1, 4)) not in owed(life())


def test_what_was_published_is_done_and_what_was_not_is_late():
    found = owed(
        life(
            LARGE,
            notices=[Told("UK7", CONTRACT, "012345-2027", date(2027, 1, 20))],
            copies=[Copy("contract", CONTRACT, "012346-2027", date(2027, 3, 1))],
        )
    )
    details = found["contract-details", date(2027, 2, 3)]
    assert (details.state, details.done) == (DutyState.DONE, "012345-2027")
    assert found["contract-copy", date(2027, 4, 4)].state is DutyState.DONE
    assert owed(life(LARGE))["contract-copy", date(2027, 4, 4)].state is DutyState.OVERDUE


def test_each_twelve_months_want_an_assessment_of_their_own():
    first = Assessment(UUID(int=91), date(2027, 1, 5), date(2027, 12, 31), False, "Olga Officer")
    told = Told("UK9", first.id, "012350-2028", date(2028, 1, 3))
    found = owed(life(LARGE, assessments=[first], notices=[told]), date(2028, 2, 1))
    assert found["performance", date(2028, 1, 4)].state is DutyState.DONE
    assert found["performance", date(2029, 1, 4)].state is DutyState.UPCOMING
    unpublished = owed(life(LARGE, assessments=[first]), date(2028, 2, 1))
    assert unpublished["performance", date(2028, 1, 4)].state is DutyState.OVERDUE


def test_an_end_owes_its_notice_and_a_last_assessment():
    found = owed(life(LARGE, endings=[END]))
    assert found["termination", date(2027, 9, 29)].state is DutyState.UPCOMING
    assert found["performance", date(2027, 8, 31)].state is DutyState.OVERDUE
    last = Assessment(UUID(int=92), date(2027, 1, 5), date(2027, 8, 31), True, "Olga Officer")
    told = [Told("UK9", last.id, "1", TODAY), Told("UK11", END.id, "2", TODAY)]
    done = owed(life(LARGE, endings=[END], assessments=[last], notices=told))
    assert done["termination", date(2027, 9, 29)].done == "2"
    assert done["performance", date(2027, 8, 31)].done == "1"


def test_a_planned_end_is_not_late_until_it_has_passed():
    # The last day is 31 March 2029; thirty days beginning with it end on 29 April.
    assert owed(life(), date(2028, 6, 1))["termination", date(2029, 4, 29)].state is DutyState.PLANNED
    passed = owed(life(), date(2029, 4, 1))["termination", date(2029, 4, 29)]
    assert passed.state is DutyState.NOW
    assert owing.NOT_RECORDED in passed.note


def test_breaches_and_changes_owe_what_the_law_asks_within_their_days():
    breach = Breach(UUID(int=93), date(2027, 8, 10), "damages", "Late for weeks", "Olga Officer")
    change = changed(1, needs_notice=True, text_is_published=True, made_on=date(2027, 7, 1))
    found = owed(life(LARGE, breaches=[breach], changes=[change]))
    assert found[f"breach-{breach.id}", date(2027, 9, 8)].notice == "UK9"
    assert found[f"change-copy-{change.id}", date(2027, 9, 28)].state is DutyState.UPCOMING
    assert found[f"uk10-{change.id}", None].state is DutyState.NOW


def test_below_the_threshold_details_are_due_now_without_a_day():
    below = life(
        {"procedure": Procedure.BELOW_THRESHOLD, "value_gross_pence": 50_000_00, "details_due_on": None}
    )
    assert [(each.notice, each.due_on, each.state) for each in owed(below).values()] == [
        ("UK7", None, DutyState.NOW)
    ]


def test_what_an_officer_recorded_closes_a_duty_with_its_reason():
    code = owing.code_of("contract-copy", life())
    records = {
        (code, date(2027, 4, 4)): Recorded(Outcome.NOT_OWED, "Published in the council’s own register")
    }
    closed = owed(life(LARGE), records=records)["contract-copy", date(2027, 4, 4)]
    assert (closed.state, closed.done) == (DutyState.NOT_OWED, "Published in the council’s own register")


def reading(number=1, until=date(2027, 8, 31), **more):
    whole = Reading(number, date(2027, 8, 1), until, "99.5 %", "good", "Log of August", "Olga Officer")
    return dataclasses.replace(whole, **more)


def test_a_later_reading_of_the_same_days_takes_the_place_of_an_earlier_one():
    found = performing.current([reading(value="98 %"), reading(value="99 %"), reading(2)])
    assert [(each.kpi_number, each.value) for each in found] == [(1, "99 %"), (2, "99.5 %")]


def test_an_assessment_leaves_no_indicator_out_and_no_day_twice():
    span = (date(2027, 1, 5), date(2027, 8, 31))
    with pytest.raises(Refused, match="Indicator 2, Indicator 3"):
        performing.check_assessment(life(readings=[reading(1)]), *span, TODAY)
    whole = [reading(number) for number in (1, 2, 3)]
    performing.check_assessment(life(readings=whole), *span, TODAY)
    done = Assessment(UUID(int=91), *span, False, "Olga Officer")
    with pytest.raises(Refused, match="assessed already"):
        performing.check_assessment(life(readings=whole, assessments=[done]), *span, TODAY)
    late = date(2028, 2, 1)
    with pytest.raises(Refused, match="at most twelve months"):
        performing.check_assessment(life(readings=whole), span[0], late, late)
    assert performing.next_span(life(assessments=[done]), date(2029, 1, 1)) == (
        date(2027, 9, 1),
        date(2028, 8, 31),
    )


def test_a_contract_does_not_run_out_before_its_last_day():
    with pytest.raises(Refused, match="Its term runs to 31 March 2029"):
        ending.check(life(), dataclasses.replace(END, kind="expired"), TODAY)
    with pytest.raises(Refused, match="as a whole"):
        ending.check(life(), dataclasses.replace(END, whole=False, kind="performed"), TODAY)
    ending.check(life(), END, TODAY)


def test_notices_say_what_the_law_asks_for():
    said = {
        x.name: x.value
        for x in notices.details(
            WHOLE,
            life(LARGE),
            law(),
            suppliers=[
                Named("1", "Quire Ltd", Declared(Size.SMALL, voluntary=True), Registered("01234567")),
                Named("2", "Other plc"),
            ],
            tender_notice="1",
            award_notice="2",
        )
    }
    assert said["Size and kind of the supplier"] == (
        "Quire Ltd: small; voluntary, community or social enterprise\nOther plc: not declared"
    )
    assert said["Identifier of the supplier"] == (
        "Quire Ltd: Companies House 01234567\nOther plc: number not declared"
    )
    assert said["Day on which it was entered into"] == "5 January 2027"
    assert said["Contract dates"] == "1 April 2027 to 31 March 2029, with extensions until 31 March 2031"
    assert said["Copy of the contract"] == "It is published by 4 April 2027"
    assert said["Key performance indicator 3"].startswith("Indicator 3")
    assert "Lead contracting authority" not in said
    assessed = Assessment(UUID(int=91), date(2027, 1, 5), date(2027, 8, 31), True, "Olga Officer")
    told = notices.performance(WHOLE, life(readings=[reading()]), assessed, suppliers=[])
    assert next(x.value for x in told if x.name == "Indicator 1").endswith("99.5 % against 99 %. Good")
    with pytest.raises(Refused, match="needs no contract change notice"):
        notices.check_due("UK10", life(), changed())


def payment(received, paid, pence=1_000_00, **more):
    whole = Payment(
        id=UUID(int=1),
        contract_id=CONTRACT,
        reference="C-1",
        supplier="Quire Ltd",
        invoice="1",
        sum_pence=pence,
        received_on=received,
        falls_due_on=None,
        disputed=False,
        paid_on=paid,
    )
    return dataclasses.replace(whole, **more)


def test_payments_are_counted_from_two_different_days():
    # Received on 1 March: in time until the 30th, which is day 29 of the statistics.
    on_time = payment(date(2027, 3, 1), date(2027, 3, 30))
    assert paying.due_on(law(), on_time) == date(2027, 3, 30)
    assert on_time.days == 29
    later = payment(date(2027, 3, 1), None, falls_due_on=date(2027, 3, 20))
    assert paying.due_on(law(), later) == date(2027, 4, 18)
    found = paying.count(
        law(),
        [
            on_time,
            payment(date(2027, 2, 1), date(2027, 3, 31)),
            payment(date(2026, 12, 1), date(2027, 3, 1)),
            payment(date(2027, 2, 1), date(2027, 4, 1)),
            payment(date(2027, 2, 1), None, disputed=True),
        ],
        date(2026, 10, 1),
        date(2027, 3, 31),
    )
    assert (found.paid, found.soon, found.late, found.very_late, found.unpaid) == (3, 1, 1, 1, 1)
    assert found.mean_days == pytest.approx((29 + 58 + 90) / 3)
    assert found.share(found.soon) == pytest.approx(1 / 3)


def test_half_years_and_large_payments():
    assert paying.half_years(date(2027, 3, 31))[0] == (date(2026, 10, 1), date(2027, 3, 31))
    assert paying.half_years(date(2027, 4, 1))[1] == (date(2026, 10, 1), date(2027, 3, 31))
    day = date(2027, 5, 1)
    over = [
        payment(day, day, pence=30_000_01),
        payment(day, day, pence=30_000_00),
        payment(day, None, pence=9 * MILLION),
    ]
    assert paying.large(law(), over, date(2027, 4, 1), date(2027, 6, 30)) == over[:1]
    with pytest.raises(Refused, match="before the invoice"):
        paying.check(payment(day, date(2027, 4, 30)), FACTS.signed_on, date(2027, 6, 1))
