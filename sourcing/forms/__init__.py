"""Forms of what tenders and challenges share, by noun."""

from sourcing.forms.timetables import (
    CONTRACTS,
    AdvertForm,
    PartnerAnswerForm,
    ReportForm,
    SearchForm,
    TimetableForm,
    check_names,
    query_of,
)

__all__ = [
    "CONTRACTS",
    "AdvertForm",
    "PartnerAnswerForm",
    "ReportForm",
    "SearchForm",
    "TimetableForm",
    "check_names",
    "query_of",
]
