"""Contracts as their notices made them public, with their indicators, changes, payments and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ocds.rules import amendments, documents, parties, performance
from ocds.rules.ids import Publisher
from ocds.rules.processes import ContractNotice, Process, Signed
from ocds.rules.saying import Json, first_of, last_of, said, value
from tenders.rules.contracts import ending
from tenders.rules.contracts.telling import Proposed

DETAILS: Final = "UK7"
# By the number of a notice: the tags of the release that it makes.
TAGS: Final = {
    DETAILS: ("awardUpdate", "contract"),
    "UK9": ("implementation",),
    "UK10": ("contractAmendment",),
    "UK11": ("contractTermination",),
}


def name(notice: ContractNotice) -> str:
    """Return the name of the release that a notice makes."""
    return f"{notice.code}-{notice.id}"


def told(contract: Signed, at: datetime) -> list[ContractNotice]:
    """Return the notices of a contract that were public at an instant, the first first."""
    return [each for each in contract.notices if each.recorded_at <= at]


def happenings(process: Process) -> Iterator[tuple[datetime, str, tuple[str, ...]]]:
    """Yield time, name and tags of each release of a contract; nothing before its details notice."""
    for contract in process.contracts:
        since = _since(contract)
        for each in contract.notices:
            if since and each.recorded_at >= since:
                first = each.code == DETAILS and _begins_award(process, contract, since)
                yield each.recorded_at, name(each), ("award", "contract") if first else TAGS[each.code]
        for one in contract.information:
            if since and one.recorded_at >= since:
                yield one.recorded_at, f"payments-{one.id}", ("implementationUpdate",)


def contracts(publisher: Publisher, process: Process, at: datetime) -> list[Json]:
    """Return the contracts that were public at an instant, as they stood."""
    return [_contract(publisher, process, each, at) for each in public(process, at)]


def public(process: Process, at: datetime) -> list[Signed]:
    """Return the contracts whose details were public at an instant."""
    return [each for each in process.contracts if (since := _since(each)) and since <= at]


def _begins_award(process: Process, contract: Signed, since: datetime) -> bool:
    """Tell whether an award is told by this contract first, as below the threshold."""
    others = [_since(each) for each in process.contracts if each.lot == contract.lot and each is not contract]
    return process.awarded is None and not any(other and other < since for other in others)


def _since(contract: Signed) -> datetime | None:
    return next((each.recorded_at for each in contract.notices if each.code == DETAILS), None)


def _contract(publisher: Publisher, process: Process, each: Signed, at: datetime) -> Json:
    known = told(each, at)
    found = amendments.changes(known)
    ended = next((notice for notice in known if notice.code == "UK11"), None)
    buyer = parties.reference(
        next((one for one in process.content.buyers if one.code == each.body_code), None)
    )
    last = found.last
    return said(
        id=str(each.id),
        awardID=str(each.lot),
        title=each.reference,
        status="terminated" if ended else "active",
        dateSigned=first_of(each.signed_on),
        value=value(None, (last.value_gross_pence if last else each.value_gross_pence) or None),
        period=_period(each, last),
        agreedMetrics=[
            said(
                id=str(kpi.number),
                title=kpi.title,
                description=kpi.measure,
                observations=[said(id=str(kpi.number), notes=kpi.target)] if kpi.target else None,
            )
            for kpi in each.kpis
        ],
        noAgreedMetricsRationale=None if each.kpis else process.content.no_kpis_reason,
        documents=[documents.contract_notice(notice) for notice in known if notice.code != "UK9"],
        amendments=[amendments.amendment(publisher, process, each, notice) for notice in found.made],
        implementation=_implementation(each, known, at, buyer),
        terminationRationaleClassifications=_reasons(ended),
        buyTogether=said(buyer=buyer, options=each.options, endedOn=_ended_on(ended)),
    ) | _proposed(publisher, process, each, known)


def _proposed(publisher: Publisher, process: Process, each: Signed, known: Sequence[ContractNotice]) -> Json:
    """Return changes that wait; an empty list once none does any more, which takes back what was proposed."""
    found = amendments.changes(known)
    if not any(notice.facts and notice.facts.change for notice in (*found.waiting, *found.made)):
        return {}
    waiting = [amendments.amendment(publisher, process, each, notice) for notice in found.waiting]
    return {"proposedAmendments": waiting}


def _period(each: Signed, last: Proposed | None) -> Json:
    """Return from when to when a contract runs; a change may reach beyond all extensions that were agreed."""
    ends_on = last.ends_on if last and last.ends_on else each.ends_on
    longest = each.extended_until
    if longest and ends_on and longest < ends_on:
        longest = None
    return said(startDate=first_of(each.starts_on), endDate=last_of(ends_on), maxExtentDate=last_of(longest))


def _implementation(each: Signed, known: Sequence[ContractNotice], at: datetime, buyer: Json | None) -> Json:
    suppliers = amendments.suppliers(each, amendments.changes(known))
    payee = suppliers[0] if suppliers else None
    published = [one for one in each.information if one.recorded_at <= at]
    return said(
        documents=[documents.contract_notice(notice) for notice in known if notice.code == "UK9"],
        metrics=performance.metrics(known),
        performanceFailures=performance.failures(known, suppliers),
        transactions=performance.transactions(published, buyer, payee),
    )


def _reasons(ended: ContractNotice | None) -> list[Json]:
    end = ended.facts.ended if ended and ended.facts else None
    if end is None:
        return []
    return [said(scheme=amendments.SCHEME, id=end.kind, description=ending.KINDS[end.kind].words)]


def _ended_on(ended: ContractNotice | None) -> str | None:
    return first_of(ended.facts.ended.ended_on) if ended and ended.facts and ended.facts.ended else None
