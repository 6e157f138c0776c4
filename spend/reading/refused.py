"""The one way in which a reading says no."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 - a refusal in words for people, like those of values.refusals
    """The content is no spending file that can be read; the message says what to do about it."""
