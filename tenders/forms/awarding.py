"""The form of a challenge to an award."""

from __future__ import annotations

from tenders.forms.deciding import LENGTH
from web.fields import DayField, LongTextField, needed
from web.forms import Form


class ChallengeForm(Form):
    """Proceedings of which the buyers were told."""

    words = LongTextField("What was begun, and where?", [needed("Say what was begun"), LENGTH])
    notified_on = DayField(
        "Day on which the buyers were told", [needed("Enter the day")], noun="The day of the notification"
    )
