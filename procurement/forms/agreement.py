"""Forms of the agreement, of signing it, and of what approvers may sign."""

from __future__ import annotations

from typing import Any, Final

from procurement.rules.pools.agreement import Choices, CostSharing, DataRole
from web.fields import (
    BooleanField,
    CountField,
    DayField,
    Length,
    LongTextField,
    PenceField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

COST_WORDS: Final = {
    CostSharing.EQUALLY: "Equally",
    CostSharing.ESTIMATE: "By estimated value",
    CostSharing.SHAPLEY: "By what each council adds to the saving (Shapley share)",
}
DATA_WORDS: Final = {
    DataRole.NONE: "No personal data is shared",
    DataRole.JOINT: "Joint controllers",
    DataRole.PROCESSOR: "Each council is controller, the lead council its processor",
}
_REASON: Final = Length(max=1000, message="The reason must be 1,000 characters or less")


class ChoicesForm(Form):
    """What the lead council chooses for the next version."""

    cost_sharing = RadioField(
        "How are the costs of the procurement shared?",
        choices=[SelectChoice(how.value, words) for how, words in COST_WORDS.items()],
    )
    liability_pence = PenceField(
        "Up to which sum does a council answer to the others?",
        [needed("Enter up to which sum a council answers to the others")],
        wrong="Enter the sum in pounds, such as 100,000",
    )
    leave_days = CountField(
        "For how many days after it leaves does a council still share costs?",
        [needed("Enter a number of days")],
        wrong="Enter a whole number of days from 0 to 365",
        most=365,
    )
    data_role = RadioField(
        "What are the councils to each other where personal data is handled?",
        choices=[SelectChoice(role.value, words) for role, words in DATA_WORDS.items()],
    )
    reason = LongTextField("What is different from the last version, and why?", [_REASON])

    def validate_liability_pence(self, field: Any) -> None:
        """Refuse a sum below zero."""
        if field.data is not None and field.data < 0:
            raise ValidationError("The sum must be 0 or more")

    @property
    def choices(self) -> Choices:
        """Return what was chosen."""
        return Choices(
            CostSharing(self.cost_sharing.data),
            self.liability_pence.data or 0,
            self.leave_days.data or 0,
            DataRole(self.data_role.data),
        )


class SignForm(Form):
    """The sum, the day, and the second factor."""

    sum_pence = PenceField(
        "Up to which sum do you commit your council?",
        [needed("Enter the sum up to which you commit your council")],
        wrong="Enter the sum in pounds, such as 250,000",
    )
    until_on = DayField(
        "Until when does the commitment last?",
        [needed("Enter until when the commitment lasts")],
        noun="The last day of the commitment",
    )
    below = BooleanField("Sign with this sum all the same")
    code = TextField("Code from your app", [needed("Enter the code that your app shows"), Length(max=20)])

    def validate_sum_pence(self, field: Any) -> None:
        """Refuse nothing and less."""
        if field.data is not None and field.data <= 0:
            raise ValidationError("The sum must be more than £0")


class TakeBackForm(Form):
    """Why a signature is taken back."""

    reason = LongTextField("Why do you take it back?", [needed("Enter a reason"), _REASON])


class LimitForm(Form):
    """Up to which sum an approver may commit their council."""

    limit_pence = PenceField(
        "Up to which sum?",
        [needed("Enter up to which sum this approver may commit the council")],
        wrong="Enter the sum in pounds, such as 250,000",
    )

    def validate_limit_pence(self, field: Any) -> None:
        """Refuse a sum below zero."""
        if field.data is not None and field.data < 0:
            raise ValidationError("The sum must be 0 or more")
