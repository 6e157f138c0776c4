"""Tables of tenders, by noun."""

from tenders.models.answering import TenderFit
from tenders.models.assessments import BidCheck, TenderAssessment
from tenders.models.awards import (
    AssessmentSummary,
    AwardApproval,
    SummaryWithheld,
    TenderAward,
    TenderChallenge,
    TenderStandstill,
    TieDraw,
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
from tenders.models.contracts import (
    ContractBreach,
    ContractDocument,
    ContractEnding,
    ContractManager,
    ContractNotice,
    ContractPayment,
    PaymentInformation,
    TenderContract,
)
from tenders.models.corrections import (
    TenderCorrection,
    TenderCorrectionApproval,
    TenderCorrectionChange,
)
from tenders.models.duties import DutyRecord
from tenders.models.early import EarlyNotice
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
from tenders.models.performance import ContractAssessment, ContractChange, KpiReading
from tenders.models.teams import AwardParty, BidMember, OpenedMember
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
    "AwardParty",
    "Bid",
    "BidCheck",
    "BidChunk",
    "BidFile",
    "BidMember",
    "BidPart",
    "BidReceipt",
    "BidSubmission",
    "BidSubmissionFile",
    "ContractAssessment",
    "ContractBreach",
    "ContractChange",
    "ContractDocument",
    "ContractEnding",
    "ContractManager",
    "ContractNotice",
    "ContractPayment",
    "DutyRecord",
    "EarlyNotice",
    "KpiReading",
    "OpenedBid",
    "OpenedContent",
    "OpenedFile",
    "OpenedMember",
    "OpenedName",
    "PaymentInformation",
    "SummaryWithheld",
    "Tender",
    "TenderApproval",
    "TenderAssessment",
    "TenderAward",
    "TenderBuyer",
    "TenderChallenge",
    "TenderContract",
    "TenderCorrection",
    "TenderCorrectionApproval",
    "TenderCorrectionChange",
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
    "TieDraw",
]
