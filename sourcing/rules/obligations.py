"""What a procurement, a contract and a council owe, with the last day of each where the law names one."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sourcing.rules.counting import last_day, last_day_of_months, working_days_before
from sourcing.rules.holidays import Holidays, Unreached
from sourcing.rules.law import Basis, Law
from sourcing.rules.timetables.asked import Procedure
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty.

    Attributes:
        notice: its number on Find a Tender, or empty where it is no notice.
        due_on: the last day, or None where the law names none; `rule` then says when.
        remind_on: five working days before, where that can be counted.
    """

    code: str
    notice: str
    name: str
    due_on: date | None
    remind_on: date | None
    rule: str
    basis: Basis
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract as far as what is owed depends on it.

    Attributes:
        value_gross_pence: estimated value with VAT, options and extensions.
        public: it reached the threshold; else it is a contract under Part 6.
        indicators_apply: False where performance could not appropriately be assessed by indicators.
        ends_on: when it ends or has ended, expiry included.
    """

    entered_on: date
    value_gross_pence: int
    public: bool = True
    light_touch: bool = False
    framework: bool = False
    concession: bool = False
    user_choice: bool = False
    indicators_apply: bool = True
    ends_on: date | None = None


class Event(enum.StrEnum):
    """What happens to a procurement or a contract and calls for a notice."""

    NOT_AWARDED = "not-awarded"
    BREACH = "breach"
    BREACH_ENDED_IT = "breach-ended-it"
    CHANGED = "changed"
    ENDED = "ended"


def of_procurement(
    law: Law,
    procedure: Procedure,
    *,
    on: date,
    engaged: bool,
    planned: bool = False,
    user_choice: bool = False,
) -> list[Obligation]:
    """Return the notices that a procurement owes until its contract is entered into, in their order.

    Args:
        law: the tables.
        procedure: how it is awarded.
        on: the day whose law counts.
        engaged: preliminary market engagement was carried out.
        planned: a planned procurement notice was chosen, which nothing asks for.
        user_choice: a direct award by a person's own choice, which owes none of them.
    """
    if user_choice:
        return []
    first = {
        Procedure.DIRECT: ["UK5"],
        Procedure.FRAMEWORK: [],
    }.get(procedure, ["UK4"])
    award = [] if procedure is Procedure.BELOW_THRESHOLD else ["UK6"]
    competed = first == ["UK4"] and award
    before = [number for number, comes in (("UK2", engaged), ("UK3", planned)) if comes and competed]
    return [_notice(law, number, on) for number in (*before, *first, *award)]


def of_contract(law: Law, contract: Contract, *, until: date) -> list[Obligation]:
    """Return what a contract owes from its signature on, by day, as far as `until`.

    Without `ends_on` the yearly assessments go on to `until`, and no notice of an end is counted.
    """
    if contract.user_choice:
        return []
    if not contract.public:
        return list(_below_threshold(law, contract))
    owed = [*_details(law, contract), *_performance(law, contract, until)]
    if contract.ends_on and contract.ends_on <= until:
        owed.append(after(law, Event.ENDED, contract.ends_on))
    return sorted(owed, key=lambda each: (each.due_on or date.max, each.code))


def needs_indicators(law: Law, contract: Contract) -> bool:
    """Tell whether at least three key performance indicators are set before the contract is entered into."""
    exempt = contract.framework or contract.concession or contract.light_touch
    least = law.sum("key-performance-indicators", contract.entered_on)
    reached = least.is_reached(value_gross_pence=contract.value_gross_pence)
    return contract.public and reached and contract.indicators_apply and not exempt


def after(law: Law, event: Event, on: date) -> Obligation:
    """Return what an event of a day calls for.

    A change calls for its text, where it needed a notice and the contract is over £5 million; the notice
    itself comes before it (`modifications.check`).
    """
    if event is Event.NOT_AWARDED:
        return _notice(law, "UK12", on)
    code, notice, name = {
        Event.BREACH: ("breach", "UK9", "Contract performance notice"),
        Event.BREACH_ENDED_IT: ("breach", "UK11", "Contract termination notice, with the breach"),
        Event.CHANGED: ("change-copy", "", "Text of the change"),
        Event.ENDED: ("termination", "UK11", "Contract termination notice"),
    }[event]
    return _limited(law, code, notice, name, on)


def of_council(law: Law, first_on: date, last_on: date) -> list[Obligation]:
    """Return what a council owes between two days, whatever it buys: by day.

    Pipeline notice (if it expects to pay over £100 million), payments compliance notice (if it paid or owed
    under a public contract), information about payments over £30,000 (if it made any).
    """
    found: list[Obligation] = []
    for year in range(first_on.year - 1, last_on.year + 1):
        for code, notice, name, days in (
            ("pipeline", "UK1", "Pipeline notice", [(4, 1)]),
            ("payments-compliance", "UK17", "Payments compliance notice", [(3, 31), (9, 30)]),
            (
                "payment-information",
                "",
                "Information about payments over £30,000",
                [(3, 31), (6, 30), (9, 30), (12, 31)],
            ),
        ):
            starts = (date(year, month, day) for month, day in days)
            found += [_limited(law, code, notice, name, day) for day in starts if _holds(law, code, day)]
    return sorted(
        (each for each in found if each.due_on and first_on <= each.due_on <= last_on),
        key=lambda each: (each.due_on or date.max, each.code),
    )


def _details(law: Law, contract: Contract) -> Iterator[Obligation]:
    touch = "-light-touch" if contract.light_touch else ""
    yield _limited(law, f"contract-details{touch}", "UK7", "Contract details notice", contract.entered_on)
    least = law.sum("contract-copy", contract.entered_on)
    if least.is_reached(value_gross_pence=contract.value_gross_pence):
        yield _limited(law, f"contract-copy{touch}", "", "Copy of the contract", contract.entered_on)


def _performance(law: Law, contract: Contract, until: date) -> Iterator[Obligation]:
    """The assessments: by the end of each period of twelve months, and on termination."""
    if not needs_indicators(law, contract):
        return
    ends = contract.ends_on or date.max
    years = 1
    while (due := last_day_of_months(contract.entered_on, 12 * years)) <= until and due < ends:
        if _holds(law, "performance", due):
            yield _assessment(law, due, "")
        years += 1
    if ends <= until and _holds(law, "performance", ends):
        yield _assessment(law, ends, "On termination, expiry included. ")


def _assessment(law: Law, due: date, when: str) -> Obligation:
    limit = law.limit("performance", due)
    return Obligation(
        "performance",
        "UK9",
        "Contract performance notice",
        due,
        _reminder(law.holidays, due),
        f"{limit.counts.capitalize()} {limit.amount} {limit.unit}, and on termination",
        limit.basis,
        when + limit.basis.note,
    )


def _below_threshold(law: Law, contract: Contract) -> Iterator[Obligation]:
    least = law.sum("below-threshold-notice", contract.entered_on)
    if least.is_reached(value_gross_pence=contract.value_gross_pence):
        yield Obligation(
            "contract-details",
            "UK7",
            "Contract details notice",
            None,
            None,
            "As soon as reasonably practicable after the contract is entered into",
            Basis(
                "Procurement Act 2023, section 87(3)",
                least.basis.checked,
                least.basis.valid_from,
                least.basis.valid_until,
                "",
            ),
        )


def _limited(law: Law, code: str, notice: str, name: str, first_on: date) -> Obligation:
    limit = law.limit(code, first_on)
    if limit.unit != "days":
        raise ValueError(f"{code} is not counted in days")
    due = last_day(first_on, limit.amount)
    rule = f"{limit.amount} days {limit.counts}"
    return Obligation(
        code, notice, name, due, _reminder(law.holidays, due), rule, limit.basis, limit.basis.note
    )


def _notice(law: Law, number: str, on: date) -> Obligation:
    notice = law.notice(number, on)
    return Obligation(
        number.lower(), number, notice.name, None, None, notice.due, notice.basis, notice.basis.note
    )


def _holds(law: Law, code: str, on: date) -> bool:
    try:
        limit = law.limit(code, on)
    except Refused:
        return False
    return limit.basis.holds(on)


def _reminder(holidays: Holidays, due: date) -> date | None:
    try:
        return working_days_before(due, 5, holidays)
    except Unreached:
        return None
