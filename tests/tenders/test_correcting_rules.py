"""What of a published tender can be corrected, when, and how it reads: pure rules."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.timetables.asked import Procedure
from tenders import models
from tenders.rules.content import Kpi
from tenders.rules.correcting import checking, lines, places
from tenders.rules.correcting.places import FIELDS, Change, FileVersion, Kind, Place
from tenders.rules.fingerprints import fingerprint
from tenders.rules.linting.findings import Part, blocks
from tenders.rules.terms import Terms
from tests.tenders.contents import COURSE, DATES, LOT, WHOLE
from values.refusals import Missing, Refused

FULL = dataclasses.replace(
    WHOLE,
    course=dataclasses.replace(COURSE, stages="Two stages", term_reason="Long investment"),
    dates=dataclasses.replace(DATES, extended_until=date(2033, 1, 3)),
    kpis=(Kpi(1, "Uptime", "Each month", "99.9%"),),
    no_kpis_reason="None yet",
    engagement_words="As the notice says",
    lots=(dataclasses.replace(LOT, areas=("UKE4", "UKI")),),
    terms=Terms(
        requests_how="On the lead’s page",
        treaties=("gpa", "other"),
        treaties_words="Another treaty",
        recurs=True,
        recurs_on=date(2030, 9, 2),
        recurs_words="Every four years",
        repeats="More of the same services",
        specifications="WCAG 2.2 or an equivalent",
        payment_terms="Each quarter",
    ),
)
DUE = DATES.tenders_due_at
assert DUE
OTHER = {
    Kind.LINE: "Another",
    Kind.TEXT: "Another\ntext",
    Kind.PENCE: "12345",
    Kind.WEIGHT: "12.5",
    Kind.DAY: "2030-02-03",
    Kind.LANGUAGES: "en cy",
    Kind.TREATIES: "none",
    Kind.AREAS: "UKE42 UKI",
    Kind.FILE: FileVersion("other.pdf", "pdf", 2, "cd", 11).text,
}
TABLES = {
    Place.TENDER: models.Tender,
    Place.LOT: models.TenderLot,
    Place.REQUIREMENT: models.TenderRequirement,
    Place.CRITERION: models.TenderCriterion,
    Place.KPI: models.TenderKpi,
}


def change_of(field, number=1, after=None):
    before = places.value_of(FULL, field, number)
    if field.kind is Kind.FILE:
        before = FileVersion("contract.pdf", "pdf", 1, "ab", 10).text
    return Change(field.place, number, field.name, before, after or OTHER[field.kind])


@pytest.mark.parametrize("field", FIELDS, ids=lambda each: f"{each.place}-{each.name}")
def test_each_value_is_corrected_and_put_back(field):
    change = change_of(field)
    assert places.stands(FULL, change)
    after = places.corrected(FULL, [change])
    assert fingerprint(after) != fingerprint(FULL)
    assert not places.stands(after, change)
    assert places.undone(after, [change]) == FULL
    if field.kind is Kind.FILE:
        assert after.documents[0].name == "other.pdf"
    else:
        assert places.value_of(after, field, 1) == OTHER[field.kind]
        assert field.name in TABLES[field.place].__table__.columns


def test_no_correction_reaches_who_buys_or_what_bids_are_put_together_from():
    every = [change_of(field) for field in FIELDS]
    after = places.corrected(FULL, every, until=DUE + timedelta(days=1))
    assert after.buyers == FULL.buyers
    assert after.considered == FULL.considered
    assert [each.tier_starts for each in after.lots] == [each.tier_starts for each in FULL.lots]
    assert (after.course.procedure, after.price.formula) == (FULL.course.procedure, FULL.price.formula)
    assert after.dates.tenders_due_at == DUE + timedelta(days=1)
    for place, name in (
        ("tender", "procedure"),
        ("lot", "tier_starts"),
        ("buyer", "name"),
        ("tender", "state"),
    ):
        with pytest.raises(Missing):
            places.correctable(place, name)


@given(
    st.lists(st.sampled_from([f for f in FIELDS if f.kind is Kind.TEXT]), unique=True), st.text(min_size=1)
)
def test_several_corrections_are_put_back_whole(fields, words):
    changes = [change_of(field, after=words) for field in fields]
    assert places.undone(places.corrected(FULL, changes), changes) == FULL


@given(st.text(alphabet="ab\n", max_size=12), st.text(alphabet="ab\n", max_size=12))
def test_lines_hold_both_texts_whole(before, after):
    found = lines.lines(before, after)
    assert [each.text for each in found if each.sign is not lines.Sign.IN] == before.splitlines()
    assert [each.text for each in found if each.sign is not lines.Sign.OUT] == after.splitlines()


def test_a_change_is_told_in_words_of_its_kind():
    gross = places.correctable("lot", "gross_pence")
    (told,) = lines.told(FULL, [change_of(gross)])
    assert told.words == (
        "Lot 1, Library system: Value with VAT, options and extensions. Before: £1,800,000.00. Now: £123.45"
    )
    day = places.correctable("tender", "starts_on")
    assert "Before: 4 January 2027. Now: 3 February 2030" in lines.told(FULL, [change_of(day)])[0].words


def test_a_value_is_offered_where_the_tender_has_it_and_cannot_be_left_empty():
    offered = {(field.place, field.name) for field, _ in places.offered(WHOLE)}
    assert (Place.TENDER, "risks") in offered
    assert (Place.TENDER, "stages") not in offered
    field = places.correctable("tender", "risks")
    with pytest.raises(Refused, match="cannot be left out"):
        places.check_says_another(field, "x", "")
    with pytest.raises(Refused, match="already"):
        places.check_says_another(field, "x", "x")
    with pytest.raises(Missing):
        places.value_of(WHOLE, places.correctable("lot", "title"), 2)


def test_a_tender_is_corrected_while_it_is_published_and_before_the_first_deadline():
    before = DUE - timedelta(seconds=1)
    checking.check_can_correct("published", WHOLE, before)
    with pytest.raises(Refused, match="deadline has passed"):
        checking.check_can_correct("published", WHOLE, DUE)
    for state in ("draft", "approved", "closed", "awarded", "terminated"):
        with pytest.raises(Refused, match="while it is published"):
            checking.check_can_correct(state, WHOLE, before)
    course = dataclasses.replace(COURSE, procedure=Procedure.COMPETITIVE_FLEXIBLE)
    dates = dataclasses.replace(DATES, requests_due_on=date(2026, 9, 20))
    flexible = dataclasses.replace(WHOLE, course=course, dates=dates)
    checking.check_can_correct("published", flexible, datetime(2026, 9, 20, 12, tzinfo=UTC))
    with pytest.raises(Refused, match="section 31"):
        checking.check_can_correct("published", flexible, datetime(2026, 9, 21, 12, tzinfo=UTC))


@pytest.mark.parametrize(("before", "until", "refused"), [(10, None, False), (9, None, True), (3, 10, False)])
def test_suppliers_are_left_ten_days_or_told_why_fewer_are_enough(before, until, refused):
    now = DUE - timedelta(days=before)
    later = now + timedelta(days=until) if until else None
    if refused:
        with pytest.raises(Refused, match="9 days left"):
            checking.check_time(DUE, later, " ", now)
        checking.check_time(DUE, later, "A slip of the pen", now)
    else:
        checking.check_time(DUE, later, "", now)
    with pytest.raises(Refused, match="to later only"):
        checking.check_time(DUE, DUE, "", now)


def test_what_the_tender_no_longer_says_and_what_comes_to_be_in_the_way_is_refused():
    change = change_of(places.correctable("tender", "risks"))
    checking.check_changes(FULL, [change])
    with pytest.raises(Refused, match="says something else"):
        checking.check_changes(dataclasses.replace(FULL, risks="Others"), [change])
    with pytest.raises(Refused, match="Nothing is corrected"):
        checking.check_changes(FULL, [])
    known, new = blocks("a", Part.LOTS, "Known.", "s"), blocks("b", Part.LOTS, "New.", "s")
    checking.check_nothing_new([known], [known])
    with pytest.raises(Refused, match="New"):
        checking.check_nothing_new([known], [known, new])
