"""A contract as values: what was signed, what became of it, and so what it is by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sourcing.rules.counting import months_later
from sourcing.rules.obligations import Contract
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Kpi, Model

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A contract as it was signed.

    Attributes:
        value_gross_pence: estimated value with VAT, options and extensions.
        extended_until: the last day to which it can run by its extensions.
        no_kpis_reason: why performance could not appropriately be assessed by indicators.
        commenced_on: when its procurement commenced.
    """

    contract_id: UUID
    tender_id: UUID
    tender_title: str
    lot_title: str
    body_code: str
    body_name: str
    supplier: str
    reference: str
    signed_on: date
    details_due_on: date | None
    value_gross_pence: int
    starts_on: date | None
    ends_on: date | None
    extended_until: date | None
    options: str
    kpis: tuple[Kpi, ...]
    no_kpis_reason: str
    procedure: Procedure
    kind: ContractKind
    light_touch: bool
    model: Model
    commenced_on: date
    demonstration: bool = False

    @property
    def covered(self) -> bool:
        """Whether it was awarded as a public contract, and not under Part 6."""
        return self.procedure is not Procedure.BELOW_THRESHOLD

    @property
    def begins_on(self) -> date:
        """Its first day: of performance where that was said, else of the signature."""
        return self.starts_on or self.signed_on

    @property
    def maximum_term_months(self) -> int:
        """The longest term that it provided for on award, in whole months; 0 where no end was said.

        Days that make no whole month are left out, so that no cap comes out larger than the law's.
        """
        last = self.extended_until or self.ends_on
        return whole_months(self.begins_on, last) if last else 0


@dataclass(frozen=True, slots=True)
class Ending:
    """An end of a contract, in whole or in part."""

    id: UUID
    whole: bool
    kind: str
    ended_on: date
    words: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach or failure of section 71, with its consequence."""

    id: UUID
    applies_on: date
    consequence: str
    words: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured of an indicator over a period."""

    kpi_number: int
    from_on: date
    until_on: date
    value: str
    rating: str
    evidence: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """That performance was assessed over a period; `last` on the termination."""

    id: UUID
    from_on: date
    until_on: date
    last: bool
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change of a contract, in whatever state."""

    id: UUID
    number: int
    words: str
    reason: str
    value_pence: int
    term_months: int
    widens_scope: bool
    favours_supplier: bool
    alters_nature: bool
    new_supplier: str
    ground: str
    made_with: tuple[int, ...]
    way: str
    verdict: Mapping[str, Any]
    needs_notice: bool
    text_is_published: bool
    commits_pence: int
    state: str
    proposed_by: str
    decided_by: str
    decided_reason: str
    made_on: date | None
    made_by: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of a contract as far as duties ask: its number, what it is about, and its publication."""

    code: str
    about_id: UUID
    reference: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A text that is published of a contract or of a change."""

    kind: str
    about_id: UUID
    reference: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A contract and all that became of it, as far as the reader may know; `manager`: who looks after it."""

    facts: Facts
    changes: Sequence[Changed] = ()
    endings: Sequence[Ending] = ()
    breaches: Sequence[Breach] = ()
    readings: Sequence[Reading] = ()
    assessments: Sequence[Assessment] = ()
    notices: Sequence[Told] = ()
    copies: Sequence[Copy] = ()
    manager: str = ""
    manager_id: UUID | None = None

    @property
    def made(self) -> Sequence[Changed]:
        """The changes that were made, the first first."""
        return sorted((each for each in self.changes if each.state == "made"), key=lambda each: each.number)

    @property
    def waiting(self) -> Changed | None:
        """The change that waits for an approver, or was approved and not made yet."""
        return next((each for each in self.changes if each.state in ("proposed", "approved")), None)

    @property
    def value_gross_pence(self) -> int:
        """Its estimated value by now."""
        return self.facts.value_gross_pence + sum(each.value_pence for each in self.made)

    @property
    def ends_on(self) -> date | None:
        """Its last day by now, as far as one was said."""
        months = sum(each.term_months for each in self.made)
        last = self.facts.ends_on
        if last is None or not months:
            return last
        # A term to the end of a month stays one to the end of a month.
        return months_later(last + ONE_DAY, months) - ONE_DAY

    @property
    def supplier(self) -> str:
        """Who performs it by now."""
        return next(
            (each.new_supplier for each in reversed(self.made) if each.new_supplier), self.facts.supplier
        )

    @property
    def ended(self) -> Ending | None:
        """Its end, once it has ended in whole."""
        return next((each for each in self.endings if each.whole), None)

    def published(self, code: str, about_id: UUID) -> Told | None:
        """Return a notice of it that the central platform published, or None."""
        return next(
            (each for each in self.notices if each.code == code and each.about_id == about_id and each.on),
            None,
        )

    def obliged(self, until: date | None = None) -> Contract:
        """Return it as the rules of what is owed take it."""
        facts = self.facts
        ended = self.ended
        return Contract(
            entered_on=facts.signed_on,
            value_gross_pence=facts.value_gross_pence,
            public=facts.covered,
            light_touch=facts.light_touch,
            framework=facts.model is Model.FRAMEWORK,
            concession=facts.kind is ContractKind.CONCESSION,
            indicators_apply=bool(facts.kpis) or not facts.no_kpis_reason,
            ends_on=ended.ended_on if ended else until,
        )


def whole_months(first: date, last: date) -> int:
    """Return how many whole months lie from a first day to a last one, both included."""
    end = last + ONE_DAY
    months = (end.year - first.year) * 12 + end.month - first.month
    return max(months - (months_later(first, months) > end), 0)
