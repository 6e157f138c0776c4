"""What a notice says besides, and the form of what it says: findings, fields, and hashes that stay."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from sourcing.rules.law import law
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.models import Tender
from tenders.rules import notices
from tenders.rules.fingerprints import fingerprint
from tenders.rules.linting import shapes
from tenders.rules.linting.checking import findings
from tenders.rules.linting.findings import Part, Severity
from tenders.rules.terms import UNSAID, Terms
from tests.tenders.contents import COURSE, DATES, LOT, TODAY, WHOLE
from values.refusals import Refused

# What the content of these tests, without what came later, was hashed to before there was any of it.
BEFORE = "4ff3b65541f542f638f0832c16acdd2b37a11c6fe6b22d754116c91a0bf20fc7"
LOTS = tuple(replace(LOT, number=number, title=f"Lot {number}") for number in (1, 2, 3))


def found(content):
    return {each.code: each for each in findings(content, law(), TODAY)}


def said(**changed):
    return replace(WHOLE, terms=replace(WHOLE.terms, **changed))


def several(**changed):
    return replace(said(**changed), lots=LOTS)


def buyer(**changed):
    return replace(WHOLE, buyers=(WHOLE.buyers[0], replace(WHOLE.buyers[1], **changed)))


def lot(**changed):
    return replace(WHOLE, lots=(replace(LOT, **changed),))


FLEXIBLE = replace(
    WHOLE,
    course=replace(COURSE, procedure=Procedure.COMPETITIVE_FLEXIBLE, stages="Two stages"),
    dates=replace(DATES, requests_due_on=date(2026, 10, 2), invite_on=date(2026, 10, 12)),
)
SPOILED = [
    ("no-treaties", said(treaties=()), Part.TERMS, "blocks", "regulation 18(2)"),
    ("treaty-unnamed", said(treaties=("other",)), Part.TERMS, "blocks", "regulation 18(2)"),
    ("no-requests-how", FLEXIBLE, Part.TERMS, "blocks", "19"),
    ("recurrence-when", said(recurs=True), Part.TERMS, "blocks", "regulation 18(2)"),
    ("recurrence-early", said(recurs=True, recurs_on=date(2026, 9, 7)), Part.TERMS, "blocks", "here"),
    (
        "repeats-works",
        replace(said(repeats="More of it"), course=replace(COURSE, kind=ContractKind.WORKS)),
        Part.TERMS,
        "look",
        "Schedule 5, paragraph 8",
    ),
    ("auction-undescribed", said(auction=True), Part.TERMS, "blocks", "regulation 18(2)"),
    ("auction-elsewhere", said(auction=True, auction_words="Online"), Part.TERMS, "look", "here"),
    ("lots-bid-idle", said(most_lots_bid=1), Part.TERMS, "blocks", "section 20(7)"),
    ("lots-bid-idle", several(most_lots_bid=3), Part.TERMS, "blocks", "section 20(7)"),
    ("lots-won-idle", several(most_lots_won=4, lots_order="value"), Part.TERMS, "blocks", "section 23(4)"),
    (
        "lots-won-above",
        several(most_lots_bid=1, most_lots_won=1, lots_order="value"),
        Part.TERMS,
        "blocks",
        "sections 20(7) and 23(4)",
    ),
    ("lots-won-rule", several(most_lots_won=1), Part.TERMS, "blocks", "section 23(4)"),
    (
        "lots-won-value",
        replace(
            several(most_lots_won=1, lots_order="value"), lots=(*LOTS[:2], replace(LOTS[2], gross_pence=None))
        ),
        Part.TERMS,
        "blocks",
        "section 23(4)",
    ),
    ("uk_standard", said(specifications="BS 8878"), Part.TERMS, "look", "section 56"),
    ("paid-late", said(payment_terms="Within 45 days of delivery"), Part.TERMS, "look", "section 68"),
    ("cpv-form", lot(cpv="4800000"), Part.LOTS, "blocks", "regulation 18(2)"),
    ("area-form", lot(areas=("UKE4", "E12000003")), Part.LOTS, "blocks", "regulation 18(2)"),
    ("email", buyer(email="buy@camden"), Part.BUYERS, "blocks", "regulation 13"),
    ("identifier", buyer(identifier="—\nno"), Part.BUYERS, "blocks", "regulation 13"),
    ("identifier-form", buyer(identifier="PCMD"), Part.BUYERS, "look", "here"),
    ("identifier-shared", buyer(identifier="PXXX-0000-XLDS"), Part.BUYERS, "blocks", "regulation 13"),
    ("link", replace(WHOLE, description="See www.example.org/it"), Part.BASICS, "blocks", "here"),
]


@pytest.mark.parametrize(
    ("code", "content", "part", "severity", "source"),
    SPOILED,
    ids=[f"{each[0]}-{n}" for n, each in enumerate(SPOILED)],
)
def test_what_is_spoiled_is_found_with_its_section(code, content, part, severity, source):
    finding = found(content)[code]
    assert (finding.part, finding.severity) == (part, Severity(severity))
    assert source in finding.source
    assert finding.words.endswith(".")


WHOLE_TERMS = Terms(
    languages=("en", "cy"),
    treaties=("gpa", "other"),
    treaties_words="Another treaty",
    recurs=True,
    recurs_on=date(2030, 9, 2),
    repeats="More of the same services",
    specifications="BS 8878 or an equivalent",
    payment_terms="A tenth is kept back for 30 days",
    most_lots_bid=2,
    most_lots_won=1,
    lots_order="value",
)


def test_nothing_is_found_where_all_is_said():
    assert found(replace(WHOLE, terms=WHOLE_TERMS, lots=LOTS, kpis=(), no_kpis_reason="One delivery")) == {}
    requests = replace(FLEXIBLE, terms=replace(WHOLE.terms, requests_how="On the lead’s page"))
    assert "no-requests-how" not in found(requests)
    below = replace(said(treaties=()), course=replace(COURSE, procedure=Procedure.BELOW_THRESHOLD))
    assert "no-treaties" not in found(below)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("See https://example.org/a?b=c.", []),
        ("See (https://www.example.org/), and http://example.org:8080/x", []),
        ("Write to www.example.org", ["www.example.org"]),
        ("https:/example.org and https://example", ["https:/example.org", "https://example"]),
        ("ftp://example.org", ["ftp://example.org"]),
        ("https://example.org:port/", ["https://example.org:port/"]),
        ("Ratio 3:1, and/or 24/7", []),
    ],
)
def test_a_link_leads_somewhere(text, broken):
    assert shapes.broken_links(text) == broken


def test_the_rule_for_lots_is_said_whole():
    assert WHOLE_TERMS.rule_words == (
        "Lots are awarded one after the other: the lot with the highest estimated value first, with VAT; of "
        "equal values the lower number. Each goes to the best bid whose suppliers have not won that many "
        "lots before"
    )
    assert replace(WHOLE_TERMS, most_lots_won=None).rule_words == ""


def fields_of(content):
    return {each.name: each for each in notices.tender_notice(content, law(), TODAY, areas="UKE")}


def test_the_notice_says_all_of_it():
    made = fields_of(replace(WHOLE, terms=WHOLE_TERMS, lots=(replace(LOTS[0], areas=("UKE4",)), *LOTS[1:])))
    told = {name: field.value for name, field in made.items()}
    assert told["International agreements"] == (
        "The Agreement on Government Procurement (GPA)\nAnother treaty"
    )
    assert told["Recurrence"] == "Likely to recur, a further notice may be expected on 2 September 2030"
    assert told["Intention to award similar services directly"] == "More of the same services"
    assert "18(2)(h)" in made["Intention to award similar services directly"].source
    assert told["Electronic auction"] == "None is used"
    assert told["Languages of tenders and requests"] == "English, Welsh"
    assert told["Limits on lots"].splitlines() == [
        "One supplier may bid for at most 2 lots",
        "One supplier may win at most 1 lot",
        WHOLE_TERMS.rule_words,
    ]
    assert "Performed in: UKE4 in Yorkshire and The Humber" in told["Lot 1"].splitlines()
    assert told["Areas where the contract is performed, for other lots"] == "UKE"


def test_a_notice_without_the_agreements_is_not_prepared():
    notices.check_whole(list(fields_of(WHOLE).values()))
    with pytest.raises(Refused, match="The notice lacks: International agreements"):
        notices.check_whole(list(fields_of(replace(WHOLE, terms=UNSAID)).values()))
    with pytest.raises(Refused, match="How requests to participate are submitted"):
        notices.check_whole(list(fields_of(FLEXIBLE).values()))


def test_what_was_approved_before_keeps_its_hash():
    buyers = tuple(replace(each, identifier=f"P{each.code}") for each in WHOLE.buyers)
    before = replace(WHOLE, terms=UNSAID, buyers=buyers)
    assert fingerprint(before).hex() == BEFORE
    for changed in (
        replace(before, terms=Terms(treaties=("none",))),
        replace(before, terms=Terms(languages=("en", "cy"))),
        replace(before, lots=(replace(LOT, areas=("UKE",)),)),
    ):
        assert fingerprint(changed).hex() != BEFORE


def test_each_term_is_a_column_that_says_the_same_where_nothing_was_chosen():
    defaults = {
        each.name: getattr(Tender.__table__.columns[each.name].server_default, "arg", None)
        for each in fields(Terms)
    }
    said_by = {"": "", "false": False, "'{}'::text[]": (), "'{en}'::text[]": ("en",)}
    for name, default in defaults.items():
        value = None if default is None else said_by[str(default)]
        assert value == getattr(UNSAID, name), name
