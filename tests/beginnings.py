"""Where many tests begin: states of the database, built once a test process and cloned for each test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.databases import Database

# What a state holds, by the name of the fixture that gives it to a test; all of it can be pickled.
Begun = dict[str, Any]


@dataclass(frozen=True)
class Beginning:
    """A state that is built by what the product itself does.

    Attributes:
        name: of the fixture that stands for it.
        build: gets a database in the state before, and what that holds; returns what is new. It closes all
            connections that it opened, for a database that somebody uses cannot be cloned.
        after: the state that it builds on; without one, the migrated template.
    """

    name: str
    build: Callable[[Database, Begun], Awaitable[Begun]]
    after: Beginning | None = None


def furthest(beginnings: Collection[Beginning], asked: Collection[str]) -> Beginning | None:
    """Return the last of the states, in the order in which they follow each other, that a test asks for."""
    return next((each for each in reversed([*beginnings]) if each.name in asked), None)
