"""What a tender says, as values: what buyers approve, what is checked, what notices are made of."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from analytics.assessment.prices import Formula, Tiers, Volume
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.rules import areas
from tenders.rules.terms import UNSAID, Terms
from tenders.rules.ties import TIE_WORDS

# What a pool is bought by. A direct award and a call-off follow other rules and begin elsewhere.
PROCEDURES: Final = (Procedure.OPEN, Procedure.COMPETITIVE_FLEXIBLE, Procedure.BELOW_THRESHOLD)


class Model(enum.StrEnum):
    """Who signs what at the end."""

    ONE = "one"
    PARALLEL = "parallel"
    FRAMEWORK = "framework"


COUNTING_WORDS: Final[Mapping[Tiers, str]] = {
    Tiers.UNITS_IN_TIER: "Each unit costs what its own tier costs",
    Tiers.ALL_UNITS: "All units cost what the tier costs that the whole volume falls into",
}
FORMULA_WORDS: Final[Mapping[Formula, str]] = {
    Formula.LOWEST_OVER_PRICE: "Lowest price divided by the price",
    Formula.ABOVE_LOWEST: "By how much the price is above the lowest; nothing from double the lowest",
    Formula.BELOW_REFERENCE: "By how much the price stays below a published sum",
}
MODEL_WORDS: Final[Mapping[Model, str]] = {
    Model.ONE: "One contract that the lead council signs for all",
    Model.PARALLEL: "A contract for each council",
    Model.FRAMEWORK: "A framework, from which each council calls off",
}
# What each model brings with it; the notices after signature are counted by sourcing.rules.obligations.
MODEL_NOTES: Final[Mapping[Model, str]] = {
    Model.ONE: "One contract details notice (UK7), and one contract to manage. The councils agree "
    "between them "
    "who pays what and who may leave.",
    Model.PARALLEL: "One procurement, and a contract details notice (UK7) from each council within "
    "30 days of its "
    "own signature. Contracts that could reasonably be one are each valued at the total unless there "
    "is a good "
    "reason (Schedule 3, paragraph 4), so the duties over £5 million can reach small contracts.",
    Model.FRAMEWORK: "The notice names or describes every council that may call off (section "
    "45(5)(f)); others cannot "
    "join later. At most four years unless the notice gives a reason (section 47). Each call-off "
    "from the threshold "
    "on has its own award and details notices.",
}


class Engagement(enum.StrEnum):
    """What was done about preliminary market engagement (section 17)."""

    NOTICE = "notice"
    REASON = "reason"
    NONE = "none"


class CriterionKind(enum.StrEnum):
    """Whether suppliers must meet it to take part, or tenders are held against it."""

    CONDITION = "condition"
    AWARD = "award"


@dataclass(frozen=True, slots=True)
class Buyer:
    """A council in the tender, with what a joint notice says of each (regulation 13)."""

    code: str
    name: str
    leads: bool
    address: str
    email: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Lot:
    """A part that is awarded by itself; a tender that is not divided has one.

    Attributes:
        net_pence, options_pence: estimated value without VAT, and what options and extensions add to it.
        gross_pence: all of it with VAT: what thresholds are compared with.
        low_units, expected_units, full_units: take-up at which prices are compared, each with a weight.
        tier_starts: units after which another price applies; the first is 0.
        small_firms: small and medium-sized or voluntary suppliers could do it.
        areas: codes of where it is performed; without one, it is the areas of the buyers.
    """

    number: int
    title: str
    description: str
    cpv: str
    net_pence: int | None
    options_pence: int | None
    options: str
    gross_pence: int | None
    unit: str
    low_units: int | None
    expected_units: int | None
    full_units: int | None
    low_weight: int
    expected_weight: int
    full_weight: int
    tier_starts: tuple[int, ...]
    counting: Tiers
    small_firms: bool
    areas: tuple[str, ...] = ()

    @property
    def counting_words(self) -> str:
        """How a tier counts, in words."""
        return COUNTING_WORDS[self.counting]

    @property
    def areas_words(self) -> str:
        """Its own areas, in words; empty where it has the buyers'."""
        return ", ".join(areas.named(self.areas).splitlines())

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """The volumes at which prices are compared, as the assessment takes them; none until all are said."""
        low, expected, full = self.low_units, self.expected_units, self.full_units
        if low is None or expected is None or full is None:
            return ()
        return (
            Volume("low", low, self.low_weight),
            Volume("expected", expected, self.expected_weight),
            Volume("full", full, self.full_weight),
        )


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of what is to be delivered; `lot` is None where it is for all lots."""

    position: int
    text: str
    must: bool
    option: bool
    lot: int | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """An award criterion, a part of one, or a condition of participation.

    Attributes:
        parent: number of the criterion that it is a part of.
        weight: its percentage of the whole; of a part, of its criterion.
        highest: the best mark.
        least: a lower mark fails, where that disqualifies.
        standard: for pass or fail, what passes; for a mark, how marks are given.
        reason: why it is proportionate.
    """

    number: int
    kind: CriterionKind
    parent: int | None
    title: str
    description: str
    weight: Decimal | None
    highest: int | None
    least: int | None
    passes_or_fails: bool
    standard: str
    reason: str


@dataclass(frozen=True, slots=True)
class Price:
    """How a price becomes points."""

    weight: Decimal | None
    formula: Formula
    reference_pence: int | None

    @property
    def formula_words(self) -> str:
        """How a price becomes points, in words."""
        return FORMULA_WORDS[self.formula]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key performance indicator of the contracts that come of the tender."""

    number: int
    title: str
    measure: str
    target: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Days of the tender and of the contracts; a tender is in before `tenders_due_at`."""

    publish_on: date | None
    planned_notice_on: date | None
    requests_due_on: date | None
    invite_on: date | None
    tenders_due_at: datetime | None
    award_on: date | None
    starts_on: date | None
    ends_on: date | None
    extended_until: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """How the contracts are awarded, and what of it changes periods (section 54).

    Attributes:
        several_bids: a supplier may take part in more than one bid for a lot.
    """

    procedure: Procedure
    model: Model
    kind: ContractKind
    light_touch: bool
    preselected: bool
    negotiated: bool
    urgent: bool
    urgency_reason: str
    documents_later: bool
    stages: str
    term_reason: str
    several_bids: bool = False


@dataclass(frozen=True, slots=True)
class Considered:
    """What the buyers considered and keep on record; for them alone, not for the notice.

    Attributes:
        conflicts_on: when the conflicts assessment was prepared or last revised.
        necessity: why a brand or the like is named although performance would do.
    """

    small_firms: str
    policy: str
    conflicts_on: date | None
    conflicts: str
    necessity: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """The current version of a document."""

    title: str
    name: str
    version: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """All that a tender says."""

    title: str
    description: str
    category: str
    category_name: str
    course: Course
    dates: Dates
    buyers: tuple[Buyer, ...]
    lots: tuple[Lot, ...]
    no_lots_reason: str
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    price: Price
    method: str
    kpis: tuple[Kpi, ...]
    no_kpis_reason: str
    engagement: Engagement | None
    engagement_words: str
    risks: str
    considered: Considered
    documents: tuple[Attachment, ...]
    tie_break: str = ""
    terms: Terms = UNSAID

    @property
    def gross_pence(self) -> int | None:
        """The estimated value with VAT, options and extensions, of all lots; None until each is said."""
        values = [lot.gross_pence for lot in self.lots]
        return None if not values or None in values else sum(value for value in values if value is not None)

    @property
    def conditions(self) -> tuple[Criterion, ...]:
        """The conditions of participation."""
        return tuple(each for each in self.criteria if each.kind is CriterionKind.CONDITION)

    @property
    def award(self) -> tuple[Criterion, ...]:
        """The award criteria on quality, without their parts."""
        return tuple(each for each in self.criteria if each.kind is CriterionKind.AWARD and not each.parent)

    def notice_on(self, today: date) -> date:
        """Return the day whose law counts: the planned day of the notice, or today where that has passed."""
        return max(self.dates.publish_on or today, today)

    def parts_of(self, number: int) -> tuple[Criterion, ...]:
        """Return the sub-criteria of a criterion."""
        return tuple(each for each in self.criteria if each.parent == number)

    @property
    def tie_words(self) -> str:
        """What breaks a tie, in words; empty where no rule is published."""
        return TIE_WORDS.get(self.tie_break, "")

    @property
    def lead(self) -> Buyer | None:
        """The lead council."""
        return next((buyer for buyer in self.buyers if buyer.leads), None)
