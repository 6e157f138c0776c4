"""What a notice says besides: treaties, how requests come in, recurrence, an auction, limits on lots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from procurement.rules import wording
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Content
from tenders.rules.linting.findings import ACT, OURS, REGULATIONS, Finding, Part, blocks, look
from tenders.rules.terms import LOTS_ORDERS

_NOTICE: Final = f"{REGULATIONS}regulation 18(2)"
_AGAIN: Final = f"{REGULATIONS}regulation 18(2)(h); {ACT}Schedule 5, paragraph 8"
_DAYS: Final = re.compile(r"\b([0-9]{1,3}) (?:working |calendar )?days?\b", re.IGNORECASE)
PAID_WITHIN: Final = 30  # Procurement Act 2023, section 68


def findings(content: Content) -> Iterator[Finding]:
    """Yield what is missing or may not stand of what a notice says besides."""
    if content.course.procedure is not Procedure.BELOW_THRESHOLD:
        yield from _treaties(content)
    yield from _requests(content)
    yield from _again(content)
    yield from _auction(content)
    yield from _limits(content)
    yield from _specifications(content)
    yield from _payment(content)


def _treaties(content: Content) -> Iterator[Finding]:
    terms = content.terms
    if not terms.treaties:
        yield blocks(
            "no-treaties",
            Part.TERMS,
            "Say which international agreements cover the procurement, such as the GPA or the CPTPP, or that "
            "none does.",
            _NOTICE,
        )
    if "other" in terms.treaties and not terms.treaties_words:
        yield blocks("treaty-unnamed", Part.TERMS, "Name the other agreement.", _NOTICE)


def _requests(content: Content) -> Iterator[Finding]:
    flexible = content.course.procedure is Procedure.COMPETITIVE_FLEXIBLE
    if flexible and content.dates.requests_due_on and not content.terms.requests_how:
        yield blocks(
            "no-requests-how",
            Part.TERMS,
            "Requests to participate have a last day: say how they are submitted. This service takes "
            "tenders, not requests.",
            f"{REGULATIONS}regulations 18(2) and 19",
        )


def _again(content: Content) -> Iterator[Finding]:
    terms, dates = content.terms, content.dates
    if terms.recurs and not (terms.recurs_on or terms.recurs_words):
        yield blocks(
            "recurrence-when",
            Part.TERMS,
            "Say when a further notice may be expected, if only roughly.",
            _NOTICE,
        )
    if terms.recurs and terms.recurs_on and dates.publish_on and terms.recurs_on <= dates.publish_on:
        yield blocks(
            "recurrence-early",
            Part.TERMS,
            "The further notice is expected before this one is published.",
            OURS,
        )
    if terms.repeats and content.course.kind is ContractKind.WORKS:
        yield look(
            "repeats-works",
            Part.TERMS,
            "An intention to award again directly is for similar services. This tender is for works.",
            _AGAIN,
        )


def _auction(content: Content) -> Iterator[Finding]:
    if not content.terms.auction:
        return
    if not content.terms.auction_words:
        yield blocks("auction-undescribed", Part.TERMS, "Say how the electronic auction goes.", _NOTICE)
    yield look(
        "auction-elsewhere",
        Part.TERMS,
        "No electronic auction is held here: bids are assessed with the prices that were submitted.",
        OURS,
    )


def _limits(content: Content) -> Iterator[Finding]:
    terms, lots = content.terms, len(content.lots)
    for code, most, doing, source in (
        ("lots-bid", terms.most_lots_bid, "bid for", f"{ACT}section 20(7)"),
        ("lots-won", terms.most_lots_won, "win", f"{ACT}section 23(4)"),
    ):
        if most is not None and most >= lots:
            yield blocks(
                f"{code}-idle",
                Part.TERMS,
                f"A limit of {most} on the lots that one supplier may {doing} limits nothing: there are "
                f"{lots}. Lower it, or leave it empty.",
                source,
            )
    if terms.most_lots_won is None:
        return
    if terms.most_lots_bid is not None and terms.most_lots_won >= terms.most_lots_bid:
        yield blocks(
            "lots-won-above",
            Part.TERMS,
            "One supplier may bid for no more lots than it may win: leave one of the two limits empty.",
            f"{ACT}sections 20(7) and 23(4)",
        )
    if terms.lots_order not in LOTS_ORDERS:
        yield blocks(
            "lots-won-rule",
            Part.TERMS,
            "A limit on the lots that one supplier may win needs an objective rule which lots it then wins. "
            "Choose in which order lots are awarded.",
            f"{ACT}section 23(4)",
        )
    if terms.lots_order == "value" and any(lot.gross_pence is None for lot in content.lots):
        yield blocks(
            "lots-won-value",
            Part.TERMS,
            "Lots are awarded in the order of their estimated values: each lot needs one.",
            f"{ACT}section 23(4)",
        )


def _specifications(content: Content) -> Iterator[Finding]:
    for found in wording.findings(content.terms.specifications):
        words = f"The technical specifications say “{found.found}”. {found.rule.words}"
        if not content.considered.necessity:
            words += " If it is necessary, say why under what was considered."
        yield look(found.rule.code, Part.TERMS, words, found.rule.source)


def _payment(content: Content) -> Iterator[Finding]:
    longer = [days for days in map(int, _DAYS.findall(content.terms.payment_terms)) if days > PAID_WITHIN]
    if longer:
        yield look(
            "paid-late",
            Part.TERMS,
            f"The payment terms say {longer[0]} days. A valid invoice is paid within {PAID_WITHIN} days of "
            "its arrival, or by a later day on which it falls due.",
            f"{ACT}section 68",
        )
