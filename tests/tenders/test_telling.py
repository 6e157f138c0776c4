"""What notices of a contract tell as values: read back whole, and nothing that the notice does not say."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tenders.rules.contracts import performing, telling
from tenders.rules.contracts.life import Assessment, Breach, Ending, Reading, Told
from tenders.rules.contracts.telling import Ended, Failed, NoticeFacts, Proposed, Read
from tests.tenders.lives import FACTS, MILLION, changed, life

DAYS = st.dates(date(2026, 1, 1), date(2050, 1, 1))
WORDS = st.text(max_size=8)
facts = st.builds(
    NoticeFacts,
    made=st.lists(st.integers(1, 9), max_size=2).map(tuple),
    readings=st.lists(
        st.builds(
            Read,
            st.integers(1, 9),
            WORDS,
            WORDS,
            DAYS,
            DAYS,
            WORDS,
            st.sampled_from(list(performing.RATING_WORDS)),
        ),
        max_size=2,
    ).map(tuple),
    failures=st.lists(st.builds(Failed, WORDS, WORDS, DAYS, WORDS), max_size=2).map(tuple),
    change=st.none()
    | st.builds(
        Proposed,
        number=st.integers(1, 9),
        words=WORDS,
        reason=WORDS,
        way=WORDS,
        ground=WORDS,
        value_gross_pence=st.integers(0, 10**12),
        ends_on=st.none() | DAYS,
        new_supplier=WORDS,
    ),
    ended=st.none() | st.builds(Ended, WORDS, DAYS, st.integers(0, 10**12)),
)


@given(facts)
def test_facts_read_back_as_they_were_kept(told):
    kept = json.loads(json.dumps(telling.as_json(told)))
    assert (telling.from_json(kept) or telling.NOTHING_TOLD) == told


SECRETS = ("Olga Officer", "Log of the hosting firm", "Lena Leeds")
SPAN = (date(2027, 1, 5), date(2027, 12, 31))
READING = Reading(1, *SPAN, "99 %", "good", SECRETS[1], SECRETS[0])
OUTSIDE = Reading(2, date(2028, 1, 1), date(2028, 2, 1), "5 %", "inadequate", SECRETS[1], SECRETS[0])
BREACH = Breach(UUID(int=5), date(2027, 8, 1), "terminated", "Down for a week", SECRETS[0])
OTHER = dataclasses.replace(BREACH, id=UUID(int=6), consequence="damages", words="Late")


def test_an_assessment_tells_its_own_readings_and_neither_evidence_nor_names():
    told = telling.told(life(readings=[READING, OUTSIDE]), Assessment(UUID(int=9), *SPAN, False, SECRETS[0]))
    assert [(each.kpi_number, each.title, each.value, each.rating) for each in told.readings] == [
        (1, "Indicator 1", "99 %", "good")
    ]
    assert not any(secret in json.dumps(telling.as_json(told)) for secret in SECRETS)


def test_a_change_tells_what_the_contract_will_be_and_changes_count_as_made_once_announced():
    first = changed(1, value_pence=MILLION, term_months=2)
    quiet = changed(2, value_pence=MILLION)
    waiting = changed(3, value_pence=-1, term_months=12, state="approved", made_on=None, new_supplier="Heirs")
    whole = life(changes=[first, quiet, waiting], notices=[Told("UK10", first.id, "1", date(2027, 5, 1))])
    told = telling.told(whole, waiting)
    assert told.made == (1,)
    assert told.change == Proposed(
        number=3,
        words="More of it",
        reason="It was needed",
        way="minor",
        ground="",
        value_gross_pence=3 * MILLION - 1,
        ends_on=date(2030, 5, 31),
        new_supplier="Heirs",
    )
    assert not any(secret in json.dumps(telling.as_json(told)) for secret in SECRETS)


def test_an_end_tells_the_breaches_that_ended_it_alone():
    end = Ending(UUID(int=8), True, "breach", date(2027, 9, 1), "Both are tired of it", SECRETS[0])
    told = telling.told(life(breaches=[BREACH, OTHER], endings=[end]), end)
    assert told.ended == Ended("breach", date(2027, 9, 1), MILLION)
    assert [each.words for each in told.failures] == ["Down for a week"]
    assert [each.consequence for each in telling.told(life(), OTHER).failures] == ["damages"]
    assert telling.as_json(telling.told(life(), FACTS)) == {}
