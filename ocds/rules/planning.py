"""What was public of a process before its tender: a release for each early notice, made of it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ocds.rules import documents, ids, lots, parties
from ocds.rules.ids import Publisher
from ocds.rules.processes import Early, Notice, Planned
from ocds.rules.saying import Json, first_of, instant, last_of, said, value
from tenders.rules import areas
from tenders.rules.early_notices import EarlyFacts, Engaging


@dataclass(frozen=True, slots=True)
class Release:
    """A release with what lists are sorted by: when it became public, and its name within the process."""

    at: datetime
    name: str
    body: Json


def releases(publisher: Publisher, planned: Planned) -> list[Release]:
    """Return the releases before the tender, the oldest first."""
    found = [
        _release(publisher, planned, number, name(each), each.recorded_at, "planned")
        for number, each in enumerate(planned.notices, 1)
    ]
    if planned.ended_at:
        number = len(planned.notices)
        found.append(_release(publisher, planned, number, "planning-ended", planned.ended_at, "withdrawn"))
    return found


def planning(notices: Sequence[Early]) -> Json:
    """Return the notices as documents, and what suppliers are asked as a milestone."""
    asked = [each.facts.engaging for each in notices if each.facts.engaging]
    return said(
        documents=[_document(each) for each in notices],
        milestones=[_milestone(asked[-1])] if asked else [],
    )


def name(each: Early) -> str:
    """Return the name of a notice's release within its process, which is its document's id as well."""
    return f"{each.code}-{each.number}"


def _release(
    publisher: Publisher, planned: Planned, number: int, called: str, at: datetime, status: str
) -> Release:
    """Make the release of an event, with the first `number` notices."""
    known = planned.notices[:number]
    told = known[-1].facts
    ocid = ids.ocid(publisher, planned.tender_id)
    body = said(
        ocid=ocid,
        id=f"{ocid}-{called}",
        date=instant(at),
        tag=["planning" if number == 1 and status == "planned" else "planningUpdate"],
        initiationType="tender",
        language="en",
        parties=parties.parties(told.buyers),
        buyer=parties.reference(told.lead),
        planning=planning(known),
        tender=_tender(planned, told, status),
    )
    return Release(at, called, body)


def _tender(planned: Planned, told: EarlyFacts, status: str) -> Json:
    """Return what is planned; lots have no place of their own yet, lest those of the tender join them."""
    return said(
        id=str(planned.tender_id),
        title=told.title,
        description=told.description,
        status=status,
        procuringEntity=parties.reference(told.lead),
        mainProcurementCategory=lots.main_category([lot.cpv for lot in told.lots]),
        additionalClassifications=[
            said(scheme="buytogether", id=told.category, description=told.category_name)
        ],
        value=value(None, told.gross_pence),
        communication=said(futureNoticeDate=first_of(told.tender_on)),
        deliveryAddresses=[said(region=area.notice_code) for area in areas.areas(told.region_codes)],
        buyTogether=said(
            invented=planned.invented or None,
            contractKind=told.kind.value,
            plannedLots=[
                said(number=number, title=lot.title, description=lot.description, cpv=lot.cpv)
                for number, lot in enumerate(told.lots, 1)
            ],
        ),
    )


def _document(each: Early) -> Json:
    told = documents.notice(Notice(each.code, each.reference, each.published_at, each.recorded_at))
    return {**told, "id": name(each)}


def _milestone(asked: Engaging) -> Json:
    return said(
        id="engagement",
        type="engagement",
        title="Preliminary market engagement",
        description=f"{asked.about}\n\n{asked.how}",
        dueDate=last_of(asked.ends_on),
    )
