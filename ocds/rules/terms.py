"""What a notice says besides, as open data: treaties, a further notice, an auction, payment, requests."""

from __future__ import annotations

from typing import Final

from ocds.rules.saying import Json, first_of, said
from tenders.rules.content import Content
from tenders.rules.terms import NONE, chosen

# GPA is a code of the standard's list for this field, which is open; CPTPP is written in the same way.
COVERED_BY: Final = {"gpa": "GPA", "cptpp": "CPTPP"}


def tender(content: Content) -> Json:
    """Return what the standard and its profiles have a place for at the tender.

    Of a tender from before anybody was asked for it nothing is said, as its releases said nothing.
    """
    terms = content.terms
    if not chosen(terms):
        return {}
    return said(
        coveredBy=[COVERED_BY[code] for code in terms.treaties if code in COVERED_BY],
        hasRecurrence=terms.recurs,
        recurrence=said(
            dates=[said(startDate=first_of(terms.recurs_on))] if terms.recurs_on else None,
            description=terms.recurs_words,
        ),
        contractTerms=said(financialTerms=terms.payment_terms),
    )


def auction(content: Content) -> Json:
    """Return what stands among the techniques."""
    terms = content.terms
    if not chosen(terms):
        return {}
    return said(hasElectronicAuction=terms.auction, electronicAuction=said(description=terms.auction_words))


def more(content: Content) -> Json:
    """Return what has no place there, under our own name."""
    terms = content.terms
    return said(
        noAgreement=NONE in terms.treaties or None,
        otherAgreement="other" in terms.treaties or None,
        otherAgreementName=terms.treaties_words,
        repeatServices=terms.repeats,
        technicalSpecifications=terms.specifications,
        requestsToParticipate=terms.requests_how,
        lotsOrder=terms.lots_order,
    )
