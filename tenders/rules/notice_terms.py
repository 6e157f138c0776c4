"""The fields of a tender notice that say what it says besides: languages, treaties, recurrence, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Content

_TENDER: Final = "Procurement Regulations 2024, regulation 18(2)"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a notice: what it is called, what it says, and where the law asks for it.

    Attributes:
        needed: the law asks for it here, so that the notice is not whole without it.
        finding: what whoever prepared the notice should have mended, and by whom; the notice goes without.
    """

    name: str
    value: str
    source: str
    needed: bool = True
    finding: str = ""


def fields(content: Content) -> Iterator[Field]:
    """Yield them in the order in which a notice has them."""
    terms = content.terms
    covered = content.course.procedure is not Procedure.BELOW_THRESHOLD
    yield Field("International agreements", terms.treaties_said, _TENDER, needed=covered)
    yield Field("Recurrence", terms.recurrence_words, _TENDER)
    yield Field(
        "Intention to award similar services directly",
        terms.repeats or "None",
        f"{_TENDER}(h); Procurement Act 2023, Schedule 5, paragraph 8",
    )
    yield Field("Electronic auction", terms.auction_said, _TENDER)
    beyond = terms.specifications or "None beyond the requirements and documents of the tender"
    yield Field("Technical specifications", beyond, _TENDER)
    yield Field("Further payment terms", terms.payment_terms or "None", _TENDER)
    if len(content.lots) > 1:
        yield Field(
            "Limits on lots",
            terms.limits_words or "None: one supplier may bid for all lots and win all of them",
            f"{_TENDER}; Procurement Act 2023, sections 20(7) and 23(4)",
        )
    yield Field("Languages of tenders and requests", terms.languages_words, _TENDER)
    asked = content.course.procedure is Procedure.COMPETITIVE_FLEXIBLE and content.dates.requests_due_on
    requests = terms.requests_how or ("" if asked else "None are asked for")
    yield Field("How requests to participate are submitted", requests, _TENDER)
    yield Field(
        "How tenders are submitted",
        "Electronically, on the page of this tender in Buy Together, free of charge to suppliers; when they "
        "are due stands above",
        f"{_TENDER}; Procurement Act 2023, section 96(2)",
    )
