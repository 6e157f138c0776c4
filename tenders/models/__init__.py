"""Tables of tenders, by noun."""

from tenders.models.answering import TenderFit
from tenders.models.assessments import BidCheck, TenderAssessment
from tenders.models.awards import (
    AssessmentSummary,
    AwardApproval,
    TenderAward,
    TenderChallenge,
    TenderContract,
    TenderStandstill,
)
from tenders.models.bids import (
    Bid,
    BidChunk,
    BidFile,
    BidPart,
    BidReceipt,
    BidSubmission,
    BidSubmissionFile,
    TenderKey,
)
from tenders.models.duties import DutyRecord
from tenders.models.openings import (
    OpenedBid,
    OpenedContent,
    OpenedFile,
    OpenedName,
    TenderExtension,
    TenderOpening,
)
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
    "AssessmentSummary",
    "AwardApproval",
    "Bid",
    "BidCheck",
    "BidChunk",
    "BidFile",
    "BidPart",
    "BidReceipt",
    "BidSubmission",
    "BidSubmissionFile",
    "DutyRecord",
    "OpenedBid",
    "OpenedContent",
    "OpenedFile",
    "OpenedName",
    "Tender",
    "TenderApproval",
    "TenderAssessment",
    "TenderAward",
    "TenderBuyer",
    "TenderChallenge",
    "TenderContract",
    "TenderCriterion",
    "TenderDocument",
    "TenderDocumentVersion",
    "TenderExtension",
    "TenderFit",
    "TenderKey",
    "TenderKpi",
    "TenderLot",
    "TenderNotice",
    "TenderOpening",
    "TenderRecord",
    "TenderRequirement",
    "TenderShare",
    "TenderStandstill",
]
