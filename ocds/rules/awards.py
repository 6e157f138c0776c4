"""Awards as the contract award notice told them, who won, and how many tendered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from ocds.rules import documents, ids, lots
from ocds.rules.processes import Awarded, Process, Signed
from ocds.rules.saying import Json, first_of, instant, last_of, said, value


def awards(process: Process, signed: Collection[int], *, cancelled: bool) -> list[Json]:
    """Return an award for each lot that was awarded; its id is the number of the lot.

    Args:
        process: all that is public of a tender.
        signed: lots with a contract that is public.
        cancelled: the procurement was terminated.
    """
    awarded = process.awarded
    if awarded is None:
        return []
    content = process.content
    titles = {lot.number: lot.title for lot in content.lots}
    told_at = datetime.fromisoformat(awarded.facts.told_at)
    return [
        said(
            id=str(won.number),
            title=titles[won.number],
            status="cancelled" if cancelled else "active" if won.number in signed else "pending",
            date=instant(datetime.fromisoformat(won.decided_at)),
            value=value(won.net_pence),
            suppliers=[said(id=ids.supplier(won.supplier_id), name=won.supplier)],
            relatedLots=[str(won.number)],
            mainProcurementCategory=lots.category(content),
            contractPeriod=said(
                startDate=first_of(content.dates.starts_on),
                endDate=last_of(content.dates.ends_on),
                maxExtentDate=last_of(content.dates.extended_until),
            ),
            assessmentSummariesDateSent=instant(told_at),
            standstillPeriod=said(
                startDate=first_of(awarded.standstill_from), endDate=last_of(awarded.standstill_to)
            ),
            documents=[documents.notice(awarded.notice)],
        )
        for won in awarded.facts.won
    ]


def of_contracts(process: Process, signed: Sequence[Signed]) -> list[Json]:
    """Return an award for each lot with a public contract, where no notice told of the award itself.

    Below the threshold that is so. Its value is what the public contracts of the lot come to, with VAT.
    """
    by_lot: dict[int, list[Signed]] = {}
    for each in signed:
        by_lot.setdefault(each.lot, []).append(each)
    titles = {lot.number: lot.title for lot in process.content.lots}
    return [
        said(
            id=str(lot),
            title=titles[lot],
            status="active",
            date=instant(found[0].decided_at) if found[0].decided_at else None,
            value=value(None, sum(each.value_gross_pence for each in found) or None),
            suppliers=[said(id=ids.supplier(found[0].supplier_id), name=found[0].supplier)],
            relatedLots=[str(lot)],
            mainProcurementCategory=lots.category(process.content),
        )
        for lot, found in sorted(by_lot.items())
        if found[0].supplier_id
    ]


def contractors(signed: Sequence[Signed]) -> list[Json]:
    """Return the suppliers of public contracts, where no notice told of the award itself."""
    named = {each.supplier_id: each.supplier for each in signed if each.supplier_id}
    return [_supplier(each, name, ["supplier", "tenderer"]) for each, name in named.items()]


def statistics(awarded: Awarded | None) -> Json:
    """Return how many tenders were received and assessed; nothing of it is public before the notice."""
    if awarded is None:
        return {}
    facts = awarded.facts
    counts = (("bids", facts.received), ("finalStageBids", facts.assessed))
    return {"statistics": [said(id=name, measure=name, value=count) for name, count in counts]}


def suppliers(awarded: Awarded | None) -> list[Json]:
    """Return the suppliers that the notice names: winners, and others where the law has them named."""
    if awarded is None:
        return []
    winners = {won.supplier_id: won.supplier for won in awarded.facts.won}
    return [
        *(_supplier(each, name, ["supplier", "tenderer"]) for each, name in winners.items()),
        *(_supplier(each, name, ["tenderer"]) for each, name in awarded.facts.lost if each not in winners),
    ]


def _supplier(supplier_id: str, name: str, roles: list[str]) -> Json:
    return said(id=ids.supplier(supplier_id), name=name, identifier=said(legalName=name), roles=roles)
