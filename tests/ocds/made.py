"""Processes as values, to make releases of."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from ocds.rules.ids import Publisher
from ocds.rules.processes import (
    Answer,
    Awarded,
    ContractNotice,
    Ending,
    Extension,
    File,
    Information,
    Notice,
    Paid,
    Process,
    QuestionTime,
    Signed,
)
from suppliers.rules import Declared, Registered, Size
from tenders.rules.award_facts import AwardFacts, Counted, Named, Won
from tenders.rules.content import Kpi
from tenders.rules.contracts.telling import Ended, Failed, NoticeFacts, Proposed, Read
from tests.tenders.contents import WHOLE

PUBLISHER = Publisher("ocds-xxxxxx", "https://buy.example.org")
TENDER = UUID("01a2b3c4-0000-7000-8000-000000000001")
OPENED = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)
NOTICE = Notice("UK4", "012345-2026", OPENED, OPENED + timedelta(minutes=5))
ENDING = Ending(
    Notice("UK12", "012399-2026", OPENED + timedelta(days=30), OPENED + timedelta(days=30, minutes=2)),
    OPENED + timedelta(days=29),
)
# A termination that came after the award notice.
LATE_ENDING = Ending(
    Notice("UK12", "012400-2026", OPENED + timedelta(days=70), OPENED + timedelta(days=70, minutes=2)),
    OPENED + timedelta(days=69),
)
FILE = File(
    UUID("01a2b3c4-0000-7000-8000-000000000002"), "Draft contract", "contract.pdf", "pdf", 1, "ab" * 32, 10
)
DUE = WHOLE.dates.tenders_due_at
assert DUE
# The deadline that the tender has now is the one that it was moved to last.
EXTENSIONS = (
    Extension(DUE - timedelta(days=9), DUE - timedelta(days=2), "An outage", OPENED + timedelta(days=4)),
    Extension(DUE - timedelta(days=2), DUE, "A second outage", OPENED + timedelta(days=10)),
)
DECIDED = "2026-11-03T10:00:00+00:00"
ANSWERS = (
    Answer(1, "May firms tender together?", "Yes.", OPENED + timedelta(days=3)),
    Answer(2, "Is there a site visit?", "No.", OPENED + timedelta(days=3)),
    Answer(3, "May prices be in euros?", "In pounds only.", OPENED + timedelta(days=5)),
)
# The first was said with the notice; it was moved later.
TIMES = (
    QuestionTime(OPENED + timedelta(days=14), OPENED),
    QuestionTime(OPENED + timedelta(days=16), OPENED + timedelta(days=6)),
)
WINNERS = Named(
    "5a1f3c4e-0000-7000-8000-000000000003",
    "Winners Ltd",
    Declared(Size.SMALL, voluntary=False, mutual=True),
    Registered("00123456", "1049226", "PBBB-1111-DDDD"),
)
HELPERS = Named(
    "5a1f3c4e-0000-7000-8000-000000000005", "Helpers", Declared(Size.MICRO, voluntary=True, supported=True)
)
AWARDED = Awarded(
    Notice("UK6", "012377-2026", OPENED + timedelta(days=60), OPENED + timedelta(days=60, minutes=3)),
    AwardFacts(
        told_at="2026-11-04T10:00:00+00:00",
        received=3,
        assessed=2,
        won=(
            Won(
                1, WINNERS.id, "Winners Ltd, together with Helpers", 1_234_567_89, DECIDED, (WINNERS, HELPERS)
            ),
        ),
        lost=(Named("5a1f3c4e-0000-7000-8000-000000000004", "Second plc"),),
        counted=Counted(small=1, small_unsaid=1, voluntary=0, voluntary_unsaid=1),
    ),
    date(2026, 11, 6),
    date(2026, 11, 17),
)


def told(code: str, number: int, days: int, facts: NoticeFacts | None = None) -> ContractNotice:
    """A notice of a contract, recorded so many days after the publication of the tender."""
    at = OPENED + timedelta(days=days)
    return ContractNotice(
        UUID(int=number), code, f"0124{number:02}-2026", at, at + timedelta(minutes=4), facts
    )


# Signed by the second council; changed once, looked at, and ended.
SIGNED = Signed(
    id=UUID("01a2b3c4-0000-7000-8000-000000000009"),
    lot=1,
    body_code="CMD",
    reference="CMD-77",
    signed_on=date(2026, 11, 20),
    value_gross_pence=98_765_400,
    starts_on=date(2027, 1, 4),
    ends_on=date(2031, 1, 3),
    extended_until=None,
    options="Two more years",
    kpis=(Kpi(1, "Available", "Minutes of a month", "99.5 %"),),
    notices=(told("UK7", 1, 80), told("UK9", 2, 400), told("UK10", 3, 500), told("UK11", 4, 900)),
)

# The same, with what its notices tell: two assessments, a breach, a change that a later notice says was made.
YEAR = (date(2027, 1, 4), date(2027, 12, 31))
CHANGE = Proposed(
    number=1,
    words="A second reading room",
    reason="It opened",
    way="ground",
    ground="restructuring",
    value_gross_pence=118_765_400,
    ends_on=date(2032, 1, 3),
    new_supplier="Heirs Ltd",
)
BREACH = Failed("b1", "damages", date(2028, 2, 1), "It was down for a week")
LIVED = dataclasses.replace(
    SIGNED,
    suppliers=(WINNERS,),
    extended_until=date(2031, 12, 31),
    notices=(
        told("UK7", 1, 80),
        told(
            "UK9",
            2,
            490,
            NoticeFacts(readings=(Read(1, "Available", "99.5 %", *YEAR, "99 %", "approaching"),)),
        ),
        told("UK9", 3, 520, NoticeFacts(failures=(BREACH,))),
        told("UK10", 4, 600, NoticeFacts(change=CHANGE)),
        told(
            "UK9",
            5,
            700,
            NoticeFacts(made=(1,), readings=(Read(1, "Available", "99.5 %", *YEAR, "98 %", "improvement"),)),
        ),
        told(
            "UK11",
            6,
            900,
            NoticeFacts(made=(1,), ended=Ended("agreed", date(2029, 2, 20), 118_765_400)),
        ),
    ),
    information=(
        Information(
            UUID(int=88),
            "0123-P",
            date(2028, 4, 20),
            OPENED + timedelta(days=595),
            (Paid("p1", 40_000_00, date(2028, 3, 1)),),
        ),
    ),
)


def process(**changes: Any) -> Process:
    """A published tender with a file and three answers; changes are of its content or of itself."""
    own = {field.name for field in dataclasses.fields(Process)}
    content = dataclasses.replace(WHOLE, **{name: v for name, v in changes.items() if name not in own})
    whole = Process(
        tender_id=TENDER,
        content=content,
        opened=NOTICE,
        files=[FILE],
        answers=ANSWERS,
        extensions=(),
        question_times=TIMES[:1],
        region_codes=("E12000003", "E12000007"),
        awarded=None,
        contracts=(),
        ending=None,
        invented=False,
    )
    return dataclasses.replace(whole, **{name: v for name, v in changes.items() if name in own})
