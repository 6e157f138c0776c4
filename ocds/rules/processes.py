"""A contracting process as the public reads it: what releases are made of.

Everything here was read in a session of the public, so that row-level security decided what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tenders.rules.award_facts import AwardFacts, Named
from tenders.rules.content import Content, Kpi
from tenders.rules.contracts.telling import NoticeFacts
from tenders.rules.correcting.places import Change
from tenders.rules.early_notices import EarlyFacts


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that the central platform published.

    Attributes:
        reference: as the platform gave it.
        published_at: when the platform published it.
        recorded_at: when that was recorded here, which made it public here.
    """

    code: str
    reference: str
    published_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """The last version of a document, to be downloaded."""

    id: UUID
    title: str
    name: str
    kind: str
    version: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of a supplier as all may read it, with the answer to all."""

    number: int
    words: str
    answer: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """The deadline for tenders was moved to later for all.

    Attributes:
        due_before: the deadline until then.
        moved_at: when it was moved.
    """

    due_before: datetime
    due_at: datetime
    reason: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A published tender was corrected; its notice was published again.

    Attributes:
        recorded_at: since when the tender says here what it changes.
    """

    number: int
    reason: str
    changes: Sequence[Change]
    reference: str
    published_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionTime:
    """A last time for questions, and when it was given."""

    until: datetime
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Awarded:
    """What the contract award notice told, and the standstill that its publication began."""

    notice: Notice
    facts: AwardFacts
    standstill_from: date | None
    standstill_to: date | None


@dataclass(frozen=True, slots=True)
class ContractNotice:
    """A notice of a contract that the central platform published; as of a tender, but one of several.

    Attributes:
        facts: what it tells as values; None of one of before these were kept, or that tells none.
    """

    id: UUID
    code: str
    reference: str
    published_at: datetime
    recorded_at: datetime
    facts: NoticeFacts | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as information about it was published."""

    id: str
    sum_pence: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class Information:
    """What was published of payments under a contract at once, and when that was recorded here."""

    id: UUID
    reference: str
    published_on: date
    recorded_at: datetime
    payments: Sequence[Paid]


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract of one council for a lot, public since its details notice.

    Attributes:
        lot: the number of the lot.
        value_gross_pence: with VAT, options and extensions.
        notices: in the order in which they were recorded here.
        supplier_id, supplier, decided_at: of the award, which below the threshold no notice of its own tells.
        suppliers: all to which the lot went, with what they had declared when that was decided.
        information: what was published of payments, in the order in which it was recorded here.
    """

    id: UUID
    lot: int
    body_code: str
    reference: str
    signed_on: date
    value_gross_pence: int
    starts_on: date | None
    ends_on: date | None
    extended_until: date | None
    options: str
    kpis: Sequence[Kpi]
    notices: Sequence[ContractNotice]
    supplier_id: str = ""
    supplier: str = ""
    decided_at: datetime | None = None
    suppliers: Sequence[Named] = ()
    information: Sequence[Information] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """A procurement was terminated, and the platform published the notice of it."""

    notice: Notice
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Early:
    """A notice before the tender notice that the central platform published.

    Attributes:
        number: of its version.
        recorded_at: when that was recorded here, which made it public here.
    """

    code: str
    number: int
    reference: str
    published_at: datetime
    recorded_at: datetime
    facts: EarlyFacts


@dataclass(frozen=True, slots=True)
class Planned:
    """All that is public of a process before its tender.

    Attributes:
        notices: in the order in which they were recorded, at least one.
        ended_at: when the councils gave it up before there was a tender.
        invented: it is part of the demonstration world.
    """

    tender_id: UUID
    notices: Sequence[Early]
    ended_at: datetime | None
    invented: bool


@dataclass(frozen=True, slots=True)
class Process:
    """All that is public of one tender.

    Attributes:
        extensions: in the order in which the deadline was moved.
        question_times: until when suppliers may ask, in the order in which times were given.
        region_codes: the regions of the buyers.
        awarded: once the platform published the award notice.
        contracts: those whose details notices are published.
        invented: it is part of the demonstration world.
        corrections: in the order in which they were published.
        planned: what was public before the tender.
    """

    tender_id: UUID
    content: Content
    opened: Notice
    files: Sequence[File]
    answers: Sequence[Answer]
    extensions: Sequence[Extension]
    question_times: Sequence[QuestionTime]
    region_codes: Sequence[str]
    awarded: Awarded | None
    contracts: Sequence[Signed]
    ending: Ending | None
    invented: bool
    corrections: Sequence[Correction] = ()
    planned: Planned | None = None
