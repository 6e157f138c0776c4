"""Documents: the notices on the central platform, and the files that suppliers download here."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from ocds.rules import ids
from ocds.rules.ids import Publisher
from ocds.rules.processes import ContractNotice, File, Notice
from ocds.rules.saying import Json, instant, said

# By the number of a notice: the code of its document, and what it is called.
NOTICE_TYPES: Final = {
    "UK2": ("marketEngagementNotice", "Preliminary market engagement notice"),
    "UK3": ("plannedProcurementNotice", "Planned procurement notice"),
    "UK4": ("tenderNotice", "Tender notice"),
    "UK6": ("awardNotice", "Contract award notice"),
    "UK7": ("contractNotice", "Contract details notice"),
    "UK9": ("implementationNotice", "Contract performance notice"),
    "UK10": ("contractNotice", "Contract change notice"),
    "UK11": ("contractTerminationNotice", "Contract termination notice"),
    "UK12": ("tenderCancellationNotice", "Procurement termination notice"),
}
FORMATS: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "text": "text/plain",
}


def notice(each: Notice) -> Json:
    """Return a notice, with its address on the central platform where its reference is one."""
    kind, title = NOTICE_TYPES[each.code]
    url = ids.notice_url(each.reference)
    return said(
        id=each.code,
        documentType=kind,
        noticeType=each.code,
        title=title,
        description=each.reference,
        url=url,
        datePublished=instant(each.published_at),
        format="text/html" if url else None,
    )


def contract_notice(each: ContractNotice) -> Json:
    """Return a notice of a contract; there may be several of a kind."""
    told = notice(Notice(each.code, each.reference, each.published_at, each.recorded_at))
    return {**told, "id": str(each.id)}


def file(publisher: Publisher, tender_id: UUID, each: File, since: datetime) -> Json:
    """Return a file of the tender, to be downloaded here; its SHA-256 tells whether it is the same."""
    place = f"{publisher.address}/tenders/{tender_id}/documents/{each.id}/{each.version}/original"
    return said(
        id=str(each.id),
        documentType="biddingDocuments",
        title=each.title,
        url=place,
        datePublished=instant(since),
        format=FORMATS.get(each.kind),
        language="en",
        buyTogether=said(name=each.name, version=each.version, sha256=each.sha256, size=each.size),
    )
