"""The linter: a complete tender has no finding, and each thing that is spoiled has its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.assessment.prices import Formula
from sourcing.rules.law import law
from sourcing.rules.timetables.asked import Procedure
from tenders.rules import tasks
from tenders.rules.content import Engagement, Kpi, Model, Requirement
from tenders.rules.fingerprints import fingerprint
from tenders.rules.linting.checking import blocking, findings
from tenders.rules.linting.findings import Part, Severity
from tests.tenders.contents import CONDITION, COURSE, CRITERION, DATES, LOT, TODAY, WHOLE
from values.years import LONDON


def found(content, today=TODAY):
    return {each.code: each for each in findings(content, law(), today)}


def lot(**changed):
    return replace(WHOLE, lots=(replace(LOT, **changed),))


def course(**changed):
    return replace(WHOLE, course=replace(COURSE, **changed))


def days(**changed):
    return replace(WHOLE, dates=replace(DATES, **changed))


def considered(**changed):
    return replace(WHOLE, considered=replace(WHOLE.considered, **changed))


def criterion(**changed):
    return replace(WHOLE, criteria=(replace(CRITERION, **changed), CONDITION))


def condition(**changed):
    return replace(WHOLE, criteria=(CRITERION, replace(CONDITION, **changed)))


PART = replace(CRITERION, number=3, parent=1, weight=Decimal(70))
KPIS = tuple(Kpi(number, f"Indicator {number}", "Monthly", "99 %") for number in (1, 2, 3))
BELOW = course(procedure=Procedure.BELOW_THRESHOLD)
BRAND = (Requirement(1, "Works with Microsoft 365", must=True, option=False, lot=None),)


def test_nothing_is_found_in_a_complete_tender():
    assert found(WHOLE) == {}


SPOILED = [
    # code, content, part, severity, words of the source
    ("no-lot", replace(WHOLE, lots=()), Part.LOTS, "blocks", "here"),
    ("no-value", lot(gross_pence=None), Part.LOTS, "blocks", "section 123(2)"),
    ("gross-below-net", lot(gross_pence=149_999_999), Part.LOTS, "blocks", "section 123(2)"),
    ("no-options", lot(options_pence=None), Part.LOTS, "blocks", "Schedule 3"),
    ("options-undescribed", lot(options=""), Part.LOTS, "blocks", "regulation 18(2)"),
    ("no-cpv", lot(cpv=""), Part.LOTS, "blocks", "regulation 18(2)"),
    ("above-threshold", BELOW, Part.PROCEDURE, "blocks", "Schedule 1"),
    (
        "below-threshold",
        lot(net_pence=1, options_pence=0, options="", gross_pence=20_771_999),
        Part.PROCEDURE,
        "look",
        "Schedule 1",
    ),
    ("no-lead", replace(WHOLE, buyers=WHOLE.buyers[1:]), Part.BUYERS, "blocks", "regulation 13"),
    ("one-buyer", replace(WHOLE, buyers=WHOLE.buyers[:1]), Part.BUYERS, "look", "regulation 13"),
    (
        "buyer-unknown",
        replace(WHOLE, buyers=(WHOLE.buyers[0], replace(WHOLE.buyers[1], identifier=""))),
        Part.BUYERS,
        "blocks",
        "regulation 13",
    ),
    ("small-firms", considered(small_firms=""), Part.CONSIDERED, "blocks", "section 12(4)"),
    ("no-lots-reason", replace(WHOLE, no_lots_reason=""), Part.BASICS, "blocks", "section 18"),
    ("policy", considered(policy=""), Part.CONSIDERED, "blocks", "section 13(9)"),
    ("conflicts", considered(conflicts_on=None), Part.CONSIDERED, "blocks", "section 83"),
    ("conflicts-late", considered(conflicts_on=date(2026, 9, 8)), Part.CONSIDERED, "blocks", "section 83"),
    ("engagement", replace(WHOLE, engagement=None), Part.PROCEDURE, "blocks", "sections 16 and 17"),
    ("engagement-reason", replace(WHOLE, engagement=Engagement.REASON), Part.PROCEDURE, "blocks", "17"),
    ("engagement-reference", replace(WHOLE, engagement=Engagement.NOTICE), Part.PROCEDURE, "blocks", "17"),
    ("indicators", lot(gross_pence=500_000_001), Part.KPIS, "blocks", "section 52"),
    ("indicator-unmeasured", replace(WHOLE, kpis=(Kpi(1, "Up", "", ""),)), Part.KPIS, "blocks", "section 52"),
    ("condition-unreasoned", condition(reason=""), Part.CONDITIONS, "blocks", "section 22"),
    ("audited-accounts", condition(description="Audited accounts"), Part.CONDITIONS, "look", "section 22"),
    ("insurance", condition(description="Insurance of £5 million"), Part.CONDITIONS, "look", "section 22"),
    (
        "earlier-contract",
        condition(description="A previous contract with a council"),
        Part.CONDITIONS,
        "look",
        "section 22",
    ),
    ("no-equivalent", condition(description="ISO 27001"), Part.CONDITIONS, "look", "section 22(4)(c)"),
    ("no-criteria", replace(WHOLE, criteria=()), Part.AWARD, "blocks", "section 23"),
    ("no-method", replace(WHOLE, method=""), Part.AWARD, "blocks", "section 23"),
    ("no-tie-break", replace(WHOLE, tie_break=""), Part.AWARD, "look", "section 23"),
    ("weights", criterion(weight=Decimal("59.5")), Part.AWARD, "blocks", "section 23"),
    ("criterion-unclear", criterion(description=""), Part.AWARD, "blocks", "section 23"),
    ("no-weight", criterion(highest=None), Part.AWARD, "blocks", "section 23"),
    ("no-standard", criterion(passes_or_fails=True, standard=""), Part.AWARD, "blocks", "section 23"),
    ("least-mark", criterion(least=6), Part.AWARD, "blocks", "section 23"),
    ("part-weights", replace(WHOLE, criteria=(CRITERION, CONDITION, PART)), Part.AWARD, "blocks", "23"),
    ("no-price-weight", replace(WHOLE, price=replace(WHOLE.price, weight=None)), Part.AWARD, "blocks", "23"),
    (
        "no-reference",
        replace(WHOLE, price=replace(WHOLE.price, formula=Formula.BELOW_REFERENCE)),
        Part.AWARD,
        "blocks",
        "here",
    ),
    ("no-volumes", lot(low_units=None), Part.LOTS, "blocks", "here"),
    ("volumes-order", lot(low_units=4000), Part.LOTS, "blocks", "here"),
    ("volume-weights", lot(low_weight=0, expected_weight=0, full_weight=0), Part.LOTS, "blocks", "here"),
    ("tiers", lot(tier_starts=(0, 5, 5)), Part.LOTS, "blocks", "here"),
    ("no-publish", days(publish_on=None), Part.DATES, "blocks", "here"),
    ("no-due", days(tenders_due_at=None), Part.DATES, "blocks", "regulation 18(2)"),
    ("no-award", days(award_on=None), Part.DATES, "blocks", "regulation 18(2)"),
    ("no-start", days(starts_on=None), Part.DATES, "blocks", "regulation 18(2)"),
    ("no-end", days(ends_on=None), Part.DATES, "blocks", "regulation 18(2)"),
    ("order", days(ends_on=date(2026, 12, 1)), Part.DATES, "blocks", "here"),
    (
        "period",
        days(tenders_due_at=datetime(2026, 10, 1, 12, tzinfo=LONDON)),
        Part.DATES,
        "blocks",
        "section 54",
    ),
    ("urgency", course(urgent=True), Part.PROCEDURE, "blocks", "section 54"),
    ("no-stages", course(procedure=Procedure.COMPETITIVE_FLEXIBLE), Part.PROCEDURE, "blocks", "section 20"),
    (
        "framework-term",
        replace(
            WHOLE,
            course=replace(COURSE, model=Model.FRAMEWORK),
            dates=replace(DATES, ends_on=date(2031, 1, 4)),
        ),
        Part.PROCEDURE,
        "blocks",
        "section 47",
    ),
    ("no-requirements", replace(WHOLE, requirements=()), Part.REQUIREMENTS, "blocks", "here"),
    ("brand", replace(WHOLE, requirements=BRAND), Part.REQUIREMENTS, "look", "section 56"),
    ("no-description", replace(WHOLE, description=""), Part.BASICS, "blocks", "regulation 18(2)"),
    ("no-risks", replace(WHOLE, risks=""), Part.BASICS, "look", "Schedule 8"),
    ("no-documents", replace(WHOLE, documents=()), Part.DOCUMENTS, "look", "section 54"),
]


@pytest.mark.parametrize(
    ("code", "content", "part", "severity", "source"), SPOILED, ids=[each[0] for each in SPOILED]
)
def test_what_is_spoiled_is_found_with_its_section(code, content, part, severity, source):
    said = found(content)
    assert code in said, said
    finding = said[code]
    assert (finding.part, finding.severity) == (part, Severity(severity))
    assert source in finding.source
    assert finding.words.endswith(".")


def test_the_day_that_is_just_lawful_is_not_found():
    assert "period" not in found(WHOLE)
    assert "framework-term" not in found(course(model=Model.FRAMEWORK))


def test_above_five_million_three_indicators_or_a_reason_are_enough():
    dear = lot(gross_pence=500_000_001)
    assert "indicators" in found(replace(dear, kpis=KPIS[:2]))
    assert "indicators" not in found(replace(dear, kpis=KPIS))
    assert "indicators" not in found(replace(dear, no_kpis_reason="A single delivery"))
    assert "indicators" not in found(replace(dear, course=replace(COURSE, model=Model.FRAMEWORK)))
    assert "indicators" not in found(lot(gross_pence=500_000_000))


def test_below_the_threshold_fewer_duties_hold():
    small = replace(
        BELOW,
        lots=(replace(LOT, net_pence=10_000_000, options_pence=0, gross_pence=12_000_000),),
        considered=replace(WHOLE.considered, policy="", conflicts_on=None),
        no_lots_reason="",
        engagement=None,
    )
    assert set(found(small)) == {"suitability-stage"}
    without = replace(small, considered=replace(small.considered, small_firms=""), criteria=(CRITERION,))
    assert "section 86" in found(without)["small-firms"].source


def test_the_threshold_of_the_day_counts():
    # £210,000 was below the threshold of 2025 and is above that of 2026.
    dear = lot(net_pence=1, options_pence=0, gross_pence=21_000_000)
    assert "below-threshold" not in found(dear)
    earlier = replace(dear, dates=replace(DATES, publish_on=date(2025, 9, 7)))
    assert "below-threshold" in found(earlier, date(2025, 9, 1))


def test_insurance_from_the_start_of_the_contract_and_equivalents_are_no_finding():
    assert found(condition(description="Insurance of £5 million by the start of the contract")) == {}
    assert found(condition(description="ISO 27001 or an equivalent")) == {}
    equivalent = Requirement(1, "Works with Microsoft 365 or equivalent", must=True, option=False, lot=None)
    assert found(replace(WHOLE, requirements=(equivalent,))) == {}


def test_a_day_that_has_passed_is_counted_from_today():
    assert found(WHOLE, date(2026, 9, 8)).keys() == {"publish-past", "period"}


def test_the_task_list_has_every_part_with_its_status():
    said = tasks.tasks(findings(considered(policy=""), law(), TODAY))
    assert [each.part for each in said] == list(Part)
    assert {each.part: each.status[0] for each in said}[Part.CONSIDERED] == "1 to mend"
    assert {each.part: each.status[0] for each in said}[Part.DATES] == "Complete"
    look = tasks.tasks(findings(replace(WHOLE, risks=""), law(), TODAY))
    assert {each.part: each.status[0] for each in look}[Part.BASICS] == "1 worth a look"


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=6), st.decimals(0, 100, places=2))
def test_weights_are_found_exactly_when_they_do_not_come_to_100(weights, price):
    criteria = tuple(replace(CRITERION, number=n, weight=weight) for n, weight in enumerate(weights, 1))
    content = replace(WHOLE, criteria=criteria, price=replace(WHOLE.price, weight=price))
    assert ("weights" in found(content)) == (sum(weights) + price != 100)


def test_what_blocks_comes_before_what_is_worth_a_look():
    spoiled = replace(WHOLE, description="", risks="", requirements=())
    said = findings(spoiled, law(), TODAY)
    assert [each.code for each in said] == ["no-description", "no-risks", "no-requirements"]
    assert [each.code for each in blocking(said)] == ["no-description", "no-requirements"]


def test_the_same_content_has_the_same_fingerprint_and_another_has_another():
    assert fingerprint(WHOLE) == fingerprint(replace(WHOLE))
    same = replace(WHOLE, price=replace(WHOLE.price, weight=Decimal("40.00")))
    assert fingerprint(WHOLE) == fingerprint(same)
    for _, content, *_ in SPOILED:
        assert fingerprint(content) != fingerprint(WHOLE)
