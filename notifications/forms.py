"""The form of how somebody wants to hear of notices."""

from __future__ import annotations

from notifications.rules.telling import MailWanted
from web.fields import (
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
)
from web.forms import Form

MAIL_WORDS = {
    MailWanted.EACH: "A mail for each notice",
    MailWanted.DAILY: "One mail a day, in the morning, when there is something new",
    MailWanted.NONE: "No mail",
}


class MailForm(Form):
    """How much mail somebody wants."""

    mail = RadioField(
        "How much mail do you want about pools and needs?",
        choices=[SelectChoice(wanted.value, words) for wanted, words in MAIL_WORDS.items()],
    )
