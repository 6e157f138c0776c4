"""Changes of contracts: proposed from their notice on, amendments once a later notice says they were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ocds.rules import awards, ids
from ocds.rules.ids import Publisher
from ocds.rules.processes import ContractNotice, Process, Signed
from ocds.rules.saying import Json, instant, last_of, said, value
from sourcing.rules.law import law
from tenders.rules.contracts.changing import PART_6
from tenders.rules.contracts.telling import Proposed

CHANGE: Final = "UK10"
# Of grounds and ways by which the law permits a change: ours, as no register of their codes is known here.
SCHEME: Final = "buyTogether"
_WAYS: Final[Mapping[str, str]] = {
    "light-touch": "Light touch contract",
    "minor": "Not substantial",
    "small": "Below-threshold change",
    PART_6: "Contract below the threshold",
}


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a contract as notices told of them by an instant, in the order in which they were told.

    Attributes:
        waiting: those that no later notice says were made.
        made: those that one does, and changes of before notices kept what they tell.
    """

    waiting: Sequence[ContractNotice]
    made: Sequence[ContractNotice]

    @property
    def last(self) -> Proposed | None:
        """What the contract is by the change that was made last, as far as it is known."""
        return next((each.facts.change for each in reversed(self.made) if each.facts), None)


def changes(told: Sequence[ContractNotice]) -> Changes:
    """Return the changes that notices of a contract told of; `told` are those of it by an instant."""
    numbers = {number for each in told if each.facts for number in each.facts.made}
    of_changes = [each for each in told if each.code == CHANGE]
    waiting = [
        each
        for each in of_changes
        if each.facts and each.facts.change and each.facts.change.number not in numbers
    ]
    return Changes(waiting, [each for each in of_changes if each not in waiting])


def suppliers(contract: Signed, found: Changes) -> list[Json]:
    """Return who performs a contract by the changes that were made."""
    for each in reversed(found.made):
        if each.facts and each.facts.change and each.facts.change.new_supplier:
            return [_added(each, each.facts.change)]
    return awards.references(awards.contracted(contract))


def amendment(publisher: Publisher, process: Process, contract: Signed, notice: ContractNotice) -> Json:
    """Return one change as its notice told of it."""
    release = f"{ids.ocid(publisher, process.tender_id)}-{notice.code}-{notice.id}"
    begins = said(id=str(notice.id), date=instant(notice.published_at), releaseID=release)
    change = notice.facts.change if notice.facts else None
    if change is None:
        return begins | said(description=f"Contract change notice {notice.reference}")
    earlier = [each for each in contract.notices if each.recorded_at < notice.recorded_at]
    moves = bool(change.new_supplier)
    return begins | said(
        description=change.words,
        rationale=change.reason,
        rationaleClassifications=[_rationale(change, notice.published_at.date())],
        value=value(None, change.value_gross_pence),
        period=said(endDate=last_of(change.ends_on)),
        suppliersAdded=[_added(notice, change)] if moves else None,
        suppliersRemoved=suppliers(contract, changes(earlier)) if moves else None,
    )


def _rationale(change: Proposed, on: date) -> Json:
    code = change.ground if change.way == "ground" else change.way
    words = law().change(code, on).name if change.way == "ground" else _WAYS[code]
    return said(scheme=SCHEME, id=code, description=words)


def _added(notice: ContractNotice, change: Proposed) -> Json:
    return said(id=ids.supplier(str(notice.id)), name=change.new_supplier)


def parties(
    contracts: Sequence[tuple[Signed, Sequence[ContractNotice]]], named: Sequence[Json]
) -> list[Json]:
    """Return suppliers with those that changes bring in or take out; `named` are the suppliers of the award.

    Args:
        contracts: each with its notices by an instant.
        named: parties that are named already.
    """
    found = {each["id"]: each for each in named}
    for contract, told in contracts:
        all_ = changes(told)
        for notice in (*all_.waiting, *all_.made):
            if notice.facts is None or notice.facts.change is None or not notice.facts.change.new_supplier:
                continue
            made = notice in all_.made
            added = _added(notice, notice.facts.change)
            found[added["id"]] = added | said(
                identifier=said(legalName=added["name"]), roles=["supplier"] if made else None
            )
            earlier = [each for each in told if each.recorded_at < notice.recorded_at]
            for gone in suppliers(contract, changes(earlier)) if made else ():
                party = found[gone["id"]]
                roles = [*party.get("roles", []), "removedSupplier"]
                found[gone["id"]] = party | {"roles": list(dict.fromkeys(roles))}
    return list(found.values())
