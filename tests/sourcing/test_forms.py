"""The form of a timetable: what it reads, and that every question survives its own link."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.datastructures import MultiDict

from sourcing.forms import TimetableForm, check_names, query_of
from sourcing.rules.law import law
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Asked, Procedure
from values.refusals import Refused

days = st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31))
questions = st.builds(
    Asked,
    procedure=st.sampled_from(Procedure),
    contract=st.sampled_from(ContractKind),
    value_gross=st.none() | st.integers(0, 10**13),
    assessment_days=st.integers(0, 1000),
    standstill_days=st.none() | st.integers(1, 250),
    ground=st.sampled_from(["", *(ground.code for ground in law().grounds)]),
    **dict.fromkeys(("publish", "award_notice", "requests_due", "invite", "tenders_due", "sign"), days),
    **dict.fromkeys(("ends", "planned_notice"), days),
    **{name: st.booleans() for name in ("light_touch", "urgent", "documents_later", "not_electronic")},
    **{name: st.booleans() for name in ("preselected", "negotiated")},
)


def form(query: str) -> TimetableForm:
    return TimetableForm(MultiDict(parse_qsl(query)))


@given(questions)
def test_every_question_survives_its_own_link(asked: Asked):
    query = query_of(asked)
    read = form(query)
    assert read.validate(), read.errors
    assert read.asked() == asked
    check_names([name for name, _ in parse_qsl(query)])


def test_a_link_says_only_what_is_not_usual():
    asked = Asked(procedure=Procedure.OPEN, publish=date(2026, 9, 7))
    assert query_of(asked) == "procedure=open&publish=2026-09-07"


@pytest.mark.parametrize("name", ["ligth_touch", "publish-hour", "net_value", ""])
def test_a_name_that_is_no_question_is_refused(name: str):
    with pytest.raises(Refused, match="no question called"):
        check_names(["procedure", "publish-day", name])


@pytest.mark.parametrize(("answer", "ticked"), [("y", True), ("yes", True), ("no", False), ("0", False)])
def test_a_tick_in_a_link_can_be_no(*, answer: str, ticked: bool):
    read = form(f"procedure=open&publish=2026-09-07&urgent={answer}")
    assert read.validate()
    assert read.asked().urgent is ticked
