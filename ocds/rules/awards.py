"""Awards as the contract award notice told them, who won, and how many tendered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from ocds.rules import documents, ids, lots
from ocds.rules.processes import Awarded, Process, Signed
from ocds.rules.saying import Json, first_of, instant, last_of, said, value
from tenders.rules.award_facts import Named, Won


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
            suppliers=references(_won(won)),
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
            suppliers=references(contracted(found[0])),
            relatedLots=[str(lot)],
            mainProcurementCategory=lots.category(process.content),
        )
        for lot, found in sorted(by_lot.items())
        if found[0].supplier_id
    ]


def contractors(signed: Sequence[Signed]) -> list[Json]:
    """Return the suppliers of public contracts, where no notice told of the award itself."""
    named = {one.id: one for each in signed for one in contracted(each)}
    return [_supplier(each, ["supplier", "tenderer"]) for each in named.values()]


def statistics(awarded: Awarded | None) -> Json:
    """Return how many tenders were received and assessed; nothing of it is public before the notice."""
    if awarded is None:
        return {}
    facts = awarded.facts
    found = [_count("bids", facts.received), _count("finalStageBids", facts.assessed)]
    if facts.counted:
        kept = facts.counted
        found += [
            _count("smeFinalStageBids", kept.small, kept.small_unsaid),
            _count("vcseFinalStageBids", kept.voluntary, kept.voluntary_unsaid),
        ]
    return {"statistics": found}


def suppliers(awarded: Awarded | None) -> list[Json]:
    """Return the suppliers that the notice names: winners, and others where the law has them named."""
    if awarded is None:
        return []
    winners = {each.id: each for won in awarded.facts.won for each in _won(won)}
    return [
        *(_supplier(each, ["supplier", "tenderer"]) for each in winners.values()),
        *(_supplier(each, ["tenderer"]) for each in awarded.facts.lost if each.id not in winners),
    ]


def _won(won: Won) -> Sequence[Named]:
    """Return all suppliers of a lot; notices of before they were written down one by one name the lead."""
    return won.suppliers or (Named(won.supplier_id, won.supplier),)


def contracted(signed: Signed) -> Sequence[Named]:
    """Return all suppliers with which a contract was signed."""
    return signed.suppliers or ((Named(signed.supplier_id, signed.supplier),) if signed.supplier_id else ())


def references(named: Sequence[Named]) -> list[Json]:
    """Return how another part of a release names suppliers."""
    return [said(id=ids.supplier(each.id), name=each.name) for each in named]


def _count(measure: str, count: int, unsaid: int = 0) -> Json:
    notes = f"Not counted: {unsaid} from suppliers that have not declared it" if unsaid else None
    return said(id=measure, measure=measure, value=count, notes=notes)


def _supplier(named: Named, roles: list[str]) -> Json:
    """Return a supplier with what it declared of itself; what it did not say is not there."""
    declared = named.declared
    first, *others = [said(scheme=scheme, id=number) for scheme, number in named.registered.identifiers] or [
        {}
    ]
    return said(
        id=ids.supplier(named.id),
        name=named.name,
        identifier=first | said(legalName=named.name),
        additionalIdentifiers=others,
        roles=roles,
        details=said(
            scale=declared.size.value if declared.size else None,
            vcse=declared.voluntary,
            shelteredWorkshop=declared.supported,
            publicServiceMissionOrganization=declared.mutual,
        ),
    )
