"""What notices before the tender notice say, what stands in their way, and what they bring about: pure."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sourcing.rules.law import law
from tenders.rules import early_notices as rules
from tenders.rules.early_notices import Early, Engaging
from tenders.rules.notices import as_json, check_whole
from tests.tenders.contents import WHOLE
from values.refusals import Refused

ENGAGING = Engaging("Which interfaces do you offer?", "Write to us", date(2026, 6, 1), date(2026, 6, 30))


def said(code, content=WHOLE, engaging=ENGAGING):
    told = rules.facts(content, ["E12000003"], engaging if code is Early.ENGAGEMENT else None)
    return rules.fields(code, told, areas="UKE Yorkshire and The Humber")


@pytest.mark.parametrize(
    ("code", "content", "engaging", "lacks"),
    [
        (Early.PLANNED, WHOLE, None, None),
        (Early.ENGAGEMENT, WHOLE, ENGAGING, None),
        (Early.PLANNED, replace(WHOLE, title=" "), None, "Title"),
        (Early.PLANNED, replace(WHOLE, description=""), None, "Description"),
        (Early.PLANNED, replace(WHOLE, buyers=()), None, "Lead contracting authority"),
        (
            Early.PLANNED,
            replace(WHOLE, dates=replace(WHOLE.dates, publish_on=None)),
            None,
            "Planned day of the tender notice",
        ),
        (
            Early.ENGAGEMENT,
            replace(WHOLE, dates=replace(WHOLE.dates, publish_on=None)),
            ENGAGING,
            None,
        ),
        (Early.ENGAGEMENT, WHOLE, None, "What suppliers are asked"),
    ],
)
def test_each_notice_has_its_own_needs(code, content, engaging, lacks):
    found = said(code, content, engaging)
    with pytest.raises(Refused, match=lacks) if lacks else nullcontext():
        check_whole(found)


@pytest.mark.parametrize("part", ["address", "email", "identifier"])
def test_a_council_is_missing_where_one_part_of_how_it_is_reached_is(part):
    first, other, *rest = WHOLE.buyers
    content = replace(WHOLE, buyers=(first, replace(other, **{part: ""}), *rest))
    lacking = [each.name for each in said(Early.PLANNED, content) if each.needed and not each.value]
    assert lacking == [f"Other contracting authority: {other.name}"]


def test_an_address_or_a_link_that_cannot_be_one_stands_in_the_way():
    rules.check_shapes(WHOLE, ENGAGING)
    first, *rest = WHOLE.buyers
    with pytest.raises(Refused, match="“nobody” is no e-mail address"):
        rules.check_shapes(replace(WHOLE, buyers=(replace(first, email="nobody"), *rest)), None)
    with pytest.raises(Refused, match="“http:/ask” is no whole link"):
        rules.check_shapes(WHOLE, replace(ENGAGING, how="See http:/ask"))
    # What the notice does not say is the business of the draft.
    rules.check_shapes(replace(WHOLE, method="See http:/ask"), ENGAGING)


def test_only_what_our_reference_states_is_called_law():
    for code in Early:
        for each in said(code):
            party = "contracting authority" in each.name.lower()
            assert each.source.startswith(
                "Procurement Regulations 2024, regulation 13" if party else rules.OWN
            )


def test_a_notice_says_nothing_that_is_kept_inside_the_draft():
    text = str([as_json(said(code)) for code in Early])
    for inside in (WHOLE.considered.small_firms, WHOLE.considered.policy, WHOLE.method, WHOLE.risks):
        assert inside
        assert inside not in text


def test_facts_are_kept_and_read_back():
    for engaging in (None, ENGAGING):
        told = rules.facts(WHOLE, ["E12000003"], engaging)
        assert rules.from_json(rules.as_json(told)) == told
    assert rules.as_json(rules.facts(WHOLE, (), None))["tender_on"] == WHOLE.dates.publish_on.isoformat()


def test_an_engagement_ends_after_it_starts():
    rules.check_engaging(replace(ENGAGING, ends_on=ENGAGING.starts_on))
    with pytest.raises(Refused, match="must not be before the first"):
        rules.check_engaging(replace(ENGAGING, ends_on=ENGAGING.starts_on - timedelta(days=1)))


def test_a_planned_notice_shortens_where_it_lies_in_its_window():
    tender_on = date(2026, 9, 7)

    def shortens(planned_on, on=tender_on):
        return rules.shortens(law(), planned_on=planned_on, tender_on=on)

    assert shortens(date(2026, 7, 1), None) is None
    # 41 days are counted, because 40 days before may mean clear days; twelve months end with the same day.
    assert shortens(date(2026, 7, 28)) is True
    assert shortens(date(2026, 7, 29)) is False
    assert shortens(date(2025, 9, 7)) is True
    assert shortens(date(2025, 9, 6)) is False
    assert shortens(date(2026, 9, 7)) is False
    assert shortens(date(2026, 9, 8)) is False


def test_a_confirmation_brings_the_day_or_the_answer_and_settles_it():
    for code in Early:
        brought = rules.brings(code, reference="000111-2026", published_on=date(2026, 6, 1))
        assert brought.keys() == rules.SETTLES[code]
    assert rules.settled([]) == frozenset()
    assert rules.settled(["UK3"]) == {"planned_notice_on"}
    assert rules.settled(["UK2", "UK3"]) == {"engagement", "engagement_words", "planned_notice_on"}
    # Each thing that is settled has a sentence for whoever looks for its question.
    assert rules.SETTLED_WORDS.keys() <= rules.settled(["UK2", "UK3"])
