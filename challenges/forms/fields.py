"""What the forms of challenges are made of: limits, and moments asked for as a day and an hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, Final

from values.years import LONDON
from web.fields import Length, ValidationError
from web.forms import Form

LONG: Final = Length(max=6_000, message="This text must be 6,000 characters or less")
SHORT: Final = Length(max=300, message="This must be 300 characters or less")
REASON: Final = Length(max=2_000, message="The reason must be 2,000 characters or less")
MOST_PENCE: Final = 10_000_000_000
HOURS: Final = {"12:00": "Midday", "17:00": "5pm", "23:59": "The end of the day"}


class PartForm(Form):
    """A form whose fields are columns of the statement.

    Attributes:
        fields_of_day: columns of a moment, each with the field of its day; the hour's is named after it.
    """

    moments: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def shown(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Return stored values as the form shows them."""
        said = dict(stored)
        for column, name in cls.moments.items():
            at: datetime | None = stored[column]
            local = at.astimezone(LONDON) if at else None
            said[f"{name}_on"] = local.date() if local else None
            said[f"{name}_hour"] = f"{local:%H:%M}" if local else "12:00"
        return said

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in, by column."""
        said = dict(self.data)
        for column, name in self.moments.items():
            day, hour = said.pop(f"{name}_on"), said.pop(f"{name}_hour")
            said[column] = moment(day, hour)
        return said


def moment(day: date | None, hour: str) -> datetime | None:
    """Return the moment of a day and an hour in London; None where no day is said."""
    return datetime.combine(day, time.fromisoformat(hour), LONDON) if day else None


def sum_of_money(_form: object, field: Any) -> None:
    """Refuse a sum below nothing, or beyond what a challenge is about."""
    if field.data is not None and not 0 <= field.data <= MOST_PENCE:
        raise ValidationError("Enter a sum from £0 to £100,000,000")
