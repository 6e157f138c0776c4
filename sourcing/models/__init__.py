"""Tables of what tenders and challenges share, by noun."""

from sourcing.models.overrides import LawOverride
from sourcing.models.questions import Question, QuestionAnswer, QuestionAsker, QuestionWithheld
from sourcing.models.subjects import Subject, SubjectBuyer

__all__ = [
    "LawOverride",
    "Question",
    "QuestionAnswer",
    "QuestionAsker",
    "QuestionWithheld",
    "Subject",
    "SubjectBuyer",
]
