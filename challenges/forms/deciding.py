"""Forms of sponsors, approvals, notices and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from challenges.forms.fields import HOURS, REASON, SHORT, moment
from challenges.rules.sponsoring import LONGEST_LINE
from values.years import LONDON
from web.fields import (
    DayField,
    Length,
    LongTextField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form


class SponsorForm(Form):
    """What a sponsor says of its own need, and the need that it links."""

    line = LongTextField(
        "What does your council need?",
        [
            needed("Say in a line what your council needs"),
            Length(max=LONGEST_LINE, message=f"Say it in {LONGEST_LINE} characters or less"),
        ],
    )
    need = SelectField("A need of your council that this belongs to", default="")

    def offer(self, needs: Sequence[tuple[UUID, str]]) -> None:
        """Offer the council's own needs."""
        field: Any = self.need
        field.choices = [
            SelectChoice("", "None"),
            *(SelectChoice(str(need_id), title) for need_id, title in needs),
        ]

    @property
    def need_id(self) -> UUID | None:
        """Return the need that was chosen, if any."""
        return UUID(self.need.data) if self.need.data else None


class ReasonForm(Form):
    """Why something is done that others read."""

    reason = LongTextField("Reason", [needed("Enter a reason"), REASON])


class LaterForm(Form):
    """Until when firms can respond now, and why."""

    due_on = DayField("Last day for responses", [needed("Enter the last day")], noun="The last day")
    due_hour = SelectField(
        "Responses count until, London time",
        choices=[SelectChoice(value, words) for value, words in HOURS.items()],
        default="12:00",
    )
    reason = LongTextField("Why is the deadline moved?", [needed("Enter a reason"), REASON])

    @property
    def until(self) -> datetime:
        """Return the moment."""
        found = moment(self.due_on.data, self.due_hour.data)
        if found is None:
            raise LookupError("the form was not validated")
        return found


class ApproveForm(Form):
    """The second factor, for this approval alone."""

    code = TextField("Code from your app", [needed("Enter the code that your app shows"), Length(max=20)])


class NoticeForm(Form):
    """What the central platform confirmed."""

    reference = TextField("Reference of the notice", [needed("Enter the reference of the notice"), SHORT])
    published_on = DayField(
        "Day of publication", [needed("Enter the day of publication")], noun="The day of publication"
    )
    published_time = TextField("Time of publication", [needed("Enter the time of publication"), SHORT])

    def validate_published_time(self, field: Any) -> None:
        """Refuse what is no time of day."""
        if field.data and not re.fullmatch(r"([01]?[0-9]|2[0-3])[:.][0-5][0-9]", field.data):
            raise ValidationError("Enter the time as hours and minutes, such as 14:30")

    @property
    def published_at(self) -> datetime:
        """Return the moment of publication."""
        hour, minute = re.split(r"[:.]", self.published_time.data or "0:0")
        day = self.published_on.data
        if day is None:
            raise LookupError("the form was not validated")
        return datetime.combine(day, time(int(hour), int(minute)), LONDON)
