"""How values are written in the data: instants, days, sums; and nothing where nothing was said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final

from values.years import LONDON

Json = dict[str, Any]
DAY_ENDS: Final = time(23, 59, 59)


def said(**fields: Any) -> Json:
    """Return the fields that say something: no empty text, list or object, and no null.

    In a release a null takes back what an earlier one said, so nothing may be null by accident.
    """
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def instant(at: datetime | None) -> str | None:
    """Return an instant as RFC 3339, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def first_of(day: date | None) -> str | None:
    """Return the beginning of a day in London."""
    return datetime.combine(day, time(), LONDON).isoformat() if day else None


def last_of(day: date | None) -> str | None:
    """Return the end of a day in London."""
    return datetime.combine(day, DAY_ENDS, LONDON).isoformat() if day else None


def pounds(pence: int) -> int | float:
    """Return pounds as a number of JSON; it is exact to the penny far beyond any contract."""
    whole, rest = divmod(pence, 100)
    return pence / 100 if rest else whole


def value(net_pence: int | None, gross_pence: int | None = None) -> Json | None:
    """Return a sum without VAT, and with it where that is known; None where neither is."""
    if net_pence is None and gross_pence is None:
        return None
    return said(
        amount=None if net_pence is None else pounds(net_pence),
        amountGross=None if gross_pence is None else pounds(gross_pence),
        currency="GBP",
    )
