"""By which part of the law a problem that councils publish is answered, tried and bought."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sourcing.rules import tables
from sourcing.rules.law import Basis, Law, Notice, basis_of, in_force

ALWAYS: Final = "always"
# A rule of the table that names a row of the table of other sums.
_FROM: Final = "from "


@dataclass(frozen=True, slots=True)
class ChallengeRoute:
    """A route of a challenge.

    Attributes:
        buys: something can be bought by it; else it only asks.
        first_notice: the notice that comes before the statement is published, or empty.
        first_rule: when it does: always, or from a sum that the tables name.
        notices: all that it calls for, in their order.
    """

    code: str
    name: str
    words: str
    buys: bool
    first_notice: str
    first_rule: str
    notices: tuple[str, ...]
    basis: Basis

    @property
    def verified(self) -> bool:
        """Whether the rule was read in the law itself."""
        return self.basis.checked.startswith("read in")


@functools.cache
def routes() -> tuple[ChallengeRoute, ...]:
    """Return all routes, in the order of the table."""
    return tuple(_route(row) for row in tables.table("challenge-routes").rows)


def route(code: str) -> ChallengeRoute | None:
    """Return one route, or None where there is none of this name."""
    return next((each for each in routes() if each.code == code), None)


def first_notice(law: Law, chosen: ChallengeRoute, *, value_gross_pence: int, on: date) -> str:
    """Return the notice that must be out before a statement is, or nothing where none must."""
    if chosen.first_rule.startswith(_FROM):
        least = law.sum(chosen.first_rule.removeprefix(_FROM), on)
        return chosen.first_notice if least.is_reached(value_gross_pence=value_gross_pence) else ""
    return chosen.first_notice if chosen.first_rule == ALWAYS else ""


def notices(law: Law, chosen: ChallengeRoute, *, value_gross_pence: int, on: date) -> list[Notice]:
    """Return the notices that a route calls for at a value, in their order.

    One that a sum decides about is left out below it.
    """
    first = first_notice(law, chosen, value_gross_pence=value_gross_pence, on=on)
    wanted = [code for code in chosen.notices if code != chosen.first_notice or code == first]
    return [in_force(law.notices, code, on) for code in wanted]


def _route(row: Mapping[str, str]) -> ChallengeRoute:
    return ChallengeRoute(
        row["code"],
        row["name"],
        row["words"],
        {"yes": True, "no": False}[row["buys"]],
        row["first_notice"],
        row["first_rule"],
        tuple(row["notices"].split()),
        basis_of(row),
    )
