"""The counters of the law, which differ in whether the day that starts a period is part of it."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

from sourcing.rules.holidays import Holidays

ONE_DAY: Final = timedelta(days=1)


def standstill_ends(published_on: date, working_days: int, holidays: Holidays) -> date:
    """Return the last day of a standstill, which runs to the end of it.

    The day of publication is the first of the working days if it is one; else the next working day is
    (Procurement Act 2023, section 51(2); the second half is our reading).

    Raises:
        Unreached: the table of bank holidays ends before the standstill.
    """
    if working_days < 1:
        raise ValueError("a standstill has at least one working day")
    day, counted = published_on, 0
    while True:
        counted += holidays.is_working_day(day)
        if counted == working_days:
            return day
        day += ONE_DAY


def period_ends(invited_on: date, days: int) -> date:
    """Return the last day of a participation or tendering period, the first day on which it may end.

    The period begins with the day after the invitation (section 54(5)); calendar days.
    """
    return invited_on + timedelta(days=days)


def last_day(first_on: date, days: int) -> date:
    """Return the last day of a period of so many calendar days "beginning with" a day, which is its first."""
    return first_on + timedelta(days=days - 1)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day_of_months(first_on: date, months: int) -> date:
    """Return the last day of a period of so many months beginning with a day."""
    return months_later(first_on, months) - ONE_DAY


def working_days_before(day: date, count: int, holidays: Holidays) -> date:
    """Return the working day that lies so many working days before a day.

    Raises:
        Unreached: the table of bank holidays does not reach back so far.
    """
    while count:
        day -= ONE_DAY
        count -= holidays.is_working_day(day)
    return day
