"""The three ways in which our code says no; pages turn them into 404, 403 and a line of the error summary."""

from __future__ import annotations


class Missing(Exception):  # noqa: N818 -- reads as a refusal, not as a programming error
    """There is no such thing, or the actor may not know of it."""


class NotAllowed(Exception):  # noqa: N818
    """The actor may see the thing, but not do this with it."""


class Refused(Exception):  # noqa: N818
    """A rule does not let this happen now; the message tells a person what to do.

    Attributes:
        message: a sentence for the person, such as "Enter a budget before you close the pool".
        field: the form field it belongs to, where there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
