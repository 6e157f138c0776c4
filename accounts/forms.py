"""Forms of sign-in, account and people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from accounts.rules import addresses
from accounts.rules.roles import NAMES
from values.actors import Role
from web.fields import (
    Length,
    PasswordField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    SelectMultipleField,
    TextField,
    ValidationError,
    needed,
)
from web.forms import Form

LONGEST_NAME: Final = 100


def choices(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Return what a select or a row of boxes offers, from (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


def email_address(_form: object, field: Any) -> None:
    """Refuse what cannot be an e-mail address."""
    if not addresses.is_email(field.data):
        raise ValidationError("Enter an e-mail address in the correct format, like name@example.com")


def _email(label: str = "E-mail address") -> TextField:
    return TextField(label, [needed("Enter an e-mail address"), email_address])


class SignIn(Form):
    """E-mail address and password."""

    email = _email()
    password = PasswordField("Password", [needed("Enter your password")])


class SecondFactor(Form):
    """A code from an authenticator app."""

    code = TextField("Code from your app", [needed("Enter the code that your app shows"), Length(max=20)])


class RecoveryCode(Form):
    """A code that was written down when the second factor was set up."""

    recovery_code = TextField("Recovery code", [needed("Enter a recovery code"), Length(max=40)])


class Enrol(SecondFactor):
    """The first code of a new second factor."""


class ForgottenPassword(Form):
    """Where to send the address at which a new password is chosen."""

    email = _email()


class NewPassword(Form):
    """A new password, typed once: it can be shown, pasted and made by a password manager."""

    password = PasswordField("New password", [needed("Enter a new password")])


class ChangePassword(NewPassword):
    """The current password and another."""

    current = PasswordField("Current password", [needed("Enter your current password")])


class Accept(Form):
    """What a new person gives with an invitation."""

    name = TextField(
        "Your name",
        [
            needed("Enter your name"),
            Length(max=LONGEST_NAME, message="Your name must have 100 characters or fewer"),
        ],
    )
    password = PasswordField("Password", [needed("Enter a password")])


def plain_name(_form: object, field: Any) -> None:
    """Refuse an address where a name is asked for: it goes into a mail to somebody we do not know."""
    if re.search(r"://|www\.|@|[\r\n]", field.data or ""):
        raise ValidationError("Enter a name, without an address")


class RegisterFirm(Form):
    """Which firm, and where its first person is reached."""

    firm = TextField(
        "Name of your firm",
        [
            needed("Enter the name of your firm"),
            Length(min=2, max=LONGEST_NAME, message="The name must have 2 to 100 characters"),
            plain_name,
        ],
    )
    email = _email()


class Invite(Form):
    """Whom to invite, to what. `organisation` has the choices that the actor may invite to."""

    email = _email()
    organisation = SelectField("Organisation", [needed("Choose an organisation")])
    role = SelectField("Role", [needed("Choose a role")])


class Roles(Form):
    """What a member may do."""

    roles = SelectMultipleField("Roles", choices=choices((role.value, name) for role, name in NAMES.items()))

    @property
    def chosen(self) -> set[Role]:
        """The roles that were ticked."""
        return {Role(value) for value in self.roles.data or ()}
