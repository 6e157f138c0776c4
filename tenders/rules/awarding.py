"""From an assessment to contracts: who has won, what each bidder is told, when nothing may be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from analytics.assessment.prices import Formula
from analytics.assessment.totals import PRICE
from sourcing.rules.law import Law
from sourcing.rules.obligations import Contract, needs_indicators
from tenders.rules.assessing import AssessedCriterion
from tenders.rules.content import FORMULA_WORDS
from tenders.rules.ties import Tie
from values.money import format_pence
from values.refusals import Refused

SUMMARIES: Final = "Procurement Act 2023, section 50; Procurement Regulations 2024, regulation 31"
LEAST_INDICATORS: Final = 3  # Procurement Act 2023, section 52(1)
Reasons = Mapping[tuple[str, str], str]


def check_settled(winners: Mapping[str, str], open_ties: Sequence[Tie]) -> None:
    """Refuse an award while a tie is open, or where nobody can be awarded anything.

    Raises:
        Refused: with what breaks the tie.
    """
    for tie in open_ties:
        bids = " and ".join(tie.left)
        if tie.needs_draw:
            raise Refused(f"Bids {bids} are equal by method and rule. Draw a lot between them first.")
        raise Refused(f"Bids {bids} are equal, and the tender published no rule that breaks a tie.")
    if not winners:
        raise Refused("No bid can be awarded anything. The tender can be terminated.")


def summary(
    kept: Mapping[str, Any],
    number: str,
    *,
    out: str,
    winners: Mapping[str, str],
    names: Mapping[str, str],
    lots: Mapping[str, str],
    criteria: Sequence[AssessedCriterion],
    reasons: Reasons,
    passed: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return what one bidder is told: its own scores and reasons, and the winner's where it did not win.

    Args:
        kept: the assessment.
        number: of the bid.
        out: why it was disregarded, or empty.
        winners: lot → number of the bid that won it.
        names: number of a bid → its supplier; only the winner's is told to others.
        lots: id → title.
        criteria: what was marked.
        reasons: (number, criterion) → why the panel agreed on a mark.
        passed: lot → why the bid was passed over there.
    """
    told: list[dict[str, Any]] = []
    for lot in kept["lots"]:
        if number not in lot["bids"] and not out:
            continue
        best = winners.get(lot["lot"], "")
        told.append(
            {
                "lot": lots[lot["lot"]],
                "won": number == best,
                "passed": passed.get(lot["lot"], ""),
                "winner": names.get(best, ""),
                "own": _scores(lot, number, criteria, reasons),
                "winning": [] if number == best else _scores(lot, best, criteria, reasons),
                **_totals(lot, number, best),
            }
        )
    return {"number": number, "supplier": names.get(number, ""), "disregarded": out, "lots": told}


def _standing(lot: Mapping[str, Any], number: str) -> Mapping[str, Any] | None:
    return next((each for each in lot["standings"] if each["bid"] == number), None)


def _totals(lot: Mapping[str, Any], number: str, best: str) -> dict[str, Any]:
    own, winning = _standing(lot, number), _standing(lot, best)
    return {
        "total": own["total"] if own and own["rank"] else "",
        "rank": own["rank"] if own else None,
        "winning_total": winning["total"] if winning else "",
    }


def _scores(
    lot: Mapping[str, Any], number: str, criteria: Sequence[AssessedCriterion], reasons: Reasons
) -> list[dict[str, Any]]:
    standing = _standing(lot, number)
    if standing is None:
        return []
    marks = lot["bids"][number]["marks"]
    scored = [
        {
            "title": each.title,
            "weight": lot["weights"][each.id],
            "mark": marks[each.id],
            "highest": each.highest,
            "points": standing["points"].get(each.id, ""),
            "reason": reasons.get((number, each.id), ""),
        }
        for each in criteria
    ]
    price = {
        "title": "Price",
        "weight": lot["weights"][PRICE],
        "mark": "",
        "highest": "",
        "points": standing["points"].get(PRICE, ""),
        "reason": f"By the published formula. {FORMULA_WORDS[Formula(lot['formula'])]}",
    }
    return [*scored, price]


def check_indicators(law: Law, contract: Contract, kpis: int) -> None:
    """Refuse to enter into a contract over £5 million without its indicators, or the reason for none.

    Raises:
        Refused: fewer than three were set (Procurement Act 2023, section 52).
    """
    if needs_indicators(law, contract) and kpis < LEAST_INDICATORS:
        raise Refused(
            "A contract over £5 million has at least three key performance indicators, or the tender says "
            "why performance could not be assessed by them (section 52).",
            "value_gross_pence",
        )


def check_limit(value_pence: int | None, limit_pence: int | None) -> None:
    """Refuse an approval of an award beyond what the approver may commit their council to.

    Args:
        value_pence: what the council expects to spend by it, or None where nobody said.
        limit_pence: the approver's own authority, or None where nobody set one.

    Raises:
        Refused: there is no limit, or it is lower.
    """
    if limit_pence is None:
        raise Refused("Nobody has set up to which sum you may commit your council.")
    if value_pence is not None and value_pence > limit_pence:
        raise Refused(
            f"Your council expects to spend {format_pence(value_pence)}, and you may commit it up to "
            f"{format_pence(limit_pence)}. Ask an approver with a higher limit."
        )


def check_sign(
    signed_on: date, ends_on: date | None, today: date, *, suspended: bool, free: bool = False
) -> None:
    """Refuse a signature in the standstill, under a challenge, or in the future.

    Args:
        signed_on: the day of the signature.
        ends_on: the last day of the standstill, or None where there is none.
        today: by which the future is told.
        suspended: whether a challenge is open.
        free: no standstill is owed, and all bidders were told: below the threshold.

    Raises:
        Refused: with what is in the way (Procurement Act 2023, sections 51 and 101).
    """
    if ends_on is None and not free:
        raise Refused("The contract award notice comes first, and the standstill after it.")
    if suspended:
        raise Refused("A challenge is open: nothing is signed until it has ended (section 101).")
    if ends_on is not None and signed_on <= ends_on:
        raise Refused(f"Standstill runs to the end of {ends_on:%-d %B %Y} (section 51).", "signed_on")
    if signed_on > today:
        raise Refused("The day of the signature cannot be in the future.", "signed_on")
