"""What is published reads back as what the tender says."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import hypothesis
import hypothesis.strategies as st

from analytics.assessment.prices import Formula, Tiers
from ocds.rules.records import compile_releases
from ocds.rules.releases import releases
from sourcing.rules.thresholds import ContractKind
from tenders.rules.content import (
    PROCEDURES,
    TIE_WORDS,
    Buyer,
    Considered,
    Course,
    Criterion,
    CriterionKind,
    Dates,
    Engagement,
    Kpi,
    Lot,
    Model,
    Price,
    Requirement,
)
from tenders.rules.terms import Terms
from tests.ocds.made import ENDING, FILE, PUBLISHER, process
from tests.ocds.reading import content_of
from tests.tenders.contents import WHOLE
from values.years import LONDON

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20)
NAME = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20)
PENCE = st.none() | st.integers(0, 10**13)
COUNT = st.none() | st.integers(0, 10**9)
DAY = st.none() | st.dates(date(2026, 1, 1), date(2060, 1, 1))
WEIGHT = st.none() | st.decimals(0, 100, places=2).map(lambda weight: weight.normalize())
# Without a time zone: that is how hypothesis wants them, and adds one.
FIRST, LAST = datetime(2026, 1, 1), datetime(2060, 1, 1)  # noqa: DTZ001
# Must, option, or nice to have.
KINDS = [(True, False), (False, True), (False, False)]
# Only one that was not filled in at all says nothing of an auction or of recurrence.
TERMS = st.builds(
    Terms,
    languages=st.sampled_from([("en",), ("en", "cy"), ("ga",)]),
    requests_how=WORDS,
    auction=st.booleans(),
    auction_words=WORDS,
    treaties=st.sampled_from([(), ("none",), ("gpa",), ("gpa", "cptpp", "other"), ("other",)]),
    treaties_words=WORDS,
    recurs=st.booleans(),
    recurs_on=DAY,
    recurs_words=WORDS,
    repeats=WORDS,
    specifications=WORDS,
    payment_terms=WORDS,
    most_lots_bid=st.none() | st.integers(1, 9),
    most_lots_won=st.none() | st.integers(1, 9),
    lots_order=st.sampled_from(["", "value", "number"]),
)
MARK = st.none() | st.integers(1, 10)


@st.composite
def contents(draw):
    count = draw(st.integers(1, 3))
    lots = tuple(draw(lot(number)) for number in range(1, count + 1))
    engagement = draw(st.none() | st.sampled_from(Engagement))
    told = engagement in (Engagement.NOTICE, Engagement.REASON)
    model = draw(st.sampled_from(Model))
    weight = draw(WEIGHT)
    return dataclasses.replace(
        WHOLE,
        title=draw(NAME),
        description=draw(WORDS),
        course=draw(
            st.builds(
                Course,
                st.sampled_from(PROCEDURES),
                st.just(model),
                st.sampled_from(ContractKind),
                *[st.booleans()] * 4,
                WORDS,
                st.booleans(),
                WORDS,
                WORDS,
                st.booleans(),
            )
        ),
        dates=draw(
            st.builds(
                Dates,
                st.none(),
                DAY,
                DAY,
                DAY,
                st.none() | st.datetimes(FIRST, LAST, timezones=st.just(LONDON)),
                DAY,
                DAY,
                DAY,
                DAY,
            )
        ),
        buyers=tuple(
            Buyer(code, draw(NAME), number == 0, draw(WORDS), draw(WORDS), draw(WORDS))
            for number, code in enumerate(("LDS", "CMD", "SLF")[: draw(st.integers(1, 3))])
        ),
        lots=lots,
        no_lots_reason=draw(WORDS),
        requirements=tuple(
            Requirement(
                number, draw(NAME), *draw(st.sampled_from(KINDS)), draw(st.none() | st.integers(1, count))
            )
            for number in range(1, draw(st.integers(0, 3)) + 1)
        ),
        criteria=draw(criteria()),
        price=Price(
            weight,
            draw(st.sampled_from(Formula)) if weight is not None else Formula.LOWEST_OVER_PRICE,
            draw(PENCE) if weight is not None else None,
        ),
        method=draw(WORDS),
        kpis=tuple(
            Kpi(number, draw(NAME), draw(WORDS), draw(WORDS)) for number in range(draw(st.integers(0, 2)))
        ),
        no_kpis_reason=draw(WORDS),
        engagement=engagement,
        engagement_words=draw(NAME) if told else "",
        risks=draw(WORDS),
        tie_break=draw(st.sampled_from(["", *TIE_WORDS])),
        terms=draw(TERMS),
    )


@st.composite
def lot(draw, number):
    net = draw(PENCE)
    return Lot(
        number,
        draw(NAME),
        draw(WORDS),
        draw(st.sampled_from(["", "48000000", "72000000"])),
        net,
        draw(PENCE),
        draw(WORDS),
        draw(PENCE),
        draw(WORDS),
        draw(COUNT),
        draw(COUNT),
        draw(COUNT),
        draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
        tuple(draw(st.lists(st.integers(0, 10**6), max_size=3))),
        draw(st.sampled_from(Tiers)),
        draw(st.booleans()),
        draw(st.sampled_from([(), ("UKF2",), ("UKJ1", "UKK")])),
    )


@st.composite
def criteria(draw):
    found: list[Criterion] = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        kind = draw(st.sampled_from(CriterionKind))
        wholes = [each.number for each in found if each.kind is CriterionKind.AWARD and not each.parent]
        parent = draw(st.sampled_from([None, *wholes])) if kind is CriterionKind.AWARD else None
        found.append(
            Criterion(
                number,
                kind,
                parent,
                draw(NAME),
                draw(WORDS),
                draw(WEIGHT),
                draw(MARK),
                draw(MARK),
                draw(st.booleans()),
                draw(WORDS),
                draw(WORDS),
            )
        )
    return tuple(found)


def published(content):
    due = content.dates.tenders_due_at
    # Of the hour that the clocks repeat, Python calls no two zones' times the same, not even one instant.
    due = due and due.astimezone(UTC)
    return dataclasses.replace(
        content,
        considered=Considered("", "", None, "", ""),
        dates=dataclasses.replace(content.dates, publish_on=None, tenders_due_at=due),
        documents=content_of(releases(PUBLISHER, process())[0].body).documents,
    )


def due_at(at):
    return dataclasses.replace(WHOLE, dates=dataclasses.replace(WHOLE.dates, tenders_due_at=at))


@hypothesis.given(contents())
@hypothesis.example(due_at(datetime(2032, 10, 31, 1, tzinfo=LONDON)))
@hypothesis.example(due_at(datetime(2032, 10, 31, 1, tzinfo=LONDON, fold=1)))
@hypothesis.settings(max_examples=150, suppress_health_check=[hypothesis.HealthCheck.too_slow])
def test_a_release_reads_back_as_what_the_tender_says(content):
    made = dataclasses.replace(process(ending=ENDING), content=content)
    found = releases(PUBLISHER, made)
    for release in found:
        assert content_of(release.body) == published(content)
    assert content_of(compile_releases(found)) == published(content)


def test_the_file_reads_back():
    documents = content_of(releases(PUBLISHER, process())[0].body).documents
    assert [(each.name, each.version, each.sha256, each.size) for each in documents] == [
        (FILE.name, FILE.version, FILE.sha256, FILE.size)
    ]


def test_pence_survive():
    content = dataclasses.replace(
        WHOLE, price=Price(Decimal("33.33"), Formula.BELOW_REFERENCE, 999_999_999_999_99)
    )
    made = process(price=content.price)
    assert content_of(releases(PUBLISHER, made)[0].body).price == content.price
