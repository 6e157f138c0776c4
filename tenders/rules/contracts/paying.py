"""Payments under contracts: what is late, and what a council counts of a half-year and of a quarter.

Section 68 gives thirty days that begin with the day a valid invoice is received, or with the day the sum
falls due if that is later. The payments compliance notice counts from the day after receipt (regulation 38):
both are computed, and they differ by a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sourcing.rules.counting import last_day
from sourcing.rules.law import Law
from values.refusals import Refused

# Procurement Regulations 2024, regulation 38: days from the one after receipt.
SOON: Final = 30
LATE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An invoice under a contract; `paid_on` is None until it was paid."""

    id: UUID
    contract_id: UUID
    reference: str
    supplier: str
    invoice: str
    sum_pence: int
    received_on: date
    falls_due_on: date | None
    disputed: bool
    paid_on: date | None

    @property
    def days(self) -> int | None:
        """In how many days it was paid, the day after receipt being the first; None until it was."""
        return (self.paid_on - self.received_on).days if self.paid_on else None


@dataclass(frozen=True, slots=True)
class Counted:
    """What was paid in a span, by how long it took; shares and mean are None where nothing was paid.

    `unpaid` are invoices that were due by the last day and are not paid, without those in dispute.
    """

    from_on: date
    until_on: date
    paid: int
    paid_pence: int
    soon: int
    late: int
    very_late: int
    mean_days: float | None
    unpaid: int

    def share(self, count: int) -> float | None:
        """Return the part of what was paid, or None."""
        return count / self.paid if self.paid else None


def due_on(law: Law, payment: Payment) -> date:
    """Return the last day on which a sum is paid in time (section 68(2))."""
    first = max(payment.received_on, payment.falls_due_on or payment.received_on)
    return last_day(first, law.limit("payment", payment.received_on).amount)


def count(law: Law, payments: Iterable[Payment], from_on: date, until_on: date) -> Counted:
    """Return how payments of a span stand; one that was paid on its last day is part of it."""
    all_ = list(payments)
    days = [
        found
        for each in all_
        if each.paid_on and from_on <= each.paid_on <= until_on and (found := each.days) is not None
    ]
    paid = [each for each in all_ if each.paid_on and from_on <= each.paid_on <= until_on]
    unpaid = [
        each
        for each in all_
        if not each.disputed
        and due_on(law, each) <= until_on
        and (each.paid_on is None or each.paid_on > until_on)
    ]
    return Counted(
        from_on=from_on,
        until_on=until_on,
        paid=len(paid),
        paid_pence=sum(each.sum_pence for each in paid),
        soon=sum(each <= SOON for each in days),
        late=sum(SOON < each <= LATE for each in days),
        very_late=sum(each > LATE for each in days),
        mean_days=sum(days) / len(days) if days else None,
        unpaid=len(unpaid),
    )


def large(law: Law, payments: Iterable[Payment], from_on: date, until_on: date) -> list[Payment]:
    """Return the payments of a span that section 70 asks to publish, as far as the tables know.

    What is to be said of each stands in regulations that were not read.
    """
    return [
        each
        for each in payments
        if each.paid_on
        and from_on <= each.paid_on <= until_on
        and law.sum("payment-information", each.paid_on).is_reached(value_gross_pence=each.sum_pence)
    ]


def untold(law: Law, payments: Iterable[Payment], told: Collection[str], by: date) -> list[Payment]:
    """Return the payments until a day that section 70 asks to publish, without those that were.

    Args:
        law: the tables.
        payments: under one contract.
        told: ids of payments of which information was published.
        by: the day.
    """
    return [each for each in large(law, payments, date.min, by) if str(each.id) not in told]


def half_years(today: date) -> Sequence[tuple[date, date]]:
    """Return the half-years of section 69 that are shown: the one that runs, and the two before it."""
    ends = sorted(
        date(year, month, day)
        for year in range(today.year - 2, today.year + 2)
        for month, day in ((3, 31), (9, 30))
    )
    coming = next(number for number, each in enumerate(ends) if each >= today)
    return [(_begin(ends[number]), ends[number]) for number in range(coming, coming - 3, -1)]


def check(payment: Payment, signed_on: date, today: date) -> None:
    """Refuse a payment whose days cannot be.

    Raises:
        Refused: with which.
    """
    if payment.received_on > today:
        raise Refused("The day of receipt cannot be in the future", "received_on")
    if payment.received_on < signed_on:
        raise Refused("The contract was not signed by that day", "received_on")
    if payment.sum_pence <= 0:
        raise Refused("Enter a sum above £0", "sum_pence")
    check_paid(payment, payment.paid_on, today)


def check_paid(payment: Payment, paid_on: date | None, today: date) -> None:
    """Refuse a day of payment that cannot be.

    Raises:
        Refused: it lies before the receipt, or in the future.
    """
    if paid_on is None:
        return
    if paid_on > today:
        raise Refused("The day of payment cannot be in the future", "paid_on")
    if paid_on < payment.received_on:
        raise Refused("It cannot have been paid before the invoice was received", "paid_on")


def _begin(end: date) -> date:
    """Return the first day of the half-year that ends on a day."""
    return date(end.year - 1, 10, 1) if end.month == 3 else date(end.year, 4, 1)
