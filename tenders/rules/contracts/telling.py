"""What notices of a contract tell as values, kept with each when it was prepared: open data are made of it.

Only what the notice says in words is among it: no evidence, nobody's name, no reading that was not assessed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenders.rules.contracts import performing
from tenders.rules.contracts.life import Assessment, Breach, Changed, Ending, Life


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of an indicator, as an assessment went by it."""

    kpi_number: int
    title: str
    target: str
    from_on: date
    until_on: date
    value: str
    rating: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A breach or failure with its consequence; its id stays the same in every notice that tells of it."""

    id: str
    consequence: str
    applies_on: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A change before it is made.

    Attributes:
        way, ground: on what it is permitted, by the codes of the law's tables.
        value_gross_pence, ends_on: of the contract once it is made.
        new_supplier: who takes the contract over; empty where the supplier stays.
    """

    number: int
    words: str
    reason: str
    way: str
    ground: str
    value_gross_pence: int
    ends_on: date | None
    new_supplier: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An end of the whole contract."""

    kind: str
    ended_on: date
    value_gross_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What one notice tells.

    Attributes:
        made: numbers of the changes that were made by then and of which a notice had told.
    """

    made: tuple[int, ...] = ()
    readings: tuple[Read, ...] = ()
    failures: tuple[Failed, ...] = ()
    change: Proposed | None = None
    ended: Ended | None = None


NOTHING_TOLD = NoticeFacts()


def announced(life: Life) -> tuple[Changed, ...]:
    """Return the changes that were made and of which a published notice had told."""
    return tuple(each for each in life.made if life.published("UK10", each.id))


def told(life: Life, about: object) -> NoticeFacts:
    """Return what a notice about something of a contract tells."""
    made = tuple(each.number for each in announced(life))
    if isinstance(about, Assessment):
        return NoticeFacts(made=made, readings=_readings(life, about))
    if isinstance(about, Breach):
        return NoticeFacts(made=made, failures=(_failed(about),))
    if isinstance(about, Changed):
        return NoticeFacts(made=made, change=_proposed(life, about))
    if isinstance(about, Ending):
        failures = tuple(_failed(each) for each in life.breaches if each.consequence == "terminated")
        return NoticeFacts(
            made=made, failures=failures, ended=Ended(about.kind, about.ended_on, life.value_gross_pence)
        )
    return NOTHING_TOLD


def _readings(life: Life, about: Assessment) -> tuple[Read, ...]:
    kpis = {each.number: each for each in life.facts.kpis}
    return tuple(
        Read(
            each.kpi_number,
            kpis[each.kpi_number].title,
            kpis[each.kpi_number].target,
            each.from_on,
            each.until_on,
            each.value,
            each.rating,
        )
        for each in performing.within(life.readings, about.from_on, about.until_on)
    )


def _failed(breach: Breach) -> Failed:
    return Failed(str(breach.id), breach.consequence, breach.applies_on, breach.words)


def _proposed(life: Life, about: Changed) -> Proposed:
    others = [each for each in life.changes if each.id != about.id]
    after = dataclasses.replace(life, changes=[*others, dataclasses.replace(about, state="made")])
    return Proposed(
        number=about.number,
        words=about.words,
        reason=about.reason,
        way=about.way,
        ground=about.ground,
        value_gross_pence=after.value_gross_pence,
        ends_on=after.ends_on,
        new_supplier=about.new_supplier,
    )


def as_json(facts: NoticeFacts) -> dict[str, Any]:
    """Return facts as they are kept with a notice; nothing where it tells nothing as values."""
    return {} if facts == NOTHING_TOLD else _plain(dataclasses.asdict(facts))


def _plain(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {name: _plain(each) for name, each in thing.items()}  # pyright: ignore[reportUnknownVariableType] -- JSON
    if isinstance(thing, list | tuple):
        return [_plain(each) for each in thing]  # pyright: ignore[reportUnknownVariableType] -- JSON
    return thing.isoformat() if isinstance(thing, date) else thing


def from_json(kept: Mapping[str, Any]) -> NoticeFacts | None:
    """Return facts as they were kept; None of a notice of before they were."""
    if not kept:
        return None
    change, ended = kept["change"], kept["ended"]
    return NoticeFacts(
        made=tuple(kept["made"]),
        readings=tuple(Read(**_dated(each, "from_on", "until_on")) for each in kept["readings"]),
        failures=tuple(Failed(**_dated(each, "applies_on")) for each in kept["failures"]),
        change=Proposed(**_dated(change, "ends_on")) if change else None,
        ended=Ended(**_dated(ended, "ended_on")) if ended else None,
    )


def _dated(kept: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: date.fromisoformat(each) if name in names and each else each for name, each in kept.items()}
