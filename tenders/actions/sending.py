"""The port through which a notice would go to the central platform by itself.

The platform's own interface for submitting notices was not found, so that no adapter for it exists: a person
takes the export there. Whoever has access to an interface writes an adapter to `Platform`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from values.refusals import Refused


class Prepared(Protocol):
    """A notice as it goes to the platform: of a tender or of a contract."""

    @property
    def code(self) -> str:
        """Its number on Find a Tender."""
        ...

    @property
    def fields(self) -> list[dict[str, Any]]:
        """What it says."""
        ...


class Accepted(Protocol):
    """What the platform says of a notice that it published."""

    @property
    def reference(self) -> str:
        """The reference that it gave the notice."""
        ...

    @property
    def published_at(self) -> datetime:
        """When it published it."""
        ...


class Platform(Protocol):
    """The central platform, as far as notices are sent to it."""

    async def publish(self, notice: Prepared) -> Accepted:
        """Publish a notice and return what the platform said.

        Raises:
            Refused: it did not take it, in its words.
        """
        ...


class NoInterface:
    """What stands in place of an interface: says that there is none."""

    async def publish(self, notice: Prepared) -> Accepted:
        """Refuse, and say what to do instead."""
        raise Refused(
            f"No interface to the central platform is set up here. Export the notice {notice.code}, "
            f"enter it there, "
            "and record what the platform confirms."
        )
