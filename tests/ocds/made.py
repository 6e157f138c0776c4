"""Processes as values, to make releases of."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from ocds.rules.ids import Publisher
from ocds.rules.processes import Answer, Ending, Extension, File, Notice, Process
from tests.tenders.contents import WHOLE

PUBLISHER = Publisher("ocds-xxxxxx", "https://buy.example.org")
TENDER = UUID("01a2b3c4-0000-7000-8000-000000000001")
OPENED = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)
NOTICE = Notice("UK4", "012345-2026", OPENED, OPENED + timedelta(minutes=5))
ENDING = Ending(
    Notice("UK12", "012399-2026", OPENED + timedelta(days=30), OPENED + timedelta(days=30, minutes=2)),
    OPENED + timedelta(days=29),
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
ANSWERS = (
    Answer(1, "May firms tender together?", "Yes.", OPENED + timedelta(days=3)),
    Answer(2, "Is there a site visit?", "No.", OPENED + timedelta(days=3)),
    Answer(3, "May prices be in euros?", "In pounds only.", OPENED + timedelta(days=5)),
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
        asked_until=OPENED + timedelta(days=14),
        ending=None,
        invented=False,
    )
    return dataclasses.replace(whole, **{name: v for name, v in changes.items() if name in own})
