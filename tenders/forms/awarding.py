"""Forms of an award: why, a code for an approval, a challenge, a contract that was signed."""

from __future__ import annotations

from tenders.forms.deciding import LENGTH
from tenders.forms.fields import SHORT
from web.fields import DayField, LongTextField, TextField, needed
from web.forms import Form


class ChallengeForm(Form):
    """Proceedings of which the buyers were told."""

    words = LongTextField("What was begun, and where?", [needed("Say what was begun"), LENGTH])
    notified_on = DayField(
        "Day on which the buyers were told", [needed("Enter the day")], noun="The day of the notification"
    )


class ContractForm(Form):
    """A contract that a council signed."""

    reference = TextField("Reference of the contract", [needed("Enter its reference"), SHORT])
    signed_on = DayField("Day of the signature", [needed("Enter the day")], noun="The day of the signature")
