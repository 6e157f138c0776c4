"""Tables of tenders, by noun."""

from tenders.models.parts import (
    TenderCriterion,
    TenderDocument,
    TenderDocumentVersion,
    TenderKpi,
    TenderLot,
    TenderRequirement,
)
from tenders.models.tenders import (
    Tender,
    TenderApproval,
    TenderBuyer,
    TenderNotice,
    TenderRecord,
    TenderShare,
)

__all__ = [
    "Tender",
    "TenderApproval",
    "TenderBuyer",
    "TenderCriterion",
    "TenderDocument",
    "TenderDocumentVersion",
    "TenderKpi",
    "TenderLot",
    "TenderNotice",
    "TenderRecord",
    "TenderRequirement",
    "TenderShare",
]
