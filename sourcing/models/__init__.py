"""Tables of what tenders and challenges share, by noun."""

from sourcing.models.overrides import LawOverride
from sourcing.models.panels import Candidate, CandidateName, Panel, PanelMember, ScoredQuestion
from sourcing.models.partners import (
    PartnerAdvert,
    PartnerAnswer,
    PartnerAnswerer,
    PartnerPoster,
    PartnerReport,
)
from sourcing.models.questions import Question, QuestionAnswer, QuestionAsker, QuestionWithheld
from sourcing.models.scores import Consensus, Declaration, DeclarationDecision, Score
from sourcing.models.searches import Follower, SavedSearch, SearchFinding, SearchLooked
from sourcing.models.subjects import QuestionTime, Subject, SubjectBuyer

__all__ = [
    "Candidate",
    "CandidateName",
    "Consensus",
    "Declaration",
    "DeclarationDecision",
    "Follower",
    "LawOverride",
    "Panel",
    "PanelMember",
    "PartnerAdvert",
    "PartnerAnswer",
    "PartnerAnswerer",
    "PartnerPoster",
    "PartnerReport",
    "Question",
    "QuestionAnswer",
    "QuestionAsker",
    "QuestionTime",
    "QuestionWithheld",
    "SavedSearch",
    "Score",
    "ScoredQuestion",
    "SearchFinding",
    "SearchLooked",
    "Subject",
    "SubjectBuyer",
]
