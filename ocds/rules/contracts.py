"""Contracts as their notices made them public, with their indicators, changes and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ocds.rules import documents, ids, parties
from ocds.rules.ids import Publisher
from ocds.rules.processes import ContractNotice, Process, Signed
from ocds.rules.saying import Json, first_of, instant, last_of, said, value

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


def happenings(process: Process) -> Iterator[tuple[datetime, str, tuple[str, ...]]]:
    """Yield time, name and tags of each release of a contract; nothing before its details notice."""
    for contract in process.contracts:
        since = _since(contract)
        for each in contract.notices:
            if since and each.recorded_at >= since:
                first = each.code == DETAILS and _begins_award(process, contract, since)
                yield each.recorded_at, name(each), ("award", "contract") if first else TAGS[each.code]


def contracts(publisher: Publisher, process: Process, at: datetime) -> list[Json]:
    """Return the contracts that were public at an instant, as they stood."""
    return [
        _contract(publisher, process, each, [told for told in each.notices if told.recorded_at <= at])
        for each in public(process, at)
    ]


def public(process: Process, at: datetime) -> list[Signed]:
    """Return the contracts whose details were public at an instant."""
    return [each for each in process.contracts if (since := _since(each)) and since <= at]


def _begins_award(process: Process, contract: Signed, since: datetime) -> bool:
    """Tell whether an award is told by this contract first, as below the threshold."""
    others = [_since(each) for each in process.contracts if each.lot == contract.lot and each is not contract]
    return process.awarded is None and not any(other and other < since for other in others)


def _since(contract: Signed) -> datetime | None:
    return next((each.recorded_at for each in contract.notices if each.code == DETAILS), None)


def _contract(publisher: Publisher, process: Process, each: Signed, told: Sequence[ContractNotice]) -> Json:
    buyer = next((one for one in process.content.buyers if one.code == each.body_code), None)
    ended = any(notice.code == "UK11" for notice in told)
    performed = [documents.contract_notice(notice) for notice in told if notice.code == "UK9"]
    return said(
        id=str(each.id),
        awardID=str(each.lot),
        title=each.reference,
        status="terminated" if ended else "active",
        dateSigned=first_of(each.signed_on),
        value=value(None, each.value_gross_pence or None),
        period=said(
            startDate=first_of(each.starts_on),
            endDate=last_of(each.ends_on),
            maxExtentDate=last_of(each.extended_until),
        ),
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
        documents=[documents.contract_notice(notice) for notice in told if notice.code != "UK9"],
        amendments=[_amendment(publisher, process, notice) for notice in told if notice.code == "UK10"],
        implementation=said(documents=performed),
        buyTogether=said(buyer=parties.reference(buyer), options=each.options),
    )


def _amendment(publisher: Publisher, process: Process, notice: ContractNotice) -> Json:
    return said(
        id=str(notice.id),
        date=instant(notice.published_at),
        description=f"Contract change notice {notice.reference}",
        releaseID=f"{ids.ocid(publisher, process.tender_id)}-{name(notice)}",
    )
