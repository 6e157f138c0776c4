"""What a contract award notice tells as values: who won what at which value, and how many tendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from analytics.assessment.prices import Schedule
from suppliers.rules import NOTHING_DECLARED, NOTHING_REGISTERED, Declared, Registered, declared_from
from tenders.rules.content import Content, Lot
from tenders.rules.notices import Field
from values.money import format_pence

SOURCE: Final = "Procurement Regulations 2024, regulation 27(2)"


@dataclass(frozen=True, slots=True)
class Named:
    """A supplier that a notice names, with what it had declared of itself by then."""

    id: str
    name: str
    declared: Declared = NOTHING_DECLARED
    registered: Registered = NOTHING_REGISTERED


@dataclass(frozen=True, slots=True)
class Won:
    """A lot that is to be awarded.

    Attributes:
        number: of the lot.
        supplier_id, supplier: of the lead of the best bid; the name says also who bids with it.
        net_pence: what the winner asks for at the expected take-up, without VAT; where no price was asked
            for, the estimate of the tender.
        decided_at: when the award was decided, as RFC 3339.
        suppliers: all to which the lot goes, the lead first.
    """

    number: int
    supplier_id: str
    supplier: str
    net_pence: int | None
    decided_at: str
    suppliers: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of the tenders that were assessed came from which kind of supplier, as its lead declared.

    Attributes:
        small: from small and medium-sized enterprises.
        small_unsaid: from suppliers that had not declared their size.
        voluntary: from voluntary, community or social enterprises.
        voluntary_unsaid: from suppliers that had not declared whether they are one.
    """

    small: int
    small_unsaid: int
    voluntary: int
    voluntary_unsaid: int


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What a contract award notice tells.

    Attributes:
        told_at: when all bidders were told, as RFC 3339.
        received, assessed: how many tenders.
        lost: suppliers that were assessed and not chosen, where the law has them named.
        counted: None in notices of before firms declared their size.
    """

    told_at: str
    received: int
    assessed: int
    won: tuple[Won, ...]
    lost: tuple[Named, ...]
    counted: Counted | None = None


def counted(assessed: Iterable[Declared]) -> Counted:
    """Count the tenders that were assessed by what their leads have declared."""
    found = list(assessed)
    return Counted(
        small=sum(each.small_or_medium is True for each in found),
        small_unsaid=sum(each.small_or_medium is None for each in found),
        voluntary=sum(each.voluntary is True for each in found),
        voluntary_unsaid=sum(each.voluntary is None for each in found),
    )


def won(
    content: Content,
    kept: Mapping[str, Any],
    number: int,
    *,
    place: tuple[UUID, str],
    supplier: tuple[UUID, str],
    suppliers: Sequence[Named],
    decided_at: datetime,
) -> Won:
    """Return what is told of one lot.

    Args:
        content: of the tender.
        kept: the assessment.
        number: of the lot.
        place: the lot's id, and the number of the bid that won it.
        supplier: id and name of the winner.
        suppliers: all to which the lot goes, the winner first.
        decided_at: when the award was decided.
    """
    lot = content.lots[number - 1]
    lot_id, bid = place
    found = next((each for each in kept["lots"] if each["lot"] == str(lot_id)), None)
    said = found["bids"][bid]["prices"] if found else None
    return Won(
        number,
        str(supplier[0]),
        supplier[1],
        _net_pence(lot, said),
        decided_at.isoformat(),
        tuple(suppliers),
    )


def _net_pence(lot: Lot, said: Mapping[str, Any] | None) -> int | None:
    if said is None:
        return None if lot.net_pence is None else lot.net_pence + (lot.options_pence or 0)
    tiers = tuple((start, price) for start, price in said["tiers"])
    return Schedule(said["fixed_pence"], tiers, lot.counting).pence_at(lot.expected_units or 0)


def lost(
    summaries: Sequence[tuple[UUID, Mapping[str, Any]]],
    declared: Mapping[UUID, Declared],
    numbers: Mapping[UUID, Registered],
) -> tuple[Named, ...]:
    """Return who was assessed and has won nothing; `summaries`: supplier and what it was told."""
    found = [
        Named(str(supplier_id), said["supplier"], declared[supplier_id], numbers[supplier_id])
        for supplier_id, said in summaries
        if not said["disregarded"] and not any(lot["won"] for lot in said["lots"])
    ]
    return tuple(sorted(found, key=lambda each: (each.id, each.name)))


def fields(facts: AwardFacts) -> list[Field]:
    """Return what the notice says of values, of who tendered, and of suppliers that were not chosen."""
    value = [
        Field(
            f"Estimated value of the contract for lot {each.number}, without VAT",
            format_pence(each.net_pence),
            SOURCE,
        )
        for each in facts.won
        if each.net_pence is not None
    ]
    winners = {each.id: each for won in facts.won for each in won.suppliers}
    said = (
        [
            identified(winners.values(), SOURCE),
            Field("Size and kind of the supplier", _declared(winners.values()), SOURCE),
        ]
        if winners
        else []
    )
    named = "\n".join(
        f"{each.name} ({_inside(each.registered)}): {each.declared.words.lower()}" for each in facts.lost
    )
    lost = Field("Assessed and not chosen", named, f"{SOURCE}(o)", finding=_finding(facts.lost))
    return [*value, *said, *_counted(facts), *([lost] if named else [])]


def identified(suppliers: Iterable[Named], source: str) -> Field:
    """Return what a notice says of the numbers of suppliers; one without is a finding for who prepares it."""
    named = list(suppliers)
    words = "\n".join(f"{each.name}: {_inside(each.registered)}" for each in named)
    # Awards of before suppliers were written down one by one have none.
    return Field("Identifier of the supplier", words, source, needed=bool(named), finding=_finding(named))


def _inside(found: Registered) -> str:
    return found.words if found.is_said else "number not declared"


def _finding(suppliers: Iterable[Named]) -> str:
    lacking = [each.name for each in suppliers if not each.registered.is_said]
    if not lacking:
        return ""
    return (
        f"No number of a register is known of {' and '.join(lacking)}. Ask the firm to say it on its own "
        "page, “Your firm” (/firm), then prepare this notice again. Nobody else can say it for the firm "
        "here; where it does not, whoever enters the notice chooses the supplier on the central platform."
    )


def _declared(suppliers: Iterable[Named]) -> str:
    return "\n".join(f"{each.name}: {each.declared.words.lower()}" for each in suppliers)


def _counted(facts: AwardFacts) -> list[Field]:
    if facts.counted is None:
        return []
    kept = facts.counted
    return [
        Field(f"Tenders assessed from {kind}", in_words(count, unsaid), f"{SOURCE}(n)")
        for kind, count, unsaid in (
            ("small and medium-sized enterprises", kept.small, kept.small_unsaid),
            ("voluntary, community or social enterprises", kept.voluntary, kept.voluntary_unsaid),
        )
    ]


def in_words(count: int, unsaid: int) -> str:
    """Return a count with how many could not be counted."""
    return f"{count}, and {unsaid} from suppliers that have not declared it" if unsaid else str(count)


def as_json(facts: AwardFacts) -> dict[str, Any]:
    """Return facts as they are kept with the notice."""
    return asdict(facts)


def from_json(kept: Mapping[str, Any]) -> AwardFacts:
    """Return facts as they were kept; those of before firms declared their size have no word of it."""
    counts = kept.get("counted")
    return AwardFacts(
        told_at=kept["told_at"],
        received=kept["received"],
        assessed=kept["assessed"],
        won=tuple(map(_won, kept["won"])),
        lost=tuple(map(_named, kept["lost"])),
        counted=Counted(**counts) if counts else None,
    )


def _won(kept: Mapping[str, Any]) -> Won:
    suppliers = tuple(map(_named, kept.get("suppliers", ())))
    return replace(
        Won(**{name: value for name, value in kept.items() if name != "suppliers"}), suppliers=suppliers
    )


def _named(kept: Any) -> Named:
    if isinstance(kept, Mapping):
        each: Any = kept
        registered = Registered(**each.get("registered", {}))
        return Named(each["id"], each["name"], declared_from(**each["declared"]), registered)
    supplier_id, name = kept
    return Named(supplier_id, name)
