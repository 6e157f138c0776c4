"""What a contract award notice tells as values: who won what at which value, and how many tendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from analytics.assessment.prices import Schedule
from tenders.rules.content import Content, Lot
from tenders.rules.notices import Field
from values.money import format_pence

SOURCE: Final = "Procurement Regulations 2024, regulation 27(2)"


@dataclass(frozen=True, slots=True)
class Won:
    """A lot that is to be awarded.

    Attributes:
        number: of the lot.
        net_pence: what the winner asks for at the expected take-up, without VAT; where no price was asked
            for, the estimate of the tender.
        decided_at: when the award was decided, as RFC 3339.
    """

    number: int
    supplier_id: str
    supplier: str
    net_pence: int | None
    decided_at: str


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What a contract award notice tells.

    Attributes:
        told_at: when all bidders were told, as RFC 3339.
        received, assessed: how many tenders.
        lost: id and name of suppliers that were assessed and not chosen, where the law has them named.
    """

    told_at: str
    received: int
    assessed: int
    won: tuple[Won, ...]
    lost: tuple[tuple[str, str], ...]


def won(
    content: Content,
    kept: Mapping[str, Any],
    number: int,
    *,
    place: tuple[UUID, str],
    supplier: tuple[UUID, str],
    decided_at: datetime,
) -> Won:
    """Return what is told of one lot.

    Args:
        content: of the tender.
        kept: the assessment.
        number: of the lot.
        place: the lot's id, and the number of the bid that won it.
        supplier: id and name of the winner.
        decided_at: when the award was decided.
    """
    lot = content.lots[number - 1]
    lot_id, bid = place
    found = next((each for each in kept["lots"] if each["lot"] == str(lot_id)), None)
    said = found["bids"][bid]["prices"] if found else None
    return Won(number, str(supplier[0]), supplier[1], _net_pence(lot, said), decided_at.isoformat())


def _net_pence(lot: Lot, said: Mapping[str, Any] | None) -> int | None:
    if said is None:
        return None if lot.net_pence is None else lot.net_pence + (lot.options_pence or 0)
    tiers = tuple((start, price) for start, price in said["tiers"])
    return Schedule(said["fixed_pence"], tiers, lot.counting).pence_at(lot.expected_units or 0)


def lost(summaries: Sequence[tuple[UUID, Mapping[str, Any]]]) -> tuple[tuple[str, str], ...]:
    """Return who was assessed and has won nothing; `summaries`: supplier and what it was told."""
    return tuple(
        sorted(
            (str(supplier_id), said["supplier"])
            for supplier_id, said in summaries
            if not said["disregarded"] and not any(lot["won"] for lot in said["lots"])
        )
    )


def fields(facts: AwardFacts) -> list[Field]:
    """Return what the notice says of values and of suppliers that were not chosen."""
    value = [
        Field(
            f"Estimated value of the contract for lot {each.number}, without VAT",
            format_pence(each.net_pence),
            SOURCE,
        )
        for each in facts.won
        if each.net_pence is not None
    ]
    named = "\n".join(name for _, name in facts.lost)
    return [*value, *([Field("Assessed and not chosen", named, f"{SOURCE}(o)")] if named else [])]


def as_json(facts: AwardFacts) -> dict[str, Any]:
    """Return facts as they are kept with the notice."""
    return asdict(facts)


def from_json(kept: Mapping[str, Any]) -> AwardFacts:
    """Return facts as they were kept."""
    return AwardFacts(
        told_at=kept["told_at"],
        received=kept["received"],
        assessed=kept["assessed"],
        won=tuple(Won(**each) for each in kept["won"]),
        lost=tuple((supplier_id, name) for supplier_id, name in kept["lost"]),
    )
