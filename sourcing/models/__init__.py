"""Tables of what tenders and challenges share, by noun."""

from sourcing.models.overrides import LawOverride
from sourcing.models.panels import Candidate, CandidateName, Panel, PanelMember, ScoredQuestion
from sourcing.models.questions import Question, QuestionAnswer, QuestionAsker, QuestionWithheld
from sourcing.models.scores import Consensus, Declaration, DeclarationDecision, Score
from sourcing.models.subjects import Subject, SubjectBuyer

__all__ = [
    "Candidate",
    "CandidateName",
    "Consensus",
    "Declaration",
    "DeclarationDecision",
    "LawOverride",
    "Panel",
    "PanelMember",
    "Question",
    "QuestionAnswer",
    "QuestionAsker",
    "QuestionWithheld",
    "Score",
    "ScoredQuestion",
    "Subject",
    "SubjectBuyer",
]
