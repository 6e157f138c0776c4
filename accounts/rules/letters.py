"""The words of our e-mails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to write."""

    subject: str
    body: str


def invitation(*, href: str, inviter: str, organisation: str, role: str) -> Letter:
    """Return the mail that invites somebody to act for an organisation."""
    return Letter(
        f"You are invited to Buy Together for {organisation}",
        f"{inviter} invites you to Buy Together, where councils buy together.\n\n"
        f"Organisation: {organisation}\nRole: {role}\n\n"
        f"To accept, open this address within 7 days:\n\n{href}\n\n"
        "If you did not expect this, do nothing: nobody gets an account without opening it.\n",
    )


def registration(*, href: str, firm: str) -> Letter:
    """Return the mail that lets somebody finish the registration of a firm."""
    return Letter(
        "Finish the registration of your firm with Buy Together",
        f"Somebody gave this address to register “{firm}” with Buy Together, where councils say what they "
        "need and firms respond. It is free of charge.\n\n"
        f"To finish, open this address within 7 days:\n\n{href}\n\n"
        "If it was not you, do nothing: nothing is registered without opening it.\n",
    )


def password_reset(*, href: str, name: str) -> Letter:
    """Return the mail with which somebody chooses a new password."""
    return Letter(
        "Choose a new password for Buy Together",
        f"Dear {name},\n\n"
        "somebody asked for a new password for your account. To choose one, open this address within an "
        "hour:\n\n"
        f"{href}\n\n"
        "It works once, and ends all sessions of your account.\n\n"
        "If it was not you, do nothing: your password stays as it is.\n",
    )


def password_changed(*, name: str) -> Letter:
    """Return the mail that tells somebody that their password is another one now."""
    return Letter(
        "Your password for Buy Together was changed",
        f"Dear {name},\n\n"
        "the password of your account was changed just now, and all other sessions were ended.\n\n"
        "If it was not you, ask for a new password on the sign-in page at once, and tell whoever runs the "
        "service for you.\n",
    )
