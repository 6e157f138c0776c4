"""Tables of what tenders and challenges share, by noun."""

from sourcing.models.overrides import LawOverride
from sourcing.models.subjects import Subject, SubjectBuyer

__all__ = ["LawOverride", "Subject", "SubjectBuyer"]
