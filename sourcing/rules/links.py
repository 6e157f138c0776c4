"""What somebody looks for, and the one way to write it down as the query of an address.

A search of tenders and one of challenges have filters of their own; how a filter becomes a link is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Linked:
    """What is looked for; what is empty leaves all. A filter adds its fields, each with a default.

    Attributes:
        names: name in the query → field, of every field that a query can ask for.
    """

    names: ClassVar[Mapping[str, str]] = {}

    @property
    def plain(self) -> bool:
        """Whether nothing is asked for."""
        return self == type(self)()

    @property
    def query(self) -> str:
        """The shortest query that asks for the same; equal questions have equal queries.

        Whose things are wanted is asked as "own", so that a link means each reader's own.
        """
        return urlencode(sorted(self.asked()))

    def asked(self) -> Iterator[tuple[str, str]]:
        """Yield each part of the query that is not left open, by its name."""
        nothing = type(self)()
        for name, field in self.names.items():
            value = getattr(self, field)
            if value != getattr(nothing, field):
                yield name, _written(name, value)

    def without(self, name: str) -> Self:
        """Return what is asked for without one of its parts, by its name in the query."""
        field = self.names[name]
        return replace(self, **{field: getattr(type(self)(), field)})


def day(value: date | None) -> str:
    """Return a day as people read it, or nothing."""
    return f"{value.day} {value:%B %Y}" if value else ""


def _written(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        whole, pennies = divmod(value, 100)
        return f"{whole}" if not pennies else f"{Decimal(value) / 100:.2f}"
    return "own" if name == "whose" else str(value)
