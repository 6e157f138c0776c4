"""Forms of approval, notices and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, ClassVar

from tenders.forms.fields import SHORT
from tenders.rules.approving import LONGEST_REASON
from values.years import LONDON
from web.fields import (
    DayField,
    FileField,
    Length,
    LongTextField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

LENGTH = Length(max=LONGEST_REASON, message="The reason must be 2,000 characters or less")


class ApproveForm(Form):
    """The second factor, for this approval alone."""

    # Two approvers of one council at the same moment.
    taken: ClassVar = {"pk_award_approval": (None, "Your council has approved this award already")}

    code = TextField("Code from your app", [needed("Enter the code that your app shows"), Length(max=20)])


class RefuseForm(Form):
    """What would have to change."""

    reason = LongTextField("What would have to change?", [needed("Say what would have to change"), LENGTH])


class ReasonForm(Form):
    """Why a tender is taken back or terminated."""

    reason = LongTextField("Reason", [needed("Enter a reason"), LENGTH])


class ConfirmForm(Form):
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


class DocumentForm(Form):
    """A document, and what it is called."""

    title = TextField("What is it?", [needed("Say what the document is"), SHORT])
    files = FileField("File")


class VersionForm(Form):
    """Another version of a document."""

    files = FileField("File")


class OverrideForm(Form):
    """A day that an officer sets for a step of the timetable, and why."""

    code = SelectField("Which step", choices=[])
    day = DayField("Day", [needed("Enter the day")], noun="The day")
    reason = LongTextField("Why do the law’s tables not fit here?", [needed("Enter a reason"), LENGTH])

    def offer(self, steps: Sequence[tuple[str, str]]) -> None:
        """Offer the steps that a day can be set for."""
        self.code.choices = [SelectChoice(code, name[0].upper() + name[1:]) for code, name in steps]


class DutyForm(Form):
    """What became of a duty of the council."""

    outcome = RadioField(
        "What became of it?",
        choices=[
            SelectChoice("done", "It was done"),
            SelectChoice("not_owed", "My council does not owe it"),
        ],
    )
    words = TextField(
        "Where it was published, or why it is not owed",
        [needed("Say where it was published, or why it is not owed"), SHORT],
    )
